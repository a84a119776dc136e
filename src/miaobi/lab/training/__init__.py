"""Training: one trainer for every net of language, which a kill -9 at any moment sets back but never derails."""

from __future__ import annotations

from miaobi.lab.training.recipe import Recipe
from miaobi.lab.training.trainer import Moment, Outcome, train

__all__ = ["Moment", "Outcome", "Recipe", "train"]
