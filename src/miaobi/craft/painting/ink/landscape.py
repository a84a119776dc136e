"""Land, water and sky in ink (山水): ranges as washes under a living line, texture strokes (皴) where rock turns from
the light, dots of moss (苔点), feet that dissolve in blank paper (留白); water and sky left, or washed by weather."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import curve
from miaobi.craft.drawing.shape import Layer, box_of
from miaobi.craft.painting.ink.brush import Manner, Path
from miaobi.craft.painting.ink.scroll import Scroll
from miaobi.craft.painting.land import crest_of, is_range, is_slope, luminary_of
from miaobi.craft.painting.stroke import at, scattered
from miaobi.craft.painting.view import Field
from miaobi.craft.painting.wash import mottled, soft


def land(scroll: Scroll) -> None:
    """Paint what the picture plays on, from far to near."""
    _sky(scroll)
    for number, layer in enumerate(scroll.view.drawing.layers, start=1):
        mask = scroll.view.layer == number
        if layer.name == "mist":
            _mist(scroll, layer)
        elif mask.any():
            if layer.name == "sea of clouds":
                _clouds(scroll, mask)
            elif is_range(layer):
                _range(scroll, layer, mask)
            elif is_slope(layer):
                _slope(scroll, layer, mask)
    _water(scroll)


def _sky(scroll: Scroll) -> None:
    """Leave the sky, or wash it as the weather wants; sun and moon are reserved from it."""
    view, rng = scroll.view, scroll.rng
    shape = view.shape
    sky = view.made_of("sky", "cloud", "mist", "glow")
    lamps = luminary_of(view)
    up = np.clip(1 - np.arange(shape[0], dtype=np.float32) / (0.62 * shape[0]), 0, 1)[:, None]
    cloudy = mottled(rng, shape, 3.2, 5, 0.55, stretch=1.6)
    dusk = scroll.has("stars") and not scroll.night
    if scroll.night:
        tone = 0.27 + 0.13 * cloudy + 0.10 * up
    elif scroll.has("snowfall"):
        tone = 0.24 + 0.10 * cloudy + 0.05 * up
    elif scroll.has("rain"):
        slanted = _slanted(rng, shape)
        tone = 0.10 + 0.16 * up + 0.12 * cloudy + 0.16 * slanted * (0.4 + up)
    else:
        heavy = float(np.clip(0.80 - view.light[sky].mean(), 0, 0.5)) if sky.any() else 0.0
        tone = np.clip(cloudy - 0.05, 0, 1) * up * (0.16 + 0.9 * heavy) + 0.10 * heavy * up
        tone += 0.14 * dusk * up * (1 + cloudy)
        if scroll.misty:
            tone = tone + 0.13 + 0.09 * cloudy + 0.05 * up
    tone = np.clip(tone + _thunderheads(scroll), 0, 0.7).astype(np.float32)
    if lamps.any():
        disc = lamps.astype(np.float32)
        halo = soft(disc, 26 * scroll.unit)
        ring = halo / max(1e-6, float(halo.max()))
        lit = np.exp(-(((ring - 0.42) / 0.30) ** 2)) * (ring > 0.02)
        tone = tone + (0.17 if not scroll.night else 0.10) * lit.astype(np.float32)
        tone = tone * (1 - 0.35 * np.clip(ring * 1.2 - 0.4, 0, 1))
    scroll.tone[sky] = tone[sky]
    scroll.tone[lamps] = 0


def _thunderheads(scroll: Scroll) -> Field:
    """Return the wash of dark clouds: white ones are paper."""
    whole, size = scroll.whole, (scroll.view.shape[1], scroll.view.shape[0])
    dark = np.where(whole.made_of("cloud"), np.clip(0.74 - whole.light, 0, 1), 0).astype(np.float32)
    return 1.7 * soft(cv2.resize(dark, size, interpolation=cv2.INTER_AREA), 9 * scroll.unit)


def _slanted(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Return bands of a wash that the wind drives down, 0–1."""
    bands = mottled(rng, (shape[0], shape[1] * 2), 34, 4, 0.55)
    rows, columns = np.indices(shape, dtype=np.float32)
    lean = np.float32(0.34)
    along = cv2.remap(bands, columns + rows * lean, np.full(shape, 3, np.float32) + rows * 0.03, cv2.INTER_LINEAR)
    return np.clip(along + 0.1, 0, 1)


