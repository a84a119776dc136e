"""Word lists as data: ``data/NAME.txt``, one entry a line or several between blanks, ``#`` begins a comment.

All lists in ``data`` are our own compilation.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the entries of a list that holds one phrase a line."""
    text = (files("miaobi.craft") / "data" / f"{name}.txt").read_text("utf-8")
    kept = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in kept if line)


@cache
def table(name: str) -> frozenset[str]:
    """Return the words of a list, whatever their lines, in lower case."""
    return frozenset(word.lower() for line in lines(name) for word in line.split())
