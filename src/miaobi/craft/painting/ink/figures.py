"""People, animals, boats, houses, rocks in ink: washes that don't fill their outlines, and outlines by a brush that
presses, lifts and runs dry (勾勒); what is dark is painted without any (没骨)."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.painting.contour import Form, strokes_of
from miaobi.craft.painting.ink.brush import Manner
from miaobi.craft.painting.ink.scroll import Scroll
from miaobi.craft.painting.stroke import at, scattered
from miaobi.craft.painting.view import Field
from miaobi.craft.painting.wash import hairs, mottled, soft

_LAND = ("sky", "cloud", "mist", "glow", "mountain", "ground", "grass", "sand", "snow", "water", "foliage", "bark")
_ROCKS = frozenset({"growth", "foreground stones", "islet", "headland", "stones"})


def figures(scroll: Scroll) -> None:
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


def outlined(scroll: Scroll) -> None:
    """Draw what is neither land nor plant with the brush, after all that lies behind it."""
    _set_off(scroll)
    _stones(scroll)
    _contours(scroll)


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
