"""Viewing: a solid as a picture: light from the sky and a lamp, with shadows, on paper; from one side or turning.

Triangles are rasterised with a depth buffer; a pixel's light is that of its triangle's corners, between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.space import light
from miaobi.craft.space.mesh import Mesh

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]  # (height, width, 3), BGR

CLAY = (0.84, 0.76, 0.66)  # sRGB of a solid without colours
_PAPER = np.array([0.93, 0.915, 0.89])
_LAMP = np.array([-0.55, -0.62, 0.85])  # where the lamp stands, seen by one who looks along +y
_SKY = 96  # directions
_EYE = 4.2  # distance of the eye in radii of the solid
_CREASE = np.cos(np.radians(40))  # edges sharper than this are seen as edges


@dataclass(frozen=True)
class Model:
    """A solid ready to be looked at from many sides."""

    mesh: Mesh

    @cached_property
    def middle(self) -> Points:
        """The middle of its box."""
        return np.asarray((self.mesh.vertices.min(axis=0) + self.mesh.vertices.max(axis=0)) / 2)

    @cached_property
    def radius(self) -> float:
        """Of the ball about its box's middle that holds it, mm."""
        return float(np.linalg.norm(self.mesh.vertices - self.middle, axis=1).max())

    @cached_property
    def points(self) -> Points:
        """Points all over it, which stand in the light."""
        return light.cloud(self.mesh, self.cell * 0.7)

    @property
    def cell(self) -> float:
        """mm of a depth map's cells."""
        return self.radius / 110

    @cached_property
    def normals(self) -> Points:
        """Smooth normals of its vertices."""
        return self.mesh.smooth_normals

    @cached_property
    def sky(self) -> Floats:
        """Share of the sky, and of the floor's light, that each vertex sees."""
        above = light.seen(self.points, self.mesh.vertices, self.normals, light.hemisphere(_SKY), self.cell)
        up = (1 + self.normals[:, 2]) / 2
        return np.asarray(above * up + 0.30 * (1 - up) * (0.4 + 0.6 * above))

    @cached_property
    def floor(self) -> tuple[Floats, Points, float]:
        """Sky light on the floor about it: a grid, the place of its first cell, mm of a cell."""
        size = 3.6 * self.radius
        cells = 90
        side = np.linspace(-size / 2, size / 2, cells)
        x, y = np.meshgrid(side, side)
        bottom = float(self.mesh.vertices[:, 2].min())
        places = np.stack([x.ravel() + self.middle[0], y.ravel() + self.middle[1], np.full(x.size, bottom)], 1)
        up = np.tile([0.0, 0.0, 1.0], (len(places), 1))
        ways = light.hemisphere(_SKY)
        grid = light.seen(self.points, places, up, ways, self.cell).reshape(cells, cells)
        return grid, places[0], size / (cells - 1)

    @cached_property
    def colours(self) -> Floats:
        """Linear light of its vertices' colours, (n, 3)."""
        found = self.mesh.colours
        srgb = np.tile(CLAY, (len(self.mesh.vertices), 1)) if found is None else found.astype(float)
        return np.asarray(srgb**2.2)


def picture(
    model: Model, width: int, height: int, *, azimuth: float = 25.0, elevation: float = 16.0, fine: int = 2
) -> Image:
    """Return how the solid looks to one who went *azimuth* degrees about it, *elevation* degrees up."""
    image, _ = _seen_from(model, width * fine, height * fine, azimuth, elevation, lamps=12 if fine > 1 else 5)
    if fine > 1:
        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray((255 * np.clip(image, 0, 1) + 0.5).astype(np.uint8)[:, :, ::-1].copy())


def _seen_from(
    model: Model, width: int, height: int, azimuth: float, elevation: float, lamps: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    a, e = np.radians([azimuth, elevation])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    toward = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])  # from the solid to the eye
    up = np.cross(toward, right)
    zoom = min(width, height * 1.02) / 2 / model.radius * 0.97
    if height > width:
        zoom = width / 2 / model.radius * 0.97

    def project(p: Points) -> Points:
        q = p - model.middle
        near = 1 - (q @ toward) / (_EYE * model.radius)
        scale = zoom / near
        return np.stack([width / 2 + scale * (q @ right), height / 2 - scale * (q @ up), near], axis=-1)

    flat = project(model.mesh.vertices)
    face, weights = raster(flat[model.mesh.faces], width, height)
    lamp = _LAMP @ np.stack([right, np.cross([0.0, 0.0, 1.0], right), [0.0, 0.0, 1.0]])
    ways = light.lamp(lamp, 0.16, lamps)
    lit = light.seen(model.points, model.mesh.vertices, model.normals, ways, model.cell)
    image = _floor(model, width, height, (right, up, toward, zoom), ways).astype(np.float32)
    hit = face >= 0
    corner = model.mesh.faces[face[hit]]
    w = weights[hit][:, :, None]
    normal = _creased(model, face[hit], corner, w)
    lambert = np.maximum(normal @ (lamp / np.linalg.norm(lamp)), 0) * (lit[corner][:, :, None] * w).sum(1)[:, 0]
    sky = (model.sky[corner][:, :, None] * w).sum(1)[:, 0]
    albedo = (model.colours[corner] * w).sum(1)
    rim = np.maximum(0, 1 - np.abs(normal @ toward)) ** 3
    warm, cool = np.array([1.0, 0.955, 0.89]), np.array([0.92, 0.97, 1.06])
    glow = albedo * (1.42 * lambert[:, None] * warm + 0.66 * sky[:, None] * cool)
    glow += 0.05 * (rim * sky)[:, None] + 0.10 * (np.maximum(normal @ _half(lamp, toward), 0) ** 28 * lambert)[:, None]
    image[hit] = _shown(glow)
    return image, hit


