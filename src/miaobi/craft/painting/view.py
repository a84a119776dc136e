"""View: a drawing as a painter sees it: its colours, and for each pixel which layer it belongs to, how far away it
is, of what it
is made and which way its matter runs. Strokes follow the last, stop at the edges of the first and are larger the
farther."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from miaobi.craft.drawing.shape import MATERIALS, Drawing, Layer
from miaobi.craft.drawing.svg import TOLD, masks, svg

Pixels = npt.NDArray[Any]  # (H, W, 3) RGB, or (H, W)
Field = npt.NDArray[Any]  # (H, W)


@dataclass(frozen=True)
class View:
    """Rasters of one drawing; all of one size."""

    colour: Pixels  # (H, W, 3) RGB
    layer: Pixels  # number of the layer from 1; 0 where none covers
    material: Pixels  # index in MATERIALS
    grain: Pixels  # degrees 0–179, clockwise from the horizontal
    depths: tuple[float, ...]  # by number of layer
    subjects: tuple[bool, ...]  # by number of layer: whether it shows a subject
    side: float  # of the light
    told: npt.NDArray[np.bool_]  # where a colour was told
    drawing: Drawing  # what is looked at
    bleeds: bool = False  # the painting has no rim of bare paper: it is trimmed, as a cover is

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.layer.shape[0], self.layer.shape[1]

    def of(self, kept: Callable[[Layer], bool], width: int) -> View:
        """Return the view of those layers only that are *kept*, *width* px wide."""
        layers = [layer for layer in self.drawing.layers if kept(layer)]
        return look(replace(self.drawing, layers=layers), width)

    @property
    def unit(self) -> float:
        """A thousandth of the shorter side, px: brushes are measured in it."""
        return min(self.shape) / 1000

    @cached_property
    def light(self) -> Field:
        """Lightness 0–1 (of CIE L*)."""
        grey = cv2.cvtColor(self.colour, cv2.COLOR_RGB2LAB)[:, :, 0]
        return grey.astype(np.float32) / np.float32(255)

    @cached_property
    def depth(self) -> Field:
        """Distance 0–1."""
        table = np.array((1.0, *self.depths), np.float32)
        return table[np.minimum(self.layer, len(table) - 1)]

    def made_of(self, *materials: str) -> npt.NDArray[np.bool_]:
        """Return where the picture shows one of *materials*."""
        wanted = np.zeros(256, bool)
        wanted[[MATERIALS.index(m) for m in materials]] = True
        return np.asarray(wanted[self.material])

    @cached_property
    def of_subject(self) -> npt.NDArray[np.bool_]:
        """Where a subject stands."""
        table = np.zeros(256, bool)
        table[1 : len(self.subjects) + 1] = self.subjects[:255]
        return np.asarray(table[self.layer])

    @cached_property
    def coloured(self) -> npt.NDArray[np.bool_]:
        """Where a colour was told that is no grey."""
        lab = cv2.cvtColor(self.colour, cv2.COLOR_RGB2LAB).astype(np.int16)
        return np.asarray(self.told & (np.hypot(lab[:, :, 1] - 128, lab[:, :, 2] - 128) > 14))

    @cached_property
    def edges(self) -> Pixels:
        """255 where layer or material changes, (H, W)."""
        code = self.layer.astype(np.int16) * 32 + self.material
        out = np.zeros(self.shape, np.uint8)
        out[:, 1:][code[:, 1:] != code[:, :-1]] = 255
        out[1:, :][code[1:, :] != code[:-1, :]] = 255
        return out

    @cached_property
    def direction(self) -> Field:
        """Angle of strokes, radians: the grain of the matter, turned along strong edges of tone."""
        scale = 0.5
        small = cv2.resize(self.light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), 1.5)
        dx, dy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
        reach = max(2.0, 5 * self.unit)
        xx, yy, xy = (cv2.GaussianBlur(a, (0, 0), reach) for a in (dx * dx, dy * dy, dx * dy))
        along = 0.5 * np.arctan2(2 * xy, xx - yy) + np.float32(np.pi / 2)
        power = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + np.float32(1e-6))
        strength = np.clip(np.sqrt(xx + yy) * 6, 0, 1) * power
        size = (self.shape[1], self.shape[0])
        grain = np.radians(self.grain.astype(np.float32))
        c = cv2.resize(np.cos(2 * along) * strength, size) + np.cos(2 * grain) * np.float32(0.55)
        s = cv2.resize(np.sin(2 * along) * strength, size) + np.sin(2 * grain) * np.float32(0.55)
        c, s = cv2.GaussianBlur(c, (0, 0), 2 * self.unit + 0.5), cv2.GaussianBlur(s, (0, 0), 2 * self.unit + 0.5)
        return np.asarray(np.arctan2(s, c) / 2, np.float32)


def look(drawing: Drawing, width: int) -> View:
    """Return the view of *drawing*, *width* px wide."""
    import resvg_py

    def raster(text: str) -> Pixels:
        png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=width, skip_system_fonts=True))
        image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        return np.ascontiguousarray(image[:, :, 2::-1])

    colour = raster(svg(drawing, "", ""))
    code = raster(masks(drawing))
    return View(
        colour,
        np.ascontiguousarray(code[:, :, 0]),
        np.ascontiguousarray(np.minimum(code[:, :, 1] % TOLD, len(MATERIALS) - 1)),
        np.ascontiguousarray(code[:, :, 2] % 180),
        tuple(layer.depth for layer in drawing.layers),
        tuple(bool(layer.subject) for layer in drawing.layers),
        drawing.side,
        np.ascontiguousarray(code[:, :, 1] >= TOLD),
        drawing,
    )


def details(view: View) -> Field:
    """Return what is small and darker than what is about it: an eye, a button; too small for hatching."""
    unit = view.unit
    about = cv2.GaussianBlur(view.light, (0, 0), 4.0 * unit)
    fine = cv2.GaussianBlur(view.light, (0, 0), 0.5 * unit)
    seen = view.made_of("skin", "fur", "cloth", "feather", "metal", "paper", "wall", "wood") & (view.depth < 0.4)
    return np.where(seen, np.clip((about - fine - 0.05) * 3.2, 0, 0.85), 0).astype(np.float32)
