"""The checkpoint's vocabulary as decoding sees it: the bytes of every token, and which tokens are not text.

A token's bytes need not be whole characters: byte-level BPE splits a hanzi into two or three tokens. So text is
decoded incrementally, and rules over text see a piece only when its characters are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

BREAKERS = '\n:"*“”「」：'  # a repetition across one of these is no repetition (DRY's sequence breakers)


@dataclass(frozen=True)
class Vocabulary:
    """What each token id stands for. ``control`` tokens have no text and are never drawn, except ends."""

    pieces: tuple[bytes, ...]
    ends: frozenset[int]  # end of sequence, end of turn
    control: frozenset[int] = field(default_factory=frozenset)
    encode: Callable[[str], list[int]] | None = field(default=None, compare=False)  # the checkpoint's own tokeniser

    def __len__(self) -> int:
        return len(self.pieces)

    @cached_property
    def never(self) -> npt.NDArray[np.int64]:
        """Ids that may not be drawn: control tokens that end nothing, and tokens without bytes."""
        empty = {i for i, piece in enumerate(self.pieces) if not piece}
        return np.array(sorted((self.control | empty) - self.ends), dtype=np.int64)

    @cached_property
    def breakers(self) -> frozenset[int]:
        """Ids whose text holds a sequence breaker of DRY."""
        marks = [mark.encode() for mark in BREAKERS]
        return frozenset(i for i, piece in enumerate(self.pieces) if any(mark in piece for mark in marks))

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of *tokens*; bytes that are no UTF-8 become U+FFFD."""
        return b"".join(self.pieces[t] for t in tokens).decode("utf-8", "replace")
