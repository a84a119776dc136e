"""The stage: what a ground is made with, and what several grounds are made of: ranges, woods, grass, a bank, a path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.camera import below, relief_of
from miaobi.craft.drawing.grounds import terrain
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Shape, poly
from miaobi.craft.drawing.subjects import plant, tree
from miaobi.craft.drawing.subjects.subject import FIGURES, subjects

_DISTANCES = ("range", "one", "rolling", "two", "haze")
_LEAN = {"wind": 0.45, "storm": 0.75}  # of grass, in its length, before the wind
_BLADES = {"close": 1.7, "low": 2.0, "high": 0.5, "far": 0.7}  # by camera: how much larger grass is seen
_GREEN = {"spring": "#7f9f52", "summer": "#66874a", "autumn": "#a08a4a", "winter": "#8f8c78"}


@dataclass
class Land:
    """Layers behind the subjects, and before them; ``middle``: before what is far, behind the others; ``mirror``: those
    that water shows upside down."""

    behind: list[Layer] = field(default_factory=list)
    middle: list[Layer] = field(default_factory=list)
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
        self.green = "#e9eef2" if air.white or scene.ground == "snowfield" else _GREEN[air.season]
        self.living = [  # left, right, top, foot of people and animals, behind whom grass is, shares of the canvas
            (p.x - half, p.x + half, p.y - p.size, p.y - 0.006)
            for p in scene.subjects
            if subjects()[p.id].generator in (*FIGURES, "beast", "standing")
            for half in [0.5 * p.size * subjects()[p.id].wide * self.h / self.w]
        ]
        self.cover = "snow" if self.green == "#e9eef2" else "grass"

    def below(self, offset: float) -> float:
        """Return the level that a long shot has *offset* below its horizon; shares of the height."""
        return below(self.scene, offset)

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
        rng, tall = self.rng, tall * relief_of(self.scene)
        middle = float(rng.uniform(0.15, 0.85))
        at = (np.linspace(0.04, 0.96, peaks) if peaks > 1 else np.array([middle])) + rng.normal(0, 0.06, peaks)
        high = rng.uniform(0.45, 1.0, peaks)
        focus = int(rng.integers(peaks))
        high[focus] = 1.0
        form = terrain.Range(
            tuple((float(a), float(b)) for a, b in zip(at, high, strict=True)), 0.75, spread, snow, rock, growth, steep
        )
        top, low = self.horizon - tall * self.h, self.horizon + foot * self.h
        place = (-0.04 * self.w, top, 1.08 * self.w, low - top)
        return Layer(name, depth, terrain.mountains(self.air, rng, form, place, depth))

    def distance(self, tall: float, depth: float, *, snow: float = 2.0, growth: str = "#6b7a4f") -> list[Layer]:
        """Return what lies on the horizon: a range, one great mountain, two ranges, rolling hills, or only haze; *tall*
        shares of the canvas high as a range."""
        kind = str(self.rng.choice(_DISTANCES))
        if kind == "one":
            wide = float(self.rng.uniform(0.26, 0.42))
            return [self.range(1.8 * tall, depth, peaks=1, spread=wide, snow=min(snow, 0.72), steep=1.1, growth=growth)]
        if kind == "rolling":
            return [self.range(0.55 * tall, depth, peaks=6, spread=0.30, steep=0.6, growth=growth)]
        if kind == "two":
            far = self.range(1.25 * tall, min(0.92, depth + 0.10), peaks=3, spread=0.24, snow=snow, growth=growth)
            return [far, self.range(0.6 * tall, depth, peaks=5, spread=0.20, steep=0.8, growth=growth)]
        if kind == "haze":
            return [self.range(0.22 * tall, depth, peaks=7, spread=0.40, steep=0.5, growth=growth)]
        return [self.range(tall, depth, peaks=4, spread=0.20, snow=snow, steep=0.8, growth=growth)]

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
        rng, larger = self.rng, _BLADES.get(self.scene.view, 1.0)
        shapes = []
        tone = colour or ("#c9c2a8" if self.cover == "snow" else self.green)
        for _ in range(count):
            t = float(rng.beta(1.6, 1.0))
            y = (top + (foot - top) * t) * self.h
            x = (span[0] + (span[1] - span[0]) * rng.random()) * self.w
            covered = any(a < x / self.w < b and c < y / self.h < d for a, b, c, d in self.living)
            long = self.h * (0.006 + 0.030 * t) * size * larger
            depth = 0.30 * (1 - t)
            lit = float(np.clip(rng.normal(0.5, 0.3), 0.02, 1.1))
            for k in range(5):
                lean = rng.normal(_LEAN.get(self.air.weather, 0.0) * (1 if self.air.side < 0 else -1), 0.32) * long
                foot_x = x + (k - 2) * long * 0.16
                high = long * rng.uniform(0.6, 1.1)
                blade = poly(
                    (foot_x - long * 0.045, y),
                    (foot_x + lean * 0.4, y - high * 0.6),
                    (foot_x + lean, y - high),
                    (foot_x + lean * 0.4 + long * 0.07, y - high * 0.5),
                    (foot_x + long * 0.05, y),
                )
                if not covered:
                    shapes.append(Shape((blade,), self.air.tint(tone, lit, depth), "grass", 85))
        return Layer("grass", 0.08, shapes)

    def blooms(
        self, top: float, foot: float, count: int, kinds: tuple[str, ...], free: Sequence[tuple[float, float]] = ()
    ) -> Layer:
        """Return flowers strewn over the ground, none between the x of *free*."""
        out, larger = Layer("flowers", 0.1), _BLADES.get(self.scene.view, 1.0)
        places = sorted((float(self.rng.beta(1.4, 1)), float(self.rng.uniform(0, 1))) for _ in range(count))
        for t, x in places:
            kind = str(self.rng.choice(list(kinds)))
            if any(a < x < b for a, b in free):
                continue
            y = top + (foot - top) * t
            near = (y - self.below(0.14)) / (0.99 - self.below(0.14))
            pen = self.pen(x, y, (0.020 + 0.085 * max(0.0, near)) * larger, 0.28 * (1 - min(1.0, near)), out)
            plant.flower(pen, kind, 2 if pen.size > 40 else 1)
        return out


def bank(s: Stage, top: float, depth: float = 0.12, own: str = "", material: str = "", *, rise: float = 0.05) -> Layer:
    """Return the near bank of a water: lower on the side that the light comes from."""
    xs = np.linspace(-0.02, 1.02, 140)
    steep = min(2.5, (1 - top) / 0.16)
    slope = rise * steep * (xs - 0.5) * (1 if s.scene.composition in ("thirds-right", "s-curve") else -1)
    y = (top - slope + 0.012 * steep * curve(s.rng, 140, 5, 5, 0.55)) * s.h
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


def path(s: Stage, land: Land, top: float, own: str = "#b39d78") -> None:
    """Lay a path that winds from the foot of the picture to the horizon: the S-curve; none where the scene has none."""
    if not s.scene.path:
        return
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
