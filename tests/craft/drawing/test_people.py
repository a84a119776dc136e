"""People who are more than their subject says, and in what two of a kind differ."""

from __future__ import annotations

import numpy as np
import pytest

from miaobi.craft.drawing.air import air_of
from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.subjects.figure import person
from miaobi.craft.drawing.subjects.people import PEOPLE, calling, calling_in, kind_called, varied
from miaobi.craft.drawing.telling import alt
from miaobi.craft.drawing.words.reading import read_wish

AIR = air_of("noon", "clear", "summer", -1.0, (), 0.5, 1.0)


def pen_of(size: float = 400.0) -> Pen:
    return Pen(AIR, np.random.default_rng(1), 0.0, 500.0, 900.0, size)


def scene_of(idea: str, seed: int = 3) -> Scene:
    return candidates(read_wish(idea), Fixed(900, 600), seed, 1)[0]


def test_every_kind_is_drawn_in_what_it_wears() -> None:
    seen = set()
    for kind in PEOPLE:
        pen = pen_of()
        person(pen, kind)
        seen.add(tuple((s.fill, s.rings[0].round(1).tobytes()) for s in pen.shapes))
    assert len(seen) == len(PEOPLE)


def test_two_of_a_kind_differ_and_one_looks_the_same_twice() -> None:
    pen = pen_of()
    looks = set()
    for look in range(1, 30):
        pen.look = look
        assert varied("girl", pen) == varied("girl", pen)
        looks.add(varied("girl", pen))
    assert len(looks) > 15
    pen.local = "chinese"
    assert {varied("woman", pen).skin for pen.look in range(1, 20)} == {PEOPLE["scholar"].skin}


def test_uniforms_are_kept() -> None:
    pen = pen_of()
    for look in range(1, 20):
        pen.look = look
        assert varied("police", pen).coat == PEOPLE["police"].coat
        assert varied("keeper", pen).hair == PEOPLE["keeper"].hair


@pytest.mark.parametrize(("size", "eyes"), [(60.0, 0), (150.0, 1), (700.0, 2)])
def test_face_has_what_can_be_seen(size: float, eyes: int) -> None:
    pen = pen_of(size)
    person(pen, "woman")
    assert len([s for s in pen.shapes if s.fill == pen._tint("#1d1613", 0.1)]) >= min(eyes, 1)
    assert (len([s for s in pen.shapes if s.material == "skin"]) > 12) == (eyes == 2)


def test_callings() -> None:
    assert calling("firemen") == "fireman"
    assert calling("man") == ""
    assert kind_called("chef", "man", 0) == "cook"
    assert [kind_called("children", "girl", i) for i in range(3)] == ["girl", "boy", "girl"]
    assert calling_in("child", "zh") == "孩子"
    assert calling_in("小丑", "en") == ""


@pytest.mark.parametrize(
    ("idea", "said", "chinese"),
    [
        ("Six children dance around a snowman", "six children", "六个孩子"),
        ("A chef feeds a cat", "a chef feeding a cat", "人喂着猫"),
        ("小丑骑一匹白马", "a man riding", "小丑骑着"),
        ("two firemen on a bridge", "two firemen", "两个人"),
    ],
)
def test_picture_calls_people_what_the_idea_calls_them(idea: str, said: str, chinese: str) -> None:
    scene = scene_of(idea)
    assert said in alt(scene, "oil", "en")
    assert chinese in alt(scene, "oil", "zh")


def test_children_are_girls_and_boys() -> None:
    scene = scene_of("four children in a field")
    drawn = [layer for layer in draw(scene).layers if layer.subject == "girl"]
    fills = [{s.fill for s in layer.shapes if s.material == "cloth"} for layer in drawn]
    assert len(drawn) == 4
    assert all(a != b for i, a in enumerate(fills) for b in fills[:i])


@pytest.mark.parametrize(
    ("idea", "who", "count"),
    [
        ("An old woman feeds three geese by the pond", "goose", 3),
        ("geese fly over the marsh", "flock", 1),
        ("Portrait of an old fisherman, close-up", "fisherman", 1),
    ],
)
def test_geese_walk_or_fly_and_close_up_is_no_street(idea: str, who: str, count: int) -> None:
    assert (who, count) in read_wish(idea).subjects


@pytest.mark.parametrize(
    ("idea", "acts"),
    [
        ("A fox and a hare share an umbrella", {"fox under umbrella", "rabbit under umbrella"}),
        ("An old man and a boy share a bench", {"old-man on bench", "boy on bench"}),
        ("A cat and an owl share a boat", {"cat in rowing-boat", "owl in rowing-boat"}),
        ("Two girls share an umbrella", {"girl hold umbrella"}),
    ],
)
def test_what_is_shared_holds_both(idea: str, acts: set[str]) -> None:
    assert {f"{a.who} {a.how} {a.whom}" for a in read_wish(idea).acts} == acts


def test_two_of_a_kind_are_as_tall_in_a_room_and_smaller_farther_off_in_a_field() -> None:
    for seed in range(4):
        two = [p.size for p in scene_of("Two old men play chess in a room", seed).subjects if p.id == "old-man"]
        assert min(two) > 0.9 * max(two)
        row = [p for p in scene_of("Four musicians play in a garden", seed).subjects if p.id == "musician"]
        if scene_of("Four musicians play in a garden", seed).view == "wide":
            near, far = max(row, key=lambda p: p.y), min(row, key=lambda p: p.y)
            assert near.size > 1.2 * far.size
