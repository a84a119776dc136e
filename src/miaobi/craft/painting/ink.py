"""水墨 ink wash: five tones of ink (墨分五色) and the bare paper (留白).

What is far is pale, what is near is dark; land is washed (`landscape_ink`), what grows is dotted (`growth_ink`);
people, animals, boats and houses are strokes of a brush that presses and lifts (勾勒) over washes that don't fill them.
Colour is a breath of ochre and indigo (浅绛) but for what was told to have one.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.painting.brush import Brush, Manner
from miaobi.craft.painting.contour import Form, strokes_of
from miaobi.craft.painting.growth_ink import growth
from miaobi.craft.painting.land import LEFT_OUT, luminary_of
from miaobi.craft.painting.landscape_ink import land
from miaobi.craft.painting.paper import tooth, xuan
from miaobi.craft.painting.scroll import WIDEST, Scroll
from miaobi.craft.painting.stroke import Stroke, at, scattered
from miaobi.craft.painting.view import Field, Pixels, View
from miaobi.craft.painting.wash import bled, dried, feathered, granulated, hairs, mottled, soft

_INK = np.array([24, 24, 29], np.float32)
_THIN = np.array([70, 76, 88], np.float32)
_LAND = ("sky", "cloud", "mist", "glow", "mountain", "ground", "grass", "sand", "snow", "water", "foliage", "bark")
_ROCKS = frozenset({"growth", "foreground stones", "islet", "headland", "stones"})


def ink(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture as an ink painting."""
    paper = xuan(rng, view.shape, view.unit).astype(np.float32)
    small = view.of(lambda layer: layer.name not in LEFT_OUT, min(WIDEST, view.shape[1]))
    brush = Brush(view.shape, view.shape[1] / small.shape[1], rng, strokes)
    blank = np.zeros(small.shape, np.float32)
    scroll = Scroll(small, view, brush, rng, blank, blank.copy(), int(rng.integers(2**32)))
    land(scroll)
    _figures(scroll)
    growth(scroll)
    _set_off(scroll)
    _stones(scroll)
    _contours(scroll)
    _weather(scroll)
    return _finished(scroll, paper, strokes)


def _finished(scroll: Scroll, paper: Field, strokes: list[Stroke] | None) -> Pixels:
    """Let the washes bleed and dry, and lay them, the strokes and the colours on the paper."""
    rng, small, whole = scroll.rng, scroll.view, scroll.whole
    size = (whole.shape[1], whole.shape[0])
    wet = np.clip(0.10 + 0.9 * (small.depth - 0.25), 0, 0.75)
    land_ = dried(rng, bled(rng, scroll.tone, small.unit, wet), small.unit)
    reserved = cv2.GaussianBlur(luminary_of(small).astype(np.float32), (0, 0), 0.8 * small.unit)
    land_ *= 1 - reserved
    figures = bled(rng, scroll.figures, 0.5 * small.unit, 0.0)
    tone = np.clip(1 - (1 - np.clip(land_, 0, 0.9)) * (1 - np.clip(figures, 0, 0.93)), 0, 0.95)
    washed = np.clip(cv2.resize(tone, size, interpolation=cv2.INTER_CUBIC), 0, 0.95)
    grain = tooth(rng, whole.shape, max(1.5, 1.7 * whole.unit))
    washed = granulated(washed, grain)
    lines = scroll.brush.line
    lines = lines * (1 - 0.55 * (1 - lines) * (1 - grain))  # pale ink sinks into the hollows, dark ink covers
    lines = np.maximum(lines, feathered(rng, scroll.brush.wet, whole.unit))
    painted = _inked(scroll, paper, 1 - (1 - washed) * (1 - np.clip(lines, 0, 0.97)))
    if strokes is not None:
        from miaobi.craft.painting.tracing import graded

        strokes[:0] = graded(_inked(scroll, paper, washed), 12)
    return painted


def _inked(scroll: Scroll, paper: Field, total: Field) -> Pixels:
    """Return *total* of ink on the paper, cool where it is thin, with the colours."""
    thin = np.clip(1.15 - 1.9 * total, 0, 1)[:, :, None]
    painted = paper + (_INK + (_THIN - _INK) * thin - paper) * total[:, :, None]
    for stained in (_colour, _sun):
        stained(scroll, painted, np.random.default_rng(scroll.pigments))
    return np.clip(painted, 0, 255).astype(np.uint8)


