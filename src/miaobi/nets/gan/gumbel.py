"""Gumbel: how RelGAN trains through tokens that were drawn, by drawing them softly; and its relativistic loss.

    x  = argmax(o + g),  g = -log(-log u), u uniform        is drawn from softmax(o)             Gumbel, Maddison 2014
    x̃ = softmax(β (o + g)),  β = βmax^(n/N)                 nears it as β grows      Jang et al. 2017, Nie et al. 2019

β is one over a temperature; it rises from 1 at step n = 0 to βmax at the last: exploration first, then sharpness.
Straight-through: the token itself goes forward, the gradient goes back as if x̃ had.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from miaobi.nets.gan.generator import START, Generator


def sharpness(step: int, steps: int, most: float) -> float:
    """Return β = most^(step/steps)."""
    return float(most ** (step / max(1, steps)))


def gumbel_softmax(logits: Tensor, beta: float, chance: torch.Generator, straight: bool = False) -> Tensor:
    """Return x̃ (…, V) of *logits* (…, V); *straight*: the one-hot of what was drawn, with the gradient of x̃."""
    uniform = torch.rand(logits.shape, generator=chance, dtype=logits.dtype).clamp(1e-20, 1 - 1e-7)
    noisy = logits - (-uniform.log()).log()  # o + g
    soft = (beta * noisy).softmax(-1)
    if not straight:
        return soft
    hard = F.one_hot(noisy.argmax(-1), logits.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def draw_softly(net: Generator, rows: int, beta: float, chance: torch.Generator, straight: bool = False) -> Tensor:
    """Draw texts as distributions (B, T, V) through which the gradient flows; *net* goes on from what was drawn.

    As in RelGAN's code the recurrence reads the drawn token, without gradient; the discriminator reads x̃.
    """
    token, state, drawn = torch.full((rows,), START), net.start(rows), []
    for _ in range(net.shape.length):
        logits, state = net.advance(net.embedding(token), state)
        soft = gumbel_softmax(logits, beta, chance, straight)
        drawn.append(soft)
        token = soft.argmax(-1)  # β > 0 keeps the order: what softmax(o) drew
    return torch.stack(drawn, 1)


def relativistic(winner: Tensor, loser: Tensor) -> Tensor:
    """Return -log σ(D(winner) - D(loser)), the mean over texts and representations (Jolicoeur-Martineau 2019, RSGAN).

    The discriminator's loss has the real as winner, the generator's the drawn.
    """
    return F.softplus(loser - winner).mean()  # -log σ(z) = log(1 + e^-z)
