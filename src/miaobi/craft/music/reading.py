"""Reading: what a reader of files returns, and how it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from miaobi.craft.music.score import Bar, Score
from miaobi.errors import InputFileError

MOST_BARS = 10_000
MOST_PARTS = 64
MOST_EVENTS = 200_000


class Reading(NamedTuple):
    """A score, and what of the file it can't hold: ornaments, jumps, second tunes."""

    score: Score
    dropped: tuple[str, ...] = ()


class NotationError(InputFileError):
    """A file of music that can't be read: where and why."""


def admit(bars: int, parts: int, events: int) -> None:
    """Raise NotationError for a piece that is larger than what is handled."""
    for count, most, what in (
        (bars, MOST_BARS, "bars"),
        (parts, MOST_PARTS, "parts"),
        (events, MOST_EVENTS, "notes and rests"),
    ):
        if count > most:
            raise NotationError(f"The piece has {count:,} {what}; at most {most:,} are read.", "Give a part of it.")


def settled(bars: Sequence[Bar], lengths: Sequence[Fraction]) -> tuple[Bar, ...]:
    """Return *bars* with the length of those that are short on purpose; *lengths*: what stands in each.

    A bar that is shorter than its metre is taken as meant where music is written so: at the beginning, at the end, and
    on either side of a repeat, a double line or an ending. Anywhere else it keeps the metre's length, and the check
    says that it doesn't add up.
    """
    done = []
    for i, bar in enumerate(bars):
        before, after = bars[i - 1] if i else None, bars[i + 1] if i + 1 < len(bars) else None
        loose = before is None or after is None or bar.repeat_starts or bool(bar.repeat_ends) or bar.double
        loose = loose or bool(bar.section)
        if after is not None:
            loose = loose or after.repeat_starts or bool(after.section) or after.ending != bar.ending
        if before is not None:
            loose = loose or bool(before.repeat_ends) or before.double or before.ending != bar.ending
        short = loose and bar.length is None and 0 < lengths[i] < bar.metre.length
        done.append(replace(bar, length=lengths[i]) if short else bar)
    return tuple(done)
