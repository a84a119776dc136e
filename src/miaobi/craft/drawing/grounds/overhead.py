"""Land from high above: there the ground is the picture, with a pattern of its own: fields, ridges one behind the
other, a clearing, tracks in the snow, beds of a garden.

The plane of the ground is seen in perspective: what is *away* times as far as the foot of the picture is so many times
smaller, and its level is as much nearer the horizon.
"""

from __future__ import annotations

import math

import numpy as np

from miaobi.craft.drawing.grounds import sky
from miaobi.craft.drawing.grounds.foreground import taken
from miaobi.craft.drawing.grounds.stage import Land, Stage, path
from miaobi.craft.drawing.mass import Grain
from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Gradient, Layer, Points, Shape, oval, rect
from miaobi.craft.drawing.subjects import tree

_STREAMS = 0.5  # in how many pictures a stream runs where no road does
_FAR = 15.0  # times as far as the foot of the picture: where fields end in haze
_CROPS = {
    "spring": ("#8fae5a", "#a9ba6b", "#7d9c50", "#c2c77a", "#98884f"),
    "summer": ("#c9a650", "#8fa04e", "#d8bd6a", "#7b944b", "#b8b45a"),
    "autumn": ("#b58a45", "#c9a35a", "#8d7c48", "#a0683c", "#8f8c4c"),
    "winter": ("#8f8a72", "#a19a80", "#7c7763", "#98937a", "#88836c"),
}
_BLOOMS = {
    "spring": ("#d8495a", "#f0c93f", "#e9a0bd", "#f3ece0"),
    "summer": ("#c8324a", "#e8b43a", "#8f6fc0", "#f0ece2"),
    "autumn": ("#c8752e", "#b0532a", "#e0b04a"),
    "winter": (),
}
_SNOW = ("#e9eef2", "#dfe6ec", "#eef2f5", "#d6dfe8", "#e4eaef")


def overhead(s: Stage) -> Land | None:
    """Return the ground of a scene from high above, None where it is drawn as from anywhere else."""
    draw = {
        "field": _fields, "hills": _fields, "mountains": _ridges, "snowfield": _ridges, "forest": _clearing,
        "garden": _beds,
    }.get(s.scene.ground)  # fmt: skip
    return draw(s) if draw else None


def _at(s: Stage, across: float, away: float) -> tuple[float, float]:
    """Return the pixel of a place of the ground: *across* in widths of the canvas at its foot, *away* from 1."""
    return s.w * (0.5 + across / away), s.horizon + (s.h * 1.02 - s.horizon) / away


def _depth(away: float) -> float:
    return 0.5 * max(0.0, 1 - 1 / away) ** 1.6


def _plane(s: Stage, own: str, name: str = "plain") -> Layer:
    """Return the bare ground."""
    far, near = s.air.tint(own, 0.7, 0.52), s.air.tint(own, 0.5, 0.0)
    fill = Gradient(((0, far, 1), (0.35, s.air.tint(own, 0.6, 0.16), 1), (1, near, 1)), (0, s.horizon), (0, s.h))
    return Layer(name, 0.4, [Shape((rect(0, s.horizon - 1, s.w, s.h - s.horizon + 2),), fill, s.cover)])


