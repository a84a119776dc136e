"""Words under a melody: every syllable on a note, stress on beats, tones with the tune."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.music import abc
from miaobi.craft.music.score import Score
from miaobi.craft.music.underlay import set_words
from miaobi.craft.music.underlay.setting import notes
from miaobi.craft.music.underlay.sung import hyphenated, syllables
from miaobi.errors import BriefError

HEAD = "X:1\nT:a\nM:4/4\nL:1/4\nK:G\n"
TUNE = abc.read(HEAD + "D|GGBB|ddB2|cBAG|A3 D|GGBB|ddB2|cBAF|G3|]\n").score


def words(score: Score, verse: int = 0) -> list[str]:
    events = [e for _, _, e in score.parts[0].voice(0)]
    return [e.lyrics[verse].text for e in events if len(e.lyrics) > verse and e.lyrics[verse] and e.lyrics[verse].text]


def test_iambs_stand_with_their_stress_on_the_beat() -> None:
    lines = ["The keeper lights the lamp", "and all the sea is still", "The boats come home", "below the sleeping hill"]
    made = set_words(TUNE, lines, "en")
    assert "".join(words(made.score)) == "".join("".join(lines).split())
    assert made.fit.stress == 1.0
    assert made.score.parts[0].bars[0][0][0].lyrics[0].text == "The"  # the upbeat


def test_more_syllables_than_notes_are_refused_with_both_counts() -> None:
    with pytest.raises(BriefError, match="The words have 40 syllables, the tune 26 notes") as caught:
        set_words(TUNE, ["la " * 40], "en")
    assert "Take 14 syllables out" in caught.value.hint
    with pytest.raises(BriefError, match="no words"):
        set_words(TUNE, ["…"], "en")


def test_syllable_is_not_carried_over_a_rest() -> None:
    tune = abc.read(HEAD + "GABc|d2 z2|dcBA|G4|]\n").score
    made = set_words(tune, ["Come to me", "and stay with me"], "en")
    bar = made.score.parts[0].bars[2][0]
    assert bar[0].lyrics[0].text == "and"


def test_chinese_is_set_a_character_a_note_with_its_marks() -> None:
    tune = abc.read("X:1\nM:2/4\nL:1/8\nK:C\nE>G A2|cA G2|E>D EG|D4|E>G Ac|d2 cA|GE DE|C4|]\n").score
    made = set_words(tune, ["床前明月光，", "疑是地上霜。", "举头望明月，", "低头思故乡。"], "zh")
    assert "".join(words(made.score)) == "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    assert made.fit.lines == 1.0
    assert made.fit.syllabic == 0.9


def test_melody_that_moves_with_the_tones_fits_better_than_one_against_them() -> None:
    head = "X:1\nM:4/4\nL:1/4\nK:C\n"
    line = ["天上有马"]  # high, falling, low, low
    along = set_words(abc.read(head + "cAEE|]\n").score, line, "zh").fit
    against = set_words(abc.read(head + "CEGc|]\n").score, line, "zh").fit
    assert along.tone == 1.0
    assert against.tone < along.tone


@pytest.mark.parametrize(
    ("word", "count", "pieces"),
    [("silver", 2, "sil-ver"), ("bottle", 2, "bot-tle"), ("quiet", 2, "qui-et"), ("washed", 1, "washed"),
     ("beautiful", 3, "beau-ti-ful"), ("sleeping", 2, "sleep-ing"), ("running", 2, "run-ning"),
     ("yellow", 2, "yel-low")],
)  # fmt: skip
def test_word_is_parted_as_it_is_sung(word: str, count: int, pieces: str) -> None:
    assert "-".join(hyphenated(word, count)) == pieces


def test_lighthouse_is_two_words_and_fire_one_syllable() -> None:
    assert [s.text for s in syllables(["The lighthouse, fire!"], "en")] == ["The", "light", "house,", "fire!"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["moon", "silver", "the", "remember", "o'er"]), min_size=1, max_size=9))
def test_every_syllable_is_sung_once_and_in_order(line: list[str]) -> None:
    sung = syllables([" ".join(line)], "en")
    if len(sung) > len(notes(TUNE)):
        return
    assert words(set_words(TUNE, [" ".join(line)], "en").score) == [s.text for s in sung]
