"""Grounds to paint on: canvas, cold-pressed paper, xuan paper, wood; as relief (0–1) or as colour."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.view import Field, Pixels


def tooth(rng: np.random.Generator, shape: tuple[int, int], size: float) -> Field:
    """Return the relief of a rough paper, 0–1, its grain *size* px."""
    noise = rng.random((max(4, round(shape[0] / size * 1.6)), max(4, round(shape[1] / size * 1.6))), dtype=np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.8)
    noise = cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    low, high = np.percentile(noise[:: max(1, shape[0] // 200), :: max(1, shape[1] // 200)], [2, 98])
    return np.clip((noise - np.float32(low)) / np.float32(high - low), 0, 1)


def weave(shape: tuple[int, int], size: float) -> Field:
    """Return the relief of a linen canvas, 0–1, its threads *size* px."""
    x = np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(np.pi / size)
    y = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(np.pi / size)
    return np.asarray(0.5 + 0.25 * (np.sin(x) * np.cos(y * 0.5) + np.sin(y) * np.cos(x * 0.5)), np.float32)


def xuan(rng: np.random.Generator, shape: tuple[int, int], unit: float) -> Pixels:
    """Return xuan paper: warm, clouded, with fibres."""
    base = np.empty((*shape, 3), np.float32)
    base[:] = (243, 236, 220)
    base += (fractal(rng, shape, 5, 4) * 3.2)[:, :, None]
    fibres = np.zeros(shape, np.uint8)
    for _ in range(240):
        x, y, turn = rng.uniform(0, shape[1]), rng.uniform(0, shape[0]), rng.uniform(0, np.pi)
        t = np.linspace(-1, 1, 6)
        long, bend = rng.uniform(6, 22) * unit, rng.normal(0, 4) * unit
        path = np.stack(
            [
                x + np.cos(turn) * long * t - np.sin(turn) * bend * t * t,
                y + np.sin(turn) * long * t + np.cos(turn) * bend * t * t,
            ],
            1,
        )
        cv2.polylines(
            fibres, [np.round(path * 16).astype(np.int32)], False, 255, max(1, round(unit * 0.7)), cv2.LINE_AA, 4
        )
    base -= (fibres.astype(np.float32) * np.float32(0.028))[:, :, None]
    return np.clip(base, 0, 255).astype(np.uint8)


def planed(rng: np.random.Generator, shape: tuple[int, int], turn: bool = False) -> Field:
    """Return the grain of a plank, 0–1, along the rows."""
    warp = fractal(rng, shape, 2, 3) * 0.6
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    rings = np.sin((y * 26 + warp * 3.2) * np.float32(2 * np.pi))
    fine = fractal(rng, shape, 4, 4, stretch=40)
    grain = 0.5 + 0.25 * rings + 0.35 * fine
    return np.clip(grain.T if turn else grain, 0, 1).astype(np.float32)
