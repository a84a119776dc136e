"""The ground of a street: a road between two rows of houses that run to one vanishing point, lamps, lit windows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.camera import eye_of
from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.grounds import sky
from miaobi.craft.drawing.grounds.perspective import FRONT, KERB, vanish
from miaobi.craft.drawing.grounds.stage import Land, Stage
from miaobi.craft.drawing.grounds.street_chinese import chinese_front
from miaobi.craft.drawing.grounds.street_front import Front, western_front
from miaobi.craft.drawing.grounds.water import lens
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, bar
from miaobi.craft.drawing.subjects import building, chinese_building
from miaobi.craft.drawing.subjects.building_part import LAMP
from miaobi.craft.drawing.subjects.turned import lantern

_LEAST = 0.016  # shares of the canvas's height a metre takes where the rows end


@dataclass(frozen=True)
class Street:
    """A stage seen down a street."""

    stage: Stage

    @property
    def chinese(self) -> bool:
        """Whether the fronts are Chinese ones."""
        return self.stage.scene.style == "chinese"

    @property
    def eye(self) -> float:
        """How high the eye is above the road, metres."""
        return eye_of(self.stage.scene)

    @property
    def middle(self) -> float:
        """Where the street vanishes, px."""
        return vanish(self.stage.scene.composition) * self.stage.w

    @property
    def near(self) -> float:
        """Pixels a metre where the picture ends below."""
        return (self.stage.h * 1.01 - self.stage.horizon) / self.eye

    def at(self, across: float, up: float, scale: float) -> tuple[float, float]:
        """Return the pixel of a place."""
        return self.middle + across * scale, self.stage.horizon + (self.eye - up) * scale

    def away(self, scale: float) -> float:
        """Return how far that is, 0 at the viewer's feet, 1 at the sky."""
        return 0.52 * max(0.0, 1 - scale / (0.13 * self.stage.h)) ** 2.2

    def strip(self, left: float, right: float, near: float, far: float) -> Points:
        """Return a piece of the road between two places across and two scales."""
        return np.array(
            [self.at(left, 0, near), self.at(right, 0, near), self.at(right, 0, far), self.at(left, 0, far)]
        )


def street(s: Stage) -> Land:
    """Return a street: what is beyond it, the road, the rows of houses on both sides and the lamps."""
    view = Street(s)
    land = Land()
    land.behind += _beyond(view)
    glass = Layer("reflections", 0.2)
    land.middle += [_road(view), *(_row(view, way, glass) for way in (-1, 1))]
    if s.air.weather in ("rain", "storm") or s.scene.cover == "wet":
        land.middle += [glass, _puddles(view)]
    if s.air.weather in ("clear", "wind", "cloudy") and not s.air.dark:
        land.middle.append(_shade(view))
    land.middle += [_lamps(view)]
    return land


def _beyond(view: Street) -> list[Layer]:
    """Return what closes the street: hills, roofs, a tower."""
    s = view.stage
    far = s.range(0.07, 0.70, peaks=4, spread=0.25, steep=0.7, name="far hills")
    roofs = Layer("roofs beyond", 0.55)
    at = view.middle / s.w
    kinds = "water village" if view.chinese else "village"
    building.village(s.pen(at + 0.01, s.scene.horizon + 0.022, 0.10, 0.52, roofs), kinds)
    if view.chinese and not any(p.id in ("pagoda", "gate-hall", "temple") for p in s.scene.subjects):
        chinese_building.pagoda(s.pen(at - 0.03, s.scene.horizon + 0.006, 0.20, 0.60, roofs))
    return [far, sky.veil(s.air, s.rng, s.w, s.horizon - 0.02 * s.h, 0.08 * s.h, 0.7), roofs]


