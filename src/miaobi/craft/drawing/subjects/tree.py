"""Trees: a skeleton of branches grown by an L-system (Prusinkiewicz and Lindenmayer, 1990), leaves as one mass in
the light.

The system is stochastic and bracketed: ``A → F[+A][−A]A`` with angles and lengths of the kind of tree; what its
turtle
draws is tapered by da Vinci's rule (the squares of the branches' widths sum to that of the trunk).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.mass import Ball, Grain, modelled
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, leaf, limb

_LEAVES = {  # of a season, for trees that turn
    "spring": "#86a84e",
    "summer": "#4f7a3c",
    "autumn": "#c4742e",
    "winter": "",
}


LEAFY = Grain()


@dataclass(frozen=True)
class Habit:
    """How a kind of tree grows. Angles in degrees, lengths as shares of the tree's height."""

    trunk: float = 0.26  # up to the first branches
    width: float = 0.035  # of the trunk's foot, half
    spread: float = 34.0  # from a branch to its daughters
    order: int = 4
    shrink: float = 0.74
    droop: float = 0.0  # how far branches bend down, 0–1
    lean: float = 0.10
    crown: float = 0.115  # radius of a clump of leaves
    bark: str = "#6a5342"
    leaves: str = ""  # a colour that doesn't turn; "" follows the season
    grain: Grain = LEAFY


HABITS = {
    "tree": Habit(),
    "oak": Habit(0.20, 0.050, 44, 4, 0.76, 0.10, 0.05, 0.125, "#5d4a3a"),
    "birch": Habit(0.34, 0.018, 24, 4, 0.72, 0.25, 0.06, 0.075, "#d9d4c8", "", Grain(0.75, 0.42, 40, holes=0.6)),
    "maple": Habit(0.24, 0.034, 36, 4, 0.75, 0.0, 0.06, 0.12, "#5a4438", "#b8432a"),
    "cherry": Habit(
        0.24, 0.036, 42, 4, 0.76, 0.22, 0.16, 0.105, "#4d3a36", "#f0b9c4", Grain(0.75, 0.34, 40, holes=0.45)
    ),
    "plum": Habit(0.18, 0.036, 46, 4, 0.74, 0.0, 0.28, 0.07, "#3d2f2c", "#e58d9c", Grain(0.85, 0.34, 40, holes=0.9)),
    "apple": Habit(0.22, 0.040, 44, 4, 0.72, 0.15, 0.08, 0.12, "#5c493b", "#5f8a3f"),
    "olive": Habit(0.22, 0.055, 44, 4, 0.70, 0.0, 0.18, 0.11, "#6d6151", "#8a9a72", Grain(0.7, 0.42, 40, holes=0.3)),
    "poplar": Habit(0.12, 0.022, 15, 5, 0.80, 0.0, 0.02, 0.062, "#6b5a49"),
    "ginkgo": Habit(0.26, 0.032, 30, 4, 0.75, 0.0, 0.04, 0.10, "#6a5a48", "#d9b23c"),
    "elm": Habit(0.30, 0.036, 34, 4, 0.77, 0.2, 0.05, 0.11, "#5c4c3e"),
}


def grown(
    rng: np.random.Generator, habit: Habit
) -> tuple[list[list[tuple[float, float, float]]], list[tuple[float, float]]]:
    """Return the branches as spines (x, y up, half width) and the tips, the tree 1 high."""
    branches: list[list[tuple[float, float, float]]] = []
    tips: list[tuple[float, float]] = []

    def branch(x: float, y: float, turn: float, length: float, wide: float, order: int) -> None:
        bend = rng.normal(0, 7) + habit.droop * 16 * (1 if turn > 0 else -1) * (order < habit.order)
        spine = [(x, y, wide)]
        for step in range(1, 4):
            turn += bend / 3
            x += length / 3 * math.sin(math.radians(turn))
            y += length / 3 * math.cos(math.radians(turn))
            spine.append((x, y, wide * (1 - 0.12 * step)))
        branches.append(spine)
        if order == 0:
            tips.append((x, y))
            return
        if order <= habit.order - 2:
            tips.append((x, y))
        turn *= 0.72  # towards the light
        kids = 3 if rng.random() < 0.55 or order == habit.order else 2
        turns = np.linspace(-1, 1, kids) * habit.spread + rng.normal(0, 8, kids)
        shares = rng.uniform(0.7, 1.2, kids)
        for kid in range(kids):
            thin = wide * 0.64 * math.sqrt(shares[kid] * 2.2 / kids)
            branch(
                x, y, turn + float(turns[kid]), length * habit.shrink * float(rng.uniform(0.8, 1.15)), thin, order - 1
            )

    branches.append(
        [(-0.004, 0.0, habit.width * 1.45), (0.0, 0.05, habit.width * 1.02), (0.0, 0.11, habit.width * 0.9)]
    )
    branch(0, 0, float(rng.normal(0, 1)) * habit.lean * 40, habit.trunk, habit.width, habit.order)
    top = max(y for _, y in tips) + habit.crown * 0.7
    scale = 1 / top
    return (
        [[(px * scale, py * scale, w) for px, py, w in spine] for spine in branches],
        [(tx * scale, ty * scale) for tx, ty in tips],
    )


