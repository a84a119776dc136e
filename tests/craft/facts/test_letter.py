from __future__ import annotations

import pytest

from miaobi.craft.facts.letter import read_point, short


@pytest.mark.parametrize(
    ("idea", "purpose", "kind", "text"),
    [
        ("decline the quote for the new fence because it is above our budget", "decline", "for",
         "the quote for the new fence because it is above our budget"),
        ("ask Maria to send me her notes", "request", "to", "send me your notes"),
        ("introduce the new editor, who joins on Monday", "introduce", "for", "the new editor, who joins on Monday"),
        ("remind the team that timesheets are due", "remind", "that", "timesheets are due"),
    ],
)  # fmt: skip
def test_point_of_an_english_idea(idea: str, purpose: str, kind: str, text: str) -> None:
    point = read_point(idea, "auto", "", "en")
    assert (point.purpose, point.kind, point.text) == (purpose, kind, text)


@pytest.mark.parametrize(
    ("idea", "purpose", "text"),
    [
        ("向张经理请假一天", "request", "我想请假一天"),
        ("请把讲稿发给我", "request", "把讲稿发给我"),
        ("邀请王老师参加周五的读书会", "invite", "参加周五的读书会"),
    ],
)
def test_point_of_a_chinese_idea(idea: str, purpose: str, text: str) -> None:
    point = read_point(idea, "auto", "张经理", "zh")
    assert (point.purpose, point.text) == (purpose, text)


def test_subject_is_cut_before_a_phrase_and_never_inside_a_pair_of_numbers() -> None:
    assert short("the shop will be closed on 6 and 7 April for stocktaking", 35) == "the shop will be closed"
