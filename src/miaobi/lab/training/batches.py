"""Batches: what a net reads at each step, a function of the step alone, so that a resumed run reads the same.

| net | reads |
|---|---|
| forgets between batches (transformer) | rows of whole documents where it is told where they begin (``Rows``) |
| the same, not told | windows from places drawn at random: every batch is a fair sample |
| carries its state (recurrent) | as many streams as the batch has rows, read onward: the state goes on with its text |
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from miaobi.errors import BriefError
from miaobi.lab.corpus.packing import pack
from miaobi.types import derive_seed

Tokens = npt.NDArray[Any]  # (N,) uint16 or uint32, in memory or on disk (np.memmap)
Pair = tuple[Tensor, Tensor]  # what is read and what follows each token, (B, T) int64 each


def enough(tokens: Tokens, context: int, what: str) -> None:
    """Raise BriefError unless one window of *context* tokens and the token after it can be cut from *tokens*."""
    if len(tokens) < context + 1:
        raise BriefError(
            f"The {what} text has {len(tokens):,} tokens; one sequence takes {context:,} and the one that follows.",
            "Give a longer text, or train with a smaller --context.",
        )


def _cut(tokens: Tokens, starts: npt.NDArray[np.int64], length: int) -> Pair:
    """Return the windows of *length* that begin at *starts* (B,)."""
    places = starts[:, None] + np.arange(length + 1)[None, :]
    rows = torch.from_numpy(tokens[places].astype(np.int64))  # (B, length + 1)
    return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


class Windows:
    """Windows from places drawn at random, with replacement."""

    def __init__(self, tokens: Tokens, batch: int, context: int, seed: int) -> None:
        enough(tokens, context, "training")
        self._tokens, self.rows, self._context, self._seed = tokens, batch, context, seed

    def at(self, step: int) -> Pair:
        """Return what is read at *step*."""
        rng = np.random.default_rng(derive_seed(self._seed, "windows", step))
        return _cut(self._tokens, rng.integers(0, len(self._tokens) - self._context, self.rows), self._context)

    def begins(self, step: int) -> bool:
        """Tell whether the net forgets what it carries before *step*."""
        return True


class Rows:
    """Rows of documents that each begin with <bos>, packed anew for every epoch (``lab.corpus.packing``)."""

    def __init__(self, tokens: Tokens, offsets: Tokens, batch: int, context: int, seed: int) -> None:
        enough(tokens, context, "training")
        self._tokens, self._offsets, self._context, self._seed = tokens, offsets, context, seed
        self.rows = batch
        self._epoch, self._packed = -1, np.empty((0, 0), tokens.dtype)

    def _row(self, place: int) -> npt.NDArray[Any]:
        """Return row *place* of all epochs one after another; they may have a row more or less: the first's count."""
        if self._epoch < 0:
            self._pack(0)
            self._count = len(self._packed)
        epoch, row = divmod(place, self._count)
        if epoch != self._epoch:
            self._pack(epoch)
        found: npt.NDArray[Any] = self._packed[row % len(self._packed)]
        return found

    def _pack(self, epoch: int) -> None:
        seed = derive_seed(self._seed, "rows", epoch)
        found = list(pack(self._tokens, self._offsets, self._context + 1, seed=seed))
        order = np.random.default_rng(seed).permutation(len(found))
        self._epoch, self._packed = epoch, np.stack([found[i] for i in order])

    def at(self, step: int) -> Pair:
        """Return what is read at *step*."""
        rows = np.stack([self._row(step * self.rows + i) for i in range(self.rows)])
        read = torch.from_numpy(rows.astype(np.int64))
        return read[:, :-1].contiguous(), read[:, 1:].contiguous()

    def begins(self, step: int) -> bool:
        """Tell whether the net forgets what it carries before *step*."""
        return True


class Streams:
    """As many streams as the batch has rows; *shifted*: an epoch begins a little later than the last."""

    def __init__(self, tokens: Tokens, batch: int, context: int, seed: int, shifted: bool = True) -> None:
        enough(tokens, context, "training")
        self._tokens, self._context, self._seed = tokens, context, seed
        self.rows = max(1, min(batch, (len(tokens) - 1) // context))
        self._length = (len(tokens) - 1) // self.rows  # of a stream
        self._spare = min(context - 1, self._length - context) if shifted else 0
        self.steps = (self._length - self._spare) // context  # of an epoch

    def at(self, step: int) -> Pair:
        """Return what is read at *step*."""
        epoch, place = divmod(step, self.steps)
        late = derive_seed(self._seed, "streams", epoch) % (self._spare + 1)
        starts = np.arange(self.rows) * self._length + late + place * self._context
        return _cut(self._tokens, starts, self._context)

    def begins(self, step: int) -> bool:
        """Tell whether an epoch begins at *step*."""
        return step % self.steps == 0


def held_out_rows(tokens: Tokens, offsets: Tokens, batch: int, context: int, most: int) -> list[Pair]:
    """Return at most *most* held-out tokens as batches of rows that each begin with <bos>."""
    enough(tokens, context, "held-out")
    rows = np.stack(list(pack(tokens, offsets, context + 1)))
    chosen = rows[np.random.default_rng(0).permutation(len(rows))[: max(1, most // context)]]
    read = torch.from_numpy(chosen.astype(np.int64))
    return [(part[:, :-1].contiguous(), part[:, 1:].contiguous()) for part in read.split(batch)]


def held_out(tokens: Tokens, batch: int, context: int, most: int, carries: bool = False) -> list[Pair]:
    """Return at most *most* held-out tokens as batches.

    For a net that *carries* they are streams from the beginning of the text, for others windows side by side, evenly
    spread over the text where there are more than that.
    """
    enough(tokens, context, "held-out")
    if carries:
        streams = Streams(tokens, max(1, min(batch, most // context)), context, 0, shifted=False)
        return [streams.at(i) for i in range(max(1, min(streams.steps, most // (streams.rows * context))))]
    count = (len(tokens) - 1) // context
    wanted = max(1, min(count, most // context))
    starts = (np.arange(wanted) * count // wanted * context).astype(np.int64)
    return [_cut(tokens, starts[i : i + batch], context) for i in range(0, wanted, batch)]
