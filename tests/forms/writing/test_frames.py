from __future__ import annotations

from miaobi.brief import Brief
from miaobi.craft.text.fault import Voice
from miaobi.desk import WritingDesk
from miaobi.engines.scripted import Scripted
from miaobi.form import Options
from miaobi.forms.writing.frames import CANDIDATES, complete_frame
from miaobi.forms.writing.teller import Segment, Teller


def teller(texts: list[str], absent: str = "") -> Teller:
    desk = WritingDesk(Brief(form="story", idea="雨", language="zh"), Scripted(texts), 1_200, Options())
    voice = Voice("zh", genders={"周海生": "he"})
    return Teller(desk, "zh", voice, frozenset({"窗台"}), absent=frozenset(absent.split()))


def test_sound_noun_fills_the_gap_and_is_counted_as_the_engines() -> None:
    one = teller(["窗台上，"] * CANDIDATES)
    assert complete_frame(one, "k", ["灯光照在~上，照出一圈毛边。"]) == Segment(
        "灯光照在窗台上，照出一圈毛边。", "engine"
    )
    assert one.desk.trace.authorship == {"engine": 2, "craft": 11}  # type: ignore[attr-defined]


def test_faulty_nouns_are_turned_away_and_the_next_frame_is_tried() -> None:
    one = teller(["灯芯上，"] * CANDIDATES)
    told = complete_frame(one, "k", ["灯光照在~上，照出一圈毛边。", "路比记得的长。"])
    assert told == Segment("路比记得的长。", "craft")


def test_no_sentence_is_better_than_a_bad_one() -> None:
    assert complete_frame(teller(["desk上，"] * CANDIDATES), "k", ["灯光照在~上，照出一圈毛边。"]) is None


def test_word_that_was_not_given_is_turned_away_for_one_of_ours() -> None:
    told = complete_frame(teller(["雪，一"] * 6), "k", ["鞋底沾了<泥/沙>，一步比一步沉。"])
    assert told is not None
    assert told.author == "craft"
    assert told.text in {"鞋底沾了泥，一步比一步沉。", "鞋底沾了沙，一步比一步沉。"}


def test_what_the_world_lacks_is_turned_away() -> None:
    assert complete_frame(teller(["电视上，"] * CANDIDATES, absent="电"), "k", ["灯光照在~上，照出一圈毛边。"]) is None


def test_same_frame_comes_once() -> None:
    one = teller([])
    assert complete_frame(one, "a", ["路比记得的长。"]) is not None
    assert complete_frame(one, "b", ["路比记得的长。"]) is None


def test_name_becomes_a_pronoun_after_a_sentence_about_the_same_person() -> None:
    one = teller([])
    one.hear("周海生把门关上。")
    assert one.smooth("周海生坐下去。") == "他坐下去。"
    one.hear("“谁？”")
    assert one.smooth("周海生坐下去。") == "周海生坐下去。"
