"""Colour: sRGB and OKLab (Björn Ottosson, 2020), contrast (WCAG 2.2) and how well a set of colours agrees.

A colour is ``#rrggbb`` outside and an array of three floats inside: linear light 0–1, or OKLab (lightness 0–1, a, b).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from miaobi.errors import BriefError, show

Triple = npt.NDArray[np.float64]
_HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB, _FROM_LMS = np.linalg.inv(_TO_LAB), np.linalg.inv(_TO_LMS)


def read_hex(text: str) -> str:
    """Return a colour as ``#rrggbb``; BriefError for anything that is none."""
    value = text.strip()
    if not _HEX.fullmatch(value):
        raise BriefError(f"{show(text)} is no colour.", "Write it as #rrggbb, for example #a33b20.")
    digits = value[1:].lower()
    return "#" + ("".join(2 * d for d in digits) if len(digits) == 3 else digits)


def linear(colour: str) -> Triple:
    """Return linear light, (3,), 0–1."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def hexed(light: Triple) -> str:
    """Return linear light as ``#rrggbb``; what is out of gamut is clipped."""
    light = np.clip(light, 0, 1)
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(v)):02x}" for v in srgb)


def oklab(light: Triple) -> Triple:
    """Return OKLab of linear light, (..., 3)."""
    return np.cbrt(np.maximum(light, 0) @ _TO_LMS.T) @ _TO_LAB.T


def unlab(lab: Triple) -> Triple:
    """Return linear light of OKLab, (..., 3)."""
    return ((lab @ _FROM_LAB.T) ** 3) @ _FROM_LMS.T


def mix(one: str, other: str, share: float) -> str:
    """Return the colour between two, *share* 0–1 of the way, in OKLab."""
    a, b = oklab(linear(one)), oklab(linear(other))
    return hexed(unlab(a + (b - a) * min(1.0, max(0.0, share))))


def lightness(colour: str) -> float:
    """Return OKLab lightness, 0–1."""
    return float(oklab(linear(colour))[0])


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2.2), 0–1."""
    return float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), 1–21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def hue(colour: str) -> tuple[float, float]:
    """Return hue in degrees, 0–360, and chroma in OKLab."""
    _, a, b = oklab(linear(colour))
    return math.degrees(math.atan2(b, a)) % 360, math.hypot(a, b)


_TEMPLATES = (  # sectors of the wheel, (middle, width) in degrees: Cohen-Or et al., Color Harmonization, 2006
    ((0, 18),),
    ((0, 94),),
    ((0, 18), (90, 79)),
    ((0, 18), (180, 18)),
    ((0, 94), (180, 18)),
    ((0, 94), (180, 94)),
)


def harmony(colours: Sequence[str], weights: Sequence[float] = ()) -> float:
    """Return how near the hues lie to the best harmonic template, 0–1 (1: all within); greys count nothing."""
    shares = list(weights) or [1.0] * len(colours)
    tones = [(h, c * w) for (h, c), w in zip(map(hue, colours), shares, strict=True) if c > 0.02]
    total = sum(weight for _, weight in tones)
    if not total:
        return 1.0

    def off(h: float, template: Sequence[tuple[float, float]], turn: float) -> float:
        return min(max(0.0, abs((h - turn - middle + 180) % 360 - 180) - wide / 2) for middle, wide in template)

    best = min(
        sum(weight * off(h, template, turn) for h, weight in tones)
        for template in _TEMPLATES
        for turn in range(0, 360, 6)
    )
    return max(0.0, 1 - best / total / 90)
