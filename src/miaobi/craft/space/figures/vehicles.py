"""Boats, balloons, rockets, trains and cars, 1 high."""

from __future__ import annotations

import numpy as np

from miaobi.craft.space.clay import (
    Clay,
    Shape,
    ball,
    block,
    common,
    egg,
    limb,
    moved,
    ring,
    rope,
    slab,
    turned,
)
from miaobi.craft.space.figures.people import person

_DARK, _WOOD = "#2b2320", "#8a5f3a"


def _hull(long: float, wide: float, deep: float, low: float) -> Shape:
    """Return a boat's hull, its bow to the right, its deck at *low* + *deep*."""

    def distance(p: np.ndarray) -> np.ndarray:
        x = np.clip(p[:, 0] / (long / 2), -1.3, 1.3)
        narrow = np.where(x > 0, np.abs(x) ** 2.2, 0.55 * np.abs(x) ** 2.6)  # the bow is sharp, the stern is full
        half = wide / 2 * np.sqrt(np.clip(1 - narrow, 1e-4, 1))
        deck = low + deep * (1 + 0.28 * np.abs(x) ** 2.4)
        height = np.clip((p[:, 2] - low) / deep, 0, 1.4)
        belly = half * (0.42 + 0.58 * height**0.6)
        return np.maximum(
            np.maximum(np.abs(p[:, 1]) - belly, p[:, 2] - deck) * 0.8,
            np.maximum(low - p[:, 2], (np.abs(p[:, 0]) - long / 2) * 0.8),
        )

    return Shape(distance, np.array([-long / 2, -wide / 2, low]), np.array([long / 2, wide / 2, low + deep * 1.3]))


def _sea(clay: Clay, long: float, wide: float) -> None:
    clay.add(egg((0, 0, 0.02), (long, wide, 0.075)), "#4f8aa0")
    for i in range(14):
        a = i * 2.39996
        r = 0.35 + 0.6 * ((i * 5) % 7) / 7
        clay.add(
            egg((long * 0.85 * r * np.cos(a), wide * 0.85 * r * np.sin(a), 0.055), (0.12, 0.07, 0.04)),
            ("#6fa6b8", "#5f98ac")[i % 2],
            0.03,
        )


def rowing_boat() -> Clay:
    """Return a rowing boat with two oars."""
    clay = Clay()
    _sea(clay, 0.95, 0.55)
    outer = _hull(1.5, 0.56, 0.34, 0.04)
    inner = moved(_hull(1.34, 0.44, 0.34, 0.14), (0, 0, 0.05))
    clay.add(outer, "#a8482e", 0.01)
    clay.cut(inner, "#c89a62")
    for x in (-0.30, 0.05, 0.36):
        clay.add(block((x, 0, 0.30), (0.11, 0.42, 0.05), 0.012), "#c89a62")
    for side in (-1, 1):
        clay.add(limb((0.02, side * 0.10, 0.42), (-0.26, side * 0.52, 0.12), 0.030), _WOOD)
        clay.add(egg((-0.29, side * 0.57, 0.10), (0.07, 0.10, 0.05)), _WOOD, 0.02)
    return clay


