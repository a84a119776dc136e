"""The ground of a room: floor, wall, window with what is seen through it."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing import water
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, bar, rect
from miaobi.craft.drawing.stage import Land, Stage


def interior(s: Stage) -> Land:
    """Return a room: wall, floor, and a window with what is seen through it."""
    """A room: wall, window with the world outside in it, a table in front."""
    land = Land()
    air = s.air
    wall = Layer("wall", 0.5)
    tone = air.palette[1] if air.palette else "#b59f86"
    warm = "#c9a27a"
    top, table = 0.0, 0.72 * s.h
    dim = 0.55 if not air.dark else 0.30
    left_lit, right_lit = (dim + 0.25, dim - 0.2) if air.side < 0 else (dim - 0.2, dim + 0.25)
    fill = Gradient(((0, air.tint(tone, left_lit), 1), (1, air.tint(tone, right_lit), 1)), (0, 0), (s.w, 0))
    x0, x1 = (0.09, 0.52) if air.side < 0 else (0.48, 0.91)
    if s.w < s.h:
        x0, x1 = (0.10, 0.70) if air.side < 0 else (0.30, 0.90)
    y0, y1 = 0.08, 0.60
    hole: Points = rect(x0 * s.w, y0 * s.h, (x1 - x0) * s.w, (y1 - y0) * s.h)
    whole: Points = rect(0, top, s.w, table + 4)
    wall.shapes.append(Shape((whole, hole), fill, "wall", 80))
    for _ in range(70):
        x, y = s.rng.uniform(0, s.w), s.rng.uniform(0, table)
        if not (x0 * s.w - 40 < x < x1 * s.w + 10 and y0 * s.h - 10 < y < y1 * s.h + 10):
            wall.shapes.append(
                Shape(
                    (rect(x, y, 0.035 * s.w, 0.006 * s.h),),
                    air.tint(tone, float(s.rng.uniform(0.2, 0.8))),
                    "wall",
                    80,
                    0.25,
                    False,
                    False,
                )
            )
    frame = Layer("window frame", 0.46)
    wood = "#7a5a40"

    def beam(a: tuple[float, float], b: tuple[float, float], w: float, lit: float) -> None:
        frame.shapes.append(
            Shape(
                (bar(a[0] * s.w, a[1] * s.h, b[0] * s.w, b[1] * s.h, w * s.h),),
                air.tint(wood, lit),
                "wood",
                90 if a[0] == b[0] else 0,
            )
        )

    middle = (x0 + x1) / 2
    beam((middle, y0), (middle, y1), 0.014, 0.5)
    beam((x0, (y0 + y1) * 0.46), (x1, (y0 + y1) * 0.46), 0.012, 0.55)
    beam((x0, y0), (x0, y1), 0.026, 0.85 if air.side > 0 else 0.35)
    beam((x1, y0), (x1, y1), 0.026, 0.35 if air.side > 0 else 0.85)
    beam((x0 - 0.012, y0), (x1 + 0.012, y0), 0.03, 0.4)
    beam((x0 - 0.03, y1), (x1 + 0.03, y1), 0.042, 1.0)
    curtain = Layer("curtain", 0.42)
    for way, edge in ((-1, x0), (1, x1)):
        for k in range(6):
            a = edge + way * (0.055 - 0.016 * k)
            sway = 0.01 * math.sin(1.7 * k)
            ring = np.array(
                [
                    [a, 0.03],
                    [a - way * 0.02, 0.03],
                    [a - way * (0.016 + sway), 0.38],
                    [a - way * 0.024, 0.70],
                    [a + way * 0.004, 0.70],
                    [a + sway, 0.36],
                ]
            ) * [s.w, s.h]
            curtain.shapes.append(
                Shape(
                    (ring,),
                    air.tint(air.palette[0] if air.palette else "#8a4a3c", 0.25 + 0.6 * (k % 2)),
                    "cloth",
                    88,
                    1.0,
                    True,
                )
            )
    light = Layer("window light", 0.3)
    lean = 0.30 if air.side < 0 else -0.30
    pool = np.array([[x0, y1], [x1, y1], [x1 + lean, 1.0], [x0 + lean, 1.0]]) * [s.w, s.h]
    strength = 0.05 if air.dark else 0.26
    bright = air.leant("#fff0cc" if air.hour != "night" else "#9fb8e0")
    light.shapes.append(
        Shape(
            (pool,),
            Gradient(((0, bright, strength), (1, bright, strength * 0.35)), (0, y1 * s.h), (0, s.h)),
            "glow",
            solid=False,
        )
    )
    board = Layer("table", 0.2)
    board.shapes.append(
        Shape(
            (rect(0, table, s.w, s.h - table + 2),),
            Gradient(((0, air.tint("#8a6244", 0.75), 1), (1, air.tint("#5d3f2a", 0.45), 1)), (0, table), (0, s.h)),
            "wood",
            0,
        )
    )
    board.shapes.append(Shape((rect(0, table - 0.006 * s.h, s.w, 0.012 * s.h),), air.tint(warm, 1.0), "wood", 0))
    for _ in range(30):
        y = table + (s.h - table) * float(s.rng.beta(1.2, 1.0))
        board.shapes.append(
            Shape(
                (water.lens(s.rng.uniform(0, s.w), y, s.w * s.rng.uniform(0.15, 0.5), s.h * 0.004),),
                air.tint("#6d4a30", float(s.rng.uniform(0.1, 0.7))),
                "wood",
                0,
                0.5,
                True,
                False,
            )
        )
    land.before += []
    land.behind += [wall, frame, curtain, board, light]
    return land
