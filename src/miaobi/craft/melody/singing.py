"""Singing: how the lines of a poem fall on the beats of a melody, before a note of it is written.

A stressed syllable begins a *slot*, half a bar of 4/4, 6/8 or 2/4, a whole one of 3/4; weak ones follow in it, and
those that open a line come last and short in the slot before, or make a pick-up. A line takes four slots, six or
eight, all lines of a stanza as many where they can, the last held where it has fewer feet: a line of four is two bars
(four in 3/4) and ends on a long note, after which one breathes. In Chinese two characters share a slot,
the caesura of 五言 and 七言 falls between slots, and the last character is held, at times on two notes. After Halle and
Lerdahl, A generative textsetting model (Current Musicology 55, 1993): stresses on strong beats, the longest notes at
line ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from miaobi.craft.melody.metric import EIGHTH
from miaobi.craft.melody.tune import full
from miaobi.craft.prosody.english.metre import METRES as METRES_OF_VERSE
from miaobi.craft.prosody.english.metre import loosened
from miaobi.craft.prosody.english.scansion import scan, spoken_ways, words_in
from miaobi.errors import BriefError, show

METRES = ("4/4", "6/8", "2/4", "3/4")
SLOTS = 4  # a line
LONGEST = 8  # slots of a line that is one phrase still
_AGAINST = {"0": 1.0, "a": 2.0, "f": 0.5, "e": 0.25}  # what a stress on such a syllable costs a regular reading
_REGULAR = 0.125  # a syllable: more, and a line is read as prose
_HANZI = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
MOST = 4  # syllables a slot
# how high a syllable of each tone of Mandarin begins and lies, of five levels (Chao 1930): 55 35 214 51 and the
# neutral tone
HEIGHTS = {1: 5.0, 2: 4.0, 3: 1.5, 4: 3.5, 5: 2.5}


@dataclass(frozen=True)
class Sung:
    """A syllable to be sung; "" holds the one before it on another note."""

    text: str
    stressed: bool = False
    joined: bool = False  # the word goes on
    height: float = 0.0  # of its tone, 0 where there is none


@dataclass(frozen=True)
class LinePlan:
    """A line on its slots: what comes before the first beat, then the syllables of each slot."""

    lead: tuple[Sung, ...]
    slots: tuple[tuple[Sung, ...], ...]

    @property
    def syllables(self) -> tuple[Sung, ...]:
        """All of them in order."""
        return (*self.lead, *(s for slot in self.slots for s in slot))


@dataclass(frozen=True)
class StanzaPlan:
    """What a melody has to be for a stanza. ``sung``: the syllables of each bar, the pick-up first where there is one;
    ``onsets``: by bar, which notes begin on a slot; ``pickup``: ticks; ``starts``: first bar of each line;
    ``openings``: by bar, where in it the line after begins, as an onset; ``weak``: by bar, the notes of weak syllables;
    ``breaths``: by bar, the note that ends a line."""

    bars: int
    pickup: int
    sung: tuple[tuple[Sung, ...], ...]
    onsets: dict[int, tuple[tuple[int, int], ...]]
    starts: tuple[int, ...]
    openings: dict[int, tuple[int, int]]
    weak: dict[int, frozenset[int]]
    breaths: dict[int, int]

    @property
    def counts(self) -> tuple[tuple[int, int], ...]:
        """Notes of each bar, least and most."""
        return tuple((len(bar), len(bar)) for bar in self.sung)

    @property
    def shape(self) -> tuple[object, ...]:
        """What two stanzas that are sung to one melody share."""
        return self.pickup, self.counts, tuple(sorted(self.places.items())), tuple(sorted(self.weak.items()))

    @property
    def places(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """By bar, which notes begin where: ``onsets`` and ``openings``."""
        return {bar: (*own, self.openings[bar]) if bar in self.openings else own for bar, own in self.onsets.items()}


def slot(metre: str) -> int:
    """Return the ticks of a slot."""
    return full(metre) if metre == "3/4" else full(metre) // 2


def english_line(line: str, measure: str = "") -> LinePlan:
    """Return a line of English on its slots. *measure*: the iambic metre that it is in, where it is in one: then
    every second syllable is stressed, as a stanza's melody needs it, whatever the words would be by themselves."""
    metre = METRES_OF_VERSE.get(measure)
    reading = (scan(line, metre) or scan(line, loosened(metre))) if metre else None
    words = reading.words if reading else [spoken_ways(word, start)[0] for word, start in words_in(line)]
    syllables: list[Sung] = []
    for spoken in words:
        parts = split(spoken.word, len(spoken.levels))
        marks = _MARKS.match(line, spoken.start + len(spoken.word))
        parts[-1] += marks.group() if marks else ""
        syllables += [
            Sung(part, level in "12c", k < len(parts) - 1)
            for k, (part, level) in enumerate(zip(parts, spoken.levels, strict=True))
        ]
    if not syllables:
        raise BriefError(f"The line {show(line)} has no words.", "Give lines of words.")
    levels = "".join(spoken.levels for spoken in words)
    first = 1 if reading else _alternating(levels)
    if first is not None:
        opens = 2 if first == 0 and levels[0] not in "12c" else first  # a weak word comes before the first beat
        syllables = [Sung(s.text, k >= opens and k % 2 == first, s.joined) for k, s in enumerate(syllables)]
    return _slotted(_evened(syllables))


