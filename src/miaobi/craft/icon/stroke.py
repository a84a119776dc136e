"""Strokes that were learnt: every ring of the corpus that the net was taught, with the words of the icons it stands in.

``data/icon_strokes.txt.gz``: a line a stroke, ``words | words of those that begin with it | 1 if it suits any | axis
and events``. Rings of several things (a round frame, a bar, a wheel) suit any icon; the others, such as the folded
corner of a page, only those that share a word with theirs. An icon begins with its largest ring, by which it is known.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from miaobi.craft.icon.glyph import AXIS

_SHRUNK = 0.62  # so that what fills the frame fits into a round one
_FRAMES = tuple(
    ("upright", *names.split())
    for names in (
        "half x24 y4 t+180 x24 y44",  # a disc, and the ring that it makes with the next
        "half x24 y8 t+180 x24 y40",
        "half x24 y6 x38 y6 t+90 x42 y10 x42 y38 t+90 x38 y42 x24 y42",  # a square with round corners
        "half x24 y10 x38 y10 x38 y38 x24 y38",
    )
)
_COMMON = 4  # icons, and words among them: a ring of so many suits any
_OWN = 0.75  # of its icons have one word, circle and box apart: then it is that thing's own


@dataclass(frozen=True)
class Learnt:
    """One stroke."""

    words: frozenset[str]
    leads: frozenset[str]
    common: bool
    events: tuple[str, ...]


@dataclass(frozen=True)
class Use:
    """A stroke in one icon: the icon's words, and whether it begins with it."""

    words: tuple[str, ...]
    first: bool


def written(uses: Mapping[tuple[str, ...], Sequence[Use]]) -> bytes:
    """Return the file of strokes from where each, told as its axis and events, is used."""
    lines = []
    for names, icons in sorted(uses.items()):
        every, leads = (
            " ".join(sorted({w for use in some for w in use.words})) for some in (icons, [u for u in icons if u.first])
        )
        counts = Counter(word for use in icons for word in use.words)
        most = max((n for word, n in counts.items() if word not in ("circle", "box")), default=0)
        shared = min(len(icons), len(counts)) >= _COMMON and most < _OWN * len(icons)
        lines.append(f"{every}|{leads}|{int(shared)}|{' '.join(names)}")
    return gzip.compress("\n".join(lines).encode(), mtime=0)


@cache
def _all() -> tuple[Learnt, ...]:
    text = gzip.decompress(files("miaobi.craft").joinpath("data", "icon_strokes.txt.gz").read_bytes()).decode()
    rows = [line.split("|") for line in text.split("\n")]
    return tuple(
        Learnt(frozenset(words.split()), frozenset(leads.split()), shared == "1", tuple(names.split()))
        for words, leads, shared, names in rows
    )


@lru_cache(maxsize=8)
def strokes_for(words: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return the strokes with which an icon of *words* may begin, and all that suit it; each as its axis and events."""
    wanted = set(words)
    begun = [s for s in _all() if s.leads & wanted]
    own = [s for s in begun if not s.common] or begun  # a frame shows nothing by itself
    return tuple(s.events for s in own), tuple(s.events for s in _all() if s.common or s.words & wanted)


@lru_cache(maxsize=8)
def framed_for(words: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return the strokes with which an icon of *words* may begin, drawn smaller, and those that go round them."""
    first, _ = strokes_for(words)
    return tuple(dict.fromkeys(map(_smaller, first))), _FRAMES


def _smaller(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a stroke shrunk towards the middle of the frame, on the grid."""
    return tuple(
        f"{n[0]}{AXIS + round((int(n[1:]) - AXIS) * _SHRUNK)}" if n[0] in "xy" and n[1:].isdigit() else n for n in names
    )


@cache
def _alone() -> frozenset[tuple[str, ...]]:
    return frozenset(names for s in _all() for names in (s.events, _smaller(s.events)))


def borrowed(names: Sequence[str]) -> bool:
    """Tell whether an icon, told as events, is nothing but one stroke that was learnt, as it was or smaller."""
    return tuple(names[:-1]) in _alone()
