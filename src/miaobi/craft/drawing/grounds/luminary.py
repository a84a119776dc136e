"""Sun and moon: the disc, or of the moon the phase that is told, with the light about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.grounds.sky import light_place
from miaobi.craft.drawing.scene import Moon
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, oval

_SPOTS = ((-0.3, -0.2, 0.26), (0.25, 0.15, 0.2), (-0.05, 0.42, 0.16), (0.32, -0.36, 0.12))  # seas of a full moon
_SUNSHINE = ((15.0, 0.20), (6.5, 0.30), (2.6, 0.42))  # halos: how many radii, how strong
_MOONSHINE = ((9.0, 0.14), (4.0, 0.20), (1.9, 0.26))
_EDGE = {"crescent": 0.62, "half": 0.0, "gibbous": -0.55, "full": -1.0}  # of the lit part: the terminator's half axis
_BY_LOT = ("full", "full", "crescent", "crescent", "half", "gibbous")


def is_moonlit(air: Air, told: Moon) -> bool:
    """Tell whether the light in the sky is the moon's: at night, and in the twilight where a moon is told."""
    return air.hour == "night" or (told not in ("", "none") and air.hour in ("dusk", "dawn"))


def luminary(
    air: Air, rng: np.random.Generator, told: Moon, width: float, height: float, horizon: float
) -> list[Layer]:
    """Return the sun, or the moon of the phase that is *told*, by lot else; nothing where it is told that none is
    seen."""
    lot, way, tilt = str(rng.choice(_BY_LOT)), float(rng.choice([-1, 1])), float(rng.uniform(12, 38))
    moon = is_moonlit(air, told)
    if moon and told == "none":
        return []
    if moon and air.hour != "night":  # a moon of the twilight stands above its glow
        air = replace(air, height=0.5)
    x, y = light_place(air, width, horizon)
    colour = {"night": "#f3efdc", "dusk": "#ffd9a8", "sunset": "#ffe2a6", "dawn": "#ffe9c4"}.get(air.hour, "#fff8df")
    colour = "#f3efdc" if moon else colour
    veil = {"clear": 1.0, "wind": 0.9, "cloudy": 0.6, "mist": 0.5, "snow": 0.35}.get(air.weather, 0.2)
    phase = (told or lot) if moon else ""
    radius = min(width, height) * (0.034 if air.height > 0.3 else 0.055)
    if moon:
        radius = min(width, height) * (0.056 if told else 0.045)
    strength = {"crescent": 0.5, "half": 0.75}.get(phase, 1.0)
    shapes = []
    for reach, glow in _MOONSHINE if moon else _SUNSHINE:
        r = radius * reach
        tone = colour if reach < 7 or moon else air.leant("#ffd9a0" if air.height < 0.3 else "#fff3d6")
        full = glow * veil * strength
        stops = ((0.0, tone, full), (0.5, tone, full * 0.3), (1.0, tone, 0.0))
        shapes.append(Shape((oval(x, y, r, r, points=28),), Gradient(stops, (x, y), (x, y), r), "glow", solid=False))
    shapes += _moon(x, y, radius, phase, veil, way, tilt) if moon else _sun(x, y, radius, colour, veil)
    return [Layer("moon", 0.5, shapes) if moon else Layer("sun", 0.99, shapes)]  # a moon has an edge in every medium


def _sun(x: float, y: float, radius: float, colour: str, veil: float) -> list[Shape]:
    if veil <= 0.3:
        return []
    return [Shape((oval(x, y, radius, radius, points=36),), colour, "light", 0, min(1.0, veil + 0.2))]


def _moon(x: float, y: float, radius: float, phase: str, veil: float, way: float, tilt: float) -> list[Shape]:
    """Return the lit part of the moon, its limb towards *way* and tilted by *tilt* degrees; behind it the earth's
    shine on the rest."""
    opacity = min(1.0, veil + 0.2)
    if phase == "full":
        shapes = [Shape((oval(x, y, radius, radius, points=36),), "#f3efdc", "light", 0, opacity)]
        for dx, dy, r in _SPOTS:
            spot = oval(x + dx * radius, y + dy * radius, r * radius, r * radius * 0.8)
            shapes.append(Shape((spot,), "#cfc9b4", "light", 0, 0.5 * opacity, solid=False))
        return shapes
    shine = Shape((oval(x, y, radius, radius, points=36),), "#aeb6c8", "glow", 0, 0.14 * opacity, solid=False)
    return [shine, Shape((_lit(phase) * radius @ _turned(way, tilt) + [x, y],), "#f3efdc", "light", 0, opacity)]


def _lit(phase: str) -> Points:
    """Return the lit part of a moon of radius 1 whose limb is on the right."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, 22)
    limb = np.stack([np.cos(turn), np.sin(turn)], 1)
    terminator = np.stack([_EDGE[phase] * np.cos(turn[::-1]), np.sin(turn[::-1])], 1)
    return np.concatenate([limb, terminator[1:-1]])


def _turned(way: float, tilt: float) -> Points:
    """Return the matrix that turns points (n, 2), y downwards, by *tilt* and to the side *way*."""
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    return np.array([[c * way, s], [-s * way, c]])
