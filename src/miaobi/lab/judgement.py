"""The judgement of a run: its figures beside those of a Kneser–Ney 5-gram and of the held-out texts themselves.

Held-out texts are halved: all is measured against one half, and people's own texts are of the other. A net that forgets
between windows is measured in windows side by side, whose first tokens have little before them: its figures are a
little worse than what it does when it writes on; one that read rows of whole documents is measured in such rows. The
5-gram always sees four tokens back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from miaobi.engines.run import Run
from miaobi.errors import CorpusError, UnsupportedError
from miaobi.lab import adaptation
from miaobi.lab.baseline import KneserNey
from miaobi.lab.corpus.token_file import TokenFiles, tokens_of
from miaobi.lab.evaluation import Foretelling, References, Units, Variety, copies, units, variety
from miaobi.lab.training.batches import enough, held_out, held_out_rows
from miaobi.lab.training.trainer import held_out_loss
from miaobi.nets.generation import generate
from miaobi.nets.pointer import CachePointer, pointed_loss
from miaobi.types import derive_seed

COUNTED = 300_000  # training tokens that the 5-gram counts: more do not fit the memory of a laptop
FORETOLD = 50_000  # held-out tokens
LARGE = 50_000_000  # parameters; from here on a sixth of them are, which takes minutes
POINTED = 10_000  # of these with the cache pointer, which is slow


@dataclass(frozen=True)
class Judgement:
    """Figures of a run, of the baseline and of people; people foretell nothing."""

    run: tuple[Foretelling, Variety]
    baseline: tuple[Foretelling, Variety]
    human: Variety
    pointed: float = 0.0  # perplexity a token of a recurrent run with the cache pointer; 0: not a recurrent one
    texts: tuple[str, ...] = ()  # that the run wrote, from nothing

    def plain(self) -> dict[str, Any]:
        """Return all figures as plain values."""

        def both(told: Foretelling, varied: Variety) -> dict[str, Any]:
            return {
                "perplexity": told.perplexity,
                "perplexity_of_characters": told.perplexity_of_characters,
                "bits_a_byte": told.bits_a_byte,
                **asdict(varied),
            }

        run = both(*self.run) | ({"perplexity_with_cache": self.pointed} if self.pointed else {})
        return {"run": run, "baseline": both(*self.baseline), "human": asdict(self.human)}


def judge(run: Run, samples: int = 30, length: int = 120, temperature: float = 1.0, seed: int = 0) -> Judgement:
    """Judge *run* on the validation split of its token files; *samples* texts of at most *length* tokens are written.

    Raises CorpusError when there are fewer than four held-out documents or too few tokens.
    """
    if "tokens" not in run.record:
        raise UnsupportedError(
            f"The run {run.name} ({run.record['net']}) doesn't continue text, so it is judged otherwise.",
            f"Its figures are on its card: {run.folder / 'card.md'}",
        )
    files, vocabulary = tokens_of(run.record), adaptation.vocabulary_of(run.folder)
    net = adaptation.load(run)
    people = list(documents(files, vocabulary, "validation", 4 * samples))
    if len(people) < 4:
        raise CorpusError(
            f"{len(people)} held-out documents are too few to judge by.", "Make token files with a larger --validation."
        )
    foretold = FORETOLD if run.record["parameters"] < LARGE else FORETOLD // 6
    validation = np.asarray(files.tokens("validation")[:foretold], dtype=np.int64)
    context = int(run.record["recipe"]["context"])
    enough(validation, context, "held-out")
    counted = KneserNey(files.tokens("train")[:COUNTED].tolist(), vocabulary.size)
    size = _text_size(validation, vocabulary)
    if run.record.get("packed") and not net.carries:
        rows = held_out_rows(files.tokens("validation"), files.offsets("validation"), 16, context, len(validation))
        nats = held_out_loss(net, rows)
    else:
        nats = held_out_loss(net, held_out(validation, 16, context, len(validation), net.carries))

    def seeds(i: int) -> int:
        return derive_seed(seed, "judgement", i) % (1 << 31)

    begin = [vocabulary.bos]
    with torch.inference_mode():
        own = [generate(net, begin, length, temperature, seeds(i)) for i in range(samples)]
    plain = [counted.generate(begin, length, seeds(i), temperature) for i in range(samples)]
    shortened = [vocabulary.decode(vocabulary.encode(text)[:length]) for text in people[::2][:samples]]
    written = _read(own, vocabulary)
    learnt = map(units, documents(files, vocabulary, "train"))
    varied = _varieties([written, _read(plain, vocabulary), shortened], people[1::2], learnt)
    told = Foretelling(nats * len(validation), len(validation), *size)
    base = Foretelling(counted.loss(validation.tolist()) * len(validation), len(validation), *size)
    pointed = 0.0
    if net.carries:
        pointer = CachePointer(net.shape.vocabulary)
        pointed = math.exp(pointed_loss(net, validation[:POINTED].tolist(), pointer))
    return Judgement((told, varied[0]), (base, varied[1]), varied[2], pointed, tuple(written))


def _varieties(groups: Sequence[Sequence[str]], references: Sequence[str], learnt: Iterable[Units]) -> list[Variety]:
    """Return the figures of each group of texts."""
    held = References([units(text) for text in references])
    cut: list[list[Units]] = [[each for each in map(units, texts) if each] or [[]] for texts in groups]
    found, longest = copies(cut, learnt)
    return [variety(texts, held, found, most) for texts, most in zip(cut, longest, strict=True)]


def _read(rows: Sequence[list[int]], vocabulary: Any) -> list[str]:
    """Return the texts of *rows*, each to its first <eos>; rows of the net that stand for nothing are left out."""
    texts = []
    for row in rows:
        cut = row[: row.index(vocabulary.eos)] if vocabulary.eos in row else row
        texts.append(vocabulary.decode([token for token in cut if token < vocabulary.size]))
    return texts


def documents(files: TokenFiles, vocabulary: Any, split: Any, most: int = 0) -> Iterator[str]:
    """Yield the texts of a split, the first *most* of them; 0: all."""
    tokens, offsets = files.tokens(split), files.offsets(split).astype(int)
    count = min(len(offsets) - 1, most) if most else len(offsets) - 1
    for i in range(count):
        yield vocabulary.decode(tokens[offsets[i] : offsets[i + 1]].tolist())


def _text_size(tokens: Any, vocabulary: Any) -> tuple[int, int]:
    """Return characters and bytes of the text that *tokens* stand for."""
    text = vocabulary.decode(tokens.tolist())
    return len(text), len(text.encode())
