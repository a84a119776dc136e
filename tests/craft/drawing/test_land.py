"""Land and sky: no wall before a door, a path where one is asked for, skies and distances of many kinds."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.air import air_of
from miaobi.craft.drawing.build import air_in, draw
from miaobi.craft.drawing.grounds.sky import clouds
from miaobi.craft.drawing.grounds.stage import Stage
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.reading import read_wish


def scenes_of(idea: str, count: int, seed: int = 5, **fixed: str) -> list[Scene]:
    return candidates(read_wish(idea), Fixed(900, 600, **fixed), seed, count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "idea",
    ["a house and a wall", "a cat on a wall before a cottage", "a barn behind a stone wall", "a hut and a fence"],
)
def test_a_wall_hides_no_door_of_what_is_behind_it(idea: str) -> None:
    for scene in scenes_of(idea, 4, view="wide"):
        low = next(p for p in scene.subjects if p.id in ("wall", "fence"))
        house = next(p for p in scene.subjects if subjects()[p.id].generator == "house")
        apart = abs(low.x - house.x) * scene.width / scene.height
        beside = apart > 0.5 * (low.size * subjects()[low.id].wide + house.size * subjects()[house.id].wide)
        assert beside or low.y < house.y or low.y - low.size > house.y - 0.05


def test_a_path_runs_where_one_is_named_and_else_now_and_then() -> None:
    for idea, ground in (("a fox on the path over the hills", "hills"), ("小路上的狐狸", "hills")):
        assert all(scene.path for scene in scenes_of(idea, 4, ground=ground))
    paths = [scene.path for seed in range(3) for scene in scenes_of("a fox", 4, seed, ground="hills", view="wide")]
    assert 0 < sum(paths) < 0.5 * len(paths)
    scene = next(one for one in scenes_of("a fox", 8, ground="hills", view="wide") if not one.path)
    assert "path" not in {layer.name for layer in draw(scene).layers}
    assert "path" in {layer.name for layer in draw(scene.model_copy(update={"path": True})).layers}


def test_fair_skies_are_of_many_kinds() -> None:
    air = air_of("noon", "clear", "summer", 1.0)
    seen = set()
    for seed in range(24):
        layers = clouds(air, np.random.default_rng(seed), 900, 300, 0.9)
        counts = [len(layer.shapes) for layer in layers]
        seen.add("bare" if not layers else (*tuple(bool(n) for n in counts), counts[-1] > 60))
    assert "bare" in seen
    assert len(seen) >= 4


def test_distances_differ_by_chance() -> None:
    scene = scenes_of("a fox", 1, ground="hills", view="wide")[0]
    tops = set()
    for seed in range(8):
        ranges = Stage(scene, air_in(scene), np.random.default_rng(seed)).distance(0.2, 0.8)
        top = min(float(s.rings[0][:, 1].min()) for layer in ranges for s in layer.shapes)
        tops.add(round(20 * (scene.horizon - top / scene.height)))
    assert len(tops) >= 3