def _fields(s: Stage) -> Land:
    """Return fields and meadows in a patchwork, hedges between them, hills at its end."""
    rng, land = s.rng, Land()
    snow = s.cover == "snow"
    land.behind.append(s.range(0.30, 0.80, peaks=5, spread=0.2, steep=0.8, name="far hills"))
    plain = _plane(s, s.green)
    turn = math.radians(float(rng.uniform(8, 24)) * (1 if rng.random() < 0.5 else -1))
    wide, long = float(rng.uniform(0.50, 0.72)), float(rng.uniform(0.50, 0.8))
    count_u, count_v = 14, 24
    us = (np.arange(-count_u, count_u + 1)) * wide
    vs = 0.55 + np.arange(0, count_v + 1) * long
    knots = np.array([[(u, v) for u in us] for v in vs])
    knots += rng.normal(0, 0.10, knots.shape) * [wide, long]
    middle = np.array([0.0, 1.6])
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    knots = (knots - middle) @ spin.T + middle
    crops = _SNOW if snow else _CROPS[s.air.season]
    hedges = Layer("hedges", 0.3)
    for i in reversed(range(count_v)):
        for k in range(2 * count_u):
            cell = np.array([knots[i, k], knots[i, k + 1], knots[i + 1, k + 1], knots[i + 1, k]])
            if cell[:, 1].min() < 0.62 or cell[:, 1].min() > _FAR:
                continue
            meadow = rng.random() < (0.45 if s.scene.ground == "hills" else 0.2)
            own = s.green if meadow else str(rng.choice(crops))
            plain.shapes += _plot(s, cell, own, furrowed=not meadow and rng.random() < 0.75)
            if rng.random() < 0.55:
                _hedge(s, hedges, cell[0], cell[1])
            if rng.random() < 0.45:
                _hedge(s, hedges, cell[0], cell[3])
    land.behind.append(plain)
    if s.scene.path or rng.random() < _STREAMS:
        _road(s, land)
    hedges.shapes = [
        shape for _, shape in sorted(enumerate(hedges.shapes), key=lambda one: one[1].rings[0][:, 1].max())
    ]
    land.behind.append(hedges)
    land.behind += _cloud_shadows(s)
    land.before.append(s.tufts(0.9, 1.02, 60))
    return land


def _plot(s: Stage, cell: Points, own: str, *, furrowed: bool) -> list[Shape]:
    """Return one field, with its furrows."""
    away = float(cell[:, 1].mean())
    depth = _depth(away)
    ring = np.array([_at(s, u, max(0.5, v)) for u, v in cell])
    lit = float(np.clip(s.rng.normal(0.62, 0.14), 0.3, 0.95))
    shapes = [Shape((ring,), s.air.tint(own, lit, depth), s.cover, 0)]
    if furrowed and away < 4.5:
        a, b, c, d = cell
        rows = int(np.clip(20 / away, 5, 16))
        for t in np.linspace(0.06, 0.94, rows):
            half = 0.18 / rows
            line = [
                a + (b - a) * (t - half),
                a + (b - a) * (t + half),
                d + (c - d) * (t + half),
                d + (c - d) * (t - half),
            ]
            px = np.array([_at(s, u, max(0.5, v)) for u, v in line])
            shapes.append(Shape((px,), s.air.tint(own, lit - 0.3, depth), s.cover, 70, 0.5, False, False))
    return shapes


def _hedge(s: Stage, out: Layer, a: Points, b: Points) -> None:
    """Draw bushes along an edge between two places of the ground."""
    long = float(np.hypot(*(b - a)))
    for t in np.linspace(0.05, 0.95, max(3, int(11 * long))):
        u, v = a + (b - a) * t + s.rng.normal(0, 0.012, 2)
        if v < 0.95 or v > 0.5 * _FAR:
            continue
        x, y = _at(s, float(u), float(v))
        if not -20 < x < s.w + 20 or any(
            a - 0.02 < x / s.w < c + 0.02 and b < y / s.h < d + 0.03 for _, a, b, c, d in taken(s.scene)
        ):
            continue
        r = s.h * 0.030 * float(s.rng.uniform(0.6, 1.2)) / v
        depth = _depth(float(v))
        own = "#c3ccd2" if s.cover == "snow" else "#54683a" if s.air.season != "autumn" else "#7a6234"
        way = -s.air.side
        out.shapes.append(
            Shape(
                (oval(x + 0.9 * way * r, y, 1.3 * r, 0.35 * r),),
                s.air.tint("#2a2f2a", 0.1, depth),
                "grass",
                0,
                0.4,
                True,
                False,
            )
        )
        out.shapes.append(
            Shape((oval(x, y - 0.6 * r, r, 0.8 * r, points=9),), s.air.tint(own, 0.25, depth), "foliage", 0, 1.0, True)
        )
        lit = oval(x - 0.28 * way * r, y - 0.8 * r, 0.6 * r, 0.5 * r, points=8)
        out.shapes.append(Shape((lit,), s.air.tint(own, 0.9, depth), "foliage", 0, 0.9, True, False))


