"""Parts of buildings: boxes with two faces, roofs, openings that shine when it is dark, chimneys with smoke."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.mass import Grain
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, oval, poly, rect
from miaobi.craft.drawing.subjects.tree import crown

LAMP, DARK = "#ffcf7a", "#2c3238"


@dataclass(frozen=True)
class Box:
    """A block: its front from (x, 0) to (x + width, height), and how far its side shows (signed, to the right)."""

    x: float
    width: float
    height: float
    deep: float

    @property
    def lift(self) -> float:
        """How far the side rises as it goes back."""
        return abs(self.deep) * 0.10


def faces(pen: Pen, box: Box, colour: str, material: str = "wall", foot: float = 0.0) -> tuple[float, float]:
    """Draw the front and the side of a block; return how lit each is."""
    front, flank = (0.62, 0.98) if pen.side * box.deep > 0 else (0.92, 0.16)
    x0, x1, h = box.x, box.x + box.width, foot + box.height
    pen.fill(rect(x0, foot, box.width, box.height), colour, front, material, grain=0)
    edge = x1 if box.deep > 0 else x0
    pen.fill(
        poly((edge, foot), (edge + box.deep, foot + box.lift), (edge + box.deep, h - box.lift * 0.4), (edge, h)),
        colour,
        flank,
        material,
        grain=4,
    )
    wear(pen, x0, x1, foot, h, colour, front, material)
    return front, flank


def wear(pen: Pen, x0: float, x1: float, foot: float, top: float, colour: str, lit: float, material: str) -> None:
    """Draw the marks that weather leaves on a wall."""
    if not pen.fine:
        return
    for _ in range(14):
        x, y = pen.rng.uniform(x0, x1 - 0.05 * (x1 - x0)), pen.rng.uniform(foot, top)
        w, h = (x1 - x0) * pen.rng.uniform(0.04, 0.16), (top - foot) * pen.rng.uniform(0.012, 0.03)
        pen.fill(
            rect(x, y, min(w, x1 - x), min(h, top - y)),
            colour,
            lit * float(pen.rng.choice([0.72, 1.12])),
            material,
            opacity=0.5,
            solid=False,
        )
    pen.fill(rect(x0, foot, x1 - x0, (top - foot) * 0.07), colour, lit * 0.45, material, opacity=0.6, solid=False)


def window(
    pen: Pen, x: float, y: float, w: float, h: float, *, lamp: bool, arch: bool = False, bars: bool = True
) -> None:
    """Draw a window whose lower left corner is (x, y)."""
    ring: Points = rect(x, y, w, h)
    if arch:
        turn = np.linspace(0, np.pi, 9)
        ring = np.concatenate(
            [
                [[x, y], [x + w, y]],
                np.stack([x + w / 2 + w / 2 * np.cos(turn), y + h * 0.72 + w * 0.5 * np.sin(turn)], 1),
            ]
        )
    if pen.fine:
        pen.fill(np.array([x + w / 2, y + h / 2]) + (ring - [x + w / 2, y + h / 2]) * 1.28, "#e6dfd0", 0.6, "wood")
    if lamp:
        pen.shine(ring, LAMP)
        pen.glow(x + w / 2, y + h / 2, max(w, h) * 2.6, LAMP, 0.42)
    else:
        pen.fill(ring, DARK, 0.45, "glass")
        if pen.fine:
            pen.fill(poly((x, y + h * 0.5), (x + w * 0.55, y + h), (x, y + h)), "#9fb4c4", 0.6, "glass", opacity=0.5)
    if bars and pen.fine:
        pen.fill(bar(x + w / 2, y, x + w / 2, y + h, w * 0.10), "#e6dfd0", 0.5, "wood")
        pen.fill(bar(x, y + h * 0.52, x + w, y + h * 0.52, w * 0.10), "#e6dfd0", 0.5, "wood")


def door(
    pen: Pen, x: float, w: float, h: float, colour: str = "#6b4a35", foot: float = 0.0, *, arch: bool = False
) -> None:
    """Draw a door with its step."""
    colour = pen.told.of("door", colour)
    ring = rect(x, foot, w, h)
    if arch:
        turn = np.linspace(0, np.pi, 9)
        ring = np.concatenate(
            [
                [[x, foot], [x + w, foot]],
                np.stack([x + w / 2 + w / 2 * np.cos(turn), foot + h * 0.75 + w * 0.5 * np.sin(turn)], 1),
            ]
        )
    pen.fill(ring, colour, 0.35, "wood", grain=90)
    if pen.fine:
        pen.fill(rect(x + w * 0.12, foot, w * 0.3, h * 0.8), colour, 0.6, "wood", grain=90, opacity=0.6)
        pen.fill(oval(x + w * 0.8, foot + h * 0.45, w * 0.06, w * 0.06), "#d8b45a", 1.0, "metal")
    pen.fill(rect(x - w * 0.15, foot, w * 1.3, h * 0.05), "#8c857a", 0.8, "stone")


def gable(pen: Pen, box: Box, rise: float, colour: str, over: float = 0.05, wall: str = "", foot: float = 0.0) -> None:
    """Draw a pitched roof whose ridge runs back from the gable at the front."""
    colour = pen.told.of("roof", colour)
    x0, x1, y = box.x, box.x + box.width, foot + box.height
    peak = ((x0 + x1) / 2, y + rise)
    back = (peak[0] + box.deep, peak[1] + box.lift * 0.3)
    if wall:
        pen.fill(poly((x0, y), (x1, y), peak), wall, 0.62 if pen.side * box.deep > 0 else 0.92, "wall")
    edge = x1 if box.deep > 0 else x0
    way = 1 if box.deep > 0 else -1
    eave = (edge + way * over, y - over * 0.9)
    lit = 1.0 if pen.side * box.deep > 0 else 0.22
    plane = poly(peak, back, (edge + box.deep + way * over, y - over * 0.9 + box.lift * 0.6), eave)
    pen.fill(plane, colour, lit, "roof", grain=50 if box.deep > 0 else 130)
    _courses(pen, plane, colour, lit)
    other = x0 if box.deep > 0 else x1
    for a, b in ((eave, peak), (peak, (other - way * over, y - over * 0.9))):
        pen.fill(bar(*a, *b, over * 0.62), colour, 0.55 if a is eave else (0.95 if way * pen.side < 0 else 0.3), "roof")
    if pen.air.season == "winter" and pen.air.weather in ("snow", "clear", "cloudy"):
        pen.fill(plane * [1, 1] + [0, over * 0.30], "#eef2f7", 0.9 if lit > 0.5 else 0.5, "snow", opacity=0.94)


def hipped(
    pen: Pen, box: Box, rise: float, colour: str, over: float = 0.05, foot: float = 0.0, *, snow: bool = True
) -> None:
    """Draw a roof whose ridge runs along the front: the front plane and the gable wall of the side."""
    colour = pen.told.of("roof", colour)
    x0, x1, y = box.x, box.x + box.width, foot + box.height
    way = 1 if box.deep > 0 else -1
    near, far = (x1, x0) if box.deep > 0 else (x0, x1)
    ridge_near = (near + box.deep * 0.5, y + rise)
    ridge_far = (far + box.deep * 0.5, y + rise)
    flank = poly((near, y), (near + box.deep, y - box.lift * 0.4), ridge_near)
    pen.fill(flank, "#cfc3ac", 0.98 if pen.side * box.deep > 0 else 0.16, "wall")
    lit = 0.85 if pen.air.height > 0.3 else 0.55
    plane = poly(
        (far - way * over, y - over * 0.8),
        (near + way * over * 0.6, y - over * 0.8),
        (ridge_near[0] + way * over * 0.5, ridge_near[1]),
        (ridge_far[0] - way * over * 0.4, ridge_far[1]),
    )
    pen.fill(plane, colour, lit, "roof", grain=80)
    _courses(pen, plane, colour, lit)
    pen.fill(
        bar(near + way * over * 0.6, y - over * 0.8, ridge_near[0] + way * over * 0.5, ridge_near[1], over * 0.4),
        colour,
        0.3,
        "roof",
    )
    pen.fill(bar(*ridge_far, *ridge_near, over * 0.45), colour, 1.0, "roof")
    if snow and pen.air.season == "winter":
        pen.fill(plane + [0, over * 0.3], "#eef2f7", 0.85, "snow", opacity=0.94)


def _courses(pen: Pen, plane: Points, colour: str, lit: float) -> None:
    if not pen.fine:
        return
    a, b, c, d = plane[:4]
    for t in np.linspace(0.12, 0.92, 7):
        p, q = a + (d - a) * t, b + (c - b) * t
        pen.fill(bar(p[0], p[1], q[0], q[1], 0.008), colour, lit * 0.55, "roof", opacity=0.6, solid=False)
    for _ in range(12):
        s, t = pen.rng.uniform(0, 0.86), pen.rng.uniform(0, 0.9)
        at = a + (b - a) * s + ((d - a) * (1 - s) + (c - b) * s) * t
        pen.fill(
            oval(at[0], at[1], 0.02, 0.008),
            colour,
            lit * float(pen.rng.choice([0.7, 1.2])),
            "roof",
            opacity=0.7,
            solid=False,
        )


def chimney(pen: Pen, x: float, y: float, w: float, h: float, *, smoke: bool = True) -> None:
    """Draw a chimney, with smoke that the wind takes."""
    pen.fill(rect(x, y, w, h), "#8f5a45", 0.35, "stone")
    pen.fill(rect(x if pen.side < 0 else x + w * 0.55, y, w * 0.45, h), "#8f5a45", 0.9, "stone")
    pen.fill(rect(x - w * 0.15, y + h, w * 1.3, h * 0.14), "#6d4a3c", 0.8, "stone")
    if smoke and pen.fine:
        rise(pen, x + w / 2, y + h * 1.15, w)


def rise(pen: Pen, x: float, y: float, w: float) -> None:
    """Draw smoke rising from (x, y)."""
    drift = 0.5 if pen.air.weather in ("wind", "storm") else 0.22
    balls = []
    for t in np.linspace(0, 1, 8):
        r = w * (0.45 + 1.5 * t)
        balls.append((x + drift * t * t * w * 9 + float(pen.rng.normal(0, w * 0.2)), -(y + t * w * 7), r, r * 0.9))
    since = len(pen.shapes)
    crown(pen, balls, "#cfd2d2", Grain(0.5, 0.1, 14, (0.5,), 90))
    pen.shapes[since:] = [type(s)(s.rings, s.fill, "cloud", s.grain, 0.42, True, False) for s in pen.shapes[since:]]


def pen_faces(pen: Pen, box: Box, colour: str) -> None:
    """Draw a block without its wear."""
    fine, pen.fine = pen.fine, False
    faces(pen, box, colour)
    pen.fine = fine
