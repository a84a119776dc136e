from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.decoding.selection import best, distinct, length_error, overlap, rank, repetition, words


def test_measures_of_known_texts() -> None:
    assert words("Don't go, 走吧!") == ["don't", "go", "走", "吧"]
    assert distinct("a b a b a b") == pytest.approx(2 / 5)
    assert repetition("a b c d a b c d", 4) == pytest.approx(1 / 5)
    assert overlap("one two three four", "zero one two three", 3) == pytest.approx(1 / 2)
    assert length_error("one two three", 4) == pytest.approx(1 / 4)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8), st.floats(0.1, 10), st.floats(-50, 50))
def test_rank_does_not_depend_on_the_unit_of_a_measure(values: list[float], factor: float, shift: float) -> None:
    values = [round(v, 3) for v in values]
    plain = rank([{"m": v} for v in values], {"m": 1.0})
    other = rank([{"m": v * factor + shift} for v in values], {"m": 1.0})
    assert plain == pytest.approx(other, abs=1e-4)


def test_rejected_candidates_are_never_best() -> None:
    scores = rank([None, {"m": 1.0}, {"m": 1.0}], {"m": 2.0})
    assert scores == [-math.inf, 0.0, 0.0]
    assert best(scores) == 1
    assert best(rank([None, None], {"m": 1.0})) == -1
    assert best([]) == -1


def test_a_missing_or_infinite_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="'m'"):
        rank([{"m": 1.0}, {}], {"m": 1.0})
    with pytest.raises(ValueError, match="'m'"):
        rank([{"m": math.nan}], {"m": 1.0})
