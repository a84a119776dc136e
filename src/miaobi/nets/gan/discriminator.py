"""Discriminators: how real a text is, by convolutions of several lengths over its embedded tokens (Kim 2014).

    embedded (B, T, E) ─▶ for each window w: F filters (B, F, T-w+1) ─▶ max over time (B, F) ─▶ joined ─▶ logit (B,)

SeqGAN's (Yu et al. 2017) has a highway layer and dropout. RelGAN's (Nie et al. 2019) embeds a text R times, each by a
narrow embedding of its own, and gives a logit for each (B, R): no single embedding has to see every fault. It reads
tokens or, for the gradient to flow, distributions over them (B, T, V).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError

WINDOWS = (2, 3, 4, 5)


class Convolutions(nn.Module):
    """(B, T, E) → (B, len(windows)·F): the strongest answer of each filter anywhere in the text."""

    def __init__(self, width: int, filters: int, windows: tuple[int, ...], length: int) -> None:
        super().__init__()
        if not windows or max(windows) > length:
            raise BriefError(
                f"Windows {windows} don't fit a text of {length} tokens.", "Windows are at most as long as the text."
            )
        self.filters = nn.ModuleList(nn.Conv1d(width, filters, window) for window in windows)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, E) → (B, W·F)."""
        x = x.transpose(1, 2)  # (B, E, T)
        return torch.cat([F.relu(convolve(x)).amax(-1) for convolve in self.filters], -1)


class Discriminator(nn.Module):
    """SeqGAN's: σ(logit) is the probability that a text is real."""

    def __init__(
        self,
        vocabulary: int,
        length: int,
        width: int = 64,
        filters: int = 100,
        windows: tuple[int, ...] = WINDOWS,
        dropout: float = 0.25,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.convolutions = Convolutions(width, filters, windows, length)
        features = filters * len(windows)
        self.gate, self.change = nn.Linear(features, features), nn.Linear(features, features)
        self.drop, self.head = nn.Dropout(dropout), nn.Linear(features, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, T) → logits (B,)."""
        c = self.convolutions(self.embedding(tokens))  # (B, W·F)
        t = torch.sigmoid(self.gate(c))
        c = t * F.relu(self.change(c)) + (1 - t) * c  # highway: τ ⊙ H(c) + (1-τ) ⊙ c (Srivastava et al. 2015)
        logit: Tensor = self.head(self.drop(c)).squeeze(-1)
        return logit


class Representations(nn.Module):
    """RelGAN's: R embeddings of E/R numbers a token, one CNN for all of them, a logit of each."""

    def __init__(
        self,
        vocabulary: int,
        length: int,
        width: int = 64,
        count: int = 64,
        filters: int = 300,
        windows: tuple[int, ...] = WINDOWS,
        dropout: float = 0.25,
    ) -> None:
        super().__init__()
        if count < 1 or width % count:
            raise BriefError(f"A width of {width} can't be shared by {count} representations.", "It is a multiple.")
        self.count = count
        self.embedding = nn.Linear(vocabulary, width, bias=False)  # a token's column, or a mixture of columns
        self.convolutions = Convolutions(width // count, filters, windows, length)
        features = filters * len(windows)
        self.hidden, self.head = nn.Linear(features, 100), nn.Linear(100, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, text: Tensor) -> Tensor:
        """Tokens (B, T) or distributions (B, T, V) → logits (B, R)."""
        tokens = text.dim() == 2
        x = F.embedding(text, self.embedding.weight.T) if tokens else self.embedding(text)  # (B, T, E)
        x = x.unflatten(-1, (self.count, -1)).transpose(1, 2).flatten(0, 1)  # (B·R, T, E/R)
        c = self.hidden(self.drop(self.convolutions(x)))  # (B·R, 100)
        logits: Tensor = self.head(c).view(-1, self.count)
        return logits
