"""People that a brief brings with it play hero and ally."""

from __future__ import annotations

from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.planning import plan_in
from miaobi.errors import BriefError
from miaobi.types import Language

EN, ZH = "A lighthouse keeper finds a message in a bottle", "灯塔守护人在瓶子里发现一封信"


def brief(*texts: str, **more: Any) -> Brief:
    references = [{"kind": "persona", "name": f"person {n}", "text": text} for n, text in enumerate(texts)]
    return Brief.parse({"form": "story", "idea": EN, "references": references} | more)


def played(wanted: Brief) -> list[tuple[str, str, str]]:
    plan = plan_in(wanted.language, wanted.idea, 3, 700, people=people_of(wanted))
    text = " ".join(beat.template for beat in plan.beats)
    assert plan.bible.personas[0].name in text
    return [(p.name, p.pronoun, p.role) for p in plan.bible.personas]


def test_first_is_the_hero_and_the_next_the_ally() -> None:
    hero, ally = played(brief("name: Mara\nrole: ship's cook\npronoun: she", '{"name": "Odo", "pronoun": "he"}'))
    assert hero == ("Mara", "she", "ship's cook")
    assert ally[:2] == ("Odo", "he")
    assert ally[2]  # what isn't said is drawn


def test_hero_whom_the_idea_names_stays() -> None:
    idea = "Anna paints the birds that come at night"
    assert [one[0] for one in played(brief("name: Mara", idea=idea))] == ["Anna", "Mara"]
    assert played(brief("name: Mara", "name: Anna\nrole: doctor", idea=idea))[0] == ("Anna", "they", "doctor")


@pytest.mark.parametrize(("text", "pronoun"), [("姓名：林晚\n称代：她\n身份：渡船工", "she"), ("姓名：林晚", "")])
def test_people_play_in_chinese_too(text: str, pronoun: str) -> None:
    language: Language = "zh"
    (hero, _) = played(brief(text, idea=ZH, language=language))
    assert hero[0] == "林晚"
    assert hero[1] in ({pronoun} if pronoun else {"he", "she"})


@pytest.mark.parametrize(
    "text", ["", "role: cook", "{", '{"name": 3}', '{"name": "x", "pronoun": "it"}', '{"name": " "}']
)
def test_person_that_can_not_be_read_is_told(text: str) -> None:
    with pytest.raises(BriefError, match="persona"):
        people_of(brief(text))
