"""A story keeps to its idea: the hero is called by the trade now and then, later beats come back to the deed."""

import random

import pytest

from miaobi.craft.plot.plan import PlannedBeat, data, plan_story
from miaobi.craft.plot.reference import GAP, recalled, short_deed, with_trade
from miaobi.craft.text.idea import read_idea

IDEA = "A clockmaker repairs a watch that runs backwards"
LONG = (
    "It rained, and the street was empty, and nobody came, and the lamp burned, and the clock went on as it had. " * 3
)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("found a message in a bottle", "found a message in a bottle"),
        ("found a town and a sheep", "found a town and a sheep"),
        ("stole a painting and found her own face in it", "stole a painting"),
        ("lost her hearing the week before the concert", "lost her hearing the week before the concert"),
        (
            "sang and slept until the last of the guests had gone home",
            "sang and slept until the last of the guests had gone home",
        ),
    ],
)
def test_long_deed_is_said_again_by_its_first_clause(deed: str, said: str) -> None:
    assert short_deed(deed) == said


def test_name_becomes_the_trade_only_at_the_beginning_of_narration_and_seldom() -> None:
    beats = [
        PlannedBeat("a", f"{LONG}Otto went home. Otto slept."),
        PlannedBeat("b", f"{LONG}“Otto slept,” she said. Then Otto rose. [Otto took|The door] Otto’s hat fell."),
        PlannedBeat("c", f"{LONG}Otto was a clockmaker. {LONG}Otto waited."),
    ]
    told = [beat.template.replace(LONG, "") for beat in with_trade(beats, "Otto", "clockmaker")]
    assert told[0] == "The clockmaker went home. Otto slept."
    assert told[1] == beats[1].template.replace(LONG, "")
    assert told[2] == "Otto was a clockmaker. The clockmaker waited."
    assert len(LONG.split()) > GAP


def test_deed_comes_back_after_it_was_told_and_as_often_as_the_length_allows() -> None:
    plan = plan_story(read_idea(IDEA), IDEA, 4, 700)
    deed = plan.slots["deed"]
    names = [beat.name for beat in plan.beats]
    at = names.index("deed")
    again = [i for i, beat in enumerate(plan.beats) if deed in beat.template]
    assert again[0] == at
    assert 3 <= len(again) <= 7
    assert not [i for i in again if i < at]


def test_deed_too_long_to_be_said_again_is_not() -> None:
    plan = plan_story(read_idea(IDEA), IDEA, 4, 700)
    slots = plan.slots | {"deed": "repaired a " + "very " * 14 + "old watch"}
    assert recalled(plan.beats, data("en", "recall"), slots, 700, random.Random(1)) == list(plan.beats)


def test_every_recall_reads_with_a_short_deed() -> None:
    table = data("en", "recall")
    assert set(table["place"]) == set(table) - {"place"}
    assert all("{deed}" in text for stage in table["place"] for text in table[stage])
