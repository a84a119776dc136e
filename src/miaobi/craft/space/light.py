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
    area = np.cumsum(np.linalg.norm(mesh.normals, axis=1)) / 2
    count = np.diff(np.ceil(area / spacing**2).astype(int), prepend=0)  # small triangles share one among them
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

    *points*: what may stand in the way; *cell*: mm of a depth map's cells. Single precision: a cell is 1/110 of the
    solid's radius.
    """
    columns = np.ascontiguousarray(points.T, np.float32)
    lifted = np.ascontiguousarray((places + normals * 1.5 * cell).T, np.float32)
    up = np.ascontiguousarray(normals.T, np.float32)
    total, weight = np.zeros(len(places), np.float32), np.zeros(len(places), np.float32)
    for d in directions:
        way = np.stack([*_across(d), d]).astype(np.float32)
        x, y, deep = way @ columns
        left, low = x.min() - 2 * cell, y.min() - 2 * cell
        shape = (int((y.max() - low) / cell) + 4, int((x.max() - left) / cell) + 4)
        depth = np.full(shape, -1e9, np.float32)
        at = ((y - low) / np.float32(cell)).astype(np.int32) * shape[1] + ((x - left) / np.float32(cell)).astype(
            np.int32
        )
        np.maximum.at(depth.reshape(-1), at, deep)
        depth = cv2.morphologyEx(depth, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        depth = np.pad(depth, 1, constant_values=-1e9)  # nothing stands in the way beyond the map
        across, along, deep = way @ lifted
        px = np.clip(((across - left) / np.float32(cell)).astype(np.int32) + 1, 0, shape[1] + 1)
        py = np.clip(((along - low) / np.float32(cell)).astype(np.int32) + 1, 0, shape[0] + 1)
        facing = np.maximum(way[2] @ up, 0)
        total += facing * (deep >= depth.reshape(-1)[py * depth.shape[1] + px] - 0.6 * cell)
        weight += facing
    return np.asarray(total / np.maximum(weight, 1e-9), float)


def _across(d: Points) -> tuple[Points, Points]:
    u = np.cross(d, [0.0, 0.0, 1.0] if abs(d[2]) < 0.9 else [1.0, 0.0, 0.0])
    u /= np.linalg.norm(u)
    return u, np.cross(d, u)
