"""Buildings of the West: boxes seen a little from the side, with roofs, openings and lamps, put together by a small
grammar.

``house → box roof [chimney] openings``; ``church → house tower``; ``castle → wall tower+``; ``street → house+``. The
face
towards the viewer and the face on the side are lit by where the light is; windows shine when it is dark.
"""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.mass import Grain
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import bar, oval, poly, rect
from miaobi.craft.drawing.subjects.building_part import (
    LAMP,
    Box,
    chimney,
    door,
    faces,
    gable,
    hipped,
    pen_faces,
    wear,
    window,
)
from miaobi.craft.drawing.subjects.tree import crown


def house(pen: Pen, walls: str = "#d9cdb6", roof: str = "#9a5140", kind: str = "house") -> None:
    """Draw a house; *kind*: house, cottage (thatch), barn, hut, mill (with its wheel), shop."""
    lamp = pen.air.dark
    deep = 0.42 * (1 if pen.rng.random() < 0.5 else -1)
    if kind == "barn":
        box = Box(-0.42, 0.7, 0.5, deep)
        faces(pen, box, "#9c4236", "wood")
        gable(pen, box, 0.42, "#5d5148", wall="#9c4236")
        door(pen, -0.2, 0.26, 0.36, "#e0d8c8")
        return
    if kind == "hut":
        box = Box(-0.35, 0.6, 0.5, deep * 0.8)
        faces(pen, box, "#8b6b4b", "wood")
        gable(pen, box, 0.45, "#a58a55", 0.09, "#8b6b4b")
        door(pen, -0.14, 0.18, 0.36, "#4b3626")
        return
    if kind == "cottage":
        walls, roof = "#e4dcc8", "#a88a58"
    box = Box(-0.58, 0.98, 0.44, deep)
    faces(pen, box, walls)
    hipped(pen, box, 0.42, roof, 0.07)
    door(pen, -0.20, 0.15, 0.30, "#4d6a72" if kind != "cottage" else "#7a4a38")
    for i, x in enumerate((-0.48, 0.06, 0.24)):
        window(pen, x, 0.17, 0.11, 0.15, lamp=lamp and i != 1)
    chimney(pen, -0.38 if deep > 0 else 0.2, 0.74, 0.09, 0.22)
    if kind == "shop":
        for i in range(8):
            x = -0.56 + i * 0.118
            pen.fill(
                poly((x, 0.40), (x + 0.118, 0.40), (x + 0.13, 0.31), (x - 0.01, 0.31)),
                "#c9533f" if i % 2 else "#f0e6d2",
                0.9,
                "cloth",
                grain=90,
            )
    if kind == "mill":
        wheel(pen, box.x - 0.14, 0.20, 0.30)


def wheel(pen: Pen, x: float, y: float, r: float, colour: str = "#5d4635") -> None:
    """Draw a water wheel."""
    turn = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([np.cos(turn), np.sin(turn)], 1)
    pen.fill([ring * r + [x, y], ring * r * 0.84 + [x, y]], colour, 0.5, "wood")
    for a in np.arange(0, 2 * np.pi, np.pi / 6):
        c, s = math.cos(a), math.sin(a)
        pen.fill(bar(x, y, x + c * r, y + s * r, r * 0.06), colour, 0.6, "wood")
        pen.fill(
            bar(x + c * r * 0.85, y + s * r * 0.85, x + c * r * 1.12, y + s * r * 1.12, r * 0.16), colour, 0.35, "wood"
        )


def tower_round(
    pen: Pen, x: float, w0: float, w1: float, foot: float, top: float, colour: str, material: str = "wall"
) -> None:
    """Draw a round tower in strips that turn from the light."""
    strips = 9 if pen.fine else 4
    for i in range(strips):
        a, b = i / strips, (i + 1) / strips
        across = math.sin((a + b - 1) * math.pi / 2 * 0.96)
        lit = float(np.clip(0.42 + 0.66 * across * (1 if pen.side > 0 else -1), 0.04, 1.05))
        pen.fill(
            poly(
                (x - w0 + 2 * w0 * a, foot),
                (x - w0 + 2 * w0 * b + 0.002, foot),
                (x - w1 + 2 * w1 * b + 0.002, top),
                (x - w1 + 2 * w1 * a, top),
            ),
            colour,
            lit,
            material,
            grain=90,
        )


