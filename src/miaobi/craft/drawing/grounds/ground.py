"""Grounds: the land, water or room that a scene plays in, as layers from far to near, and where feet find it."""

from __future__ import annotations

import numpy as np

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.camera import bank_of
from miaobi.craft.drawing.grounds import sky, terrain, water
from miaobi.craft.drawing.grounds.foreground import taken
from miaobi.craft.drawing.grounds.indoors import interior
from miaobi.craft.drawing.grounds.overhead import overhead
from miaobi.craft.drawing.grounds.stage import Land, Stage, path
from miaobi.craft.drawing.grounds.street import street
from miaobi.craft.drawing.grounds.waters import lake, river, sea
from miaobi.craft.drawing.mass import Grain
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Shape, rect
from miaobi.craft.drawing.subjects import tree


def land_of(scene: Scene, air: Air, rng: np.random.Generator) -> Land:
    """Return the ground of a scene."""
    stage = Stage(scene, air, rng)
    if scene.view == "high" and (land := overhead(stage)) is not None:
        return land
    return _GROUNDS[scene.ground](stage)


def _mountains(s: Stage) -> Land:
    land = Land()
    snow = {"winter": 0.35, "spring": 0.5, "summer": 0.66, "autumn": 0.58}[s.air.season]
    land.behind.append(s.range(0.48, 0.80, peaks=3, spread=0.20, snow=snow, steep=0.9, name="far peaks"))
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.16 * s.h, 0.14 * s.h, 0.8))
    land.behind.append(s.range(0.30, 0.56, peaks=4, spread=0.22, snow=snow + 0.35, name="middle peaks"))
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.05 * s.h, 0.10 * s.h, 0.85))
    land.behind.append(s.hill(s.below(0.00), 0.035, 0.38, 1.01, cells=2.0, name="alp"))
    land.behind.append(s.woods(s.below(0.03), 0.09, 0.30, 6, "conifers"))
    land.behind.append(s.hill(s.below(0.10), 0.030, 0.22, 1.01, cells=1.8, name="meadow", near=0.0))
    path(s, land, s.below(0.11))
    land.before.append(s.tufts(s.below(0.2), 1.01, 210))
    return land


def _hills(s: Stage) -> Land:
    land = Land()
    land.behind += s.distance(0.20, 0.80)
    land.behind.append(sky.veil(s.air, s.rng, s.w, s.horizon - 0.04 * s.h, 0.08 * s.h, 0.8))
    for k, (level, depth) in enumerate(((-0.03, 0.58), (0.01, 0.44), (0.06, 0.32))):
        land.behind.append(s.hill(s.below(level), 0.045, depth, 1.01, cells=2.6 - 0.3 * k))
        spot = float(s.rng.uniform(0.1, 0.8))
        land.behind.append(
            s.woods(s.below(level + 0.005), 0.035 + 0.022 * k, depth - 0.03, 3 + k, "", (spot, spot + 0.25))
        )
    land.behind.append(s.hill(s.below(0.14), 0.035, 0.20, 1.01, cells=1.6, name="meadow", near=0.0))
    path(s, land, s.below(0.15))
    land.before.append(s.tufts(s.below(0.24), 1.01, 230))
    return land


def _field(s: Stage) -> Land:
    land = Land()
    land.behind += s.distance(0.13, 0.80)
    land.behind.append(s.woods(s.below(0.004), 0.045, 0.55, 9))
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
    path(s, land, s.below(0.01))
    land.before.append(
        s.tufts(
            s.below(0.30),
            1.01,
            240,
            "#b8a050" if s.air.season in ("summer", "autumn") and s.cover != "snow" else "",
        )
    )
    return land


def _snowfield(s: Stage) -> Land:
    land = Land()
    land.behind += s.distance(0.22, 0.80, snow=0.15)
    land.behind.append(s.woods(s.below(0.01), 0.07, 0.55, 6, "conifers"))
    for level, depth in ((0.0, 0.46), (0.08, 0.30), (0.2, 0.14)):
        land.behind.append(
            s.hill(s.below(level), 0.03, depth, 1.01, "#e9eef4", "snow", 1.8, "snow", 0.0 if depth < 0.2 else None)
        )
    land.before.append(s.tufts(s.below(0.3), 1.01, 46, "#a8987a"))
    return land


