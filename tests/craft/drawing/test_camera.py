from __future__ import annotations

import pytest

from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.check import check_frame, check_seen
from miaobi.craft.drawing.part import told
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import VIEWS, Scene
from miaobi.craft.drawing.telling import alt
from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.drawing.words.view_reading import read_view


def scene_of(idea: str, seed: int = 5, **fixed: str) -> Scene:
    return candidates(read_wish(idea, called=True), Fixed(900, 600, **fixed), seed, 1)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("idea", "view", "rest"),
    [
        ("a close-up of a fox", "close", "a fox"),
        ("An oil portrait of a fox", "close", "a fox"),
        ("she paints a portrait of her cat", "", "she paints a portrait of her cat"),
        ("the village, seen from above", "high", "the village"),
        ("a bird’s-eye view of fields", "high", "fields"),
        ("snow falls from above", "", "snow falls from above"),
        ("a lighthouse from below", "low", "a lighthouse"),
        ("a girl looks up from below the tree", "", "a girl looks up from below the tree"),
        ("a tiny boat on a vast sea", "far", "a boat on a vast sea"),
        ("a tiny mouse and a huge lion", "", "a tiny mouse and a huge lion"),
        ("a tiny figure in the snow", "far", "a traveller in the snow"),
        ("a wide shot of the castle", "wide", "the castle"),
        ("一只狐狸的特写", "close", "一只狐狸"),
        ("俯瞰江南水乡", "high", "俯瞰江南水乡"),
        ("女孩仰望星空", "low", "女孩仰望星空"),
        ("远景：孤舟", "far", "孤舟"),
        ("全景，草原上的马", "wide", "草原上的马"),
    ],
)
def test_words_choose_the_view_and_name_nothing(idea: str, view: str, rest: str) -> None:
    assert read_view(idea) == (view, rest)
    assert read_wish(idea).view == view


@pytest.mark.parametrize("ground", ["lake", "street"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_its_subjects_whole_and_as_large_as_it_says(view: str, ground: str) -> None:
    scene = scene_of("a woman and a dog", view=view, ground=ground)
    assert scene.view == view
    drawing = draw(scene)
    assert not check_frame(drawing, ["woman", "dog"]) + check_seen(drawing, ["woman", "dog"])
    woman = next(p for p in scene.subjects if p.id == "woman")
    sizes = {"wide": (0.2, 0.55), "close": (0.55, 0.80), "low": (0.45, 0.80), "high": (0.15, 0.25), "far": (0.06, 0.15)}
    assert sizes[view][0] <= woman.size <= sizes[view][1]
    horizon = {"low": (0.75, 0.85), "high": (0.0, 0.15)}.get(view, (0.38, 0.70))
    assert horizon[0] <= scene.horizon <= horizon[1]


def test_seeds_differ_in_view_and_a_landscape_is_never_close() -> None:
    people = {scene_of("a girl and a dog", seed).view for seed in range(12)}
    assert len(people) >= 3
    assert "close" in people
    land = {scene_of("autumn hills", seed).view for seed in range(12)}
    assert len(land) >= 3
    assert "close" not in land


def test_a_ground_without_such_a_view_has_a_long_shot() -> None:
    assert scene_of("a woman in a room", view="high").view == "wide"
    assert scene_of("a skyline", view="high", ground="city").view == "wide"


def test_the_view_is_kept_with_the_ground() -> None:
    old = scene_of("a fox in a field", view="low")
    new = scene_of("a fox in a field", 6, kept=told(old, ["ground"]))  # type: ignore[arg-type]
    assert (new.view, new.horizon) == (old.view, old.horizon)


def test_alt_text_says_from_where() -> None:
    scene = scene_of("a fox in a field", view="high")
    assert alt(scene, "oil", "en").endswith(", seen from above.")
    assert alt(scene, "oil", "zh").endswith("，俯视。")