def lighthouse(pen: Pen) -> None:
    """Draw a lighthouse with its rock, its keeper's house, its lamp and, in the dark, its beam."""
    stripe = str(pen.rng.choice(["#b8402f", "#3d4f5c", ""]))
    rock = [
        (-0.46, 0.0),
        (-0.36, 0.06),
        (-0.24, 0.075),
        (-0.1, 0.10),
        (0.08, 0.095),
        (0.22, 0.07),
        (0.34, 0.075),
        (0.44, 0.03),
        (0.52, 0.0),
    ]
    pen.fill(poly(*rock), "#6f6a62", 0.2, "stone", grain=70)
    for i in range(len(rock) - 1):
        (xa, ya), (xb, yb) = rock[i], rock[i + 1]
        lit = 0.85 if (i % 3 == 0) == (pen.side < 0) else 0.4
        pen.fill(
            poly((xa, ya), (xb, yb), ((xa + xb) / 2, max(0.0, min(ya, yb) - 0.05))), "#7f786c", lit, "stone", grain=60
        )
    part = pen.at(0.24, 0.075, 0.19)
    house(part, "#e8e2d4", "#a4503e")
    tower_round(pen, 0, 0.088, 0.052, 0.085, 0.80, "#ece6d8")
    if stripe:
        for y0 in (0.22, 0.46, 0.68):
            a, b = (0.088 - (0.036) * (y - 0.085) / 0.715 for y in (y0, min(0.8, y0 + 0.12)))
            strips = 9 if pen.fine else 4
            for i in range(strips):
                s, t = i / strips, (i + 1) / strips
                lit = float(
                    np.clip(0.42 + 0.66 * math.sin((s + t - 1) * 1.5) * (1 if pen.side > 0 else -1), 0.04, 1.05)
                )
                y1 = min(0.8, y0 + 0.12)
                pen.fill(
                    poly((-a + 2 * a * s, y0), (-a + 2 * a * t, y0), (-b + 2 * b * t, y1), (-b + 2 * b * s, y1)),
                    stripe,
                    lit,
                    "wall",
                    grain=90,
                )
    for y in (0.30, 0.55):
        window(pen, -0.012, y, 0.022, 0.04, lamp=pen.air.dark, bars=False)
    door(pen, -0.02, 0.04, 0.07, "#4d5a60", 0.09)
    pen.fill(rect(-0.082, 0.795, 0.164, 0.018), "#4a4f54", 0.6, "metal")
    for x in np.linspace(-0.078, 0.078, 9):
        pen.fill(bar(float(x), 0.81, float(x), 0.842, 0.004), "#4a4f54", 0.4, "metal")
    pen.fill(bar(-0.08, 0.842, 0.08, 0.842, 0.005), "#4a4f54", 0.6, "metal")
    lit = pen.air.dark or pen.air.hour in ("sunset", "dawn") or pen.air.weather in ("mist", "rain", "snow")
    if lit:
        for way, strength in ((1, 0.5), (-1, 0.32)):
            _beam(pen, way, strength)
        pen.glow(0, 0.865, 0.34, "#ffe9ae", 0.85)
    glass = rect(-0.040, 0.82, 0.08, 0.09)
    if lit:
        pen.shine(glass, "#fff3c4")
    else:
        pen.fill(glass, "#b9d0d8", 0.9, "glass")
    for x in (-0.04, -0.013, 0.013, 0.04):
        pen.fill(bar(x, 0.82, x, 0.91, 0.004), "#3d4246", 0.4, "metal")
    pen.fill(
        poly((-0.055, 0.908), (0.055, 0.908), (0.0, 0.978)),
        "#a83a2c" if stripe != "#3d4f5c" else "#3d4f5c",
        0.6,
        "metal",
    )
    pen.fill(
        poly((0.0, 0.978), (0.055 * (1 if pen.side > 0 else -1), 0.908), (0.0, 0.908)),
        "#b8402f" if stripe != "#3d4f5c" else "#4d5f6c",
        1.0,
        "metal",
    )
    pen.fill(bar(0, 0.97, 0, 1.0, 0.006), "#3d4246", 0.5, "metal")


