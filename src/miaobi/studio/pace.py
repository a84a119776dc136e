"""How long a job will still take, by the pace of the steps that were really made.

Steps that come from a journal take no time and tell nothing, so the measure begins after the last of them. It is a
straight line from there: no promise for a form whose last steps are its longest.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_ENOUGH = 0.02  # of the whole: below that nothing has been measured


class Pace:
    """The pace of one job."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: tuple[float, float] | None = None  # when, and what share was done then

    def replayed(self) -> None:
        """Say that the step at hand came from the journal."""
        self._begun = None

    def left(self, done: float) -> float | None:
        """Return the seconds left where a share of *done*, 0–1, is made; None until that can be told."""
        if self._begun is None:
            self._begun = (self._clock(), done)
            return None
        when, share = self._begun
        if done - share < _ENOUGH:
            return None
        return (1 - done) * (self._clock() - when) / (done - share)
