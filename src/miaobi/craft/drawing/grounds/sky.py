"""Sky: its dome, stars, clouds, mist."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.mass import Grain, modelled
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.shape import Gradient, Layer, Shape, blob, oval, rect


def dome(air: Air, width: float, height: float, horizon: float) -> Layer:
    """Return the sky behind everything; it runs a little below the horizon."""
    foot = horizon + 0.04 * height
    stops = ((0.0, air.sky[0], 1.0), (0.55, air.sky[1], 1.0), (1.0, air.sky[2], 1.0))
    body = Shape((rect(0, 0, width, height),), Gradient(stops, (0, -0.05 * foot), (0, foot)), "sky", 0)
    return Layer("sky", 1.0, [body])


def light_place(air: Air, width: float, horizon: float) -> tuple[float, float]:
    """Return where sun or moon stands, px."""
    x = width * (0.5 + 0.34 * air.side + air.drift[0])
    return x, horizon * (1 - 0.10 - 0.72 * air.height - air.drift[1])


def stars(air: Air, rng: np.random.Generator, width: float, horizon: float, *, river: bool = False) -> Layer:
    """Return stars, thinner towards the horizon, and the Milky Way when asked for."""
    shapes = []
    scale = min(width, horizon * 1.6)
    strength = {"night": 1.0, "dusk": 0.55}.get(air.hour, 0.25) * (1.0 if air.weather in ("clear", "wind") else 0.4)
    for _ in range(170):
        x, y = rng.uniform(0, width), horizon * rng.beta(1.0, 1.9)
        r = scale * 0.0011 * float(rng.pareto(2.6) + 0.7)
        tone = ("#ffffff", "#dfe8ff", "#fff1d8")[int(rng.integers(3))]
        shapes.append(
            Shape(
                (oval(x, y, min(r, scale * 0.0042), min(r, scale * 0.0042), points=8),),
                tone,
                "light",
                0,
                strength * float(rng.uniform(0.4, 1)),
                solid=False,
            )
        )
    if river:
        for _ in range(420):
            t = rng.uniform(0, 1)
            off = rng.normal(0, 0.055) * horizon
            x = width * (0.12 + 0.75 * t) + off * 0.6
            y = horizon * (0.92 - 0.9 * t) + off
            r = scale * rng.uniform(0.0006, 0.0018)
            shapes.append(Shape((oval(x, y, r, r, points=6),), "#e9ecff", "light", 0, 0.75 * strength, solid=False))
        for _ in range(16):
            t = rng.uniform(0.03, 0.97)
            x, y, r = width * (0.12 + 0.75 * t), horizon * (0.92 - 0.9 * t), horizon * rng.uniform(0.10, 0.2)
            stops = ((0.0, "#8fa0d8", 0.13), (1.0, "#8fa0d8", 0.0))
            shapes.append(
                Shape((oval(x, y, r, r, points=20),), Gradient(stops, (x, y), (x, y), r), "glow", solid=False)
            )
    return Layer("stars", 0.995, shapes)


def cumulus(air: Air, rng: np.random.Generator, x: float, y: float, width: float, heap: float) -> list[Shape]:
    """Return a heaped cloud with a flat foot at *y*: shade below, light on the side of the sun, torn edges."""
    balls = []
    for _ in range(int(13 + 8 * heap)):
        t = float(rng.beta(2.0, 2.0))
        arch = math.sin(math.pi * t) ** 0.8
        r = width * (0.05 + 0.10 * arch * rng.uniform(0.4, 1))
        up = width * 0.26 * heap * arch * rng.uniform(0.0, 1) ** 1.3
        balls.append((x + width * (t - 0.5), y - r * 0.6 - up, r * 1.35, r))
    storm = air.weather in ("storm", "rain")
    low = air.height < 0.3 and air.hour != "night"
    grain = Grain(0.42, 0.10, 15, (0.30, 0.46, 0.60, 0.74), 210, flat=y)
    outline, levels = modelled(rng, balls, air.side, max(0.25, air.height), grain)
    grey = air.tint("#a3adc0" if not storm else "#69737f", 0.62, 0.42)
    white = air.tint("#ffffff" if not storm else "#aeb6be", 1.2, 0.10)
    warm = mix(white, air.leant("#ffc79a"), 0.45) if low else white
    top, foot = y - width * 0.5 * heap, y
    body = Gradient(
        ((0.0, grey, 0.96), (0.75, mix(grey, air.sky[1], 0.3), 0.9), (1.0, air.sky[1], 0.25)),
        (0, top),
        (0, foot + width * 0.02),
    )
    shapes = [Shape(tuple(outline), body, "cloud", 0, 1.0, True, True)] if outline else []
    for share, rings in zip((0.35, 0.62, 0.86, 1.0), levels, strict=True):
        if rings:
            tone = mix(mix(grey, warm, min(1.0, share * 1.35)), white, max(0.0, share * 2 - 1))
            shapes.append(Shape(tuple(rings), tone, "cloud", 0, 0.72, True, True))
    return shapes


def stratus(
    air: Air, rng: np.random.Generator, x: float, y: float, width: float, thick: float, *, lit: bool
) -> list[Shape]:
    """Return long layered cloud: streaks that taper, with light along their lower or upper edge."""
    shapes = []
    for _ in range(5):
        w = width * rng.uniform(0.3, 0.85)
        cx, cy = x + rng.uniform(-0.4, 0.4) * width, y + rng.normal(0, thick * 1.1)
        along = np.linspace(0, 1, 34)
        swell = np.sin(np.pi * along) ** 0.7
        up = cy - thick * swell * (0.35 + 0.65 * np.abs(curve(rng, 34, 5, 3)))
        down = cy + thick * swell * (0.15 + 0.4 * np.abs(curve(rng, 34, 6, 3)))
        xs = cx + (along - 0.5) * w
        ring = np.concatenate([np.stack([xs, up], 1), np.stack([xs, down], 1)[::-1]])
        shapes.append(
            Shape((ring,), mix(air.tint("#a9aec0", 0.5, 0.4), air.sky[1], 0.35), "cloud", 0, 0.40, True, False)
        )
        edge = np.concatenate([np.stack([xs, down], 1), np.stack([xs, down - (down - up) * 0.45], 1)[::-1]])
        if lit:
            bright = air.leant("#ffc88f" if air.height < 0.2 and air.hour != "night" else air.tint("#ffffff", 1.1, 0.2))
            shapes.append(Shape((edge,), mix(bright, air.sky[1], 0.25), "cloud", 0, 0.42, True, False))
    return shapes


# a sky's habit: how many heaped clouds, how large, how high they heap, how many streaks beside them
_HABITS = {
    "scattered": (2.4, 1.0, 1.0, 0),
    "heaped": (5.2, 0.72, 1.25, 0),
    "one great cloud": (1.0, 1.75, 1.15, 1),
    "streaked": (0.0, 1.0, 1.0, 7),
}
_RARE = ("cirrus", "mackerel", "far heaps", "haze banks", "bare")  # habits of a fair sky, with generators of their own


def clouds(air: Air, rng: np.random.Generator, width: float, horizon: float, amount: float) -> list[Layer]:
    """Return the clouds of the weather, the far and low ones first; which habit they have is drawn by lot."""
    far, near = Layer("far clouds", 0.97), Layer("clouds", 0.94)
    heavy = air.weather in ("cloudy", "storm", "rain", "snow")
    lots = list(_HABITS) if heavy or amount < 0.5 else [*_HABITS, *_RARE]
    habit = str(rng.choice(lots))
    if habit in _RARE:
        return [far, near] if _rare(habit, air, rng, width, horizon, (far, near)) else []
    heaps, large, high, streaks = _HABITS[habit]
    for _ in range(max(1, round((1 + 4 * rng.random()) * amount)) + heavy):
        y = horizon * rng.uniform(0.62, 0.94)
        far.shapes += stratus(
            air, rng, width * rng.uniform(0, 1), y, width * rng.uniform(0.25, 0.6), horizon * 0.026, lit=True
        )
    if air.weather in ("clear", "wind", "cloudy", "storm") and air.hour not in ("night",):
        for _ in range(round(heaps * amount)):
            t = float(rng.uniform(0.0, 1.0))
            size = width * large * (0.16 + 0.30 * (1 - t)) * (1.25 if heavy else 1)
            x, y = width * rng.uniform(0.02, 0.98), horizon * (0.30 + 0.48 * t)
            near.shapes += cumulus(air, rng, x, y, size, high * (0.55 + 0.5 * rng.random()))
    low_light = air.hour in ("night", "sunset", "dusk", "dawn")
    for _ in range(round(streaks * amount) + (2 if low_light else 0) + 4 * heavy):
        y = horizon * rng.uniform(0.08, 0.62)
        thick = horizon * (0.022 + 0.03 * heavy)
        wide = width * rng.uniform(0.5, 1.2)
        near.shapes += stratus(air, rng, width * rng.uniform(0, 1), y, wide, thick, lit=not heavy)
    return [far, near]


def _rare(
    habit: str, air: Air, rng: np.random.Generator, width: float, horizon: float, layers: tuple[Layer, Layer]
) -> bool:
    """Draw a fair sky's rarer habit into the far and the near layer; tell whether there are clouds at all."""
    far, near = layers
    if habit == "cirrus":
        near.shapes += _cirrus(air, rng, width, horizon)
    elif habit == "mackerel":
        near.shapes += _mackerel(air, rng, width, horizon)
    elif habit == "far heaps" and air.hour != "night":
        for x in np.arange(-0.02, 1.0, 0.11) + rng.normal(0, 0.03, 10):
            size = width * float(rng.uniform(0.07, 0.20))
            y = horizon * float(rng.uniform(0.86, 0.93))
            far.shapes += cumulus(air, rng, float(x) * width, y, size, float(rng.uniform(0.7, 1.3)))
    elif habit != "bare":
        for k in range(5):
            y = horizon * (0.52 + 0.095 * k + float(rng.normal(0, 0.012)))
            bank = veil(air, rng, width, y, 0.05 * horizon, 0.9)
            far.shapes += [replace(shape, material="cloud") for shape in bank.shapes]
    return habit != "bare"


