"""Turned bodies: vessels, fruit and bells by their profile, and lamps; drawn 1 high."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import bar, curve_through, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.building_part import LAMP

Profile = list[tuple[float, float]]


# half width at heights 0–1, bottom to top; colour, material
TURNED: dict[str, tuple[Profile, str, str]] = {
    "vase": (
        [(0.16, 0.0), (0.20, 0.05), (0.32, 0.38), (0.28, 0.62), (0.11, 0.80), (0.10, 0.90), (0.16, 1.0)],
        "#4a7a86",
        "glass",
    ),
    "bottle": (
        [
            (0.17, 0.0),
            (0.18, 0.04),
            (0.18, 0.55),
            (0.14, 0.66),
            (0.06, 0.74),
            (0.055, 0.92),
            (0.07, 0.94),
            (0.065, 1.0),
        ],
        "#4f7a5c",
        "glass",
    ),
    "jar": (
        [(0.26, 0.0), (0.34, 0.1), (0.36, 0.55), (0.28, 0.78), (0.24, 0.84), (0.27, 0.92), (0.26, 1.0)],
        "#9a6a44",
        "stone",
    ),
    "cup": ([(0.22, 0.0), (0.24, 0.05), (0.34, 0.3), (0.40, 0.8), (0.42, 1.0)], "#e8e2d2", "stone"),
    "bowl": ([(0.20, 0.0), (0.22, 0.10), (0.48, 0.5), (0.62, 1.0)], "#3f6a86", "stone"),
    "bell": (
        [(0.46, 0.0), (0.44, 0.06), (0.34, 0.3), (0.28, 0.7), (0.18, 0.9), (0.05, 0.95), (0.05, 1.0)],
        "#b5883a",
        "metal",
    ),
    "chess king": (
        [
            (0.26, 0.0),
            (0.26, 0.10),
            (0.14, 0.18),
            (0.10, 0.5),
            (0.18, 0.62),
            (0.13, 0.70),
            (0.19, 0.86),
            (0.05, 0.92),
            (0.05, 1.0),
        ],
        "#4a3626",
        "wood",
    ),
    "hourglass": (
        [
            (0.30, 0.0),
            (0.30, 0.07),
            (0.24, 0.08),
            (0.25, 0.3),
            (0.04, 0.5),
            (0.25, 0.7),
            (0.24, 0.92),
            (0.30, 0.93),
            (0.30, 1.0),
        ],
        "#c9b48a",
        "glass",
    ),
    "apple": ([(0.16, 0.0), (0.38, 0.16), (0.50, 0.48), (0.44, 0.82), (0.22, 0.94), (0.06, 0.86)], "#b8392f", "flower"),
    "pear": ([(0.16, 0.0), (0.36, 0.12), (0.40, 0.32), (0.24, 0.60), (0.17, 0.84), (0.10, 0.94)], "#c9b04a", "flower"),
    "globe": ([(0.05, 0.0), (0.05, 0.01)], "#4a7a9c", "glass"),
}


def turned(pen: Pen, kind: str, *, filled: bool = False) -> None:
    """Draw a turned body of ``TURNED``: strips from its lit to its dark side, a highlight; *filled*: without its mouth,
    since what is in it was drawn before."""
    profile, colour, material = TURNED[kind]
    line = curve_through(np.array(profile), 4)
    half, y = np.maximum(line[:, 0], 0.01), line[:, 1]
    strips = 9 if pen.fine else 4
    for i in range(strips):
        a, b = -1 + 2 * i / strips, -1 + 2 * (i + 1) / strips
        across = math.sin((a + b) / 2 * 1.45) * (1 if pen.side > 0 else -1)
        lit = float(np.clip(0.40 + 0.62 * across, 0.05, 1.05))
        ring = np.concatenate([np.stack([half * a, y], 1), np.stack([half * b, y], 1)[::-1]])
        pen.fill(ring, colour, lit, material, grain=90)
    if filled:
        turn = np.radians(np.linspace(180, 360, 13))
        rim = [(float(half[-1] * np.cos(a)), float(y[-1] + 0.22 * half[-1] * np.sin(a)), 0.02) for a in turn]
        pen.fill(limb(rim, 2), colour, 1.0, material)
    else:
        pen.fill(
            oval(0, float(y[-1]), float(half[-1]), float(half[-1]) * 0.22),
            colour,
            0.15 if material != "flower" else 0.6,
            material,
        )
    if material in ("glass", "metal", "stone", "flower"):
        k = len(y) // 2
        pen.fill(
            limb([(0.52 * half[j] * pen.side, float(y[j]), 0.028) for j in range(k - 3, k + 3)]),
            "#ffffff",
            1.1,
            "light",
            opacity=0.55,
        )
    if kind in ("apple", "pear"):
        pen.fill(limb([(0.0, float(y[-1]) - 0.02, 0.02), (0.04, float(y[-1]) + 0.14, 0.014)]), "#4a3626", 0.5, "wood")
    if kind == "vase":
        for band in (0.30, 0.52):
            w = float(np.interp(band, y, half))
            pen.fill(bar(-w, band, w, band, 0.02), "#e8e2d2", 0.9, "stone", opacity=0.8)
    if kind == "bottle":
        pen.fill(poly((-0.10, 0.14), (0.10, 0.18), (0.08, 0.50), (-0.11, 0.46)), "#efe6cf", 0.9, "paper")
        for t in (0.22, 0.28, 0.34, 0.40):
            pen.fill(bar(-0.07, t, 0.06, t + 0.02, 0.010), "#5a4a3c", 0.4, "ink")
        pen.fill(rect(-0.05, 0.93, 0.10, 0.09), "#a87a4a", 0.7, "wood")
    if kind == "hourglass":
        pen.fill(poly((-0.18, 0.10), (0.18, 0.10), (0.0, 0.34)), "#d8b060", 0.9, "glass")
    if kind == "bell":
        pen.fill(oval(0, 0.0, 0.46, 0.09), "#6d5020", 0.3, "metal")
        pen.fill(oval(0, -0.03, 0.08, 0.08), "#7a5a26", 0.7, "metal")


def cup(pen: Pen, *, pose: str = "") -> None:
    """Draw a cup of something hot on its saucer; *pose* filled: who is in it was drawn before."""
    pen.fill(oval(0, 0.05, 0.66, 0.09), "#e8e2d2", 0.5, "stone")
    pen.fill(oval(0, 0.07, 0.60, 0.07), "#f2ecdc", 0.95, "stone")
    turn = np.radians(np.linspace(-80, 80, 12))
    pen.fill(
        [
            np.stack([0.38 + 0.22 * np.cos(turn), 0.45 + 0.24 * np.sin(turn)], 1),
            np.stack([0.37 + 0.13 * np.cos(turn), 0.45 + 0.15 * np.sin(turn)], 1),
        ],
        "#e8e2d2",
        0.6,
        "stone",
    )
    turned(pen.at(0, 0.08, 0.72), "cup", filled=pose == "filled")
    if pose == "filled":
        return
    pen.fill(oval(0, 0.80, 0.28, 0.05), "#5a3a24", 0.5, "water")
    for x in (-0.08, 0.08):
        pen.fill(
            limb([(x, 0.9, 0.012), (x + 0.06, 1.06, 0.022), (x - 0.04, 1.22, 0.018), (x + 0.04, 1.40, 0.006)]),
            "#ffffff",
            1.0,
            "cloud",
            opacity=0.42,
            solid=False,
        )


def teapot(pen: Pen) -> None:
    """Draw a teapot."""
    clay = "#8a4a32"
    pen.fill(limb([(0.40, 0.42, 0.08), (0.62, 0.56, 0.05), (0.72, 0.76, 0.035)]), clay, 0.7, "stone")
    turn = np.radians(np.linspace(80, 280, 14))
    pen.fill(
        [
            np.stack([-0.40 + 0.28 * np.cos(turn), 0.46 + 0.28 * np.sin(turn)], 1),
            np.stack([-0.40 + 0.19 * np.cos(turn), 0.46 + 0.20 * np.sin(turn)], 1),
        ],
        clay,
        0.4,
        "stone",
    )
    pen.limbs([[(0.0, 0.40, 0.40), (0.0, 0.44, 0.39)]], clay, "stone")
    pen.fill(oval(0, 0.76, 0.24, 0.07), clay, 0.9, "stone")
    pen.fill(oval(0, 0.88, 0.06, 0.06), clay, 0.8, "stone")


def candle(pen: Pen) -> None:
    """Draw a burning candle in its holder."""
    pen.fill(oval(0, 0.06, 0.30, 0.06), "#b5883a", 0.7, "metal")
    pen.fill(rect(-0.09, 0.06, 0.18, 0.56), "#ece2cc", 0.45, "paper", grain=90)
    pen.fill(rect(0.0 if pen.side > 0 else -0.09, 0.06, 0.09, 0.56), "#f4ecd8", 1.0, "paper", grain=90)
    pen.glow(0, 0.82, 1.3, LAMP, 0.75)
    pen.shine(np.array([[0, 1.0], [0.055, 0.82], [0.04, 0.70], [-0.04, 0.70], [-0.055, 0.82]]), "#ffb84a", smooth=True)
    pen.shine(np.array([[0, 0.90], [0.026, 0.80], [0.0, 0.70], [-0.026, 0.80]]), "#fff4d0", smooth=True)
    pen.fill(bar(0, 0.61, 0, 0.70, 0.014), "#2c2420", 0.2, "ink")


def lantern(pen: Pen, kind: str = "lantern") -> None:
    """Draw a lantern; *kind*: lantern (iron, carried), paper (红灯笼), street (a lamp post)."""
    lit = pen.air.dark or pen.air.hour in ("sunset", "dawn") or kind == "paper"
    if kind == "street":
        pen.fill(bar(0, 0, 0, 0.86, 0.035, 0.022), "#2f3336", 0.4, "metal", grain=90)
        pen.fill(rect(-0.05, 0, 0.10, 0.08), "#2f3336", 0.6, "metal")
        if lit:
            pen.glow(0, 0.91, 0.42, LAMP, 0.8)
            pen.shine(poly((-0.045, 0.86), (0.045, 0.86), (0.065, 0.955), (-0.065, 0.955)), "#fff0c0")
        else:
            pen.fill(poly((-0.045, 0.86), (0.045, 0.86), (0.065, 0.955), (-0.065, 0.955)), "#d8dcd4", 0.9, "glass")
        pen.fill(poly((-0.08, 0.955), (0.08, 0.955), (0.0, 1.0)), "#2f3336", 0.6, "metal")
        return
    if kind == "paper":
        pen.fill(bar(0, 0.9, 0, 1.0, 0.02), "#3a2c22", 0.4, "wood")
        pen.glow(0, 0.56, 0.9, "#ff7a4a", 0.6 if pen.air.dark else 0.3)
        for i in range(7):
            a, b = -1 + 2 * i / 7, -1 + 2 * (i + 1) / 7
            t = np.linspace(0.26, 0.86, 12)
            half = 0.36 * np.sqrt(np.clip(1 - ((t - 0.56) / 0.31) ** 2, 0.05, 1))
            ring = np.concatenate([np.stack([half * a, t], 1), np.stack([half * b, t], 1)[::-1]])
            if pen.air.dark:
                pen.shine(ring, ("#e0452c", "#ff6a3c", "#ff8a50")[min(2, 3 - abs(i - 3))])
            else:
                pen.fill(ring, "#c8342a", 0.5 + 0.45 * (a + b) / 2 * pen.side, "cloth", grain=90)
        for y in (0.24, 0.86):
            pen.fill(rect(-0.15, y - 0.02, 0.30, 0.05), "#d8ae3c", 0.8, "metal")
        for x in (-0.06, 0.0, 0.06):
            pen.fill(bar(x, 0.22, x, 0.0, 0.02), "#d8842c", 0.7, "cloth", grain=90)
        return
    turn = np.linspace(0, np.pi, 9)
    pen.fill(limb([(0.16 * math.cos(a), 0.84 + 0.15 * math.sin(a), 0.014) for a in turn]), "#33302c", 0.5, "metal")
    if lit:
        pen.glow(0, 0.44, 1.5, LAMP, 0.75)
        pen.shine(rect(-0.20, 0.14, 0.40, 0.58), "#ffdd90")
        pen.shine(np.array([[0, 0.60], [0.07, 0.38], [0.0, 0.22], [-0.07, 0.38]]), "#fff8dc", smooth=True)
    else:
        pen.fill(rect(-0.20, 0.14, 0.40, 0.58), "#c8d4d4", 0.8, "glass")
    for x in (-0.22, -0.07, 0.07, 0.22):
        pen.fill(bar(x, 0.12, x, 0.74, 0.03), "#33302c", 0.5, "metal")
    pen.fill(rect(-0.28, 0.02, 0.56, 0.12), "#33302c", 0.6, "metal")
    pen.fill(poly((-0.28, 0.72), (0.28, 0.72), (0.12, 0.86), (-0.12, 0.86)), "#3d3a36", 0.8, "metal")
