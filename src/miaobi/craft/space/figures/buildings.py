"""Buildings, 1 high, their fronts towards −y."""

from __future__ import annotations

import numpy as np

from miaobi.craft.space.clay import (
    Clay,
    Shape,
    ball,
    below,
    block,
    common,
    egg,
    limb,
    moved,
    ring,
    rope,
    slab,
    turned,
    without,
)

_GLASS, _DARK, _STONE = "#3a4654", "#2b2320", "#a8a094"


def lighthouse() -> Clay:
    """Return a lighthouse on its rock."""
    clay = Clay()
    clay.add(egg((0, 0, 0.0), (0.34, 0.30, 0.13)), "#7f7a72")
    for x, y, r in (
        (-0.26, -0.10, 0.10),
        (0.26, -0.12, 0.09),
        (0.18, 0.18, 0.11),
        (-0.16, 0.2, 0.1),
        (0.05, -0.28, 0.08),
    ):
        clay.add(ball((x, y, 0.03), r), "#8d877e", 0.04)
    at = (0.155, 0.085)
    low, high = 0.10, 0.74
    clay.add(turned(((0.19, 0.08), (0.18, 0.12), (0.15, 0.16)), rounding=0.01), _STONE, 0.01)
    bands = 5
    for i in range(bands):
        a, b = low + (high - low) * i / bands, low + (high - low) * (i + 1) / bands
        ra, rb = (at[0] + (at[1] - at[0]) * ((z - low) / (high - low)) ** 0.8 for z in (a, b))
        clay.add(turned(((ra, a - 0.004), (rb, b + 0.004))), ("#c8402e", "#f2ede2")[i % 2])
    clay.add(turned(((0.085, 0.73), (0.135, 0.775), (0.135, 0.80), (0.0, 0.80)), rounding=0.004), "#3a4048")
    clay.add(ring((0, 0, 0.845), 0.128, 0.013), "#3a4048")
    for i in range(8):
        a = i * np.pi / 4
        clay.add(
            limb((0.128 * np.cos(a), 0.128 * np.sin(a), 0.79), (0.128 * np.cos(a), 0.128 * np.sin(a), 0.845), 0.013),
            "#3a4048",
        )
    clay.add(turned(((0.072, 0.79), (0.072, 0.90))), "#f4d272")
    for i in range(6):
        a = i * np.pi / 3
        clay.add(
            limb((0.072 * np.cos(a), 0.072 * np.sin(a), 0.79), (0.072 * np.cos(a), 0.072 * np.sin(a), 0.90), 0.013),
            "#3a4048",
        )
    clay.add(turned(((0.095, 0.895), (0.10, 0.91), (0.045, 0.96), (0.0, 0.985))), "#c8402e")
    clay.add(ball((0, 0, 0.985), 0.024), "#3a4048", 0.01)
    clay.add(block((0, -0.155, 0.19), (0.075, 0.06, 0.12), 0.012), "#6b4a30")
    for z, y in ((0.40, -0.125), (0.60, -0.100)):
        clay.cut(block((0, y - 0.012, z), (0.042, 0.05, 0.062), 0.008), _GLASS)
    return clay


def _roof(wide: float, deep: float, low: float, high: float, over: float = 0.05) -> Shape:
    """Return a gabled roof whose ridge runs along x."""
    half = deep / 2 + over
    return moved(
        slab(
            ((-half, low - 0.02), (-half, low + 0.02), (0, high), (half, low + 0.02), (half, low - 0.02)),
            wide + 2 * over,
            axis=0,
        )
    )


def _openings(clay: Clay, places: list[tuple[float, float, float, float]], y: float) -> None:
    """Put windows (x, z, width, height) with frames on the wall at *y*."""
    for x, z, w, h in places:
        clay.add(block((x, y, z), (w + 0.035, 0.04, h + 0.035), 0.008), "#f0ece2")
        clay.cut(block((x, y - 0.02, z), (w, 0.04, h), 0.004), _GLASS)
        clay.add(block((x, y, z), (0.018, 0.03, h), 0.004), "#f0ece2")
        clay.add(block((x, y, z), (w, 0.03, 0.018), 0.004), "#f0ece2")