def _figures(scroll: Scroll) -> None:
    """Wash what is neither land nor plant: five tones, light and shade melted into each other, the light left bare."""
    view, unit, rng = scroll.view, scroll.unit, scroll.rng
    things = ~view.made_of(*_LAND, "light")
    forms = scroll.forms
    label = forms.label
    number = len(forms.forms) + 1
    count = np.maximum(np.bincount(label.ravel(), minlength=number), 1)
    mean = np.bincount(label.ravel(), view.light.ravel(), minlength=number) / count
    own = mean.astype(np.float32)[label]
    weight = soft(things.astype(np.float32), 2.6 * unit) + np.float32(1e-3)
    melted = soft(np.where(things, view.light, 0).astype(np.float32), 2.6 * unit) / weight
    full = np.clip(forms.inside / np.maximum(forms.girth[label], 1), 0, 1)  # 1 in the middle of a form
    tone = _five_tones(own) * np.clip(1.12 + 2.8 * (own - melted) - 0.42 * full, 0.18, 2.0)
    tone += np.clip(own - melted - 0.04, 0, 1) * 0.9
    thin = forms.girth[label] < 2.4 * unit
    near = np.clip(1.12 - 1.25 * view.depth, 0.16, 1)
    built = ~view.of_subject
    plain = built & view.made_of("wall", "stone", "wood", "paper")
    dark = built & view.made_of("roof", "glass")
    tone = np.where(view.of_subject & view.made_of("roof"), 0.16 + 1.15 * tone, tone)
    tone = np.where(plain, 0.42 * tone, np.where(dark, 0.15 + 1.1 * tone, np.where(built, 0.6 * tone, tone)))
    marks = hairs(rng, view.direction, unit) * np.where(built | (forms.girth[label] > 90 * unit), 0.15, 0.75)
    tone = tone * (0.92 + 0.40 * mottled(rng, view.shape, 24, 4, 0.6)) * (0.25 + 0.75 * near)
    tone += np.clip(tone * 3, 0, 1) * (0.75 - tone) * 0.34 * marks
    bare = np.clip((melted - own) * 5 + 0.9 * full - 0.55 + 0.5 * marks, 0, 1) * view.of_subject
    tone *= 1 - 0.55 * bare * (1 - np.clip((tone - 0.7) * 4, 0, 1))  # the hairs leave what the light falls on
    tone = np.where(thin, np.maximum(tone, (0.62 - 0.45 * own) * near), tone)
    tone = np.where(things, np.clip(tone, 0, 0.93), 0).astype(np.float32)
    aside = np.array([[1, 0, -view.side * 1.7 * unit], [0, 1, 0.8 * unit]])  # a wash never fills its outline
    moved = cv2.warpAffine(tone, aside, (view.shape[1], view.shape[0]))
    scroll.figures[:] = np.where(thin, tone, np.where(view.of_subject, moved, tone))


def _five_tones(light: Field) -> Field:
    """Return clear, pale, heavy, thick or burnt ink for a lightness 0–1, nearly in steps."""
    return np.asarray(
        np.interp(
            light,
            [0.0, 0.13, 0.2, 0.32, 0.38, 0.50, 0.56, 0.68, 0.76, 0.84],
            [0.92, 0.86, 0.7, 0.62, 0.42, 0.36, 0.20, 0.15, 0.05, 0.0],
        ),
        np.float32,
    )


def _set_off(scroll: Scroll) -> None:
    """Keep off whoever is there: leave a rim of paper about them, and wash lightly about what is white (烘托)."""
    view, unit, brush = scroll.view, scroll.unit, scroll.brush
    bodies = view.of_subject & ~view.made_of(*_LAND, "light")
    kept = 1 - 0.75 * np.clip(soft(bodies.astype(np.float32), 7 * unit) * 2.2 - 0.15, 0, 1)
    kept[view.of_subject] = 1
    scroll.tone *= kept
    scroll.figures *= np.where(view.depth > np.float32(0.2), kept, 1)
    behind = cv2.resize(kept, (brush.line.shape[1], brush.line.shape[0]))
    brush.line *= behind
    brush.wet *= behind
    pale = (bodies & (view.light > 0.72)).astype(np.float32)
    about = np.clip(soft(pale, 16 * unit) * 2.0, 0, 1) * ~view.of_subject
    ragged = np.clip(0.75 + 0.7 * mottled(scroll.rng, view.shape, 9, 4), 0.1, 1.3)
    scroll.tone[:] = np.maximum(scroll.tone, 0.20 * about * ragged)


