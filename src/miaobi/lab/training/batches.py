"""Batches: what a net reads at each step, a function of the step alone, so that a resumed run reads the same.

| net | reads |
|---|---|
| forgets between batches (transformer) | windows from places drawn at random: every batch is a fair sample |
| forgets, and documents begin with what steers them | windows from documents drawn at random, each from its beginning |
| carries its state (recurrent) | as many streams as the batch has rows, read onward: the state goes on with its text |
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from miaobi.errors import BriefError
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


def roomy(starts: Tokens, tokens: Tokens, context: int) -> npt.NDArray[np.int64]:
    """Return those of *starts* behind which a whole window of *tokens* is left; the beginning of all is one."""
    return np.asarray(starts[starts < len(tokens) - context], np.int64)


class Windows:
    """Windows from places drawn at random, with replacement; only from *starts* (N,) where they are given."""

    def __init__(self, tokens: Tokens, batch: int, context: int, seed: int, starts: Tokens | None = None) -> None:
        enough(tokens, context, "training")
        self._tokens, self._batch, self._context, self._seed = tokens, batch, context, seed
        self._starts = None if starts is None else roomy(starts, tokens, context)

    def at(self, step: int) -> Pair:
        """Return what is read at *step*."""
        rng = np.random.default_rng(derive_seed(self._seed, "windows", step))
        if self._starts is None:
            places = rng.integers(0, len(self._tokens) - self._context, self._batch)
        else:
            places = self._starts[rng.integers(0, len(self._starts), self._batch)]
        return _cut(self._tokens, places, self._context)

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


def held_out(
    tokens: Tokens, batch: int, context: int, most: int, carries: bool = False, starts: Tokens | None = None
) -> list[Pair]:
    """Return at most *most* held-out tokens as batches.

    For a net that *carries* they are streams from the beginning of the text, for others windows side by side, evenly
    spread over the text where there are more than that; with *starts*, windows that begin there.
    """
    enough(tokens, context, "held-out")
    if carries:
        streams = Streams(tokens, max(1, min(batch, most // context)), context, 0, shifted=False)
        return [streams.at(i) for i in range(max(1, min(streams.steps, most // (streams.rows * context))))]
    count = (len(tokens) - 1) // context
    wanted = max(1, min(count, most // context))
    if starts is None:
        places = (np.arange(wanted) * count // wanted * context).astype(np.int64)
    else:
        begins = roomy(starts, tokens, context)
        places = begins[np.arange(wanted) * len(begins) // wanted]
    return [_cut(tokens, places[i : i + batch], context) for i in range(0, wanted, batch)]