def _desert(s: Stage) -> Land:
    land = Land()
    for level, swell, depth in ((-0.04, 0.05, 0.66), (0.02, 0.06, 0.46), (0.12, 0.07, 0.26), (0.30, 0.06, 0.10)):
        line = terrain.ridge_line(s.rng, -0.02 * s.w, 1.02 * s.w, (s.below(level)) * s.h, swell * s.h, 1.6, 0.16)
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
        y = (s.below(0.36) + (1 - s.below(0.36)) * t) * s.h
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
        land.behind.append(s.woods(s.below(level), size, depth, count, "conifers", (0.1, 0.9)))
        land.behind.append(sky.veil(air, rng, s.w, (s.below(level) - 0.05) * s.h, 0.22 * s.h, 0.9))
    ground = s.hill(
        s.below(0.07),
        0.02,
        0.34,
        1.01,
        "" if s.cover == "snow" else "#6d7446" if air.season != "autumn" else "#9a6b3a",
        cells=2.0,
        name="forest floor",
        near=0.02,
    )
    land.behind.append(ground)
    clear = 0.08 * min(s.w, s.h) / s.w
    for depth, count, wide in ((0.44, 9, 0.011), (0.26, 6, 0.020)):
        trunks = Layer("trunks", depth)
        for x in np.linspace(0.03, 0.97, count) + rng.normal(0, 0.03, count):
            foot = s.below(0.13) + 0.20 * (0.44 - depth) + float(rng.uniform(0, 0.03))
            lean = float(rng.normal(0, 0.012))
            pen = s.pen(float(x), foot, 1.0, depth, trunks)
            w = wide * float(rng.uniform(0.8, 1.3))
            if s.scene.moon not in ("", "none") and abs(x - sky.light_place(air, 1.0, s.scene.horizon)[0]) < clear + w:
                continue  # no trunk before a moon that is told
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
        y = s.below(0.2) + (1.02 - s.below(0.2)) * t
        if abs(x - 0.5) > 0.18:
            tree.bush(s.pen(x, y, 0.05 + 0.05 * t, 0.2 * (1 - t), ferns), "" if s.cover != "snow" else "#d3dbe2")
    land.behind.append(ferns)
    land.before.append(s.tufts(s.below(0.22), 1.01, 240))
    return land


def _garden(s: Stage) -> Land:
    land = Land()
    land.behind.append(s.woods(s.below(0.01), 0.20, 0.56, 4, "wood"))
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
    land.behind.append(s.hill(s.below(0.05), 0.006, 0.34, 1.01, near=0.0, name="lawn"))
    path(s, land, s.below(0.055), "#d3c09a")
    shrubs = Layer("shrubs", 0.34)
    for x in np.linspace(0.02, 0.98, 9) + s.rng.normal(0, 0.03, 9):
        tree.bush(
            s.pen(float(x), s.below(0.075), 0.07, 0.32, shrubs),
            str(s.rng.choice(_shrubs(s))),
        )
    land.behind.append(shrubs)
    kinds = {
        "spring": ("tulip", "iris", "peony"),
        "summer": ("rose", "daisy", "poppy", "lily"),
        "autumn": ("chrysanthemum", "daisy"),
        "winter": (),
    }[s.air.season]
    if kinds:
        feet = [(x0, x1, y1) for _, x0, _, x1, y1 in taken(s.scene)]
        nearest = min(0.95, max((y for *_, y in feet), default=0.80))
        land.behind.append(s.blooms(s.below(0.14), nearest, 20, kinds))
        land.before.append(s.blooms(nearest + 0.02, 1.0, 12, kinds, [(a - 0.03, b + 0.03) for a, b, _ in feet]))
    land.before.append(s.tufts(s.below(0.2), 1.01, 170))
    return land


def _shrubs(s: Stage) -> list[str]:
    """Return what colours a garden's shrubs have: in winter none is in flower."""
    if s.air.season == "winter":
        return ["#dfe6ed", "#cfd8e2"] if s.cover == "snow" else ["#7c7563", "#6b7355", "#857a66"]
    return ["", "#c0607a", "#6f8f55", "#d8a0b0"] if s.air.season != "autumn" else ["#b5793a", "#9a5a3a", "#8f8a4c"]


def _city(s: Stage) -> Land:
    from miaobi.craft.drawing.subjects.building import city

    land = Land(water=(s.horizon + 0.03 * s.h, s.h), calm=0.75)
    skyline = Layer("skyline", 0.62)
    for x in (0.22, 0.78):
        city(s.pen(x, s.below(0.03), 0.34 * min(1.0, s.w / s.h), 0.44, skyline))
    near = Layer("near skyline", 0.42)
    city(s.pen(0.5, s.below(0.03), 0.24 * min(1.0, s.w / s.h), 0.20, near))
    land.behind += [skyline, sky.veil(s.air, s.rng, s.w, s.horizon, 0.08 * s.h, 0.6), near]
    land.mirror += [skyline, near]
    quay = Layer("quay", 0.1)
    top = (bank_of(s.scene) + 0.2 * (1 - bank_of(s.scene))) * s.h
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
    for y in np.linspace(top / s.h + 0.027, 0.99, 5):
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
    "sea": sea, "lake": lake, "river": river, "mountains": _mountains, "desert": _desert, "forest": _forest,
    "snowfield": _snowfield, "city": _city, "street": street, "garden": _garden, "field": _field, "hills": _hills,
    "interior": interior, "sky": _sky, "space": _space,
}  # fmt: skip
