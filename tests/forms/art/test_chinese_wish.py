"""Impossible demands are refused with their reason before anything is written, possible ones are met."""

from __future__ import annotations

from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import BriefError, MiaobiError
from miaobi.form import Form
from miaobi.forms import admit, find
from miaobi.forms.art import chinese_verse
from tests.parrot import Parrot


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a demand is met doesn't depend on how many are compared."""
    monkeypatch.setattr(chinese_verse, "ATTEMPTS", 2)
    monkeypatch.setattr(chinese_verse, "WIDTH", 1)
    monkeypatch.setattr(chinese_verse, "CANDIDATES", 2)


def brief(form: str, options: dict[str, Any], idea: str = "秋夜江上", length: int = 0) -> Brief:
    return Brief(form=form, idea=idea, language="zh", seed=1, length=length, options=options)


REFUSED = [
    pytest.param("jueju", {"acrostic": "山囧水月"}, "囧", id="acrostic-outside-the-table"),
    pytest.param("jueju", {"acrostic": "山水风花雪"}, "5 characters for 4", id="acrostic-too-long"),
    pytest.param("jueju", {"acrostic": "love"}, "Chinese characters|all Chinese", id="acrostic-in-latin"),
    pytest.param("jueju", {"acrostic": "山", "given": {"1": "白日依山尽"}, "width": 5}, "begins with", id="locks"),
    pytest.param("jueju", {"given": {"1": "白日依山尽"}, "width": 7}, "has 5 characters", id="given-too-short"),
    pytest.param("jueju", {"given": {"5": "白日依山尽"}}, "the poem has 4", id="line-that-is-none"),
    pytest.param(
        "jueju", {"given": {"2": "白日依山尽", "4": "黄河入海流"}, "width": 5}, "wants", id="given-out-of-tone"
    ),
    pytest.param(
        "jueju",
        {"given": {"2": "黄河入海流", "4": "长河落日东"}, "width": 5},
        "share no|wants",
        id="given-that-don't-rhyme",
    ),
    pytest.param(
        "jueju", {"given": {"2": "黄河入海流", "4": "天地一沙流"}, "width": 5}, "twice", id="rhyme-word-given-twice"
    ),
    pytest.param("jueju", {"rhyme": "龙"}, "no level rhyme group", id="group-that-is-none"),
    pytest.param("jueju", {"rhyme": "送"}, "no level rhyme group", id="oblique-group"),
    pytest.param(
        "lushi", {"rhyme": "东", "given": {"2": "黄河入海流"}, "width": 5}, "belong to", id="group-against-given"
    ),
    pytest.param("jueju", {"words": "明月明月明月明月", "width": 5}, "fits nowhere", id="word-longer-than-a-line"),
    pytest.param("jueju", {"words": "一日不食"}, "fits nowhere", id="word-of-oblique-tones-only"),
    pytest.param("jueju", {"words": "囧"}, "not in the rhyme book", id="word-outside-the-table"),
    pytest.param("jueju", {"width": 6}, "5 or 7", id="width"),
    pytest.param("jueju", {"width": 7}, "contradict", id="length-against-width"),
    pytest.param("jueju", {"mood": "愤怒"}, "mood", id="mood-that-is-none"),
    pytest.param("ci", {"tune": "不存在"}, "No tune", id="tune"),
    pytest.param(
        "ci", {"tune": "如梦令", "given": {"5": "争渡", "6": "归去"}}, "repeats", id="lines-that-must-be-equal"
    ),
    pytest.param("ci", {"rhyme": "二十"}, "rhyme group", id="part-that-is-none"),
    pytest.param("duilian", {}, "characters", id="first-line-too-long"),
    pytest.param("jueju", {"book": "cilin"}, "book", id="books-are-not-mixed"),
]
IDEAS = {"length-against-width": ("秋夜江上", 20), "first-line-too-long": ("秋夜江上月明人静风清露冷", 0)}


@pytest.mark.parametrize(("form", "options", "reason"), REFUSED)
def test_impossible_demand_is_refused_with_its_reason(
    form: str, options: dict[str, Any], reason: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    idea, length = IDEAS.get(name, ("秋夜江上", 0))
    with pytest.raises(BriefError, match=reason) as refused:
        admit(find(form), brief(form, options, idea, length))
    assert refused.value.hint or ":" in refused.value.message


MET = [
    pytest.param("jueju", {"acrostic": "一日千里", "width": 5}, id="acrostic-by-rescue"),
    pytest.param("lushi", {"acrostic": "我爱你中国万岁万"}, id="acrostic-of-eight"),
    pytest.param("jueju", {"words": "孤舟，明月", "rhyme": "东"}, id="words-and-rhyme"),
    pytest.param("jueju", {"given": {"1": "白日依山尽", "2": "黄河入海流"}, "width": 5}, id="first-couplet"),
    pytest.param("jueju", {"given": {"4": "更上一层楼"}, "width": 5}, id="last-line"),
    pytest.param("jueju", {"given": {"1": "移舟泊烟渚"}, "width": 5}, id="rescued-given-line"),
    pytest.param("jueju", {"book": "xinyun", "start": "平起", "first_rhyme": "yes"}, id="new-rhymes"),
    pytest.param("ci", {"tune": "念奴娇", "rhyme": "十七入"}, id="entering-tone"),
    pytest.param("ci", {"tune": "如梦令", "given": {"5": "争渡"}}, id="repeated-line"),
    pytest.param("ci", {"tune": "大江东去", "acrostic": "江月"}, id="another-name"),
]


@pytest.mark.parametrize(("form", "options"), MET)
def test_possible_demand_is_met(form: str, options: dict[str, Any]) -> None:
    known: Form = find(form)
    work = compose(brief(form, options), engine=Parrot(), formats=("txt",))
    poem = known.content.model_validate(work.content)
    lines = [poem.shown(line) for line in poem.lines]  # type: ignore[attr-defined]
    for number, line in options.get("given", {}).items():
        assert lines[int(number) - 1] == line
    for i, character in enumerate(options.get("acrostic", "")):
        assert lines[i][0] == character
    for word in filter(None, options.get("words", "").split("，")):
        assert word in "".join(lines)
    assert not [f for f in work.findings if f.severity == "error"]


def test_idea_without_a_chinese_character_is_refused() -> None:
    with pytest.raises(BriefError, match="Chinese characters"):
        admit(find("jueju"), brief("jueju", {}, idea="autumn river"))


def test_engine_that_does_not_show_its_logits_is_refused() -> None:
    parrot = Parrot()
    parrot.steerable = False
    with pytest.raises(MiaobiError, match="logits"):
        compose(brief("jueju", {}), engine=parrot, formats=("txt",))
