"""Mesh: a closed surface of triangles, in millimetres, z up; whether it is one.

Closed and manifold: every edge belongs to exactly two triangles, which run along it in opposite directions (so that
all face outwards). Volume is the sum of signed tetrahedra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Vertices = npt.NDArray[np.float64]  # (n, 3), mm
Faces = npt.NDArray[np.int64]  # (m, 3), counter-clockwise seen from outside
Colours = npt.NDArray[np.float32]  # (n, 3), sRGB 0–1


@dataclass(frozen=True)
class Mesh:
    """Vertices and triangles, and the vertices' colours where it has any."""

    vertices: Vertices
    faces: Faces
    colours: Colours | None = None

    @cached_property
    def corners(self) -> Vertices:
        """The triangles' corners, (m, 3, 3)."""
        return self.vertices[self.faces]

    @cached_property
    def normals(self) -> Vertices:
        """Normals as long as twice the triangle's area, (m, 3)."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return np.asarray(np.cross(b - a, c - a))

    @cached_property
    def smooth_normals(self) -> Vertices:
        """Normals of the vertices, of length 1, (n, 3): of the triangles about each, weighted by area."""
        about, count = self.faces.T.ravel(), len(self.vertices)
        out = np.stack([np.bincount(about, np.tile(side, 3), count) for side in self.normals.T], 1)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))

    @property
    def volume(self) -> float:
        """Volume in mm³; negative when the surface is inside out."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)

    @property
    def centre(self) -> Vertices:
        """Centre of mass of the solid that the surface encloses, (3,)."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        parts = np.einsum("ij,ij->i", a, np.cross(b, c))
        return np.asarray((parts[:, None] * (a + b + c)).sum(axis=0) / (4 * parts.sum()))

    @property
    def size(self) -> tuple[float, float, float]:
        """Width, depth and height in mm."""
        x, y, z = (self.vertices.max(axis=0) - self.vertices.min(axis=0)).tolist()
        return x, y, z


def pieces(mesh: Mesh) -> npt.NDArray[np.int64]:
    """Return for each triangle the number of the connected surface that it belongs to, (m,), from 0."""
    a, b, c = np.ascontiguousarray(mesh.faces.T)
    label = _connected(np.concatenate([a, b]), np.concatenate([b, c]), len(mesh.vertices))[a]
    return np.asarray(np.unique(label, return_inverse=True)[1])


def _connected(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Return for each of *count* points the least number of those that edges from *a* to *b* join it to.

    Trees of points hang themselves under each other's roots and grow flat (FastSV; Zhang, Azad and Hu, 2020).
    """
    above = np.arange(count)
    while True:
        over = above[above]
        for here, there in ((a, b), (b, a)):
            least = over[there]
            np.minimum.at(above, above[here], least)
            np.minimum.at(above, here, least)
        np.minimum(above, over, out=above)
        if (above[above] == over).all():
            return above


def kept(mesh: Mesh, faces: npt.NDArray[np.bool_]) -> Mesh:
    """Return *mesh* with these triangles alone and the vertices that they need."""
    used, index = np.unique(mesh.faces[faces], return_inverse=True)
    colours = None if mesh.colours is None else mesh.colours[used]
    return Mesh(mesh.vertices[used], index.reshape(-1, 3).astype(np.int64), colours)


def largest(mesh: Mesh) -> Mesh:
    """Return the connected piece that encloses most, with the hollows inside it, without crumbs beside it."""
    piece = pieces(mesh)
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    volume = np.bincount(piece, np.einsum("ij,ij->i", a, np.cross(b, c)))
    if len(volume) == 1:
        return mesh
    return kept(mesh, piece == int(volume.argmax()))


def smoothed(mesh: Mesh, rounds: int = 2) -> Mesh:
    """Return *mesh* without the teeth that marching cubes give to its edges (Taubin, 1995: it neither shrinks nor
    swells); what lies on the bed stays there."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, axis=1).ravel()  # closed: every neighbour once
    count, points = len(mesh.vertices), mesh.vertices
    near = np.bincount(start, minlength=count)
    low = points[:, 2].min()
    lies = points[:, 2] < low + 1e-3 * float(np.ptp(points[:, 2]))
    for share in (0.5, -0.53) * rounds:
        mean = np.stack([np.bincount(start, side[end], count) / near for side in points.T], 1)
        points = points + share * (mean - points)
        points[lies, 2] = low
    return Mesh(points, mesh.faces, mesh.colours)


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one; they must not touch."""
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    faces = np.concatenate([m.faces + start for m, start in zip(meshes, starts, strict=False)])
    return Mesh(np.concatenate([m.vertices for m in meshes]), faces)


def _loops(edges: npt.NDArray[np.int64]) -> int:
    """Return how many connected pieces *edges* make."""
    _, index = np.unique(edges, return_inverse=True)
    a, b = index.reshape(-1, 2).T
    return len(np.unique(_connected(a, b, int(index.max()) + 1)))


def faults(mesh: Mesh) -> list[str]:
    """Return why *mesh* isn't a solid; nothing when it is."""
    found = []
    if not len(mesh.faces):
        return ["it has no triangles"]
    if not np.isfinite(mesh.vertices).all():
        return ["a corner is no number"]
    edges = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    ends = np.sort(edges, axis=1) @ [len(mesh.vertices) + 1, 1]
    _, index, count = np.unique(ends, return_inverse=True, return_counts=True)
    if (count == 1).any():
        holes = _loops(edges[count[index] == 1])
        found.append(
            f"{int((count == 1).sum())} edges have a triangle on one side only: the surface isn't closed "
            f"({holes} hole{'s' if holes != 1 else ''})"
        )
    if (count > 2).any():
        found.append(f"{int((count > 2).sum())} edges have more than two triangles: the surface isn't manifold")
    forward = np.bincount(index, edges[:, 0] < edges[:, 1], minlength=len(count))
    if turned := int(((count == 2) & (forward != 1)).sum()):
        found.append(f"{turned} edges have triangles that face opposite ways: faces are flipped")
    if flat := int((np.linalg.norm(mesh.normals, axis=1) < 1e-9).sum()):
        found.append(f"{flat} triangle{'s have' if flat > 1 else ' has'} no area")
    if mesh.volume <= 0:
        found.append("the surface is inside out")
    return found
