"""Performance: a score as it is heard: repeats played, ties joined, times in seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.music.score import DYNAMICS, Bar, Event, Score, Tempo, Voice
from miaobi.errors import InputFileError

MOST_BARS = 20_000  # played, repeats and all: four hours of the longest symphonies have fewer
LOUDNESS = dict(zip(DYNAMICS, (16, 33, 49, 64, 80, 96, 112, 126), strict=True))  # MIDI velocity
USUAL = LOUDNESS["mf"]


@dataclass(frozen=True, slots=True, order=True)
class Tone:
    """One sound: a note, or several that ties join."""

    onset: Fraction  # whole notes from the beginning of the performance
    pitch: int  # MIDI key
    length: Fraction
    part: int = 0
    voice: int = 0
    loudness: int = USUAL  # MIDI velocity, 1–127


def order(bars: Sequence[Bar]) -> tuple[int, ...]:
    """Return the numbers of the bars in the order in which they are played.

    InputFileError where repeats make more than 20,000 of them.
    """
    played: list[int] = []
    start, turn, i = 0, 1, 0
    while i < len(bars):
        bar = bars[i]
        if bar.repeat_starts and i != start:
            start, turn = i, 1
        if not bar.ending or turn in bar.ending:
            played.append(i)
            if len(played) > MOST_BARS:
                raise InputFileError(f"Its repeats make more than {MOST_BARS:,} bars.", "Give a shorter piece.")
            if bar.repeat_ends and turn < max(bar.repeat_ends, _last_ending(bars, i)):
                i, turn = start, turn + 1
                continue
            if bar.repeat_ends:
                start = i + 1
        i += 1
        if i < len(bars) and bars[i - 1].ending and not bars[i].ending:
            start, turn = i, 1
        elif start == i:
            turn = 1
    return tuple(played)


def _last_ending(bars: Sequence[Bar], i: int) -> int:
    """Return the highest number of the endings that stand side by side from bar *i* on; 0 outside one."""
    last = 0
    while i < len(bars) and bars[i].ending:
        last = max(last, *bars[i].ending)
        i += 1
    return last


def timeline(score: Score, repeats: bool = True) -> Iterator[tuple[int, Fraction]]:
    """Yield the number of each bar that is played and when it begins, in whole notes."""
    onset = Fraction(0)
    for number in order(score.bars) if repeats else range(len(score.bars)):
        yield number, onset
        onset += score.bars[number].full


def played(score: Score, part: int, voice: int, repeats: bool = True) -> Iterator[tuple[Fraction, int, int, Event]]:
    """Yield onset, bar, index in the bar's voice and event, of one voice as it is played."""
    for number, start in timeline(score, repeats):
        voices = score.parts[part].bars[number]
        onset = start
        for index, event in enumerate(voices[voice] if voice < len(voices) else ()):
            yield onset, number, index, event
            onset += event.length


def voices_of(score: Score, part: int) -> int:
    """Return how many voices *part* has where it has most."""
    return max((len(voices) for voices in score.parts[part].bars), default=0)


def tones(score: Score, repeats: bool = True) -> list[Tone]:
    """Return what sounds, sorted by onset and pitch. Grace notes take no time and aren't among them."""
    found: list[Tone] = []
    for part in range(len(score.parts)):
        loudness = USUAL
        for voice in range(voices_of(score, part)):
            held: dict[int, Tone] = {}
            end = Fraction(0)
            for onset, _, _, event in played(score, part, voice, repeats):
                if onset != end:
                    found += held.values()
                    held = {}
                end = onset + event.length
                loudness = LOUDNESS.get(event.dynamic, loudness)
                going = {
                    key: replace(held.pop(key), length=end - held_onset)
                    if (held_onset := held[key].onset if key in held else onset) != onset
                    else Tone(onset, key, event.length, part, voice, loudness)
                    for key in dict.fromkeys(p.midi for p in event.pitches)
                }
                found += held.values()  # what was tied to a pitch that doesn't come
                held = going if event.tied else {}
                if not event.tied:
                    found += going.values()
            found += held.values()
    return sorted(found)


def total(score: Score, repeats: bool = True) -> Fraction:
    """Return how long the performance is, in whole notes."""
    numbers = order(score.bars) if repeats else range(len(score.bars))
    return sum((score.bars[n].full for n in numbers), Fraction(0))


@dataclass(frozen=True, slots=True)
class Clock:
    """From places in the performance to seconds."""

    changes: tuple[tuple[Fraction, Fraction, Tempo], ...]  # onset, its second, the tempo from there on

    def seconds(self, onset: Fraction) -> float:
        """Return the second at which *onset*, in whole notes, comes."""
        place, second, tempo = next((c for c in reversed(self.changes) if c[0] <= onset), self.changes[0])
        return float(second + (onset - place) * tempo.seconds)


def clock(score: Score, repeats: bool = True) -> Clock:
    """Return the score's times; its tempo is a quarter at 100 where it names none."""
    tempo = next((b.tempo for b in score.bars if b.tempo), Tempo()) if score.bars else Tempo()
    changes = [(Fraction(0), Fraction(0), tempo)]
    now = tempo
    for number, onset in timeline(score, repeats):
        new = score.bars[number].tempo
        if new and new != now:
            place, second, _ = changes[-1]
            second += (onset - place) * now.seconds
            if place == onset:
                changes.pop()
            changes.append((onset, second, new))
            now = new
    return Clock(tuple(changes))


def silent(length: Fraction) -> Voice:
    """Return a voice that rests for *length*."""
    return (Event((), length),) if length else ()
