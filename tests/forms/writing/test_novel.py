"""The novel: a journey of many kinds of chapter, its length kept, its people and finds dealt once and met again."""

import re

import pytest

from miaobi.compose import compose
from miaobi.craft.plot.narrative import Narrative
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.saga import LEAST_CHAPTERS, MOST_CHAPTERS
from miaobi.craft.text.fault import slop_in
from miaobi.craft.text.repetition import repeated_sentences
from miaobi.craft.text.sentence import unquoted
from miaobi.errors import BriefError
from miaobi.forms.writing.novel import chapters_for, lengths_for
from tests.forms.writing.test_endings import Small

IDEA = "A postman must deliver a letter to a village that was drowned under a lake"


def novel(length: int, seed: int, idea: str = IDEA) -> tuple[Narrative, list[str]]:
    brief = {"form": "novel", "idea": idea, "seed": seed, "length": length}
    work = compose(brief, engine=Small(), formats=["txt"])
    return Narrative.model_validate(work.content), [f.rule for f in work.findings if f.severity != "note"]


def words(story: Narrative, chapter: int) -> str:
    return " ".join(line.text for s in story.acts[chapter].scenes for b in s.beats for line in b.lines)


def test_twenty_thousand_words_are_told_without_a_finding() -> None:
    story, findings = novel(20_500, 11)
    text = story.text()
    assert len(text.split()) >= 20_000
    assert not findings
    assert not repeated_sentences(text, "en")


@pytest.mark.parametrize("length", [3_900, 7_400, 12_000])
def test_length_is_kept_from_the_shortest_novel_on(length: int) -> None:
    story, findings = novel(length, length, "A widow inherits a lighthouse")
    assert "length" not in findings
    assert abs(len(story.text().split()) - length) < length * 0.06


def test_people_of_the_road_come_again_at_the_end() -> None:
    story, _ = novel(9_000, 4)
    guests = [p.name for p in story.bible.personas if p.id.startswith("guest")][:3]
    last = words(story, -2) + words(story, -1)
    assert len(guests) == 3
    assert all(name in last for name in guests)


def test_what_was_learned_is_laid_out_before_the_turn() -> None:
    story, _ = novel(9_000, 4)
    laid = words(story, -3)
    finds = data("en", "novel")["pool"]["clue"]
    assert sum(find in laid for find in finds) == 3


def test_no_chapter_has_the_shape_of_another() -> None:
    story, _ = novel(9_000, 4)
    road = [words(story, i) for i in range(2, len(story.acts) - 3)]
    for i, one in enumerate(road):
        told = {s for s in re.split(r"(?<=[.!?”]) ", one) if len(s.split()) > 6}
        for other in road[i + 1 :]:
            assert not told & set(re.split(r"(?<=[.!?”]) ", other))


def test_tables_of_the_road_have_no_worn_phrase_and_no_present_tense() -> None:
    table = data("en", "episode")
    told = [text for kind in table["episode"] for _, text in kind["beats"]]
    told += [t for part in table.values() if isinstance(part, dict) for pack in part.values() for t in pack]
    for text in told:
        assert not slop_in(text, "en"), text
        assert not re.search(r"\b(?:is|are|has|does|I|we|my|our)\b", unquoted(text)), text


def test_episodes_are_as_many_as_the_longest_novel_has_and_in_three_stages() -> None:
    kinds = data("en", "episode")["episode"]
    assert len(kinds) == MOST_CHAPTERS["en"] - LEAST_CHAPTERS + 1
    assert {kind["stage"] for kind in kinds} == {1, 2, 3}
    assert len({kind["name"] for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("length", range(3_900, 24_000, 700))
def test_chapters_that_a_length_asks_for_can_hold_it(length: int) -> None:
    least, most = lengths_for(chapters_for(length, 0), "en")
    assert least <= length <= most


@pytest.mark.parametrize("chapters", [3, 24])
def test_number_of_chapters_out_of_range_is_refused_with_the_range(chapters: int) -> None:
    brief = {"form": "novel", "idea": IDEA, "length": 9_000, "options": {"chapters": chapters}}
    with pytest.raises(BriefError, match=f"novel of {chapters} chapters.*\nIt has 6 to 23"):
        compose(brief, engine=Small(), formats=["txt"])
