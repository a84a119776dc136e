"""What is wished of a Chinese poem, and whether it can be: options, the demands they make, and a plan that meets them.

A demand that can't be met is refused with its reason and the nearest one that can, before anything is written.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.prosody.chinese.imagery import subjects, table
from miaobi.craft.prosody.chinese.poem import MARKS, ChinesePoem, hanzi
from miaobi.craft.prosody.chinese.regulated import SHAPES
from miaobi.craft.prosody.chinese.rime import BOOKS, FREE, LEVEL, Book, Reading, rows
from miaobi.craft.prosody.chinese.scansion import Rhyme
from miaobi.craft.prosody.chinese.scheme import Scheme
from miaobi.errors import BriefError, show
from miaobi.form import Options

RESCUES = {"a": ("a''",), "b": ("b'",), "A": (), "B": ("B'",)}
Mood = Literal["", "闲适", "悲愁", "思乡", "豪放", "喜悦", "清寂"]


class VerseOptions(Options):
    """What all Chinese verse knows."""

    rhyme: str = Field("", description="rhyme group: 东, 尤, … (词: 三, 七平, 十七入, …); chosen when not given")
    words: str = Field("", description="words that must stand in the poem, parted by commas or blanks")
    given: dict[int, str] = Field(
        default_factory=dict, description='lines of yours by number, kept as they are: {"1": "床前明月光"}'
    )
    acrostic: str = Field("", description="藏头: the first characters of the lines")
    mood: Mood = Field("", description="闲适, 悲愁, 思乡, 豪放, 喜悦 or 清寂")
    manner: Literal["tang", "song"] = Field("tang", description="whose manner the net is asked for")
    script: Literal["auto", "traditional", "simplified"] = Field("auto", description="auto: that of the brief")
    dedication: str = Field("", description="a line under the title: 赠友人")
    appendix: Literal["chart", "certificate", "none"] = Field(
        "chart", description="what stands behind the poem: tones, pinyin and rhymes; or every rule with its evidence"
    )


@dataclass(frozen=True)
class Demand:
    """What a poem must hold; lines from 0, characters traditional. ``raw``: given lines as they were given."""

    about: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    given: tuple[tuple[int, str], ...] = ()
    raw: tuple[tuple[int, str], ...] = ()
    acrostic: str = ""
    rhyme: str = ""


@dataclass(frozen=True)
class Plan:
    """One way to meet a demand. ``fixed``: a character a slot, "" where the line is free."""

    scheme: Scheme
    rhymes: dict[str, Rhyme]
    fixed: tuple[tuple[str, ...], ...]

    def text(self, line: int) -> str:
        """Return a line that is fixed as a whole, or ""."""
        return "".join(self.fixed[line]) if all(self.fixed[line]) else ""


class CannotBeError(Exception):
    """Why a scheme can't meet the demand; ``steps``: how far it came."""

    def __init__(self, reason: str, hint: str, steps: int) -> None:
        super().__init__(reason)
        self.hint, self.steps = hint, steps


def demand_of(brief: Brief, options: VerseOptions, count: int) -> Demand:
    """Return what the brief demands of a poem of *count* lines. BriefError for what can't be read as a demand."""
    for number in options.given:
        if not 1 <= number <= count:
            raise BriefError(f"A line {number} is given; the poem has {count}.", f"Number them 1 to {count}.")
    given = {number - 1: hanzi(line, f"given line {number}") for number, line in options.given.items()}
    acrostic = hanzi(options.acrostic, "acrostic") if options.acrostic else ""
    if len(acrostic) > count:
        raise BriefError(
            f"The acrostic {show(options.acrostic)} has {len(acrostic)} characters for {count} lines.",
            f"Give at most {count}.",
        )
    words = tuple(hanzi(word, "required word") for word in MARKS.split(options.words) if word)
    about = list(dict.fromkeys([*"".join(words), *subjects(brief.idea)]))
    if not about:
        raise BriefError(
            f"Nothing in the idea {show(brief.idea)} can be written about in verse.",
            "Say in Chinese characters what the poem is about: 秋夜江上.",
        )
    raw = tuple((number - 1, line.strip()) for number, line in options.given.items())
    return Demand(tuple(about), words, tuple(given.items()), raw, acrostic, options.rhyme.strip())


def kept(poem: ChinesePoem, numbers: Sequence[int]) -> dict[str, Any]:
    """Return the options under which these lines of *poem* stand as they are; BriefError for one that isn't there."""
    for number in numbers:
        if not 1 <= number <= len(poem.lines):
            raise BriefError(f"There is no line {number}: the poem has {len(poem.lines)}.", "Number them from 1.")
    return {"given": {str(number): poem.shown(poem.lines[number - 1]) for number in numbers}}


