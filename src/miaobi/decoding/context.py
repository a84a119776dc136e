"""Context: what goes into a prompt when not everything fits.

Order of the text, so that its beginning stays the same bytes from call to call and is evaluated once: constant
material → lore → summary → latest text, the author's note so many paragraphs from the end. Order of claims
on the budget: constant, note, summary, then lore by priority (at most ``lore_share`` of it); the latest text takes
the rest.

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
    scan: str = ""  # text that triggers lore besides the latest, and doesn't go in
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
    filling = _Filling(material, budget, count)
    filling.add_constant()
    filling.add_given("note", material.note)
    filling.add_given("summary", material.summary)
    filling.add_lore()
    filling.add_latest()
    text = filling.text()
    receipt = {"budget": budget, "tokens": count(text), "used": filling.used, "dropped": filling.dropped}
    return Context(text, receipt)


class _Filling:
    """A prompt being filled: what is in so far, and the account of it."""

    def __init__(self, material: Material, budget: int, count: Callable[[str], int]) -> None:
        self.material, self.budget, self.count = material, budget, count
        self.head: list[str] = []
        self.given: dict[str, str] = {}
        self.lore: list[int] = []
        self.latest = ""
        self.used: list[dict[str, Any]] = []
        self.dropped: list[dict[str, Any]] = []

    def text(self) -> str:
        """Return the prompt as it stands."""
        lore = [self.material.lore[i].content for i in sorted(self.lore)]
        body = _with_note(self.latest, self.given.get("note", ""), self.material.note_depth)
        return _GAP.join([t for t in (*self.head, *lore, self.given.get("summary", ""), body) if t])

    def _account(self, part: str, text: str, why: str, fits: bool) -> None:
        row = {"part": part, "why": why if fits else "no room", "tokens": self.count(text)}
        (self.used if fits else self.dropped).append(row)

    def _fits(self) -> bool:
        return self.count(self.text()) <= self.budget

    def add_constant(self) -> None:
        if self.material.constant:
            self.head.append(self.material.constant)
            self._account("constant", self.material.constant, "always", True)
        for i, entry in enumerate(self.material.lore):
            if entry.constant:
                self.head.append(entry.content)
                self._account(_named(entry, i), entry.content, "constant", True)
        if not self._fits():
            raise BriefError(
                f"The constant material takes {self.count(self.text()):,} tokens; the budget is {self.budget:,}.",
                "Shorten the bible or the instructions, or open the engine with a larger context.",
            )

    def add_given(self, part: str, text: str) -> None:
        if text:
            self.given[part] = text
            fits = self._fits()
            if not fits:
                del self.given[part]
            self._account(part, text, "given", fits)

    def add_lore(self) -> None:
        lore = self.material.lore
        reasons = triggered(lore, self.material.scan + _GAP + self.material.latest)
        share = int(self.budget * self.material.lore_share)
        for i in sorted(reasons, key=lambda i: (-lore[i].priority, i)):
            self.lore.append(i)
            fits = self.count(_GAP.join(lore[j].content for j in sorted(self.lore))) <= share and self._fits()
            if not fits:
                self.lore.remove(i)
            self._account(_named(lore[i], i), lore[i].content, reasons[i], fits)

    def add_latest(self) -> None:
        parts = sentences(self.material.latest)
        low, high = 0, len(parts)  # the smallest number of sentences to drop, by bisection
        while low < high:
            middle = (low + high) // 2
            self.latest = "".join(parts[middle:])
            low, high = (low, middle) if self._fits() else (middle + 1, high)
        self._set_latest(parts[low:])
        while low < len(parts) and not self._fits():
            low += 1  # tokenisers are not quite additive
            self._set_latest(parts[low:])
        if self.latest:
            self._account("latest", self.latest, "the end of the text so far", True)
        if lost := "".join(parts[:low]):
            self._account("latest", lost, "", False)

    def _set_latest(self, parts: Sequence[str]) -> None:
        self.latest = "".join(parts)


def _named(entry: Lore, index: int) -> str:
    return f"lore: {entry.keys[0] if entry.keys else index}"


def _with_note(latest: str, note: str, depth: int) -> str:
    """Set the author's note before the last *depth* paragraphs."""
    if not note:
        return latest
    paragraphs = latest.split(_GAP) if latest else []
    at = max(0, len(paragraphs) - depth)
    return _GAP.join([*paragraphs[:at], note, *paragraphs[at:]])
