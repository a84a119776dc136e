"""Recurrent nets of language: RNN, LSTM or GRU on torch's fused kernels, with AWD-LSTM's regularisers and attention.

    tokens (B, T) ─▶ embedding (B, T, E) ─▶ L × cell (B, T, H … E) ─▶ attention to the past ─▶ · embeddingᵀ ─▶ (B, T, V)

    RNN    hₜ = tanh(W xₜ + U hₜ₋₁ + b)                                                        Elman 1990
    GRU    r, z = σ(…); n = tanh(W xₜ + r ⊙ U hₜ₋₁); hₜ = (1-z) ⊙ n + z ⊙ hₜ₋₁                   Cho et al. 2014
    LSTM   i, f, o = σ(…); g = tanh(…); cₜ = f ⊙ cₜ₋₁ + i ⊙ g; hₜ = o ⊙ tanh(cₜ)      Hochreiter & Schmidhuber 1997

B rows · T tokens · E width of embedding and output · H hidden · L layers · V vocabulary. The last layer is E wide, so
that the head is the embedding (Press & Wolf 2017). ``regularisation`` has the dropouts, ``attention`` the looks back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.errors import BriefError, show
from miaobi.nets.attention import LOOKS, Look
from miaobi.nets.regularisation import Locked, dropped_weights, dropped_words

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
State = tuple[Tensor, ...]  # of each layer h (1, B, H), for an LSTM c too; with attention its memory (B, S, 2E)


@dataclass(frozen=True)
class RecurrentShape:
    """What fixes the net. Regularisers that are 0 are off; the names of Merity et al. 2018 are in brackets."""

    cell: Literal["rnn", "lstm", "gru"]
    vocabulary: int
    width: int = 256
    hidden: int = 512
    layers: int = 2
    look: Literal["none", "additive", "multiplicative"] = "none"
    locked: float = 0.0  # variational dropout of what enters and leaves (dropouti, dropout), half of it between layers
    words: float = 0.0  # whole rows of the embedding (dropoute)
    recurrent: float = 0.0  # entries of U, hidden to hidden (weight drop)
    activity: float = 0.0  # α: AR, α‖output‖², and TAR, α/2 ‖output(t+1) - output(t)‖²

    def __post_init__(self) -> None:
        if self.cell not in CELLS or self.look not in LOOKS:
            raise BriefError(
                f"There is no cell {show(str(self.cell))} with attention {show(str(self.look))}.",
                f"Cells: {', '.join(CELLS)}; attention: {', '.join(LOOKS)}.",
            )
        if min(self.vocabulary, self.width, self.hidden, self.layers) < 1:
            raise BriefError("A recurrent net has no size below 1.", "For one: --width 256 --hidden 512 --layers 2.")
        for name in ("locked", "words", "recurrent"):
            if not 0 <= getattr(self, name) < 1:
                raise BriefError(f"{name} is {getattr(self, name)}.", "A dropout is 0 or more and below 1.")


class Recurrent(nn.Module):
    """The whole net; ``shape`` says which."""

    carries = True  # the state goes from one batch to the next, its gradient doesn't (truncated BPTT)

    def __init__(self, shape: RecurrentShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        widths = [shape.width, *[shape.hidden] * (shape.layers - 1), shape.width]
        self.cells = nn.ModuleList(CELLS[shape.cell](a, b, batch_first=True) for a, b in pairwise(widths))
        self.look: Look | None = LOOKS[shape.look](shape.width) if shape.look != "none" else None
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.locked_outside, self.locked_between = Locked(shape.locked), Locked(shape.locked / 2)
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)
        if shape.cell == "lstm":  # remember at first: forget gates begin open (Jozefowicz et al. 2015)
            for cell in self.cells:
                cell.bias_hh_l0.data.chunk(4)[1].fill_(1.0)

    def start(self, rows: int) -> State:
        """Return the state before any text, for *rows* rows."""
        like = self.bias
        sizes = [cell.hidden_size for cell in self.cells]
        each = 2 if self.shape.cell == "lstm" else 1
        state = [like.new_zeros(1, rows, size) for size in sizes for _ in range(each)]
        if self.look is not None:
            state.append(like.new_zeros(rows, 0, 2 * self.shape.width))
        return tuple(state)

    def part(self, state: State, which: int, parts: int) -> State:
        """Return the rows of *state* that are part *which* of *parts* equal ones."""
        return tuple(each.tensor_split(parts, self._rows(i))[which].contiguous() for i, each in enumerate(state))

    def joined(self, states: Sequence[State]) -> State:
        """Return one state of the rows of *states*, the inverse of ``part``."""
        return tuple(torch.cat(each, self._rows(i)) for i, each in enumerate(zip(*states, strict=True)))

    def _rows(self, i: int) -> int:
        """Return which dimension of the state's tensor *i* counts rows; attention's memory is the last."""
        cells = len(self.cells) * (2 if self.shape.cell == "lstm" else 1)
        return 1 if i < cells else 0

    def read(self, tokens: Tensor, state: State) -> tuple[Tensor, Tensor, State]:
        """Read (B, T) tokens; return what goes to the head (B, T, E), the last layer's bare output, and the state."""
        drop = self.shape.words if self.training else 0.0
        x = dropped_words(self.embedding(tokens), tokens, self.shape.vocabulary, drop)  # (B, T, E)
        x = entered = self.locked_outside(x)
        each = 2 if self.shape.cell == "lstm" else 1
        after: list[Tensor] = []
        for i, cell in enumerate(self.cells):
            before = state[each * i : each * (i + 1)]
            with dropped_weights(cell, "weight_hh_l0", self.shape.recurrent if self.training else 0.0):
                x, last = cell(x, before if each == 2 else before[0])  # (B, T, H), each (1, B, H)
            after += last if each == 2 else [last]
            if i + 1 < len(self.cells):
                x = self.locked_between(x)
        bare = x  # (B, T, E)
        if self.look is not None:
            said = state[each * (len(self.cells) - 1)].transpose(0, 1)  # (B, 1, E): by the last layer, before these
            keys = torch.cat((said, x[:, :-1]), 1)  # (B, T, E)
            memory = torch.cat((state[-1], torch.cat((keys, entered), -1)), 1)  # (B, S + T, 2E)
            x = self.look(x, memory)  # (B, T, E)
            after.append(memory[:, -self.look.window :])
        return self.locked_outside(x), bare, tuple(after)

    def forward(self, tokens: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Return logits (B, T, V) for the token after each of *tokens* (B, T), and the state after the last."""
        x, _, state = self.read(tokens, state if state is not None else self.start(len(tokens)))
        return F.linear(x, self.embedding.weight, self.bias), state

    def states(self, tokens: Tensor) -> Tensor:
        """Return what goes to the head (B, T, E)."""
        return self.read(tokens, self.start(len(tokens)))[0]

    def loss(self, tokens: Tensor, targets: Tensor, state: State | None) -> tuple[Tensor, Tensor, State]:
        """Return what is minimised, the mean negative log-likelihood in nats, and the state without its gradient."""
        x, bare, state = self.read(tokens, state if state is not None else self.start(len(tokens)))
        logits = F.linear(x, self.embedding.weight, self.bias)  # (B, T, V)
        nll = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        objective = nll
        if self.training and self.shape.activity:
            objective = objective + self.shape.activity * x.square().mean()  # AR, on what dropout has left
            if bare.shape[1] > 1:  # TAR, on the bare output
                objective = objective + self.shape.activity / 2 * (bare[:, 1:] - bare[:, :-1]).square().mean()
        return objective, nll.detach(), tuple(part.detach() for part in state)

    def matrices(self) -> Iterator[nn.Parameter]:
        """Yield nothing: Muon is for matrices that act alone, and a cell's hold several gates one above another."""
        return iter(())
