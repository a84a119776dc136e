"""Attention of a recurrent net over its own past: what the last layer said before, weighed by how well it fits now.

    score    additive (Bahdanau et al. 2015)        e = vᵀ tanh(W q + U k)
             multiplicative (Luong et al. 2015)     e = qᵀ W k
    α = softmax(e) over the past;  c = Σ α k;  output = tanh(W' [q; c])         (Luong's attentional vector)

At time t the past is the outputs before t, at most ``window`` of them; at the very first there is none and c = 0.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

WINDOW = 64  # outputs looked back at


class Look(nn.Module):
    """What both kinds share: who may be looked at, and how what is found joins the output."""

    window = WINDOW

    def __init__(self, width: int) -> None:
        super().__init__()
        self.join = nn.Linear(2 * width, width)

    def scores(self, q: Tensor, k: Tensor) -> Tensor:
        """(B, T, E) and (B, S, E) → (B, T, S)."""
        raise NotImplementedError

    def weights(self, now: Tensor, past: Tensor) -> Tensor:
        """Return α (B, T, S) of *now* (B, T, E) on *past* (B, S, E), which ends with *now*; rows sum to 1 or 0."""
        length, seen = now.shape[1], past.shape[1]
        place = torch.arange(seen - length, seen)[:, None] - torch.arange(seen)[None, :]  # (T, S): steps back
        allowed = (place > 0) & (place <= self.window)
        scores = self.scores(now, past).masked_fill(~allowed, float("-inf"))
        return torch.nan_to_num(scores.softmax(-1))  # the first has nothing to look at: its row is 0

    def forward(self, now: Tensor, past: Tensor) -> Tensor:
        """(B, T, E), (B, S, E) → (B, T, E)."""
        found = self.weights(now, past) @ past  # c, (B, T, E)
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
    """e = qᵀ W k."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.bridge = nn.Linear(width, width, bias=False)

    def scores(self, q: Tensor, k: Tensor) -> Tensor:
        """(B, T, E) and (B, S, E) → (B, T, S)."""
        found: Tensor = self.bridge(q) @ k.transpose(1, 2)
        return found


LOOKS: dict[str, type[Look]] = {"none": Look, "additive": Additive, "multiplicative": Multiplicative}
