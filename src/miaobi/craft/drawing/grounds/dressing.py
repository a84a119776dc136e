"""Set dressing: what grows and lies between the subjects and the horizon, so that no meadow is empty.

Only trees, bushes and stones: houses, boats and animals would tell what the idea doesn't say (千山鸟飞绝). They stand
where no subject is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from miaobi.craft.drawing.grounds.fall import blown
from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.shape import Layer, oval
from miaobi.craft.drawing.subjects import plant, tree
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.types import derive_seed

Growth = Callable[[Pen], None]
Kinds = tuple[tuple[Growth, float], ...]  # what grows, and how tall at the foot of the picture, a share of its height

_BROAD: Kinds = (
    (lambda pen: tree.tree(pen, "tree"), 0.62),
    (lambda pen: tree.tree(pen, "birch"), 0.62),
    (lambda pen: tree.tree(pen, "poplar"), 0.75),
)
_NEEDLES: Kinds = (
    (lambda pen: tree.conifer(pen, "pine"), 0.62),
    (lambda pen: tree.conifer(pen, "fir"), 0.66),
)
_ON: dict[str, tuple[Kinds, float, float]] = {  # trees; nearest and farthest, below the horizon
    "hills": (_BROAD, 0.34, 0.16),
    "field": (_BROAD, 0.30, 0.06),
    "mountains": (_NEEDLES, 0.34, 0.14),
    "snowfield": (_NEEDLES, 0.32, 0.12),
}
_GROUPS, _APART = 4, 0.16  # groups; how far apart, of the width
_TREES = {"high": 0.62, "low": 1.3, "far": 0.5}  # by camera: how much larger trees are
_CLEAR = 0.03  # of the width, about whoever stands there


def dressing(s: Stage, seed: int) -> list[Layer]:
    """Return what dresses the ground of a stage, the farthest first; nothing where the ground has enough of its own.

    Where each stands and what it is comes from *seed* alone; those that would touch a subject are left out.
    """
    if s.scene.ground not in _ON:
        return []
    kinds, near, far = _ON[s.scene.ground]
    rng = np.random.default_rng(seed)
    grow = kinds[int(rng.integers(len(kinds)))]
    taken = [(p.x - _half(s, p.id, p.size), p.x + _half(s, p.id, p.size)) for p in s.scene.subjects]
    out = []
    for number, (x, y) in enumerate(_spots(rng, s, near, far)):
        if not any(a - _CLEAR < x < b + _CLEAR for a, b in taken):
            out.append(_grown(s, np.random.default_rng(derive_seed(seed, number)), x, y, grow))
    return out


def _spots(rng: np.random.Generator, s: Stage, near: float, far: float) -> list[tuple[float, float]]:
    """Return places, shares of the canvas: groups of one to three, apart from each other."""
    out: list[tuple[float, float]] = []
    middles: list[float] = []
    high = s.scene.view == "high"
    groups, apart, lie = (11, 0.035, (1.0, 1.3)) if high else (_GROUPS, _APART, (1.0, 2.2))
    for _ in range(5 * groups):
        x, y = float(rng.uniform(0.04, 0.96)), s.below(far + (near - far) * float(rng.beta(*lie)))
        if all(abs(x - other) > apart for other in middles):
            middles.append(x)
            out += [
                (x + float(rng.normal(0, 0.03)), y + float(rng.normal(0, 0.012)))
                for _ in range(int(rng.integers(1, 4)))
            ]
        if len(middles) == groups:
            break
    return sorted(out, key=lambda place: place[1])


def _half(s: Stage, name: str, size: float) -> float:
    return 0.5 * size * subjects()[name].wide * s.h / s.w


def _grown(s: Stage, rng: np.random.Generator, x: float, y: float, grow: tuple[Growth, float]) -> Layer:
    """Return a tree, a bush or stones with their shadow."""
    deep = (y - s.scene.horizon) / max(0.05, 1 - s.scene.horizon)  # 0 at the horizon, 1 at the foot
    depth = float(np.clip(0.40 * (1 - deep) ** 1.5, 0.06, 0.45))
    what, tall = grow
    lot = rng.random()
    if lot < 0.30:
        what, tall = (lambda pen: tree.bush(pen, "" if s.cover != "snow" else "#d3dbe2")), 0.11
    elif lot < 0.42:
        what, tall = plant.stones, 0.10
    size = tall * (0.10 + 0.55 * deep) * _TREES.get(s.scene.view, 1.0) * float(rng.uniform(0.8, 1.15))
    out = Layer("growth", depth)
    pen = Pen(s.air, rng, depth, x * s.w, y * s.h, size * s.h, flip=bool(rng.random() < 0.5))
    pen.fill(oval(-0.18 * pen.side, 0.0, 0.34, 0.035), "#2a2c33", 0.0, "ground", opacity=0.30, solid=False)
    what(pen)
    out.shapes = pen.shapes
    blown(s.air, [out], (x * s.w, y * s.h), size * s.h, bends=True)
    return out
