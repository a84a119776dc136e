"""Trees and plants, 1 high; chance (twigs, crowns) from a seed."""

from __future__ import annotations

import numpy as np

from miaobi.craft.space.clay import Clay, ball, egg, limb, moved, ring, rope, turned

_CROWNS = {  # leaves, darker leaves, bark
    "tree": ("#6f9a4c", "#55803c", "#6b4f38"),
    "oak": ("#5f8040", "#4a6a34", "#5f4a36"),
    "birch": ("#a3b85a", "#86a048", "#e6e0d4"),
    "maple": ("#cf5a2c", "#b0461f", "#6b4f38"),
    "cherry": ("#f0c0cc", "#e0a2b4", "#5c4438"),
    "plum-tree": ("#e8b4c4", "#d490a8", "#4f3d34"),
    "apple-tree": ("#6f9a4c", "#55803c", "#6b4f38"),
    "olive": ("#8f9a72", "#748058", "#7d6c58"),
    "ginkgo": ("#e2b83c", "#c89c2a", "#6b5a48"),
    "elm": ("#6f8f4a", "#567a3a", "#6b5440"),
    "bush": ("#6f9a4c", "#55803c", "#6b4f38"),
}


def crowned(kind: str, seed: int) -> Clay:
    """Return a tree with a crown of leaf-balls on branches."""
    leaf, shade, bark = _CROWNS[kind]
    rng = np.random.default_rng(seed)
    clay = Clay()
    if kind == "bush":
        for i in range(26):
            z = 0.98 - 0.9 * (i + 0.5) / 26
            a, flat = i * 2.39996 + rng.uniform(-0.2, 0.2), np.sqrt(1 - (z - 0.1) ** 2)
            at = (0.40 * flat * np.cos(a), 0.40 * flat * np.sin(a), 0.10 + 0.70 * z)
            clay.add(ball(at, rng.uniform(0.14, 0.19)), leaf if i % 3 else shade, 0.03)
        clay.add(egg((0, 0, 0.32), (0.40, 0.40, 0.40)), shade, 0.04)
        return clay
    clay.add(rope([(0, 0, -0.02), (0.015, 0, 0.12), (-0.01, 0, 0.42)], [0.115, 0.062, 0.055]), bark)
    for i in range(4):
        a = i * np.pi / 2 + rng.uniform(-0.4, 0.4)
        clay.add(limb((0.09 * np.cos(a), 0.09 * np.sin(a), 0.0), (0.0, 0.0, 0.14), 0.045, 0.05), bark, 0.05)
        clay.add(limb((0, 0, 0.36), (0.20 * np.cos(a + 0.6), 0.20 * np.sin(a + 0.6), 0.58), 0.045, 0.03), bark, 0.03)
    wide = 0.80 if kind in ("oak", "cherry", "olive") else 0.70
    count = 16
    balls = []
    for i in range(count):  # balls over an egg, the Fibonacci way, so that no side is bare
        z = 1 - 2 * (i + 0.5) / count
        a = i * 2.39996 + rng.uniform(-0.25, 0.25)
        flat = np.sqrt(1 - z * z)
        at = (0.26 * wide * 1.3 * flat * np.cos(a), 0.26 * wide * 1.3 * flat * np.sin(a), 0.68 + 0.19 * z)
        balls.append(at)
        clay.add(ball(at, rng.uniform(0.125, 0.165)), leaf if z > -0.25 else shade, 0.035)
    clay.add(egg((0, 0, 0.67), (0.22, 0.22, 0.20)), shade, 0.05)
    if kind == "apple-tree":
        for x, y, z in balls[2:13:2]:
            out = np.array([x, y, z - 0.62]) / np.linalg.norm([x, y, z - 0.62])
            clay.add(ball(np.array([x, y, z]) + 0.145 * out, 0.048), "#c8342c", 0.008)
    return clay


