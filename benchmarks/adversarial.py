"""Text GANs on the synthetic oracle: quality against diversity over temperature, beside plain maximum likelihood.

Usage: python benchmarks/adversarial.py RESULTS.jsonl [--size tiny|half-hour|paper] [--seeds 0] [--threads 2] [--only …]

Each line of RESULTS is one net at one seed with its whole curve; what is there already is not run again, so a run that
was stopped goes on with the next net. Nets are trained from the same texts and judged by the same oracle:

    mle lstm · mle memory    maximum likelihood; "memory" is RelGAN's relational memory
    seqgan                   from mle lstm's recipe on
    relgan                   from mle memory's recipe on
    mle lstm, as long · mle memory, as long    maximum likelihood for about the GAN's processor time, kept where
                             256 other texts were likeliest: what the same time buys without an adversary

"half-hour" takes 18 minutes of one core a seed (docs/lab/adversarial.md),
"paper" has the papers' sizes as remembered. What is scaled down stands in the table's head. Figures of papers are
single points at temperature 1, at the papers' sizes: they are no target for a smaller size.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from miaobi.lab.adversarial import Settings, curve, likelihood, relgan, seqgan
from miaobi.nets.gan.discriminator import Discriminator, Representations
from miaobi.nets.gan.generator import Generator, LSTMGenerator, TextShape
from miaobi.nets.gan.oracle import Oracle
from miaobi.nets.gan.relational import RelationalGenerator
from miaobi.types import derive_seed

NETS = ("mle lstm", "seqgan", "mle memory", "relgan", "mle lstm, as long", "mle memory, as long")
LONGER = {"mle lstm, as long": 26, "mle memory, as long": 6}  # times the steps; measured at half-hour
# NLL_oracle at length 20, nats a token; from memory of Nie et al. 2019, table 1, not read again
PAPERS = {"mle lstm": 9.038, "seqgan": 8.736, "relgan": 6.680, "the oracle itself": 5.750}


@dataclass(frozen=True)
class Size:
    """What is scaled: the task, the nets, the training."""

    shape: TextShape
    memory: int  # width of relational memory
    texts: int
    filters: int
    representations: int
    settings: Settings


SIZES = {
    "tiny": Size(
        TextShape(50, 10, 16, 16),
        16,
        1000,
        16,
        4,
        Settings(pretraining=100, judging=20, steps=10, rounds=2, rollouts=2),
    ),
    "half-hour": Size(
        TextShape(500, 20, 32, 32), 64, 10_000, 64, 16, Settings(pretraining=1500, judging=100, steps=250, rollouts=4)
    ),
    "paper": Size(
        TextShape(5000, 20, 32, 32),
        512,
        10_000,
        300,
        64,
        Settings(pretraining=12_000, judging=2000, steps=3000, adversarial=1e-4),
    ),
}


def trained(name: str, size: Size, texts: torch.Tensor, settings: Settings) -> Generator:
    """Return the net *name* after its whole training."""
    shape = size.shape
    torch.manual_seed(derive_seed(settings.seed, "weights"))
    if name in ("mle lstm", "seqgan", "mle lstm, as long"):
        net: Generator = LSTMGenerator(shape)
    else:
        net = RelationalGenerator(TextShape(shape.vocabulary, shape.length, shape.width, size.memory))
    if name in LONGER:
        return _longest(net, texts, replace(settings, pretraining=LONGER[name] * settings.pretraining))
    likelihood(net, texts, settings)
    if name == "seqgan":
        seqgan(net, Discriminator(shape.vocabulary, shape.length, filters=size.filters), texts, settings)
    if name == "relgan":
        judge = Representations(shape.vocabulary, shape.length, count=size.representations, filters=size.filters)
        relgan(net, judge, texts, settings)
    return net


def _longest(net: Generator, texts: torch.Tensor, settings: Settings) -> Generator:
    """Train by likelihood and return the net as it was when texts kept apart were likeliest."""
    apart, texts = texts[-256:], texts[:-256]
    best = [math.inf, copy.deepcopy(net.state_dict())]

    def watch(_: str, step: int, __: float) -> None:
        if step % 500 == 499:
            with torch.no_grad():
                loss = float(net.nll(apart))
            if loss < best[0]:
                best[:] = loss, copy.deepcopy(net.state_dict())

    likelihood(net, texts, settings, watch)
    net.load_state_dict(best[1])
    return net


def measured(name: str, chosen: str, seed: int, threads: int) -> dict[str, object]:
    """Train and judge one net; return its line."""
    size = SIZES[chosen]
    settings = Settings(**asdict(size.settings) | {"seed": seed})
    oracle = Oracle(size.shape, seed)
    texts = oracle.sample(size.texts, torch.Generator().manual_seed(derive_seed(seed, "training")))
    test = oracle.sample(1024, torch.Generator().manual_seed(derive_seed(seed, "test")))
    begin, processor = time.perf_counter(), time.process_time()
    net = trained(name, size, texts, settings)
    return {
        "net": name,
        "size": chosen,
        "seed": seed,
        "threads": threads,
        "seconds": time.perf_counter() - begin,
        "processor_seconds": time.process_time() - processor,
        "oracle": float(oracle.nll(test)),
        "curve": [asdict(point) for point in curve(net, oracle, test, seed)],
        "settings": asdict(settings),
        "shape": asdict(size.shape) | {"memory": size.memory, "texts": size.texts, "filters": size.filters},
    }


def table(lines: list[dict]) -> str:
    """Return the Markdown of *lines*, one size's: a row a net and seed, a column a temperature."""
    shape, settings = lines[0]["shape"], lines[0]["settings"]
    heat = [point["temperature"] for point in lines[0]["curve"]]
    out = [
        f"Size {lines[0]['size']}: vocabulary {shape['vocabulary']:,} (papers: 5,000), length {shape['length']} (20), "
        f"hidden {shape['hidden']} (32), memory {shape['memory']} (512), {shape['texts']:,} texts (10,000), "
        f"{settings['pretraining']:,} + {settings['steps']:,} steps of {settings['batch']} (64), "
        f"{settings['rollouts']} rollouts (16). A cell: NLL_oracle / NLL_test, nats a token, lower is better in both.",
        "",
        "| net | seed | processor s | "
        + " | ".join(f"T {t}" for t in heat)
        + " | papers, at their own sizes: NLL_oracle, T 1 (recalled) |",
        "|---|---|---|" + "---|" * (len(heat) + 1),
    ]
    for line in lines:
        cells = [f"{p['nll_oracle']:.2f} / {p['nll_test']:.2f}" for p in line["curve"]]
        paper = PAPERS.get(line["net"], "")
        out.append(
            f"| {line['net']} | {line['seed']} | {line['processor_seconds']:.0f} | {' | '.join(cells)} | {paper} |"
        )
    for seed, own in sorted({(line["seed"], line["oracle"]) for line in lines}):
        paper = PAPERS["the oracle itself"]
        out.append(
            f"| the oracle itself | {seed} | | {' | '.join(f'{own:.2f}' if t == 1 else '' for t in heat)} | {paper} |"
        )
    return "\n".join(out)


def main() -> None:
    """Run what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--size", choices=SIZES, default="half-hour")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=NETS, default=NETS)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    kept = given.results.read_text(encoding="utf-8").splitlines() if given.results.exists() else []
    lines = [json.loads(line) for line in kept if line.endswith("}")]  # a line cut off by a kill is run again
    given.results.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = {(line["net"], line["size"], line["seed"]) for line in lines}
    for seed in given.seeds:
        for name in given.only:
            if (name, given.size, seed) in done:
                continue
            lines.append(measured(name, given.size, seed, given.threads))
            with given.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(lines[-1]) + "\n")
    chosen = [line for line in lines if line["size"] == given.size and line["seed"] in given.seeds]
    if chosen:
        print(table(chosen))


if __name__ == "__main__":
    main()
