"""Wording: phrase books as data, dealt so that no phrasing comes twice in a work, and the grammar of counted things."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Mapping, Sequence

from miaobi.craft.plot.template import fill
from miaobi.craft.text.table import lines
from miaobi.types import Language

_MONTHS = tuple(lines("months.en"))
_UNCHANGED = frozenset(
    {"sheep", "fish", "series", "species", "percent", "kg", "km", "cm", "mm", "people", "data", "deer"}
)
_IRREGULAR = {"woman": "women", "man": "men", "child": "children", "wolf": "wolves", "goose": "geese", "mouse": "mice"}
_IRREGULAR |= {"knife": "knives", "leaf": "leaves", "loaf": "loaves", "shelf": "shelves"}
_IRREGULAR |= {"foot": "feet", "tooth": "teeth"}
_REGULAR = frozenset({"human", "german", "roman", "mongoose", "talisman", "ottoman"})


class Deck:
    """Deals the phrasings of each kind in an order drawn from the seed, each once before any comes again."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], seed: int) -> None:
        self._random = random.Random(seed)
        self._phrases = phrases
        self._left: dict[str, list[str]] = {}

    def deal(self, kind: str, n: int = 1) -> list[str]:
        """Return the next *n* phrasings of *kind* (fewer when fewer are left); KeyError for a kind there isn't."""
        left = self._left.setdefault(kind, [])
        if not left:
            left += self._random.sample(self._phrases[kind], len(self._phrases[kind]))
        return left[:n]

    def take(self, kind: str, phrase: str) -> None:
        """Lay *phrase* aside until the others of its kind have been used."""
        self._left[kind].remove(phrase)

    def one(self, kind: str, slots: Mapping[str, str]) -> str:
        """Return the next phrasing of *kind*, filled, and lay it aside."""
        phrase = self.deal(kind)[0]
        self.take(kind, phrase)
        return fill(phrase, slots)


def plural(noun: str) -> str:
    """Return the plural of an English noun phrase's last word."""
    head, _, last = noun.rpartition(" ")
    low = last.lower()
    if low in _UNCHANGED:
        return noun
    irregular = next((k for k in _IRREGULAR if low.endswith(k)), "")
    if irregular and low not in _REGULAR:
        last = last[: len(last) - len(irregular)] + _IRREGULAR[irregular]
    elif re.search(r"[^aeiou]y$", low):
        last = last[:-1] + "ies"
    elif re.search(r"(?:s|x|z|ch|sh)$", low):
        last += "es"
    else:
        last += "s"
    return f"{head} {last}".strip()


def counted(n: int, noun: str, language: Language = "en") -> str:
    """Return ``1 row``, ``12 rows``, ``1,200 rows``; in Chinese the number before the measure word."""
    if language == "zh":
        return f"{n:,}{noun}"
    return f"{n:,} {noun if n == 1 else plural(noun)}"


def listed(items: Sequence[str], language: Language = "en") -> str:
    """Return the items as a list within a sentence."""
    if len(items) < 2:
        return "".join(items)
    if language == "zh":
        return "、".join(items[:-1]) + "和" + items[-1]
    return ", ".join(items[:-1]) + (" and " if len(items) == 2 else ", and ") + items[-1]


def dated(date: datetime.date, language: Language = "en") -> str:
    """Return the date in words: ``23 November 2026``, ``2026年11月23日``."""
    if language == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def day_of(date: datetime.date, language: Language = "en") -> str:
    """Return the day without its year, for a dateline: ``23 November``, ``11月23日``."""
    return dated(date, language).partition("年")[2] if language == "zh" else dated(date).rpartition(" ")[0]


def stopped(text: str, language: Language = "en") -> str:
    """Return *text* as a sentence with its closing mark."""
    text = text.strip()
    bare = text.rstrip('”’」』")）')
    if bare.endswith((".", "!", "?", "…", "。", "！", "？")):
        return text
    return text.rstrip(",;:，；：") + ("。" if language == "zh" else ".")
