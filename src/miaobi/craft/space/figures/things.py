"""Things, 1 high: of the table, the sky, the hand, the fire."""

from __future__ import annotations

import numpy as np

from miaobi.craft.space.clay import (
    Clay,
    Shape,
    Vector,
    ball,
    block,
    common,
    egg,
    limb,
    moved,
    outline,
    ring,
    rope,
    turned,
    without,
)

_DARK, _WOOD = "#2b2320", "#8a5f3a"


def heart() -> Clay:
    """Return a heart on a foot."""
    clay = Clay()
    clay.add(turned(((0.24, 0.0), (0.24, 0.05), (0.09, 0.10), (0.07, 0.24)), rounding=0.012), "#e8dcc4")
    clay.add(_heart((0, 0, 0.54), 0.32), "#c22f3c", 0.02)
    return clay


def _heart(centre: Vector, size: float) -> Shape:
    """Return the surface (x² + 9/4 y² + z² − 1)³ = (x² + 9/80 y²) z³ (Taubin, 1993), *size* to its unit."""
    c = np.array(centre, float)

    def distance(p: np.ndarray) -> np.ndarray:
        x, y, z = ((p - c) / size).T
        flat = np.maximum(x * x + 0.1125 * y * y, 1e-9)
        root = np.cbrt(flat)  # the cube roots of both sides: no flat places where it is zero
        bend = 2 * z / (3 * root * root)
        steep = np.sqrt((2 - bend) ** 2 * x * x + (4.5 - 0.1125 * bend) ** 2 * y * y + (2 * z - root) ** 2)
        return size * (x * x + 2.25 * y * y + z * z - 1 - z * root) / np.clip(steep, 1.0, 6.0)

    reach = np.array([1.15, 0.72, 1.0]) * size
    return Shape(distance, c - reach, c + [reach[0], reach[1], 1.25 * size])


def _cushion(corners: np.ndarray, deep: float, rim: float) -> Shape:
    """Return a flat outline (x, z) swollen to *deep* either way, its rim rounded by *rim*."""
    flat = outline(corners.tolist())
    low, high = corners.min(axis=0), corners.max(axis=0)
    inner = low + (high - low) * np.indices((40, 40)).reshape(2, -1).T / 39
    most = float(-flat(inner[:, 0], inner[:, 1]).min())

    def distance(p: np.ndarray) -> np.ndarray:
        within = np.clip(-flat(p[:, 0], p[:, 2]) / most, -0.5, 1)
        swell = deep * np.sqrt(np.clip(1 - (1 - np.clip(within, 0, 1)) ** 2.2, 0, 1))
        outside = np.maximum(flat(p[:, 0], p[:, 2]), 0)
        return (
            0.6 * (np.hypot(np.maximum(np.abs(p[:, 1]) - swell, 0), outside) - rim)
            + np.minimum(0, np.abs(p[:, 1]) - swell) * 0.5
        )

    return Shape(
        distance,
        np.array([low[0] - rim, -deep - rim, low[1] - rim]),
        np.array([high[0] + rim, deep + rim, high[1] + rim]),
    )


def star() -> Clay:
    """Return a star on a foot."""
    clay = Clay()
    clay.add(turned(((0.22, 0.0), (0.22, 0.05), (0.09, 0.10), (0.075, 0.24)), rounding=0.012), "#7a5a3a")
    points = []
    for i in range(10):
        a, r = np.pi / 2 + i * np.pi / 5, 0.42 if i % 2 == 0 else 0.20
        points.append((r * np.cos(a), 0.58 + r * np.sin(a)))
    clay.add(_cushion(np.array(points), 0.15, 0.028), "#e8b43a", 0.01)
    return clay


def moon() -> Clay:
    """Return a crescent moon on a cloud."""
    clay = Clay()
    for x, y, z, r in (
        (0, 0, 0.09, 0.14),
        (0.18, 0.02, 0.06, 0.11),
        (-0.18, -0.02, 0.07, 0.12),
        (0.05, -0.12, 0.05, 0.10),
        (-0.06, 0.13, 0.06, 0.1),
    ):
        clay.add(ball((x, y, z), r), "#e8eef0", 0.05)
    disc = egg((0, 0, 0.58), (0.42, 0.15, 0.42))
    clay.add(without(disc, egg((0.19, 0, 0.66), (0.34, 0.5, 0.33))), "#f0d272", 0.03)
    return clay


