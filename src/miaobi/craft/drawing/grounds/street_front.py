"""House fronts along a street, seen in its perspective, and those of a European town: roofs, windows, doors, shops.

A point of a front is (along, up): metres from its near end, and above the road; ``out``: metres before its wall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.grounds.perspective import FRONT
from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.grounds.water import lens
from miaobi.craft.drawing.shape import Gradient, Points, Shape
from miaobi.craft.drawing.subjects.building_part import DARK, LAMP

Flat = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]  # along and up of the lower near corner, of the upper far one
_PLASTER = ("#d9c7a4", "#c98f6a", "#b7a58f", "#d8b98a", "#a8b0a4", "#e2d8c2", "#c47a5c", "#b9c0c4")
_TILES = ("#9a5140", "#84493c", "#6d5a52", "#5f6670")
_CLOTH = ("#b8432f", "#2f5d6b", "#4f7a4f", "#c98a2f", "#7a3f5c")
_FINE = 13.0  # px a metre: below this a front has no bars and no frames


@dataclass
class Front:
    """One house: on which side (``way``), between which distances, and where its shapes go."""

    stage: Stage
    spot: Callable[[float, float, float], tuple[float, float]]
    way: int
    span: tuple[float, float]
    focus: float
    depth: float
    shapes: list[Shape]
    eave: float = 6.0
    wall: str = "#d9c7a4"

    def __post_init__(self) -> None:
        self.long = self.span[1] - self.span[0]
        self.scale = 2 * self.focus / sum(self.span)
        self.fine = self.scale > _FINE
        facing = self.way * self.stage.air.side < 0
        self.lit = 0.9 if facing else 0.22
        self.end = 0.5 if facing else 0.38  # of walls that look at the viewer

    @property
    def rng(self) -> np.random.Generator:
        """The street's chance."""
        return self.stage.rng

    def at(self, along: float, up: float, out: float = 0.0) -> tuple[float, float]:
        """Return the pixel of a point."""
        return self.spot(self.way * (FRONT - out), up, self.focus / (self.span[0] + along))

    def fill(
        self,
        points: Flat,
        own: str,
        lit: float,
        material: str,
        *,
        out: float = 0.0,
        opacity: float = 1.0,
        grain: float = 0,
    ) -> None:
        """Fill an outline of points (along, up)."""
        ring = np.array([self.at(a, u, out) for a, u in points])
        colour = self.stage.air.tint(own, lit, self.depth)
        self.shapes.append(Shape((ring,), colour, material, grain, opacity, False, opacity == 1.0))

    def hull(
        self, points: Sequence[tuple[float, float, float]], own: str, lit: float, material: str, grain: float = 0
    ) -> None:
        """Fill an outline of points (along, up, out)."""
        ring = np.array([self.at(*p) for p in points])
        self.shapes.append(Shape((ring,), self.stage.air.tint(own, lit, self.depth), material, grain))

    def block(self, box: Box, own: str, lit: float, material: str, out: float = 0.0) -> None:
        """Fill a rectangle of the wall."""
        self.fill(_corners(box), own, lit, material, out=out)

    def lamp(self, box: Box, colour: str = LAMP, out: float = 0.0) -> None:
        """Fill a rectangle with light, and lay a halo about it."""
        ring = np.array([self.at(a, u, out) for a, u in _corners(box)])
        self.shapes.append(Shape((ring,), self.stage.air.leant(colour), "light", 0))
        a0, u0, a1, u1 = box
        self.halo((a0 + a1) / 2, (u0 + u1) / 2, max(a1 - a0, u1 - u0) * 1.3, colour, 0.30, out)

    def halo(self, along: float, up: float, radius: float, colour: str, strength: float, out: float = 0.0) -> None:
        """Lay a halo *radius* metres wide."""
        x, y = self.at(along, up, out)
        r = radius * self.focus / (self.span[0] + along)
        turn = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        ring = np.array([x, y]) + r * np.stack([np.cos(turn), np.sin(turn)], 1)
        colour = self.stage.air.leant(colour)
        fill = Gradient(((0, colour, strength), (0.4, colour, strength * 0.35), (1, colour, 0)), (x, y), (x, y), r)
        self.shapes.append(Shape((ring,), fill, "glow", solid=False))

    def mirrored(self, into: list[Shape]) -> None:
        """Put the front's image in the wet road into *into*: its wall with sides that ripples bend, and its light in
        pieces that they part, the wider and fainter the farther from the house."""
        air, rng = self.stage.air, self.rng
        tone = air.tint(self.wall, self.lit * 0.7, self.depth)
        downs = np.linspace(0, 0.75 * self.eave, 15)
        ring = np.array([*self._rippled(0.0, downs), *self._rippled(self.long, downs)[::-1]])
        fill = Gradient(((0, tone, 0.40), (0.5, tone, 0.16), (1, tone, 0.0)), (0, ring[0, 1]), (0, ring[14, 1]))
        into.append(Shape((ring,), fill, "water", 0, solid=False))
        if not air.dark:
            return
        glow = air.leant(LAMP)
        for _ in range(3):
            along, wide = float(rng.uniform(0.15, 0.85)) * self.long, float(rng.uniform(0.16, 0.34))
            for k, down in enumerate(0.25 + 5.0 * np.linspace(0, 1, 15) ** 1.3):
                x, y = self.at(along + float(rng.normal(0, 0.05 + 0.03 * k)), -float(down))
                metre = self.focus / (self.span[0] + along)
                ripple = lens(
                    x, y, 2 * wide * metre * float(rng.uniform(0.75, 1.2 + 0.05 * k)), (0.04 + 0.005 * k) * metre
                )
                into.append(Shape((ripple,), glow, "light", 0, 0.50 * (1 - k / 16) ** 1.4, True, False))

    def _rippled(self, along: float, downs: Points) -> list[tuple[float, float]]:
        """Return the image of an edge of the wall, swaying the more the farther below."""
        out = []
        for down in downs:
            x, y = self.at(along, -float(down))
            out.append((x + float(self.rng.normal(0, 0.05 + 0.10 * down)) * self.focus / (self.span[0] + along), y))
        return out


