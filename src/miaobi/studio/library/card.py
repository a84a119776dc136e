"""What lists show of works and versions: never their words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A work as lists show it."""

    id: str
    form: str
    language: str
    title: str
    idea: str
    origin: str  # composed | own
    place: str
    seed: int
    checkpoint: str
    checkpoint_sha256: str
    words: int
    created: str
    updated: str
    removed: str | None
    boards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A version as the tree shows it."""

    id: str
    work: str
    parent: str | None
    kind: str
    note: str
    words: int
    created: str
    branches: tuple[str, ...] = ()  # that end here


@dataclass(frozen=True)
class Hit:
    """A work that a search found; a higher score is a better match (bm25 with its sign turned)."""

    card: Card
    score: float
    excerpt: str
