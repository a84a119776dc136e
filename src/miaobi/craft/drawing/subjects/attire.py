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
    hat: str = ""  # brim, cap, straw (斗笠), hood, crown, helmet, scholar
    hair: str = "#3a2c22"
    carries: str = ""  # staff, lantern, umbrella, rod, book, bag, basket, kite, violin, flag, sword, broom
    small: float = 1.0  # a child is 0.66
    beard: bool = False
    sleeves: float = 0.030
    cover: str = ""  # colour of the hat, where it is told
    scarf: str = ""  # colour of a scarf, where one is told
    hairdo: str = ""  # long, bob, bun, braid, tail, curls; "" cropped
    skin: str = "#c89a78"
    aged: bool = False
    trim: str = ""  # what the coat has (``trimmed``)


def worn(who: Person, told: Told) -> Person:
    """Return *who* in the colours that were told: coat (or the whole), hat, scarf."""
    return replace(
        who, coat=told.of("coat", told.of("", who.coat)), cover=told.of("hat", ""), scarf=told.of("scarf", "")
    )


def scarf(pen: Pen, who: Person) -> None:
    """Draw a scarf about the neck, one end blown back; *pen* stands in the middle of the head."""
    x = y = 0.0
    if not who.scarf:
        return
    wind = 0.05 if pen.air.weather in ("wind", "storm") else 0.0
    end = [
        (x - 0.05, y - 0.10, 0.022),
        (x - 0.10 - wind, y - 0.17 + wind, 0.026),
        (x - 0.13 - 2 * wind, y - 0.28 + 2 * wind, 0.020),
    ]
    pen.limbs([end, [(x - 0.055, y - 0.085, 0.030), (x + 0.045, y - 0.090, 0.032)]], who.scarf, "cloth", lit=0.4)


def hat(pen: Pen, who: Person) -> None:
    """Draw what is on a head, in the middle of which *pen* stands."""
    x = y = 0.0
    kind = who.hat
    if who.cover and kind in ("", "bald"):
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
        pen.fill(oval(x, y + 0.05, 0.13, 0.020), who.cover or _felt(who, "#241d2c"), 0.5, "cloth")
        cone = poly((x - 0.06, y + 0.05), (x + 0.06, y + 0.05), (x - 0.06, y + 0.27))
        pen.fill(cone, who.cover or _felt(who, "#2f2638"), 0.6, "cloth")
    elif kind == "visor":
        pen.limbs([[(x, y, 0.082), (x, y + 0.012, 0.08)]], "#e6e6e4", "metal")
        pen.fill(oval(x + 0.028, y + 0.004, 0.046, 0.050), "#caa04a", 0.9, "glass")
        pen.fill(
            poly((x - 0.14, y - 0.10), (x - 0.06, y - 0.08), (x - 0.07, y - 0.33), (x - 0.14, y - 0.33)),
            "#d0d0ce",
            0.5,
            "metal",
        )
    elif kind in _SHAPED:
        for outline, own, lit, matter in _SHAPED[kind]:
            pen.fill(outline + [x, y], who.cover or own, lit, matter)


def _felt(who: Person, own: str) -> str:
    """Return the colour of a pointed hat."""
    return who.coat if who.beard else own  # a wizard's hat is of his robe


