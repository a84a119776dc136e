"""AWD-LSTM's dropouts (Merity et al. 2018). All of them draw one mask a sequence or a batch, never one a time step.

| name | what is dropped | mask | source |
|---|---|---|---|
| ``Locked`` | entries of a layer's input or output | (B, 1, D), the same at every time step | Gal & Ghahramani 2016 |
| ``dropped_words`` | words, wherever they occur | (V,) | Gal & Ghahramani 2016 |
| ``dropped_weights`` | entries of U, hidden to hidden | (4H, H) | Wan et al. 2013; Merity et al. 2018 |

What is left is divided by 1 - p, so that nothing changes at evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Locked(nn.Module):
    """Variational dropout: one mask a row, held through time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        if not self.training or not self.share:
            return x
        mask = torch.empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.share)  # (B, 1, D)
        return x * mask.div_(1 - self.share)


def dropped_words(x: Tensor, tokens: Tensor, vocabulary: int, share: float) -> Tensor:
    """Return the embedded *tokens* x (B, T, E) with a *share* of all words at nothing, wherever they stand.

    The same as dropping rows of the embedding, at the price of B · T rows and not of V.
    """
    if not share:
        return x
    mask = torch.empty(vocabulary).bernoulli_(1 - share).div_(1 - share)  # (V,)
    return x * mask[tokens][..., None]


@contextmanager
def dropped_weights(cell: nn.Module, name: str, share: float) -> Iterator[None]:
    """Let *cell* run with a *share* of its weight *name* at nothing; its gradient reaches the whole weight.

    The fused kernels read the list ``_flat_weights``, so the weaker weight stands there for the one call.
    """
    if not share:
        yield
        return
    place = cell._flat_weights_names.index(name)
    whole = cell._flat_weights[place]
    cell._flat_weights[place] = torch.nn.functional.dropout(whole, share, training=True)
    try:
        yield
    finally:
        cell._flat_weights[place] = whole
