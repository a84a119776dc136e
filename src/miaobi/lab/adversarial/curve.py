"""Quality against diversity over temperature: the curve a generator is judged by, never one point of it.

Caccia et al. 2020 ("Language GANs Falling Short"): a temperature trades diversity for quality, so two generators are
compared only by their curves; with it plain maximum likelihood was the better of all that they tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from miaobi.nets.gan.generator import Generator
from miaobi.types import derive_seed

TEMPERATURES = (1.4, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6)
_ROWS = 256  # texts judged at a time


@dataclass(frozen=True)
class Point:
    """A generator at one temperature; nats a token, lower is better in both."""

    temperature: float
    nll_oracle: float  # of what it says: quality
    nll_test: float  # of what the oracle says: diversity


def curve(
    net: Generator,
    oracle: Generator,
    test: Tensor,
    seed: int,
    temperatures: Iterable[float] = TEMPERATURES,
    rows: int = 1024,
) -> list[Point]:
    """Return a point a temperature: *rows* texts of *net* judged by *oracle*, and *test* (N, T) of it by *net*."""
    net.eval()
    points = []
    for temperature in temperatures:
        chance = torch.Generator().manual_seed(derive_seed(seed, "curve", temperature))
        drawn = net.sample(rows, chance, temperature)
        points.append(Point(temperature, mean_nll(oracle, drawn), mean_nll(net, test, temperature)))
    return points


@torch.no_grad()
def mean_nll(net: Generator, tokens: Tensor, temperature: float = 1.0) -> float:
    """Return -mean log p of *tokens* (N, T) in nats a token, some at a time."""
    total = sum(float(net.nll(part, temperature)) * len(part) for part in tokens.split(_ROWS))
    return total / len(tokens)
