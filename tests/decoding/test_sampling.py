from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from miaobi.decoding.sampling import Sampler, dry_penalties, penalise, truncate, uniforms
from miaobi.types import Sampling

rows = st.lists(st.integers(-80, 80), min_size=2, max_size=60, unique=True).map(
    lambda xs: np.array(xs, dtype=np.float32) / 8
)


def softmax(logits: dict[int, float]) -> dict[int, float]:
    top = max(logits.values())
    weights = {i: math.exp(v - top) for i, v in logits.items()}
    total = sum(weights.values())
    return {i: w / total for i, w in weights.items()}


def reference(row: np.ndarray, s: Sampling, chance: float) -> set[int]:
    """The stages written plainly, one dict at a time."""
    left = dict(enumerate(row.astype(float).tolist()))
    if s.top_k:
        left = dict(sorted(left.items(), key=lambda kv: (-kv[1], kv[0]))[: s.top_k])
    if s.typical_p < 1:
        p = softmax(left)
        entropy = -sum(q * math.log(q) for q in p.values() if q > 0)
        order = sorted(p, key=lambda i: (round(abs(-math.log(max(p[i], 1e-300)) - entropy), 9), -p[i], i))
        left = head(order, p, s.typical_p, left)
    if s.top_p < 1:
        p = softmax(left)
        left = head(sorted(p, key=lambda i: (-p[i], i)), p, s.top_p, left)
    if s.min_p > 0:
        p = softmax(left)
        left = {i: v for i, v in left.items() if p[i] >= s.min_p * max(p.values()) * (1 - 1e-9)}
    if chance < s.xtc_probability:
        p = softmax(left)
        above = sorted((i for i in p if p[i] >= s.xtc_threshold), key=lambda i: (-p[i], i))
        left = {i: v for i, v in left.items() if i not in above[:-1]}
    return set(left)


def head(order: list[int], p: dict[int, float], share: float, left: dict[int, float]) -> dict[int, float]:
    kept, total = {}, 0.0
    for i in order:
        kept[i] = left[i]
        total += p[i]
        if total >= share:
            break
    return kept


SETTINGS = [
    Sampling(top_k=5),
    Sampling(top_p=0.83),
    Sampling(min_p=0.07),
    Sampling(typical_p=0.63),
    Sampling(xtc_probability=1, xtc_threshold=0.12),
    Sampling(top_k=20, top_p=0.91, min_p=0.03, xtc_probability=0.5),
]


@given(rows, st.sampled_from(SETTINGS), st.sampled_from([0.2, 0.9]))
def test_each_stage_keeps_what_a_plain_reference_keeps(row: np.ndarray, s: Sampling, chance: float) -> None:
    ids, p = truncate(row, s, chance)
    assert set(ids.tolist()) == reference(row, s, chance)
    assert math.isclose(p.sum(), 1, rel_tol=1e-9)


@given(rows, st.lists(st.integers(0, 1), max_size=30), st.floats(1, 2), st.floats(0, 1), st.floats(0, 1))
def test_penalties_follow_their_formulas(
    row: np.ndarray, history: list[int], repeat: float, presence: float, frequency: float
) -> None:
    s = Sampling(repetition_penalty=repeat, presence_penalty=presence, frequency_penalty=frequency)
    out = penalise(row, history, s, ())
    for i, before in enumerate(row.tolist()):
        times = history.count(i)
        after = before
        if times:
            after = (before / repeat if before > 0 else before * repeat) - times * frequency - presence
        assert math.isclose(out[i], after, rel_tol=1e-4, abs_tol=1e-4)


@given(st.lists(st.integers(0, 3), max_size=40))
def test_dry_finds_the_longest_repetition_before_each_token(history: list[int]) -> None:
    s = Sampling(dry_multiplier=0.8)
    expected = {}
    for token in set(history):
        longest = 0
        for at in [i for i in range(1, len(history)) if history[i] == token]:
            n = 0
            while n < at and history[at - 1 - n] == history[len(history) - 1 - n]:
                n += 1
            longest = max(longest, min(n, 50))
        if longest >= 2:
            expected[token] = 0.8 * 1.75 ** (longest - 2)
    assert dry_penalties(history, s, ()) == pytest.approx(expected)


def test_dry_stops_at_a_breaker() -> None:
    s = Sampling(dry_multiplier=0.8)
    assert dry_penalties([1, 2, 3, 1, 2], s, ()) == {3: 0.8}
    assert dry_penalties([1, 2, 3, 1, 2], s, {1}) == {}


@given(st.integers(0, 2**62), st.integers(0, 10_000))
def test_chance_depends_on_seed_and_position_only(seed: int, position: int) -> None:
    a, b = uniforms(seed, position)
    assert (a, b) == uniforms(seed, position)
    assert 0 <= a < 1
    assert 0 <= b < 1
    assert (a, b) != uniforms(seed, position + 1)


def test_draws_have_the_frequencies_of_the_distribution() -> None:
    row = np.log(np.array([0.5, 0.3, 0.15, 0.05], dtype=np.float32))
    draws = [Sampler(Sampling(), seed, []).choose(row) for seed in range(4000)]
    assert np.allclose(np.bincount(draws, minlength=4) / 4000, np.exp(row), atol=0.03)


@given(rows, st.integers(0, 1000))
def test_a_rewind_gives_back_the_same_state(row: np.ndarray, seed: int) -> None:
    sampler = Sampler(Sampling(mirostat_tau=3, presence_penalty=0.5), seed, [])
    chosen = []
    for _ in range(6):
        chosen.append(sampler.choose(row))
        sampler.accept(chosen[-1])
    sampler.rewind(4)
    again = chosen[:2]
    for _ in range(4):
        again.append(sampler.choose(row))
        sampler.accept(again[-1])
    assert again == chosen


@given(rows, st.sets(st.integers(0, 59)))
def test_what_is_masked_or_forbidden_is_never_drawn(row: np.ndarray, out: set[int]) -> None:
    out = {i for i in out if i < len(row)}
    mask = np.array([i not in out for i in range(len(row))])
    token = Sampler(Sampling(temperature=1.5), 1, []).choose(row, mask)
    assert token == -1 if not mask.any() else mask[token]
    assume(len(out) < len(row))
    assert Sampler(Sampling(temperature=0), 1, []).choose(row, None, out) not in out


def test_a_large_vocabulary_is_cut_as_a_small_one_is() -> None:
    row = np.random.default_rng(1).normal(0, 2, 20_000).astype(np.float32)
    for s in (Sampling(top_p=0.9), Sampling(min_p=0.05), Sampling(top_k=40, top_p=0.9)):
        assert set(truncate(row, s)[0].tolist()) == reference(row, s, 1.0)
