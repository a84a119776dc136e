"""Order: what is to be trained, on what."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from miaobi.lab.training.recipe import Recipe


@dataclass(frozen=True)
class Order:
    """One run to be made. ``sizes``: fields of the net's shape but its vocabulary."""

    name: str
    tokens: Path
    vocabulary: Path
    net: str
    sizes: dict[str, Any]
    recipe: Recipe
    corpus: Path | None = None  # for the card: where the texts come from, and their licences
    languages: tuple[str, ...] = field(default=())
    base: str = ""  # a finished transformer run that adapters of ``rank`` are trained on, instead of a fresh net
    rank: int = 8
    whole: bool = False  # windows begin where documents do
    vectors: Path | None = None  # word vectors that the embedding of a fresh net starts from
