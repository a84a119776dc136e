"""Things: what stands on a table, hangs in the sky or marks a road; drawn 1 high."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, curve_through, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.figure import turn_shapes
from miaobi.craft.drawing.subjects.turned import turned


def book(pen: Pen) -> None:
    """Draw an open book."""
    pen = pen.at(0, -0.24)
    for way in (-1, 1):
        page = curve_through(np.array([[0.0, 0.30], [0.35 * way, 0.52], [0.80 * way, 0.40]]), 6)
        back = page + [0.06 * way, 0.46]
        pen.fill(np.concatenate([page, back[::-1]]) - [0, 0.06], "#8a3a2c", 0.5, "cloth")
        pen.fill(np.concatenate([page, back[::-1]]), "#f0e8d4", 1.0 if way * pen.side < 0 else 0.6, "paper", grain=0)
        for t in np.linspace(0.14, 0.86, 8):
            line = page + (back - page) * float(t)
            pen.fill(limb([(float(x), float(y), 0.007) for x, y in line[1:-1]], 2), "#6a5f52", 0.5, "ink", opacity=0.75)


def letter(pen: Pen, *, pose: str = "") -> None:
    """Draw a sealed letter lying slantwise; *pose* read: an open sheet, its fold across it, of 0.9 by 1.1."""
    if pose == "read":
        _open_letter(pen)
        return
    part: Points = poly((-0.75, 0.1), (0.68, 0.0), (0.78, 0.78), (-0.66, 0.9))
    pen.fill(part - [0.0, 0.05], "#6a5a48", 0.1, "paper", opacity=0.5)
    pen.fill(part, "#efe6d2", 0.8, "paper")
    pen.fill(poly((-0.66, 0.9), (0.78, 0.78), (0.06, 0.36)), "#f6eedc", 1.05, "paper")
    pen.fill(bar(-0.66, 0.9, 0.06, 0.36, 0.012), "#b5a88c", 0.5, "paper")
    pen.fill(bar(0.06, 0.36, 0.78, 0.78, 0.012), "#b5a88c", 0.5, "paper")
    pen.fill(oval(0.06, 0.40, 0.12, 0.11), "#a82c2a", 0.6, "flower")
    pen.fill(oval(0.05, 0.42, 0.07, 0.06), "#c03a34", 1.0, "flower")


def _open_letter(pen: Pen) -> None:
    low, high = (
        poly((-0.40, 0.0), (0.40, 0.0), (0.44, 0.56), (-0.44, 0.56)),
        poly((-0.44, 0.56), (0.44, 0.56), (0.38, 1.10), (-0.38, 1.10)),
    )
    pen.fill(low, "#efe6d2", 0.75, "paper")
    pen.fill(high, "#f8f2e4", 1.05, "paper")
    pen.fill(bar(-0.44, 0.56, 0.44, 0.56, 0.014), "#b5a88c", 0.5, "paper")
    for k, y in enumerate((0.98, 0.86, 0.74, 0.64, 0.44, 0.32, 0.20)):
        long = 0.28 if k != 6 else 0.02
        pen.fill(bar(-0.29, y, long, y, 0.03), "#5a5048", 0.4, "ink", opacity=0.85)


def clock(pen: Pen) -> None:
    """Draw a long-case clock."""
    wood = "#6b4630"
    pen.fill(rect(-0.19, 0.0, 0.38, 0.12), wood, 0.5, "wood")
    pen.fill(rect(-0.14, 0.12, 0.28, 0.50), wood, 0.4, "wood", grain=90)
    pen.fill(rect(-0.08, 0.18, 0.16, 0.38), "#2c211a", 0.3, "glass")
    pen.fill(bar(0.02, 0.54, -0.02, 0.28, 0.012), "#c9a24a", 0.9, "metal")
    pen.fill(oval(-0.022, 0.27, 0.04, 0.04), "#d8b45a", 1.0, "metal")
    pen.fill(rect(-0.19, 0.62, 0.38, 0.28), wood, 0.55, "wood")
    pen.fill(poly((-0.22, 0.90), (0.22, 0.90), (0.0, 1.0)), wood, 0.8, "wood")
    _dial(pen, 0, 0.76, 0.12)


def _dial(pen: Pen, x: float, y: float, r: float) -> None:
    pen.fill(oval(x, y, r * 1.1, r * 1.1, points=26), "#b5883a", 0.8, "metal")
    pen.fill(oval(x, y, r, r, points=26), "#f4eedc", 1.0, "paper")
    for i in range(12):
        a = math.radians(30 * i)
        c, s = math.cos(a), math.sin(a)
        pen.fill(
            bar(x + c * r * 0.76, y + s * r * 0.76, x + c * r * 0.9, y + s * r * 0.9, r * 0.07), "#2c2420", 0.3, "ink"
        )
    for turn, long, wide in (
        (float(pen.rng.integers(12)) * 30, 0.5, 0.09),
        (float(pen.rng.integers(60)) * 6, 0.74, 0.06),
    ):
        a = math.radians(turn)
        pen.fill(bar(x, y, x + r * long * math.cos(a), y + r * long * math.sin(a), r * wide), "#2c2420", 0.2, "ink")


def watch(pen: Pen) -> None:
    """Draw a pocket watch."""
    pen.fill(limb([(0.0, 0.86, 0.03), (0.3, 0.98, 0.02), (0.7, 0.8, 0.02), (1.0, 0.9, 0.02)]), "#b5883a", 0.8, "metal")
    pen.fill([oval(0, 0.90, 0.10, 0.10), oval(0, 0.90, 0.06, 0.06)], "#b5883a", 0.8, "metal")
    _dial(pen, 0, 0.42, 0.38)


def umbrella(pen: Pen, *, pose: str = "") -> None:
    """Draw an oil-paper umbrella, open and lying on its rim, or, *pose* held, upright on its stick from (0, 0)."""
    if pose == "held":
        _held_umbrella(pen)
        return
    since, lying = len(pen.shapes), pen.at(-0.45, 0.0)
    _held_umbrella(lying)
    turn_shapes(lying, since, -43)


def _held_umbrella(pen: Pen) -> None:
    pen.fill(bar(0.0, 0.0, 0.0, 1.0, 0.024), "#3a2c22", 0.5, "wood", grain=90)
    turn = np.linspace(0, np.pi, 15)
    dome = np.stack([0.66 * np.cos(turn), 0.62 + 0.34 * np.sin(turn) ** 0.9], 1)
    low = [(-0.66 + 1.32 * i / 12, 0.62 + (0.0 if i % 3 == 0 else 0.05)) for i in range(13)]
    pen.fill(np.concatenate([dome, np.array(low[1:-1])]), "#b8392f", 0.35, "cloth", grain=60)
    half = dome[:8] if pen.side > 0 else dome[7:]
    foot = [(0.0, 0.64), (0.66, 0.62)] if pen.side > 0 else [(-0.66, 0.62), (0.0, 0.64)]
    pen.fill(np.concatenate([half, np.array(foot)]), "#c8432f", 1.0, "cloth", grain=60, opacity=0.9)
    for x in (-0.33, 0.0, 0.33):
        pen.fill(limb([(0.0, 0.96, 0.007), (x * 0.7, 0.85, 0.007), (x, 0.63, 0.007)]), "#7a2420", 0.3, "cloth")


def kite(pen: Pen, *, pose: str = "") -> None:
    """Draw a swallow kite on its string; *pose* held: its string is drawn by whoever knows where the hand is."""
    if pose != "held":
        string = limb([(0.0, 0.5, 0.006), (-0.3, 0.2, 0.005), (-1.3, -0.9, 0.003)])
        pen.fill(string, "#e8e2d0", 0.8, "cloth", opacity=0.8)
    for way in (-1, 1):
        wing = curve_through(
            np.array([[0.0, 0.72], [0.45 * way, 0.98], [0.80 * way, 0.86], [0.52 * way, 0.66], [0.0, 0.48]]), 5
        )
        pen.fill(wing, "#c8342f", 1.0 if way * pen.side > 0 else 0.6, "cloth")
        pen.fill(
            poly((0.03 * way, 0.42), (0.14 * way, 0.36), (0.34 * way, 0.0), (0.06 * way, 0.28)), "#2f4a6a", 0.8, "cloth"
        )
        pen.fill(oval(0.48 * way, 0.83, 0.09, 0.07), "#f0dca0", 0.9, "cloth")
    pen.fill(oval(0, 0.58, 0.10, 0.24), "#e0a83c", 0.8, "cloth")


def musical(pen: Pen, kind: str = "violin", *, pose: str = "") -> None:
    """Draw an instrument: violin (*pose* held: under the bow), guitar, piano, drum, guqin, flute, pipa."""
    if kind == "piano":
        top = curve_through(np.array([[-0.9, 0.52], [-0.9, 0.60], [-0.2, 0.60], [0.3, 0.50], [0.95, 0.50]]), 4)
        pen.fill(poly((-0.86, 0.60), (0.86, 0.60), (0.40, 1.12), (-0.62, 1.0)), "#1f1c1e", 0.9, "wood")
        pen.fill(bar(0.45, 0.6, 0.28, 0.98, 0.02), "#1f1c1e", 0.5, "wood")
        pen.fill(np.concatenate([top, [[0.95, 0.34], [-0.9, 0.34]]]), "#1f1c1e", 0.5, "wood")
        pen.fill(rect(-1.02, 0.36, 0.62, 0.06), "#f4f0e6", 1.0, "paper")
        for i in range(9):
            pen.fill(rect(-1.0 + i * 0.066, 0.385, 0.028, 0.035), "#141214", 0.3, "ink")
        for x in (-0.8, 0.0, 0.8):
            pen.fill(bar(x, 0.34, x, 0.0, 0.07, 0.05), "#1f1c1e", 0.5, "wood")
        for x in (-1.22, -1.02):
            pen.fill(bar(x, 0.25, x, 0.0, 0.04), "#1f1c1e", 0.4, "wood")
        pen.fill(rect(-1.28, 0.24, 0.32, 0.05), "#4a2a26", 0.8, "cloth")
        return
    if kind == "drum":
        turned_like = np.linspace(-0.5, 0.5, 9)
        for a, b in pairwise(turned_like):
            pen.fill(
                poly((a, 0.1), (b, 0.1), (b, 0.8), (a, 0.8)),
                "#a8342a",
                float(np.clip(0.5 + (a + b) * 0.6 * pen.side, 0.1, 1)),
                "wood",
                grain=90,
            )
        pen.fill(oval(0, 0.8, 0.5, 0.14), "#efe4cc", 0.95, "paper")
        for y in (0.14, 0.72):
            pen.fill(bar(-0.5, y, 0.5, y, 0.05), "#d8ae3c", 0.8, "metal")
        return
    if kind == "guqin":
        pen.fill(poly((-1.2, 0.30), (1.2, 0.36), (1.2, 0.52), (-1.2, 0.50)), "#4a2f24", 0.5, "wood", grain=2)
        pen.fill(poly((-1.2, 0.44), (1.2, 0.48), (1.2, 0.56), (-1.2, 0.54)), "#6b4432", 1.0, "wood", grain=2)
        for i in range(5):
            pen.fill(bar(-1.15, 0.46 + i * 0.016, 1.15, 0.49 + i * 0.014, 0.005), "#e8dcc0", 0.9, "metal")
        for x in (-0.9, 0.9):
            pen.fill(rect(x - 0.04, 0.0, 0.08, 0.32), "#3a261c", 0.5, "wood")
        return
    if kind == "flute":
        pen.fill(bar(-1.0, 0.15, 1.0, 0.75, 0.09), "#a8844c", 0.7, "wood")
        for t in np.linspace(0.3, 0.8, 7):
            pen.fill(oval(-1 + 2 * float(t), 0.15 + 0.6 * float(t), 0.026, 0.022), "#2c2018", 0.2, "ink")
        return
    body, neck = ("#9a4f26", 1.0) if kind == "violin" else ("#b5763a", 1.0)
    bouts = {"violin": (0.21, 0.135, 0.17, 0.46), "guitar": (0.25, 0.17, 0.19, 0.50), "pipa": (0.22, 0.2, 0.10, 0.56)}[
        kind
    ]
    right = curve_through(
        np.array([[0, 0.0], [bouts[0], 0.12], [bouts[1], 0.28], [bouts[2], 0.40], [0.03, bouts[3]]]), 6
    )
    ring = np.concatenate([right, right[::-1] * [-1, 1]])
    pen.fill(ring, body, 0.35, "wood", grain=90)
    pen.fill(ring * 0.84 + [0.02 * pen.side, 0.03], body, 0.95, "wood", grain=90)
    pen.fill(bar(0, 0.30, 0, 0.94, 0.045), "#2c1e16", 0.5, "wood", grain=90)
    pen.fill(oval(0, 0.965, 0.03, 0.045), body, 0.8 * neck, "wood")
    if kind == "violin":
        for way in (-1, 1):
            pen.fill(
                limb([(0.085 * way, 0.14, 0.008), (0.07 * way, 0.20, 0.010), (0.085 * way, 0.27, 0.008)]),
                "#2c1e16",
                0.2,
                "ink",
            )
        bow = (0.32, 0.30, -0.66, 0.46) if pose == "held" else (0.30, 0.05, 0.46, 0.95)
        pen.fill(bar(*bow, 0.014), "#6b4630", 0.7, "wood")
    else:
        pen.fill(oval(0, 0.27, 0.065, 0.065), "#2c1e16", 0.2, "ink")
    for x in (-0.012, 0.0, 0.012):
        pen.fill(bar(x, 0.1, x, 0.94, 0.003), "#e8e0cc", 0.9, "metal")


def seat(pen: Pen, kind: str = "bench") -> None:
    """Draw a bench or a chair."""
    wood = "#7a5a3c"
    if kind == "bench":
        for y in (0.62, 0.78, 0.94):
            pen.fill(rect(-0.9, y, 1.8, 0.09), wood, 0.85, "wood")
        pen.fill(rect(-0.95, 0.42, 1.9, 0.10), wood, 1.05, "wood")
        for x in (-0.8, 0.74):
            pen.fill(rect(x, 0, 0.07, 1.0), "#3a3632", 0.5, "metal")
        return
    for x in (-0.28, 0.24):
        pen.fill(rect(x, 0, 0.05, 1.0 if x < 0 else 0.46), wood, 0.5, "wood", grain=90)
    pen.fill(rect(-0.16, 0, 0.05, 0.44), wood, 0.2, "wood")
    pen.fill(poly((-0.32, 0.44), (0.34, 0.44), (0.28, 0.52), (-0.24, 0.52)), wood, 1.0, "wood")
    for y in (0.68, 0.84, 0.96):
        pen.fill(bar(-0.28, y, -0.02, y - 0.02, 0.06), wood, 0.8, "wood")


def signpost(pen: Pen) -> None:
    """Draw a signpost."""
    pen.fill(rect(-0.035, 0, 0.07, 1.0), "#7a5e42", 0.6, "wood", grain=90)
    for y, way in ((0.86, 1), (0.70, -1), (0.54, 1)):
        pen.fill(
            poly((0, y), (0.36 * way, y), (0.46 * way, y + 0.055), (0.36 * way, y + 0.11), (0, y + 0.11)),
            "#a8865c",
            0.9 if way * pen.side > 0 else 0.6,
            "wood",
        )


def well(pen: Pen) -> None:
    """Draw a well with its roof and bucket."""
    from miaobi.craft.drawing.subjects.building import tower_round

    tower_round(pen, 0, 0.36, 0.36, 0, 0.36, "#9a9284", "stone")
    pen.fill(oval(0, 0.36, 0.36, 0.09), "#2c2a28", 0.2, "stone")
    for x in (-0.33, 0.29):
        pen.fill(rect(x, 0.3, 0.05, 0.48), "#6b4e36", 0.6, "wood", grain=90)
    pen.fill(poly((-0.48, 0.72), (0.48, 0.72), (0.28, 1.0), (-0.28, 1.0)), "#8a5a3c", 0.75, "roof")
    pen.fill(bar(0, 0.74, 0, 0.48, 0.012), "#c9b48a", 0.8, "cloth")
    pen.fill(poly((-0.07, 0.48), (0.07, 0.48), (0.05, 0.36), (-0.05, 0.36)), "#7a5a3a", 0.8, "wood")


def key(pen: Pen) -> None:
    """Draw an old key lying down."""
    turn = np.linspace(0, 2 * np.pi, 20)
    ring = np.stack([np.cos(turn), np.sin(turn)], 1)
    pen.fill([ring * 0.30 + [-0.62, 0.5], ring * 0.18 + [-0.62, 0.5]], "#b5883a", 0.7, "metal")
    pen.fill(bar(-0.34, 0.5, 0.86, 0.5, 0.10), "#b5883a", 0.9, "metal")
    for x, h in ((0.60, 0.26), (0.76, 0.20)):
        pen.fill(rect(x, 0.5 - h, 0.09, h), "#b5883a", 0.6, "metal")


def telescope(pen: Pen) -> None:
    """Draw a telescope on its tripod, pointed at the sky; its eyepiece is at (-0.46, 0.60)."""
    for x in (-0.34, 0.0, 0.34):
        pen.fill(bar(x * 0.15, 0.72, x, 0.0, 0.05), "#6b4e36", 0.6, "wood", grain=80)
    for a, b, w in (
        ((-0.46, 0.60), (0.0, 0.75), 0.10),
        ((-0.05, 0.73), (0.34, 0.86), 0.14),
        ((0.30, 0.85), (0.58, 0.94), 0.18),
    ):
        pen.fill(bar(*a, *b, w), "#a8844c", 0.4, "metal")
        pen.fill(bar(a[0] - 0.02, a[1] + 0.03, b[0] - 0.02, b[1] + 0.03, w * 0.4), "#c9a862", 1.0, "metal")


def campfire(pen: Pen) -> None:
    """Draw a fire of logs."""
    pen.glow(0, 0.4, 2.2, "#ff9a4a", 0.7)
    for turn in (-24, 24, 8):
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        pen.fill(bar(-0.5 * c, 0.10 - 0.5 * s * 0.4, 0.5 * c, 0.10 + 0.5 * s * 0.4, 0.12), "#5a3f2c", 0.6, "wood")
    for wide, high, tone in ((0.34, 1.0, "#e8642c"), (0.22, 0.72, "#ff9a3c"), (0.12, 0.46, "#ffe0a0")):
        lick = float(pen.rng.uniform(-0.06, 0.06))
        pen.shine(
            np.array(
                [
                    [lick, high],
                    [wide * 0.5, high * 0.55],
                    [wide, 0.22],
                    [wide * 0.4, 0.08],
                    [-wide * 0.4, 0.08],
                    [-wide, 0.22],
                    [-wide * 0.4, high * 0.5],
                ]
            ),
            tone,
            smooth=True,
        )


def snowman(pen: Pen) -> None:
    """Draw a snowman."""
    pen.limbs([[(0, 0.24, 0.28)], [(0, 0.58, 0.20)], [(0, 0.84, 0.14)]], "#f2f4f6", "snow")
    pen.fill(poly((0.10, 0.86), (0.28, 0.83), (0.10, 0.81)), "#d8782c", 0.9, "flower")
    for dx in (0.02, 0.10):
        pen.fill(oval(dx, 0.89, 0.018, 0.02), "#1c1a1a", 0.2, "ink")
    pen.fill(rect(-0.16, 0.93, 0.32, 0.03), "#26242a", 0.5, "cloth")
    pen.fill(rect(-0.10, 0.95, 0.20, 0.12), "#26242a", 0.6, "cloth")
    pen.fill(limb([(-0.13, 0.72, 0.04), (0.13, 0.72, 0.04)]), "#b8342c", 0.9, "cloth")
    for way in (-1, 1):
        pen.fill(bar(0.16 * way, 0.60, 0.46 * way, 0.78, 0.025), "#4a3626", 0.5, "wood")


def mailbox(pen: Pen) -> None:
    """Draw a pillar box."""
    from miaobi.craft.drawing.subjects.building import tower_round

    tower_round(pen, 0, 0.17, 0.17, 0, 0.84, "#b8302a", "metal")
    turn = np.linspace(0, np.pi, 9)
    pen.fill(np.stack([0.20 * np.cos(turn), 0.84 + 0.14 * np.sin(turn)], 1), "#b8302a", 0.9, "metal")
    pen.fill(rect(-0.10, 0.68, 0.20, 0.04), "#1c1616", 0.2, "ink")
    pen.fill(rect(-0.08, 0.50, 0.16, 0.10), "#efe8d8", 0.9, "paper")


def gramophone(pen: Pen) -> None:
    """Draw a gramophone."""
    pen.fill(rect(-0.42, 0.0, 0.84, 0.30), "#6b4630", 0.55, "wood")
    pen.fill(rect(-0.46, 0.28, 0.92, 0.05), "#7a543a", 0.95, "wood")
    pen.fill(oval(-0.06, 0.36, 0.34, 0.06), "#1f1c1e", 0.6, "metal")
    pen.fill(limb([(0.28, 0.36, 0.03), (0.36, 0.56, 0.04), (0.22, 0.64, 0.07)]), "#b5883a", 0.7, "metal")
    pen.fill(
        poly((0.24, 0.60), (0.10, 0.68), (-0.50, 0.62), (-0.42, 1.0), (0.02, 1.06), (0.30, 0.70)),
        "#b5883a",
        0.5,
        "metal",
        smooth=True,
    )
    pen.fill(oval(-0.34, 0.84, 0.20, 0.25, 25), "#6d4c1c", 0.4, "metal")
    pen.fill(limb([(0.16, 0.72, 0.02), (-0.1, 0.92, 0.03)]), "#e0bd6a", 1.1, "metal")


def ink_stone(pen: Pen) -> None:
    """Draw the scholar's table: brushes in a pot, an ink stone."""
    for x, turn in ((-0.42, 12), (-0.34, -6), (-0.26, -20)):
        c, s = math.sin(math.radians(turn)), math.cos(math.radians(turn))
        pen.fill(bar(x, 0.3, x - c * 0.66, 0.3 + s * 0.66, 0.035), "#a87e48", 0.8, "wood")
        pen.fill(
            limb([(x - c * 0.62, 0.3 + s * 0.62, 0.035), (x - c * 0.76, 0.3 + s * 0.76, 0.006)]), "#2b2622", 0.4, "fur"
        )
    turned(pen.at(-0.34, 0, 0.42), "jar")
    pen.fill(poly((0.0, 0.0), (0.7, 0.0), (0.64, 0.14), (0.06, 0.14)), "#2f2c30", 0.5, "stone")
    pen.fill(oval(0.35, 0.15, 0.26, 0.05), "#141316", 0.3, "water")