def sail_boat(kind: str = "sail") -> Clay:
    """Return a sailing boat, a junk or a sampan."""
    clay = Clay()
    _sea(clay, 0.52, 0.30)
    if kind == "sampan":
        clay.add(_hull(0.96, 0.32, 0.16, 0.03), "#6b4a30", 0.01)
        roof = common(limb((-0.20, 0, 0.20), (0.14, 0, 0.20), 0.15), block((-0.03, 0, 0.30), (0.40, 0.4, 0.26)))
        clay.add(roof, "#b0905a", 0.01)
        for x in (-0.18, -0.08, 0.02, 0.12):
            clay.add(ring((x, 0, 0.20), 0.15, 0.016, axis=0), "#8a6c40")
        clay.cut(egg((0.19, 0, 0.24), (0.12, 0.10, 0.09)), "#4a3826")
        clay.place(person("fisherman"), (0.32, 0, 0.17), 0.46, yaw=60)
        return clay
    clay.add(_hull(0.92, 0.32, 0.17, 0.03), "#7a4a30" if kind == "junk" else "#f0ece2", 0.01)
    if kind == "junk":
        clay.add(block((-0.32, 0, 0.25), (0.22, 0.24, 0.10), 0.02), "#8a5638", 0.02)
        for x, tall, wide in ((0.24, 0.78, 0.26), (-0.10, 0.98, 0.34)):
            clay.add(limb((x, 0, 0.15), (x, 0, tall), 0.028, 0.022), "#5f4636")
            low = 0.30
            sail = slab(
                (
                    (x - wide * 0.55, low),
                    (x + wide * 0.50, low + 0.03),
                    (x + wide * 0.42, tall - 0.10),
                    (x - wide * 0.25, tall - 0.01),
                ),
                0.036,
                rounding=0.012,
            )
            clay.add(sail, "#b8623a", 0.01)
            for i in range(5):
                z = low + (tall - low - 0.05) * (i + 0.5) / 5
                clay.add(limb((x - wide * (0.55 - 0.05 * i), 0, z), (x + wide * 0.47, 0, z + 0.01), 0.025), "#8a4526")
    else:
        clay.add(block((-0.06, 0, 0.22), (0.24, 0.16, 0.08), 0.03), "#c8beac", 0.02)
        clay.add(_band(0.93, 0.325, 0.16), "#2f5a84")
        clay.add(limb((0.04, 0, 0.14), (0.04, 0, 1.0), 0.026, 0.020), "#c89a62")
        clay.add(_sail(((0.01, 0.28), (0.01, 0.97), (-0.40, 0.30)), 0.10), "#f4efe2", 0.008)
        clay.add(_sail(((0.085, 0.30), (0.06, 0.88), (0.42, 0.26)), 0.08), "#e8a050", 0.008)
        clay.add(limb((0.04, 0, 0.29), (-0.40, 0, 0.30), 0.022), "#c89a62")
        clay.add(limb((0.05, 0, 0.90), (0.44, 0, 0.22), 0.018), "#c8beac")
        clay.add(slab(((0.04, 0.94), (0.04, 1.0), (0.14, 0.97)), 0.035, rounding=0.008), "#c8402e")
    return clay


def _band(long: float, wide: float, z: float) -> Shape:
    hull = _hull(long, wide, 0.17, 0.03)
    return common(hull, block((0, 0, z), (2, 2, 0.045)))


def _sail(corners: tuple[tuple[float, float], ...], bulge: float) -> Shape:
    """Return a sail that the wind fills towards +y."""
    flat = slab(corners, 0.036, rounding=0.012)
    middle = np.mean(np.array(corners), axis=0)

    def distance(p: np.ndarray) -> np.ndarray:
        q = p.copy()
        off = np.hypot(p[:, 0] - middle[0], p[:, 2] - middle[1])
        q[:, 1] -= bulge * np.exp(-((off / 0.24) ** 2)) - bulge * 0.1
        return flat.distance(q)

    return Shape(distance, flat.low - [0, bulge, 0], flat.high + [0, bulge, 0])


def ship() -> Clay:
    """Return a three-masted ship."""
    clay = Clay()
    _sea(clay, 0.66, 0.34)
    clay.add(_hull(1.1, 0.30, 0.20, 0.03), "#6b4530", 0.01)
    clay.add(common(_hull(1.12, 0.315, 0.20, 0.03), block((0, 0, 0.17), (2, 2, 0.04))), "#d8b46a")
    clay.add(block((-0.42, 0, 0.29), (0.22, 0.22, 0.13), 0.02), "#7a5238", 0.02)
    clay.add(limb((0.48, 0, 0.26), (0.72, 0, 0.38), 0.026, 0.020), "#5f4636")
    for x, tall, wide in ((0.30, 0.84, 0.26), (0.0, 1.0, 0.32), (-0.28, 0.78, 0.22)):
        clay.add(limb((x, 0, 0.16), (x, 0, tall), 0.026, 0.020), "#5f4636")
        for low, high, scale in ((0.32, 0.56, 1.0), (0.60, 0.78, 0.80), (0.82, 0.93, 0.58)):
            z0, z1 = low * tall, high * tall
            clay.add(_square_sail(x, wide * scale, z0, z1), "#f0e8d4", 0.008)
            clay.add(limb((x, -wide * scale / 2 - 0.01, z1), (x, wide * scale / 2 + 0.01, z1), 0.020), "#5f4636")
        clay.add(slab(((x, tall - 0.04), (x, tall + 0.02), (x - 0.09, tall - 0.01)), 0.034, rounding=0.008), "#c8402e")
    clay.add(limb((0.70, 0, 0.37), (0.30, 0, 0.80), 0.016), "#c8beac")
    return clay


