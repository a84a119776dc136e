"""What grows, in ink: crowns as wet blots under dots and needles (点叶), trunks by the side of the brush, woods as
horizontal dots one over the other (米点), leaves, grass and reeds each by one stroke."""

from __future__ import annotations

import cv2
import numpy as np

from miaobi.craft.drawing.shape import Layer, Shape
from miaobi.craft.painting.ink.scroll import Scroll
from miaobi.craft.painting.stroke import at, scattered
from miaobi.craft.painting.view import Field
from miaobi.craft.painting.wash import hairs, mottled, soft

_NEEDLES = ("pine", "spruce", "fir", "larch", "conifer", "cypress")
_LEAVES = ("bamboo", "lotus", "reeds", "orchid", "iris", "cattail", "willow", "rice", "wheat", "palm", "grass")
_WOODS = ("woods", "canopy", "undergrowth", "shrubs", "roofs beyond")


def growth(scroll: Scroll) -> None:
    """Paint what grows, from far to near, and the grass that was left out."""
    view = scroll.view
    foliage, bark = view.made_of("foliage"), view.made_of("bark")
    for number, layer in enumerate(view.drawing.layers, start=1):
        here = view.layer == number
        leaves, wood = here & foliage, here & bark
        if layer.name in _WOODS:
            if leaves.any() or wood.any():
                _woods(scroll, layer, leaves | wood)
            continue
        if wood.any():
            _trunk(scroll, layer, wood)
        if not leaves.any():
            continue
        kind = layer.subject or layer.name
        flowers = bool(layer.subject) and "flower" in {s.material for s in layer.shapes}
        if flowers or any(name in kind for name in _LEAVES):
            _leaves(scroll, layer, leaves)
        else:
            _crown(scroll, layer, leaves, needles=_is_needled(layer))
    for layer in scroll.layers:
        if layer.name in ("grass", "footing", "foreground grass", "foreground reeds"):
            _grass(scroll, layer)


def _is_needled(layer: Layer) -> bool:
    return any(name in layer.subject for name in _NEEDLES) or len(layer.shapes) in range(20, 30)


def _near(layer: Layer) -> float:
    return float(np.clip(1.08 - 1.1 * layer.depth, 0.15, 1))


def _woods(scroll: Scroll, layer: Layer, mask: Field) -> None:
    """Paint a wood far off: its tone gathers at the tops and is gone at the foot; dots over it."""
    rng, unit, near = scroll.rng, scroll.unit, _near(layer)
    ys = np.flatnonzero(mask.any(axis=1))
    tall = max(6.0, float(np.percentile(np.count_nonzero(mask, axis=0), 90)))
    run = _above_foot(mask)
    gone = np.clip(run / (0.8 * tall) + 0.30 * scroll.drift - 0.05, 0, 1)
    strength = (0.12 + 0.42 * near) * (0.55 if scroll.white else 1.0)
    scroll.tone[mask] = np.maximum(scroll.tone, strength * gone)[mask]
    size = float(np.clip(0.13 * tall, 2.6 * unit, 9 * unit))
    spots = scattered(rng, scroll.view.shape, 0.85 * size)
    spots = spots[(spots[:, 1] >= ys[0]) & (spots[:, 1] <= ys[-1])]
    spots = spots[at(mask, spots).astype(bool)]
    full = at(gone, spots).astype(np.float32)
    clump = at(mottled(rng, scroll.view.shape, 22, 3), spots).astype(np.float32)
    keep = rng.random(len(spots)) < np.clip(full * (0.55 + 1.1 * clump), 0, 0.9) * (0.45 if scroll.white else 1)
    spots, full = spots[keep], full[keep]
    upright = layer.name == "woods" and layer.depth < 0.45 and scroll.view.made_of("bark")[mask].mean() < 0.02
    long = size * rng.uniform(0.8, 1.5, len(spots))
    turn = rng.normal(np.pi / 2 if upright and scroll.rng.random() < 0.5 else 0.0, 0.16, len(spots))
    tones = np.clip((0.14 + 0.72 * near) * rng.uniform(0.35, 1.0, len(spots)) * (0.4 + 0.6 * full), 0, 0.9)
    scroll.brush.dots(spots, long, long * rng.uniform(0.4, 0.62, len(spots)), turn, tones)


def _above_foot(mask: Field) -> Field:
    """Return how many px of a mask lie under each, in its column."""
    flipped = mask[::-1].astype(np.float32)
    total = np.cumsum(flipped, axis=0)
    base = np.maximum.accumulate(np.where(flipped > 0, 0, total), axis=0)
    return (total - base)[::-1]


