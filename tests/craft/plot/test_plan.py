from __future__ import annotations

import re

import pytest

from miaobi.craft.plot.plan import data, plan_story
from miaobi.craft.plot.saga import plan_novel
from miaobi.craft.plot.template import Fixed, Opening, fill, parse
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.sentence import unquoted

IDEAS = [
    "A lighthouse keeper finds a message in a bottle",
    "An old clockmaker meets a boy without a past",
    "The last train to Osaka",
    "Grief",
    "Nora discovers that the library lends out dreams",
]


@pytest.mark.parametrize("idea", IDEAS)
@pytest.mark.parametrize("seed", range(12))
def test_plan_has_no_unfilled_slot_and_keeps_to_the_length(idea: str, seed: int) -> None:
    plan = plan_story(read_idea(idea), idea, seed, 700)
    for beat in plan.beats:
        assert not re.search(r"[{}@]", beat.template + "".join(beat.texture))
    assert 600 <= sum(beat.words for beat in plan.beats) <= 790


def test_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    plans = [plan_story(read_idea(IDEAS[0]), IDEAS[0], seed, 700) for seed in (4, 4, 5)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_thing_planted_early_comes_back_at_the_turn() -> None:
    plan = plan_story(read_idea(IDEAS[0]), IDEAS[0], 8, 700)
    token = plan.slots["token"].split()[-1]
    told = {beat.name: beat.template.lower() for beat in plan.beats}
    assert token in told["token"]
    assert token in told["turn"]


def test_name_in_the_idea_is_the_hero() -> None:
    plan = plan_story(read_idea(IDEAS[4]), IDEAS[4], 1, 700)
    assert plan.bible.persona("hero").name == "Nora"


def test_longer_story_has_interludes_and_no_beat_twice() -> None:
    plan = plan_story(read_idea(IDEAS[0]), IDEAS[0], 3, 1_500)
    templates = [beat.template for beat in plan.beats]
    assert len(set(templates)) == len(templates)
    assert any(beat.name == "interlude" for beat in plan.beats)


def test_novel_deals_every_place_person_and_price_once() -> None:
    saga = plan_novel(read_idea(IDEAS[0]), IDEAS[0], 2, 20, 20_000)
    guests = [p.name for p in saga.bible.personas]
    summaries = [c.summary for c in saga.chapters if c.summary]
    assert len(saga.chapters) == 20
    assert len(set(guests)) == len(guests)
    assert len(set(summaries)) == len(summaries) == 15


def test_template_parts_in_order() -> None:
    parts = parse("She stopped. [Outside,|Above,] “[You told],” he said.")
    assert parts == [
        Fixed("She stopped. "),
        Opening(("Outside,", "Above,")),
        Fixed(" “"),
        Opening(("You told",), speech=True, mark=","),
        Fixed(",” he said."),
    ]


def test_missing_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{hero} went home.", {})


def variants(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for child in children for text in variants(child)]


@pytest.mark.parametrize("name", ["plot", "task", "interlude", "trade", "wound", "novel"])
def test_what_craft_tells_is_in_the_past_tense_and_the_third_person(name: str) -> None:
    own = {k: v for k, v in data("en", name).items() if k not in {"speech", "openers", "pool"}}
    unsaid = {"deeds", "goal_speech", "flaw", "want", "theme"}  # lists of words, speech, and labels of the bible
    tables = {k: [drop(x, unsaid) for x in v] if isinstance(v, list) else v for k, v in own.items()}
    for text in variants(tables):
        told = unquoted(re.sub(r"\[[^\]]*\]", "", text))
        assert not re.search(r"\b(?:is|are|has|does|I|my|we)\b", told), text


def drop(table: dict[str, object], keys: set[str]) -> dict[str, object]:
    return {k: v for k, v in table.items() if k not in keys}
