"""Rhythm alone: strokes in bars as the melody net is told of notes, and how well they meet a tune's own.

The net knows no drums. It is told strokes as notes of one pitch in a part that follows the tune; what it thinks of the
pitches is left aside, what counts is where it expects the next note: the ``t`` events of ``tune``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from miaobi.craft.melody.tune import REST, Bar, Tune, bar_events, copied_from, header, opening

GRID = 6  # ticks: a sixteenth
PITCH = "C5"  # the tonic, in the middle of what the net knows
_TOLD = 8  # bars of the tune


def tune_told(tune: Tune) -> list[str]:
    """Return the events of a tune's first section, its first bars, and those that open a part after it."""
    section = tune.sections[0]
    names = [*header(tune), *opening(tune, 0)]
    if section.pickup:
        names += bar_events(section.pickup, tune.full, -1)
    for k, bar in enumerate(section.bars[:_TOLD]):
        names += bar_events(bar, tune.full, len(section.bars) - 1 - k, copied_from(section.bars, k))
    return [*names, "part2", "once"]


def rhythm_told(bars: Sequence[Sequence[int]], length: int) -> tuple[list[str], list[bool]]:
    """Return the events of bars that are struck at these ticks, and which of them say where the next stroke is.

    *length*: ticks of a bar.
    """
    names: list[str] = []
    marks: list[bool] = []
    for k, struck in enumerate(bars):
        places = [0, *(at for at in struck if at)]
        names += [f"|{len(bars) - 1 - k}", f"n{len(places)}"]
        marks += [False, False]
        for at, following in zip(places, [*places[1:], length], strict=True):
            names += [PITCH if at in struck else REST, f"t{length - following}"]
            marks += [False, True]
    return names, marks


def onsets(bar: Bar) -> list[int]:
    """Return the ticks at which a bar's notes begin."""
    found, at = [], bar.late
    for note in bar.notes:
        if note.pitch is not None:
            found.append(at)
        at += note.ticks
    return found


def meeting(tune: Tune, bars: Sequence[Sequence[int]]) -> float:
    """Return how well strokes meet a tune's onsets: nats a sixteenth, under the share of its bars with a note there."""
    told = [{at // GRID for at in onsets(bar)} for bar in tune.sections[0].bars[:_TOLD]]
    count = Counter(place for bar in told for place in bar)
    size = tune.full // GRID
    total = 0.0
    for struck in bars:
        places = {at // GRID for at in struck}
        for place in range(size):
            share = (count[place] + 1) / (len(told) + 2)
            total += math.log(share if place in places else 1 - share)
    return total / (size * len(bars))
