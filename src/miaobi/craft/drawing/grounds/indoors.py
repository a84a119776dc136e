"""The ground of a room: wall, floor, window with what is seen through it, a table; a lamp when it is dark.

Where only small things are in it, it is a still life: the table is near and fills the foot of the picture.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.footing import is_served, is_still_life, table_middle
from miaobi.craft.drawing.grounds import water
from miaobi.craft.drawing.grounds.furniture import bookcase, kitchen, plate, stool, table
from miaobi.craft.drawing.grounds.stage import Land, Stage
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, bar, poly, rect
from miaobi.craft.drawing.subjects.building_part import LAMP
from miaobi.craft.drawing.subjects.posture import posture
from miaobi.craft.drawing.subjects.subject import subjects

_SKIRTING = 0.715  # share of the height where the wall meets the floor
_EDGE = 0.72  # of a still life: where the table begins
_SHINING = ("candle", "lantern", "paper-lantern", "campfire")
_CEILING = 0.19  # where the lamp hangs


def lamplit(air: Air, scene: Scene) -> Air:
    """Return the air of a room: by day that of the window, when it is dark a lamp's."""
    if not air.dark:
        return replace(air, weather="clear", thick=0.6, _leant={})
    x, _ = _lamp_place(scene)
    chief = next((p.x for p in scene.subjects if p.chief), 0.5)
    side = 0.8 if x > chief + 0.02 else -0.8 if x < chief - 0.02 else air.side
    return replace(
        air,
        weather="clear",
        side=side,
        sun=(0.98, 0.72, 0.42),
        shade=(0.33, 0.25, 0.22),
        haze=air.leant("#4a3728"),
        thick=0.5,
        height=0.6,
        _leant={},
    )


def _lamp_place(scene: Scene) -> tuple[float, float]:
    """Return where the light is, shares of the canvas: what shines there, else the lamp that hangs over the table."""
    shining = next((p for p in scene.subjects if p.id in _SHINING), None)
    if shining is not None:
        return shining.x, shining.y - 0.6 * shining.size
    return table_middle(scene, _thing_chief(scene)), _CEILING


def _thing_chief(scene: Scene) -> bool:
    return any(p.chief and subjects()[p.id].stand == "thing" for p in scene.subjects)


def window_span(scene: Scene, side: float) -> tuple[float, float]:
    """Return from where to where the window is across, shares of the width: on the light's side."""
    if scene.width < scene.height:
        return (0.10, 0.66) if side < 0 else (0.34, 0.90)
    return (0.09, 0.48) if side < 0 else (0.52, 0.91)


def interior(s: Stage) -> Land:
    """Return a room: wall with its window, floor or near table, furniture, and the light in it."""
    land = Land()
    close = is_still_life([p.id for p in s.scene.subjects if not p.borne])
    span = window_span(s.scene, s.scene.side)
    foot = _EDGE if close else _SKIRTING
    land.middle += [_wall(s, span, foot), *_window(s, span)]
    if close:
        land.middle.append(_near_table(s))
    else:
        land.middle += [_floor(s), *_furniture(s, span)]
    land.middle += [plate(s, p) for p in s.scene.subjects if is_served(subjects()[p.id]) and not p.borne]
    if s.air.dark:
        land.middle += _lamp(s)
        land.before.append(_falloff(s))
    else:
        land.middle.append(_sunlight(s, span, foot))
    return land


