"""People in silhouette with gesture: joints set by a pose, clothes hung on them, light on one side. 1 is a grown
person."""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.attire import Person, carried, hat
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, bar, limb, oval, poly

Joint = tuple[float, float]


# hips, chest, head; elbow, hand of the far arm; of the near arm; knee, foot of the far leg; of the near leg
POSES: dict[str, tuple[Joint, ...]] = {
    "stand": (
        (0.0, 0.50),
        (0.0, 0.76),
        (0.015, 0.925),
        (0.09, 0.62),
        (0.10, 0.48),
        (-0.08, 0.62),
        (-0.07, 0.47),
        (0.05, 0.27),
        (0.055, 0.02),
        (-0.04, 0.27),
        (-0.045, 0.02),
    ),
    "walk": (
        (0.0, 0.50),
        (0.025, 0.76),
        (0.06, 0.92),
        (0.12, 0.63),
        (0.19, 0.53),
        (-0.08, 0.63),
        (-0.11, 0.49),
        (0.11, 0.28),
        (0.16, 0.03),
        (-0.02, 0.27),
        (-0.15, 0.05),
    ),
    "look": (
        (0.0, 0.50),
        (-0.02, 0.76),
        (-0.01, 0.93),
        (0.14, 0.72),
        (0.10, 0.90),
        (-0.08, 0.62),
        (-0.05, 0.48),
        (0.05, 0.27),
        (0.06, 0.02),
        (-0.04, 0.27),
        (-0.05, 0.02),
    ),
    "reach": (
        (0.0, 0.50),
        (0.03, 0.76),
        (0.05, 0.93),
        (0.18, 0.82),
        (0.30, 0.93),
        (-0.07, 0.62),
        (-0.06, 0.47),
        (0.06, 0.27),
        (0.08, 0.02),
        (-0.05, 0.27),
        (-0.08, 0.02),
    ),
    "sit": (
        (0.0, 0.27),
        (-0.01, 0.53),
        (0.02, 0.69),
        (0.12, 0.40),
        (0.22, 0.33),
        (-0.03, 0.38),
        (0.12, 0.30),
        (0.24, 0.27),
        (0.25, 0.02),
        (0.20, 0.25),
        (0.20, 0.02),
    ),
    "row": (
        (0.0, 0.10),
        (-0.06, 0.36),
        (-0.04, 0.53),
        (0.12, 0.30),
        (0.26, 0.28),
        (0.06, 0.24),
        (0.22, 0.24),
        (0.22, 0.17),
        (0.38, 0.06),
        (0.18, 0.15),
        (0.34, 0.04),
    ),
    "bend": (
        (-0.05, 0.47),
        (0.16, 0.64),
        (0.28, 0.70),
        (0.26, 0.47),
        (0.30, 0.30),
        (0.22, 0.46),
        (0.24, 0.28),
        (0.06, 0.26),
        (0.05, 0.02),
        (-0.08, 0.26),
        (-0.10, 0.02),
    ),
    "run": (
        (0.0, 0.50),
        (0.08, 0.75),
        (0.14, 0.91),
        (0.20, 0.66),
        (0.30, 0.74),
        (-0.08, 0.66),
        (-0.16, 0.56),
        (0.19, 0.38),
        (0.16, 0.16),
        (-0.06, 0.28),
        (-0.28, 0.20),
    ),
    "dance": (
        (0.0, 0.50),
        (0.02, 0.76),
        (0.0, 0.93),
        (0.16, 0.86),
        (0.24, 1.02),
        (-0.16, 0.78),
        (-0.30, 0.86),
        (0.16, 0.36),
        (0.10, 0.12),
        (-0.03, 0.27),
        (-0.05, 0.02),
    ),
    "read": (
        (0.0, 0.27),
        (-0.02, 0.53),
        (0.03, 0.68),
        (0.10, 0.42),
        (0.19, 0.46),
        (0.04, 0.38),
        (0.17, 0.44),
        (0.24, 0.27),
        (0.25, 0.02),
        (0.20, 0.25),
        (0.20, 0.02),
    ),
    "kneel": (
        (-0.06, 0.24),
        (0.0, 0.49),
        (0.03, 0.65),
        (0.12, 0.38),
        (0.20, 0.30),
        (0.05, 0.36),
        (0.16, 0.27),
        (0.14, 0.25),
        (0.14, 0.02),
        (0.06, 0.04),
        (-0.18, 0.03),
    ),
}