def house(kind: str) -> Clay:
    """Return a house, cottage, barn, hut, mill or shop."""
    wall, roof, wide, tall = {
        "house": ("#e8dcc4", "#a8482e", 0.78, 0.44),
        "cottage": ("#f0e8d6", "#8a7048", 0.90, 0.34),
        "barn": ("#a83e32", "#5a544e", 0.90, 0.46),
        "hut": ("#8a6a48", "#6b5638", 0.64, 0.34),
        "mill": ("#d8ccb4", "#7a4a34", 0.70, 0.52),
        "shop": ("#d8c29a", "#4f6a62", 0.78, 0.54),
    }[kind]
    clay, deep = Clay(), 0.58
    clay.add(block((0, 0, 0.03), (wide + 0.06, deep + 0.06, 0.07), 0.015), _STONE)
    clay.add(block((0, 0, tall / 2 + 0.02), (wide, deep, tall), 0.012), wall)
    gable = slab(((-deep / 2, tall - 0.02), (0, 0.90), (deep / 2, tall - 0.02)), wide, axis=0)
    clay.add(gable, wall)
    clay.add(_roof(wide, deep, tall - 0.03, 0.97, 0.06), roof)
    for i in range(5):  # courses of tiles
        z = tall + 0.04 + i * (0.90 - tall) / 5
        y = (0.97 - z) / (0.97 - tall) * (deep / 2 + 0.06)
        for side in (-1, 1):
            clay.add(limb((-wide / 2 - 0.05, side * y, z), (wide / 2 + 0.05, side * y, z), 0.016), roof, 0.01)
    door = {"barn": (0.28, 0.34), "shop": (0.16, 0.30)}.get(kind, (0.14, 0.28))
    x = 0.0 if kind in ("barn", "hut") else -0.20
    clay.add(block((x, -deep / 2, door[1] / 2 + 0.05), (door[0] + 0.05, 0.05, door[1] + 0.04), 0.012), "#f0ece2")
    clay.add(block((x, -deep / 2 - 0.012, door[1] / 2 + 0.045), (door[0], 0.05, door[1]), 0.01), "#6b4a30")
    clay.add(ball((x + door[0] * 0.3, -deep / 2 - 0.04, 0.18), 0.018), "#d8ad3c")
    if kind == "shop":
        clay.add(block((0.12, -deep / 2 - 0.06, 0.40), (0.50, 0.16, 0.04), 0.015), "#c8503a", 0.01)
    if kind != "barn":
        _openings(
            clay,
            [(0.14, 0.25, 0.17, 0.16)]
            if kind == "hut"
            else [(0.05, 0.25, 0.13, 0.14), (0.27, 0.25, 0.13, 0.14)][: 2 if wide > 0.7 else 1],
            -deep / 2,
        )
        clay.add(block((wide * 0.26, 0.10, 0.88), (0.12, 0.12, 0.26), 0.01), "#9a5a44")
        clay.add(block((wide * 0.26, 0.10, 1.0), (0.15, 0.15, 0.04), 0.01), _STONE)
    if kind == "mill":
        clay.add(ring((wide / 2 + 0.07, 0, 0.30), 0.22, 0.034, axis=0), "#6b4a30")
        for i in range(4):
            a = i * np.pi / 4
            c, s = 0.24 * np.cos(a), 0.24 * np.sin(a)
            clay.add(limb((wide / 2 + 0.07, c, 0.30 + s), (wide / 2 + 0.07, -c, 0.30 - s), 0.026), "#6b4a30")
        clay.add(limb((wide / 2 - 0.05, 0, 0.30), (wide / 2 + 0.08, 0, 0.30), 0.045), "#6b4a30")
    return clay


def church() -> Clay:
    """Return a village church."""
    clay, wall, roof = Clay(), "#ece4d4", "#7a4a3a"
    clay.add(block((0.12, 0, 0.16), (0.62, 0.36, 0.32), 0.01), wall)
    clay.add(moved(slab(((-0.18, 0.30), (0, 0.52), (0.18, 0.30)), 0.62, axis=0), (0.12, 0, 0)), wall)
    clay.add(moved(_roof(0.62, 0.36, 0.30, 0.56, 0.03), (0.12, 0, 0)), roof)
    clay.add(block((-0.26, 0, 0.31), (0.25, 0.25, 0.62), 0.008), wall)
    clay.add(turned(((0.155, 0.61), (0.155, 0.64), (0.03, 0.90), (0.0, 0.93)), (-0.26, 0, 0), sides=4), roof)
    clay.add(limb((-0.26, 0, 0.90), (-0.26, 0, 1.0), 0.02), "#d8ad3c")
    clay.add(limb((-0.295, 0, 0.965), (-0.225, 0, 0.965), 0.018), "#d8ad3c")
    clay.add(block((-0.26, -0.125, 0.11), (0.11, 0.05, 0.20), 0.03), "#6b4a30")
    clay.cut(block((-0.26, -0.14, 0.50), (0.07, 0.06, 0.12), 0.025), _GLASS)
    clay.add(ring((-0.26, -0.125, 0.36), 0.05, 0.016, axis=1), "#d8ad3c")
    for x in (-0.02, 0.14, 0.30):
        clay.cut(block((x, -0.19, 0.18), (0.065, 0.06, 0.15), 0.03), _GLASS)
    return clay


