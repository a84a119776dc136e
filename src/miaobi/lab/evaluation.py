"""Judging a run: how well it foretells held-out text, and what its own texts are like, beside a baseline and people's.

| figure | what | better |
|---|---|---|
| perplexity | e^(nats a token); and the same a character, which compares vocabularies | lower |
| bits a byte | nats of all tokens / ln 2 / bytes of the text in UTF-8 | lower |
| BLEU-4 | n-grams of a text that are in held-out texts (Papineni et al. 2002; Chen & Cherry's smoothing 1) | higher |
| self-BLEU-4 | the same against the run's other texts (Zhu et al. 2018) | lower |
| distinct-n | kinds of n-grams / n-grams over all texts (Li et al. 2016) | nearer to people's |
| copied | share of 8-grams that stand word for word in the training text | nearer to people's |
| longest copy | units of the longest passage that stands in the training text too; 0: none of 8 or more | lower |

<bos> and <eos> count as tokens, not as characters. Units of BLEU, distinct and copied are words, marks and Chinese
characters, whatever the vocabulary. One figure of quality without one of variety says little (Caccia et al. 2020).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Units = list[str]
_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*|([^\w\s]|_)(?:[ \t]*\1)*")
COPIED = 8
_SMOOTH = 0.1  # counted for an n-gram that does not occur, so that one zero does not make all of it zero


def units(text: str) -> Units:
    """Return words, marks and Chinese characters; a row of one mark, as of asterisks between scenes, is one unit."""
    return [found.group() for found in _UNIT.finditer(text)]


@dataclass(frozen=True)
class Foretelling:
    """How well held-out text was foretold: summed over it."""

    nats: float
    tokens: int
    characters: int
    bytes: int

    @property
    def perplexity(self) -> float:
        """A token."""
        return math.exp(self.nats / self.tokens)

    @property
    def perplexity_of_characters(self) -> float:
        """A character."""
        return math.exp(self.nats / self.characters)

    @property
    def bits_a_byte(self) -> float:
        """Of UTF-8."""
        return self.nats / math.log(2) / self.bytes


@dataclass(frozen=True)
class Variety:
    """What texts are like."""

    bleu: float
    self_bleu: float
    distinct: tuple[float, float, float]  # 1, 2, 3
    copied: float
    longest_copy: int = 0  # units


def grams(text: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Return the n-grams of *text* and how often each occurs."""
    return Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1))


class References:
    """Reference texts, counted once: of each n-gram the most that one text has."""

    def __init__(self, texts: Sequence[Units], order: int = 4) -> None:
        self.order, self.lengths = order, [len(text) for text in texts]
        self._most: list[Counter[tuple[str, ...]]] = []
        for n in range(1, order + 1):
            most: Counter[tuple[str, ...]] = Counter()
            for text in texts:
                most |= grams(text, n)
            self._most.append(most)

    def bleu(self, text: Units) -> float:
        """Return BLEU of *text*, 0–1."""
        if not text:
            return 0.0
        logs = 0.0
        for n in range(1, self.order + 1):
            own = grams(text, n)
            shared = sum(min(count, self._most[n - 1][gram]) for gram, count in own.items())
            logs += math.log((shared or _SMOOTH) / max(1, own.total()))
        nearest = min(self.lengths, key=lambda length: (abs(length - len(text)), length))
        brevity = min(0.0, 1 - nearest / len(text))
        return math.exp(logs / self.order + brevity)


def variety(texts: Sequence[Units], held_out: References, training: set[tuple[str, ...]], longest: int = 0) -> Variety:
    """Return the figures of *texts* (two at least); *training*, *longest*: what ``copies`` found."""
    whole = [grams_of(texts, n) for n in (1, 2, 3)]
    eights = grams_of(texts, COPIED)
    copied = sum(count for gram, count in eights.items() if gram in training)
    return Variety(
        bleu=sum(map(held_out.bleu, texts)) / len(texts),
        self_bleu=sum(References([*texts[:i], *texts[i + 1 :]]).bleu(t) for i, t in enumerate(texts)) / len(texts),
        distinct=(_distinct(whole[0]), _distinct(whole[1]), _distinct(whole[2])),
        copied=copied / max(1, eights.total()),
        longest_copy=longest,
    )


def grams_of(texts: Sequence[Units], n: int) -> Counter[tuple[str, ...]]:
    """Return the n-grams of all *texts*, none of which goes from one text into the next."""
    found: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        found.update(grams(text, n))  # += would look at all of it again for every text
    return found


def eight_grams(texts: Sequence[Units]) -> set[tuple[str, ...]]:
    """Return what counts as copied when it occurs in another text."""
    return set(grams_of(texts, COPIED))


def copies(groups: Sequence[Sequence[Units]], training: Iterable[Units]) -> tuple[set[tuple[str, ...]], list[int]]:
    """Return which 8-grams of the texts of all *groups* stand in *training*, and each group's ``longest_copy``.

    *training* is read once and not kept: of 12 million characters the 8-grams alone would fill a laptop's memory.
    """
    wanted = set().union(*(eight_grams(texts) for texts in groups))
    found: set[tuple[str, ...]] = set()
    longest = [0] * len(groups)
    longer = [set(grams_of(texts, COPIED)) for texts in groups]  # runs by one unit longer than the longest so far
    for learnt in training:
        here = wanted.intersection(grams(learnt, COPIED))
        found |= here
        for i, texts in enumerate(groups if here else ()):
            if longer[i].intersection(grams(learnt, max(longest[i] + 1, COPIED))):
                longest[i] = max(len(_shared_run(text, learnt)) for text in texts)
                longer[i] = set(grams_of(texts, longest[i] + 1))
    return found, longest


def longest_shared(texts: Sequence[str], training: Iterable[str]) -> Units:
    """Return the longest run of words (Chinese: characters), case and marks apart, that stands in both."""
    carried = [_words(text) for text in texts]
    fours = [set(grams(text, 4)) for text in carried]
    longest: Units = []
    for document in training:
        learnt = _words(document)
        here = set(grams(learnt, 4))
        for text, own in zip(carried, fours, strict=True):
            if own & here and len(run := _shared_run(text, learnt)) > len(longest):
                longest = run
    return longest


def _words(text: str) -> Units:
    return [unit for unit in units(text.casefold()) if unit[0].isalnum()]


def _shared_run(one: Units, other: Units) -> Units:
    """Return the longest run of units that stands in both, by dynamic programming a row at a time."""
    places: dict[str, list[int]] = {}
    for j, unit in enumerate(other):
        places.setdefault(unit, []).append(j)
    longest, end = 0, 0
    row: dict[int, int] = {}  # by place in *other*: how long the run is that ends there
    for unit in one:
        row = {j: row.get(j - 1, 0) + 1 for j in places.get(unit, ())}
        for j, length in row.items():
            if length > longest:
                longest, end = length, j + 1
    return other[end - longest : end]


def _distinct(counts: Counter[tuple[str, ...]]) -> float:
    return len(counts) / max(1, counts.total())
