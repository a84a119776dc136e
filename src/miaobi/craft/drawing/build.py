"""Build: a scene drawn: sky, land, what stands in it with its shadow or its reflection, foreground, weather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from miaobi.craft.drawing.air import Air, air_of
from miaobi.craft.drawing.assembly import Assembled, assembled, chance_of, depth_of, stand_of
from miaobi.craft.drawing.camera import LIVING, WATER, bank_of
from miaobi.craft.drawing.colour import lightness, mix
from miaobi.craft.drawing.footing import is_firm
from miaobi.craft.drawing.grounds import sky, terrain, water
from miaobi.craft.drawing.grounds.dressing import dressing
from miaobi.craft.drawing.grounds.fall import falling, lightning
from miaobi.craft.drawing.grounds.foreground import foreground
from miaobi.craft.drawing.grounds.ground import land_of
from miaobi.craft.drawing.grounds.indoors import lamplit
from miaobi.craft.drawing.grounds.luminary import is_moonlit, luminary
from miaobi.craft.drawing.grounds.sky import light_place
from miaobi.craft.drawing.grounds.stage import Land, Stage
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.shape import Drawing, Gradient, Layer, Shape, box_of, oval, rect
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.types import derive_seed


def air_in(scene: Scene) -> Air:
    """Return the air of a scene."""
    vivid = {"sad": 0.72, "dark": 0.8, "calm": 0.92, "joyful": 1.14, "bold": 1.08}.get(scene.mood, 1.0)
    seen = scene.coming or scene.weather
    air = air_of(scene.hour, seen, scene.season, scene.side, scene.palette, 0.58, vivid)
    if scene.coming:
        air = replace(air, weather=scene.weather, thick=1.1)
    rng = np.random.default_rng(derive_seed(scene.seeds.get("sky", scene.seed), "light"))
    wet = scene.ground in WATER  # there the light glitters under its place, and the water isn't the sky's
    for _ in range(1 if scene.moon in ("", "none") else 24):  # a moon that is told is seen: nobody stands before it
        across, up = float(rng.uniform(-0.16, 0.16)), float(rng.uniform(-0.04, 0.18 if air.height < 0.6 else 0.04))
        air = replace(air, drift=(0.0 if wet else across, up), cover=scene.cover)
        if not _behind_somebody(scene, *light_place(air, 1.0, scene.horizon)):
            break
    return air


def _behind_somebody(scene: Scene, x: float, y: float) -> bool:
    """Tell whether a subject stands before this place of the sky, shares of the canvas."""
    wide = scene.height / scene.width
    return any(
        abs(x - p.x) < (0.5 * p.size * subjects()[p.id].wide + 0.07) * wide and p.y - p.size - 0.07 < y < p.y
        for p in scene.subjects
    )


def draw(scene: Scene) -> Drawing:
    """Return the scene as layers from far to near; the same scene gives the same layers.

    Each part has streams of chance of its own, so that one can be made anew while the others stay.
    """
    air = air_in(scene)

    def chance(*key: object) -> np.random.Generator:
        return np.random.default_rng(derive_seed(scene.seeds.get(_PART_OF[str(key[0])], scene.seed), *key))

    w, h = float(scene.width), float(scene.height)
    horizon = scene.horizon * h
    outside = horizon if scene.ground not in ("sky", "space") else h
    layers = [sky.dome(air, w, h, outside)]
    above = scene.view != "high" or scene.horizon > 0.2  # else there is hardly a sky to see
    if above and ((scene.hour in ("night", "dusk") and _starry(scene)) or scene.ground == "space"):
        layers.append(sky.stars(air, chance("stars"), w, outside, river=scene.hour == "night" and scene.mood != "dark"))
    lights = list[Layer]()
    if above and scene.ground != "space" and scene.weather not in ("rain", "storm") and not scene.coming:
        lit = horizon if scene.ground != "sky" else 0.7 * h
        lights = luminary(air, chance("moon"), scene.moon, w, h, lit)
    layers += lights if not scene.moon else []
    if above and scene.ground != "space":
        layers += sky.clouds(
            replace(air, weather=scene.coming or air.weather),
            chance("clouds"),
            w,
            outside if scene.ground != "sky" else 0.6 * h,
            0.4 if scene.ground == "interior" else 1.7 if scene.coming else 0.9,
        )
    if above and scene.weather == "storm" and scene.ground not in ("space", "sky"):
        layers += lightning(scene, chance("lightning"), w, outside)
    layers += lights if scene.moon else []  # one that is told is seen before the clouds
    outdoors = Stage(scene, air, chance("stage"))
    if scene.ground == "interior":
        air = lamplit(air, scene)
    land = land_of(scene, softened(air) if scene.view == "close" else air, chance("land"))
    stage = Stage(scene, air, outdoors.rng)
    figures = assembled(stage)
    if scene.ground == "interior":
        layers += _view(outdoors)
    distance = land.behind + dressing(
        stage if scene.view != "close" else Stage(scene, softened(air), outdoors.rng),
        derive_seed(scene.seeds.get("ground", scene.seed), "dressing"),
    )
    layers += distance if scene.view != "close" else [*_out_of_focus(distance), *_bloom(stage)]
    if (scene.cover == "wet" or scene.weather in ("rain", "storm")) and scene.ground in _SOAKED:
        layers.append(_puddles(stage, chance("puddles")))
    dry = [f for f in figures if stand_of(f.place) != "hang"]
    if land.middle:
        layers += [layer for f in dry if stand_of(f.place) == "far" for layer in f.layers] + land.middle
        dry = [f for f in dry if stand_of(f.place) != "far"]
    layers += _in_water(stage, land, dry, chance("water")) if land.water else []
    front = [f for f in dry if not land.water or _on_bank(scene, f.place)]
    if land.water:
        layers += land.before[:1]
    for figure in front:
        place = figure.place
        if scene.ground not in ("sky", "space") and stand_of(place) not in ("sky", "far", "under"):
            layers += _set_off(stage, figure)
            layers.append(_shadow(air, figure.own, place, h))
        layers += figure.layers
        if (
            stand_of(place) == "ground"
            and scene.ground not in ("interior", "city", "street", "sea", "sky", "space", "desert")
            and place.y < 0.985
        ):
            layers.append(_footing(stage, place, chance_of(scene, place, "footing", place.id, place.x)))
    layers += land.before[1:] if land.water else land.before
    if scene.weather == "mist" and scene.ground not in ("interior", "space"):
        layers.append(sky.veil(air, chance("mist"), w, horizon + 0.10 * h, 0.16 * h, 0.55))
    layers += foreground(stage, chance("foreground"))
    layers += [layer for f in figures if stand_of(f.place) == "hang" for layer in f.layers]
    layers += falling(scene, air, chance("rain"), w, h)
    _spare_faces(layers)
    return Drawing(
        scene.width, scene.height, [layer for layer in layers if layer.shapes], horizon, scene.side, air.sky[1]
    )


def _spare_faces(layers: Sequence[Layer]) -> None:
    """Let no flake and no streak fall where a face or a hand is."""
    bare = [box_of([s]) for layer in layers if layer.subject for s in layer.shapes if s.material == "skin"]
    if not bare:
        return
    left, top, right, bottom = np.array(bare).T
    for layer in layers:
        if layer.name in ("snowfall", "rain"):
            kept = []
            for shape in layer.shapes:
                (x0, y0), (x1, y1) = shape.rings[0].min(axis=0), shape.rings[0].max(axis=0)
                if not ((left < x1) & (x0 < right) & (top < y1) & (y0 < bottom)).any():
                    kept.append(shape)
            layer.shapes[:] = kept


def softened(air: Air) -> Air:
    """Return the air through which a close shot sees what is behind: paler with every step."""
    return replace(air, thick=1.5 * air.thick + 0.5, _leant={})


def _out_of_focus(layers: Sequence[Layer]) -> list[Layer]:
    """Return *layers* as far off as a painter takes them who looks at somebody near: with broad strokes."""
    return [replace(layer, depth=0.55 + 0.45 * layer.depth) for layer in layers]


def _bloom(stage: Stage) -> list[Layer]:
    """Return the light that lies over all that is behind whom a close shot is of, thinner towards the feet."""
    if stage.scene.ground in ("interior", "sky", "space"):
        return []
    tone = mix(stage.air.haze, stage.air.sky[2], 0.5)
    stops = ((0.0, tone, 0.0), (0.30, tone, 0.22), (0.55, tone, 0.34), (0.85, tone, 0.10), (1.0, tone, 0.0))
    veil = Shape((rect(0, 0, stage.w, stage.h),), Gradient(stops, (0, 0), (0, stage.h)), "mist", solid=False)
    return [Layer("bloom", 0.6, [veil])]


_SOAKED = ("mountains", "forest", "garden", "field", "hills")  # a street has puddles of its own
_PART_OF = {
    "puddles": "ground",
    "stars": "sky",
    "moon": "sky",
    "clouds": "sky",
    "mist": "sky",
    "rain": "sky",
    "lightning": "sky",
    "land": "ground",
    "stage": "ground",
    "water": "ground",
    "foreground": "foreground",
}


def _starry(scene: Scene) -> bool:
    return scene.weather in ("clear", "wind", "cloudy") and not scene.coming


def _puddles(stage: Stage, rng: np.random.Generator) -> Layer:
    """Return what the rain has left: a sheen on the ground, and puddles with the sky in them."""
    out = Layer("puddles", 0.15)
    air, top = stage.air, stage.scene.horizon + 0.12
    sheen = mix(air.sky[2], "#ffffff", 0.2)
    fill = Gradient(((0, sheen, 0.0), (0.3, sheen, 0.30), (1, sheen, 0.05)), (0, top * stage.h), (0, stage.h))
    out.shapes.append(Shape((rect(0, top * stage.h, stage.w, (1 - top) * stage.h),), fill, "glow", solid=False))
    for t in sorted(float(rng.beta(1.2, 1.1)) for _ in range(17)):
        y = (top + 0.05 + (0.95 - top) * t) * stage.h
        wide = stage.w * (0.02 + 0.10 * t) * float(rng.uniform(0.5, 1.4))
        x = float(rng.uniform(0, stage.w))
        rim = water.lens(x, y + wide * 0.012, wide * 1.10, wide * 0.19)
        out.shapes.append(Shape((rim,), air.tint("#4a4032", 0.2, 0.2 * (1 - t)), "ground", 0, 0.7, True, False))
        tone = mix(air.sky[1], air.sky[0], float(rng.uniform(0.0, 0.6)))
        out.shapes.append(Shape((water.lens(x, y, wide, wide * 0.15),), tone, "water", 0, 0.95, True, False))
        glint = water.lens(x - 0.12 * wide * air.side, y - wide * 0.02, wide * 0.4, wide * 0.03)
        out.shapes.append(Shape((glint,), mix(air.sky[2], "#ffffff", 0.6), "water", 0, 0.8, True, False))
    return out


def _on_bank(scene: Scene, place: Placed) -> bool:
    """Tell whether who is there is before the water: on its near bank, or flying lower than the horizon."""
    if stand_of(place) == "sky":
        return place.y > scene.horizon
    return is_firm(subjects()[place.id]) and place.y > bank_of(scene)


def _in_water(stage: Stage, land: Land, figures: Sequence[Assembled], rng: np.random.Generator) -> list[Layer]:
    """Return the water with everything that it shows upside down, and what stands in it or beyond it."""
    assert land.water
    top, foot = land.water
    scene, air = stage.scene, stage.air
    wet = [f for f in figures if not _on_bank(scene, f.place)]
    far = [f for f in wet if stand_of(f.place) == "far"]
    out: list[Layer] = [*(layer for f in far for layer in f.layers), water.surface(air, stage.w, top, foot)]
    out.append(water.reflections(air, rng, land.mirror, top, foot, land.calm))
    for figure in far:
        own = chance_of(scene, figure.place, "water", figure.place.id, figure.place.x)
        out.append(water.reflections(air, own, figure.layers, top, foot, land.calm))
    if air.weather in ("wind", "storm"):
        out.append(water.waves(air, rng, stage.w, top, foot, 0.5 if air.weather == "wind" else 0.9))
    unlit = scene.moon == "none" and is_moonlit(air, scene.moon)
    if air.weather in ("clear", "wind", "cloudy") and not scene.coming and not unlit:
        out.append(water.glitter(air, rng, stage.w, stage.horizon, top, foot))
    out.append(water.ripples(air, rng, stage.w, top, foot, land.calm))
    for figure in sorted(wet, key=lambda f: f.place.y):
        place = figure.place
        stand = stand_of(place)
        rng = chance_of(scene, place, "water", place.id, place.x)
        if stand == "far":
            continue
        if stand in ("sky",):
            out[:0] = figure.layers
            continue
        level = place.y * stage.h
        if stand == "shore":
            island = _island(stage, place, figure.own, rng)
            out += [
                water.reflections(air, rng, [island, *figure.layers], level + 0.012 * stage.h, foot, land.calm * 0.8),
                island,
                *figure.layers,
            ]
            continue
        if stand == "under":
            out += [_under(stage, layer, level) if layer is figure.own else layer for layer in figure.layers]
            continue
        out += [
            water.reflections(air, rng, figure.layers, level, min(foot, level + place.size * stage.h), land.calm * 0.9),
            *figure.layers,
            _wake(stage, place, rng),
        ]
    return out


def _island(stage: Stage, place: Placed, figure: Layer, rng: np.random.Generator) -> Layer:
    """Return a rocky islet under what must stand firm."""
    left, _, right, _ = box_of([s for s in figure.shapes if s.material not in ("cloud", "feather")])
    half = max((right - left) * 0.62, 0.09 * stage.w)
    middle, level = (left + right) / 2, place.y * stage.h
    xs = np.linspace(-1, 1, 60)
    rise = 0.020 * stage.h * (1 - np.abs(xs) ** 2.4) + 0.006 * stage.h * np.maximum(0, 1 - np.abs(xs)) * np.cumsum(
        rng.normal(0, 0.25, 60)
    )[::-1].clip(-1, 1)
    line = np.stack([middle + xs * half, level - rise + 0.012 * stage.h], 1)
    depth = depth_of(stage, place)
    shapes = terrain.cliff(stage.air, rng, line, level + 0.016 * stage.h, "#7d7568", depth)
    top = line.copy()
    top[:, 1] += 0.008 * stage.h
    shapes.append(
        Shape(
            (np.concatenate([line - [0, 0.004 * stage.h], top[::-1]]),),
            stage.air.tint(stage.green, 0.7, depth),
            stage.cover,
            0,
        )
    )
    foam = np.stack([line[:, 0], np.full(60, level + 0.014 * stage.h) + 0.003 * stage.h * np.sin(xs * 40)], 1)
    shapes.append(
        Shape(
            (np.concatenate([foam, foam[::-1] + [0, 0.005 * stage.h]]),),
            stage.air.tint("#f2f4f0", 0.9, depth),
            "snow",
            0,
            0.6,
            False,
            False,
        )
    )
    return Layer("islet", depth, shapes)


def _under(stage: Stage, figure: Layer, level: float) -> Layer:
    """Return a swimmer seen through the water: veiled by its colour."""
    tone = stage.air.tint("#3f6a78", 0.5, 0.1)
    left, top, right, bottom = box_of(figure.shapes)
    veil = Shape(
        (oval((left + right) / 2, bottom - (bottom - top) * 0.12, (right - left) * 0.6, (bottom - top) * 0.16),),
        tone,
        "water",
        0,
        0.45,
        False,
        False,
    )
    rings = [
        Shape(
            (water.lens((left + right) / 2 + dx, top + (bottom - top) * 0.9 + dy, (right - left) * 1.1, 3.0),),
            stage.air.tint("#eef4f2", 0.9, 0.1),
            "water",
            0,
            0.5,
            True,
            False,
        )
        for dx, dy in ((0.0, 0.0), (20.0, 8.0), (-24.0, -7.0))
    ]
    return Layer(figure.name, figure.depth, [*figure.shapes, veil, *rings], figure.subject)


def _wake(stage: Stage, place: Placed, rng: np.random.Generator) -> Layer:
    tone = stage.air.tint("#eef2ee", 0.9, 0.15)
    out = Layer("wake", 0.2)
    reach = place.size * stage.h * subjects()[place.id].wide
    for k in range(7):
        x = place.x * stage.w + reach * float(rng.uniform(-0.55, 0.55))
        y = place.y * stage.h + stage.h * 0.012 * (0.2 + 0.5 * k / 6)
        out.shapes.append(
            Shape(
                (water.lens(x, y, reach * float(rng.uniform(0.2, 0.6)), stage.h * 0.004),),
                tone,
                "water",
                0,
                0.5,
                True,
                False,
            )
        )
    return out


def _set_off(stage: Stage, figure: Assembled) -> list[Layer]:
    """Return light, or for somebody pale shade, on the ground behind who is small in the picture, so that one is found
    there."""
    if stage.scene.view not in ("high", "far") or subjects()[figure.place.id].generator not in LIVING:
        return []
    solid = [s for layer in figure.layers for s in layer.shapes if s.solid and isinstance(s.fill, str)]
    if not solid:
        return []
    areas = np.array([float(np.prod(np.ptp(s.rings[0], axis=0))) for s in solid])
    tone = float((areas * [lightness(str(s.fill)) for s in solid]).sum() / areas.sum())
    left, top, right, bottom = box_of(solid)
    x, y, r = (left + right) / 2, 0.35 * top + 0.65 * bottom, 1.35 * max(right - left, bottom - top)
    light = mix(stage.air.haze, "#fff6dc", 0.6) if tone < 0.62 else stage.air.tint("#3a4a3c", 0.2, 0.1)
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = np.stack([x + r * np.cos(turn), y + r * np.sin(turn)], 1)
    fill = Gradient(((0, light, 0.40), (0.35, light, 0.26), (0.75, light, 0.06), (1, light, 0.0)), (x, y), (x, y), r)
    return [Layer("set off", figure.own.depth, [Shape((ring,), fill, "glow", solid=False)])]


def _shadow(air: Air, figure: Layer, place: Placed, height: float) -> Layer:
    """Return the shadow on the ground: away from the light, longer the lower it stands."""
    left, top, right, bottom = box_of([s for s in figure.shapes if s.material not in ("cloud", "glow", "light")])
    out = Layer("shadow", figure.depth)
    strong = {"clear": 1.0, "wind": 0.9, "cloudy": 0.6}.get(air.weather, 0.4) * (0.75 if air.dark else 1.0)
    foot = place.y * height
    wide, tall = right - left, min(bottom, foot) - top
    base = min(wide * 0.42, tall * 0.45)
    dark = air.tint("#2a2c33", 0.0, figure.depth * 0.8)
    long = -air.side * tall * (1.15 - 0.75 * air.height) * 0.55
    middle = place.x * float(1) if place.x > 1 else (left + right) / 2
    thick = max(3.0, tall * 0.035)
    shapes = []
    for grow, opacity in ((1.0, 0.16), (0.72, 0.20)):
        a, b = middle - base * grow, middle + base * grow
        ring = np.array(
            [
                [a, foot],
                [middle, foot - thick * grow],
                [b, foot - thick * 0.3],
                [b + long, foot + thick * 1.1],
                [middle + long * 1.1, foot + thick * 2.2 * grow],
                [a + long * 0.8, foot + thick * 1.5],
            ]
        )
        shapes.append(Shape((ring,), dark, "ground", 0, opacity * strong * 1.6, True, False))
    shapes.append(Shape((oval(middle, foot, base * 0.8, thick * 0.7),), dark, "ground", 0, 0.38, False, False))
    out.shapes = shapes
    return out


def _footing(stage: Stage, place: Placed, rng: np.random.Generator) -> Layer:
    """Return grass about the feet, so that nothing floats."""
    was, stage.rng = stage.rng, rng
    half = min(0.2, place.size * subjects()[place.id].wide * 0.5 * stage.h / stage.w)
    out = stage.tufts(
        place.y - 0.004,
        place.y + 0.012,
        6 + round(60 * half),
        "",
        (place.x - half, place.x + half),
        (0.55 + 0.4 * place.y) * (0.5 if stage.scene.view == "close" else 1.0),
    )
    stage.rng = was
    out.name = "footing"
    return out


def _view(stage: Stage) -> list[Layer]:
    """Return what is seen through the window of a room."""
    scene = stage.scene
    return [
        stage.range(0.26, 0.72, peaks=3, spread=0.22, snow=0.7, name="mountains outside"),
        stage.hill(scene.horizon - 0.005, 0.02, 0.45, scene.horizon + 0.3, name="hill outside"),
        stage.woods(scene.horizon + 0.02, 0.07, 0.36, 5),
    ]