def conifer(kind: str, seed: int) -> Clay:
    """Return a pine, a fir or a larch in tiers, or a cypress or poplar as one flame."""
    clay = Clay()
    leaf, shade = {
        "larch": ("#a8a045", "#8a8436"),
        "poplar": ("#7f9a4a", "#6a843e"),
        "cypress": ("#4a6b42", "#3c5a38"),
    }.get(kind, ("#3f6b4a", "#325a3e"))
    clay.add(limb((0, 0, 0), (0, 0, 0.3), 0.075, 0.06), "#5f4636")
    if kind in ("cypress", "poplar"):
        clay.add(
            turned(((0.06, 0.10), (0.145, 0.24), (0.155, 0.42), (0.10, 0.74), (0.02, 0.98)), rounding=0.02), leaf, 0.03
        )
        for i in range(16):
            a, z = i * 2.39996, 0.18 + i * 0.045
            r = 0.13 * (1 - ((z - 0.36) / 0.72) ** 2)
            clay.add(egg((r * np.cos(a), r * np.sin(a), z), (0.07, 0.07, 0.14)), leaf if i % 2 else shade, 0.03)
        return clay
    tiers = 5
    rng = np.random.default_rng(seed)
    for i in range(tiers):
        low = 0.14 + i * 0.158
        wide = 0.34 * (1 - i / tiers * 0.86)
        tier = turned(
            ((wide * 0.25, 0.035), (wide, 0.0), (wide * 1.0, 0.022), (wide * 0.40, 0.17), (0.01, 0.27)), sides=0
        )
        clay.add(moved(tier, (0, 0, low)), shade if i % 2 else leaf, 0.02)
        turn = rng.uniform(0, 6)
        for k in range(9 - i):
            a = turn + 2 * np.pi * k / (9 - i)
            clay.add(
                egg((wide * 0.9 * np.cos(a), wide * 0.9 * np.sin(a), low + 0.012), (0.055, 0.055, 0.045)),
                shade if i % 2 else leaf,
                0.04,
            )
    return clay


def scots_pine(kind: str, seed: int) -> Clay:
    """Return a leaning old pine with cushions of needles, as on scrolls."""
    clay, bark = Clay(), "#7a5238"
    rng = np.random.default_rng(seed)
    trunk = [(-0.10, 0, -0.02), (-0.04, 0, 0.18), (0.07, 0, 0.38), (0.03, 0, 0.60), (0.12, 0, 0.80)]
    clay.add(rope(trunk, [0.105, 0.07, 0.06, 0.05, 0.035]), bark, 0.03)
    for x, y, z, w in (
        (0.14, 0, 0.88, 0.20),
        (-0.24, -0.03, 0.66, 0.20),
        (0.36, -0.02, 0.58, 0.19),
        (-0.20, 0.06, 0.42, 0.15),
        (0.32, 0.05, 0.36, 0.12),
    ):
        root = trunk[min(4, max(1, round(z * 4.6)))]
        clay.add(limb((root[0], 0, z - 0.10), (x, y, z - 0.03), 0.036, 0.03), bark, 0.03)
        clay.add(egg((x, y, z), (w, w * 0.72, 0.075)), "#3f6b4a", 0.03)
        for _ in range(7):
            dx, dy = rng.uniform(-0.7, 0.7, 2) * w
            clay.add(egg((x + dx, y + dy * 0.7, z + 0.045), (w * 0.34, w * 0.3, 0.055)), "#4c7d55", 0.025)
    return clay


def willow(kind: str, seed: int) -> Clay:
    """Return a willow with hanging strands."""
    rng = np.random.default_rng(seed)
    clay = Clay()
    clay.add(rope([(0, 0, -0.02), (0.02, 0, 0.25), (-0.01, 0, 0.60)], [0.115, 0.075, 0.06]), "#6b5844", 0.03)
    clay.add(egg((0, 0, 0.80), (0.27, 0.25, 0.19)), "#8fae5c", 0.05)
    for i in range(22):
        a = i * 2.39996
        r = 0.24 + 0.10 * ((i * 7) % 5) / 5
        x, y = r * np.cos(a), r * np.sin(a)
        end = rng.uniform(0.14, 0.42)
        clay.add(
            rope([(x * 0.6, y * 0.6, 0.86), (x, y, 0.74), (x * 1.14, y * 1.14, end)], [0.07, 0.055, 0.028]),
            ("#8fae5c", "#7d9c4e")[i % 2],
            0.025,
        )
    return clay


def palm(kind: str, seed: int) -> Clay:
    """Return a palm tree."""
    clay = Clay()
    stem = [(-0.12, 0, -0.02), (-0.05, 0, 0.22), (0.02, 0, 0.48), (0.06, 0, 0.76)]
    clay.add(rope(stem, [0.09, 0.062, 0.052, 0.046]), "#8a6a48", 0.02)
    for i in range(1, 9):
        z = 0.08 * i
        x = np.interp(z, [p[2] for p in stem], [p[0] for p in stem])
        clay.add(ring((x, 0, z), 0.055 - 0.002 * i, 0.017), "#73563a", 0.015)
    for i in range(8):
        a = i * np.pi / 4 + 0.2
        c, s = np.cos(a), np.sin(a)
        clay.add(
            rope(
                [
                    (0.06, 0, 0.78),
                    (0.06 + 0.18 * c, 0.18 * s, 0.92),
                    (0.06 + 0.34 * c, 0.34 * s, 0.84),
                    (0.06 + 0.40 * c, 0.40 * s, 0.66),
                ],
                [0.045, 0.06, 0.05, 0.026],
            ),
            ("#5f8f4a", "#4c7a3c")[i % 2],
            0.02,
        )
    for i in range(3):
        clay.add(ball((0.06 + 0.07 * np.cos(i * 2.1), 0.07 * np.sin(i * 2.1), 0.74), 0.052), "#7a4f2e", 0.01)
    return clay


