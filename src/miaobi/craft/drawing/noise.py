"""Noise: value noise of one and two dimensions, summed over octaves (fractional Brownian motion), and its ridged
kin."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[Any]


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float]) -> Field:
    """Return value noise, (rows, columns) float32 in −1…1, with *cells* knots down and across."""
    rows, columns = max(2, round(cells[0]) + 3), max(2, round(cells[1]) + 3)
    grid = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    return np.asarray(cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def fractal(
    rng: np.random.Generator,
    shape: tuple[int, int],
    cells: float,
    octaves: int = 5,
    gain: float = 0.5,
    *,
    stretch: float = 1.0,
    ridged: bool = False,
) -> Field:
    """Return noise summed over octaves, about −1…1; *stretch* > 1 draws it out along the rows, *ridged* folds it."""
    total = np.zeros(shape, np.float32)
    weight, sum_of, across = 1.0, 0.0, cells
    down = cells * shape[0] / shape[1]
    for _ in range(octaves):
        layer = smooth_field(rng, shape, (down * stretch, across))
        total += weight * (1 - 2 * np.abs(layer) if ridged else layer)
        sum_of += weight
        weight, across, down = weight * gain, across * 2, down * 2
    return total / np.float32(sum_of)


def curve(
    rng: np.random.Generator, count: int, cells: float, octaves: int = 5, gain: float = 0.5
) -> npt.NDArray[np.float64]:
    """Return noise along a line, (count,), about −1…1."""
    total = np.zeros(count)
    weight, sum_of = 1.0, 0.0
    at = np.linspace(0, 1, count)
    for _ in range(octaves):
        knots = max(2, round(cells) + 2)
        values = rng.uniform(-1, 1, knots)
        place = at * (knots - 1)
        low = np.minimum(place.astype(int), knots - 2)
        t = place - low
        t = t * t * (3 - 2 * t)
        total += weight * (values[low] * (1 - t) + values[low + 1] * t)
        sum_of += weight
        weight, cells = weight * gain, cells * 2
    result: npt.NDArray[np.float64] = total / sum_of
    return result
