"""Birds, fish and small creatures, 1 high or long, looking to the right (+x) unless they look ahead."""

from __future__ import annotations

from math import cos, pi, radians, sin

from miaobi.craft.space.clay import Clay, ball, block, egg, limb, moved, ring, rope, slab

_DARK, _BEAK = "#2b2320", "#e0a02e"


def owl() -> Clay:
    """Return an owl on a stump, looking ahead."""
    clay, coat = Clay(), "#8a6a4a"
    clay.add(limb((0, 0, 0.02), (0, 0, 0.12), 0.24, 0.22), "#6b5238")
    clay.add(egg((0, 0, 0.46), (0.27, 0.24, 0.33)), coat)
    clay.add(egg((0, -0.08, 0.42), (0.20, 0.19, 0.26)), "#e8d8bc", 0.03)
    for row in range(3):
        for i in (-1, 0, 1):
            clay.add(
                ball((i * 0.085 + (0.04 if row % 2 else 0), -0.255 + abs(i) * 0.03, 0.34 + row * 0.085), 0.026),
                coat,
                0.01,
            )
    clay.add(egg((0, -0.01, 0.79), (0.25, 0.22, 0.20)), coat, 0.06)
    for side in (-1, 1):
        clay.add(egg((side * 0.105, -0.17, 0.80), (0.115, 0.065, 0.115)), "#f0e4cc", 0.01)
        clay.add(ball((side * 0.10, -0.215, 0.80), 0.062), "#e2a52e")
        clay.add(ball((side * 0.10, -0.262, 0.80), 0.036), _DARK)
        clay.add(limb((side * 0.15, -0.05, 0.92), (side * 0.21, -0.06, 1.0), 0.065, 0.03), coat, 0.02)
        clay.add(egg((side * 0.26, 0.03, 0.45), (0.075, 0.17, 0.26)), "#6b4f34", 0.02)
        for dx in (-0.045, 0.045):
            clay.add(egg((side * 0.10 + dx, -0.20, 0.155), (0.035, 0.08, 0.04)), _BEAK)
    clay.add(limb((0, -0.21, 0.765), (0, -0.255, 0.70), 0.042, 0.018), _BEAK)
    clay.add(egg((0, 0.22, 0.20), (0.12, 0.08, 0.18)), "#6b4f34", 0.03)
    return clay


_PERCHED = {  # coat, breast, beak, wing
    "sparrow": ("#9a7450", "#e6dac6", "#4a3c30", "#6b4a30"),
    "robin": ("#8a7452", "#d8622e", "#4a3c30", "#6b5a3c"),
    "crow": ("#2c2c32", "#2c2c32", "#1e1e22", "#24242a"),
    "magpie": ("#26282e", "#f2f0ea", "#1e1e22", "#32405c"),
    "swallow": ("#2c3c5c", "#f2e6d6", "#2b2320", "#24304a"),
    "gull": ("#f2f2ee", "#f6f6f2", "#e0a02e", "#a8b0b8"),
    "eagle": ("#5a4028", "#6b4c30", "#e0b03a", "#48331f"),
}


def perched(kind: str) -> Clay:
    """Return a bird on a stone."""
    coat, breast, beak, wing = _PERCHED[kind]
    clay = Clay()
    clay.add(egg((0, 0, 0.07), (0.36, 0.28, 0.15)), "#8f8a82")
    for side in (-0.08, 0.08):
        clay.add(limb((0.02, side, 0.14), (0.0, side, 0.34), 0.04), "#6b5a48", 0.02)
    clay.add(moved(egg((0, 0, 0), (0.34, 0.22, 0.23)), (-0.02, 0, 0.52), roll=-24), coat)
    clay.add(moved(egg((0.05, 0, -0.05), (0.26, 0.19, 0.19)), (0.03, 0, 0.50), roll=-24), breast, 0.02)
    clay.add(ball((0.22, -0.02, 0.78), 0.165), "#f2efe6" if kind == "eagle" else coat, 0.06)
    if kind == "robin":
        clay.add(egg((0.28, -0.02, 0.70), (0.12, 0.14, 0.14)), breast, 0.02)
    long = 0.22 if kind in ("crow", "eagle", "gull") else 0.13
    clay.add(
        limb((0.34, -0.03, 0.78), (0.36 + long, -0.05, 0.755 - (0.06 if kind == "eagle" else 0)), 0.06, 0.018),
        beak,
        0.01,
    )
    for side in (-1, 1):
        clay.add(ball((0.31, -0.02 + side * 0.115, 0.82), 0.03), "#f0e8d8" if kind in ("crow", "magpie") else _DARK)
        clay.add(moved(egg((-0.08, side * 0.19, 0.02), (0.30, 0.06, 0.15)), (-0.02, 0, 0.52), roll=-26), wing, 0.015)
    tail = 0.55 if kind == "magpie" else 0.36
    clay.add(moved(block((-0.22 - tail / 2, 0, 0), (tail, 0.17, 0.06), 0.028), (-0.02, 0, 0.50), roll=-30), wing, 0.03)
    return clay


