"""Ideas as people put them: compounds, hearsay, pronouns, passives, 把 and 被."""

from __future__ import annotations

import pytest

from miaobi.craft.drawing.words.reading import read_wish


def names(idea: str) -> set[str]:
    return {name for name, _ in read_wish(idea, called=True).subjects}


def acts(idea: str) -> set[str]:
    return {f"{act.who} {act.how} {act.whom}" for act in read_wish(idea, called=True).acts}


@pytest.mark.parametrize(
    ("idea", "there"),
    [
        ("a boy with a butterfly net", {"boy"}),
        ("two horse chestnuts in a bowl", {"bowl"}),
        ("a man in a bear costume", {"man"}),
        ("a lion cub on a rock", {"lion", "stones"}),
        ("the tiger in the painting looks at a girl", {"girl"}),
        ("a small oil painting of a fox", {"fox"}),
        ("an old man beside a painting of a fox", {"old-man"}),
        ("the sign says 'Beware of the dog'", {"signpost"}),
        ("they say a dragon slept here; today there is one goat", {"goat"}),
        ("by noon the fog was gone and a ship came in", {"ship"}),
        ("the cat is gone; only the bowl is left", {"bowl"}),
        ("a king without his old red umbrella", {"king"}),
        ("the soldiers' boots by the candle", {"candle"}),
        ("鱼缸旁边有一只猫", {"cat"}),
        ("马戏团的小丑", {"man"}),
        ("小龙骑着自行车", {"boy", "bicycle"}),
        ("国王的马站在城堡前", {"horse", "castle"}),
        ("小时候外公带我钓鱼，如今只剩那棵柳树", {"willow"}),
        ("老师在黑板上画了一只老虎", {"man"}),
        ("河里漂着一只纸船", set()),
    ],
)
def test_only_what_is_there_is_read(idea: str, there: set[str]) -> None:
    assert names(idea) == there


@pytest.mark.parametrize(
    ("idea", "told"),
    [
        ("An old man mends nets while three gulls watch him", "gull face old-man"),
        ("The couple is pushed on the swing by a nurse", "woman push couple"),
        ("Above the city an old man rows a boat", "old-man above city"),
        ("an eagle with a fish in its claws", "eagle hold fish"),
        ("a boy with a lamb across his shoulders", "sheep on boy"),
        ("a bear pulls a sled with two children", "girl on sled"),
        ("on the wall sits a rooster, and below it a fox is waiting", "fox below rooster"),
        ("a farmer on his cart, drawn by an ox", "ox pull cart"),
        ("a man and a woman walk along the pier", "man on wooden-bridge"),
        ("小女孩把一朵花插进花瓶里", "daisy in vase"),
        ("邮递员被一只鹅追着跑", "goose chase postman"),
        ("海豚跃出海面，背上坐着一个男孩", "boy on dolphin"),
        ("奶奶在剥豆子，小猫趴在她脚边", "cat beside old-woman"),
        ("妹妹骑在爸爸的脖子上", "girl on man"),
        ("一个抱着吉他的青年对着大海唱歌", "man hold guitar"),
        ("她靠在树上读一封旧信", "woman beside tree"),
    ],
)
def test_who_does_what_is_read(idea: str, told: str) -> None:
    assert told in acts(idea)


@pytest.mark.parametrize(
    "idea",
    [
        "Bees in the lavender, a straw hat forgotten on the fence",
        "the farmer pushes the cart and the donkey refuses to pull it",
        "全家人围坐着，门口挂着两盏灯笼",
    ],
)
def test_nobody_is_tied_to_what_a_stranger_does(idea: str) -> None:
    assert not acts(idea) & {"bee on fence", "donkey pull cart", "crowd hold paper-lantern"}


@pytest.mark.parametrize(
    ("idea", "name", "count"),
    [
        ("a pair of swans", "swan", 2),
        ("a dozen swans", "swan", 10),
        ("三位穿旗袍的女子", "woman", 3),
        ("湖上有天鹅六只", "swan", 6),
        ("三位老人在松树下", "scots-pine", 1),
    ],
)
def test_measure_words_and_groups_are_counted(idea: str, name: str, count: int) -> None:
    assert dict(read_wish(idea).subjects)[name] == count
