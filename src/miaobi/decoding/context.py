"""Context: what goes into a prompt when not everything fits.

Order of the text, so that its beginning stays the same bytes from call to call and is evaluated once: constant
material → lore → summary → latest text, the author's note so many paragraphs from the end. Order of claims on the budget:
constant, note, summary, then lore by priority (at most ``lore_share`` of the budget), and the latest text takes the rest.

Lore is triggered by its keys in the latest text (Latin keys at word borders, others anywhere), or by lore already
triggered, to a depth of three (recursion as in lorebooks). Constant lore counts as constant material. Nothing is cut
within a sentence: the latest text loses whole sentences from its beginning, anything else goes in whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from miaobi.bible import Lore
from miaobi.errors import BriefError

_SENTENCE = re.compile(r"[^.!?。！？…\n]*(?:[.!?。！？…]+[\"'”’」』)）]*\s*|\n+|$)")
_DEPTH = 3
_GAP = "\n\n"


@dataclass(frozen=True)
class Material:
    """What may go into the prompt."""

    constant: str = ""  # bible and instructions
    lore: tuple[Lore, ...] = ()
    summary: str = ""
    latest: str = ""
    note: str = ""  # author's note
    note_depth: int = 1  # paragraphs of the latest text that stand after the note
    lore_share: float = 0.25


@dataclass(frozen=True)
class Context:
    """The text of a prompt and its receipt: what went in, why, its tokens, and what was dropped."""

    text: str
    receipt: dict[str, Any] = field(default_factory=dict)


def sentences(text: str) -> list[str]:
    """Split English or Chinese text after its sentences; joined again they are the text."""
    return [s for s in _SENTENCE.findall(text) if s]


def triggered(lore: Sequence[Lore], text: str) -> dict[int, str]:
    """Return which entries (by index) *text* triggers, each with its reason: a key, and through which entry."""
    found: dict[int, str] = {}
    layer = [("", text)]
    for _ in range(_DEPTH):
        added: list[tuple[str, str]] = []
        for i, entry in enumerate(lore):
            if i in found or entry.constant:
                continue
            hits = ((key, via) for via, source in layer for key in entry.keys if _occurs(key, source))
            if hit := next(hits, None):
                found[i] = f"key “{hit[0]}”" + (f" in lore “{hit[1]}”" if hit[1] else "")
                added.append((entry.keys[0], entry.content))
        layer = added
    return found


def _occurs(key: str, text: str) -> bool:
    if not key.strip():
        return False
    if key.isascii():
        return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", text, re.IGNORECASE) is not None
    return key.casefold() in text.casefold()


def fill(material: Material, budget: int, count: Callable[[str], int]) -> Context:
    """Return a prompt of at most *budget* tokens by *count*; BriefError if the constant material alone exceeds it."""
    entries = [{"part": "constant", "why": "always", "text": material.constant}] if material.constant else []
    entries += [
        {"part": f"lore: {entry.keys[0] if entry.keys else i}", "why": "constant", "text": entry.content}
        for i, entry in enumerate(material.lore)
        if entry.constant
    ]
    dropped: list[dict[str, Any]] = []
    head = [e["text"] for e in entries]

    def room(*more: str) -> int:
        return budget - count(_GAP.join([t for t in (*head, *more) if t]))

    if room() < 0:
        raise BriefError(
            f"The constant material takes {budget - room():,} tokens; the budget is {budget:,}.",
            "Shorten the bible or the instructions, or open the engine with a larger context.",
        )
    fixed: dict[str, str] = {}
    for part in ("note", "summary"):
        text = getattr(material, part)
        if not text:
            continue
        if room(*fixed.values(), text) >= 0:
            fixed[part] = text
            entries.append({"part": part, "why": "given", "text": text})
        else:
            dropped.append({"part": part, "why": "no room", "tokens": count(text)})
    lore = _lore(material, room, list(fixed.values()), int(budget * material.lore_share), count, entries, dropped)
    latest = _latest(material.latest, lambda text: room(*fixed.values(), *lore, text) >= 0)
    if latest:
        entries.append({"part": "latest", "why": "the end of the text so far", "text": latest})
    if lost := material.latest[: len(material.latest) - len(latest)]:
        dropped.append({"part": "latest", "why": "no room", "tokens": count(lost)})
    body = _with_note(latest, fixed.get("note", ""), material.note_depth)
    text = _GAP.join([t for t in (*head, *lore, fixed.get("summary", ""), body) if t])
    used = [{"part": e["part"], "why": e["why"], "tokens": count(e["text"])} for e in entries]
    return Context(text, {"budget": budget, "tokens": count(text), "used": used, "dropped": dropped})


def _lore(
    material: Material,
    room: Callable[..., int],
    fixed: list[str],
    share: int,
    count: Callable[[str], int],
    entries: list[dict[str, str]],
    dropped: list[dict[str, Any]],
) -> list[str]:
    """Choose triggered lore by falling priority; return the texts in the book's own order."""
    reasons = triggered(material.lore, material.latest)
    chosen: list[int] = []
    for i in sorted(reasons, key=lambda i: (-material.lore[i].priority, i)):
        texts = [material.lore[j].content for j in sorted([*chosen, i])]
        part = f"lore: {material.lore[i].keys[0]}"
        if count(_GAP.join(texts)) <= share and room(*fixed, *texts) >= 0:
            chosen.append(i)
            entries.append({"part": part, "why": reasons[i], "text": material.lore[i].content})
        else:
            dropped.append({"part": part, "why": "no room", "tokens": count(material.lore[i].content)})
    return [material.lore[i].content for i in sorted(chosen)]


def _latest(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest run of whole sentences at the end of *text* that fits."""
    parts = sentences(text)
    low, high = 0, len(parts)  # the smallest number of sentences to drop, by bisection
    while low < high:
        middle = (low + high) // 2
        if fits("".join(parts[middle:])):
            high = middle
        else:
            low = middle + 1
    return "".join(parts[low:])


def _with_note(latest: str, note: str, depth: int) -> str:
    """Set the author's note before the last *depth* paragraphs."""
    if not note:
        return latest
    paragraphs = latest.split(_GAP) if latest else []
    at = max(0, len(paragraphs) - depth)
    return _GAP.join([*paragraphs[:at], note, *paragraphs[at:]])
