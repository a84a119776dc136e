"""水墨 ink wash: five tones of ink (墨分五色) and the bare paper (留白).

What is far is pale, what is near is dark; land is washed (`landscape`), what grows is dotted (`growth`);
people, animals, boats and houses are outlined (`figures`).
Colour is a breath of ochre and indigo (浅绛) but for what was told to have one.
"""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.painting.ink.brush import Brush
from miaobi.craft.painting.ink.figures import figures, outlined
from miaobi.craft.painting.ink.growth import growth
from miaobi.craft.painting.ink.landscape import land
from miaobi.craft.painting.ink.scroll import WIDEST, Scroll
from miaobi.craft.painting.land import LEFT_OUT, luminary_of
from miaobi.craft.painting.paper import tooth, xuan
from miaobi.craft.painting.stroke import Stroke
from miaobi.craft.painting.view import Field, Pixels, View
from miaobi.craft.painting.wash import bled, dried, feathered, granulated, mottled, soft

_INK = np.array([24, 24, 29], np.float32)
_THIN = np.array([70, 76, 88], np.float32)
_OCHRE, _INDIGO, _CINNABAR = (np.array(c, np.float32) / 255 for c in ((198, 148, 96), (104, 132, 158), (205, 84, 62)))


def ink(view: View, rng: np.random.Generator, strokes: list[Stroke] | None = None) -> Pixels:
    """Return the picture as an ink painting."""
    paper = xuan(rng, view.shape, view.unit).astype(np.float32)
    small = view.of(lambda layer: layer.name not in LEFT_OUT, min(WIDEST, view.shape[1]))
    brush = Brush(view.shape, view.shape[1] / small.shape[1], rng, strokes)
    blank = np.zeros(small.shape, np.float32)
    scroll = Scroll(small, view, brush, rng, blank, blank.copy(), int(rng.integers(2**32)))
    land(scroll)
    figures(scroll)
    growth(scroll)
    outlined(scroll)
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
    drawn = bled(rng, scroll.figures, 0.5 * small.unit, 0.0)
    tone = np.clip(1 - (1 - np.clip(land_, 0, 0.9)) * (1 - np.clip(drawn, 0, 0.93)), 0, 0.95)
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


def _weather(scroll: Scroll) -> None:
    """Let it rain in slanting strokes; flakes of snow are left out of what was laid (留白)."""
    rng, brush = scroll.rng, scroll.brush
    for layer in scroll.layers:
        for shape in layer.shapes if layer.name in ("rain", "snowfall") else ():
            ring = shape.rings[0] * scroll.scale
            if layer.name == "snowfall":
                middle, radius = ring.mean(0), float(np.ptp(ring[:, 0])) / 2
                for field, grow in (
                    (scroll.tone, 1),
                    (scroll.figures, 1),
                    (brush.line, brush.grow),
                    (brush.wet, brush.grow),
                ):
                    cv2.circle(
                        field, np.round(middle * grow).astype(int).tolist(), max(1, round(radius * grow)), 0.0, -1
                    )
            elif rng.random() < 0.7:
                path = ring[0] + (ring[3] - ring[0]) * np.linspace(0, 1.6, 7)[:, None]
                brush.stroke(path, 1.1 * scroll.unit, float(rng.uniform(0.10, 0.32)), "blade", dry=0.2)


def _sun(scroll: Scroll, painted: Field, rng: np.random.Generator) -> None:
    """Press a sun that is nearer to the horizon than to the top in pale cinnabar."""
    view, horizon = scroll.view, scroll.whole.drawing.horizon * scroll.scale
    disc = luminary_of(view)
    if not scroll.has("sun") or not disc.any() or float(np.flatnonzero(disc.any(axis=1)).mean()) < 0.45 * horizon:
        return
    uneven = 0.55 + 0.12 * mottled(rng, view.shape, 30, 3)
    share = cv2.GaussianBlur(disc.astype(np.float32), (0, 0), 1.0 * view.unit) * uneven
    share = cv2.resize(share, (painted.shape[1], painted.shape[0]))[:, :, None]
    painted += (painted * _CINNABAR - painted) * np.clip(share, 0, 1)


def _colour(scroll: Scroll, painted: Field, rng: np.random.Generator) -> None:
    """Stain: what was told a colour, what is red; ochre on earth and bark, indigo far off and in leaves (浅绛)."""
    view = scroll.view
    body, share = _pigmented(scroll)
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
        under *= 1 - stains[1][here, :, None] * (1 - _OCHRE)
        under *= 1 - stains[2][here, :, None] * (1 - _INDIGO)
        colour = pigment[here].astype(np.float32)
        glazed = under * (0.35 + 0.65 * colour / 255) * 1.04
        covered = under * 0.25 + colour * np.float32(0.75)
        mixed = np.where((warm_full[here] > 0.2)[:, :, None], covered, glazed)
        under += (mixed - under) * np.clip(stains[0][here, :, None], 0, 1)


def _pigmented(scroll: Scroll) -> tuple[Field, Field]:
    """Return where a colour lies as a body (told ones, strong reds) and how strong any is, 0–1."""
    view = scroll.view
    lab = cv2.cvtColor(view.colour, cv2.COLOR_RGB2LAB).astype(np.float32)
    red, blue = lab[:, :, 1] - 128, lab[:, :, 2] - 128
    chroma = np.hypot(red, blue)
    warm = np.clip((red - 16) / 24, 0, 1) * np.clip((chroma - 26) / 22, 0, 1)
    warm[view.made_of("sky", "cloud", "mist", "mountain", "water", "ground", "grass")] = 0
    warm[~view.of_subject] *= 0.6
    body = np.maximum(0.7 * warm, view.coloured * np.clip((chroma - 8) / 14, 0, 1))
    lamp = view.made_of("light") * np.clip((blue - 14) / 30, 0, 1) * ~luminary_of(view)
    beast = view.made_of("fur", "feather", "flower", "scale") & view.of_subject
    breath = beast * np.clip((red - 8) / 10, 0, 1) * np.clip((chroma - 16) / 10, 0, 1)
    share = np.maximum.reduce([body * 0.80, lamp * 0.55, 0.55 * breath])
    return body, soft(share.astype(np.float32), 1.4 * view.unit)