def _corners(box: Box) -> Flat:
    a0, u0, a1, u1 = box
    return ((a0, u0), (a1, u0), (a1, u1), (a0, u1))


def pick(front: Front, values: Sequence[str]) -> str:
    """Return one of *values* by lot."""
    return str(front.rng.choice(list(values)))


def western_front(front: Front) -> None:
    """Draw a house of a European town: two or three floors, a shop or a door below, a roof or a gable above."""
    rng = front.rng
    floors = int(rng.choice([2, 2, 3]))
    front.eave = 3.3 + 2.75 * (floors - 1)
    front.wall = pick(front, _PLASTER)
    gabled = rng.random() < 0.45
    tile = pick(front, _TILES)
    peak = (0.5 * front.long, front.eave + 0.42 * front.long)
    _back(front, tile, front.eave + (3.4 if not gabled else 0.42 * front.long))
    if gabled:
        front.fill(
            ((0, 0), (front.long, 0), (front.long, front.eave), peak, (0, front.eave)), front.wall, front.lit, "wall"
        )
    else:
        front.block((0, 0, front.long, front.eave), front.wall, front.lit, "wall")
        slope(front, tile, 3.0, 3.4)
    weathered(front)
    if gabled:
        _gable_edge(front, peak, tile)
    shop = rng.random() < 0.6
    (_shop if shop else _home)(front)
    for floor in range(1, floors):
        _windows(front, 3.3 + 2.75 * (floor - 1) + 0.65)
    front.block((0, 3.12, front.long, 3.28), front.wall, min(1.0, front.lit + 0.25), "wall", out=0.08)
    if gabled and front.fine:
        window(front, peak[0] - 0.45, front.eave + 0.35, 0.9, 1.1)


def _back(front: Front, tile: str, ridge: float) -> None:
    """Draw the end wall that looks at the viewer, with its gable and a chimney."""
    deep = -7.0
    shape = ((0, 0, 0), (0, front.eave, 0), (0, ridge, deep / 2), (0, front.eave, deep), (0, 0, deep))
    front.hull(shape, front.wall, front.end, "wall", 4)
    if front.fine:
        for a, b in ((shape[1], shape[2]), (shape[2], shape[3])):
            front.hull((a, b, (0, b[1] - 0.28, b[2]), (0, a[1] - 0.28, a[2])), tile, 0.5, "roof")
    at = 0.30 * front.long
    stack = (
        (at, ridge - 1, deep / 2),
        (at, ridge + 1.0, deep / 2),
        (at, ridge + 1.0, deep / 2 - 0.8),
        (at, ridge - 1, deep / 2 - 0.8),
    )
    front.hull(stack, "#8f5a45", front.end, "stone")
    side = (
        (at, ridge - 1, deep / 2),
        (at, ridge + 1.0, deep / 2),
        (at + 0.7, ridge + 1.0, deep / 2),
        (at + 0.7, ridge - 1, deep / 2),
    )
    front.hull(side, "#8f5a45", front.lit, "stone")
    if front.stage.cover == "snow":
        front.hull(
            (stack[1], stack[2], (at, ridge + 1.2, deep / 2 - 0.8), (at, ridge + 1.2, deep / 2)), "#eef2f7", 0.9, "snow"
        )


