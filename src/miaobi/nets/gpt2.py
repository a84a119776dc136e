"""GPT-2 (Radford et al. 2019): a decoder with learned positions, LayerNorm and GELU; for its checkpoints.

    tokens (B, T) ──▶ embedding + positions (B, T, D) ──▶ L × block ──▶ LayerNorm ──▶ · embeddingᵀ ──▶ logits (B, T, V)
    block:  x ← x + attention(LayerNorm(x));  x ← x + W₂ gelu(W₁ LayerNorm(x) + b₁) + b₂

B sequences · T tokens read now · D width · H heads · d = D/H. Against ``transformer``: positions are rows of a
matrix and not turns, q, k and v come out of one matrix, there are biases, and the GELU is the one with tanh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError
from miaobi.nets.transformer import Cache


@dataclass(frozen=True)
class Gpt2Shape:
    """What fixes the net's size; the defaults are the smallest published one. ``hidden`` 0: four times the width."""

    vocabulary: int
    context: int = 1024
    width: int = 768
    layers: int = 12
    heads: int = 12
    hidden: int = 0
    dropout: float = 0.0
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.width, self.layers, self.heads) < 1 or self.width % self.heads:
            raise BriefError(
                f"A GPT-2 of width {self.width} can't have {self.heads} heads in {self.layers} layers.",
                "All sizes are at least 1, and the width is a multiple of the heads.",
            )

    @property
    def inner(self) -> int:
        """Width inside a block."""
        return self.hidden or 4 * self.width


class Attention(nn.Module):
    """softmax(q kᵀ / √d + mask) v in H heads; q, k and v are parts of one product."""

    def __init__(self, shape: Gpt2Shape) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.dropout
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)

    def forward(self, x: Tensor, cache: Cache | None, layer: int) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        length = x.shape[1]
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        if cache is not None:
            k, v = cache.extend(layer, k, v)  # (B, H, S, d)
        known = k.shape[2] - length  # tokens before these; token t sees 0 … known + t
        mask = torch.ones(length, k.shape[2], dtype=torch.bool).tril(known) if known and length > 1 else None
        drop = self.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(q, k, v, mask, drop, is_causal=not known and length > 1)  # (B, H, T, d)
        joined: Tensor = self.out(mixed.transpose(1, 2).flatten(2))  # (B, T, D)
        return joined


class Feed(nn.Module):
    """W₂ gelu(W₁ x + b₁) + b₂."""

    def __init__(self, shape: Gpt2Shape) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        out: Tensor = self.down(F.gelu(self.up(x), approximate="tanh"))
        return out


class Block(nn.Module):
    """Attention, then two layers of neurons, each read through a norm and added to what passes by."""

    def __init__(self, shape: Gpt2Shape) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.feed_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.feed = Feed(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, cache: Cache | None, layer: int) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        x = x + self.drop(self.attention(self.attention_norm(x), cache, layer))
        added: Tensor = x + self.drop(self.feed(self.feed_norm(x)))
        return added


class Gpt2(nn.Module):
    """The whole decoder; ``shape`` says how large."""

    carries = False  # windows are read by themselves: nothing is carried from one batch to the next

    def __init__(self, shape: Gpt2Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.context, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:  # N(0, 0.02), and 1/√(2L) of it where a block writes into what passes by
                writes = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 * ((2 * shape.layers) ** -0.5 if writes else 1.0))

    def start(self, rows: int) -> Cache:
        """Return the state before any text."""
        return Cache()

    def forward(self, tokens: Tensor, state: Cache | None = None) -> tuple[Tensor, Cache | None]:
        """Return logits (B, T, V) for the token after each of *tokens* (B, T), and, if one is given, a longer cache."""
        state = state.twin() if state is not None else None
        return F.linear(self.states(tokens, state), self.embedding.weight), state  # (B, T, V)

    def states(self, tokens: Tensor, state: Cache | None = None) -> Tensor:
        """Return what goes to the head (B, T, D); *state* grows by T."""
        begin = state.length if state is not None else 0
        if begin + tokens.shape[1] > self.shape.context:
            raise BriefError(
                f"{begin + tokens.shape[1]:,} tokens are read; this net was made for {self.shape.context:,}.",
                "Give a shorter text, or take a checkpoint with a larger context.",
            )
        places = torch.arange(begin, begin + tokens.shape[1])
        x = self.embedding(tokens) + self.positions(places)  # (B, T, D)
        for layer, block in enumerate(self.blocks):
            x = block(x, state, layer)  # (B, T, D)
        normed: Tensor = self.norm(x)
        return normed

    def loss(self, tokens: Tensor, targets: Tensor, state: None = None) -> tuple[Tensor, Tensor, None]:
        """Return what is minimised, the mean negative log-likelihood in nats, and no state; *targets* (B, T)."""
        logits, _ = self(tokens)
        nll = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return nll, nll.detach(), None

    def matrices(self) -> Iterator[nn.Parameter]:
        """Yield the matrices between layers, which Muon may train; not embedding and positions, not the norms."""
        for name, weight in self.named_parameters():
            if weight.dim() == 2 and weight.requires_grad and name.startswith("blocks"):
                yield weight
