from __future__ import annotations

import re

from miaobi.craft.text.frame import measured, read_frame


def test_free_gap_is_held_to_han_characters_and_to_what_follows() -> None:
    frame = read_frame("灯光照在~上，照出一圈毛边。")
    assert re.fullmatch(frame.pattern, "窗台上，")
    assert not re.fullmatch(frame.pattern, "desk上，")
    assert frame.whole("窗台") == "灯光照在窗台上，照出一圈毛边。"


def test_choice_takes_its_words_only() -> None:
    frame = read_frame("鞋底沾了<泥/沙>，一步比一步沉。")
    assert frame.words == ("泥", "沙")
    assert re.fullmatch(frame.pattern, "泥，一")
    assert not re.fullmatch(frame.pattern, "雪，一")


def test_sentence_without_a_gap_stands() -> None:
    frame = read_frame("路比记得的长。")
    assert not frame.gap
    assert frame.head == "路比记得的长。"


def test_gap_is_measured_at_its_usual_length() -> None:
    assert measured("放在~上，<甲/乙>的。") == "放在某某上，某某的。"
