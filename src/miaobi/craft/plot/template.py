"""Templates of prose: fixed words, slots, and openings that the engine completes.

1. ``{slot}`` is replaced from a mapping; a missing slot is an error, never an empty hole.
2. ``[one|two]`` is an opening: the engine goes on from one of these beginnings to the end of the sentence.
3. ``[“one|two]`` opens a speech: the engine goes on to the end of what is said; the template goes on after the
   closing quotation mark, with the punctuation that stands before it in English (``,”``).
4. A speech, and the narration after one, begins where the template puts it; a new speaker begins a new paragraph.

>>> [type(p).__name__ for p in parse("She stopped. [Outside,|Above,] “[You told],” he said.")]
['Fixed', 'Opening', 'Fixed', 'Opening', 'Fixed']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PART = re.compile(r"\[([^\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Fixed:
    """Words that stand as they are."""

    text: str


@dataclass(frozen=True)
class Opening:
    """Beginnings from which the engine writes on."""

    openers: tuple[str, ...]
    speech: bool = False
    mark: str = ""  # what closes the speech in the template: "," or "?"


Part = Fixed | Opening


def fill(template: str, slots: Mapping[str, str]) -> str:
    """Replace the slots of *template*, slots inside slots too; KeyError names a slot that isn't there."""
    for _ in range(4):
        if not _SLOT.search(template):
            break
        template = _SLOT.sub(lambda m: slots[m.group(1)], template)
    return template


def parse(text: str) -> list[Part]:
    """Split a filled template into its parts. An opening between “ and ” is speech."""
    parts: list[Part] = []
    start = 0
    for match in _PART.finditer(text):
        inside = match.group(1)
        before = text[start : match.start()]
        speech = before.endswith("“") or inside.startswith("“")
        if before:
            parts.append(Fixed(before))
        openers = tuple(o.strip().lstrip("“") for o in inside.split("|"))
        after = text[match.end() : match.end() + 1]
        parts.append(Opening(openers, speech, after if speech and after in ",?!." else ""))
        start = match.end()
    if text[start:]:
        parts.append(Fixed(text[start:]))
    return parts