def _mist(scroll: Scroll, layer: Layer) -> None:
    """Let a bank of mist take away what was painted so far."""
    points = np.concatenate([ring for shape in layer.shapes for ring in shape.rings]) * scroll.scale
    top, foot = float(points[:, 1].min()), float(points[:, 1].max())
    rows = np.arange(scroll.view.shape[0], dtype=np.float32)[:, None]
    middle, half = (top + foot) / 2 + (foot - top) * 0.10, (foot - top) * 0.5
    near = np.clip(1.15 - np.abs(rows - middle + scroll.drift * half * 0.9) / half, 0, 1)
    scroll.tone *= 1 - (0.55 if scroll.night else 0.85) * near * near * (3 - 2 * near)


def _clouds(scroll: Scroll, mask: Field) -> None:
    """Paint a sea of clouds: paper, washed where they are turned from the light, a line along what stands out."""
    shade = _shade(scroll, mask)
    scroll.tone[mask] = (0.34 * np.clip(shade - 0.1, 0, 1) * (0.8 + 0.5 * scroll.drift))[mask].clip(0, 0.4)
    columns = np.flatnonzero(mask.any(axis=0))
    crest = np.full(mask.shape[1], float(mask.shape[0]))
    crest[columns] = mask[:, columns].argmax(axis=0)
    _crest_line(scroll, crest, mask, 0.30, 1.8 * scroll.unit, 0.3)


def _range(scroll: Scroll, layer: Layer, mask: Field) -> None:
    """Paint one range: wash, crest, texture, moss."""
    view, rng, unit = scroll.view, scroll.rng, scroll.unit
    shape = view.shape
    crest = crest_of(view, layer)
    near = float(np.clip(1.12 - layer.depth, 0.2, 1))
    foot = min(shape[0] - 1.0, float(box_of(layer.shapes)[3]) * scroll.scale)
    tall = np.maximum(foot - crest, 8.0)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    below = np.maximum((rows - crest[None, :]) / tall[None, :], -0.1).astype(
        np.float32
    )  # 0 at the crest, 1 at the foot
    shade = _shade(scroll, mask)
    drift = scroll.drift
    gone = np.clip(1.12 - below * (1.35 + 0.5 * drift), 0, 1) ** 1.3
    body = np.exp(-below * (5.2 + 2.0 * drift))
    veins = mottled(rng, shape, 16, 4, 0.6)
    slope = np.gradient(cv2.GaussianBlur(crest[None].astype(np.float32), (0, 0), 7 * unit)[0])
    turned = np.clip(0.5 - 1.4 * slope * view.side, 0.15, 1.2).astype(np.float32)[None, :]
    tone = (0.62 * body * turned + 0.80 * shade**1.3 + 0.07) * gone * (0.85 + 0.45 * veins)
    if scroll.white:
        tone = (0.10 * body + 0.45 * shade) * gone
    strength = (0.28 + 1.15 * near**1.3) * (1.15 if scroll.night else 1.0)
    here = mask & (below > -0.02)
    scroll.tone[here] = np.clip(tone * strength, 0, 0.85)[here]
    if layer.depth < 0.72:
        _crest_line(scroll, crest, mask, 0.20 + 0.55 * near**1.4, (1.3 + 3.0 * near) * unit)
        _texture(scroll, mask, shade * gone, crest, near)
        _moss(scroll, crest, mask, near, 26)


