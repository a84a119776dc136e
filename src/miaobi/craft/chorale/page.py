"""Page: a setting in four voices as a score in its key, and the parts of a score as voices of a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from miaobi.craft.chorale.setting import GRID, Cell
from miaobi.craft.music.instrument import SATB, instrument, shown
from miaobi.craft.music.interval import Interval
from miaobi.craft.music.score import QUARTER, Bar, Event, Key, Metre, Part, Pitch, Score, Tempo, Voice, notatable
from miaobi.errors import BriefError
from miaobi.types import Language

_NAMES = dict(zip("SATB", SATB, strict=True))
Mark = tuple[str, Pitch | None]  # of a sixteenth: o, - or r, and what sounds


def score_of(
    beats: Sequence[Mapping[str, Cell]],
    places: Sequence[int],
    ends: Sequence[int],
    metre: Metre,
    key: Key,
    interval: Interval,
    title: str,
    tempo: Tempo,
    language: Language,
) -> Score:
    """Return four parts. *places*: of each beat in its bar; *ends*: beats with a fermata."""
    starts = [i for i, place in enumerate(places) if place == 1 or i == 0]
    spans = list(zip(starts, [*starts[1:], len(places)], strict=True))
    bars = tuple(
        Bar(
            metre,
            key,
            length=QUARTER * (b - a) if b - a != metre.beats else None,
            tempo=tempo if a == 0 else None,
        )
        for a, b in spans
    )
    parts = []
    for voice in "SATB":
        marks = marks_of(beats, voice)
        voices = tuple((_voice(marks, a * GRID, b * GRID, interval, ends),) for a, b in spans)
        one = instrument(_NAMES[voice])
        parts.append(Part(shown(one, language), one, voices))
    return Score(title, bars, tuple(parts))


def marks_of(beats: Sequence[Mapping[str, Cell]], voice: str) -> list[Mark]:
    """Return each sixteenth of a voice."""
    out: list[Mark] = []
    now: Pitch | None = None
    for cells in beats:
        coming = iter(cells[voice].pitches)
        for mark in cells[voice].figure:
            now = next(coming) if mark == "o" else None if mark == "r" else now
            out.append((mark, now))
    return out


def _voice(marks: Sequence[Mark], start: int, end: int, interval: Interval, ends: Sequence[int]) -> Voice:
    """Return the events of a bar; what is held over the bar line is tied."""
    events: list[Event] = []
    at, closing = start, {_last_sung(marks, GRID * beat + GRID - 1) for beat in ends}
    while at < end:
        to = at + 1
        while to < end and marks[to][0] == "-":
            to += 1
        over = to == end and to < len(marks) and marks[to][0] == "-"
        value = marks[at][1]
        lengths = notatable(Fraction(to - at, 4 * GRID))
        closes = any(at <= sixteenth < to for sixteenth in closing)
        for k, length in enumerate(lengths):
            last = k == len(lengths) - 1
            tied = value is not None and (over or not last)
            event = Event((interval.moved(value),) if value is not None else (), length, tied=tied)
            events.append(replace(event, marks=("fermata",)) if closes and last and not over else event)
        at = to
    return tuple(events)


def _last_sung(marks: Sequence[Mark], at: int) -> int:
    """Return the last sixteenth up to *at* on which something sounds: a fermata stands over a note."""
    return next((k for k in range(at, -1, -1) if marks[k][1] is not None), at)


def cells_of(score: Score, part: int, interval: Interval) -> tuple[list[Cell], list[int], set[int]]:
    """Return a part as cells of beats on the tonic C, each beat's place in its bar, and the beats with a fermata.

    BriefError where a note is off the grid of sixteenths, or bars don't hold whole beats.
    """
    marks: list[Mark] = []
    places: list[int] = []
    fermatas: set[int] = set()
    tied = False
    beats = score.bars[0].metre.beats
    for number, bar in enumerate(score.bars):
        size = bar.full / QUARTER
        if size.denominator != 1:
            raise BriefError(f"Bar {number + 1} of the score doesn't hold whole beats.", "A chorale goes by quarters.")
        first = 1 + (beats - int(size) if number == 0 else 0)
        places += [(first - 1 + k) % beats + 1 for k in range(int(size))]
        voices = score.parts[part].bars[number]
        for event in voices[0] if voices else ():
            length = event.length * 4 * GRID
            if length.denominator != 1:
                raise BriefError(
                    f"Bar {number + 1} has a note of {event.length} of a whole note.",
                    "A chorale goes down to sixteenths.",
                )
            if "fermata" in event.marks:
                fermatas.add((len(marks) + int(length) - 1) // GRID)
            value = interval.back.moved(event.pitches[-1]) if event.pitches else None
            begins = "-" if tied and value is not None else "o" if value is not None else "r"
            marks += [(begins, value), *[("-", value)] * (int(length) - 1)]
            tied = event.tied
    if len(marks) != GRID * len(places):
        raise BriefError("The bars of the score don't add up.", "Check it first: miaobi check FILE --form tune")
    cells = []
    for i in range(len(places)):
        own = marks[GRID * i : GRID * (i + 1)]
        cells.append(Cell("".join(m for m, _ in own), tuple(p for m, p in own if m == "o" and p is not None)))
    return cells, places, fermatas
