from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.bible import Lore
from miaobi.decoding.context import Material, fill, sentences, triggered
from miaobi.errors import BriefError

BOOK = (
    Lore(keys=("harbour",), content="The harbour is run by Ada.", priority=1),
    Lore(keys=("Ada",), content="Ada has one grey eye.", priority=5),
    Lore(keys=("灯塔",), content="灯塔建于一八九〇年。"),
    Lore(keys=("law",), content="Nobody sails at night.", constant=True),
)
SENTENCES = st.lists(
    st.sampled_from(["He ran. ", "She saw the harbour! ", "灯塔亮了。", "\n\n", "Was it Ada? "]), max_size=30
)


@given(SENTENCES)
def test_sentences_join_to_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join(sentences(text)) == text


@given(SENTENCES, st.integers(60, 500))
def test_the_budget_holds_and_nothing_is_cut_within_a_sentence(parts: list[str], budget: int) -> None:
    text = "".join(parts)
    context = fill(
        Material(constant="Bible.", lore=BOOK, latest=text, summary="So far.", note="Be brief."), budget, len
    )
    assert len(context.text) == context.receipt["tokens"] <= budget
    whole = set(sentences(text))
    kept = [e for e in context.receipt["used"] if e["part"] == "latest"]
    if kept:
        tail = text[len(text) - kept[0]["tokens"] :]
        assert all(s in whole or s.strip() == "" for s in sentences(tail))
    named = [e["part"] for e in context.receipt["used"] + context.receipt["dropped"]]
    assert named.count("note") == 1


def test_lore_is_triggered_by_keys_and_by_other_lore() -> None:
    assert triggered(BOOK, "They met at the harbour.") == {0: "key “harbour”", 1: "key “Ada” in lore “harbour”"}
    assert triggered(BOOK, "Adamant harbours") == {}
    assert 2 in triggered(BOOK, "远处的灯塔亮了。")


def test_the_beginning_stays_the_same_when_lore_changes() -> None:
    constant = "A long bible. " * 10
    a = fill(Material(constant=constant, lore=BOOK, latest="At the harbour."), 1000, len)
    b = fill(Material(constant=constant, lore=BOOK, latest="At sea."), 1000, len)
    head = constant + "\n\n" + BOOK[3].content
    assert a.text.startswith(head)
    assert b.text.startswith(head)
    assert a.text != b.text


def test_constant_material_beyond_the_budget_is_refused() -> None:
    with pytest.raises(BriefError, match="budget is 10"):
        fill(Material(constant="Far too long for that."), 10, len)
