"""Are the tunes like tunes? Against those that the net never saw, beside what training tunes reach, after Yang &
Lerch 2020.

    python benchmarks/music_statistics.py tunes TOLD --works 100        TOLD: what `miaobi lab melody` made
    python benchmarks/music_statistics.py perplexity TOLD NAMES TOKENS  a note, beside a 5-gram's
    python benchmarks/music_statistics.py chorales TOLD NAMES TOKENS    nats a voice and sixteenth

A feature of two sets is compared by the area that two densities share: of the distances within the held-out set, and of
those between it and the other set (Yang & Lerch, On the evaluation of generative models in music, Neural Computing and
Applications 32, 2020). Works are composed on the headers and outlines of the held-out tunes: metre, mode, kind, pick-up
and lengths of sections. The ceiling is a sample of training tunes in their place.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from miaobi.brief import Brief
from miaobi.craft.melody.plan import SectionPlan, TunePlan, beat
from miaobi.craft.melody.tune import Tune, full, read
from miaobi.craft.music.interval import from_root
from miaobi.craft.music.score import Key
from miaobi.desk import WritingDesk
from miaobi.engines import open_engine
from miaobi.errors import MiaobiError
from miaobi.form import Options
from miaobi.forms.art.melodist import write_tune
from miaobi.lab.corpus.melody import runs_of
from miaobi.lab.corpus.split import split_of
from miaobi.lab.corpus.store import Corpus
from miaobi.types import Prompt

LENGTHS = (6, 8, 12, 18, 24, 30, 36, 48, 60, 72, 84, 96)  # ticks: classes of the histogram, the nearest is taken


def held_out(told: Path) -> tuple[list[Tune], list[Tune]]:
    """Return training and held-out tunes of the recipe's split, gaps aside."""
    sides: dict[str, list[Tune]] = {"train": [], "test": [], "validation": []}
    for document in Corpus(told):
        if not document.id.endswith("/gap"):
            sides[split_of(document.decider, 0.05, 0.1)].append(read(document.text.split()))
    return sides["train"], sides["test"]


def like(tune: Tune, seed: int, engine: object) -> Tune | None:
    """Return a tune of ours on the outline of *tune*; None where none was made."""
    length = full(tune.metre)
    sections = tuple(
        SectionPlan(
            len(s.bars),
            s.twice,
            next(size for size in (4, 3, 5, 2, 1) if len(s.bars) % size == 0),
            rests={len(s.bars) - 1: (frozenset({0}), min(beat(tune.metre), length - tune.pickup))},
        )
        for s in tune.sections
    )
    plan = TunePlan(
        tune.metre, Key("C", tune.mode), from_root("C"), tune.kind, tune.pickup, sections, 55, 84, 100
    )  # fmt: skip
    brief = Brief(form="tune", idea="statistics", seed=seed)
    desk = WritingDesk(brief, engine, 1, Options())  # type: ignore[arg-type]
    try:
        return write_tune(desk, plan)[0]
    except MiaobiError:
        return None


# --- features -------------------------------------------------------------------------------------------------


def features(tune: Tune) -> dict[str, np.ndarray]:
    """Return the features of one tune, a vector each."""
    notes = [n for s in tune.sections for b in s.every for n in b.notes]
    pitches = [n.pitch.midi for n in notes if n.pitch is not None]
    lengths = [min(range(12), key=lambda k, n=n: abs(LENGTHS[k] - n.ticks)) for n in notes if n.pitch is not None]
    bars = sum(len(s.bars) for s in tune.sections)
    steps = [abs(b - a) for a, b in pairwise(pitches)]
    return {
        "pitch count": np.array([len(set(pitches))], float),
        "pitch class histogram": _histogram([p % 12 for p in pitches]),
        "pitch class transitions": _transitions([p % 12 for p in pitches]),
        "pitch range": np.array([max(pitches) - min(pitches)], float),
        "mean interval": np.array([np.mean(steps)]),
        "notes a bar": np.array([len(pitches) / bars]),
        "mean onset interval": np.array([np.mean([n.ticks for n in notes])]),
        "note length histogram": _histogram(lengths),
        "note length transitions": _transitions(lengths),
    }


def _histogram(values: Sequence[int]) -> np.ndarray:
    found = np.bincount(values, minlength=12).astype(float)
    return found / found.sum()


def _transitions(values: Sequence[int]) -> np.ndarray:
    found = np.zeros((12, 12))
    for a, b in pairwise(values):
        found[a, b] += 1
    return (found / max(1.0, found.sum())).ravel()


def overlap(one: list[Tune], other: list[Tune]) -> dict[str, float]:
    """Return by feature the area shared by the densities of distances within *one* and between it and *other*."""
    rows = [features(t) for t in one], [features(t) for t in other]
    found = {}
    for name in rows[0][0]:
        a, b = (np.stack([row[name] for row in side]) for side in rows)
        within = [float(np.linalg.norm(a[i] - a[j])) for i in range(len(a)) for j in range(i)]
        between = [float(np.linalg.norm(x - y)) for x in a for y in b]
        found[name] = shared(np.array(within), np.array(between))
    return found