def _alternating(levels: str) -> int | None:
    """Return which syllable, the first or the second, begins a reading in which every second one is stressed; None
    where the words don't let themselves be read so.
    """
    if len(levels) < 4:
        return None
    costs = [
        sum(_AGAINST.get(level, 0.0) for level in levels[first::2])
        + sum({"1": len(levels), "2": 0.5, "c": 1.0}.get(level, 0.0) for level in levels[1 - first :: 2])
        for first in (0, 1)
    ]
    first = int(costs[1] <= costs[0])
    return first if costs[first] <= _REGULAR * len(levels) else None


def _evened(syllables: list[Sung]) -> list[Sung]:
    """Return the syllables with stresses in reach: no more than three weak ones side by side, and one stress at
    least.
    """
    out: list[Sung] = []
    weak = 0
    for k, s in enumerate(syllables):
        stressed = s.stressed or weak == MOST - 1 or (k == len(syllables) - 1 and not any(o.stressed for o in out))
        weak = 0 if stressed else weak + 1
        out.append(Sung(s.text, stressed, s.joined))
    return out


def _slotted(syllables: Sequence[Sung]) -> LinePlan:
    first = next(k for k, s in enumerate(syllables) if s.stressed)
    slots: list[list[Sung]] = []
    for s in syllables[first:]:
        if s.stressed:
            slots.append([])
        slots[-1].append(s)
    padded = [tuple(s) for s in slots] + [()] * (_room(len(slots)) - len(slots))
    return LinePlan(tuple(syllables[:first]), tuple(padded))


def _room(feet: int) -> int:
    return max(SLOTS, feet + feet % 2)


def even(lines: Sequence[LinePlan]) -> list[LinePlan]:
    """Return the lines of a stanza in as many slots each, where none is more than two slots longer than another."""
    most = max(len(line.slots) for line in lines)
    if most - min(len(line.slots) for line in lines) > 2:
        return list(lines)
    return [LinePlan(line.lead, (*line.slots, *[()] * (most - len(line.slots)))) for line in lines]


def split(word: str, count: int) -> list[str]:
    """Return a word in *count* parts to stand under notes, each further one with the consonants that can open it."""
    groups = [m.span() for m in _VOWELS.finditer(word)]
    for place in range(len(groups) - 1, 0, -1):  # a silent e
        start, end = groups[place]
        if len(groups) > count and word[start:end].lower() == "e":
            groups.pop(place)
    while len(groups) < count:  # two vowels said apart: po-em
        wide = next((k for k, (a, b) in enumerate(groups) if b - a > 1), -1)
        if wide < 0:
            return [word, *[""] * (count - 1)]
        a, b = groups[wide]
        groups[wide : wide + 1] = [(a, a + 1), (a + 1, b)]
    cuts = []
    for (_, end), (start, _) in pairwise(groups[:count]):
        onset = next(k for k in range(end, start + 1) if k == start or _ONSET.fullmatch(word[k:start]))
        whole = start - end < 2 or _ONE_SOUND.fullmatch(word[end:start])
        cuts.append(onset if onset > end or whole else end + 1)
    edges = [0, *cuts, len(word)]
    return [word[x:y] for x, y in pairwise(edges)]


_MARKS = re.compile(r"[,.;:!?…]+")
_VOWELS = re.compile(r"(?i)(?:(?<=q)u)?[aeiou]+(?:y(?![aeiou]))?|y(?![aeiou])")
_ONE_SOUND = re.compile(r"(?i)[cst]h|ph|wh")  # mo-ther, not mot-her
_ONSET = re.compile(r"(?i)[bcdfghjklmnpqrstvwxyz]|[bcfgkp][lr]|[dt]r|[cst]h|ph|wh|qu|st|sh|sp|sk|str|thr|shr")


