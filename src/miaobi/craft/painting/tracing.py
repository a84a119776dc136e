"""Tracing: regions of a raster as closed paths, for the SVG of media that are washes and blocks rather than
strokes."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Pixels

_LEAST = 14.0  # px²: smaller islands are left out


def washes(image: Pixels, tones: int) -> list[Stroke]:
    """Return *image* as flat regions of *tones* colours; a region's stroke has width 0: it is filled."""
    scale = min(1.0, 900 / max(image.shape[:2]))
    small = cv2.medianBlur(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 5)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(7)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, labels, centres = cv2.kmeans(lab, tones, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    colours = cv2.cvtColor(centres[None].clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)[0]
    number = labels.reshape(small.shape[:2])
    out = []
    for i in np.argsort(-centres[:, 0]):
        out += regions(
            (number == i).astype(np.uint8) > 0, "#" + "".join(f"{int(v):02x}" for v in colours[i]), 1 / scale
        )
    return out


def graded(image: Pixels, tones: int, strong: float = 18.0) -> list[Stroke]:
    """Return *image* as *tones* greys, each lying on the next lighter one, so that nothing shows between; over them
    four colours where it has more chroma (CIE Lab) than *strong*."""
    scale = min(1.0, 900 / max(image.shape[:2]))
    small = cv2.GaussianBlur(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    coloured = np.hypot(lab[:, :, 1] - 128, lab[:, :, 2] - 128) > strong
    light = np.where(coloured, np.float32(255), lab[:, :, 0])
    levels = np.linspace(float(lab[:, :, 0].max()), float(lab[:, :, 0].min()), tones + 1)
    out = []
    for level, darker in pairwise(levels):
        band = (light <= level) & (light >= darker)
        if band.any():
            out += pierced(light <= level, np.median(small[band], axis=0), 1 / scale)
    if coloured.sum() > 40:
        cv2.setRNGSeed(7)
        criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
        _, labels, centres = cv2.kmeans(lab[coloured], 4, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
        number = np.full(light.shape, -1)
        number[coloured] = labels[:, 0]
        shown = cv2.cvtColor(centres[None].clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)[0]
        out += pierced(coloured, np.median(small[coloured], axis=0), 1 / scale)
        for i in range(len(centres)):
            out += pierced(number == i, shown[i], 1 / scale)
    return out


def pierced(mask: Pixels, colour: Pixels, grow: float = 1.0) -> list[Stroke]:
    """Return the connected parts of *mask* as filled paths with their holes: a path runs from its outline into each
    hole, round it the other way, and back."""
    found, tree = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rings = [cv2.approxPolyDP(contour, 0.8, True)[:, 0].astype(np.float32) * np.float32(grow) for contour in found]
    hexed = "#" + "".join(f"{int(v):02x}" for v in colour)
    out = []
    for i, ring in enumerate(rings):
        if tree[0][i][3] >= 0 or len(ring) < 3 or cv2.contourArea(found[i]) * grow * grow < _LEAST:
            continue
        path = [ring, ring[:1]]
        hole = tree[0][i][2]
        while hole >= 0:
            if len(rings[hole]) > 2 and cv2.contourArea(found[hole]) * grow * grow >= _LEAST:
                path += [rings[hole], rings[hole][:1], ring[:1]]
            hole = tree[0][hole][0]
        out.append(Stroke(np.concatenate(path), 0.0, hexed))
    return out


def regions(mask: Pixels, colour: str, grow: float = 1.0) -> list[Stroke]:
    """Return the connected parts of *mask* as filled paths."""
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    out = []
    for contour in found:
        if cv2.contourArea(contour) * grow * grow >= _LEAST:
            line = cv2.approxPolyDP(contour, 0.8, True)[:, 0].astype(np.float32) * np.float32(grow)
            if len(line) > 2:
                out.append(Stroke(line, 0.0, colour))
    return out
