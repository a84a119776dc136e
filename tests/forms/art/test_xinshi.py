"""Modern Chinese verse with an engine that only draws characters: shape, required words, refusals, own poems."""

from __future__ import annotations

import re

import pytest

from miaobi.assist.judgement import judge
from miaobi.compose import compose
from miaobi.errors import BriefError, LanguageNotSpokenError
from miaobi.forms import find
from miaobi.forms.art.xinshi import NewPoem
from tests.parrot import Parrot


def poem(seed: int = 1, **options: object) -> NewPoem:
    brief = {"form": "xinshi", "idea": "雨夜的图书馆", "language": "zh", "seed": seed, "options": options}
    return NewPoem.model_validate(compose(brief, engine=Parrot(("zh",)), formats=["txt"]).content)


@pytest.mark.parametrize("seed", range(5))
def test_every_poem_has_its_stanzas_and_no_line_twice(seed: int) -> None:
    made = poem(seed, stanzas=4)
    assert [len(stanza) for stanza in made.stanzas] == [4, 3, 4, 3]
    assert len(set(made.lines)) == len(made.lines)
    assert all(re.fullmatch("[\u4e00-\u9fff]{2,14}", line) for line in made.lines)
    assert made == poem(seed, stanzas=4)


def test_required_words_are_said_and_script_is_kept() -> None:
    made = poem(words="雨伞，灯塔", script="traditional")
    assert "雨傘" in made.text()
    assert "燈塔" in made.text()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"words": "rain"}, "can't stand"),
        ({"words": "，".join("风花雪月山水")}, "6 words"),
        ({"stanzas": 9}, "stanzas"),
    ],
)
def test_what_can_not_be_met_is_refused(options: dict[str, object], reason: str) -> None:
    with pytest.raises(BriefError, match=reason):
        poem(**({"stanzas": 1} | options))


def test_checkpoint_that_speaks_no_chinese_is_refused_by_name() -> None:
    with pytest.raises(LanguageNotSpokenError, match="Chinese"):
        compose({"form": "xinshi", "idea": "雨夜", "language": "zh"})


def test_own_poem_is_judged() -> None:
    text = "《过江》\n江面很宽\n船很慢\n\n江面很宽\n谱写新的篇章 OK\n"
    found = {r.rule for r in judge(text, find("xinshi"), "zh", options={"words": "灯"})}
    assert found == {"repeated-line", "worn", "not-han", "required-word"}
    assert judge("江面很宽\n船很慢\n", find("xinshi"), "zh") == []
