"""Buildings of China: terrace, columns, curved roof with raised corners, storey upon storey; bridges of stone and
wood."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, curve_through, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.building import tower_round
from miaobi.craft.drawing.subjects.building_part import LAMP, door, window

TILE, RED, PALE = "#55606a", "#9c3a2c", "#e9e2d2"


def eaves(half: float, foot: float, rise: float, top: float, lift: float) -> Points:
    """Return a curved roof: half width at the eaves, foot of the eaves, height, half width at the ridge, upturn."""
    side = np.array(
        [
            [top, foot + rise],
            [top + (half - top) * 0.35, foot + rise * 0.42],
            [top + (half - top) * 0.75, foot + rise * 0.10],
            [half * 1.0, foot + lift * 0.55],
            [half * 1.07, foot + lift],
        ]
    )
    right = curve_through(side, 4)
    under = curve_through(
        np.array(
            [
                [half * 1.07, foot + lift],
                [half * 0.82, foot - 0.004],
                [0, foot - 0.018],
                [-half * 0.82, foot - 0.004],
                [-half * 1.07, foot + lift],
            ]
        ),
        4,
    )
    left = right[::-1] * [-1, 1]
    return np.concatenate([right, under[1:-1], left])


def roof(
    pen: Pen, half: float, foot: float, rise: float, top: float, lift: float = 0.05, colour: str = TILE, x: float = 0.0
) -> None:
    """Draw a tiled roof with its ridge and rows of tiles, lit on one side."""
    ring = eaves(half, foot, rise, top, lift) + [x, 0]
    pen.fill(ring, colour, 0.36, "roof", grain=90)
    way = 1 if pen.side > 0 else -1
    lit = np.array(
        [
            [x, foot + rise],
            [x + way * top, foot + rise],
            [x + way * (top + (half - top) * 0.35), foot + rise * 0.42],
            [x + way * half * 0.9, foot + 0.014],
            [x, foot - 0.012],
        ]
    )
    pen.fill(lit, colour, 0.95, "roof", grain=90, opacity=0.8)
    if pen.fine:
        for s in np.linspace(-0.9, 0.9, 15):
            a, b = x + s * top, x + s * half * 0.96
            mid = x + s * (top + (half - top) * 0.36)
            pen.fill(
                limb(
                    [
                        (a, foot + rise, 0.003),
                        (mid, foot + rise * 0.42, 0.0036),
                        (b, foot + 0.004 + lift * 0.5 * abs(s) ** 5, 0.004),
                    ],
                    4,
                ),
                colour,
                0.12,
                "roof",
                grain=90,
                opacity=0.75,
            )
    pen.fill(bar(x - top * 1.05, foot + rise + 0.008, x + top * 1.05, foot + rise + 0.008, 0.022), colour, 0.55, "roof")
    for way in (-1, 1):
        pen.fill(
            limb(
                [
                    (x + way * top, foot + rise, 0.008),
                    (x + way * (top + (half - top) * 0.42), foot + rise * 0.36, 0.007),
                    (x + way * half * 1.04, foot + lift * 0.8, 0.006),
                    (x + way * half * 1.12, foot + lift * 1.6, 0.003),
                ]
            ),
            colour,
            0.6,
            "roof",
        )
    if pen.air.season == "winter":
        pen.fill(ring * [0.99, 1] + [0.01 * x, 0.012], "#eef2f6", 0.8, "snow", opacity=0.9)


def hall(pen: Pen, kind: str = "hall") -> None:
    """Draw a hall; *kind*: hall (red columns), white (a house of the water towns)."""
    lamp = pen.air.dark
    if kind == "white":
        pen.fill(rect(-0.5, 0, 1.0, 0.62), PALE, 0.85, "wall")
        pen.fill(rect(-0.5 if pen.side > 0 else 0.1, 0, 0.4, 0.62), PALE, 0.45, "wall", opacity=0.7)
        for x in (-0.56, 0.44):
            pen.fill(poly((x, 0), (x + 0.12, 0), (x + 0.12, 0.92), (x, 0.92)), PALE, 0.7, "wall")
            pen.fill(rect(x - 0.03, 0.92, 0.18, 0.05), TILE, 0.4, "roof")
        roof(pen, 0.50, 0.62, 0.26, 0.40, 0.01)
        for x in (-0.34, 0.16):
            window(pen, x, 0.30, 0.16, 0.16, lamp=lamp)
        door(pen, -0.09, 0.18, 0.34, "#4a3a30")
        return
    pen.fill(rect(-0.62, 0, 1.24, 0.10), "#b5aea2", 0.75, "stone")
    pen.fill(rect(-0.52, 0.10, 1.04, 0.36), "#6d3128", 0.35, "wall")
    if lamp:
        pen.shine(rect(-0.42, 0.12, 0.84, 0.28), LAMP, opacity=0.75)
    for x in np.linspace(-0.48, 0.48, 7):
        pen.fill(rect(float(x) - 0.02, 0.10, 0.04, 0.38), RED, 0.85 if x * pen.side > 0 else 0.45, "wood", grain=90)
    pen.fill(rect(-0.54, 0.43, 1.08, 0.05), "#3f6a68", 0.6, "wood")
    roof(pen, 0.72, 0.48, 0.24, 0.46)
    pen.fill(rect(-0.40, 0.72, 0.8, 0.10), "#6d3128", 0.4, "wall")
    roof(pen, 0.52, 0.80, 0.20, 0.34)


def temple(pen: Pen) -> None:
    """Draw a mountain temple: gate, hall behind, wall."""
    pen.fill(rect(-0.95, 0, 1.9, 0.22), "#b5593f", 0.6, "wall")
    pen.fill(rect(-0.98, 0.21, 1.96, 0.04), TILE, 0.6, "roof")
    hall(pen.at(0, 0.14, 0.86))
    pen.fill(rect(-0.14, 0, 0.28, 0.26), RED, 0.5, "wood")
    pen.fill(rect(-0.10, 0, 0.2, 0.22), "#3a2a22", 0.3, "wood")
    roof(pen, 0.26, 0.26, 0.14, 0.15)


def pagoda(pen: Pen, storeys: int = 7) -> None:
    """Draw a pagoda."""
    body = 0.82 / storeys
    pen.fill(rect(-0.19, 0, 0.38, 0.04), "#b5aea2", 0.7, "stone")
    for i in range(storeys):
        t = i / storeys
        half, y = 0.135 * (1 - 0.45 * t), 0.04 + i * body
        tower_round(pen, 0, half * 0.78, half * 0.76, y, y + body * 0.66, "#c9a184", "wall")
        for x in (-0.4, 0.4) if half > 0.08 else (0.0,):
            window(pen, x * half - 0.010, y + body * 0.18, 0.02, body * 0.36, lamp=pen.air.dark, bars=False)
        roof(pen, half * 1.28, y + body * 0.62, body * 0.40, half * 0.74, 0.016)
    pen.fill(limb([(0, 0.86, 0.012), (0, 0.92, 0.008), (0, 1.0, 0.002)]), "#c9a24a", 0.9, "metal")
    for y in (0.89, 0.915, 0.94):
        pen.fill(oval(0, y, 0.018, 0.006), "#c9a24a", 0.7, "metal")


def pavilion(pen: Pen) -> None:
    """Draw an open pavilion (亭) on its base."""
    pen.fill(rect(-0.48, 0, 0.96, 0.07), "#b5aea2", 0.75, "stone")
    pen.fill(rect(-0.42, 0.07, 0.84, 0.03), "#9a9387", 0.5, "stone")
    for x in (-0.16, 0.16):
        pen.fill(rect(x - 0.018, 0.1, 0.036, 0.48), RED, 0.25, "wood", grain=90)
    pen.fill(bar(-0.36, 0.20, 0.36, 0.20, 0.02), RED, 0.5, "wood")
    for x in np.linspace(-0.34, 0.34, 13):
        pen.fill(bar(float(x), 0.1, float(x), 0.2, 0.008), RED, 0.5, "wood")
    for x in (-0.36, 0.36):
        pen.fill(rect(x - 0.026, 0.08, 0.052, 0.50), RED, 0.9 if x * pen.side > 0 else 0.4, "wood", grain=90)
    pen.fill(rect(-0.40, 0.55, 0.80, 0.05), "#3f6a68", 0.6, "wood")
    roof(pen, 0.54, 0.60, 0.36, 0.025, 0.075)
    pen.fill(oval(0, 0.985, 0.03, 0.034), "#c9a24a", 0.9, "metal")
    if pen.air.dark:
        for x in (-0.24, 0.24):
            pen.fill(bar(x, 0.55, x, 0.52, 0.006), "#3a2a22", 0.3, "wood")
            pen.shine(oval(x, 0.48, 0.035, 0.045), "#ff9a52")
            pen.glow(x, 0.48, 0.26, "#ffae62", 0.6)


def gate(pen: Pen) -> None:
    """Draw a memorial gate (牌坊): four pillars, three roofs."""
    for x in (-0.62, -0.24, 0.24, 0.62):
        high = 0.72 if abs(x) < 0.3 else 0.54
        pen.fill(rect(x - 0.03, 0, 0.06, high), "#a04434", 0.85 if x * pen.side > 0 else 0.45, "wood", grain=90)
        pen.fill(rect(x - 0.06, 0, 0.12, 0.07), "#a8a196", 0.7, "stone")
    for x, y, half in ((-0.43, 0.52, 0.24), (0.43, 0.52, 0.24), (0, 0.70, 0.30)):
        pen.fill(rect(x - half, y - 0.07, 2 * half, 0.07), "#3f6a68", 0.7, "wood")
        pen.fill(rect(x - half * 0.5, y - 0.06, half, 0.05), "#d8b45a", 0.8, "wood")
        roof(pen, half * 1.12, y, 0.15, half * 0.72, 0.03, x=x)


def great_wall(pen: Pen) -> None:
    """Draw a wall with watch towers over the hills, 1 high to the tower's top and 5 wide."""
    line = curve_through(
        np.array([[-2.6, 0.10], [-1.7, 0.42], [-0.9, 0.16], [0.0, 0.40], [0.9, 0.18], [1.7, 0.55], [2.6, 0.30]]), 10
    )
    stone = "#b3a489"
    for i in range(len(line) - 1):
        (xa, ya), (xb, yb) = line[i], line[i + 1]
        lit = 0.9 if (yb - ya) * pen.side < 0 else 0.5
        pen.fill(poly((xa, ya - 0.14), (xb, yb - 0.14), (xb, yb + 0.14), (xa, ya + 0.14)), stone, lit, "stone")
        pen.fill(rect(float(xa), float((ya + yb) / 2) + 0.14, float(xb - xa) * 0.55, 0.05), stone, lit, "stone")
    for x, y in ((-1.7, 0.42), (0.0, 0.40), (1.7, 0.55)):
        pen.fill(rect(x - 0.17, y - 0.18, 0.34, 0.58), stone, 0.62, "stone")
        pen.fill(rect(x + (0.03 if pen.side > 0 else -0.17), y - 0.18, 0.14, 0.58), stone, 1.0, "stone")
        for i in range(4):
            pen.fill(rect(x - 0.17 + i * 0.10, y + 0.40, 0.06, 0.05), stone, 0.7, "stone")
        for dx in (-0.1, 0.04):
            window(pen, x + dx, y + 0.1, 0.06, 0.12, lamp=False, arch=True, bars=False)


