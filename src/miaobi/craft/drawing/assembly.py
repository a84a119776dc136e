"""Assembly: the subjects of a scene drawn in their places, those that are borne by another together with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from miaobi.craft.drawing.body import bearers, gripping, grips
from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.pigment import Told
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.shape import Gradient, Layer, Shape, box_of, limb
from miaobi.craft.drawing.subjects.figure import near_arm, turn_shapes
from miaobi.craft.drawing.subjects.people import kind_called
from miaobi.craft.drawing.subjects.perch import Grip, grip, hand, perches
from miaobi.craft.drawing.subjects.subject import PEOPLE, subjects
from miaobi.types import derive_seed

_AIRY = ("cloud", "glow", "light", "feather")
_SINKS = 0.03  # of its height: who stands on leaves or snow stands in them a little
_CORD = "#cfc4ae"


@dataclass
class Assembled:
    """What stands in a place: its own layer, and all layers of its body from the first drawn to the last."""

    place: Placed
    own: Layer
    layers: list[Layer]


def chance_of(scene: Scene, place: Placed, *key: object) -> np.random.Generator:
    """Return a stream of chance of one subject's."""
    return np.random.default_rng(derive_seed(scene.seed if place.seed is None else place.seed, *key))


def stand_of(place: Placed) -> str:
    """Return where a subject stands (``Subject.stand``)."""
    return subjects()[place.id].stand


def assembled(stage: Stage) -> list[Assembled]:
    """Return the bodies of the stage's scene from far to near."""
    scene = stage.scene
    bearer = bearers(scene.subjects)
    roots = [i for i in range(len(scene.subjects)) if i not in bearer]
    roots.sort(key=lambda i: (_nearness(scene.subjects[i]), i))
    return [_drawn(stage, i, bearer) for i in roots]


def _nearness(place: Placed) -> float:
    return {"far": -2.0, "sky": -3.0, "bridge": -1.0}.get(stand_of(place), 0.0) + place.y


def depth_of(stage: Stage, place: Placed) -> float:
    """Return how far away what stands at *place* is: 1 at the horizon, 0 at the foot of the picture."""
    stand = stand_of(place)
    if stage.scene.ground in ("interior", "sky", "space") or stand == "hang":
        return 0.06
    if stand == "far":
        return 0.36
    if stand == "sky":
        return 0.30 if place.size < 0.28 else 0.16
    away = 1 - (place.y - stage.scene.horizon) / max(0.05, 1 - stage.scene.horizon)
    return float(np.clip(0.40 * away**1.5, 0.0, 0.45)) * (0.65 if place.chief else 1.0)


def _drawn(stage: Stage, root: int, bearer: dict[int, int]) -> Assembled:
    places = stage.scene.subjects
    depth = depth_of(stage, places[root])
    layers: dict[int, Layer] = {}
    order: list[int] = []

    def draw(i: int, level: float | None) -> None:
        borne = [k for k, by in bearer.items() if by == i]  # what is in hand is drawn over who sits on a lap
        borne.sort(key=lambda k: grips(places[i].id, places[k].how, places[k].id))
        for k in borne:
            if places[k].borne == "behind":
                draw(k, None)
        layers[i] = _layer(stage, i, depth, level, [places[k] for k in borne])
        order.append(i)
        for k in borne:
            if places[k].borne == "over":
                draw(k, _top(layers[i], places[k], stage) if _stands_atop(places[k]) else None)
                _handed(stage, places[i], places[k], layers[i], layers[k], depth)

    draw(root, None)
    out = [layers[i] for i in order]
    _fit(stage, out, places[root])
    return Assembled(places[root], layers[root], out)


def _layer(stage: Stage, i: int, depth: float, level: float | None, borne: Sequence[Placed]) -> Layer:
    place = stage.scene.subjects[i]
    subject = subjects()[place.id]
    rng = chance_of(stage.scene, place, "subject", _number(stage, place))
    pen = _pen(stage, place, depth, rng, level)
    empty = any(grips(place.id, one.how, one.id) for one in borne) or place.how in ("row", "ride")
    subject.draw(pen, place.pose, empty=empty, kind=_kind(stage, place))
    if (held := _grip(stage, place)) is not None and held.turn:
        turn_shapes(pen, 0, held.turn)
    return Layer(subject.words[0], depth, pen.shapes, subject.id)


def _pen(stage: Stage, place: Placed, depth: float, rng: np.random.Generator, level: float | None = None) -> Pen:
    y = place.y * stage.h if level is None else level
    pen = Pen(stage.air, rng, depth, place.x * stage.w, y, place.size * stage.h, flip=place.flip)
    pen.told = Told(place.colours)
    pen.feeling, pen.local = stage.scene.mood, stage.scene.style
    if subjects()[place.id].generator in PEOPLE:
        seed = stage.scene.seed if place.seed is None else place.seed
        pen.look = derive_seed(seed, "look", place.id, _number(stage, place))
    return pen