def _crenels(clay: Clay, centre: tuple[float, float], radius: float, z: float, colour: str, count: int = 8) -> None:
    for i in range(count):
        a = 2 * np.pi * i / count
        clay.add(
            block((centre[0] + radius * np.cos(a), centre[1] + radius * np.sin(a), z), (0.052, 0.052, 0.06), 0.006),
            colour,
        )


def castle() -> Clay:
    """Return a castle with four towers and a keep."""
    clay, wall = Clay(), "#b8ae9c"
    for side in (-1, 1):
        clay.add(block((0, side * 0.33, 0.16), (0.70, 0.09, 0.34), 0.005), wall)
        clay.add(block((side * 0.35, 0, 0.16), (0.09, 0.66, 0.34), 0.005), wall)
        for i in range(6):
            clay.add(block((-0.25 + i * 0.10, side * 0.33, 0.355), (0.055, 0.09, 0.06), 0.005), wall)
    clay.add(block((0, 0, 0.03), (0.70, 0.66, 0.06)), "#8f9a6a")
    for x in (-1, 1):
        for y in (-1, 1):
            clay.add(
                turned(
                    ((0.13, 0.0), (0.115, 0.05), (0.115, 0.46), (0.135, 0.49), (0.135, 0.53)), (x * 0.35, y * 0.33, 0)
                ),
                wall,
            )
            clay.add(
                turned(((0.15, 0.52), (0.15, 0.535), (0.0, 0.78)), (x * 0.35, y * 0.33, 0)),
                "#4f6a8a" if x * y > 0 else "#a8482e",
            )
            clay.cut(block((x * 0.35, y * 0.33 - 0.115, 0.38), (0.035, 0.06, 0.08), 0.01), _DARK)
    clay.add(turned(((0.17, 0.0), (0.17, 0.66), (0.195, 0.70), (0.195, 0.74)), (0, 0.06, 0)), wall)
    _crenels(clay, (0.0, 0.06), 0.17, 0.765, wall)
    clay.add(turned(((0.11, 0.73), (0.11, 0.80), (0.0, 0.98)), (0, 0.06, 0)), "#a8482e")
    clay.cut(block((0.0, -0.10, 0.52), (0.05, 0.06, 0.10), 0.02), _DARK)
    clay.add(block((0, -0.36, 0.15), (0.24, 0.08, 0.36), 0.01), "#a89e8c")
    clay.cut(limb((0, -0.44, 0.13), (0, -0.30, 0.13), 0.075), "#5a4632")
    clay.cut(block((0, -0.37, 0.07), (0.15, 0.14, 0.13)), "#5a4632")
    clay.add(block((0, -0.35, 0.10), (0.17, 0.02, 0.20)), "#6b4a30")
    return clay


def windmill() -> Clay:
    """Return a windmill."""
    clay = Clay()
    clay.add(turned(((0.25, 0.0), (0.25, 0.04), (0.14, 0.60), (0.0, 0.60)), sides=8), "#ece4d2")
    clay.add(turned(((0.30, 0.20), (0.30, 0.24)), sides=8, rounding=0.008), "#7a5a3a")
    clay.add(turned(((0.16, 0.59), (0.155, 0.64), (0.09, 0.74), (0.0, 0.78)), rounding=0.008), "#6b4a36")
    clay.add(limb((0, -0.10, 0.64), (0, -0.24, 0.645), 0.045), _DARK, 0.01)
    for i in range(4):
        a = np.radians(90 * i + 20)
        c, s = np.cos(a), np.sin(a)
        clay.add(limb((0, -0.225, 0.645), (0.40 * c, -0.225, 0.645 + 0.40 * s), 0.024), "#5f4636")
        blade = slab(((0.08, 0.005), (0.40, 0.005), (0.40, 0.105), (0.08, 0.085)), 0.036, rounding=0.006)
        clay.add(moved(blade, (0, -0.225, 0.645), roll=-float(np.degrees(a))), "#f2ead8", 0.006)
    clay.add(block((0, -0.235, 0.13), (0.10, 0.06, 0.19), 0.012), "#6b4a30")
    for z, y in ((0.33, -0.192), (0.47, -0.167)):
        clay.cut(block((0, y, z), (0.06, 0.05, 0.07), 0.008), _GLASS)
    return clay


