from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.grounds.luminary import luminary
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Shape
from miaobi.craft.drawing.words.moon_reading import read_moon
from miaobi.craft.drawing.words.reading import read_wish


def scene_of(idea: str, seed: int = 5) -> Scene:
    fixed = Fixed(900, 600, view="wide", ground="field", weather="clear")
    return candidates(read_wish(idea), fixed, seed, 1)[0]


def moon_of(scene: Scene) -> list[Shape]:
    """Return the disc of a scene's moon, or what of it is lit."""
    return [s for y in draw(scene).layers if y.name == "moon" for s in y.shapes if s.material == "light" and s.solid]


def lit_of(shape: Shape) -> float:
    """Return which share of its disc's area a moon's lit part has."""
    x, y = shape.rings[0].T
    area = abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
    reach = max(float(np.hypot(*(a - b))) for a in shape.rings[0] for b in shape.rings[0]) / 2
    return area / (np.pi * reach**2)


@pytest.mark.parametrize(
    ("idea", "moon"),
    [
        ("a wolf howls at the full moon", "full"),
        ("the harvest moon over a barn", "full"),
        ("中秋，一家人赏月", "full"),
        ("a crescent moon over the mosque", "crescent"),
        ("晓风残月", "crescent"),
        ("新月如钩", "crescent"),
        ("a half moon", "half"),
        ("半月前的信", ""),
        ("no moon, only fireflies", "none"),
        ("a new moon night", "none"),
        ("月黑雁飞高", "none"),
        ("没有月亮，也没有灯", "none"),
        ("a boat in the moonlight", ""),
        ("three months at sea", ""),
    ],
)
def test_the_moon_is_read(idea: str, moon: str) -> None:
    assert read_moon(idea) == moon


def test_a_moon_that_is_told_is_drawn_so_by_any_chance() -> None:
    air = air_in(scene_of("a fox at night"))
    for seed in range(4):
        shares = []
        for told in ("full", "half", "crescent"):
            layer = luminary(air, np.random.default_rng(seed), told, 900, 600, 300)[0]
            shares.append(lit_of(next(s for s in layer.shapes if s.material == "light" and s.solid)))
        assert shares[0] > 0.95
        assert 0.4 < shares[1] < 0.6
        assert shares[2] < 0.35
    assert not moon_of(scene_of("a fox on a moonless night"))


def test_a_moon_that_is_told_stands_behind_nobody() -> None:
    for seed in range(2):
        scene = scene_of("an oak under a full moon", seed)
        ring = moon_of(scene)[0].rings[0]
        oak = scene.subjects[0]
        middle = ring.mean(axis=0) / [scene.width, scene.height]
        half = 0.5 * oak.size * 1.4 * scene.height / scene.width
        assert not (abs(middle[0] - oak.x) < half and oak.y - oak.size < middle[1] < oak.y)


def test_moons_that_nobody_tells_differ_by_chance() -> None:
    air = air_in(scene_of("a fox at night"))
    layers = [luminary(air, np.random.default_rng(k), "", 900, 600, 300)[0] for k in range(12)]
    lit = [next(s for s in layer.shapes if s.material == "light" and s.solid) for layer in layers]
    assert len({round(lit_of(shape), 1) for shape in lit}) >= 3