def swimmer(kind: str) -> Clay:
    """Return a duck or a swan, as it lies on the water."""
    clay = Clay()
    white = kind == "swan"
    coat = "#f4f3ee" if white else "#8a7050"
    clay.add(egg((0, 0, 0.20), (0.42, 0.25, 0.22)), coat)
    clay.add(limb((-0.30, 0, 0.26), (-0.50, 0, 0.40), 0.13, 0.04), coat, 0.06)
    for side in (-1, 1):
        clay.add(
            moved(egg((-0.08, side * 0.21, 0.02), (0.32, 0.07, 0.15)), (0, 0, 0.27), roll=6),
            "#e6e5df" if white else "#6b5238",
            0.02,
        )
    if white:
        curve = [(0.30, 0, 0.28), (0.46, 0, 0.46), (0.40, 0, 0.68), (0.36, 0, 0.84), (0.45, 0, 0.94)]
        clay.add(rope(curve, [0.13, 0.085, 0.066, 0.062, 0.075]), coat, 0.05)
        head, size = (0.47, 0, 0.93), 0.085
    else:
        clay.add(limb((0.28, 0, 0.30), (0.34, 0, 0.60), 0.12, 0.10), "#2f5a44", 0.05)
        clay.add(ring((0.305, 0, 0.42), 0.10, 0.028), "#f0ece0", 0.01)
        head, size = (0.37, 0, 0.66), 0.135
        clay.add(ball(head, size), "#2f5a44", 0.04)
    x, y, z = head
    clay.add(
        limb((x + size * 0.7, y, z - 0.01), (x + size * 0.7 + 0.13, y, z - 0.05), 0.05 if white else 0.06, 0.034),
        "#d8742e" if white else _BEAK,
        0.01,
    )
    for side in (-1, 1):
        clay.add(ball((x + size * 0.45, y + side * size * 0.78, z + size * 0.35), 0.024), _DARK)
    return clay


def wader(kind: str) -> Clay:
    """Return a crane, a heron or an egret among reeds that hold it."""
    coat, wing = {"crane": ("#f4f3ee", "#2b2b30"), "heron": ("#9aa6b0", "#4a5662"), "egret": ("#f6f6f2", "#e8e8e2")}[
        kind
    ]
    clay = Clay()
    clay.add(limb((-0.02, -0.05, 0.03), (0.0, -0.03, 0.46), 0.030, 0.034), "#4a4238")
    clay.add(rope([(0.14, 0.05, 0.03), (0.10, 0.05, 0.22), (0.02, 0.03, 0.46)], [0.030, 0.030, 0.034]), "#4a4238")
    clay.add(moved(egg((0, 0, 0), (0.27, 0.14, 0.14)), (-0.02, 0, 0.52), roll=-14), coat, 0.04)
    clay.add(limb((-0.18, 0, 0.50), (-0.37, 0, 0.40), 0.10, 0.04), wing, 0.03)
    clay.add(
        rope([(0.18, 0, 0.57), (0.30, 0, 0.68), (0.24, 0, 0.82), (0.29, 0, 0.92)], [0.075, 0.05, 0.042, 0.05]),
        coat if kind != "crane" else "#33333a",
        0.04,
    )
    clay.add(ball((0.30, 0, 0.925), 0.062), coat, 0.02)
    if kind == "crane":
        clay.add(ball((0.295, 0, 0.965), 0.042), "#c23a32", 0.01)
    clay.add(limb((0.34, 0, 0.92), (0.54, 0, 0.885), 0.034, 0.017), _BEAK, 0.01)
    for side in (-1, 1):
        clay.add(ball((0.325, side * 0.048, 0.94), 0.018), _DARK)
        clay.add(moved(egg((-0.05, side * 0.115, 0.0), (0.23, 0.05, 0.10)), (-0.02, 0, 0.53), roll=-16), coat, 0.01)
    for x, y, tall, lean in (
        (-0.15, 0.10, 0.62, -0.05),
        (0.20, 0.12, 0.5, 0.06),
        (-0.10, -0.14, 0.34, -0.03),
        (0.24, -0.08, 0.3, 0.05),
    ):
        clay.add(limb((x, y, 0), (x + lean, y, tall), 0.030, 0.02), "#7d8a4a")
    return clay


