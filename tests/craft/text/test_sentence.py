from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.text.inflection import article, past
from miaobi.craft.text.sentence import length, sentences, unquoted


def test_sentences_end_after_their_closing_quotation_marks() -> None:
    text = "“No,” said Mr. Vale. “Go home.” She went… Then? Yes!"
    assert sentences(text) == ["“No,” said Mr. Vale.", "“Go home.”", "She went…", "Then?", "Yes!"]
    assert sentences("她说：“走吧。”他没动。", "zh") == ["她说：“走吧。”", "他没动。"]


@given(st.text(max_size=200), st.sampled_from(["en", "zh"]))
def test_splitting_loses_nothing_but_blanks(text: str, language: str) -> None:
    joined = "".join(sentences(text, language))  # type: ignore[arg-type]
    assert "".join(joined.split()) == "".join(text.split())


def test_length_counts_words_and_han_characters() -> None:
    assert length("It’s a well-known fact.", "en") == 4
    assert length("他在 2026 年写了 miaobi。", "zh") == 7


def test_unquoted_keeps_the_narration_alone() -> None:
    assert unquoted("“I am here,” she said.").strip() == "she said."


@pytest.mark.parametrize(
    ("verb", "expected"),
    [("finds", "found"), ("carries", "carried"), ("stops", "stopped"), ("teaches", "taught"), ("refuses", "refused"),
     ("visits", "visited"), ("must", "had to"), ("plays", "played"), ("fixes", "fixed"), ("offers", "offered")],
)  # fmt: skip
def test_past_of_a_verb(verb: str, expected: str) -> None:
    assert past(verb) == expected


def test_article_follows_the_sound() -> None:
    assert [article(n) for n in ("hour", "unicorn", "apple", "lamp")] == ["an hour", "a unicorn", "an apple", "a lamp"]
