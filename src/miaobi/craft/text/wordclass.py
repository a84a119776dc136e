"""Closed classes of English words, from ``data/en/wordclass.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _classes() -> dict[str, frozenset[str]]:
    text = (files("miaobi.craft") / "data" / "en" / "wordclass.toml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}


def word_class(name: str) -> frozenset[str]:
    """Return the words of a class; KeyError if there is no such class."""
    return _classes()[name]
