from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.decoding.selection import best, rank


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
