"""Viewing: a solid as a picture: light from the sky and a lamp, with shadows, on paper; from one side or turning.

Triangles are rasterised with a depth buffer; a pixel's light is that of its triangle's corners, between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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
_TILES = 90  # along a side of the floor about a solid: places whose light is measured
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
        return light.cloud(self.mesh, self.cell * 0.85)

    @property
    def cell(self) -> float:
        """mm of a depth map's cells."""
        return self.radius / 110

    @cached_property
    def normals(self) -> Points:
        """Smooth normals of its vertices."""
        return self.mesh.smooth_normals

    @cached_property
    def floor(self) -> tuple[Points, float]:
        """Places on the floor about it, row by row of a square grid, and mm from one to the next."""
        size = 3.6 * self.radius
        side = np.linspace(-size / 2, size / 2, _TILES)
        x, y = np.meshgrid(side, side)
        bottom = float(self.mesh.vertices[:, 2].min())
        places = np.stack([x.ravel() + self.middle[0], y.ravel() + self.middle[1], np.full(x.size, bottom)], 1)
        return places, size / (_TILES - 1)

    def lit(self, vertices: npt.NDArray[np.int64], ways: Points) -> tuple[Floats, Floats]:
        """Return the share of *ways* that some vertices see, (n,), and the floor, a grid: from the same depth maps."""
        places, _ = self.floor
        up = np.tile([0.0, 0.0, 1.0], (len(places), 1))
        both = np.concatenate([self.mesh.vertices[vertices], places])
        found = light.seen(self.points, both, np.concatenate([self.normals[vertices], up]), ways, self.cell)
        return found[: len(vertices)], found[len(vertices) :].reshape(_TILES, _TILES)

    @cached_property
    def _skylight(self) -> tuple[Floats, Floats]:
        return self.lit(np.arange(len(self.mesh.vertices)), light.hemisphere(_SKY))

    @property
    def floor_sky(self) -> Floats:
        """Share of the sky that the floor's places see, a grid."""
        return self._skylight[1]

    @cached_property
    def sky(self) -> Floats:
        """Share of the sky, and of the floor's light, that each vertex sees."""
        above, up = self._skylight[0], (1 + self.normals[:, 2]) / 2
        return np.asarray(above * up + 0.30 * (1 - up) * (0.4 + 0.6 * above))

    @cached_property
    def creased(self) -> npt.NDArray[np.float32]:
        """Normals of each triangle's corners, (m, 3, 3): smooth ones, the triangle's own where the surface has an
        edge."""
        flat = self.mesh.normals
        flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
        smooth = self.normals[self.mesh.faces]
        edged = np.einsum("mki,mi->mk", smooth, flat)[:, :, None] < _CREASE
        return np.where(edged, flat[:, None, :], smooth).astype(np.float32)

    @cached_property
    def surface(self) -> npt.NDArray[np.float32]:
        """What every view needs of its vertices: share of the sky, linear light of the colour, (n, 4)."""
        return np.column_stack([self.sky, self.colours]).astype(np.float32)

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
    hit = face >= 0
    shown, w = face[hit], weights[hit].astype(np.float32)
    corner = model.mesh.faces[shown]
    met = np.zeros(len(model.mesh.vertices), bool)
    met[corner] = True
    seen = np.flatnonzero(met)
    lit = np.zeros(len(model.mesh.vertices), np.float32)
    lit[seen], floor = model.lit(seen, ways)
    image = _floor(model, width, height, (right, up, toward, zoom), 0.52 * model.floor_sky + 0.48 * floor)
    normal = _between(model.creased[shown], w)
    normal /= np.maximum(np.sqrt(np.einsum("ij,ij->i", normal, normal)), 1e-12)[:, None]
    lambert = np.maximum(normal @ _single(lamp / np.linalg.norm(lamp)), 0) * np.einsum("ij,ij->i", lit[corner], w)
    surface = _between(model.surface[corner], w)
    sky, albedo = surface[:, 0], surface[:, 1:]
    rim = np.maximum(0, 1 - np.abs(normal @ _single(toward))) ** 3
    warm, cool = _single(np.array([1.0, 0.955, 0.89])), _single(np.array([0.92, 0.97, 1.06]))
    glow = albedo * (1.42 * lambert[:, None] * warm + 0.66 * sky[:, None] * cool)
    gloss = np.maximum(normal @ _single(_half(lamp, toward)), 0) ** 28
    glow += (0.05 * rim * sky + 0.10 * gloss * lambert)[:, None]
    image[hit] = _shown(glow)
    return image, hit


def _single(values: Floats) -> npt.NDArray[np.float32]:
    return values.astype(np.float32)


