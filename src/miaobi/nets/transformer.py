"""Transformer: a decoder in the shape of Llama, so that llama.cpp and Hugging Face run what is trained here.

    tokens (B, T) ──▶ embedding (B, T, D) ──▶ L × block ──▶ RMSNorm ──▶ · embeddingᵀ ──▶ logits (B, T, V)
    block:  x ← x + attention(RMSNorm(x));  x ← x + SwiGLU(RMSNorm(x))

B sequences · T tokens read now · S tokens read in all · D width · H heads · G heads of keys and values · d = D/H.
Sources: Vaswani et al. 2017 (attention), Zhang & Sennrich 2019 (RMSNorm), Su et al. 2021 (RoPE), Shazeer 2020
(SwiGLU), Ainslie et al. 2023 (grouped queries), Press & Wolf 2017 (the head is the embedding), Touvron et al. 2023.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError


@dataclass(frozen=True)
class TransformerShape:
    """What fixes the net's size. ``hidden`` 0: 8/3 of the width, rounded up to 64; ``kv_heads`` 0: ``heads``."""

    vocabulary: int
    context: int = 256
    width: int = 256
    layers: int = 6
    heads: int = 8
    kv_heads: int = 0
    hidden: int = 0
    dropout: float = 0.0
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.width, self.layers, self.heads) < 1 or self.width % self.heads:
            raise BriefError(
                f"A transformer of width {self.width} can't have {self.heads} heads in {self.layers} layers.",
                "All sizes are at least 1, and the width is a multiple of the heads: --width 256 --heads 8.",
            )
        if self.width // self.heads % 2 or self.heads % self.groups:
            raise BriefError(
                f"Heads of {self.width // self.heads} numbers in {self.groups} groups can't be rotated or shared out.",
                "Width / heads is even (RoPE turns pairs), and heads are a multiple of kv_heads.",
            )

    @property
    def groups(self) -> int:
        """Heads of keys and values."""
        return self.kv_heads or self.heads

    @property
    def inner(self) -> int:
        """Width of the SwiGLU."""
        return self.hidden or -(-8 * self.width // 3 // 64) * 64


@dataclass
class Cache:
    """Keys and values of the tokens read so far, a pair of (B, G, S, d) a layer."""

    pairs: list[tuple[Tensor, Tensor]] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many tokens have been read."""
        return self.pairs[0][0].shape[2] if self.pairs else 0

    def extend(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Append (B, G, T, d) keys and values; return all (B, G, S, d) of the layer."""
        if layer == len(self.pairs):
            self.pairs.append((k, v))
        else:
            old_k, old_v = self.pairs[layer]
            self.pairs[layer] = torch.cat((old_k, k), 2), torch.cat((old_v, v), 2)
        return self.pairs[layer]

    def twin(self) -> Cache:
        """Return a cache of the same tokens that grows by itself; tensors are never changed, so they are shared."""
        return Cache(list(self.pairs))


class RMSNorm(nn.Module):
    """x ← g · x / √(mean(x²) + ε), over the last dimension."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """(…, D) → (…, D)."""
        return F.rms_norm(x, self.weight.shape, self.weight, self.epsilon)


def rotate(x: Tensor, turns: Tensor) -> Tensor:
    """Turn each pair (2i, 2i+1) of x (B, H, T, d) by its position's angle; *turns* (T, d/2, 2): cosine and sine.

    (x₂ᵢ, x₂ᵢ₊₁) ← (x₂ᵢ cos mθᵢ - x₂ᵢ₊₁ sin mθᵢ, x₂ᵢ sin mθᵢ + x₂ᵢ₊₁ cos mθᵢ). Pairs lie side by side, as llama.cpp's
    architecture "llama" has them; Hugging Face pairs i with i + d/2, so its rows of q and k are permuted at export.
    """
    even, odd = x[..., 0::2], x[..., 1::2]  # (B, H, T, d/2)
    cos, sin = turns[..., 0], turns[..., 1]  # (T, d/2)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Attention(nn.Module):
    """softmax(q kᵀ / √d + mask) v in H heads; each of the G heads of keys and values serves H/G heads of queries."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.heads, self.groups, self.size = shape.heads, shape.groups, shape.width // shape.heads
        self.dropout = shape.dropout
        self.q = nn.Linear(shape.width, self.heads * self.size, bias=False)
        self.k = nn.Linear(shape.width, self.groups * self.size, bias=False)
        self.v = nn.Linear(shape.width, self.groups * self.size, bias=False)
        self.out = nn.Linear(self.heads * self.size, shape.width, bias=False)

    def forward(self, x: Tensor, turns: Tensor, cache: Cache | None, layer: int) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        batch, length, _ = x.shape
        q = self.q(x).view(batch, length, self.heads, self.size).transpose(1, 2)  # (B, H, T, d)
        k = self.k(x).view(batch, length, self.groups, self.size).transpose(1, 2)  # (B, G, T, d)
        v = self.v(x).view(batch, length, self.groups, self.size).transpose(1, 2)  # (B, G, T, d)
        q, k = rotate(q, turns), rotate(k, turns)
        if cache is not None:
            k, v = cache.extend(layer, k, v)  # (B, G, S, d)
        known = k.shape[2] - length  # tokens before these; token t sees 0 … known + t
        mask = None
        if known and length > 1:
            mask = torch.ones(length, k.shape[2], dtype=torch.bool).tril(known)  # (T, S)
        mixed = F.scaled_dot_product_attention(
            q,
            k,
            v,
            attn_mask=mask,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=not known and length > 1,
            enable_gqa=self.groups != self.heads,
        )  # (B, H, T, d)
        joined: Tensor = self.out(mixed.transpose(1, 2).reshape(batch, length, -1))  # (B, T, D)
        return joined


class SwiGLU(nn.Module):
    """W₂ (silu(W₁ x) ⊙ W₃ x), silu(z) = z / (1 + e⁻ᶻ)."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.gate = nn.Linear(shape.width, shape.inner, bias=False)
        self.up = nn.Linear(shape.width, shape.inner, bias=False)
        self.down = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        mixed: Tensor = self.down(F.silu(self.gate(x)) * self.up(x))
        return mixed


class Block(nn.Module):
    """Attention, then SwiGLU, each read through a norm and added to what passes by."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.feed_norm = RMSNorm(shape.width, shape.epsilon)
        self.feed = SwiGLU(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, turns: Tensor, cache: Cache | None, layer: int) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        x = x + self.drop(self.attention(self.attention_norm(x), turns, cache, layer))
        added: Tensor = x + self.drop(self.feed(self.feed_norm(x)))
        return added


class Transformer(nn.Module):
    """The whole decoder; ``shape`` says how large."""

    carries = False  # windows are read by themselves: nothing is carried from one batch to the next

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width, shape.epsilon)
        size = shape.width // shape.heads
        theta = shape.rope_base ** (-torch.arange(0, size, 2) / size)  # θᵢ = base^(-2i/d), (d/2,)
        angles = torch.outer(torch.arange(shape.context), theta)  # mθᵢ, (context, d/2)
        self.register_buffer("turns", torch.stack((angles.cos(), angles.sin()), -1), persistent=False)
        self._begin()

    def _begin(self) -> None:
        """Draw the first weights: N(0, 1/√D), and N(0, 1/√(2LD)) where a block writes into what passes by."""
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                writes = name.endswith(("out.weight", "down.weight"))
                spread = (2 * self.shape.layers) ** -0.5 if writes else 1.0
                fan = self.shape.width if name.startswith("embedding") else weight.shape[1]
                nn.init.normal_(weight, std=spread * fan**-0.5)

    def start(self, rows: int) -> Cache:
        """Return the state before any text."""
        return Cache()

    def forward(self, tokens: Tensor, state: Cache | None = None) -> tuple[Tensor, Cache | None]:
        """Return logits (B, T, V) for the token after each of *tokens* (B, T), and, if one is given, a longer cache."""
        state = state.twin() if state is not None else None
        return F.linear(self.states(tokens, state), self.embedding.weight), state  # (B, T, V)

    def states(self, tokens: Tensor, state: Cache | None = None) -> Tensor:
        """Return what goes to the head (B, T, D); *state* grows by T."""
        start = state.length if state is not None else 0
        if start + tokens.shape[1] > self.shape.context:
            raise BriefError(
                f"{start + tokens.shape[1]:,} tokens are read; this net was made for {self.shape.context:,}.",
                "Give a shorter text, or train a net with a larger context.",
            )
        turns = self.turns[start : start + tokens.shape[1]]  # (T, d/2, 2)
        x = self.embedding(tokens)  # (B, T, D)
        for layer, block in enumerate(self.blocks):
            x = block(x, turns, state, layer)  # (B, T, D)
        normed: Tensor = self.norm(x)
        return normed

    def loss(self, tokens: Tensor, targets: Tensor, state: None = None) -> tuple[Tensor, Tensor, None]:
        """Return what is minimised, the mean negative log-likelihood in nats, and no state; *targets* (B, T)."""
        logits, _ = self(tokens)
        nll = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return nll, nll.detach(), None

    def matrices(self) -> Iterator[nn.Parameter]:
        """Yield the matrices between layers, which Muon may train; not the embedding, not the norms."""
        for name, weight in self.named_parameters():
            if weight.dim() == 2 and weight.requires_grad and not name.startswith("embedding"):
                yield weight
