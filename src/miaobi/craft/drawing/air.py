"""Air: the light of an hour and a weather, and what it does to the colour of a thing.

A thing's own colour is multiplied by the light that falls on it (sun or moon on the lit side, the sky's on the
other),
then fades towards the haze with its distance (aerial perspective, Leonardo), then leans to the picture's palette.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from miaobi.craft.drawing.colour import hexed, linear, oklab, unlab

# sky from the top to the horizon · light of sun or moon · light of the sky in the shade · haze · height of the
# light, 0–1
_HOURS: dict[str, tuple[tuple[str, str, str], tuple[float, float, float], tuple[float, float, float], str, float]] = {
    "dawn": (("#5d7ba8", "#c9b3c4", "#f6d3ae"), (0.80, 0.58, 0.46), (0.34, 0.36, 0.47), "#e3c9bd", 0.16),
    "morning": (("#5b95c9", "#a9cbe0", "#f0ead2"), (0.86, 0.78, 0.58), (0.36, 0.43, 0.53), "#dbe2dd", 0.45),
    "noon": (("#3f80bf", "#85b5da", "#d4e6ea"), (0.86, 0.84, 0.76), (0.36, 0.43, 0.54), "#cbdbe3", 0.85),
    "afternoon": (("#5590bd", "#b5c9c9", "#f3dcae"), (0.95, 0.76, 0.48), (0.34, 0.38, 0.49), "#ead9b9", 0.38),
    "sunset": (("#3f4f7d", "#c6738a", "#f9b25f"), (1.00, 0.54, 0.26), (0.27, 0.25, 0.40), "#e79a72", 0.10),
    "dusk": (("#23345c", "#5c5c8c", "#d6917f"), (0.52, 0.40, 0.42), (0.20, 0.23, 0.38), "#8d7c9a", 0.05),
    "night": (("#0b1730", "#182c52", "#31507a"), (0.24, 0.31, 0.42), (0.07, 0.11, 0.21), "#27426a", 0.62),
}  # fmt: skip
HOURS = tuple(_HOURS)
# grey of the sky, its colour, how much of the light is left, how thick the air is
_WEATHERS: dict[str, tuple[float, str, float, float]] = {
    "clear": (0.0, "#ffffff", 1.0, 1.0),
    "cloudy": (0.32, "#b7bfc4", 0.80, 1.25),
    "wind": (0.18, "#b9c3c6", 0.92, 1.0),
    "mist": (0.68, "#e4e4dc", 0.66, 2.4),
    "rain": (0.62, "#8a979f", 0.50, 2.0),
    "storm": (0.70, "#4d5966", 0.42, 1.7),
    "snow": (0.55, "#c3ccd4", 0.66, 2.0),
}
WEATHERS = tuple(_WEATHERS)
SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True)
class Air:
    """The light and air of one picture; colours are ``#rrggbb``."""

    hour: str
    weather: str
    season: str
    side: float  # −1: the light is on the left … 1: on the right
    sky: tuple[str, str, str]  # top, middle, horizon
    sun: tuple[float, float, float]
    shade: tuple[float, float, float]
    haze: str
    thick: float
    height: float  # of the light above the horizon, 0–1
    palette: tuple[str, ...] = ()
    lean: float = 0.0  # how far colours lean to the palette, 0–1
    vivid: float = 1.0  # factor of chroma
    cover: str = ""  # what lies on the land under a sky that has cleared: snow, wet
    drift: tuple[float, float] = (0.0, 0.0)  # of sun or moon from its usual place, shares of width and of height
    _leant: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def dark(self) -> bool:
        """Whether lamps are lit."""
        return self.hour in ("dusk", "night") or self.weather == "storm"

    @property
    def white(self) -> bool:
        """Whether snow lies."""
        return "snow" in (self.weather, self.cover)

    def tint(self, own: str, lit: float, depth: float = 0.0) -> str:
        """Return the colour that a thing of colour *own* has, *lit* 0 (shade) – 1 (full light), at *depth* 0–1."""
        light = np.array(self.shade) + np.array(self.sun) * max(0.0, lit)
        lab = oklab(linear(own) * light)
        fade = 1 - math.exp(-1.55 * self.thick * depth**1.35)
        lab = lab + (oklab(linear(self.haze)) - lab) * fade
        return self.leant(hexed(unlab(lab)))

    def tint_told(self, own: str, lit: float, depth: float = 0.0) -> str:
        """Return the colour of a thing that was told to be *own*: as ``tint``, but its hue withstands dusk, haze
        and palette."""
        light = np.array(self.shade) + np.array(self.sun) * max(0.0, lit)
        pure = oklab(linear(own))
        lab = oklab(linear(own) * light)
        lab[0] += 0.3 * max(0.0, 0.8 * pure[0] - lab[0])
        fade = 0.6 * (1 - math.exp(-1.55 * self.thick * depth**1.35))
        lab = lab + (oklab(linear(self.haze)) - lab) * fade
        aim = pure[1:] * np.clip(lab[0] / pure[0], 0.45, 1.1)
        lab[1:] += (aim - lab[1:]) * (0.75 - 0.4 * fade)
        return hexed(unlab(lab))

    def leant(self, colour: str) -> str:
        """Return *colour* leaning to the palette: its lightness stays, hue and chroma move."""
        if colour in self._leant:
            return self._leant[colour]
        lab = oklab(linear(colour))
        lab[1:] *= self.vivid
        if self.palette and self.lean:
            tones = np.array([oklab(linear(c)) for c in self.palette])
            apart = np.linalg.norm((tones - lab) * [0.7, 1.6, 1.6], axis=1)
            near = np.exp(-((apart / 0.16) ** 2)) + 1e-6
            aim = (near[:, None] * tones).sum(axis=0) / near.sum()
            room = 1 - abs(2 * lab[0] - 1) ** 3  # near black and white there is little chroma to have
            lab[1:] += (aim[1:] * room - lab[1:]) * self.lean
        self._leant[colour] = result = hexed(unlab(lab))
        return result