def _stones(scroll: Scroll) -> None:
    """Cut rock with the side of the brush (斧劈皴): dry wedges down the faces that are turned from the light."""
    view, unit, rng = scroll.view, scroll.unit, scroll.rng
    wild = [n for n, layer in enumerate(view.drawing.layers, start=1) if _ROCKS & {layer.name, layer.subject}]
    rock = view.made_of("stone") & np.isin(view.layer, wild)
    if not rock.any():
        return
    spots = scattered(rng, view.shape, 9 * unit)
    spots = spots[at(rock, spots).astype(bool)]
    dark = np.clip(0.80 - at(view.light, spots).astype(np.float32), 0.04, 0.7)
    spots = spots[rng.random(len(spots)) < 1.1 * dark]
    for x, y in spots.tolist():
        near = float(np.clip(1.1 - 1.2 * view.depth[int(y), int(x)], 0.2, 1))
        load = float(np.clip(1.05 - view.light[int(y), int(x)] * 1.3, 0.15, 1))
        turn = float(rng.normal(1.25 if rng.random() < 0.7 else 2.0, 0.22))
        long = float(rng.uniform(9, 24)) * unit * (0.5 + 0.7 * near)
        path = np.array([[x, y]]) + np.array([np.cos(turn), np.sin(turn)]) * long * np.linspace(0, 1, 6)[:, None]
        end = path[-1].astype(int)
        if not (0 <= end[0] < view.shape[1] and 0 <= end[1] < view.shape[0] and rock[end[1], end[0]]):
            continue
        wide = float(rng.uniform(2.0, 6.5)) * unit * (0.4 + 0.7 * near)
        scroll.brush.stroke(path, wide, (0.2 + 0.7 * near) * load * 0.8, "wedge", dry=0.8)


