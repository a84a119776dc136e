"""Shape, layer, drawing: what a picture is before it is paint. Coordinates are pixels of the canvas, y downwards.

A shape says beside its outline and fill what it is made of (``material``) and which way its matter runs (``grain``,
degrees, 0 along x, clockwise): a painter's strokes follow it. Layers are ordered from far to near.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (n, 2)

MATERIALS = (
    "sky", "cloud", "glow", "mountain", "ground", "grass", "sand", "snow", "water", "foliage", "bark", "flower",
    "wall", "roof", "wood", "stone", "metal", "cloth", "skin", "fur", "feather", "scale", "glass", "paper", "mist",
    "light", "ink",
)  # fmt: skip


@dataclass(frozen=True)
class Gradient:
    """Stops (offset 0–1, colour, opacity) along a line, or about a middle where ``radius`` is given."""

    stops: tuple[tuple[float, str, float], ...]
    start: tuple[float, float]
    end: tuple[float, float]
    radius: float = 0.0


@dataclass(frozen=True)
class Shape:
    """One outline with its fill. ``rings``: closed curves, even-odd; ``smooth`` rounds them."""

    rings: tuple[Points, ...]
    fill: str | Gradient
    material: str
    grain: float = 0.0
    opacity: float = 1.0
    smooth: bool = False
    solid: bool = True  # hides what is behind it: counts in masks
    told: bool = False  # its colour was told: it is shown where a medium is sparing with colour


@dataclass
class Layer:
    """Shapes at one depth with a name. ``depth``: 0 at the viewer's feet, 1 at the sky."""

    name: str
    depth: float
    shapes: list[Shape] = field(default_factory=list)
    subject: str = ""  # id of the subject that it shows
    note: str = ""  # what the shapes owe to others, for the credits


@dataclass
class Drawing:
    """A whole picture."""

    width: int
    height: int
    layers: list[Layer]
    horizon: float  # px from the top
    side: float  # where the light comes from: −1 left … 1 right
    paper: str = "#ffffff"


def box_of(shapes: Sequence[Shape]) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of what covers; zeros for nothing."""
    points = [ring for shape in shapes if shape.solid for ring in shape.rings]
    if not points:
        return (0.0, 0.0, 0.0, 0.0)
    every = np.concatenate(points)
    (left, top), (right, bottom) = every.min(axis=0), every.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def limb(spine: Sequence[tuple[float, float, float]], steps: int = 5) -> Points:
    """Return the outline of a limb: a curve through (x, y, radius), round at both ends."""
    knots = np.array(spine, float)
    if len(knots) == 1:
        x, y, r = knots[0]
        return oval(x, y, r, r)
    path = curve_through(knots, steps)
    middle, radius = path[:, :2], np.maximum(path[:, 2], 1e-3)
    along = np.gradient(middle, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    left, right = middle + normal * radius[:, None], middle - normal * radius[:, None]
    first, last = _cap(middle[0], -along[0], radius[0]), _cap(middle[-1], along[-1], radius[-1])
    return np.concatenate([left, last, right[::-1], first])


def _cap(at: Points, along: Points, radius: float) -> Points:
    start = math.atan2(along[1], along[0])
    turns = start + np.radians([60, 30, 0, -30, -60])
    return np.stack([at[0] + radius * np.cos(turns), at[1] + radius * np.sin(turns)], axis=1)


def curve_through(knots: Points, steps: int = 5) -> Points:
    """Return a Catmull–Rom curve through *knots*, (n, d), with *steps* points a span."""
    if len(knots) < 3:
        t = np.linspace(0, 1, steps + 1)[:, None]
        return np.asarray(knots[0] * (1 - t) + knots[-1] * t)
    ends = np.concatenate([[2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    spans = []
    for i in range(len(knots) - 1):
        a, b, c, d = ends[i : i + 4]
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*spans, knots[-1:]])


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0, points: int = 14) -> Points:
    """Return an ellipse as a polygon, turned by *turn* degrees."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    flat = np.stack([rx * np.cos(angle), ry * np.sin(angle)], axis=1)
    return np.array([x, y]) + flat @ rotation(turn).T


def rotation(turn: float) -> Points:
    """Return the matrix that turns by *turn* degrees, clockwise on the screen."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return np.array([[c, -s], [s, c]])


def blob(
    rng: np.random.Generator, x: float, y: float, rx: float, ry: float, rough: float = 0.2, points: int = 11
) -> Points:
    """Return an irregular round outline, to be drawn smooth."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False) + rng.uniform(0, 1)
    out = 1 + rough * rng.uniform(-1, 1, points)
    return np.stack([x + rx * out * np.cos(angle), y + ry * out * np.sin(angle)], axis=1)


def leaf(x: float, y: float, length: float, width: float, turn: float) -> Points:
    """Return a pointed leaf that begins at (x, y) and points to *turn* degrees."""
    flat = np.array([[0, 0], [0.25, 0.42], [0.6, 0.4], [1, 0], [0.6, -0.4], [0.25, -0.42]]) * [length, width]
    return np.array([x, y]) + flat @ rotation(turn).T


def bar(x0: float, y0: float, x1: float, y1: float, w0: float, w1: float | None = None) -> Points:
    """Return a straight bar between two points, as wide as *w0* at its beginning and *w1* at its end."""
    w1 = w0 if w1 is None else w1
    dx, dy = x1 - x0, y1 - y0
    long = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / long / 2, dx / long / 2
    return np.array(
        [
            [x0 + nx * w0, y0 + ny * w0],
            [x1 + nx * w1, y1 + ny * w1],
            [x1 - nx * w1, y1 - ny * w1],
            [x0 - nx * w0, y0 - ny * w0],
        ]
    )


def rect(x: float, y: float, width: float, height: float) -> Points:
    """Return a rectangle by its upper left corner."""
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])


def poly(*points: tuple[float, float]) -> Points:
    """Return a polygon of these corners."""
    return np.array(points, float)
