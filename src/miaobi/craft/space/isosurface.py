"""Isosurface: the surface on which a field is zero, as a closed mesh (marching cubes; Lorensen and Cline, 1987).

The table of 256 cases isn't copied but derived: on each face of a cube, every run of inside corners is cut off by one
segment from the edge where it begins to the edge where it ends. The neighbour on the other side of the face sees the
same run the other way round, so segments meet in pairs and the loops they form close up: watertight and manifold by
construction. Triangles of a loop never join two edges of one face (that segment may be the neighbour's).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from miaobi.craft.space.mesh import Mesh

Points = npt.NDArray[np.float64]  # (n, 3), mm
Distance = Callable[[Points], npt.NDArray[np.float64]]  # (n,): mm, negative inside, never steeper than LIPSCHITZ

LIPSCHITZ = 1.7  # how much faster than the distance itself a field may change
_BLOCK = 8  # cells along a side of what is sampled or passed over as one
_TOGETHER = 3 * _BLOCK  # points along a side that a field is asked for at once: it may know what is near them
_NEAR = 0.04  # of an edge: no vertex comes closer to a corner, so that no triangle is without area
_CORNERS = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)])
_EDGES = [(i, i | bit) for bit in (1, 2, 4) for i in range(8) if not i & bit]  # by axis, then by lower corner
_FACES = ((0, 4, 6, 2), (1, 3, 7, 5), (0, 1, 5, 4), (2, 6, 7, 3), (0, 2, 3, 1), (4, 5, 7, 6))  # seen from outside


def surface(field: Distance, low: Points, high: Points, step: float) -> Mesh:
    """Return where *field* is zero within the box *low*–*high*, on a grid of *step* mm; the box must hold all of it."""
    values, origin = _sampled(field, low, high, step)
    return marched(values, origin, step)


def _sampled(field: Distance, low: Points, high: Points, step: float) -> tuple[npt.NDArray[np.float32], Points]:
    """Return the field at grid points, exact in every block that the surface may cross, of the right sign elsewhere."""
    blocks = np.ceil((high - low) / step / _BLOCK).astype(int) + 1
    origin = (low + high) / 2 - blocks * _BLOCK * step / 2
    side = _BLOCK * step
    index = np.indices(tuple(blocks.tolist())).reshape(3, -1).T
    centre = field(origin + (index + 0.5) * side)
    reach = LIPSCHITZ * side * np.sqrt(3) / 2
    values, near = centre.astype(np.float32).reshape(blocks), (np.abs(centre) <= reach).reshape(blocks)
    for axis, count in enumerate(blocks.tolist()):  # a point between blocks belongs to both
        point = np.arange(count * _BLOCK + 1)
        after, before = np.minimum(point // _BLOCK, count - 1), np.maximum(point - 1, 0) // _BLOCK
        values, near = values.take(after, axis), near.take(after, axis) | near.take(before, axis)
    for first in np.ndindex(*(-(-np.array(near.shape) // _TOGETHER)).tolist()):
        corner = np.array(first) * _TOGETHER
        at = corner + np.argwhere(near[tuple(slice(i, i + _TOGETHER) for i in corner)])
        if len(at):
            values[tuple(at.T)] = field(origin + at * step)
    return values, origin


def marched(values: npt.NDArray[np.float32], origin: Points, step: float) -> Mesh:
    """Return the surface between negative and other *values*, (nx, ny, nz), outside of which all counts as positive."""
    values = np.pad(values, 1, constant_values=step)
    origin = origin - step
    inside = values < 0
    code = inside.view(np.uint8)
    for axis in range(3):  # of the cube's corners, by x, y and z, one bit each
        low, high = (code.take(range(i, code.shape[axis] - 1 + i), axis) for i in range(2))
        code = low | np.left_shift(high, 2**axis)
    cells = np.argwhere((code != 0) & (code != 255))
    loops = _table()[code[tuple(cells.T)]]  # (cells, triangles, 3): edges; -1 where there is none
    cell, triangle = np.nonzero(loops[:, :, 0] >= 0)
    edges = loops[cell, triangle]  # (m, 3)
    strides = np.array([values.shape[1] * values.shape[2], values.shape[2], 1])
    edge = _CORNERS[[a for a, _ in _EDGES]] @ strides * 3 + np.repeat(np.arange(3), 4)  # its key, from its cell's on
    keys, faces = np.unique((cells @ strides * 3)[cell, None] + edge[edges], return_inverse=True)
    point, along = np.divmod(keys, 3)
    grid = np.stack(np.unravel_index(point, values.shape), 1)
    other = grid + np.eye(3, dtype=int)[along]
    a, b = values[tuple(grid.T)].astype(float), values[tuple(other.T)].astype(float)
    share = np.clip(a / (a - b), _NEAR, 1 - _NEAR)
    return Mesh(origin + step * (grid + share[:, None] * (other - grid)), faces.reshape(-1, 3).astype(np.int64))


@cache
def _table() -> npt.NDArray[np.int8]:
    """Return the triangles of each of the 256 cases as edges, (256, most, 3), filled up with -1."""
    cases = [[t for loop in _loops(case) for t in _triangles(loop)] for case in range(256)]
    table = np.full((256, max(map(len, cases)), 3), -1, np.int8)
    for case, triangles in enumerate(cases):
        if triangles:
            table[case, : len(triangles)] = triangles
    return table


def _loops(case: int) -> list[list[int]]:
    number = {edge: i for i, edge in enumerate(_EDGES)}
    after: dict[int, int] = {}
    for face in _FACES:
        inside = [bool(case >> corner & 1) for corner in face]
        between = [number[tuple(sorted((face[i], face[(i + 1) % 4])))] for i in range(4)]  # type: ignore[index]
        for i in range(4):
            if inside[i] and not inside[i - 3]:  # a run ends here; it began after the last edge that entered it
                first = i
                while inside[first - 1]:
                    first -= 1
                after[between[first - 1]] = between[i]
    loops = []
    while after:
        loop = [next(iter(after))]
        while (edge := after.pop(loop[-1])) != loop[0]:
            loop.append(edge)
        loops.append(loop)
    return loops


def _share_a_face(a: int, b: int) -> bool:
    return any({*_EDGES[a], *_EDGES[b]} <= set(face) for face in _FACES)


def _triangles(loop: list[int]) -> list[tuple[int, int, int]]:
    """Return *loop* cut into triangles none of whose inner sides lies in a face of the cube."""
    if len(loop) == 3:
        return [(loop[0], loop[1], loop[2])]
    for i in range(len(loop)):
        turned = loop[i:] + loop[:i]
        for k in range(2, len(turned) - 1):  # the side from turned[0] to turned[k]
            if not _share_a_face(turned[0], turned[k]):
                try:
                    return _triangles(turned[: k + 1]) + _triangles([turned[0], *turned[k:]])
                except ValueError:
                    continue
    raise ValueError("no such cut")