def _road(s: Stage, land: Land) -> None:
    """Lay a road in bends over the plane, past whoever is there, or a stream away from them."""
    rng, stream = s.rng, not s.scene.path
    away = np.geomspace(0.9, 0.5 * _FAR, 70)
    feet = [(p.x - 0.5, (1.02 - s.scene.horizon) / max(0.02, p.y - s.scene.horizon)) for p in s.scene.subjects]

    def clear(line: Points) -> float:
        return min((abs(x * v - float(np.interp(v, away, line))) for x, v in feet if v < away[-1]), default=1.0)

    lines = []
    for _ in range(12):
        start, bend = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(0.5, 0.9)) * (1 if rng.random() < 0.5 else -1)
        lines.append(start + bend * np.sin(1.15 * (away - 1) + rng.uniform(-0.5, 0.5)) + 0.08 * curve(rng, 70, 9, 3))
    across = max(lines, key=clear) if stream else min(lines, key=clear)
    half = (0.075 if stream else 0.035) * np.ones(70)
    left = np.array([_at(s, u - h, v) for u, h, v in zip(across, half, away, strict=True)])
    right = np.array([_at(s, u + h, v) for u, h, v in zip(across, half, away, strict=True)])
    ring = np.concatenate([left, right[::-1]])
    out = Layer("stream" if stream else "road", 0.3)
    if stream:
        rim = np.concatenate([left + (left - right) * 0.16, (right + (right - left) * 0.16)[::-1]])
        out.shapes.append(Shape((rim,), s.air.tint("#5d6b3c", 0.3, 0.15), "grass", 0, 1.0, True))
        stops = ((0, s.air.sky[2], 1.0), (1, s.air.tint("#5f8f9f", 0.7, 0.1), 1.0))
        out.shapes.append(Shape((ring,), Gradient(stops, (0, s.horizon), (0, s.h)), "water", 0, 1.0, True))
    else:
        own = "#dfe3e6" if s.cover == "snow" else "#c4ae86"
        stops = ((0, s.air.tint(own, 0.75, 0.45), 1.0), (1, s.air.tint(own, 0.65, 0.0), 1.0))
        material = "snow" if s.cover == "snow" else "sand"
        out.shapes.append(Shape((ring,), Gradient(stops, (0, s.horizon), (0, s.h)), material, 80, 1.0, True))
    land.behind.append(out)


def _cloud_shadows(s: Stage) -> list[Layer]:
    """Return the shadows of clouds that pass over the land by day."""
    if s.air.dark or s.air.weather not in ("clear", "cloudy", "wind"):
        return []
    out = Layer("cloud shadows", 0.3)
    for _ in range(3):
        away = float(s.rng.uniform(1.1, 3.0))
        x, y = _at(s, float(s.rng.uniform(-0.7, 0.7)) * away, away)
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        r = 1 + 0.30 * curve(s.rng, 40, 5, 3)
        r[-4:] = np.linspace(r[-4], r[0], 4)
        ring = np.stack([x + 0.30 * s.w / away * r * np.cos(turn), y + 0.10 * s.h / away * r * np.sin(turn)], 1)
        out.shapes.append(Shape((ring,), s.air.tint("#27342f", 0.05, 0.1), s.cover, 0, 0.10, True, False))
    return [out]


