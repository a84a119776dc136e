"""Generation with a net itself, token by token: what training shows as samples and what exports are held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from miaobi.nets.transformer import Cache, Transformer


@torch.no_grad()
def generate(net: Any, tokens: Sequence[int], count: int, temperature: float = 1.0, seed: int = 0) -> list[int]:
    """Return *count* tokens that follow *tokens* (one at least); temperature 0 takes the likeliest each time.

    A transformer whose context is full goes on from the second half of it.
    """
    net.eval()
    chance = torch.Generator().manual_seed(seed)
    said = list(tokens)
    state, fresh = _start(net, said)
    for _ in range(count):
        if isinstance(net, Transformer) and state.length + len(fresh) > net.shape.context:
            state, fresh = _start(net, said[-(net.shape.context // 2 or 1) :])
        logits, state = net(torch.tensor([fresh]), state)
        said.append(_choose(logits[0, -1], temperature, chance))
        fresh = said[-1:]
    return list(said[len(tokens) :])


def greedy(net: Any, tokens: Sequence[int], count: int) -> list[int]:
    """Return the *count* likeliest tokens, one after another, that follow *tokens*."""
    found: list[int] = generate(net, tokens, count, temperature=0.0)
    return found


def _start(net: Any, tokens: list[int]) -> tuple[Any, list[int]]:
    if isinstance(net, Transformer):
        return Cache(), tokens[-net.shape.context :]
    return net.begin(1), tokens


def _choose(logits: Tensor, temperature: float, chance: torch.Generator) -> int:
    if temperature <= 0:
        return int(logits.argmax())
    return int(torch.multinomial((logits / temperature).softmax(-1), 1, generator=chance))
