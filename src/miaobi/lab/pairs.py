"""Pairs of texts, a source and its target: an encoder–decoder learns from them, is kept as a run, and is used again.

    pairs.jsonl, lines of {"source": "…", "target": "…"} ─▶ vocabulary of both ─▶ net ─▶ run.json, weights, card.md

A twentieth of the pairs is held out, chosen by the hash of the source, so that no source stands on both sides. Tokens
are those of a vocabulary of the laboratory; the net wants 0, 1, 2 for padding, begin and end (``nets.sequence``), so
its numbers are one lower, and what is unknown comes last.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from miaobi.engines.disk import digest, explained, write_whole
from miaobi.engines.run import Run
from miaobi.errors import BriefError, CorpusError, InputFileError, UnsupportedError, show
from miaobi.lab import session
from miaobi.lab.corpus.split import split_of
from miaobi.lab.training import checkpoint, journal
from miaobi.lab.training.journal import Line
from miaobi.lab.training.pair import Pair, PairRecipe, batch, train
from miaobi.lab.vocabulary import Kind, Vocabulary, learn
from miaobi.nets import storage
from miaobi.nets.beam import beam, greedy
from miaobi.nets.sequence import EncoderDecoder, warmed

NET = "encoder-decoder"
_JUDGED = 200  # held-out pairs that are answered to say how many come out right
_ROWS = 64


@dataclass(frozen=True)
class PairOrder:
    """What is to be trained. ``sizes``: fields of the net's shape but vocabulary and context, which the pairs fix."""

    name: str
    pairs: Path
    recipe: PairRecipe
    sizes: dict[str, Any]
    kind: Kind = "char"
    validation: float = 0.05
    licence: str = "unknown"
    languages: tuple[str, ...] = ()


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Return the pairs of a JSONL file. InputFileError or CorpusError says which line can't be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{show(str(path))} can't be read: {error}.", "Give a JSONL file in UTF-8.") from None
    found = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            pair = row["source"], row["target"]
        except (ValueError, KeyError, TypeError):
            pair = None, None
        if not isinstance(pair[0], str) or not isinstance(pair[1], str) or not pair[0]:
            raise CorpusError(
                f"Line {number} of {show(path.name)} is no pair: {show(line[:60])}.",
                'A line looks like {"source": "abc", "target": "cba"}.',
            )
        found.append((pair[0], pair[1]))
    return found


class _Numbers:
    """A vocabulary's numbers as the net has them: padding 0, begin 1, end 2, texts from 3 on, the unknown last."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary
        self.size = vocabulary.size

    def read(self, text: str) -> list[int]:
        return [n - 1 if n != self._known.unk else self.size - 1 for n in self._known.encode(text)]

    def text(self, numbers: Sequence[int]) -> str:
        return self._known.decode([n + 1 for n in numbers if n < self.size - 1])


def make(order: PairOrder, watch: Callable[[Line], None] = lambda line: None) -> Run:
    """Train what *order* says and keep it as a run; *watch* is told twenty times how it goes."""
    sides = _sides(order)
    folder = session.new_folder(order.name)
    vocabulary = learn((side for pair in sides["train"] for side in pair), order.kind)
    numbers = _Numbers(vocabulary)
    pairs: dict[str, list[Pair]] = {
        name: [(numbers.read(s), numbers.read(t)) for s, t in chosen] for name, chosen in sides.items()
    }
    longest = max(len(side) for chosen in pairs.values() for pair in chosen for side in pair)
    sizes = {**order.sizes, "vocabulary": numbers.size, "context": longest + 2}
    net = session.fresh(NET, sizes, order.recipe.seed)
    with explained(folder, "the run"):
        folder.mkdir(parents=True, exist_ok=True)
        vocabulary.save(folder)
        write_whole(folder / storage.SHAPE, json.dumps(storage.describe(net)).encode())
    lines, outcome = _trained(net, pairs, order.recipe, watch)
    checkpoint.write(folder / storage.WEIGHTS, net.state_dict(), {"step": order.recipe.steps})
    journal.write(folder, f"Training of {order.name}", lines)
    record = {
        "net": NET,
        "sizes": sizes,
        "parameters": sum(weight.numel() for weight in net.parameters()),
        "kind": order.kind,
        "recipe": asdict(order.recipe),
        "corpus": {
            "name": order.pairs.stem,
            "sha256": digest(order.pairs),
            "origins": [{"name": order.pairs.name, "licence": order.licence, "place": str(order.pairs)}],
            "counts": {name: {"documents": len(p), "tokens": _tokens(p)} for name, p in pairs.items()},
        },
        "languages": list(order.languages),
        "outcome": outcome,
        "pairs": judged(net, numbers, sides["validation"][:_JUDGED]),
    }
    return session.keep(folder, record)


def _sides(order: PairOrder) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs to learn from and those that are held out; CorpusError where there are none of either."""
    sides: dict[str, list[tuple[str, str]]] = {"train": [], "validation": []}
    for pair in read_pairs(order.pairs):
        sides[split_of(pair[0], order.validation)].append(pair)
    if not sides["train"] or not sides["validation"]:
        raise CorpusError(
            f"{len(sides['train']):,} pairs are for training and {len(sides['validation']):,} held out.",
            "Give more pairs, or another --validation.",
        )
    return sides


