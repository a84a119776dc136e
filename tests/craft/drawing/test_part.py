"""Parts of a picture: what is kept is drawn the same, what isn't is drawn anew."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.part import part_names, title_of, told
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import Layer
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.view import look

IDEAS = (
    "a lighthouse and two fishing boats at dusk",
    "a fox under an old oak in the snow",
    "a teapot and a book on the table",
    "an astronaut on the moon",
)


def scene_of(idea: str, seed: int, kept: dict[str, dict[str, object]] | None = None, view: str = "") -> Scene:
    (scene,) = candidates(read_wish(idea), Fixed(600, 400, view=view, kept=kept or {}), seed, 1)
    return scene


def layers(scene: Scene) -> dict[str, list[Layer]]:
    out: dict[str, list[Layer]] = {}
    for layer in draw(scene).layers:
        out.setdefault(layer.subject or layer.name, []).append(layer)
    return out


def same(one: list[Layer], other: list[Layer]) -> bool:
    shapes = [[s for layer in found for s in layer.shapes] for found in (one, other)]
    return len(shapes[0]) == len(shapes[1]) and all(
        a.fill == b.fill and all(np.array_equal(r, q) for r, q in zip(a.rings, b.rings, strict=True))
        for a, b in zip(*shapes, strict=True)
    )


@pytest.mark.parametrize("idea", IDEAS)
def test_all_parts_but_the_sky_stay_shape_for_shape(idea: str) -> None:
    old = scene_of(idea, 1)
    names = [n for n in part_names(old) if n != "sky"]
    new = scene_of(idea, 2, told(old, names))
    before, after = layers(old), layers(new)
    changed = {name for name in before if name not in after or not same(before[name], after[name])}
    assert changed <= {"stars", "clouds", "far clouds", "mist", "moon", "sun", "rain", "snowfall"}
    assert new.seed != old.seed
    assert [(p.id, p.x, p.y, p.size) for p in new.subjects] == [(p.id, p.x, p.y, p.size) for p in old.subjects]


@pytest.mark.parametrize(
    ("idea", "least"), [("a castle on the hills at noon", 0.15), ("a temple in the mountains at night", 0.10)]
)
def test_sky_made_anew_is_another_sky_of_the_same_hour_and_weather(idea: str, least: float) -> None:
    old = scene_of(idea, 1, view="wide")
    before = look(draw(old), 240).colour.astype(int)[: int(old.horizon * 160)]
    lights = {
        round(light.shapes[-1].rings[0][:, 0].mean()) for light in layers(old).get("moon", layers(old).get("sun"))
    }
    for seed in (2, 3, 4):
        new = scene_of(idea, seed, told(old, [n for n in part_names(old) if n != "sky"]))
        assert (new.hour, new.weather, new.side) == (old.hour, old.weather, old.side)
        apart = np.abs(look(draw(new), 240).colour[: len(before)] - before).mean(axis=2)
        assert (apart > 12).mean() > least
        lights |= {round(x.shapes[-1].rings[0][:, 0].mean()) for x in layers(new).get("moon", layers(new).get("sun"))}
    assert len(lights) == 4  # sun or moon stands elsewhere each time


@pytest.mark.parametrize("idea", IDEAS[:2])
def test_one_subject_is_made_anew_among_the_others(idea: str) -> None:
    old = scene_of(idea, 1)
    gone = part_names(old)[3]
    new = scene_of(idea, 2, told(old, [n for n in part_names(old) if n != gone]))
    before, after = layers(old), layers(new)
    stay = {p.id for p in old.subjects} - {gone}
    assert stay
    assert all(same(before[name], after[name]) for name in stay if name in before)
    assert not same(before[gone], after[gone])
    assert sorted(p.id for p in new.subjects) == sorted(p.id for p in old.subjects)
    assert sum(p.chief for p in new.subjects) == 1


def test_light_alone_is_changed_and_shapes_stay() -> None:
    idea = "a lighthouse by the sea"
    old = scene_of(idea, 1)
    new = scene_of(idea, 5, told(old, [n for n in part_names(old) if n != "light"]))
    assert (new.hour, new.weather, new.side) != (old.hour, old.weather, old.side)
    assert (new.ground, new.horizon, new.composition) == (old.ground, old.horizon, old.composition)
    before, after = layers(old)["lighthouse"], layers(new)["lighthouse"]
    rings = [[r for layer in found for s in layer.shapes for r in s.rings] for found in (before, after)]
    assert np.array_equal(rings[0][0], rings[1][0])


def test_what_was_kept_once_is_kept_by_the_next_variation_too() -> None:
    idea = IDEAS[0]
    first = scene_of(idea, 1)
    kept = told(first, ["light", "ground", "lighthouse"])
    second = scene_of(idea, 2, kept)
    third = scene_of(idea, 3, told(second, ["light", "ground", "lighthouse", "foreground"]))
    assert told(third, list(kept)) == kept
    assert same(layers(first)["lighthouse"], layers(third)["lighthouse"])


def test_parts_have_names_in_both_languages_and_two_of_a_kind_are_told_apart() -> None:
    scene = scene_of(IDEAS[0], 1)
    names = part_names(scene)
    assert names[:3] == ["light", "sky", "ground"]
    assert names[-1] == "foreground"
    assert {"lighthouse", "fishing-boat", "fishing-boat 2"} <= set(names)
    assert title_of("fishing-boat 2", "zh") == "渔船 2"
    assert title_of("sky", "en") == "sky"
