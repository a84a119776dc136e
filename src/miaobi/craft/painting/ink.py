"""水墨 ink wash: five tones of ink (墨分五色) and the bare paper (留白).

What is far is pale, what is near is dark; mountains fade into mist at the foot; sky and water are left, and the moon
is
reserved from a wash about it (烘云托月).
Washes bleed on xuan paper (渲染); contours press and lift and run dry (勾勒, 飞白);
texture strokes (皴) follow the slope, dots (点) the leaves. A little colour (淡彩) where the picture has a strong one.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.noise import fractal
from miaobi.craft.painting.paper import tooth, xuan
from miaobi.craft.painting.stroke import Stroke, at, scattered, traced
from miaobi.craft.painting.view import Field, Pixels, View

_INK = np.array([26, 25, 30], np.float32)


def ink(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture as an ink painting."""
    shape, unit = view.shape, view.unit
    paper = xuan(rng, shape, unit).astype(np.float32)
    density = _washes(view, rng)
    _seal_edges(view, rng, density)
    lines = np.zeros(shape, np.float32)
    _texture(view, rng, lines, strokes)
    _dots(view, rng, lines, strokes)
    _contours(view, rng, lines, strokes)
    grain = tooth(rng, shape, max(1.5, 1.9 * unit))
    lines *= np.clip(0.78 + 0.5 * (grain - 0.35), 0.35, 1)  # dry brush skips the hollows
    total = 1 - (1 - np.clip(density, 0, 0.9)) * (1 - np.clip(lines, 0, 0.96))
    tone = _INK + (_tinted(view, density) - _INK) * 1.0
    painted = paper + (tone - paper) * total[:, :, None]
    _colour(view, rng, painted, density)
    if strokes is not None:
        from miaobi.craft.painting.tracing import washes

        strokes[:0] = washes(
            np.clip(paper + (_INK - paper) * np.clip(density, 0, 0.9)[:, :, None], 0, 255).astype(np.uint8), 9
        )
    return np.clip(painted, 0, 255).astype(np.uint8)