def slope(front: Front, tile: str, run: float, rise: float, over: float = 0.4) -> None:
    """Draw the roof's plane over the street: its eave, courses of tiles, snow where it lies."""
    low, high = front.eave, front.eave + rise
    snow = front.stage.cover == "snow"
    lit = 0.85 if front.lit > 0.5 else 0.45
    plane = (
        (-0.1, low - 0.1, over),
        (front.long + 0.1, low - 0.1, over),
        (front.long + 0.1, high, -run),
        (-0.1, high, -run),
    )
    front.hull(plane, "#eaeff4" if snow else tile, lit, "snow" if snow else "roof", 60)
    if front.fine and not snow:
        for t in np.linspace(0.15, 0.9, 6):
            up, out = low + rise * t, over - (run + over) * t
            line = ((0, up, out), (front.long, up, out), (front.long, up + 0.08, out), (0, up + 0.08, out))
            front.hull(line, tile, lit * 0.5, "roof", 0)
    edge = (
        (0, low - 0.28, over),
        (front.long, low - 0.28, over),
        (front.long, low - 0.08, over),
        (0, low - 0.08, over),
    )
    front.hull(edge, "#e3e8ee" if snow else "#6b5a4c", front.lit, "snow" if snow else "wood")
    front.block((0, low - 0.75, front.long, low - 0.25), front.wall, front.lit * 0.4, "wall", out=0.01)


def _gable_edge(front: Front, peak: tuple[float, float], tile: str) -> None:
    snow = front.stage.cover == "snow"
    for end in ((-0.15, front.eave - 0.15), (front.long + 0.15, front.eave - 0.15)):
        line = (end, peak, (peak[0], peak[1] + 0.34), (end[0], end[1] + 0.34))
        front.fill(line, "#eaeff4" if snow else tile, 0.8, "snow" if snow else "roof", out=0.18)


def weathered(front: Front) -> None:
    """Draw the marks that weather leaves on a wall, and its foot."""
    if not front.fine:
        return
    rng = front.rng
    for _ in range(9):
        a, u = float(rng.uniform(0, front.long - 1.4)), float(rng.uniform(0.4, front.eave - 0.5))
        wide, tall = float(rng.uniform(0.4, 1.4)), float(rng.uniform(0.12, 0.45))
        tone = front.lit * float(rng.choice([0.78, 1.12]))
        front.fill(((a, u), (a + wide, u), (a + wide, u + tall), (a, u + tall)), front.wall, tone, "wall", opacity=0.5)
    front.block((0, 0, front.long, 0.55), front.wall, front.lit * 0.5, "stone")


def _windows(front: Front, up: float) -> None:
    count = max(2, round(front.long / 2.3))
    for k in range(count):
        window(front, (k + 0.5) * front.long / count - 0.5, up, 1.0, 1.55)


def window(front: Front, along: float, up: float, wide: float, tall: float, frame: str = "#e6dfd0") -> None:
    """Draw a window; in the dark every other one is lit."""
    rng, air = front.rng, front.stage.air
    lamp = air.dark and rng.random() < 0.55
    shutters = rng.random() < 0.5
    if front.fine:
        front.block(
            (along - 0.12, up - 0.12, along + wide + 0.12, up + tall + 0.12), frame, front.lit * 0.9, "wood", out=0.03
        )
    if lamp:
        front.lamp((along, up, along + wide, up + tall))
    else:
        front.block((along, up, along + wide, up + tall), DARK, 0.45, "glass")
        if front.fine:
            sheen = ((along, up + tall * 0.5), (along + wide * 0.6, up + tall), (along, up + tall))
            front.fill(sheen, "#a9bccb", 0.6, "glass", opacity=0.5)
    if not front.fine:
        return
    front.block((along + wide * 0.46, up, along + wide * 0.54, up + tall), frame, front.lit * 0.8, "wood", out=0.02)
    front.block((along, up + tall * 0.5, along + wide, up + tall * 0.56), frame, front.lit * 0.8, "wood", out=0.02)
    if shutters:
        for a in (along - 0.55, along + wide + 0.13):
            front.block((a, up - 0.05, a + 0.42, up + tall + 0.05), "#5d7a6b", front.lit * 0.9, "wood", out=0.05)
    sill = "#eef2f7" if front.stage.cover == "snow" else frame
    front.block(
        (along - 0.2, up - 0.22, along + wide + 0.2, up - 0.1), sill, min(1, front.lit + 0.3), "stone", out=0.15
    )


