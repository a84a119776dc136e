"""Co-occurrence: how often words meet in a window, a meeting at distance d counting 1/d (Pennington 2014, section
4.2).

X is symmetric, so only i <= j is kept. A meeting is one 64-bit number, (i·V + j)·(window + 1) + d, so that sorting
plain numbers brings equal pairs together. The pairs of the most frequent words, most of all meetings, go to a dense
table instead. Meetings gather up to a limit of memory, are sorted and added up into a *run*; runs beyond the memory
lie on disk, and are merged two by two like the runs of a merge sort (Knuth vol. 3, section 5.4).
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.errors import CorpusError
from miaobi.lab.compiled import compiled
from miaobi.lab.disk import kept
from miaobi.lab.vectors.sentence import END
from miaobi.types import Floats

Numbers = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]  # a pair as i·V + j, or a meeting
Doubles = npt.NDArray[np.float64]
_COMMON = 1024  # words whose meetings go to the dense table: half of all tokens, 8 MB, in reach of the cache
_MEETING = 20  # bytes of memory a meeting takes while its chunk is sorted and added up


@dataclass(frozen=True)
class Run:
    """Pairs in rising order of ``i·V + j`` (i <= j), each once, and their X."""

    pairs: npt.NDArray[np.uint64]
    values: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pairs)


@compiled()
def _meet(numbers: Numbers, start: int, stop: int, window: int, size: int, dense: Doubles, meetings: Keys) -> int:
    """Gather the meetings of words *start* to *stop* with those before them; return how many are in *meetings*."""
    common = dense.shape[0]
    found = 0
    for right in range(start, stop):
        j = numbers[right]
        if j < 0:
            continue
        for distance in range(1, window + 1):
            left = right - distance
            if left < 0 or numbers[left] < 0:
                break  # the line begins here
            low, high = min(numbers[left], j), max(numbers[left], j)
            if high < common:
                dense[low, high] += 1.0 / distance  # X_ij = sum of 1/d
            else:
                pair = np.uint64(low) * np.uint64(size) + np.uint64(high)
                meetings[found] = pair * np.uint64(window + 1) + np.uint64(distance)
                found += 1
    return found


@compiled()
def _add_up(meetings: Keys, window: int, pairs: Keys, values: Floats) -> int:
    """Add up sorted *meetings* into *pairs* and *values*; return how many pairs there are."""
    found = -1
    last = np.uint64(0)
    total = 0.0
    for meeting in meetings:
        pair = meeting // np.uint64(window + 1)
        distance = np.int64(meeting % np.uint64(window + 1))
        if found < 0 or pair != last:
            if found >= 0:
                values[found] = total
            found += 1
            pairs[found] = pair
            last, total = pair, 0.0
        total += 1.0 / distance
    if found >= 0:
        values[found] = total
    return found + 1


@compiled()
def _merge(pairs_a: Keys, values_a: Floats, pairs_b: Keys, values_b: Floats, pairs: Keys, values: Floats) -> int:
    """Merge two sorted runs, adding where both have a pair; return how many pairs there are."""
    a = b = found = 0
    while a < len(pairs_a) or b < len(pairs_b):
        if b == len(pairs_b) or (a < len(pairs_a) and pairs_a[a] < pairs_b[b]):
            pairs[found], values[found] = pairs_a[a], values_a[a]
            a += 1
        elif a == len(pairs_a) or pairs_b[b] < pairs_a[a]:
            pairs[found], values[found] = pairs_b[b], values_b[b]
            b += 1
        else:
            pairs[found], values[found] = pairs_a[a], values_a[a] + values_b[b]
            a += 1
            b += 1
        found += 1
    return found


def count(
    numbers: Numbers, size: int, *, window: int = 10, memory: float = 2.0, threads: int = 1, folder: Path | None = None
) -> Run:
    """Return the co-occurrences of *numbers* (see ``sentence.encode``) among *size* words.

    *memory* in gigabytes bounds what gathers before it goes to disk, under *folder* (the system's place for temporary
    files when None), where its room is free again when the run isn't needed any more. CorpusError when nothing meets
    or the disk is full.
    """
    room = Room(folder, int(memory * 1e9 / 2))
    budget = max(window, int(memory * 1e9 / _MEETING / (2 * threads)))  # meetings a chunk
    step = max(1, min(budget // window, -(-len(numbers) // threads)))  # words a chunk; a chunk for each core
    chunks = [(start, min(start + step, len(numbers))) for start in range(0, len(numbers), step)]
    common = min(_COMMON, size)
    dense, stack = np.zeros((common, common)), _Stack(room)

    def gather(chunk: tuple[int, int]) -> tuple[npt.NDArray[np.float64], Run]:
        own = np.zeros_like(dense)
        meetings = np.empty((chunk[1] - chunk[0]) * window, np.uint64)
        meetings = meetings[: _meet(numbers, *chunk, window, size, own, meetings)]
        meetings.sort()
        pairs, values = np.empty(len(meetings), np.uint64), np.empty(len(meetings), np.float32)
        found = _add_up(meetings, window, pairs, values)
        return own, Run(pairs[:found].copy(), values[:found].copy())

    with ThreadPoolExecutor(threads) as pool:
        for at in range(0, len(chunks), threads):
            for own, run in pool.map(gather, chunks[at : at + threads]):  # in order: the sums are always the same
                dense += own
                stack.push(run)
    stack.push(_sparse(dense, size))
    whole = stack.settle()
    if not len(whole):
        raise CorpusError("No two words stand on one line.", "A line is a context: give lines of several words.")
    return whole


def _sparse(dense: npt.NDArray[np.float64], size: int) -> Run:
    low, high = np.nonzero(dense)
    return Run(low.astype(np.uint64) * np.uint64(size) + high.astype(np.uint64), dense[low, high].astype(np.float32))


class Room:
    """Room for arrays: in memory while they are small, else in files that have no name and end with their array."""

    def __init__(self, folder: Path | None, limit: int) -> None:
        self._folder, self._limit = folder, limit  # limit: bytes of one array

    def empty(self, length: int, kind: type[Any]) -> npt.NDArray[Any]:
        """Return an array with nothing in it yet. CorpusError when the disk has no room for it."""
        size = length * np.dtype(kind).itemsize
        if size <= self._limit:
            return np.empty(length, kind)
        place = self._folder or Path(tempfile.gettempdir())
        with (
            kept(place, "co-occurrences", "set TMPDIR to a folder on another disk"),
            tempfile.TemporaryFile(dir=self._folder) as file,
        ):
            _take(file.fileno(), size)  # really taken: a file with holes fails only later, with a signal
            return np.memmap(file, kind, "r+", shape=(length,))


class _Stack:
    """Runs by size: two of about one size are merged, so that a pair is copied a logarithmic number of times."""

    def __init__(self, room: Room) -> None:
        self._room, self._runs = room, list[Run]()

    def push(self, run: Run) -> None:
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-1]) * 2 > len(self._runs[-2]):
            self._join()

    def settle(self) -> Run:
        while len(self._runs) > 1:
            self._join()
        return self._runs[0]

    def _join(self) -> None:
        b, a = self._runs.pop(), self._runs.pop()
        most = len(a) + len(b)
        pairs, values = self._room.empty(most, np.uint64), self._room.empty(most, np.float32)
        found = _merge(a.pairs, a.values, b.pairs, b.values, pairs, values)
        self._runs.append(Run(pairs[:found], values[:found]))


def _take(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.ftruncate(descriptor, size)


assert END < 0  # what _meet takes for a line's end
