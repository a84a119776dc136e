"""Small animals that have no skeleton in common: frog, snake, snail, crab, octopus, penguin, parrot; they look to the
right, 1 high."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import limb, oval, poly

_DARK = "#17130f"


def _eye(pen: Pen, x: float, y: float, r: float) -> None:
    pen.fill(oval(x, y, r, r), "#f4efe2", 0.9, "skin")
    pen.fill(oval(x + r * 0.25, y, r * 0.55, r * 0.6), _DARK, 0.1, "skin")


def frog(pen: Pen) -> None:
    """Draw a frog that sits."""
    green = "#5f8f3c"
    pen.limbs(
        [[(-0.30, 0.30, 0.20), (-0.62, 0.22, 0.13), (-0.20, 0.07, 0.07), (-0.60, 0.05, 0.05)]], green, "skin", lit=0.1
    )
    pen.limbs([[(-0.42, 0.30, 0.22), (0.05, 0.46, 0.30), (0.42, 0.60, 0.24)]], green, "skin")
    pen.limbs(
        [[(0.22, 0.38, 0.12), (0.38, 0.18, 0.06), (0.34, 0.05, 0.05), (0.50, 0.03, 0.04)]], green, "skin", lit=0.35
    )
    pen.limbs(
        [[(-0.30, 0.26, 0.19), (-0.55, 0.13, 0.11), (-0.08, 0.06, 0.06), (-0.36, 0.03, 0.05)]], green, "skin", lit=0.4
    )
    pen.fill(limb([(0.10, 0.30, 0.10), (0.40, 0.42, 0.13), (0.58, 0.54, 0.06)]), "#dfe0a8", 0.8, "skin")
    pen.fill(oval(0.30, 0.84, 0.13, 0.14), green, 0.9, "skin")
    _eye(pen, 0.33, 0.86, 0.085)
    if pen.fine:
        pen.fill(limb([(0.26, 0.56, 0.008), (0.48, 0.55, 0.012), (0.64, 0.64, 0.008)]), "#2f4a22", 0.2, "skin")
        for x, y in ((-0.25, 0.46), (-0.05, 0.60), (0.10, 0.72)):
            pen.fill(oval(x, y, 0.05, 0.04), "#3f6a2a", 0.4, "skin")


def snake(pen: Pen) -> None:
    """Draw a snake in coils with its head up."""
    skin = "#7f8a3a"
    t = np.linspace(0, 1, 26)
    winding = [
        (-1.35 + 1.9 * k, 0.14 + 0.10 * math.sin(11 * k) * (1 - 0.4 * k), 0.05 + 0.07 * min(1.0, 2.2 * k)) for k in t
    ]
    raised = [(0.62, 0.22, 0.12), (0.72, 0.42, 0.115), (0.60, 0.66, 0.105), (0.68, 0.84, 0.105), (0.86, 0.86, 0.075)]
    pen.limbs([[*winding, *raised]], skin, "scale", grain=10)
    if pen.fine:
        for k, (x, y, r) in enumerate([*winding[2:], *raised[:3]]):
            if k % 2 == 0:
                pen.fill(oval(x, y + r * 0.35, r * 0.5, r * 0.3, -15), "#4a4a22", 0.4, "scale")
    pen.fill(oval(0.72, 0.89, 0.024, 0.026), _DARK, 0.1, "skin")
    for dy in (-0.03, 0.03):
        pen.fill(limb([(0.92, 0.85, 0.008), (1.0, 0.85, 0.008), (1.06, 0.85 + dy, 0.005)]), "#c0392b", 0.8, "skin")


def snail(pen: Pen) -> None:
    """Draw a snail."""
    pen.limbs(
        [[(-0.85, 0.06, 0.03), (-0.4, 0.12, 0.10), (0.35, 0.13, 0.11), (0.66, 0.34, 0.10), (0.72, 0.44, 0.09)]],
        "#b59a6e",
        "skin",
    )
    for x in (0.66, 0.80):
        pen.fill(limb([(x, 0.48, 0.022), (x + 0.08, 0.78, 0.014)]), "#b59a6e", 0.6, "skin")
        pen.fill(oval(x + 0.085, 0.80, 0.030, 0.030), _DARK, 0.2, "skin")
    pen.fill(oval(-0.12, 0.54, 0.44, 0.44), "#8a5a34", 0.35, "scale")
    turn = np.linspace(0, 5.2 * np.pi, 46)
    out = [
        (-0.12 + 0.42 * (1 - a / 17.5) * math.cos(a), 0.54 + 0.42 * (1 - a / 17.5) * math.sin(a), 0.030 * (1 - a / 24))
        for a in turn
    ]
    pen.fill(oval(-0.12 + 0.08 * pen.side, 0.62, 0.30, 0.30), "#a8703e", 0.9, "scale")
    pen.fill(limb(out, 2), "#5c3a20", 0.3, "scale")


def crab(pen: Pen) -> None:
    """Draw a crab from before."""
    red = "#c4502f"
    for way in (-1, 1):
        for i in range(3):
            y = 0.34 - 0.05 * i
            pen.fill(
                limb(
                    [
                        (0.36 * way, y, 0.05),
                        ((0.72 + 0.05 * i) * way, y + 0.10 - 0.10 * i, 0.04),
                        ((0.82 + 0.04 * i) * way, 0.03, 0.018),
                    ]
                ),
                red,
                0.3,
                "scale",
            )
        pen.limbs([[(0.42 * way, 0.50, 0.06), (0.78 * way, 0.58, 0.055), (0.80 * way, 0.76, 0.08)]], red, "scale")
        pen.fill(
            poly((0.70 * way, 0.74), (0.66 * way, 0.98), (0.79 * way, 0.86), (0.88 * way, 1.0), (0.92 * way, 0.76)),
            red,
            0.9,
            "scale",
        )
        pen.fill(bar_up(0.13 * way, 0.62, 0.80), red, 0.5, "scale")
        _eye(pen, 0.13 * way, 0.82, 0.055)
    pen.fill(oval(0.0, 0.42, 0.52, 0.28), red, 0.4, "scale")
    pen.fill(oval(0.10 * pen.side, 0.50, 0.36, 0.17), red, 1.0, "scale")


def bar_up(x: float, low: float, high: float) -> np.ndarray:
    """Return a thin upright bar."""
    return poly((x - 0.018, low), (x + 0.018, low), (x + 0.014, high), (x - 0.014, high))


def octopus(pen: Pen) -> None:
    """Draw an octopus with its arms spread."""
    skin = "#b0506a"
    for k in range(7):
        way = (k - 3) / 3
        lift = 0.10 * math.sin(2.3 * k)
        arm = [
            (0.18 * way, 0.40, 0.11),
            (0.48 * way, 0.24 + lift, 0.085),
            (0.74 * way, 0.10, 0.06),
            (0.95 * way, 0.18 + abs(lift), 0.022),
        ]
        pen.limbs([arm], skin, "skin", lit=0.15 + 0.05 * (k % 3))
    pen.limbs([[(0.0, 0.42, 0.24), (0.0, 0.62, 0.28), (-0.03, 0.76, 0.24)]], skin, "skin")
    for x in (-0.06, 0.16):
        _eye(pen, x, 0.52, 0.065)


def penguin(pen: Pen) -> None:
    """Draw a penguin, upright."""
    back, front = "#22262e", "#f2efe8"
    for x, lit in ((0.03, 0.4), (-0.08, 0.7)):
        pen.fill(limb([(x - 0.03, 0.03, 0.03), (x + 0.12, 0.02, 0.025)]), "#d8892f", lit, "skin")
    pen.limbs(
        [[(-0.06, 0.14, 0.15), (-0.02, 0.36, 0.22), (0.0, 0.62, 0.17), (0.04, 0.84, 0.115)]], back, "feather", grain=85
    )
    pen.fill(
        limb([(0.02, 0.13, 0.10), (0.07, 0.36, 0.155), (0.08, 0.60, 0.105), (0.09, 0.70, 0.06)]), front, 0.9, "feather"
    )
    pen.fill(oval(0.05, 0.765, 0.085, 0.035), "#e8b84a", 0.9, "feather")
    pen.limbs([[(-0.10, 0.62, 0.05), (-0.22, 0.42, 0.055), (-0.24, 0.26, 0.02)]], back, "feather", lit=0.35)
    pen.fill(poly((0.13, 0.88), (0.28, 0.83), (0.13, 0.815)), "#d8892f", 0.9, "skin")
    pen.fill(oval(0.085, 0.875, 0.020, 0.022), "#f4efe2", 0.9, "skin")
    pen.fill(oval(0.090, 0.875, 0.010, 0.012), _DARK, 0.1, "skin")


def parrot(pen: Pen) -> None:
    """Draw a parrot that sits upright, its tail below its feet' height behind it."""
    red, blue = "#c8392f", "#2f5f9c"
    pen.fill(limb([(-0.12, 0.36, 0.09), (-0.30, 0.14, 0.05), (-0.42, 0.02, 0.014)]), blue, 0.5, "feather", grain=60)
    pen.limbs(
        [[(-0.10, 0.30, 0.12), (0.02, 0.52, 0.18), (0.10, 0.74, 0.15), (0.16, 0.84, 0.14)]], red, "feather", grain=70
    )
    pen.limbs([[(0.0, 0.66, 0.12), (-0.10, 0.44, 0.11), (-0.22, 0.20, 0.03)]], blue, "feather", lit=0.3, grain=60)
    pen.fill(limb([(0.0, 0.66, 0.05), (-0.07, 0.52, 0.07), (-0.12, 0.42, 0.03)]), "#e0b040", 0.8, "feather")
    pen.fill(oval(0.21, 0.86, 0.075, 0.07), "#f2ece0", 0.9, "feather")
    pen.fill(limb([(0.28, 0.89, 0.05), (0.36, 0.84, 0.035), (0.35, 0.76, 0.008)]), "#2c2926", 0.6, "scale")
    pen.fill(oval(0.21, 0.88, 0.022, 0.022), _DARK, 0.1, "skin")
    for x in (0.02, 0.08):
        pen.fill(limb([(x, 0.30, 0.018), (x + 0.03, 0.03, 0.02), (x + 0.09, 0.01, 0.016)]), "#7a6a58", 0.5, "skin")
