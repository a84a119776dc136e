"""纸雕 layered paper-cut: sheets of coloured paper one above the other, cut with a knife, each casting its shadow on
those below, the higher it lies the wider and softer.

A sheet is a layer of the drawing; what light does to it is two papers, not a gradient. The sky is cut in rings about
sun or moon, or in waves, water in waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from miaobi.craft.drawing.shape import Layer
from miaobi.craft.painting.contour import Forms, forms_of
from miaobi.craft.painting.land import LEFT_OUT, is_land, luminary_of
from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels, View
from miaobi.craft.painting.wash import mottled, soft

_WIDEST = 1500  # px: sheets are cut at most at this width and enlarged
_FLAT = tuple(name for name in LEFT_OUT if name not in ("foreground grass", "clouds"))
_BANDS = 5


@dataclass(frozen=True)
class _Sheet:
    """``mask``: where it lies, 0–1, beneath those above it too; ``colour``: (H, W, 3) or one; ``lift``: how high above
    the last it lies, 0–1; ``papers``: where one has several colours, each with its mask."""

    mask: Field
    colour: Field
    lift: float
    papers: tuple[tuple[Field, Field], ...] = ()


def papercut(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture in layers of paper."""
    small = view.of(lambda layer: layer.name not in _FLAT, min(_WIDEST, view.shape[1]))
    sheets = [sheet for part in _sheets(small, rng) for sheet in part]
    if strokes is not None:
        from miaobi.craft.painting.tracing import pierced

        for sheet in sheets:
            for mask, colour in sheet.papers or ((sheet.mask, sheet.colour),):
                strokes += pierced(mask > 0.5, colour, view.shape[1] / small.shape[1])
    return _stacked(sheets, small, view, rng)


def _sheets(view: View, rng: np.random.Generator) -> list[list[_Sheet]]:
    """Return the sheets from the lowest to the highest, by layer."""
    forms = forms_of(view.drawing, view.shape[1], lambda layer: not is_land(layer))
    out = []
    for number, layer in enumerate(view.drawing.layers, start=1):
        mask = view.layer == number
        if not mask.any():
            continue
        if layer.name == "sky":
            out.append(_sky(view, rng, mask))
        elif view.made_of("water")[mask].mean() > 0.5 and not layer.subject:
            out.append(_water(view, rng, mask, number))
        elif is_land(layer):
            out.append(_land(view, rng, layer, mask, number))
        else:
            out.append([_thing(view, forms, layer, mask, number)])
    return out


