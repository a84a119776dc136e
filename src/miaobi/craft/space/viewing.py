"""Viewing: a solid as a picture: light from the sky and a lamp, with shadows, on paper; from one side or turning.

Triangles are rasterised with a depth buffer; a pixel's light is that of its triangle's corners, between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.space import light
from miaobi.craft.space.mesh import Mesh

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Image = npt.NDArray[np.uint8]  # (height, width, 3), BGR

CLAY = (0.84, 0.76, 0.66)  # sRGB of a solid without colours
_PAPER = np.array([0.93, 0.915, 0.89])
_LAMP = np.array([-0.55, -0.62, 0.85])  # where the lamp stands, seen by one who looks along +y
_SKY = 96  # directions
_TILES = 90  # along a side of the floor about a solid: places whose light is measured
_FILLED = 0.84  # of a picture's side: what the solid takes
_EYE = 4.2  # distance of the eye in radii of the solid
_AT_ONCE = 1 << 16  # pixels of triangles that are looked at together: what the processor's cache holds
_EDGE = 1e-4  # of a triangle: how far outside it a pixel still counts as in it; single precision else leaves cracks
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
        found = light.seen(self.points, both, np.concatenate([self.mesh.smooth_normals[vertices], up]), ways, self.cell)
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
        above, up = self._skylight[0], (1 + self.mesh.smooth_normals[:, 2]) / 2
        return np.asarray(above * up + 0.30 * (1 - up) * (0.4 + 0.6 * above))

    @cached_property
    def placed(self) -> Singles:
        """Its vertices from its middle, (3, n)."""
        return np.ascontiguousarray((self.mesh.vertices - self.middle).T, np.float32)

    @cached_property
    def _planes(self) -> Singles:
        normals = self.mesh.normals
        level = np.einsum("ij,ij->i", normals, self.mesh.corners[:, 0] - self.middle)
        return np.concatenate([normals.T, [-level]]).astype(np.float32)

    def facing(self, eye: Points) -> npt.NDArray[np.int64]:
        """Return the numbers of the triangles that face *eye*, (3,), seen from its middle."""
        return np.flatnonzero(_single(np.append(eye, 1)) @ self._planes > 0)

    @cached_property
    def creased(self) -> Singles:
        """Normals of each triangle's corners, (m, 3, 3): smooth ones, the triangle's own where the surface has an
        edge."""
        flat = self.mesh.normals / np.maximum(np.linalg.norm(self.mesh.normals, axis=1, keepdims=True), 1e-12)
        smooth = self.mesh.smooth_normals[self.mesh.faces]
        edged = np.einsum("mki,mi->mk", smooth, flat)[:, :, None] < _CREASE
        return np.where(edged, flat[:, None, :], smooth).astype(np.float32)

    @cached_property
    def surface(self) -> Singles:
        """What every view needs of its vertices: share of the sky, linear light of the colour, (n, 4)."""
        return np.column_stack([self.sky, self.colours]).astype(np.float32)

    @cached_property
    def colours(self) -> Floats:
        """Linear light of its vertices' colours, (n, 3)."""
        found = self.mesh.colours
        srgb = np.tile(CLAY, (len(self.mesh.vertices), 1)) if found is None else found.astype(float)
        return np.asarray(srgb**2.2)


