"""What keys use: buckets of requests, tokens and bytes that are full at first and fill evenly within a minute.

Requests are paid before, tokens and bytes after, when they are known: who has overdrawn waits until the bucket has
filled again. The buckets are one server's; several on one database each have their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_MINUTE = 60.0


class Meter:
    """The buckets of all keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}  # (key, kind): level, when

    def wait(self, key: str, kind: str, limit: int, amount: int) -> float:
        """Return the seconds until *amount* can be had; 0: it was taken. An *amount* of 0 asks for no debt."""
        level = self._level(key, kind, limit)
        if level < amount or level <= 0:
            return (max(amount, 1) - level) * _MINUTE / limit
        self._levels[key, kind] = (level - amount, self._clock())
        return 0.0

    def spend(self, key: str, kind: str, limit: int, amount: int) -> None:
        """Take what was used already, though the bucket may owe it then."""
        self._levels[key, kind] = (self._level(key, kind, limit) - amount, self._clock())

    def _level(self, key: str, kind: str, limit: int) -> float:
        level, when = self._levels.get((key, kind), (float(limit), self._clock()))
        return min(float(limit), level + (self._clock() - when) * limit / _MINUTE)
