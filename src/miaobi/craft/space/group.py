"""Group: figures that stand together on one base, each in its proportion, near the one who looks or behind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from pydantic import BaseModel, ConfigDict

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.space.clay import Clay, Shape, below, turned
from miaobi.craft.space.figures.builds import BUILDS
from miaobi.craft.space.figures.catalogue import FIGURES, PEOPLE
from miaobi.craft.space.figures.people import SEAT, person

GROUNDS = {  # colour of what lies on the base, of the base
    "plain": ("#d8c8a8", "#6b4a34"),
    "grass": ("#8aa45c", "#6b4a34"),
    "sea": ("#5f9ab0", "#3c5664"),
    "snow": ("#f0f3f5", "#6b5a50"),
    "sand": ("#e2cc98", "#7a5a3c"),
    "stone": ("#a8a298", "#55504a"),
}
_SWELL = {  # depth and closeness of what lies in waves
    "plain": (0.0, 1.0),
    "sea": (0.010, 26.0),
    "grass": (0.006, 13.0),
    "snow": (0.007, 9.0),
    "sand": (0.006, 15.0),
    "stone": (0.008, 17.0),
}
MOST = 4  # figures on one base
_DAMPED = 0.30  # power of real heights' ratio that is kept: a dog must be seen beside a lighthouse
_LEAST = 0.34  # of the tallest, so that walls stay thick enough
_EXTRA_METRES = {"tower": 22.0, "star": 0.3, "moon": 0.6, "mountain": 90.0, "unicorn": 1.7, "radio": 0.3, "robot": 1.5}


class Standing(BaseModel):
    """One figure: where it stands (x right, y away, in heights of the tallest), its size, which way it looks."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    figure: str
    x: float
    y: float
    size: float
    yaw: float
    astride: float = 0.0  # of who rides: half the width of what is ridden, in heights of the rider
    z: float = 0.0


@lru_cache(maxsize=32)
def _made(name: str, seed: int) -> Clay:
    return FIGURES[name](seed)


def sizes(names: list[str]) -> list[float]:
    """Return how tall each is beside the tallest, 0–1."""
    metres = [_EXTRA_METRES.get(n) or subjects()[n].metres for n in names]
    return [max(_LEAST, (m / max(metres)) ** _DAMPED) for m in metres]


def spans(name: str, seed: int, size: float) -> tuple[float, float]:
    """Return the half width and half depth of a figure *size* high."""
    low, high = _made(name, seed).box
    reach = np.maximum(np.abs(low), np.abs(high))[:2] * size
    return float(reach[0]), float(reach[1])


def mounted(names: list[str], rides: Mapping[str, str], seed: int) -> list[Standing]:
    """Return the figures of a group placed, and of *rides* who rides on what is ridden; one back carries one."""
    riders = {whom: who for who, whom in rides.items() if who in PEOPLE and whom in BUILDS and {who, whom} <= {*names}}
    afoot = list(names)
    for who in riders.values():
        afoot.remove(who)
    placed = arranged(afoot, seed)
    for whom, who in riders.items():
        steed, build = next(one for one in placed if one.figure == whom), BUILDS[whom]
        size = 0.80 * steed.size
        back = (build.leg + 1.90 * build.girth) * steed.size
        wide = build.girth * steed.size / size
        turn = np.radians(steed.yaw)
        x, y = steed.x + 0.03 * np.cos(turn) * steed.size, steed.y + 0.03 * np.sin(turn) * steed.size
        seat = back - SEAT * size
        placed.append(Standing(figure=who, x=x, y=y, size=size, yaw=steed.yaw + 90, astride=wide, z=seat))
    return placed


