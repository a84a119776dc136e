"""Light: how much of the sky and of a lamp each point of a solid sees, by depth maps from many directions.

A direction's map holds, for each cell across it, how far along it the solid reaches; a point sees that way if it
reaches as far (Williams, 1978). Averaged over the sky it is ambient occlusion, over a disc it is the soft shadow of a
lamp.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.space.mesh import Mesh

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
_GOLDEN = np.pi * (3 - np.sqrt(5))


def cloud(mesh: Mesh, spacing: float) -> Points:
    """Return points all over the surface, about *spacing* mm apart, the same for the same mesh."""
    area = np.linalg.norm(mesh.normals, axis=1) / 2
    count = np.maximum(1, np.ceil(area / spacing**2)).astype(int)
    face = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(face)) + 1.0
    u, v = (number * 0.7548776662466927) % 1, (number * 0.5698402909980532) % 1  # the R2 sequence
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    a, b, c = np.moveaxis(mesh.corners[face], 1, 0)
    return np.asarray(a + u[:, None] * (b - a) + v[:, None] * (c - a))


def hemisphere(count: int) -> Points:
    """Return *count* directions spread evenly over the sky, (count, 3)."""
    z = (np.arange(count) + 0.5) / count
    turn = _GOLDEN * np.arange(count)
    flat = np.sqrt(1 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=1)


def lamp(direction: Points, width: float, count: int) -> Points:
    """Return *count* directions about *direction*, to a lamp of *width* radians across."""
    d = direction / np.linalg.norm(direction)
    u, v = _across(d)
    reach = np.sqrt((np.arange(count) + 0.5) / count) * width / 2
    turn = _GOLDEN * np.arange(count)
    ways = d + (reach * np.cos(turn))[:, None] * u + (reach * np.sin(turn))[:, None] * v
    return np.asarray(ways / np.linalg.norm(ways, axis=1, keepdims=True))


def seen(points: Points, places: Points, normals: Points, directions: Points, cell: float) -> Floats:
    """Return the share of *directions*, each by the cosine to its normal, that each of *places* sees, 0–1, (n,).

    *points*: what may stand in the way; *cell*: mm of a depth map's cells.
    """
    total, weight = np.zeros(len(places)), np.zeros(len(places))
    lifted = places + normals * 1.5 * cell
    for d in directions:
        u, v = _across(d)
        x, y = points @ u, points @ v
        left, low = x.min() - 2 * cell, y.min() - 2 * cell
        shape = (int((y.max() - low) / cell) + 4, int((x.max() - left) / cell) + 4)
        depth = np.full(shape, -1e9, np.float32)
        at = ((y - low) / cell).astype(int) * shape[1] + ((x - left) / cell).astype(int)
        np.maximum.at(depth.reshape(-1), at, (points @ d).astype(np.float32))
        depth = cv2.morphologyEx(depth, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        px = np.clip(((lifted @ u - left) / cell).astype(int), 0, shape[1] - 1)
        py = np.clip(((lifted @ v - low) / cell).astype(int), 0, shape[0] - 1)
        out = (lifted @ u < left) | (lifted @ u > left + cell * shape[1])
        out |= (lifted @ v < low) | (lifted @ v > low + cell * shape[0])
        free = out | (lifted @ d >= depth[py, px] - 0.6 * cell)
        facing = np.maximum(normals @ d, 0)
        total += facing * free
        weight += facing
    return np.asarray(total / np.maximum(weight, 1e-9))


def _across(d: Points) -> tuple[Points, Points]:
    u = np.cross(d, [0.0, 0.0, 1.0] if abs(d[2]) < 0.9 else [1.0, 0.0, 0.0])
    u /= np.linalg.norm(u)
    return u, np.cross(d, u)
