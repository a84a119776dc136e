from __future__ import annotations

import pytest

from miaobi.assist.critique import criticise
from miaobi.assist.passage import paragraphs
from miaobi.assist.remark import Remark

QUIET = """Mara walked to the harbour before the bell. The nets hung dry.

She counted the boats, and one was missing from its ring by the steps where the gulls slept.

“You're late,” said Tom."""


def only(text: str, rule: str, language: str = "en") -> list[Remark]:
    return [r for r in criticise(text, language) if r.rule == rule]  # type: ignore[arg-type]


def test_nothing_is_said_of_a_quiet_text() -> None:
    assert criticise(QUIET, "en") == []


def test_repeated_sentence_points_at_the_second_by_line_and_column() -> None:
    text = "The lamp was out. He went in.\n\nIt rained. The lamp was out."
    (found,) = only(text, "repeated-sentence")
    assert (found.line, found.column, found.severity) == (3, 12, "error")
    assert text[found.start : found.end] == found.text == "The lamp was out."


def test_near_echo_names_the_sentence_it_echoes() -> None:
    text = (
        "The old keeper climbed the narrow stairs at dusk. Rain fell. The old keeper climbed the narrow stairs at dawn."
    )
    (found,) = only(text, "near-echo")
    assert "dusk" in str(found.evidence["other"])


def test_first_person_in_third_person_narration_is_drift_but_not_in_speech() -> None:
    told = "She ran. He followed her. They stopped at the gate. She looked at him. “I know,” she said. "
    assert only(told, "person-drift") == []
    (found,) = only(told + "I watched the gate.", "person-drift")
    assert found.text == "I"


def test_first_person_narrator_may_speak_of_others() -> None:
    text = "I saw her. He left me there. She ran. They called us. He waved at me."
    assert only(text, "person-drift") == []


def test_one_present_sentence_in_a_past_text_is_tense_drift() -> None:
    text = "She was cold. He went home. They had bread. It was dark. She is alone and he does nothing."
    (found,) = only(text, "tense-drift")
    assert found.text.startswith("She is alone")
    assert found.evidence["verbs"] == ["is", "does"]


def test_worn_phrase_is_found_in_any_case() -> None:
    (found,) = only("It was A Testament to their work.", "worn-phrase")
    assert found.text == "A Testament to"


@pytest.mark.parametrize("text", ["“Come in, he said.", "Come in,” he said.", '"Come in, he said.'])
def test_open_quotation_is_an_error(text: str) -> None:
    (found,) = only(text, "unclosed-quotation")
    assert found.severity == "error"


def test_speech_over_two_paragraphs_opens_again_and_is_no_error() -> None:
    assert only("“First of all.\n\n“And then,” he said.", "unclosed-quotation") == []


def test_rare_spelling_beside_a_usual_name_is_name_drift() -> None:
    text = "Then Marta went. And Marta ran, so Marta fell. Later Matra rose."
    (found,) = only(text, "name-drift")
    assert (found.text, found.evidence["usual"]) == ("Matra", "Marta")


def test_even_sentences_are_told_once_for_the_run() -> None:
    text = " ".join(f"The {w} stood by the wall." for w in ["lamp", "boat", "gate", "rope", "bell", "cart", "door"])
    (found,) = only(text, "even-sentences")
    assert len(found.evidence["lengths"]) == 7  # type: ignore[arg-type]


def test_loads_passives_tags_and_openers_are_measured() -> None:
    text = "It was really very dark. He just actually sat. The door was opened. The lamp was lit. The rope was cut."
    rules = {r.rule for r in criticise(text, "en")}
    assert {"filler-load", "passive-share"} <= rules
    tags = "“No,” he hissed. “Go,” she exclaimed. “Why?” he retorted. “Well,” she said."
    assert only(tags, "dialogue-tags")
    assert only("He sat. He ate. He slept. He woke.", "same-opener")


def test_word_echo_spares_names() -> None:
    assert only("The lantern fell. A lantern broke. Her lantern burned.", "word-echo")
    assert not only("Then Marta fell. And Marta rose. So Marta went.", "word-echo")


def test_chinese_chains_phrases_and_drift_are_found() -> None:
    text = "他的母亲的朋友的房子很旧。她走了。他来了。她笑了。他心旷神怡。我也去了。"
    rules = {r.rule for r in criticise(text, "zh")}
    assert {"de-chain", "worn-phrase", "person-drift"} <= rules


def test_chinese_repeats_and_quotes_are_found() -> None:
    text = "雨下了一整夜。\n“走吧。他说。\n雨下了一整夜。"
    rules = {(r.rule, r.line) for r in criticise(text, "zh")}
    assert {("repeated-sentence", 3), ("unclosed-quotation", 2)} <= rules


def test_paragraphs_of_our_own_text_files_are_told_apart_by_their_indent() -> None:
    text = "The Lamp\n========\n\nThe lamp was lit, and she\nwaited by it.\n  “Who is there?”\n  Nobody\nanswered.\n"
    found = [p.text for p in paragraphs(text, "en")]
    assert found == [
        "The Lamp\n========",
        "The lamp was lit, and she\nwaited by it.",
        "“Who is there?”",
        "Nobody\nanswered.",
    ]
