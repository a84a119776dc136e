"""What people wear on their heads and carry in their hands."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.pigment import Told
from miaobi.craft.drawing.shape import Points, bar, limb, oval, poly, rect
from miaobi.craft.drawing.subjects.building_part import LAMP


@dataclass(frozen=True)
class Person:
    """Who it is: clothes and what is carried."""

    coat: str = "#4a5a6a"
    legs: str = "#3a3632"
    skirt: float = 0.0  # how far down the coat hangs from the hips, in legs: 0.45 a coat, 0.95 a robe
    flare: float = 0.09
    hat: str = ""  # brim, cap, straw (斗笠), hood, crown, bun, long, helmet, scholar
    hair: str = "#3a2c22"
    carries: str = ""  # staff, lantern, umbrella, rod, book, bag, basket, kite, violin, flag, sword, broom
    small: float = 1.0  # a child is 0.66
    beard: bool = False
    sleeves: float = 0.030
    cover: str = ""  # colour of the hat, where it is told
    scarf: str = ""  # colour of a scarf, where one is told


def worn(who: Person, told: Told) -> Person:
    """Return *who* in the colours that were told: coat (or the whole), hat, scarf."""
    return replace(
        who, coat=told.of("coat", told.of("", who.coat)), cover=told.of("hat", ""), scarf=told.of("scarf", "")
    )


def scarf(pen: Pen, who: Person, x: float, y: float) -> None:
    """Draw a scarf about the neck of a head at (x, y), one end blown back."""
    if not who.scarf:
        return
    wind = 0.05 if pen.air.weather in ("wind", "storm") else 0.0
    end = [
        (x - 0.05, y - 0.10, 0.022),
        (x - 0.10 - wind, y - 0.17 + wind, 0.026),
        (x - 0.13 - 2 * wind, y - 0.28 + 2 * wind, 0.020),
    ]
    pen.limbs([end, [(x - 0.055, y - 0.085, 0.030), (x + 0.045, y - 0.090, 0.032)]], who.scarf, "cloth", lit=0.4)


def hat(pen: Pen, who: Person, x: float, y: float) -> None:
    """Draw what is on a head."""
    kind = who.hat
    if who.cover and kind in ("", "long", "bun", "bald"):
        kind = "brim"
    if kind == "brim":
        pen.fill(oval(x, y + 0.045, 0.115, 0.020, -4), who.cover or "#4a3a2c", 0.5, "cloth")
        pen.fill(
            poly((x - 0.058, y + 0.045), (x + 0.056, y + 0.045), (x + 0.044, y + 0.115), (x - 0.044, y + 0.115)),
            who.cover or "#5a4736",
            0.7,
            "cloth",
        )
    elif kind in ("cap", "beret"):
        pen.fill(
            limb([(x - 0.03, y + 0.060, 0.036), (x + 0.025, y + 0.062, 0.030)]),
            who.cover or (who.coat if kind == "cap" else "#2c2a30"),
            0.55,
            "cloth",
        )
        if kind == "cap":
            pen.fill(bar(x + 0.03, y + 0.045, x + 0.095, y + 0.038, 0.016), "#1f1e20", 0.5, "cloth")
    elif kind == "straw":
        pen.fill(
            poly((x - 0.15, y + 0.020), (x + 0.15, y + 0.020), (x + 0.012, y + 0.125), (x - 0.012, y + 0.125)),
            who.cover or "#c9a860",
            0.4,
            "cloth",
            grain=20,
        )
        way = 1 if pen.side > 0 else -1
        pen.fill(
            poly((x, y + 0.020), (x + way * 0.15, y + 0.020), (x + way * 0.012, y + 0.125), (x, y + 0.125)),
            who.cover or "#d8ba74",
            1.0,
            "cloth",
            grain=20,
        )
    elif kind == "hood":
        pen.limbs([[(x - 0.015, y + 0.012, 0.070), (x - 0.05, y - 0.07, 0.06)]], who.cover or who.coat, "cloth")
        pen.fill(oval(x + 0.024, y, 0.040, 0.050), "#c89a78", 0.6, "skin")
    elif kind == "crown":
        pen.fill(
            poly(
                (x - 0.055, y + 0.05),
                (x + 0.055, y + 0.05),
                (x + 0.065, y + 0.12),
                (x + 0.03, y + 0.085),
                (x, y + 0.125),
                (x - 0.03, y + 0.085),
                (x - 0.065, y + 0.12),
            ),
            "#d8ae3c",
            0.95,
            "metal",
        )
    elif kind == "bun":
        pen.fill(oval(x - 0.045, y + 0.060, 0.034, 0.034), who.hair, 0.6, "fur")
    elif kind == "helmet":
        pen.limbs([[(x - 0.004, y + 0.01, 0.068), (x, y + 0.03, 0.064)]], who.hair, "metal")
        pen.fill(bar(x - 0.01, y + 0.005, x + 0.066, y + 0.005, 0.016), "#1d1d20", 0.2, "metal")
    elif kind == "scholar":  # a soft cap with a knot and two ribbons (幞头)
        for dx, drop in ((-0.115, 0.10), (-0.085, 0.12)):
            ribbon = [(x - 0.05, y + 0.055, 0.010), (x + dx + 0.015, y + 0.02, 0.009), (x + dx, y - drop, 0.010)]
            pen.fill(limb(ribbon), "#2b2a2e", 0.4, "cloth")
        pen.fill(limb([(x - 0.036, y + 0.050, 0.036), (x + 0.030, y + 0.056, 0.030)]), "#2b2a2e", 0.45, "cloth")
        pen.fill(limb([(x - 0.030, y + 0.085, 0.042), (x - 0.004, y + 0.100, 0.036)]), "#2b2a2e", 0.6, "cloth")
        pen.fill(bar(x - 0.062, y + 0.040, x + 0.060, y + 0.046, 0.018), "#1d1c20", 0.5, "cloth")
    elif kind == "point":
        pen.fill(oval(x, y + 0.05, 0.13, 0.020), who.cover or "#241d2c", 0.5, "cloth")
        cone = poly((x - 0.06, y + 0.05), (x + 0.06, y + 0.05), (x - 0.06, y + 0.27))
        pen.fill(cone, who.cover or "#2f2638", 0.6, "cloth")
    elif kind == "visor":
        pen.limbs([[(x, y, 0.082), (x, y + 0.012, 0.08)]], "#e6e6e4", "metal")
        pen.fill(oval(x + 0.028, y + 0.004, 0.046, 0.050), "#caa04a", 0.9, "glass")
        pen.fill(
            poly((x - 0.14, y - 0.10), (x - 0.06, y - 0.08), (x - 0.07, y - 0.36), (x - 0.14, y - 0.36)),
            "#d0d0ce",
            0.5,
            "metal",
        )


def carried(pen: Pen, kind: str, hand: Points, body: str) -> None:
    """Draw what a hand holds; *body*: of the pose."""
    x, y = float(hand[0]), float(hand[1])
    if kind == "staff":
        pen.fill(
            bar(x + 0.02, 0.0 if body != "row" else y - 0.3, x + 0.01, y + 0.42, 0.018),
            "#6b4e34",
            0.6,
            "wood",
            grain=90,
        )
    elif kind == "lantern":
        pen.fill(bar(x, y, x, y - 0.03, 0.008), "#2b2622", 0.4, "metal")
        lit = pen.air.dark or pen.air.hour in ("sunset", "dawn") or pen.air.weather in ("mist", "snow", "rain")
        pen.fill(rect(x - 0.060 / 2, y - 0.105 - 0.012 / 2, 0.060, 0.012), "#2b2622", 0.6, "metal")
        pen.fill(rect(x - 0.060 / 2, y - 0.035 - 0.012 / 2, 0.060, 0.012), "#2b2622", 0.6, "metal")
        if lit:
            pen.glow(x, y - 0.07, 0.62, LAMP, 0.75)
            pen.shine(rect(x - 0.048 / 2, y - 0.07 - 0.06 / 2, 0.048, 0.06), "#fff0b8")
        else:
            pen.fill(rect(x - 0.048 / 2, y - 0.07 - 0.06 / 2, 0.048, 0.06), "#d8d2b8", 0.8, "glass")
    elif kind == "umbrella":
        pen.fill(bar(x, y - 0.05, x - 0.06, y + 0.52, 0.012), "#3a2c22", 0.5, "wood")
        cx, cy = x - 0.06, y + 0.36
        turn = np.linspace(0, np.pi, 13)
        dome = np.stack([cx + 0.30 * np.cos(turn), cy + 0.19 * np.sin(turn)], 1)
        scallop = [(cx - 0.24 + 0.12 * i, cy + 0.03) for i in range(5)]
        pen.fill(np.concatenate([dome, np.array(scallop)]), pen.told.of("umbrella", "#b8392f"), 0.35, "cloth", grain=60)
        half = np.concatenate([[[cx, cy + 0.19]], dome[:7] if pen.side > 0 else dome[6:], [[cx, cy + 0.02]]])
        pen.fill(half, pen.told.of("umbrella", "#c8432f"), 1.0, "cloth", grain=60, opacity=0.9)
        for t in (0.28, 0.5, 0.72):
            pen.fill(
                limb(
                    [
                        (cx, cy + 0.19, 0.004),
                        (cx + 0.30 * math.cos(math.pi * t) * 0.8, cy + 0.10, 0.004),
                        (cx + 0.28 * math.cos(math.pi * t), cy + 0.03, 0.004),
                    ]
                ),
                "#7a2420",
                0.3,
                "cloth",
            )
    elif kind == "rod":
        pen.fill(
            limb([(x - 0.05, y - 0.02, 0.010), (x + 0.4, y + 0.38, 0.007), (x + 0.82, y + 0.52, 0.003)]),
            "#6b5236",
            0.7,
            "wood",
        )
        pen.fill(bar(x + 0.82, y + 0.52, x + 0.86, -0.10, 0.004), "#cfd3d0", 0.8, "cloth", opacity=0.8)
    elif kind == "book":
        pen.fill(
            poly(
                (x - 0.06, y + 0.01),
                (x + 0.0, y - 0.02),
                (x + 0.07, y + 0.02),
                (x + 0.06, y + 0.06),
                (x, y + 0.02),
                (x - 0.06, y + 0.05),
            ),
            "#efe8d6",
            1.0,
            "paper",
        )
    elif kind == "bag":
        pen.limbs([[(x - 0.03, y + 0.10, 0.05), (x - 0.035, y + 0.03, 0.062)]], "#7a5a38", "cloth")
        pen.fill(bar(x - 0.03, y + 0.14, x + 0.10, y + 0.36, 0.014), "#5a4028", 0.5, "cloth")
    elif kind == "basket":
        pen.fill(
            poly((x - 0.075, y - 0.02), (x + 0.075, y - 0.02), (x + 0.055, y - 0.13), (x - 0.055, y - 0.13)),
            "#a8824c",
            0.6,
            "wood",
            grain=20,
        )
        turn = np.linspace(0, np.pi, 9)
        pen.fill(
            limb([(x + 0.07 * float(np.cos(a)), y - 0.02 + 0.07 * float(np.sin(a)), 0.006) for a in turn]),
            "#8a683a",
            0.5,
            "wood",
        )
    elif kind == "violin":
        pen.fill(
            limb([(x + 0.06, y + 0.09, 0.040), (x + 0.11, y + 0.075, 0.026), (x + 0.15, y + 0.065, 0.034)]),
            "#8a4a22",
            0.8,
            "wood",
        )
        pen.fill(bar(x + 0.15, y + 0.065, x + 0.27, y + 0.03, 0.012), "#33241a", 0.5, "wood")
        pen.fill(bar(x + 0.02, y - 0.05, x + 0.22, y + 0.19, 0.006), "#d8cdb4", 0.9, "wood")
    elif kind == "flag":
        pen.fill(bar(x, 0.0, x + 0.02, y + 0.62, 0.016), "#5a4634", 0.5, "wood")
        wave = [(x + 0.02 + 0.32 * t, y + 0.60 + 0.02 * math.sin(7 * t)) for t in np.linspace(0, 1, 8)]
        pen.fill(np.array([*wave, *[(px, py - 0.20) for px, py in wave[::-1]]]), "#b8392f", 0.85, "cloth")
    elif kind == "sword":
        pen.fill(bar(x, y - 0.02, x + 0.10, y + 0.42, 0.022, 0.008), "#d5d9dc", 1.0, "metal")
        pen.fill(bar(x - 0.04, y + 0.05, x + 0.06, y + 0.03, 0.016), "#8a6a34", 0.7, "metal")
    elif kind == "broom":
        pen.fill(bar(x, 0.12, x + 0.04, y + 0.40, 0.018), "#6b4e34", 0.6, "wood")
        pen.fill(
            poly((x - 0.07, 0.0), (x + 0.07, 0.0), (x + 0.02, 0.16), (x - 0.01, 0.16)), "#b8924c", 0.7, "wood", grain=85
        )
    elif kind == "brush":
        pen.fill(bar(x, y, x + 0.14, y + 0.06, 0.010), "#c9a86a", 0.9, "wood")
    elif kind == "kite":
        pen.fill(bar(x, y, x + 0.9, y + 1.4, 0.004), "#e0e0d8", 0.8, "cloth")