def arranged(names: list[str], seed: int) -> list[Standing]:
    """Return the figures of a group placed so that none stands in another, the tallest behind."""
    rng = np.random.default_rng(seed)
    tall = sizes(names)
    order = sorted(range(len(names)), key=lambda i: -tall[i])
    placed: list[Standing] = []
    side = float(rng.choice([-1, 1]))
    for rank, i in enumerate(order):
        wide, _ = spans(names[i], seed, tall[i])
        yaw = float(rng.uniform(-14, 14))
        if rank == 0:
            at = (0.0 if len(names) == 1 else -side * 0.15 * wide, 0.0)
        else:
            at = _free(placed, names[i], tall[i], seed, side * (1 if rank % 2 else -1), rng)
        placed.append(
            Standing(figure=names[i], x=at[0], y=at[1], size=tall[i], yaw=yaw - (12 if len(names) == 1 else 0))
        )
    x, y = (np.mean([getattr(p, axis) for p in placed]) for axis in "xy")
    return [p.model_copy(update={"x": round(p.x - float(x), 4), "y": round(p.y - float(y), 4)}) for p in placed]


def _free(
    placed: list[Standing], name: str, size: float, seed: int, side: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the nearest place beside and before what stands already where the figure fits."""
    wide, deep = spans(name, seed, size)
    best = (9.0, 0.0, 0.0)
    for turn in np.linspace(-1.25, 0.35, 9):  # radians: mostly before, a little behind
        for reach in np.linspace(0.15, 2.4, 46):
            x, y = side * reach * np.cos(turn), reach * np.sin(turn)
            free = all(
                abs(x - p.x) > 0.84 * (wide + spans(p.figure, seed, p.size)[0])
                or abs(y - p.y) > 0.84 * (deep + spans(p.figure, seed, p.size)[1])
                for p in placed
            )
            if free:
                cost = float(np.hypot(x, y) + 0.25 * abs(turn + 0.6) + rng.uniform(0, 0.08))
                best = min(best, (cost, float(x), float(y)))
                break
    return best[1], best[2]


def modelled(figures: list[Standing], ground: str, seed: int) -> Clay:
    """Return the group on its base, 1 high at the tallest, its base below zero."""
    clay = Clay()
    top, side = GROUNDS[ground]
    radius = _base_radius(figures, seed)
    deep = 0.05 + 0.012 * radius
    base = turned(
        ((radius, -deep), (radius + 0.012, -deep + 0.02), (radius - 0.015, -0.012), (radius - 0.035, 0.0), (0.0, 0.0)),
        rounding=0.004,
    )
    clay.add(base, side)
    clay.add(_ground(radius - 0.05, ground, seed), top, 0.01)
    for one in figures:
        figure = person(PEOPLE[one.figure], one.astride) if one.astride else _made(one.figure, seed)
        clay.place(figure, (one.x, one.y, 0.012 + one.z), one.size, one.yaw)
    clay.cut(below(-deep), side)  # roots and rocks end where the base does
    return clay


def _base_radius(figures: list[Standing], seed: int) -> float:
    reach = []
    for one in figures:
        wide, deep = spans(one.figure, seed, one.size)
        reach.append(np.hypot(one.x, one.y) + 0.82 * max(wide, deep))
    return float(max(0.30, max(reach) + 0.05))


def _ground(radius: float, ground: str, seed: int) -> Shape:
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 6.28, 4)
    deep, wave = _SWELL[ground]

    def distance(p: np.ndarray) -> np.ndarray:
        x, y = p[:, 0], p[:, 1]
        off = np.hypot(x, y)
        bent = wave * (x + 0.35 * y) + phase[0] + 1.2 * np.sin(7 * y + phase[1])
        swell = (np.sin(bent) + 0.5 * np.sin(wave * 0.7 * (y - 0.5 * x) + phase[2])) * np.clip(
            (radius - off) / 0.08, 0, 1
        )
        return np.maximum(np.maximum(off - radius, -0.02 - p[:, 2]), 0.85 * (p[:, 2] - 0.018 - deep * swell))

    return Shape(distance, np.array([-radius, -radius, -0.02]), np.array([radius, radius, 0.018 + 1.5 * deep]))