def _beam(pen: Pen, way: int, strength: float) -> None:
    from miaobi.craft.drawing.shape import Gradient, Shape

    ring = pen.px(poly((0.03 * way, 0.875), (1.9 * way, 1.02), (1.9 * way, 0.80), (0.03 * way, 0.855)))
    start, end = pen.px(np.array([[0.0, 0.865], [1.9 * way, 0.9]]))
    stops = ((0.0, "#fff2c6", strength), (0.5, "#fff2c6", strength * 0.3), (1.0, "#fff2c6", 0.0))
    fill = Gradient(stops, (float(start[0]), float(start[1])), (float(end[0]), float(end[1])))
    pen.shapes.append(Shape((ring,), fill, "glow", solid=False))


def church(pen: Pen) -> None:
    """Draw a village church: nave, tower, spire."""
    way = 1 if pen.rng.random() < 0.5 else -1
    nave = Box(-0.10 if way > 0 else -0.44, 0.54, 0.26, 0.16 * way)
    faces(pen, nave, "#ddd5c3", "stone")
    hipped(pen, nave, 0.22, "#6f5a50", 0.03)
    for i in range(3):
        window(pen, nave.x + 0.09 + i * 0.15, 0.07, 0.05, 0.14, lamp=pen.air.dark, arch=True, bars=False)
    tower = Box(-0.24 if way > 0 else 0.06, 0.18, 0.56, 0.09 * way)
    faces(pen, tower, "#e2dac9", "stone")
    window(pen, tower.x + 0.06, 0.40, 0.06, 0.10, lamp=False, arch=True, bars=False)
    door(pen, tower.x + 0.05, 0.08, 0.13, "#5b4030", arch=True)
    pen.fill(oval(tower.x + 0.09, 0.33, 0.032, 0.032), "#f2ecdc", 1.0, "metal")
    pen.fill(bar(tower.x + 0.09, 0.33, tower.x + 0.09, 0.355, 0.006), "#2c2c2c", 0.3, "metal")
    pen.fill(bar(tower.x + 0.09, 0.33, tower.x + 0.107, 0.325, 0.006), "#2c2c2c", 0.3, "metal")
    tip = (tower.x + 0.09 + 0.045 * way, 0.95)
    near, far = tower.x, tower.x + tower.width
    edge = far if way > 0 else near
    pen.fill(
        poly((near - 0.015, 0.555), (far + 0.015, 0.555), tip),
        "#5b6b72",
        0.45 if way * pen.side > 0 else 0.9,
        "roof",
        grain=90,
    )
    pen.fill(
        poly((edge, 0.555), (edge + 0.1 * way, 0.565), tip),
        "#5b6b72",
        1.0 if way * pen.side > 0 else 0.12,
        "roof",
        grain=90,
    )
    pen.fill(bar(tip[0], 0.93, tip[0], 1.0, 0.008), "#c9a24a", 0.9, "metal")
    pen.fill(bar(tip[0] - 0.02, 0.975, tip[0] + 0.02, 0.975, 0.007), "#c9a24a", 0.9, "metal")


def castle(pen: Pen) -> None:
    """Draw a castle: walls with battlements between round towers, a gate, flags."""
    stone = "#a79f90"
    spots = [(-0.62, 0.11, 0.52), (0.60, 0.12, 0.58), (-0.16, 0.15, 0.84), (0.24, 0.11, 0.70)]
    for x, w, h in sorted(spots, key=lambda s: -s[2]):
        tower_round(pen, x, w, w * 0.94, 0, h, stone, "stone")
        for i in range(5):
            pen.fill(rect(x - w + i * w * 0.44, h, w * 0.26, 0.045), stone, 0.6, "stone")
        if h > 0.55:
            lit = w * 1.12
            pen.fill(poly((x - lit, h + 0.02), (x + lit, h + 0.02), (x, h + 0.24)), "#6d4a4a", 0.3, "roof", grain=80)
            pen.fill(
                poly((x, h + 0.02), (x + lit * (1 if pen.side > 0 else -1), h + 0.02), (x, h + 0.24)),
                "#7d5450",
                0.95,
                "roof",
                grain=80,
            )
            pen.fill(bar(x, h + 0.22, x, h + 0.33, 0.008), "#4a4039", 0.4, "wood")
            pen.fill(poly((x, h + 0.33), (x + 0.09, h + 0.305), (x, h + 0.28)), "#b93a2e", 0.9, "cloth")
        for y in np.arange(0.2, h - 0.08, 0.17):
            window(pen, x - 0.012, float(y), 0.024, 0.06, lamp=pen.air.dark and pen.rng.random() < 0.5, bars=False)
    for x0, x1, h in ((-0.60, -0.1, 0.34), (-0.02, 0.58, 0.36)):
        pen.fill(rect(x0, 0, x1 - x0, h), stone, 0.60, "stone")
        wear(pen, x0, x1, 0, h, stone, 0.6, "stone")
        for x in np.arange(x0, x1 - 0.02, 0.062):
            pen.fill(rect(float(x), h, 0.036, 0.04), stone, 0.7, "stone")
    door(pen, 0.2, 0.14, 0.2, "#4b3a2c", arch=True)


