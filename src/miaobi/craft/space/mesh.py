"""Mesh: a closed surface of triangles, in millimetres, z up; how it is judged fit for printing.

Closed and manifold: every edge belongs to exactly two triangles, which run along it in opposite directions (so that
all face outwards). Volume is the sum of signed tetrahedra. Overhang: area that faces down more steeply than 45° and
lies above the bed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vertices = npt.NDArray[np.float64]  # (n, 3), mm
Faces = npt.NDArray[np.int64]  # (m, 3), counter-clockwise seen from outside


@dataclass(frozen=True)
class Mesh:
    """Vertices and triangles."""

    vertices: Vertices
    faces: Faces

    @property
    def corners(self) -> Vertices:
        """The triangles' corners, (m, 3, 3)."""
        return self.vertices[self.faces]

    @property
    def normals(self) -> Vertices:
        """Normals as long as twice the triangle's area, (m, 3)."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return np.asarray(np.cross(b - a, c - a))

    @property
    def volume(self) -> float:
        """Volume in mm³; negative when the surface is inside out."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)

    @property
    def size(self) -> tuple[float, float, float]:
        """Width, depth and height in mm."""
        x, y, z = (self.vertices.max(axis=0) - self.vertices.min(axis=0)).tolist()
        return x, y, z


def faults(mesh: Mesh) -> list[str]:
    """Return why *mesh* isn't a printable solid; nothing when it is."""
    found = []
    if not np.isfinite(mesh.vertices).all():
        return ["a corner is no number"]
    edges = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    key = edges[:, 0] * (len(mesh.vertices) + 1) + edges[:, 1]
    back = edges[:, 1] * (len(mesh.vertices) + 1) + edges[:, 0]
    if len(np.unique(key)) != len(key):
        found.append("an edge is used twice in one direction: the surface isn't manifold")
    if open_ := int((~np.isin(key, back)).sum()):
        found.append(f"{open_} edges have a triangle on one side only: the surface isn't closed")
    if (np.linalg.norm(mesh.normals, axis=1) < 1e-9).any():
        found.append("a triangle has no area")
    if mesh.volume <= 0:
        found.append("the surface is inside out")
    return found


def overhang(mesh: Mesh) -> float:
    """Return the share of the surface that needs support when printed standing, 0–1."""
    normals = mesh.normals
    area = np.linalg.norm(normals, axis=1)
    low = mesh.corners[:, :, 2].max(axis=1) < mesh.vertices[:, 2].min() + 0.2
    steep = (normals[:, 2] < -np.sin(np.radians(45.5)) * area) & ~low
    return float(area[steep].sum() / area.sum())