def _between(corners: npt.NDArray[np.float32], w: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what lies between triangles' corners, (n, 3, k), by weights, (n, 3)."""
    return np.asarray(corners[:, 0] * w[:, :1] + corners[:, 1] * w[:, 1:2] + corners[:, 2] * w[:, 2:])


def _half(lamp: Points, toward: Points) -> Points:
    half = lamp / np.linalg.norm(lamp) + toward
    return np.asarray(half / np.linalg.norm(half))


def _shown(glow: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return linear light as sRGB 0–1 with its highlights rolled off."""
    return np.asarray(np.clip(glow / (1 + 0.18 * glow), 0, 1) ** np.float32(1 / 2.2))


def _floor(
    model: Model, width: int, height: int, eye: tuple[Points, Points, Points, float], shade: Floats
) -> npt.NDArray[np.float32]:
    """Return the paper behind and under the solid with its shadow, sRGB (height, width, 3)."""
    right, up, toward, zoom = eye
    fall = np.linspace(1.03, 0.90, height, dtype=np.float32)[:, None, None]
    y, x = np.mgrid[0:height:2, 0:width:2].astype(np.float32)  # the floor's shadow is soft: every second pixel
    across, down, near = (x - width / 2) / zoom, (y - height / 2) / zoom, _EYE * model.radius
    ray = [across * right[i] - down * up[i] - toward[i] * near for i in range(3)]
    bottom = float(model.mesh.vertices[:, 2].min())
    eye_at = (model.middle + toward * near).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(ray[2] < 0, (bottom - eye_at[2]) / ray[2], 0)
    ground = [eye_at[i] + along * ray[i] for i in range(2)]
    places, step = model.floor
    column, row = (((ground[i] - places[0, i]) / step).astype(np.float32) for i in range(2))
    seen = cv2.remap(_single(shade), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=1.0)
    seen = np.where(ray[2] < -1e-9, seen, 1.0)
    seen = cv2.resize(cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 1.5), (width, height))
    return np.asarray(_single(_PAPER) * (fall * (0.30 + 0.70 * np.clip(seen, 0, 1))[:, :, None]))


def raster(corners: Points, width: int, height: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return for each pixel the nearest triangle that faces the eye, −1 for none, and its corners' weights there.

    *corners*: (m, 3, 3): x right, y down, px; depth, smaller is nearer.
    """
    low, high = float(corners[:, :, 2].min()), float(corners[:, :, 2].max())
    x, y = (np.ascontiguousarray(corners[:, :, i].T) for i in range(2))
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    chosen = np.flatnonzero(area < 0)
    x, y, area = x[:, chosen], y[:, chosen], area[chosen]
    left, right = _pixels(x, width)
    top, bottom = _pixels(y, height)
    wide = right - left
    count = np.maximum(wide, 0) * np.maximum(bottom - top, 0)
    met = np.flatnonzero(count > 0)
    chosen, left, top, wide, count = chosen[met], left[met], top[met], wide[met], count[met]
    weights = _slopes(x[:, met], y[:, met], area[met])
    near = (corners[chosen, :, 2].T - low) / max(high - low, 1e-12) * (2**31)
    buffer = np.full(width * height, np.iinfo(np.uint64).max, np.uint64)
    ends = np.cumsum(count)
    for start in range(0, int(ends[-1]) if len(ends) else 0, 1_000_000):
        part = np.flatnonzero((ends - count < start + 1_000_000) & (ends - count >= start))
        index = np.repeat(part, count[part])
        offset = np.arange(len(index)) - np.repeat(np.cumsum(count[part]) - count[part], count[part])
        row = offset // wide[index]
        px, py = left[index] + offset - row * wide[index], top[index] + row
        b, c = _at(weights, index, px, py)
        ok = np.flatnonzero((b >= -1e-9) & (c >= -1e-9) & (b + c <= 1 + 1e-9))
        index, b, c = index[ok], b[ok], c[ok]
        depth = near[0, index] * (1 - b - c) + near[1, index] * b + near[2, index] * c
        key = np.maximum(depth, 0).astype(np.uint64) << np.uint64(32)
        np.minimum.at(buffer, py[ok] * width + px[ok], key | index.astype(np.uint64))
    hit = np.flatnonzero(buffer != np.iinfo(np.uint64).max)
    index = (buffer[hit] & np.uint64(0xFFFFFFFF)).astype(np.int64)
    b, c = _at(weights, index, hit % width, hit // width)
    face, shares = np.full(width * height, -1), np.zeros((width * height, 3))
    face[hit], shares[hit] = chosen[index], np.stack([1 - b - c, b, c], axis=1)
    return face.reshape(height, width), shares.reshape(height, width, 3)


def _pixels(values: Floats, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first pixel whose middle lies within three corners' span, (3, n), and the one after the last."""
    a, b, c = values
    least, greatest = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    first = np.clip(np.ceil(least - 0.5), 0, most).astype(int)
    return first, np.clip(np.floor(greatest - 0.5) + 1, 0, most).astype(int)


def _slopes(x: Floats, y: Floats, area: Floats) -> Floats:
    """Return how the weights of the second and the third corner change with x and y, and their values at the middle of
    the first pixel, (6, n)."""
    b = ((y[2] - y[0]) / area, (x[0] - x[2]) / area)
    c = ((y[0] - y[1]) / area, (x[1] - x[0]) / area)
    return np.stack([*b, b[0] * (0.5 - x[0]) + b[1] * (0.5 - y[0]), *c, c[0] * (0.5 - x[0]) + c[1] * (0.5 - y[0])])


def _at(
    weights: Floats, index: npt.NDArray[np.int64], px: npt.NDArray[np.int64], py: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the weights of the second and the third corner of triangles *index* at the middle of pixels."""
    bx, by, b, cx, cy, c = (row[index] for row in weights)
    return bx * px + by * py + b, cx * px + cy * py + c
