from __future__ import annotations

import pytest

from miaobi.craft.prosody.chinese.rime import BOOKS, CILIN, PINGSHUI, XINYUN, Reading, rows, variants


def test_pingshui_has_106_groups_and_no_debris_of_its_scraper() -> None:
    read = rows("pingshui")
    assert len(read) == 106
    assert len({(tone, group) for tone, group, _ in read}) == 106
    for _, _, characters in read:
        assert all("\u3400" <= c <= "\u9fff" or ord(c) > 0x20000 for c in characters)
        assert len(set(characters)) == len(characters)


@pytest.mark.parametrize(
    ("character", "tones", "groups"),
    [
        ("東", "平", {"東"}),
        ("看", "中", {"寒", "翰"}),
        ("一", "仄", {"質"}),
        ("溪", "平", {"齊"}),  # read like another: the table lacks it
        ("爲", "中", {"支", "寘"}),  # another shape of 為
    ],
)
def test_character_has_its_readings(character: str, tones: str, groups: set[str]) -> None:
    assert PINGSHUI.tones(character) == tones
    assert {reading.group for reading in PINGSHUI.readings(character)} == groups


def test_character_that_no_book_holds_has_no_reading() -> None:
    for book in BOOKS.values():
        assert book.readings("あ") == ()
        assert book.tones("あ") == ""


def test_halved_groups_fall_to_the_part_that_their_sound_has() -> None:
    parts = {c: {r.group for r in CILIN.readings(c) if r.level} for c in "回來門煩"}
    assert parts == {"回": {"三"}, "來": {"五"}, "門": {"六"}, "煩": {"七"}}


def test_entering_tone_rhymes_with_itself_only_and_rising_with_departing() -> None:
    assert Reading("入", "屋").rhyme != Reading("去", "屋").rhyme
    assert Reading("上", "四").rhyme == Reading("去", "四").rhyme


def test_new_rhymes_are_those_of_mandarin() -> None:
    assert Reading("平", "齐") in XINYUN.readings("一")
    assert {reading.group for reading in XINYUN.readings("詩")} == {"支"}
    assert XINYUN.readings("發")[0].level  # 入 in 平水韵
    assert not any(reading.level for reading in PINGSHUI.readings("發"))


def test_every_variant_leads_to_a_character_of_the_table() -> None:
    listed = {c for _, _, characters in rows("pingshui") for c in characters}
    for kind, character, model in rows("variants"):
        assert kind in ("same", "like")
        assert model in listed
        assert character not in listed
    assert "爲".translate(variants()) == "為"
