"""Sequence to sequence: the encoder–decoder Transformer of "Attention is all you need" (Vaswani et al. 2017).

    source (B, S) ─▶ embedding·√D + positions ─▶ L × [attention, feed]           ─▶ memory (B, S, D)
    target (B, T) ─▶ embedding·√D + positions ─▶ L × [causal, memory's, feed]    ─▶ · embeddingᵀ ─▶ logits (B, T, V)

    post (the paper's)   x ← LayerNorm(x + sublayer(x))
    pre  (Xiong 2020)    x ← x + sublayer(LayerNorm(x)), and one more LayerNorm behind each stack

B pairs · S source tokens · T target tokens · D width · H heads · d = D/H · V vocabulary. Source and target share one
vocabulary, and both embeddings and the head are one matrix (section 3.4). ``beam`` decodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError, show

PADDING, BEGIN, END = 0, 1, 2  # tokens that every vocabulary of pairs has; a text's own begin at 3


@dataclass(frozen=True)
class SequenceShape:
    """What fixes the net; the defaults are the paper's base net (table 3). Its vocabulary was 37,000 or 32,000."""

    vocabulary: int
    context: int = 512  # tokens of a source or of a target; positions are a formula, so this is only a guard
    width: int = 512
    layers: int = 6  # in the encoder, and as many in the decoder
    heads: int = 8
    hidden: int = 2048
    dropout: float = 0.1  # of each sublayer's output, and of embedding and positions (section 5.4)
    smoothing: float = 0.1
    norm: Literal["post", "pre"] = "post"

    def __post_init__(self) -> None:
        smallest = min(self.context, self.width, self.layers, self.heads, self.hidden)
        if smallest < 1 or self.width % self.heads or self.width % 2 or self.vocabulary <= END:
            raise BriefError(
                f"A net of width {self.width}, {self.heads} heads and {self.vocabulary} tokens can't be built.",
                "All sizes are at least 1, the width is even and a multiple of the heads, and there are 3 tokens "
                "besides padding, begin and end: for one, width 64, heads 4.",
            )
        if self.norm not in ("post", "pre"):
            raise BriefError(f"There is no norm {show(str(self.norm))}.", "Legal: post (the paper's), pre.")
        for name in ("dropout", "smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise BriefError(f"{name} is {getattr(self, name)}.", f"{name} is 0 or more and below 1.")


def positions(length: int, width: int) -> Tensor:
    """Return the sinusoids (T, D) of section 3.5."""
    place = torch.arange(length)[:, None]  # pos, (T, 1)
    angle = place / 10_000 ** (torch.arange(0, width, 2) / width)  # pos / 10000^(2i/D), (T, D/2)
    return torch.stack((angle.sin(), angle.cos()), -1).flatten(1)  # PE(pos, 2i) = sin, PE(pos, 2i+1) = cos


def warmed(step: int, width: int, warmup: int = 4000) -> float:
    """Return the paper's learning rate at *step* (1 is the first), section 5.3."""
    return float(width**-0.5 * min(step**-0.5, step * warmup**-1.5))  # D^-½ · min(step^-½, step · warmup^-1½)


def smoothed(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Return the mean cross-entropy with the smoothed target, in nats; (B, T, V) and (B, T); padding isn't counted."""
    logs = logits.log_softmax(-1)  # log p, (B, T, V)
    said = logs.gather(-1, targets[..., None]).squeeze(-1)  # log p(y), (B, T)
    each = -(1 - smoothing) * said - smoothing * logs.mean(-1)  # target: (1-ε) on y and ε/V on all (Szegedy 2016)
    real = targets != PADDING
    return (each * real).sum() / real.sum()


class MultiHead(nn.Module):
    """MultiHead(Q, K, V) = Concat(head₁ … head_H) Wᴼ, headᵢ = Attention(Q Wᵢ^Q, K Wᵢ^K, V Wᵢ^V); no biases."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))

    def forward(self, asking: Tensor, asked: Tensor, allowed: Tensor) -> Tensor:
        """(B, T, D) asks (B, S, D); *allowed* broadcasts to (B, H, T, S), True where t may see s → (B, T, D)."""
        q, k, v = (self._split(x) for x in (self.q(asking), self.k(asked), self.v(asked)))  # (B, H, T|S, d)
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5  # QKᵀ / √d, (B, H, T, S)
        weights = scores.masked_fill(~allowed, float("-inf")).softmax(-1)  # rows sum to 1
        mixed = weights @ v  # softmax(QKᵀ / √d) V, (B, H, T, d)
        joined: Tensor = self.out(mixed.transpose(1, 2).flatten(2))  # Concat(…) Wᴼ, (B, T, D)
        return joined

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, T, D) → (B, H, T, d)


class Feed(nn.Module):
    """FFN(x) = max(0, x W₁ + b₁) W₂ + b₂."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        out: Tensor = self.down(F.relu(self.up(x)))
        return out


class Layer(nn.Module):
    """A layer of the encoder, or (*crosses*) of the decoder: sublayers, each with its norm and its way around."""

    def __init__(self, shape: SequenceShape, crosses: bool) -> None:
        super().__init__()
        self.post = shape.norm == "post"
        self.attention = MultiHead(shape.width, shape.heads)
        self.cross = MultiHead(shape.width, shape.heads) if crosses else None
        self.feed = Feed(shape.width, shape.hidden)
        self.norms = nn.ModuleList(nn.LayerNorm(shape.width) for _ in range(3 if crosses else 2))
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, own: Tensor, memory: Tensor | None = None, seen: Tensor | None = None) -> Tensor:
        """(B, T, D) → (B, T, D); *own* and *seen* say what of x and of *memory* (B, S, D) may be seen."""
        x = self._around(x, lambda y: self.attention(y, y, own), 0)
        if self.cross is not None:
            x = self._around(x, lambda y: self.cross(y, memory, seen), 1)  # type: ignore[misc]  # a module, see above
        return self._around(x, self.feed, -1)

    def _around(self, x: Tensor, sublayer: Callable[[Tensor], Tensor], which: int) -> Tensor:
        norm = self.norms[which]
        out: Tensor = norm(x + self.drop(sublayer(x))) if self.post else x + self.drop(sublayer(norm(x)))
        return out  # LayerNorm(x + Sublayer(x)), or x + Sublayer(LayerNorm(x))


class EncoderDecoder(nn.Module):
    """The whole net; ``shape`` says how large."""

    def __init__(self, shape: SequenceShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.encoder = nn.ModuleList(Layer(shape, crosses=False) for _ in range(shape.layers))
        self.decoder = nn.ModuleList(Layer(shape, crosses=True) for _ in range(shape.layers))
        last = nn.Identity if shape.norm == "post" else lambda: nn.LayerNorm(shape.width)
        self.encoder_norm, self.decoder_norm = last(), last()
        self.drop = nn.Dropout(shape.dropout)
        self.register_buffer("places", positions(shape.context, shape.width), persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2 and not name.startswith("embedding"):
                nn.init.xavier_uniform_(weight)  # the paper doesn't say; tensor2tensor and torch do so
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)  # times √D it has the sinusoids' size

    def _embed(self, tokens: Tensor) -> Tensor:
        if tokens.shape[1] > self.shape.context:
            raise BriefError(
                f"A text of {tokens.shape[1]:,} tokens is read; this net was made for {self.shape.context:,}.",
                "Give a shorter text, or make the net with a larger context.",
            )
        x = self.embedding(tokens) * self.shape.width**0.5  # √D · E[token], (B, T, D)
        summed: Tensor = self.drop(x + self.places[: tokens.shape[1]])
        return summed

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the memory (B, S, D) of *source* (B, S), and which of it may be seen (B, 1, 1, S)."""
        seen = (source != PADDING)[:, None, None]
        x = self._embed(source)
        for layer in self.encoder:
            x = layer(x, seen)  # (B, S, D)
        return self.encoder_norm(x), seen

    def decode(self, target: Tensor, memory: Tensor, seen: Tensor) -> Tensor:
        """Return logits (B, T, V) for the token after each of *target* (B, T), which begins with BEGIN."""
        length = target.shape[1]
        own = torch.ones(length, length, dtype=torch.bool).tril()  # t sees 0 … t; padding stands behind and isn't seen
        x = self._embed(target)
        for layer in self.decoder:
            x = layer(x, own, memory, seen)  # (B, T, D)
        return F.linear(self.decoder_norm(x), self.embedding.weight)  # (B, T, V)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """(B, S) and (B, T) → logits (B, T, V)."""
        return self.decode(target, *self.encode(source))

    def loss(self, source: Tensor, target: Tensor) -> Tensor:
        """Return what is minimised, nats a token: *target* (B, T) holds BEGIN … END and then padding."""
        return smoothed(self(source, target[:, :-1]), target[:, 1:], self.shape.smoothing if self.training else 0.0)
