"""Script: a screenplay as its elements, named as Fountain 1.1 and Final Draft name them.

``normal`` is what Fountain → FDX → Fountain keeps: one line an element (action and dialogue may have several),
no space at the ends, no blank line inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from miaobi.craft.markup import legal, one_line

Kind = Literal[
    "scene", "action", "character", "parenthetical", "dialogue", "transition", "section", "synopsis", "note", "centered"
]
KINDS: tuple[Kind, ...] = (
    "scene",
    "action",
    "character",
    "parenthetical",
    "dialogue",
    "transition",
    "section",
    "synopsis",
    "note",
    "centered",
)


@dataclass(frozen=True)
class Element:
    """One element. ``number`` is a scene's; ``level`` a section's, 1–6; ``dual`` a character's who speaks at once."""

    kind: Kind
    text: str
    number: str = ""
    level: int = 1
    dual: bool = False


@dataclass(frozen=True)
class Script:
    """A title page (key, value; in order) and the elements."""

    title_page: tuple[tuple[str, str], ...]
    elements: tuple[Element, ...]


def normal(script: Script) -> Script:
    """Return the script as every writer here writes it; elements without text are dropped, speech needs a speaker."""
    page = tuple((re.sub(r"[^A-Za-z ]", "", key).strip(), one_line(value)) for key, value in script.title_page)
    kept: list[Element] = []
    for e in script.elements:
        text = _text(e)
        spoken = e.kind in ("dialogue", "parenthetical")
        kind: Kind = "action" if spoken and not (kept and kept[-1].kind in _SPEECH) else e.kind
        if text:
            number = re.sub(r"[^A-Za-z0-9.-]", "", e.number) if kind == "scene" else ""
            level = min(max(e.level, 1), 6) if kind == "section" else 1
            kept.append(Element(kind, text, number, level, e.dual and kind == "character"))
    return Script(tuple((k, v) for k, v in page if k and v), tuple(_spoken(kept)))


_SPEECH = ("character", "parenthetical", "dialogue")


def _text(e: Element) -> str:
    if e.kind in ("action", "dialogue"):
        lines = (" ".join(line.split()) for line in re.split(r"[\n\u2028\u2029\x0b\x0c]", legal(e.text)))
        return "\n".join(line for line in lines if line)
    text = one_line(e.text)
    if e.kind == "scene":
        text = text.lstrip(". ")  # Fountain 1.1: “..” begins no heading
    if e.kind in ("transition", "centered"):
        text = text.strip("<> ")
    if e.kind == "parenthetical":
        text = text.strip("()（） ")
    if e.kind == "note":
        text = text.replace("[[", "[ [").replace("]]", "] ]").strip("[] ")
    return text


def _spoken(elements: list[Element]) -> list[Element]:
    """A character who says nothing is a line of action; dialogue that goes on is one dialogue."""
    out: list[Element] = []
    for i, e in enumerate(elements):
        after = elements[i + 1].kind if i + 1 < len(elements) else ""
        if e.kind == "dialogue" and out and out[-1].kind == "dialogue":
            out[-1] = Element("dialogue", f"{out[-1].text}\n{e.text}")
        elif e.kind == "character" and after not in ("dialogue", "parenthetical"):
            out.append(Element("action", e.text))
        else:
            out.append(e)
    return out
