from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.text.idea import read_idea


@pytest.mark.parametrize(
    ("idea", "role", "deed", "head"),
    [
        (
            "A lighthouse keeper finds a message in a bottle",
            "lighthouse keeper",
            "found a message in a bottle",
            "message",
        ),
        ("A thief steals a painting", "thief", "stole a painting", "painting"),
        ("Two sisters inherit a bakery", "sister", "inherited a bakery", "bakery"),
        ("A girl who is afraid of the dark befriends a lamplighter", "girl", "befriended a lamplighter", "lamplighter"),
    ],
)
def test_idea_gives_role_deed_and_the_thing_it_turns_on(idea: str, role: str, deed: str, head: str) -> None:
    found = read_idea(idea)
    assert (found.role.split(" who ")[0], found.deed, found.head) == (role, deed, head)


def test_name_of_the_user_is_kept() -> None:
    assert read_idea("Nora discovers that the library lends out dreams").name == "Nora"


def test_idea_without_a_person_is_a_thing() -> None:
    assert read_idea("The last train to Osaka").thing.endswith("train")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read_idea(text)


@pytest.mark.parametrize(
    ("text", "role", "deed", "thing"),
    [
        ("A nurse paints birds at night", "nurse", "painted birds at night", "birds"),
        ("A man fixes clocks for the dead", "man", "fixed clocks for the dead", "clocks"),
        ("A girl repairs radios in a city under siege", "girl", "repaired radios in a city under siege", "radios"),
        ("An old sailor knits sweaters", "old sailor", "knitted sweaters", "sweaters"),
        ("Sisters argue about a will", "sister", "argued about a will", "will"),
        ("Two brothers build a bridge and stop speaking", "brother", "built a bridge and stopped speaking", "bridge"),
    ],
)
def test_a_person_does_something_whatever_the_verb(text: str, role: str, deed: str, thing: str) -> None:
    idea = read_idea(text)
    assert (idea.role, idea.deed, idea.thing) == (role, deed, thing)


def test_a_named_hero_keeps_the_trade() -> None:
    idea = read_idea("Marta the piano tuner hears a wrong note in a house where nobody plays")
    assert (idea.name, idea.role) == ("Marta", "piano tuner")
