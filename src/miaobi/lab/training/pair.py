"""Pairs of sources and targets: how they are laid side by side, and the paper's way of training on them.

Adam with β₁ 0.9, β₂ 0.98, ε 10⁻⁹ and the rate of ``sequence.warmed`` (Vaswani et al. 2017, section 5.3). The pairs of
a step follow from the seed and the step's number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from miaobi.errors import BriefError, CorpusError, TrainingError
from miaobi.nets.sequence import BEGIN, END, PADDING, EncoderDecoder, warmed
from miaobi.types import derive_seed

Pair = tuple[Sequence[int], Sequence[int]]  # source and target, tokens of 3 and above


@dataclass(frozen=True)
class PairRecipe:
    """How a net is trained on pairs; the paper: 100,000 steps of about 25,000 tokens, 4,000 of them warm-up."""

    steps: int = 1000
    batch: int = 64
    warmup: int = 200
    times: float = 1.0  # the paper's rate times this
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.steps, self.batch, self.warmup) < 1 or not self.times > 0:
            raise BriefError(
                f"{self.steps} steps of {self.batch} pairs, {self.warmup} of them warm-up, at {self.times} times the "
                "paper's rate can't be trained.",
                "Steps, batch and warmup are 1 or more, times is above 0.",
            )


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return *rows* as one tensor (B, longest), filled up with padding."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[PADDING] * (longest - len(row))] for row in rows])


def batch(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """Return sources (B, S) that end with END, and targets (B, T) between BEGIN and END."""
    return padded([[*s, END] for s, _ in pairs]), padded([[BEGIN, *t, END] for _, t in pairs])


def train(
    net: EncoderDecoder,
    pairs: Sequence[Pair],
    recipe: PairRecipe,
    watch: Callable[[int, float], None] = lambda step, loss: None,
) -> float:
    """Train *net* on *pairs*; return the last step's loss (nats a token, smoothed). *watch* is told step and loss.

    Raises CorpusError for no pairs, TrainingError when the loss is no number.
    """
    if not pairs:
        raise CorpusError("There are no pairs to learn from.", "Give one pair of source and target at least.")
    adam = torch.optim.Adam(net.parameters(), lr=0.0, betas=(0.9, 0.98), eps=1e-9)
    net.train()
    value = math.nan
    for step in range(1, recipe.steps + 1):
        seed = derive_seed(recipe.seed, "pairs", step)
        torch.manual_seed(seed)  # dropout's masks
        chance = torch.Generator().manual_seed(seed)
        chosen = torch.randint(len(pairs), (recipe.batch,), generator=chance).tolist()
        loss = net.loss(*batch([pairs[i] for i in chosen]))
        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError(f"The loss is {value} at step {step}.", "Train with a longer warm-up or smaller times.")
        adam.zero_grad()
        loss.backward()
        for group in adam.param_groups:
            group["lr"] = recipe.times * warmed(step, net.shape.width, recipe.warmup)
        adam.step()
        watch(step, value)
    return value
