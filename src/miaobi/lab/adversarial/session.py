"""A text GAN as a run: trained on texts of an oracle, kept with its curve, loaded and judged again.

The oracle follows from its seed, so nothing of it is stored. Methods: ``likelihood`` (no adversary), ``seqgan`` and
``relgan``, both of which go on from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch

from miaobi.craft.chart import Chart, Series, svg
from miaobi.engines.disk import explained, write_whole
from miaobi.engines.run import Run
from miaobi.errors import BriefError, UnsupportedError, show
from miaobi.lab import session
from miaobi.lab.adversarial.curve import TEMPERATURES, Point, curve
from miaobi.lab.adversarial.training import Settings, Watch, likelihood, relgan, seqgan
from miaobi.lab.training import checkpoint
from miaobi.nets import storage
from miaobi.nets.gan.discriminator import Discriminator, Representations
from miaobi.nets.gan.generator import Generator, TextShape
from miaobi.nets.gan.oracle import Oracle
from miaobi.types import derive_seed

METHODS = ("likelihood", "seqgan", "relgan")
_TEST = 1024  # texts of the oracle by which diversity is measured


@dataclass(frozen=True)
class GanOrder:
    """What is to be trained. ``memory``: width of RelGAN's relational memory; ``texts``: how many the oracle says."""

    name: str
    method: Literal["likelihood", "seqgan", "relgan"]
    shape: TextShape
    settings: Settings
    memory: int = 64
    texts: int = 10_000
    filters: int = 64
    representations: int = 16

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise BriefError(f"There is no method {show(self.method)}.", f"These are legal: {', '.join(METHODS)}.")
        if min(self.memory, self.texts, self.filters, self.representations) < 1:
            raise BriefError("memory, texts, filters and representations are 1 or more.", "For one: --texts 10000.")


def make(order: GanOrder, watch: Watch = lambda *_: None) -> Run:
    """Train what *order* says and keep it, with its curve, as a run."""
    folder = session.new_folder(order.name)
    shape, settings = order.shape, order.settings
    oracle = Oracle(shape, settings.seed)
    texts = _said(oracle, order.texts, settings.seed, "training")
    sizes = asdict(shape) | ({"hidden": order.memory} if order.method == "relgan" else {})
    net = session.fresh("memory-generator" if order.method == "relgan" else "lstm-generator", sizes, settings.seed)
    begin, processor = time.perf_counter(), time.process_time()
    _train(net, order, texts, watch)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    points = curve(net, oracle, _said(oracle, _TEST, settings.seed, "test"), settings.seed)
    with explained(folder, "the run"):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / storage.SHAPE, json.dumps(storage.describe(net)).encode())
        write_whole(folder / "chart.svg", svg(chart(order.name, points)).encode())
    checkpoint.write(folder / storage.WEIGHTS, net.state_dict(), {"step": settings.steps})
    steps = settings.pretraining + (0 if order.method == "likelihood" else settings.steps)
    plain = next(point for point in points if point.temperature == 1.0)
    tokens = {"training": order.texts * shape.length, "test": _TEST * shape.length}
    record = {
        "net": storage.kind_of(net),
        "method": order.method,
        "sizes": sizes,
        "parameters": sum(weight.numel() for weight in net.parameters()),
        "kind": "oracle's",
        "recipe": asdict(settings) | {"texts": order.texts, "filters": order.filters, "oracle": shape.hidden},
        "corpus": {
            "name": f"oracle {settings.seed}",
            "sha256": "",
            "origins": [{"name": f"an oracle of seed {settings.seed}", "licence": "CC0-1.0", "place": "made here"}],
            "counts": {"train": {"tokens": tokens["training"]}, "validation": {"tokens": tokens["test"]}},
        },
        "languages": [],
        "outcome": {
            "steps": steps,
            "stopped_early": False,
            "best": {"step": steps, "training": float(net.nll(texts[:_TEST]).detach()), "validation": plain.nll_test},
            "tokens": steps * settings.batch * shape.length,
            "seconds": seconds,
            "processor_seconds": processor,
            "threads": torch.get_num_threads(),
        },
        "oracle": float(oracle.nll(_said(oracle, _TEST, settings.seed, "test"))),
        "curve": [asdict(point) for point in points],
    }
    return session.keep(folder, record)


def _train(net: Any, order: GanOrder, texts: torch.Tensor, watch: Watch) -> None:
    shape, settings = order.shape, order.settings
    likelihood(net, texts, settings, watch)
    torch.manual_seed(derive_seed(settings.seed, "judge"))  # the discriminator's first weights
    if order.method == "seqgan":
        judge = Discriminator(shape.vocabulary, shape.length, filters=order.filters)
        seqgan(net, judge, texts, settings, watch)
    if order.method == "relgan":
        many = Representations(shape.vocabulary, shape.length, count=order.representations, filters=order.filters)
        relgan(net, many, texts, settings, watch)


def judged_again(run: Run, temperatures: Sequence[float] = TEMPERATURES) -> list[Point]:
    """Return the curve of a kept run over *temperatures*; UnsupportedError if it is another kind of run."""
    if "curve" not in run.record:
        raise UnsupportedError(
            f"{run.name} is a {run.record['net']}, which has no oracle.", f"Judge it: miaobi lab evaluate {run.name}"
        )
    if min(temperatures) <= 0:
        raise BriefError(f"A temperature is {min(temperatures)}.", "Temperatures are above 0.")
    net: Generator = storage.load(run.folder)
    seed = int(run.record["recipe"]["seed"])
    shape = TextShape(net.shape.vocabulary, net.shape.length, int(run.record["sizes"]["width"]), _hidden(run))
    oracle = Oracle(shape, seed)
    return curve(net, oracle, _said(oracle, _TEST, seed, "test"), seed, temperatures)


def _hidden(run: Run) -> int:
    return int(run.record["recipe"]["oracle"])


def _said(oracle: Oracle, count: int, seed: int, what: str) -> torch.Tensor:
    return oracle.sample(count, torch.Generator().manual_seed(derive_seed(seed, what)))


def chart(title: str, points: Sequence[Point]) -> Chart:
    """Return both figures over the temperature."""
    return Chart(
        kind="line",
        title=f"{title}: quality and diversity",
        unit="nats a token over temperature; lower is better in both",
        categories=tuple(f"{point.temperature:g}" for point in points),
        series=(
            Series("NLL_oracle (quality)", tuple(point.nll_oracle for point in points)),
            Series("NLL_test (diversity)", tuple(point.nll_test for point in points)),
        ),
        description="A lower temperature trades diversity for quality; one point of the curve says little.",
    )