def _shade(scroll: Scroll, mask: Field) -> Field:
    """Return how far what lies in *mask* is turned from the light, 0–1, without the edges of vectors."""
    view, unit = scroll.view, scroll.unit
    weight = soft(mask.astype(np.float32), 3.2 * unit) + np.float32(1e-3)
    light = soft(np.where(mask, view.light, 0).astype(np.float32), 3.2 * unit) / weight
    wide = soft(np.where(mask, view.light, 0).astype(np.float32), 38 * unit) / (
        soft(mask.astype(np.float32), 38 * unit) + np.float32(1e-3)
    )
    inside = light[mask]
    spread = float(np.percentile(inside, 92) - np.percentile(inside, 8)) + 0.04
    middle = 0.5 * float(np.median(inside)) + 0.5 * wide
    return np.clip((middle - light) / spread + 0.12, 0, 1)


def _crest_line(scroll: Scroll, crest: Field, mask: Field, tone: float, width: float, broken: float = 0.16) -> None:
    """Draw the line of a crest in strokes that press on the far side of each rise and lift over it."""
    rng, unit = scroll.rng, scroll.unit
    columns = np.arange(len(crest))
    line = np.stack([columns, crest], 1).astype(float)
    line[:, 1] = cv2.GaussianBlur(crest[None].astype(np.float32), (0, 0), 1.6 * unit)[0]
    line[:, 1] += 0.8 * unit * curve(rng, len(line), len(line) / (30 * unit), 2)
    seen = mask[np.clip(crest.astype(int) + 2, 0, mask.shape[0] - 1), columns]
    seen &= np.abs(np.gradient(crest)) < 5 * unit + 1  # it breaks off where one hump hides the next
    slope = np.gradient(cv2.GaussianBlur(crest[None].astype(np.float32), (0, 0), 6 * unit)[0])
    start = 2
    while start < len(line) - 6:
        long = int(rng.uniform(26, 110) * unit)
        stop = min(start + long, len(line) - 2)
        tops = np.flatnonzero(np.diff(np.sign(slope[start + round(14 * unit) : stop])) > 0)
        if len(tops):  # over a top the brush turns
            stop = min(stop, start + round(14 * unit) + int(tops[0]) + round(3 * unit))
        part = line[start:stop]
        if len(part) > 4 and seen[start:stop].mean() > 0.75 and rng.random() > broken:
            turned = float(slope[start:stop].mean()) * scroll.view.side < 0
            load = tone * (1.0 if turned else 0.62) * float(rng.uniform(0.75, 1.1))
            manner: Manner = "nail" if rng.random() < 0.55 else "orchid"
            path = part if rng.random() < 0.6 else part[::-1]
            scroll.brush.stroke(
                path, width * (1.15 if turned else 0.7) * rng.uniform(0.7, 1.2), load, manner, dry=0.45, wet=turned
            )
        start = stop - int(rng.uniform(-5, 3) * unit)