def _eaves(wide: float, low: float, high: float, sides: int) -> Shape:
    """Return a roof that sweeps up at its corners, as of a pagoda, about the z axis."""
    profile = (
        (wide * 0.98, low),
        (wide, low + 0.022),
        (wide * 0.62, low + (high - low) * 0.42),
        (wide * 0.30, high),
        (0.0, high),
    )
    base = turned(profile, sides=sides)

    def distance(p: np.ndarray) -> np.ndarray:
        angle = np.arctan2(p[:, 1], p[:, 0]) + np.pi / 2
        corner = np.cos(sides * angle / 2) ** 2  # 0 on the corners, 1 on the middles of the sides
        reach = np.clip(np.hypot(p[:, 0], p[:, 1]) / wide, 0, 1.4)
        q = p.copy()
        q[:, 2] -= 0.42 * (high - low) * (1 - corner) ** 2 * reach**4
        return base.distance(q)

    lift = np.array([0.0, 0.0, 0.5 * (high - low)])
    return Shape(distance, base.low, base.high + lift)


def pagoda() -> Clay:
    """Return a pagoda of five storeys."""
    clay = Clay()
    clay.add(turned(((0.32, 0.0), (0.32, 0.035), (0.27, 0.035), (0.27, 0.07)), sides=8), _STONE)
    for i in range(5):
        z = 0.06 + 0.155 * i
        w = 0.185 * (1 - 0.115 * i)
        clay.add(turned(((w, z), (w, z + 0.115)), sides=8), "#b8503a")
        for k in range(8):
            a = np.pi / 8 + k * np.pi / 4
            r = w / np.cos(np.pi / 8)
            clay.add(
                limb((r * np.cos(a), r * np.sin(a), z), (r * np.cos(a), r * np.sin(a), z + 0.11), 0.016), "#7a2f24"
            )
            m = k * np.pi / 4 - np.pi / 2
            clay.cut(moved(block((w, 0, z + 0.05), (0.03, w * 0.40, 0.062), 0.01), yaw=float(np.degrees(m))), "#3a2a24")
        clay.add(_eaves(w * 1.72, z + 0.095, z + 0.175, 8), "#3f5a56")
    clay.add(turned(((0.06, 0.83), (0.03, 0.87), (0.022, 0.99), (0, 1.0)), rounding=0.006), "#d8ad3c")
    for z, r in ((0.88, 0.04), (0.915, 0.034), (0.95, 0.028)):
        clay.add(ball((0, 0, z), r), "#d8ad3c", 0.01)
    return clay


def pavilion() -> Clay:
    """Return a pavilion of six posts."""
    clay = Clay()
    clay.add(turned(((0.44, 0.0), (0.44, 0.05), (0.38, 0.05), (0.38, 0.10)), sides=6), _STONE)
    for k in range(6):
        a = k * np.pi / 3
        x, y = 0.33 * np.cos(a), 0.33 * np.sin(a)
        clay.add(limb((x, y, 0.08), (x, y, 0.60), 0.034), "#a83a2e")
        b = (k + 1) * np.pi / 3
        clay.add(limb((x, y, 0.55), (0.33 * np.cos(b), 0.33 * np.sin(b), 0.55), 0.030), "#3f6a62")
        if k != 4:
            clay.add(limb((x, y, 0.22), (0.33 * np.cos(b), 0.33 * np.sin(b), 0.22), 0.026), "#a83a2e")
    clay.add(_eaves(0.46, 0.575, 0.86, 6), "#4a5f5a")
    clay.add(turned(((0.06, 0.84), (0.035, 0.90), (0.0, 0.99)), rounding=0.012), "#d8ad3c", 0.02)
    clay.add(turned(((0.11, 0.09), (0.05, 0.11), (0.05, 0.22), (0.12, 0.25), (0.12, 0.27)), rounding=0.006), _STONE)
    return clay