PEOPLE = {
    "person": Person(),
    "man": Person("#5a4a3c", "#37332f", 0.35, 0.075, "cap"),
    "woman": Person("#8c3b3a", "#3a302c", 0.82, 0.15, "bun"),
    "girl": Person("#b8452f", "#e4cdb4", 0.55, 0.15, "long", small=0.70),
    "boy": Person("#3f6a86", "#4a4036", 0.15, 0.07, "", "#3a2a1e", small=0.70),
    "old man": Person("#6b6258", "#3c3733", 0.45, 0.09, "brim", "#c9c4bb", "staff", beard=True),
    "old woman": Person("#5d4a5a", "#3c3733", 0.86, 0.15, "bun", "#cfcac2", "basket"),
    "keeper": Person("#2f4156", "#2c2a2a", 0.50, 0.09, "cap", "#6a5f55", "lantern", beard=True),
    "sailor": Person("#e6e2d6", "#2c3a52", 0.1, 0.06, "cap"),
    "fisherman": Person("#6d6a52", "#4a4438", 0.30, 0.08, "straw", carries="rod"),
    "monk": Person("#a8742f", "#a8742f", 0.95, 0.13, "bald", "#d9b99a", "staff"),
    "scholar": Person("#cfd3cc", "#cfd3cc", 0.97, 0.16, "scholar", sleeves=0.055),
    "farmer": Person("#7a8a6a", "#5d5347", 0.2, 0.08, "straw", carries="basket"),
    "shepherd": Person("#8a7656", "#4d4438", 0.62, 0.12, "hood", carries="staff"),
    "traveller": Person("#6a5236", "#3c352e", 0.62, 0.12, "brim", carries="bag"),
    "knight": Person("#9aa0a6", "#82888e", 0.25, 0.08, "helmet", "#8a9096", "sword"),
    "king": Person("#7a2436", "#7a2436", 0.96, 0.18, "crown", "#8a8178", "staff", beard=True, sleeves=0.05),
    "witch": Person("#33283c", "#33283c", 0.95, 0.18, "point", "#2b2430", "broom"),
    "dancer": Person("#c9506a", "#e4cdb4", 0.62, 0.26, "bun"),
    "musician": Person("#2f2c34", "#2a2830", 0.4, 0.07, "", carries="violin"),
    "painter": Person("#c8bda2", "#4a4a52", 0.55, 0.10, "beret", carries="brush"),
    "postman": Person("#3a4f6a", "#2f3846", 0.25, 0.07, "cap", carries="bag"),
    "astronaut": Person("#e8e8e6", "#e0e0de", 0.15, 0.09, "visor", sleeves=0.045),
    "soldier": Person("#6a6a4c", "#55553f", 0.35, 0.08, "helmet", carries="flag"),
    "umbrella": Person("#4a4a66", "#33333c", 0.70, 0.12, "long", carries="umbrella"),
    "lover": Person("#3d4a5c", "#2f2f36", 0.4, 0.08, ""),
}  # fmt: skip


