"""The optimisers of a run, their rates from step to step, and their state as plain tensors.

Muon trains the matrices between layers, AdamW (Loshchilov & Hutter 2019, torch's fused kernel) the rest: embeddings,
norms, biases. With ``adamw`` it trains everything. Vectors are never decayed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from miaobi.lab.training.muon import Muon
from miaobi.lab.training.recipe import Recipe

MUON_TIMES = 10.0  # Muon's rate is this many times AdamW's: measured in docs/log.md
_BETAS = (0.9, 0.98)


def build(net: Any, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Return the optimisers that together train every weight of *net* once."""
    matrices = list(net.matrices()) if recipe.optimiser == "muon" else []
    taken = {id(weight) for weight in matrices}
    rest = [weight for weight in net.parameters() if id(weight) not in taken and weight.requires_grad]
    groups = [
        {"params": [w for w in rest if w.dim() > 1], "weight_decay": recipe.decay},
        {"params": [w for w in rest if w.dim() <= 1], "weight_decay": 0.0},
    ]
    made: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=recipe.rate, betas=_BETAS, fused=True)]
    if matrices:
        made.append(Muon(matrices, lr=recipe.rate * MUON_TIMES, weight_decay=recipe.decay))
    for optimiser in made:
        for group in optimiser.param_groups:
            group["full"] = group["lr"]
    return made


def pace(optimisers: list[torch.optim.Optimizer], share: float) -> None:
    """Set every rate to *share* of its full value."""
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = group["full"] * share


def state_of(optimisers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
    """Return all that the optimisers remember, by name."""
    return {
        f"optimiser.{i}.{j}.{key}": value
        for i, optimiser in enumerate(optimisers)
        for j, kept in optimiser.state_dict()["state"].items()
        for key, value in kept.items()
    }


def restore(optimisers: list[torch.optim.Optimizer], tensors: dict[str, Tensor]) -> None:
    """Give the optimisers back what ``state_of`` returned."""
    for i, optimiser in enumerate(optimisers):
        kept: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith(f"optimiser.{i}."):
                _, _, j, key = name.split(".")
                kept.setdefault(int(j), {})[key] = value
        optimiser.load_state_dict({"state": kept, "param_groups": optimiser.state_dict()["param_groups"]})