def temple() -> Clay:
    """Return a hall with a sweeping roof on a terrace."""
    clay = Clay()
    clay.add(block((0, 0, 0.05), (1.24, 0.80, 0.10), 0.01), _STONE)
    clay.add(block((0, 0, 0.12), (1.06, 0.66, 0.08), 0.01), "#bcb4a6")
    for i in range(3):
        clay.add(block((0, -0.40 - 0.03 * i, 0.10 - 0.035 * i), (0.30, 0.10, 0.06 - 0.01 * i), 0.005), "#bcb4a6")
    clay.add(block((0, 0.02, 0.31), (0.82, 0.44, 0.34)), "#c8b48e")
    for i in range(6):
        x = -0.425 + i * 0.17
        clay.add(limb((x, -0.27, 0.14), (x, -0.27, 0.48), 0.030), "#a83a2e")
        clay.add(limb((x, 0.28, 0.14), (x, 0.28, 0.48), 0.030), "#a83a2e")
    for i in range(5):
        clay.add(block((-0.34 + i * 0.17, -0.205, 0.29), (0.11, 0.03, 0.26), 0.006), "#6b2f24")
    clay.add(block((0, 0, 0.475), (1.0, 0.62, 0.05), 0.01), "#3f6a62")
    for low, high, wide, deep in ((0.48, 0.68, 1.20, 0.84), (0.66, 0.93, 0.84, 0.54)):
        clay.add(_hipped(wide, deep, low, high), "#46564f")
    clay.add(limb((-0.33, 0, 0.93), (0.33, 0, 0.93), 0.034), "#38463f")
    for side in (-1, 1):
        clay.add(limb((side * 0.33, 0, 0.93), (side * 0.37, 0, 0.995), 0.036, 0.024), "#d8ad3c", 0.02)
    return clay


def _hipped(wide: float, deep: float, low: float, high: float) -> Shape:
    """Return a hipped roof whose sides hang and whose corners rise."""
    half = np.array([wide / 2, deep / 2])
    top = np.array([wide / 2 - deep * 0.42, deep * 0.08])

    def distance(p: np.ndarray) -> np.ndarray:
        q = np.abs(p[:, :2])
        away = ((q - top) / (half - top)).max(axis=1)  # 0 at the ridge, 1 at the eaves
        corner = np.clip(((q - top) / (half - top)).min(axis=1), 0, 1.2)
        lift = 0.30 * (high - low) * corner**3
        share = np.clip(1 - away, -0.2, 1.2)
        roof = low + 0.03 + (high - low - 0.03) * (0.45 * share + 0.55 * share**2) + lift
        under = low + lift
        within = (q - half).max(axis=1)
        return np.maximum(np.maximum((p[:, 2] - roof) * 0.62, (under - p[:, 2]) * 0.9), within * 0.9)

    return Shape(distance, np.array([-half[0], -half[1], low]), np.array([half[0], half[1], high + 0.3 * (high - low)]))


def gate() -> Clay:
    """Return a memorial archway of three bays."""
    clay = Clay()
    for x, tall in ((-0.50, 0.62), (-0.19, 0.80), (0.19, 0.80), (0.50, 0.62)):
        clay.add(block((x, 0, tall / 2), (0.075, 0.09, tall), 0.01), "#a83a2e")
        clay.add(block((x, 0, 0.06), (0.14, 0.26, 0.12), 0.02), _STONE)
    for x, wide, z in ((0, 0.46, 0.66), (-0.35, 0.36, 0.50), (0.35, 0.36, 0.50)):
        clay.add(block((x, 0, z), (wide, 0.06, 0.055), 0.008), "#3f6a62")
        clay.add(block((x, 0, z + 0.10), (wide, 0.06, 0.05), 0.008), "#3f6a62")
        clay.add(block((x, 0, z + 0.05), (wide * 0.7, 0.045, 0.08), 0.006), "#d8c08a")
        clay.add(moved(_hipped(wide + 0.12, 0.22, 0.0, 0.13), (x, 0, z + 0.12)), "#46564f")
        clay.add(limb((x - wide * 0.40, 0, z + 0.25), (x + wide * 0.40, 0, z + 0.25), 0.022), "#38463f")
    return clay