def _cirrus(air: Air, rng: np.random.Generator, width: float, horizon: float) -> list[Shape]:
    """Return cirrus: fine strands that run one way high up and hook at one end."""
    tone = mix(air.tint("#ffffff", 1.15, 0.12), air.sky[1], 0.25)
    shapes, slope = [], float(rng.uniform(-0.10, 0.10))
    for _ in range(int(rng.integers(4, 7))):
        x0, y0 = float(rng.uniform(-0.1, 0.9)) * width, float(rng.uniform(0.08, 0.55)) * horizon
        for _ in range(int(rng.integers(5, 10))):
            long = width * float(rng.uniform(0.10, 0.34))
            x, y = x0 + float(rng.normal(0, 0.07)) * width, y0 + float(rng.normal(0, 0.035)) * horizon
            t = np.linspace(0, 1, 26)
            hook = 0.05 * horizon * np.maximum(0, t - 0.7) ** 2 * 11
            line = y + slope * long * t - hook + 0.008 * horizon * curve(rng, 26, 4, 3)
            thick = 0.0075 * horizon * np.sin(np.pi * t) ** 0.8 * float(rng.uniform(0.5, 1.3))
            xs = x + long * t
            ring = np.concatenate([np.stack([xs, line - thick], 1), np.stack([xs, line + thick], 1)[::-1]])
            shapes.append(Shape((ring,), tone, "cloud", 0, 0.36, True, False))
    return shapes


