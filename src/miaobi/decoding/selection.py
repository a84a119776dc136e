"""Choosing among candidates by measured qualities: each standardised over the candidates, weighted and added.

Measures are plain functions of text. Standardising (z-scores) makes weights comparable between measures of different
units; a measure that doesn't differ among the candidates counts nothing. Ties go to the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, pstdev


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