def shared(one: np.ndarray, other: np.ndarray) -> float:
    """Return the area that the two densities share, 0–1 (Gaussian kernels, Scott's rule)."""
    low, high = min(one.min(), other.min()), max(one.max(), other.max())
    spread = (high - low) or 1.0
    grid = np.linspace(low - 0.1 * spread, high + 0.1 * spread, 400)
    densities = []
    for values in (one, other):
        width = max(values.std() * len(values) ** -0.2, spread / 200)
        kernel = np.exp(-0.5 * ((grid[:, None] - values[None, :4000]) / width) ** 2).sum(1)
        densities.append(kernel / kernel.sum())
    return float(np.minimum(*densities).sum())


def copies(tunes: list[Tune], known: set[tuple[int, ...]]) -> float:
    """Return the share of runs of twelve notes, as intervals, that stand in *known*."""
    counts = [(sum(run in known for run in runs), len(runs)) for runs in map(runs_of, tunes) if runs]
    return sum(n for n, _ in counts) / max(1, sum(n for _, n in counts))


def tunes(told: Path, count: int, spec: str) -> None:
    """Compare works with held-out tunes."""
    train, test = held_out(told)
    chance = random.Random(0)
    target = chance.sample(test, min(count, len(test)))
    engine = open_engine(spec or "miaobi-folk")
    made = [tune for seed, one in enumerate(target) if (tune := like(one, seed, engine)) is not None]
    print(f"{len(made)} of {len(target)} made", flush=True)
    ours, ceiling = overlap(target, made), overlap(target, chance.sample(train, len(target)))
    print("| feature | overlap with held-out tunes | training tunes' |\n|---|--:|--:|")
    for name, value in ours.items():
        print(f"| {name} | {value:.2f} | {ceiling[name]:.2f} |")
    known = {run for tune in train for run in runs_of(tune)}
    print(f"runs of 12 notes that stand in a training tune: ours {copies(made, known):.2%}, "
          f"held-out tunes {copies(target, known):.2%}")  # fmt: skip
    for name, tunes_ in (("ours", made), ("held out", target)):
        again = [_again(t) for t in tunes_]
        print(f"bars that repeat one before: {name} {np.mean(again):.1%}")


def _again(tune: Tune) -> float:
    bars = [b.notes for s in tune.sections for b in s.bars]
    return sum(bar in bars[:i] for i, bar in enumerate(bars)) / len(bars)


# --- likelihood -----------------------------------------------------------------------------------------------


def perplexity(told: Path, names: Path, tokens: Path, spec: str, count: int) -> None:
    """Print nats a token and perplexity a note on held-out tunes, for the net and a Kneser–Ney 5-gram."""
    notes = lambda text: sum((n[0] in "ABCDEFG" and n[-1:].isdigit()) or n == "z" for n in text.split())  # noqa: E731
    documents = [
        d for d in Corpus(told) if not d.id.endswith("/gap") and split_of(d.decider, 0.05, 0.1) == "test"
    ][:count]  # fmt: skip
    _compared(documents, names, tokens, spec or "miaobi-folk", {"note": notes})


def chorales(told: Path, names: Path, tokens: Path, spec: str, count: int) -> None:
    """Print nats a voice and sixteenth on held-out chorales."""
    slots = lambda text: 16 * sum(n[0] == "b" and n[1:].isdigit() for n in text.split())  # noqa: E731
    documents = [
        d for d in Corpus(told) if "/" not in d.id and split_of(d.decider, 0.05, 0.2) == "test"
    ][:count]  # fmt: skip
    _compared(documents, names, tokens, spec or "miaobi-chorale", {"voice and sixteenth": slots})


def _compared(documents, names, tokens, spec, units) -> None:  # type: ignore[no-untyped-def]
    from miaobi.lab.baseline import KneserNey
    from miaobi.lab.corpus.token_file import open_tokens
    from miaobi.lab.vocabulary import Vocabulary

    engine, known = open_engine(spec), Vocabulary.load(names)
    grams = KneserNey(list(map(int, open_tokens(tokens).tokens())), known.size)
    nats: Counter[str] = Counter()
    total, count = 0, Counter[str]()
    fitting = [d for d in documents if len(d.text.split()) + 2 < (engine.checkpoint.context or 512)]
    for document in fitting:
        text = document.text + " "
        nats["net"] -= sum(engine.score(Prompt(prefix=""), [text])[0])
        ids = [known.bos, *known.encode(document.text)]
        nats["5-gram"] += grams.loss(ids) * (len(ids) - 1)
        total += len(ids) - 1
        count.update({unit: how(document.text) for unit, how in units.items()})
    print(f"{len(fitting)} of {len(documents)} held-out texts fit the net's context; {total:,} tokens, {dict(count)}")
    for who, value in nats.items():
        told = ", ".join(
            f"{value / n:.3f} nats (perplexity {math.exp(value / n):.2f}) a {unit}" for unit, n in count.items()
        )
        print(f"{who}: {value / total:.3f} nats (perplexity {math.exp(value / total):.2f}) a token; {told}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("tunes", "perplexity", "chorales"))
    parser.add_argument("told", type=Path)
    parser.add_argument("names", type=Path, nargs="?")
    parser.add_argument("tokens", type=Path, nargs="?")
    parser.add_argument("--works", type=int, default=100)
    parser.add_argument("--engine", default="")
    given = parser.parse_args()
    if given.what == "tunes":
        tunes(given.told, given.works, given.engine)
    else:
        {"perplexity": perplexity, "chorales": chorales}[given.what](
            given.told, given.names, given.tokens, given.engine, given.works
        )