def picture(
    model: Model,
    width: int,
    height: int,
    *,
    azimuth: float = 25.0,
    elevation: float = 16.0,
    fine: int = 2,
    turning: bool = False,
) -> Image:
    """Return how the solid looks to one who went *azimuth* degrees about it, *elevation* degrees up.

    It fills the picture; *turning* it is as large from every side, and in the same place.
    """
    a, e = np.radians([azimuth, elevation])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    toward = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])  # from the solid to the eye
    up = np.cross(toward, right)
    lamp = _LAMP @ np.stack([right, np.cross([0.0, 0.0, 1.0], right), [0.0, 0.0, 1.0]])
    ways = light.lamp(lamp, 0.16, 12 if fine > 1 else 5)
    off = _single(np.stack([right, up, toward])) @ model.placed
    near = 1 - off[2] / (_EYE * model.radius)
    x, y = off[0] / near, -off[1] / near  # mm as seen in the plane through the middle
    if turning:
        middle, zoom = (0.0, 0.0), 0.46 * min(width, height) / model.radius
    else:
        spans = [(float(side.min()), float(side.max())) for side in (x, y)]
        middle = ((spans[0][0] + spans[0][1]) / 2, (spans[1][0] + spans[1][1]) / 2)
        zoom = _FILLED * min(width / (spans[0][1] - spans[0][0]), height / (spans[1][1] - spans[1][0]))
    corner = middle[0] - width / 2 / zoom, middle[1] - height / 2 / zoom  # of the picture, mm
    x, y = ((side - at) * np.float32(zoom * fine) for side, at in zip((x, y), corner, strict=True))
    faces = model.facing(toward * _EYE * model.radius)
    hits = raster(np.stack([x, y, near]), model.mesh.faces[faces], width * fine, height * fine)
    shown = faces[hits.triangle]
    lit, floor = _lamplit(model, shown, ways)
    points = np.zeros((height * fine * width * fine, 4), np.float32)  # its colour where it is, and whether it is
    for start in range(0, len(shown), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        glow = _glow(model, shown[part], hits.weights[part], lit, (lamp, toward))
        points[hits.pixel[part]] = np.column_stack([_shown(glow), np.ones(len(glow), np.float32)])
    solid = cv2.resize(points.reshape(height * fine, width * fine, 4), (width, height), interpolation=cv2.INTER_AREA)
    shade = 0.52 * model.floor_sky + 0.48 * floor
    image = _floor(model, (width, height), (right, up, toward), (*corner, zoom), shade, 2 / fine)
    image = image * (1 - solid[:, :, 3:]) + solid[:, :, :3]
    return np.asarray((255 * np.clip(image, 0, 1) + 0.5).astype(np.uint8)[:, :, ::-1].copy())


def _lamplit(model: Model, shown: npt.NDArray[np.int64], ways: Points) -> tuple[Singles, Floats]:
    """Return the share of *ways* to a lamp that the corners of triangles *shown* see, (vertices,), and the floor."""
    triangle, vertex = np.zeros(len(model.mesh.faces), bool), np.zeros(len(model.mesh.vertices), bool)
    triangle[shown] = True
    vertex[model.mesh.faces[triangle]] = True
    lit = np.zeros(len(vertex), np.float32)
    lit[vertex], floor = model.lit(np.flatnonzero(vertex), ways)
    return lit, floor


def _glow(
    model: Model, shown: npt.NDArray[np.int64], w: Singles, lit: Singles, stand: tuple[Points, Points]
) -> Singles:
    """Return the linear light of points of triangles *shown*, (n, 3), by their weights *w*; *stand*: where the lamp is,
    and the way to the eye."""
    lamp, toward = stand
    corner = model.mesh.faces[shown]
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
    return glow


def _single(values: Floats) -> Singles:
    return values.astype(np.float32)


def _between(corners: Singles, w: Singles) -> Singles:
    """Return what lies between triangles' corners, (n, 3, k), by weights, (n, 3)."""
    return np.asarray(corners[:, 0] * w[:, :1] + corners[:, 1] * w[:, 1:2] + corners[:, 2] * w[:, 2:])


def _half(lamp: Points, toward: Points) -> Points:
    half = lamp / np.linalg.norm(lamp) + toward
    return np.asarray(half / np.linalg.norm(half))


def _shown(glow: Singles) -> Singles:
    """Return linear light as sRGB 0–1 with its highlights rolled off."""
    return np.asarray(np.clip(glow / (1 + 0.18 * glow), 0, 1) ** np.float32(1 / 2.2))


def _floor(
    model: Model,
    size: tuple[int, int],
    eye: tuple[Points, Points, Points],
    frame: tuple[float, float, float],
    shade: Floats,
    step: float,
) -> Singles:
    """Return the paper behind and under the solid with its shadow, sRGB (height, width, 3).

    *size*: width and height, px; *frame*: mm of the picture's corner, and px to one of them. The shadow is soft: it is
    looked up every *step* px.
    """
    (width, height), (right, up, toward), (left, top, zoom) = size, eye, frame
    fall = np.linspace(1.03, 0.90, height, dtype=np.float32)[:, None, None]
    x, y = np.meshgrid(*(np.arange(0, side, step, dtype=np.float32) for side in (width, height)))
    across, down, near = left + x / np.float32(zoom), top + y / np.float32(zoom), _EYE * model.radius
    ray = [across * right[i] - down * up[i] - toward[i] * near for i in range(3)]
    bottom = float(model.mesh.vertices[:, 2].min())
    eye_at = (model.middle + toward * near).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(ray[2] < 0, (bottom - eye_at[2]) / ray[2], 0)
    ground = [eye_at[i] + along * ray[i] for i in range(2)]
    places, side = model.floor
    column, row = (((ground[i] - places[0, i]) / side).astype(np.float32) for i in range(2))
    soft = cv2.GaussianBlur(_single(shade), (0, 0), 0.9)  # or its edge would be in steps as large as a tile
    seen = cv2.remap(soft, column, row, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=1.0)
    seen = np.where(ray[2] < -1e-9, seen, 1.0)
    seen = cv2.resize(cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 1.5), (width, height))
    return np.asarray(_single(_PAPER) * (fall * (0.30 + 0.70 * np.clip(seen, 0, 1))[:, :, None]))