# hats that are a few shapes: outline, own colour, light, matter
_SHAPED: dict[str, tuple[tuple[Points, str, float, str], ...]] = {
    "toque": (
        (poly((-0.055, 0.035), (0.052, 0.040), (0.058, 0.10), (-0.060, 0.095)), "#efece4", 0.7, "cloth"),
        (limb([(-0.045, 0.115, 0.042), (0.0, 0.135, 0.050), (0.045, 0.115, 0.040)]), "#f4f1ea", 0.95, "cloth"),
    ),
    "nurse": ((poly((-0.05, 0.045), (0.045, 0.052), (0.035, 0.085), (-0.055, 0.080)), "#f4f1ea", 0.95, "cloth"),),
    "fire": (
        (limb([(-0.045, 0.035, 0.034), (0.0, 0.060, 0.042), (0.035, 0.045, 0.030)]), "#c4392b", 0.7, "metal"),
        (bar(-0.115, 0.015, 0.085, 0.040, 0.016), "#a32d22", 0.4, "metal"),
    ),
    "cone": (
        (poly((-0.040, 0.055), (0.040, 0.060), (-0.005, 0.165)), "#3f78a8", 0.8, "cloth"),
        (oval(-0.004, 0.168, 0.016, 0.016), "#f0e6d0", 1.0, "cloth"),
        (oval(0.056, -0.010, 0.017, 0.016), "#d03a2e", 0.9, "skin"),  # and the nose
    ),
    "tiara": (
        (
            poly((-0.045, 0.052), (0.045, 0.055), (0.050, 0.090), (0.022, 0.072), (0.0, 0.098), (-0.022, 0.072),
                 (-0.050, 0.088)),
            "#e0bd55", 1.0, "metal",
        ),
    ),
    "veil": (
        (
            poly((0.02, 0.070), (-0.045, 0.062), (-0.085, -0.02), (-0.12, -0.20), (-0.16, -0.32), (-0.06, -0.31),
                 (-0.045, -0.10), (-0.035, 0.02)),
            "#f6f3ec", 0.9, "cloth",
        ),
        (limb([(-0.03, 0.066, 0.010), (0.02, 0.066, 0.010)]), "#d98aa0", 0.9, "flower"),
    ),
    "tricorn": (
        (poly((-0.10, 0.040), (0.115, 0.050), (0.075, 0.080), (0.0, 0.120), (-0.075, 0.085)), "#241d1a", 0.4, "cloth"),
        (limb([(-0.085, 0.060, 0.005), (0.0, 0.112, 0.006), (0.085, 0.070, 0.005)]), "#d2a94a", 0.9, "cloth"),
    ),
    "top": (
        (oval(0.0, 0.048, 0.090, 0.014), "#1f1e22", 0.4, "cloth"),
        (poly((-0.052, 0.048), (0.052, 0.050), (0.058, 0.160), (-0.058, 0.158)), "#26252a", 0.6, "cloth"),
        (poly((-0.053, 0.056), (0.053, 0.058), (0.054, 0.076), (-0.054, 0.074)), "#7a2f34", 0.6, "cloth"),
    ),
    "robot": (
        (poly((-0.066, -0.060), (0.066, -0.060), (0.070, 0.070), (-0.070, 0.070)), "#b4bcc2", 0.7, "metal"),
        (poly((0.000, 0.000), (0.066, 0.000), (0.066, 0.036), (0.000, 0.036)), "#26323a", 0.2, "glass"),
        (oval(0.040, 0.018, 0.011, 0.011), "#6fd0e0", 1.0, "light"),
        (bar(0.0, 0.07, 0.0, 0.118, 0.008), "#7d868c", 0.6, "metal"),
        (oval(0.0, 0.122, 0.014, 0.014), "#c8433a", 0.9, "light"),
    ),
}  # fmt: skip


