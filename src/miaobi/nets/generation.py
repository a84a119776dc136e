"""Generation with a net itself, token by token: what training shows as samples and what exports are held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


@torch.no_grad()
def generate(net: Any, tokens: Sequence[int], count: int, temperature: float = 1.0, seed: int = 0) -> list[int]:
    """Return *count* tokens that follow *tokens* (one at least); temperature 0 takes the likeliest each time.

    A transformer whose context is full goes on from the second half of it.
    """
    net.eval()
    chance = torch.Generator().manual_seed(seed)
    said = list(tokens)
    room = getattr(net.shape, "context", 0)
    state, fresh = net.start(1), said[-room:]
    for _ in range(count):
        if room and state.length + len(fresh) > room:
            state, fresh = net.start(1), said[-max(1, room // 2) :]
        logits, state = net(torch.tensor([fresh]), state)
        said.append(_choose(logits[0, -1], temperature, chance))
        fresh = said[-1:]
    return list(said[len(tokens) :])


def greedy(net: Any, tokens: Sequence[int], count: int) -> list[int]:
    """Return the *count* likeliest tokens, one after another, that follow *tokens*."""
    found: list[int] = generate(net, tokens, count, temperature=0.0)
    return found


def _choose(logits: Tensor, temperature: float, chance: torch.Generator) -> int:
    if temperature <= 0:
        return int(logits.argmax())
    return int(torch.multinomial((logits / temperature).softmax(-1), 1, generator=chance))
