"""Span: the chords of a score laid out bar by bar, and notes put into it so that bars add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from miaobi.craft.music.chord import Chord, chord, spell
from miaobi.craft.music.drum import struck
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.notation import lead
from miaobi.craft.music.score import Bar, Event, Key, Part, Pitch, Score, Voice
from miaobi.errors import BriefError
from miaobi.types import Language


@dataclass(frozen=True, slots=True)
class Span:
    """One chord within one bar."""

    bar: int
    offset: Fraction  # in the bar
    length: Fraction
    chord: Chord | None  # None before the first
    lead: Fraction  # of the bar that lies before its first note: not 0 in a pick-up


Hit = tuple[Fraction, Fraction, tuple[int, ...]]  # place in the bar, length, MIDI keys


def spans(score: Score) -> list[Span]:
    """Return the chords in order, each bar's lengths adding up; a chord goes on until the next.

    BriefError for a score without a chord that is known.
    """
    now: Chord | None = None
    found: list[Span] = []
    for i, bar in enumerate(score.bars):
        before = lead(bar, i == 0 and bool(score.pickup))
        marks = [(c.offset, chord(c.text) or now) for c in bar.chords if 0 <= c.offset < bar.full]
        if not marks or marks[0][0] > 0:
            marks.insert(0, (Fraction(0), now))
        for n, (offset, one) in enumerate(marks):
            end = marks[n + 1][0] if n + 1 < len(marks) else bar.full
            found.append(Span(i, offset, end - offset, one, before))
            now = one
    if all(s.chord is None for s in found):
        raise BriefError("The score has no chords to make a part from.", 'Give chord symbols: "G" "Am7" "D7".')
    return found


def part(score: Score, name: str, language: Language, hits: Callable[[Span], Sequence[Hit]]) -> Part:
    """Return a part for the instrument *name* that plays what *hits* gives for each span; what sounds at once is
    a chord.
    """
    rows: dict[int, list[Hit]] = {}
    for span in spans(score):
        rows.setdefault(span.bar, []).extend(hits(span))
    return part_of(score, name, language, rows)


def part_of(score: Score, name: str, language: Language, rows: Mapping[int, Sequence[Hit]]) -> Part:
    """Return a part for the instrument *name* that plays what *rows* has for each bar."""
    one = instrument(name)
    bars = tuple((voice(rows.get(i, ()), bar, one.percussion),) for i, bar in enumerate(score.bars))
    return Part(shown(one, language), one, bars)


def voice(hits: Sequence[Hit], bar: Bar, drums: bool = False) -> Voice:
    """Return *hits* as events that fill the bar: rests between them, cut where the next begins."""
    by_place: dict[Fraction, tuple[Fraction, set[int]]] = {}
    for place, length, keys in hits:
        if 0 <= place < bar.full and length > 0 and keys:
            before, together = by_place.get(place, (Fraction(0), set()))
            by_place[place] = (max(before, length), together | set(keys))
    done: list[Event] = []
    at = Fraction(0)
    places = sorted(by_place)
    for n, place in enumerate(places):
        length, together = by_place[place]
        end = min(place + length, places[n + 1] if n + 1 < len(places) else bar.full)
        if place > at:
            done.append(Event((), place - at))
        done.append(Event(tuple(_pitch(k, bar.key, drums) for k in sorted(together)), end - place))
        at = end
    if at < bar.full:
        done.append(Event((), bar.full - at))
    return tuple(done)


def _pitch(midi: int, key: Key, drums: bool) -> Pitch:
    return struck(midi) if drums else spell(midi, key)


def steps(span: Span, unit: Fraction) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Yield the number, the place and the length of each *unit* of the span; the last may be shorter."""
    n, at, end = 0, span.offset, span.offset + span.length
    while at < end:
        yield n, at, min(unit, end - at)
        n, at = n + 1, at + unit
