"""Files of ours are judged by the words in them, not by title, label and chart."""

from __future__ import annotations

import pytest

from miaobi.assist.critique import criticise
from miaobi.assist.judgement import judge
from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.text.wrapping import unwrapped
from miaobi.forms import find
from miaobi.work import Work
from tests.parrot import Parrot


def made(form: str, idea: str, **options: object) -> Work:
    brief = Brief(form=form, idea=idea, seed=3, language=find(form).languages[0], options=options)
    return compose(brief, engine=Parrot(), formats=["txt", "md"])


@pytest.mark.parametrize("ending", ["txt", "md"])
@pytest.mark.parametrize(
    ("form", "idea", "options"),
    [
        ("sonnet", "the sea at night", {"chart": True}),
        ("haiku", "first frost", {}),
        ("jueju", "秋夜江上", {"appendix": "certificate"}),
        ("story", "A thief steals a painting", {}),
    ],
)
def test_own_file_passes_its_own_check(form: str, idea: str, options: dict[str, object], ending: str) -> None:
    text = made(form, idea, **options).rendering(ending).content.decode()
    found = judge(text, find(form), find(form).languages[0])
    assert not [remark.message for remark in found if remark.severity == "error"]


def test_remarks_point_into_the_file_as_it_is() -> None:
    text = made("story", "A thief steals a painting").rendering("md").content.decode()
    assert len(unwrapped(text)) == len(text)
    assert "AIGC" not in unwrapped(text)
    faulty = text.rstrip() + " The the wall was was grey.\n"
    remarks = criticise(faulty, "en")
    assert not [r for r in remarks if "miaobi" in r.message]
    assert unwrapped("AIGC: a text of one's own\n=====\n") == "AIGC: a text of one's own\n=====\n"
