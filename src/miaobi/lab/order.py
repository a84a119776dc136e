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
    vocabulary: Path | None  # None: the base's
    net: str
    sizes: dict[str, Any]
    recipe: Recipe
    corpus: Path | None = None  # for the card: where the texts come from, and their licences
    languages: tuple[str, ...] = field(default=())
    base: str = ""  # a run or a checkpoint that adapters of ``rank`` are trained on, instead of a fresh net
    rank: int = 8
    packed: bool = False  # rows of whole documents instead of windows from anywhere (nets that forget)
    vectors: Path | None = None  # word vectors that the embedding of a fresh net starts from
    origin: str = ""  # a finished run whose net, sizes, vocabulary and weights this one begins with
