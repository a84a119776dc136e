"""Pencil: hatching in up to four directions that follow the form, darker by more layers, contours drawn twice,
graphite that
only the tooth of the paper takes; a little colour by crayon."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import tooth
from miaobi.craft.painting.stroke import Stroke, at, lines, long_enough, scattered, traced
from miaobi.craft.painting.view import Field, Pixels, View, details

_PAPER = np.array([249, 246, 238], np.float32)
_LEAD = np.array([52, 52, 58], np.float32)
# turn from the form (radians), darkness from which it is laid, spacing (units), how dark
_LAYERS = ((0.0, 0.14, 5.2, 0.50), (0.42, 0.40, 5.0, 0.56), (-0.55, 0.62, 4.8, 0.64), (1.25, 0.80, 4.4, 0.75))


def pencil(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture drawn in pencil."""
    shape, unit = view.shape, view.unit
    dark = _dark(view)
    sway = np.asarray(
        cv2.resize(fractal(rng, (max(8, shape[0] // 6), max(8, shape[1] // 6)), 4, 3), (shape[1], shape[0])), np.float32
    )
    flow = view.direction + sway * np.float32(0.35)
    flow = np.where(view.made_of("sky", "cloud", "mist"), np.float32(-0.62) + sway * np.float32(0.3), flow).astype(
        np.float32
    )
    lead: Field = np.zeros(shape, np.float32)
    for turn, least, spacing, strength in _LAYERS:
        spots = scattered(rng, shape, spacing * unit)
        keep = (at(dark, spots).astype(np.float32) + rng.normal(0, 0.05, len(spots))) > least
        spots = spots[keep]
        if not len(spots):
            continue
        paths = traced(view, flow + np.float32(turn), spots, 3.2 * unit, 6, dark, least - 0.05)
        keep = long_enough(paths, 6 * unit)
        paths, spots = paths[keep] + rng.normal(0, 0.35 * unit, (int(keep.sum()), 1, 2)).astype(np.float32), spots[keep]
        greys = (
            np.clip((at(dark, spots).astype(np.float32) - least) * 1.1 + 0.34, 0, 1)
            * strength
            * rng.uniform(0.7, 1.15, len(spots))
        )
        drawn = lines(shape, paths, greys.astype(np.float32), round(1.15 * unit))
        lead = 1 - (1 - lead) * (1 - drawn.astype(np.float32) / 255)
        if strokes is not None:
            strokes += [Stroke(p[::2], 1.1 * unit, "#34343a", float(g)) for p, g in zip(paths, greys, strict=True)]
    contour = _contours(view, rng, strokes)
    lead = 1 - (1 - lead * 0.80) * (1 - contour) * (1 - details(view))
    smear = cv2.GaussianBlur(lead, (0, 0), 3.2 * unit)
    grain = tooth(rng, shape, max(1.4, 1.8 * unit))
    lead = np.clip(lead * (0.62 + 0.55 * grain) + 0.10 * smear, 0, 0.97)
    lab = cv2.cvtColor(cv2.GaussianBlur(view.colour, (0, 0), 3 * unit + 0.5), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[:, :, 0] = 168 + 0.28 * lab[:, :, 0]
    told = cv2.GaussianBlur(view.coloured.astype(np.float32), (0, 0), 1.2 * unit + 0.3)
    lead *= 1 - 0.45 * told
    lab[:, :, 1:] = 128 + (lab[:, :, 1:] - 128) * (0.9 + 0.5 * told)[:, :, None]
    crayon = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB).astype(np.float32)
    share = (
        np.clip(0.22 + 0.75 * (1 - view.light) + 0.3 * told, 0, 0.66 + 0.2 * told)
        * (0.30 + 0.9 * grain)
        * (0.75 + 0.4 * sway)
        * _vignette(view)
    )
    paper = np.empty((*shape, 3), np.float32)
    paper[:] = _PAPER
    paper += (crayon - paper) * np.clip(share, 0, 0.75)[:, :, None]
    return np.clip(paper + (_LEAD - paper) * (lead * _vignette(view))[:, :, None], 0, 255).astype(np.uint8)


def _vignette(view: View) -> Field:
    """Return 1 in the middle, less where the drawing runs out at the rim of the sheet."""
    if view.bleeds:
        return np.ones(view.shape, np.float32)
    y = np.linspace(-1, 1, view.shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, view.shape[1], dtype=np.float32)[None, :]
    return np.clip((1.0 - np.maximum(np.abs(x), np.abs(y))) * 9, 0, 1)


def _dark(view: View) -> Field:
    light = cv2.GaussianBlur(view.light, (0, 0), 1.2 * view.unit + 0.3)
    low, high = np.percentile(light[::6, ::6], [2, 95])
    dark = 1 - np.clip((light - low) / (high - low + 1e-3), 0, 1)
    dark = np.clip(dark, 0, 1) ** 1.25
    dark *= np.where(view.made_of("sky", "cloud", "mist"), 0.50, 1.0) * np.clip(1.05 - 0.45 * view.depth, 0, 1)
    dark[view.made_of("light") & (view.light > 0.7)] = 0
    return np.asarray(dark, np.float32)


def _contours(view: View, rng: np.random.Generator, strokes: list[Stroke] | None) -> Field:
    """Return outlines, each drawn twice with a hand that isn't sure."""
    unit, shape = view.unit, view.shape
    out = np.zeros(shape, np.float32)
    skip = view.made_of("glow", "mist", "cloud", "light", "grass")
    code = view.layer.astype(np.int32) * 32 + view.material
    for number, depth in enumerate(view.depths, start=1):
        here = view.layer == number
        weight = float(np.clip(1.0 - 0.85 * depth, 0.16, 1))
        for material in np.unique(view.material[here]):
            mask = (code == number * 32 + int(material)) & ~skip
            found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
            for contour in found:
                if len(contour) < 20 * unit:
                    continue
                line = contour[:, 0].astype(np.float32)
                rim = 2 * unit
                keep = (
                    (line[:, 0] > rim)
                    & (line[:, 0] < shape[1] - rim)
                    & (line[:, 1] > rim)
                    & (line[:, 1] < shape[0] - rim)
                )
                line = line[keep][:: max(1, round(2.2 * unit))]
                if len(line) < 4:
                    continue
                breaks = np.flatnonzero(np.linalg.norm(np.diff(line, axis=0), axis=1) > 8 * unit) + 1
                parts = [p for p in np.split(line, breaks) if len(p) > 3]
                light = (
                    float(np.clip(len(contour) / (420 * unit), 0.4, 1.0)) * weight
                )  # what is small has thin outlines
                for again in range(2):
                    t = rng.normal(0, 0.7 * unit, 2)
                    moved = [p + t + np.cumsum(rng.normal(0, 0.14 * unit, p.shape), 0) * 0.6 for p in parts]
                    sheet_paths = [m.astype(np.float32) for m in moved]
                    drawn = np.full(len(sheet_paths), light * (0.85 if again == 0 else 0.5), np.float32)
                    _stroke_over(out, sheet_paths, drawn, max(1, round((0.8 + 0.8 * light) * unit)))
                    if strokes is not None and again == 0:
                        strokes += [Stroke(p[::3], 1.2 * unit, "#2c2c32", light) for p in sheet_paths if len(p) > 3]
    return out


def _stroke_over(out: Field, paths: list[Field], weights: Field, width: int) -> None:
    for path, weight in zip(paths, weights, strict=True):
        x0, y0 = np.floor(path.min(0)).astype(int) - width - 2
        x1, y1 = np.ceil(path.max(0)).astype(int) + width + 3
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(out.shape[1], x1), min(out.shape[0], y1)
        if x1 <= x0 or y1 <= y0:
            continue
        patch = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.polylines(patch, [np.round((path - [x0, y0]) * 16).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4)
        there = out[y0:y1, x0:x1]
        np.maximum(there, patch.astype(np.float32) * np.float32(float(weight) / 255), out=there)