def rooster() -> Clay:
    """Return a rooster."""
    clay, coat = Clay(), "#a8522a"
    for side in (-0.09, 0.09):
        clay.add(limb((0.0, side, 0.03), (-0.01, side, 0.34), 0.042), _BEAK)
        for dx in (0.08, -0.06):
            clay.add(limb((0, side, 0.035), (dx, side * 1.2, 0.03), 0.036, 0.026), _BEAK, 0.01)
    clay.add(moved(egg((0, 0, 0), (0.29, 0.21, 0.22)), (0, 0, 0.46), roll=-18), coat, 0.03)
    clay.add(limb((0.18, 0, 0.54), (0.24, 0, 0.80), 0.155, 0.095), "#d8903a", 0.05)
    clay.add(ball((0.26, 0, 0.83), 0.105), "#d8903a", 0.03)
    clay.add(limb((0.33, 0, 0.82), (0.46, 0, 0.79), 0.045, 0.016), _BEAK, 0.01)
    for i, x in enumerate((0.17, 0.24, 0.31)):
        clay.add(egg((x, 0, 0.945 + (0.025 if i == 1 else 0)), (0.048, 0.034, 0.06)), "#c22f2a", 0.02)
    clay.add(egg((0.34, 0, 0.70), (0.035, 0.04, 0.065)), "#c22f2a", 0.01)
    for side in (-1, 1):
        clay.add(ball((0.31, side * 0.085, 0.855), 0.022), _DARK)
        clay.add(moved(egg((-0.03, side * 0.185, 0.0), (0.21, 0.055, 0.13)), (0, 0, 0.47), roll=-14), "#7a3420", 0.02)
    for i, (dx, dz) in enumerate(((-0.52, 0.74), (-0.58, 0.60), (-0.54, 0.46), (-0.44, 0.84))):
        clay.add(
            rope(
                [(-0.20, 0, 0.50), ((dx - 0.2) / 2 - 0.02, (i % 2 - 0.5) * 0.06, dz * 0.5 + 0.36), (dx, 0, dz)],
                [0.10, 0.075, 0.04],
            ),
            ("#26443c", "#32584c", "#26443c", "#3c6a5a")[i],
            0.03,
        )
    return clay


def fish(kind: str) -> Clay:
    """Return a fish, a carp, a whale or a dolphin above the wave that carries it."""
    if kind == "whale":
        return _whale()
    coat, belly, fin = {
        "fish": ("#5a86a0", "#d8e2e2", "#3f6a84"),
        "carp": ("#e0622e", "#f6ead8", "#d04a26"),
        "dolphin": ("#6b8698", "#e2e8ea", "#587284"),
    }[kind]
    clay = Clay()
    clay.add(egg((0, 0, 0.05), (0.34, 0.24, 0.12)), "#4f8aa0")
    for x, y in ((-0.20, -0.10), (0.20, 0.08), (0.0, 0.16)):
        clay.add(egg((x, y, 0.12), (0.15, 0.10, 0.10)), "#dcecec", 0.05)
    clay.add(limb((0, 0, 0.08), (0, 0, 0.42), 0.13, 0.09), "#7fb0c0", 0.06)
    spine = [(0.46, 0, 0.50), (0.24, 0, 0.64), (-0.05, 0, 0.66), (-0.32, 0, 0.56), (-0.48, 0, 0.40)]
    clay.add(rope(spine, [0.10, 0.17, 0.18, 0.10, 0.055]), coat, 0.05)
    clay.add(
        rope([(0.42, 0, 0.46), (0.20, 0, 0.56), (-0.06, 0, 0.57), (-0.28, 0, 0.50)], [0.085, 0.13, 0.14, 0.07]),
        belly,
        0.02,
    )
    if kind == "dolphin":
        clay.add(limb((0.50, 0, 0.47), (0.63, 0, 0.40), 0.055, 0.04), coat, 0.03)
        clay.add(slab(((-0.02, 0.78), (-0.14, 0.98), (-0.22, 0.76)), 0.07, rounding=0.03), fin, 0.04)
        clay.add(moved(egg((0, 0, 0), (0.09, 0.22, 0.035)), (-0.54, 0, 0.34), roll=35), fin, 0.03)
    else:
        clay.add(slab(((0.16, 0.78), (-0.10, 0.96), (-0.26, 0.66)), 0.075, rounding=0.03), fin, 0.03)
        clay.add(slab(((-0.44, 0.44), (-0.74, 0.50), (-0.62, 0.34), (-0.68, 0.16)), 0.075, rounding=0.03), fin, 0.03)
    if kind == "carp":
        for px, pz, r in ((0.1, 0.80, 0.08), (-0.2, 0.72, 0.07)):
            clay.add(egg((px, 0, pz - 0.06), (r, 0.16, 0.07)), "#f6f0e6", 0.01)
    for side in (-1, 1):
        clay.add(ball((0.43, side * 0.095, 0.55), 0.032), _DARK)
        clay.add(limb((0.16, side * 0.14, 0.54), (0.0, side * 0.28, 0.42), 0.06, 0.035), fin, 0.03)
    return clay