def fan(pen: Pen) -> None:
    """Draw a folding fan."""
    turn = np.radians(np.linspace(18, 162, 17))
    for i in range(16):
        a, b = turn[i], turn[i + 1]
        ring = np.array(
            [
                [0.3 * math.cos(a), 0.3 * math.sin(a)],
                [math.cos(a), math.sin(a)],
                [math.cos(b), math.sin(b)],
                [0.3 * math.cos(b), 0.3 * math.sin(b)],
            ]
        )
        pen.fill(ring, "#f0e6d0", 1.0 if i % 2 else 0.6, "paper")
        pen.fill(bar(0, 0.02, 0.4 * math.cos(a), 0.4 * math.sin(a), 0.025), "#6b4630", 0.6, "wood")
    for x, y in ((-0.3, 0.62), (0.1, 0.72), (0.35, 0.55)):
        pen.fill(oval(x, y, 0.06, 0.06), "#c8344a", 0.8, "flower")
    pen.fill(limb([(-0.55, 0.5, 0.015), (0.0, 0.66, 0.012), (0.5, 0.6, 0.006)]), "#3a2c26", 0.4, "ink")


def heart(pen: Pen) -> None:
    """Draw a heart."""
    t = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack(
        [16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)], 1
    ) / 30 + [0, 0.56]
    pen.fill(ring, "#b8303a", 0.4, "flower")
    pen.fill((ring - [0, 0.5]) * 0.72 + [0.05 * pen.side, 0.54], "#d04a4a", 1.0, "flower")


