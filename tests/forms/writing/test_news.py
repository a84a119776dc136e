"""News: the pyramid is cut from its foot when less is wished for."""

from __future__ import annotations

from miaobi.compose import compose
from miaobi.craft.text.sentence import length
from miaobi.forms import find
from miaobi.forms.writing.news import News
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
