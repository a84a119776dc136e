"""Rays: where lines along x, y and z enter and leave a solid; from that its wall thickness (dexels; van Hook, 1986).

A ray that meets the surface squarely enough measures the wall across: the way inside, times the cosine between the
ray and the surface's normal. A ray whose crossings don't alternate in and out is left out and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miaobi.craft.space.mesh import Mesh

Floats = npt.NDArray[np.float64]
_SQUARE = np.cos(np.radians(40))  # a ray along the nearest axis meets any surface squarer than 54.7°


@dataclass(frozen=True)
class Walls:
    """Thickness of the walls that rays went through, mm; ``area``: how much surface each stands for, mm²."""

    thickness: Floats
    area: Floats
    odd: float  # share of rays whose crossings don't alternate

    def share_under(self, least: float) -> float:
        """Return the share of the measured surface whose wall is thinner than *least* mm, 0–1."""
        return float(self.area[self.thickness < least].sum() / max(self.area.sum(), 1e-12))


def walls(mesh: Mesh, spacing: float) -> Walls:
    """Return the walls of *mesh* along rays *spacing* mm apart in three directions."""
    thickness, area, odd, rays = [], [], 0, 0
    normals = mesh.normals / np.maximum(np.linalg.norm(mesh.normals, axis=1, keepdims=True), 1e-12)
    for axis in range(3):
        ray, depth, slope, into = _crossings(mesh, normals, axis, spacing)
        order = np.lexsort((depth, ray))
        ray, depth, slope, into = ray[order], depth[order], slope[order], into[order]
        first = np.flatnonzero(np.r_[True, ray[1:] != ray[:-1]]) if len(ray) else np.zeros(0, int)
        count = np.diff(np.r_[first, len(ray)])
        place = np.arange(len(ray)) - np.repeat(first, count)
        regular = into == (place % 2 == 0)
        bad = np.unique(ray[~regular])
        bad = np.union1d(bad, ray[first][count % 2 == 1])
        odd, rays = odd + len(bad), rays + len(first)
        enters = np.flatnonzero(into & ~np.isin(ray, bad))
        leaves = enters + 1
        square = (slope[enters] > _SQUARE) & (slope[leaves] > _SQUARE)
        enters, leaves = enters[square], leaves[square]
        mean = (slope[enters] + slope[leaves]) / 2
        thickness.append((depth[leaves] - depth[enters]) * mean)
        area.append(spacing**2 / mean)
    return Walls(np.concatenate(thickness), np.concatenate(area), odd / max(rays, 1))


def _crossings(
    mesh: Mesh, normals: Floats, axis: int, spacing: float
) -> tuple[npt.NDArray[np.int64], Floats, Floats, npt.NDArray[np.bool_]]:
    """Return for each crossing of a ray along *axis*: the ray, how far along, the cosine, whether it enters."""
    u, v = (i for i in range(3) if i != axis)
    low = mesh.vertices.min(axis=0)
    shift = np.array([0.4142135, 0.7320508]) * spacing * 0.999  # so that rays miss vertices and edges of regular meshes
    corners = mesh.corners
    x, y = (corners[:, :, u] - low[u] - shift[0]) / spacing, (corners[:, :, v] - low[v] - shift[1]) / spacing
    (left, right), (bottom, top) = _span(x), _span(y)
    count = np.maximum(right - left, 0) * np.maximum(top - bottom, 0)
    count[np.abs(normals[:, axis]) < 1e-6] = 0
    face = np.repeat(np.arange(len(count)), count)
    offset = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    wide = (right - left)[face]
    px, py = left[face] + offset % wide, bottom[face] + offset // wide
    ax, ay, bx, by, cx, cy = (s[face, k] for k in range(3) for s in (x, y))
    whole = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    b = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / whole
    c = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / whole
    hit = (b >= 0) & (c >= 0) & (b + c <= 1)
    face, b, c = face[hit], b[hit], c[hit]
    z = corners[face][:, :, axis]
    depth = z[:, 0] + b * (z[:, 1] - z[:, 0]) + c * (z[:, 2] - z[:, 0])
    ray = (py[hit] + 1) * 1_000_003 + px[hit] + 1
    return ray, depth, np.abs(normals[face, axis]), normals[face, axis] < 0


def _span(values: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the whole numbers from, and up to before, between a triangle's corners, (m, 3)."""
    a, b, c = values.T
    least, most = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    return np.ceil(least).astype(int), np.floor(most).astype(int) + 1
