"""News: the pyramid is cut from its foot when less is wished for."""

from __future__ import annotations

import pytest

from miaobi.compose import compose
from miaobi.craft.facts.sheet import parse_sheet
from miaobi.craft.text.sentence import length
from miaobi.errors import BriefError
from miaobi.forms import find
from miaobi.forms.writing.news import News
from miaobi.types import Language
from tests.parrot import Parrot


def test_shorter_news_keeps_the_lead_and_loses_what_stands_last() -> None:
    example = find("news").example
    whole, short = (
        News.model_validate(compose(example.model_copy(update={"length": n}), engine=Parrot(), formats=["md"]).content)
        for n in (0, 35)
    )
    assert short.lead == whole.lead
    assert whole.text().startswith(short.text())
    assert abs(length(short.text(), "en") - 35) <= 8
    assert "1931" in whole.text()
    assert "1931" not in short.text()


def test_number_is_read_with_and_without_a_bar() -> None:
    facts = "who: the city\nwhat: opened the ferry\nnumber: 340 passengers on the first day\n"
    sheet = parse_sheet(facts + "number: €1,200 | a ticket\nnumber: 12 % of the fleet")
    assert [(n.value, n.label) for n in sheet.numbers] == [
        ("340", "passengers on the first day"),
        ("€1,200", "a ticket"),
        ("12 %", "of the fleet"),
    ]


@pytest.mark.parametrize(("line", "language"), [("weather: rain until noon", "en"), ("天气：下雨", "zh")])
def test_fact_of_no_kind_is_refused_with_the_kinds(line: str, language: Language) -> None:
    facts = "who: the city\nwhat: opened the ferry\n" if language == "en" else "何人：市府\n何事：开通渡轮\n"
    with pytest.raises(BriefError, match="no kind of fact") as refused:
        parse_sheet(facts + line, language)
    assert ("detail" if language == "en" else "细节") in str(refused.value)
