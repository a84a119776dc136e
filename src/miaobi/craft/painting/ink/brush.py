"""Brush: a round Chinese brush on xuan paper. It presses and lifts, runs dry at the end of its way (飞白), and what it
sets down wet feathers into the fibres.

Paths are in px of the view; the sheet may be larger by the factor *grow*.
"""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field

Path = npt.NDArray[Any]  # (n, 2)
Manner = Literal["orchid", "nail", "wire", "blade", "wedge"]
INK = "#1a191e"
_SOOT, _PAPER = (26, 25, 30), (243, 236, 220)


def pressure(manner: Manner, t: Field) -> Field:
    """Return how hard the brush is pressed along a stroke, 0–1: the way it draws a leaf of an orchid (兰叶描), a nail's
    head and a rat's tail (钉头鼠尾), a wire (铁线), a blade of grass from its foot, a wedge (斧劈)."""
    if manner == "orchid":
        return np.asarray(np.sin(np.pi * (0.05 + 0.90 * t)) ** 0.8 * (0.86 + 0.14 * np.cos(9 * t)))
    if manner == "nail":
        head = np.exp(-(((t - 0.05) / 0.09) ** 2))
        return np.asarray(np.clip(0.55 * head + 0.62 * (1 - t) ** 0.75, 0.06, 1))
    if manner == "wire":
        return np.asarray(np.clip(0.62 + 0.25 * np.exp(-(((t - 0.03) / 0.06) ** 2)) - 0.35 * t**6, 0.1, 1))
    if manner == "blade":
        return np.asarray(np.clip((1 - t) ** 0.7 * (0.55 + 0.9 * t), 0.02, 1))
    return np.asarray(np.clip((1 - t) ** 0.55 * np.clip(t / 0.06, 0.3, 1), 0.02, 1))


