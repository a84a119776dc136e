"""Flowers, grasses, reeds, bamboo, lotus, mushrooms: grown stem by stem."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, curve_through, leaf, limb, oval, poly, rect

# petals, colour, second colour, shape
_BLOOMS = {
    "rose": (14, "#c02f45", "#8c1c34", "whorl"),
    "peony": (20, "#d8688a", "#b23c66", "whorl"),
    "camellia": (12, "#c8323c", "#8f1f2c", "whorl"),
    "poppy": (5, "#d8402a", "#2c2026", "cup"),
    "tulip": (3, "#d85a3a", "#a83a2a", "tulip"),
    "daisy": (15, "#f4f1e6", "#e0b23a", "star"),
    "sunflower": (20, "#e8b42c", "#5a3a22", "star"),
    "chrysanthemum": (30, "#e2b13a", "#b5772a", "star"),
    "lily": (6, "#f1ece2", "#d8a83c", "star"),
    "iris": (3, "#5a4a9c", "#d8b23c", "tulip"),
    "cornflower": (10, "#4a68c0", "#2a3a78", "star"),
    "orchid": (5, "#b69ac8", "#7a4a8a", "star"),
}


def flower(pen: Pen, kind: str = "rose", stems: int = 3) -> None:
    """Draw a plant in bloom, 1 high."""
    rng = pen.rng
    tops = []
    for i in range(stems):
        lean = (i - (stems - 1) / 2) * 0.24 + float(rng.normal(0, 0.04))
        high = float(rng.uniform(0.72, 0.92)) if stems > 1 else 0.86
        knots = [(lean * 0.15, 0.0, 0.012), (lean * 0.4, high * 0.45, 0.011), (lean, high, 0.008)]
        pen.fill(limb(knots), "#55753c", 0.5, "foliage", grain=88)
        for t in (0.25, 0.42, 0.6):
            x = float(np.interp(t, [0, 0.5, 1], [k[0] for k in knots]))
            way = 1 if rng.random() < 0.5 else -1
            turn = math.degrees(math.atan2(0.6, way))
            pen.fill(
                leaf(x, high * t, 0.24, 0.085 if kind not in ("iris", "tulip", "orchid") else 0.04, turn),
                "#55753c",
                0.95 if way * pen.side > 0 else 0.35,
                "foliage",
                grain=45,
            )
        tops.append((lean, high))
    for x, y in tops:
        bloom(pen.at(x, y, 0.17 if kind != "sunflower" else 0.22), kind)


def bloom(pen: Pen, kind: str) -> None:
    """Draw one flower of radius 1 about (0, 0)."""
    count, tone, heart, form = _BLOOMS[kind]
    rng = pen.rng
    if form == "star":
        rings = 2 if count > 14 else 1
        for ring in range(rings):
            for i in range(count):
                turn = 360 * (i + 0.5 * ring) / count + float(rng.normal(0, 3))
                facing = math.cos(math.radians(turn)) * pen.side + math.sin(math.radians(turn)) * 0.6
                pen.fill(
                    leaf(0, 0, 1.0 - 0.22 * ring, 5.2 / count if count > 6 else 0.5, turn),
                    tone,
                    0.55 + 0.4 * facing,
                    "flower",
                    grain=-turn,
                )
        pen.fill(
            oval(0, 0, 0.32 if kind != "sunflower" else 0.46, 0.30 if kind != "sunflower" else 0.44),
            heart,
            0.5,
            "flower",
        )
        pen.fill(oval(0.06 * pen.side, 0.06, 0.20, 0.18), heart, 1.0, "flower")
    elif form == "whorl":
        for ring, (reach, size) in enumerate(((0.62, 0.46), (0.42, 0.40), (0.22, 0.30), (0.04, 0.20))):
            petals = max(3, count // (ring + 2))
            for i in range(petals):
                a = 2 * math.pi * i / petals + 0.7 * ring
                x, y = reach * math.cos(a), reach * math.sin(a) * 0.92
                lit = 0.5 + 0.42 * (math.cos(a) * pen.side + math.sin(a) * 0.8) - 0.08 * ring
                pen.fill(
                    oval(x, y, size, size * 0.82, -math.degrees(a)),
                    tone if (i + ring) % 3 else heart,
                    lit,
                    "flower",
                    grain=math.degrees(a),
                )
                if pen.fine or pen.size > 20:
                    pen.fill(
                        limb(
                            [
                                (x + size * math.cos(a + t), y + size * 0.8 * math.sin(a + t), 0.03)
                                for t in (-0.8, 0.0, 0.8)
                            ]
                        ),
                        tone,
                        1.15 if lit > 0.5 else 0.6,
                        "flower",
                        opacity=0.7,
                    )
    elif form == "cup":
        for i in range(count):
            a = math.pi * (i / (count - 1)) * 1.1 - 0.15
            pen.fill(
                oval(0.42 * math.cos(a), 0.12 + 0.40 * math.sin(a), 0.52, 0.46),
                tone,
                0.45 + 0.5 * math.cos(a) * pen.side,
                "flower",
            )
        pen.fill(oval(0, 0.18, 0.2, 0.16), heart, 0.4, "flower")
    else:
        for x, lit in ((-0.35, 0.4 - 0.3 * pen.side), (0.35, 0.4 + 0.5 * pen.side), (0.0, 0.8)):
            pen.fill(
                np.array([[x * 0.4, -0.5], [x - 0.34, 0.1], [x - 0.1, 0.9], [x + 0.12, 0.9], [x + 0.34, 0.1]]),
                tone,
                lit,
                "flower",
                grain=90,
                smooth=True,
            )


def lotus(pen: Pen) -> None:
    """Draw lotus: leaves on the water, one flower open, a bud, a seed head; 1 high and 2 wide."""
    rng = pen.rng
    for x, y, r in (
        (-0.72, 0.06, 0.46),
        (0.66, 0.10, 0.52),
        (-0.1, 0.02, 0.40),
        (0.25, 0.42, 0.34),
        (-0.45, 0.38, 0.30),
    ):
        if y > 0.2:
            pen.fill(limb([(x * 0.8, 0.0, 0.012), (x, y, 0.010)]), "#5a7a46", 0.4, "foliage", grain=90)
        turn = np.radians(np.linspace(10, 350, 22))
        ring = np.stack(
            [
                x + r * (1 + 0.06 * np.sin(7 * turn)) * np.cos(turn),
                y + 0.34 * r * (1 + 0.06 * np.sin(7 * turn)) * np.sin(turn),
            ],
            1,
        )
        pen.fill(np.concatenate([ring, [[x, y]]]), "#4d7a52", 0.35, "foliage", grain=0)
        half = ring[:11] if pen.side > 0 else ring[8:]
        pen.fill(np.concatenate([half, [[x, y]]]), "#5a8a58", 0.85, "foliage", grain=0, opacity=0.85)
        for a in np.radians(np.arange(20, 350, 36)):
            pen.fill(
                bar(x, y, x + 0.9 * r * math.cos(a), y + 0.30 * r * math.sin(a), 0.008),
                "#86ab74",
                0.8,
                "foliage",
                opacity=0.6,
            )
    for x, y, size, kind in ((-0.12, 0.72, 0.24, "open"), (0.48, 0.66, 0.12, "bud"), (-0.62, 0.62, 0.10, "pod")):
        pen.fill(
            limb([(x * 0.9, 0.0, 0.012), (x + 0.02, y * 0.5, 0.011), (x, y, 0.010)]),
            "#5a7a46",
            0.5,
            "foliage",
            grain=90,
        )
        if kind == "open":
            for row, spread in ((0, 72), (1, 48), (2, 22)):
                for angle in np.linspace(90 - spread, 90 + spread, 5 - row):
                    facing = math.cos(math.radians(float(angle))) * pen.side
                    pen.fill(
                        leaf(
                            x, y - 0.02, size * (1.12 - 0.1 * row), size * 0.46, float(angle) + float(rng.normal(0, 3))
                        ),
                        "#e8a0b4",
                        0.55 + 0.45 * facing + 0.12 * row,
                        "flower",
                        grain=-float(angle),
                    )
            pen.fill(oval(x, y + 0.02, 0.05, 0.03), "#e2bd52", 0.9, "flower")
        elif kind == "bud":
            pen.fill(leaf(x, y - 0.02, size * 1.6, size * 0.9, 88), "#e08aa4", 0.4, "flower")
            pen.fill(leaf(x + 0.012 * pen.side, y - 0.02, size * 1.5, size * 0.5, 88), "#efb0c0", 1.0, "flower")
        else:
            pen.fill(
                poly((x - 0.03, y - 0.06), (x + 0.03, y - 0.06), (x + 0.10, y + 0.06), (x - 0.10, y + 0.06)),
                "#7d8a52",
                0.6,
                "foliage",
            )
            pen.fill(oval(x, y + 0.06, 0.10, 0.03), "#93a060", 0.9, "foliage")


def bamboo(pen: Pen, culms: int = 5) -> None:
    """Draw bamboo: jointed culms, leaves in 个 and 介 (three and four from one point) hanging."""
    rng = pen.rng
    for i in range(culms):
        x0 = (i - (culms - 1) / 2) * 0.13 + float(rng.normal(0, 0.03))
        lean = float(rng.normal(0.03, 0.05))
        high = float(rng.uniform(0.78, 1.0))
        joints = int(9 * high)
        back = i % 2 == 1
        for j in range(joints):
            a, b = j / joints * high, (j + 0.95) / joints * high
            w = 0.017 * (1 - 0.55 * j / joints) * (0.8 if back else 1)
            xa, xb = x0 + lean * a * a * 2, x0 + lean * b * b * 2
            pen.fill(bar(xa, a, xb, b, 2 * w), "#6d9152", 0.12 if back else 0.35, "foliage", grain=90)
            pen.fill(
                bar(xa + 0.5 * w * pen.side, a, xb + 0.5 * w * pen.side, b, 0.7 * w),
                "#8fb56a",
                0.4 if back else 1.0,
                "foliage",
                grain=90,
            )
            pen.fill(bar(xb - w * 1.2, b, xb + w * 1.2, b + 0.004, 0.009), "#3f5a34", 0.4, "foliage")
            if j >= 3 and rng.random() < 0.85:
                way = 1 if rng.random() < 0.5 else -1
                ex, ey = xb + way * float(rng.uniform(0.06, 0.20)), b + float(rng.uniform(0.02, 0.09))
                pen.fill(limb([(xb, b, 0.004), (ex, ey, 0.003)]), "#55753f", 0.4, "foliage")
                for _ in range(2):
                    px, py = ex + float(rng.normal(0, 0.04)), ey + float(rng.normal(0, 0.02))
                    for turn in (-50, -80, -112, -20):
                        t = turn + float(rng.normal(0, 10))
                        if way < 0:
                            t = 180 - t
                        lit = float(
                            np.clip((0.15 if back else 0.55) + 0.4 * way * pen.side + rng.normal(0, 0.2), 0, 1.1)
                        )
                        pen.fill(
                            leaf(px, py, float(rng.uniform(0.09, 0.16)), 0.024, t), "#5f8a48", lit, "foliage", grain=-t
                        )


def reeds(pen: Pen, kind: str = "reeds") -> None:
    """Draw reeds, or *kind* grass, wheat, rice, lavender: 1 high and 1.6 wide."""
    rng = pen.rng
    tone, head = {
        "reeds": ("#7d8a52", "#8a6a48"), "grass": ("#6d8a44", ""), "wheat": ("#c9a650", "#d8b45c"),
        "rice": ("#8fa64e", "#d0b450"), "lavender": ("#75885c", "#8a72b8"), "cattail": ("#6d8450", "#5d3f2a"),
    }[kind]  # fmt: skip
    if pen.air.season == "autumn" and kind in ("reeds", "grass"):
        tone = "#b39a58"
    if pen.air.season == "winter" and kind in ("reeds", "grass"):
        tone = "#a89a78"
    sway = 0.22 if pen.air.weather in ("wind", "storm") else 0.08
    for i in range(34 if pen.fine else 14):
        x = float(rng.uniform(-0.8, 0.8))
        high = float(rng.uniform(0.5, 1.0))
        bend = sway * high + float(rng.normal(0, 0.07))
        spine = [(x, 0.0, 0.012), (x + bend * 0.3, high * 0.6, 0.009), (x + bend, high, 0.003)]
        lit = float(np.clip(rng.normal(0.55, 0.32), 0.02, 1.1))
        pen.fill(limb(spine, 4), tone, lit, "grass", grain=85)
        if head and i % 2 == 0:
            ex, ey = x + bend, high
            if kind == "reeds":
                pen.fill(
                    limb([(ex - 0.01, ey - 0.06, 0.012), (ex + 0.04, ey + 0.02, 0.026), (ex + 0.11, ey + 0.0, 0.006)]),
                    head,
                    lit,
                    "grass",
                    grain=60,
                )
            elif kind == "cattail":
                pen.fill(limb([(ex, ey - 0.16, 0.022), (ex + 0.01, ey, 0.022)]), head, lit, "grass")
            else:
                for k in range(5):
                    pen.fill(
                        oval(ex + 0.012 * (-1) ** k, ey - 0.03 * k, 0.016, 0.022),
                        head,
                        lit + 0.15,
                        "flower" if kind == "lavender" else "grass",
                    )


def bough(pen: Pen) -> None:
    """Draw the bough of a tree 1 high on which somebody sits, from its trunk to the right, before its crown."""
    pen.limbs(
        [[(0.01, 0.38, 0.024), (0.12, 0.435, 0.019), (0.26, 0.45, 0.013), (0.40, 0.49, 0.004)]], "#5a4637", "bark"
    )
    pen.limbs([[(0.24, 0.45, 0.009), (0.31, 0.425, 0.003)]], "#5a4637", "bark")


def blossom_branch(pen: Pen, kind: str = "plum") -> None:
    """Draw a branch in blossom that comes in from the side, 1 high and 1.6 long: plum (梅), peach, cherry,
    magnolia."""
    rng = pen.rng
    tone = {"plum": "#d8485c", "peach": "#ef9aac", "cherry": "#f4c6d0", "magnolia": "#f2e8ea", "pear": "#f6f3ec"}[kind]
    stems = [[(-0.9, 0.42, 0.045), (-0.5, 0.58, 0.036), (-0.1, 0.52, 0.026), (0.3, 0.70, 0.016), (0.72, 0.78, 0.006)]]
    for x, y, dx, dy in (
        (-0.5, 0.58, 0.12, 0.36),
        (-0.1, 0.52, 0.28, -0.22),
        (-0.28, 0.54, 0.16, 0.30),
        (0.3, 0.70, 0.05, 0.28),
        (0.05, 0.58, 0.22, 0.34),
        (0.45, 0.73, 0.3, -0.16),
    ):
        stems.append(
            [(x, y, 0.016), (x + dx * 0.5 + float(rng.normal(0, 0.03)), y + dy * 0.5, 0.011), (x + dx, y + dy, 0.004)]
        )
    for spine in stems:
        pen.limbs([spine], "#4a3832", "bark", grain=20)
    for spine in stems:
        path = curve_through(np.array(spine), 7)
        for x, y, _ in path[3:]:
            if rng.random() < 0.62:
                _blossom(
                    pen.at(
                        float(x) + float(rng.normal(0, 0.025)),
                        float(y) + float(rng.normal(0, 0.025)),
                        float(rng.uniform(0.040, 0.068)),
                    ),
                    tone,
                )
    for _ in range(10):
        x, y = rng.uniform(-0.7, 0.8), rng.uniform(-0.3, 0.4)
        pen.fill(
            leaf(float(x), float(y), 0.045, 0.03, float(rng.uniform(0, 360))),
            tone,
            float(rng.uniform(0.5, 1)),
            "flower",
        )


def _blossom(pen: Pen, tone: str) -> None:
    if pen.rng.random() < 0.25:
        pen.fill(oval(0, 0, 0.5, 0.55), tone, 0.5, "flower")
        return
    start = float(pen.rng.uniform(0, 72))
    for i in range(5):
        a = math.radians(start + 72 * i)
        lit = 0.62 + 0.4 * (math.cos(a) * pen.side + math.sin(a) * 0.6)
        pen.fill(oval(0.52 * math.cos(a), 0.52 * math.sin(a), 0.50, 0.44, -math.degrees(a)), tone, lit, "flower")
    for i in range(7):
        a = math.radians(start + 51 * i)
        pen.fill(bar(0, 0, 0.5 * math.cos(a), 0.5 * math.sin(a), 0.06), "#f4dca0", 0.9, "flower")
    pen.fill(oval(0, 0, 0.14, 0.14), "#d8b04a", 0.9, "flower")


def mushrooms(pen: Pen) -> None:
    """Draw mushrooms, 1 high."""
    for x, size in ((-0.30, 0.62), (0.12, 1.0), (0.44, 0.48)):
        part = pen.at(x, 0, size)
        part.limbs([[(0, 0.0, 0.13), (0.0, 0.36, 0.10), (0.01, 0.62, 0.085)]], "#e8e0cc", "wood")
        turn = np.linspace(0, np.pi, 15)
        cap = np.stack([0.40 * np.cos(turn), 0.58 + 0.36 * np.sin(turn)], 1)
        part.fill(np.concatenate([cap, [[-0.25, 0.53], [0.25, 0.53]]]), "#b8402c", 0.35, "flower")
        part.fill((cap - [0, 0.6]) * [0.62, 0.8] + [0.10 * part.side, 0.64], "#c84a32", 1.0, "flower")
        for dx, dy, r in ((-0.22, 0.74, 0.045), (0.05, 0.84, 0.055), (0.24, 0.70, 0.04), (-0.02, 0.66, 0.04)):
            part.fill(oval(dx, dy, r, r * 0.8), "#f4eede", 0.9, "flower")


def cactus(pen: Pen) -> None:
    """Draw a cactus."""
    pen.limbs(
        [
            [(0, 0, 0.11), (0, 0.5, 0.12), (0, 0.9, 0.10)],
            [(0.06, 0.34, 0.06), (0.28, 0.40, 0.07), (0.30, 0.68, 0.065)],
            [(-0.05, 0.46, 0.06), (-0.26, 0.50, 0.065), (-0.28, 0.74, 0.06)],
        ],
        "#4f7a4c",
        "foliage",
        grain=90,
    )
    for x in (-0.06, 0.0, 0.06):
        pen.fill(bar(x, 0.05, x, 0.92, 0.010), "#35583a", 0.2, "foliage")


def pumpkins(pen: Pen) -> None:
    """Draw pumpkins."""
    for x, size in ((-0.42, 0.75), (0.36, 1.0)):
        part = pen.at(x, 0, size)
        for dx in (-0.30, 0.30, -0.16, 0.16, 0.0):
            lit = 0.5 + 0.5 * (dx / 0.3) * part.side
            part.fill(oval(dx, 0.36, 0.24, 0.36), "#d87a2a", lit, "flower", grain=90)
        part.limbs([[(0, 0.66, 0.05), (0.03, 0.86, 0.04)]], "#6d7a44", "wood")


def hay(pen: Pen) -> None:
    """Draw a haystack."""
    ring: Points = np.array([[-0.62, 0], [-0.66, 0.35], [-0.42, 0.78], [0, 1.0], [0.42, 0.78], [0.66, 0.35], [0.62, 0]])
    pen.fill(ring, "#cfae5c", 0.35, "grass", grain=60, smooth=True)
    pen.fill(ring * [0.6, 0.9] + [0.18 * pen.side, 0.03], "#dcbd6c", 1.0, "grass", grain=60, smooth=True)
    for _ in range(60):
        x, y = float(pen.rng.uniform(-0.55, 0.55)), float(pen.rng.uniform(0.02, 0.8))
        if abs(x) < 0.6 - 0.5 * y:
            pen.fill(
                bar(x, y, x + 0.05, y - 0.10, 0.012), "#a8863c", float(pen.rng.uniform(0.1, 1)), "grass", opacity=0.8
            )


def stones(pen: Pen) -> None:
    """Draw a few boulders, 1 high and 2.4 wide."""
    for x, w, h in ((-0.6, 0.55, 0.62), (0.45, 0.7, 1.0), (1.0, 0.34, 0.4), (-0.05, 0.36, 0.34)):
        top = [
            (x - w, 0),
            (x - w * 0.86, h * 0.55),
            (x - w * 0.35, h * 0.95),
            (x + w * 0.25, h),
            (x + w * 0.8, h * 0.6),
            (x + w, 0),
        ]
        pen.fill(poly(*top), "#857e73", 0.22, "stone", grain=60)
        way = 1 if pen.side > 0 else -1
        pen.fill(
            poly(
                (x, 0.0),
                (x + way * w * 0.95, 0.02),
                (x + way * w * 0.74, h * 0.56),
                (x + way * 0.22 * w, h * 0.96),
                (x - way * w * 0.15, h * 0.6),
            ),
            "#968f82",
            0.9,
            "stone",
            grain=70,
        )
        pen.fill(
            poly((x - w * 0.35, h * 0.95), (x + w * 0.25, h), (x + w * 0.1, h * 0.74), (x - w * 0.2, h * 0.72)),
            "#a39c8e",
            1.05,
            "stone",
        )


def fence(pen: Pen) -> None:
    """Draw a fence, 1 high and 4 wide."""
    for y in (0.42, 0.76):
        pen.fill(bar(-2, y, 2, y + 0.02, 0.085), "#8a7256", 0.75, "wood", grain=0)
    for x in np.linspace(-1.9, 1.9, 9):
        pen.fill(rect(float(x) - 0.05, 0, 0.10, 1.0), "#8a7256", 0.45, "wood", grain=90)
        pen.fill(rect(float(x) + (0.01 if pen.side > 0 else -0.05), 0, 0.04, 1.0), "#9a8264", 1.0, "wood", grain=90)


def stone_wall(pen: Pen) -> None:
    """Draw a low wall of stones, 1 high and 3.6 wide: courses of unlike stones, flat ones on top."""
    pen.fill(rect(-1.8, 0, 3.6, 0.9), "#6d675e", 0.1, "stone")
    for row in range(5):
        y, x = 0.175 * row, -1.8
        while x < 1.75:
            wide = min(float(pen.rng.uniform(0.16, 0.40)), 1.8 - x)
            tone = str(pen.rng.choice(["#8f897d", "#a39b8b", "#7d776c", "#958b7a"]))
            stone = rounded(x + 0.012, y + 0.01, wide - 0.024, 0.152, float(pen.rng.uniform(-0.012, 0.012)))
            pen.fill(stone, tone, float(pen.rng.uniform(0.35, 0.95)), "stone", grain=float(pen.rng.uniform(0, 30)))
            x += wide
    x = -1.86
    while x < 1.8:
        wide = min(float(pen.rng.uniform(0.35, 0.6)), 1.86 - x)
        pen.fill(rounded(x, 0.875, wide - 0.015, 0.115, 0.006), "#aaa292", 0.95, "stone")
        x += wide


def rounded(x: float, y: float, wide: float, tall: float, slant: float) -> Points:
    """Return a stone of this size with its corners worn off; *slant*: how much higher its right side is."""
    c = 0.22 * min(wide, tall)
    right, top = x + wide, y + tall
    return poly(
        (x + c, y), (right - c, y + slant), (right, y + c), (right, top - c), (right - c, top + slant), (x + c, top),
        (x, top - c), (x, y + c),
    )  # fmt: skip
