"""Batches: what is read, in what order, and that no token is left out or taken for its neighbour."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from miaobi.lab.training.batches import Streams, Windows, held_out  # noqa: E402

COUNTING = np.arange(1000, dtype=np.uint16)


@settings(max_examples=30, deadline=None)
@given(st.integers(9, 1000), st.integers(1, 7), st.integers(1, 8), st.integers(0, 50))
def test_targets_are_the_tokens_that_follow(size: int, batch: int, context: int, step: int) -> None:
    for kind in (Windows, Streams):
        tokens, targets = kind(COUNTING[:size], batch, context, 1).at(step)
        assert torch.equal(targets, tokens + 1)
        assert tokens.shape[1] == context
        assert int(targets.max()) < size


def test_streams_read_on_until_their_epoch_ends() -> None:
    streams = Streams(COUNTING, 3, 10, 1)
    last = streams.at(0)[1]
    for step in range(1, 60):
        tokens, targets = streams.at(step)
        if not streams.begins(step):
            assert torch.equal(tokens[:, 0], last[:, -1])
        last = targets


def test_held_out_windows_lie_side_by_side_and_are_spread_where_there_are_too_many() -> None:
    all_of_it = torch.cat([tokens.flatten() for tokens, _ in held_out(COUNTING, 4, 10, 10_000)])
    assert all_of_it.tolist() == list(range(990))
    some = torch.cat([tokens[:, 0] for tokens, _ in held_out(COUNTING, 4, 10, 50)])
    assert some.tolist() == [0, 190, 390, 590, 790]


def test_windows_of_whole_documents_begin_where_documents_do() -> None:
    starts = np.array([0, 7, 30, 95, len(COUNTING)], np.uint64)
    windows = Windows(COUNTING, 16, 10, 3, starts)
    firsts = {int(row[0]) for step in range(8) for row in windows.at(step)[0]}
    legal = {int(COUNTING[s]) for s in (0, 7, 30, 95) if s < len(COUNTING) - 10}
    assert firsts == legal
    held = held_out(COUNTING, 4, 10, 40, starts=starts)
    assert {int(row[0]) for tokens, _ in held for row in tokens} <= legal