def _contours(scroll: Scroll) -> None:
    """Draw outlines with a brush that presses, turns and lifts; it is dipped anew when it has run dry."""
    view, unit, rng = scroll.view, scroll.unit, scroll.rng
    layers = view.drawing.layers
    skipped = {*_LAND, "light"} - {"bark"}

    def wanted(form: Form) -> bool:
        return form.material not in skipped and layers[form.layer - 1].depth < 0.7

    load = 1.0
    for number, line in scroll.forms.contours(wanted, 7 * unit):
        form, girth = scroll.forms.forms[number - 1], float(scroll.forms.girth[number])
        if girth < 2.4 * unit:
            continue  # what is that thin is a stroke itself
        layer = layers[form.layer - 1]
        near = float(np.clip(1.10 - 1.25 * layer.depth, 0.14, 1))
        subject = bool(layer.subject)
        own = float(form.tone[0])
        if not subject and len(line) < (26 + 60 * layer.depth) * unit:
            continue
        small = float(np.clip(len(line) / (170 * unit), 0.35, 1))
        width = (1.2 + (4.8 if subject else 2.4) * near) * unit * small
        tone = (0.20 + 0.72 * near) * (1.0 if subject else 0.8)
        for path in strokes_of(line, rng, unit, (150 if subject else 260) * unit):
            load = 1.0 if load < 0.45 or rng.random() < 0.12 else load * float(rng.uniform(0.82, 0.98))
            turned = (path[len(path) // 2] - line.mean(0)) @ np.array([-view.side, 0.7])
            if rng.random() < (0.55 if own < 0.42 else 0.10 if turned > 0 else 0.26):
                continue  # lost edges: what is dark has one already, what is lit needs none
            shaded = 1.18 if turned > 0 else 0.72
            manner: Manner = "nail" if rng.random() < 0.45 else "orchid" if rng.random() < 0.7 else "wire"
            way = path if rng.random() < 0.65 else path[::-1]
            scroll.brush.stroke(
                way, width * shaded * rng.uniform(0.75, 1.2), tone * (0.62 + 0.38 * load), manner, dry=0.75 - 0.6 * load
            )


def _weather(scroll: Scroll) -> None:
    """Let it rain in slanting strokes; snow is left out of what is dark when all is laid."""
    rng, unit, view = scroll.rng, scroll.unit, scroll.view
    for layer in scroll.layers:
        if layer.name == "rain":
            for shape in layer.shapes:
                ring = shape.rings[0] * scroll.scale
                path = ring[0] + (ring[3] - ring[0]) * np.linspace(0, 1.6, 7)[:, None]
                if rng.random() < 0.7:
                    scroll.brush.stroke(path, 1.1 * unit, float(rng.uniform(0.10, 0.32)), "blade", dry=0.2)
        elif layer.name == "snowfall":
            for shape in layer.shapes:
                x, y = shape.rings[0].mean(0) * scroll.scale
                r = float(np.ptp(shape.rings[0][:, 0])) * scroll.scale / 2
                at_ = (round(x), round(y))
                for field in (scroll.tone, scroll.figures):
                    cv2.circle(field, at_, max(1, round(r)), 0.0, -1)
    del view


def _sun(scroll: Scroll, painted: Field, rng: np.random.Generator) -> None:
    """Press a low sun in pale cinnabar."""
    air = scroll.whole.drawing
    disc = luminary_of(scroll.view)
    if not scroll.has("sun") or not disc.any():
        return
    height = float(np.flatnonzero(disc.any(axis=1)).mean()) / scroll.view.shape[0] * air.height / max(1.0, air.horizon)
    if height < 0.45:
        return
    uneven = 0.55 + 0.12 * mottled(rng, scroll.view.shape, 30, 3)
    share = cv2.GaussianBlur(disc.astype(np.float32), (0, 0), 1.0 * scroll.unit) * uneven
    share = cv2.resize(share, (painted.shape[1], painted.shape[0]))[:, :, None]
    painted += (painted * np.array([205, 84, 62], np.float32) / 255 - painted) * np.clip(share, 0, 1)


def _colour(scroll: Scroll, painted: Field, rng: np.random.Generator) -> None:
    """Stain: what was told a colour, what is red; ochre on earth and bark, indigo far off and in leaves (浅绛)."""
    view = scroll.view
    lab = cv2.cvtColor(view.colour, cv2.COLOR_RGB2LAB).astype(np.float32)
    red, blue = lab[:, :, 1] - 128, lab[:, :, 2] - 128
    chroma = np.hypot(red, blue)
    warm = np.clip((red - 16) / 24, 0, 1) * np.clip((chroma - 26) / 22, 0, 1)
    warm[view.made_of("sky", "cloud", "mist", "mountain", "water", "ground", "grass")] = 0
    warm[~view.of_subject] *= 0.6
    body = np.maximum(warm, view.coloured * np.clip((chroma - 8) / 14, 0, 1))
    lamp = view.made_of("light") * np.clip((blue - 14) / 30, 0, 1) * ~luminary_of(view)
    beast = view.made_of("fur", "feather", "flower", "scale") & view.of_subject
    share = soft(
        np.maximum.reduce(
            [body * 0.80, lamp * 0.55, 0.55 * beast * np.clip((red - 8) / 10, 0, 1) * np.clip((chroma - 16) / 10, 0, 1)]
        ).astype(np.float32),
        1.4 * view.unit,
    )
    share *= 1 + 0.22 * mottled(rng, view.shape, 18, 4)
    cold = 0.4 if scroll.night or scroll.white else 1.0
    clouds = np.clip(0.75 + 0.6 * mottled(rng, view.shape, 7, 4), 0.1, 1.4) * cold
    ochre = 0.16 * view.made_of("ground", "bark", "skin") + 0.09 * view.made_of("sand")
    ochre = ochre + 0.06 * view.made_of("stone", "wood", "grass")
    ochre = ochre + 0.10 * view.made_of("mountain") * (view.depth < 0.66)
    indigo = 0.26 * view.made_of("mountain") * (view.depth >= 0.66) + 0.20 * view.made_of("foliage")
    ochre, indigo = (soft((field * clouds).astype(np.float32), 7 * view.unit) for field in (ochre, indigo))
    full = (painted.shape[1], painted.shape[0])
    stains = [cv2.resize(field, full) for field in (share, ochre, indigo)]
    pigment = cv2.resize(view.colour, full, interpolation=cv2.INTER_LINEAR)
    warm_full = cv2.resize(body.astype(np.float32), full)
    for top in range(0, len(painted), 256):  # in strips: a picture of 4,096 px has eleven million pixels
        here = slice(top, top + 256)
        under = painted[here]
        under *= 1 - stains[1][here, :, None] * (1 - np.array([198, 148, 96], np.float32) / 255)
        under *= 1 - stains[2][here, :, None] * (1 - np.array([104, 132, 158], np.float32) / 255)
        colour = pigment[here].astype(np.float32)
        glazed = under * (0.35 + 0.65 * colour / 255) * 1.04
        covered = under * 0.25 + colour * np.float32(0.75)
        mixed = np.where((warm_full[here] > 0.2)[:, :, None], covered, glazed)
        under += (mixed - under) * np.clip(stains[0][here, :, None], 0, 1)