def _texture(scroll: Scroll, mask: Field, dark: Field, crest: Field, near: float) -> None:
    """Lay hemp-fibre strokes (披麻皴) down the slopes, in bundles, where they are turned from the light."""
    rng, unit, view = scroll.rng, scroll.unit, scroll.view
    spots = scattered(rng, view.shape, (17 - 4 * near) * unit)
    here = at(mask, spots).astype(bool)
    shade = at(dark, spots).astype(np.float32)
    spots = spots[here & (rng.random(len(spots)) < np.clip(shade * 1.7 - 0.10, 0, 0.9))]
    slopes = [
        np.gradient(cv2.GaussianBlur(crest[None].astype(np.float32), (0, 0), reach * unit)[0]) for reach in (9, 30)
    ]
    for x, y in spots.tolist():
        column = min(len(crest) - 1, int(x))
        deep = float(np.clip((y - crest[column]) / (70 * unit), 0, 1))
        lean = float(np.clip((1 - deep) * slopes[0][column] + deep * slopes[1][column], -1.1, 1.1)) * 1.1
        load = float(np.clip(dark[int(y), column], 0, 1))
        long, bend = float(rng.uniform(20, 58)) * unit * (0.45 + 0.7 * near), rng.normal(0, 0.10)
        t = np.linspace(0, 1, 10)
        if rng.random() < 0.5 * load:  # a pale, broad stroke under the fibres
            path = np.stack([x + (lean * t + bend * np.sin(4 * t)) * long, y + long * t], 1)
            scroll.brush.stroke(path, 9 * unit * (0.4 + 0.6 * near), 0.20 * near, "orchid", dry=0.5, wet=True)
        for k in range(int(rng.integers(3, 7))):
            reach = long * float(rng.uniform(0.55, 1.1))
            dx = (lean + rng.normal(0, 0.05)) * t + bend * np.sin(4 * t)
            x0, y0 = x + k * rng.uniform(1.8, 3.4) * unit, y + (rng.normal(0, 4) - lean * k) * unit
            path = np.stack([x0 + dx * reach, y0 + reach * t * (1.0 - 0.2 * abs(lean))], 1)
            if _inside(mask, path):
                scroll.brush.stroke(
                    path,
                    float(rng.uniform(0.9, 2.3)) * unit * (0.5 + 0.6 * near),
                    float(rng.uniform(0.3, 0.85)) * near * (0.35 + 0.65 * load) * 0.9,
                    "nail",
                    dry=0.6,
                )


def _inside(mask: Field, path: Path) -> bool:
    x, y = path[-1].astype(int)
    return bool(0 <= x < mask.shape[1] and 0 <= y < mask.shape[0] and mask[y, x])