def deck(name: str, x: float, pose: str = "") -> float:
    """Return how high one stands at *x* on a bridge, in its heights; *name*: bridge, long-bridge, wooden-bridge,
    iron-bridge; *pose* flat as of ``arch_bridge``. 0 beside it. Raises ``KeyError`` for what is no bridge."""
    half = {"bridge": 1.5, "long-bridge": 2.5, "wooden-bridge": 1.7, "iron-bridge": 2.2}[name]
    if abs(x) > half:
        return 0.0
    if name in ("wooden-bridge", "iron-bridge"):
        return 0.60 if name == "wooden-bridge" else 0.245
    return FLAT if pose == "flat" else _arched(x, half)


FLAT = 0.84  # the deck of a flat bridge


def _arched(x: float, half: float) -> float:
    return float(0.12 + 0.72 * max(0.0, np.cos(x / half * np.pi / 2)) ** 1.2)


def arch_bridge(pen: Pen, arches: int = 1, *, pose: str = "") -> None:
    """Draw a stone bridge, 1 high and 3 wide (5 for three arches): its arches open, its parapet in the light; *pose*
    flat: a viaduct on which a train or a car goes, its deck at ``FLAT``."""
    half = 1.5 if arches == 1 else 2.5
    stone = "#b3aa9a"
    xs = np.linspace(-half, half, 30)
    flat = pose == "flat"
    level = np.full(30, FLAT) if flat else np.array([_arched(float(x), half) for x in xs])
    top = np.stack([xs, level], 1)
    holes = _spans(half) if flat else _arches(arches)
    body = np.concatenate([top, [[half, 0], [-half, 0]]])
    pen.fill([body, *holes], stone, 0.5, "stone", grain=0)
    for hole in holes:
        inner = hole[::-1] * [1.0, 1.0] + [0.05 * (-1 if pen.side > 0 else 1), 0]
        pen.fill([np.concatenate([hole, inner])], "#6c655a", 0.12, "stone")
        outer = (hole - hole.mean(axis=0)) * 1.09 + hole.mean(axis=0)
        pen.fill([outer, hole], stone, 0.85, "stone", opacity=0.85)
    for _ in range(40 if pen.fine else 0):
        x = float(pen.rng.uniform(-half * 0.92, half * 0.92))
        y = float(pen.rng.uniform(0, 1)) * float(np.interp(x, xs, level)) * 0.9
        if all(
            not (abs(x - h[:, 0].mean()) < (h[:, 0].max() - h[:, 0].min()) / 2 and y < h[:, 1].max()) for h in holes
        ):
            pen.fill(
                rect(x, y, 0.11, 0.045),
                stone,
                float(pen.rng.choice([0.3, 0.7, 0.9])),
                "stone",
                opacity=0.6,
                solid=False,
            )
    if flat:
        pen.fill(rect(-half, FLAT - 0.09, 2 * half, 0.09), stone, 0.9, "stone")
        pen.fill(rect(-half, FLAT - 0.12, 2 * half, 0.03), stone, 0.2, "stone")
        return
    rail = np.concatenate([top + [0, 0.13], top[::-1] + [0, 0.10]])
    pen.fill(rail, stone, 0.95, "stone")
    for x, y in top[::3]:
        pen.fill(rect(float(x) - 0.02, float(y) - 0.01, 0.04, 0.17), stone, 0.7, "stone")
    pen.fill(np.concatenate([top + [0, 0.02], top[::-1] - [0, 0.03]]), stone, 0.22, "stone")


