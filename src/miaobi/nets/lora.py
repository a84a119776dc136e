"""LoRA (Hu et al. 2021): a trained transformer learns a manner from little text, by narrow matrices beside its own.

    y = W x + (α/r) B A x        A (r, in) drawn from N(0, 1/in), B (out, r) nothing at first, W frozen

So at the beginning nothing is changed, and at the end A and B are a file of their own, or are added to W (``merged``).
"""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from miaobi.nets.transformer import Transformer

PLACES = ("attention.q", "attention.k", "attention.v", "attention.out", "feed.gate", "feed.up", "feed.down")


class Adapted(nn.Module):
    """A linear layer with its adapter. ``weight`` is the layer's own and stays as it is."""

    def __init__(self, own: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(own.weight.detach(), requires_grad=False)
        self.a = nn.Parameter(torch.randn(rank, own.in_features) * own.in_features**-0.5)
        self.b = nn.Parameter(torch.zeros(own.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) → (…, out)."""
        return F.linear(x, self.weight) + self.scale * F.linear(F.linear(x, self.a), self.b)

    def delta(self) -> Tensor:
        """Return what the adapter adds to the weight, (out, in)."""
        return self.scale * self.b @ self.a


def adapt(net: Transformer, rank: int, alpha: float, seed: int) -> Transformer:
    """Return a copy of *net* whose own weights are frozen and whose linear layers have adapters of *rank*."""
    torch.manual_seed(seed)
    made: Transformer = copy.deepcopy(net)
    made.requires_grad_(False)
    for block in made.blocks:
        for place in PLACES:
            part, name = place.split(".")
            owner = getattr(block, part)
            setattr(owner, name, Adapted(getattr(owner, name), rank, alpha))
    return made


def adapters(net: Transformer) -> dict[str, Adapted]:
    """Return the adapted layers of *net* by their names, as in ``blocks.0.attention.q``."""
    return {name: layer for name, layer in net.named_modules() if isinstance(layer, Adapted)}


@torch.no_grad()
def merged(net: Transformer) -> Transformer:
    """Return an ordinary transformer that computes what the adapted *net* does."""
    plain = Transformer(net.shape)
    added = adapters(net)
    for name, weight in plain.named_parameters():
        layer = name.removesuffix(".weight")
        weight.copy_(net.get_parameter(name))
        if layer in added:
            weight.add_(added[layer].delta())
    plain.eval()
    return plain