def tree(pen: Pen, kind: str = "tree") -> None:
    """Draw a broad-leaved tree of ``HABITS``; bare in winter where its leaves turn."""
    habit = HABITS[kind]
    colour = habit.leaves or _LEAVES[pen.air.season]
    branches, tips = grown(pen.rng, habit)
    bare = not colour
    least = 0.0 if pen.size > 140 or bare else 0.004
    if not bare:
        back = [(x + 0.02 * pen.side, y - 0.03) for x, y in tips]
        _crown(pen, back, habit, colour, dim=True)
    for spine in branches:
        if spine[0][2] >= least:
            pen.fill(limb(spine, 3), habit.bark, 0.15, "bark", grain=90)
            if pen.fine and spine[0][2] > 0.006:
                lit = [(x + 0.45 * w * pen.side, y, 0.42 * w) for x, y, w in spine]
                pen.fill(limb(lit, 3), habit.bark, 0.85, "bark", grain=90)
    if kind == "birch" and pen.fine:
        _marks(pen, branches[0])
    if not bare:
        _crown(pen, tips, habit, colour)
        if kind == "apple":
            for i in pen.rng.permutation(len(tips))[:16]:
                x, y = tips[int(i)]
                pen.at(x, y - 0.02, 0.02).fill(limb([(0, 0, 0.6)]), "#c8402f", 0.9, "flower")


def _marks(pen: Pen, trunk: Sequence[tuple[float, float, float]]) -> None:
    for _ in range(12):
        t = pen.rng.uniform(0, 1)
        y = trunk[0][1] + t * (trunk[-1][1] - trunk[0][1])
        x, w = np.interp(y, [p[1] for p in trunk], [p[0] for p in trunk]), trunk[0][2]
        pen.fill(
            bar(float(x) - w * 0.9, y, float(x) + w * pen.rng.uniform(-0.2, 0.8), y + 0.004, 0.006),
            "#2f2b29",
            0.3,
            "bark",
        )


def _crown(pen: Pen, tips: Sequence[tuple[float, float]], habit: Habit, colour: str, *, dim: bool = False) -> None:
    r = habit.crown
    balls: list[Ball] = [
        (x, -y, r * float(pen.rng.uniform(0.75, 1.15)), r * float(pen.rng.uniform(0.6, 0.95))) for x, y in tips
    ]
    crown(pen, balls, colour, habit.grain, dim=dim)


def crown(pen: Pen, balls: Sequence[Ball], colour: str, grain: Grain, *, dim: bool = False) -> None:
    """Draw a mass of leaves, lit from where the light is; *dim*: the far side of it, all in the shade."""
    if not pen.fine:
        grain = Grain(grain.rough, grain.leafy, grain.fine * 0.55, grain.levels[:2], 70, grain.holes)
    outline, levels = modelled(pen.rng, balls, pen.side, pen.air.height, grain)
    flip = np.array([1, -1])
    if not outline:
        return
    if dim:
        pen.fill([ring * flip for ring in outline], colour, 0.0, "foliage", smooth=True)
        return
    pen.fill([ring * flip for ring in outline], colour, 0.10, "foliage", smooth=True)
    for lit, rings in zip((0.40, 0.72, 1.05, 1.25), levels, strict=False):
        if rings:
            pen.fill([ring * flip for ring in rings], colour, lit, "foliage", grain=35, smooth=True)
    if pen.size > 150:
        _sprays(pen, np.concatenate([ring * flip for ring in outline]), balls, colour)


