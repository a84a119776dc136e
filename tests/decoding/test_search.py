"""The search over units, against all works enumerated."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.decoding.search import search

COUNT, LETTERS = 4, "abc"


def worth(units: tuple[str, ...]) -> float:
    """What a unit is worth after those before it: anything, but the same each time."""
    return float(sum(ord(u) * (i + 1) for i, u in enumerate(units)) * 7919 % 101) if units else 0.0


def extend(units: tuple[str, ...], attempt: int) -> list[tuple[str, float]]:
    return [(letter, worth((*units, letter))) for letter in LETTERS]


def total(units: tuple[str, ...]) -> float:
    return sum(worth(units[: i + 1]) for i in range(len(units)))


def test_a_beam_as_wide_as_the_tree_finds_the_best_of_all() -> None:
    found = search(COUNT, extend, width=len(LETTERS) ** COUNT)
    assert found.complete
    assert found.score == total(found.units) == max(map(total, itertools.product(LETTERS, repeat=COUNT)))


@given(st.dictionaries(st.integers(0, COUNT - 1), st.sampled_from("xyz")))
def test_given_units_stand_as_they_are_and_pull_by_their_fit(locked: dict[int, str]) -> None:
    found = search(
        COUNT, extend, given=locked, fit=lambda units, unit: worth((*units, unit)), width=len(LETTERS) ** COUNT
    )
    assert {place: found.units[place] for place in locked} == locked
    free = [locked.get(i, LETTERS) for i in range(COUNT)]
    assert found.score == max(map(total, itertools.product(*free)))


def test_a_dead_end_begins_anew_and_the_longest_beginning_is_kept() -> None:
    def dead(units: tuple[str, ...], attempt: int) -> list[tuple[str, float]]:
        return [("a", 1.0)] if len(units) < 2 or attempt == 2 else []

    assert search(3, dead, attempts=2).units == ("a", "a")
    assert not search(3, dead, attempts=2).complete
    found = search(3, dead, attempts=9)
    assert (found.units, found.complete, found.attempts) == (("a", "a", "a"), True, 3)


def test_attempts_go_on_until_the_work_is_good_enough_and_the_best_is_kept() -> None:
    def better(units: tuple[str, ...], attempt: int) -> list[tuple[str, float]]:
        return [(str(attempt), float([1, 5, 3, 9][attempt]))]

    assert search(1, better, attempts=3, enough=100.0).units == ("1",)
    assert search(1, better, attempts=4, enough=4.0).attempts == 2


def test_a_stop_returns_what_was_found() -> None:
    calls = iter([False, False, True, True, True])
    found = search(COUNT, extend, width=1, stopped=lambda: next(calls))
    assert len(found.units) == 2
    assert not found.complete


@pytest.mark.parametrize("wrong", [{"width": 0}, {"attempts": 0}, {"given": {COUNT: "a"}}, {"given": {-1: "a"}}])
def test_wrong_arguments_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="width"):
        search(COUNT, extend, **wrong)  # type: ignore[arg-type]