def planet(pen: Pen) -> None:
    """Draw a ringed planet about (0, 0.5)."""
    turn = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([np.cos(turn), 0.26 * np.sin(turn)], 1)
    tilt = np.array([[0.96, -0.28], [0.28, 0.96]])
    whole = [ring @ tilt.T * 0.86 + [0, 0.5], ring @ tilt.T * 0.60 + [0, 0.5]]
    pen.shine(oval(0, 0.5, 0.44, 0.44, points=36), "#8a6f8c")
    for dy, tone in ((0.22, "#d8b48a"), (0.08, "#b58a7a"), (-0.06, "#caa082"), (-0.2, "#7d6484")):
        w = math.sqrt(max(0.01, 0.44**2 - dy**2))
        pen.shine(
            limb([(-w * 0.96, 0.5 + dy, 0.03), (0, 0.5 + dy - 0.02, 0.05), (w * 0.96, 0.5 + dy, 0.03)]),
            tone,
            opacity=0.85,
        )
    pen.shine(np.concatenate([whole[0][20:], whole[1][20:][::-1]]), "#e2cfa4", opacity=0.9)


def dragon(pen: Pen) -> None:
    """Draw a Chinese dragon in coils, 1 high and 2.2 wide."""
    t = np.linspace(0, 1, 26)
    x = -1.0 + 2.0 * t
    y = 0.50 + 0.26 * np.sin(t * 2 * math.pi * 1.35 + 0.6) * (1 - 0.3 * t)
    r = 0.03 + 0.085 * np.sin(np.clip(t * 1.25, 0, 1) * math.pi * 0.62)
    jade = "#3f7a5c"
    for i in range(1, len(t) - 1):
        nx, ny = -(y[i + 1] - y[i - 1]), x[i + 1] - x[i - 1]
        long = math.hypot(nx, ny)
        px, py = x[i] + nx / long * r[i], y[i] + ny / long * r[i]
        pen.fill(poly((px - 0.03, py - 0.01), (px - 0.035, py + 0.07), (px + 0.03, py)), "#c9542f", 0.8, "scale")
    pen.limbs([[(float(a), float(b), float(c)) for a, b, c in zip(x, y, r, strict=True)]], jade, "scale")
    pen.fill(
        limb([(float(a), float(b) - float(c) * 0.6, float(c) * 0.28) for a, b, c in zip(x, y, r, strict=True)]),
        "#d8c07a",
        0.6,
        "scale",
    )
    for at, way in ((7, 1), (16, -1)):
        bx, by = float(x[at]), float(y[at])
        pen.limbs(
            [[(bx, by - 0.04, 0.045), (bx + 0.10, by - 0.20, 0.032), (bx + 0.04, by - 0.32, 0.02)]], jade, "scale"
        )
        for d in (-0.05, 0.0, 0.05):
            pen.fill(
                limb([(bx + 0.04, by - 0.32, 0.012), (bx + 0.05 + d, by - 0.39, 0.004)]),
                "#d8ae3c",
                0.8 * abs(way),
                "metal",
            )
    hx, hy = float(x[-1]), float(y[-1])
    pen.limbs(
        [
            [(hx - 0.04, hy, 0.11), (hx + 0.12, hy - 0.01, 0.085), (hx + 0.25, hy - 0.04, 0.05)],
            [(hx + 0.04, hy - 0.09, 0.05), (hx + 0.20, hy - 0.13, 0.03)],
        ],
        jade,
        "scale",
    )
    for d in (0.0, 0.07):
        pen.fill(
            limb(
                [
                    (hx - 0.05 + d, hy + 0.08, 0.020),
                    (hx - 0.18 + d, hy + 0.20, 0.016),
                    (hx - 0.20 + d, hy + 0.32, 0.005),
                ]
            ),
            "#c9a24a",
            0.8,
            "stone",
        )
        pen.fill(
            limb(
                [
                    (hx + 0.24, hy - 0.02, 0.010),
                    (hx + 0.40, hy + 0.06 - d * 3, 0.008),
                    (hx + 0.48, hy - 0.08 - d * 2, 0.003),
                ]
            ),
            "#c9542f",
            0.8,
            "scale",
        )
    pen.fill(oval(hx + 0.06, hy + 0.05, 0.034, 0.034), "#f4ecd0", 1.0, "scale")
    pen.fill(oval(hx + 0.07, hy + 0.05, 0.016, 0.016), "#141210", 0.1, "scale")
