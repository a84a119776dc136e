from __future__ import annotations

import pytest

from miaobi.craft.drawing.words.reading import read_wish
from miaobi.craft.drawing.words.undrawn import undrawn


@pytest.mark.parametrize(
    ("idea", "name", "count"),
    [
        ("three old camels in the desert", "camel", 3),
        ("a herd of camels", "camel", 5),
        ("camels", "camel", 3),
        ("a camel", "camel", 1),
        ("four sheep on a hill", "sheep", 4),
        ("two swans on a lake", "swan", 2),
        ("三只骆驼走过沙漠", "camel", 3),
        ("两头骆驼", "camel", 2),
        ("一群骆驼", "camel", 5),
        ("第三只骆驼", "camel", 1),
        ("骆驼", "camel", 1),
    ],
)
def test_as_many_are_drawn_as_the_words_say(idea: str, name: str, count: int) -> None:
    assert dict(read_wish(idea).subjects)[name] == count


def test_a_month_is_no_number_of_moons() -> None:
    assert dict(read_wish("三月的明月").subjects).get("moon", 1) == 1


@pytest.mark.parametrize(
    ("idea", "names"),
    [
        ("the cat watches", ["cat"]),
        ("she spoke well of the king's ship", ["ship"]),
        ("the bank must duck its promises", []),
        ("a house in Bridge Street", ["house"]),
        ("he sits and watches", []),
        ("a gold watch by the old well, swans and ducks", ["watch", "well", "swan", "duck"]),
        ("the night train", ["train"]),
    ],
)
def test_what_somebody_does_and_a_street_is_called_is_no_thing(idea: str, names: list[str]) -> None:
    assert [name for name, _ in read_wish(idea).subjects] == names


def test_she_whom_nothing_else_names_is_drawn() -> None:
    idea = "She walks home while it is raining"
    assert read_wish(idea, called=True).subjects == (("woman", 1),)
    assert read_wish(idea).weather == "rain"
    idea = "he and a sailor"
    assert [name for name, _ in read_wish(idea, called=True).subjects] == ["sailor"]


def test_conjunctions_and_participles_are_no_things() -> None:
    assert undrawn("A dog barks at the moon while it is raining, a dragon coiled round a candle", "en") == {}


@pytest.mark.parametrize(
    ("idea", "season"),
    [
        ("春节，两个孩子", "winter"),
        ("元宵灯会", "winter"),
        ("新年的早晨", "winter"),
        ("迎春花开", "spring"),
        ("春天的桃花", "spring"),
    ],
)
def test_spring_festival_is_in_winter(idea: str, season: str) -> None:
    assert read_wish(idea).season == season


def test_things_named_by_a_weather_are_none() -> None:
    assert read_wish("孩子们看烟花").weather == ""
    assert read_wish("烟花三月下扬州").weather == "mist"
    assert read_wish("猫坐在冰箱上").season == ""
    assert read_wish("爷爷贴春联").season == "winter"


@pytest.mark.parametrize(
    ("idea", "there"),
    [
        ("姑苏城外寒山寺，夜半钟声到客船", {"temple", "rowing-boat"}),
        ("老僧敲钟", {"monk", "bell"}),
        ("古寺里一口铜钟", {"temple", "bell"}),
        ("墙上的钟", {"wall", "clock"}),
        ("十分钟后一见钟情", set()),
        ("举杯邀明月，对影成三人", {"cup"}),
        ("元宵灯会", {"paper-lantern"}),
    ],
)
def test_sound_of_a_bell_is_no_bell(idea: str, there: set[str]) -> None:
    assert set(dict(read_wish(idea).subjects)) == there


@pytest.mark.parametrize(
    "idea", ["two foxes in the forest", "two foxes walk through the dark woods", "林中的两只狐狸", "两只狐狸穿过森林"]
)
def test_a_wood_that_is_the_place_is_the_ground_and_no_subject(idea: str) -> None:
    asked = read_wish(idea)
    assert (asked.subjects, asked.grounds) == ((("fox", 2),), ("forest",))


def test_a_wood_that_is_beside_somebody_stays_and_a_mountain_path_is_in_mountains() -> None:
    assert ("grove", 1) in read_wish("a cottage behind the woods").subjects
    assert read_wish("a girl on a mountain path").grounds == ("mountains",)
