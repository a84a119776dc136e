"""剪纸 paper-cut: sheets of coloured paper one above the other, cut with a knife, each casting its shadow on those
below; or
(窗花) one red sheet on white, opened with crescents and saw teeth where the picture is light."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels, View


def papercut(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture in layers of paper."""
    shape, unit = view.shape, view.unit
    sheets = _sheets(view)
    used = np.unique(sheets).tolist()
    flat = _papers(view, rng, sheets)
    out = np.empty((*shape, 3), np.float32)
    grain = tooth(rng, shape, max(1.4, 1.7 * unit))
    fibre = fractal(rng, shape, 30, 3)
    away = (-view.side * 0.8, 0.75)
    under = np.zeros(shape, np.float32)  # shadow that lies on a pixel of its sheet
    for number in used:
        above = (sheets > number).astype(np.float32)
        near = number / max(1, *used)
        for reach, soft, dark in ((5.0 + 9 * near, 6.0 + 6 * near, 0.42), (2.0, 1.6, 0.30)):
            dx, dy = away[0] * reach * unit, away[1] * reach * unit
            cast = cv2.warpAffine(
                above, np.array([[1, 0, dx], [0, 1, dy]]), (shape[1], shape[0]), borderMode=cv2.BORDER_REPLICATE
            )
            cast = cv2.GaussianBlur(cast, (0, 0), soft * unit)
            mine = sheets == number
            under[mine] = 1 - (1 - under[mine]) * (1 - dark * cast[mine])
    out[:] = flat
    out *= (1 - under)[:, :, None]
    out *= (0.975 + 0.04 * grain + 0.012 * fibre)[:, :, None]
    level = cv2.GaussianBlur(sheets.astype(np.float32), (0, 0), 0.8 * unit + 0.2)
    lean = cv2.Sobel(level, cv2.CV_32F, 1, 0) * np.float32(view.side) * -1 + cv2.Sobel(level, cv2.CV_32F, 0, 1)
    out += np.clip(lean * 9, -7, 20)[:, :, None]
    if strokes is not None:
        from miaobi.craft.painting.tracing import washes

        strokes += washes(np.clip(flat, 0, 255).astype(np.uint8), 16)
    return np.clip(out, 0, 255).astype(np.uint8)


def _sheets(view: View) -> Pixels:
    """Return which sheet each pixel belongs to, from the farthest, int16: layers, and inside each two tones."""
    light = (
        cv2.medianBlur((cv2.GaussianBlur(view.light, (0, 0), 1.6 * view.unit) * 255).astype(np.uint8), 5).astype(
            np.float32
        )
        / 255
    )
    sheet = np.zeros(view.shape, np.int16)
    skip = view.made_of("glow", "mist")
    for number in range(1, len(view.depths) + 1):
        mask = view.layer == number
        if not mask.any():
            continue
        sheet[mask] = 2 * number
        tones = light[mask]
        low, high = np.quantile(tones, [0.1, 0.9])
        if high - low > 0.08:
            lit = mask & (light > (low + high) / 2)
            sheet[lit] = 2 * number + 1
    sheet[skip] = np.minimum(sheet[skip], 3)
    if view.unit >= 0.5:
        smooth = cv2.medianBlur(
            sheet.astype(np.uint16).clip(0, 255).astype(np.uint8), max(3, min(9, round(3.4 * view.unit) | 1))
        )
        fine = view.of_subject & (cv2.dilate(view.edges, np.ones((3, 3), np.uint8)) > 0)
        sheet = np.where(fine, sheet, smooth.astype(np.int16))
    return sheet


def _papers(view: View, rng: np.random.Generator, sheets: Pixels) -> Field:
    """Return each pixel in the colour of its paper: few colours a sheet, fuller than the picture's."""
    shape = view.shape
    step = max(1, round(min(shape) / 260))
    lab = cv2.cvtColor(cv2.medianBlur(view.colour, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    flat = lab.copy()
    cv2.setRNGSeed(int(rng.integers(2**31)))
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    for number in np.unique(sheets):
        mask = sheets == number
        sample = lab[::step, ::step][mask[::step, ::step]]
        if len(sample) < 12:
            flat[mask] = lab[mask].mean(0)
            continue
        subject = bool(view.subjects[number // 2 - 1]) if 2 <= number < 2 * len(view.subjects) + 2 else False
        papers = min(5 if subject else 2, len(sample) // 6)
        _, _, centres = cv2.kmeans(sample, papers, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
        pixels = lab[mask]
        near = (
            np.argmin(((pixels[:, None, :] - centres[None]) ** 2).sum(2), axis=1)
            if len(pixels) < 400_000
            else _nearest(pixels, centres)
        )
        flat[mask] = centres[near]
    flat[:, :, 1:] = 128 + (flat[:, :, 1:] - 128) * 1.12
    return cv2.cvtColor(np.clip(flat, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB).astype(np.float32)


def _nearest(pixels: Field, centres: Field) -> Pixels:
    best = np.full(len(pixels), np.inf, np.float32)
    number = np.zeros(len(pixels), np.int64)
    for i, centre in enumerate(centres):
        apart = ((pixels - centre) ** 2).sum(1)
        nearer = apart < best
        best[nearer] = apart[nearer]
        number[nearer] = i
    return number
