"""Recipe: how a net is trained, in ten numbers. What the net is, and what it reads, are not part of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from miaobi.errors import BriefError, show

OPTIMISERS = ("muon", "adamw")


@dataclass(frozen=True)
class Recipe:
    """The ten numbers of a run. ``rate`` is AdamW's learning rate; Muon's follows from it (see ``optimiser``)."""

    steps: int = 2000
    batch: int = 32  # sequences a step
    context: int = 128  # tokens a sequence
    optimiser: Literal["muon", "adamw"] = "muon"
    rate: float = 3e-3
    decay: float = 0.1  # of weights, decoupled from the gradient
    warmup: int = 50  # steps in which the rate rises from nothing
    clip: float = 1.0  # largest norm of the whole gradient; 0: none
    patience: int = 0  # evaluations without a gain before the run stops early; 0: it never does
    seed: int = 0

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise BriefError(
                f"There is no optimiser {show(str(self.optimiser))}.", f"These are legal: {', '.join(OPTIMISERS)}."
            )
        for name in ("steps", "batch", "context"):
            if getattr(self, name) < 1:
                raise BriefError(f"{name} is {getattr(self, name)}.", f"{name} is 1 or more.")
        for name in ("rate", "decay", "clip", "warmup", "patience"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0 or (name == "rate" and value == 0):
                raise BriefError(
                    f"{name} is {value}.", f"{name} is finite and {'above' if name == 'rate' else 'not below'} 0."
                )

    @property
    def every(self) -> int:
        """Steps between two evaluations: twenty of them in a run."""
        return max(1, self.steps // 20)

    def share(self, step: int) -> float:
        """Return the share of the rate at *step* (0 is the first): up in a line, then down in a line to nothing.

        Decay to zero in a line did as well as any other shape or better in Bergsma et al. 2025 (arXiv 2502.15938).
        """
        if step < self.warmup:
            return (step + 1) / (self.warmup + 1)
        return (self.steps - step) / max(1, self.steps - self.warmup)
