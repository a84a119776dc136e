"""Document, what a corpus is made of, and Manifest, which tells where it comes from.

A document's id is chosen by its source and unique in a corpus; what decides its split is its text alone, or the
family that it names (``split.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

Progress = Callable[[int, int], None]  # bytes here, bytes in all (0: unknown)


@dataclass(frozen=True)
class Document:
    """One text. ``meta`` holds plain strings: title, author, source and what else is known."""

    id: str
    text: str
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def decider(self) -> str:
        """What decides its split: its text, or the family that is named in ``meta``, whose documents stay together."""
        return self.meta.get("family") or self.text


@dataclass(frozen=True)
class Origin:
    """Where documents come from. ``sha256`` is of the file, or of the hashes of the files in their order."""

    name: str
    licence: str  # SPDX id, or what the user stated; "unknown" where nobody did
    place: str  # path without the user's home, or package and version
    sha256: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Source:
    """Documents to be read, once or more often, and their origin."""

    origin: Origin
    read: Callable[[], Iterator[Document]]


@dataclass(frozen=True)
class Manifest:
    """What a corpus is: written beside its documents."""

    origins: tuple[Origin, ...]
    documents: int
    characters: int
    sha256: str  # of documents.jsonl
    by_source: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)  # reason: documents left out on the way in

    def plain(self) -> dict[str, Any]:
        """Return the manifest as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Manifest:
        """Build a manifest from plain values."""
        return cls(**plain | {"origins": tuple(Origin(**o) for o in plain["origins"])})
