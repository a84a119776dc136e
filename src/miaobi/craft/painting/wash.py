"""Wash: ink thinned with water on xuan paper. It creeps along the fibres (渲染), pools darker at its rim, pushes back
what had begun to dry (back-runs), and leaves its grains in the hollows."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.view import Field


def mottled(
    rng: np.random.Generator,
    shape: tuple[int, int],
    cells: float,
    octaves: int = 4,
    gain: float = 0.5,
    *,
    stretch: float = 1.0,
) -> Field:
    """Return noise about −1…1, made at a quarter of the size: for what is soft."""
    small = (shape[0] // 4 + 2, shape[1] // 4 + 2)
    return cv2.resize(
        fractal(rng, small, cells, octaves, gain, stretch=stretch), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
    )


def soft(field: Field, reach: float) -> Field:
    """Return *field* blurred over *reach* px; a wide blur is made on a smaller sheet."""
    if reach < 6:
        return cv2.GaussianBlur(field, (0, 0), reach)
    shrink = 1 / max(1.0, reach / 4)
    small = cv2.resize(field, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), reach * shrink), (field.shape[1], field.shape[0]))


def bled(rng: np.random.Generator, tone: Field, unit: float, wet: float | Field) -> Field:
    """Return washes of *tone* 0–1 after they have crept: *wet* 0 keeps an edge, 1 loses it; where is by chance."""
    shape = tone.shape
    creep = [
        mottled(rng, shape, 40, 4, 0.6) * np.float32(5.0 * unit)
        + cv2.resize(fractal(rng, (shape[0] // 2, shape[1] // 2), 190, 2), (shape[1], shape[0]))
        * np.float32(2.6 * unit)
        for _ in range(2)
    ]
    columns, rows = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    crept = cv2.remap(
        tone.astype(np.float32), columns + creep[0], rows + creep[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    near, wide = soft(crept, 2.2 * unit), soft(crept, 11 * unit)
    lost = np.clip(np.asarray(wet) + 0.55 * mottled(rng, shape, 7, 3), 0, 1)  # lost and found edges
    out = (0.5 * crept + 0.5 * near) * (1 - lost) + wide * lost
    rim = np.clip(near - soft(crept, 6 * unit), 0, 1)
    return np.asarray(out + 0.55 * rim * (1 - lost), np.float32)


def dried(rng: np.random.Generator, tone: Field, unit: float) -> Field:
    """Return washes as they dry: with back-runs in the pale ones."""
    shape = tone.shape
    bloom = mottled(rng, shape, 4.5, 5, 0.58)
    rough = cv2.resize(fractal(rng, (shape[0] // 2, shape[1] // 2), 120, 3), (shape[1], shape[0]))
    bloom = bloom + 0.05 * rough
    inside = np.clip((bloom - 0.20) / 0.05, 0, 1)
    rim = np.exp(-(((bloom - 0.195) / 0.022) ** 2))
    pale = np.clip(tone * 6, 0, 1) * np.clip(1.25 - 1.9 * tone, 0, 1) * np.clip(0.4 + mottled(rng, shape, 3, 2), 0, 1)
    return np.asarray(tone * (1 + pale * (0.22 * rim - 0.20 * inside)), np.float32)


def granulated(tone: Field, grain: Field) -> Field:
    """Return *tone* with its grains in the hollows of the paper. *grain*: 0–1."""
    return np.asarray(tone * (0.95 + 0.13 * grain), np.float32)


def hairs(rng: np.random.Generator, direction: Field, unit: float) -> Field:
    """Return the marks that a brush's hairs leave along *direction* (radians), about −1…1: noise drawn out along it
    (line integral convolution, Cabral and Leedom, 1993)."""
    shape = direction.shape
    noise = cv2.resize(
        rng.normal(0, 1, (round(shape[0] / unit / 1.6) + 2, round(shape[1] / unit / 1.6) + 2)).astype(np.float32),
        (shape[1], shape[0]),
    )
    columns, rows = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    dx, dy = (f(direction).astype(np.float32) * np.float32(2.2 * unit) for f in (np.cos, np.sin))
    for reach in (1, 2, 4):  # each pass doubles the length of the smear
        noise = sum(
            cv2.remap(
                noise, columns + dx * k * reach, rows + dy * k * reach, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
            )
            for k in (-1, 0, 1)
        )
    return np.asarray(noise / (noise.std() + 1e-6) * 0.5, np.float32)


def feathered(rng: np.random.Generator, ink: Field, unit: float) -> Field:
    """Return wet strokes with the fringe that they get on unsized paper."""
    shape = ink.shape
    fringe = [
        cv2.resize(
            rng.normal(0, 1, (round(shape[0] / unit / 1.5) + 2, round(shape[1] / unit / 1.5) + 2)).astype(np.float32),
            (shape[1], shape[0]),
            interpolation=cv2.INTER_LINEAR,
        )
        * np.float32(1.15 * unit)
        for _ in range(2)
    ]
    columns, rows = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    crept = cv2.remap(ink, columns + fringe[0], rows + fringe[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    halo = cv2.GaussianBlur(crept, (0, 0), 2.4 * unit)
    return np.maximum(cv2.GaussianBlur(crept, (0, 0), 0.55 * unit), 0.42 * halo)
