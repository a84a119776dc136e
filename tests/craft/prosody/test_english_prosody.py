from __future__ import annotations

import random

import pytest

from miaobi.craft.prosody.english.dictionary import Pronunciation, listed, pronunciations
from miaobi.craft.prosody.english.letters import spell_out
from miaobi.craft.prosody.english.metre import METRES, Metre, Syllabic, loosened
from miaobi.craft.prosody.english.rhyme import rhyme
from miaobi.craft.prosody.english.scansion import misfit, scan

PENTAMETER = METRES["iambic pentameter"]


def test_dictionary_has_the_words_of_the_source_and_their_stress() -> None:
    assert len(listed()) > 125_000
    assert pronunciations("memory")[0].stresses == "100"
    assert pronunciations("again")[0].source == "dictionary"
    assert {p.stresses for p in pronunciations("present")} >= {"10", "01"}


@pytest.mark.parametrize(
    ("word", "stresses", "source"),
    [
        ("keeper's", "10", "derived"),
        ("streetlamp", "12", "derived"),
        ("jingled", "10", "derived"),
        ("o'er", "1", "derived"),
        ("sea-worn", "11", "derived"),
        ("blorptiness", "100", "guess"),
    ],
)
def test_word_that_is_not_listed_is_derived_where_a_rule_is_safe_and_else_guessed(
    word: str, stresses: str, source: str
) -> None:
    said = pronunciations(word)[0]
    assert (said.stresses, said.source) == (stresses, source)
    assert word.lower() not in listed()


def test_letters_tell_the_number_of_syllables_of_nine_words_in_ten() -> None:
    words = [w for w in sorted(listed()) if w.isalpha() and len(w) > 3]
    sample = random.Random(1).sample(words, 1500)
    right = sum(any(Pronunciation(spell_out(w)).syllables == p.syllables for p in pronunciations(w)) for w in sample)
    assert right / len(sample) > 0.87


@pytest.mark.parametrize(
    ("first", "second", "close"),
    [
        ("night", "light", True),
        ("sea", "see", False),  # the same to the ear
        ("stone", "stone", False),
        ("lighthouse", "house", False),
        ("lighthouse", "mouse", True),
        ("behold", "cold", True),
        ("night", "lane", False),
        ("wind", "behind", True),  # the wind that one winds
    ],
)
def test_perfect_rhyme(first: str, second: str, close: bool) -> None:
    assert (rhyme(first, second) is not None) is close
    assert (rhyme(second, first) is not None) is close


def test_slant_rhyme_shares_the_consonants_or_the_vowel() -> None:
    assert rhyme("stone", "gone") is None
    assert rhyme("stone", "gone", "slant") is not None
    assert rhyme("home", "stone", "slant") is not None
    assert rhyme("night", "lane", "slant") is None
    assert rhyme("sea", "quietly") is None
    assert rhyme("sea", "quietly", "slant") is not None


def test_possessive_of_a_word_in_s_is_said_both_ways() -> None:
    assert [p.syllables for p in pronunciations("mistress'")] == [2, 3]
    assert scan("My mistress' eyes are nothing like the sun;", METRES["iambic pentameter"]) is not None


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("The lantern burns above the silver door", "x / | x / | x / | x / | x /"),
        ("Silent the lantern burns above the door", "/ x | x / | x / | x / | x /"),
        ("The lantern burns above the silver water", "x / | x / | x / | x / | x / x"),
        ("When I do count the clock that tells the time", "x / | x / | x / | x / | x /"),
    ],
)
def test_pentameter_is_read_with_the_substitutions_that_are_allowed(line: str, marks: str) -> None:
    reading = scan(line, PENTAMETER)
    assert reading is not None
    assert reading.marks == marks


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("The lantern burns above the water silver door", "door"),  # twelve syllables
        ("The lantern above burns the silver door", "above"),  # its stress falls on a weak place
        ("The sea", "sea"),
    ],
)
def test_line_out_of_metre_is_told_where_it_leaves_it(line: str, word: str) -> None:
    assert scan(line, PENTAMETER) is None
    assert misfit(line, PENTAMETER).word == word


def test_held_back_word_beside_a_lifted_one_is_a_person_s_licence_only() -> None:
    line = "When to the sessions of sweet silent thought"
    assert scan(line, PENTAMETER) is None
    assert scan(line, loosened(PENTAMETER)) is not None


@pytest.mark.parametrize(
    ("metre", "line"),
    [
        ("iambic tetrameter", "I took my oar, I took my coat"),
        ("iambic trimeter", "I left the bridge alone"),
        ("trochaic tetrameter", "Tiger, tiger, burning bright"),
        ("anapaestic trimeter", "A baker who lived in Bordeaux"),
        ("anapaestic dimeter", "It whistled all night"),
    ],
)
def test_other_metres(metre: str, line: str) -> None:
    assert scan(line, METRES[metre]) is not None
    assert scan("The lantern burns above the silver door", METRES[metre]) is None


@pytest.mark.parametrize("metre", METRES.values(), ids=lambda m: m.name)
def test_every_template_can_be_filled_and_nothing_longer(metre: Metre) -> None:
    for i, template in enumerate(metre.templates):
        levels = "".join({"s": "c", "S": "c"}.get(place, "f") for place in template.places)
        states = metre.start()
        for level in levels:
            states = metre.advance(states, level)
        assert any(state[0] == i for state in states)
        assert metre.complete(states)
    assert not metre.advance(metre.start(), "c" * (metre.longest + 1))


def test_syllabic_line_counts_and_nothing_else() -> None:
    five = Syllabic(5, 5)
    states = five.advance(five.advance(five.start(), "10"), "010")
    assert five.complete(states)
    assert not five.complete(five.advance(five.start(), "10"))
    assert not five.advance(states, "1")
