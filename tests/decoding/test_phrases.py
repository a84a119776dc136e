from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.decoding.phrases import Phrases


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was a testament to hope.", "testament to"),
        ("A TESTAMENT  to hope", None),
        ("testaments to", None),
        ("untestament to", None),
        ("他心如刀割地走了", "心如刀割"),
        ("a testament\nto ", "testament to"),
    ],
)
def test_a_phrase_is_found_at_word_borders_only(text: str, found: str | None) -> None:
    scan = Phrases(["testament to", "心如刀割"]).scan(text, 0, final=True)
    assert (scan.found and scan.found[0]) == found


def test_a_phrase_stays_open_until_the_word_is_over() -> None:
    phrases = Phrases(["shimmer"])
    assert phrases.scan("the shimmer", 0, final=False).found is None
    assert phrases.scan("the shimmer", 0, final=False).open == 4
    assert phrases.scan("the shimmer", 0, final=True).found == ("shimmer", 4, 11)
    assert phrases.scan("the shimmering", 0, final=False).found is None


@given(st.lists(st.text("ab ", min_size=1, max_size=4), max_size=5), st.text("ab ", max_size=20))
def test_phrases_agree_with_regular_expressions(phrases: list[str], text: str) -> None:
    wanted = [" ".join(p.split()) for p in phrases if p.strip()]
    starts = [m.start() for p in wanted for m in re.finditer(rf"(?=\b{re.escape(p)}\b)", text)]
    found = Phrases(wanted).scan(text, 0, final=True).found
    assert (found[1] if found else None) == min(starts, default=None)
