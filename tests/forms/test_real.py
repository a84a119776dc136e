"""A handful of works on the real default checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from miaobi.compose import compose
from miaobi.craft.text.prose import length_score
from miaobi.engines import open_engine
from miaobi.types import Engine

pytestmark = [pytest.mark.checkpoint, pytest.mark.slow]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine("", language="en")
    yield opened
    opened.close()


def test_story_is_valid_to_length_and_the_same_again(engine: Engine) -> None:
    brief = {"form": "story", "idea": "A thief steals a painting", "seed": 2, "length": 700}
    once, again = (compose(brief, engine=engine, formats=["txt"]) for _ in range(2))
    assert once == again
    assert not [f for f in once.findings if f.severity == "error"]
    words = sum(once.record.authorship.values())
    assert sum(choice.taken >= 0 for choice in once.record.choices) >= 20  # sentences that the engine ended
    assert once.record.authorship["engine"] >= 3 * 20
    assert length_score(700, words) >= 90
    assert all(len(choice.candidates) > 1 for choice in once.record.choices[:3])
