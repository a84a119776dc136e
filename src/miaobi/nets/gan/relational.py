"""Relational memory: slots that attend to each other and to what is read (Santoro et al. 2018), RelGAN's recurrence.

    M̃  = M + softmax((M W^Q) ([M; x] W^K)ᵀ / √d) [M; x] W^V        in H heads
    M̃  ← norm(M̃);  M̃ ← norm(M̃ + MLP(M̃))
    i, f = gates of W x + U tanh(M);   M ← σ(i) ⊙ tanh(M̃) + σ(f + 1) ⊙ M

B rows · S slots · D = H·d width of a slot. The first memory is the identity, cut or filled up with zeros to (S, D).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError
from miaobi.nets.gan.generator import Generator, State, TextShape


class Memory(nn.Module):
    """The core: reads a vector, returns the memory after it."""

    def __init__(self, slots: int, heads: int, size: int) -> None:
        super().__init__()
        if min(slots, heads, size) < 1:
            raise BriefError(
                f"A memory of {slots} slots and {heads} heads of {size} can't be built.", "All are 1 or more."
            )
        self.slots, self.heads, self.width = slots, heads, heads * size
        self.q, self.k, self.v = (nn.Linear(self.width, self.width) for _ in range(3))
        self.first, self.second = nn.Linear(self.width, self.width), nn.Linear(self.width, self.width)
        self.attended, self.mixed = nn.LayerNorm(self.width), nn.LayerNorm(self.width)
        self.read, self.kept = nn.Linear(self.width, 2 * self.width), nn.Linear(self.width, 2 * self.width)

    def start(self, rows: int) -> Tensor:
        """Return the memory (B, S, D) before anything was read."""
        return torch.eye(self.slots, self.width).to(self.q.weight).expand(rows, -1, -1)

    def attend(self, memory: Tensor, x: Tensor) -> Tensor:
        """What the slots (B, S, D) take from each other and from x (B, 1, D) → (B, S, D)."""
        both = torch.cat((memory, x), 1)  # [M; x], (B, S + 1, D)
        q, k, v = (
            y.unflatten(-1, (self.heads, -1)).transpose(1, 2) for y in (self.q(memory), self.k(both), self.v(both))
        )  # (B, H, S | S + 1, d)
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

    def forward(self, memory: Tensor, x: Tensor) -> Tensor:
        """(B, S, D) and (B, D) → (B, S, D)."""
        x = x[:, None]  # (B, 1, D)
        new = self.attended(memory + self.attend(memory, x))
        new = self.mixed(new + self.second(F.relu(self.first(new))))
        enter, forget = (self.read(x) + self.kept(memory.tanh())).chunk(2, -1)  # (B, S, D) each
        return enter.sigmoid() * new.tanh() + (forget + 1).sigmoid() * memory


class RelationalGenerator(Generator):
    """RelGAN's generator; the paper: 1 slot, 2 heads of 256. ``hidden`` of the shape is D: a head has hidden/heads."""

    def __init__(self, shape: TextShape, slots: int = 1, heads: int = 2) -> None:
        super().__init__(shape, slots * shape.hidden)
        if heads < 1 or shape.hidden % heads:
            raise BriefError(
                f"Hidden {shape.hidden} can't be shared by {heads} heads.", "Hidden is a multiple of them."
            )
        self.memory = Memory(slots, heads, shape.hidden // heads)
        self.enter = nn.Linear(shape.width, shape.hidden)

    def start(self, rows: int) -> State:
        """Return the first memory."""
        return self.memory.start(rows)

    def advance(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, E) → (B, V)."""
        state = self.memory(state, self.enter(x))
        return self.head(state.flatten(1)), state

    def repeat(self, state: State, times: int) -> State:
        """Repeat rows of the memory."""
        return state.repeat_interleave(times, 0)
