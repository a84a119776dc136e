"""Mass: what is made of many soft parts (a crown of leaves, a cloud, a wood, smoke) and takes the light as one body.

Each part is a ball; together they are a field of heights, roughened by noise. What the light sees of the field is its
tone, which is cut at a few levels and traced, as mountains are: lit leaves gather in clumps and the edge is ragged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from miaobi.craft.drawing.grounds.terrain import traced
from miaobi.craft.drawing.noise import Field, fractal
from miaobi.craft.drawing.shape import Points

Ball = tuple[float, float, float, float]  # x, y (downwards), radius across, radius down; in any one unit


@dataclass(frozen=True)
class Grain:
    """How the matter of a mass breaks up. ``rough``: of the edge; ``leafy``: of the tone; ``fine``: knots across."""

    rough: float = 0.62
    leafy: float = 0.30
    fine: float = 36.0
    levels: tuple[float, ...] = (0.40, 0.62, 0.84)
    resolution: int = 190
    holes: float = 0.0  # share of gaps in it through which one sees
    flat: float | None = None  # y below which it is cut off softly: the foot of a cloud


def modelled(
    rng: np.random.Generator, balls: Sequence[Ball], side: float, height: float, grain: Grain
) -> tuple[list[Points], list[list[Points]]]:
    """Return the outline of the mass and, level by level, what of it is lit, in the unit of *balls*.

    *side* and *height* say where the light comes from: −1 left … 1 right, 0 low … 1 overhead.
    """
    array = np.array(balls, float)
    reach = array[:, 2:] * 1.25
    low, top = (array[:, :2] - reach).min(axis=0), (array[:, :2] + reach).max(axis=0)
    span = top - low
    scale = grain.resolution / float(span.max())
    columns, rows = (max(12, int(s * scale)) for s in span)
    x = (np.arange(columns, dtype=np.float32) + 0.5) / np.float32(scale) + np.float32(low[0])
    y = (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(scale) + np.float32(low[1])
    unit = float(np.median(array[:, 2:]))
    field = np.full((rows, columns), -1e3, np.float32)
    shape = (rows, columns)
    cells = max(4.0, grain.fine * columns / grain.resolution)
    edge = fractal(rng, shape, cells * 0.6, 4, 0.78) * np.float32(grain.rough)
    for cx, cy, rx, ry in array:
        apart = ((x[None, :] - cx) / rx) ** 2 + ((y[:, None] - cy) / ry) ** 2
        field = np.maximum(field, np.float32(1) - apart.astype(np.float32) + edge + np.float32(0.0))
    if grain.flat is not None:
        field -= np.clip((y[:, None] - grain.flat) / np.float32(unit * 0.35), 0, 3)
    mask = field > 0
    if grain.holes:
        mask &= fractal(rng, shape, cells * 0.8, 3) > -0.62 + 0.5 * grain.holes - 0.25 * np.clip(field, 0, 1)
    tone = _lit(field, mask, side, height, scale * unit)
    tone += np.float32(grain.leafy) * fractal(rng, shape, cells * 1.3, 4, 0.75)
    size = np.array([columns, rows], float)

    def placed(picture: Field, least: float) -> list[Points]:
        return [ring * size / scale + low for ring in traced(picture, least)]

    outline = placed(mask.astype(np.float32), 3.0)
    return outline, [placed((mask & (tone > level)).astype(np.float32), 2.0) for level in grain.levels]


def _lit(field: Field, mask: Field, side: float, height: float, pixels: float) -> Field:
    """Return tone 0–1: the body's roundness under the light, with what lies deep or below in the shade."""
    body = np.sqrt(np.clip(field, 0, 1.4)) * np.float32(pixels)
    soft = cv2.GaussianBlur(body, (0, 0), max(1.0, pixels * 0.06))
    wide = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(1.5, pixels * 0.9)) * np.float32(pixels * 2.2)
    up = np.array([side * 0.85, -(0.35 + 0.6 * height), 0.55])
    up /= np.linalg.norm(up)
    total = np.zeros_like(field)
    for surface, share in ((soft, 0.48), (wide, 0.80)):
        dx, dy = np.gradient(surface, axis=1), np.gradient(surface, axis=0)
        total += share * (-dx * up[0] - dy * up[1] + up[2]) / np.sqrt(dx**2 + dy**2 + 1)
    return total.astype(np.float32)