def _ridges(s: Stage) -> Land:
    """Return ridges one behind the other down to a shoulder of the nearest, with firs and mist between them."""
    land = Land()
    snowy = s.scene.ground == "snowfield" or s.cover == "snow"
    land.behind.append(s.range(0.4, 0.82, peaks=5, spread=0.16, snow=0.2 if snowy else 0.6, name="far peaks"))
    own = "#e9eef4" if snowy else ""
    levels = np.array([0.05, 0.14, 0.25, 0.38, 0.54])
    for k, level in enumerate(levels + s.rng.normal(0, 0.008, 5)):
        depth = 0.62 - 0.115 * k
        at = s.scene.horizon + float(level) * (1 - s.scene.horizon)
        near = 0.0 if k == 4 else None
        cells = float(s.rng.uniform(1.6, 3.0)) - 0.15 * k
        ridge = s.hill(at, 0.035 + 0.018 * k, depth, 1.01, own, "snow" if snowy else "", cells, near=near)
        land.behind.append(ridge)
        line = ridge.shapes[0].rings[0][:160]
        land.behind.append(_firs(s, line, depth - 0.04, 0.020 + 0.012 * k))
        if k < 4:
            land.behind.append(sky.veil(s.air, s.rng, s.w, (at + 0.10) * s.h, 0.10 * s.h, 0.55))
    if snowy:
        land.behind.append(_track(s, s.scene.horizon + 0.60 * (1 - s.scene.horizon)))
    else:
        path(s, land, s.scene.horizon + 0.58 * (1 - s.scene.horizon))
    land.before.append(s.tufts(0.8, 1.02, 60 if snowy else 150, "#a8987a" if snowy else ""))
    return land


def _firs(s: Stage, line: Points, depth: float, size: float) -> Layer:
    """Return firs down the slopes under a ridge, in clumps."""
    out = Layer("firs", depth)
    spots = []
    for _ in range(4):
        middle, drop = float(s.rng.uniform(0, s.w)), float(s.rng.uniform(0.0, 0.05))
        for _ in range(int(s.rng.integers(5, 12))):
            x = middle + float(s.rng.normal(0, 0.045)) * s.w
            y = float(np.interp(x, line[:, 0], line[:, 1])) + (drop + abs(float(s.rng.normal(0, 0.018)))) * s.h
            spots.append((x, y + 0.006 * s.h))
    for x, y in sorted(spots, key=lambda spot: spot[1]):
        if 0 < x < s.w:
            pen = s.pen(x / s.w, y / s.h, size * float(s.rng.uniform(0.8, 1.4)), depth, out)
            tone = "#3f5347" if s.cover != "snow" else "#4c6058"
            pen.fill(np.array([[-0.26, 0], [0, 1], [0.26, 0]]), tone, 0.15, "foliage")
            side = 0.26 if pen.side > 0 else -0.26
            pen.fill(np.array([[side * 0.1, 0.02], [0, 1], [side, 0.02]]), tone, 0.75, "foliage", solid=False)
            if s.cover == "snow":
                pen.fill(
                    np.array([[side * 0.1, 0.45], [0, 1], [side * 0.6, 0.45]]), "#eef2f7", 0.9, "snow", solid=False
                )
    return out


def _track(s: Stage, top: float) -> Layer:
    """Return the track of somebody's feet in the snow, from the foot of the picture into its depth."""
    out = Layer("track", 0.2)
    t = np.linspace(0, 1, 46)
    sway = float(s.rng.uniform(0.1, 0.2)) * (1 if s.rng.random() < 0.5 else -1)
    start = 0.5 + float(s.rng.uniform(-0.25, 0.25))
    for k, u in enumerate(t):
        near = 1 - float(u) ** 0.7
        y = top + (1.0 - top) * near
        x = start + sway * math.sin(3.4 * float(u)) + (0.006 if k % 2 else -0.006) * (0.3 + near)
        r = s.w * (0.0016 + 0.0052 * near)
        out.shapes.append(
            Shape((oval(x * s.w, y * s.h, r, 0.5 * r),), s.air.tint("#8fa3b8", 0.3, 0.1), "snow", 0, 0.8, True, False)
        )
    return out


