"""``miaobi lab pairs``, ``transduce``, ``gan``, ``curve``: nets that do something else than continue a text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from miaobi.cli.lab.extra import needing_lab

_Name = Annotated[str, typer.Argument(metavar="NAME", help="What to call the run.")]
_Run = Annotated[str, typer.Argument(metavar="RUN", help="The name of a run, or its folder.")]
_Threads = Annotated[int, typer.Option(min=1, help="Of training.")]


def register(app: typer.Typer) -> None:
    """Put the verbs into *app*."""
    for verb in (pairs, transduce, gan, curve):
        app.command()(needing_lab(verb))


def pairs(
    name: _Name,
    file: Annotated[Path, typer.Argument(metavar="PAIRS", help='JSONL: {"source": "…", "target": "…"} a line.')],
    kind: Annotated[str, typer.Option(help="Vocabulary of both sides: char, word or bpe.")] = "char",
    width: Annotated[int, typer.Option(help="Width of the net.")] = 64,
    layers: Annotated[int, typer.Option(help="Layers of the encoder, and as many of the decoder.")] = 2,
    heads: Annotated[int, typer.Option(help="Heads of attention.")] = 4,
    hidden: Annotated[int, typer.Option(help="Width inside a layer.")] = 256,
    dropout: Annotated[float, typer.Option(help="Share dropped.")] = 0.1,
    norm: Annotated[str, typer.Option(help="post (the paper's) or pre.")] = "post",
    steps: Annotated[int, typer.Option(help="Steps.")] = 1000,
    batch: Annotated[int, typer.Option(help="Pairs a step.")] = 64,
    warmup: Annotated[int, typer.Option(help="Steps in which the rate rises.")] = 200,
    times: Annotated[float, typer.Option(help="The paper's rate times this.")] = 1.0,
    validation: Annotated[float, typer.Option(min=0, max=0.5, help="Share of pairs that is held out.")] = 0.05,
    seed: Annotated[int, typer.Option(help="The same seed gives the same net on one machine.")] = 0,
    threads: _Threads = 1,
    licence: Annotated[str, typer.Option(help="The licence of the pairs, an SPDX id.")] = "unknown",
    lang: Annotated[str, typer.Option(help="Languages of the targets, as in en,zh.")] = "",
) -> None:
    """Train an encoder–decoder Transformer on pairs of a source and a target; it is kept as a run."""
    import torch

    from miaobi.cli.terminal import say, tell
    from miaobi.lab import pairs as learning
    from miaobi.lab.training.pair import PairRecipe
    from miaobi.lab.vocabulary import kind_of

    torch.set_num_threads(threads)
    sizes = {"width": width, "layers": layers, "heads": heads, "hidden": hidden, "dropout": dropout, "norm": norm}
    languages = tuple(part.strip() for part in lang.split(",") if part.strip())
    recipe = PairRecipe(steps, batch, warmup, times, seed)
    order = learning.PairOrder(name, file, recipe, sizes, kind_of(kind), validation, licence, languages)

    def show(line: Any) -> None:
        say(f"step {line.step:,}/{steps:,}: loss {line.training:.4f}, held out {line.validation:.4f}")

    run = learning.make(order, show)
    right = run.record["pairs"]
    tell(f"{name}: of {right['of']:,} held-out sources {right['greedy']:,} right greedily, {right['beam']:,} by beam")
    tell(f"Use it: miaobi lab transduce {name} SOURCE. The card: {run.folder / 'card.md'}")


def transduce(
    run: _Run,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The text that is to be turned into another.")],
    beam: Annotated[int, typer.Option(min=1, help="Hypotheses that are kept at each step.")] = 4,
    alpha: Annotated[float, typer.Option(help="How much length counts; 0: bare likelihood.")] = 0.6,
    n: Annotated[int, typer.Option(min=1, help="How many targets are told.")] = 1,
) -> None:
    """Turn a source into a target with a run of `lab pairs`."""
    from miaobi.cli.terminal import say, tell
    from miaobi.engines.run import find
    from miaobi.lab.pairs import answer

    for text, likelihood in answer(find(run), source, beam, alpha)[:n]:
        tell(text)
        say(f"    log-likelihood {likelihood:.3f} nats")


def gan(
    name: _Name,
    method: Annotated[str, typer.Option(help="likelihood, seqgan or relgan.")] = "seqgan",
    vocabulary: Annotated[int, typer.Option(help="Tokens of the oracle's language; the papers: 5000.")] = 500,
    length: Annotated[int, typer.Option(help="Tokens of a text.")] = 20,
    hidden: Annotated[int, typer.Option(help="Of the oracle and of an LSTM generator.")] = 32,
    memory: Annotated[int, typer.Option(help="Width of RelGAN's relational memory; the paper: 512.")] = 64,
    texts: Annotated[int, typer.Option(help="That the oracle says for training.")] = 10_000,
    filters: Annotated[int, typer.Option(help="Of each window of the discriminator.")] = 64,
    pretraining: Annotated[int, typer.Option(help="Steps of maximum likelihood.")] = 1500,
    judging: Annotated[int, typer.Option(help="SeqGAN: steps of the discriminator before the first.")] = 100,
    steps: Annotated[int, typer.Option(help="Adversarial steps.")] = 250,
    rollouts: Annotated[int, typer.Option(help="SeqGAN: ends that are tried for each beginning.")] = 4,
    batch: Annotated[int, typer.Option(help="Texts a step.")] = 64,
    seed: Annotated[int, typer.Option(help="Of the oracle and all else.")] = 0,
    threads: _Threads = 1,
) -> None:
    """Train a text generator on a synthetic language whose true likelihoods are known; it is kept as a run."""
    import torch

    from miaobi.cli.terminal import say, tell
    from miaobi.lab.adversarial import Settings
    from miaobi.lab.adversarial import session as gans
    from miaobi.nets.gan.generator import TextShape

    torch.set_num_threads(threads)
    chosen: Any = method  # GanOrder says what is legal
    settings = Settings(
        batch=batch, pretraining=pretraining, judging=judging, steps=steps, rollouts=rollouts, seed=seed
    )
    shape = TextShape(vocabulary, length, 32, hidden)
    order = gans.GanOrder(name, chosen, shape, settings, memory, texts, filters)

    def show(phase: str, step: int, value: float) -> None:
        every = max(1, (pretraining if phase == "likelihood" else steps) // 10)
        if (step + 1) % every == 0:
            say(f"{phase} {step + 1:,}: {value:.4f}")

    run = gans.make(order, show)
    _tell_curve(run.record["curve"], run.record["oracle"])
    tell(f"The card: {run.folder / 'card.md'}")


def curve(
    run: _Run,
    temperatures: Annotated[str, typer.Option(help="As in 1.2,1.0,0.8; those of the card if not given.")] = "",
) -> None:
    """Judge a run of `lab gan` again: quality against diversity over temperature."""
    from dataclasses import asdict

    from miaobi.engines.run import find
    from miaobi.errors import BriefError, show
    from miaobi.lab.adversarial import session as gans
    from miaobi.lab.adversarial.curve import TEMPERATURES

    try:
        wanted = [float(part) for part in temperatures.split(",")] if temperatures else list(TEMPERATURES)
    except ValueError:
        raise BriefError(f"{show(temperatures)} are no temperatures.", "They look like 1.2,1.0,0.8.") from None
    found = find(run)
    points = gans.judged_again(found, wanted)
    _tell_curve([asdict(point) for point in points], found.record["oracle"])


def _tell_curve(points: list[dict[str, float]], own: float) -> None:
    from miaobi.cli.terminal import table, tell

    cells = [[f"{p['temperature']:g}", f"{p['nll_oracle']:.3f}", f"{p['nll_test']:.3f}"] for p in points]
    table(["temperature", "NLL_oracle: quality", "NLL_test: diversity"], cells)
    tell(f"Nats a token, lower is better in both; the oracle's own texts: {own:.3f}")
