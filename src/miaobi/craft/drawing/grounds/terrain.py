"""Terrain: mountains, hills, dunes, cliffs, ground.

A mountain is a field of heights (ridged noise, warped as water erodes it), looked at slantwise and painted from the
back to the front, so that near ridges hide far valleys; its tone is the angle between slope and light. The tone is
cut
at a few levels and traced: light falls in shapes, as a painter would put them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.noise import Field, curve, fractal, smooth_field
from miaobi.craft.drawing.shape import Gradient, Points, Shape

_ACROSS, _SLICES, _ROWS = 360, 110, 230  # cells: along the range, through it, of the picture of it


@dataclass(frozen=True)
class Range:
    """What a range looks like. ``peaks``: x (0–1 of the width) and height (0–1) of each; ``sharp``: ridges or
    domes."""

    peaks: tuple[tuple[float, float], ...]
    sharp: float = 0.75
    spread: float = 0.22  # how wide a peak stands, of the width
    snow: float = 2.0  # height above which snow lies, 0–1; 2: none
    rock: str = "#7d7a72"
    growth: str = "#6b7a4f"
    steep: float = 1.0


def heights(rng: np.random.Generator, form: Range) -> Field:
    """Return heights, (_SLICES, _ACROSS) float32 0–1, row 0 the farthest."""
    u = np.linspace(0, 1, _ACROSS, dtype=np.float32)[None, :]
    v = np.linspace(0, 1, _SLICES, dtype=np.float32)[:, None]
    base = np.zeros((_SLICES, _ACROSS), np.float32)
    warp = smooth_field(rng, base.shape, (3, 5)) * np.float32(0.05)
    for at, high in form.peaks:
        back = 0.42 + 0.12 * float(rng.uniform(-1, 1))
        apart = np.hypot((u + warp - at) / form.spread, (v - back) / 0.55)
        cone = np.maximum(0, 1 - apart) ** form.steep
        base = np.maximum(base, high * (cone * form.sharp + np.exp(-2.2 * apart**2) * (1 - form.sharp)))
    shift_x = fractal(rng, base.shape, 7, 3) * 9
    shift_y = fractal(rng, base.shape, 7, 3) * 5
    ridges = fractal(rng, base.shape, 9, 5, 0.52, ridged=True)
    rows, columns = np.indices(base.shape).astype(np.float32)
    ridges = cv2.remap(ridges, columns + shift_x, rows + shift_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    rough = fractal(rng, base.shape, 34, 3)
    field = base * (0.80 + 0.36 * ridges) + 0.05 * base * rough + 0.02 * ridges
    return np.clip(field * np.clip((1.04 - v) / 0.16, 0, 1), 0, 1.2).astype(np.float32)


def seen(field: Field, side: float, lift: float) -> tuple[Field, Field, Points]:
    """Look at *field* slantwise: return tone (−1 nothing, 0 shade … 1 light), height, and the skyline.

    Rows of the picture run from the top (height 1.2) to the foot; *lift*: how much of it the ground takes, 0–1.
    """
    dx = np.gradient(field, axis=1) * 46
    dy = np.gradient(field, axis=0) * 30
    normal = 1 / np.sqrt(dx**2 + dy**2 + 1)
    light = np.array([side * 0.78, 0.35, 0.52])
    tone = np.clip((-dx * light[0] - dy * light[1] * -1 + light[2]) * normal, 0, 1)
    tone = np.clip((tone - 0.12) / 0.75, 0, 1)
    picture = np.full((_ROWS, _ACROSS), -1, np.float32)
    high = np.zeros((_ROWS, _ACROSS), np.float32)
    rows = np.arange(_ROWS, dtype=np.float32)[:, None]
    skyline = np.full(_ACROSS, float(_ROWS))
    for i in range(_SLICES):
        foot = _ROWS * (1 - lift * (1 - i / (_SLICES - 1)))
        top = foot - field[i] * _ROWS * (1 - lift) / 1.2
        skyline = np.minimum(skyline, top)
        covers = rows >= top[None, :]
        picture = np.where(covers, tone[i][None, :], picture)
        high = np.where(covers, field[i][None, :], high)
    along = np.linspace(0, 1, _ACROSS)
    return picture, high, np.stack([along, skyline / _ROWS], axis=1)


def traced(mask: Field, least: float = 5.0) -> list[Points]:
    """Return the outlines of what is > 0.5 in *mask* as closed curves in 0–1 of its sides, holes included."""
    big = cv2.resize(mask, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    big = cv2.GaussianBlur(big, (0, 0), 1.1)
    found, _ = cv2.findContours((big > 0.5).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    size = np.array([big.shape[1], big.shape[0]], float)
    rings = []
    for contour in found:
        if cv2.contourArea(contour) < least * 4:
            continue
        line = cv2.approxPolyDP(contour, 0.9, True)[:, 0].astype(float)
        if len(line) > 3:
            rings.append((line + 0.5) / size)
    return rings


def mountains(
    air: Air, rng: np.random.Generator, form: Range, place: tuple[float, float, float, float], depth: float
) -> list[Shape]:
    """Draw a range in *place* (left, top, width, height px; its foot below)."""
    left, top, width, height = place
    tone, high, skyline = seen(heights(rng, form), air.side, 0.30)
    scale, origin = np.array([width, height]), np.array([left, top])
    outline = np.concatenate([skyline * scale + origin, [[left + width, top + height], [left, top + height]]])
    shapes: list[Shape] = []

    def laid(rings: Sequence[Points], own: str, lit: float, opacity: float = 1.0, fade: float = 0.0) -> None:
        if not len(rings):
            return
        colour = air.tint(own, lit, depth)
        foot = air.tint(own, lit, min(1.0, depth + 0.34 * min(1.6, air.thick)))
        if depth > 0.3 and air.thick > 1.2:
            foot = air.haze
        stops = ((0.0, colour, opacity), (0.45, colour, opacity), (1.0, foot, opacity * (1 - fade)))
        fill = Gradient(stops, (0, float(outline[:, 1].min())), (0, top + height))
        shapes.append(Shape(tuple(np.asarray(r) for r in rings), fill, "mountain", 62 if air.side < 0 else 118, 1.0))

    laid([outline], form.rock, 0.06)
    pixels = [(0.30, 0.22), (0.50, 0.42), (0.68, 0.66), (0.84, 0.92)]
    green = np.clip((0.62 - high) * 3, 0, 1) * (tone >= 0)
    rough = fractal(rng, (_ROWS, _ACROSS), 26, 3)
    meadow = traced(((green + 0.35 * rough) > 0.5).astype(np.float32), 12)
    if meadow:
        laid([r * scale + origin for r in meadow], form.growth, 0.14, 0.9)
    for least, lit in pixels:
        above = tone + 0.05 * rough
        rock = traced(((above > least) & (green + 0.35 * rough <= 0.5)).astype(np.float32))
        laid([r * scale + origin for r in rock], form.rock, lit)
        grown = traced(((above > least) & (green + 0.35 * rough > 0.5)).astype(np.float32))
        laid([r * scale + origin for r in grown], form.growth, lit)
    if form.snow < 1.5:
        lies = ((high + 0.10 * rough > form.snow) & (tone >= 0) & (tone > 0.08)).astype(np.float32)
        laid([r * scale + origin for r in traced(lies, 6)], "#dfe6f0", 0.30)
        for least, lit in ((0.42, 0.7), (0.62, 1.0)):
            shone = traced(lies * (tone > least), 5)
            laid([r * scale + origin for r in shone], "#f6f5f2", lit)
    return shapes


def hill(
    air: Air,
    rng: np.random.Generator,
    line: Points,
    foot: float,
    own: str,
    depth: float,
    material: str = "grass",
    *,
    near: float | None = None,
) -> list[Shape]:
    """Draw ground below *line* (px, from left to right) down to *foot*: a body, light on what faces it, bands of
    tone."""
    body = np.concatenate([line, [[line[-1, 0], foot], [line[0, 0], foot]]])
    top = float(line[:, 1].min())
    nearer = max(0.0, depth - 0.25) if near is None else near
    far_colour, near_colour = air.tint(own, 0.62, depth), air.tint(own, 0.30, nearer)
    shapes = [Shape((body,), Gradient(((0, far_colour, 1), (1, near_colour, 1)), (0, top), (0, foot)), material)]
    slope = np.gradient(line[:, 1], line[:, 0])
    reach = max(8.0, (foot - top) * 0.16)
    lit = np.clip(slope * air.side * 2.6 + 0.55 + 0.2 * curve(rng, len(line), 9, 3), 0, 1)
    edge = line.copy()
    edge[:, 1] += reach * lit * (0.5 + 0.5 * np.abs(curve(rng, len(line), 14, 3)))
    shapes.append(Shape((np.concatenate([line, edge[::-1]]),), air.tint(own, 0.95, depth), material, 4, 0.75))
    for band in range(5):
        share = (band + 0.6) / 5.4
        y = line[:, 1] + (foot - line[:, 1]) * share**1.25 + curve(rng, len(line), 5, 3) * reach * 0.7
        wide = reach * (0.10 + 0.55 * share) * np.maximum(0, curve(rng, len(line), 6, 4) + 0.12)
        ring = np.concatenate([np.stack([line[:, 0], y], 1), np.stack([line[:, 0], y + wide], 1)[::-1]])
        bright = 0.85 if band % 2 == 0 else 0.08
        at = depth + (nearer - depth) * share
        shapes.append(Shape((ring,), air.tint(own, bright, at), material, 3, 0.42, solid=False))
    return shapes


def ridge_line(
    rng: np.random.Generator,
    left: float,
    right: float,
    level: float,
    amplitude: float,
    cells: float,
    rough: float = 0.45,
    count: int = 160,
) -> Points:
    """Return a wavy line from left to right about *level* px."""
    return np.stack([np.linspace(left, right, count), level + amplitude * curve(rng, count, cells, 5, rough)], axis=1)


def cliff(air: Air, rng: np.random.Generator, outline: Points, foot: float, own: str, depth: float) -> list[Shape]:
    """Draw a rock face: a body cut into facets that face the light or don't. *outline*: its top, left to right."""
    body = np.concatenate([outline, [[outline[-1, 0], foot], [outline[0, 0], foot]]])
    shapes = [Shape((body,), air.tint(own, 0.16, depth), "stone", 80)]
    width = outline[-1, 0] - outline[0, 0]
    count = max(5, int(width / max(9.0, (foot - outline[:, 1].min()) * 0.10)))
    cuts = np.sort(np.concatenate([[0, 1], rng.uniform(0.02, 0.98, count)]))
    for a, b in pairwise(cuts):
        x0, x1 = outline[0, 0] + a * width, outline[0, 0] + b * width
        y0, y1 = np.interp([x0, x1], outline[:, 0], outline[:, 1])
        faces = rng.uniform(-0.4, 1.0) + 0.25 * air.side * (0.5 - (a + b) / 2) * -2
        steps = np.linspace(0, 1, 7)
        sway = rng.normal(0, (x1 - x0) * 0.22, 7)
        sway2 = rng.normal(0, (x1 - x0) * 0.22, 7)
        west = np.stack([x0 + sway, y0 + (foot - y0) * steps], 1)
        east = np.stack([x1 + sway2, y1 + (foot - y1) * steps], 1)
        lit = float(np.clip(0.15 + 0.75 * faces, 0.04, 1))
        shapes.append(Shape((np.concatenate([west, east[::-1]]),), air.tint(own, lit, depth), "stone", 84, 0.9))
        for _ in range(2):
            s = rng.uniform(0.05, 0.85)
            y = y0 + (foot - y0) * s
            ledge = np.array(
                [[x0, y], [x1, y + rng.uniform(-4, 4)], [x1, y + (foot - y0) * 0.03], [x0, y + (foot - y0) * 0.05]]
            )
            shapes.append(Shape((ledge,), air.tint(own, min(1.0, lit + 0.3), depth), "stone", 10, 0.55, solid=False))
    return [clipped(shape, outline, foot) for shape in shapes]


def clipped(shape: Shape, outline: Points, foot: float) -> Shape:
    """Return *shape* held below the line *outline* and above *foot*, between its ends."""
    rings = []
    for ring in shape.rings:
        x = np.clip(ring[:, 0], outline[0, 0], outline[-1, 0])
        y = np.clip(ring[:, 1], np.interp(x, outline[:, 0], outline[:, 1]), foot)
        rings.append(np.stack([x, y], axis=1))
    return Shape(tuple(rings), shape.fill, shape.material, shape.grain, shape.opacity, shape.smooth, shape.solid)