def _sprays(pen: Pen, edge: Points, balls: Sequence[Ball], colour: str) -> None:
    """Put single leaves along the edge and on the lit side, where the eye looks for them."""
    rng = pen.rng
    unit = float(np.median([b[2] for b in balls]))
    middle = edge.mean(axis=0)
    reach = float(np.abs(edge - middle).max()) or 1.0
    for _ in range(round(min(170, 26 * len(balls)))):
        if rng.random() < 0.55:
            x, y = edge[int(rng.integers(len(edge)))]
        else:
            bx, by, rx, ry = balls[int(rng.integers(len(balls)))]
            x, y = bx + rng.normal(0, 0.5) * rx, -by + rng.normal(0, 0.5) * ry
        facing = ((x - middle[0]) * pen.side + (y - middle[1]) * 0.9) / reach
        lit = float(np.clip(0.45 + 0.75 * facing + rng.normal(0, 0.22), 0.02, 1.25))
        long = unit * float(rng.uniform(0.12, 0.24))
        pen.fill(
            leaf(float(x), float(y), long, long * 0.6, float(rng.uniform(0, 360))), colour, lit, "foliage", grain=40
        )


def conifer(pen: Pen, kind: str = "pine") -> None:
    """Draw a fir or spruce: tiers of hanging boughs, the light on one side of each."""
    rng, snowy = pen.rng, pen.air.season == "winter" and pen.air.weather != "rain"
    green = {"pine": "#3f5f45", "fir": "#35574a", "larch": "#8a8a3c"}[kind]
    pen.fill(bar(0, 0, 0, 0.96, 0.05, 0.008), "#5a4637", 0.2, "bark", grain=90)
    tiers = 11 if pen.fine else 7
    for i in range(tiers):
        t = i / tiers
        y = 0.10 + 0.88 * t
        half = 0.24 * (1 - t) ** 0.85 + 0.012
        drop = 0.055 * (1 - t) + 0.02
        points, lit, white = [(0.0, y + 0.115 * (1 - 0.5 * t))], [], []
        for way in (1, -1):
            teeth = 5 if pen.fine else 3
            edge = []
            for j in range(teeth + 1):
                s = 1 - j / teeth
                reach = half * s * float(rng.uniform(0.86, 1.1))
                edge.append((way * reach, y - drop * s - 0.012))
                edge.append((way * reach * 0.86, y + 0.012 - drop * s * 0.6))
            points += edge if way > 0 else edge[::-1]
            if way == (1 if pen.side > 0 else -1):
                lit = [(0.0, y + 0.10 * (1 - 0.5 * t)), *[(px * 0.96, py + 0.008) for px, py in edge]]
            white += [(px * 0.9, py + 0.022) for px, py in (edge[::2] if way > 0 else edge[::-2])]
        pen.fill(np.array(points), green, 0.16, "foliage", grain=70 if pen.side > 0 else 110)
        pen.fill(np.array(lit), green, 0.75, "foliage", grain=60 if pen.side > 0 else 120)
        if snowy:
            cap = [(0.0, y + 0.105 * (1 - 0.5 * t)), *[p for p in white if rng.random() < 0.85]]
            pen.fill(np.array(cap), "#eef2f6", 0.75, "snow", opacity=0.9)


def scots_pine(pen: Pen) -> None:
    """Draw the pine of Chinese painting: a bent trunk and flat shelves of needles."""
    rng = pen.rng
    sway = float(rng.choice([-1, 1]))
    spine = [
        (0, 0, 0.034),
        (0.05 * sway, 0.22, 0.030),
        (-0.04 * sway, 0.45, 0.025),
        (0.07 * sway, 0.68, 0.018),
        (0.02 * sway, 0.92, 0.009),
    ]
    boughs = []
    for i, y in enumerate((0.38, 0.50, 0.62, 0.72, 0.82, 0.92)):
        way = sway * (-1) ** i
        x = float(np.interp(y, [p[1] for p in spine], [p[0] for p in spine]))
        long = float(rng.uniform(0.22, 0.40)) * (1.15 - 0.55 * y)
        boughs.append(
            [
                (x, y, 0.012),
                (x + way * long * 0.5, y + 0.035, 0.009),
                (x + way * long, y + float(rng.uniform(-0.02, 0.05)), 0.004),
            ]
        )
    for spine_ in boughs:
        pen.fill(limb(spine_), "#5b4436", 0.2, "bark", grain=10)
    pen.limbs([spine], "#6a4c3b", "bark", grain=80)
    for spine_ in boughs:
        (x0, _, _), _, (x1, y1, _) = spine_
        balls = []
        for t in (0.35, 0.6, 0.85, 1.02):
            balls.append((x0 + (x1 - x0) * t, -(y1 + 0.025 + float(rng.uniform(-0.01, 0.02))), 0.085, 0.034))
        crown(pen, balls, "#3d6149", Grain(0.45, 0.4, 40, (0.40, 0.62), 110))
    top = spine[-1]
    crown(
        pen,
        [(top[0] + d, -(top[1] + 0.02 + e), 0.09, 0.04) for d, e in ((-0.07, 0.0), (0.06, 0.01), (0.0, 0.04))],
        "#3d6149",
        Grain(0.45, 0.4, 40, (0.40, 0.62), 110),
    )


