"""Watercolour: transparent pigment on rough paper, from the light to the dark (after Bousseau et al., 2006).

The picture is simplified to washes; a wash is denser where water pooled at its edge and where the paper is deep,
thinner
where it was lifted; wet passages (sky, mist, water) run into each other. Lights are bare paper, and so is the rim.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels, View

_PAPER = np.array([250, 247, 239], np.float32) / 255


def _pigmented(colour: Field, density: Field) -> Field:
    """Return *colour* (0–1) at a density of pigment (1: as it is): Bousseau's C' = C − (C − C²)(d − 1)."""
    return np.clip(colour - (colour - colour * colour) * (density[:, :, None] - 1), 0, 1)


def watercolour(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture in watercolour."""
    shape, unit = view.shape, view.unit
    base = _simplified(view)
    rows, columns = np.indices(shape).astype(np.float32)
    small = (shape[0] // 3 + 1, shape[1] // 3 + 1)

    def field(cells: float, octaves: int) -> Field:
        return np.asarray(cv2.resize(fractal(rng, small, cells, octaves), (shape[1], shape[0])), np.float32)

    shift_x, shift_y = field(60, 3) * np.float32(3.0 * unit), field(60, 3) * np.float32(3.0 * unit)
    wet = cv2.GaussianBlur(view.made_of("sky", "cloud", "mist", "water", "snow").astype(np.float32), (0, 0), 6 * unit)
    shift_x += field(13, 4) * wet * np.float32(13 * unit)
    shift_y += field(13, 4) * wet * np.float32(13 * unit)
    base = cv2.remap(base, columns + shift_x, rows + shift_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    edges = cv2.remap(view.edges, columns + shift_x * 0.6, rows + shift_y * 0.6, cv2.INTER_LINEAR)
    del rows, columns, shift_x, shift_y
    colour = base.astype(np.float32) / np.float32(255)
    light = cv2.cvtColor(base, cv2.COLOR_RGB2LAB)[:, :, 0].astype(np.float32) / np.float32(255)
    colour = np.clip(colour + (1 - colour) * np.float32(0.16), 0, 1)  # washes let the paper through
    colour += (_PAPER - colour) * (np.clip((light - 0.86) / 0.12, 0, 1) ** 1.3 * 0.85)[:, :, None]
    pool = _pooled(light, unit) + 0.5 * _pooled(light, unit * 3.2)
    density = 1 + 0.42 * field(4, 4) * (0.55 + 0.75 * wet) + 1.25 * pool
    grain = tooth(rng, shape, max(1.6, 2.4 * unit))
    density += (0.5 - grain) * (0.20 + 0.30 * (1 - light))
    density += 0.20 * _blooms(rng, shape, unit) * np.clip(wet * 1.3, 0, 1)
    painted = _pigmented(colour, density.astype(np.float32))
    rim = np.clip(cv2.GaussianBlur(edges, (0, 0), max(0.7, 0.8 * unit)).astype(np.float32) / 255 * 1.7, 0, 1)
    firm = np.clip(1 - wet * 0.75, 0, 1) * np.clip(1.2 - view.depth, 0.15, 1)
    painted *= (1 - 0.30 * rim * firm)[:, :, None]
    gaps = (
        np.clip(field(36, 2) * 2.4 - 1.15, 0, 1)
        * np.clip(cv2.GaussianBlur(edges, (0, 0), 1.4 * unit).astype(np.float32) / 90, 0, 1)
        * firm
    )
    painted += (_PAPER - painted) * (gaps * 0.75)[:, :, None]
    bare = _margin(rng, shape, unit)
    if not view.bleeds:
        painted += (_PAPER - painted) * bare[:, :, None]
    _spatter(rng, painted, unit)
    painted *= (0.965 + 0.05 * grain)[:, :, None]
    if strokes is not None:
        from miaobi.craft.painting.tracing import washes

        strokes += washes(np.clip(painted * 255, 0, 255).astype(np.uint8), 14)
    return np.clip(painted * 255, 0, 255).astype(np.uint8)


def _simplified(view: View) -> Pixels:
    """Return the picture in flat washes: colours smoothed inside edges at half size."""
    half = cv2.resize(view.colour, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    reach = max(5, round(9 * view.unit) | 1)
    for _ in range(2):
        half = cv2.bilateralFilter(half, min(15, reach), 34, 5 * view.unit + 2)
    half = cv2.medianBlur(half, 3 if view.unit < 1.2 else 5)
    soft = cv2.resize(half, (view.shape[1], view.shape[0]), interpolation=cv2.INTER_CUBIC)
    crisp = cv2.medianBlur(view.colour, 3)
    near = cv2.GaussianBlur(view.of_subject.astype(np.float32), (0, 0), 2 * view.unit)[:, :, None]
    return np.clip(soft + (crisp - soft.astype(np.float32)) * near * 0.8, 0, 255).astype(np.uint8)


def _pooled(light: Field, unit: float) -> Field:
    """Return where pigment gathers: just inside the dark side of an edge, 0–1."""
    wide = cv2.GaussianBlur(light, (0, 0), max(1.0, 2.6 * unit))
    return np.clip((wide - light) * 3.2, 0, 0.5)


def _blooms(rng: np.random.Generator, shape: tuple[int, int], unit: float) -> Field:
    """Return backruns: where water crept into a damp wash and pushed its pigment to a ragged rim."""
    out = np.zeros((shape[0] // 2 + 1, shape[1] // 2 + 1), np.float32)
    y, x = np.indices(out.shape).astype(np.float32)
    rough = fractal(rng, out.shape, 16, 4) * np.float32(0.35)
    for _ in range(5):
        cx, cy, r = rng.uniform(0, out.shape[1]), rng.uniform(0, out.shape[0]), rng.uniform(24, 70) * unit
        apart = np.hypot(x - cx, y - cy) / np.float32(r) + rough
        out += np.exp(-(((apart - 1) / 0.06) ** 2)) - 0.45 * np.clip(1 - apart, 0, 1)
    return np.asarray(cv2.resize(out, (shape[1], shape[0])), np.float32)


def _margin(rng: np.random.Generator, shape: tuple[int, int], unit: float) -> Field:
    """Return the bare rim of the sheet, 0–1, its edge where brushes stopped."""
    small = (max(8, shape[0] // 3), max(8, shape[1] // 3))
    y, x = np.indices(small).astype(np.float32)
    edge = np.minimum(np.minimum(x, small[1] - 1 - x), np.minimum(y, small[0] - 1 - y)) * np.float32(3)
    rough = fractal(rng, small, 26, 5, 0.6) * np.float32(15 * unit) + fractal(rng, small, 3, 2) * np.float32(14 * unit)
    bare = np.clip((np.float32(30 * unit) - edge + rough) / np.float32(7 * unit), 0, 1)
    return np.asarray(cv2.resize(bare, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _spatter(rng: np.random.Generator, painted: Field, unit: float) -> None:
    """Flick a few drops of the picture's own pigments over it."""
    rows, columns = painted.shape[:2]
    mask = np.zeros((rows, columns), np.uint8)
    for _ in range(46):
        x, y = rng.uniform(0.04, 0.96) * columns, rng.uniform(0.55, 0.97) * rows
        cv2.circle(
            mask,
            (round(x * 8), round(y * 8)),
            round(float(rng.exponential(1.1) + 0.5) * unit * 8),
            255,
            -1,
            cv2.LINE_AA,
            3,
        )
    tone = painted[:: max(1, rows // 60), :: max(1, columns // 60)].reshape(-1, 3)
    dark = tone[np.argsort(tone.sum(1))[len(tone) // 6]]
    painted += (dark - painted) * (mask.astype(np.float32) / 255 * np.float32(0.42))[:, :, None]