class Brush:
    """Lays strokes on a sheet. ``line``: ink of crisp strokes 0–1; ``wet``: of those that will feather."""

    def __init__(
        self, shape: tuple[int, int], grow: float, rng: np.random.Generator, strokes: list[Stroke] | None
    ) -> None:
        self.line: Field = np.zeros(shape, np.float32)
        self.wet: Field = np.zeros(shape, np.float32)
        self.grow, self.rng, self.strokes = grow, rng, strokes

    def stroke(
        self,
        path: Path,
        width: float,
        tone: float,
        manner: Manner = "orchid",
        *,
        dry: float = 0.0,
        wet: bool = False,
    ) -> None:
        """Draw along *path*, *width* px at the most pressed, with *tone* of ink 0–1; *dry* 0–1: how early it splits."""
        if len(path) < 2 or tone <= 0.01:
            return
        line = resampled(np.asarray(path, float) * self.grow, max(1.2, 0.35 * width * self.grow))
        t = np.linspace(0, 1, len(line))
        press = pressure(manner, t)
        half = np.maximum(0.32, 0.5 * width * self.grow * press)[:, None]
        side = normals(line)
        uneven = 1 + 0.10 * np.interp(t, np.linspace(0, 1, 6), self.rng.normal(0, 1, 6))[:, None]
        ring = np.concatenate([line + side * half * uneven, (line - side * half)[::-1]])
        box = self._box(ring)
        if box is None:
            return
        x0, y0, x1, y1 = box
        patch = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(patch, [_fixed(ring - [x0, y0])], 255, cv2.LINE_AA, 4)
        if dry > 0 and float(half.max()) > 1.1:
            self._split(patch, line - [x0, y0], side, half, dry)
        out = (self.wet if wet else self.line)[y0:y1, x0:x1]
        np.maximum(out, patch.astype(np.float32) * np.float32(tone / 255), out=out)
        if self.strokes is not None:
            few = np.asarray(path, np.float32)[:: max(1, len(path) // 12)]
            self.strokes.append(Stroke(few, float(width * press.mean()), INK, float(tone)))

    def _split(self, patch: Field, line: Path, side: Path, half: Field, dry: float) -> None:
        """Let the hairs part: gaps along the stroke, more of them towards its end."""
        count = int(np.clip(float(half.max()) * 1.1, 2, 26))
        for lane in np.linspace(-0.92, 0.92, count):
            start = float(np.clip(self.rng.normal(1.02 - 0.9 * dry, 0.22), 0.02, 1))
            first = int(start * len(line))
            while first < len(line) - 2:
                last = min(len(line), first + max(2, int(self.rng.exponential(0.22) * len(line))))
                gap = line[first:last] + side[first:last] * half[first:last] * lane
                if len(gap) > 1:
                    wide = max(1, round(float(half[first:last].mean()) * self.rng.uniform(0.1, 2.2 / count)))
                    cv2.polylines(patch, [_fixed(gap)], False, 0, wide, cv2.LINE_AA, 4)
                first = last + int(self.rng.exponential(0.16 * (1.3 - dry)) * len(line)) + 1

    def dots(self, spots: Path, long: Field, wide: Field, turn: Field, tones: Field, *, wet: bool = True) -> None:
        """Set dots: drops *long* × *wide* px, turned by *turn* radians, the heavier end first."""
        if not len(spots):
            return
        angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        round_ = np.stack([np.cos(angle) * 0.5, np.sin(angle) * 0.5 * (1 - 0.35 * np.cos(angle))], 1)
        rings = round_[None] * np.stack([long, wide], 1)[:, None, :] * self.grow
        rings *= 1 + 0.12 * self.rng.normal(size=(len(spots), 12, 1))
        c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
        rings = np.stack([rings[..., 0] * c - rings[..., 1] * s, rings[..., 0] * s + rings[..., 1] * c], 2)
        rings += np.asarray(spots)[:, None, :] * self.grow
        fixed = _fixed(rings)
        out = self.wet if wet else self.line
        for start in range(0, len(spots), 160):  # those set one after the other lie near each other
            part = slice(start, start + 160)
            box = self._box(rings[part].reshape(-1, 2))
            if box is None:
                continue
            x0, y0, x1, y1 = box
            patch = np.zeros((y1 - y0, x1 - x0), np.uint8)
            for ring, tone in zip(fixed[part], tones[part], strict=True):
                cv2.fillConvexPoly(patch, ring - [x0 * 16, y0 * 16], int(255 * tone), cv2.LINE_AA, 4)
            there = out[y0:y1, x0:x1]
            over = patch.astype(np.float32) / np.float32(255)
            np.maximum(there, over, out=there)
        if self.strokes is not None:
            for spot, size, tone in zip(spots, wide, tones, strict=True):
                grey = "".join(f"{round(p + (i - p) * float(tone)):02x}" for p, i in zip(_PAPER, _SOOT, strict=True))
                self.strokes.append(Stroke(np.asarray(spot, np.float32)[None], float(size), "#" + grey, float(tone)))

    def _box(self, points: Path) -> tuple[int, int, int, int] | None:
        x0, y0 = np.floor(points.min(0)).astype(int) - 2
        x1, y1 = np.ceil(points.max(0)).astype(int) + 3
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(self.line.shape[1], x1), min(self.line.shape[0], y1)
        return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _fixed(points: Path) -> npt.NDArray[np.int32]:
    return np.round(points * 16).astype(np.int32)


def normals(line: Path) -> Path:
    """Return the unit normals of a path, (n, 2)."""
    heading = np.gradient(line, axis=0)
    heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-6)
    return np.stack([-heading[:, 1], heading[:, 0]], 1)


def resampled(path: Path, step: float, most: int = 400) -> Path:
    """Return *path* with points about *step* px apart, from five to *most*."""
    long = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    count = int(np.clip(long[-1] / step, 5, most))
    at = np.linspace(0, long[-1], count)
    return np.stack([np.interp(at, long, path[:, k]) for k in (0, 1)], 1)


def smoothed(path: Path, reach: float) -> Path:
    """Return *path* (a point a px) smoothed over *reach* px, its ends kept."""
    size = max(3, int(reach * 4) | 1)
    if len(path) <= size:
        return path
    kernel = cv2.getGaussianKernel(size, reach)[:, 0]
    padded = np.concatenate([np.repeat(path[:1], size // 2, 0), path, np.repeat(path[-1:], size // 2, 0)])
    return np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 1)], 1)
