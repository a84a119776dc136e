"""Marks choose which wording is legal, choices are drawn, tone and season change a story, idea and seed its names."""

from __future__ import annotations

import random
import re

import pytest

from miaobi.craft.plot.essay import number_slots, plan_essay
from miaobi.craft.plot.plan import data, plan_story
from miaobi.craft.plot.screen import plan_screenplay, present
from miaobi.craft.plot.setting import kind_of, season_of, thing_of
from miaobi.craft.plot.variant import SEASONS, TONES, fits, legal, marks_of, tones_of, unmarked, vary
from miaobi.craft.text.idea import read_idea

IDEA = "A lighthouse keeper finds a message in a bottle"
OTHER = "A widow sells the house and the piano starts to play"
BEATS = {beat["name"]: beat["variants"] for beat in data("en", "plot")["beat"]}


def test_wording_is_legal_only_where_every_family_of_its_marks_is_met() -> None:
    texts = ["any", "#winter snow", "#dark #winter cold snow", "#summer #autumn wasps", "~not a person"]
    assert legal(texts, frozenset({"winter", "plain", "person"})) == ["any", "snow"]
    assert legal(texts, frozenset({"winter", "dark", "small"})) == ["any", "snow", "cold snow", "not a person"]
    assert legal(texts, frozenset({"winter", "dark"}), frozenset({"dark"})) == ["cold snow"]
    assert fits("#summer #autumn wasps", frozenset({"autumn"}))
    assert unmarked("#dark #winter cold") == "cold"


def test_choice_is_drawn_inside_out_and_may_be_empty() -> None:
    drawn = {vary("a{ {red/blue}/} door", random.Random(k)) for k in range(40)}
    assert drawn == {"a red door", "a blue door", "a door"}


def test_words_of_a_tone_are_read_whatever_stands_round_them() -> None:
    assert tones_of("Funny, with a bleak end") == ("dark", "wry")
    assert tones_of("like my aunt") == ()


@pytest.mark.parametrize("beat", ["opening", "night", "climax", "close", "visitor", "turn"])
@pytest.mark.parametrize("tone", sorted(set(TONES) - {"plain"}))
def test_every_tone_has_its_own_wording_of_the_beats_that_carry_it(beat: str, tone: str) -> None:
    assert any(tone in marks_of(text) for text in BEATS[beat])


@pytest.mark.parametrize("tone", ["dark", "wry", "warm", "hopeful"])
def test_story_of_a_tone_is_told_in_its_wordings(tone: str) -> None:
    found = 0
    for seed in range(6):
        plan = plan_story(read_idea(IDEA), IDEA, seed, 700, tone=f"rather {tone}")
        told = {beat.name: beat.template for beat in plan.beats}
        for name in ("opening", "night", "climax", "close"):
            heads = [_stems(text) for text in BEATS[name] if tone in marks_of(text)]
            found += any(all(s in told[name] for s in stems) for stems in heads)
    assert found == 24


def _stems(text: str) -> list[str]:
    """Return the runs of fixed words inside a wording's sentences."""
    bare = re.sub(r"\[[^\]]*\]", "\n", unmarked(text))
    while re.search(r"\{[^{}]*\}", bare):
        bare = re.sub(r"\{[^{}]*\}", "\n", bare)
    return list(re.findall(r"(?<=[a-z,] )[a-z ]{8,}(?= )", bare))


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("world", [name for name in data("en", "world") if name != "space"])
def test_every_world_has_weather_enough_for_a_season_and_none_of_another(season: str, world: str) -> None:
    found = legal(data("en", "world")[world]["weather"], frozenset({season}))
    assert len(found) >= 10
    told = " ".join(found).lower()
    assert season == "winter" or not re.search(r"\b(?:snow (?:had|was|lay)|sleet|frozen)\b", told)


def test_season_that_the_idea_names_is_the_season() -> None:
    assert season_of("A monk walks home through snow", random.Random(1)) == "winter"
    assert {season_of("A monk walks home", random.Random(k)) for k in range(40)} == set(SEASONS)


@pytest.mark.parametrize("table", ["weather"])
def test_weather_is_told_in_the_present_on_the_screen(table: str) -> None:
    for world in data("en", "world").values():
        for text in world[table]:
            clause = vary(unmarked(text), random.Random(0))
            assert present(clause) != clause, clause


def test_names_follow_idea_and_seed() -> None:
    def names(idea: str, seed: int) -> str:
        return " ".join(p.name for p in plan_story(read_idea(idea), idea, seed, 700).bible.personas)

    assert names(IDEA, 1) == names(IDEA, 1)
    assert len({names(idea, seed) for idea in (IDEA, OTHER) for seed in range(6)}) >= 10


def test_thing_is_carried_only_where_it_can_be() -> None:
    pool = data("en", "plot")["pool"]
    for idea, kind in ((IDEA, "small"), (OTHER, "large"), ("A shepherd loses one sheep", "animal")):
        found = read_idea(idea)
        assert kind_of(found, thing_of(found)[0], pool) == kind
    plans = [plan_story(read_idea(OTHER), OTHER, seed, 700) for seed in range(12)]
    told = " ".join(beat.template for plan in plans for beat in plan.beats)
    assert not re.search(r"(?:carried|wrapped|put|turned) the house", told)


@pytest.mark.parametrize("length", [560, 670, 800])
def test_film_has_no_open_slot_and_comes_to_its_length(length: int) -> None:
    for seed in range(4):
        plan = plan_story(read_idea(OTHER), OTHER, seed, length, arc="")
        scenes = plan_screenplay(plan, read_idea(OTHER), seed, length)
        assert not re.search(r"[{}@#]", " ".join(line.template for scene in scenes for line in scene.lines))


@pytest.mark.parametrize("length", [340, 500, 800])
def test_essay_comes_to_its_length_and_tells_no_beat_twice_alike(length: int) -> None:
    for seed in range(6):
        plan = plan_essay("On old photographs", seed, length, tone="wry" if seed % 2 else "")
        templates = [beat.template for beat in plan.beats]
        assert len(set(templates)) == len(templates)
        assert not re.search(r"[{}@#]", " ".join(templates))
        assert 0.8 * length < sum(beat.words for beat in plan.beats) < 1.07 * length  # texture fills what is missing


def test_essay_speaks_of_its_topic_in_the_right_number() -> None:
    assert number_slots("old photographs")["keeps"] == "keep"
    assert number_slots("old photographs")["it_object"] == "them"
    assert number_slots("mending old chairs")["is"] == "is"
    assert number_slots("the smell of rain")["keeps"] == "keeps"