def planet() -> Clay:
    """Return a planet with a ring on a foot."""
    clay = Clay()
    clay.add(turned(((0.24, 0.0), (0.24, 0.05), (0.08, 0.10), (0.06, 0.34)), rounding=0.012), "#3a3f48")
    clay.add(ball((0, 0, 0.64), 0.30), "#d8a86a")
    for z, thick, colour in (
        (0.72, 0.035, "#c08a4e"),
        (0.60, 0.045, "#e8c894"),
        (0.50, 0.03, "#b87c44"),
        (0.82, 0.03, "#e8c894"),
    ):
        r = float(np.sqrt(max(0.0, 0.30**2 - (z - 0.64) ** 2)))
        clay.add(moved(ring((0, 0, 0), r - thick * 0.7, thick), (0, 0, z)), colour)
    clay.add(
        moved(
            without(turned(((0.50, -0.034), (0.50, 0.034)), rounding=0.008), turned(((0.36, -0.2), (0.36, 0.2)))),
            (0, 0, 0.64),
            pitch=14,
            roll=16,
        ),
        "#e6d6b4",
    )
    clay.add(
        moved(
            without(turned(((0.37, -0.030), (0.37, 0.030))), turned(((0.24, -0.2), (0.24, 0.2)))),
            (0, 0, 0.64),
            pitch=14,
            roll=16,
        ),
        "#a8845a",
    )
    return clay


def bell() -> Clay:
    """Return a bronze bell in its frame."""
    clay = Clay()
    clay.add(block((0, 0, 0.03), (1.0, 0.44, 0.06), 0.015), "#6b2f24")
    for x in (-0.42, 0.42):
        clay.add(limb((x, 0, 0.05), (x, 0, 0.92), 0.046), "#8e3a2c")
    clay.add(limb((-0.52, 0, 0.93), (0.52, 0, 0.93), 0.052), "#8e3a2c")
    body = turned(((0.27, 0.20), (0.255, 0.26), (0.215, 0.50), (0.185, 0.68), (0.10, 0.77), (0.0, 0.79)))
    clay.add(without(body, turned(((0.215, 0.1), (0.20, 0.30), (0.165, 0.52), (0.13, 0.64), (0.0, 0.70)))), "#7d8a5a")
    for z, r in ((0.30, 0.252), (0.46, 0.226), (0.62, 0.198)):
        clay.add(ring((0, 0, z), r, 0.018), "#93a06c", 0.01)
    clay.add(ring((0, 0, 0.83), 0.055, 0.028, axis=1), "#7d8a5a", 0.01)
    clay.add(limb((0, 0, 0.05), (0, 0, 0.74), 0.05), "#6a7650")
    return clay


def teapot() -> Clay:
    """Return a teapot with its lid."""
    clay, glaze = Clay(), "#a8624a"
    clay.add(
        turned(
            ((0.26, 0.0), (0.27, 0.05), (0.40, 0.26), (0.42, 0.42), (0.33, 0.62), (0.20, 0.72), (0.0, 0.74)),
            rounding=0.015,
        ),
        glaze,
    )
    clay.add(turned(((0.24, 0.70), (0.22, 0.76), (0.06, 0.84), (0.0, 0.84)), rounding=0.015), "#8e4e3a")
    clay.add(ball((0, 0, 0.91), 0.085), "#8e4e3a", 0.03)
    clay.add(
        rope([(0.34, 0, 0.28), (0.55, 0, 0.44), (0.64, 0, 0.66), (0.74, 0, 0.70)], [0.12, 0.085, 0.062, 0.058]),
        glaze,
        0.05,
    )
    clay.add(
        rope([(-0.34, 0, 0.58), (-0.60, 0, 0.66), (-0.70, 0, 0.44), (-0.60, 0, 0.24), (-0.38, 0, 0.24)], 0.055),
        glaze,
        0.04,
    )
    for i in range(5):
        a = np.radians(-115 + 18 * i)
        clay.add(
            egg((0.405 * np.cos(a), 0.405 * np.sin(a), 0.42 + 0.03 * (i % 2)), (0.055, 0.055, 0.055)), "#e6d2b0", 0.01
        )
    return clay