def _moss(scroll: Scroll, crest: Field, mask: Field, near: float, often: float) -> None:
    """Set moss along a crest (苔点): clusters of dots, wet and dark."""
    rng, unit = scroll.rng, scroll.unit
    count = int(len(crest) / (often * unit))
    middles = rng.choice(len(crest), max(1, count // 3), replace=False)
    places = []
    for middle in middles.tolist():
        for _ in range(int(rng.integers(2, 7))):
            x = middle + rng.normal(0, 7) * unit
            if 2 < x < len(crest) - 3:
                places.append((x, crest[int(x)] + (rng.normal(2.2, 2.6)) * unit))
    if not places:
        return
    spots = np.array(places)
    spots = spots[at(mask, (spots + np.array([0, 4 * unit])).astype(np.float32)).astype(bool)]
    size = rng.uniform(1.6, 3.9, len(spots)) * unit * (0.4 + 0.7 * near)
    scroll.brush.dots(
        spots,
        size * 1.25,
        size,
        rng.normal(0.3, 0.4, len(spots)),
        np.clip(rng.uniform(0.4, 1.0, len(spots)) * (0.15 + 0.80 * near), 0, 0.95),
    )


def _slope(scroll: Scroll, layer: Layer, mask: Field) -> None:
    """Paint a stretch of land: a line that comes and goes, a wash that leaves it at once, the rest is paper."""
    view, rng, unit = scroll.view, scroll.rng, scroll.unit
    if layer.name == "path":
        scroll.tone[mask] *= 0.45 if scroll.night else 0.2
        return
    crest = crest_of(view, layer)
    near = float(np.clip(1.05 - 1.2 * layer.depth, 0.2, 1))
    rows = np.arange(view.shape[0], dtype=np.float32)[:, None]
    below = np.clip(rows - crest[None, :], 0, None) / np.float32(view.shape[0])
    drift = scroll.drift
    patches = mottled(rng, view.shape, 5, 4, 0.5, stretch=4.0)
    reach = 0.035 + 0.035 * near
    here = np.clip(0.6 + 1.3 * mottled(rng, view.shape, 6, 3, stretch=0.8), 0.08, 1.3)
    tone = (
        0.36 * here * np.exp(-below / (reach * (0.7 + 0.6 * np.clip(drift + 0.4, 0, 1))))
        + np.clip(patches - 0.12, 0, 1) * 0.30
    )
    if scroll.white:
        tone *= 0.16
    elif scroll.night:
        tone = tone * 1.1 + 0.13
    scroll.tone[mask] = np.clip(tone * (0.45 + 0.55 * near), 0, 0.6)[mask]
    if layer.name != "field":
        _crest_line(scroll, crest, mask, 0.18 + 0.50 * near, (1.1 + 2.6 * near) * unit, 0.30)
        _moss(scroll, crest, mask, 0.35 + 0.5 * near, 46)


def _water(scroll: Scroll) -> None:
    """Leave the water; lay a few lines on it, and on a rough one its waves."""
    view, rng = scroll.view, scroll.rng
    water = view.made_of("water")
    if not water.any():
        return
    shape = view.shape
    bands = mottled(rng, shape, 2.5, 4, 0.55, stretch=6.0)
    calm = np.clip(bands - 0.15, 0, 1) * 0.22
    if scroll.white or scroll.night or scroll.has("rain"):
        calm = calm + (0.15 if scroll.white else 0.19) * (1 + 0.5 * bands)
    mirrored = scroll.whole.of(lambda layer: layer.name == "reflections", view.shape[1])
    shown = soft(np.clip(0.97 - mirrored.light, 0, 1), 3 * scroll.unit) * (0.55 + 0.9 * bands)
    calm = calm + 0.26 * np.clip(shown, 0, 1)
    scroll.tone[water] = np.clip(calm, 0, 0.5)[water]
    for layer in scroll.layers:
        if layer.name == "ripples":
            for shape_ in layer.shapes:
                ring = shape_.rings[0] * scroll.scale
                left, right = ring[0], ring[3]
                y = float(left[1])
                deep = y / shape[0]
                middle = (left + right) / 2
                if rng.random() > 0.10 + 0.16 * deep or not _inside(water, middle[None]):
                    continue
                _ripple(scroll, left, right, 0.30 + 0.2 * deep, water)
        elif layer.name == "waves":
            for shape_ in layer.shapes[::2]:
                crest = shape_.rings[0][:-2] * scroll.scale
                _wave(scroll, crest, water)


def _ripple(scroll: Scroll, left: Path, right: Path, tone: float, water: Field) -> None:
    rng, unit = scroll.rng, scroll.unit
    t = np.linspace(0, 1, 18)
    y = left[1] + 1.3 * unit * np.sin(t * rng.uniform(5, 11) + rng.uniform(0, 6))
    path = np.stack([left[0] + (right[0] - left[0]) * t, y], 1)
    if at(water, path.astype(np.float32)).mean() > 0.9:
        scroll.brush.stroke(path, float(rng.uniform(0.8, 1.5)) * unit, tone * rng.uniform(0.5, 1), "orchid", dry=0.3)


def _wave(scroll: Scroll, crest: Path, water: Field) -> None:
    """Draw the crest of a wave in strokes, and a wash under it."""
    rng, unit = scroll.rng, scroll.unit
    shape = scroll.view.shape
    start = 0
    while start < len(crest) - 6:
        stop = start + int(rng.integers(9, 26))
        part = crest[start:stop]
        deep = float(part[:, 1].mean()) / shape[0] if len(part) else 0.0
        if len(part) > 4 and at(water, part.astype(np.float32)).mean() > 0.7 and rng.random() < 0.85:
            scroll.brush.stroke(part, (1.0 + 1.8 * deep) * unit, 0.25 + 0.5 * deep, "orchid", dry=0.4)
            if rng.random() < 0.5:
                scroll.brush.stroke(
                    part + np.array([0, 7 * unit]), (6 + 12 * deep) * unit, 0.12, "orchid", dry=0.3, wet=True
                )
        start = stop + int(rng.integers(0, 3))