def person(pen: Pen, kind: str = "person", pose: str = "stand") -> None:
    """Draw one of ``PEOPLE`` in one of ``POSES``, looking to the right."""
    who = PEOPLE[kind]
    if who.small != 1:
        pen = pen.at(0, 0, who.small)
    hips, chest, head, e1, h1, e2, h2, k1, f1, k2, f2 = (np.array(j) for j in POSES[pose])
    skin = "#c89a78"
    loose = who.skirt > 0.7
    _leg(pen, who, hips, k1, f1, near=False)
    _arm(pen, who, chest, e1, h1, skin, near=False)
    if who.carries in ("staff", "rod", "flag", "umbrella", "lantern", "sword", "broom", "kite", "brush"):
        carried(pen, who.carries, h1, pose)
    _leg(pen, who, hips, k2, f2, near=True)
    _body(pen, who, hips, chest, (k1 + k2) / 2, (f1 + f2) / 2, loose)
    if who.carries in ("bag", "basket", "violin", "book"):
        carried(pen, who.carries, h2 if who.carries != "violin" else chest, pose)
    if pose == "read":
        carried(pen, "book", h1, pose)
    _arm(pen, who, chest, e2, h2, skin, near=True)
    _face(pen, who, chest, head, skin)


def _leg(pen: Pen, who: Person, hips: Points, knee: Points, foot: Points, *, near: bool) -> None:
    lit, bright = (0.25, 0.85) if near else (0.05, 0.25)
    pen.limbs(
        [[(hips[0], hips[1] - 0.02, 0.062), (knee[0], knee[1], 0.043), (foot[0], foot[1] + 0.02, 0.028)]],
        who.legs,
        "cloth",
        lit=lit,
        bright=bright,
        grain=90,
    )
    pen.fill(
        limb([(foot[0] - 0.005, foot[1] + 0.008, 0.024), (foot[0] + 0.055, foot[1] - 0.002, 0.016)]),
        "#2a2320",
        lit + 0.2,
        "cloth",
    )


def _arm(pen: Pen, who: Person, chest: Points, elbow: Points, hand: Points, skin: str, *, near: bool) -> None:
    lit, bright = (0.30, 1.0) if near else (0.06, 0.3)
    shoulder = (chest[0] + (-0.035 if near else 0.045), chest[1] + 0.035)
    wide = who.sleeves
    pen.fill(oval(float(hand[0]), float(hand[1]), 0.024, 0.024), skin, bright * 0.9, "skin")
    pen.limbs(
        [
            [
                (*shoulder, 0.045),
                (float(elbow[0]), float(elbow[1]), 0.034 + (wide - 0.03) * 0.6),
                (float(hand[0]) * 0.9 + float(elbow[0]) * 0.1, float(hand[1]) * 0.9 + float(elbow[1]) * 0.1, wide),
            ]
        ],
        who.coat,
        "cloth",
        lit=lit,
        bright=bright,
        grain=80,
    )


def _body(pen: Pen, who: Person, hips: Points, chest: Points, knee: Points, foot: Points, loose: bool) -> None:
    pen.limbs(
        [
            [
                (hips[0], hips[1] - 0.01, 0.075 if not loose else 0.07),
                ((hips[0] + chest[0]) / 2, (hips[1] + chest[1]) / 2, 0.078),
                (chest[0], chest[1], 0.088),
                (chest[0], chest[1] + 0.055, 0.055),
            ]
        ],
        who.coat,
        "cloth",
        grain=85,
    )
    if not who.skirt:
        return
    down = knee if who.skirt < 0.6 else foot
    share = who.skirt / 0.55 if who.skirt < 0.6 else who.skirt
    end = hips + (down - hips) * min(1.0, share)
    wind = 0.05 if pen.air.weather in ("wind", "storm") else 0.0
    left, right = end + [-who.flare - wind, 0], end + [who.flare - wind * 0.4, 0.0]
    waist = hips + (chest - hips) * 0.3
    hem = [right + (left - right) * t + np.array([0, 0.010 * math.sin(9 * t)]) for t in np.linspace(0, 1, 9)]
    pen.fill(np.array([waist + [0.072, 0], *hem, waist + [-0.072, 0]]), who.coat, 0.22, "cloth", grain=85)
    side = right if pen.side > 0 else left
    near = waist + [0.07 if pen.side > 0 else -0.07, 0]
    pen.fill(
        np.array([near, side, side + (end - side) * 0.55, waist + (near - waist) * 0.2]),
        who.coat,
        0.95,
        "cloth",
        grain=85,
    )
    if pen.fine:
        for t in (0.3, 0.55, 0.78):
            foot_of = left + (right - left) * t
            pen.fill(
                limb(
                    [
                        (waist[0] - 0.03 + 0.06 * t, waist[1] - 0.06, 0.003),
                        (float(foot_of[0]), float(foot_of[1]) + 0.01, 0.007),
                    ]
                ),
                who.coat,
                0.05,
                "cloth",
                grain=85,
            )
        pen.fill(bar(waist[0] - 0.075, waist[1], waist[0] + 0.075, waist[1], 0.018), who.coat, 0.0, "cloth")


