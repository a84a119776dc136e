"""Search over the units of a work (lines, bars, shapes): a beam with restarts that never loses the best found so far.

What a unit is, how it is written and what it is worth are the caller's. Units may be given (locked): they are taken as
they are, and their score, if the caller can tell it, pulls the units before them towards a fit. All chance is the
caller's too and comes from the attempt's number, so the same call finds the same works; only ``stopped`` (a deadline,
a person's Ctrl-C) depends on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

U = TypeVar("U")


@dataclass(frozen=True)
class Found(Generic[U]):
    """A work or, where no attempt reached the end, the longest beginning of one."""

    units: tuple[U, ...]
    score: float  # sum over the units
    complete: bool
    attempts: int  # that were begun


def search(
    count: int,
    extend: Callable[[tuple[U, ...], int], Sequence[tuple[U, float]]],
    *,
    given: Mapping[int, U] | None = None,
    fit: Callable[[tuple[U, ...], U], float] | None = None,
    width: int = 2,
    attempts: int = 3,
    enough: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Found[U]:
    """Return the best of the works of *count* units that the attempts found.

    *extend*: (units so far, attempt from 0) → what may follow, with scores to be added up; none is a dead end.
    *given*: place → unit that stands there unchanged; *fit*: (units so far, the given one) → its score, 0 without.
    An attempt keeps the *width* best beginnings at each place. The search ends with the first attempt that finds a work
    of score *enough* or better (None: any work is enough), after *attempts* of them, or when *stopped* says so.
    ValueError for a width or a number of attempts below 1, and for a given place outside the work.
    """
    held = given or {}
    if width < 1 or attempts < 1 or any(not 0 <= place < count for place in held):
        raise ValueError(f"width {width}, attempts {attempts}, given places {sorted(held)} of {count}")
    best: Found[U] = Found((), 0.0, count == 0, 0)
    for attempt in range(attempts):
        beam = [Found[U]((), 0.0, count == 0, attempt + 1)]
        while beam and not beam[0].complete and not stopped():
            grown = [
                Found((*branch.units, unit), branch.score + score, len(branch.units) + 1 == count, attempt + 1)
                for branch in beam
                for unit, score in _after(branch.units, attempt, extend, held, fit)
            ]
            beam = sorted(grown, key=lambda branch: -branch.score)[:width]  # stable: the first of equals is kept
            best = max([best, *beam[:1]], key=_worth)  # the first of equals again
        if stopped() or (best.complete and (enough is None or best.score >= enough)):
            break
    return replace(best, attempts=attempt + 1)


def _after(
    units: tuple[U, ...],
    attempt: int,
    extend: Callable[[tuple[U, ...], int], Sequence[tuple[U, float]]],
    given: Mapping[int, U],
    fit: Callable[[tuple[U, ...], U], float] | None,
) -> Sequence[tuple[U, float]]:
    if len(units) not in given:
        return extend(units, attempt)
    unit = given[len(units)]
    return [(unit, fit(units, unit) if fit else 0.0)]


def _worth(found: Found[U]) -> tuple[int, float]:
    return len(found.units), found.score