def _clearing(s: Stage) -> Land:
    """Return a clearing that the crowns of a wood stand about, seen from above them."""
    rng, land = s.rng, Land()
    season = s.air.season
    floor = "" if s.cover == "snow" else "#9a7b45" if season == "autumn" else "#8fa05a"
    land.behind.append(_plane(s, floor or s.green, "clearing"))
    land.behind.append(_patches(s, floor or s.green))
    tones = {
        "spring": ("#7d9b4c", "#94ad58", "#66863f"), "summer": ("#55793f", "#64864a", "#486b38"),
        "autumn": ("#c47a34", "#b0572e", "#cf9a3e"), "winter": ("#6d685c", "#5d6156", "#7b7566"),
    }[season]  # fmt: skip
    needles = season == "winter" or rng.random() < 0.35
    middle, half = 0.5 + float(rng.uniform(-0.06, 0.06)), float(rng.uniform(0.33, 0.40))
    spots = []
    for level in np.linspace(0.04, 1.06, 15):
        size = 0.075 + 0.13 * level
        for x in np.arange(-0.03, 1.06, 0.62 * size):
            at = float(x) + float(rng.normal(0, 0.2)) * size
            y = float(level) + float(rng.normal(0, 0.014))
            if ((at - middle) / half) ** 2 + ((y - 0.66) / 0.40) ** 2 > 1 and not (
                abs(at - middle) < half and y > 0.66
            ):
                spots.append((at, y, size))
    for x, y, size in sorted(spots, key=lambda spot: spot[1]):
        depth = 0.5 * (1 - min(1.0, y)) ** 1.4
        out = Layer("wood", depth)
        pen = Pen(s.air, rng, depth, x * s.w, (s.scene.horizon + y * (1 - s.scene.horizon)) * s.h, size * s.h)
        pen.fill(oval(-0.45 * pen.side, 0.02, 0.62, 0.16), "#23291f", 0.0, "ground", opacity=0.35, solid=False)
        if needles:
            tree.conifer(pen.at(0, 0, 1.35), "fir")
        else:
            balls = [(float(rng.normal(0, 0.16)), -0.62 + float(rng.normal(0, 0.10)), 0.30, 0.27) for _ in range(6)]
            tone = str(rng.choice(tones))
            pen.fill(np.array([[-0.05, 0], [-0.03, 0.5], [0.03, 0.5], [0.05, 0]]), "#4f4238", 0.3, "bark")
            tree.crown(pen, balls, tone, Grain(0.6, 0.3, 20, (0.4, 0.62, 0.84), 70))
        out.shapes = pen.shapes
        (land.before if y > 0.97 else land.behind).append(out)
    land.before.append(s.tufts(0.45, 1.0, 110))
    return land


def _patches(s: Stage, own: str) -> Layer:
    """Return patches of light and shade on bare ground."""
    out = Layer("patches", 0.3)
    for _ in range(26):
        away = float(s.rng.uniform(1.0, 4.0))
        x, y = _at(s, float(s.rng.uniform(-0.6, 0.6)) * away, away)
        r = s.w * float(s.rng.uniform(0.05, 0.14)) / away
        ring = oval(x, y, r, 0.32 * r, points=14) + s.rng.normal(0, 0.05 * r, (14, 2))
        tone = s.air.tint(own, float(s.rng.choice([0.95, 0.25])), _depth(away))
        out.shapes.append(Shape((ring,), tone, s.cover, 0, 0.38, True, False))
    return out