def _crown(scroll: Scroll, layer: Layer, mask: Field, *, needles: bool) -> None:
    """Paint a crown: a pale wash that has crept, darker blots from below, then dots or needles."""
    rng, unit, near = scroll.rng, scroll.unit, _near(layer)
    view = scroll.view
    dark = np.clip(0.85 - view.light * 1.1, 0, 1)
    weight = soft(mask.astype(np.float32), 5 * unit) + np.float32(1e-3)
    shade = soft(np.where(mask, dark, 0).astype(np.float32), 5 * unit) / weight
    inside = shade[mask]
    low, high = np.percentile(inside, [5, 95])
    shade = np.clip((shade - low) / (high - low + 0.05), 0, 1)
    blots = mottled(rng, view.shape, 26, 3)
    bare = 0.35 if scroll.white and not needles else 1.0
    tone = (0.14 + 0.40 * shade * np.clip(0.9 + blots, 0.3, 1.5)) * (0.35 + 0.65 * near) * bare
    scroll.tone[mask] = np.clip(tone, 0.03, 0.7)[mask]
    tall = float(np.ptp(np.flatnonzero(mask.any(axis=1)))) + 1
    size = float(np.clip(0.045 * tall, 2.2 * unit, 8.5 * unit))
    spots = scattered(rng, view.shape, 0.95 * size)
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=max(1, round(0.25 * size)))
    spots = spots[at(grown, spots).astype(bool)]
    load = at(shade, spots).astype(np.float32)
    keep = rng.random(len(spots)) < np.clip(0.22 + 0.62 * load + 0.35 * at(blots, spots), 0.04, 0.92) * (
        bare * 0.4 + 0.6
    )
    spots, load = spots[keep], load[keep]
    tones = np.clip((0.20 + 0.75 * load) * (0.2 + 0.8 * near) * rng.uniform(0.6, 1.15, len(spots)), 0.05, 0.94)
    if needles:
        for (x, y), tone_ in zip(spots.tolist(), tones.tolist(), strict=True):
            _fan(scroll, x, y, size * 2.6, float(tone_))
        return
    manner = int(rng.integers(3))  # pepper dots, the strokes of 介, round ones
    turn = rng.normal((1.2, 0.15, 0.0)[manner], (0.7, 0.35, 3.0)[manner], len(spots))
    long = size * rng.uniform(0.75, 1.35, len(spots))
    scroll.brush.dots(spots, long, long * (0.5, 0.42, 0.85)[manner], turn, tones)


def _fan(scroll: Scroll, x: float, y: float, reach: float, tone: float) -> None:
    """Draw a tuft of needles: a fan that opens upwards."""
    rng = scroll.rng
    middle = rng.normal(-np.pi / 2, 0.35)
    for angle in middle + np.linspace(-1.15, 1.15, 8) + rng.normal(0, 0.08, 8):
        long = reach * float(rng.uniform(0.7, 1.1))
        end = np.array([x + np.cos(angle) * long, y + np.sin(angle) * long * 0.85])
        path = np.array([[x, y], [(x + end[0]) / 2, (y + end[1]) / 2 - 0.05 * long], end])
        scroll.brush.stroke(path, 1.15 * scroll.unit, tone * float(rng.uniform(0.7, 1)), "blade")


def _trunk(scroll: Scroll, layer: Layer, mask: Field) -> None:
    """Paint trunk and boughs: thin ones by one dark stroke, thick ones pale inside with a dark, dry side."""
    rng, unit, near = scroll.rng, scroll.unit, _near(layer)
    view = scroll.view
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    thin = np.clip(1.2 - inside / (4.5 * unit), 0, 1)
    shade = _turned(scroll, mask)
    wide = float(inside.max())
    body = np.where(soft(inside, 4 * unit) < 2.0 * unit, 0.72, 0.16 + 0.55 * shade + 0.20 * thin)
    body *= 0.30 + 0.65 * near
    if wide < 7 * unit:
        body = (0.12 + 0.66 * near) * (0.75 + 0.35 * shade)
    body = body * (1 + 0.30 * hairs(rng, view.direction, unit))
    scroll.figures[mask] = np.clip(body, 0, 0.92)[mask]
    if wide < 7 * unit:
        return
    spots = scattered(rng, view.shape, 6.5 * unit)
    spots = spots[at(mask, spots).astype(bool)]
    keep = rng.random(len(spots)) < np.clip(0.10 + 0.8 * at(shade, spots), 0, 0.8)
    angle = view.direction
    for x, y in spots[keep].tolist():
        turn = float(angle[int(y), int(x)]) + rng.normal(0, 0.2)
        long = rng.uniform(6, 22) * unit
        go = np.array([np.cos(turn), np.sin(turn)]) * long
        t = np.linspace(0, 1, 6)[:, None]
        path = np.array([[x, y]]) + go * t + np.array([[rng.normal(0, 2), rng.normal(0, 2)]]) * unit * np.sin(3 * t)
        scroll.brush.stroke(
            path, rng.uniform(0.9, 2.6) * unit, (0.25 + 0.6 * near) * rng.uniform(0.5, 1), "nail", dry=0.6
        )