def bare(kind: str, seed: int) -> Clay:
    """Return a leafless tree."""
    rng = np.random.default_rng(seed)
    clay, bark = Clay(), "#5f5048"

    def grow(at: np.ndarray, way: np.ndarray, long: float, thick: float, left: int) -> None:
        end = at + way * long
        clay.add(limb(at, end, thick, max(0.022, thick * 0.66)), bark, 0.02)
        if left:
            for k in range(2 if left > 1 else 3):
                turn = rng.uniform(0, 2 * np.pi)
                spread = rng.uniform(0.4, 0.75) * (1 if k else 0.6)
                side = np.array([np.cos(turn), np.sin(turn), 0.1]) * spread
                new = way + side
                grow(
                    end - way * 0.02,
                    new / np.linalg.norm(new),
                    long * rng.uniform(0.62, 0.8),
                    max(0.024, thick * 0.64),
                    left - 1,
                )

    grow(np.array([0.0, 0, -0.02]), np.array([0.03, 0.0, 1.0]), 0.36, 0.082, 4)
    return clay


def cactus(kind: str, seed: int) -> Clay:
    """Return a cactus in flower, in a pot."""
    clay, green = Clay(), "#5a8a55"
    clay.add(turned(((0.17, 0.0), (0.22, 0.20), (0.245, 0.20), (0.245, 0.26), (0.0, 0.26)), rounding=0.008), "#b8623c")
    clay.add(limb((0, 0, 0.24), (0, 0, 0.82), 0.14, 0.125), green)
    for side, z in ((-1, 0.42), (1, 0.52)):
        clay.add(
            rope([(side * 0.08, 0, z), (side * 0.26, 0, z + 0.02), (side * 0.28, 0, z + 0.22)], [0.066, 0.072, 0.062]),
            green,
            0.03,
        )
    for i in range(10):
        a = i * np.pi / 5
        clay.add(
            limb((0.138 * np.cos(a), 0.138 * np.sin(a), 0.28), (0.125 * np.cos(a), 0.125 * np.sin(a), 0.84), 0.02),
            "#6fa066",
            0.015,
        )
    for i in range(5):
        a = i * 1.2566
        clay.add(ball((0.055 * np.cos(a), 0.055 * np.sin(a), 0.955), 0.045), "#e2628a", 0.01)
    return clay


def mushrooms(kind: str, seed: int) -> Clay:
    """Return three fly agarics."""
    clay = Clay()
    for x, y, size in ((0.0, 0.05, 1.0), (0.36, -0.10, 0.62), (-0.32, -0.14, 0.46)):
        one = Clay()
        one.add(turned(((0.15, 0.0), (0.115, 0.2), (0.095, 0.55)), rounding=0.02), "#f0e8d8")
        one.add(ring((0, 0, 0.45), 0.105, 0.03), "#e6dcc8", 0.02)
        one.add(
            turned(
                ((0.20, 0.04), (0.36, 0.0), (0.37, 0.06), (0.30, 0.22), (0.16, 0.33), (0, 0.36)),
                (0, 0, 0.56),
                rounding=0.025,
            ),
            "#c83a2e",
            0.02,
        )
        for i in range(9):
            a, t = i * 2.39996, (0.15 + 0.8 * i / 9)
            r = 0.345 * np.sin(t * 1.35)
            one.add(ball((r * np.cos(a), r * np.sin(a), 0.60 + 0.34 * np.cos(t * 1.35)), 0.05), "#f6efe2", 0.005)
        clay.place(one, (x, y, 0), size)
    return clay


def pumpkins(kind: str, seed: int) -> Clay:
    """Return a pumpkin."""
    clay = Clay()
    for i in range(9):
        a = i * 2 * np.pi / 9
        clay.add(
            egg((0.22 * np.cos(a), 0.22 * np.sin(a), 0.38), (0.25, 0.25, 0.36)), ("#dd7a26", "#d06c20")[i % 2], 0.015
        )
    clay.add(rope([(0, 0, 0.62), (0.01, 0, 0.82), (0.08, -0.02, 0.95)], [0.10, 0.06, 0.07]), "#6b7a3a", 0.03)
    clay.add(rope([(0.05, 0, 0.76), (0.24, -0.16, 0.82), (0.34, -0.26, 0.66)], [0.036, 0.03, 0.026]), "#6b8a3f", 0.02)
    return clay