def _beds(s: Stage) -> Land:
    """Return a garden's beds, box about each, gravel between them and what is in flower on them, a pool in one."""
    rng, land = s.rng, Land()
    snow = s.cover == "snow"
    land.behind.append(_plane(s, "#e4e8ec" if snow else "#d2c19d", "gravel"))
    land.behind.append(s.woods(s.scene.horizon + 0.06, 0.14, 0.5, 7, "wood"))
    beds = Layer("beds", 0.3)
    wide, long, gap = float(rng.uniform(0.62, 0.80)), float(rng.uniform(0.55, 0.75)), 0.15
    turn = math.radians(float(rng.uniform(8, 20)) * (1 if rng.random() < 0.5 else -1))
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    corner = np.array([[0, 0], [wide, 0], [wide, long], [0, long]])
    shift = float(rng.uniform(0, wide))
    cells = [
        (corner + [u + shift, v]) @ spin.T + [0, 1.6]
        for v in np.arange(8, -5, -1) * (long + gap)
        for u in np.arange(-9, 9) * (wide + gap)
    ]
    shown = [
        cell for cell in cells if 0.8 < cell[:, 1].mean() < 7 and abs(cell[:, 0].mean() / cell[:, 1].mean()) < 0.75
    ]
    pool = int(rng.integers(len(shown)))
    for number, cell in enumerate(sorted(shown, key=lambda c: -float(c[:, 1].mean()))):
        _bed(s, beds, cell, water=number == pool and not snow)
    land.behind.append(beds)
    return land


def _bed(s: Stage, out: Layer, cell: Points, *, water: bool) -> None:
    """Draw one bed: its hedge of box, lawn or earth, rows of flowers seen as spots, a shrub in its middle."""
    rng, snow = s.rng, s.cover == "snow"
    away = float(cell[:, 1].mean())
    depth = _depth(away)

    def laid(ring: Points, own: str, lit: float, material: str = "") -> None:
        px = np.array([_at(s, float(u), max(0.55, float(v))) for u, v in ring])
        out.shapes.append(Shape((px,), s.air.tint(own, lit, depth), material or s.cover, 0))

    inner = cell + (cell.mean(axis=0) - cell) * 0.12
    laid(cell, "#dfe6ed" if snow else "#3f5a30", 0.30, "foliage")
    laid(cell + [0, 0.016], "#eef2f5" if snow else "#5f7d43", 0.75, "foliage")
    if water:
        laid(inner, "#7fa9b5", 0.8, "water")
        return
    laid(inner, "#e9eef2" if snow else str(rng.choice([s.green, s.green, "#7a5f45"])), 0.7)
    tones = _BLOOMS[s.air.season]
    if tones and away < 5 and rng.random() < 0.8:
        two = rng.choice(tones, 2)
        a, b, c, d = inner
        for v in np.linspace(0.12, 0.88, 5):
            for u in np.linspace(0.06, 0.94, 11):
                spot = a + (b - a) * u + (d - a) * v + (a - b + c - d) * u * v + rng.normal(0, 0.012, 2)
                x, y = _at(s, float(spot[0]), max(0.6, float(spot[1])))
                r = s.h * 0.0085 / away * float(rng.uniform(0.7, 1.3))
                rim = v < 0.2 or v > 0.8 or u < 0.1 or u > 0.9
                tone = s.air.tint(str(two[0 if rim else 1]), float(rng.uniform(0.6, 1.0)), depth)
                out.shapes.append(
                    Shape((oval(x, y - 0.5 * r, 1.2 * r, 0.8 * r, points=7),), tone, "flower", 0, 1.0, True, False)
                )
    x, y = _at(s, *(float(v) for v in cell.mean(axis=0)))
    inside = away < 4 and 0.02 * s.w < x < 0.98 * s.w and 0 < y < 0.98 * s.h
    near = [1 for _, a, b, c, d in taken(s.scene) if a - 0.04 < x / s.w < c + 0.04 and b < y / s.h < d + 0.06]
    if inside and not near and rng.random() < 0.6:
        tree.bush(s.pen(x / s.w, y / s.h, 0.10 / away, depth, out), "#e3e9ee" if snow else "")