def chinese_line(line: str, chance: Random) -> LinePlan:
    """Return a line of Chinese on its slots; BriefError for one without characters, or with more than sixteen."""
    from pypinyin import Style, pinyin

    characters = _HANZI.findall(line)
    if not 1 <= len(characters) <= 2 * MOST * SLOTS // 2:
        raise BriefError(f"The line {show(line)} can't be sung.", "A line has one to sixteen characters.")
    tones = [row[0][-1:] for row in pinyin(characters, style=Style.TONE3, neutral_tone_with_five=True)]
    sung = [
        Sung(c, height=HEIGHTS.get(int(t) if t.isdigit() else 5, 2.5)) for c, t in zip(characters, tones, strict=True)
    ]
    groups = _pairs(sung)
    last = groups[-1] or groups[-2]
    if len(last) == 1 and chance.random() < 0.5:  # held on two notes
        place = groups.index(last)
        groups[place] = [*last, Sung("")]
    return LinePlan((), tuple(tuple(g) for g in groups))


def _pairs(sung: list[Sung]) -> list[list[Sung]]:
    """Return characters by slots: 二二三 as 2 2 2 1, 二三 as 2 – 2 1; others by twos, an odd one last."""
    if len(sung) == 5:
        return [sung[:2], [], sung[2:4], sung[4:]]
    groups = [sung[k : k + 2] for k in range(0, len(sung), 2)]
    if len(sung) <= SLOTS:
        groups = [[s] for s in sung]
    count = SLOTS if len(groups) <= SLOTS else len(groups) + len(groups) % 2
    return groups + [[] for _ in range(count - len(groups))]


def stanza(lines: Sequence[LinePlan], metre: str, upbeat: bool) -> StanzaPlan:
    """Return what a melody has to be for these lines. *upbeat*: whether the tune begins before its first bar line.

    All stanzas of a song agree in that. One without a syllable for the upbeat holds the syllable before it on; one
    with some, in a song without upbeats, begins with them on the beat.
    """
    length, a_bar = slot(metre), full(metre) // slot(metre)
    lead = lines[0].lead or (Sung(""),)
    pickup = 0 if not upbeat else (24 if metre in ("4/4", "3/4") else 12)
    slots: list[list[Sung]] = []
    starts: list[int] = []
    opened: dict[int, int] = {}  # by slot: how many syllables at its end open the line after
    for k, line in enumerate(lines):
        starts.append(len(slots) // a_bar)
        if k and line.lead:
            opened[len(slots) - 1] = len(line.lead)
            slots[-1] = [*slots[-1], *line.lead]
        slots += [list(s) for s in line.slots]
        if k == 0 and line.lead and not upbeat:
            slots[0] = [*line.lead, *slots[0]]
    onsets: dict[int, tuple[tuple[int, int], ...]] = {}
    sung: list[tuple[Sung, ...]] = [lead] if pickup else []
    begins = [k for line, start in zip(lines, starts, strict=True) for k in _begun(line, start * a_bar)]
    openings: dict[int, tuple[int, int]] = {}
    weak: dict[int, frozenset[int]] = {}
    breaths: dict[int, int] = {}
    for bar in range(len(slots) // a_bar):
        inner, last = range(bar * a_bar, (bar + 1) * a_bar), (bar + 1) * a_bar - 1
        own = [s for k in inner for s in slots[k]]
        opens = opened.get(last, 0)
        if len(own) == opens:  # a bar through which the last syllable is held
            own.insert(0, Sung(""))
        number, places = 0, []
        for k in inner:
            if k in begins:
                places.append((number, full(metre) - (k - bar * a_bar) * length))
            number += len(slots[k])
        if place := _opening(slots[last], opens, metre):
            openings[bar] = len(own) - opens, place
        sung.append(tuple(own))
        onsets[bar] = tuple(places)
        weak[bar] = frozenset(k for k, s in enumerate(own) if s.text and not s.stressed and not s.height)
        if bar + 1 in starts[1:]:
            breaths[bar] = len(own) - opens - 1
    return StanzaPlan(len(slots) // a_bar, pickup, tuple(sung), onsets, tuple(starts), openings, weak, breaths)


def _opening(sung: Sequence[Sung], lead: int, metre: str) -> int:
    """Return how many ticks are left where the last *lead* syllables of a slot begin, an eighth each, or a quarter
    where one comes after a note that is longer still; 0 where it has no room for that.
    """
    before = len(sung) - lead
    if lead == 1 and metre != "6/8" and (before + 2) * 2 * EIGHTH <= slot(metre):
        return 2 * EIGHTH
    return lead * EIGHTH if (before + lead) * EIGHTH <= slot(metre) else 0


def _begun(line: LinePlan, first: int) -> list[int]:
    return [first + k for k, own in enumerate(line.slots) if own]
