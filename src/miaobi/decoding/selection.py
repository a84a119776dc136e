"""Choose among candidates by measured qualities: each is standardised over the candidates, weighted and summed.

z-scores make measures of different units comparable (nats, shares, words); ties go to the lower index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def rank(measures: Sequence[Mapping[str, float] | None], weights: Mapping[str, float]) -> list[float]:
    """Return one score a candidate, higher is better; −inf for those that are rejected (None)."""
    kept = [i for i, m in enumerate(measures) if m is not None]
    scores = np.full(len(measures), -np.inf)
    scores[kept] = 0.0
    for name, weight in weights.items():
        values = np.array([measures[i][name] for i in kept])  # type: ignore[index]  # kept ones aren't None
        spread = values.std() if len(values) else 0.0
        if spread > 1e-9:
            scores[kept] += weight * (values - values.mean()) / spread
    return [float(s) for s in scores]


def best(measures: Sequence[Mapping[str, float] | None], weights: Mapping[str, float]) -> int:
    """Return the index of the best candidate, −1 when all are rejected."""
    scores = rank(measures, weights)
    if not scores or max(scores) == -np.inf:
        return -1
    return int(np.argmax(scores))