def cup() -> Clay:
    """Return a cup on its saucer."""
    clay, glaze = Clay(), "#e8e2d4"
    clay.add(
        turned(((0.28, 0.0), (0.34, 0.03), (0.56, 0.10), (0.56, 0.14), (0.32, 0.09), (0.0, 0.09)), rounding=0.008),
        "#5f86a0",
    )
    bowl = turned(((0.20, 0.08), (0.22, 0.14), (0.36, 0.45), (0.41, 0.84)), rounding=0.01)
    clay.add(without(bowl, turned(((0.16, 0.20), (0.29, 0.46), (0.345, 0.9)))), glaze)
    clay.add(turned(((0.30, 0.55), (0.315, 0.62))), "#6b4226")
    clay.add(rope([(0.37, 0, 0.72), (0.58, 0, 0.70), (0.60, 0, 0.46), (0.32, 0, 0.34)], 0.05), glaze, 0.03)
    clay.add(ring((0, 0, 0.74), 0.385, 0.028), "#5f86a0", 0.01)
    return clay


def candle() -> Clay:
    """Return a candle in its holder."""
    clay = Clay()
    clay.add(
        turned(((0.32, 0.0), (0.38, 0.08), (0.36, 0.11), (0.18, 0.08), (0.16, 0.16), (0.0, 0.16)), rounding=0.012),
        "#b08a3c",
    )
    clay.add(ring((0.42, 0, 0.10), 0.09, 0.032, axis=1), "#b08a3c", 0.01)
    clay.add(turned(((0.13, 0.14), (0.125, 0.66), (0.10, 0.68), (0.0, 0.67)), rounding=0.015), "#f2e8d0")
    for a, z in ((0.4, 0.5), (2.2, 0.42), (4.4, 0.46)):
        clay.add(
            limb((0.135 * np.cos(a), 0.135 * np.sin(a), 0.66), (0.14 * np.cos(a), 0.14 * np.sin(a), z), 0.032, 0.038),
            "#f2e8d0",
            0.02,
        )
    clay.add(limb((0, 0, 0.66), (0, 0, 0.76), 0.028), _DARK)
    clay.add(rope([(0, 0, 0.78), (0, 0, 0.84), (0.01, 0, 0.98)], [0.06, 0.075, 0.02]), "#f0a83a", 0.02)
    return clay


def lantern(kind: str) -> Clay:
    """Return a paper lantern on its stand, a street lamp or an oil lantern."""
    clay = Clay()
    if kind == "street":
        clay.add(
            turned(
                ((0.13, 0.0), (0.13, 0.03), (0.07, 0.06), (0.045, 0.16), (0.03, 0.18), (0.026, 0.70), (0.045, 0.72)),
                rounding=0.006,
            ),
            "#34403c",
        )
        clay.add(turned(((0.055, 0.70), (0.10, 0.86), (0.0, 0.86)), sides=6, rounding=0.006), "#f4d684")
        clay.add(
            turned(((0.125, 0.855), (0.125, 0.875), (0.04, 0.95), (0.0, 0.99)), sides=6, rounding=0.006), "#34403c"
        )
        clay.add(limb((-0.11, 0, 0.66), (0.11, 0, 0.66), 0.024), "#34403c")
        return clay
    if kind == "paper":
        clay.add(turned(((0.26, 0.0), (0.26, 0.05), (0.12, 0.08), (0.12, 0.14)), rounding=0.01), "#5f4030")
        for i in range(7):
            z = 0.22 + i * 0.095
            r = 0.34 * np.sqrt(max(0.15, 1 - ((i - 3) / 3.6) ** 2))
            clay.add(egg((0, 0, z), (r, r, 0.085)), "#d0402e", 0.03)
        for z in (0.14, 0.85):
            clay.add(turned(((0.18, z - 0.02), (0.18, z + 0.035)), rounding=0.012), "#d8ad3c")
        clay.add(ring((0, 0, 0.94), 0.06, 0.026, axis=1), "#5f4030", 0.01)
        clay.add(limb((0, 0, 0.86), (0, 0, 0.90), 0.04), "#5f4030")
        return clay
    clay.add(turned(((0.26, 0.0), (0.26, 0.10), (0.17, 0.16), (0.14, 0.20)), rounding=0.012), "#4a5a4e")
    clay.add(turned(((0.13, 0.18), (0.19, 0.32), (0.19, 0.46), (0.12, 0.62), (0.0, 0.62)), rounding=0.008), "#f4d684")
    for i in range(4):
        a = np.pi / 4 + i * np.pi / 2
        clay.add(
            rope(
                [
                    (0.15 * np.cos(a), 0.15 * np.sin(a), 0.17),
                    (0.22 * np.cos(a), 0.22 * np.sin(a), 0.39),
                    (0.13 * np.cos(a), 0.13 * np.sin(a), 0.63),
                ],
                0.026,
            ),
            "#4a5a4e",
        )
    clay.add(turned(((0.17, 0.61), (0.18, 0.64), (0.09, 0.72), (0.07, 0.78), (0.0, 0.79)), rounding=0.01), "#4a5a4e")
    clay.add(
        rope([(-0.16, 0, 0.66), (-0.17, 0, 0.82), (0.0, 0, 0.97), (0.17, 0, 0.82), (0.16, 0, 0.66)], 0.026),
        "#4a5a4e",
        0.01,
    )
    return clay


