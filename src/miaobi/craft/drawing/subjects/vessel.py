"""Boats and carriages: what carries people, on water, on land and in the air. Vessels stand with their waterline at
0."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import bar, curve_through, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.building_part import LAMP, rise, window
from miaobi.craft.drawing.subjects.figure import person


def hull(
    pen: Pen, long: float, high: float, colour: str, *, bow: float = 0.18, stern: float = 0.10, sheer: float = 0.35
) -> None:
    """Draw a hull *long* long whose side is *high*, bow to the right."""
    half = long / 2
    gunwale = curve_through(
        np.array(
            [
                [-half - stern, high * (1 + sheer)],
                [-half * 0.4, high * 0.92],
                [half * 0.4, high * 0.95],
                [half + bow, high * (1.25 + sheer)],
            ]
        ),
        6,
    )
    keel = [(half * 0.82, -0.02), (0.0, -0.05), (-half * 0.9, -0.02)]
    pen.fill(np.concatenate([gunwale, np.array(keel)]), colour, 0.42, "wood", grain=4)
    for i, t in enumerate((0.2, 0.45, 0.7)):
        line = gunwale * [1 - 0.07 * t, 1 - t * 0.95]
        pen.fill(
            limb([(float(x), float(y), 0.006) for x, y in line[::3]], 3),
            colour,
            0.12 if i % 2 else 0.8,
            "wood",
            opacity=0.6,
        )
    lit = gunwale[len(gunwale) // 2 :] if pen.side > 0 else gunwale[: len(gunwale) // 2 + 1]
    pen.fill(np.concatenate([lit, lit[::-1] * [0.92, 0.25]]), colour, 0.9, "wood", opacity=0.8)
    pen.fill(limb([(float(x), float(y), 0.014) for x, y in gunwale[::3]], 3), colour, 1.05, "wood")


def rowing_boat(pen: Pen, crew: str = "", *, pose: str = "") -> None:
    """Draw a rowing boat, 1 high with its rower and 2.3 long; *crew*: a kind of person, or empty; *pose* rowed: its oar
    is in the water, in the hands of one who was drawn before; empty: others than its crew are in it."""
    crew = "" if pose else crew
    pen.fill(poly((-0.9, 0.24), (0.0, 0.16), (0.9, 0.28), (0.6, 0.12), (-0.6, 0.12)), "#4a3626", 0.2, "wood")
    if crew:
        person(pen.at(-0.1, 0.16, 1.15), crew, "row", empty=True)
    if crew or pose == "rowed":
        pen.fill(bar(0.24, 0.50, -0.72, 0.04, 0.026), "#b8986a", 0.8, "wood")
        pen.fill(poly((-0.66, 0.09), (-0.60, 0.05), (-0.92, -0.07), (-0.97, -0.03)), "#b8986a", 0.6, "wood")
    hull(pen, 1.9, 0.22, "#7a5236", sheer=0.5)
    if not crew and pose != "rowed":  # the oar lies along the side
        pen.fill(bar(-0.78, 0.235, 0.42, 0.215, 0.026), "#b8986a", 0.8, "wood")
        pen.fill(poly((0.40, 0.235), (0.40, 0.195), (0.66, 0.19), (0.66, 0.235)), "#b8986a", 0.6, "wood")


def sail_boat(pen: Pen) -> None:
    """Draw a small yacht, 1 high."""
    wind = 0.06
    pen.fill(bar(0.02, 0.08, 0.02, 1.0, 0.014), "#6b4e34", 0.5, "wood", grain=90)
    main = curve_through(np.array([[0.0, 0.97], [-0.18 - wind, 0.55], [-0.36, 0.17]]), 6)
    pen.fill(np.concatenate([main, [[0.0, 0.17]]]), "#efe8d8", 0.95 if pen.side < 0 else 0.55, "cloth", grain=75)
    jib = curve_through(np.array([[0.04, 0.92], [0.20 + wind, 0.5], [0.36, 0.17]]), 6)
    pen.fill(np.concatenate([jib, [[0.06, 0.17]]]), "#e8dfca", 0.95 if pen.side > 0 else 0.50, "cloth", grain=105)
    for t in (0.3, 0.55, 0.78):
        x = -0.36 * t
        pen.fill(bar(0.0, 0.97 - 0.8 * t, x, 0.95 - 0.78 * t, 0.005), "#b8ad96", 0.5, "cloth", opacity=0.8)
    hull(pen, 0.60, 0.10, "#f0ece2" if pen.rng.random() < 0.5 else "#a8402f", bow=0.12, sheer=0.2)


def junk(pen: Pen) -> None:
    """Draw a junk with battened sails, 1 high."""
    for x, top, wide in ((0.16, 0.96, 0.30), (-0.24, 0.76, 0.22)):
        pen.fill(bar(x, 0.1, x, top + 0.02, 0.016), "#5a4030", 0.4, "wood", grain=90)
        edge = np.array(
            [
                [x - wide * 0.55, 0.22],
                [x - wide * 0.62, top * 0.6],
                [x - wide * 0.30, top],
                [x + wide * 0.35, top * 0.92],
                [x + wide * 0.72, top * 0.55],
                [x + wide * 0.55, 0.2],
            ]
        )
        pen.fill(edge, "#b5653a", 0.45, "cloth", grain=0)
        half = edge[[2, 3, 4, 5]] if pen.side > 0 else edge[[0, 1, 2]]
        pen.fill(np.concatenate([half, [[x, 0.21]]]), "#c9774a", 0.95, "cloth", grain=0, opacity=0.9)
        for t in np.linspace(0.12, 0.9, 6):
            y = 0.21 + (top * 0.92 - 0.21) * float(t)
            pen.fill(bar(x - wide * 0.60, y, x + wide * 0.66, y - 0.02, 0.008), "#6b3a22", 0.4, "wood")
    hull(pen, 0.84, 0.15, "#6b4a32", bow=0.10, stern=0.16, sheer=0.9)
    pen.fill(rect(-0.46, 0.17, 0.2, 0.10), "#7a5a3c", 0.6, "wood")


def sampan(pen: Pen) -> None:
    """Draw a covered boat of the water towns (乌篷船) with its boatman, 1 high."""
    person(pen.at(-0.78, 0.16, 0.84), "fisherman", "reach", empty=True)
    pen.fill(bar(-0.56, 0.92, -0.98, -0.08, 0.022), "#8a6a44", 0.7, "wood")
    for x0, x1 in ((-0.34, 0.12), (0.06, 0.5)):
        turn = np.linspace(0, np.pi, 12)
        dome = np.stack([(x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(turn), 0.14 + 0.34 * np.sin(turn)], 1)
        pen.fill(dome, "#3d3a36", 0.35, "wood", grain=90)
        pen.fill(
            (dome - [(x0 + x1) / 2, 0.14]) * [0.62, 0.9] + [(x0 + x1) / 2 + 0.06 * pen.side, 0.15],
            "#4a4640",
            0.95,
            "wood",
            grain=90,
        )
        for t in (0.25, 0.5, 0.75):
            x = x0 + (x1 - x0) * t
            pen.fill(bar(x, 0.16, x, 0.14 + 0.34 * math.sin(math.pi * t), 0.010), "#26231f", 0.3, "wood")
    if pen.air.dark:
        pen.glow(0.62, 0.34, 0.5, "#ffb060", 0.7)
        pen.shine(oval(0.62, 0.34, 0.035, 0.05), "#ffb060")
        pen.fill(bar(0.62, 0.39, 0.60, 0.5, 0.01), "#3a2c22", 0.4, "wood")
    hull(pen, 2.0, 0.17, "#4a4038", bow=0.14, stern=0.14, sheer=0.5)


def ship(pen: Pen) -> None:
    """Draw a three-master under sail, 1 high."""
    for x, top, wide in ((-0.28, 0.84, 0.22), (0.06, 1.0, 0.27), (0.36, 0.86, 0.22)):
        pen.fill(bar(x, 0.15, x, top, 0.014), "#5a4030", 0.4, "wood", grain=90)
        y = 0.24
        for share in (0.40, 0.33, 0.24):
            h = (top - 0.24) * share
            w = wide * (1.05 - (y - 0.24) * 0.55)
            ring = curve_through(
                np.array([[x - w / 2, y], [x - w * 0.44, y + h * 0.5], [x - w * 0.42, y + h * 0.94]]), 4
            )
            ring2 = curve_through(
                np.array([[x + w * 0.42, y + h * 0.94], [x + w * 0.62, y + h * 0.5], [x + w / 2, y]]), 4
            )
            pen.fill(np.concatenate([ring, ring2, [[x, y + 0.025]]]), "#ece3cf", 0.5, "cloth", grain=90)
            way = 1 if pen.side > 0 else -1
            half = ring2 if way > 0 else ring
            pen.fill(
                np.concatenate(
                    [half, [[x, y + 0.03], [x, y + h * 0.94]] if way > 0 else [[x, y + h * 0.94], [x, y + 0.03]]]
                ),
                "#f2ead8",
                1.0,
                "cloth",
                grain=90,
                opacity=0.9,
            )
            y += h * 1.04
        pen.fill(poly((x, top), (x + 0.10, top - 0.015), (x, top - 0.03)), "#b8392f", 0.9, "cloth")
    pen.fill(bar(0.46, 0.18, 0.70, 0.30, 0.012), "#5a4030", 0.5, "wood")
    pen.fill(poly((0.40, 0.66), (0.68, 0.29), (0.45, 0.24)), "#ece3cf", 0.7, "cloth", grain=120)
    hull(pen, 0.94, 0.15, "#5d4030", bow=0.14, stern=0.06, sheer=0.45)
    pen.fill(poly((-0.53, 0.20), (-0.30, 0.16), (-0.30, 0.24), (-0.54, 0.29)), "#6d4c38", 0.7, "wood")
    for x in np.linspace(-0.38, 0.36, 8):
        pen.fill(rect(float(x), 0.075, 0.026, 0.026), "#e0c890" if pen.air.dark else "#2c2320", 0.8, "wood")


def steamer(pen: Pen) -> None:
    """Draw a steamer, or a ferry, 1 high."""
    for x in (-0.18, 0.16):
        pen.fill(poly((x, 0.5), (x + 0.13, 0.5), (x + 0.12, 0.92), (x + 0.01, 0.92)), "#b8402f", 0.4, "metal")
        pen.fill(rect(x + (0.06 if pen.side > 0 else 0.01), 0.5, 0.05, 0.42), "#c8503c", 1.0, "metal")
        pen.fill(rect(x, 0.84, 0.13, 0.08), "#2c2a2a", 0.5, "metal")
        rise(pen, x + 0.06, 0.95, 0.10)
    pen.fill(rect(-0.48, 0.24, 0.98, 0.16), "#efeadd", 0.7, "metal")
    pen.fill(rect(-0.36, 0.39, 0.76, 0.13), "#efeadd", 0.9, "metal")
    for y, x0, x1 in ((0.29, -0.44, 0.44), (0.43, -0.32, 0.34)):
        for x in np.linspace(x0, x1, 10):
            window(pen, float(x), y, 0.045, 0.05, lamp=pen.air.dark, bars=False)
    hull(pen, 1.35, 0.22, "#2f4450", bow=0.16, sheer=0.25)


def balloon(pen: Pen, *, pose: str = "") -> None:
    """Draw a hot-air balloon, 1 high, with two people in its basket or, *pose* empty, with none."""
    tones = ("#c8503c", "#efe3c8", "#d8a03c", "#efe3c8", "#4a7a8c", "#efe3c8", "#c8503c")
    turn = np.linspace(0, np.pi, 22)
    for i in range(7):
        a, b = math.cos(math.pi * i / 7), math.cos(math.pi * (i + 1) / 7)
        width = 0.34 * np.sin(turn) ** 0.8 * np.where(turn > 2.0, 1 - 0.25 * (turn - 2.0), 1)
        y = 0.64 + 0.36 * np.cos(turn)
        left, right = np.stack([-a * width, y], 1), np.stack([-b * width, y], 1)
        middle = (-(a + b) / 2) * pen.side
        pen.fill(
            np.concatenate([left, right[::-1]]),
            tones[i],
            float(np.clip(0.5 + 0.6 * middle, 0.08, 1.05)),
            "cloth",
            grain=90,
        )
    for x in (-0.08, -0.03, 0.03, 0.08):
        pen.fill(bar(x, 0.12, x * 1.3, 0.30, 0.006), "#3a2c22", 0.4, "cloth")
    pen.fill(poly((-0.075, 0.12), (0.075, 0.12), (0.06, 0.0), (-0.06, 0.0)), "#8a6238", 0.5, "wood")
    pen.fill(rect(0.0 if pen.side > 0 else -0.07, 0.01, 0.065, 0.11), "#a87a48", 0.95, "wood")
    for x in (-0.03, 0.03) if pose != "empty" else ():
        pen.fill(oval(x, 0.155, 0.022, 0.026), "#2c2420", 0.4, "skin")
        pen.fill(oval(x, 0.12, 0.03, 0.03), "#3d4a5c", 0.5, "cloth")


def rocket(pen: Pen) -> None:
    """Draw a rocket rising on its fire."""
    for wide, high, tone in ((0.13, 0.34, "#ff8a3a"), (0.08, 0.24, "#ffd27a"), (0.04, 0.14, "#fff4d0")):
        pen.shine(
            poly(
                (-wide, 0.30),
                (wide, 0.30),
                (wide * 0.3, 0.30 - high * 0.7),
                (0, 0.30 - high),
                (-wide * 0.3, 0.30 - high * 0.7),
            ),
            tone,
            smooth=True,
        )
    pen.glow(0, 0.22, 0.5, "#ffb060", 0.6)
    for way in (-1, 1):
        pen.fill(
            poly((0.10 * way, 0.44), (0.24 * way, 0.26), (0.10 * way, 0.31)),
            "#b8392f",
            0.9 if way * pen.side > 0 else 0.4,
            "metal",
        )
    right = curve_through(np.array([[0.0, 1.0], [0.085, 0.82], [0.12, 0.58], [0.10, 0.30]]), 5)
    pen.fill(np.concatenate([right, right[::-1] * [-1, 1]]), "#e8e4da", 0.45, "metal", grain=90)
    way = 1 if pen.side > 0 else -1
    pen.fill(np.concatenate([right * [way, 1], right[::-1] * [0.2 * way, 1]]), "#f2eee4", 1.0, "metal", grain=90)
    pen.fill(np.concatenate([right[:5], right[:5][::-1] * [-1, 1]]), "#b8392f", 0.7, "metal")
    pen.fill(oval(0, 0.66, 0.05, 0.05), "#3f5a6a", 0.6, "glass")
    pen.fill(oval(-0.012, 0.675, 0.022, 0.022), "#bcd4e0", 1.0, "glass")


def wheel(pen: Pen, x: float, y: float, r: float, tone: str = "#3a2f28", spokes: int = 10) -> None:
    """Draw a wheel about (x, y)."""
    turn = np.linspace(0, 2 * np.pi, 26)
    ring = np.stack([np.cos(turn), np.sin(turn)], 1)
    pen.fill([ring * r + [x, y], ring * r * 0.84 + [x, y]], tone, 0.5, "metal")
    for a in np.arange(spokes) * 2 * np.pi / spokes:
        pen.fill(bar(x, y, x + r * 0.9 * math.cos(a), y + r * 0.9 * math.sin(a), r * 0.05), tone, 0.7, "metal")
    pen.fill(oval(x, y, r * 0.16, r * 0.16), tone, 0.9, "metal")


def bicycle(pen: Pen) -> None:
    """Draw a bicycle."""
    for x in (-0.52, 0.52):
        wheel(pen, x, 0.34, 0.34, "#2c2a2a", 14)
    frame = "#a83a2c"
    for a, b in (
        ((-0.52, 0.34), (-0.12, 0.30)),
        ((-0.52, 0.34), (-0.22, 0.78)),
        ((-0.22, 0.78), (-0.12, 0.30)),
        ((-0.18, 0.72), (0.38, 0.78)),
        ((-0.12, 0.30), (0.40, 0.70)),
        ((0.52, 0.34), (0.36, 0.92)),
    ):
        pen.fill(bar(*a, *b, 0.04), frame, 0.75, "metal")
    pen.fill(bar(-0.32, 0.82, -0.10, 0.82, 0.06), "#2c2320", 0.6, "cloth")
    pen.fill(limb([(0.36, 0.90, 0.018), (0.30, 0.98, 0.018), (0.44, 1.0, 0.018)]), "#2c2320", 0.6, "metal")
    wheel(pen, -0.12, 0.30, 0.09, "#2c2a2a", 5)


def cart(pen: Pen) -> None:
    """Draw a two-wheeled cart with its load."""
    from miaobi.craft.drawing.subjects.plant import hay

    hay(pen.at(-0.1, 0.46, 0.55))
    pen.fill(poly((-0.7, 0.58), (0.5, 0.58), (0.42, 0.36), (-0.6, 0.36)), "#7a5a3a", 0.6, "wood", grain=0)
    pen.fill(bar(0.4, 0.46, 1.2, 0.44, 0.05), "#7a5a3a", 0.7, "wood")
    wheel(pen, -0.1, 0.32, 0.32, "#5d4430")


def train(pen: Pen) -> None:
    """Draw a steam train on its track, 1 high and 5 wide, going to the right."""
    pen.fill(bar(-3.2, 0.03, 3.2, 0.03, 0.05), "#5a5048", 0.6, "metal")
    for x in np.arange(-3.1, 3.2, 0.28):
        pen.fill(rect(float(x), -0.04, 0.16, 0.05), "#6d5540", 0.4, "wood")
    for x in (-2.4, -1.15):
        pen.fill(rect(x - 0.58, 0.20, 1.16, 0.52), "#7a3a30", 0.55, "metal")
        pen.fill(rect(x - 0.60, 0.72, 1.20, 0.08), "#3d3632", 0.7, "metal")
        for i in range(5):
            window(
                pen, x - 0.50 + i * 0.21, 0.42, 0.14, 0.20, lamp=pen.air.dark or pen.air.hour == "sunset", bars=False
            )
        for dx in (-0.38, 0.38):
            wheel(pen, x + dx, 0.16, 0.13, "#2a2725", 6)
    pen.fill(rect(-3.28, 0.20, 0.32, 0.06), "#3d3632", 0.7, "metal")  # the open platform of the last carriage
    for x in (-3.26, -3.17, -3.08, -2.99):
        pen.fill(bar(x, 0.24, x, 0.44, 0.016), "#3d3632", 0.6, "metal")
    pen.fill(bar(-3.28, 0.44, -2.97, 0.44, 0.026), "#3d3632", 0.9, "metal")
    rise(pen, 1.55, 1.02, 0.22)
    pen.fill(rect(-0.30, 0.22, 0.62, 0.68), "#2f4a40", 0.5, "metal")
    pen.fill(rect(-0.36, 0.88, 0.74, 0.07), "#26302c", 0.7, "metal")
    window(pen, -0.18, 0.56, 0.3, 0.2, lamp=pen.air.dark, bars=False)
    pen.fill(rect(0.30, 0.30, 1.45, 0.40), "#2f4a40", 0.35, "metal", grain=0)
    pen.fill(rect(0.30, 0.52, 1.45, 0.13), "#40604f", 1.0, "metal", grain=0)
    for x in (0.6, 1.0, 1.4):
        pen.fill(rect(x, 0.30, 0.04, 0.40), "#c9a24a", 0.7, "metal")
    pen.fill(poly((1.45, 0.68), (1.65, 0.68), (1.70, 1.0), (1.40, 1.0)), "#26302c", 0.5, "metal")
    pen.fill(oval(0.8, 0.74, 0.11, 0.10), "#c9a24a", 0.8, "metal")
    pen.fill(poly((1.72, 0.28), (2.0, 0.06), (1.6, 0.06)), "#8a3a2c", 0.7, "metal")
    for x, r in ((0.0, 0.22), (0.5, 0.22), (1.0, 0.22), (1.5, 0.14)):
        wheel(pen, x, r, r, "#7a2f26", 10)
    if pen.air.dark:
        pen.glow(1.78, 0.60, 0.8, LAMP, 0.7)
    pen.shine(oval(1.77, 0.60, 0.06, 0.07), "#fff0c0")


def car(pen: Pen, *, pose: str = "") -> None:
    """Draw a small old car; *pose* open: with its roof down, for those who sit in it."""
    body = "#a8442f" if pen.rng.random() < 0.5 else "#4a6f7a"
    if pose == "open":
        pen.fill(bar(0.40, 0.54, 0.24, 0.86, 0.035), "#b9cdd4", 0.9, "glass")
        pen.fill(limb([(-0.62, 0.56, 0.05), (-0.74, 0.58, 0.045)]), "#3a2c26", 0.5, "cloth")
    else:
        _roof(pen, body)
    hood = curve_through(
        np.array([[-1.0, 0.25], [-0.98, 0.52], [-0.3, 0.56], [0.4, 0.56], [0.92, 0.48], [1.02, 0.25]]), 5
    )
    pen.fill(np.concatenate([hood, [[1.0, 0.18], [-1.0, 0.18]]]), body, 0.45, "metal")
    pen.fill(np.concatenate([hood[5:-5], hood[5:-5][::-1] - [0, 0.10]]), body, 1.05, "metal")
    for x in (-0.58, 0.58):
        wheel(pen, x, 0.2, 0.2, "#26211e", 6)
    pen.shine(oval(0.97, 0.40, 0.05, 0.06), "#fff0c0" if pen.air.dark else "#e8e4d0")


def _roof(pen: Pen, body: str) -> None:
    roof = curve_through(np.array([[-0.62, 0.50], [-0.42, 0.92], [0.18, 0.96], [0.48, 0.55]]), 5)
    pen.fill(np.concatenate([roof, [[0.48, 0.5], [-0.62, 0.5]]]), body, 0.5, "metal")
    for x0, x1 in ((-0.46, -0.08), (-0.02, 0.34)):
        pen.fill(poly((x0, 0.55), (x1 + 0.04, 0.55), (x1 - 0.06, 0.86), (x0 + 0.06, 0.86)), "#b9cdd4", 0.8, "glass")


def sled(pen: Pen) -> None:
    """Draw a sled."""
    pen.fill(
        limb([(-0.9, 0.06, 0.03), (0.6, 0.06, 0.03), (0.95, 0.35, 0.03), (0.85, 0.52, 0.02)]), "#8a5a34", 0.8, "wood"
    )
    for x in (-0.6, 0.0, 0.5):
        pen.fill(bar(x, 0.06, x, 0.42, 0.05), "#7a4e2c", 0.5, "wood")
    pen.fill(bar(-0.9, 0.44, 0.75, 0.46, 0.09), "#a06a3c", 1.0, "wood")