def flower(kind: str, seed: int) -> Clay:
    """Return one flower in a pot."""
    petal, heart = {
        "rose": ("#c2304a", "#c2304a"),
        "peony": ("#e080a0", "#f0d27a"),
        "camellia": ("#d0485a", "#f0d27a"),
        "poppy": ("#d8402a", "#2b2b24"),
        "tulip": ("#d8903a", "#d8903a"),
        "daisy": ("#f6f2e8", "#e8b42e"),
        "sunflower": ("#ecb42a", "#5f4028"),
        "chrysanthemum": ("#e6c23a", "#d8a82e"),
        "lily": ("#f4ece4", "#e0a83a"),
        "iris": ("#6a5aa8", "#e8c23a"),
        "cornflower": ("#4a6cc0", "#35509a"),
        "orchid": ("#b070c0", "#f0d060"),
        "lotus": ("#f0b8c8", "#e8d24a"),
        "magnolia": ("#f0dce0", "#d8b0b8"),
    }[kind]
    clay = Clay()
    clay.add(turned(((0.13, 0.0), (0.165, 0.20), (0.185, 0.20), (0.185, 0.25), (0.0, 0.25)), rounding=0.008), "#a8603c")
    clay.add(rope([(0, 0, 0.22), (0.02, 0, 0.45), (0, -0.02, 0.72)], 0.035), "#5a8045")
    for side, z in ((1, 0.38), (-1, 0.48)):
        clay.add(
            moved(egg((0.14, 0, 0), (0.15, 0.065, 0.032)), (0, 0, z), roll=-35, yaw=0 if side > 0 else 180),
            "#5a8045",
            0.02,
        )
    head = Clay()
    if kind in ("rose", "tulip", "lotus", "magnolia", "peony", "camellia"):
        rings = (
            ((3, 0.05, 0.11, 0.10), (5, 0.10, 0.10, 0.16))
            if kind == "tulip"
            else ((3, 0.045, 0.13, 0.09), (5, 0.095, 0.09, 0.14), (7, 0.155, 0.055, 0.15))
        )
        head.add(egg((0, 0, 0.08), (0.085, 0.085, 0.10)), heart if kind not in ("rose", "tulip") else petal)
        for count, r, z, tall in rings:
            for i in range(count):
                a = 2 * np.pi * i / count + r * 9
                leaf = moved(
                    egg((0, 0, 0), (0.09, 0.042, tall * 0.9)),
                    (r * np.cos(a), r * np.sin(a), z),
                    yaw=float(np.degrees(a)) - 90,
                    pitch=-18 - 260 * max(0, r - 0.06),
                )
                head.add(leaf, petal, 0.012)
    else:
        count = {"lily": 6, "iris": 6, "orchid": 6, "poppy": 5}.get(kind, 14)
        wide = 0.125 if count < 8 else 0.055
        for i in range(count):
            a = 360 * i / count
            head.add(moved(egg((0.155, 0, 0), (0.13, wide, 0.034)), (0, 0, 0.02), yaw=a, roll=-16), petal, 0.012)
        if kind == "chrysanthemum":
            for i in range(10):
                head.add(
                    moved(egg((0.09, 0, 0.05), (0.09, 0.05, 0.036)), (0, 0, 0.03), yaw=36 * i + 18, roll=-38),
                    petal,
                    0.012,
                )
        head.add(egg((0, 0, 0.045), (0.10, 0.10, 0.06)), heart, 0.01)
    turned_head = Clay()
    for part in head.parts:
        turned_head.parts.append(
            type(part)(
                moved(part.shape, (0, 0, 0), pitch=38 if kind not in ("rose", "tulip", "lotus") else 12),
                part.colour,
                part.melt,
                part.cut,
            )
        )
    clay.place(turned_head, (0, -0.03, 0.74), 1.05)
    return clay


def bamboo(kind: str, seed: int) -> Clay:
    """Return a stand of bamboo."""
    rng = np.random.default_rng(seed)
    clay = Clay()
    for x, y, tall in (
        (-0.16, 0.02, 0.92),
        (0.0, -0.06, 1.0),
        (0.15, 0.05, 0.84),
        (0.07, 0.14, 0.7),
        (-0.08, 0.15, 0.76),
    ):
        lean = rng.uniform(-0.05, 0.05)
        clay.add(limb((x, y, -0.02), (x + lean, y, tall), 0.044, 0.034), "#7f9a4a")
        for z in np.arange(0.14, tall, 0.15):
            clay.add(ring((x + lean * z / tall, y, z), 0.036, 0.015), "#a8b86a", 0.01)
        for k in range(4):
            z = tall * (0.50 + 0.14 * k)
            a = rng.uniform(0, 360)
            clay.add(
                moved(
                    egg((0.13, 0, 0), (0.12, 0.042, 0.026)),
                    (x + lean * z / tall, y, z),
                    yaw=a,
                    roll=rng.uniform(10, 35),
                ),
                "#55803c",
                0.015,
            )
    return clay