def fruit(kind: str) -> Clay:
    """Return an apple or a pear."""
    clay = Clay()
    if kind == "pear":
        clay.add(rope([(0, 0, 0.30), (0.01, 0, 0.56), (0.02, 0, 0.72)], [0.30, 0.20, 0.145]), "#b8b43a", 0.12)
    else:
        clay.add(egg((0, 0, 0.42), (0.44, 0.44, 0.40)), "#c2342e")
        clay.cut(egg((0, 0, 0.86), (0.20, 0.20, 0.16)), "#a8402a", 0.12)
    clay.add(rope([(0.01, 0, 0.68), (0.02, 0, 0.84), (0.07, 0, 0.97)], [0.05, 0.042, 0.05]), "#5f4030", 0.02)
    clay.add(moved(egg((0.15, 0, 0), (0.16, 0.085, 0.036)), (0.03, 0, 0.84), roll=-22, yaw=-25), "#5f8a45", 0.02)
    return clay


def book() -> Clay:
    """Return a pile of three books."""
    clay = Clay()
    for i, (colour, wide, turn) in enumerate((("#2f5a70", 1.0, 4), ("#a8482e", 0.88, -9), ("#6b7a3a", 0.78, 12))):
        one = Clay()
        one.add(block((0, 0, 0.15), (wide, wide * 0.70, 0.29), 0.02), colour)
        one.cut(block((0.06, -0.03, 0.15), (wide, wide * 0.70, 0.20), 0.01), "#f0e8d4")
        one.add(block((0.015, -0.005, 0.15), (wide - 0.07, wide * 0.66, 0.21), 0.01), "#f0e8d4")
        for k in (-0.3, 0.3):
            one.add(block((-wide / 2, k * wide * 0.7, 0.15), (0.05, 0.05, 0.29), 0.012), "#d8ad3c")
        clay.place(one, (0, 0, i * 0.285), 1.0, turn)
    clay.add(block((0, 0, 0.43), (0.5, 0.35, 0.86)), "#f0e8d4")
    return clay


def chess(kind: str) -> Clay:
    """Return a chess king."""
    clay, wood = Clay(), "#e0cba0"
    profile = (
        (0.25, 0.0),
        (0.26, 0.05),
        (0.23, 0.09),
        (0.17, 0.12),
        (0.12, 0.20),
        (0.085, 0.40),
        (0.085, 0.56),
        (0.155, 0.60),
        (0.10, 0.63),
        (0.13, 0.72),
        (0.16, 0.82),
        (0.08, 0.86),
        (0.0, 0.87),
    )
    clay.add(turned(profile, rounding=0.012), wood)
    clay.add(block((0, 0, 0.92), (0.07, 0.06, 0.16), 0.012), wood, 0.01)
    clay.add(block((0, 0, 0.93), (0.16, 0.06, 0.06), 0.012), wood, 0.01)
    return clay


def hourglass() -> Clay:
    """Return an hourglass."""
    clay = Clay()
    for z in (0.04, 0.96):
        clay.add(turned(((0.30, z - 0.04), (0.31, z), (0.30, z + 0.04)), rounding=0.01), "#7a4f30")
    clay.add(
        turned(
            (
                (0.20, 0.06),
                (0.22, 0.20),
                (0.16, 0.36),
                (0.065, 0.48),
                (0.065, 0.52),
                (0.16, 0.64),
                (0.22, 0.80),
                (0.20, 0.94),
            )
        ),
        "#bfd4d8",
    )
    clay.add(turned(((0.222, 0.10), (0.228, 0.20), (0.205, 0.27)), rounding=0.002), "#d8b46a")
    for i in range(4):
        a = np.pi / 4 + i * np.pi / 2
        clay.add(
            rope([(0.26 * np.cos(a), 0.26 * np.sin(a), z) for z in (0.05, 0.5, 0.95)], [0.036, 0.028, 0.036]), "#7a4f30"
        )
    return clay