def _turned(scroll: Scroll, mask: Field) -> Field:
    """Return how far matter in *mask* is turned from the light, 0–1."""
    light = np.where(mask, scroll.view.light, 0).astype(np.float32)
    weight = soft(mask.astype(np.float32), 2.4 * scroll.unit) + np.float32(1e-3)
    smooth = soft(light, 2.4 * scroll.unit) / weight
    low, high = np.percentile(smooth[mask], [6, 94])
    return np.asarray(np.clip((high - smooth) / (high - low + 0.06), 0, 1))


def _leaves(scroll: Scroll, layer: Layer, mask: Field) -> None:
    """Paint leaves without outline (没骨): each is one press of a brush loaded unevenly."""
    near = _near(layer)
    uneven = mottled(scroll.rng, scroll.view.shape, 22, 3)
    shade = _turned(scroll, mask)
    tone = (0.22 + 0.46 * shade + 0.22 * uneven) * (0.3 + 0.7 * near)
    tone = np.where(tone > 0.34 * near + 0.1, tone * 1.2, tone)
    broad = float(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3).max()) > 12 * scroll.unit
    laid = scroll.tone if broad else scroll.figures  # a broad leaf is wet and creeps (泼墨)
    laid[mask] = np.clip(tone, 0.06, 0.9)[mask]


def _grass(scroll: Scroll, layer: Layer) -> None:
    """Paint of a thousand blades of grass some tufts, in dark and pale ink, where chance gathers them; reeds each."""
    rng, view, unit = scroll.rng, scroll.view, scroll.unit
    if layer.name == "foreground reeds":
        for shape in layer.shapes:
            _blade(scroll, shape, float(rng.uniform(0.2, 0.7)))
        return
    where = mottled(rng, view.shape, 7, 3, 0.5, stretch=2.0)
    for shape in layer.shapes[::5]:
        ring = shape.rings[0] * scroll.scale
        x, y = ring[int(np.argmax(ring[:, 1]))]
        column, row = int(np.clip(x, 0, view.shape[1] - 1)), int(np.clip(y, 0, view.shape[0] - 1))
        often = 0.25 if layer.name == "footing" else float(np.clip(1.1 * where[row, column] - 0.12, 0, 0.4))
        if view.of_subject[row, column] or rng.random() > often:
            continue
        deep = row / view.shape[0]
        load = float(rng.uniform(0.2, 0.75)) * (0.25 + 0.75 * deep**2) * (0.6 if scroll.white else 1)
        tall = float(np.ptp(ring[:, 1])) * 0.9
        for lean in rng.normal(0.1, 0.55, int(rng.integers(3, 8))):
            t = np.linspace(0, 1, 8)
            high = tall * float(rng.uniform(0.5, 1.1))
            path = np.stack(
                [x + rng.normal(0, 0.10) * tall + lean * high * t**1.8, y - high * t * (1 - 0.25 * t * abs(lean))], 1
            )
            width = float(np.clip(0.055 * tall, 0.8 * unit, 2.6 * unit))
            scroll.brush.stroke(path, width, load * float(rng.uniform(0.6, 1.1)), "blade", dry=0.2)


def _blade(scroll: Scroll, shape: Shape, load: float) -> None:
    """Draw one leaf or stem from its foot to its tip."""
    ring = shape.rings[0] * scroll.scale
    foot, tip = ring[int(np.argmax(ring[:, 1]))], ring[int(np.argmin(ring[:, 1]))]
    middle = ring.mean(axis=0)
    t = np.linspace(0, 1, 8)[:, None]
    path = (1 - t) ** 2 * foot + 2 * t * (1 - t) * (2 * middle - (foot + tip) / 2) + t**2 * tip
    width = float(np.clip(0.04 * np.linalg.norm(tip - foot), 0.9 * scroll.unit, 3.4 * scroll.unit))
    scroll.brush.stroke(path, width, load, "blade", dry=0.25)
