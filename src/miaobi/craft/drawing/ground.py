"""Grounds: the land, water or room that a scene plays in, as layers from far to near, and where feet find it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from miaobi.craft.drawing import plant, sky, terrain, tree, water
from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.mass import Grain
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, bar, poly, rect

_GREEN = {"spring": "#7f9f52", "summer": "#66874a", "autumn": "#a08a4a", "winter": "#8f8c78"}


@dataclass
class Land:
    """Layers behind the subjects, and before them; ``mirror``: those that water shows upside down."""

    behind: list[Layer] = field(default_factory=list)
    before: list[Layer] = field(default_factory=list)
    mirror: list[Layer] = field(default_factory=list)
    water: tuple[float, float] | None = None  # levels, px
    calm: float = 0.7


class Stage:
    """What a ground is made with: scene, air, chance and the canvas."""

    def __init__(self, scene: Scene, air: Air, rng: np.random.Generator) -> None:
        self.scene, self.air, self.rng = scene, air, rng
        self.w, self.h = float(scene.width), float(scene.height)
        self.horizon = scene.horizon * self.h
        self.green = "#e9eef2" if air.weather == "snow" or scene.ground == "snowfield" else _GREEN[air.season]
        self.cover = "snow" if self.green == "#e9eef2" else "grass"

    def range(
        self,
        tall: float,
        depth: float,
        *,
        peaks: int = 3,
        spread: float = 0.2,
        snow: float = 2.0,
        steep: float = 1.0,
        growth: str = "#6b7a4f",
        rock: str = "#7d7a72",
        name: str = "mountains",
        foot: float = 0.02,
    ) -> Layer:
        """Return a range of mountains *tall* shares of the canvas high that stands on the horizon."""
        rng = self.rng
        at = np.linspace(0.04, 0.96, peaks) + rng.normal(0, 0.06, peaks)
        high = rng.uniform(0.45, 1.0, peaks)
        focus = int(rng.integers(peaks))
        high[focus] = 1.0
        form = terrain.Range(
            tuple((float(a), float(b)) for a, b in zip(at, high, strict=True)), 0.75, spread, snow, rock, growth, steep
        )
        top, low = self.horizon - tall * self.h, self.horizon + foot * self.h
        place = (-0.04 * self.w, top, 1.08 * self.w, low - top)
        return Layer(name, depth, terrain.mountains(self.air, rng, form, place, depth))

    def hill(
        self,
        level: float,
        swell: float,
        depth: float,
        foot: float,
        own: str = "",
        material: str = "",
        cells: float = 2.2,
        name: str = "hill",
        near: float | None = None,
    ) -> Layer:
        """Return a hill whose ridge runs about *level* (share of the height)."""
        line = terrain.ridge_line(self.rng, -0.02 * self.w, 1.02 * self.w, level * self.h, swell * self.h, cells)
        return Layer(
            name,
            depth,
            terrain.hill(
                self.air, self.rng, line, foot * self.h, own or self.green, depth, material or self.cover, near=near
            ),
        )

    def pen(self, x: float, y: float, size: float, depth: float, layer: Layer, *, flip: bool = False) -> Pen:
        """Return a pen for set dressing at shares of the canvas that draws into *layer*."""
        pen = Pen(self.air, self.rng, depth, x * self.w, y * self.h, size * self.h, flip=flip)
        pen.shapes = layer.shapes
        return pen

    def woods(
        self,
        level: float,
        size: float,
        depth: float,
        count: int,
        kind: str = "",
        span: tuple[float, float] = (0.0, 1.0),
    ) -> Layer:
        """Return a row of groves on the horizon."""
        out = Layer("woods", depth)
        kind = kind or ("conifers" if self.scene.ground in ("snowfield", "mountains") else "wood")
        for x in np.linspace(span[0], span[1], count) + self.rng.normal(0, 0.02, count):
            tree.grove(self.pen(float(x), level + 0.004, size * float(self.rng.uniform(0.7, 1.1)), depth, out), kind)
        return out

    def tufts(
        self,
        top: float,
        foot: float,
        count: int,
        colour: str = "",
        span: tuple[float, float] = (0.0, 1.0),
        size: float = 1.0,
    ) -> Layer:
        """Return blades of grass, taller and darker the nearer they are."""
        rng = self.rng
        shapes = []
        tone = colour or ("#c9c2a8" if self.cover == "snow" else self.green)
        for _ in range(count):
            t = float(rng.beta(1.6, 1.0))
            y = (top + (foot - top) * t) * self.h
            x = (span[0] + (span[1] - span[0]) * rng.random()) * self.w
            long = self.h * (0.006 + 0.030 * t) * size
            depth = 0.30 * (1 - t)
            lit = float(np.clip(rng.normal(0.5, 0.3), 0.02, 1.1))
            for k in range(5):
                lean = rng.normal(0.12 if self.air.weather in ("wind", "storm") else 0.0, 0.32) * long
                foot_x = x + (k - 2) * long * 0.16
                high = long * rng.uniform(0.6, 1.1)
                blade = poly(
                    (foot_x - long * 0.045, y),
                    (foot_x + lean * 0.4, y - high * 0.6),
                    (foot_x + lean, y - high),
                    (foot_x + lean * 0.4 + long * 0.07, y - high * 0.5),
                    (foot_x + long * 0.05, y),
                )
                shapes.append(Shape((blade,), self.air.tint(tone, lit, depth), "grass", 85))
        return Layer("grass", 0.08, shapes)

    def blooms(self, top: float, foot: float, count: int, kinds: tuple[str, ...], size: float = 1.0) -> Layer:
        """Return flowers strewn over the ground."""
        out = Layer("flowers", 0.1)
        places = sorted((float(self.rng.beta(1.4, 1)), float(self.rng.uniform(0, 1))) for _ in range(count))
        for t, x in places:
            kind = str(self.rng.choice(list(kinds)))
            pen = self.pen(x, top + (foot - top) * t, (0.020 + 0.085 * t) * size, 0.28 * (1 - t), out)
            plant.flower(pen, kind, 2 if pen.size > 40 else 1)
        return out


def land_of(scene: Scene, air: Air, rng: np.random.Generator) -> Land:
    """Return the ground of a scene."""
    return _GROUNDS[scene.ground](Stage(scene, air, rng))


def _bank(s: Stage, top: float, depth: float = 0.12, own: str = "", material: str = "", *, rise: float = 0.05) -> Layer:
    """Return the near bank of a water: lower on the side that the light comes from."""
    xs = np.linspace(-0.02, 1.02, 140)
    slope = rise * (xs - 0.5) * (1 if s.scene.composition in ("thirds-right", "s-curve") else -1)
    y = (top - slope + 0.012 * curve(s.rng, 140, 5, 5, 0.55)) * s.h
    line = np.stack([xs * s.w, y], 1)
    shapes = []
    if s.cover != "snow":
        wet = line + [0, -0.010 * s.h]
        shapes.append(
            Shape(
                (np.concatenate([wet, line[::-1] + [0, 0.01 * s.h]]),), s.air.tint("#54483a", 0.3, depth), "ground", 0
            )
        )
    shapes += terrain.hill(s.air, s.rng, line, s.h * 1.01, own or s.green, depth, material or s.cover, near=0.0)
    return Layer("bank", depth, shapes)


def _sea(s: Stage) -> Land:
    land = Land(water=(s.horizon, s.h * 1.0), calm=0.35 if s.air.weather in ("wind", "storm") else 0.62)
    if s.rng.random() < 0.7:
        left = s.scene.composition in ("thirds-right", "s-curve")
        xs = np.linspace(0, 1, 80)
        run = 0.42 if left else 0.58
        along = xs * run if left else run + xs * (1 - run)
        fall = 1 - xs if left else xs
        y = s.horizon - s.h * (0.10 * fall**0.8 * (1 + 0.35 * curve(s.rng, 80, 5, 4)) + 0.004)
        line = np.stack([along * s.w, np.minimum(y, s.horizon)], 1)
        far = Layer("headland", 0.62, terrain.cliff(s.air, s.rng, line, s.horizon + 0.004 * s.h, "#8d8576", 0.60))
        top = line.copy()
        top[:, 1] += s.h * 0.014 * fall
        far.shapes.append(Shape((np.concatenate([line, top[::-1]]),), s.air.tint(s.green, 0.75, 0.58), s.cover, 0))
        land.behind.append(far)
        land.mirror.append(far)
    land.before.append(_sea_shore(s))
    return land


def _sea_shore(s: Stage) -> Layer:
    sand = "#d6c19a" if s.air.season != "winter" else "#c2bba6"
    bank = _bank(s, 0.86, 0.10, sand, "sand", rise=0.10)
    rng = s.rng
    for k in range(3):
        xs = np.linspace(-0.02, 1.02, 120)
        slope = 0.10 * (xs - 0.5) * (1 if s.scene.composition in ("thirds-right", "s-curve") else -1)
        level = (0.845 - 0.016 * k - slope + 0.008 * curve(rng, 120, 7, 4)) * s.h
        wide = s.h * 0.006 * (1.2 + curve(rng, 120, 14, 4)) * (1.3 - 0.25 * k)
        edge = np.stack([xs * s.w, level], 1)
        ring = np.concatenate([edge, (edge + np.stack([xs * 0, np.maximum(wide, 0)], 1))[::-1]])
        bank.shapes.append(Shape((ring,), s.air.tint("#f4f5f0", 0.9, 0.12), "snow", 0, 0.75, False, False))
    for _ in range(34):
        t = rng.random()
        x, y, r = rng.uniform(0, s.w), s.h * (0.90 + 0.10 * t), s.h * (0.004 + 0.014 * t * rng.random())
        bank.shapes.append(
            Shape(
                (
                    np.array(
                        [
                            [x - r * 1.6, y],
                            [x - r, y - r * 0.8],
                            [x + r * 0.4, y - r],
                            [x + r * 1.5, y - r * 0.2],
                            [x + r * 1.3, y + r * 0.2],
                        ]
                    ),
                ),
                s.air.tint("#7d756a", 0.25, 0.05),
                "stone",
                0,
                1.0,
                True,
            )
        )
        bank.shapes.append(
            Shape(
                (
                    np.array(
                        [
                            [x, y - r * 0.2],
                            [x + s.air.side * r * 1.3, y - r * 0.3],
                            [x + s.air.side * r * 0.4, y - r * 0.95],
                            [x - s.air.side * r * 0.3, y - r * 0.8],
                        ]
                    ),
                ),
                s.air.tint("#8d8578", 0.95, 0.05),
                "stone",
                0,
                1.0,
                True,
            )
        )
    return bank


def _lake(s: Stage) -> Land:
    land = Land(water=(s.horizon, s.h), calm=0.88 if s.air.weather in ("clear", "mist", "cloudy", "snow") else 0.5)
    snow = 0.55 if s.air.season != "summer" else 0.72
    far = s.range(0.34, 0.74, peaks=3, spread=0.22, snow=snow, name="far mountains")
    near = s.range(
        0.17,
        0.50,
        peaks=4,
        spread=0.28,
        steep=1.2,
        growth=s.green if s.cover != "snow" else "#5d7260",
        snow=2.0 if s.cover != "snow" else 0.3,
        name="near mountains",
    )
    wood = s.woods(s.scene.horizon, 0.05, 0.42, 9, "conifers" if s.rng.random() < 0.5 else "wood")
    land.behind += [far, sky.veil(s.air, s.rng, s.w, s.horizon - 0.07 * s.h, 0.10 * s.h, 0.75), near, wood]
    land.mirror += [far, near, wood]
    land.before.append(_bank(s, 0.87))
    land.before.append(s.tufts(0.87, 1.01, 150))
    return land


def _river(s: Stage) -> Land:
    land = Land(water=(s.horizon, s.h), calm=0.8 if s.air.weather not in ("wind", "storm") else 0.45)
    far = s.range(0.24, 0.78, peaks=4, spread=0.16, steep=0.8, growth="#6f8066", name="far mountains")
    near = s.range(
        0.12,
        0.56,
        peaks=5,
        spread=0.20,
        growth=s.green if s.cover != "snow" else "#7d8a80",
        snow=2.0 if s.cover != "snow" else 0.25,
        name="near hills",
    )
    land.behind += [far, sky.veil(s.air, s.rng, s.w, s.horizon - 0.05 * s.h, 0.10 * s.h, 0.9), near]
    land.mirror += [far, near]
    for way, reach in ((-1, 0.40), (1, 0.30)):
        xs = np.linspace(0, 1, 70)
        y = s.horizon + s.h * (0.012 + 0.045 * (1 - xs) ** 1.4 + 0.006 * curve(s.rng, 70, 6, 4))
        along = (xs * reach) * s.w if way < 0 else s.w * (1 - xs * reach)
        top = s.horizon - s.h * (0.012 * (1 - xs))
        ring = np.concatenate([np.stack([along, top], 1), np.stack([along, y], 1)[::-1]])
        spit = Layer("far bank", 0.44, [Shape((ring,), s.air.tint(s.green, 0.55, 0.42), s.cover, 0)])
        land.behind.append(spit)
        span = (0.0, reach * 0.75) if way < 0 else (1 - reach * 0.75, 1.0)
        wood = s.woods(s.scene.horizon + 0.012, 0.055, 0.40, 4, "wood", span)
        land.behind.append(wood)
        land.mirror.append(wood)
    land.before.append(_bank(s, 0.88))
    land.before.append(s.tufts(0.88, 1.01, 170))
    return land


def _mountains(s: Stage) -> Land:
    land = Land()
    snow = {"winter": 0.35, "spring": 0.5, "summer": 0.66, "autumn": 0.58}[s.air.season]
    land.behind.append(s.range(0.48, 0.80, peaks=3, spread=0.20, snow=snow, steep=0.9, name="far peaks"))
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.16 * s.h, 0.14 * s.h, 0.8))
    land.behind.append(s.range(0.30, 0.56, peaks=4, spread=0.22, snow=snow + 0.35, name="middle peaks"))
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.05 * s.h, 0.10 * s.h, 0.85))
    land.behind.append(s.hill(s.scene.horizon + 0.00, 0.035, 0.38, 1.01, cells=2.0, name="alp"))
    land.behind.append(s.woods(s.scene.horizon + 0.03, 0.09, 0.30, 6, "conifers"))
    land.behind.append(s.hill(s.scene.horizon + 0.10, 0.030, 0.22, 1.01, cells=1.8, name="meadow", near=0.0))
    _path(s, land, s.scene.horizon + 0.11)
    land.before.append(s.tufts(s.scene.horizon + 0.2, 1.01, 210))
    return land


def _path(s: Stage, land: Land, top: float, own: str = "#b39d78") -> None:
    """Lay a path that winds from the foot of the picture to the horizon: the S-curve."""
    t = np.linspace(0, 1, 60)
    y = top + (1.02 - top) * t**1.25
    sway = np.sin(t * 2.6 * math.pi * 0.75 + s.rng.uniform(0, 2)) * (0.05 + 0.16 * t)
    middle = 0.5 + (0.58 - 0.5 if s.scene.composition != "thirds-right" else -0.08) + sway
    wide = 0.004 + 0.085 * t**1.5
    left, right = np.stack([(middle - wide) * s.w, y * s.h], 1), np.stack([(middle + wide) * s.w, y * s.h], 1)
    tone = "#dfe3e6" if s.cover == "snow" else own
    far, near = s.air.tint(tone, 0.75, 0.34), s.air.tint(tone, 0.55, 0.0)
    fill = Gradient(((0, far, 1), (1, near, 1)), (0, top * s.h), (0, s.h))
    shapes = [Shape((np.concatenate([left, right[::-1]]),), fill, "sand" if s.cover != "snow" else "snow", 80)]
    for k in (0.32, 0.66):
        rut = left + (right - left) * k
        shapes.append(
            Shape(
                (np.concatenate([rut, rut[::-1] + (right - left)[::-1] * 0.05]),),
                s.air.tint(tone, 0.15, 0.1),
                "sand",
                80,
                0.4,
                False,
                False,
            )
        )
    land.behind.append(Layer("path", 0.2, shapes))


def _hills(s: Stage) -> Land:
    land = Land()
    land.behind.append(s.range(0.20, 0.80, peaks=4, spread=0.20, steep=0.8, name="far mountains"))
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.04 * s.h, 0.08 * s.h, 0.8))
    for k, (level, depth) in enumerate(((-0.03, 0.58), (0.01, 0.44), (0.06, 0.32))):
        land.behind.append(s.hill(s.scene.horizon + level, 0.045, depth, 1.01, cells=2.6 - 0.3 * k))
        spot = float(s.rng.uniform(0.1, 0.8))
        land.behind.append(
            s.woods(s.scene.horizon + level + 0.005, 0.035 + 0.022 * k, depth - 0.03, 3 + k, "", (spot, spot + 0.25))
        )
    land.behind.append(s.hill(s.scene.horizon + 0.14, 0.035, 0.20, 1.01, cells=1.6, name="meadow", near=0.0))
    _path(s, land, s.scene.horizon + 0.15)
    land.before.append(s.tufts(s.scene.horizon + 0.24, 1.01, 230))
    return land


def _field(s: Stage) -> Land:
    land = Land()
    land.behind.append(s.range(0.10, 0.80, peaks=5, spread=0.22, steep=0.7, name="far hills"))
    land.behind.append(s.woods(s.scene.horizon + 0.004, 0.045, 0.55, 9))
    body = rect(0, s.horizon - 1, s.w, s.h - s.horizon + 2)
    far, near = s.air.tint(s.green, 0.75, 0.5), s.air.tint(s.green, 0.4, 0.0)
    plain = Layer(
        "field", 0.4, [Shape((body,), Gradient(((0, far, 1), (1, near, 1)), (0, s.horizon), (0, s.h)), s.cover)]
    )
    vanish = s.w * (0.5 - 0.12 * s.air.side)
    crops = (
        ["#c9a650", "#b8b45a", "#8fa04e", "#d8bd6a"]
        if s.air.season in ("summer", "autumn")
        else ["#7fa052", "#9ab062", "#6f8f4c", "#a5a866"]
    )
    if s.cover == "snow":
        crops = ["#dfe6ec", "#e9eef2", "#d3dce6", "#f0f3f5"]
    edges = np.sort(s.rng.uniform(0.08, 0.92, 2))
    for a, b in zip((0.0, *edges), (*edges, 1.0), strict=True):
        tone = str(s.rng.choice(crops))
        y0, y1 = s.horizon + (s.h - s.horizon) * a**2.2, s.horizon + (s.h - s.horizon) * b**2.2
        plain.shapes.append(
            Shape((rect(0, y0, s.w, y1 - y0 + 1),), s.air.tint(tone, 0.66, 0.5 * (1 - b)), s.cover, 0, 0.9)
        )
        for x in np.linspace(-2.2, 3.2, 44):
            top_x, foot_x = (
                vanish + (x * s.w - vanish) * (y0 - s.horizon + 6) / (s.h - s.horizon),
                vanish + (x * s.w - vanish) * (y1 - s.horizon + 6) / (s.h - s.horizon),
            )
            wide = s.w * 0.016
            row = np.array([[top_x, y0], [foot_x, y1], [foot_x + wide * b, y1], [top_x + wide * max(0.05, a), y0]])
            plain.shapes.append(Shape((row,), s.air.tint(tone, 0.18, 0.5 * (1 - b)), s.cover, 70, 0.5, False, False))
    land.behind.append(plain)
    _path(s, land, s.scene.horizon + 0.01)
    land.before.append(
        s.tufts(
            s.scene.horizon + 0.30,
            1.01,
            240,
            "#b8a050" if s.air.season in ("summer", "autumn") and s.cover != "snow" else "",
        )
    )
    return land


def _snowfield(s: Stage) -> Land:
    land = Land()
    land.behind.append(s.range(0.24, 0.80, peaks=4, spread=0.22, snow=0.15, name="far mountains"))
    land.behind.append(s.woods(s.scene.horizon + 0.01, 0.07, 0.55, 6, "conifers"))
    for level, depth in ((0.0, 0.46), (0.08, 0.30), (0.2, 0.14)):
        land.behind.append(
            s.hill(
                s.scene.horizon + level, 0.03, depth, 1.01, "#e9eef4", "snow", 1.8, "snow", 0.0 if depth < 0.2 else None
            )
        )
    land.before.append(s.tufts(s.scene.horizon + 0.3, 1.01, 46, "#a8987a"))
    return land


def _desert(s: Stage) -> Land:
    land = Land()
    for level, swell, depth in ((-0.04, 0.05, 0.66), (0.02, 0.06, 0.46), (0.12, 0.07, 0.26), (0.30, 0.06, 0.10)):
        line = terrain.ridge_line(
            s.rng, -0.02 * s.w, 1.02 * s.w, (s.scene.horizon + level) * s.h, swell * s.h, 1.6, 0.16
        )
        shapes = terrain.hill(s.air, s.rng, line, s.h * 1.01, "#d8a868", depth, "sand", near=max(0.0, depth - 0.16))
        crest = int(np.argmin(line[20:-20, 1])) + 20
        along = np.linspace(0, 1, 24)
        x0, y0 = line[crest]
        spine = np.stack(
            [x0 - s.air.side * s.w * 0.30 * along + 0.03 * s.w * np.sin(3 * along), y0 + (0.26 * s.h) * along**1.2], 1
        )
        lee = line[:crest:-1] if s.air.side < 0 else line[:crest]
        dark = np.concatenate([spine, [[lee[0, 0], s.h * 1.0]], lee])
        shapes.append(Shape((dark,), s.air.tint("#c08a50", 0.12, depth), "sand", 30, 0.55))
        land.behind.append(Layer("dune", depth, shapes))
    ripples = Layer("ripples", 0.1)
    for _ in range(46):
        t = float(s.rng.beta(1.3, 1))
        y = (s.scene.horizon + 0.36 + (0.64 - s.scene.horizon) * t) * s.h
        ripples.shapes.append(
            Shape(
                (water.lens(s.rng.uniform(0, s.w), y, s.w * 0.16 * (0.3 + t), s.h * 0.005 * (0.4 + t)),),
                s.air.tint("#b9854c", 0.2, 0.1),
                "sand",
                0,
                0.5,
                True,
                False,
            )
        )
    land.behind.append(ripples)
    return land


def _forest(s: Stage) -> Land:
    land = Land()
    air, rng = s.air, s.rng
    needles = air.season == "winter" or rng.random() < 0.35
    for depth, level, size, count in ((0.82, 0.10, 0.40, 3), (0.62, 0.14, 0.52, 3)):
        land.behind.append(s.woods(s.scene.horizon + level, size, depth, count, "conifers", (0.1, 0.9)))
        land.behind.append(sky.veil(air, rng, s.w, (s.scene.horizon + level - 0.05) * s.h, 0.22 * s.h, 0.9))
    ground = s.hill(
        s.scene.horizon + 0.07,
        0.02,
        0.34,
        1.01,
        "" if s.cover == "snow" else "#6d7446" if air.season != "autumn" else "#9a6b3a",
        cells=2.0,
        name="forest floor",
        near=0.02,
    )
    land.behind.append(ground)
    for depth, count, wide in ((0.44, 9, 0.011), (0.26, 6, 0.020)):
        trunks = Layer("trunks", depth)
        for x in np.linspace(0.03, 0.97, count) + rng.normal(0, 0.03, count):
            foot = s.scene.horizon + 0.13 + 0.20 * (0.44 - depth) + float(rng.uniform(0, 0.03))
            lean = float(rng.normal(0, 0.012))
            pen = s.pen(float(x), foot, 1.0, depth, trunks)
            w = wide * float(rng.uniform(0.8, 1.3))
            pen.fill(
                np.array(
                    [[-w * 1.5, 0], [-w, 0.05], [-w * 0.8 + lean, 1.1], [w * 0.8 + lean, 1.1], [w, 0.05], [w * 1.5, 0]]
                ),
                "#4f4238",
                0.12,
                "bark",
                grain=90,
            )
            side = np.array([[w * 0.2, 0], [w * 0.15, 0.05], [w * 0.1, 1.1], [w * 0.8, 1.1], [w, 0.05], [w * 1.4, 0]])
            pen.fill(side * [1 if pen.side > 0 else -1, 1] + [lean * 0.5, 0], "#6b5a48", 0.95, "bark", grain=90)
        land.behind.append(trunks)
    canopy = Layer("canopy", 0.2)
    if not needles and air.season != "winter":
        leaves = {"spring": "#8fae55", "summer": "#55793f", "autumn": "#c47a34"}[air.season]
        pen = Pen(air, rng, 0.16, 0, 0, s.h)
        pen.shapes = canopy.shapes
        wide = s.w / s.h
        balls = [
            (float(x) * wide, float(rng.uniform(-0.04, 0.09)) + 0.10 * abs(x - 0.5), 0.10, 0.085)
            for x in np.linspace(0, 1, 17)
        ]
        tree.crown(pen, balls, leaves, Grain(0.7, 0.34, 60, (0.40, 0.60, 0.82), 330, 0.3))
        land.before.append(canopy)
    beams = Layer("light", 0.3)
    if air.weather in ("clear", "mist") and air.hour not in ("night", "dusk"):
        for x in np.linspace(0.15, 0.85, 5) + rng.normal(0, 0.04, 5):
            start = (float(x) + 0.12 * air.side) * s.w
            foot = (float(x) - 0.16 * air.side) * s.w
            ring = np.array(
                [
                    [start - 0.012 * s.w, 0],
                    [start + 0.03 * s.w, 0],
                    [foot + 0.08 * s.w, 0.8 * s.h],
                    [foot - 0.05 * s.w, 0.8 * s.h],
                ]
            )
            tone = air.leant("#fff2cc")
            beams.shapes.append(
                Shape(
                    (ring,),
                    Gradient(((0, tone, 0.34), (1, tone, 0.0)), (start, 0), (foot, 0.8 * s.h)),
                    "glow",
                    solid=False,
                )
            )
    land.behind.append(beams)
    ferns = Layer("undergrowth", 0.1)
    for _ in range(9):
        x, t = float(rng.uniform(0, 1)), float(rng.beta(1.4, 1))
        y = s.scene.horizon + 0.2 + (0.82 - s.scene.horizon) * t
        if abs(x - 0.5) > 0.18:
            tree.bush(s.pen(x, y, 0.05 + 0.05 * t, 0.2 * (1 - t), ferns), "" if s.cover != "snow" else "#d3dbe2")
    land.behind.append(ferns)
    land.before.append(s.tufts(s.scene.horizon + 0.22, 1.01, 240))
    return land


def _garden(s: Stage) -> Land:
    land = Land()
    land.behind.append(s.woods(s.scene.horizon + 0.01, 0.20, 0.56, 4, "wood"))
    wall = Layer("wall", 0.44)
    top, foot = s.horizon - 0.07 * s.h, s.horizon + 0.05 * s.h
    wall.shapes.append(Shape((rect(0, top, s.w, foot - top),), s.air.tint("#cbb79a", 0.7, 0.36), "wall"))
    wall.shapes.append(Shape((rect(0, top - 0.012 * s.h, s.w, 0.016 * s.h),), s.air.tint("#8f5a45", 0.8, 0.36), "roof"))
    for _ in range(80):
        x, y = s.rng.uniform(0, s.w), s.rng.uniform(top, foot)
        wall.shapes.append(
            Shape(
                (rect(x, y, 0.03 * s.w, 0.012 * s.h),),
                s.air.tint("#b59f82", float(s.rng.uniform(0.3, 0.9)), 0.36),
                "wall",
                0,
                0.6,
                False,
                False,
            )
        )
    land.behind.append(wall)
    land.behind.append(s.hill(s.scene.horizon + 0.05, 0.006, 0.34, 1.01, near=0.0, name="lawn"))
    _path(s, land, s.scene.horizon + 0.055, "#d3c09a")
    shrubs = Layer("shrubs", 0.34)
    for x in np.linspace(0.02, 0.98, 9) + s.rng.normal(0, 0.03, 9):
        tree.bush(
            s.pen(float(x), s.scene.horizon + 0.075, 0.07, 0.32, shrubs),
            str(s.rng.choice(["", "#c0607a", "#6f8f55", "#d8a0b0"])),
        )
    land.behind.append(shrubs)
    kinds = {
        "spring": ("tulip", "iris", "peony"),
        "summer": ("rose", "daisy", "poppy", "lily"),
        "autumn": ("chrysanthemum", "daisy"),
        "winter": ("camellia",),
    }[s.air.season]
    land.before.append(s.blooms(s.scene.horizon + 0.14, 0.99, 26, kinds))
    land.before.append(s.tufts(s.scene.horizon + 0.2, 1.01, 170))
    return land


def _city(s: Stage) -> Land:
    from miaobi.craft.drawing.building import city

    land = Land(water=(s.horizon + 0.03 * s.h, s.h), calm=0.75)
    skyline = Layer("skyline", 0.62)
    for x in (0.22, 0.78):
        city(s.pen(x, s.scene.horizon + 0.03, 0.34 * min(1.0, s.w / s.h), 0.44, skyline))
    near = Layer("near skyline", 0.42)
    city(s.pen(0.5, s.scene.horizon + 0.03, 0.24 * min(1.0, s.w / s.h), 0.20, near))
    land.behind += [skyline, sky.veil(s.air, s.rng, s.w, s.horizon, 0.08 * s.h, 0.6), near]
    land.mirror += [skyline, near]
    quay = Layer("quay", 0.1)
    top = 0.86 * s.h
    quay.shapes.append(
        Shape(
            (rect(0, top, s.w, s.h - top + 2),),
            Gradient(
                ((0, s.air.tint("#8f8a84", 0.6, 0.12), 1), (1, s.air.tint("#8f8a84", 0.35, 0), 1)), (0, top), (0, s.h)
            ),
            "stone",
        )
    )
    quay.shapes.append(Shape((rect(0, top, s.w, 0.012 * s.h),), s.air.tint("#b5afa6", 1.0, 0.1), "stone"))
    for y in np.linspace(0.885, 0.99, 5):
        quay.shapes.append(
            Shape(
                (rect(0, float(y) * s.h, s.w, 0.0022 * s.h),),
                s.air.tint("#55514c", 0.3, 0.0),
                "stone",
                0,
                0.7,
                False,
                False,
            )
        )
        for x in s.rng.uniform(0, 1, 9):
            quay.shapes.append(
                Shape(
                    (rect(float(x) * s.w, float(y) * s.h, 0.0016 * s.w, 0.024 * s.h),),
                    s.air.tint("#55514c", 0.3, 0.0),
                    "stone",
                    0,
                    0.6,
                    False,
                    False,
                )
            )
    land.before.append(quay)
    return land


def _interior(s: Stage) -> Land:
    """A room: wall, window with the world outside in it, a table in front."""
    land = Land()
    air = s.air
    wall = Layer("wall", 0.5)
    tone = air.palette[1] if air.palette else "#b59f86"
    warm = "#c9a27a"
    top, table = 0.0, 0.72 * s.h
    dim = 0.55 if not air.dark else 0.30
    left_lit, right_lit = (dim + 0.25, dim - 0.2) if air.side < 0 else (dim - 0.2, dim + 0.25)
    fill = Gradient(((0, air.tint(tone, left_lit), 1), (1, air.tint(tone, right_lit), 1)), (0, 0), (s.w, 0))
    x0, x1 = (0.09, 0.52) if air.side < 0 else (0.48, 0.91)
    if s.w < s.h:
        x0, x1 = (0.10, 0.70) if air.side < 0 else (0.30, 0.90)
    y0, y1 = 0.08, 0.60
    hole: Points = rect(x0 * s.w, y0 * s.h, (x1 - x0) * s.w, (y1 - y0) * s.h)
    whole: Points = rect(0, top, s.w, table + 4)
    wall.shapes.append(Shape((whole, hole), fill, "wall", 80))
    for _ in range(70):
        x, y = s.rng.uniform(0, s.w), s.rng.uniform(0, table)
        if not (x0 * s.w - 40 < x < x1 * s.w + 10 and y0 * s.h - 10 < y < y1 * s.h + 10):
            wall.shapes.append(
                Shape(
                    (rect(x, y, 0.035 * s.w, 0.006 * s.h),),
                    air.tint(tone, float(s.rng.uniform(0.2, 0.8))),
                    "wall",
                    80,
                    0.25,
                    False,
                    False,
                )
            )
    frame = Layer("window frame", 0.46)
    wood = "#7a5a40"

    def beam(a: tuple[float, float], b: tuple[float, float], w: float, lit: float) -> None:
        frame.shapes.append(
            Shape(
                (bar(a[0] * s.w, a[1] * s.h, b[0] * s.w, b[1] * s.h, w * s.h),),
                air.tint(wood, lit),
                "wood",
                90 if a[0] == b[0] else 0,
            )
        )

    middle = (x0 + x1) / 2
    beam((middle, y0), (middle, y1), 0.014, 0.5)
    beam((x0, (y0 + y1) * 0.46), (x1, (y0 + y1) * 0.46), 0.012, 0.55)
    beam((x0, y0), (x0, y1), 0.026, 0.85 if air.side > 0 else 0.35)
    beam((x1, y0), (x1, y1), 0.026, 0.35 if air.side > 0 else 0.85)
    beam((x0 - 0.012, y0), (x1 + 0.012, y0), 0.03, 0.4)
    beam((x0 - 0.03, y1), (x1 + 0.03, y1), 0.042, 1.0)
    curtain = Layer("curtain", 0.42)
    for way, edge in ((-1, x0), (1, x1)):
        for k in range(6):
            a = edge + way * (0.055 - 0.016 * k)
            sway = 0.01 * math.sin(1.7 * k)
            ring = np.array(
                [
                    [a, 0.03],
                    [a - way * 0.02, 0.03],
                    [a - way * (0.016 + sway), 0.38],
                    [a - way * 0.024, 0.70],
                    [a + way * 0.004, 0.70],
                    [a + sway, 0.36],
                ]
            ) * [s.w, s.h]
            curtain.shapes.append(
                Shape(
                    (ring,),
                    air.tint(air.palette[0] if air.palette else "#8a4a3c", 0.25 + 0.6 * (k % 2)),
                    "cloth",
                    88,
                    1.0,
                    True,
                )
            )
    light = Layer("window light", 0.3)
    lean = 0.30 if air.side < 0 else -0.30
    pool = np.array([[x0, y1], [x1, y1], [x1 + lean, 1.0], [x0 + lean, 1.0]]) * [s.w, s.h]
    strength = 0.05 if air.dark else 0.26
    bright = air.leant("#fff0cc" if air.hour != "night" else "#9fb8e0")
    light.shapes.append(
        Shape(
            (pool,),
            Gradient(((0, bright, strength), (1, bright, strength * 0.35)), (0, y1 * s.h), (0, s.h)),
            "glow",
            solid=False,
        )
    )
    board = Layer("table", 0.2)
    board.shapes.append(
        Shape(
            (rect(0, table, s.w, s.h - table + 2),),
            Gradient(((0, air.tint("#8a6244", 0.75), 1), (1, air.tint("#5d3f2a", 0.45), 1)), (0, table), (0, s.h)),
            "wood",
            0,
        )
    )
    board.shapes.append(Shape((rect(0, table - 0.006 * s.h, s.w, 0.012 * s.h),), air.tint(warm, 1.0), "wood", 0))
    for _ in range(30):
        y = table + (s.h - table) * float(s.rng.beta(1.2, 1.0))
        board.shapes.append(
            Shape(
                (water.lens(s.rng.uniform(0, s.w), y, s.w * s.rng.uniform(0.15, 0.5), s.h * 0.004),),
                air.tint("#6d4a30", float(s.rng.uniform(0.1, 0.7))),
                "wood",
                0,
                0.5,
                True,
                False,
            )
        )
    land.before += []
    land.behind += [wall, frame, curtain, board, light]
    return land


def _sky(s: Stage) -> Land:
    land = Land()
    cloudsea = []
    for k, (level, depth) in enumerate(((0.70, 0.8), (0.80, 0.6), (0.92, 0.4))):
        layer = Layer("sea of clouds", depth)
        for x in np.linspace(-0.05, 1.05, 5 - k) + s.rng.normal(0, 0.05, 5 - k):
            layer.shapes += sky.cumulus(
                s.air, s.rng, float(x) * s.w, (level + 0.08) * s.h, s.w * (0.34 + 0.12 * k), 0.5
            )
        cloudsea.append(layer)
    land.behind += cloudsea[:2]
    land.before.append(cloudsea[2])
    return land


def _space(s: Stage) -> Land:
    land = Land()
    glow = Layer("nebula", 0.98)
    tones = s.air.palette[:3] or ("#5a4aa8", "#a84a8a", "#3a7ab8")
    for i in range(16):
        x, y, r = s.rng.uniform(0, s.w), s.rng.uniform(0, s.h), s.rng.uniform(0.12, 0.4) * s.h
        tone = tones[i % len(tones)]
        ring = np.array([x, y]) + r * np.stack([np.cos(np.linspace(0, 6.28, 24)), np.sin(np.linspace(0, 6.28, 24))], 1)
        glow.shapes.append(
            Shape(
                (ring,),
                Gradient(((0, tone, 0.30), (0.5, tone, 0.12), (1, tone, 0)), (x, y), (x, y), float(r)),
                "glow",
                solid=False,
            )
        )
    land.behind.append(glow)
    rim = Layer("moon ground", 0.3)
    line = terrain.ridge_line(s.rng, -0.02 * s.w, 1.02 * s.w, 0.86 * s.h, 0.02 * s.h, 3)
    rim.shapes += terrain.hill(s.air, s.rng, line, s.h * 1.01, "#b5b2ac", 0.0, "stone", near=0.0)
    for _ in range(14):
        x, t = s.rng.uniform(0, s.w), s.rng.random()
        y, r = s.h * (0.89 + 0.1 * t), s.w * (0.01 + 0.03 * t)
        rim.shapes.append(
            Shape((water.lens(x, y, 2 * r, r * 0.42),), s.air.tint("#8a8781", 0.05, 0.0), "stone", 0, 0.9, True)
        )
        rim.shapes.append(
            Shape(
                (water.lens(x - s.air.side * r * 0.12, y + r * 0.06, 1.8 * r, r * 0.3),),
                s.air.tint("#b5b2ac", 0.9, 0.0),
                "stone",
                0,
                0.7,
                True,
            )
        )
    land.behind.append(rim)
    return land


_GROUNDS = {
    "sea": _sea, "lake": _lake, "river": _river, "mountains": _mountains, "desert": _desert, "forest": _forest,
    "snowfield": _snowfield, "city": _city, "garden": _garden, "field": _field, "hills": _hills, "interior": _interior,
    "sky": _sky, "space": _space,
}  # fmt: skip
