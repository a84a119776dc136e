from __future__ import annotations

import re

import pytest

from miaobi.craft.plot.chinese_essay import family, plan_chinese_essay, read_topic
from miaobi.craft.plot.plan import data
from miaobi.craft.text.chinese_fault import check_chinese, worn


@pytest.mark.parametrize(
    ("idea", "topic"),
    [
        ("谈谈夜里走路。", "夜里走路"),
        ("写一篇关于雨的散文", "雨"),
        ("论孤独", "孤独"),
        ("母亲的旧毛衣", "母亲的旧毛衣"),
        ("「老茶馆」", "老茶馆"),
    ],
)
def test_topic_is_what_the_idea_is_about(idea: str, topic: str) -> None:
    assert read_topic(idea) == topic


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("雨", "天"),
        ("外婆的豆腐", "食"),
        ("母亲", "人"),
        ("夜里走路", "行"),
        ("母亲的旧毛衣", "物"),
        ("老家的桥", "处"),
        ("自由", "别的"),
    ],
)
def test_kind_of_topic_is_read_from_its_end(topic: str, kind: str) -> None:
    assert family(topic) == kind


def test_every_sentence_of_every_kind_is_sound() -> None:
    for name, table in data("zh", "essay")["类"].items():
        topic = (table["词"].split() or ["自由"])[0]
        for seed in range(40):
            plan = plan_chinese_essay(topic, seed, 600)
            texts = [re.sub(r"\[[^\]]*\]", "", beat.template) for beat in plan.beats]
            assert not list(check_chinese([(name, text) for text in texts], topic))
            assert not [text for text in texts if worn(text)]
            assert topic in "".join(texts)


def test_elder_of_the_topic_is_the_one_remembered() -> None:
    told = "".join(beat.template for beat in plan_chinese_essay("外婆的豆腐", 1, 600).beats)
    assert "外婆" in told
    assert "祖父" not in told
