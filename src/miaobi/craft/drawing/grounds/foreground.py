"""The foreground: what frames a scene from near: a bough from the edge, reeds, stones, flowers, grass, as the season
has them. It keeps off the subjects: nobody's face or feet are behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.shape import Layer, leaf, limb
from miaobi.craft.drawing.subjects import plant
from miaobi.craft.drawing.subjects.subject import subjects

_FLOWERS = {
    "spring": ("tulip", "iris"),
    "summer": ("poppy", "daisy", "cornflower"),
    "autumn": ("chrysanthemum",),
}
_LEAVES = {"spring": "#7fa24e", "summer": "#4f7a3c", "autumn": "#c8752e"}
_REACH = {  # by kind: left, top, right, bottom of what it takes at the left edge, shares of the canvas
    "branch": (0.0, 0.0, 0.40, 0.30),
    "reeds": (0.0, 0.70, 0.32, 1.0),
    "flowers": (0.0, 0.74, 0.42, 1.0),
    "stones": (0.0, 0.90, 0.24, 1.0),
}


@dataclass(frozen=True)
class _Frame:
    stage: Stage
    rng: np.random.Generator
    out: Layer

    def pen(self, x: float, y: float, size: float, *, flip: bool = False) -> Pen:
        s = self.stage
        pen = Pen(s.air, self.rng, 0.0, x * s.w, y * s.h, size * s.h, flip=flip)
        pen.shapes = self.out.shapes
        return pen


def foreground(stage: Stage, rng: np.random.Generator) -> list[Layer]:
    """Return the layer of the scene's foreground; none where it would hide somebody."""
    scene = stage.scene
    kind = scene.foreground
    if kind == "none" or (kind == "flowers" and stage.air.season == "winter"):
        return []
    if kind == "grass":
        return [_grass(stage)]
    side = _side(stage, kind)
    if side == 0:
        return []
    frame = _Frame(stage, rng, Layer(f"foreground {kind}", 0.0))
    corner, flip = (0.10, False) if side < 0 else (0.90, True)
    inward = 1 if side < 0 else -1
    if kind == "reeds":
        for dx, size in ((0.0, 0.30), (0.10, 0.22)):
            plant.reeds(frame.pen(corner + inward * dx, 1.02, size, flip=flip), "reeds")
    elif kind == "stones":
        plant.stones(frame.pen(corner, 1.01, 0.11))
    elif kind == "flowers":
        kinds = _FLOWERS[stage.air.season]
        for k in range(5):
            size = float(rng.uniform(0.16, 0.26)) * (1 - 0.09 * k)
            plant.flower(frame.pen(corner + inward * (0.085 * k - 0.05), 1.02, size), kinds[k % len(kinds)], 2)
    else:
        _branch(frame, flip=flip)
    return [frame.out]


def taken(scene: Scene) -> Iterator[tuple[Placed, float, float, float, float]]:
    """Return each subject with the box it takes, shares of the canvas."""
    for place in scene.subjects:
        subject = subjects()[place.id]
        half = 0.5 * place.size * subject.wide * scene.height / scene.width
        yield place, place.x - half, place.y - place.size, place.x + half, place.y


def _side(stage: Stage, kind: str) -> int:
    """Return on which side it stands: −1 left, 1 right, away from the chief subject; 0 where it would hide anybody."""
    chief = next((p.x for p in stage.scene.subjects if p.chief), 0.5)
    left, top, right, bottom = _REACH[kind]
    for side in (-1, 1) if chief >= 0.5 else (1, -1):
        a, b = (left, right) if side < 0 else (1 - right, 1 - left)
        if not any(
            x0 < b and a < x1 and y0 < bottom and top < y1
            for place, x0, y0, x1, y1 in taken(stage.scene)
            if subjects()[place.id].stand not in ("far", "bridge")
        ):
            return side
    return 0


def _grass(stage: Stage) -> Layer:
    """Return high grass along the foot, not before anybody's feet."""
    out = stage.tufts(0.93, 1.03, 90, size=2.0)
    out.name = "foreground grass"
    feet = [(x0 * stage.w, x1 * stage.w, y1 * stage.h) for _, x0, _, x1, y1 in taken(stage.scene)]

    def hides(ring: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> bool:
        x, top = float(ring[:, 0].mean()), float(ring[:, 1].min())
        return any(a - 6 < x < b + 6 and top < foot + 2 for a, b, foot in feet)

    out.shapes = [shape for shape in out.shapes if not hides(shape.rings[0])]
    return out


def _branch(frame: _Frame, *, flip: bool) -> None:
    """Draw a bough that comes in at the upper corner: in blossom in spring, in leaf, or bare; a Chinese winter's is a
    plum's."""
    air = frame.stage.air
    blossom = "peach" if air.season == "spring" else ""
    if air.season == "winter" and frame.stage.scene.style == "chinese":
        blossom = "plum"
    edge = 1.0 if flip else 0.0
    if blossom:
        plant.blossom_branch(frame.pen(edge + (-0.17 if flip else 0.17), 0.27, 0.30, flip=flip), blossom)
        return
    pen = frame.pen(edge, 0.0, 1.0, flip=flip)
    bough = [(-0.06, -0.015, 0.020), (0.10, -0.055, 0.015), (0.24, -0.075, 0.010), (0.40, -0.135, 0.003)]
    twigs = [
        [
            (x, y, 0.007),
            (x + 0.5 * dx + float(frame.rng.normal(0, 0.008)), y + 0.5 * dy, 0.005),
            (x + dx, y + dy, 0.002),
        ]
        for x, y, dx, dy in (
            (0.04, -0.040, 0.05, -0.115),
            (0.10, -0.055, 0.11, -0.110),
            (0.16, -0.064, 0.05, -0.130),
            (0.20, -0.070, 0.12, -0.125),
            (0.27, -0.085, 0.05, -0.105),
            (0.14, -0.060, 0.12, 0.030),
            (0.26, -0.080, 0.11, 0.010),
        )
    ]
    pen.limbs([bough, *twigs], "#5a4839", "bark", grain=20)
    if air.season != "winter":
        _leaves(frame, pen, [bough, *twigs], _LEAVES[air.season])
    elif air.white:
        for spine in (bough, *twigs[-2:]):
            pen.fill(limb([(x, y + 0.8 * r, 0.7 * r) for x, y, r in spine]), "#eef2f7", 0.95, "snow")


def _leaves(frame: _Frame, pen: Pen, spines: list[list[tuple[float, float, float]]], tone: str) -> None:
    rng = frame.rng
    for spine in spines:
        for (x0, y0, _), (x1, y1, _) in pairwise(spine):
            for t in np.linspace(0.1, 1.0, 8):
                for _ in range(2):
                    x = x0 + (x1 - x0) * float(t) + float(rng.normal(0, 0.008))
                    y = y0 + (y1 - y0) * float(t) + float(rng.normal(0, 0.008))
                    long = float(rng.uniform(0.026, 0.044))
                    turn = float(rng.uniform(-150, -20))
                    pen.fill(
                        leaf(x, y, long, 0.48 * long, turn), tone, float(rng.uniform(0.1, 1.0)), "foliage", grain=60
                    )
