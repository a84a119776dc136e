"""Attention of a recurrent net over its past: of all that it has read, what followed where it stood as it stands now.

    memory   kₛ = hₛ₋₁, what the last layer said before token s;  vₛ = xₛ, that token's embedding
    score    additive (Bahdanau et al. 2015)        e = vᵀ tanh(W q + U k)
             multiplicative (Luong et al. 2015)     e = qᵀ W k / E
    α = softmax(e) over the past;  c = Σ α v;  output = tanh(W' [q; c])         (Luong's attentional vector)

At time t the query is hₜ, and the past the last ``window`` tokens, the one just read among them. Keys apart from
values are Daniluk et al. 2017; that a value is what followed is the cache of Grave et al. 2017, here learnt: looking
back at hₛ alone, as at a sentence to be translated, was worth nothing in a language model (docs/log.md).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

WINDOW = 64  # tokens looked back at


class Look(nn.Module):
    """What both kinds share: who may be looked at, and how what is found joins the output."""

    window = WINDOW

    def __init__(self, width: int) -> None:
        super().__init__()
        self.join = nn.Linear(2 * width, width)

    def scores(self, q: Tensor, k: Tensor) -> Tensor:
        """(B, T, E) and (B, S, E) → (B, T, S)."""
        raise NotImplementedError

    def weights(self, now: Tensor, keys: Tensor) -> Tensor:
        """Return α (B, T, S) of *now* (B, T, E) on *keys* (B, S, E), whose last T are of the same tokens."""
        length, seen = now.shape[1], keys.shape[1]
        back = torch.arange(seen - length, seen)[:, None] - torch.arange(seen)[None, :]  # (T, S): tokens back
        allowed = (back >= 0) & (back < self.window)
        return self.scores(now, keys).masked_fill(~allowed, float("-inf")).softmax(-1)

    def forward(self, now: Tensor, memory: Tensor) -> Tensor:
        """(B, T, E), (B, S, 2E) of keys and values side by side → (B, T, E)."""
        keys, values = memory.chunk(2, -1)
        found = self.weights(now, keys) @ values  # c, (B, T, E)
        return torch.tanh(self.join(torch.cat((now, found), -1)))


class Additive(Look):
    """e = vᵀ tanh(W q + U k)."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.inner = max(8, width // 4)  # every pair (t, s) has a vector of this width: it is what costs
        self.query = nn.Linear(width, self.inner)
        self.key = nn.Linear(width, self.inner, bias=False)
        self.score = nn.Linear(self.inner, 1, bias=False)

    def scores(self, q: Tensor, k: Tensor) -> Tensor:
        """(B, T, E) and (B, S, E) → (B, T, S)."""
        pairs = torch.tanh(self.query(q)[:, :, None] + self.key(k)[:, None])  # (B, T, S, A)
        found: Tensor = self.score(pairs).squeeze(-1)
        return found


class Multiplicative(Look):
    """e = qᵀ W k / E.

    Divided, so that it begins even over all that was read: else the cells are driven to their limits and learn no more.
    """

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.bridge = nn.Linear(width, width, bias=False)

    def scores(self, q: Tensor, k: Tensor) -> Tensor:
        """(B, T, E) and (B, S, E) → (B, T, S)."""
        found: Tensor = self.bridge(q) @ k.transpose(1, 2) / k.shape[-1]
        return found


LOOKS: dict[str, type[Look]] = {"none": Look, "additive": Additive, "multiplicative": Multiplicative}