def umbrella() -> Clay:
    """Return an open umbrella on a stone."""
    clay = Clay()
    clay.add(turned(((0.22, 0.0), (0.20, 0.07), (0.06, 0.10)), rounding=0.015), "#8f8a82")
    clay.add(limb((0, 0, 0.05), (0, 0, 1.0), 0.03, 0.026), "#6b4a30", 0.02)
    dome = turned(((0.50, 0.62), (0.50, 0.655), (0.36, 0.80), (0.18, 0.90), (0.0, 0.94)), sides=8)
    clay.add(without(dome, turned(((0.46, 0.55), (0.33, 0.73), (0.15, 0.83), (0.0, 0.86)), sides=8)), "#a8342e")
    for i in range(8):
        a = np.pi / 8 + i * np.pi / 4
        reach = 1 / np.cos(np.pi / 8)
        clay.add(
            rope(
                [
                    (r * reach * np.cos(a), r * reach * np.sin(a), z)
                    for r, z in ((0.50, 0.64), (0.36, 0.795), (0.18, 0.895), (0.02, 0.94))
                ],
                0.020,
            ),
            "#e0b45a",
        )
    return clay


def campfire() -> Clay:
    """Return a fire in a ring of stones."""
    clay = Clay()
    for i in range(9):
        a = i * 2 * np.pi / 9
        clay.add(
            egg((0.46 * np.cos(a), 0.46 * np.sin(a), 0.08), (0.15, 0.13, 0.11)), ("#8f8a82", "#a09a90")[i % 2], 0.02
        )
    clay.add(turned(((0.46, 0.0), (0.40, 0.05))), "#4a423a")
    for i in range(5):
        a = i * 2 * np.pi / 5 + 0.3
        clay.add(
            limb((0.36 * np.cos(a), 0.36 * np.sin(a), 0.08), (0.05 * np.cos(a), 0.05 * np.sin(a), 0.34), 0.062),
            "#6b4a30",
        )
    clay.add(
        rope([(0, 0, 0.22), (0.03, 0, 0.48), (-0.02, 0, 0.74), (0.05, 0, 1.0)], [0.25, 0.22, 0.13, 0.025]),
        "#e2622a",
        0.04,
    )
    for x, y, z in ((0.18, -0.06, 0.70), (-0.17, -0.04, 0.62), (0.02, 0.16, 0.66), (0.05, -0.18, 0.58)):
        clay.add(
            rope([(x * 0.7, y * 0.7, 0.24), (x, y, 0.44), (x * 0.9, y * 0.9, z)], [0.15, 0.11, 0.025]), "#f0a03a", 0.04
        )
    return clay


def mountain(seed: int) -> Clay:
    """Return a mountain with snow on its peaks."""
    rng = np.random.default_rng(seed)
    clay = Clay()
    peaks = [
        (0.0, 0.05, 0.95, 0.55),
        (-0.34, -0.05, 0.62, 0.40),
        (0.36, 0.0, 0.70, 0.42),
        (0.12, -0.28, 0.40, 0.34),
        (-0.2, 0.3, 0.5, 0.36),
    ]
    waves = rng.uniform(0, 6.28, (5, 2))
    ways = rng.normal(size=(5, 2))

    def height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        tall = np.max([h * np.clip(1 - np.hypot(x - px, y - py) / r, 0, 1) ** 0.9 for px, py, h, r in peaks], axis=0)
        rough = sum(
            np.abs(np.sin(5.5 * 1.75**i * (x * w[0] + y * w[1]) + p[0])) / 1.9**i
            for i, (w, p) in enumerate(zip(ways, waves, strict=True))
        )
        return tall * (0.80 + 0.14 * rough)

    def distance(p: np.ndarray) -> np.ndarray:
        return np.maximum(
            (p[:, 2] - 0.03 - height(p[:, 0], p[:, 1])) * 0.32, np.maximum(np.hypot(p[:, 0], p[:, 1]) - 0.82, -p[:, 2])
        )

    rock = Shape(distance, np.array([-0.82, -0.82, 0.0]), np.array([0.82, 0.82, 1.15]))
    clay.add(rock, "#7d8a6a")
    clay.add(
        common(
            rock,
            Shape(lambda p: 0.30 - p[:, 2] + 0.05 * np.sin(9 * p[:, 0]) * np.sin(8 * p[:, 1]), rock.low, rock.high),
        ),
        "#8f8a86",
    )
    clay.add(
        common(
            rock,
            Shape(
                lambda p: 0.56 - p[:, 2] + 0.06 * np.sin(11 * p[:, 0] + 1) * np.sin(10 * p[:, 1]), rock.low, rock.high
            ),
        ),
        "#f4f6f8",
    )
    return clay
