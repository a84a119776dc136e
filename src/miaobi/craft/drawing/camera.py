"""Camera: from where and from how near a scene is seen, in the terms of film: a long shot (``wide``), a close one, one
from low or high above the ground, an extreme long shot (``far``).

Horizon and eye follow from it, how large the chief subject is, and where a water's near bank begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from miaobi.craft.drawing.scene import VIEWS, Scene, View
from miaobi.craft.drawing.subjects.subject import CRITTERS, FIGURES, Subject, subjects

WATER = ("sea", "lake", "river")
_WIDE_NEAR = (0.9, 1.0, 1.15, 1.35)  # how near the painter of a long shot stands
LIVING = (*FIGURES, "beast", "standing", "flying", "swimming", "fish", "butterfly", "bee", "crowd", *CRITTERS)
_SMALL = 1.0  # metres: what is smaller isn't seen from far off
_BACK = 3.0  # metres: what is taller stands behind whom a close shot is of


@dataclass(frozen=True)
class _Shot:
    horizon: tuple[float, float]  # least and most, shares of the height
    eye: float  # metres above the ground
    bank: float  # where a water's near bank begins, a share of the height
    relief: float  # factor of the height of what rises on the horizon
    living: tuple[float, float]  # size of a chief subject that lives, shares of the height; (0, 0): by its own
    other: tuple[float, float]  # of any other one: factors of its own


_SHOTS: dict[str, _Shot] = {
    "wide": _Shot((0.44, 0.60), 1.8, 0.81, 1.0, (0, 0), (0, 0)),
    "close": _Shot((0.40, 0.50), 1.25, 0.81, 1.0, (0.60, 0.76), (1.35, 1.6)),
    "low": _Shot((0.77, 0.82), 0.45, 0.90, 0.8, (0.50, 0.64), (1.15, 1.35)),
    "high": _Shot((0.03, 0.12), 6.5, 0.60, 0.3, (0.19, 0.24), (0.5, 0.62)),
    "far": _Shot((0.60, 0.70), 1.8, 0.88, 1.5, (0.075, 0.10), (0.26, 0.36)),
}
_FIT: dict[str, tuple[View, ...]] = {
    "city": ("wide", "close", "low", "far"),
    "interior": ("wide", "close"),
    "sky": ("wide", "close", "far"),
    "space": ("wide", "close", "far"),
}
# Chances where nothing says how a scene is seen, in the order of VIEWS.
_CHANCES = {
    "nobody": (0.34, 0.0, 0.28, 0.24, 0.14),
    "one": (0.24, 0.42, 0.16, 0.06, 0.12),
    "two": (0.34, 0.44, 0.14, 0.08, 0.0),
    "few": (0.62, 0.0, 0.26, 0.12, 0.0),
    "small": (0.65, 0.35, 0.0, 0.0, 0.0),
    "thing": (0.34, 0.10, 0.28, 0.12, 0.16),
    "many": (0.70, 0.0, 0.18, 0.12, 0.0),
}


def drawn_view(rng: np.random.Generator, asked: Sequence[tuple[str, int]], *, over: bool) -> View:
    """Return by lot how a scene of the subjects *asked* is seen; *over*: some are seen over each other."""
    table = subjects()
    total = sum(n for _, n in asked)
    lives = [name for name, _ in asked if table[name].generator in LIVING]
    kind = "nobody" if not asked else "many"
    if asked and not lives and all(table[name].metres < _SMALL for name, _ in asked):
        kind = "small"
    elif asked and not lives and total < 4:
        kind = "thing"
    elif lives and total == 1:
        kind = "one"
    elif lives and total == 2:
        kind = "two"
    elif lives and len(asked) <= 3 and total <= 3:
        kind = "few"
    chances = np.array(_CHANCES[kind])
    if over or any(table[name].stand == "bridge" for name, _ in asked):  # near or tiny they hide each other
        chances[[VIEWS.index("close"), VIEWS.index("far")]] = 0.0
    if asked and max(table[name].metres for name, _ in asked) < _SMALL:  # an owl from far off is a speck
        chances[VIEWS.index("far")] = 0.0
    return VIEWS[int(rng.choice(len(VIEWS), p=chances / chances.sum()))]


def fitting_view(view: View, ground: str, asked: Sequence[tuple[str, int]]) -> View:
    """Return *view*, or a long shot where the ground has no such one."""
    spans = any(subjects()[name].stand == "bridge" for name, _ in asked)
    if view not in _FIT.get(ground, VIEWS) or (view == "high" and spans):  # from above it ends in the water
        return "wide"
    return view


def horizon_of(
    rng: np.random.Generator, view: View, ground: str, asked: Sequence[tuple[str, int]], *, upright: bool
) -> float:
    """Return a horizon, a share of the height from the top."""
    if view == "high" and ground in WATER and any(subjects()[name].stand == "far" for name, _ in asked):
        return float(rng.uniform(0.25, 0.31))  # what stands beyond the water is seen against a sky
    return float(rng.uniform(*_SHOTS[view].horizon)) + (0.05 if upright and view in ("wide", "close") else 0.0)


def nearness(
    rng: np.random.Generator, view: View, chief: Subject | None, ground: str, size: tuple[int, int], *, alone: bool
) -> float:
    """Return the factor of the subjects' sizes by which the chief one fills as much of the picture as the shot asks;
    *size*: of the canvas; *alone*: nobody is beside it."""
    if view == "wide" or chief is None:
        return float(rng.choice(_WIDE_NEAR))
    shot = _SHOTS[view]
    width, height = size
    narrow = narrowed(width, height)
    if chief.generator in LIVING:
        wanted = float(rng.uniform(*shot.living)) / (chief.share * narrow)
    else:
        wanted = float(rng.uniform(*shot.other))
    if ground == "interior" and chief.generator == "beast":
        wanted *= 0.75  # its table is no hill beside it
    if view == "high" and chief.stand == "far":
        wanted *= 1.6
    if ground == "street" and view == "far":
        wanted *= 1.4  # it has no empty land about somebody
    across = chief.share * narrow * chief.wide * height / width  # of the width, at the factor 1
    return min(wanted, (0.78 if alone else 0.52) / across) if chief.stand not in ("far", "bridge") else wanted


def narrowed(width: int, height: int) -> float:
    """Return the factor by which an upright canvas, which is filled by width, has smaller subjects."""
    return min(1.0, 0.55 + 0.45 * width / height)


def eye_of(scene: Scene) -> float:
    """Return how high the eye is, metres."""
    return _SHOTS[scene.view].eye


def bank_of(scene: Scene) -> float:
    """Return where a water's near bank begins on which somebody stands, a share of the height."""
    return _SHOTS[scene.view].bank


def relief_of(scene: Scene) -> float:
    """Return the factor of the height of mountains on the horizon."""
    return _SHOTS[scene.view].relief


def below(scene: Scene, offset: float) -> float:
    """Return the level *offset* below the horizon, as a long shot has it, in this one; shares of the height."""
    deep = 1.0 if scene.view == "wide" else (1 - scene.horizon) / 0.48
    return scene.horizon + offset * deep


def is_behind(subject: Subject, scene: Scene) -> bool:
    """Tell whether *subject* is background to whom a close shot is of."""
    return scene.view == "close" and (subject.metres > _BACK or subject.stand in ("far", "bridge"))