def _wall(s: Stage, span: tuple[float, float], foot: float) -> Layer:
    """Return the wall, with a hole where the window is, darker away from the light."""
    air, rng = s.air, s.rng
    wall = Layer("wall", 0.5)
    tone = air.palette[1] if air.palette else "#b59f86"
    near = 0.62 if air.dark else 0.80
    lights = (near, near - 0.42) if s.air.side < 0 else (near - 0.42, near)
    fill = Gradient(((0, air.tint(tone, lights[0]), 1), (1, air.tint(tone, lights[1]), 1)), (0, 0), (s.w, 0))
    (x0, x1), (y0, y1) = span, _WINDOW
    hole: Points = rect(x0 * s.w, y0 * s.h, (x1 - x0) * s.w, (y1 - y0) * s.h)
    whole: Points = rect(0, 0, s.w, foot * s.h + 4)
    wall.shapes.append(Shape((whole, hole), fill, "wall", 80))
    for _ in range(60):
        x, y = rng.uniform(0, 0.97), rng.uniform(0, foot - 0.03)
        if x0 - 0.06 < x < x1 + 0.03 and y0 - 0.04 < y < y1 + 0.04:
            continue
        mark = rect(x * s.w, y * s.h, 0.035 * s.w, 0.006 * s.h)
        lit = float(rng.uniform(0.2, 0.8))
        wall.shapes.append(Shape((mark,), air.tint(tone, lit), "wall", 80, 0.22, False, False))
    board = rect(0, (foot - 0.035) * s.h, s.w, 0.037 * s.h)
    wall.shapes.append(Shape((board,), air.tint("#8a6a4c", 0.45), "wood", 0))
    wall.shapes.append(Shape((rect(0, (foot - 0.037) * s.h, s.w, 0.006 * s.h),), air.tint("#c9a27a", 0.9), "wood", 0))
    return wall


_WINDOW = (0.08, 0.53)  # top and sill, shares of the height


