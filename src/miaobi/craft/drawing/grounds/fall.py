"""What falls and what the wind carries: rain in three depths with its splashes, snow, leaves; a storm's lightning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.colour import mix
from miaobi.craft.drawing.grounds.foreground import taken
from miaobi.craft.drawing.grounds.water import lens
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Shape, blob, leaf

FALLS = ("rain", "splashes", "snowfall")  # names of the layers that painters lay over their painting
_RAIN = (  # by depth: streaks, shortest and longest, width (of the shorter side), opacity
    (230, 0.030, 0.050, 0.0011, 0.30),
    (130, 0.055, 0.095, 0.0016, 0.44),
    (30, 0.110, 0.180, 0.0025, 0.52),
)
_SNOW = ((380, 0.0016, 0.0030, 0.75), (170, 0.0036, 0.0064, 0.88), (34, 0.0085, 0.0140, 0.95))  # flakes, least, most
_FORCE = {"wind": 0.15, "storm": 0.22}  # how far the wind bends a tree, of its height
BENDS = (  # generators of what the wind bends
    *("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "dead_tree", "bamboo", "reeds", "flower", "bush"),
    *("grove", "lotus"),
)
_LEAVES = {"spring": ("#f0c4cf", "#f6dde2"), "summer": ("#6f8f45",), "autumn": ("#c8752e", "#b0532a", "#d59a3a")}
_UNDER_ROOF = ("interior", "space")


def wind_way(air: Air) -> float:
    """Return which way the wind blows: −1 to the left, 1 to the right; rain slants the same way."""
    return 1.0 if air.side < 0 else -1.0


def falling(scene: Scene, air: Air, rng: np.random.Generator, width: float, height: float) -> list[Layer]:
    """Return what falls in front of everything, and what the wind carries."""
    if scene.ground in _UNDER_ROOF:
        return []
    if scene.weather in ("rain", "storm"):
        out = [_rain(air, rng, width, height, force=1.5 if scene.weather == "storm" else 1.0)]
        if scene.ground != "sky":
            out.insert(0, _splashes(scene, air, rng, width, height))
        return out
    if scene.weather == "snow":
        return [_snow(air, rng, width, height)]
    if scene.weather == "wind" and air.season in _LEAVES and scene.ground not in ("sea", "desert", "sky"):
        return [_leaves(air, rng, width, height)]
    return []


def blown(air: Air, layers: Sequence[Layer], foot: tuple[float, float], tall: float, *, bends: bool) -> None:
    """Let the wind bend what stands at *foot*, *tall* px high, if it *bends*, and drive its smoke."""
    force = _FORCE.get(air.weather, 0.0)
    if not force:
        return
    smoke = [float(s.rings[0][:, 1].max()) for y in layers for s in y.shapes if s.material == "cloud"]
    base = max(smoke, default=0.0)

    def moved(shape: Shape) -> Shape:
        smoky = shape.material == "cloud"
        if not smoky and not bends:
            return shape
        start, reach, power = (base, tall, 1.0) if smoky else (foot[1], tall, 1.6)
        push = (4.0 if smoky else 1.0) * wind_way(air) * force * reach
        rings = tuple(
            ring + np.stack([push * np.clip((start - ring[:, 1]) / reach, 0, 1.3) ** power, 0 * ring[:, 1]], 1)
            for ring in shape.rings
        )
        return replace(shape, rings=rings)

    for layer in layers:
        layer.shapes[:] = [moved(shape) for shape in layer.shapes]


def _rain(air: Air, rng: np.random.Generator, width: float, height: float, force: float) -> Layer:
    """Return rain in streaks blown from the windward side, the far ones fine and close, the near ones long."""
    unit, tone = min(width, height), mix(air.tint("#f4f8fa", 1.15, 0.12), "#d3dce6", 0.6 if air.dark else 0.0)
    shapes = []
    for count, least, most, wide, opacity in _RAIN:
        for _ in range(round(count * force)):
            x, y = rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1) * height
            long, w = unit * float(rng.uniform(least, most)), unit * wide * float(rng.uniform(0.8, 1.2))
            lean = wind_way(air) * (0.20 + 0.34 * (force - 1)) + float(rng.normal(0, 0.012))
            ring = np.array([[x, y], [x + w, y], [x + lean * long + 0.6 * w, y + long], [x + lean * long, y + long]])
            shapes.append(Shape((ring,), tone, "water", 80, opacity, False, False))
    return Layer("rain", 0.02, shapes)


def _splashes(scene: Scene, air: Air, rng: np.random.Generator, width: float, height: float) -> Layer:
    """Return where drops hit the ground or the water: a ring, and what leaps up from it; larger the nearer."""
    boxes = [box for _, *box in taken(scene)]
    tone, shapes = air.tint("#eef4f6", 1.1, 0.1), list[Shape]()
    for _ in range(46):
        t = float(rng.beta(1.5, 1.0))
        x, y = float(rng.uniform(0, width)), height * (scene.horizon + 0.04 + (0.97 - scene.horizon) * t)
        if any(a - 0.01 < x / width < c + 0.01 and b < y / height < d + 0.01 for a, b, c, d in boxes):
            continue
        r = height * (0.005 + 0.010 * t) * float(rng.uniform(0.7, 1.3))
        ring, hole = lens(x, y, 2 * r, 0.44 * r), lens(x, y, 1.5 * r, 0.26 * r)
        shapes.append(Shape((ring, hole), tone, "water", 0, 0.42, False, False))
        for way in (-0.7, 0.1, 0.8):
            up, w = r * float(rng.uniform(0.5, 1.1)), 0.04 * r + 0.35
            leap = np.array([[x - w, y], [x + w, y], [x + way * r + 0.4 * w, y - up], [x + way * r - 0.4 * w, y - up]])
            shapes.append(Shape((leap,), tone, "water", 80, 0.42, False, False))
    return Layer("splashes", 0.05, shapes)


def _snow(air: Air, rng: np.random.Generator, width: float, height: float) -> Layer:
    """Return snow in flakes of three depths."""
    unit, shapes = min(width, height), list[Shape]()
    tone = "#ffffff" if not air.dark else "#e8edf6"
    for count, least, most, opacity in _SNOW:
        for _ in range(count):
            x, y = rng.uniform(0, 1) * width, rng.uniform(0, 1) * height
            r = unit * float(rng.uniform(least, most))
            flake = blob(rng, x, y, r, r * float(rng.uniform(0.8, 1.0)), 0.22, 8)
            shapes.append(Shape((flake,), tone, "snow", 0, opacity, True, False))
    return Layer("snowfall", 0.02, shapes)


def _leaves(air: Air, rng: np.random.Generator, width: float, height: float) -> Layer:
    """Return leaves or petals that the wind carries in long gusts."""
    shapes = []
    way, tones = wind_way(air), _LEAVES[air.season]
    for _ in range(4):
        y0, x0 = float(rng.uniform(0.12, 0.75)) * height, float(rng.uniform(-0.1, 0.6)) * width
        for _ in range(int(rng.integers(8, 15))):
            t = float(rng.uniform(0, 1))
            x = x0 + 0.6 * width * t
            y = y0 + 0.06 * height * math.sin(5 * t + y0) + float(rng.normal(0, 0.03)) * height
            long = height * float(rng.uniform(0.010, 0.026))
            turn = float(rng.uniform(-70, 70))
            ring = leaf(0, 0, long, 0.45 * long, turn) * [way, 1] + [x if way > 0 else width - x, y]
            tone = air.tint(str(rng.choice(tones)), float(rng.uniform(0.5, 1.1)), 0.05)
            shapes.append(Shape((ring,), tone, "foliage", 0, 1.0, False, False))
    return Layer("blown leaves", 0.04, shapes)


def lightning(scene: Scene, rng: np.random.Generator, width: float, horizon: float) -> list[Layer]:
    """Return a storm's lightning: a bolt from the clouds to the horizon with its forks, in half of all storms; it
    strikes away from everybody."""
    if rng.random() < 0.5:
        return []
    out = Layer("lightning", 0.6)
    spots = rng.uniform(0.1, 0.9, 24)
    x = width * max(spots.tolist(), key=lambda x: min((abs(x - p.x) for p in scene.subjects), default=0.0))
    steps = np.linspace(0, 1, 15)
    bend = np.cumsum(rng.normal(0, 0.020, 15)) * width
    bolt = np.stack([x + bend, (0.02 + 0.97 * steps) * horizon], 1)
    at = (float(bolt[3, 0]), float(bolt[3, 1]))
    for reach, strength in ((0.75, 0.34), (0.30, 0.40)):
        r = reach * horizon
        turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        ring = np.array(at) + r * np.stack([1.5 * np.cos(turn), np.sin(turn)], 1)
        fill = Gradient(((0, "#dfe6ff", strength), (1, "#dfe6ff", 0.0)), at, at, r)
        out.shapes.append(Shape((ring,), fill, "glow", solid=False))
    forks = [bolt]
    for start in rng.choice(np.arange(3, 11), 3, replace=False):
        way = float(rng.choice([-1, 1]))
        side = np.cumsum(rng.uniform(0.004, 0.030, 6)) * width * way
        drop = np.cumsum(rng.uniform(0.02, 0.06, 6)) * horizon
        forks.append(bolt[start] + np.concatenate([[[0, 0]], np.stack([side, drop], 1)]))
    for k, line in enumerate(forks):
        wide = np.linspace(0.0036 if k == 0 else 0.0018, 0.0006, len(line))[:, None] * width * [1, 0]
        ring = np.concatenate([line - wide, (line + wide)[::-1]])
        out.shapes.append(Shape((ring,), "#fbfbff", "light", 0, 1.0, False, False))
    return [out]
