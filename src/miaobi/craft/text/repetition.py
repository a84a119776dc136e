"""Repetition and copying, measured on n-grams of words (Chinese: characters).

rep-n and distinct-n as in Li et al. 2016 and Su et al. 2022 (SimCTG): report the length beside them, they fall with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from miaobi.craft.text.sentence import sentences, units
from miaobi.types import Language


def ngrams(items: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """Return the n-grams in order."""
    return [tuple(items[i : i + n]) for i in range(len(items) - n + 1)]


def distinct(text: str, n: int, language: Language) -> float:
    """Return unique over total n-grams, 0–1; 1 for a text too short to have any."""
    grams = ngrams(units(text, language), n)
    return len(set(grams)) / len(grams) if grams else 1.0


def repeated_sentences(text: str, language: Language) -> list[str]:
    """Return the sentences of four words or more that occur again word for word."""
    seen: Counter[tuple[str, ...]] = Counter()
    again = []
    for sentence in sentences(text, language):
        key = tuple(units(sentence, language))
        if len(key) >= 4:
            seen[key] += 1
            if seen[key] == 2:
                again.append(sentence)
    return again


def longest_shared_run(text: str, other: str, language: Language) -> int:
    """Return how many words in a row *text* shares with *other* at most."""
    a, b = units(text, language), units(other, language)
    best, previous = 0, [0] * (len(b) + 1)
    for x in a:
        current = [0] * (len(b) + 1)
        for j, y in enumerate(b):
            if x == y:
                current[j + 1] = previous[j] + 1
                best = max(best, current[j + 1])
        previous = current
    return best


class Memory:
    """The n-grams written so far: tells what a new sentence would repeat, in time linear in the sentence."""

    def __init__(self, language: Language, n: int = 5) -> None:
        self._language: Language = language
        self._n = n if language == "en" else n + 3
        self._grams: dict[tuple[str, ...], int] = {}  # to the number of the last sentence that had it
        self._sentences: set[tuple[str, ...]] = set()
        self._openers: list[tuple[str, ...]] = []

    def copy(self) -> Memory:
        """Return a memory of the same that goes its own way."""
        other = Memory(self._language)
        other._n, other._grams = self._n, dict(self._grams)
        other._sentences, other._openers = set(self._sentences), list(self._openers)
        return other

    def add(self, text: str) -> None:
        """Remember *text*."""
        for sentence in sentences(text, self._language):
            found = units(sentence, self._language)
            self._grams.update(dict.fromkeys(ngrams(found, self._n), len(self._openers)))
            self._sentences.add(tuple(found))
            self._openers.append(tuple(found[:2]))

    def has(self, sentence: str) -> bool:
        """Tell whether this sentence of four words or more was said before."""
        found = tuple(units(sentence, self._language))
        return len(found) >= 4 and found in self._sentences

    def repeats(self, text: str, within: int = 0) -> bool:
        """Tell whether *text* repeats a sentence, or a run of n words of the last *within* sentences (0: of any)."""
        found = units(text, self._language)
        since = len(self._openers) - within if within else 0
        told = (self._grams[g] for g in ngrams(found, self._n) if g in self._grams)
        return tuple(found) in self._sentences or any(number >= since for number in told)

    def opener_age(self, text: str) -> int:
        """Return how many sentences ago one began with the same two words; a large number if none did."""
        key = tuple(units(text, self._language)[:2])
        for age, opener in enumerate(reversed(self._openers)):
            if opener == key:
                return age
        return 1_000