def _face(pen: Pen, who: Person, chest: Points, head: Points, skin: str) -> None:
    x, y = float(head[0]), float(head[1])
    pen.fill(limb([(chest[0], chest[1] + 0.07, 0.03), (x - 0.008, y - 0.04, 0.026)]), skin, 0.35, "skin")
    if who.hat == "long":
        pen.limbs(
            [[(x - 0.02, y + 0.03, 0.058), (x - 0.055, y - 0.06, 0.046), (x - 0.07, y - 0.16, 0.016)]],
            who.hair,
            "fur",
            grain=85,
        )
    pen.fill(oval(x, y, 0.053, 0.063), skin, 0.45, "skin")
    pen.fill(oval(x + 0.018 * (1 if pen.side > 0 else -0.6), y, 0.034, 0.052), skin, 0.95, "skin")
    pen.fill(poly((x + 0.048, y + 0.01), (x + 0.066, y - 0.012), (x + 0.046, y - 0.016)), skin, 0.85, "skin")
    if who.beard:
        pen.fill(limb([(x + 0.018, y - 0.035, 0.034), (x + 0.026, y - 0.085, 0.016)]), who.hair, 0.8, "fur", grain=85)
    if pen.fine:
        pen.fill(oval(x + 0.028, y + 0.010, 0.006, 0.008), "#1c1512", 0.1, "skin")
    if who.hat not in ("bald", "helmet", "visor"):
        turn = np.radians(np.linspace(20, 235, 10))
        cap = np.stack([x - 0.004 + 0.062 * np.cos(turn), y + 0.010 + 0.064 * np.sin(turn)], 1)
        pen.fill(cap, who.hair, 0.35, "fur")
    hat(pen, who, x, y)


def couple(pen: Pen) -> None:
    """Draw two people side by side."""
    person(pen.at(-0.16, 0.0, 1.0), "lover", "stand")
    person(pen.at(0.16, 0.0, 0.94, flip=True), "woman", "stand")


def crowd(pen: Pen) -> None:
    """Draw a few people going somewhere, 1 high and 2 wide."""
    kinds = ("man", "woman", "umbrella", "girl", "old man", "traveller", "boy")
    for i, x in enumerate(np.linspace(-0.9, 0.9, 7)):
        person(
            pen.at(float(x), float(pen.rng.uniform(0, 0.08)), 0.92, flip=bool(pen.rng.random() < 0.4)), kinds[i], "walk"
        )


def rider(pen: Pen) -> None:
    """Draw a rider on a horse, 1.55 high."""
    from miaobi.craft.drawing.beast import beast

    beast(pen.at(0, 0, 0.62), "horse", "walk")
    person(pen.at(0.02, 0.42, 0.62), "traveller", "sit")


def swing(pen: Pen) -> None:
    """Draw a child on a swing under a bough."""
    pen.fill(limb([(-0.6, 1.0, 0.05), (0.0, 1.03, 0.045), (0.6, 0.98, 0.03)]), "#6a5342", 0.4, "bark")
    for x in (-0.12, 0.12):
        pen.fill(bar(x, 1.0, x + 0.10, 0.30, 0.012), "#8a6d4a", 0.6, "cloth")
    pen.fill(bar(-0.06, 0.29, 0.26, 0.29, 0.03), "#7a5a3a", 0.7, "wood")
    person(pen.at(0.08, 0.11, 0.72), "girl", "sit")