def _arches(arches: int) -> list[Points]:
    turn = np.linspace(np.pi, 0, 16)
    spans = {1: [(0.0, 0.62)], 3: [(-1.15, 0.42), (0.0, 0.60), (1.15, 0.42)]}[arches]
    return [np.stack([x + r * np.cos(turn), np.maximum(0, r * 0.98 * np.sin(turn))], 1) for x, r in spans]


def _spans(half: float) -> list[Points]:
    """Return the arches of a viaduct: tall, on piers, one a unit."""
    turn, r, spring = np.linspace(np.pi, 0, 14), 0.40, 0.28
    arch = np.concatenate([[[-r, 0.0]], np.stack([r * np.cos(turn), spring + r * np.sin(turn)], 1), [[r, 0.0]]])
    return [arch + [x, 0.0] for x in np.arange(-half + 0.5, half, 1.0)]


def wooden_bridge(pen: Pen) -> None:
    """Draw a plank bridge on piles, 1 high and 3.4 wide."""
    wood = "#8a6a4a"
    for x in np.linspace(-1.5, 1.5, 7):
        pen.fill(bar(float(x), 0, float(x), 0.55, 0.07), wood, 0.3, "wood", grain=90)
        pen.fill(bar(float(x), 0.5, float(x), 0.98, 0.045), wood, 0.7, "wood", grain=90)
    pen.fill(bar(-1.7, 0.55, 1.7, 0.55, 0.10), wood, 0.85, "wood")
    pen.fill(bar(-1.7, 0.50, 1.7, 0.50, 0.04), wood, 0.2, "wood")
    pen.fill(bar(-1.7, 0.92, 1.7, 0.92, 0.05), wood, 0.9, "wood")
    pen.fill(bar(-1.7, 0.74, 1.7, 0.74, 0.035), wood, 0.6, "wood")


