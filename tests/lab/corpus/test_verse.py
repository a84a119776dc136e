from __future__ import annotations

from collections.abc import Iterator

import pytest

from miaobi.lab.corpus import verse
from miaobi.lab.corpus.document import Document, Origin, Source

REGULAR = "白日依山盡，黃河入海流。\n欲窮千里目，更上一層樓。"
BROKEN = "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。"
LYRIC = "漠漠轻寒上小楼。晓阴无赖似穷秋。淡烟流水画屏幽。自在飞花轻似梦，无边丝雨细如愁。宝帘闲挂小银钩。"


def names(*documents: Document) -> dict[str, list[str]]:
    def read() -> Iterator[Document]:
        yield from documents

    made = verse.annotated(Source(Origin("poems", "CC0-1.0", "here"), read))
    return {document.id: document.text.split() for document in made.read()}


def all_are_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verse, "RARE", 1)


def test_poem_stands_behind_its_form_its_rhyme_and_each_lines_tones(monkeypatch: pytest.MonkeyPatch) -> None:
    all_are_common(monkeypatch)
    told = names(Document("a", REGULAR, {"collection": "song", "title": "登鸛雀樓"}))["a"]
    assert told[:3] == ["<五絕仄起不入韻>", "<宋>", "<韻尤>"]
    tail = (
        "<中仄平平仄> 白 日 依 山 盡 <平平仄仄平韻> 黃 河 入 海 流 "
        "<中平平仄仄> 欲 窮 千 里 目 <中仄仄平平韻> 更 上 一 層 樓"
    )
    assert told[-len(tail.split()) :] == tail.split()


def test_poem_that_breaks_a_rule_is_told_so_or_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    all_are_common(monkeypatch)
    monkeypatch.setattr(verse, "LOOSE", 1.0)
    told = names(Document("b", BROKEN, {"collection": "tang"}))["b"]
    assert told[0] == "<五絕>"
    assert "<中中中中中>" in told
    monkeypatch.setattr(verse, "LOOSE", 0.0)
    assert not names(Document("b", BROKEN, {"collection": "tang"}))


def test_tang_poems_and_lyrics_come_twice_in_the_same_words_and_doubles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    all_are_common(monkeypatch)
    tang = Document("a", REGULAR, {"collection": "tang"})
    lyric = Document("c", LYRIC, {"collection": "ci", "tune": "浣溪沙"})
    found = names(tang, Document("again", REGULAR, {"collection": "song"}), lyric)
    assert sorted(found) == ["a", "a/again", "c", "c/again"]
    assert found["a"] == found["a/again"]
    assert found["c"][:3] == ["<浣溪沙>", "<宋>", "<部十二平>"]
    assert "輕" in found["c"]  # in traditional characters


def test_poems_of_other_shapes_gaps_and_rare_characters_are_left_out() -> None:
    gap = REGULAR.replace("山", "□")
    assert not names(Document("d", gap, {}), Document("e", "山水", {}), Document("f", REGULAR, {"collection": "tang"}))


def test_couplets_stand_for_a_poem_and_not_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    all_are_common(monkeypatch)
    monkeypatch.setattr(verse, "COUPLETS", 1.0)
    poem = "空山新雨後，天氣晚來秋。明月松間照，清泉石上流。竹喧歸浣女，蓮動下漁舟。隨意春芳歇，王孫自可留。"
    found = names(Document("g", poem, {"collection": "song"}))
    assert [told[0] for told in found.values()] == ["<聯>", "<聯>"]
    assert found["g/2"][-5:] == list("清泉石上流")
