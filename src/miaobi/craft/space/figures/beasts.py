"""Four-footed beasts, 1 high at the head or nearly, looking to the right (+x) and a little at the one who looks."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

from miaobi.craft.space.clay import Clay, ball, egg, limb, ring, rope
from miaobi.craft.space.figures.builds import BUILDS, Build

_DARK = "#2b2320"


def beast(kind: str) -> Clay:
    """Return one of ``BUILDS`` standing, or one of ``SITTING`` sitting."""
    if kind in SITTING:
        return sitting(kind)
    b = BUILDS[kind]
    clay = Clay()
    back = b.leg + b.girth
    front, hind = b.length / 2, -b.length / 2
    _legs(clay, b, front, hind)
    if "wool" in b.more:
        _wool(clay, b, back)
    else:
        trunk = rope(
            [(hind, 0, back), (0, 0, back - 0.02), (front, 0, back + 0.01)], [b.girth * 0.95, b.girth * 0.98, b.girth]
        )
        clay.add(trunk, b.coat, 0.06)
    if b.belly:
        clay.add(egg((0, 0, b.leg + b.girth * 0.45), (b.length * 0.52, b.girth * 0.62, b.girth * 0.55)), b.belly, 0.02)
    at = (front + b.neck[0], -0.05, back + b.neck[1])
    thick = b.girth * 0.72
    clay.add(limb((front, 0, back + b.girth * 0.2), at, thick, max(b.head * 0.72, thick * 0.45)), b.coat, 0.06)
    _head(clay, b, at)
    _tail(clay, b, (hind - b.girth * 0.75, 0, back + b.girth * 0.35))
    _more(clay, b, at, back)
    return clay


def _legs(clay: Clay, b: Build, front: float, hind: float) -> None:
    side, top = b.girth * 0.58, b.leg + b.girth * 0.72
    for x, stride in ((front, 0.03), (hind, -0.03)):
        for y, step in ((-side, 1), (side, -1)):
            foot = (x + step * stride, y, b.shank * 0.9)
            if x == hind and "wool" not in b.more:  # thigh, hock
                knee, hock = (x + 0.05, y, b.leg * 0.66), (x - 0.055, y, b.leg * 0.40)
                clay.add(
                    egg((x + 0.01, y * 0.82, top - 0.02), (b.girth * 0.72, b.girth * 0.5, b.girth * 0.86)), b.coat, 0.06
                )
                path = [(x, y * 0.9, top), knee, hock, (foot[0] - 0.02, y, foot[2])]
                thick = [b.shank * 1.8, b.shank * 1.3, b.shank, b.shank]
            else:
                clay.add(egg((x, y * 0.6, top), (b.girth * 0.58, b.girth * 0.46, b.girth * 0.80)), b.coat, 0.06)
                path = [(x, y * 0.9, top), (x + 0.02, y, b.leg * 0.5), foot]
                thick = [b.shank * 1.7, b.shank * 1.05, b.shank]
            clay.add(rope(path, thick), b.coat, 0.04)
            hoof = _DARK if b.leg > 0.3 and b.muzzle else b.coat
            at = (path[-1][0] + 0.012, y, b.shank * 0.55)
            clay.add(egg(at, (b.shank * 1.2, b.shank * 1.1, b.shank * 0.8)), hoof, 0.01)


def _head(clay: Clay, b: Build, at: tuple[float, float, float]) -> None:
    x, y, z = at
    h = b.head
    clay.add(egg((x + h * 0.1, y, z), (h * 1.05, h * 0.86, h * 0.95)), b.coat, 0.03)
    if b.muzzle:
        tip = (x + h * 0.6 + b.muzzle * 0.75, y - 0.02, z - h * 0.30 - b.muzzle * 0.32)
        clay.add(limb((x + h * 0.5, y - 0.01, z - h * 0.18), tip, h * 0.62, h * 0.48), b.belly or b.coat, 0.03)
        clay.add(egg((tip[0] + h * 0.34, tip[1], tip[2] + h * 0.12), (h * 0.22, h * 0.34, h * 0.26)), b.nose, 0.01)
    for side in (-1, 1):
        clay.add(ball((x + h * 0.66, y + side * h * 0.60, z + h * 0.34), h * 0.17), _DARK)
        thick, tall = b.ear
        if "trunk" in b.more:
            continue
        root = (x - h * 0.25, y + side * h * 0.62, z + h * 0.60)
        if tall < 0:  # hanging
            clay.add(
                egg(
                    (root[0], root[1] + side * thick * 0.5, root[2] + tall * 0.45),
                    (thick * 1.1, thick * 0.6, -tall * 0.62),
                ),
                "#8a5f3a",
                0.02,
            )
        elif tall < thick:
            clay.add(ball((root[0], root[1] * 1.05, root[2] + h * 0.22), thick), b.coat, 0.02)
        else:
            flat = 0.45 if b.more[-1:] == ("patches",) or "horns" in "".join(b.more) else 1.0
            clay.add(
                limb(
                    root,
                    (root[0] - tall * 0.3, root[1] + side * tall * (1.1 - flat), root[2] + tall * flat),
                    thick * 1.35,
                    thick * 0.7,
                ),
                b.coat,
                0.015,
            )


def _tail(clay: Clay, b: Build, at: tuple[float, float, float]) -> None:
    x, y, z = at
    if b.tail == "short":
        clay.add(ball((x - 0.01, y, z), 0.055), b.belly or b.coat, 0.03)
    elif b.tail in ("tuft", "long", "horse"):
        end = (x - 0.10, y + 0.02, z - 0.34)
        thick = 0.05 if b.tail == "horse" else 0.03
        colour = "#2f2018" if b.tail == "horse" else b.coat
        clay.add(
            rope([(x + 0.04, y, z), (x - 0.06, y, z - 0.08), end], [thick * 0.8, thick, thick * 0.9]), colour, 0.03
        )
        if b.tail == "tuft":
            clay.add(egg(end, (0.048, 0.048, 0.075)), _DARK, 0.02)
    elif b.tail == "bush":
        clay.add(
            rope([(x + 0.05, y, z), (x - 0.12, y, z - 0.10), (x - 0.20, y, z - 0.26)], [0.04, 0.085, 0.03]),
            b.coat,
            0.04,
        )
    elif b.tail == "up":
        clay.add(
            rope([(x + 0.05, y, z), (x - 0.06, y, z + 0.10), (x - 0.05, y, z + 0.22)], [0.045, 0.04, 0.026]),
            b.coat,
            0.03,
        )
    elif b.tail == "curl":
        clay.add(ring((x - 0.015, y, z + 0.02), 0.045, 0.026, axis=1), b.coat, 0.02)


def _wool(clay: Clay, b: Build, back: float) -> None:
    clay.add(egg((0, 0, back), (b.length * 0.62, b.girth * 1.05, b.girth * 1.02)), b.coat)
    for i in range(7):
        for j in range(-2, 3):
            x = (i - 3) * b.length * 0.165 + (0.03 if j % 2 else 0)
            tilt = j * 0.55
            fall = 1 - 0.35 * (x / (b.length * 0.62)) ** 2
            clay.add(
                ball((x, sin(tilt) * b.girth * 0.98 * fall, back + cos(tilt) * b.girth * 0.95 * fall), 0.066),
                b.coat,
                0.02,
            )
    clay.add(ball((b.length / 2 + b.neck[0] - 0.03, -0.05, back + b.neck[1] + b.head * 0.9), 0.085), b.coat, 0.03)


def _more(clay: Clay, b: Build, at: tuple[float, float, float], back: float) -> None:
    x, y, z = at
    h = b.head
    if "horn" in b.more:
        clay.add(
            limb((x + h * 0.5, y, z + h * 0.7), (x + h * 1.7, y - 0.01, z + h * 3.2), 0.036, 0.016), "#d9b45a", 0.01
        )
    for side in (-1, 1):
        root = (x - h * 0.1, y + side * h * 0.42, z + h * 0.8)
        if "antlers" in b.more:
            beam = [root, (x - 0.05, y + side * 0.13, z + 0.22), (x + 0.03, y + side * 0.19, z + 0.36)]
            clay.add(rope(beam, [0.028, 0.026, 0.020]), "#d8c3a0", 0.01)
            clay.add(limb(beam[1], (x + 0.10, y + side * 0.12, z + 0.30), 0.024, 0.018), "#d8c3a0", 0.01)
            clay.add(
                limb((x - 0.03, y + side * 0.10, z + 0.15), (x + 0.09, y + side * 0.07, z + 0.20), 0.022, 0.018),
                "#d8c3a0",
                0.01,
            )
        if "horns" in b.more or "great horns" in b.more:
            wide = 2.1 if "great horns" in b.more else 1.35
            points = [
                (x - h * 0.1, y + side * h * 0.6, z + h * 0.75),
                (x - h * 0.05, y + side * h * wide, z + h * 0.95),
                (x + h * 0.2, y + side * h * wide * 1.08, z + h * 1.7),
            ]
            clay.add(rope(points, [0.038, 0.034, 0.02]), "#e6dcc4", 0.01)
        if "back horns" in b.more:
            clay.add(
                rope(
                    [root, (x - 0.10, y + side * 0.08, z + 0.24), (x - 0.22, y + side * 0.11, z + 0.22)],
                    [0.036, 0.032, 0.02],
                ),
                "#8a7a62",
                0.01,
            )
        if "trunk" in b.more:
            clay.add(egg((x - h * 0.45, y + side * h * 1.15, z + h * 0.05), (0.055, h * 0.72, h * 0.92)), b.coat, 0.03)
            clay.add(
                rope(
                    [
                        (x + h * 0.5, y + side * h * 0.45, z - h * 0.55),
                        (x + h * 1.1, y + side * h * 0.6, z - h * 0.95),
                        (x + h * 1.5, y + side * h * 0.6, z - h * 0.75),
                    ],
                    [0.036, 0.032, 0.02],
                ),
                "#f0e8d8",
                0.01,
            )
    if "trunk" in b.more:
        clay.add(
            rope(
                [
                    (x + h * 0.6, y, z - h * 0.1),
                    (x + h * 1.15, y, z - h * 0.9),
                    (x + h * 1.15, y, z - h * 1.9),
                    (x + h * 1.55, y, z - h * 2.15),
                ],
                [0.12, 0.085, 0.062, 0.05],
            ),
            b.coat,
            0.06,
        )
    if "mane" in b.more:
        front = b.length / 2
        clay.add(
            rope(
                [
                    (front - 0.02, 0, back + b.girth * 0.95),
                    (x - h * 0.8, y, z + h * 0.55),
                    (x - h * 0.1, y, z + h * 0.95),
                ],
                0.045,
            ),
            "#2f2018",
            0.02,
        )
    if "lion's mane" in b.more:
        clay.add(egg((x - 0.05, y + 0.02, z - 0.03), (0.13, 0.21, 0.25)), "#8a5428", 0.03)
        clay.add(egg((x - 0.02, 0.0, z - 0.20), (0.15, 0.15, 0.17)), "#8a5428", 0.05)
        clay.add(egg((x + h * 0.34, y - 0.01, z), (h * 0.92, h * 0.80, h * 0.86)), b.coat, 0.01)
        clay.add(
            limb((x + h * 0.7, y - 0.01, z - h * 0.2), (x + h * 1.1, y - 0.02, z - h * 0.45), h * 0.5, h * 0.44),
            b.belly,
            0.02,
        )
        clay.add(egg((x + h * 1.5, y - 0.02, z - h * 0.28), (h * 0.18, h * 0.26, h * 0.2)), _DARK)
        for side in (-1, 1):
            clay.add(ball((x + h * 0.98, y + side * h * 0.5, z + h * 0.28), h * 0.15), _DARK)
    if "hump" in b.more:
        for dx in (-0.13, 0.13):
            clay.add(egg((dx, 0, back + b.girth * 0.9), (0.11, 0.10, 0.16)), b.coat, 0.07)
    if "beard" in b.more:
        clay.add(
            limb((x + h * 0.8, y - 0.02, z - h * 0.9), (x + h * 0.7, y - 0.02, z - h * 1.7), 0.035, 0.02),
            "#efe6d6",
            0.02,
        )
    if "stripes" in b.more:
        for i in range(6):
            sx = (i - 2.5) * b.length * 0.19
            for side in (-1, 1):
                clay.add(
                    rope(
                        [
                            (sx, side * 0.02, back + b.girth * 0.97),
                            (sx + 0.02, side * b.girth * 0.80, back + b.girth * 0.55),
                            (sx, side * b.girth * 0.98, back - 0.02),
                        ],
                        [0.022, 0.024, 0.014],
                    ),
                    _DARK,
                )
    if "patches" in b.more:
        for px, py, pz, r in ((-0.2, -1, 0.05, 0.15), (0.16, -1, 0.1, 0.11), (0.05, 1, 0.08, 0.16), (-0.3, 1, 0, 0.1)):
            clay.add(egg((px, py * b.girth * 0.62, back + pz), (r, b.girth * 0.42, r)), "#3a332e", 0.0)


@dataclass(frozen=True)
class Seat:
    """A beast that sits upright, looking ahead (towards −y and right)."""

    coat: str
    belly: str
    head: float = 0.22
    ear: tuple[str, float] = ("point", 0.16)  # point, round, long
    snout: float = 0.07
    tail: str = "round"  # round, brush, thin, none
    patches: str = ""


SITTING = {
    "cat": Seat("#d08a3e", "#f4e8d4", 0.22, ("point", 0.16), 0.05, "long"),
    "fox": Seat("#c9622a", "#f6eee0", 0.20, ("point", 0.19), 0.16, "brush"),
    "rabbit": Seat("#cdbfae", "#f4ece0", 0.20, ("long", 0.36), 0.06, "round"),
    "panda": Seat("#f2efe8", "#f2efe8", 0.25, ("round", 0.085), 0.08, "none", "#2b2927"),
    "mouse": Seat("#9a9490", "#dcd6d0", 0.24, ("round", 0.13), 0.13, "long"),
    "squirrel": Seat("#a35a2e", "#f0dcc0", 0.20, ("point", 0.14), 0.09, "plume"),
}


def sitting(kind: str) -> Clay:
    """Return one of ``SITTING``."""
    s = SITTING[kind]
    clay = Clay()
    limbs = s.patches or s.coat
    clay.add(egg((0, 0.05, 0.27), (0.25, 0.25, 0.27)), s.coat)
    clay.add(egg((0, 0.0, 0.46), (0.185, 0.175, 0.20)), s.patches or s.coat, 0.08)
    clay.add(egg((0, -0.10, 0.34), (0.155, 0.12, 0.23)), s.belly, 0.03)
    for side in (-1, 1):
        clay.add(egg((side * 0.20, 0.02, 0.15), (0.11, 0.19, 0.15)), limbs, 0.04)
        clay.add(egg((side * 0.17, -0.20, 0.055), (0.085, 0.13, 0.058)), limbs, 0.03)
        clay.add(
            rope(
                [(side * 0.13, -0.10, 0.46), (side * 0.11, -0.21, 0.26), (side * 0.09, -0.24, 0.06)],
                [0.075, 0.062, 0.064],
            ),
            limbs,
            0.03,
        )
    z, r = 0.74 if s.ear[0] == "long" else 0.77, s.head
    if s.ear[0] == "long":
        z = 0.66
    clay.add(egg((0, -0.05, z), (r * 1.06, r * 0.95, r * 0.93)), s.coat, 0.05)
    clay.add(egg((0, -0.05 - r * 0.70, z - r * 0.30), (r * 0.52, r * 0.34 + s.snout, r * 0.38)), s.belly, 0.04)
    clay.add(egg((0, -0.05 - r * 0.98 - s.snout, z - r * 0.20), (r * 0.16, r * 0.11, r * 0.12)), _DARK, 0.005)
    for side in (-1, 1):
        if s.patches:
            clay.add(
                egg((side * r * 0.44, -0.05 - r * 0.70, z + r * 0.12), (r * 0.27, r * 0.2, r * 0.31)), s.patches, 0.01
            )
        eye = "#0f0e0d" if s.patches else _DARK
        clay.add(ball((side * r * 0.43, -0.05 - r * (0.87 if s.patches else 0.80), z + r * 0.13), r * 0.115), eye)
        kind_of_ear, size = s.ear
        if kind_of_ear == "point":
            clay.add(
                limb(
                    (side * r * 0.58, -0.03, z + r * 0.52),
                    (side * r * 0.84, -0.02, z + r * 0.72 + size),
                    size * 0.52,
                    0.024,
                ),
                s.coat,
                0.02,
            )
            clay.add(
                limb(
                    (side * r * 0.58, -0.085, z + r * 0.62),
                    (side * r * 0.79, -0.06, z + r * 0.60 + size),
                    size * 0.26,
                    0.016,
                ),
                "#e6b8a0",
                0.005,
            )
        elif kind_of_ear == "round":
            clay.add(egg((side * r * 0.80, -0.02, z + r * 0.78), (size, size * 0.55, size)), s.patches or s.coat, 0.02)
        else:
            clay.add(
                limb((side * r * 0.42, -0.01, z + r * 0.7), (side * r * 0.70, 0.05, z + r * 0.7 + size), 0.06, 0.042),
                s.coat,
                0.02,
            )
            clay.add(
                limb((side * r * 0.42, -0.05, z + r * 0.85), (side * r * 0.68, 0.01, z + r * 0.62 + size), 0.03, 0.022),
                "#e2b6a6",
            )
    if s.tail == "long":
        clay.add(
            rope(
                [(0.10, 0.26, 0.08), (0.32, 0.20, 0.06), (0.36, -0.06, 0.055), (0.26, -0.24, 0.055)],
                [0.055, 0.05, 0.046, 0.04],
            ),
            s.coat,
            0.03,
        )
    elif s.tail == "brush":
        clay.add(rope([(0.08, 0.24, 0.10), (0.32, 0.22, 0.11), (0.40, -0.02, 0.10)], [0.06, 0.11, 0.09]), s.coat, 0.04)
        clay.add(egg((0.38, -0.14, 0.09), (0.08, 0.12, 0.08)), s.belly, 0.03)
    elif s.tail == "plume":
        clay.add(
            rope(
                [(0.08, 0.24, 0.10), (0.30, 0.26, 0.30), (0.34, 0.20, 0.60), (0.46, 0.20, 0.80)],
                [0.07, 0.13, 0.14, 0.08],
            ),
            s.coat,
            0.05,
        )
    elif s.tail == "round":
        clay.add(ball((0, 0.32, 0.14), 0.085), s.belly, 0.02)
    return clay
