"""Phrases that are never written: a trie over lower-case text, without limit to their number.

A phrase that begins or ends with a letter or digit of an alphabet matches only at a word's border there; Chinese,
Japanese and Korean characters have no such borders. Runs of white space and kinds of apostrophe are not told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_END = ""  # key of the phrase that ends at a node


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if character in "’‘ʼ":
        return "'"
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _in_word(character: str) -> bool:
    """Tell whether this character joins its neighbours into a word."""
    return character.isalnum() and not "\u2e80" <= character <= "\U0003ffff"


@dataclass(frozen=True)
class Scan:
    """``found``: phrase with its start and end; ``open``: from here on the text may yet become a phrase."""

    found: tuple[str, int, int] | None
    open: int


class Phrases:
    """A ban list."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        self.longest = 0  # characters
        for phrase in phrases:
            if not phrase.strip():
                continue
            node, spelled = self._root, " ".join(phrase.split())
            self.longest = max(self.longest, len(spelled))
            for character in spelled:
                node = node.setdefault(_plain(character), {})
            node[_END] = phrase

    def scan(self, text: str, start: int, final: bool) -> Scan:
        """Look for the first phrase that begins at *start* or later; *final*: nothing follows *text*."""
        first_open = len(text)
        for at in range(start, len(text)):
            node = self._root.get(_plain(text[at]))
            if node is None or (at and _in_word(text[at]) and _in_word(text[at - 1])):
                continue
            end, undecided = self._match(text, at, node, final)
            if end is not None:
                return Scan((end[0], at, end[1]), min(first_open, at))
            if undecided:
                first_open = min(first_open, at)
        return Scan(None, first_open)

    @staticmethod
    def _match(text: str, at: int, node: dict[str, Any], final: bool) -> tuple[tuple[str, int] | None, bool]:
        i = at + 1
        while True:
            if _END in node and not (_in_word(text[i - 1]) and i < len(text) and _in_word(text[i])):
                if i < len(text) or final or not _in_word(text[i - 1]):
                    return (node[_END], i), False
                return None, True
            if i == len(text):
                return None, not final
            node = node.get(_plain(text[i]), {})
            i += 1
            if not node:
                return None, False
