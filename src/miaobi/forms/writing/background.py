"""Background: what a brief brings beside its idea, made ready for a teller's prompts: style, lore, tone, audience.

Lore is text, an entry a paragraph, or a lorebook as JSON (Character Card V2/V3 ``character_book`` or its ``entries``)::

    keys: lighthouse, lamp          key: 灯塔
    priority: 5                     The lamp has not been lit since the war.
    The lamp has not been lit.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from miaobi.bible import Lore
from miaobi.brief import Brief
from miaobi.errors import BriefError
from miaobi.types import Language

STYLE_LIMIT = 1_200  # characters of samples that lead the prompt: more crowds out the story
PROMPT_TOKENS = 900  # of a prompt that is continued; small checkpoints lose the thread in longer ones
_HEAD = re.compile(r"^(keys?|priority|constant|键|关键词|优先级|常驻)\s*[:：]\s*(.*)$", re.I)
_NOTE: dict[Language, tuple[str, str]] = {
    "en": ("[The tone is {tone}.]", "[It is told to {audience}.]"),
    "zh": ("【语气：{tone}】", "【读者：{audience}】"),
}


@dataclass(frozen=True)
class Background:
    """``style`` and ``note`` are "" where the brief has none."""

    style: str = ""
    lore: tuple[Lore, ...] = ()
    note: str = ""


def background_of(brief: Brief) -> Background:
    """Return the brief's background; BriefError names a lore entry without keys or text."""
    style = " ".join(" ".join(r.text.split()) for r in brief.references_of("style"))[:STYLE_LIMIT]
    lore = tuple(entry for r in brief.references_of("lore") for entry in read_lore(r.text, r.name))
    tone, audience = _NOTE[brief.language]
    note = [tone.replace("{tone}", brief.tone)] if brief.tone else []
    note += [audience.replace("{audience}", brief.audience)] if brief.audience else []
    return Background(style, lore, " ".join(note))


def read_lore(text: str, name: str) -> list[Lore]:
    """Read lore entries from text or from a lorebook in JSON."""
    if text.lstrip()[:1] in "[{" and text.strip():
        return _lorebook(text, name)
    return [_entry(block, name) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]


def _entry(block: str, name: str) -> Lore:
    keys: list[str] = []
    priority, constant = 0, False
    said = []
    for line in block.strip().splitlines():
        match = _HEAD.match(line.strip())
        if not match:
            said.append(line.strip())
            continue
        what, value = match[1].lower(), match[2].strip()
        if what in {"key", "keys", "键", "关键词"}:
            keys += [k.strip() for k in re.split(r"[,，、]", value) if k.strip()]
        elif what in {"priority", "优先级"}:
            priority = _whole(value, name)
        else:
            constant = value.lower() in {"yes", "true", "1", "是"}
    if not said or not (keys or constant):
        raise BriefError(
            f"An entry of the lore {name} has no {'text' if not said else 'keys'}: “{block.strip()[:60]}”.",
            "Write “keys: lamp, lighthouse” on a line and the text under it; a blank line between entries.",
        )
    return Lore(keys=tuple(keys), content=" ".join(said), priority=priority, constant=constant)


def _whole(value: str, name: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", value):
        raise BriefError(f"The priority “{value}” in the lore {name} is not a whole number.", "Write priority: 5")
    return int(value)


def _lorebook(text: str, name: str) -> list[Lore]:
    try:
        book: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BriefError(f"The lore {name} is not JSON: {error}.", "Give a lorebook, or text with keys.") from None
    for key in ("data", "character_book", "entries"):
        book = book.get(key, book) if isinstance(book, dict) else book
    entries = list(book.values()) if isinstance(book, dict) else book
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "content" in e for e in entries):
        raise BriefError(f"The lore {name} has no entries.", "A lorebook has entries, each with keys and content.")
    return [
        Lore(
            keys=tuple(str(k) for k in e.get("keys", e.get("key", [])) if str(k).strip()),
            content=" ".join(str(e["content"]).split()),
            priority=int(e.get("priority", e.get("insertion_order", e.get("order", 0))) or 0),
            constant=bool(e.get("constant")),
        )
        for e in entries
        if e.get("enabled", True) and not e.get("disable") and str(e["content"]).strip()
    ]