def plan_of(demand: Demand, schemes: Sequence[Scheme], rng: random.Random) -> Plan:
    """Return a plan for one of *schemes*, drawn by how often poems have them among those that can meet the demand.

    Raises BriefError with the reason of the scheme that came nearest when none can.
    """
    weights = [float(table()["patterns"].get(scheme.name, 1.0)) for scheme in schemes]
    order = sorted(range(len(schemes)), key=lambda i: -(rng.random() ** (1 / weights[i])))
    nearest: CannotBeError | None = None
    for i in order:
        try:
            return _planned(demand, schemes[i], rng)
        except CannotBeError as reason:
            nearest = reason if nearest is None or reason.steps > nearest.steps else nearest
    assert nearest is not None
    raise BriefError(str(nearest), nearest.hint)


def _planned(demand: Demand, scheme: Scheme, rng: random.Random) -> Plan:
    fixed = _fixed(demand, scheme)
    _listed((c for line in fixed for c in line if c), scheme)
    scheme = _shaped(scheme, fixed)
    rhymes = _rhymes(demand, scheme, fixed, rng)
    for word in demand.words:
        if not any(word in "".join(c or "　" for c in line) for line in fixed):
            _place(word, scheme, fixed, rng)
    return Plan(scheme, rhymes, tuple(map(tuple, fixed)))


def _fixed(demand: Demand, scheme: Scheme) -> list[list[str]]:
    fixed = [[""] * len(slots.tones) for slots in scheme.lines]
    for i, text in demand.given:
        if len(text) != len(fixed[i]):
            raise CannotBeError(
                f"The given line {i + 1} has {len(text)} characters; in a {scheme.name} it has {len(fixed[i])}.",
                "Give a line of that length, or another form or width.",
                0,
            )
        fixed[i] = list(text)
    for i, character in enumerate(demand.acrostic):
        if fixed[i][0] not in ("", character):
            raise CannotBeError(
                f"The given line {i + 1} begins with {show(fixed[i][0])}, the acrostic wants {show(character)} there.",
                "Change one of the two, or leave one out.",
                0,
            )
        fixed[i][0] = character
    for i, slots in enumerate(scheme.lines):
        if slots.repeats:
            both = [a or b for a, b in zip(fixed[i - 1], fixed[i], strict=True)]
            if any(a and b and a != b for a, b in zip(fixed[i - 1], fixed[i], strict=True)):
                raise CannotBeError(
                    f"Line {i + 1} of a {scheme.name} repeats line {i}; two different ones are asked for.",
                    "Give the same line, or only one of the two.",
                    0,
                )
            fixed[i - 1], fixed[i] = both, list(both)
    return fixed


def _listed(characters: Iterable[str], scheme: Scheme) -> None:
    for character in characters:
        if not BOOKS[scheme.book].readings(character):
            raise CannotBeError(
                f"The character {show(character)} is not in the rhyme book ({scheme.book}): its tone is unknown.",
                "Take another character" + (", or -o book=xinyun." if scheme.book == "pingshui" else "."),
                1,
            )


def suits(character: str, slot: str, scheme: Scheme) -> list[Reading]:
    """Return the readings of a character that a slot admits."""
    return [r for r in BOOKS[scheme.book].readings(character) if slot == FREE or r.level == (slot == LEVEL)]


def _shaped(scheme: Scheme, fixed: list[list[str]]) -> Scheme:
    """Return the scheme with 拗救 where a fixed character asks for one."""
    lines = []
    for i, slots in enumerate(scheme.lines):
        base = scheme.pattern.shapes[i] if scheme.pattern else ""
        choices = [base, *RESCUES[base]] if scheme.pattern else [""]
        tones = [SHAPES[scheme.pattern.width][shape] if scheme.pattern else slots.tones for shape in choices]
        fitting = [
            n for n, slot in enumerate(tones)
            if all(not c or suits(c, s, scheme) for c, s in zip(fixed[i], slot, strict=True))
        ]  # fmt: skip
        if not fitting:
            at = next(j for j, c in enumerate(fixed[i]) if c and not suits(c, slots.tones[j], scheme))
            raise CannotBeError(
                f"Line {i + 1} of a {scheme.name} wants {slots.tones[at]} at place {at + 1}; {show(fixed[i][at])} "
                f"has no such reading.",
                f"Its tones are {slots.tones}: take another character or another pattern.",
                2,
            )
        lines.append(replace(slots, tones=tones[fitting[0]]))
    return replace(scheme, lines=tuple(lines))


@cache
def common() -> frozenset[str]:
    """Return the characters that verse uses often enough to rhyme with."""
    return frozenset(row[0] for row in rows("topics"))


def _weights(scheme: Scheme, side: str) -> dict[Rhyme, float]:
    """Return the rhymes that a poem may have, with how often poems do."""
    told = table()
    if scheme.book == "pingshui":
        return {(group, LEVEL): float(n) for group, n in told["rhymes"].items()} if side == LEVEL else {}
    if scheme.book == "xinyun":
        return {(group, side): float(n) for group, n in told["new"].items()}
    return {(k[:-1], k[-1]): float(n) for k, n in told["parts"].items() if (k[-1] == LEVEL) == (side == LEVEL)}


