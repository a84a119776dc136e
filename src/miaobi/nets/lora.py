"""LoRA (Hu et al. 2021): a trained decoder learns a manner from little text, by narrow matrices beside its own.

    y = W x + (α/r) B A x        A (r, in) drawn from N(0, 1/in), B (out, r) nothing at first, W frozen

So at the beginning nothing is changed, and at the end A and B are a file of their own, or are added to W (``merged``).
"""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Adapted(nn.Module):
    """A linear layer with its adapter. ``weight`` and ``bias`` are the layer's own and stay as they are."""

    def __init__(self, own: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(own.weight.detach(), requires_grad=False)
        self.bias = nn.Parameter(own.bias.detach(), requires_grad=False) if own.bias is not None else None
        self.a = nn.Parameter(torch.randn(rank, own.in_features) * own.in_features**-0.5)
        self.b = nn.Parameter(torch.zeros(own.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) → (…, out)."""
        return F.linear(x, self.weight, self.bias) + self.scale * F.linear(F.linear(x, self.a), self.b)

    def delta(self) -> Tensor:
        """Return what the adapter adds to the weight, (out, in)."""
        return self.scale * self.b @ self.a


def adapt(net: Any, rank: int, alpha: float, seed: int, *, copied: bool = True) -> Any:
    """Return a copy of *net* whose own weights are frozen and whose blocks' linear layers have adapters of *rank*.

    Not *copied*, it is *net* itself: of a large checkpoint two don't fit a laptop's memory.
    """
    torch.manual_seed(seed)
    made = copy.deepcopy(net) if copied else net
    made.requires_grad_(False)
    for block in made.blocks:
        for part in (block.attention, block.feed):
            for name, layer in list(part.named_children()):
                setattr(part, name, Adapted(layer, rank, alpha))
    return made


def adapters(net: Any) -> dict[str, Adapted]:
    """Return the adapted layers of *net* by their names, as in ``blocks.0.attention.q``."""
    return {name: layer for name, layer in net.named_modules() if isinstance(layer, Adapted)}


@torch.no_grad()
def merged(net: Any) -> Any:
    """Return an ordinary net that computes what the adapted *net* does."""
    plain = type(net)(net.shape)
    added = adapters(net)
    for name, weight in plain.named_parameters():
        layer = name.removesuffix(".weight")
        weight.copy_(net.get_parameter(name))
        if layer in added:
            weight.add_(added[layer].delta())
    plain.eval()
    return plain
