"""A handful of works on the real default checkpoint."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from miaobi.compose import compose
from miaobi.craft.plot.narrative import Narrative
from miaobi.craft.text.prose import length_score
from miaobi.craft.text.sentence import length
from miaobi.engines import catalog, open_engine
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
    assert sum(choice.taken >= 0 and len(choice.candidates) > 1 for choice in once.record.choices) >= 20
    assert length_score(700, words) >= 90
    assert all(len(choice.candidates) > 1 for choice in once.record.choices[:3])


@pytest.fixture(scope="module")
def gemma() -> Iterator[Engine]:
    """The checkpoint that speaks Chinese, where it is at hand: 241 MB are not pulled for a test."""
    pulled = any(entry.name == "gemma-3-270m" for entry in catalog.installed())
    spec = os.environ.get("MIAOBI_TEST_GEMMA", "") or ("gemma-3-270m" if pulled else "")
    if not spec:
        pytest.skip("gemma-3-270m isn't here: miaobi checkpoints pull gemma-3-270m, or set MIAOBI_TEST_GEMMA")
    opened = open_engine(spec, language="zh")
    yield opened
    opened.close()


@pytest.mark.parametrize("form", ["story", "prose", "screenplay"])
def test_chinese_work_is_valid_to_length_and_partly_of_the_engine(gemma: Engine, form: str) -> None:
    brief = {"form": form, "idea": "修表匠在旧钟里找到一张当票", "language": "zh", "seed": 3}
    work = compose(brief, engine=gemma, formats=["fountain" if form == "screenplay" else "txt"])
    assert not work.findings
    assert work.record.authorship["engine"] >= 5
    if form == "story":
        got = length(Narrative.model_validate(work.content).text(), "zh")
        assert length_score(1_200, got) >= 95
