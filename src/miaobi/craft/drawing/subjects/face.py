"""Faces in profile: brow, nose, lips, chin, an eye, an ear and hair; what is too small to be seen is left out.

Units are heights of the head, (0, 0) its middle, looking to the right.
"""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Points, limb, oval, poly
from miaobi.craft.drawing.subjects.attire import Person

_EYED = 13.0  # px: a head that is at least so high has an eye
_FEATURED = 34.0  # and one so high a brow, a mouth, an ear
_DARK = "#1d1613"

_GROWN = poly(
    (0.10, 0.44), (0.25, 0.36), (0.325, 0.22), (0.335, 0.10), (0.315, 0.035), (0.37, -0.045), (0.415, -0.105),
    (0.385, -0.135), (0.325, -0.145), (0.335, -0.185), (0.352, -0.215), (0.325, -0.24), (0.343, -0.275),
    (0.305, -0.32), (0.315, -0.385), (0.275, -0.445), (0.20, -0.47), (0.06, -0.41), (-0.06, -0.30), (-0.14, -0.10),
    (-0.30, 0.10), (-0.28, 0.34), (-0.08, 0.48),
)  # fmt: skip
_YOUNG = poly(
    (0.10, 0.45), (0.26, 0.38), (0.345, 0.22), (0.35, 0.08), (0.325, 0.01), (0.35, -0.045), (0.378, -0.085),
    (0.35, -0.12), (0.32, -0.135), (0.338, -0.17), (0.342, -0.195), (0.32, -0.215), (0.33, -0.245), (0.305, -0.28),
    (0.295, -0.33), (0.245, -0.395), (0.16, -0.425), (0.02, -0.38), (-0.10, -0.26), (-0.16, -0.06), (-0.30, 0.10),
    (-0.30, 0.36), (-0.08, 0.49),
)  # fmt: skip
_CROP = poly(
    (0.30, 0.29), (0.24, 0.44), (0.08, 0.535), (-0.14, 0.54), (-0.33, 0.43), (-0.42, 0.22), (-0.42, 0.02),
    (-0.36, -0.17), (-0.24, -0.25), (-0.17, -0.20), (-0.13, -0.07), (-0.10, 0.05), (-0.035, 0.03), (-0.01, -0.07),
    (0.035, 0.06), (0.06, 0.18), (0.16, 0.255),
)  # fmt: skip
_BEHIND = poly(  # what a bob or loose hair has beside it, to the chin
    (-0.12, 0.20), (-0.38, 0.22), (-0.46, 0.0), (-0.45, -0.26), (-0.34, -0.44), (-0.14, -0.40), (-0.06, -0.24),
    (-0.02, -0.02),
)  # fmt: skip


def face(pen: Pen, who: Person, *, feeling: str = "", asleep: bool = False) -> None:
    """Draw a head with its hair where *pen* stands; *feeling*: a mood of the picture (joyful, sad, dark), which the
    mouth and the brow show."""
    skin, grown = who.skin, who.small >= 1.0
    outline = _GROWN if grown else _YOUNG
    tall = pen.size
    if tall < _FEATURED:
        pen.fill(oval(0.0, 0.0, 0.36, 0.48), skin, 0.45, "skin")
        pen.fill(oval(0.14 if pen.side > 0 else -0.08, 0.0, 0.24, 0.40), skin, 0.95, "skin")
        pen.fill(poly((0.33, 0.08), (0.45, -0.09), (0.31, -0.12)), skin, 0.85, "skin")
    else:
        lit = 0.92 if pen.side > 0 else 0.55
        pen.fill(outline, skin, lit, "skin", smooth=True)
        _shade(pen, skin, outline)
    if who.beard:
        _beard(pen, who)
    if tall >= _FEATURED:
        _features(pen, who, skin, feeling, asleep, grown=grown)
    elif tall >= _EYED:
        eye = limb([(0.17, 0.065, 0.02), (0.25, 0.06, 0.02)]) if asleep else oval(0.21, 0.07, 0.045, 0.06)
        pen.fill(eye, _DARK, 0.1, "skin")
    _hair(pen, who)


def _shade(pen: Pen, skin: str, outline: Points) -> None:
    """Lay the soft side of a head: the jaw and the neck's root away from the light, or the face against it."""
    if pen.side > 0:
        jaw = poly(
            (-0.18, 0.0), (-0.05, -0.12), (0.06, -0.33), (0.21, -0.44), (0.19, -0.47), (0.05, -0.41), (-0.07, -0.3)
        )
        pen.fill(jaw, skin, 0.45, "skin", smooth=True)
    else:
        front = np.array([p for p in outline if p[0] > 0.24])
        inner = front[::-1] * [0.72, 0.96]
        pen.fill(np.concatenate([front, inner]), skin, 0.30, "skin", smooth=True, opacity=0.8)


