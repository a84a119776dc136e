"""The 5-gram: a distribution everywhere, the formula on a text small enough to count by hand, and a fair generator."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.lab.baseline import KneserNey

pytestmark = pytest.mark.lab


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=8, max_size=60), st.lists(st.integers(0, 5), max_size=6))
def test_probabilities_after_any_context_sum_to_one(tokens: list[int], context: list[int]) -> None:
    model = KneserNey(tokens, 6)
    each = [model.probability(context, w) for w in range(6)]
    assert sum(each) == pytest.approx(1)
    assert min(each) > 0
    np.testing.assert_allclose(model._distribution(context[-4:]), each, atol=1e-12)


def test_probability_is_that_of_the_formula() -> None:
    model = KneserNey([0, 1, 0, 2, 0, 1], 3, order=2)  # bigrams: 01 twice, 10 once, 02 once, 20 once
    d2 = 3 / (3 + 2 * 1)  # three bigrams occur once, one twice
    d1 = 2 / (2 + 2 * 1)  # 1 and 2 follow one kind of token, 0 follows two
    unigram = (max(1 - d1, 0) + d1 * 3 / 3) / 4  # p(2): one of four continuations, and the share of all equally likely
    assert model.probability([], 2) == pytest.approx(unigram)
    assert model.probability([0], 2) == pytest.approx((1 - d2 + d2 * 2 * unigram) / 3)
    assert model.loss([0, 2]) == pytest.approx(-math.log(model.probability([0], 2)))


def test_text_like_what_it_counted_is_foretold_better_and_generation_repeats_with_the_seed() -> None:
    rng = np.random.default_rng(0)
    tokens = np.cumsum(rng.integers(1, 3, 3000)) % 7  # each step adds one or two
    model = KneserNey(tokens.tolist(), 7)
    assert model.loss(tokens[:500].tolist()) < 0.75 < math.log(7) < model.loss(rng.integers(0, 7, 500).tolist())
    written = model.generate([0], 300, seed=3)
    assert written == model.generate([0], 300, seed=3)
    steps = np.diff(np.array(written)) % 7
    assert np.isin(steps, (1, 2)).mean() > 0.9
