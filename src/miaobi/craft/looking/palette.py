"""Palette: the colours that a picture is made of, by clustering in OKLab (k-means, seeded by the farthest points)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.colour import hexed, oklab, unlab

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
_SIDE = 96  # px: enough for colours
_ROUNDS = 12
_LEAST = 0.018  # of the picture: less is the seam between two colours


def lab_of(pixels: Pixels) -> Floats:
    """Return OKLab of RGB *pixels*, (..., 3)."""
    srgb = pixels.astype(np.float64) / 255
    return np.asarray(oklab(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)))


def palette_of(pixels: Pixels, count: int = 6) -> list[tuple[str, float]]:
    """Return at most *count* colours with the share of the picture that each has, the widest first."""
    small = cv2.resize(
        pixels, (_SIDE, max(8, round(_SIDE * pixels.shape[0] / pixels.shape[1]))), interpolation=cv2.INTER_AREA
    )
    points = lab_of(small).reshape(-1, 3)
    centres = points.mean(axis=0, keepdims=True)
    while len(centres) < count:  # the point that is farthest from all, so that a small bright spot counts too
        away = np.min(((points[:, None] - centres) ** 2).sum(axis=2), axis=1)
        if away.max() < 0.0009:
            break
        centres = np.concatenate([centres, points[[int(away.argmax())]]])
    for _ in range(_ROUNDS):
        nearest = ((points[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array(
            [points[nearest == i].mean(axis=0) if (nearest == i).any() else c for i, c in enumerate(centres)]
        )
    share = np.bincount(nearest, minlength=len(centres)) / len(points)
    order = np.argsort(-share, kind="stable")
    return [(hexed(unlab(centres[i])), round(float(share[i]), 4)) for i in order if share[i] > _LEAST]
