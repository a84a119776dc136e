"""Policy: how SeqGAN trains through tokens that were drawn, where no gradient passes (Yu et al. 2017, section 3).

Q(xₜ) = 1/N Σₙ D(x₁ … xₜ, rest drawn by the generator)    t < T,    Q(x_T) = D(x)
∇J    = E Σₜ Q(xₜ) ∇ log G(xₜ | x₁ … xₜ₋₁)                                     REINFORCE, Williams 1992
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from miaobi.nets.gan.generator import START, Generator

Judge = Callable[[Tensor], Tensor]  # texts (B, T) → rewards (B,)


@torch.no_grad()
def values(net: Generator, judge: Judge, tokens: Tensor, rollouts: int, chance: torch.Generator) -> Tensor:
    """Return Q (B, T) of every token of *tokens* (B, T), by *rollouts* completions of each prefix."""
    rows, length = tokens.shape
    before = F.pad(tokens[:, :-1], (1, 0), value=START)
    state, found = net.start(rows), []
    for t in range(length - 1):
        _, state = net.advance(net.embedding(before[:, t]), state)  # has read START, x₁ … xₜ₋₁; x of index t is next
        many = net.repeat(state, rollouts)
        prefixes = tokens[:, : t + 1].repeat_interleave(rollouts, 0)  # (B·N, t + 1)
        rest = net.complete(prefixes[:, -1], many, length - t - 1, chance)
        found.append(judge(torch.cat((prefixes, rest), 1)).view(rows, rollouts).mean(1))
    return torch.stack([*found, judge(tokens)], 1)


def policy_loss(likelihoods: Tensor, rewards: Tensor, baseline: bool = False) -> Tensor:
    """Return the loss whose gradient is -∇J/(B·T), from log G (B, T) and Q (B, T).

    *baseline*: subtract a position's mean reward. That leaves the direction as it is on average and calms it; the
    paper has none.
    """
    advantage = rewards - rewards.mean(0, keepdim=True) if baseline else rewards
    return -(likelihoods * advantage.detach()).mean()
