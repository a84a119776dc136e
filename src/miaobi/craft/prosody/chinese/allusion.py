"""典故: phrases of a poem that refer to a story or an older poem, with their source and what they mean.

A phrase is found by its characters; whether the poet meant it so, nobody can know, and the page says "may". The table
(``data/zh/allusions.tsv``) is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from miaobi.craft.prosody.chinese.rime import rows
from miaobi.craft.prosody.chinese.script import traditional


@dataclass(frozen=True)
class Allusion:
    """One phrase: its line and its place in it, both from 0; where it comes from, and what it says there."""

    line: int
    at: int
    phrase: str
    source: str
    meaning: str


def allusions(lines: Sequence[str]) -> list[Allusion]:
    """Return what *lines* (traditional characters, no marks) may allude to, in order, the longest phrase at a place."""
    found = []
    for number, text in enumerate(lines):
        at = 0
        while at < len(text):
            phrase = next((p for p in _phrases() if text.startswith(p, at)), "")
            if phrase:
                found.append(Allusion(number, at, phrase, *_table()[phrase]))
            at += len(phrase) or 1
    return found


@cache
def _table() -> dict[str, tuple[str, str]]:
    return {
        traditional(phrase): (source, meaning)  # in the shapes that poems are judged in
        for phrases, source, meaning in rows("allusions")
        for phrase in phrases.split("、")
    }


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(sorted(_table(), key=lambda phrase: (-len(phrase), phrase)))
