"""Choosing among candidates by measured qualities: each standardised over the candidates, weighted and added.

Measures are plain functions of text. Standardising (z-scores) makes weights comparable between measures of different
units; a measure that doesn't differ among the candidates counts nothing. Ties go to the first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import fmean, pstdev

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")  # a hanzi, or a word of letters


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case; each hanzi is one."""
    return _WORD.findall(text.lower())


def _grams(tokens: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def distinct(text: str, n: int = 2) -> float:
    """Return the share of different n-grams (Li et al. 2016), 0-1; 1 where there is none."""
    grams = _grams(words(text), n)
    return len(set(grams)) / len(grams) if grams else 1.0


def repetition(text: str, n: int = 4) -> float:
    """Return the share of n-grams that occurred before, 0-1."""
    grams = _grams(words(text), n)
    return sum(times - 1 for times in Counter(grams).values()) / len(grams) if grams else 0.0


def overlap(text: str, other: str, n: int = 3) -> float:
    """Return the share of the n-grams of *text* that *other* has too, 0-1."""
    grams = set(_grams(words(text), n))
    return len(grams & set(_grams(words(other), n))) / len(grams) if grams else 0.0


def length_error(text: str, wanted: int) -> float:
    """Return how far the number of words is from *wanted*, as a share of it; 0 is exact."""
    return abs(len(words(text)) - wanted) / wanted if wanted > 0 else 0.0


def mean_logprob(logprobs: Sequence[float]) -> float:
    """Return the mean log-probability in nats; 0 when unknown."""
    return fmean(logprobs) if logprobs else 0.0


def rank(measures: Sequence[dict[str, float] | None], weights: dict[str, float]) -> list[float]:
    """Return each candidate's score: Σ weight · z-score; −∞ for a rejected one (None).

    Raises ValueError for a measure that is missing somewhere or isn't finite.
    """
    kept = [m for m in measures if m is not None]
    scale: dict[str, tuple[float, float]] = {}
    for name in weights:
        values = [m[name] for m in kept if name in m]
        if len(values) != len(kept) or not all(map(math.isfinite, values)):
            raise ValueError(f"measure {name!r} is missing or not finite for a candidate")
        if values:
            scale[name] = fmean(values), pstdev(values)
    return [
        -math.inf if m is None else sum(_z(m[name], *scale[name]) * weight for name, weight in weights.items())
        for m in measures
    ]


def _z(value: float, mean: float, deviation: float) -> float:
    return (value - mean) / deviation if deviation > 1e-9 * max(1.0, abs(mean)) else 0.0


def best(scores: Sequence[float]) -> int:
    """Return the index of the highest score, the first of equals; −1 if all are rejected."""
    top = max(scores, default=-math.inf)
    return -1 if top == -math.inf else list(scores).index(top)
