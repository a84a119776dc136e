"""Shaping: closed solids by construction: a relief from a field of heights, a vessel turned from a profile."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import curve_through
from miaobi.craft.space.mesh import Mesh

Field = npt.NDArray[np.float64]


def relief(heights: Field, width: float, base: float) -> Mesh:
    """Return a slab *width* mm wide whose top rises by *heights* (rows, columns; mm, row 0 at the back) above "
    "*base* mm."""
    rows, columns = heights.shape
    step = width / (columns - 1)
    x, y = np.meshgrid(np.arange(columns) * step, (rows - 1 - np.arange(rows)) * step)
    top = np.stack([x, y, base + heights], axis=2).reshape(-1, 3)
    bottom = np.stack([x, y, np.zeros_like(x)], axis=2).reshape(-1, 3)
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    upper = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    lower = upper[:, ::-1] + rows * columns
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    after = np.roll(rim, -1)
    under, under_after = rim + rows * columns, after + rows * columns
    walls = np.concatenate([np.stack([rim, after, under], 1), np.stack([after, under_after, under], 1)])
    return Mesh(np.concatenate([top, bottom]), np.concatenate([upper, lower, walls]).astype(np.int64))


def vessel(
    profile: Field,
    height: float,
    wall: float,
    *,
    segments: int = 96,
    twist: float = 0.0,
    lobes: int = 0,
    depth: float = 0.0,
) -> Mesh:
    """Return a vessel turned from *profile*, (n, 2): radius (mm) and height (0–1), open above; *wall* is in mm.

    *lobes* flutes it, *depth* mm deep; *twist* turns the flutes by that many degrees from foot to lip.
    """
    line = curve_through(profile, 10)
    radius, z = line[:, 0], line[:, 1] * height
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    turn = np.radians(twist) * (z / height)

    def ring(r: Field, level: Field, flute: float) -> Field:
        wave = flute * np.cos(lobes * (angle[None, :] + turn_of(level)[:, None])) if lobes else 0.0
        reach = r[:, None] + wave
        return np.stack([reach * np.cos(angle), reach * np.sin(angle), np.repeat(level[:, None], segments, 1)], axis=2)

    def turn_of(level: Field) -> Field:
        return np.interp(level, z, turn)

    outer = ring(radius, z, depth)
    inside = z >= wall
    inner = ring(
        np.interp(np.linspace(wall, height, int(inside.sum()) + 1), z, radius) - wall,
        np.linspace(wall, height, int(inside.sum()) + 1),
        depth,
    )
    shell = np.concatenate([outer, inner[::-1]])  # up the outside, down the inside
    rows = len(shell)
    vertices = np.concatenate([shell.reshape(-1, 3), [[0.0, 0.0, 0.0], [0.0, 0.0, wall]]])
    index = np.arange(rows * segments).reshape(rows, segments)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1].ravel(), after[:-1].ravel(), index[1:].ravel(), after[1:].ravel()
    sides = np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, c], 1)])
    foot, floor = rows * segments, rows * segments + 1
    under = np.stack([np.full(segments, foot), after[0], index[0]], 1)
    well = np.stack([np.full(segments, floor), index[-1], after[-1]], 1)
    return Mesh(vertices, np.concatenate([sides, under, well]).astype(np.int64))
