from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.shape import box_of
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.painting.view import look


def scenes_of(idea: str, count: int = 3, **fixed: str) -> list[Scene]:
    return candidates(read_wish(idea), Fixed(900, 600, **fixed), 5, count)  # type: ignore[arg-type]


def names_of(scene: Scene) -> list[str]:
    return [layer.name for layer in draw(scene).layers]


def test_in_a_room_people_and_animals_stand_on_the_floor_and_small_things_on_the_table() -> None:
    for scene in scenes_of("a woman, a cat, a vase and a clock in a room", 2):
        layers = {layer.name: layer for layer in draw(scene).layers}
        left, top, right, foot = box_of(layers["table"].shapes)
        floor = box_of(layers["floor"].shapes)[1]
        feet = {p.id: box_of(layers[name].shapes)[3] for p in scene.subjects for name in layers if name == p.id}
        assert all(feet[name] > floor + 0.2 * (scene.height - floor) for name in ("woman", "cat", "clock"))
        assert top < feet["vase"] < foot
        vase = next(p for p in scene.subjects if p.id == "vase")
        assert left < vase.x * scene.width < right


def test_small_things_alone_are_a_still_life_on_a_near_table() -> None:
    scene = scenes_of("a teapot and a book", 1, ground="interior")[0]
    assert "floor" not in names_of(scene)
    table = next(layer for layer in draw(scene).layers if layer.name == "table")
    assert box_of(table.shapes)[2] >= scene.width


@pytest.mark.parametrize(
    ("idea", "hour"),
    [
        ("a woman and a dog in a room", "night"),
        ("a vase and a book", "dusk"),
        ("a boy with a candle in a room", "night"),
    ],
)
def test_room_can_be_seen_in_the_dark_and_its_window_is_blue(idea: str, hour: str) -> None:
    scene = scenes_of(idea, 1, ground="interior", hour=hour, weather="clear")[0]
    colour = look(draw(scene), 240).colour.astype(float)
    lit = colour[:, :, :3].mean(axis=2)
    assert np.median(lit) > 60  # of 255; 41 and less without a lamp
    assert colour[:, :, 0].mean() > 1.2 * colour[:, :, 2].mean()  # its light is warm
    chief = next(p for p in scene.subjects if p.chief)
    y, x = round((chief.y - 0.5 * chief.size) * 160), round(chief.x * 240)
    assert lit[y, max(0, x - 60) : x + 60].mean() > lit[-4:, :8].mean()  # and falls off
    window = colour[20:70][:, 40:100] if scene.side < 0 else colour[20:70][:, 140:200]
    assert (window[:, :, 2] - window[:, :, 0]).mean() > (colour[:, :, 2] - colour[:, :, 0]).mean() + 25
    if hour == "night":
        assert window[:, :, 2].mean() > window[:, :, 0].mean()


def test_who_sits_in_a_room_has_a_seat_and_rooms_are_what_they_are_for() -> None:
    assert "stool" in names_of(scenes_of("an old man reads in a room", 1)[0])
    assert "stool" not in names_of(scenes_of("an old man walks about a room", 1)[0])
    assert "kitchen" in names_of(scenes_of("a woman in the kitchen", 1)[0])
    assert "bookcase" in names_of(scenes_of("书房里的奶奶", 1)[0])


def test_a_study_is_no_book_and_indoors_no_house() -> None:
    assert [name for name, _ in read_wish("书房里的猫").subjects] == ["cat"]
    assert [name for name, _ in read_wish("屋里的猫").subjects] == ["cat"]
    assert [name for name, _ in read_wish("屋前的猫在看书").subjects] == ["house", "cat", "book"]


@pytest.mark.parametrize("idea", ["a fish in the kitchen", "a cat and a fish in the kitchen", "厨房里的鱼和男孩"])
def test_a_fish_in_a_room_lies_on_a_plate(idea: str) -> None:
    for scene in scenes_of(idea, 2):
        fish = next(p for p in scene.subjects if p.id == "fish")
        layers = [layer for layer in draw(scene).layers if layer.name in ("plate", "fish", "table")]
        boxes = {layer.name: box_of(layer.shapes) for layer in layers}
        assert [y.name for y in layers if y.name != "table"] == ["plate", "fish"]
        left, top, right, foot = boxes["plate"]
        assert left < boxes["fish"][0] + 0.1 * (right - left) < boxes["fish"][2] < right + 0.1 * (right - left)
        assert top < boxes["fish"][3] < foot
        assert fish.y < 0.93
        assert boxes["table"][1] < foot < boxes["table"][3]