def willow(pen: Pen) -> None:
    """Draw a weeping willow: a leaning trunk, strands that hang and sway one way."""
    rng = pen.rng
    green = _LEAVES[pen.air.season] or "#8f8a63"
    green = "#93b257" if pen.air.season == "spring" else green if pen.air.season != "autumn" else "#b9a63f"
    lean = float(rng.choice([-1, 1])) * 0.08
    trunk = [(0, 0, 0.045), (lean * 0.6, 0.22, 0.036), (lean, 0.46, 0.030)]
    heads = [
        (lean + dx, 0.80 + dy) for dx, dy in ((-0.32, -0.08), (-0.16, 0.06), (0.02, 0.12), (0.18, 0.05), (0.34, -0.10))
    ]
    limbs = [trunk] + [
        [(lean, 0.46, 0.02), ((lean + x) / 2, (0.46 + y) / 2 + 0.07, 0.014), (x, y, 0.006)] for x, y in heads
    ]
    balls = [(x, -y, 0.17, 0.11) for x, y in heads]
    crown(pen, [(x, y + 0.03, a, b) for x, y, a, b in balls], green, Grain(0.5, 0.4, 30), dim=True)
    pen.limbs(limbs, "#6b5846", "bark", grain=90)
    crown(pen, balls, green, Grain(0.5, 0.4, 30))
    sway = 0.05 * (1 if pen.air.weather in ("wind", "storm") else 0.35)
    strands = 150 if pen.fine else 50
    for _ in range(strands):
        x, y = heads[int(rng.integers(5))]
        x += float(rng.normal(0, 0.10))
        top = y + float(rng.uniform(-0.06, 0.08))
        long = float(rng.uniform(0.22, 0.60)) * (1 if abs(x - lean) > 0.12 else 0.6)
        foot = max(0.05, top - long)
        lit = float(np.clip(0.45 + 0.9 * pen.side * (x - lean) * 1.5 + rng.normal(0, 0.22), 0.05, 1.1))
        pen.fill(
            limb(
                [
                    (x, top, 0.004),
                    (x + sway * 0.4 + (x - lean) * 0.10, (top + foot) / 2, 0.0055),
                    (x + sway + (x - lean) * 0.12, foot, 0.002),
                ],
                4,
            ),
            green,
            lit,
            "foliage",
            grain=88,
        )


def palm(pen: Pen) -> None:
    """Draw a palm: a curved ringed trunk and feathered fronds."""
    rng = pen.rng
    way = float(rng.choice([-1, 1]))
    spine = [(0, 0, 0.026), (0.05 * way, 0.35, 0.020), (0.16 * way, 0.80, 0.016)]
    pen.limbs([spine], "#8a7357", "bark", grain=0)
    x0, y0 = 0.16 * way, 0.80
    for turn in np.linspace(-150, 150, 11) + rng.normal(0, 8, 11):
        long, out = float(rng.uniform(0.30, 0.38)), math.sin(math.radians(turn))
        lift = math.cos(math.radians(turn)) * 0.16 + 0.02
        knots = np.array(
            [[x0, y0], [x0 + out * long * 0.5, y0 + lift + 0.02], [x0 + out * long, y0 + lift - 0.16 * abs(out) - 0.03]]
        )
        pen.fill(
            limb(
                [
                    (knots[0, 0], knots[0, 1], 0.006),
                    (knots[1, 0], knots[1, 1], 0.005),
                    (knots[2, 0], knots[2, 1], 0.002),
                ]
            ),
            "#55703a",
            0.3,
            "foliage",
        )
        for t in np.linspace(0.12, 0.98, 15):
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            px, py = (a * knots[0] + b * knots[1] + c * knots[2]).tolist()
            for drop in (-1, 1):
                aim = math.degrees(math.atan2(-0.9, out * 0.8 + drop * 0.5))
                lit = 0.85 if out * pen.side > 0 else 0.3
                pen.fill(leaf(px, py, 0.10 * (1.1 - 0.5 * t), 0.018, aim), "#5e8a45", lit, "foliage", grain=70)


def cypress(pen: Pen) -> None:
    """Draw a cypress: a dark flame."""
    balls = [
        (
            float(pen.rng.normal(0, 0.006)),
            -(0.08 + 0.86 * t),
            0.105 * math.sin(math.pi * (0.12 + 0.86 * t)) ** 0.8 + 0.012,
            0.085,
        )
        for t in np.linspace(0, 1, 13)
    ]
    pen.fill(bar(0, 0, 0, 0.1, 0.03), "#54412f", 0.3, "bark", grain=90)
    crown(pen, balls, "#34523b", Grain(0.34, 0.42, 20, (0.42, 0.62)))