def _window(s: Stage, span: tuple[float, float]) -> list[Layer]:
    """Return frame and curtains, or a lattice in a Chinese room."""
    air, (x0, x1), (y0, y1) = s.air, span, _WINDOW
    chinese = s.scene.style == "chinese"
    frame, wood = Layer("window frame", 0.46), "#5a3528" if chinese else "#7a5a40"

    def beam(a: tuple[float, float], b: tuple[float, float], w: float, lit: float) -> None:
        ring = bar(a[0] * s.w, a[1] * s.h, b[0] * s.w, b[1] * s.h, w * s.h)
        frame.shapes.append(Shape((ring,), air.tint(wood, lit), "wood", 90 if a[0] == b[0] else 0))

    if chinese:
        for k in range(1, 8):
            x = x0 + (x1 - x0) * k / 8
            beam((x, y0), (x, y0 + 0.12), 0.006, 0.5)
            beam((x, y1 - 0.10), (x, y1), 0.006, 0.5)
        for y in (y0 + 0.06, y0 + 0.12, y1 - 0.10, y1 - 0.05):
            beam((x0, y), (x1, y), 0.007, 0.5)
        for x in (x0 + (x1 - x0) / 3, x0 + (x1 - x0) * 2 / 3):
            beam((x, y0), (x, y1), 0.012, 0.5)
    else:
        beam(((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1), 0.014, 0.5)
        beam((x0, (y0 + y1) * 0.46), (x1, (y0 + y1) * 0.46), 0.012, 0.55)
    beam((x0, y0), (x0, y1), 0.026, 0.85 if air.side > 0 else 0.35)
    beam((x1, y0), (x1, y1), 0.026, 0.35 if air.side > 0 else 0.85)
    beam((x0 - 0.012, y0), (x1 + 0.012, y0), 0.03, 0.4)
    beam((x0 - 0.03, y1), (x1 + 0.03, y1), 0.042, 1.0)
    return [frame] if chinese else [frame, _curtains(s, span)]


def _curtains(s: Stage, span: tuple[float, float]) -> Layer:
    curtain = Layer("curtain", 0.42)
    own = s.air.palette[0] if s.air.palette else "#8a4a3c"
    for way, edge in ((-1, span[0]), (1, span[1])):
        for k in range(6):
            a = edge + way * (0.055 - 0.016 * k)
            sway = 0.01 * math.sin(1.7 * k)
            ring = np.array(
                [
                    [a, 0.03],
                    [a - way * 0.02, 0.03],
                    [a - way * (0.016 + sway), 0.34],
                    [a - way * 0.024, 0.61],
                    [a + way * 0.004, 0.61],
                    [a + sway, 0.32],
                ]
            ) * [s.w, s.h]
            curtain.shapes.append(Shape((ring,), s.air.tint(own, 0.25 + 0.6 * (k % 2)), "cloth", 88, 1.0, True))
    return curtain


def _floor(s: Stage) -> Layer:
    """Return floor boards that run towards the wall, and a rug."""
    air, rng = s.air, s.rng
    floor = Layer("floor", 0.2)
    top, foot = _SKIRTING * s.h, s.h * 1.01
    tones = air.tint("#8a6244", 0.55), air.tint("#7a5236", 0.85)
    fill = Gradient(((0, tones[0], 1), (1, tones[1], 1)), (0, top), (0, foot))
    floor.shapes.append(Shape((rect(0, top, s.w, foot - top),), fill, "wood", 0))
    vanish = (0.5 * s.w, 0.30 * s.h)
    edges = np.linspace(-1.1, 2.1, 37)
    spread = (top - vanish[1]) / (foot - vanish[1])
    for a, b in pairwise(edges):
        near = [a * s.w, b * s.w]
        far = [vanish[0] + (x - vanish[0]) * spread for x in near]
        if max(far[1], near[1]) < 0 or min(far[0], near[0]) > s.w:
            continue
        ring = np.array([[far[0], top], [far[1] - 1, top], [near[1] - 1, foot], [near[0], foot]])
        tone = air.tint("#8f6848", float(rng.uniform(0.35, 1.0)))
        floor.shapes.append(Shape((ring,), tone, "wood", 90, 0.55, False, False))
    at = 0.5 + 0.5 * (next((p.x for p in s.scene.subjects if p.chief), 0.5) - 0.5)
    cloth = air.palette[0] if air.palette else "#8c3f38"
    for grow, own, lit in ((1.0, cloth, 0.6), (0.90, "#d8c29a", 0.6), (0.82, cloth, 0.75)):
        wide, y0, y1 = 0.30 * grow, 0.925 - 0.065 * grow, 0.925 + 0.065 * grow
        ring = np.array(
            [[at - wide * 0.86, y0], [at + wide * 0.86, y0], [at + wide * 1.12, y1], [at - wide * 1.12, y1]]
        )
        floor.shapes.append(Shape((ring * [s.w, s.h],), air.tint(own, lit), "cloth", 0))
    return floor


def _furniture(s: Stage, span: tuple[float, float]) -> list[Layer]:
    """Return what stands in the room: a table, seats under who sits, shelves or a stove as the room is one."""
    scene, out = s.scene, list[Layer]()
    free = (span[1] + 0.06, 0.99) if span[0] < 0.3 else (0.01, span[0] - 0.06)
    if scene.room == "kitchen":
        out.append(kitchen(s, free, _SKIRTING))
    elif scene.room == "library":
        out.append(bookcase(s, free, _SKIRTING))
    animal = scene.view == "close" and any(p.chief and subjects()[p.id].generator == "beast" for p in scene.subjects)
    if (scene.room != "kitchen" and not animal) or _has_small(scene):
        out.append(table(s, table_middle(scene, _thing_chief(scene)), bare=_has_small(scene)))
    out += [stool(s, place) for place in scene.subjects if _sits(place)]
    return out


def _has_small(scene: Scene) -> bool:
    return any(is_still_life([p.id]) for p in scene.subjects if not p.borne)


def _sits(place: Placed) -> bool:
    """Tell whether somebody sits who has nothing to sit on."""
    if subjects()[place.id].generator != "person" or place.borne:
        return False
    return posture(place.pose or "stand").body in ("seat", "dangle")


def _near_table(s: Stage) -> Layer:
    """Return the table of a still life."""
    air, edge = s.air, _EDGE * s.h
    board = Layer("table", 0.2)
    tones = air.tint("#8a6244", 0.80), air.tint("#5d3f2a", 0.55)
    fill = Gradient(((0, tones[0], 1), (1, tones[1], 1)), (0, edge), (0, s.h))
    board.shapes.append(Shape((rect(0, edge, s.w, s.h - edge + 2),), fill, "wood", 0))
    board.shapes.append(Shape((rect(0, edge - 0.006 * s.h, s.w, 0.012 * s.h),), air.tint("#c9a27a", 1.0), "wood", 0))
    for _ in range(30):
        y = edge + (s.h - edge) * float(s.rng.beta(1.2, 1.0))
        grain = water.lens(s.rng.uniform(0, s.w), y, s.w * s.rng.uniform(0.15, 0.5), s.h * 0.004)
        tone = air.tint("#6d4a30", float(s.rng.uniform(0.1, 0.7)))
        board.shapes.append(Shape((grain,), tone, "wood", 0, 0.5, True, False))
    return board


def _sunlight(s: Stage, span: tuple[float, float], foot: float) -> Layer:
    """Return the window's light: a shaft, and its panes on the floor."""
    air, (x0, x1) = s.air, span
    light = Layer("window light", 0.3)
    lean = 0.26 if x0 < 0.3 else -0.26
    bright = air.leant("#fff0cc")
    strength = {"clear": 1.0, "wind": 0.9, "cloudy": 0.6}.get(s.scene.weather, 0.35)
    shaft = np.array([[x0, _WINDOW[1]], [x1, _WINDOW[1]], [x1 + lean, 1.0], [x0 + lean, 1.0]]) * [s.w, s.h]
    fill = Gradient(((0, bright, 0.16 * strength), (1, bright, 0.05)), (0, _WINDOW[1] * s.h), (0, s.h))
    light.shapes.append(Shape((shaft,), fill, "glow", solid=False))
    y0, y1 = foot + 0.05, 0.985
    for a, b in ((0.03, 0.48), (0.52, 0.97)):
        for c, d in ((0.0, 0.46), (0.54, 1.0)):
            pane = []
            for u, v in ((a, c), (b, c), (b, d), (a, d)):
                y = y0 + (y1 - y0) * v
                pane.append((x0 + (x1 - x0) * u + lean * (y - _WINDOW[1]) / (1 - _WINDOW[1]), y))
            ring = np.array(pane) * [s.w, s.h]
            light.shapes.append(Shape((ring,), bright, "glow", 0, 0.30 * strength, False, False))
    return light


def _lamp(s: Stage) -> list[Layer]:
    """Return the lamp that hangs over the table, if nothing in the picture shines, and its light."""
    out = Layer("lamp", 0.25)
    x, y = _lamp_place(s.scene)
    if not any(p.id in _SHINING for p in s.scene.subjects):
        pen = s.pen(x, y, 0.16, 0.1, out)
        pen.fill(bar(0, 0.35, 0, 2.0, 0.02), "#2b2622", 0.5, "metal")
        pen.glow(0, -0.1, 0.9, LAMP, 0.8)
        pen.shine(rect(-0.16, -0.10, 0.32, 0.14), "#fff2c4", smooth=True)
        pen.fill(poly((-0.48, 0.0), (0.48, 0.0), (0.14, 0.36), (-0.14, 0.36)), "#4f6b5c", 0.75, "metal")
        pen.fill(poly((-0.48, 0.0), (0.48, 0.0), (0.44, 0.05), (-0.44, 0.05)), "#e8c878", 1.0, "metal")
    at, r = (x * s.w, (y + 0.02) * s.h), 0.62 * s.h
    glow = s.air.leant("#ffca7a")
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = np.array(at) + r * np.stack([np.cos(turn), np.sin(turn)], 1)
    fill = Gradient(((0, glow, 0.55), (0.4, glow, 0.18), (1, glow, 0.0)), at, at, r)
    (x0, x1), (y0, y1) = window_span(s.scene, s.scene.side), _WINDOW
    hole = rect(x0 * s.w, y0 * s.h, (x1 - x0) * s.w, (y1 - y0) * s.h)  # the night outside stays blue
    out.shapes.insert(0, Shape((ring, hole), fill, "glow", solid=False))
    return [out]


def _falloff(s: Stage) -> Layer:
    """Return the dark that gathers away from the lamp."""
    x, y = _lamp_place(s.scene)
    at, r = (x * s.w, (0.5 * y + 0.35) * s.h), 0.95 * math.hypot(s.w, s.h)
    dark = s.air.leant("#17101a")
    fill = Gradient(((0, dark, 0.0), (0.30, dark, 0.04), (0.62, dark, 0.42), (1, dark, 0.72)), at, at, r)
    return Layer("dark", 0.0, [Shape((rect(0, 0, s.w, s.h),), fill, "glow", solid=False)])
