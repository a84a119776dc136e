from __future__ import annotations

import pytest

from miaobi.assist.passage import Stretch, lines, passage
from miaobi.assist.pen import pen_for
from miaobi.assist.revision import read_instruction, revise
from miaobi.craft.text.register import shift_register
from miaobi.craft.text.sentence import length
from miaobi.craft.text.shortening import shorten
from miaobi.errors import BriefError, UnsupportedError
from tests.parrot import Parrot

TEXT = """---
title: It is here
---

# She walks

Marta walks to the door. The lamp is lit. “I walk,” she says.

```
she walks
```

She opens the window and looks at the grey harbour. It is (to her surprise) very cold. The wind rises.
"""


def whole(text: str) -> Stretch:
    return Stretch(0, len(text), text)


def revised(text: str, instruction: str, language: str = "en") -> str:
    return revise(text, whole(text), read_instruction(instruction), language).text  # type: ignore[arg-type]


def test_only_prose_is_changed() -> None:
    told = revised(TEXT, "tense=past")
    assert "title: It is here\n" in told
    assert "# She walks\n" in told
    assert "```\nshe walks\n```" in told
    assert "Marta walked to the door. The lamp was lit. “I walk,” she said." in told
    assert "She opened the window and looked at" in told


def test_passage_is_changed_and_the_rest_stays() -> None:
    where = passage(TEXT, "Marta walks to the door. The lamp is lit.")
    told = revise(TEXT, where, read_instruction("past tense"), "en").text
    assert told == TEXT.replace("Marta walks", "Marta walked").replace("lamp is", "lamp was")


def test_places_of_what_was_left_are_in_the_text_before() -> None:
    text = "She waits. I drop the bag and run."
    made = revise(text, passage(text, "I drop the bag and run."), read_instruction("tense=past"), "en")
    assert [text[e.start : e.end] for e in made.left] == ["run"]


def test_several_instructions_follow_one_another() -> None:
    told = revised("She doesn’t know. She walks on.", "tense=past; person=first; register=formal")
    assert told == "I did not know. I walked on."


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("tense=past", ["tense=past"]),
        ("Put it in the present tense", ["tense=present"]),
        ("first person", ["person=first"]),
        ("person=third:Anna Berg:she", ["person=third:Anna Berg:she"]),
        ("more formal; shorten to 80 words", ["register=formal", "shorten=80"]),
        ("make it informal", ["register=informal"]),
        ("缩短到100字；正式一些", ["shorten=100", "register=formal"]),
        ("expand by 150 %", ["expand=150%"]),
        ("扩写", ["expand=150%"]),
        ("plain", ["tone=plain"]),
    ],
)
def test_instructions_are_understood(said: str, kinds: list[str]) -> None:
    assert [str(i) for i in read_instruction(said)] == kinds


@pytest.mark.parametrize(
    "said",
    ["", " ; ", "make it sing", "tense=future", "person=second", "shorten=lots", "shorten=-5", "tone=warm", "=x"],
)
def test_instruction_that_cannot_be_carried_out_says_what_can(said: str) -> None:
    with pytest.raises(BriefError) as caught:
        read_instruction(said)
    assert "tense=past|present" in caught.value.hint


def test_whose_person_is_meant_must_be_plain() -> None:
    with pytest.raises(BriefError, match="whose person"):
        revised("He saw her.", "person=first")
    with pytest.raises(BriefError, match="how to speak of"):
        revised("I saw it.", "person=third:Qwrt")
    assert revised("I saw it.", "person=third:Qwrt:they") == "Qwrt saw it."
    assert revised("I saw it.", "person=third:Anna") == "Anna saw it."


def test_rules_of_english_are_refused_in_chinese_and_shortening_is_not() -> None:
    with pytest.raises(UnsupportedError, match="English only"):
        revised("她走到门口。", "tense=past", "zh")
    text = "海上生明月。他站在船头（风很大），一句话也没说。水很冷。水手们在唱歌。明月照着海。天亮了。"
    told = revised(text, "shorten=60%", "zh")
    assert told.startswith("海上生明月。")
    assert told.endswith("天亮了。")
    assert length(told, "zh") < 0.75 * length(text, "zh")


def test_shorter_text_is_made_of_the_person_s_sentences() -> None:
    text = " ".join(
        f"Sentence number {w} speaks of the {w} boat in the harbour."
        for w in ["one", "two", "three", "four", "five", "six"]
    )
    less = shorten(text, 30, "en")
    assert length(less.text, "en") <= 33
    assert all(s + "." in text for s in less.text.rstrip(".").split(". "))
    assert less.text.startswith("Sentence number one")
    assert less.text.endswith("six boat in the harbour.")


def test_plain_tone_takes_intensifiers_and_asides_out() -> None:
    told = revised("It was (to her surprise) very cold. In fact, she really hated it. “It is very cold.”", "tone=plain")
    assert told == "It was cold. She hated it. “It is very cold.”"


@pytest.mark.parametrize(
    ("informal", "formal"),
    [
        ("He's gone and she's tired.", "He has gone and she is tired."),
        ("They don't know, and I can't stay.", "They do not know, and I cannot stay."),
        ("She won't come.", "She will not come."),
        ("I'm sure he'd have come.", "I am sure he would have come."),
        ("The kids came.", "The children came."),
        ("“I can't,” he said.", "“I can't,” he said."),
        ("It was Tom's coat.", "It was Tom's coat."),
        ("She bought an ad.", "She purchased an advertisement."),
    ],
)
def test_registers_are_written_out_and_drawn_together(informal: str, formal: str) -> None:
    assert shift_register(informal, "formal").text == formal
    assert shift_register(formal, "informal").text == informal


def test_contraction_never_ends_a_clause_or_hangs_on_a_main_verb() -> None:
    for text in ("I know who you are.", "I have a dog.", "Yes, she is.", "What a fool I am."):
        assert shift_register(text, "informal").text == text


def test_expanding_keeps_every_word_of_the_person_and_says_which_are_the_engine_s() -> None:
    text = "Marta opened the door. The lamp was lit. She saw the harbour. Nobody came to meet her that night."
    made = revise(
        text, whole(text), read_instruction("expand=150%"), "en", lambda t: pen_for(t, "en", Parrot(), seed=3)
    )
    assert made.engine
    assert length(made.text, "en") >= 1.2 * length(text, "en")
    for stretch in made.engine:
        assert made.text[stretch.start : stretch.end] == stretch.text
    without = made.text
    for stretch in reversed(made.engine):
        without = without[: stretch.start].rstrip() + without[stretch.end :]
    assert without == text


def test_expanding_without_an_engine_or_to_fewer_words_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="engine"):
        revised("One sentence.", "expand=200")
    with pytest.raises(BriefError, match="already"):
        revise(TEXT, whole(TEXT), read_instruction("expand=3"), "en", lambda t: pen_for(t, "en", Parrot()))


@pytest.mark.parametrize(
    ("wanted", "text"), [("2", "two"), ("1-2", "one\ntwo"), ("3", "three"), (" 2 - 3 ", "two\nthree")]
)
def test_lines_are_counted_from_one(wanted: str, text: str) -> None:
    found = lines("one\ntwo\nthree", wanted)
    assert found.text == text
    assert "one\ntwo\nthree"[found.start : found.end] == text


@pytest.mark.parametrize("wanted", ["0", "4", "3-2", "x", "", "1-99", "-1"])
def test_lines_that_are_not_there_are_refused(wanted: str) -> None:
    with pytest.raises(BriefError, match="no lines"):
        lines("one\ntwo\nthree\n", wanted)
