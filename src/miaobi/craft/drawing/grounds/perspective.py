"""Perspective of a street: one vanishing point, measures in metres (Alberti, *De pictura*, 1435).

A place is ``across`` (metres from the middle of the road, to the right), ``up`` (metres above it) and the ``scale``
that things have there: pixels a metre, or shares of the canvas's height a metre, falling to 0 at the horizon.
"""

from __future__ import annotations

EYE = 1.8  # metres: the painter's eye above the road in a long shot
KERB, FRONT = 3.1, 5.6  # metres from the middle: where the pavement begins, where the houses stand
_VANISH = {"thirds-left": 0.60, "thirds-right": 0.40, "symmetry": 0.5, "s-curve": 0.43, "void": 0.62}


def vanish(composition: str) -> float:
    """Return where the street vanishes, a share of the width: away from the chief subject."""
    return _VANISH[composition]


def foot_of(horizon: float, size: float, metres: float, eye: float = EYE) -> float:
    """Return where what is *metres* tall stands so that it is *size* of the canvas's height, as a share of it."""
    return horizon + eye * size / metres


def scale_at(horizon: float, y: float, eye: float = EYE) -> float:
    """Return how much of the canvas's height a metre takes where the road is at *y*."""
    return (y - horizon) / eye