def bush(pen: Pen, colour: str = "") -> None:
    """Draw a low bush, as wide as it is high and a half."""
    balls = [(float(x), -float(pen.rng.uniform(0.25, 0.62)), 0.30, 0.30) for x in np.linspace(-0.55, 0.55, 6)]
    tone = colour or _LEAVES[pen.air.season] or "#75684f"
    crown(pen, balls, tone, Grain(0.42, 0.4, 26))


def dead_tree(pen: Pen) -> None:
    """Draw a bare old tree."""
    habit = Habit(0.26, 0.05, 44, 4, 0.70, 0.0, 0.2, 0.05, "#5a4f47")
    branches, _ = grown(pen.rng, habit)
    for spine in branches:
        pen.fill(limb(spine, 3), habit.bark, 0.12, "bark", grain=90)
        if pen.fine:
            pen.fill(
                limb([(x + 0.4 * w * pen.side, y, 0.4 * w) for x, y, w in spine], 3), habit.bark, 0.8, "bark", grain=90
            )


def grove(pen: Pen, kind: str = "wood") -> None:
    """Draw a wood seen from outside, 1 high and 3.4 wide: crown behind crown, as two masses."""
    rng = pen.rng
    if kind == "conifers":
        for row in (0, 1):
            for x in np.linspace(-1.55, 1.55, 13) + rng.normal(0, 0.08, 13):
                size = float(rng.uniform(0.6, 1.0)) * (1.0 - 0.14 * row)
                _far_conifer(pen.at(float(x) + 0.06 * row, 0.10 * (1 - row), size), 0.12 + 0.1 * row)
        return
    tone = _LEAVES[pen.air.season]
    bare = not tone
    tones = (
        (tone, tone)
        if pen.air.season != "autumn"
        else tuple(str(t) for t in rng.choice(["#c4742e", "#a9552b", "#cf9a3c", "#8d7a3a"], 2))
    )
    if bare:
        tones = ("#8a7a6c", "#75665a")
    for row, colour in enumerate(tones):
        balls: list[Ball] = []
        xs = np.linspace(-1.55, 1.55, 9) + rng.normal(0, 0.08, 9)
        for x in xs:
            top = float(rng.uniform(0.62, 0.88)) * (1.0 - 0.18 * row)
            if row:
                pen.fill(bar(float(x), 0, float(x), top * 0.6, 0.035, 0.02), "#5a4839", 0.2, "bark", grain=90)
            for _ in range(3):
                r = float(rng.uniform(0.13, 0.19))
                balls.append(
                    (
                        float(x) + float(rng.normal(0, 0.09)),
                        -(top - r * float(rng.uniform(0.2, 1.4)) - 0.04),
                        r,
                        r * 0.92,
                    )
                )
            if row == 0 and not bare:  # the dark of the wood goes down to the ground in bushes, not in a wall
                low = float(rng.uniform(0.12, 0.24))
                balls += [
                    (float(x) + dx, -low * k, 0.17, low * 0.9) for dx, k in ((-0.09, 0.7), (0.08, 1.3), (0.0, 2.0))
                ]
        crown(pen, balls, colour, Grain(0.7, 0.34, 54, (0.42, 0.66), 190, 0.9 if bare else 0.15))


def _far_conifer(pen: Pen, base: float) -> None:
    rng = pen.rng
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for i in range(6):
        t = i / 6
        half = 0.22 * (1 - t) ** 0.9 + 0.015
        for way, out in ((-1, left), (1, right)):
            out.append((way * half * float(rng.uniform(0.85, 1.15)), 0.08 + 0.86 * t - 0.03))
            out.append((way * half * 0.55, 0.08 + 0.86 * t + 0.07))
    tone = "#35574a"
    pen.fill(np.array([*right, (0.0, 1.0), *left[::-1]]), tone, base, "foliage", grain=70)
    lit = right if pen.side > 0 else left
    pen.fill(np.array([(0.0, 0.08), *lit, (0.0, 1.0)]), tone, 0.62, "foliage", grain=70)
    if pen.air.season == "winter" and pen.air.white:
        pen.fill(
            np.array([(0.02, 0.3), *[(x * 0.8, y + 0.03) for x, y in lit], (0.0, 1.0)]),
            "#e4eaf0",
            0.7,
            "snow",
            opacity=0.7,
        )
