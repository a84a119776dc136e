"""Furniture of a room: a table, a stool, a bookcase, a kitchen's shelf and stove."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import Placed
from miaobi.craft.drawing.shape import Layer, bar, oval, poly, rect
from miaobi.craft.drawing.staging import TABLE
from miaobi.craft.drawing.subjects import turned
from miaobi.craft.drawing.subjects.people import PEOPLE
from miaobi.craft.drawing.subjects.subject import subjects

_WOOD, _DARK = "#8a5c3c", "#5a3a28"


def table(s: Stage, middle: float, *, bare: bool) -> Layer:
    """Return a table about *middle* (share of the width); not *bare*: with a bowl on it."""
    out = Layer("table", 0.12)
    pen = s.pen(middle, TABLE[2], 1.0, 0.08, out)
    far, near = TABLE[2] - TABLE[0], TABLE[2] - TABLE[1]
    half = 0.21 * s.w / s.h
    for x in (-half * 0.92, half * 0.92):
        pen.fill(bar(x, far, x * 0.97, 0.03, 0.018), _DARK, 0.25, "wood", grain=90)
        pen.fill(bar(x * 1.02, near, x * 1.02, 0.0, 0.024), _WOOD, 0.7 if x * pen.side > 0 else 0.3, "wood", grain=90)
    pen.fill(rect(-half * 0.95, near - 0.045, half * 1.9, 0.04), _DARK, 0.45, "wood")
    top = poly((-half * 0.94, far), (half * 0.94, far), (half * 1.08, near), (-half * 1.08, near))
    pen.fill(top, _WOOD, 0.95, "wood", grain=0)
    for t in (0.3, 0.62):
        y, x = far + (near - far) * t, half * (0.94 + 0.14 * t)
        pen.fill(bar(-x, y, x, y, 0.002), _DARK, 0.4, "wood", opacity=0.6, solid=False)
    pen.fill(rect(-half * 1.08, near - 0.014, half * 2.16, 0.016), _WOOD, 0.6, "wood")
    if not bare:
        turned.turned(pen.at(-0.35 * half, (far + near) / 2, 0.065), "bowl")
        turned.turned(pen.at(0.28 * half, (far + near) / 2, 0.11), "vase")
    return out


def stool(s: Stage, place: Placed) -> Layer:
    """Return a stool under somebody who sits."""
    out = Layer("stool", 0.06)
    small = PEOPLE[subjects()[place.id].kind].small
    pen = s.pen(place.x, place.y, place.size * small, 0.06, out, flip=place.flip)
    for x in (-0.13, 0.11):
        pen.fill(bar(x, 0.20, x * 1.25, 0.0, 0.028), _DARK, 0.4, "wood", grain=90)
    pen.fill(bar(-0.14, 0.09, 0.12, 0.09, 0.018), _DARK, 0.5, "wood")
    pen.fill(poly((-0.17, 0.20), (0.15, 0.20), (0.13, 0.245), (-0.15, 0.245)), _WOOD, 0.7, "wood")
    return out


def bookcase(s: Stage, span: tuple[float, float], foot: float) -> Layer:
    """Return shelves full of books against the wall between two shares of the width."""
    out, rng = Layer("bookcase", 0.3), s.rng
    left, right = span
    pen = s.pen((left + right) / 2, foot - 0.002, 1.0, 0.3, out)
    half, high = (right - left) / 2 * s.w / s.h, foot - 0.06
    pen.fill(rect(-half, 0, 2 * half, high), _DARK, 0.3, "wood")
    rows = 5
    for row in range(rows):
        y, room = high * (row + 0.06) / rows, high * 0.78 / rows
        x = -half + 0.02
        while x < half - 0.035:
            wide, tall = float(rng.uniform(0.010, 0.022)), room * float(rng.uniform(0.68, 1.0))
            if rng.random() < 0.9:
                own = str(rng.choice(["#8c3b2e", "#3f5a6b", "#6b7a4a", "#b08a4a", "#4a3a5a", "#c9b48c", "#2f4a44"]))
                pen.fill(rect(x, y, wide, tall), own, float(rng.uniform(0.35, 0.9)), "paper", grain=90)
            x += wide + 0.002
        pen.fill(rect(-half, y - high * 0.03, 2 * half, high * 0.03), _WOOD, 0.8, "wood")
    for x in (-half, half - 0.02):
        pen.fill(rect(x, 0, 0.02, high), _WOOD, 0.75 if x * pen.side > 0 else 0.4, "wood", grain=90)
    return out


def kitchen(s: Stage, span: tuple[float, float], foot: float) -> Layer:
    """Return a stove with its pot and pipe, and a shelf of jars, against the wall."""
    out = Layer("kitchen", 0.3)
    left, right = span
    pen = s.pen((left + right) / 2, foot + 0.03, 1.0, 0.25, out)
    half = min(0.20, (right - left) / 2 * s.w / s.h * 0.8)
    _stove(pen, half)
    shelf = 0.42
    for y in (shelf, shelf + 0.135):
        pen.fill(rect(-half * 1.25, y - 0.014, half * 2.5, 0.014), _WOOD, 0.8, "wood")
        kinds = (
            ("jar", "bowl", "bottle", "jar", "vase", "bowl") if y == shelf else ("bowl", "jar", "bowl", "bottle", "jar")
        )
        for x, kind in zip(np.linspace(-half * 1.05, half * 1.05, len(kinds)), kinds, strict=True):
            turned.turned(pen.at(float(x), y, {"bowl": 0.045, "bottle": 0.095}.get(kind, 0.075)), kind)
    return out


def _stove(pen: Pen, half: float) -> None:
    tall = 0.24
    pen.fill(bar(half * 0.62, tall, half * 0.62, 0.80, 0.035), "#3a3c40", 0.5, "metal", grain=90)
    pen.fill(rect(-half, 0, 2 * half, tall), "#4a4c50", 0.45, "metal")
    edge = half if pen.side > 0 else -half * 0.55
    pen.fill(rect(edge - half * 0.45 if pen.side > 0 else -half, 0, half * 0.45, tall), "#5a5c60", 0.8, "metal")
    pen.fill(rect(-half * 1.06, tall, 2.12 * half, 0.016), "#6a6c70", 0.95, "metal")
    pen.fill(rect(-half * 0.62, 0.06, half * 0.8, 0.11), "#2a2624", 0.5, "metal")
    pen.shine(rect(-half * 0.54, 0.075, half * 0.64, 0.05), "#ff9a4a")
    pen.glow(-half * 0.22, 0.10, 0.16, "#ff9a4a", 0.5)
    pen.fill(oval(half * 0.45, 0.13, 0.012, 0.012), "#c9a55a", 0.9, "metal")
    turned.teapot(pen.at(-half * 0.35, tall + 0.014, 0.085))
