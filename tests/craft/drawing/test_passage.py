"""Passages of a story: which one is illustrated, and what of it can be seen."""

from __future__ import annotations

import pytest

from miaobi.bible import Persona
from miaobi.craft.drawing.build import draw
from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.words.passage import Passage, found, narrated, paragraphs, seen, spread, title_in
from miaobi.errors import BriefError
from miaobi.types import Language

STORY = """---
title: "The Tide"
---

# The Tide

The fog came up from the sea before dawn. Mara lit the lamp.

“There is no wolf in the forest,” said Tom, “and no snow.” He laughed like a horse and may fall.

By noon the fog was gone. She walked to the lighthouse with a letter, an anchor and the sandwiches.

---

It was night on the hill by the path. Two sheep stood under the oak without a shepherd.
"""
PEOPLE = (
    Persona(id="a", name="Mara Quill", pronoun="she", role="lighthouse keeper"),
    Persona(id="b", name="Tom", pronoun="he", role="sailor"),
)
CHINESE = "江上起了雾。老渔夫把小船推下水。\n\n他像鹤一样抬头望，桥下没有马，只有一头水牛在吃草。"


def asked(number: int) -> Passage:
    return found(paragraphs(STORY, "en"), str(number), "", "en")


def subjects_of(number: int, people: tuple[Persona, ...] = PEOPLE) -> set[str]:
    there = seen(paragraphs(STORY, "en"), asked(number), people, "a story", "", "en")
    return {name for name, _ in there.asked.subjects}


def test_headings_front_matter_and_breaks_are_no_paragraphs() -> None:
    story = paragraphs(STORY, "en")
    assert [p.split()[0] for p in story] == ["The", "“There", "By", "It"]


def test_what_is_spoken_likened_missing_or_meant_otherwise_is_not_seen() -> None:
    told = narrated(paragraphs(STORY, "en")[1])
    assert not {"wolf", "forest", "snow", "horse", "may", "fall"} & set(told.lower().replace(".", "").split())
    assert subjects_of(2) == {"sailor"}
    assert "shepherd" not in subjects_of(4)


def test_names_and_pronouns_stand_for_who_bears_them() -> None:
    assert "keeper" in subjects_of(1)
    assert "keeper" in subjects_of(3)  # “she”
    assert subjects_of(2, ()) == {"man"}  # Tom is a man's name


def test_hour_weather_and_place_hold_until_others_are_told() -> None:
    story = paragraphs(STORY, "en")
    hours = [seen(story, asked(n), PEOPLE, "", "", "en").asked for n in (1, 2, 3, 4)]
    assert [a.hour for a in hours] == ["dawn", "dawn", "noon", "night"]
    assert hours[1].weather == "mist"
    assert hours[1].grounds[0] == "sea"
    assert hours[3].grounds[0] == "hills"


def test_what_the_picture_leaves_out_is_told() -> None:
    there = seen(paragraphs(STORY, "en"), asked(3), PEOPLE, "", "", "en")
    assert {"anchor", "sandwiches"} <= set(there.undrawn)
    crowded = Passage(1, 1, "A fox, a cat, a dog, a cow, an owl and a pig stood by the well.")
    full = seen([crowded.text], crowded, (), "", "", "en")
    assert len(full.asked.subjects) == 5
    assert len(full.left) == 2


@pytest.mark.parametrize(
    ("wanted", "number"), [("3", "3"), ("2-3", "2-3"), ("the LAMP", "1"), ("two sheep stood", "4")]
)
def test_a_passage_is_named_by_number_or_by_its_words(wanted: str, number: str) -> None:
    assert found(paragraphs(STORY, "en"), wanted, "", "en").number == number


def test_the_idea_says_which_passage_when_nothing_else_does() -> None:
    assert found(paragraphs(STORY, "en"), "", "sheep under an oak", "en").number == "4"
    assert found(paragraphs(CHINESE, "zh"), "", "水牛吃草", "zh").number == "2"


@pytest.mark.parametrize(
    ("wanted", "said"), [("9", "4 paragraphs"), ("3-2", "no passage"), ("dragons", "has the words")]
)
def test_a_passage_that_is_not_there_is_refused(wanted: str, said: str) -> None:
    with pytest.raises(BriefError) as caught:
        found(paragraphs(STORY, "en"), wanted, "", "en")
    assert said in str(caught.value)


def test_chinese_likenesses_and_what_is_missing_are_not_seen() -> None:
    story = paragraphs(CHINESE, "zh")
    there = seen(story, found(story, "2", "", "zh"), (), "", "", "zh").asked
    names = {name for name, _ in there.subjects}
    assert names == {"fisherman", "bridge", "ox"}
    assert there.weather == "mist"


def test_pictures_share_the_story_out_in_its_order() -> None:
    story = paragraphs(STORY * 3, "en")
    shown = [spread(story, k, 4, (), "en") for k in range(4)]
    assert shown == sorted(set(shown))
    again = spread(story, 3, 4, shown, "en")
    assert again not in shown


def test_a_picture_is_called_by_the_first_clause_that_is_told() -> None:
    assert title_in(asked(3), "en") == "By noon the fog was gone"
    assert title_in(found(paragraphs(CHINESE, "zh"), "2", "", "zh"), "zh") == "他像鹤一样抬头望"


def test_a_person_looks_alike_in_all_pictures_of_a_story() -> None:
    story = paragraphs(STORY, "en")
    looks = [dict(seen(story, asked(n), PEOPLE, "", "", "en").asked.looks) for n in (1, 3)]
    assert looks[0]["keeper"] == looks[1]["keeper"]
    others = (PEOPLE[0].model_copy(update={"name": "Ida Vale"}), PEOPLE[1])
    assert dict(seen(story, asked(1), others, "", "", "en").asked.looks) != looks[0]
    there = seen(story, asked(3), PEOPLE, "", "", "en").asked
    scenes = [candidates(there, Fixed(600, 400, hour="noon"), seed, 1)[0] for seed in (1, 2)]
    keepers = [next(p for p in scene.subjects if p.id == "keeper") for scene in scenes]
    assert {p.look for p in keepers} == {looks[0]["keeper"]}
    own = [scenes[0], scenes[0].model_copy(update={"seed": 77})]  # another seed, and the same place and light

    def clothes(scene: Scene) -> set[str]:
        layers = [layer for layer in draw(scene).layers if layer.subject == "keeper"]
        return {str(s.fill) for layer in layers for s in layer.shapes if s.material in ("cloth", "skin", "fur")}

    assert clothes(own[0]) == clothes(own[1])


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("Nora, a little girl in a red coat, stood by the shop.\n\nIn the evening Nora sat on a bench.", "en", "girl"),
        ("Nora was a little girl of six in a red coat.\n\nShe ran across the bridge.", "en", "girl"),
        ("A brown dog called Bruno lived there.\n\nBruno sat on the bridge.", "en", "dog"),
        ("诺拉是个小女孩，穿着红外套。\n\n诺拉坐在船上。", "zh", "girl"),
        ("从前有一个小女孩，名叫诺拉。\n\n诺拉坐在船上。", "zh", "girl"),
    ],
)
def test_who_bears_a_name_is_the_same_in_all_passages(text: str, language: Language, who: str) -> None:
    story = paragraphs(text, language)
    there = seen(story, Passage(2, 2, story[1]), (), "", "", language)
    assert (there.asked.subjects[0], there.undrawn) == ((who, 1), ())
    assert ("red" in text or "红" in text) == ((who, "coat", "#c2261f") in there.asked.colours)
