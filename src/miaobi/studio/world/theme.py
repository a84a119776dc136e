"""Theme: paper, ink and accent of a page from the colours of a world's pictures, readable in light and in dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.colour import contrast, hexed, hue, lightness, unlab

READABLE = 4.5  # WCAG 2.2, 1.4.3
_USUAL = ("#8a3324", "#e8dcc0", "#274754")


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``."""

    paper: str
    sheet: str  # what lies on the paper
    ink: str
    soft: str  # for what is said beside
    line: str
    accent: str


def theme_of(palette: Sequence[str], dark: bool = False) -> Theme:
    """Return the theme of a world with this palette; a quiet one of ours where it has none."""
    colours = list(palette) or list(_USUAL)
    strongest = max(colours, key=lambda c: hue(c)[1])
    ground = max(colours, key=lightness) if not dark else min(colours, key=lightness)
    base = math.radians(hue(ground if hue(ground)[1] > 0.01 else strongest)[0])
    if dark:
        paper, sheet = _shade(0.19, 0.012, base), _shade(0.235, 0.014, base)
        ink, soft, line = _shade(0.9, 0.012, base), _shade(0.72, 0.02, base), _shade(0.35, 0.016, base)
        steps = np.arange(0.6, 0.95, 0.01)
    else:
        paper, sheet = _shade(0.968, 0.012, base), _shade(0.988, 0.006, base)
        ink, soft, line = _shade(0.26, 0.02, base), _shade(0.5, 0.03, base), _shade(0.87, 0.016, base)
        steps = np.arange(0.62, 0.2, -0.01)
    strength = min(0.16, max(0.07, hue(strongest)[1]))
    shades = (_shade(float(light), strength, math.radians(hue(strongest)[0])) for light in steps)
    accent = next(c for c in shades if min(contrast(c, paper), contrast(c, sheet)) >= READABLE)
    return Theme(paper, sheet, ink, soft, line, accent)


def variables(theme: Theme) -> str:
    """Return the theme as custom properties of CSS."""
    return " ".join(f"--{name}: {getattr(theme, name)};" for name in Theme.__dataclass_fields__)


def _shade(light: float, chroma: float, angle: float) -> str:
    return hexed(unlab(np.array([light, chroma * math.cos(angle), chroma * math.sin(angle)])))
