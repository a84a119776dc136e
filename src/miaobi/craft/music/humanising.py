"""Humanising: a score played as people do: beats leaned on, phrases swelling, no two onsets exactly together.

All of it is drawn from a seed. Places are rounded to 1/3840 of a whole note, so that a MIDI file holds them exactly.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from miaobi.craft.music import shape
from miaobi.craft.music.performance import Tone, clock, played, timeline, tones, voices_of
from miaobi.craft.music.score import Score
from miaobi.types import derive_seed

GRAIN = 3840
SPREAD = 0.008  # seconds, standard deviation of an onset
STACCATO, LEGATO = Fraction(1, 2), Fraction(19, 20)  # of a note's length that sounds


def humanised(score: Score, seed: int, amount: float = 1.0) -> list[Tone]:
    """Return the score's tones with timing and loudness of a player; *amount*: 0 is the page, 1 usual, 2 much."""
    times = clock(score)
    chance = Random(derive_seed(seed, "humanised"))
    accents = _accents(score)
    swell = _swell(score)
    short = _staccato(score)
    done = []
    for tone in tones(score):
        drums = score.parts[tone.part].instrument.percussion
        second = float(_seconds_a_whole(times.seconds(tone.onset), times.seconds(tone.onset + tone.length), tone))
        late = max(-2.0, min(2.0, chance.gauss(0, 1))) * SPREAD * amount * (0.4 if drums else 1.0)
        onset = tone.onset + Fraction(round(late / second * GRAIN), GRAIN)
        loud = tone.loudness + amount * (accents.get(tone.onset, -4) + swell(tone.onset) + chance.gauss(0, 2.5))
        share = STACCATO if (tone.part, tone.voice, tone.onset) in short else LEGATO
        length = max(Fraction(round(tone.length * share * GRAIN), GRAIN), Fraction(1, GRAIN))
        done.append(replace(tone, onset=max(onset, Fraction(0)), length=length, loudness=max(1, min(127, round(loud)))))
    return sorted(done)


def _seconds_a_whole(start: float, end: float, tone: Tone) -> float:
    return max(end - start, 1e-6) / float(tone.length)


def _accents(score: Score) -> dict[Fraction, int]:
    """Return by onset how much louder it is: the first beat most, the other beats less."""
    found: dict[Fraction, int] = {}
    for number, onset in timeline(score):
        bar = score.bars[number]
        at = onset
        for n, pulse in enumerate(bar.metre.pulses):
            found[at] = 7 if n == 0 else 3 if 2 * n == len(bar.metre.pulses) else 0
            at += pulse
    return found


def _swell(score: Score) -> _Arc:
    """Return how much louder a place is by its phrase: most at two thirds of it."""
    return _Arc(tuple((float(p.onset), float(p.end)) for p in shape.phrases(score)))


class _Arc:
    def __init__(self, spans: tuple[tuple[float, float], ...]) -> None:
        self.spans = spans

    def __call__(self, onset: Fraction) -> float:
        at = float(onset)
        for start, end in self.spans:
            if start <= at < end:
                share = (at - start) / (end - start)
                return 10 * (share / 0.66 if share < 0.66 else (1 - share) / 0.34) - 5
        return 0.0


def _staccato(score: Score) -> set[tuple[int, int, Fraction]]:
    found = set()
    for part in range(len(score.parts)):
        for voice in range(voices_of(score, part)):
            found |= {(part, voice, o) for o, _, _, e in played(score, part, voice) if "staccato" in e.marks}
    return found