def _washes(view: View, rng: np.random.Generator) -> Field:
    """Return the density of the washes, 0–1: by darkness and nearness, bled into the paper."""
    shape, unit = view.shape, view.unit
    light = view.light
    sky = view.made_of("sky", "cloud", "mist", "glow", "light")
    pale = float(np.percentile(light[sky], 70)) if sky.any() else 0.9
    night = pale < 0.45
    reference = max(pale, 0.62)
    dark = np.clip((reference - light) / reference, 0, 1) ** 1.15
    if night:
        dark = np.clip(0.72 - light * 1.15, 0, 1)
    near = np.clip(1 - 0.85 * view.depth, 0.16, 1)
    density = dark * (0.30 + 0.95 * near**1.2)
    water = view.made_of("water")
    density[water] *= 0.42
    air = 0.34 if night else 0.13
    up = np.clip(1 - np.arange(shape[0], dtype=np.float32) / (0.55 * shape[0]), 0, 1)[:, None]
    cloudy = np.asarray(
        cv2.resize(fractal(rng, (shape[0] // 4 + 1, shape[1] // 4 + 1), 4, 4), (shape[1], shape[0])), np.float32
    )
    wash = air * up * (0.7 + 0.9 * cloudy)
    density[sky] = np.clip(wash, 0, 1)[sky] if not night else np.clip(wash * 1.6 + 0.10, 0, 1)[sky]
    density[view.made_of("light") & (light > 0.75)] = 0.0
    density[view.made_of("snow")] *= 0.35
    columns, rows = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in reversed(shape)))
    small = (shape[0] // 3 + 1, shape[1] // 3 + 1)
    shift = [
        np.asarray(cv2.resize(fractal(rng, small, 46, 4, 0.62), (shape[1], shape[0])), np.float32)
        * np.float32(6.5 * unit)
        for _ in range(2)
    ]
    bled = cv2.remap(
        density.astype(np.float32), columns + shift[0], rows + shift[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    soft = cv2.GaussianBlur(bled, (0, 0), 5.5 * unit)
    softer = cv2.GaussianBlur(bled, (0, 0), 15 * unit)
    away = np.clip(view.depth * 1.3, 0, 1)
    out = bled * (1 - 0.72 * away) + (0.6 * soft + 0.4 * softer) * (0.72 * away)
    out = 0.62 * out + 0.38 * soft
    pooled = np.clip(bled - soft, 0, 1)
    out += 0.55 * pooled
    out *= 0.86 + 0.50 * cloudy
    return np.clip(out * 1.25, 0, 0.93).astype(np.float32)


def _seal_edges(view: View, rng: np.random.Generator, density: Field) -> None:
    """Let mist eat the feet of what is far: 留白 between the layers."""
    shape = view.shape
    far = view.made_of("mountain", "foliage", "grass", "stone") & (view.depth > 0.3)
    if not far.any():
        return
    below = np.zeros(shape, np.float32)
    run = np.zeros(shape[1], np.float32)
    tall = np.float32(0.10 * shape[0])
    for y in range(shape[0] - 1, -1, -1):  # how far above the foot of its own mass a pixel lies
        same = far[y]
        run = np.where(same, run + 1, 0)
        below[y] = run
    fade = np.clip(below / tall, 0, 1) ** 0.8
    drift = np.asarray(
        cv2.resize(fractal(rng, (shape[0] // 4 + 1, shape[1] // 4 + 1), 5, 4, stretch=3), (shape[1], shape[0])),
        np.float32,
    )
    fade = np.clip(fade + 0.35 * drift, 0.03, 1)
    fade = cv2.GaussianBlur(fade, (0, 0), 14 * view.unit, sigmaY=3 * view.unit)  # tufts would leave streaks
    density[far] *= fade[far]
    _ridges(view, drift, density)


def _ridges(view: View, drift: Field, density: Field) -> None:
    """Wash each range from its ridge downwards (渲染), dark above and gone below, the nearer range the darker: the foot
    of the farther one is the mist that the nearer one's ridge stands against."""
    rows = np.arange(view.shape[0], dtype=np.float32)[:, None]
    tall = np.float32(0.085 * view.shape[0])
    mountain = view.made_of("mountain")
    for number, depth in enumerate(view.depths, start=1):
        mask = (view.layer == number) & mountain
        if depth < 0.25 or not mask.any():
            continue
        ridge = np.where(mask.any(axis=0), mask.argmax(axis=0), view.shape[0]).astype(np.float32)
        beneath = np.clip(rows - ridge[None, :], 0, None) / (tall * (0.8 + 1.3 * np.clip(drift + 0.3, 0, 1)))
        wash = (0.46 * (1.15 - depth) + 0.05) * np.exp(-beneath)
        wash = cv2.GaussianBlur(np.where(mask, wash, 0).astype(np.float32), (0, 0), 1.6 * view.unit)
        density[mask] = np.maximum(density[mask] * 0.7, wash[mask])


def _contours(view: View, rng: np.random.Generator, out: Field, strokes: list[Stroke] | None) -> None:
    """Draw outlines with a brush that presses, turns and lifts."""
    unit, shape = view.unit, view.shape
    light = cv2.GaussianBlur(view.light, (0, 0), 1.2 * unit + 0.4)
    tones = np.digitize(
        light, np.quantile(light[:: max(1, shape[0] // 300), :: max(1, shape[1] // 300)], [0.12, 0.3, 0.5, 0.7])
    )
    skip = view.made_of("sky", "mist", "glow", "water", "grass", "light", "snow")
    overcloud = view.made_of("cloud").mean() > 0.3  # seen from above them, clouds are the ground
    for number, depth in enumerate(view.depths, start=1):
        mask = (view.layer == number) & ~skip
        if not mask.any():
            continue
        weight = float(np.clip(1.08 - 1.05 * depth, 0.14, 1))
        if view.made_of("cloud")[mask].mean() > 0.5:
            if not overcloud:  # in a sky clouds are the paper that the wash leaves
                continue
            weight = 0.24
        if depth > 0.25 and view.made_of("mountain")[mask].mean() > 0.5:
            weight *= 0.55  # their wash has an edge of its own
        size = (0.9 + 4.4 * weight**1.6) * unit
        inner = [
            mask
            & (tones == t)
            & view.made_of("mountain", "stone", "cloth", "fur", "feather", "roof", "wood", "wall", "bark")
            for t in (0, 1)
        ]
        for region, strength in ((mask, 1.0), *[(i, 0.55) for i in inner]):
            found, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
            for contour in found:
                if len(contour) > 26 * unit:
                    _brushed(
                        contour[:, 0].astype(np.float32), view, rng, out, size * strength, weight * strength, strokes
                    )


def _brushed(
    line: Field,
    view: View,
    rng: np.random.Generator,
    out: Field,
    size: float,
    weight: float,
    strokes: list[Stroke] | None,
) -> None:
    unit = view.unit
    smooth = max(3, round(5 * unit) | 1)
    kernel = np.ones(smooth) / smooth
    if len(line) <= smooth * 2:
        return
    line = np.stack([np.convolve(line[:, k], kernel, "valid") for k in (0, 1)], 1).astype(np.float32)
    start = 0
    height, width = view.shape
    while start < len(line) - 8:
        long = int(rng.uniform(34, 150) * unit)
        part = line[start : start + long : max(1, round(2 * unit))]
        start += long - int(rng.uniform(-8, 10) * unit)  # now and then the brush leaves a gap
        if len(part) < 5 or rng.random() < 0.10:
            continue
        rim = 3 * unit
        inside = (part[:, 0] > rim) & (part[:, 0] < width - rim) & (part[:, 1] > rim) & (part[:, 1] < height - rim)
        if inside.mean() < 0.9:
            continue
        t = np.linspace(0, 1, len(part))
        press = (np.sin(np.pi * np.clip(t * 0.92 + 0.06, 0, 1)) ** 0.55) * (0.65 + 0.5 * rng.random())
        heading = np.gradient(part, axis=0)
        heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-6)
        normal = np.stack([-heading[:, 1], heading[:, 0]], 1)
        shade = 0.75 + 0.45 * np.clip(-(normal[:, 0] * view.side) * 0.5 + 0.2, -0.5, 0.5)
        half = np.maximum(0.35, size * 0.5 * press * shade)[:, None] * (1 + 0.18 * rng.normal(size=(len(part), 1)))
        ring = np.concatenate([part + normal * half, (part - normal * half)[::-1]])
        x0, y0 = np.floor(ring.min(0)).astype(int) - 2
        x1, y1 = np.ceil(ring.max(0)).astype(int) + 3
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
        patch = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(patch, [np.round((ring - [x0, y0]) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        strength = weight * float(rng.uniform(0.62, 1.0))
        there = out[y0:y1, x0:x1]
        np.maximum(there, patch.astype(np.float32) * np.float32(strength / 255), out=there)
        if strokes is not None:
            strokes.append(
                Stroke(part[:: max(1, len(part) // 12)].astype(np.float32), float(half.mean() * 2), "#1a191e", strength)
            )


def _texture(view: View, rng: np.random.Generator, out: Field, strokes: list[Stroke] | None) -> None:
    """Lay 皴 on rock and ground, along the slope, where it is dark."""
    unit = view.unit
    body = view.made_of("mountain", "stone", "ground", "bark", "roof", "fur")
    spots = scattered(rng, view.shape, 7.0 * unit)
    dark = 1 - view.light
    keep = at(body, spots).astype(bool)
    keep &= rng.random(len(spots)) < np.clip((at(dark, spots).astype(np.float32) - 0.22) * 1.5, 0, 0.9)
    spots = spots[keep]
    if not len(spots):
        return
    away = at(view.depth, spots).astype(np.float32)
    paths = traced(view, view.direction + rng.normal(0, 0.05), spots, 2.6 * unit, 5)
    _pressed(
        paths,
        np.clip(0.72 - 0.62 * away, 0.12, 1) * rng.uniform(0.35, 0.9, len(paths)),
        (0.6 + 1.6 * (1 - away)) * unit,
        out,
        strokes,
    )


def _pressed(paths: Field, weights: Field, widths: Field, out: Field, strokes: list[Stroke] | None) -> None:
    """Draw short strokes that swell and taper; the darkest wins where they cross."""
    order = np.argsort(weights)
    levels = np.clip((weights * 10).astype(int), 0, 9)
    for level in range(10):
        chosen = order[levels[order] == level]
        if not len(chosen):
            continue
        rings = []
        for i in chosen:
            path = paths[i]
            heading = np.gradient(path, axis=0)
            heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-6)
            normal = np.stack([-heading[:, 1], heading[:, 0]], 1)
            swell = (np.sin(np.linspace(0.12, np.pi - 0.02, len(path))) * widths[i])[:, None]
            rings.append(
                np.round(np.concatenate([path + normal * swell, (path - normal * swell)[::-1]]) * 16).astype(np.int32)
            )
            if strokes is not None:
                strokes.append(Stroke(path[::2], float(widths[i] * 1.4), "#1a191e", float(weights[i])))
        patch = np.zeros(out.shape, np.uint8)
        for ring in rings:
            cv2.fillPoly(patch, [ring], 255, cv2.LINE_AA, 4)
        np.maximum(out, patch.astype(np.float32) * np.float32((level + 0.6) / 10 / 255), out=out)


def _dots(view: View, rng: np.random.Generator, out: Field, strokes: list[Stroke] | None) -> None:
    """Set dots for leaves (介字点), denser in the shade, and blades for grass."""
    unit = view.unit
    for materials, step, long, wide in ((("foliage", "flower"), 6.0, 3.2, 1.5), (("grass",), 9.0, 5.5, 0.7)):
        body = view.made_of(*materials)
        spots = scattered(rng, view.shape, step * unit)
        dark = np.clip(1.05 - view.light * 1.25, 0, 1)
        keep = at(body, spots).astype(bool)
        keep &= rng.random(len(spots)) < np.clip(at(dark, spots).astype(np.float32) * 1.05, 0.05, 0.85) * (
            0.9 if wide > 1 else 0.45
        )
        spots = spots[keep]
        if not len(spots):
            continue
        away = at(view.depth, spots).astype(np.float32)
        turn = rng.normal(1.2 if wide > 1 else 1.5, 0.55 if wide > 1 else 0.3, len(spots)).astype(np.float32)
        reach = (long * (1.15 - 0.8 * away) * unit * rng.uniform(0.5, 1.2, len(spots))).astype(np.float32)
        t = np.linspace(-0.5, 0.5, 5, dtype=np.float32)
        go = np.stack([np.cos(turn), np.sin(turn)], 1) * reach[:, None]
        paths = spots[:, None, :] + go[:, None, :] * t[None, :, None]
        weights = (
            np.clip(0.92 - 0.85 * away, 0.12, 1)
            * (0.25 + 0.75 * at(dark, spots).astype(np.float32))
            * rng.uniform(0.5, 1, len(spots))
        )
        _pressed(paths, weights, wide * (1.2 - 0.7 * away) * unit, out, strokes)


def _tinted(view: View, density: Field) -> Field:
    """Return the colour of the ink: cool where it is thin, warm black where it is thick."""
    thin = np.array([74, 78, 90], np.float32)
    return np.asarray(_INK + (thin - _INK) * (1 - np.clip(density * 1.4, 0, 1))[:, :, None])


def _colour(view: View, rng: np.random.Generator, painted: Field, density: Field) -> None:
    """Stain: strong warm colours, those that were told, and a breath of the rest (淡彩)."""
    lab = cv2.cvtColor(view.colour, cv2.COLOR_RGB2LAB)
    red, blue = (lab[:, :, k].astype(np.float32) - 128 for k in (1, 2))
    chroma = np.hypot(red, blue)
    warm = np.clip((red - 16) / 24, 0, 1) * np.clip((chroma - 26) / 22, 0, 1)
    warm[view.made_of("sky", "cloud", "mist", "mountain", "water")] = 0
    warm = np.maximum(warm, view.coloured * np.clip((chroma - 8) / 14, 0, 1))
    breath = 0.16 * np.clip(chroma / 40, 0, 1) * np.clip(density * 3, 0, 1)
    breath[view.made_of("sky", "cloud")] *= 0.3
    lamp = view.made_of("light") * np.clip((blue - 18) / 30, 0, 1)
    share = cv2.GaussianBlur(
        np.maximum(np.maximum(warm * 0.78, breath), lamp * 0.6).astype(np.float32), (0, 0), 1.6 * view.unit
    )
    share *= 0.85 + 0.3 * fractal(rng, (64, 64), 6, 3).mean()
    for top in range(0, len(painted), 256):  # in strips: a picture of 4,096 px has eleven million pixels
        here = slice(top, top + 256)
        under, colour = painted[here], view.colour[here]
        glazed = under * (0.35 + 0.65 * (colour.astype(np.float32) / 255)) * 1.04
        body = under * 0.25 + colour * np.float32(0.75)
        mixed = np.where((warm[here] > 0.2)[:, :, None], body, glazed)
        under += (mixed - under) * share[here, :, None]