def _whale() -> Clay:
    clay, coat = Clay(), "#4a6478"
    clay.add(
        rope(
            [(0.34, 0, 0.26), (0.0, 0, 0.28), (-0.36, 0, 0.20), (-0.56, 0, 0.34), (-0.60, 0, 0.52)],
            [0.24, 0.26, 0.14, 0.085, 0.06],
        ),
        coat,
        0.05,
    )
    clay.add(egg((0.20, 0, 0.14), (0.40, 0.22, 0.14)), "#e2e6e4", 0.03)
    for i in range(-2, 3):
        clay.cut(rope([(0.52, i * 0.07, 0.13), (0.2, i * 0.085, 0.045), (-0.05, i * 0.08, 0.07)], 0.016), "#b8c2c4")
    for side in (-1, 1):
        clay.add(moved(egg((0, side * 0.14, 0), (0.10, 0.17, 0.045)), (-0.62, 0, 0.58), yaw=side * 18), coat, 0.03)
        clay.add(limb((0.20, side * 0.20, 0.16), (0.02, side * 0.40, 0.06), 0.07, 0.04), coat, 0.03)
        clay.add(ball((0.48, side * 0.185, 0.25), 0.028), _DARK)
    clay.add(
        rope([(0.22, 0, 0.50), (0.22, 0, 0.70), (0.12, 0, 0.84), (0.02, 0, 0.76)], [0.045, 0.045, 0.05, 0.06]),
        "#bfe0e8",
        0.02,
    )
    clay.add(rope([(0.22, 0, 0.68), (0.32, 0, 0.84), (0.42, 0, 0.76)], [0.045, 0.05, 0.06]), "#bfe0e8", 0.02)
    return clay


def turtle() -> Clay:
    """Return a turtle."""
    clay, skin = Clay(), "#7d8f5a"
    clay.add(egg((0, 0, 0.20), (0.42, 0.34, 0.12)), "#d8c48a")
    clay.add(egg((0, 0, 0.26), (0.40, 0.33, 0.27)), "#6b5a34", 0.02)
    clay.add(ball((0.0, 0.0, 0.42), 0.13), "#8a7644", 0.01)
    for i in range(6):
        a = radians(60 * i + 30)
        clay.add(ball((0.22 * cos(a), 0.18 * sin(a), 0.35), 0.115), "#8a7644", 0.01)
    for x, y in ((0.28, -0.27), (0.28, 0.27), (-0.26, -0.25), (-0.26, 0.25)):
        clay.add(limb((x * 0.8, y * 0.8, 0.18), (x * 1.15, y * 1.15, 0.06), 0.09, 0.075), skin, 0.03)
    clay.add(limb((0.34, -0.02, 0.22), (0.52, -0.06, 0.36), 0.085, 0.09), skin, 0.03)
    clay.add(ball((0.55, -0.07, 0.38), 0.115), skin, 0.03)
    for side in (-1, 1):
        clay.add(ball((0.62, -0.07 + side * 0.078, 0.42), 0.026), _DARK)
    clay.add(limb((-0.38, 0, 0.16), (-0.52, 0, 0.10), 0.05, 0.025), skin, 0.02)
    return clay


def butterfly() -> Clay:
    """Return a butterfly on a flower."""
    clay = Clay()
    clay.add(limb((0, 0.05, 0), (0.0, 0.03, 0.42), 0.045, 0.04), "#5f7f45")
    for i in range(8):
        a = i * pi / 4
        clay.add(egg((0.13 * cos(a), 0.03 + 0.13 * sin(a), 0.43), (0.085, 0.085, 0.045)), "#f2ecdc", 0.02)
    clay.add(egg((0, 0.03, 0.455), (0.10, 0.10, 0.05)), "#e8c23a", 0.01)
    for side in (-1, 1):
        for tilt, (x, z), (long, wide), colour in (
            (-38, (0.27, 0.75), (0.27, 0.155), "#d9742e"),
            (28, (0.21, 0.54), (0.19, 0.13), "#c2572a"),
        ):
            wing = egg((0, 0, 0), (long, 0.036, wide))
            clay.add(moved(wing, (side * x, 0.02, z), roll=side * tilt), colour, 0.012)
            spot = egg((0, 0, 0), (long * 0.30, 0.052, wide * 0.42))
            at = (side * (x + 0.10), 0.02, z + (0.075 if z > 0.6 else -0.045))
            clay.add(moved(spot, at, roll=side * tilt), "#f4e0b0")
    clay.add(limb((0, 0.0, 0.46), (0, -0.02, 0.74), 0.045, 0.055), _DARK, 0.02)
    for side in (-1, 1):
        clay.add(
            rope([(side * 0.02, -0.02, 0.77), (side * 0.08, -0.03, 0.90), (side * 0.15, -0.03, 0.93)], 0.024), _DARK
        )
    return clay
