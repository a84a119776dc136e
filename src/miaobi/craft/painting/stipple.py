"""Stipple: dots of ink placed by weighted Voronoi relaxation (Secord, 2002): close in the dark, far apart in the
light."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Spots, Stroke, at
from miaobi.craft.painting.view import Field, Pixels, View

_PAPER = np.array([248, 243, 231], np.float32)
_DOTS, _ROUNDS = 84_000, 9
_GRID = 900  # px of the shorter side on which dots are relaxed


def stipple(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture in dots."""
    shape = view.shape
    scale = min(1.0, _GRID / min(shape))
    size = (max(2, round(shape[1] * scale)), max(2, round(shape[0] * scale)))
    tone = cv2.resize(_tone(view), size, interpolation=cv2.INTER_AREA)
    spots = relaxed(rng, tone, round(_DOTS * size[0] * size[1] / (_GRID * _GRID * 1.5)))
    dark = at(tone, spots).astype(np.float32)
    grow = 1 / scale
    unit = _GRID / 1000 if scale < 1 else view.unit
    radius = (0.46 + 1.12 * dark**0.9) * unit * grow * rng.uniform(0.85, 1.15, len(spots))
    sheet = np.zeros(shape, np.uint8)
    for (x, y), r in zip(spots * grow, radius, strict=True):
        cv2.circle(
            sheet, (round(float(x) * 16), round(float(y) * 16)), max(4, round(float(r) * 16)), 255, -1, cv2.LINE_AA, 4
        )
    hue = cv2.cvtColor(cv2.GaussianBlur(view.colour, (0, 0), 3 * view.unit + 0.5), cv2.COLOR_RGB2LAB).astype(np.float32)
    hue[:, :, 0] = 30 + 0.10 * hue[:, :, 0]
    hue[:, :, 1:] = 128 + (hue[:, :, 1:] - 128) * 0.55
    inks = cv2.cvtColor(np.clip(hue, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB).astype(np.float32)
    paper = _PAPER * (0.985 + 0.025 * tooth(rng, shape, max(1.6, 2.2 * view.unit)))[:, :, None]
    cover = sheet.astype(np.float32)[:, :, None] / 255
    if strokes is not None:
        for (x, y), r in zip(spots * grow, radius, strict=True):
            tone_at = inks[min(shape[0] - 1, int(y)), min(shape[1] - 1, int(x))]
            strokes.append(
                Stroke(np.array([[x, y]], np.float32), float(2 * r), "#" + "".join(f"{int(v):02x}" for v in tone_at))
            )
    return np.clip(paper + (inks - paper) * cover, 0, 255).astype(np.uint8)


def _tone(view: View) -> Field:
    """Return how dark each place is to be, 0–1, edges sharpened, the sky held back."""
    light = cv2.createCLAHE(2.0, (3, 3)).apply((view.light * 255).astype(np.uint8)).astype(np.float32) / 255
    local = cv2.GaussianBlur(light, (0, 0), 9 * view.unit)
    low, high = np.percentile(light[::6, ::6], [2, 96])
    dark = 1 - np.clip((light - low) / (high - low + 1e-3), 0, 1)
    dark = np.clip(dark + 1.3 * np.clip(local - light, -0.30, 0.35), 0, 1)
    rim = cv2.GaussianBlur(view.edges, (0, 0), 1.0 * view.unit + 0.3).astype(np.float32) / 255
    dark = np.clip(dark**1.15 + 0.85 * rim * np.clip(1.1 - view.depth, 0, 1), 0.006, 1)
    shining = view.made_of("light") & (light > 0.75)
    dark[shining] = 0.0005
    dark *= np.where(view.made_of("sky", "cloud"), 0.62, 1.0)
    speck = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(4 * view.unit) + 1,) * 2)
    disc = cv2.morphologyEx(shining.astype(np.uint8), cv2.MORPH_OPEN, speck).astype(np.float32)
    shade = cv2.GaussianBlur(disc, (0, 0), 11 * view.unit + 0.5)  # about sun and moon, or their discs were one with it
    dark = np.where(shining, dark, np.maximum(dark, 0.9 * shade))
    return np.asarray(dark, np.float32)


def relaxed(rng: np.random.Generator, tone: Field, count: int) -> Spots:
    """Return *count* spots, px, relaxed towards the centres of mass of their Voronoi cells."""
    flat = np.cumsum(tone.ravel().astype(np.float64) ** 1.4)
    chosen = np.searchsorted(flat, rng.random(count) * flat[-1])
    rows, columns = tone.shape
    spots = np.stack([chosen % columns, chosen // columns], 1).astype(np.float32) + rng.random(
        (count, 2), dtype=np.float32
    )
    weight = (tone.astype(np.float64) ** 1.4 + 1e-4).ravel()
    xs = np.tile(np.arange(columns) + 0.5, rows)
    ys = np.repeat(np.arange(rows) + 0.5, columns)
    for _ in range(_ROUNDS):
        seeds = np.full(tone.shape, 255, np.uint8)
        x, y = np.clip(spots[:, 0].astype(int), 0, columns - 1), np.clip(spots[:, 1].astype(int), 0, rows - 1)
        seeds[y, x] = 0
        _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        cells = labels.ravel()
        mass = np.bincount(cells, weight)
        keep = mass > 0
        middle = np.stack(
            [np.bincount(cells, weight * xs)[keep] / mass[keep], np.bincount(cells, weight * ys)[keep] / mass[keep]], 1
        )
        spots = middle.astype(np.float32)
    return spots
