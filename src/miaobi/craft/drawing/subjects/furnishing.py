"""What a home is furnished with, and what is found in one: bed, sofa, basket, ball, cake, chest; drawn 1 high."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, curve_through, limb, oval, poly, rect, rotation

_WOOD = "#8a5c3a"
_LINEN = "#f1ebdd"
_BLANKET = "#4f6f8c"
_CLOTH = "#a5523f"


def bed(pen: Pen, *, pose: str = "") -> None:
    """Draw a wooden bedstead, its head on the left; *pose* slept: the blanket lies over a sleeper who was drawn before
    it and whose head, at about (-0.8, 0.65), sinks into the pillow."""
    for x, high in ((-1.08, 1.0), (1.02, 0.74)):
        pen.fill(rect(x - 0.045, 0.0, 0.09, high), _WOOD, 0.75 if x * pen.side > 0 else 0.4, "wood", grain=90)
        pen.fill(oval(x, high, 0.065, 0.055), _WOOD, 0.9, "wood")
    slept = pose == "slept"
    if not slept:
        pen.fill(rect(-1.06, 0.34, 2.10, 0.20), _LINEN, 0.6, "cloth")
    else:
        pen.fill(rect(-1.03, 0.34, 0.75, 0.18), _LINEN, 0.6, "cloth")
    top = 0.57 if slept else 0.74
    pillow = np.array([[-1.03, 0.48], [-1.01, top], [-0.78, top - 0.01], [-0.50, top - 0.05], [-0.46, 0.47]])
    pen.fill(curve_through(pillow, 5), _LINEN, 1.0, "cloth")
    pen.fill(limb([(-0.98, 0.50, 0.012), (-0.72, 0.485, 0.014), (-0.50, 0.50, 0.008)]), _LINEN, 0.25, "cloth")
    rise = 0.31 if slept else 0.0
    ridge = [
        (-0.50, 0.56),
        (-0.42, 0.60 + rise),
        (0.0, 0.60 + rise),
        (0.55, 0.60 + rise * 0.75),
        (0.97, 0.55 + rise * 0.7),
    ]
    over = curve_through(np.array(ridge), 8)
    hem = curve_through(np.array([[0.98, 0.27], [0.60, 0.21], [0.20, 0.25], [-0.20, 0.20], [-0.50, 0.25]]), 6)
    blanket: Points = np.concatenate([over, hem])
    pen.fill(blanket, _BLANKET, 0.45, "cloth", grain=10)
    lit = np.concatenate([over, (over - [0.0, 0.11 + 0.5 * rise])[::-1]])
    pen.fill(lit, _BLANKET, 0.95, "cloth", grain=5)
    for x in (-0.12, 0.26, 0.64):
        fold = [(x, 0.50 + rise * 0.4, 0.008), (x + 0.05, 0.38, 0.016), (x + 0.03, 0.26, 0.008)]
        pen.fill(limb(fold), _BLANKET, 0.15, "cloth")
    turned_down = np.array([[-0.53, 0.24], [-0.54, 0.54], [-0.44, 0.62 + rise], [-0.27, 0.62 + rise], [-0.34, 0.23]])
    pen.fill(curve_through(turned_down, 4), _LINEN, 0.85, "cloth")
    pen.fill(rect(-1.06, 0.15, 2.10, 0.11), _WOOD, 0.65, "wood", grain=0)
    pen.fill(rect(-1.06, 0.235, 2.10, 0.025), _WOOD, 1.0, "wood", grain=0)
    pen.fill(rect(0.975, 0.0, 0.09, 0.74), _WOOD, 0.7, "wood", grain=90)


def sofa(pen: Pen) -> None:
    """Draw a sofa for three; its seat is 0.46 high."""
    for x in (-1.0, 0.92):
        pen.fill(rect(x, 0.0, 0.08, 0.14), "#4a3222", 0.5, "wood", grain=90)
    back = np.array([[-1.08, 0.40], [-1.04, 0.90], [-0.60, 1.0], [0.0, 0.97], [0.60, 1.0], [1.04, 0.90], [1.08, 0.40]])
    pen.fill(curve_through(back, 6), _CLOTH, 0.45, "cloth", grain=90)
    for x in (-0.56, 0.0, 0.56):
        pen.fill(_cushion(x, 0.52, 0.265, 0.38), _CLOTH, 0.72, "cloth", grain=90)
        pen.fill(oval(x, 0.72, 0.022, 0.022), _CLOTH, 0.05, "cloth")
    pen.fill(rect(-1.02, 0.12, 2.04, 0.42), _CLOTH, 0.3, "cloth", grain=0)
    for x in (-0.56, 0.0, 0.56):
        pen.fill(_cushion(x, 0.31, 0.28, 0.18), _CLOTH, 1.0, "cloth", grain=0)
    for way in (-1, 1):
        x, lit = 1.02 * way, 0.8 if way * pen.side > 0 else 0.45
        pen.fill(rect(x - 0.12, 0.12, 0.24, 0.50), _CLOTH, lit, "cloth", grain=90)
        pen.fill(oval(x, 0.62, 0.155, 0.115), _CLOTH, lit + 0.15, "cloth")
        pen.fill(oval(x, 0.62, 0.075, 0.05), _CLOTH, lit - 0.2, "cloth")


def _cushion(x: float, y: float, half: float, high: float) -> Points:
    return curve_through(
        np.array(
            [
                [x - half, y + 0.02],
                [x - half, y + high * 0.85],
                [x, y + high],
                [x + half, y + high * 0.85],
                [x + half, y + 0.02],
                [x, y],
                [x - half, y + 0.02],
            ]
        ),
        5,
    )


def basket(pen: Pen, *, pose: str = "") -> None:
    """Draw a wicker basket, its rim 0.58 high, its handle over it; *pose* filled: who is in it was drawn before."""
    straw = "#b98b4e"
    arch = [(0.52 * np.cos(a), 0.54 + 0.44 * np.sin(a)) for a in np.radians(np.linspace(0, 180, 15))]
    pen.fill(limb([(float(x), float(y), 0.032) for x, y in arch], 2), straw, 0.55, "wood", grain=60)
    if pose != "filled":
        pen.fill(oval(0, 0.56, 0.58, 0.085, points=24), "#5a4024", 0.2, "wood")
    rows = np.linspace(0.02, 0.56, 7)
    for k, (low, high) in enumerate(pairwise(rows.tolist())):
        a, b = 0.42 + 0.16 * low / 0.56, 0.42 + 0.16 * high / 0.56
        for i in range(9):
            left, right = -1 + 2 * i / 9, -1 + 2 * (i + 1) / 9
            lit = 0.45 + 0.35 * pen.side * (left + right) / 2 + (0.22 if (i + k) % 2 else -0.06)
            sag = 0.055 * (1 - ((left + right) / 2) ** 2)
            woven = poly((a * left, low - sag), (a * right, low - sag), (b * right, high - sag), (b * left, high - sag))
            pen.fill(woven, straw, float(np.clip(lit, 0.1, 1.05)), "wood", grain=0)
    lip = np.radians(np.linspace(180, 360, 17))
    rim = [(0.58 * float(np.cos(t)), 0.565 + 0.075 * float(np.sin(t)), 0.035) for t in lip]
    pen.fill(limb(rim, 2), straw, 0.95, "wood", grain=0)


def ball(pen: Pen) -> None:
    """Draw a ball of coloured segments that meet at its pole."""
    pen.fill(oval(0, 0.5, 0.5, 0.5, points=48), "#c8402f", 0.5, "cloth")
    edges = np.radians([-90, -52, -16, 20, 56, 90])
    for k, (a, b) in enumerate(pairwise(edges.tolist())):
        up = np.linspace(-np.pi / 2, np.pi / 2, 15)
        ring = np.concatenate(
            [
                np.stack([0.5 * np.sin(a) * np.cos(up), 0.5 * np.sin(up)], 1),
                np.stack([0.5 * np.sin(b) * np.cos(up), 0.5 * np.sin(up)], 1)[::-1],
            ]
        )
        lit = float(np.clip(0.62 + 0.4 * np.sin((a + b) / 2) * pen.side, 0.1, 1.0))
        pen.fill(ring @ rotation(-24) + [0.0, 0.5], ("#c8402f", "#f2ead6", "#3f6fa0")[k % 3], lit, "cloth")
    pen.fill(oval(0.20, 0.935, 0.09, 0.035, -24), "#f2ead6", 0.9, "cloth")
    pen.fill(oval(0.22 * pen.side, 0.72, 0.11, 0.08), "#ffffff", 1.0, "cloth", opacity=0.4)


def cake(pen: Pen) -> None:
    """Draw a cake with candles, on its dish."""
    pen.fill(limb([(-0.62, 0.04, 0.03), (0.0, 0.02, 0.04), (0.62, 0.04, 0.03)]), "#dfe3e2", 0.9, "glass")
    for x0, low, high in ((0.50, 0.06, 0.36), (0.34, 0.36, 0.62)):
        pen.fill(poly((-x0, low), (x0, low), (x0, high), (-x0, high)), "#d9a884", 0.5, "paper")
        pen.fill(
            poly((x0 * 0.2 * pen.side, low), (x0 * pen.side, low), (x0 * pen.side, high), (x0 * 0.2 * pen.side, high)),
            "#e2b592",
            1.0,
            "paper",
        )
        drip = [(x, high - 0.03 - 0.05 * abs(math.sin(9 * x)), 0.045) for x in np.linspace(-x0, x0, 13).tolist()]
        pen.fill(limb([(float(x), float(y), r) for x, y, r in drip]), "#f6efe6", 0.95, "paper")
    for x in (-0.20, 0.0, 0.20):
        pen.fill(bar(x, 0.62, x, 0.84, 0.035), "#d8607a", 0.8, "paper")
        pen.glow(x, 0.90, 0.20, "#ffd98a", 0.5)
        pen.shine(oval(x, 0.90, 0.022, 0.055), "#fff0b8")


def chest(pen: Pen) -> None:
    """Draw a treasure chest, open, with gold in it."""
    pen.fill(poly((-0.75, 0.58), (0.75, 0.58), (0.88, 0.98), (-0.62, 0.98)), "#4a3020", 0.2, "wood")
    pen.fill(limb([(-0.60, 0.95, 0.05), (0.12, 1.0, 0.05), (0.86, 0.95, 0.05)]), _WOOD, 0.6, "wood")
    gold = [(-0.55, 0.58), (-0.25, 0.66), (0.05, 0.70), (0.32, 0.66), (0.56, 0.58)]
    for x, y in gold:
        pen.fill(oval(x, y, 0.18, 0.10), "#d8a52f", 0.7, "metal")
        pen.fill(oval(x + 0.03, y + 0.03, 0.11, 0.05), "#f0cf62", 1.0, "metal")
    pen.fill(poly((-0.78, 0.58), (0.78, 0.58), (0.72, 0.02), (-0.72, 0.02)), _WOOD, 0.5, "wood", grain=2)
    for x in (-0.58, 0.0, 0.58):
        pen.fill(bar(x, 0.02, x * 1.04, 0.58, 0.07), "#8a7a4a", 0.7, "metal")
    pen.fill(oval(0.0, 0.42, 0.09, 0.11), "#d8b45a", 0.9, "metal")


def ladder(pen: Pen) -> None:
    """Draw a ladder that leans."""
    for x in (-0.16, 0.12):
        pen.fill(bar(x, 0.0, x + 0.14, 1.0, 0.030), _WOOD, 0.6, "wood", grain=85)
    for t in np.linspace(0.08, 0.92, 8).tolist():
        pen.fill(bar(-0.16 + 0.14 * t, t, 0.12 + 0.14 * t, t, 0.022), _WOOD, 0.9, "wood")


def suitcase(pen: Pen) -> None:
    """Draw a suitcase."""
    own = "#7a4a2c"
    pen.fill(
        limb([(-0.20, 0.82, 0.03), (-0.16, 0.97, 0.03), (0.16, 0.97, 0.03), (0.20, 0.82, 0.03)]),
        "#3a2a1e",
        0.5,
        "cloth",
    )
    pen.fill(_cushion(0.0, 0.0, 0.74, 0.84), own, 0.45, "cloth")
    pen.fill(poly((-0.62, 0.62), (0.62, 0.62), (0.62, 0.76), (-0.62, 0.76)), own, 1.0, "cloth", opacity=0.6)
    for x in (-0.40, 0.40):
        pen.fill(bar(x, 0.03, x, 0.82, 0.07), "#4a2f1c", 0.4, "cloth")
        pen.fill(rect(x - 0.05, 0.44, 0.10, 0.09), "#c9a24a", 0.9, "metal")