def _square_sail(x: float, wide: float, low: float, high: float) -> Shape:
    flat = block((x, 0, (low + high) / 2), (0.036, wide, high - low), 0.012)

    def distance(p: np.ndarray) -> np.ndarray:
        q = p.copy()
        up = np.clip((p[:, 2] - low) / (high - low), 0, 1)
        side = np.clip(p[:, 1] / (wide / 2), -1, 1)
        q[:, 0] -= 0.075 * (1 - side**2) * 4 * up * (1 - up)
        return flat.distance(q)

    return Shape(distance, flat.low, flat.high + [0.08, 0, 0])


def balloon() -> Clay:
    """Return a hot-air balloon over its cloud."""
    clay = Clay()
    for x, y, z, r in (
        (0, 0, 0.04, 0.13),
        (0.15, 0.05, 0.03, 0.10),
        (-0.15, -0.03, 0.03, 0.11),
        (0.05, -0.13, 0.02, 0.09),
        (-0.05, 0.14, 0.03, 0.1),
    ):
        clay.add(ball((x, y, z), r), "#e8eef0", 0.05)
    clay.add(turned(((0.062, 0.12), (0.075, 0.24), (0.0, 0.24)), rounding=0.012), "#a87a48", 0.02)
    clay.add(ring((0, 0, 0.245), 0.076, 0.018), "#7a5632")
    for i in range(4):
        a = np.pi / 4 + i * np.pi / 2
        clay.add(
            limb((0.07 * np.cos(a), 0.07 * np.sin(a), 0.24), (0.105 * np.cos(a), 0.105 * np.sin(a), 0.42), 0.019),
            "#7a5632",
        )
    clay.add(
        turned(((0.10, 0.40), (0.20, 0.52), (0.285, 0.68), (0.27, 0.84), (0.17, 0.96), (0.0, 1.0)), rounding=0.012),
        "#d8503a",
    )
    for i in range(12):
        a = i * np.pi / 6
        gore = [
            (r * np.cos(a), r * np.sin(a), z)
            for r, z in ((0.11, 0.42), (0.20, 0.53), (0.275, 0.68), (0.26, 0.83), (0.165, 0.945), (0.05, 0.99))
        ]
        clay.add(rope(gore, [0.024, 0.045, 0.062, 0.06, 0.045, 0.024]), ("#f0c24a", "#d8503a")[i % 2], 0.012)
    return clay


def rocket() -> Clay:
    """Return a rocket on its plume."""
    clay = Clay()
    for i in range(9):
        a, r = i * 2.39996, 0.06 + 0.026 * i
        clay.add(ball((r * np.cos(a), r * np.sin(a), 0.05), 0.085), "#ece8e2", 0.05)
    clay.add(turned(((0.10, 0.02), (0.045, 0.22)), rounding=0.02), "#f0a83a", 0.05)
    clay.add(
        turned(((0.075, 0.20), (0.125, 0.36), (0.13, 0.55), (0.105, 0.74), (0.05, 0.90), (0.0, 0.97)), rounding=0.012),
        "#f0ece4",
        0.01,
    )
    clay.add(turned(((0.088, 0.79), (0.05, 0.90), (0.0, 0.975)), rounding=0.014), "#c8402e")
    clay.add(ring((0, -0.115, 0.62), 0.052, 0.020, axis=1), "#c8402e")
    clay.add(egg((0, -0.112, 0.62), (0.048, 0.03, 0.048)), "#5fa0c0")
    for i in range(4):
        fin = slab(((0.06, 0.46), (0.24, 0.28), (0.26, 0.10), (0.06, 0.24)), 0.05, axis=1, rounding=0.018)
        clay.add(moved(fin, yaw=45 + 90 * i), "#c8402e", 0.012)
    return clay


