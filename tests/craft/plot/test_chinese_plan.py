from __future__ import annotations

import re
from itertools import product

import pytest

from miaobi.craft.plot import chinese_plan
from miaobi.craft.plot.chinese_plan import choose_task, choose_world, in_season, plan_chinese_story
from miaobi.craft.plot.plan import PlannedBeat, data
from miaobi.craft.text.chinese_fault import check_chinese, person_drift, worn
from miaobi.craft.text.chinese_idea import read_chinese_idea

IDEAS = [
    "灯塔守护人在瓶子里发现一封信",
    "茶馆老板娘遇见一个不说话的孩子",
    "林秀云继承了一间倒闭的照相馆",
    "小镇邮差必须把最后一封信送到被水库淹没的村子",
    "养蜂人听见一种奇怪的声音",
    "孤独",
]
WORLDS = sorted(data("zh", "world"))
WOUNDS = data("zh", "wound")["心结"]
TASKS = data("zh", "plot")["事由"]
THINGS = {"物": IDEAS[0], "人": IDEAS[1], "处": IDEAS[2], "虚": IDEAS[4]}


def told(beat: PlannedBeat) -> list[str]:
    """Every wording that the beat may get: each frame of each opening with each of its words."""
    texts = [beat.template, *beat.texture]
    frames = [frame for text in texts for inside in re.findall(r"\[([^\]]*)\]", text) for frame in inside.split("|")]
    frames += [frame for text in beat.texture for frame in text.split("|")]
    out = re.split("¶", re.sub(r"\[[^\]]*\]", "", beat.template))
    for frame in frames:
        choice = re.search(r"<([^>]*)>", frame)
        words = choice.group(1).split("/") if choice else ["木箱"]
        out += [re.sub(r"<[^>]*>|~", word, frame) for word in words]
    return out


@pytest.mark.parametrize("world", WORLDS)
def test_every_wound_and_task_of_a_world_fills_its_slots_with_sound_sentences(
    world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed, (wound, task) in enumerate(product(WOUNDS, TASKS)):
        monkeypatch.setattr(chinese_plan, "choose_world", lambda idea, rng: world)
        monkeypatch.setattr(chinese_plan, "_wound", lambda text, rng, wound=wound: wound)
        monkeypatch.setattr(chinese_plan, "choose_task", lambda idea, task=task: task)
        idea = THINGS[task["类"]]
        plan = plan_chinese_story(read_chinese_idea(idea), idea, seed, 2_000)
        texts = [text for beat in plan.beats for text in told(beat)]
        parts = [(str(i), text) for i, text in enumerate(texts)]
        assert not list(check_chinese(parts, idea)), (wound["名"], task["名"])
        assert not [text for text in texts if person_drift(text)]
        assert not [text for text in texts if worn(text)]


@pytest.mark.parametrize("idea", IDEAS)
@pytest.mark.parametrize("length", [800, 1_200, 2_400])
def test_plan_comes_near_the_length(idea: str, length: int) -> None:
    for seed in range(12):
        planned = sum(b.words for b in plan_chinese_story(read_chinese_idea(idea), idea, seed, length).beats)
        assert length * 0.9 <= planned <= length * 1.3, (seed, planned)


def test_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    plans = [plan_chinese_story(read_chinese_idea(IDEAS[0]), IDEAS[0], seed, 1_200) for seed in (4, 4, 5)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_planted_comes_back(seed: int) -> None:
    plan = plan_chinese_story(read_chinese_idea(IDEAS[0]), IDEAS[0], seed, 1_200)
    told_in = {beat.name: beat.template for beat in plan.beats}
    assert plan.slots["信物"] in told_in["伏笔"]
    assert plan.slots["信物"] in told_in["转念"]
    assert plan.slots["一客"] in told_in["路人"]
    assert plan.slots["那客"] in told_in["紧要"]


@pytest.mark.parametrize("seed", range(20))
def test_nobody_is_named_before_being_introduced(seed: int) -> None:
    plan = plan_chinese_story(read_chinese_idea(IDEAS[0]), IDEAS[0], seed, 2_000)
    ally = plan.bible.persona("ally").name
    first = next(beat.name for beat in plan.beats if ally in beat.template)
    assert first == "来人"


def test_name_in_the_idea_is_the_hero_and_no_name_shares_a_character() -> None:
    for seed in range(30):
        bible = plan_chinese_story(read_chinese_idea(IDEAS[2]), IDEAS[2], seed, 1_200).bible
        hero, ally = bible.persona("hero").name, bible.persona("ally").name
        assert hero == "林秀云"
        assert not set(hero) & set(ally)


@pytest.mark.parametrize(
    ("idea", "world", "task"),
    [
        ("灯塔守护人在瓶子里发现一封信", "渔港", "归还"),
        ("戏班的琴师弄丢了师父的胡琴", "戏班", "寻回"),
        ("边关驿卒替将军送一封家书", "古道", "送达"),
        ("火星温室的看守人种出了一朵玫瑰", "星港", "藏护"),
        ("大学图书馆的管理员遇见一个不说话的孩子", "校园", "相伴"),
        ("写字楼的夜班保安听见一种奇怪的声音", "写字楼", "弄清"),
    ],
)
def test_world_and_task_follow_the_idea(idea: str, world: str, task: str) -> None:
    import random

    read = read_chinese_idea(idea)
    assert choose_world(read, random.Random(0)) == world
    assert choose_task(read)["名"] == task


def test_season_and_title_follow_the_idea() -> None:
    for seed in range(6):
        plan = plan_chinese_story(read_chinese_idea("雪夜末班车"), "雪夜末班车", seed, 1_200)
        assert plan.slots["季节"] == "冬"
        assert plan.bible.title == "雪夜末班车"


def test_sentences_of_another_season_are_left_out() -> None:
    kept = in_season({"天": ["夏秋：热", "冬：冷", "云"], "栖": "a/b"}, "冬")
    assert kept == {"天": ["冷", "云"], "栖": "a/b"}


def test_attempts_and_failures_come_in_pairs() -> None:
    for task in TASKS:
        assert len(task["试一"]) == len(task["败一"])
        assert len(task["试二"]) == len(task["败二"])
