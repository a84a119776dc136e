"""What an idea names and nothing draws is told, with what is nearest; what is drawn, or no thing at all, isn't."""

from __future__ import annotations

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.undrawn import NONE, _near, undrawn
from tests.parrot import Parrot


@pytest.mark.parametrize(
    ("idea", "expected"),
    [
        ("a peacock and a satellite over the sea", {"peacock": ("magpie",), "satellite": ("rocket",)}),
        ("two spiders dance", {"spider": ("bee",)}),
        ("a lighthous in the rain", {"lighthous": ("lighthouse",)}),
        ("a wombat under an oak", {"wombat": ()}),
        ("A lighthouse keeper finds a message in a bottle", {}),
        ("an astronaut looks at a planet", {}),
        ("the smell of rain", {}),
        ("a girl pulls past a wall with a violin and a bow in her hand", {}),
        ("a crocodile brushes its teeth", {"crocodile": ("turtle",)}),
        ("a wiolin", {"wiolin": ()}),  # not so spelt by a slip
        ("a voilin", {"voilin": ("violin",)}),
        ("a hot-air balloon above the clouds", {}),
    ],
)
def test_english_nouns_that_nothing_draws_are_found(idea: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert undrawn(idea, "en") == expected


def test_chinese_words_of_the_table_are_found_the_longest_first() -> None:
    assert undrawn("鳄鱼游进古池", "zh") == {"鳄鱼": ("乌龟",)}
    assert undrawn("孤舟蓑笠翁，独钓寒江雪", "zh") == {}


@pytest.mark.parametrize(
    ("idea", "expected"),
    [
        ("春节，两个孩子放鞭炮，奶奶提着红包", {"鞭炮": (), "红包": ("信",)}),
        ("除夕夜，一家人吃饺子", {"饺子": ("碗",)}),
        ("司机抱着方向盘睡着了", {"方向盘": ()}),  # no 盘
        ("机器人推着婴儿车穿过公园", {"婴儿车": ("马车",)}),
        ("小木屋的大门和窗户", {}),  # a house is drawn with them
        ("珍珠般的雪", {}),
        ("热锅上的蚂蚁一样，父亲走来走去", {}),
        ("妈妈在门口等我，窗外下着雨", {}),
        ("窗含西岭千秋雪，门泊东吴万里船", {}),
        ("穿红裙子的女孩", {}),
    ],
)
def test_chinese_nouns_that_nothing_draws_are_told(idea: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert undrawn(idea, "zh") == expected


def test_table_names_subjects_that_are_there_and_words_that_are_not() -> None:
    drawn = {w for s in subjects().values() for w in (*s.words, *s.chinese)}
    for word, near in _near().items():
        assert near in subjects() or near == NONE, near
        assert word not in drawn, word


def test_picture_tells_what_it_lacks() -> None:
    brief = Brief.parse({"form": "picture", "idea": "a peacock by the sea", "options": {"size": 256, "medium": "none"}})
    work = compose(brief, engine=Parrot(), formats=("svg",))
    (finding,) = [f for f in work.findings if f.rule == "not-drawn"]
    assert "peacock" in finding.message
    assert "magpie" in finding.message
    given = brief.model_copy(update={"options": {"size": 256, "medium": "none", "subjects": "magpie"}})
    assert not [f for f in compose(given, engine=Parrot(), formats=("svg",)).findings if f.rule == "not-drawn"]


@pytest.mark.parametrize(
    ("idea", "rule", "said"),
    [
        ("!!!", "nothing-read", "Nothing that the idea names could be drawn."),
        ("twenty cats", "not-drawn", "about 20 are asked for, the picture shows 10"),
        (
            "a fox, a bear, a cow, a horse, a pig, a goat, a cat, a deer and a dog",
            "not-drawn",
            "7 subjects at most; left out: a deer, a dog",
        ),
    ],
)
def test_what_is_left_out_is_told(idea: str, rule: str, said: str) -> None:
    brief = Brief.parse({"form": "picture", "idea": idea, "options": {"size": 256, "medium": "none"}})
    findings = compose(brief, engine=Parrot(), formats=("svg",)).findings
    assert [f for f in findings if f.rule == rule and said in f.message], findings
    assert all((f.severity == "warning") == (f.rule == "nothing-read") for f in findings if f.rule == rule)


def test_ahead_and_goodbye_are_no_things_and_a_baker_wears_his_apron() -> None:
    assert undrawn("a baker in an apron waves goodbye to a girl, a fox runs ahead of the cart", "en") == {}
    assert "apron" in undrawn("a bear in an apron", "en")