def _mackerel(air: Air, rng: np.random.Generator, width: float, horizon: float) -> list[Shape]:
    """Return a mackerel sky: small clouds in rows, the smaller and closer the lower they stand."""
    grey = mix(air.tint("#b9bfd0", 0.6, 0.35), air.sky[1], 0.3)
    white = mix(air.tint("#ffffff", 1.15, 0.12), air.leant("#ffc79a"), 0.4 if air.height < 0.3 else 0.0)
    shapes = []
    slope, low, high = float(rng.uniform(-0.12, 0.12)), float(rng.uniform(0.1, 0.3)), float(rng.uniform(0.65, 0.9))
    for t in np.linspace(0, 1, 11):
        y = horizon * (0.06 + 0.62 * float(t) ** 0.8)
        size = width * 0.030 * (1.25 - 0.9 * float(t))
        for x in np.arange(-0.02 * width, 1.02 * width, 2.3 * size):
            across = x / width + float(rng.normal(0, 0.05))
            if not low - 0.25 < across < high + 0.2 or rng.random() < 0.18:
                continue
            cx, cy = float(x) + float(rng.normal(0, 0.3)) * size, y + slope * (x - width / 2) * 0.4
            cy += float(rng.normal(0, 0.22)) * size
            r = size * float(rng.uniform(0.7, 1.15))
            shapes.append(Shape((blob(rng, cx, cy, 1.15 * r, 0.42 * r, 0.22, 10),), grey, "cloud", 0, 0.6, True, False))
            lit = blob(rng, cx + 0.15 * air.side * r, cy - 0.10 * r, 0.95 * r, 0.28 * r, 0.22, 9)
            shapes.append(Shape((lit,), white, "cloud", 0, 0.75, True, False))
    return shapes


def veil(air: Air, rng: np.random.Generator, width: float, y: float, thick: float, strength: float) -> Layer:
    """Return a bank of mist that lies across the picture about *y*."""
    shapes = []
    for i in range(4):
        level = y + thick * 0.28 * (i - 1.5)
        along = np.linspace(-0.05, 1.05, 60) * width
        up = level - thick * (0.30 + 0.45 * np.abs(curve(rng, 60, 3, 4)))
        down = level + thick * (0.35 + 0.35 * np.abs(curve(rng, 60, 3, 4)))
        ring = np.concatenate([np.stack([along, up], 1), np.stack([along, down], 1)[::-1]])
        top, foot = float(up.min()), float(down.max())
        stops = ((0.0, air.haze, 0.0), (0.5, air.haze, strength * 0.5), (1.0, air.haze, 0.0))
        shapes.append(Shape((ring,), Gradient(stops, (0, top), (0, foot)), "mist", 0, 1.0, True, False))
    return Layer("mist", 0.5, shapes)
