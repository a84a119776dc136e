"""Oil: from a toned ground through broad strokes to fine ones (Hertzmann, 1998), along the matter; paint lies in
relief.

A stroke is a bent brush mark with bristles. Where the picture already is near enough nothing is painted over it, so
large
strokes remain in the sky and small ones gather on subjects. Edges of near things are kept, those of far things lost.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import weave
from miaobi.craft.painting.stroke import Stroke, at, scattered
from miaobi.craft.painting.view import Field, Pixels, View

_PASSES = (
    (30.0, 0.80, 0.0),
    (16.0, 0.55, 7.0),
    (8.5, 0.52, 9.0),
    (4.4, 0.62, 10.0),
)  # width (units), spacing, least difference


def _marks(rng: np.random.Generator) -> list[tuple[Field, Field]]:
    """Return brush marks, (40, 120): how much covers, and its relief."""
    found = []
    for bend in (-0.5, -0.22, 0.0, 0.0, 0.22, 0.5):
        y, x = np.mgrid[-1:1:40j, -1:1:120j].astype(np.float32)
        y = y - bend * (x * x - 0.4) * 0.8
        bristles = np.interp(np.linspace(-1.4, 1.4, 200), np.linspace(-1.4, 1.4, 46), rng.uniform(0.25, 1, 46)).astype(
            np.float32
        )
        hair = np.interp(y, np.linspace(-1.4, 1.4, 200), bristles).astype(np.float32)
        ragged = 0.72 + 0.24 * np.interp(y, np.linspace(-1, 1, 24), rng.random(24)).astype(np.float32)
        body = np.clip((0.80 - np.abs(y)) * 6, 0, 1) * np.clip((ragged - x) * 7, 0, 1) * np.clip((x + 0.93) * 9, 0, 1)
        dry = np.clip(1.5 - 0.75 * (x + 1) * (1 - hair), 0, 1)
        cover = (body * dry).astype(np.float32)
        relief = (
            cover
            * (0.35 + 0.65 * hair)
            * (1 + 0.5 * np.exp(-(((np.abs(y) - 0.66) / 0.12) ** 2)))
            * (1 + 0.6 * np.exp(-(((x - 0.6) / 0.2) ** 2)))
        )
        found.append((cover, relief.astype(np.float32)))
    return found


def oil(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture in oil; *strokes* takes what was laid, for SVG."""
    shape, unit = view.shape, view.unit
    tone = view.colour.reshape(-1, 3).mean(0)
    canvas = np.empty((*shape, 3), np.float32)
    canvas[:] = tone * 0.55 + np.array([120, 82, 52]) * 0.45
    relief = np.zeros(shape, np.float32)
    sway = fractal(rng, (shape[0] // 4 + 1, shape[1] // 4 + 1), 5, 3)
    sway = cv2.resize(sway, (shape[1], shape[0])) * np.float32(0.55)
    loose = view.made_of("sky", "cloud", "foliage", "grass", "mist", "mountain", "ground", "sand", "snow")
    direction = view.direction + np.where(loose, sway, sway * 0.25)
    marks = _marks(rng)
    near_edge = cv2.dilate(view.edges, np.ones((3, 3), np.uint8), iterations=max(1, round(2.2 * unit)))
    care = cv2.GaussianBlur((view.of_subject.astype(np.float32)), (0, 0), 2 * unit + 0.5)
    for number, (size, spacing, least) in enumerate(_PASSES):
        width = size * unit
        goal = cv2.GaussianBlur(view.colour, (0, 0), max(0.6, width * 0.16))
        spots = scattered(rng, shape, max(1.6, width * spacing))
        want = at(goal, spots).astype(np.float32)
        if number:
            off = np.abs(want - at(canvas, spots)).max(axis=1)
            keep = off > least * (1.5 - 0.8 * at(care, spots))
            if number == 3:
                keep &= (at(near_edge, spots) > 0) | (at(care, spots) > 0.5) | (off > 34)
            spots, want = spots[keep], want[keep]
        _lay(view, canvas, relief, spots, want, direction, width, number, marks, rng, strokes)
    return _lit(view, canvas, relief)


def _lay(
    view: View, canvas: Field, relief: Field, spots: Field, want: Field, direction: Field, width: float, number: int,
    marks: list[tuple[Field, Field]], rng: np.random.Generator, strokes: list[Stroke] | None,
) -> None:  # fmt: skip
    count = len(spots)
    angle = at(direction, spots).astype(np.float32) + rng.normal(0, 0.14, count)
    flip = rng.random(count) < 0.5
    angle = np.where(flip, angle + np.pi, angle)
    away = at(view.depth, spots).astype(np.float32)
    long = width * rng.uniform(1.7, 3.6, count) * (1 + 0.35 * (away > 0.9))
    wide = width * rng.uniform(0.75, 1.2, count)
    shift = rng.normal(0, 6.5 if number < 2 else 4.0, (count, 1)) + rng.normal(0, 3.2, (count, 3))
    colour = np.clip(want + shift, 0, 255).astype(np.float32)
    home = at(view.layer, spots)
    kinds = rng.integers(0, len(marks), count)
    rows, columns = view.shape
    firm = number >= 1
    for i in range(count):
        c, s = float(np.cos(angle[i])), float(np.sin(angle[i]))
        hl, hw = float(long[i]) / 2, float(wide[i]) / 2
        ex, ey = abs(c) * hl + abs(s) * hw + 1, abs(s) * hl + abs(c) * hw + 1
        x, y = float(spots[i, 0]), float(spots[i, 1])
        x0, x1, y0, y1 = (
            max(0, int(x - ex)),
            min(columns, int(x + ex) + 1),
            max(0, int(y - ey)),
            min(rows, int(y + ey) + 1),
        )
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        cover, body = marks[kinds[i]]
        fx, fy = cover.shape[1] / 2 / hl, cover.shape[0] / 2 / hw
        dx, dy = x - x0, y - y0
        to_mark = np.array(  # of a pixel of the patch, the pixel of the mark
            [
                [c * fx, s * fx, cover.shape[1] / 2 - fx * (c * dx + s * dy)],
                [-s * fy, c * fy, cover.shape[0] / 2 - fy * (-s * dx + c * dy)],
            ]
        )
        size = (x1 - x0, y1 - y0)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        alpha = cv2.warpAffine(cover, to_mark, size, flags=flags)
        if firm:
            alpha *= view.layer[y0:y1, x0:x1] == home[i]
        patch = canvas[y0:y1, x0:x1]
        patch += alpha[:, :, None] * (colour[i] - patch)
        high = cv2.warpAffine(body, to_mark, size, flags=flags)
        thick = relief[y0:y1, x0:x1]
        thick += alpha * (high - thick * 0.75)
        if strokes is not None:
            ends = np.array([[x - c * hl, y - s * hl], [x + c * hl, y + s * hl]], np.float32)
            strokes.append(Stroke(ends, float(wide[i]) * 0.8, "#" + "".join(f"{int(v):02x}" for v in colour[i])))


def _lit(view: View, canvas: Field, relief: Field) -> Pixels:
    """Light the relief of the paint from where the picture's light comes."""
    unit = view.unit
    ground = weave(view.shape, max(2.0, 1.9 * unit)) * np.float32(0.30)
    surface = np.maximum(relief, 0) + ground * np.clip(1.1 - relief, 0.15, 1)
    surface = cv2.GaussianBlur(surface, (0, 0), max(0.45, 0.35 * unit))
    dx, dy = cv2.Sobel(surface, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(surface, cv2.CV_32F, 0, 1, ksize=3)
    shine = np.clip((-view.side * dx * 0.7 - dy * 0.9) * np.float32(9), -17, 20)
    canvas += shine[:, :, None]
    return np.clip(canvas, 0, 255).astype(np.uint8)
