"""Notation: what a page needs and a score doesn't say: which lengths are split, which accidentals are shown, what is
beamed. One place, for every writer that draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.music.score import EIGHTH, QUARTER, Bar, Event, Key, Metre, Part, Pitch, Score, Voice, notatable

Place = tuple[int, int, int]  # voice, event, pitch


def notated(score: Score) -> Score:
    """Return the score with every length that no one symbol shows split into tied notes; ValueError where none do."""
    parts = tuple(replace(p, bars=tuple(tuple(map(_split, voices)) for voices in p.bars)) for p in score.parts)
    return replace(score, parts=parts)


def _split(voice: Voice) -> Voice:
    done: list[Event] = []
    for event in voice:
        lengths = notatable(event.written)
        if len(lengths) < 2:
            done.append(event)
            continue
        share = event.length / event.written
        held = tuple(None if s is None else replace(s, text="", joined=False) for s in event.lyrics)
        for i, length in enumerate(lengths):
            first, last = i == 0, i == len(lengths) - 1
            piece = replace(
                event,
                length=length * share,
                tied=not event.rest if not last else event.tied,
                slur_starts=event.slur_starts and first,
                slur_stops=event.slur_stops and last,
                tuplet=event.tuplet and replace(event.tuplet, opens=event.tuplet.opens and first),
                marks=tuple(m for m in event.marks if last or m not in ("fermata", "breath")) if first or last else (),
            )
            done.append(piece if first else replace(piece, lyrics=held, dynamic="", grace=()))
    return tuple(done)


def bar_numbers(score: Score) -> list[int]:
    """Return the number of each bar as people count them: 0 for a pick-up at the head, that of the bar which it
    completes for one at the head of a section.
    """
    found: list[int] = []
    for i, bar in enumerate(score.bars):
        upbeat = bar.full < bar.metre.length and i + 1 < len(score.bars) and (i == 0 or bool(bar.section))
        found.append((found[-1] if found else 0) + (not upbeat))
    return found


def symbol(written: Fraction) -> tuple[Fraction, int]:
    """Return a notatable length as its undotted length and its dots."""
    for dots, factor in ((0, Fraction(1)), (1, Fraction(3, 2)), (2, Fraction(7, 4))):
        base = written / factor
        if base <= 2 and (base.numerator == 1 or base == 2) and base.denominator & (base.denominator - 1) == 0:
            return base, dots
    raise ValueError(f"{written} of a whole note has no symbol of its own")


def accidentals(voices: Sequence[Voice], key: Key, tied_in: Sequence[frozenset[Pitch]] = ()) -> dict[Place, int]:
    """Return which notes of one bar on one staff show an accidental, and which: −2…2, 0 a natural.

    An accidental holds for its line to the end of the bar, whichever voice wrote it. *tied_in*: by voice, the pitches
    that come tied from the bar before, which show none.
    """
    notes: list[tuple[Fraction, int, int]] = []
    for v, voice in enumerate(voices):
        at = Fraction(0)
        for e, event in enumerate(voice):
            notes.append((at, v, e))
            at += event.length
    state: dict[int, int] = {}
    shown: dict[Place, int] = {}
    for _, v, e in sorted(notes):
        event = voices[v][e]
        before = voices[v][e - 1] if e else None
        held = frozenset(before.pitches) if before and before.tied else frozenset()
        if e == 0 and v < len(tied_in):
            held = tied_in[v]
        for p, pitch in enumerate(event.pitches):
            if pitch in held:
                continue
            if state.get(pitch.line, key.altered(pitch.step)) != pitch.alter:
                shown[v, e, p] = pitch.alter
            state[pitch.line] = pitch.alter
    return shown


def lead(bar: Bar, first: bool) -> Fraction:
    """Return how much of the full bar lies before its first note: a pick-up stands at a bar's end."""
    return max(bar.metre.length - bar.full, Fraction(0)) if first else Fraction(0)


def _spans(metre: Metre) -> tuple[list[Fraction], list[Fraction]]:
    """Return the ends of what may share a beam: of plain eighths, and of anything."""
    pulses = metre.pulses
    if metre.unit >= 8 and not metre.compound and not metre.groups:
        usual = {5: (3, 2), 7: (2, 2, 3), 8: (3, 3, 2)}.get(metre.beats, (metre.beats,))
        pulses = tuple(Fraction(g, metre.unit) for g in usual)
    elif metre.unit == 2:
        pulses = (QUARTER,) * (2 * metre.beats)
    fine = [sum(pulses[: i + 1], Fraction(0)) for i in range(len(pulses))]
    whole = metre.length
    if metre.compound or metre.unit >= 8 or metre.groups:
        return fine, fine
    coarse = [whole] if whole <= 3 * QUARTER else [Fraction(i, 2) for i in range(1, int(whole * 2) + 1)]
    return [*coarse, whole], fine


@dataclass(frozen=True, slots=True)
class Beam:
    """Events of one voice that share a beam: the first and the last of them."""

    first: int
    last: int


def beams(voice: Voice, metre: Metre, before: Fraction = Fraction(0)) -> list[Beam]:
    """Return the beams of one voice in one bar; *before*: what of the bar is not there (``lead``)."""
    coarse, fine = _spans(metre)
    starts, at = [], before
    for event in voice:
        starts.append(at)
        at += event.length
    found: list[Beam] = []
    for run in _runs(voice, starts, coarse):
        plain = all(voice[i].written == EIGHTH and voice[i].tuplet is None for i in run)
        pieces = [run] if plain else _cut(run, starts, fine)
        found += [Beam(p[0], p[-1]) for p in pieces if len(p) > 1]
    return found


def _runs(voice: Voice, starts: list[Fraction], ends: list[Fraction]) -> list[list[int]]:
    """Return unbroken runs of flagged notes inside each span."""
    runs: list[list[int]] = []
    open_run = False
    for i, event in enumerate(voice):
        if event.rest or event.written >= QUARTER:
            open_run = False
            continue
        if open_run and _span(starts[i], ends) == _span(starts[runs[-1][-1]], ends):
            runs[-1].append(i)
        else:
            runs.append([i])
        open_run = True
    return runs


def _cut(run: list[int], starts: list[Fraction], ends: list[Fraction]) -> list[list[int]]:
    pieces: list[list[int]] = []
    for i in run:
        if pieces and _span(starts[i], ends) == _span(starts[pieces[-1][-1]], ends):
            pieces[-1].append(i)
        else:
            pieces.append([i])
    return pieces


def _span(at: Fraction, ends: list[Fraction]) -> int:
    return sum(end <= at for end in ends)


def tuplets(voice: Voice) -> list[tuple[int, int]]:
    """Return the first and the last event of each tuplet."""
    found: list[tuple[int, int]] = []
    for i, event in enumerate(voice):
        if event.tuplet is None:
            continue
        before = voice[i - 1].tuplet if i else None
        goes_on = before is not None and (before.actual, before.normal) == (event.tuplet.actual, event.tuplet.normal)
        if goes_on and not event.tuplet.opens:
            found[-1] = (found[-1][0], i)
        else:
            found.append((i, i))
    return found


def held_on(part: Part, bar: int, voice: int, event: int, verse: int) -> bool:
    """Tell whether the syllable of an event is held over the next note of its voice."""
    start = event + 1
    for voices in part.bars[bar:]:
        later = next((e for e in voices[voice][start:] if not e.rest), None) if voice < len(voices) else None
        if later is not None:
            sung = later.lyrics[verse] if verse < len(later.lyrics) else None
            return sung is not None and not sung.text
        start = 0
    return False