def _under(view: View, mask: Field, number: int, reach: float = 5) -> Field:
    """Return *mask* grown beneath what lies above it, so that no gap shows at an edge."""
    size = 2 * max(1, round(reach * view.unit)) + 1
    grown = cv2.dilate(mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0
    return mask | (grown & (view.layer > number))


def _tone(view: View, mask: Field) -> Field:
    """Return the colour of the paper for what *mask* shows: the middle one, a little fuller."""
    few = view.colour[mask][:: max(1, int(mask.sum()) // 4000)]
    lab = cv2.cvtColor(np.median(few, axis=0)[None, None].astype(np.uint8), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 1:] = 128 + (lab[..., 1:] - 128) * 1.12
    lab[..., 0] = 8 + 0.985 * lab[..., 0]
    return cv2.cvtColor(lab.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)[0, 0].astype(np.float32)


def _sky(view: View, rng: np.random.Generator, mask: Field) -> list[_Sheet]:
    """Cut the sky in rings about sun or moon, the outer above the inner, or in waves."""
    shape, unit = view.shape, view.unit
    lamp = luminary_of(view)
    rows, columns = np.indices(shape, dtype=np.float32)
    sway = mottled(rng, shape, 3, 2, 0.4)
    foot = float(np.flatnonzero(mask.any(axis=1)).max()) + 1
    if lamp.any():
        ys, xs = np.nonzero(lamp)
        far = np.hypot(columns - xs.mean(), (rows - ys.mean()) * 1.15) / (0.9 * max(shape)) + 0.035 * sway
    else:
        far = 1 - rows / foot + 0.05 * sway
    level = np.digitize(far, np.quantile(far[mask], np.linspace(0, 1, _BANDS + 1)[1:-1]))
    covered = view.layer > 0
    out = []
    for band in range(_BANDS):
        here = mask & (level == band)
        if here.any():
            out.append(_Sheet(_even(covered & (level >= band), 2.0 * unit), _tone(view, here), 0.35 if band else 0.0))
    return out


def _water(view: View, rng: np.random.Generator, mask: Field, number: int) -> list[_Sheet]:
    """Cut water in waves, the nearer above the farther."""
    rows = np.flatnonzero(mask.any(axis=1))
    top, foot, unit = float(rows[0]), float(rows[-1]) + 1, view.unit
    y, x = np.indices(view.shape, dtype=np.float32)
    below = _under(view, mask, number)
    count = int(np.clip(round((foot - top) / (70 * unit)), 1, 5))
    out = []
    for band in range(count):
        t = band / count
        edge = top + (foot - top) * t**1.4
        long, high = (60 + 130 * t) * unit, (2 + 7 * t) * unit
        crest = edge - high * np.abs(np.sin(np.pi * x / long + rng.uniform(0, 6))) if band else np.float32(edge)
        next_ = top + (foot - top) * ((band + 1) / count) ** 1.4
        here = mask & (y >= edge) & (y < next_)
        if here.any():
            out.append(_Sheet(_even(below & (y >= crest), 1.2 * unit), _tone(view, here), 0.25))
    return out


def _land(view: View, rng: np.random.Generator, layer: Layer, mask: Field, number: int) -> list[_Sheet]:
    """Cut land and clouds: a sheet in the tone of its shade, one on it in that of its light, both with a calm edge."""
    unit = view.unit
    cloud = view.made_of("cloud")[mask].mean() > 0.5
    whole = _even(_under(view, mask, number), (5.0 if cloud else 1.6) * unit)
    if layer.name in ("sun", "moon"):
        return [_Sheet(whole, _tone(view, mask), 0.3)]
    weight = soft(mask.astype(np.float32), 9 * unit) + np.float32(1e-3)
    light = soft(np.where(mask, view.light, 0).astype(np.float32), 9 * unit) / weight
    low, high = np.quantile(light[mask], [0.12, 0.88])
    lift = float(np.clip(1.15 - layer.depth, 0.3, 1))
    lit = mask & (light > 0.5 * (low + high) + 0.02 * mottled(rng, view.shape, 5, 2))
    if high - low < 0.05 or not lit.any() or lit[mask].mean() > 0.97:
        return [_Sheet(whole, _tone(view, mask), lift)]
    shaded = mask & ~lit
    return [
        _Sheet(whole, _tone(view, shaded), lift),
        _Sheet(_even(_under(view, lit, number), 3.5 * unit) * whole, _tone(view, lit), 0.22),
    ]


def _thing(view: View, forms: Forms, layer: Layer, mask: Field, number: int) -> _Sheet:
    """Cut what stands somewhere out of as many papers as it has forms, of two tones where one is large."""
    label = np.where(mask, forms.label, 0)
    light = cv2.GaussianBlur(view.light, (0, 0), 2.2 * view.unit)
    parts = []
    for k in np.unique(label[label > 0]).tolist():
        here = label == k
        low, high = np.quantile(light[here], [0.1, 0.9])
        lit = here & (light > 0.5 * (low + high))
        two = float(forms.girth[k]) > 5 * view.unit and high - low > 0.07 and lit.any() and (here & ~lit).any()
        parts += [here & ~lit, lit] if two else [here]
    papers = [(part, _tone(view, part)) for part in parts]
    colour = np.zeros((*view.shape, 3), np.float32)
    for part, tone in papers:
        colour[part] = tone
    colour = cv2.GaussianBlur(_filled(colour, mask), (0, 0), 0.9)
    lift = 0.9 if layer.subject else float(np.clip(0.9 - layer.depth, 0.3, 0.8))
    backing = (mask, max(papers, key=lambda paper: paper[0].sum())[1])  # in SVG no seam shows between papers
    return _Sheet(_even(_under(view, mask, number, 2), 0.7 * view.unit), colour, lift, (backing, *papers))


def _filled(colour: Field, mask: Field) -> Field:
    """Return *colour* with that of the nearest px of *mask* beyond it."""
    _, nearest = cv2.distanceTransformWithLabels(
        (~mask).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros((int(nearest.max()) + 1, 3), np.float32)
    table[nearest[mask]] = colour[mask]
    return np.asarray(table[nearest])


def _even(mask: Field, reach: float) -> Field:
    """Return *mask* 0–1 with its edge smoothed over *reach* px: what a knife goes round."""
    field = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(1.1, reach))
    return np.clip((field - 0.5) * max(1.0, 1.6 * reach) + 0.5, 0, 1)


def _stacked(sheets: list[_Sheet], small: View, view: View, rng: np.random.Generator) -> Pixels:
    """Lay the sheets, each with its cut edge and its shadow, and give all grain."""
    shape, unit = view.shape, small.unit
    size = (shape[1], shape[0])
    grow = shape[1] / small.shape[1]
    out = np.full((*shape, 3), 235, np.float32)
    for sheet in sheets:
        rows, columns = np.flatnonzero(sheet.mask.max(axis=1) > 0), np.flatnonzero(sheet.mask.max(axis=0) > 0)
        if not len(rows):
            continue
        pad = round(40 * unit)
        y0, y1 = max(0, rows[0] - pad), min(small.shape[0], rows[-1] + pad)
        x0, x1 = max(0, columns[0] - pad), min(small.shape[1], columns[-1] + pad)
        mask = np.ascontiguousarray(sheet.mask[y0:y1, x0:x1])
        fy0, fy1, fx0, fx1 = (
            min(round(v * grow), n) for v, n in ((y0, shape[0]), (y1, shape[0]), (x0, shape[1]), (x1, shape[1]))
        )
        there, full = out[fy0:fy1, fx0:fx1], (fx1 - fx0, fy1 - fy0)
        alpha = np.clip(cv2.resize(mask, full, interpolation=cv2.INTER_CUBIC), 0, 1)
        if grow > 1:
            alpha = np.clip((alpha - 0.5) * np.float32(grow) + 0.5, 0, 1)
        if sheet.lift:
            there *= 1 - cv2.resize(_shadow(mask, sheet.lift, view.side, unit), full)[:, :, None]
        colour = sheet.colour
        if colour.ndim == 3:
            colour = cv2.resize(np.ascontiguousarray(colour[y0:y1, x0:x1]), full, interpolation=cv2.INTER_LINEAR)
        lean = cv2.GaussianBlur(mask, (0, 0), 0.9 * unit + 0.3)
        rim = cv2.Sobel(lean, cv2.CV_32F, 0, 1) - np.float32(view.side) * cv2.Sobel(lean, cv2.CV_32F, 1, 0)
        edge = 11 * np.clip(cv2.resize(rim, full), -0.5, 1)[:, :, None]
        there += (colour * np.float32(1 + rng.normal(0, 0.008)) + edge - there) * alpha[:, :, None]
    grain = tooth(rng, shape, max(1.4, 2.0 * view.unit))
    out *= (0.985 + 0.022 * grain + 0.010 * cv2.resize(mottled(rng, small.shape, 20, 3), size))[:, :, None]
    return np.clip(out, 0, 255).astype(np.uint8)


def _shadow(mask: Field, lift: float, side: float, unit: float) -> Field:
    """Return the shadow that a sheet casts, 0–1: a thin one where it touches, a soft one as far as it is lifted."""
    total = np.zeros(mask.shape, np.float32)
    for reach, blur, dark in ((1.4, 1.3, 0.30), (3.5 + 8.0 * lift, 3.0 + 7.5 * lift, 0.28 + 0.22 * lift)):
        shift = np.array([[1, 0, -0.75 * side * reach * unit], [0, 1, 0.8 * reach * unit]])
        cast = cv2.warpAffine(mask, shift, (mask.shape[1], mask.shape[0]), borderMode=cv2.BORDER_REPLICATE)
        total = 1 - (1 - total) * (1 - np.float32(dark) * soft(cast, blur * unit))
    return total
