from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.text.person import Figure, figure_of, to_first, to_third
from miaobi.craft.text.verb import verbs

ANNA, TOM, THEY = Figure("Anna", "she"), Figure("Tom", "he"), Figure("", "they")
TO_FIRST = [
    ("She walks to the door and opens it.", "I walk to the door and open it.", ANNA),
    ("She was tired.", "I was tired.", ANNA),
    ("Anna has lost her key.", "I have lost my key.", ANNA),
    ("He gives her the key and looks at her.", "He gives me the key and looks at me.", ANNA),
    ("The key was hers.", "The key was mine.", ANNA),
    ("She hurts herself.", "I hurt myself.", ANNA),
    ("“She is here,” she says.", "“She is here,” I say.", ANNA),
    ("She doesn't know.", "I don't know.", ANNA),
    ("Anna's coat is wet.", "My coat is wet.", ANNA),
    ("She’s late, and she’s lost her key.", "I’m late, and I’ve lost my key.", ANNA),
    ("The men look at Anna.", "The men look at me.", ANNA),
    ("Does she know?", "Do I know?", ANNA),
    ("He saw her go.", "He saw me go.", ANNA),
    ("Her hands were cold.", "My hands were cold.", ANNA),
    ("He put his hat on and left. The hat was his.", "I put my hat on and left. The hat was mine.", TOM),
    ("Nobody saw him. He could not move.", "Nobody saw me. I could not move.", TOM),
    ("Tom Grey shut the shop.", "I shut the shop.", Figure("Tom Grey", "he")),
    ("Tom is a baker, and he has a dog.", "I am a baker, and I have a dog.", TOM),
    ("When she comes home, she sits down and weeps.", "When I come home, I sit down and weep.", ANNA),
]
TO_THIRD = [
    ("I walk to the door and open it.", "Anna walks to the door and opens it.", ANNA),
    ("I was tired, and I am old.", "Anna was tired, and she is old.", ANNA),
    (
        "I have lost my key. He gives me another. It is mine.",
        "Anna has lost her key. He gives her another. It is hers.",
        ANNA,
    ),
    ("I don't know what we want.", "Tom doesn't know what they want.", TOM),
    ("“I am here,” I say.", "“I am here,” Anna says.", ANNA),
    ("I’m late and I’ve lost myself.", "Tom’s late and he’s lost himself.", TOM),
    ("My hands shook.", "Her hands shook.", ANNA),
    ("I was late, and I knew it.", "They were late, and they knew it.", THEY),
    ("I put the box down. I was tired.", "Anna put the box down. She was tired.", ANNA),
    ("I sit and watch.", "Anna sits and watches.", ANNA),
    ("Do I know him?", "Does Anna know him?", ANNA),
]


@pytest.mark.parametrize(("third", "first", "figure"), TO_FIRST)
def test_figure_becomes_the_narrator(third: str, first: str, figure: Figure) -> None:
    assert to_first(third, figure).text == first


@pytest.mark.parametrize(("first", "third", "figure"), TO_THIRD)
def test_narrator_becomes_a_figure(first: str, third: str, figure: Figure) -> None:
    assert to_third(first, figure).text == third


def test_pronoun_of_somebody_else_is_left_and_named() -> None:
    shift = to_first("Anna sat down. Her mother was at the stove. She turned.\n\nShe waited.", ANNA)
    assert shift.text == "I sat down. My mother was at the stove. She turned.\n\nI waited."
    assert [(e.old, e.new) for e in shift.left] == [("She", "it may mean somebody else")]


def test_her_that_may_be_of_or_to_her_is_left_and_named() -> None:
    shift = to_first("He watched her walk.", ANNA)
    assert (shift.text, [e.old for e in shift.left]) == ("He watched her walk.", ["her"])


def test_name_stands_again_when_somebody_else_came_between() -> None:
    told = to_third("I sat down. My mother came. I rose.", ANNA).text
    assert told == "Anna sat down. Her mother came. Anna rose."


def test_figure_is_read_from_the_text_or_asked_for() -> None:
    assert figure_of("Clara came in. Clara sat. Hugo did not.") == Figure("Clara", "she")
    assert figure_of("He came in and took his hat.") == Figure("", "he")
    assert figure_of("He saw her.") is None
    assert figure_of("“She is here,” he said.") == Figure("", "he")


@given(st.sampled_from(sorted(set(verbs()) - {"have", "do", "put"})), st.sampled_from([ANNA, TOM]))
def test_round_trip_by_pronoun(base: str, figure: Figure) -> None:
    nameless = Figure("", figure.pronoun)
    forms = verbs()[base]
    pronoun = "She" if figure.pronoun == "she" else "He"
    third = f"{pronoun} {forms.third} it and never {forms.third} them."
    first = to_first(third, nameless).text
    assert first == f"I {base} it and never {base} them."
    assert to_third(first, nameless).text == third


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    to_first(text, ANNA)
    to_third(text, TOM)


def test_page_of_prose_is_told_by_its_figure_as_it_was_read() -> None:
    pages = Path(__file__).parent / "pages"
    shift = to_first((pages / "lighthouse.past.txt").read_text("utf-8"), Figure("Marta", "she"))
    assert shift.text == (pages / "lighthouse.first.txt").read_text("utf-8")
    assert shift.left == ()
