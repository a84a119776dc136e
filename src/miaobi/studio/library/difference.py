"""The difference of two texts by passages and, within a changed passage, by words (Chinese: by characters)."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

_WORD = re.compile(r"\s+|[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")


@dataclass(frozen=True)
class Change:
    """One changed stretch: lines of passages in old and new."""

    kind: Literal["added", "removed", "changed"]
    old: str
    new: str
    words: tuple[tuple[str, str], ...] = ()  # of a changed passage: ("=" | "-" | "+", words)


def difference(old: str, new: str) -> list[Change]:
    """Return what changed from *old* to *new*, in order; passages are told apart by their words alone."""
    a, b = _passages(old), _passages(new)
    out: list[Change] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(i2 - i1, j2 - j1)
        for k in range(pairs):
            was, now = a[i1 + k], b[j1 + k]
            out.append(Change("changed", was, now, _words(was, now)))
        out += [Change("removed", p, "") for p in a[i1 + pairs : i2]]
        out += [Change("added", "", p) for p in b[j1 + pairs : j2]]
    return out


def _passages(text: str) -> list[str]:
    return [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]


def _words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    out: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            out.append(("=", "".join(a[i1:i2])))
            continue
        if i2 > i1:
            out.append(("-", "".join(a[i1:i2])))
        if j2 > j1:
            out.append(("+", "".join(b[j1:j2])))
    return tuple(out)


def marked(change: Change) -> list[str]:
    """Return a change as lines: “-” and “+” before what is gone and new; a passage of which half stayed only once,
    its words marked as by ``git diff --word-diff``."""
    same = sum(len(text) for kind, text in change.words if kind == "=")
    if change.kind == "changed" and 2 * same >= max(len(change.old), len(change.new)):
        sign = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
        return ["~ " + "".join(sign[kind].format(text) for kind, text in change.words).replace("\n", "\n~ ")]
    shown = [f"- {change.old}".replace("\n", "\n- ")] if change.old else []
    return shown + ([f"+ {change.new}".replace("\n", "\n+ ")] if change.new else [])
