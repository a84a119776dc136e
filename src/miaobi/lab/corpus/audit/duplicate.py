"""Duplicates: texts that are equal once normalised, and texts that are nearly so.

Near duplicates by MinHash (Broder 1997): a text is the set of its shingles, pieces of k characters; of each of 120
random orders of all shingles the first one of the set is kept; two sets share that one with the probability of their
Jaccard similarity. The 120 are cut into 20 bands of 6: texts that agree in a whole band are compared by their sets
themselves (P of being found at similarity s: 1 − (1 − s^6)^20, .998 at .8). k is 9, for Chinese 5 (Leskovec et al.,
Mining of Massive Datasets, section 3.2.2). Texts too short for a shingle can only be exact duplicates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.craft.markup import CJK
from miaobi.lab.compiled import compiled
from miaobi.lab.corpus.split import normal

BANDS, ROWS = 20, 6
SIMILAR = 0.8  # Jaccard similarity from which two texts count as one (Lee et al. 2022, section 4.2)
_LATIN, _CHINESE = 9, 5
_WINDOW, _SAMPLED = 50, 16  # characters of a shared passage; one in so many windows is looked at

Hashes = npt.NDArray[np.uint64]
Points = npt.NDArray[np.uint32]  # code points


@dataclass
class Duplicates:
    """Numbers of documents, in the order they were given: each group is one text, its first number the one to keep."""

    exact: list[list[int]] = field(default_factory=list)
    near: list[list[int]] = field(default_factory=list)

    @property
    def surplus(self) -> set[int]:
        """Every document that says again what an earlier one says."""
        return {n for group in (*self.exact, *self.near) for n in group[1:]}


@compiled()
def _mixed(x: Any) -> Any:
    """Return 64 bits scattered (the finaliser of SplitMix64, Steele et al. 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled()
def _shingles(points: Points, width: int) -> Hashes:
    """Return a hash for each piece of *width* code points."""
    out = np.empty(max(0, len(points) - width + 1), np.uint64)
    for start in range(len(out)):
        h = np.uint64(width)
        for k in range(width):
            h = _mixed(h ^ (np.uint64(points[start + k]) + np.uint64(0x9E3779B97F4A7C15)))
        out[start] = h
    return out


@compiled()
def _bands(shingles: Hashes, bands: int, rows: int) -> Hashes:
    """Return a hash for each band of the MinHash of a set of shingles."""
    out = np.empty(bands, np.uint64)
    for band in range(bands):
        h = np.uint64(band)
        for row in range(rows):
            order = np.uint64(band * rows + row + 1) * np.uint64(0x9E3779B97F4A7C15)
            least = np.uint64(0xFFFFFFFFFFFFFFFF)
            for shingle in shingles:
                least = min(least, _mixed(shingle ^ order))
            h = _mixed(h ^ least)
        out[band] = h
    return out


def shingles(text: str) -> Hashes:
    """Return the distinct shingles of a normalised text, sorted."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    chinese = len(CJK.findall(text[:400])) * 2 > len(text[:400])
    return np.unique(_shingles(points, _CHINESE if chinese else _LATIN))


def similarity(a: Hashes, b: Hashes) -> float:
    """Return the Jaccard similarity of two sets: what both hold by what either holds."""
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both / max(1, len(a) + len(b) - both)


def find(texts: Iterable[str]) -> Duplicates:
    """Return the groups of exact and near duplicates among *texts*.

    Normalised texts are held in memory. Of texts that share a band each is compared with the band's first and, failing
    that, its last: a group that only a chain of likenesses holds together may be found in parts.
    """
    firsts: dict[bytes, int] = {}
    exact: dict[int, list[int]] = {}
    kept: dict[int, str] = {}
    bands: list[Hashes] = []
    numbers: list[int] = []
    for n, text in enumerate(texts):
        plain = normal(text)
        key = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()[:16]
        first = firsts.setdefault(key, n)
        if first != n:
            exact.setdefault(first, [first]).append(n)
            continue
        found = shingles(plain)
        if len(found):
            kept[n] = plain
            numbers.append(n)
            bands.append(_bands(found, BANDS, ROWS))
    return Duplicates(list(exact.values()), _near(numbers, bands, kept))


def _near(numbers: list[int], bands: list[Hashes], kept: dict[int, str]) -> list[list[int]]:
    if not numbers:
        return []
    table, who = np.stack(bands), np.array(numbers)
    roots: dict[int, int] = {}
    compared: set[tuple[int, int]] = set()

    def root(n: int) -> int:
        while roots.get(n, n) != n:
            n = roots[n]
        return n

    for band in range(BANDS):
        order = np.argsort(table[:, band], kind="stable")
        values = table[order, band]
        for run in np.split(who[order], np.flatnonzero(np.diff(values)) + 1):
            for at in range(1, len(run)):
                for other in {int(run[0]), int(run[at - 1])}:
                    a, b = sorted((other, int(run[at])))
                    if root(a) == root(b) or (a, b) in compared:
                        continue
                    compared.add((a, b))
                    if similarity(shingles(kept[a]), shingles(kept[b])) >= SIMILAR:
                        roots[max(root(a), root(b))] = min(root(a), root(b))
                        break
    groups: dict[int, list[int]] = {}
    for n in numbers:
        groups.setdefault(root(n), []).append(n)
    return [group for group in groups.values() if len(group) > 1]


@compiled()
def _passages(points: Points, width: int, sampled: int) -> Hashes:
    """Return the hashes of windows of *width* code points that fall into the sample (chosen by the hash alone)."""
    base = np.uint64(0x100000001B3)
    power = np.uint64(1)
    for _ in range(width - 1):
        power *= base
    out = np.empty(max(0, len(points) - width + 1), np.uint64)
    found = 0
    h = np.uint64(0)
    for n in range(len(points)):
        if n >= width:
            h -= np.uint64(points[n - width] + 1) * power  # rolling hash (Karp and Rabin 1987)
        h = h * base + np.uint64(points[n] + 1)
        if n >= width - 1:
            mixed = _mixed(h)
            if mixed % np.uint64(sampled) == 0:
                out[found] = mixed
                found += 1
    return out[:found]


def passages(text: str) -> Hashes:
    """Return the sampled passages of 50 characters of a text: equal passages are sampled alike in every text."""
    points = np.frombuffer(normal(text).encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.asarray(_passages(points, _WINDOW, _SAMPLED), np.uint64)
