"""Water: a surface that mirrors the sky, reflections that ripples break, the light's path on it, waves and foam."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.grounds.sky import light_place
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape


def lens(x: float, y: float, width: float, thick: float) -> Points:
    """Return a ripple: a flat lens about (x, y)."""
    return np.array(
        [
            [x - width / 2, y],
            [x - width * 0.2, y - thick / 2],
            [x + width * 0.22, y - thick * 0.42],
            [x + width / 2, y],
            [x + width * 0.15, y + thick / 2],
            [x - width * 0.25, y + thick * 0.4],
        ]
    )


def surface(air: Air, width: float, top: float, foot: float, own: str = "#3f6a78") -> Layer:
    """Return the sheet of water between two levels: the sky's colours upside down, deeper towards the viewer."""
    far = mix(air.sky[2], air.tint(own, 0.7, 0.7), 0.30)
    middle = mix(air.sky[1], air.tint(own, 0.55, 0.3), 0.50)
    near = mix(air.sky[0], air.tint(own, 0.35, 0.05), 0.66)
    body = np.array([[0, top], [width, top], [width, foot], [0, foot]])
    stops = ((0.0, far, 1.0), (0.35, middle, 1.0), (1.0, near, 1.0))
    return Layer("water", 0.6, [Shape((body,), Gradient(stops, (0, top), (0, foot)), "water", 0)])


def reflections(
    air: Air, rng: np.random.Generator, layers: Sequence[Layer], level: float, foot: float, calm: float
) -> Layer:
    """Return what stands on the shore upside down below *level*, swaying more the nearer it comes."""
    out = Layer("reflections", 0.58)
    tone = air.tint("#3f6a78", 0.5, 0.2)
    phase = rng.uniform(0, 6)
    for layer in layers:
        for shape in layer.shapes:
            if shape.material in ("glow", "mist", "sky", "cloud") or not shape.solid:
                continue
            rings = []
            for ring in shape.rings:
                y = level + (level - ring[:, 1]) * 0.92
                away = np.maximum(0, y - level)
                sway = np.sin(y * 0.16 + phase) * (0.6 + away * 0.018) * (1.4 - calm)
                rings.append(np.stack([ring[:, 0] + sway, np.clip(y, level, foot)], axis=1))
            if max(float(r[:, 1].max()) for r in rings) <= level + 0.5:
                continue
            if isinstance(shape.fill, Gradient):
                stops = tuple((o, mix(c, tone, 0.30), a) for o, c, a in shape.fill.stops)
                (x0, y0), (x1, y1) = shape.fill.start, shape.fill.end
                fill: str | Gradient = replace(
                    shape.fill, stops=stops, start=(x0, 2 * level - y0), end=(x1, 2 * level - y1)
                )
            else:
                fill = mix(shape.fill, tone, 0.30)
            out.shapes.append(
                Shape(tuple(rings), fill, "water", 0, shape.opacity * (0.35 + 0.4 * calm), shape.smooth, False)
            )
    return out


def ripples(air: Air, rng: np.random.Generator, width: float, top: float, foot: float, calm: float) -> Layer:
    """Return ripples, closer and thinner towards the horizon; dark and light ones."""
    shapes = []
    tall = foot - top
    for _ in range(round(150 + 130 * (1 - calm))):
        t = float(rng.beta(1.15, 1.6))
        y = top + tall * t
        wide = width * (0.018 + 0.15 * t) * rng.uniform(0.4, 1.3)
        thick = tall * (0.0025 + 0.016 * t) * (1.7 - calm) * rng.uniform(0.5, 1)
        light = rng.random() < 0.5
        colour = mix(air.sky[2], "#ffffff", 0.15) if light else air.tint("#2c4a58", 0.15, 0.25)
        shapes.append(
            Shape(
                (lens(rng.uniform(0, width), y, wide, thick),),
                colour,
                "water",
                0,
                0.16 + 0.16 * (1 - calm),
                True,
                False,
            )
        )
    return Layer("ripples", 0.4, shapes)


def glitter(air: Air, rng: np.random.Generator, width: float, horizon: float, top: float, foot: float) -> Layer:
    """Return the path of light that sun or moon lays on the water."""
    x, _ = light_place(air, width, horizon)
    colour = air.leant(
        {"night": "#e8ecd8", "sunset": "#ffdf9a", "dusk": "#ffc99a", "dawn": "#ffe6c0"}.get(air.hour, "#fffbe8")
    )
    shapes = []
    strength = {"clear": 1.0, "wind": 0.9, "cloudy": 0.45}.get(air.weather, 0.0)
    for _ in range(round(150 * strength)):
        t = float(rng.beta(1.0, 1.5))
        spread = width * (0.010 + 0.085 * t)
        wide = width * (0.012 + 0.055 * t) * rng.uniform(0.3, 1)
        thick = (foot - top) * (0.0025 + 0.010 * t)
        at = lens(x + rng.normal(0, spread), top + (foot - top) * t, wide, thick)
        shapes.append(Shape((at,), colour, "light", 0, (0.85 - 0.4 * t) * strength, True, False))
    return Layer("glitter", 0.42, shapes)


def waves(air: Air, rng: np.random.Generator, width: float, top: float, foot: float, force: float) -> Layer:
    """Return rolling waves with lit crests and foam, for wind and storm; *force* 0–1."""
    shapes: list[Shape] = []
    rows = 7 + round(3 * force)
    for row in range(rows):
        t = (row + 0.6) / rows
        y = top + (foot - top) * t**1.6
        amplitude = (foot - top) * (0.006 + 0.055 * t) * force
        xs = np.linspace(-0.02 * width, 1.02 * width, 150)
        swing = xs / (width * (0.05 + 0.20 * t)) * 2 * math.pi + rng.uniform(0, 6)
        crest = (
            y - amplitude * (np.abs(np.sin(swing / 2)) ** 0.7 * 1.6 - 0.8) + curve(rng, 150, 12, 4) * amplitude * 0.6
        )
        depth = 0.6 * (1 - t)
        body = np.concatenate(
            [np.stack([xs, crest], 1), [[xs[-1], y + (foot - top) * 0.16], [xs[0], y + (foot - top) * 0.16]]]
        )
        stops = (
            (0.0, air.tint("#5f8f95", 0.75, depth), 0.85),
            (0.4, air.tint("#2f5866", 0.4, depth), 0.85),
            (1.0, air.tint("#2f5866", 0.4, depth), 0.0),
        )
        shapes.append(
            Shape(
                (body,), Gradient(stops, (0, y - amplitude * 1.6), (0, y + (foot - top) * 0.16)), "water", 4, 1.0, False
            )
        )
        foam = (amplitude * 0.42 * np.clip(curve(rng, 150, 16, 4) + 0.25, 0, 1)) * (0.4 + force)
        ring = np.concatenate([np.stack([xs, crest - foam * 0.3], 1), np.stack([xs, crest + foam], 1)[::-1]])
        shapes.append(Shape((ring,), air.tint("#f4f6f2", 1.0, depth), "snow", 4, 0.8, False, False))
    return Layer("waves", 0.35, shapes)