def _number(stage: Stage, place: Placed) -> int:
    return stage.scene.subjects.index(place) if place.number is None else place.number


def _kind(stage: Stage, place: Placed) -> str:
    """Return of which kind of people somebody is."""
    return kind_called(place.called, subjects()[place.id].kind, _number(stage, place))


def _grip(stage: Stage, place: Placed) -> Grip | None:
    """Return how a held subject is held, None for one that isn't."""
    if not place.borne or not grips(place.of, place.how, place.id):
        return None
    holder = next((p for p in stage.scene.subjects if p.id == place.of), None)
    if holder is None:
        return None
    return grip(holder.id, gripping(place.how, holder.id, holder.pose), place.id)


def _handed(stage: Stage, holder: Placed, place: Placed, own: Layer, layer: Layer, depth: float) -> None:
    """Draw what belongs between a holder and what it holds: a string, the hand over it."""
    held = _grip(stage, place)
    hugs = held is None and any(
        p.over and p.anchor == holder.pose for p in perches(place.of, place.how, place.id, pose=holder.pose)
    )
    if held is None and not hugs:
        return
    pen = _pen(stage, holder, depth, np.random.default_rng(0))
    pen.shapes = layer.shapes
    if held is not None and held.cord:
        (x0, y0), (x1, y1) = held.cord
        if place.how == "lead" and holder.pose != held.pose:  # the other hand holds something
            x0, y0 = hand(holder.id, holder.pose, near=False)
        sag = 0.10 * abs(x1 - x0) if place.how == "lead" else 0.03
        wide = 0.007 if place.how == "lead" else 0.005
        t = np.linspace(0, 1, 9)
        spine = [
            (float(x0 + (x1 - x0) * k), float(y0 + (y1 - y0) * k - sag * 4 * k * (1 - k)), wide) for k in t.tolist()
        ]
        pen.fill(limb(spine), _CORD, 0.7, "cloth")
    if (hugs or (held is not None and held.over)) and subjects()[holder.id].generator == "person":
        near_arm(pen, _kind(stage, holder), holder.pose)


def _stands_atop(place: Placed) -> bool:
    return place.how == "on" and not perches(place.of, "on", place.id)


def _top(layer: Layer, place: Placed, stage: Stage) -> float | None:
    """Return how high, px from the top, what is drawn reaches where *place* is."""
    x, tops = place.x * stage.w, list[float]()
    for shape in layer.shapes:
        if shape.material in _AIRY or not shape.solid or shape.opacity < 0.6:
            continue
        for ring in shape.rings:
            a, b = ring, np.roll(ring, -1, axis=0)
            cross = (a[:, 0] <= x) != (b[:, 0] <= x)
            if cross.any():
                p, q = a[cross], b[cross]
                tops.append(float((p[:, 1] + (x - p[:, 0]) / (q[:, 0] - p[:, 0]) * (q[:, 1] - p[:, 1])).min()))
    return min(tops) + _SINKS * place.size * stage.h if tops else None


def _fit(stage: Stage, layers: Sequence[Layer], place: Placed) -> None:
    """Move and, if need be, shrink what was drawn so that it stands inside the frame with its foot where it
    belongs."""
    left, top, right, bottom = box_of([shape for layer in layers for shape in layer.shapes])
    margin = 0.012 * min(stage.w, stage.h)
    far = stand_of(place) in ("far", "bridge")
    wide, tall = right - left, bottom - top
    scale = min(
        1.0, (stage.w - 2 * margin) / max(1.0, wide) if not far else 1.0, (stage.h - 2 * margin) / max(1.0, tall)
    )
    foot = (place.x * stage.w, place.y * stage.h)
    left, right = foot[0] + (left - foot[0]) * scale, foot[0] + (right - foot[0]) * scale
    top, bottom = foot[1] + (top - foot[1]) * scale, foot[1] + (bottom - foot[1]) * scale
    dx = 0.0 if far else max(0.0, margin - left) - max(0.0, right - (stage.w - margin))
    dy = max(0.0, margin - top) - max(0.0, bottom - (stage.h - margin))
    if scale == 1.0 and not dx and not dy:
        return
    shift = np.array([foot[0] * (1 - scale) + dx, foot[1] * (1 - scale) + dy])
    for layer in layers:
        layer.shapes[:] = [_moved(shape, scale, shift) for shape in layer.shapes]


def _moved(shape: Shape, scale: float, shift: np.ndarray) -> Shape:
    fill = shape.fill
    if isinstance(fill, Gradient):
        start, end = (tuple((np.array(p) * scale + shift).tolist()) for p in (fill.start, fill.end))
        fill = Gradient(fill.stops, start, end, fill.radius * scale)
    rings = tuple(ring * scale + shift for ring in shape.rings)
    return replace(shape, rings=rings, fill=fill)
