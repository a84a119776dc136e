"""How a bar can be filled: which lengths a note may have where, and in how many notes the rest of a bar can be filled.

Places are ticks left in the bar (``tune``). A length is one symbol with one dot at most, or all
that is left, and stands where it is read at sight: a
note that begins off an eighth ends on the next one or is one of the snaps and syncopations that these tunes have.
Three notes in the time of two begin on a beat or its half and are complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Inside = tuple[int, int]  # of a triplet: ticks of each note, how many are to come; (0, 0) outside
NONE: Inside = (0, 0)
MOST = 16  # notes a bar
_LENGTHS = (3, 6, 9, 12, 18, 24, 36, 48, 72, 96)
_COMPOUND = (3, 6, 9, 12, 18, 24, 36, 72)
SHORTEST, SIXTEENTH, EIGHTH = 3, 6, 12
_QUARTER = 24
_AT_SIXTEENTH = (3, 6, 12, 18)  # lengths that may begin a sixteenth off the eighth


def steps(
    left: int, early: int, inside: Inside, compound: bool, shortest: int = SHORTEST
) -> Iterator[tuple[int, Inside]]:
    """Yield the lengths that a note may have where *left* ticks are left, with where in a triplet it leads.

    *early*: ticks that the bar lacks at its end; *shortest*: ticks that a note has at least.
    """
    room = left - early
    if inside[1]:
        yield inside[0], (inside[0], inside[1] - 1) if inside[1] > 1 else NONE
        return
    lengths = _COMPOUND if compound else _LENGTHS
    for length in lengths:
        if shortest <= length <= room and _stands(left, length):
            yield length, NONE
    if room > _QUARTER and room not in lengths and not room % EIGHTH and not left % EIGHTH:
        yield room, NONE  # what fills the bar may be tied notes on the page
    for unit in (8, 4):
        if unit >= shortest and 3 * unit <= room and left % (3 * unit) == 0:
            yield unit, (unit, 2)


def _stands(left: int, length: int) -> bool:
    if left % SIXTEENTH:
        return length == 3 or (length == 9 and left % EIGHTH == 9)
    if left % EIGHTH:
        return length in _AT_SIXTEENTH
    return True


@cache
def fillable(
    left: int, early: int, inside: Inside, count: int, least: int, compound: bool, shortest: int = SHORTEST
) -> bool:
    """Tell whether *count* notes fill what is left, the last of them *least* ticks or longer."""
    if count == 0:
        return left == early and inside == NONE
    return any(
        fillable(left - length, early, then, count - 1, least, compound, shortest)
        for length, then in steps(left, early, inside, compound, shortest)
        if count > 1 or length >= least
    )


@dataclass(frozen=True)
class Filling:
    """What a bar is filled with. ``onsets``: notes, by number, that begin where so many ticks are left; ``least``:
    ticks of its last note; ``shortest``: of any; ``weak``: notes that are no longer than the last one before them that
    isn't weak, an eighth where there is none."""

    compound: bool
    early: int = 0
    least: int = 0
    onsets: tuple[tuple[int, int], ...] = ()
    shortest: int = SHORTEST
    weak: frozenset[int] = frozenset()

    def possible(self, left: int, inside: Inside, done: int, count: int, strong: int = EIGHTH) -> bool:
        """Tell whether a bar with *done* notes is filled by *count* more, those of ``onsets`` in their places.

        *strong*: ticks of the last note that isn't weak.
        """
        if self.weak:
            return _filled(self, left, inside, done, count, strong)
        for number, place in self.onsets:
            if done <= number < done + count:
                if not fillable(left, place, inside, number - done, 0, self.compound, self.shortest):
                    return False
                left, inside, count, done = place, NONE, count - (number - done), number
        return fillable(left, self.early, inside, count, self.least, self.compound, self.shortest)

    def bound(self, done: int) -> int:
        """Return how many ticks are left where the note after *done* begins, if that has its place, else ``early``."""
        return next((place for number, place in self.onsets if number == done + 1), self.early)


@cache
def _filled(filling: Filling, left: int, inside: Inside, done: int, count: int, strong: int) -> bool:
    """Tell what ``Filling.possible`` tells where some notes are weak."""
    if count == 0:
        return left == filling.early and inside == NONE
    if any(number == done and place != left for number, place in filling.onsets):
        return False
    return any(
        _filled(filling, left - length, then, done + 1, count - 1, strong if done in filling.weak else length)
        for length, then in steps(left, filling.bound(done), inside, filling.compound, filling.shortest)
        if (count > 1 or length >= filling.least) and (done not in filling.weak or length <= strong)
    )


def is_compound(metre: str) -> bool:
    """Tell whether beats of a metre are dotted quarters."""
    return metre in ("6/8", "9/8", "12/8")