def _home(front: Front) -> None:
    """Draw a ground floor of a door with steps and windows."""
    at = 0.5 * front.long - 0.55
    colour = pick(front, ("#4d6a72", "#6b3f34", "#3f5a48", "#7a5a38"))
    front.block((at - 0.18, 0, at + 1.28, 2.75), "#e0d8c8", front.lit, "stone", out=0.04)
    front.block((at, 0, at + 1.1, 2.2), colour, front.lit * 0.7, "wood", out=0.02)
    if front.stage.air.dark:
        front.lamp((at, 2.28, at + 1.1, 2.6), out=0.05)
    else:
        front.block((at, 2.28, at + 1.1, 2.6), DARK, 0.5, "glass", out=0.05)
    front.hull(
        ((at - 0.2, 0, 0.5), (at + 1.3, 0, 0.5), (at + 1.3, 0.16, 0.5), (at - 0.2, 0.16, 0.5)),
        "#a39b8e",
        front.lit,
        "stone",
    )
    for a in (0.12 * front.long, 0.88 * front.long - 1.0):
        if abs(a + 0.5 - at - 0.55) > 1.3:
            window(front, a, 0.95, 1.0, 1.5)


def _shop(front: Front) -> None:
    """Draw a ground floor of a shop: its window, door, sign, awning, and a board that hangs out."""
    air, rng, long = front.stage.air, front.rng, front.long
    wood = pick(front, ("#3f5a52", "#5a3a30", "#2f4356", "#6b5236"))
    front.block((0.25, 0, long - 0.25, 3.05), wood, front.lit, "wood", out=0.06)
    parts = (
        (0.55, 0.75, 0.5 * long - 0.7, 2.3),
        (0.5 * long + 0.6, 0.75, long - 0.55, 2.3),
        (0.5 * long - 0.5, 0.1, 0.5 * long + 0.4, 2.3),
    )
    for a0, u0, a1, u1 in parts:
        if air.dark:
            front.lamp((a0, u0, a1, u1), out=0.08)
        else:
            front.block((a0, u0, a1, u1), DARK, 0.5, "glass", out=0.08)
            if front.fine:
                sheen = ((a0, u0 + 0.3), (a0 + (a1 - a0) * 0.5, u1), (a0, u1))
                front.fill(sheen, "#b4c4ce", 0.6, "glass", opacity=0.45, out=0.09)
    front.block(
        (0.35, 2.5, long - 0.35, 2.95), pick(front, ("#e8dcc0", "#c9a55a", "#d8d2c4")), front.lit, "wood", out=0.10
    )
    if air.dark:
        front.halo(long / 2, 0.4, 3.4, LAMP, 0.24, 1.2)
    if rng.random() < 0.7:
        _awning(front, pick(front, _CLOTH))
    if front.fine and rng.random() < 0.6:
        front.hull(
            ((0.4, 3.5, 0.15), (0.4, 4.3, 0.15), (0.4, 4.3, 0.95), (0.4, 3.5, 0.95)), pick(front, _CLOTH), 0.55, "wood"
        )


def _awning(front: Front, cloth: str) -> None:
    long, snow = front.long, front.stage.cover == "snow"
    count = max(4, round(long / 0.75))
    for k in range(count):
        a, b = 0.3 + (long - 0.6) * k / count, 0.3 + (long - 0.6) * (k + 1) / count
        own = "#eef2f7" if snow else cloth if k % 2 else "#efe6d4"
        front.hull(
            ((a, 2.75, 0.1), (b, 2.75, 0.1), (b, 2.2, 1.25), (a, 2.2, 1.25)),
            own,
            min(1.0, front.lit + 0.2),
            "snow" if snow else "cloth",
            70,
        )
        front.hull(
            ((a, 2.2, 1.25), (b, 2.2, 1.25), (b, 1.98, 1.25), (a, 1.98, 1.25)),
            cloth if k % 2 or snow else "#efe6d4",
            front.lit * 0.7,
            "cloth",
            90,
        )
