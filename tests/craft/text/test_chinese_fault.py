from __future__ import annotations

import pytest

from miaobi.craft.text.chinese_fault import check_chinese, gap_fault, is_simplified, person_drift, worn


@pytest.mark.parametrize(
    ("filled", "head", "fault"),
    [
        ("窗台", "灯光照在", ""),
        ("块石头", "路边有一", ""),
        ("", "灯光照在", "empty"),
        ("desk", "灯光照在", "not-han"),
        ("窗臺", "灯光照在", "traditional"),
        ("他的脸", "灯光照在", "particle"),
        ("两张桌", "灯光照在", "number"),
        ("石头", "路边有一", "no-measure"),
        ("灯芯", "灯光照在", "echo"),
        ("周大海", "灯光照在", "stranger"),
        ("车走", "灯光照在", "verb-like"),
        ("墙上", "灯光照在", "place-word-twice"),
        ("晾衣绳", "灯光照在", "copied"),
    ],
)
def test_fault_of_a_gap_is_named(filled: str, head: str, fault: str) -> None:
    assert gap_fault(filled, head, "一只麻雀落在晾衣绳上。", "") == fault


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("他打开email。", "latin"),
        ("他来了,又走了。", "half-width-mark"),
        ("他来了，，又走了。", "doubled-mark"),
        ("他來了。", "traditional"),
        ("{主}来了。", "unfilled"),
        ("他来了。“你也来了？”她问。", ""),
    ],
)
def test_page_is_checked(text: str, rule: str) -> None:
    assert {f.rule for f in check_chinese([("l1", text)], "")} == ({rule} if rule else set())


def test_what_the_brief_brought_is_no_fault() -> None:
    assert not list(check_chinese([("l1", "他修好了R2型机器。")], "维修工修好了R2型机器"))


def test_person_drift_is_found_outside_speech_only() -> None:
    assert person_drift("我走了。") == "我"
    assert person_drift("“我走了。”她说。") == ""


def test_worn_phrases_and_simplified_characters() -> None:
    assert worn("他深吸一口气。")
    assert not worn("他吸了一口烟。")
    assert is_simplified("门")
    assert not is_simplified("門")