def bridge() -> Clay:
    """Return an arched stone bridge over water."""
    clay, wall = Clay(), "#b4aa9a"
    arch = [(x, 0.60 - 1.05 * x * x) for x in np.linspace(-0.66, 0.66, 15)]
    body = slab([(-0.66, 0.0), *arch, (0.66, 0.0)], 0.36, axis=1)
    clay.add(block((0, 0, 0.02), (1.40, 0.62, 0.05), 0.015), "#5f94a8")
    clay.add(without(body, limb((0, -1, 0.08), (0, 1, 0.08), 0.33)), wall)
    clay.add(
        common(
            without(limb((0, -0.19, 0.08), (0, 0.19, 0.08), 0.385), limb((0, -1, 0.08), (0, 1, 0.08), 0.33)),
            moved(below(-0.06), pitch=180),
        ),
        "#9c9282",
    )
    for y in (-0.165, 0.165):
        clay.add(rope([(x, y, z + 0.115) for x, z in arch], 0.026), "#c8beac")
        for x, z in arch[::2]:
            clay.add(limb((x, y, z - 0.02), (x, y, z + 0.14), 0.034), "#c8beac")
    clay.add(block((0, 0, 0.02), (1.40, 0.62, 0.05), 0.015), "#5f94a8")
    return clay


def tent() -> Clay:
    """Return a tent."""
    clay = Clay()
    clay.add(slab(((-0.62, 0.0), (0, 0.92), (0.62, 0.0)), 1.0, axis=1, rounding=0.02), "#c8803c")
    clay.cut(slab(((-0.20, -0.01), (0.0, 0.62), (0.20, -0.01)), 0.16, axis=1, at=-0.50), "#5a4632")
    for y in (-0.49, 0.49):
        clay.add(limb((0, y, 0.84), (0, y, 1.0), 0.032), "#6b4a30")
        for side in (-1, 1):
            clay.add(limb((side * 0.60, y, 0.03), (0, y, 0.90), 0.032), "#a8642c", 0.01)
    return clay


def well() -> Clay:
    """Return a well with its roof."""
    clay = Clay()
    clay.add(without(turned(((0.33, 0.0), (0.31, 0.32)), rounding=0.01), turned(((0.22, 0.10), (0.22, 0.5)))), _STONE)
    for row in range(3):
        for k in range(10):
            a = (k + 0.5 * (row % 2)) * np.pi / 5
            clay.add(
                block((0.305 * np.cos(a), 0.305 * np.sin(a), 0.06 + row * 0.11), (0.12, 0.12, 0.09), 0.03),
                ("#b4aa9a", "#9c9282")[(k + row) % 2],
                0.02,
            )
    clay.cut(turned(((0.22, 0.10), (0.22, 0.5))), "#3a4a54")
    for x in (-0.30, 0.30):
        clay.add(limb((x, 0, 0.1), (x, 0, 0.78), 0.038), "#6b4a30")
    clay.add(limb((-0.36, 0, 0.58), (0.36, 0, 0.58), 0.042), "#7a5a3a")
    clay.add(_roof(0.74, 0.42, 0.74, 0.98, 0.03), "#a8482e")
    clay.add(limb((0, 0, 0.58), (0, 0, 0.44), 0.024), "#c8b48e")
    clay.add(turned(((0.06, 0.0), (0.085, 0.12), (0, 0.12)), (0, 0, 0.32), rounding=0.006), "#8a6a48")
    clay.add(limb((0, 0, 0.10), (0, 0, 0.34), 0.03), "#c8b48e")
    return clay


def tower() -> Clay:
    """Return a round stone tower."""
    clay, wall = Clay(), "#b0a696"
    clay.add(turned(((0.24, 0.0), (0.20, 0.06), (0.18, 0.66), (0.225, 0.72), (0.225, 0.78)), rounding=0.005), wall)
    _crenels(clay, (0, 0), 0.20, 0.80, wall)
    clay.add(turned(((0.15, 0.76), (0.15, 0.82), (0.0, 1.0))), "#4f6a8a")
    clay.add(block((0, -0.205, 0.12), (0.11, 0.07, 0.20), 0.03), "#6b4a30")
    for z, x in ((0.36, 0.06), (0.54, -0.05)):
        clay.cut(block((x, -0.19, z), (0.05, 0.08, 0.10), 0.02), _DARK)
    return clay
