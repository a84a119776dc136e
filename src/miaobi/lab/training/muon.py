"""Muon (Jordan et al. 2024): steps of equal size in every direction of a matrix, for matrices between layers.

    m ← μ m + (1-μ) g        momentum, looked ahead (Nesterov): u = (1-μ) g + μ m
    O = U Vᵀ where u = U S Vᵀ     nearest orthogonal matrix, by five Newton–Schulz steps
    W ← W - η λ W - η √max(1, rows/columns) O

All in float32. ``torch.optim.Muon`` goes through bfloat16, which a processor without units for it multiplies some
ninety times more slowly. Matrices of one shape are stacked, so that one batched product serves them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

# Jordan's polynomial: steep at 0, so that small singular values rise quickly; after five steps all are in 0.7 … 1.2
_A, _B, _C = 3.4445, -4.7750, 2.0315
_STEPS = 5


def orthogonal(matrices: Tensor, steps: int = _STEPS) -> Tensor:
    """Return (N, rows, columns) with all singular values near 1: X ← aX + b(XXᵀ)X + c(XXᵀ)²X, *steps* times."""
    flip = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.transpose(-2, -1) if flip else matrices  # XXᵀ is the smaller of the two products
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)  # no singular value above 1
    for _ in range(steps):
        square = x @ x.transpose(-2, -1)
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=_B, alpha=_C), x, beta=_A)
    return x.transpose(-2, -1) if flip else x


class Muon(torch.optim.Optimizer):
    """``lr`` η, ``momentum`` μ, ``weight_decay`` λ."""

    def __init__(
        self, matrices: Iterable[Tensor], lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(list(matrices), {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Take one step; matrices without a gradient stay."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for weight in group["params"]:
                if weight.grad is not None:
                    by_shape.setdefault(weight.shape, []).append(weight)
            for shape, weights in by_shape.items():
                self._step_together(weights, group, max(1.0, shape[0] / shape[1]) ** 0.5)

    def _step_together(self, weights: list[Tensor], group: dict[str, Any], gain: float) -> None:
        for weight in weights:
            if "momentum" not in self.state[weight]:
                self.state[weight]["momentum"] = torch.zeros_like(weight)
        gradients = [weight.grad for weight in weights]
        momenta = [self.state[weight]["momentum"] for weight in weights]
        torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
        ahead = torch._foreach_lerp(gradients, momenta, group["momentum"])
        moves = orthogonal(torch.stack(ahead))
        torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(weights, list(moves.unbind()), alpha=-group["lr"] * gain)
