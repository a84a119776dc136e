from __future__ import annotations

from random import Random

import pytest

from miaobi.craft.melody.mood import mood_of, moods
from miaobi.craft.melody.singing import METRES, chinese_line, english_line, even, split, stanza
from miaobi.errors import BriefError
from miaobi.types import LANGUAGES, Language

STANZA = (
    "The lantern burned above the bay,",
    "The water lay in sleep,",
    "And all the boats had gone away",
    "Beyond the hill.",
)
MEASURES = ("iambic tetrameter", "iambic trimeter", "iambic tetrameter", "")


@pytest.mark.parametrize("metre", METRES)
def test_every_stressed_syllable_begins_a_slot(metre: str) -> None:
    lines = [english_line(line, measure) for line, measure in zip(STANZA, MEASURES, strict=True)]
    plan = stanza(lines, metre, upbeat=True)
    words = "".join(c for bar in plan.sung for s in bar for c in s.text.lower() if c.isalpha())
    assert "bay," in {s.text for bar in plan.sung for s in bar}
    assert words == "".join(c for line in STANZA for c in line.lower() if c.isalpha())
    assert plan.bars == (16 if metre == "3/4" else 8)
    assert plan.pickup
    for bar, places in plan.onsets.items():
        assert all(plan.sung[bar + 1][number].stressed for number, _ in places)


@pytest.mark.parametrize("metre", METRES)
def test_stanzas_of_a_song_agree_whether_they_begin_before_the_bar(metre: str) -> None:
    upbeat, none = english_line("The water lay in sleep"), english_line("Water lay in sleep")
    held = stanza([none, upbeat], metre, upbeat=True)
    assert held.pickup
    assert [s.text for s in held.sung[0]] == [""]  # the syllable before is held on
    early = stanza([upbeat, none], metre, upbeat=False)
    assert not early.pickup
    assert early.sung[0][0].text == "The"
    assert early.onsets[0][0][0] == 0
    for plan, offset in ((held, 1), (early, 0)):
        assert len(plan.counts) == plan.bars + offset
    words = ["".join(s.text.lower() for bar in plan.sung for s in bar) for plan in (held, early)]
    assert words == ["waterlayinsleepthewaterlayinsleep", "thewaterlayinsleepwaterlayinsleep"]


def test_characters_are_sung_by_pairs_with_the_caesura_between_slots() -> None:
    five = chinese_line("夜夜江南月", Random(3))
    seven = chinese_line("春城无处不飞花", Random(3))
    assert ["".join(s.text for s in slot) for slot in five.slots] == ["夜夜", "", "江南", "月"]
    assert ["".join(s.text for s in slot) for slot in seven.slots] == ["春城", "无处", "不飞", "花"]
    assert five.slots[2][0].height == 5.0  # 江, first tone


@pytest.mark.parametrize(
    ("word", "parts"),
    [("water", ["wa", "ter"]), ("beyond", ["be", "yond"]), ("poem", ["po", "em"]), ("silence", ["si", "lence"]),
     ("yesterday", ["yes", "ter", "day"]), ("violin", ["vi", "o", "lin"]), ("sea", ["sea"]), ("hmm", ["hmm", ""])],
)  # fmt: skip
def test_word_is_parted_under_its_notes(word: str, parts: list[str]) -> None:
    assert split(word, len(parts)) == parts


def test_line_without_words_is_refused() -> None:
    with pytest.raises(BriefError, match="no words"):
        english_line("… !")
    with pytest.raises(BriefError, match="can't be sung"):
        chinese_line("...", Random(0))
    with pytest.raises(BriefError, match="can't be sung"):
        chinese_line("一" * 17, Random(0))


def test_mood_is_called_up_by_words_of_both_languages() -> None:
    assert mood_of("A wedding dance", "", "en").name == "joyful"
    assert mood_of("A wedding dance", "gloomy", "en").name == "dark"
    assert mood_of("孤舟别离", "", "zh").name == "sad"
    assert mood_of("xyz", "", "en").name == "hopeful"


@pytest.mark.parametrize(
    ("idea", "language", "mood"),
    [
        ("A lonely morning in spring", "en", "sad"), ("A happy winter night", "en", "joyful"),
        ("Quiet tears", "en", "calm"),
        ("An eerie wedding", "en", "dark"), ("Whimsical rain", "en", "wry"), ("A romantic storm", "en", "tender"),
        ("Triumph of the old", "en", "hopeful"), ("孤独的春夜", "zh", "sad"), ("寂寞", "zh", "sad"),
        ("欢快的雨", "zh", "joyful"), ("温馨的冬夜", "zh", "tender"), ("神秘的湖", "zh", "dark"),
        ("诙谐的月亮", "zh", "wry"), ("宁静的江", "zh", "calm"),
    ],
)  # fmt: skip
def test_word_that_says_a_mood_goes_before_one_of_a_scene(idea: str, language: Language, mood: str) -> None:
    assert mood_of(idea, "", language).name == mood


def test_no_word_says_two_moods() -> None:
    for language in LANGUAGES:
        words = [word for mood in moods().values() for word in mood.said[language]]
        assert len(words) == len(set(words)) >= 80


LONG = (
    "I walked out in the morning with the dew upon my shoes",
    "In the city by the harbour where the gulls were crying news",
    "And all the world was quiet as the ending of a dream",
    "The willow trees were standing naked in the grey",
)


@pytest.mark.parametrize(("metre", "bars"), [("4/4", 4), ("6/8", 4), ("2/4", 4), ("3/4", 8)])
def test_line_is_a_phrase_that_opens_short_and_ends_with_a_breath(metre: str, bars: int) -> None:
    lines = even([english_line(line) for line in LONG])
    plan = stanza(lines, metre, upbeat=True)
    assert [len(line.slots) for line in lines] == [8] * 4
    assert [line.lead[0].text for line in lines] == ["I", "In", "And", "The"]
    assert list(plan.starts) == [0, bars, 2 * bars, 3 * bars]
    assert sorted(plan.breaths) == [bars - 1, 2 * bars - 1, 3 * bars - 1]
    for bar, number in plan.breaths.items():
        assert plan.sung[bar + 1][number].text in ("shoes", "news", "dream", "")  # "": held into the bar
        assert plan.openings[bar][0] == number + 1
        assert plan.openings[bar][1] <= 24


def test_line_that_is_prose_keeps_the_stresses_of_its_words() -> None:
    stressed = [s.text for s in english_line("In the middle of the night the old man woke").syllables if s.stressed]
    assert stressed == ["midd", "night", "old", "man", "woke"]
