"""Figures of texts, against values counted by hand."""

from __future__ import annotations

import math

import pytest

from miaobi.lab.evaluation import Foretelling, References, copies, eight_grams, units, variety

pytestmark = pytest.mark.lab


def test_units_are_words_marks_and_chinese_characters() -> None:
    assert units("The cat's 2 mats, 春眠!") == ["The", "cat's", "2", "mats", ",", "春", "眠", "!"]
    assert units("on.\n* * * * *\nWell... — — ***") == ["on", ".", "* * * * *", "Well", "...", "— —", "***"]


def test_bleu_of_the_reference_itself_is_one_and_of_a_stranger_near_nothing() -> None:
    reference = units("the cat sat on the mat by the door")
    assert References([reference]).bleu(reference) == pytest.approx(1)
    assert References([reference]).bleu(units("every good boy does fine in school today now")) < 0.02
    assert References([reference]).bleu([]) == 0


def test_bleu_is_that_of_the_formula() -> None:
    text, reference = units("the the cat sat on"), units("the cat sat on the mat")
    shares = (5 / 5, 3 / 4, 2 / 3, 1 / 2)  # "the" twice is allowed: the reference has it twice
    expected = math.exp(sum(map(math.log, shares)) / 4 + 1 - 6 / 5)  # shorter than the reference
    assert References([reference]).bleu(text) == pytest.approx(expected)


def test_variety_of_equal_texts_is_least_and_what_was_learnt_by_heart_is_copied() -> None:
    text = units("one two three four five six seven eight nine")
    found = variety([text, text], References([text]), eight_grams([text]))
    assert found.self_bleu == pytest.approx(1)
    assert found.distinct == (0.5, 0.5, 0.5)
    assert found.copied == 1
    other = variety([text, text], References([text]), eight_grams([text[::-1]]))
    assert other.copied == 0


def test_foretelling_is_told_a_token_a_character_and_a_byte() -> None:
    told = Foretelling(nats=100 * math.log(2), tokens=50, characters=100, bytes=200)
    assert told.perplexity == pytest.approx(4)
    assert told.perplexity_of_characters == pytest.approx(2)
    assert told.bits_a_byte == pytest.approx(0.5)


def test_copies_are_told_by_their_eight_grams_and_the_longest_of_each_group() -> None:
    learnt = [units("a b c d e f g h i j k"), units("p q r s t u v w x y z")]
    groups = [[units("x b c d e f g h i j x"), units("1 2 3")], [units("a b c d e f g")]]
    found, longest = copies(groups, iter(learnt))
    assert found == {tuple("bcdefghi"), tuple("cdefghij")}
    assert longest == [9, 0]  # the second group's seven are under eight
    assert copies([[[]]], learnt) == (set(), [0])