def _half(lamp: Points, toward: Points) -> Points:
    half = lamp / np.linalg.norm(lamp) + toward
    return np.asarray(half / np.linalg.norm(half))


def _shown(glow: Floats) -> Floats:
    """Return linear light as sRGB 0–1 with its highlights rolled off."""
    return np.asarray(np.clip(glow / (1 + 0.18 * glow), 0, 1) ** (1 / 2.2))


def _creased(model: Model, face: npt.NDArray[np.int64], corner: npt.NDArray[np.int64], w: Floats) -> Points:
    """Return normals between those of the corners; the triangle's own where the surface has an edge."""
    flat = model.mesh.normals[face]
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    smooth = model.normals[corner]
    edged = (smooth * flat[:, None, :]).sum(2, keepdims=True) < _CREASE
    normal = (np.where(edged, flat[:, None, :], smooth) * w).sum(1)
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12))


def _floor(model: Model, width: int, height: int, eye: tuple[Points, Points, Points, float], ways: Points) -> Floats:
    """Return the paper behind and under the solid with its shadow, sRGB (height, width, 3)."""
    right, up, toward, zoom = eye
    fall = np.linspace(1.03, 0.90, height)[:, None, None]
    paper = np.repeat(_PAPER * fall, width, axis=1)
    y, x = np.mgrid[0:height:2, 0:width:2].astype(float)  # the floor's shadow is soft: every second pixel
    eye_at = model.middle + toward * _EYE * model.radius
    ray = (
        ((x - width / 2) / zoom)[:, :, None] * right
        - ((y - height / 2) / zoom)[:, :, None] * up
        - toward * _EYE * model.radius
    )
    bottom = float(model.mesh.vertices[:, 2].min())
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (bottom - eye_at[2]) / ray[:, :, 2]
    ground = eye_at + np.where(ray[:, :, 2] < 0, along, 0)[:, :, None] * ray
    grid, first, step = model.floor
    places = np.stack(
        [*(first[:2, None] + step * np.indices(grid.shape)[::-1].reshape(2, -1)), np.full(grid.size, bottom)], 1
    )
    lamp = light.seen(model.points, places, np.tile([0.0, 0.0, 1.0], (len(places), 1)), ways, model.cell)
    shade = (0.52 * grid + 0.48 * lamp.reshape(grid.shape)).astype(np.float32)
    column = ((ground[:, :, 0] - first[0]) / step).astype(np.float32)
    row = ((ground[:, :, 1] - first[1]) / step).astype(np.float32)
    seen = cv2.remap(shade, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=1.0)
    seen = np.where(ray[:, :, 2] < -1e-9, seen, 1.0)
    seen = cv2.resize(cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 1.5), (width, height))
    return np.asarray(paper * (0.30 + 0.70 * np.clip(seen, 0, 1))[:, :, None])


def raster(corners: Points, width: int, height: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return for each pixel the nearest triangle that faces the eye, −1 for none, and its corners' weights there.

    *corners*: (m, 3, 3): x right, y down, px; depth, smaller is nearer.
    """
    ax, ay, bx, by, cx, cy = (corners[:, k, i] for k in range(3) for i in range(2))
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    x, y, z = (corners[:, :, i] for i in range(3))
    left = np.clip(np.ceil(x.min(1) - 0.5), 0, width).astype(int)
    right = np.clip(np.floor(x.max(1) - 0.5) + 1, 0, width).astype(int)
    top = np.clip(np.ceil(y.min(1) - 0.5), 0, height).astype(int)
    bottom = np.clip(np.floor(y.max(1) - 0.5) + 1, 0, height).astype(int)
    count = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    chosen = np.flatnonzero((area < 0) & (count > 0))
    buffer = np.full(width * height, np.iinfo(np.uint64).max, np.uint64)
    low, high = float(z.min()), float(z.max())
    ends = np.cumsum(count[chosen])
    for start in range(0, int(ends[-1]) if len(ends) else 0, 3_000_000):
        part = chosen[(ends - count[chosen] < start + 3_000_000) & (ends - count[chosen] >= start)]
        index = np.repeat(part, count[part])
        first = np.cumsum(count[part]) - count[part]
        offset = np.arange(len(index)) - np.repeat(first, count[part])
        wide = (right - left)[index]
        px, py = left[index] + offset % wide, top[index] + offset // wide
        w = _weights(corners[index], px + 0.5, py + 0.5)
        ok = (w >= -1e-9).all(axis=1)
        depth = (w[ok] * z[index[ok]]).sum(1)
        key = ((depth - low) / max(high - low, 1e-12) * (2**31)).astype(np.uint64) << np.uint64(32)
        np.minimum.at(buffer, py[ok] * width + px[ok], key | index[ok].astype(np.uint64))
    face = np.where(buffer == np.iinfo(np.uint64).max, -1, (buffer & np.uint64(0xFFFFFFFF)).astype(np.int64))
    face = face.reshape(height, width)
    weights = np.zeros((height, width, 3))
    py, px = np.nonzero(face >= 0)
    weights[py, px] = _weights(corners[face[py, px]], px + 0.5, py + 0.5)
    return face, weights


def _weights(corners: Points, x: npt.NDArray[np.floating[Any]], y: npt.NDArray[np.floating[Any]]) -> Floats:
    ax, ay, bx, by, cx, cy = (corners[:, k, i] for k in range(3) for i in range(2))
    whole = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / whole
    c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / whole
    return np.stack([1 - b - c, b, c], axis=1)
