"""Edits of a text by code points, and a text that was shifted by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """``old`` at ``start:end`` becomes ``new``; of something left alone, ``new`` says why."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True)
class Shift:
    """A changed text, what was changed, and what was left because it couldn't be decided (places in the old text)."""

    text: str
    edits: tuple[Edit, ...]
    left: tuple[Edit, ...] = ()


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return *text* with *edits* made; they don't overlap."""
    out, at = [], 0
    for edit in sorted(edits, key=lambda e: e.start):
        out += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*out, text[at:]])
