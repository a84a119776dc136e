"""Rain and snow on a painting. Strokes and dots would swallow what is so fine: it is laid over the painted picture, in
the medium's own manner: light left out, scratched or cut where it is dark, and drawn where it is light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from miaobi.craft.drawing.grounds.fall import FALLS
from miaobi.craft.drawing.shape import Drawing, Shape
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels

_BODY = {"oil": 0.80, "watercolour": 0.90, "papercut": 1.0}  # media that lay or leave light: how much of it covers
_BLACK = {"woodcut": 0.9, "stipple": 0.8, "pencil": 0.7}  # that draw in black: how much of a line covers
_OWN = ("ink", "jianzhi")  # that paint what falls themselves: the sky is washed, or left to be cut
_CUT, _DRAWN = 0.4, 0.8  # opacity: what is fainter is too fine to be cut from paper; flakes too fine to draw round


def parted(drawing: Drawing, medium: str = "") -> tuple[Drawing, list[Shape]]:
    """Return a drawing without what falls in it, and that; for a medium that paints it itself all as it is."""
    if medium in _OWN:
        return drawing, []
    fall = [shape for layer in drawing.layers if layer.name in FALLS for shape in layer.shapes]
    return replace(drawing, layers=[layer for layer in drawing.layers if layer.name not in FALLS]), fall


def overlaid_fall(image: Pixels, fall: Sequence[Shape], medium: str, grow: float) -> Pixels:
    """Return a painting, (H, W, 3) RGB, with what falls; *grow*: pixels of it a pixel of the drawing."""
    if not fall:
        return image
    snow = fall[-1].material == "snow"
    least = _CUT if medium == "papercut" else _DRAWN if snow and medium in _BLACK else 0.0
    shapes = [s for s in fall if s.opacity > least]
    mask = _mask(image.shape[:2], shapes, grow)[:, :, None]
    colour = image.astype(np.float32)
    if medium in _BODY:
        light = np.array([252, 252, 250] if snow else [240, 245, 247], np.float32)
        if medium == "papercut":
            away = max(1, round(0.0022 * min(image.shape[:2])))
            shadow = np.roll(mask, (away, away), (0, 1)) * (1 - mask)
            colour *= 1 - 0.35 * shadow
        return np.asarray(colour + (light - colour) * mask * np.float32(_BODY[medium]), np.uint8)
    tone = _tone(image)[:, :, None]
    flat = np.sort(colour[::7, ::7].reshape(-1, 3).sum(axis=1))
    paper = np.median(colour[colour.sum(axis=2) >= flat[int(0.94 * len(flat))]], axis=0)
    black = np.median(colour[colour.sum(axis=2) <= flat[int(0.04 * len(flat))]], axis=0)
    bright = np.clip((tone - 0.42) / 0.2, 0, 1)  # of what is behind: there it is drawn, else left out
    if snow:
        rim = np.clip(cv2.dilate(mask, np.ones((3, 3), np.uint8))[:, :, None] - mask, 0, 1)
        out = colour + (paper - colour) * mask
        out += (black - out) * rim * bright * np.float32(0.8 * _BLACK[medium])
    else:
        aim = paper + (black - paper) * bright
        strong = np.where(bright > 0.5, _BLACK[medium], 0.95).astype(np.float32)
        out = colour + (aim - colour) * mask * strong
    return np.asarray(np.clip(out, 0, 255), np.uint8)


def fall_strokes(fall: Sequence[Shape], image: Pixels, medium: str, grow: float) -> list[Stroke]:
    """Return what falls as strokes: streaks as lines, flakes as dots; *grow* as above."""
    tone, out = _tone(image), list[Stroke]()
    for shape in fall:
        if len(shape.rings) > 1:
            continue
        ring = shape.rings[0] * grow
        x, y = np.clip(ring.mean(axis=0), 0, [tone.shape[1] - 1, tone.shape[0] - 1]).astype(int)
        dark = medium not in _BODY and tone[y, x] > 0.52
        colour = "#26262a" if dark else "#f8f9f8"
        if shape.material == "snow":
            wide = float(np.ptp(ring[:, 0]))
            out.append(Stroke(ring.mean(axis=0, keepdims=True).astype(np.float32), wide, "#fbfbf9"))
        else:
            path = np.stack([(ring[0] + ring[1]) / 2, (ring[2] + ring[3]) / 2]).astype(np.float32)
            out.append(Stroke(path, float(np.hypot(*(ring[1] - ring[0]))), colour, 0.8))
    return out


def _tone(image: Pixels) -> Field:
    """Return how light a picture is about each place, 0–1."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.012 * min(grey.shape)), np.float32)


def _mask(shape: tuple[int, ...], fall: Sequence[Shape], grow: float) -> Field:
    """Return how much of each pixel what falls covers, 0–1."""
    mask = np.zeros((shape[0], shape[1]), np.uint8)
    for one in fall:
        if one.material == "snow" and len(one.rings) == 1:  # a flake is round at any size
            ring = one.rings[0] * grow
            middle, radius = ring.mean(axis=0), float(np.ptp(ring[:, 0])) / 2
            where = np.round(middle * 16).astype(int).tolist()
            cv2.circle(mask, where, round(radius * 16), round(255 * min(1.0, 1.5 * one.opacity)), -1, cv2.LINE_AA, 4)
            continue
        rings = [np.round(ring * grow * 16).astype(np.int32) for ring in one.rings]
        cv2.fillPoly(mask, rings, round(255 * min(1.0, 1.5 * one.opacity)), cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255
