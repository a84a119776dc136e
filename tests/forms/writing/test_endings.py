"""A small checkpoint chooses how an opener ends; a large one ends it by itself."""

from __future__ import annotations

import random
import re

import pytest

from miaobi.compose import compose
from miaobi.craft.plot.narrative import Narrative
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.variant import unmarked, vary
from miaobi.craft.text import fault
from miaobi.craft.text.prose import length_score
from miaobi.craft.text.sentence import sentences
from miaobi.forms import find
from miaobi.forms.writing.endings import bare, expand, writes_freely
from miaobi.types import Checkpoint
from tests.parrot import Parrot


class Small(Parrot):
    """A parrot of the default checkpoint's size: it is asked for likelihoods only."""

    def __init__(self) -> None:
        super().__init__(("en",))
        self.checkpoint = Checkpoint("small", sha256="1" * 64, languages=("en",), parameters=135_000_000)


def test_small_checkpoint_writes_nothing_and_its_choices_are_recorded() -> None:
    engine = Small()
    work = compose({"form": "story", "idea": "A baker loses his nose", "seed": 3}, engine=engine, formats=["md"])
    assert engine.calls == 0
    assert len([c for c in work.record.choices if len(c.candidates) > 1]) >= 15
    assert not [f for f in work.findings if f.severity == "error"]


@pytest.mark.parametrize(("form", "length"), [("prose", 340), ("prose", 800), ("screenplay", 560), ("screenplay", 800)])
def test_both_ends_of_the_declared_range_are_reached(form: str, length: int) -> None:
    assert length in {find(form).length.least, find(form).length.most}
    for seed in range(2):
        brief = {
            "form": form,
            "idea": "A tailor sews a letter into the lining of a coat",
            "seed": seed,
            "length": length,
        }
        work = compose(brief, engine=Small(), formats=find(form).formats[:1])
        assert not work.findings
        assert length_score(length, sum(work.record.authorship.values())) >= 95


def test_stories_share_few_sentences() -> None:
    ideas = ["A baker loses his nose", "A thief steals a painting", "A girl teaches a crow to carry letters"]
    texts = [
        compose({"form": "story", "idea": idea, "seed": seed}, engine=Small(), formats=["txt"])
        for idea in ideas
        for seed in (0, 1)
    ]
    told = [set(sentences(Narrative.model_validate(work.content).text())) for work in texts]
    others = [set().union(*(t for t in told if t is not own)) for own in told]
    assert sum(len(own & other) for own, other in zip(told, others, strict=True)) < 0.2 * sum(map(len, told))


def test_large_checkpoint_and_one_of_unknown_size_write() -> None:
    assert writes_freely(Checkpoint("x", parameters=7_000_000_000))
    assert writes_freely(Checkpoint("server"))
    assert not writes_freely(Checkpoint("y", parameters=135_000_000))


def test_opener_expands_to_each_of_its_endings() -> None:
    opener = "She cut a piece of <string/bread> and left it lying"
    assert bare(opener) == "She cut a piece of"
    assert expand(opener) == [f"She cut a piece of {w} and left it lying" for w in ("string", "bread")]
    assert expand("The lamp burned") == ["The lamp burned"]


@pytest.mark.parametrize("table", ["plot", "world", "essay", "screen"])
def test_every_ending_of_ours_keeps_to_the_person_and_tense_of_a_story(table: str) -> None:
    tables = data("en", table)
    packs = [world["subjects"] for world in tables.values()] if table == "world" else tables["openers"].values()
    found = [opener for pack in packs for opener in pack if "<" in opener]
    tense = {"essay": "any", "screen": "present"}.get(table, "past")
    voice = fault.Voice("en", tense=tense, person="first" if table == "essay" else "third")
    assert len(found) > 40
    for opener in found:
        drawn = [vary(re.sub(r"\{\w+\}", "it", unmarked(opener)), random.Random(k)) for k in range(3)]
        for filled in [text for one in drawn for text in expand(one)]:
            broken = fault.narration_fault(filled.rstrip(".") + ".", voice)
            assert broken in {"", "vague", "foreign-word", "echo", "second-clause"}, (broken, filled)
