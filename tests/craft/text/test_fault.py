from __future__ import annotations

import pytest

from miaobi.craft.text.fault import Voice, narration_fault, slop_in, speech_fault

VOICE = Voice(
    "en", names=frozenset({"Mara", "Otto"}), pronouns=frozenset({"she", "he"}), genders={"Mara": "she", "Otto": "he"}
)


def test_plain_sentence_has_no_fault() -> None:
    assert narration_fault("Her hands shook as she lifted the lid.", VOICE) == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Her hands shook as she", "unfinished"),
        ("I lifted the lid.", "first-person"),
        ("The lamp is bright.", "present-tense"),
        ("She gave it to Bertram.", "stranger"),
        ("Otto took off her hat.", "other-gender"),
        ("The lamp was a testament to the sea.", "slop"),
        ("The lamp lit another lamp.", "echo"),
        ("Her husband lifted the lid.", "foreign-word"),
        ("She said the lid was shut.", "vague"),
        ("She counted 12 stones.", "markup"),
    ],
)
def test_fault_is_named(text: str, fault: str) -> None:
    assert narration_fault(text, VOICE) == fault


def test_speech_may_say_i_but_not_bring_its_own_tag() -> None:
    assert speech_fault("I never thought you would come", VOICE) == ""
    assert speech_fault("You could have gone, said the old man", VOICE) == "tag"


def test_worn_phrase_is_matched_at_word_borders_only() -> None:
    assert slop_in("a sense of wonder", "en") == ["a sense of"]
    assert slop_in("The defelt alike", "en") == []
