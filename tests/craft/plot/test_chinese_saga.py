from __future__ import annotations

import re
from itertools import pairwise

import pytest

from miaobi.craft.plot.chinese_saga import plan_chinese_novel
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.saga import Saga
from miaobi.craft.text.chinese_fault import check_chinese, person_drift, worn
from miaobi.craft.text.chinese_idea import read_chinese_idea

IDEAS = ["小镇邮差必须把最后一封信送到被水库淹没的村子", "火星温室的看守人种出了一朵玫瑰", "边关驿卒替将军送一封家书"]


def planned(idea: str, seed: int, chapters: int) -> Saga:
    return plan_chinese_novel(read_chinese_idea(idea), idea, seed, chapters)


@pytest.mark.parametrize("idea", IDEAS)
def test_every_sentence_of_a_long_novel_is_sound(idea: str) -> None:
    for seed in range(6):
        saga = planned(idea, seed, 20)
        texts = [re.sub(r"\[[^\]]*\]", "", b.template) for c in saga.chapters for b in c.beats]
        parts = [(str(i), piece) for i, text in enumerate(texts) for piece in text.split("¶")]
        assert not list(check_chinese(parts, idea))
        assert not [text for _, text in parts if person_drift(text) or worn(text)]


def test_places_people_and_sayings_come_once() -> None:
    saga = planned(IDEAS[0], 2, 20)
    names = [p.name for p in saga.bible.personas]
    summaries = [c.summary for c in saga.chapters if c.summary]
    assert len(saga.chapters) == 20
    assert len(names) == len(set(names)) == 17
    assert len({name[0] for name in names}) == len(names)
    assert len(set(summaries)) == len(summaries) == 15


def test_people_of_the_journey_come_back_where_it_turns_and_at_the_end() -> None:
    saga = planned(IDEAS[0], 4, 9)
    guests = [p.name for p in saga.bible.personas if p.id.startswith("guest")]
    for chapter in saga.chapters[-2:]:
        told = "".join(b.template for b in chapter.beats if b.name == "旧人")
        assert all(guest in told or any(p.name in told for p in saga.bible.places) for guest in guests)


def test_nothing_comes_after_the_climax_and_after_the_close() -> None:
    saga = planned(IDEAS[1], 5, 9)
    assert [chapter.beats[-1].name for chapter in saga.chapters[-2:]] == ["紧要", "收束"]


def test_a_mishap_belongs_to_its_task() -> None:
    for card in data("zh", "novel")["池"]["差事"]:
        task, mishap = card.split("/")
        assert task
        assert mishap


def test_same_seed_gives_the_same_novel_and_another_seed_another() -> None:
    a, b, c = (planned(IDEAS[2], seed, 8) for seed in (1, 1, 2))
    assert a == b
    assert a != c
    assert all(x.title != y.title for x, y in pairwise(a.chapters))
