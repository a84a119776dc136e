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
        ("Two sisters inherit a bakery", "sisters", "inherited a bakery", "bakery"),
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
