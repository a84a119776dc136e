from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.prosody.chinese.regulated import SHAPES
from miaobi.craft.prosody.chinese.rime import PINGSHUI, rows
from miaobi.decoding.constraint import AutomatonFollower, RuledFollower, follow
from miaobi.decoding.hanzi import HanziLine, LineFollower
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.decoding.writer import Move, Writer
from miaobi.types import Candidate, Prompt, Request

COMMON = [row[0] for row in rows("topics")]
CHARACTERS = Vocabulary((b"", *((c + " ").encode() for c in COMMON)), frozenset({0}), frozenset({0}))
# tokens of one and of two characters, and some that end within a character, as BPE has them
_PIECES = [c.encode() for c in COMMON[:600]] + [(a + b).encode() for a, b in zip(COMMON, COMMON[50:90], strict=False)]
OTHERS = Vocabulary((b"", *_PIECES, *(p[:2] for p in _PIECES[:5])), frozenset({0}), frozenset({0}))
NONE = np.zeros(len(CHARACTERS), np.float32)


def write(line: HanziLine, seed: int = 0, vocabulary: Vocabulary = CHARACTERS) -> Candidate:
    """Write under *line* as a net with random preferences would."""
    room = len(line.slots) * (1 if vocabulary is CHARACTERS else 4)
    request = Request(Prompt(), room, seed, constraint=line)
    writer = Writer(request, 0, (), vocabulary)
    rng = np.random.default_rng(seed)
    move = Move()
    while writer.finish is None:
        rows = max(1, len(move.feed))
        move = writer.step([rng.normal(size=len(vocabulary)).astype(np.float32) for _ in range(rows)])
    return writer.candidate()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(SHAPES[7].values())), st.sampled_from(["東", "尤", "真"]), st.integers(0, 2**20))
def test_line_has_the_tones_and_the_rhyme_that_were_asked_for(slots: str, group: str, seed: int) -> None:
    rhyme = (group, "平") if slots.endswith("平") else None
    text = "".join(write(HanziLine(slots, rhyme=rhyme), seed).text.split())
    assert len(text) == len(slots)
    assert all(
        slot in ("中", PINGSHUI.tones(c)) or PINGSHUI.tones(c) == "中" for c, slot in zip(text, slots, strict=True)
    )
    if rhyme:
        assert rhyme in {reading.rhyme for reading in PINGSHUI.readings(text[-1])}


def test_rules_together_are_the_mask_and_the_mask_is_what_is_taken() -> None:
    line = HanziLine("中仄平平", rhyme=("東", "平"), given=("", "月", "", ""), barred=frozenset("山水"))
    follower = follow(line, CHARACTERS)
    assert isinstance(follower, LineFollower)
    assert isinstance(follower, RuledFollower)
    for _ in line.slots:
        rules = follower.rules(NONE)
        mask = follower.mask(NONE)
        assert np.array_equal(mask, np.logical_and.reduce([rule for _, rule in rules]))
        refused = [t for t in range(0, len(CHARACTERS), 97) if not mask[t]]
        assert not any(follower.consume(token) for token in refused)
        assert follower.consume(int(np.flatnonzero(mask)[0]))
    assert follower.complete()
    assert not follower.mask(NONE).any()
    follower.rewind(2)
    assert not follower.complete()


def test_given_characters_are_forced_and_kept() -> None:
    line = HanziLine("平平仄仄平", given=("秋", "江", "", "", ""))
    follower = follow(line, CHARACTERS)
    assert CHARACTERS.text(follower.forced()).split() == ["秋", "江"]
    assert "".join(write(line).text.split()).startswith("秋江")


def test_no_character_comes_twice_but_as_a_doubled_word() -> None:
    line = HanziLine("中平中仄仄平平", barred=frozenset("風花"))
    for seed in range(20):
        text = "".join(write(line, seed).text.split())
        assert not set(text) & set("風花")
        assert all(text.count(c) == 1 or c + c in text for c in text)
    assert line.allows(1, "悠", "悠")  # 悠悠 at the beginning of a pair
    assert not line.allows(2, "悠", "山悠")  # across two pairs
    assert not line.allows(1, "山", "山")  # never said twice


def test_echo_repeats_what_stands_where_it_says() -> None:
    line = HanziLine("中中中中", echoes=(-1, -1, 0, -1), barred=frozenset("山"))
    for seed in range(10):
        text = "".join(write(line, seed).text.split())
        assert text[2] == text[0]
        assert len(set(text)) == 3


def test_taken_rhyme_words_are_not_taken_again() -> None:
    group = ("江", "平")
    words = {c for c in COMMON if group in {r.rhyme for r in PINGSHUI.readings(c)}}
    left = min(words)
    line = HanziLine("中平", rhyme=group, barred_ends=frozenset(words - {left}))
    assert "".join(write(line).text.split())[-1] == left


def test_removed_probability_is_told_by_rule() -> None:
    removed = write(HanziLine("平平仄仄平", rhyme=("東", "平"), named=((0, "孤平"),))).removals
    assert {removal.rule for removal in removed} >= {"孤平", "tone", "rhyme"}
    assert {removal.at for removal in removed if removal.rule == "孤平"} == {0}
    assert all(0 < removal.mass <= 1 for removal in removed)


def test_checkpoint_with_other_tokens_is_held_to_the_same_line() -> None:
    line = HanziLine("中仄平平仄", barred=frozenset("月"))
    assert isinstance(follow(line, OTHERS), AutomatonFollower)
    text = write(line, 3, OTHERS).text
    assert len(text) == 5
    state = ""
    for i, character in enumerate(text):
        assert line.allows(i, character, state)
        state += character


@pytest.mark.parametrize("text", ["山水", "山水山"])
def test_line_as_automaton_ends_where_its_slots_end(text: str) -> None:
    line = HanziLine("中中")
    state = line.advance(line.start(), text)
    assert (state is not None) == (len(text) == 2)


def test_tone_in_which_poets_hardly_ever_read_a_character_is_left_to_the_rhyme() -> None:
    line = HanziLine("平仄平", rhyme=("齊", "平"))
    assert not line.allows(0, "折", "")  # 齊 by the book, where nobody read it so
    assert line.allows(1, "折", "風")
    assert line.allows(0, "長", "")
    assert line.allows(1, "長", "風")
    assert line.allows(2, "折", "風雨")
    assert HanziLine("平仄平", book="xinyun").allows(0, "折", "")
