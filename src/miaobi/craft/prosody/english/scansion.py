"""Scansion: how a line of English fills a metre, word by word, and why it may or where it fails.

A finite-state search over the pronunciations of the words and the templates of the metre; the reading of least cost
stands, the dictionary's first pronunciation and the plain template where several cost the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from miaobi.craft.prosody.english.dictionary import WORD, Pronunciation, pronunciations
from miaobi.craft.prosody.english.metre import _COST, Metre, State, levels_of
from miaobi.errors import MiaobiError

_NAMES = {"w": "weak", "v": "weak", "u": "weak", "s": "strong", "S": "strong"}


@dataclass(frozen=True)
class Spoken:
    """A word of a line as it is said: where it stands in the line, how, and with which levels of stress."""

    word: str
    start: int
    pronunciation: Pronunciation
    levels: str


@dataclass(frozen=True)
class Reading:
    """A line that fills a metre. ``places``: of the template; ``cost``: halves of a licence."""

    metre: Metre
    words: tuple[Spoken, ...]
    places: str
    variation: str
    cost: int

    @property
    def syllables(self) -> int:
        """How many syllables the line has."""
        return len(self.places)

    @property
    def marks(self) -> str:
        """The places as a reader marks them, feet parted by bars: ``x / | x /``."""
        return " | ".join(" ".join("/" if p in "sS" else "x" for p in foot) for foot in _feet(self.metre, self.places))

    def licences(self) -> Iterator[str]:
        """Give what departs from the plain metre, in words."""
        if self.variation:
            yield self.variation
        place = 0
        for spoken in self.words:
            for level in spoken.levels:
                at = self.places[place]
                if at in "sS" and level in "0f":
                    yield f"“{spoken.word}” lifted onto the beat (syllable {place + 1})"
                elif at in "wvu" and level in "12c":
                    yield f"“{spoken.word}” held back off the beat (syllable {place + 1})"
                place += 1


def words_in(text: str) -> list[tuple[str, int]]:
    """Return the words of a line with where each begins; a hyphen parts words, an apostrophe doesn't."""
    return [(m.group(), m.start()) for m in WORD.finditer(text) if any(c.isalpha() for c in m.group())]


def spoken_ways(word: str, start: int = 0) -> tuple[Spoken, ...]:
    """Return each way to say a word, the first choice first."""
    return tuple(Spoken(word, start, p, levels_of(word, p)) for p in pronunciations(word))


def scan(text: str, metre: Metre) -> Reading | None:
    """Return the reading of least cost of a line in *metre*, or None when it can't be read so."""
    paths: dict[State, tuple[Spoken, ...]] = dict.fromkeys(sorted(metre.start()), ())
    for word, start in words_in(text):
        onward: dict[State, tuple[Spoken, ...]] = {}
        for (state, path), way in product(paths.items(), spoken_ways(word, start)):
            for after in metre.advance(frozenset((state,)), way.levels):
                onward.setdefault(after, (*path, way))
        paths = onward
    ends = [s for s in paths if s[1] == len(metre.templates[s[0]].places)]
    if not ends:
        return None
    best = min(ends, key=lambda s: (s[2], s[0], s[3]))
    chosen = metre.templates[best[0]]
    return Reading(metre, paths[best], chosen.places, chosen.variation, best[2])


@dataclass(frozen=True)
class Misfit:
    """Where a line leaves its metre: the word, where it stands, and why it can't stand there."""

    word: str
    start: int
    reason: str


def misfit(text: str, metre: Metre) -> Misfit:
    """Return where a line that has no reading in *metre* first leaves it."""
    states = metre.start()
    words = words_in(text)
    if not words:
        return Misfit("", 0, "The line has no words.")
    fewest = sum(min(len(way.levels) for way in spoken_ways(word, start)) for word, start in words)
    if fewest > metre.longest:
        long = f"The line has {fewest} syllables; {metre.name} has {metre.longest} at most."
        return Misfit(*words[-1], long)
    for word, start in words:
        ways = spoken_ways(word, start)
        after = frozenset(s for way in ways for s in metre.advance(states, way.levels))
        if not after:
            return Misfit(word, start, _reason(metre, states, ways))
        states = after
    have = max(place for _, place, *_ in states)
    if metre.complete(states):
        raise MiaobiError(f"“{text}” is no misfit: it has a reading in {metre.name}.")
    least = min(len(t.places) for t in metre.templates)
    last = words[-1]
    return Misfit(*last, f"The line ends after {have} syllables; {metre.name} has at least {least}.")


def _reason(metre: Metre, states: frozenset[State], ways: tuple[Spoken, ...]) -> str:
    word = ways[0].word
    place = max(p for _, p, *_ in states)
    if all(place + len(w.levels) > metre.longest for w in ways):
        count = place + len(ways[0].levels)
        return f"“{word}” brings the line to {count} syllables; {metre.name} has {metre.longest} at most."
    template = next(metre.templates[i] for i, p, *_ in sorted(states) if p == place)
    for at, level in zip(template.places[place:], ways[0].levels, strict=False):
        if _COST[at][level] >= max(_COST["w"]["1"], 1) and level != "a":
            stress = "stressed" if level in "12c" else "unstressed"
            return (
                f"“{word}” has a {stress} syllable where {metre.name} wants a {_NAMES[at]} one (syllable {place + 1})."
            )
        place += 1
    return f"“{word}” would be one departure from {metre.name} too many."


def _feet(metre: Metre, places: str) -> list[str]:
    """Cut the places into feet; a weak syllable after the last strong one goes with the last foot."""
    size = 3 if metre.foot == "anapaest" else 2
    first = 2 if size == 3 and places.startswith("ws") else size
    cuts = [places[:first], *(places[i : i + size] for i in range(first, len(places), size))]
    return [*cuts[:-2], cuts[-2] + cuts[-1]] if cuts[-1] in "wu" and len(cuts[-1]) == 1 else cuts
