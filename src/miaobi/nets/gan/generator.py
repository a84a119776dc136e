"""Generator: a net that draws texts of one length, token after token, from the token START on.

    embedding (B, E) ─▶ recurrence (B, H) ─▶ W h + b ─▶ logits (B, V)        p(x) = Π p(xₜ | x₁ … xₜ₋₁)

B texts · T their length · E width · H hidden · V vocabulary. All chance comes from the torch.Generator that is given.
START is a token like any other and may be drawn too, as in the code of SeqGAN (Yu et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError

START = 0
State = Any  # of an LSTM (h, c), of relational memory (B, S, D)


@dataclass(frozen=True)
class TextShape:
    """What the texts are, and the sizes of a generator; the defaults are SeqGAN's synthetic task."""

    vocabulary: int = 5000
    length: int = 20
    width: int = 32
    hidden: int = 32

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.length, self.width, self.hidden) < 1:
            raise BriefError(
                f"Texts of {self.length} tokens out of {self.vocabulary} need a net of sizes 1 or more; these are "
                f"width {self.width} and hidden {self.hidden}.",
                "For one: vocabulary 5000, length 20, width 32, hidden 32.",
            )


class Generator(nn.Module):
    """What all generators share. One says what ``start`` is and how ``advance`` goes on from an embedded token."""

    def __init__(self, shape: TextShape, out: int) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.head = nn.Linear(out, shape.vocabulary)

    def start(self, rows: int) -> State:
        """Return the state before any token."""
        raise NotImplementedError

    def advance(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """Read one embedded token (B, E); return logits (B, V) of the next and the state."""
        raise NotImplementedError

    def repeat(self, state: State, times: int) -> State:
        """Return *state* of each row *times* over, copies of a row side by side."""
        raise NotImplementedError

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (B, T, V) of each of *tokens* (B, T) given those before it."""
        before = F.pad(tokens[:, :-1], (1, 0), value=START)  # (B, T)
        x, state, logits = self.embedding(before), self.start(len(tokens)), []
        for t in range(tokens.shape[1]):
            step, state = self.advance(x[:, t], state)
            logits.append(step)
        return torch.stack(logits, 1)

    def likelihoods(self, tokens: Tensor, temperature: float = 1.0) -> Tensor:
        """Return log p(xₜ | x₁ … xₜ₋₁) (B, T) of *tokens* (B, T), logits being divided by *temperature*."""
        logs = (self(tokens) / temperature).log_softmax(-1)
        return logs.gather(-1, tokens[..., None]).squeeze(-1)

    def nll(self, tokens: Tensor, temperature: float = 1.0) -> Tensor:
        """Return the mean negative log-likelihood of *tokens* (B, T) in nats a token."""
        return -self.likelihoods(tokens, temperature).mean()

    @torch.no_grad()
    def sample(self, rows: int, chance: torch.Generator, temperature: float = 1.0) -> Tensor:
        """Draw *rows* texts (B, T)."""
        begin = torch.full((rows,), START)
        return self.complete(begin, self.start(rows), self.shape.length, chance, temperature)

    @torch.no_grad()
    def complete(
        self, token: Tensor, state: State, count: int, chance: torch.Generator, temperature: float = 1.0
    ) -> Tensor:
        """Draw *count* tokens (B, count) behind *token* (B,), the last one of a prefix; *state* has not read it yet."""
        drawn = []
        for _ in range(count):
            logits, state = self.advance(self.embedding(token), state)
            token = torch.multinomial((logits / temperature).softmax(-1), 1, generator=chance).squeeze(1)
            drawn.append(token)
        return torch.stack(drawn, 1)


class LSTMGenerator(Generator):
    """SeqGAN's generator: one LSTM. For whole texts torch's fused kernel runs over all T at once."""

    def __init__(self, shape: TextShape) -> None:
        super().__init__(shape, shape.hidden)
        self.cell = nn.LSTM(shape.width, shape.hidden, batch_first=True)

    def start(self, rows: int) -> State:
        """Return h and c (1, B, H) of zeros."""
        zero = self.head.weight.new_zeros(1, rows, self.shape.hidden)
        return zero, zero

    def advance(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, E) → (B, V)."""
        out, state = self.cell(x[:, None], state)
        return self.head(out[:, 0]), state

    def repeat(self, state: State, times: int) -> State:
        """Repeat rows of h and c."""
        return tuple(part.repeat_interleave(times, 1) for part in state)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, T) → (B, T, V)."""
        before = F.pad(tokens[:, :-1], (1, 0), value=START)
        logits: Tensor = self.head(self.cell(self.embedding(before))[0])
        return logits
