"""The split of a document: decided by its text alone, so that adding documents moves none.

SHA-256 of the normalised text, its first 64 bits as a fraction of 1: below the validation share, validation; below
that and the test share, test; else training. Texts that are equal but for case, width, spaces and punctuation fall on
the same side. A larger share takes documents from training only; it never moves one out of validation.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal, get_args

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
VALIDATION, TEST = 0.05, 0.0  # shares
_LEFT_OUT = re.compile(r"[\W_]+")


def normal(text: str) -> str:
    """Return *text* as duplicates are compared: NFKC, case folded, letters and digits only; all of it where none is."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _LEFT_OUT.sub("", folded) or " ".join(folded.split())


def split_of(text: str, validation: float = VALIDATION, test: float = TEST) -> Split:
    """Return the split of a text."""
    place = int.from_bytes(hashlib.sha256(normal(text).encode("utf-8", "surrogatepass")).digest()[:8], "big") / 2**64
    if place < validation:
        return "validation"
    return "test" if place < validation + test else "train"