def windmill(pen: Pen) -> None:
    """Draw a tower mill with its four sails."""
    tower_round(pen, 0, 0.16, 0.10, 0, 0.62, "#e2d8c4")
    pen.fill(poly((-0.125, 0.61), (0.125, 0.61), (0.06, 0.745), (-0.06, 0.745)), "#6b4b3a", 0.4, "roof")
    pen.fill(
        poly(
            (0, 0.61),
            (0.125 * (1 if pen.side > 0 else -1), 0.61),
            (0.06 * (1 if pen.side > 0 else -1), 0.745),
            (0, 0.745),
        ),
        "#7b5846",
        1.0,
        "roof",
    )
    door(pen, -0.04, 0.08, 0.15)
    for y in (0.28, 0.45):
        window(pen, -0.022, y, 0.044, 0.06, lamp=pen.air.dark)
    start = float(pen.rng.uniform(10, 80))
    for i in range(4):
        a = math.radians(start + 90 * i)
        c, s = math.cos(a), math.sin(a)
        hx, hy = 0.0, 0.66
        pen.fill(
            bar(hx, hy, hx + c * 0.36, hy + s * 0.36, 0.014, 0.008), "#5b4636", 0.5, "wood", grain=math.degrees(-a)
        )
        nx, ny = -s * 0.072, c * 0.072
        sail = poly(
            (hx + c * 0.10, hy + s * 0.10),
            (hx + c * 0.36, hy + s * 0.36),
            (hx + c * 0.36 + nx, hy + s * 0.36 + ny),
            (hx + c * 0.10 + nx, hy + s * 0.10 + ny),
        )
        pen.fill(sail, "#ece4d0", 0.9 if s * 1 > -0.2 else 0.6, "cloth", opacity=0.92)
        for t in np.linspace(0.12, 0.34, 6):
            pen.fill(bar(hx + c * t, hy + s * t, hx + c * t + nx, hy + s * t + ny, 0.005), "#5b4636", 0.4, "wood")


def castle_ruin(pen: Pen) -> None:
    """Draw a ruin: broken walls with empty arches, ivy."""
    stone = "#9a9384"
    top = [
        (-0.7, 0),
        (-0.68, 0.5),
        (-0.6, 0.62),
        (-0.52, 0.55),
        (-0.45, 0.78),
        (-0.36, 0.72),
        (-0.3, 0.42),
        (-0.05, 0.36),
        (0.06, 0.5),
        (0.14, 0.92),
        (0.26, 1.0),
        (0.32, 0.86),
        (0.38, 0.45),
        (0.6, 0.3),
        (0.66, 0.12),
        (0.74, 0),
    ]
    pen.fill(poly(*top), stone, 0.35, "stone", grain=0)
    for _ in range(26):
        x, y = float(pen.rng.uniform(-0.62, 0.6)), float(pen.rng.uniform(0, 0.5))
        pen.fill(
            rect(x, y, 0.07, 0.03), stone, float(pen.rng.choice([0.2, 0.6, 0.9])), "stone", opacity=0.7, solid=False
        )
    for x, h in ((-0.56, 0.3), (0.18, 0.5)):
        turn = np.linspace(0, np.pi, 9)
        arch = np.concatenate(
            [[[x, 0.1], [x + 0.12, 0.1]], np.stack([x + 0.06 + 0.06 * np.cos(turn), h + 0.06 * np.sin(turn)], 1)]
        )
        pen.fill(arch, pen.air.sky[1], 1.0, "stone")
    crown(
        pen,
        [(float(pen.rng.uniform(-0.7, 0.5)), -float(pen.rng.uniform(0.02, 0.3)), 0.1, 0.08) for _ in range(7)],
        "#5f7340",
        Grain(),
    )