def _road(view: Street) -> Layer:
    """Return road, kerbs and pavements."""
    s, snow = view.stage, view.stage.cover == "snow"
    out = Layer("road", 0.2)
    stone = "#e6ebf0" if snow else "#8f8a80" if view.chinese else "#837d78"
    walk = "#eef2f5" if snow else "#b3aa9a" if view.chinese else "#a9a196"
    material = "snow" if snow else "stone"
    top = _LEAST * 0.5 * s.h

    def laid(left: float, right: float, own: str, lit: float) -> None:
        ring = view.strip(left, right, view.near, top)
        tones = s.air.tint(own, lit + 0.1, 0.42), s.air.tint(own, lit, 0.0)
        y0, y1 = float(ring[:, 1].min()), float(ring[:, 1].max())
        fill = Gradient(((0, tones[0], 1), (0.45, mix(*tones, 0.7), 1), (1, tones[1], 1)), (0, y0), (0, y1))
        out.shapes.append(Shape((ring,), fill, material, 0))

    laid(-FRONT - 30, FRONT + 30, walk, 0.62)
    laid(-KERB, KERB, stone, 0.5)
    for way in (-1, 1):
        lit = 0.95 if way * s.air.side < 0 else 0.35
        ring = np.array(
            [
                view.at(way * KERB, 0.0, view.near),
                view.at(way * (KERB + 0.02), 0.13, view.near),
                view.at(way * (KERB + 0.02), 0.13, top),
                view.at(way * KERB, 0.0, top),
            ]
        )
        out.shapes.append(Shape((ring,), s.air.tint("#d4d8dc" if snow else "#bdb6aa", lit, 0.1), material, 0))
    _paved(view, out)
    return out


def _paved(view: Street, out: Layer) -> None:
    """Lay cobbles or flags on the road, slabs on the pavements; wheels' tracks where snow lies."""
    s, rng = view.stage, view.stage.rng
    if s.cover == "snow":
        for across in (-1.5, -0.75, 0.75, 1.5):
            ring = view.strip(across - 0.12, across + 0.12, view.near, _LEAST * 0.6 * s.h)
            out.shapes.append(Shape((ring,), s.air.tint("#b9c6d4", 0.3, 0.1), "snow", 80, 0.7, False, False))
        return
    long = 1.1 if view.chinese else 0.42
    wide = 1.25 if view.chinese else 0.48
    scale = view.near
    row = 0
    while scale > 0.030 * s.h:
        # a stone's depth in metres of ground: the farther, the flatter; focus is the canvas's width
        step = scale / (1 + long * scale / s.w)
        depth = view.away(scale)
        shift = (row % 2) * 0.5 * wide
        for across in np.arange(-KERB + 0.1 - wide, KERB, wide) + shift:
            x, y = view.at(float(across) + wide / 2, 0, (scale + step) / 2)
            if not -0.05 * s.w < x < 1.05 * s.w or not -KERB < across + wide / 2 < KERB:
                continue
            lit = float(np.clip(rng.normal(0.55, 0.22), 0.05, 1.05))
            own = "#979188" if view.chinese else "#8b8580"
            tall = (scale - step) * view.eye
            if view.chinese:
                ring = view.strip(across + 0.03, across + wide - 0.03, scale - 0.06 * (scale - step), step)
            else:
                ring = lens(x, y, wide * scale * 0.93, tall * 1.15)
            out.shapes.append(Shape((ring,), s.air.tint(own, lit, depth), "stone", 0, 0.75, not view.chinese, False))
        scale = step
        row += 1
    for way in (-1, 1):
        scale = view.near
        while scale > 0.03 * s.h:
            a, b = view.at(way * KERB, 0.0, scale), view.at(way * FRONT, 0.0, scale)
            line = bar(*a, *b, max(1.0, 0.018 * scale))
            out.shapes.append(
                Shape((line,), s.air.tint("#5f584f", 0.3, view.away(scale)), "stone", 0, 0.55, False, False)
            )
            scale = scale / (1 + 1.3 * scale / s.w)


