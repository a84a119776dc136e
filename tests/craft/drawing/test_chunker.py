"""Phrases of an English idea, and the acts that their order tells, one case for each kind of construction."""

from __future__ import annotations

import pytest

from miaobi.craft.drawing.words.chunker import phrases
from miaobi.craft.drawing.words.mention import marks_in, mentions, plain
from miaobi.craft.drawing.words.reading import read_wish


def kinds(idea: str) -> list[str]:
    low = plain(idea)
    return [f"{p.kind} {p.id or p.word}" for p in phrases(low, marks_in(idea), mentions(low))]


def acts(idea: str) -> set[str]:
    return {f"{act.who} {act.how} {act.whom}" for act in read_wish(idea, called=True).acts}


def test_a_word_is_what_its_place_makes_it() -> None:
    assert kinds("The violin nobody plays hangs on the barn roof") == [
        "thing violin",
        "thing nobody",
        "verb play",
        "verb hang",
        "where on",
        "thing barn",
    ]
    assert kinds("a small, stubborn sunflower") == ["thing sunflower"]
    assert kinds("a straw hat forgotten on the fence")[:2] == ["thing hat", "verb forget"]
    assert kinds("a violinist in a long coat busks")[-1] == "verb busk"  # no list has it
    assert kinds("autumn leaves fall") == ["thing leaves", "verb fall"]
    assert kinds("on the roof of the barn") == ["where on", "thing barn"]


@pytest.mark.parametrize(
    ("idea", "told"),
    [
        ("A snowman, watched through the window by a cat", {"cat face snowman"}),  # passive, *by* further on
        ("A donkey led by a boy crosses the bridge", {"boy lead donkey", "donkey cross bridge"}),
        ("A monk goes up the hill, a crane following him", {"crane follow monk"}),  # absolute, pronoun
        ("Elephants bathing at sunset, egrets on their backs", {"egret on elephant"}),
        ("Children wave from a train as it thunders over the viaduct", {"girl in train", "train cross long-bridge"}),
        ("The goose chases the girl, and the girl chases the dog", {"goose chase girl", "girl chase dog"}),
        ("Behind the old woman walks a dog", {"dog follow old-woman"}),  # inverted
        ("A boat in which the lovers sit", {"couple in rowing-boat"}),  # relative
        ("A king gives a beggar an apple", {"king face man", "king hold apple"}),
        ("A cart loaded with hay, a donkey loaded with baskets", {"hay in cart", "donkey carry basket"}),
        ("The mouse rides on the elephant's head", {"mouse on elephant"}),
        ("A man and a woman, arm in arm, walk along the pier", {"man beside woman", "woman on wooden-bridge"}),
    ],
)
def test_constructions_tell_who_does_what(idea: str, told: set[str]) -> None:
    assert told <= acts(idea)


@pytest.mark.parametrize(
    "idea",
    [
        "A boy hides from a bear",
        "A wizard turns a frog into a prince",
        "A bear refuses to ride the bicycle",
        "Someone pours stars into a cup, a teapot watching",
        "Cherry blossoms fall on a knight",
        "A farmer leans on his spade and watches the sun go down",
    ],
)
def test_what_is_not_so_ties_nobody(idea: str) -> None:
    assert acts(idea) <= {"king face frog", "king face man"}


@pytest.mark.parametrize(
    ("idea", "told"),
    [
        ("戴草帽的农夫赶着一群鸭子", {"farmer lead duck"}),
        ("小女孩追着风筝，一只狗追着她", {"dog chase girl"}),  # pronoun
        ("小姑娘把围巾系在雪人的脖子上", {"girl face snowman"}),  # what nothing draws is put there
        ("厨师追着偷鱼的猫", {"man chase cat"}),
        ("一辆马车停着，车上堆满了南瓜", {"pumpkins in cart"}),
        ("两个孩子拉着一车苹果", {"girl pull cart", "apple in cart"}),
        ("乌鸦往瓶子里投石子", {"stones in bottle"}),
        ("医生蹲下来和小男孩说话", {"man face boy"}),
        ("祖孙俩坐在长椅上", {"old-man on bench", "boy on bench"}),
        ("白鹭跟在水牛后面", {"egret follow ox"}),
        ("一棵松树，树上挂着风筝", {"kite on scots-pine"}),
    ],
)
def test_chinese_constructions_tell_who_does_what(idea: str, told: set[str]) -> None:
    assert told <= acts(idea)


def test_a_stranger_takes_nobodys_place() -> None:
    assert not acts("窗外的石榴树上结满了果子，奶奶踮着脚摘")
    assert acts("牧羊女赶着羊回家，炊烟从屋顶升起") == {"shepherd lead sheep"}


def test_likenesses_and_openings_are_not_drawn() -> None:
    def names(idea: str) -> set[str]:
        return {name for name, _ in read_wish(idea, called=True).subjects}

    assert names("a mother bear and a toy train") == {"bear"}
    assert names("Cover for a novel: a fox by the sea") == {"fox"}
    assert names("请画一张小熊刷牙") == {"bear"}
    assert names("a cat, black as ink") == {"cat"}
    assert names("牧羊人不在，羊在教堂废墟里吃草") == {"sheep", "ruin"}


def test_hour_and_season_are_told_by_things_where_no_word_is() -> None:
    assert read_wish("an owl over the snowmen").hour == "night"
    assert read_wish("an owl at noon").hour == "noon"
    assert read_wish("children skating on a pond").season == "winter"
    assert read_wish("a frog in the street").grounds[0] == "street"  # a place that is named goes before


@pytest.mark.parametrize(
    ("idea", "whose"),
    [
        ("小船漆成了蓝色", ("rowing-boat", "")),
        ("红彤彤的灯笼", ("paper-lantern", "")),
        ("Someone has painted the fence yellow", ("fence", "")),
        ("穿白大褂的医生", ("man", "coat")),
    ],
)
def test_colours_stand_after_their_noun_too(idea: str, whose: tuple[str, str]) -> None:
    assert [(who, part) for who, part, _ in read_wish(idea).colours] == [whose]