def _rhymes(demand: Demand, scheme: Scheme, fixed: list[list[str]], rng: random.Random) -> dict[str, Rhyme]:
    rhymes: dict[str, Rhyme] = {}
    for letter in sorted(scheme.letters, key=lambda each: (each.islower(), each)):
        ends = scheme.ends(letter)
        side = scheme.lines[ends[0]].tones[-1]
        words = [fixed[i][-1] for i in ends if fixed[i][-1] and not scheme.lines[i].repeats]
        if len(set(words)) < len(words):
            raise CannotBeError(
                f"The rhyme word {show(max(words, key=words.count))} is given twice.", "Give other rhyme words.", 3
            )
        able = {
            r for r in _able(scheme.book, side) if all(r in {x.rhyme for x in suits(w, side, scheme)} for w in words)
        }
        if letter.islower():
            able &= {(rhymes[letter.upper()][0], tone) for tone in (side, "入")}
        elif letter == scheme.letters[0] and demand.rhyme:
            able = {r for r in able if _named(demand.rhyme, r, scheme)}
        else:
            able -= set(rhymes.values())
        weights = _weights(scheme, side)
        enough = {r: weights.get(r, 1.0) for r in sorted(able) if _room(r, scheme, words) >= len(ends)}
        if not enough:
            raise _no_rhyme(demand, scheme, side, words, able, len(ends))
        rhymes[letter] = rng.choices(list(enough), list(enough.values()))[0]
    return rhymes


@cache
def _able(book: Book, side: str) -> frozenset[Rhyme]:
    """Return every rhyme that common characters of this tone have."""
    read = (r for c in common() for r in BOOKS[book].readings(c))
    return frozenset(r.rhyme for r in read if r.level == (side == LEVEL))


@cache
def _rhyming(book: Book, rhyme: Rhyme) -> frozenset[str]:
    return frozenset(c for c in common() if rhyme in {r.rhyme for r in BOOKS[book].readings(c)})


def _room(rhyme: Rhyme, scheme: Scheme, words: list[str]) -> int:
    return len(_rhyming(scheme.book, rhyme) | set(words))


def _named(wanted: str, rhyme: Rhyme, scheme: Scheme) -> bool:
    group, tone = rhyme
    bare = wanted.strip("第部韵韻")
    if scheme.book == "cilin":
        return bare in (group, group + tone)
    return bare == group or (scheme.book == "pingshui" and hanzi(bare, "rhyme group") == group)


def _no_rhyme(
    demand: Demand, scheme: Scheme, side: str, words: list[str], able: set[Rhyme], wanted: int
) -> CannotBeError:
    groups = "、".join("".join(r) if scheme.book == "cilin" else r[0] for r in _weights(scheme, side))
    hint = f"Groups with words enough: {groups}."
    if demand.rhyme and not able:
        with_words = f" that {'、'.join(words)} belong to" if words else ""
        reason = f"There is no {'level' if side == LEVEL else 'oblique'} rhyme group {show(demand.rhyme)}{with_words}."
    elif words and not able:
        reason = f"The given rhyme words {'、'.join(words)} share no rhyme group of the tone {side}."
        hint = "Give lines whose last words rhyme, or leave one out."
    else:
        reason = f"The rhyme group {show(demand.rhyme)} has fewer than the {wanted} words that are needed."
    return CannotBeError(reason, hint, 3)


def _place(word: str, scheme: Scheme, fixed: list[list[str]], rng: random.Random) -> None:
    """Put a required word where its tones fit and a line is read in pairs, never at a rhyme."""
    _listed(word, scheme)
    spots = []
    for i, slots in enumerate(scheme.lines):
        last = len(slots.tones) - (1 if slots.rhyme else 0)
        for at in range(0, last - len(word) + 1):
            free = not any(fixed[i][at : at + len(word)]) and not slots.repeats
            if free and all(suits(c, s, scheme) for c, s in zip(word, slots.tones[at:], strict=False)):
                spots.append((i, at))
    if not spots:
        tones = "".join(BOOKS[scheme.book].tones(c) for c in word)
        raise CannotBeError(
            f"The required word {show(word)} ({tones}) fits nowhere in a {scheme.name} beside what else is asked for.",
            "Ask for fewer or shorter words, or for another pattern.",
            4,
        )
    even = [(i, at) for i, at in spots if len(word) == 1 or at in _pairs(len(fixed[i]))]
    i, at = rng.choice(even or spots)
    fixed[i][at : at + len(word)] = list(word)


def _pairs(width: int) -> tuple[int, ...]:
    """Return where words of two characters begin in a line of *width*."""
    return {5: (0, 2, 3), 7: (0, 2, 4, 5)}.get(width, tuple(range(0, width - 1, 2)))
