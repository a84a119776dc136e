"""Woodcut: a key block of lines cut along the matter, swelling in the dark (the engraver's line), over two or three
flat
colour blocks, a little out of register, with the grain of the plank in the ink."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import planed
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels, View, details

_PAPER = np.array([243, 234, 214], np.float32)
_KEY = np.array([28, 26, 30], np.float32)


def woodcut(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture as a colour woodcut."""
    key = key_block(view, rng)
    plank = planed(rng, view.shape)
    print_ = _blocks(view, rng, plank)
    wear = np.clip(1.15 - 0.55 * np.clip(plank - 0.62, 0, 1) / 0.38, 0.5, 1) * np.clip(
        1.06 + 0.3 * fractal(rng, view.shape, 9, 4), 0.82, 1
    )
    inked = (key * wear).astype(np.float32)
    print_ += (_KEY - print_) * inked[:, :, None]
    if strokes is not None:
        from miaobi.craft.painting.tracing import regions, washes

        strokes += washes(np.clip(print_ * (1 - inked[:, :, None]) + 255 * 0, 0, 255).astype(np.uint8), 4)
        strokes += regions(key > 0.5, "#1c1a1e")
    return np.clip(print_, 0, 255).astype(np.uint8)


def key_block(view: View, rng: np.random.Generator) -> Field:
    """Return what of the key block prints, 0–1."""
    shape, unit = view.shape, view.unit
    light = cv2.GaussianBlur(view.light, (0, 0), 1.3 * unit + 0.3)
    clahe = cv2.createCLAHE(1.6, (4, 4)).apply((light * 255).astype(np.uint8)).astype(np.float32) / 255
    low, high = np.percentile(clahe[::8, ::8], [3, 95])
    dark = np.clip(1 - (clahe - low) / (high - low + 1e-3), 0, 1)
    away = view.depth
    dark = np.clip((dark - 0.20 - 0.14 * away) * (1.42 - 0.5 * away), 0, 1)
    sky = view.made_of("sky", "cloud", "mist")
    dark[sky] *= 0.55
    dark[view.made_of("flower", "cloth", "skin", "feather", "fur")] *= 0.78
    dark[view.made_of("flower")] *= 0.6
    dark[view.made_of("skin") & view.of_subject] *= 0.3  # a face isn't hatched: its features are cut
    dark[view.coloured] *= 0.62
    angle = np.radians((view.grain // 15 * 15).astype(np.float32))
    angle = np.where(view.made_of("foliage", "fur", "flower"), angle + view.direction * 0.5, angle)
    sway = np.asarray(
        cv2.resize(fractal(rng, (shape[0] // 4 + 1, shape[1] // 4 + 1), 6, 3), (shape[1], shape[0])), np.float32
    )
    y, x = np.indices(shape).astype(np.float32)
    period = np.where(away > 0.9, 8.4, np.where(view.of_subject, 5.4, 6.8)).astype(np.float32) * np.float32(unit)
    across = -np.sin(angle) * x + np.cos(angle) * y
    along = np.cos(angle) * x + np.sin(angle) * y
    wobble = sway * np.float32(14 * unit) * np.where(sky, 1.5, 0.7) + np.sin(
        along / np.float32(23 * unit)
    ) * np.float32(0.8 * unit)
    phase = (across + wobble) / period
    wave = np.abs((phase - np.floor(phase)) * 2 - 1)
    knife = np.asarray(
        cv2.resize(
            rng.random(
                (max(2, shape[0] // max(1, round(5 * unit))), max(2, shape[1] // max(1, round(11 * unit)))),
                dtype=np.float32,
            ),
            (shape[1], shape[0]),
        ),
        np.float32,
    )
    cut = wave - (1 - dark * 1.18) - (knife - 0.5) * 0.26
    sharp = np.float32(1.4) * period / 2
    key = np.clip(cut * sharp * 0.55 + 0.5, 0, 1)
    key[dark < 0.05] = 0
    key = np.maximum(key, np.clip((dark - 0.86) * 9, 0, 1))
    thick = max(1, round(1.3 * unit))
    lines = cv2.dilate(view.edges, np.ones((thick + 1, thick + 1), np.uint8)).astype(np.float32) / 255
    lines = cv2.GaussianBlur(lines, (0, 0), 0.6 * unit + 0.2)
    lines = (
        np.clip((lines - 0.42) * 5, 0, 1)
        * np.clip(1.15 - away, 0, 1)
        * ~view.made_of("grass", "water", "glow", "mist", "cloud", "light")
    )
    key = np.maximum(key, lines)
    key = np.maximum(key, details(view) * 1.15)
    key[view.made_of("light") & (view.light > 0.7)] = 0
    key = cv2.GaussianBlur(key.astype(np.float32), (0, 0), max(0.5, 0.55 * unit))
    return np.clip((key - 0.5) * 3.2 + 0.5, 0, 1)


def _blocks(view: View, rng: np.random.Generator, plank: Field) -> Field:
    """Return the colour blocks printed: five inks chosen from the picture, some more for colours that were told, the
    sky graded by hand (bokashi)."""
    shape, unit = view.shape, view.unit
    step = max(1, round(min(shape) / 220))
    small = cv2.medianBlur(view.colour, 5)[::step, ::step]
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32) * np.array(
        [0.75, 1.25, 1.25], np.float32
    )
    cv2.setRNGSeed(int(rng.integers(2**31)))
    _, _, centres = cv2.kmeans(
        lab, 5, None, (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.6), 2, cv2.KMEANS_PP_CENTERS
    )
    full = cv2.cvtColor(cv2.medianBlur(view.colour, 5), cv2.COLOR_RGB2LAB).astype(np.float32) * np.array(
        [0.75, 1.25, 1.25], np.float32
    )
    best = np.full(shape, np.inf, np.float32)
    number = np.zeros(shape, np.uint8)
    for i, centre in enumerate(centres):
        apart = ((full - centre) ** 2).sum(2)
        nearer = apart < best
        best[nearer] = apart[nearer]
        number[nearer] = i
    own = view.coloured
    if own.sum() > 40:  # what was told to be red has a block of its own
        told = np.ascontiguousarray(full[own])
        count = min(3, len(told))
        _, _, more = cv2.kmeans(
            told, count, None, (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.6), 2, cv2.KMEANS_PP_CENTERS
        )
        number[own] = len(centres) + ((told[:, None] - more[None]) ** 2).sum(2).argmin(1)
        centres = np.concatenate([centres, more])
    inks = (centres / np.array([0.75, 1.25, 1.25])).clip(0, 255)
    inks[:, 0] = 70 + inks[:, 0] * 0.72  # inks are lighter than the picture: the key block brings the dark
    inks[:, 1:] = 128 + (inks[:, 1:] - 128) * 1.12
    tones = cv2.cvtColor(inks[None].clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)[0].astype(np.float32)
    number = cv2.medianBlur(number, max(3, round(4 * unit) | 1))
    sheet = np.empty((*shape, 3), np.float32)
    sheet[:] = _PAPER
    graded = cv2.GaussianBlur(view.colour, (0, 0), 20 * unit).astype(np.float32)
    for i in range(len(tones)):
        dx, dy = rng.normal(0, 1.3 * unit, 2)
        mask = cv2.warpAffine(
            (number == i).astype(np.float32),
            np.array([[1, 0, dx], [0, 1, dy]]),
            (shape[1], shape[0]),
            borderMode=cv2.BORDER_REPLICATE,
        )
        ink = np.clip(
            mask * (0.90 - 0.16 * plank) * (1 + 0.10 * fractal(rng, (shape[0] // 2, shape[1] // 2), 12, 3).mean()), 0, 1
        )
        sheet += (sheet * tones[i] / 255 * 1.03 - sheet) * ink[:, :, None]
    sky = cv2.GaussianBlur(view.made_of("sky", "water").astype(np.float32), (0, 0), 1.2 * unit)
    bokashi = _PAPER * (graded * 0.8 + 51) / 255
    sheet += (bokashi * (0.97 + 0.05 * plank)[:, :, None] - sheet) * (sky * 0.75)[:, :, None]
    return np.clip(sheet, 0, 255)