def train() -> Clay:
    """Return a steam locomotive."""
    clay = Clay()
    clay.add(block((0, 0, 0.06), (1.30, 0.40, 0.05), 0.01), "#8a8278")
    for i in range(8):
        clay.add(block((-0.58 + i * 0.166, 0, 0.03), (0.07, 0.52, 0.06), 0.01), "#6b5238")
    clay.add(block((0, 0, 0.24), (1.16, 0.32, 0.10), 0.015), "#8e2f2a")
    clay.add(limb((-0.10, 0, 0.48), (0.46, 0, 0.48), 0.175), "#2f4a3c")
    for x in (-0.02, 0.18, 0.38):
        clay.add(ring((x, 0, 0.48), 0.175, 0.018, axis=0), "#c8a24a")
    clay.add(block((-0.38, 0, 0.52), (0.38, 0.38, 0.56), 0.02), "#2f4a3c")
    clay.add(block((-0.38, 0, 0.83), (0.48, 0.46, 0.06), 0.02), "#8e2f2a")
    for side in (-1, 1):
        clay.cut(block((-0.38, side * 0.20, 0.64), (0.18, 0.06, 0.16), 0.02), "#3a4654")
        for x in (0.40, 0.10, -0.20):
            wheel = moved(turned(((0.16, -0.035), (0.16, 0.035))), (x, side * 0.20, 0.20), pitch=90)
            clay.add(wheel, "#8e2f2a")
            clay.add(moved(turned(((0.05, -0.06), (0.05, 0.06))), (x, side * 0.20, 0.20), pitch=90), "#c8a24a")
        clay.add(limb((0.40, side * 0.265, 0.20), (-0.20, side * 0.265, 0.20), 0.026), "#c4c8cc")
    clay.add(turned(((0.06, 0.60), (0.06, 0.80), (0.105, 0.90), (0.0, 0.90)), (0.42, 0, 0), rounding=0.01), _DARK)
    clay.add(egg((0.16, 0, 0.66), (0.08, 0.08, 0.09)), "#c8a24a", 0.02)
    clay.add(slab(((0.58, 0.02), (0.78, 0.05), (0.58, 0.24)), 0.34, axis=1, rounding=0.02), "#c8a24a")
    for x, z, r in ((0.40, 0.98, 0.07), (0.30, 1.04, 0.09), (0.15, 1.06, 0.11)):
        clay.add(ball((x, 0, z), r), "#e8e8e6", 0.05)
    return clay


def car() -> Clay:
    """Return a small round car."""
    clay, paint = Clay(), "#4f9aa0"
    clay.add(egg((0, 0, 0.36), (0.82, 0.40, 0.27)), paint)
    clay.add(egg((-0.06, 0, 0.62), (0.46, 0.345, 0.34)), paint, 0.08)
    clay.add(egg((0.10, 0, 0.66), (0.36, 0.30, 0.24)), "#33424c", 0.01)
    clay.add(egg((-0.06, 0, 0.66), (0.34, 0.357, 0.215)), "#33424c", 0.01)
    clay.add(block((0.10, 0, 0.68), (0.06, 0.70, 0.44), 0.03), paint, 0.02)
    clay.add(egg((-0.06, 0, 0.90), (0.40, 0.28, 0.08)), "#f0ece2", 0.03)
    for x in (0.46, -0.46):
        for side in (-1, 1):
            wheel = moved(turned(((0.19, -0.08), (0.19, 0.08)), rounding=0.02), (x, side * 0.32, 0.19), pitch=90)
            clay.add(wheel, "#33302e")
            clay.add(ball((x, side * 0.36, 0.19), 0.10), "#d8d6d0")
    for side in (-1, 1):
        clay.add(ball((0.72, side * 0.20, 0.42), 0.085), "#f4ecc8", 0.01)
    for x in (0.82, -0.80):
        clay.add(limb((x, -0.26, 0.24), (x, 0.26, 0.24), 0.045), "#d8d6d0", 0.01)
    return clay