def _tokens(pairs: Sequence[Pair]) -> int:
    return sum(len(s) + len(t) + 2 for s, t in pairs)  # and the two ends


def _trained(
    net: EncoderDecoder, pairs: dict[str, list[Pair]], recipe: PairRecipe, watch: Callable[[Line], None]
) -> tuple[list[Line], dict[str, Any]]:
    """Train *net*; return the journal, and what the record says of it."""
    lines: list[Line] = []
    total, count, begin, processor = 0.0, 0, time.perf_counter(), time.process_time()
    each = _tokens(pairs["train"]) * recipe.batch // len(pairs["train"])  # tokens of a step, on the average

    def told(step: int, loss: float) -> None:
        nonlocal total, count
        total, count = total + loss, count + 1
        if step % max(1, recipe.steps // 20) and step != recipe.steps:
            return
        rate = recipe.times * warmed(step, net.shape.width, recipe.warmup)
        held = held_out_loss(net, pairs["validation"])
        lines.append(Line(step, total / count, held, rate, each * step, time.perf_counter() - begin))
        total, count = 0.0, 0
        watch(lines[-1])

    train(net, pairs["train"], recipe, told)
    net.eval()
    return lines, {
        "steps": recipe.steps,
        "stopped_early": False,
        "best": asdict(lines[-1]),
        "tokens": lines[-1].tokens,
        "seconds": time.perf_counter() - begin,
        "processor_seconds": time.process_time() - processor,
        "threads": torch.get_num_threads(),
    }


@torch.no_grad()
def held_out_loss(net: EncoderDecoder, pairs: Sequence[Pair]) -> float:
    """Return the mean negative log-likelihood of the targets, nats a token, nothing smoothed."""
    net.eval()
    total = count = 0.0
    for i in range(0, len(pairs), _ROWS):
        chosen = pairs[i : i + _ROWS]
        said = sum(len(target) + 1 for _, target in chosen)
        total, count = total + float(net.loss(*batch(chosen))) * said, count + said
    net.train()
    return total / count


def judged(net: EncoderDecoder, numbers: _Numbers, pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return how many of *pairs* come out right to the last character, greedily and by a beam of four."""
    right = {"greedy": 0, "beam": 0, "of": len(pairs)}
    limit = net.shape.context - 1
    for source, target in pairs:
        read, _ = batch([(numbers.read(source), [])])
        right["greedy"] += numbers.text(greedy(net, read, limit)[0]) == target
        right["beam"] += numbers.text(beam(net, read, limit)[0].tokens) == target
    return right


def answer(run: Run, source: str, width: int = 4, alpha: float = 0.6) -> list[tuple[str, float]]:
    """Return the targets that the run finds for *source*, best first, with their log-likelihoods in nats.

    UnsupportedError where the run is no encoder–decoder, BriefError where the source is empty or too long.
    """
    if run.record["net"] != NET:
        raise UnsupportedError(
            f"{run.name} is a {run.record['net']}, which has no source.",
            f"Write with it: miaobi lab generate {run.name}",
        )
    net: EncoderDecoder = storage.load(run.folder)
    numbers = _Numbers(Vocabulary.load(run.folder))
    read = numbers.read(source)
    if not 0 < len(read) < net.shape.context:
        raise BriefError(
            f"The source has {len(read):,} tokens; this net was made for 1 to {net.shape.context - 1:,}.",
            "Give another, or train with longer pairs.",
        )
    found = beam(net, batch([(read, [])])[0], net.shape.context - 1, width, alpha)
    return [(numbers.text(each.tokens), each.likelihood) for each in found]
