"""Metre: patterns of weak and strong places, and what a syllable of some stress costs in each.

A template is a string of places: ``w`` weak, ``s`` strong, ``S`` strong and held (no promotion: the end of a line
and the first syllable of an inverted foot), ``u`` unstressed (a feminine ending, what follows an inverted foot),
``v`` the first of two weak ones. A metre lists its templates: the plain one and its allowed variations. Costs are
in halves of a licence; a line is metrical when some template takes all its syllables within the metre's budget.

After Attridge 1982 and Kiparsky 1977: the stress of a word of several syllables never falls on a weak place (except
in an inverted foot, which is a template of its own); a word of one syllable may, at a cost (demotion); an
unstressed syllable may stand on a strong place, at a cost (promotion), but an article may not; and a demoted
syllable does not stand beside a promoted one, where the ear would turn the foot round.

Levels of syllables: 1 primary, 2 secondary and 0 no stress in a longer word; ``c`` a stressed word of one syllable,
``e`` one that wavers, ``f`` an unstressed one, ``a`` an article.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from miaobi.craft.prosody.english.dictionary import Pronunciation
from miaobi.craft.text.wordclass import word_class

_NEVER = 99
_COST = {
    "w": {"1": _NEVER, "2": 1, "0": 0, "c": 2, "e": 0, "f": 0, "a": 0},
    "s": {"1": 0, "2": 0, "0": 2, "c": 0, "e": 1, "f": 2, "a": _NEVER},
    "S": {"1": 0, "2": 0, "0": _NEVER, "c": 0, "e": _NEVER, "f": _NEVER, "a": _NEVER},
    "u": {"1": _NEVER, "2": _NEVER, "0": 0, "c": _NEVER, "e": _NEVER, "f": 0, "a": 0},
    "v": {"1": _NEVER, "2": 1, "0": 0, "c": 1, "e": 0, "f": 0, "a": 0},  # the first of two weak places: a triple foot
}
State = tuple[int, int, int, str]  # template, place, cost so far, what the last syllable did: held back (-), lifted (+)


@dataclass(frozen=True)
class Template:
    """One way to fill a line: its places, and what is unusual about it (empty for the plain one)."""

    places: str
    variation: str = ""
    cost: int = 0  # halves


@dataclass(frozen=True, eq=False)  # one object for each metre: what is worked out for it is kept by identity
class Metre:
    """A metre: its name, feet, and templates. ``budget``: halves of a licence that a line may spend."""

    name: str
    foot: str
    feet: int
    templates: tuple[Template, ...]
    budget: int
    clashes: bool = False  # a held-back syllable may stand beside a lifted one (*of sweet*): a person's licence

    def start(self) -> frozenset[State]:
        """Return the states before the first syllable."""
        return frozenset((i, 0, t.cost, "") for i, t in enumerate(self.templates))

    def advance(self, states: frozenset[State], levels: str) -> frozenset[State]:
        """Return the states after a word of these *levels*; empty where no template takes it."""
        return _advance(self, states, levels)

    def complete(self, states: frozenset[State]) -> bool:
        """Tell whether the line may end."""
        return any(place == len(self.templates[i].places) for i, place, *_ in states)

    @property
    def longest(self) -> int:
        """The most syllables of a line."""
        return max(len(t.places) for t in self.templates)


@cache
def _advance(metre: Metre, states: frozenset[State], levels: str) -> frozenset[State]:
    best: dict[tuple[int, int, str], int] = {}
    for i, place, cost, last in states:
        places = metre.templates[i].places[place : place + len(levels)]
        if len(places) < len(levels):
            continue
        spent, did = cost, last
        for at, level in zip(places, levels, strict=True):
            before, did = did, _done(at, level)
            clash = not metre.clashes and before + did in {"-+", "+-"}
            spent += _NEVER if clash else _COST[at][level]
        if spent <= metre.budget:
            key = (i, place + len(levels), did)
            best[key] = min(spent, best.get(key, _NEVER))
    return frozenset((i, place, cost, did) for (i, place, did), cost in best.items())


def _done(place: str, level: str) -> str:
    """Tell whether a syllable is lifted onto the beat (+) or held back off it (-)."""
    if place in "sS":
        return "+" if level in "0ef" else ""
    return "-" if level in "12c" else ""


def levels_of(word: str, pronunciation: Pronunciation) -> str:
    """Return the levels of a word said in this way."""
    if pronunciation.syllables > 1:
        return pronunciation.stresses
    low = word.lower().replace("’", "'")
    if low in word_class("article"):
        return "a"
    if low in word_class("wavering"):
        return "e"
    return "f" if low in word_class("unstressed") else "c"


def _iambic(feet: int, name: str) -> Metre:
    plain = "ws" * (feet - 1) + "wS"
    inverted = "Swus" + "ws" * (feet - 3) + "wS" if feet > 2 else "SwuS"
    templates = [
        Template(plain),
        Template(inverted, "inversion in foot 1", 1),
        Template(plain + "u", "feminine ending", 1),
        Template(inverted + "u", "inversion in foot 1, feminine ending", 2),
    ]
    return Metre(name, "iamb", feet, tuple(templates), budget=4)


def _trochaic(feet: int, name: str) -> Metre:
    plain = "Sw" + "sw" * (feet - 1)
    templates = (Template(plain), Template(plain[:-2] + "S", "catalectic: the last weak syllable is left out"))
    return Metre(name, "trochee", feet, templates, budget=4)


def _anapaestic(feet: int, name: str) -> Metre:
    rest = "vws" * (feet - 2) + "vwS"
    templates = [
        Template(opening + rest + ending, ", ".join(filter(None, (first, last))), cost)
        for opening, first, cost in (("vws", "", 0), ("ws", "iamb in foot 1", 0))
        for ending, last in (("", ""), ("u", "feminine ending"))
    ]
    return Metre(name, "anapaest", feet, tuple(templates), budget=2)


METRES: dict[str, Metre] = {
    m.name: m
    for m in (
        _iambic(5, "iambic pentameter"),
        _iambic(4, "iambic tetrameter"),
        _iambic(3, "iambic trimeter"),
        _trochaic(4, "trochaic tetrameter"),
        _anapaestic(3, "anapaestic trimeter"),
        _anapaestic(2, "anapaestic dimeter"),
    )
}


@cache
def loosened(metre: Metre) -> Metre:
    """Return *metre* as it is heard in other people's poems: with a foot inverted further on, and more licence."""
    own = [
        Template((t.places[:-1].replace("u", "w") + t.places[-1]).replace("S", "s"), t.variation, t.cost)
        for t in metre.templates
    ]
    if metre.foot == "iamb":
        plain = own[0].places
        for foot in range(2, metre.feet):
            at = 2 * (foot - 1)
            places = plain[:at] + "Sw" + plain[at + 2 :]
            own += [
                Template(places, f"inversion in foot {foot}", 3),
                Template(places + "u", f"inversion in foot {foot}, feminine ending", 4),
            ]
    return Metre(metre.name, metre.foot, metre.feet, tuple(own), 2 * metre.budget + 2, clashes=True)


@dataclass(frozen=True)
class Syllabic:
    """A line measured by its number of syllables alone; a state is the number so far."""

    least: int
    most: int

    @property
    def name(self) -> str:
        """What it asks, in words."""
        return f"{self.least} syllables" if self.least == self.most else f"{self.least} to {self.most} syllables"

    def start(self) -> frozenset[int]:
        """Return the state before the first syllable."""
        return frozenset({0})

    def advance(self, states: frozenset[int], levels: str) -> frozenset[int]:
        """Return the state after a word of these levels; empty where the line would be too long."""
        return frozenset(n + len(levels) for n in states if n + len(levels) <= self.most)

    def complete(self, states: frozenset[int]) -> bool:
        """Tell whether the line may end."""
        return any(n >= self.least for n in states)
