"""Fitness: whether a solid can be printed and stands: closed, in one piece, walls, overhang, balance.

Overhang: surface that faces down more steeply than 45° and lies above the bed. Balance: the centre of mass must stand
over the hull of what touches the bed; the angle is how far the solid can lean before it falls.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.space.mesh import Mesh, faults, pieces
from miaobi.craft.space.rays import walls
from miaobi.findings import Finding

NOZZLE = 0.4  # mm: of the usual printer
LEAST_WALL = 2 * NOZZLE  # thinner than two lines breaks
_TOUCH = 0.3  # mm above the lowest point that still rest on the bed
_FALLS = 8.0  # degrees: what stands less firmly than this is told


def findings(mesh: Mesh) -> list[Finding]:
    """Return what is wrong with *mesh* as a thing to print, and what its printer should know."""
    found = [Finding(rule="solid", message=f"Not a solid: {fault}.", severity="error") for fault in faults(mesh)]
    if found:
        return found
    if (loose := int(pieces(mesh).max()) + 1) > 1:
        found.append(
            Finding(rule="pieces", message=f"It is {loose} pieces that don't hold together.", severity="warning")
        )
    thin = walls(mesh, max(mesh.size) / 160)
    if (share := thin.share_under(LEAST_WALL)) > 0.002:
        least = float(np.percentile(thin.thickness, 1))
        found.append(
            Finding(
                rule="thin-wall",
                message=f"{share:.1%} of its walls are thinner than {LEAST_WALL:g} mm (the thinnest: {least:.2f} mm).",
                severity="warning",
            )
        )
    if thin.odd > 0.01:
        found.append(
            Finding(
                rule="overlap", message=f"Its surface runs through itself ({thin.odd:.0%} of rays).", severity="warning"
            )
        )
    angle = tipping_angle(mesh)
    if angle < _FALLS:
        found.append(
            Finding(
                rule="balance",
                message=f"It falls over: its weight lies outside its foot by {-angle:.0f}°."
                if angle < 0
                else f"It falls over when it leans by {angle:.0f}°.",
                severity="warning",
            )
        )
    if (share := overhang(mesh)) > 0.02:
        found.append(
            Finding(rule="overhang", message=f"{share:.0%} of the surface needs support when printed.", severity="note")
        )
    return found


def overhang(mesh: Mesh) -> float:
    """Return the share of the surface that needs support when printed standing, 0–1."""
    normals = mesh.normals
    area = np.linalg.norm(normals, axis=1)
    low = mesh.corners[:, :, 2].max(axis=1) < mesh.vertices[:, 2].min() + 0.2
    steep = (normals[:, 2] < -np.sin(np.radians(45.5)) * area) & ~low
    return float(area[steep].sum() / area.sum())


def tipping_angle(mesh: Mesh) -> float:
    """Return how many degrees the solid can lean before it falls; negative where it falls by itself."""
    lowest = mesh.vertices[:, 2].min()
    foot = mesh.vertices[mesh.vertices[:, 2] < lowest + _TOUCH][:, :2].astype(np.float32)
    x, y, z = mesh.centre.tolist()
    if len(foot) < 3:
        return -90.0
    inside = cv2.pointPolygonTest(cv2.convexHull(foot), (x, y), True)
    return float(np.degrees(np.arctan2(inside, max(z - lowest, 1e-6))))
