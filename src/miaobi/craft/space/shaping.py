"""Shaping: closed solids by construction: a relief from a field of heights, a body turned from a profile."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import curve_through
from miaobi.craft.space.mesh import Mesh

Field = npt.NDArray[np.float64]
_PLAIN = 0.09  # of the height, at foot and lip: where flutes die away
_CAPS = ((0, np.array([0.12, 0.3, 0.5, 0.7, 0.86])), (-1, np.array([0.86, 0.7, 0.5, 0.3, 0.12])))  # shares of a rim


def relief(heights: Field, width: float, base: float) -> Mesh:
    """Return a slab *width* mm wide whose top rises by *heights* (rows, columns; mm, row 0 at the back) above
    *base* mm."""
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


def lathe(
    profile: Field,
    height: float,
    wall: float = 0.0,
    *,
    segments: int = 144,
    twist: float = 0.0,
    lobes: int = 0,
    depth: float = 0.0,
) -> Mesh:
    """Return a body turned from *profile*, (n, 2): radius (mm) and height (0–1), foot to top.

    With a *wall* (mm) it is a vessel, open above, with a floor as thick; without one it is solid. *lobes* flutes it,
    *depth* mm deep; *twist* turns the flutes by that many degrees from foot to top.
    """
    line = curve_through(profile, 14)
    radius, z = line[:, 0], line[:, 1] * height
    if lobes:  # as many to each lobe
        segments = lobes * max(10, round(segments / lobes))
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)

    def ring(r: Field, level: Field) -> Field:
        share = (level / height)[:, None]
        way = angle + np.radians(twist) * share  # edges run along the flutes: across them they would be teeth
        fade = np.clip(np.minimum(share, 1 - share) / _PLAIN, 0, 1)
        wave = depth * np.cos(lobes * angle) * fade * fade * (3 - 2 * fade) if lobes else 0.0
        reach = r[:, None] + wave * np.minimum(1, r[:, None] / (6 * depth + 1e-9))
        return np.stack([reach * np.cos(way), reach * np.sin(way), np.repeat(level[:, None], segments, 1)], axis=2)

    shell = ring(radius, z)
    top = height
    if wall:
        level = np.linspace(wall, height, max(3, int((z >= wall).sum()) + 1))
        outer = np.interp(level, z, radius)
        lean = np.gradient(outer, level)
        inner = np.maximum(
            outer - wall * np.sqrt(1 + np.minimum(lean**2, 4)), 0.3 * outer
        )  # across the wall, not along r
        shell, top = np.concatenate([shell, ring(inner, level)[::-1]]), wall
    foot, end = (shell[k] * [1, 1, 0] * share[:, None, None] + shell[k] * [0, 0, 1] for k, share in _CAPS)
    shell = np.concatenate([foot, shell, end])  # the caps in rings too, so that no triangle is a long one
    rows = len(shell)
    vertices = np.concatenate([shell.reshape(-1, 3), [[0.0, 0.0, 0.0], [0.0, 0.0, top]]])
    index = np.arange(rows * segments).reshape(rows, segments)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1].ravel(), after[:-1].ravel(), index[1:].ravel(), after[1:].ravel()
    sides = np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, c], 1)])
    under = np.stack([np.full(segments, rows * segments), after[0], index[0]], 1)
    well = np.stack([np.full(segments, rows * segments + 1), index[-1], after[-1]], 1)
    return Mesh(vertices, np.concatenate([sides, under, well]).astype(np.int64))
