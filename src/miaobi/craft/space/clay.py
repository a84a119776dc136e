"""Clay: a solid as signed distances that are added, melted together and cut (smooth minimum: I. Quilez, 2013).

A shape tells how far points are from its skin (negative inside) and the box that it lies in. Distances need not be
exact, only of the right sign and not much steeper than true ones (``isosurface.LIPSCHITZ``). x runs to the right,
y away from the one who looks, z up; units are the model's own until it is scaled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (n, 3)
Floats = npt.NDArray[np.float64]  # (n,)
Vector = Sequence[float] | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """A distance and the box that holds what is inside."""

    distance: Callable[[Points], Floats]
    low: Points
    high: Points

    def beyond(self, columns: Sequence[Floats]) -> Floats:
        """Return at least how far points are from the shape, squared, by its box alone; *columns*: their x, y and z."""
        far = np.zeros(len(columns[0]))
        for column, low, high in zip(columns, self.low, self.high, strict=True):
            gap = np.maximum(low - column, column - high)
            np.maximum(gap, 0, out=gap)
            far += gap * gap
        return far


@dataclass(frozen=True)
class _Part:
    shape: Shape
    colour: tuple[float, float, float]
    melt: float
    cut: bool


@dataclass
class Clay:
    """Parts in the order in which they are put on; each melts into, or is cut from, what is there."""

    parts: list[_Part] = field(default_factory=list)

    def add(self, shape: Shape, colour: str, melt: float = 0.0) -> None:
        """Put *shape* on in *colour* (``#rrggbb``), melting over *melt*."""
        self.parts.append(_Part(shape, _rgb(colour), melt, cut=False))

    def cut(self, shape: Shape, colour: str, melt: float = 0.0) -> None:
        """Take *shape* away; what it lays bare gets *colour*."""
        self.parts.append(_Part(shape, _rgb(colour), melt, cut=True))

    def place(self, other: Clay, at: Vector = (0, 0, 0), size: float = 1.0, yaw: float = 0.0) -> None:
        """Put all of *other* on: *size* times as large, turned by *yaw* degrees, its origin at *at*.

        What *other* cuts is cut from what is here too: cut shapes are made to reach no further than what they cut.
        """
        for part in other.parts:
            shape = moved(part.shape, at, size=size, yaw=yaw)
            self.parts.append(_Part(shape, part.colour, part.melt * size, part.cut))

    def distance(self, points: Points) -> Floats:
        """Return the distance of *points* to the skin of the whole."""
        return self._walk(points, colours=False)[0]

    def colours(self, points: Points, fringe: float = 0.0) -> npt.NDArray[np.float32]:
        """Return the colour of the skin at *points*, (n, 3), sRGB 0–1; where parts meet one runs into the other over
        *fringe* at least, or the points would show as teeth."""
        return self._walk(points, colours=True, fringe=fringe)[1].astype(np.float32)

    def _walk(self, points: Points, *, colours: bool, fringe: float = 0.0) -> tuple[Floats, Points]:
        far = np.full(len(points), np.inf)
        hue = np.zeros((len(points) if colours else 0, 3))
        columns = list(np.ascontiguousarray(points.T))
        for part in self._near(points):
            reach = (np.abs(far) if part.cut else np.maximum(far, 0)) + part.melt
            at = np.flatnonzero(part.shape.beyond(columns) <= reach * reach)
            if not len(at):
                continue
            here = part.shape.distance(points[at])
            before = far[at]
            if part.cut:
                here = -here
                far[at] = _smooth(before, here, part.melt, -1)
                won = here > before
            else:
                far[at] = _smooth(before, here, part.melt, 1)
                won = here < before
            if colours:
                edge = max(0.35 * part.melt, fringe, 1e-6)
                share = np.clip(0.5 + 0.5 * (here - before if part.cut else before - here) / edge, 0, 1)
                share = np.where(np.isfinite(before), share, won)
                hue[at] += share[:, None] * (np.array(part.colour) - hue[at])
        return far, hue

    def _near(self, points: Points) -> list[_Part]:
        """Return the parts that can matter to *points*, by boxes alone: none is farther than the nearest surely is."""
        low, high = points.min(axis=0), points.max(axis=0)
        lows, highs = (np.array([getattr(p.shape, end) for p in self.parts]) for end in ("low", "high"))
        gap = np.linalg.norm(np.maximum(np.maximum(lows - high, low - highs), 0), axis=1)
        most = np.linalg.norm(np.maximum(high - lows, highs - low), axis=1)
        bound = min(m for m, p in zip(most, self.parts, strict=True) if not p.cut)
        return [p for p, g in zip(self.parts, gap, strict=True) if g <= bound + p.melt]

    @property
    def box(self) -> tuple[Points, Points]:
        """The corners of a box that holds all that was put on."""
        kept = [p.shape for p in self.parts if not p.cut]
        most = max(p.melt for p in self.parts)
        return np.min([s.low for s in kept], axis=0) - most / 4, np.max([s.high for s in kept], axis=0) + most / 4


def _rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def _smooth(a: Floats, b: Floats, melt: float, sign: int) -> Floats:
    """Return the smaller of the two (the larger for *sign* −1), rounded over *melt*."""
    hard = np.minimum(a, b) if sign > 0 else np.maximum(a, b)
    if melt <= 0:
        return hard
    with np.errstate(invalid="ignore"):
        near = np.maximum(melt - np.abs(a - b), 0)
    near = np.where(np.isfinite(near), near, 0)
    return np.asarray(hard - sign * near * near / (4 * melt))


def _box(low: Vector, high: Vector) -> tuple[Points, Points]:
    return np.array(low, float), np.array(high, float)


def ball(centre: Vector, radius: float) -> Shape:
    """Return a sphere."""
    c = np.array(centre, float)
    return Shape(lambda p: np.linalg.norm(p - c, axis=1) - radius, c - radius, c + radius)


def egg(centre: Vector, radii: Vector) -> Shape:
    """Return an ellipsoid with its axes along x, y and z."""
    c, r = np.array(centre, float), np.array(radii, float)

    def distance(p: Points) -> Floats:
        q = (p - c) / r
        near = np.linalg.norm(q, axis=1)
        steep = np.linalg.norm(q / r, axis=1)
        inside = (near - 1) * r.min()
        return np.where(near < 0.6, inside, near * (near - 1) / np.maximum(steep, 1e-9))

    return Shape(distance, c - r, c + r)


def limb(a: Vector, b: Vector, radius: float, end: float | None = None) -> Shape:
    """Return a rounded rod from *a* to *b*, *radius* thick at *a* and *end* at *b*."""
    start, stop = np.array(a, float), np.array(b, float)
    along, more = stop - start, (radius if end is None else end) - radius
    whole = max(float(along @ along), 1e-12)

    def distance(p: Points) -> Floats:
        q = p - start
        share = np.clip(q @ along / whole, 0, 1)
        return np.linalg.norm(q - share[:, None] * along, axis=1) - (radius + share * more)

    thick = max(radius, radius + more)
    return Shape(distance, np.minimum(start, stop) - thick, np.maximum(start, stop) + thick)


def rope(points: Sequence[Vector], radii: Sequence[float] | float) -> Shape:
    """Return limbs from point to point as one shape."""
    thick = [float(radii)] * len(points) if isinstance(radii, int | float) else list(radii)
    return union(*(limb(points[i], points[i + 1], thick[i], thick[i + 1]) for i in range(len(points) - 1)))


def union(*shapes: Shape) -> Shape:
    """Return all *shapes* as one."""
    low, high = np.min([s.low for s in shapes], axis=0), np.max([s.high for s in shapes], axis=0)
    return Shape(lambda p: reduce(np.minimum, (s.distance(p) for s in shapes)), low, high)


def common(*shapes: Shape) -> Shape:
    """Return what all *shapes* have in common."""
    low, high = np.max([s.low for s in shapes], axis=0), np.min([s.high for s in shapes], axis=0)
    return Shape(lambda p: reduce(np.maximum, (s.distance(p) for s in shapes)), low, high)


def without(shape: Shape, hole: Shape) -> Shape:
    """Return *shape* with *hole* taken away."""
    return Shape(lambda p: np.maximum(shape.distance(p), -hole.distance(p)), shape.low, shape.high)


def block(centre: Vector, size: Vector, rounding: float = 0.0) -> Shape:
    """Return a box of *size* about *centre*, its edges rounded."""
    c, half = np.array(centre, float), np.array(size, float) / 2

    def distance(p: Points) -> Floats:
        q = np.abs(p - c) - half + rounding
        most = np.maximum(np.maximum(q[:, 0], q[:, 1]), q[:, 2])
        return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(most, 0) - rounding

    return Shape(distance, c - half, c + half)


def ring(centre: Vector, radius: float, thick: float, axis: int = 2) -> Shape:
    """Return a torus about *axis* (0 x, 1 y, 2 z)."""
    c = np.array(centre, float)
    others = [i for i in range(3) if i != axis]

    def distance(p: Points) -> Floats:
        q = p - c
        return np.hypot(np.hypot(q[:, others[0]], q[:, others[1]]) - radius, q[:, axis]) - thick

    reach = np.full(3, radius + thick)
    reach[axis] = thick
    return Shape(distance, c - reach, c + reach)


def outline(polygon: Sequence[Vector]) -> Callable[[Floats, Floats], Floats]:
    """Return the signed distance to a closed polygon in the plane as a function of two coordinates."""
    corners = np.array(polygon, float)

    def distance(u: Floats, v: Floats) -> Floats:
        least = np.full(len(u), np.inf)
        inside = np.zeros(len(u), bool)
        for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            ex, ey = bx - ax, by - ay
            wx, wy = u - ax, v - ay
            share = np.clip((wx * ex + wy * ey) / max(ex * ex + ey * ey, 1e-12), 0, 1)
            least = np.minimum(least, (wx - ex * share) ** 2 + (wy - ey * share) ** 2)
            if ay != by:
                inside ^= ((ay > v) != (by > v)) & (u < ax + (v - ay) * ex / ey)
        return np.where(inside, -1.0, 1.0) * np.sqrt(least)

    return distance


def turned(profile: Sequence[Vector], centre: Vector = (0, 0, 0), sides: int = 0, rounding: float = 0.0) -> Shape:
    """Return what turns about a vertical axis: *profile* is (radius, height) from foot to top, closed along the axis.

    With *sides* it is a tower of so many flat sides whose middles are *radius* off the axis.
    """
    c = np.array(centre, float)
    rim = [(float(r), float(z)) for r, z in profile]
    wide = max(r for r, _ in rim)
    closed = [(-wide, rim[0][1]), *rim, (-wide, rim[-1][1])]  # past the axis, so that no skin lies on it
    flat = outline(closed)

    def distance(p: Points) -> Floats:
        q = p - c
        if sides:
            angles = 2 * np.pi * np.arange(sides) / sides - np.pi / 2
            radius = reduce(np.maximum, (q[:, 0] * np.cos(a) + q[:, 1] * np.sin(a) for a in angles))
        else:
            radius = np.hypot(q[:, 0], q[:, 1])
        return flat(radius, q[:, 2]) - rounding

    reach = (wide / (np.cos(np.pi / sides) if sides else 1)) + rounding
    low, high = min(z for _, z in rim) - rounding, max(z for _, z in rim) + rounding
    return Shape(distance, c + [-reach, -reach, low], c + [reach, reach, high])


def slab(polygon: Sequence[Vector], thick: float, axis: int = 1, at: float = 0.0, rounding: float = 0.0) -> Shape:
    """Return a polygon of the plane across *axis* made *thick* about *at*; its coordinates are the other two axes."""
    flat = outline(polygon)
    first, second = (i for i in range(3) if i != axis)

    def distance(p: Points) -> Floats:
        across = np.abs(p[:, axis] - at) - thick / 2 + rounding
        within = flat(p[:, first], p[:, second]) + rounding
        out = np.hypot(np.maximum(across, 0), np.maximum(within, 0))
        return out + np.minimum(np.maximum(across, within), 0) - rounding

    corners = np.array(polygon, float)
    low, high = np.zeros(3), np.zeros(3)
    low[[first, second]], high[[first, second]] = corners.min(axis=0), corners.max(axis=0)
    low[axis], high[axis] = at - thick / 2, at + thick / 2
    return Shape(distance, low, high)


def below(height: float, wide: float = 9.0) -> Shape:
    """Return all that lies under *height*, as far as *wide*."""
    return Shape(lambda p: p[:, 2] - height, *_box((-wide, -wide, -wide), (wide, wide, height)))


def rotation(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Points:
    """Return the matrix that turns by *roll* about y, then *pitch* about x, then *yaw* about z, degrees."""
    a, b, c = np.radians([yaw, pitch, roll])
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_y = np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    return np.asarray(about_z @ about_x @ about_y)


def moved(
    shape: Shape, at: Vector = (0, 0, 0), *, size: float = 1.0, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0
) -> Shape:
    """Return *shape* made *size* times as large, turned, and put with its origin at *at*."""
    turn, offset = rotation(yaw, pitch, roll), np.array(at, float)
    if not (yaw or pitch or roll):
        return Shape(
            lambda p: size * shape.distance((p - offset) / size), shape.low * size + offset, shape.high * size + offset
        )
    corners = np.array([[(shape.low, shape.high)[i >> k & 1][k] for k in range(3)] for i in range(8)])
    box = size * corners @ turn.T + offset
    return Shape(lambda p: size * shape.distance((p - offset) @ turn / size), box.min(axis=0), box.max(axis=0))