def iron_bridge(pen: Pen) -> None:
    """Draw a suspension bridge, 1 high and 4.4 wide."""
    steel = "#a24a3a"
    pen.fill(bar(-2.2, 0.22, 2.2, 0.22, 0.05), steel, 0.6, "metal")
    for x in (-1.15, 1.15):
        pen.fill(rect(x - 0.09, 0, 0.06, 1.0), steel, 0.5, "metal")
        pen.fill(rect(x + 0.03, 0, 0.06, 1.0), steel, 0.9 if pen.side > 0 else 0.5, "metal")
        for y in (0.4, 0.62, 0.82, 0.97):
            pen.fill(rect(x - 0.09, y, 0.18, 0.035), steel, 0.7, "metal")
    for a, b, low in ((-1.15, 1.15, 0.30), (-2.3, -1.15, 0.24), (1.15, 2.3, 0.24)):
        xs = np.linspace(a, b, 25)
        if low == 0.30:
            ys = low + (0.98 - low) * ((xs / 1.15) ** 2)
        else:
            t = (xs - a) / (b - a)
            ys = 0.24 + 0.74 * (t if b < 0 else 1 - t) ** 1.6
        pen.fill(limb([(float(x), float(y), 0.012) for x, y in zip(xs, ys, strict=True)], 2), steel, 0.7, "metal")
        for x, y in zip(xs[1:-1], ys[1:-1], strict=True):
            pen.fill(bar(float(x), 0.22, float(x), float(y), 0.012), steel, 0.5, "metal")
