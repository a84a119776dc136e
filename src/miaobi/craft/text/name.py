"""Given names: whose they usually are. A name that is either's, or isn't known, has no gender here."""

from __future__ import annotations

from functools import cache
from typing import Literal

from miaobi.craft.text.table import table


@cache
def _women() -> frozenset[str]:
    return table("names_she.en") | table("given_she.en")


@cache
def _men() -> frozenset[str]:
    return table("names_he.en") | table("given_he.en")


def is_given(word: str) -> bool:
    """Tell whether *word* is a known given name; a name has a capital."""
    return word[:1].isupper() and word.lower() in _women() | _men() | table("names.en")


def gender_of(name: str) -> Literal["she", "he", ""]:
    """Return how one usually speaks of somebody called so, "" if that can't be told."""
    low = name.lower() if name[:1].isupper() else ""
    if (low in _women()) == (low in _men()):
        return ""
    return "she" if low in _women() else "he"