def _row(view: Street, way: int, glass: Layer) -> Layer:
    """Return the houses on one side, from far to near; their images in the wet road go into *glass*."""
    s, rng = view.stage, view.stage.rng
    out = Layer("houses", 0.4)
    focus = s.w * 1.05
    room = view.middle if way < 0 else s.w - view.middle
    scale = max(0.10 * s.h, 1.5 * room / FRONT)
    spans: list[tuple[float, float]] = []
    away = focus / scale
    while focus / away > _LEAST * s.h:
        long = float(rng.uniform(5.0, 8.5))
        spans.append((away, away + long))
        away += long
    for near, far in reversed(spans):
        middle = 2 * focus / (near + far)
        front = Front(s, view.at, way, (near, far), focus, view.away(middle), out.shapes)
        (chinese_front if view.chinese else western_front)(front)
        front.mirrored(glass.shapes)
    return out


def _shade(view: Street) -> Layer:
    """Return the shadow of the row that stands towards the light, over pavement and road."""
    s = view.stage
    way = -1 if s.air.side < 0 else 1
    reach = FRONT - (2.0 + 5.0 * (1 - s.air.height))
    strength = {"clear": 0.30, "wind": 0.26}.get(s.air.weather, 0.12)
    near, far = view.near, _LEAST * s.h
    edges = []
    for t in np.linspace(0, 1, 26):
        scale = 1 / ((1 - t) / near + t / far)
        jag = 0.5 * math.sin(9 * t + 1) + 0.35 * math.sin(31 * t)
        edges.append(view.at(way * max(-KERB, reach + jag), 0, scale))
    ring = np.array([*edges, view.at(way * FRONT, 0, far), view.at(way * (FRONT + 30), 0, near)])
    return Layer("shade", 0.2, [Shape((ring,), s.air.tint("#3a3f4d", 0.05, 0.1), "stone", 0, strength, False, False)])


def _lamps(view: Street) -> Layer:
    """Return street lamps along both kerbs, from far to near, with their light on the ground in the dark."""
    s = view.stage
    out = Layer("lamps", 0.2)
    if s.air.dark:  # the light of all of them together lies on the road: who stands there is seen against it
        at, r = (view.middle, s.horizon + 0.14 * s.h), 0.40 * s.h
        turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        ring = np.array(at) + r * np.stack([np.cos(turn), np.sin(turn)], 1)
        glow = s.air.leant(LAMP)
        fill = Gradient(((0, glow, 0.34), (0.5, glow, 0.14), (1, glow, 0.0)), at, at, r)
        out.shapes.append(Shape((ring,), fill, "glow", solid=False))
    if view.chinese:
        return out
    for k, scale in enumerate((0.022, 0.032, 0.05, 0.085)):
        for way in (-1, 1):
            if k == 3 and way * (view.middle / s.w - 0.5) > 0:
                continue
            x, y = view.at(way * (KERB + 0.3), 0, scale * s.h)
            pen = s.pen(x / s.w, y / s.h, 3.9 * scale, view.away(scale * s.h), out)
            if s.air.dark:
                ring = lens(x, y, 5.5 * scale * s.h, 1.1 * scale * s.h)
                pool = Gradient(((0, LAMP, 0.40), (1, LAMP, 0.0)), (x, y), (x, y), 2.8 * scale * s.h)
                out.shapes.append(Shape((ring,), pool, "glow", 0, 1.0, True, False))
            lantern(pen, "street")
    return out


def _puddles(view: Street) -> Layer:
    """Return sheets of rain on the road that have the sky in them."""
    s, rng = view.stage, view.stage.rng
    out = Layer("puddles", 0.15)
    for _ in range(15):
        scale = float(rng.uniform(0.05, 0.24)) * s.h
        x, y = view.at(float(rng.uniform(-KERB, KERB)), 0, scale)
        wide = float(rng.uniform(0.5, 1.6)) * scale
        tone = mix(s.air.sky[2], s.air.sky[1], 0.5)
        out.shapes.append(Shape((lens(x, y, wide, wide * 0.11),), tone, "water", 0, 0.42, True, False))
    return out