def trimmed(pen: Pen, who: Person, hips: Points, chest: Points) -> None:
    """Draw what a coat has: places are told along the trunk (0 hips, 1 breast) and across it (1 its front)."""
    if not who.trim or not pen.fine:
        return
    up = chest - hips
    long = float(np.hypot(*up))
    ahead = np.array([up[1], -up[0]]) / long * 0.08

    def at(along: float, across: float) -> tuple[float, float]:
        x, y = hips + up * along + ahead * across
        return float(x), float(y)

    def line(own: str, lit: float, *places: tuple[float, float, float], matter: str = "cloth") -> None:
        pen.fill(limb([(*at(a, b), r) for a, b, r in places]), own, lit, matter)

    def dots(own: str, across: float, *heights: float) -> None:
        for height in heights:
            pen.fill(oval(*at(height, across), 0.010, 0.010, points=8), own, 1.0, "metal")

    match who.trim:
        case "collar":
            pen.fill(poly(at(1.36, -0.2), at(1.36, 0.62), at(1.10, 0.86), at(1.20, 0.2)), "#e9e2d2", 0.95, "cloth")
        case "buttons" | "brass":
            line(who.coat, 0.0, (1.15, 0.55, 0.004), (0.55, 0.62, 0.005), (0.0, 0.55, 0.004))
            dots("#d8b04a" if who.trim == "brass" else "#2c2622", 0.72, 0.95, 0.68, 0.41, 0.14)
            if who.trim == "brass":
                line("#d8b04a", 0.9, (1.16, -0.75, 0.008), (1.16, -0.1, 0.010), matter="metal")
        case "belt":
            line("#3d2c1e", 0.5, (0.30, -0.92, 0.013), (0.28, 0.92, 0.013))
            dots("#c9a24a", 0.72, 0.28)
        case "sash":
            line(who.coat, 1.0, (0.31, -0.90, 0.016), (0.29, 0.90, 0.016))
            pen.fill(poly(at(1.30, -0.1), at(1.30, 0.55), at(0.98, 0.70)), who.skin, 0.9, "skin")
        case "braces":
            for across in (-0.25, 0.5):
                line("#4a382a", 0.45, (1.15, across, 0.008), (0.1, across + 0.05, 0.008))
        case "kerchief":
            line("#b8392f", 0.8, (1.30, -0.55, 0.018), (1.22, 0.3, 0.022), (1.05, 0.75, 0.012))
        case "shawl":
            cape = poly(at(1.38, -0.35), at(1.32, 0.65), at(0.62, 0.85), at(0.30, 0.05), at(0.70, -1.15))
            pen.fill(cape, "#a58f78", 0.55, "cloth", grain=70, smooth=True)
            line("#a58f78", 1.0, (1.22, 0.55, 0.006), (0.62, 0.70, 0.006), (0.36, 0.10, 0.004))
        case "cross":  # a robe laid over to the right (交领右衽)
            line(
                "#efe9da" if who.hat != "bald" else "#6a4420",
                0.85,
                (1.36, -0.25, 0.010),
                (1.12, 0.45, 0.011),
                (0.62, 0.78, 0.008),
            )
            line("#2f3a44" if who.hat != "bald" else "#7a4a20", 0.5, (0.31, -0.90, 0.017), (0.29, 0.90, 0.017))
        case "apron" | "leather":
            own = "#f1ede2" if who.trim == "apron" else "#7a5436"
            bib = poly(at(1.0, 0.1), at(1.0, 0.80), at(0.30, 0.98), at(-0.75, 1.1), at(-0.75, -0.2), at(0.30, -0.1))
            pen.fill(bib, own, 0.75, "cloth", grain=85)
            line(own, 0.5, (0.30, -0.92, 0.008), (0.29, 0.92, 0.008))
        case "bands":
            for height in (0.75, 0.05):
                line("#d8cf6a", 1.0, (height, -0.9, 0.011), (height - 0.03, 0.9, 0.011))
        case "ruff":
            line("#f3efe6", 0.95, (1.32, -0.85, 0.030), (1.22, 0.0, 0.034), (1.22, 0.85, 0.028))
            dots("#c0392b", 0.55, 0.85, 0.45, 0.05)
        case "plates":
            for height in (0.98, 0.62, 0.26):
                line(
                    "#4d5358",
                    0.1,
                    (height, -0.85, 0.004),
                    (height - 0.05, 0.2, 0.005),
                    (height, 0.95, 0.004),
                    matter="metal",
                )
            line("#e8edf0", 1.0, (1.05, 0.42, 0.005), (0.55, 0.46, 0.007), matter="metal")
        case "ermine":
            line("#efe9dc", 0.9, (1.30, -0.75, 0.034), (1.20, 0.0, 0.036), (1.16, 0.80, 0.028), matter="fur")
            dots("#2a2422", 0.1, 1.22)
            line("#efe9dc", 0.9, (1.10, 0.72, 0.018), (0.40, 0.80, 0.020), (-0.1, 0.75, 0.020), matter="fur")
        case "hoses":
            pen.fill(poly(at(0.85, 0.1), at(0.85, 0.95), at(0.45, 0.95), at(0.45, 0.1)), "#9aa2a8", 0.7, "metal")
            dots("#c0482f", 0.4, 0.72)
            dots("#4f86a8", 0.7, 0.72)


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