def village(pen: Pen, kind: str = "village") -> None:
    """Draw a village, 1 high to its steeple and 4 wide: houses behind houses, trees between them."""
    from miaobi.craft.drawing.subjects.chinese_building import hall

    rng = pen.rng
    spots = [(float(x), float(rng.uniform(0.0, 0.30))) for x in np.linspace(-1.8, 1.8, 11) + rng.normal(0, 0.12, 11)]
    spots.sort(key=lambda s: -s[1])
    if kind == "village":
        church(pen.at(float(rng.uniform(-0.5, 0.5)), 0.26, 1.25))
    for x, y in spots:
        part = pen.at(x, y, float(rng.uniform(0.42, 0.58)), flip=bool(rng.random() < 0.5))
        if kind == "water village":
            hall(part, "white")
        else:
            house(
                part,
                str(rng.choice(["#d9cdb6", "#e6dccb", "#cdb9a0", "#d6c6b8"])),
                str(rng.choice(["#9a5140", "#84493c", "#7a6355", "#a8654a"])),
            )
        if rng.random() < 0.6:
            bx = x + float(rng.uniform(-0.3, 0.3))
            crown(
                pen,
                [(bx + d, -(y + 0.12 + e), 0.14, 0.13) for d, e in ((0, 0), (0.12, 0.03), (0.05, 0.14))],
                {"autumn": "#a8743c", "winter": "#dde5ec" if pen.air.white else "#7d756a"}.get(
                    pen.air.season, "#54743c"
                ),
                Grain(0.6, 0.3, 24, (0.42, 0.64), 80),
            )


def city(pen: Pen) -> None:
    """Draw a skyline, 1 high and 3 wide: towers behind towers, windows lit when it is dark."""
    rng = pen.rng
    for row, (low, high, shade) in enumerate(((0.45, 1.0, 0.28), (0.3, 0.75, 0.14), (0.16, 0.45, 0.0))):
        x = -1.6
        while x < 1.55:
            w, h = float(rng.uniform(0.10, 0.24)), float(rng.uniform(low, high)) * (1 - 0.28 * abs(x) / 1.6)
            part = pen.at(0, 0)
            part.depth = min(1.0, pen.depth + shade)
            tone = str(rng.choice(["#8c99a6", "#a39b93", "#76838f", "#b0a79c"]))
            box = Box(x, w, h, 0.05 if pen.side > 0 else -0.05)
            pen_faces(part, box, tone)
            if h > 0.6 and rng.random() < 0.5:
                part.fill(bar(x + w / 2, h, x + w / 2, h + 0.12, 0.012, 0.004), tone, 0.5, "metal")
            rows, columns = int(h / 0.045), max(2, int(w / 0.04))
            if pen.fine and row > 0:
                for i in range(rows):
                    for j in range(columns):
                        at = rect(x + (j + 0.25) * w / columns, (i + 0.3) * h / rows, w / columns * 0.5, h / rows * 0.5)
                        if pen.air.dark and rng.random() < 0.42:
                            part.shine(at, str(rng.choice(["#ffd98c", "#ffc66e", "#fff0c8"])), opacity=0.9)
                        elif not pen.air.dark and rng.random() < 0.6:
                            part.fill(at, "#5d6b78", 0.5, "glass", opacity=0.6, solid=False)
            x += w + float(rng.uniform(-0.02, 0.05))


def tent(pen: Pen) -> None:
    """Draw a tent."""
    pen.fill(poly((-0.75, 0), (0.1, 1.0), (0.5, 0)), "#c9884a", 0.95 if pen.side < 0 else 0.45, "cloth", grain=60)
    pen.fill(poly((0.1, 1.0), (0.5, 0), (0.95, 0.14)), "#c9884a", 0.25 if pen.side < 0 else 0.95, "cloth", grain=120)
    pen.fill(poly((-0.18, 0), (0.08, 0.86), (0.2, 0)), "#5a3a22", 0.3, "cloth")
    if pen.air.dark:
        pen.shine(poly((-0.1, 0), (0.07, 0.7), (0.15, 0)), LAMP, opacity=0.8)
        pen.glow(0.04, 0.3, 1.2, LAMP, 0.5)
    pen.fill(bar(0.1, 1.0, 0.1, 1.08, 0.02), "#5a4634", 0.4, "wood")