def air_of(
    hour: str,
    weather: str,
    season: str,
    side: float,
    palette: Sequence[str] = (),
    lean: float = 0.6,
    vivid: float = 1.0,
) -> Air:
    """Return the air of an hour (``HOURS``), a weather (``WEATHERS``) and a season."""
    sky, sun, shade, haze, height = _HOURS[hour]
    grey, tone, left, thick = _WEATHERS[weather]
    tone = hexed(linear(tone) * (np.array(shade) + np.array(sun) * 0.6))
    skies = [_greyed(c, tone, grey) for c in sky]
    lights = np.array(sun)
    mean = lights.mean()
    lights = (lights + (mean - lights) * grey) * left
    cool = 1 + 0.25 * grey
    if season == "winter":
        haze = _greyed(haze, "#c9d6e6" if hour != "night" else haze, 0.3)
    air = Air(
        hour,
        weather,
        season,
        side,
        (skies[0], skies[1], skies[2]),
        (float(lights[0]), float(lights[1]), float(lights[2])),
        (shade[0] * cool, shade[1] * cool, shade[2] * cool),
        _greyed(haze, tone, grey),
        thick,
        height,
        tuple(palette),
        lean if palette else 0.0,
        vivid,
    )
    leant = [air.leant(c) for c in air.sky]
    return Air(
        hour,
        weather,
        season,
        side,
        (leant[0], leant[1], leant[2]),
        air.sun,
        air.shade,
        air.leant(air.haze),
        thick,
        height,
        air.palette,
        air.lean,
        vivid,
    )


def _greyed(colour: str, tone: str, share: float) -> str:
    a, b = oklab(linear(colour)), oklab(linear(tone))
    return hexed(unlab(a + (b - a) * share))