def _features(pen: Pen, who: Person, skin: str, feeling: str, asleep: bool, *, grown: bool) -> None:
    x, y, big = (0.20, 0.045, 1.0) if grown else (0.20, 0.005, 1.3)
    brow = "#5a4636" if who.hat == "bald" else who.hair
    lift = {"joyful": 0.02, "sad": 0.03, "dark": -0.015}.get(feeling, 0.0)
    if asleep:
        pen.fill(limb([(x - 0.05, y, 0.008), (x, y - 0.022, 0.012), (x + 0.06, y - 0.008, 0.008)]), _DARK, 0.15, "skin")
    else:
        white = poly((x - 0.055, y), (x - 0.005, y + 0.042 * big), (x + 0.065, y + 0.012), (x + 0.045, y - 0.030 * big))
        pen.fill(white, "#f4efe6", 0.9, "skin", smooth=True)
        pen.fill(oval(x + 0.022, y + 0.004, 0.026 * big, 0.036 * big), _DARK, 0.1, "skin")
        lid = [(x - 0.065, y + 0.004, 0.007), (x - 0.01, y + 0.040 * big, 0.013), (x + 0.070, y + 0.020, 0.008)]
        pen.fill(limb(lid), _DARK, 0.15, "skin")
    inner, outer = (0.0, lift) if feeling == "dark" else (lift, 0.0)
    thick = 0.018 if grown else 0.014
    high = y + 0.105 * (1.0 if grown else 1.15)
    left, right = (x - 0.08, high - 0.015 + outer, thick * 0.6), (x + 0.095, high - 0.005 + inner, thick * 0.8)
    pen.fill(limb([left, (x, high + 0.02, thick), right]), brow, 0.25, "fur")
    curve = {"joyful": 0.035, "sad": -0.028, "dark": -0.016}.get(feeling, 0.008)
    m = -0.235 if grown else -0.212
    pen.fill(
        limb([(0.215, m + curve, 0.007), (0.27, m - 0.3 * curve, 0.010), (0.328, m, 0.009)]), "#8a4038", 0.35, "skin"
    )
    pen.fill(oval(0.17, -0.12, 0.075, 0.055), "#d0705a", 0.7, "skin", opacity=0.28 if grown else 0.42, solid=False)
    pen.fill(limb([(0.355, -0.125, 0.008), (0.335, -0.115, 0.011)]), "#8a5040", 0.35, "skin")
    pen.fill(oval(-0.075, -0.02, 0.062, 0.105, 12), skin, 0.75, "skin")
    pen.fill(limb([(-0.085, 0.045, 0.010), (-0.045, 0.0, 0.012), (-0.075, -0.06, 0.010)]), skin, 0.2, "skin")
    if who.aged:
        for dy in (-0.03, 0.0):
            pen.fill(limb([(x - 0.075, y - 0.02 + dy, 0.005), (x - 0.13, y - 0.03 + 2 * dy, 0.004)]), skin, 0.2, "skin")
        pen.fill(limb([(0.29, -0.12, 0.006), (0.235, -0.19, 0.007), (0.23, -0.25, 0.005)]), skin, 0.25, "skin")


def _beard(pen: Pen, who: Person) -> None:
    chin = poly(
        (0.02, -0.12), (0.14, -0.19), (0.30, -0.175), (0.36, -0.20), (0.31, -0.235), (0.35, -0.29), (0.38, -0.46),
        (0.28, -0.80), (0.16, -0.66), (0.02, -0.46), (-0.06, -0.24),
    )  # fmt: skip
    pen.fill(chin, who.hair, 0.62, "fur", grain=85, smooth=True)
    if pen.size >= _FEATURED:
        for x in (0.10, 0.19, 0.27):
            pen.fill(
                limb([(x, -0.30, 0.008), (x + 0.03, -0.52, 0.010), (x + 0.035, -0.66, 0.004)]), who.hair, 0.25, "fur"
            )


def _hair(pen: Pen, who: Person) -> None:
    if who.hat in ("helmet", "visor", "hood", "robot", "bald"):
        return
    style = who.hairdo
    if style in ("long", "bob"):
        pen.fill(_BEHIND, who.hair, 0.3, "fur", grain=85, smooth=True)
    pen.fill(_CROP, who.hair, 0.38, "fur", grain=20, smooth=True)
    if pen.size >= _EYED:
        sheen = [(-0.22, 0.40, 0.02), (-0.02, 0.47, 0.045), (0.16, 0.40, 0.02)]
        pen.fill(limb(sheen), who.hair, 0.95, "fur", grain=20, opacity=0.7)
    if style == "bun":
        pen.fill(oval(-0.36, 0.40, 0.19, 0.18), who.hair, 0.5, "fur")
        if pen.size >= _FEATURED:
            pen.fill(limb([(-0.44, 0.46, 0.02), (-0.34, 0.48, 0.03)]), who.hair, 0.95, "fur")
    elif style == "braid":
        plait = [(-0.36, -0.10, 0.10), (-0.46, -0.40, 0.095), (-0.50, -0.78, 0.07), (-0.50, -1.0, 0.045)]
        pen.limbs([plait], who.hair, "fur", grain=85)
        pen.fill(oval(-0.50, -0.90, 0.06, 0.035), "#b8392f", 0.8, "cloth")
    elif style == "curls":
        for x, y, r in (
            (0.20, 0.42, 0.15),
            (0.0, 0.53, 0.17),
            (-0.22, 0.47, 0.17),
            (-0.38, 0.26, 0.16),
            (-0.40, 0.02, 0.15),
            (-0.32, -0.16, 0.13),
        ):
            pen.fill(oval(x, y, r, r), who.hair, 0.42, "fur")
    elif style == "tail":
        pen.limbs([[(-0.38, 0.20, 0.09), (-0.58, 0.0, 0.11), (-0.62, -0.36, 0.06)]], who.hair, "fur", grain=85)
