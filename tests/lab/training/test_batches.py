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


def test_rows_of_documents_all_begin_with_the_first_token_and_every_epoch_is_packed_anew() -> None:
    from miaobi.lab.training.batches import Rows, held_out_rows

    documents = [[1, *range(10 * i, 10 * i + 3 + i % 4), 2] for i in range(3, 40)]
    tokens = np.concatenate(documents).astype(np.uint16)
    offsets = np.cumsum([0, *map(len, documents)]).astype(np.uint64)
    rows = Rows(tokens, offsets, batch=4, context=15, seed=7)
    again = Rows(tokens, offsets, batch=4, context=15, seed=7)
    read = [rows.at(step) for step in range(8)]
    for x, y in read:
        assert x.shape == (4, 15)
        assert bool((x[:, 0] == 1).all())
        assert torch.equal(x[:, 1:], y[:, :-1])
    assert torch.equal(again.at(6)[0], read[6][0])  # a resumed run begins anywhere
    first = {tuple(row.tolist()) for x, _ in read[:3] for row in x}
    second = {tuple(row.tolist()) for x, _ in read[4:7] for row in x}
    assert len(first & second) < 6
    (x, y), *_ = held_out_rows(tokens, offsets, 2, 15, 60)
    assert x.shape == (2, 15)
    assert bool((x[:, 0] == 1).all())
