"""The continuous cache pointer (Grave et al. 2017): words that followed states like this one become likelier.

    p(w) = (1-λ) p_net(w) + λ Σ {softmax over the last N of (θ hᵢ · h) : the token after hᵢ was w}

Nothing is learnt: it is put beside a trained net when text is foretold or written. N is ``window``, θ ``sharpness``, λ
``share``; the figures that Merity et al. 2018 chose for WikiText-2 are 3785, 0.662 and 0.1279.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

_READ = 64  # tokens read at once


class CachePointer:
    """What one text has said so far; a new text takes a new one."""

    def __init__(self, vocabulary: int, window: int = 500, sharpness: float = 0.662, share: float = 0.1279) -> None:
        self._vocabulary, self._sharpness, self._share = vocabulary, sharpness, share
        self._past: deque[tuple[Tensor, int]] = deque(maxlen=window)

    def remember(self, state: Tensor, token: int) -> None:
        """Note that *token* followed *state* (E,), what went to the head."""
        self._past.append((state, token))

    def mix(self, p: Tensor, state: Tensor) -> Tensor:
        """Return the net's probabilities *p* (V,) at *state* (E,), mixed with those of the cache."""
        if not self._past:
            return p
        states = torch.stack([known for known, _ in self._past])  # (N, E)
        weights = (self._sharpness * states @ state).softmax(0)  # (N,)
        tokens = torch.tensor([token for _, token in self._past])
        cached = torch.zeros(self._vocabulary).index_add_(0, tokens, weights)
        return (1 - self._share) * p + self._share * cached


@torch.inference_mode()
def pointed_loss(net: Any, tokens: Sequence[int], pointer: CachePointer) -> float:
    """Return the mean negative log-likelihood in nats of *tokens* but the first, with the cache beside *net*."""
    net.eval()
    state, total = net.start(1), 0.0
    for begin in range(0, len(tokens) - 1, _READ):
        piece = list(tokens[begin : begin + _READ + 1])
        out, _, state = net.read(torch.tensor([piece[:-1]]), state)  # (1, T, E)
        each = torch.nn.functional.linear(out[0], net.embedding.weight, net.bias).softmax(-1)  # (T, V)
        for p, said, token in zip(each, out[0], piece[1:], strict=True):
            total -= float(pointer.mix(p, said)[token].log())
            pointer.remember(said, token)
    return total / (len(tokens) - 1)