class Hits(NamedTuple):
    """The pixels that show a triangle: row by row from the top, the triangle, the weights of its corners there."""

    pixel: npt.NDArray[np.int64]  # (n,): row times width plus column
    triangle: npt.NDArray[np.int64]  # (n,)
    weights: Singles  # (n, 3)


def raster(points: Singles, faces: npt.NDArray[np.int64], width: int, height: int) -> Hits:
    """Return for the pixels that triangles cover the nearest one that faces the eye.

    *points*: (3, n): px to the right and down, and depth, of which less is nearer; *faces*: (m, 3).
    """
    corners = [[column[corner] for corner in np.ascontiguousarray(faces.T)] for column in points]
    x, y, near = corners
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    left, right = _pixels(x, width)
    top, bottom = _pixels(y, height)
    met = np.flatnonzero((area < 0) & (right > left) & (bottom > top))
    left, top, wide, tall = left[met], top[met], (right - left)[met], (bottom - top)[met]
    low, high = float(points[2].min()), float(points[2].max())
    rows = _slopes(
        [side[met] - left - np.float32(0.5) for side in x],
        [side[met] - top - np.float32(0.5) for side in y],
        [(side[met] - np.float32(low)) * np.float32(1 / max(high - low, 1e-12)) for side in near],
    )
    buffer = np.full(width * height, np.iinfo(np.uint64).max, np.uint64)
    ends = np.cumsum(wide * tall)
    cuts = np.searchsorted(ends, np.arange(_AT_ONCE, int(ends[-1]) if len(ends) else 0, _AT_ONCE))
    for first, last in pairwise([0, *cuts.tolist(), len(met)]):
        count = (wide * tall)[first:last]
        index = np.repeat(np.arange(first, last, dtype=np.int32), count)
        offset = np.arange(len(index), dtype=np.int32) - np.repeat(np.cumsum(count, dtype=np.int32) - count, count)
        down, across = np.divmod(offset, wide[index])
        b, c, deep = _at(rows, index, across, down)
        ok = np.flatnonzero((b >= -_EDGE) & (c >= -_EDGE) & (b + c <= 1 + _EDGE))
        index, deep = index[ok], deep[ok]
        key = (np.clip(deep, 0, 1) * np.float32(2**31)).astype(np.uint64) << np.uint64(32)
        at = (top[index] + down[ok]) * width + left[index] + across[ok]
        np.minimum.at(buffer, at, key | index.astype(np.uint64))
    hit = np.flatnonzero(buffer != np.iinfo(np.uint64).max)
    index = (buffer[hit] & np.uint64(0xFFFFFFFF)).astype(np.int32)
    row, column = np.divmod(hit.astype(np.int32), np.int32(width))
    b, c, _ = _at(rows, index, column - left[index], row - top[index])
    return Hits(hit, met[index], np.stack([1 - b - c, b, c], axis=1))


def _pixels(values: Sequence[Singles], most: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the first pixel whose middle lies within three corners' span, and the one after the last."""
    a, b, c = values
    least, greatest = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    first = np.clip(np.ceil(least - np.float32(0.5)), 0, most).astype(np.int32)
    return first, np.clip(np.floor(greatest + np.float32(0.5)), 0, most).astype(np.int32)


def _slopes(x: Sequence[Singles], y: Sequence[Singles], depth: Sequence[Singles]) -> list[Singles]:
    """Return the weights of the second and the third corner and the depth at the middle of a triangle's first pixel,
    and how each changes with x and y: nine rows; *x*, *y*: the corners seen from there."""
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    bx, by = (y[2] - y[0]) / area, (x[0] - x[2]) / area
    cx, cy = (y[0] - y[1]) / area, (x[1] - x[0]) / area
    b, c = (-by * y[0] - bx * x[0], bx, by), (-cy * y[0] - cx * x[0], cx, cy)
    more = depth[1] - depth[0], depth[2] - depth[0]
    deep = [more[0] * p + more[1] * q for p, q in zip(b, c, strict=True)]
    return [*b, *c, depth[0] + deep[0], *deep[1:]]


def _at(
    rows: Sequence[Singles], index: npt.NDArray[np.int32], across: npt.NDArray[np.int32], down: npt.NDArray[np.int32]
) -> Iterator[Singles]:
    """Yield the weights of the second and the third corner, and the depth, of triangles *index* some pixels on."""
    x, y = across.astype(np.float32), down.astype(np.float32)
    return (rows[k][index] + x * rows[k + 1][index] + y * rows[k + 2][index] for k in (0, 3, 6))
