"""Chart: figures to be shown, and the ticks of their axis.

Ticks are Heckbert's nice numbers (Graphics Gems, 1990): steps of 1, 2 or 5 times a power of ten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from miaobi.errors import BriefError, show


@dataclass(frozen=True)
class Series:
    """Named values, one a category; they are finite."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """What is shown. ``share`` is parts of a whole, of the first series, none negative."""

    kind: Literal["bar", "line", "share"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    description: str = ""
    places: tuple[float, ...] = ()  # of a line's categories along its axis, rising; evenly spaced where not given

    def __post_init__(self) -> None:
        if not self.categories or not self.series:
            raise BriefError("A chart needs at least one category and one series.", "Check the table it is made from.")
        for s in self.series:
            if len(s.values) != len(self.categories):
                raise BriefError(
                    f"The series {show(s.name)} has {len(s.values)} values for {len(self.categories)} categories.",
                    "Give one value a category.",
                )
            wrong = [v for v in s.values if not math.isfinite(v) or (self.kind == "share" and v < 0)]
            if wrong:
                raise BriefError(
                    f"The series {show(s.name)} holds {wrong[0]!r}.", "Values are finite; shares not below 0."
                )
        if self.kind == "share" and not sum(self.series[0].values):
            raise BriefError("The parts of the whole add up to nothing.", "At least one share must be above 0.")


def ticks(low: float, high: float, wanted: int = 5) -> tuple[float, ...]:
    """Return round values that span *low* to *high*."""
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high - low < 1e-290:  # too near for a step between them
        low, high = min(low, 0.0), max(high, 0.0)
        high = high if high - low >= 1e-290 else 1.0
    step = _nice((high - low) / wanted)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{i * step:.12g}") for i in range(first, last + 1))


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return float(next((m for m in (1, 2, 5) if step <= m * power * 1.0000001), 10) * power)


def figure(value: float) -> str:
    """Return a number as people read it: thousands apart, no needless decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
