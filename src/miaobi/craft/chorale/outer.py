"""Outer voices: a melody and a bass as the chorale net is told of two voices that are known.

What sounds on each beat is told, a beat of any length as a quarter note: the net knows hymns in 4/4 and 3/4, and so 6/8
and 2/4 are two bars to one of its. A cell is ``o---`` where a note has begun since the beat before, ``----`` where the
one before goes on, also through rests. The bass is told an octave higher than a bass guitar plays it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.chorale.rule import RANGES
from miaobi.craft.chorale.setting import Beat, Cell, Setting, beat_opening, header
from miaobi.craft.melody.page import net_mode
from miaobi.craft.music.arrangement.span import Hit
from miaobi.craft.music.chord import spell
from miaobi.craft.music.interval import Interval, from_root
from miaobi.craft.music.notation import lead
from miaobi.craft.music.score import Key, Pitch, Score


@dataclass(frozen=True)
class Frame:
    """A melody on its beats. ``places``: bar and offset of each beat; ``first``: number of each phrase's first beat."""

    setting: Setting  # with cells of the soprano alone
    places: tuple[tuple[int, Fraction], ...]
    first: tuple[int, ...]
    key: Key  # on the tonic C

    def phrase(self, number: int) -> range:
        """Return the beats of a phrase."""
        ends = (*self.first[1:], len(self.places))
        return range(self.first[number], ends[number])

    def opening(self) -> list[str]:
        """Return the events before the first beat."""
        return [*header(self.setting), "known"]

    def events(self, beats: range, bass: Sequence[Cell]) -> tuple[list[str], list[bool]]:
        """Return the events of some beats with the bass's cells, and which of them are the bass's."""
        names: list[str] = []
        own: list[bool] = []
        for i, cell in zip(beats, bass, strict=True):
            before = [*beat_opening(self.setting, i), *self.setting.beats[i].cells["S"].events("S")]
            told = cell.events("B")
            names += [*before, *told]
            own += [False] * len(before) + [True] * len(told)
        return names, own

    def bass(self, beats: range, line: Mapping[int, Sequence[Hit]]) -> list[Cell]:
        """Return a bass line's cells in some beats."""
        shift = self.setting.shift
        told = [(bar, at, spell(keys[0] + 12 - shift, self.key)) for bar in sorted(line) for at, _, keys in line[bar]]
        return cells([self.places[i] for i in beats], told)


def frame(score: Score, phrases: Sequence[Sequence[int]], part: int = 0) -> Frame:
    """Return the melody of *score* on its beats, with the numbers of the bars of each phrase."""
    first = score.bars[0]
    interval = from_root(first.key.tonic)
    places: list[tuple[int, Fraction]] = []
    heads: list[int] = []
    numbers: list[int] = []
    for bars in phrases:
        heads.append(len(places))
        for number in bars:
            bar = score.bars[number]
            late = lead(bar, number == 0 or bool(bar.section))
            at, place = Fraction(0), 0
            for pulse in bar.metre.pulses:
                if late <= at < late + bar.full:
                    places.append((number, at - late))
                    numbers.append(place)
                at, place = at + pulse, place + 1
    mode = first.key.mode if first.key.mode == "phrygian" else net_mode(first.key.mode)
    told = [(bar, at, e.pitches[-1]) for bar, at, e in score.parts[part].voice() if e.pitches]  # the highest
    octave = _octave([p.midi for _, _, p in told])
    back = interval.back
    top = cells(places, [(b, a, _moved(p, back, octave)) for b, a, p in told])
    beats = _beats(score, places, numbers, heads, top)
    metre = "3/4" if len(first.metre.pulses) == 3 else "4/4"
    return Frame(Setting(metre, mode, interval.semitones, beats), tuple(places), tuple(heads), Key("C", mode))


def _beats(
    score: Score, places: Sequence[tuple[int, Fraction]], numbers: Sequence[int], heads: Sequence[int],
    top: Sequence[Cell],
) -> tuple[Beat, ...]:  # fmt: skip
    ends = {head - 1 for head in heads[1:]} | {len(places) - 1}
    halved = len(score.bars[0].metre.pulses) == 2
    found, second, before = [], False, -1
    for i, ((bar, _), number) in enumerate(zip(places, numbers, strict=True)):
        if i in heads:
            second = number > 0
        elif halved and bar != before and number == 0:
            second = not second
        before = bar
        found.append(Beat(number % 4 + 1 + 2 * (halved and second), {"S": top[i]}, i in ends))
    return tuple(found)


def _octave(heights: Sequence[int]) -> int:
    """Return by how many octaves a melody is moved to lie as a soprano does."""
    low, high = RANGES["S"]
    middle = sum(heights) / len(heights) if heights else (low + high) / 2
    return round(((low + high) / 2 - middle) / 12)


def _moved(value: Pitch, interval: Interval, octaves: int) -> Pitch:
    found = interval.moved(value)
    return replace(found, octave=found.octave + octaves)


def cells(places: Sequence[tuple[int, Fraction]], told: Sequence[tuple[int, Fraction, Pitch]]) -> list[Cell]:
    """Return what notes, by bar and offset, do on each beat."""
    out: list[Cell] = []
    waiting = list(told)
    for place in places:
        begun: Pitch | None = None
        while waiting and waiting[0][:2] <= place:
            begun = waiting.pop(0)[2]
        out.append(Cell("o---", (begun,)) if begun is not None else Cell())
    return out
