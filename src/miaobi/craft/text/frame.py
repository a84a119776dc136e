"""Frames: Chinese sentences of ours with one gap, for an engine that can't yet write whole ones.

Measured with Gemma 3 270M: of free completions of an opening about one in ten was sound Chinese; of nouns put into a
sentence whose end is given, and ranked by likelihood, the first was sound nearly always. So the gap is a frame's only
freedom. ``~`` is a gap of one to four 字, ``<甲/乙>`` one of these words; a sentence without a gap stands as it is.

>>> read_frame("灯光照在~上，照出一圈毛边。").pattern
'[\\u4e00-\\u9fff]{1,4}上，'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHOICE = re.compile(r"<([^>]*)>")
GAP = 2  # 字 that a gap comes to on the average


@dataclass(frozen=True)
class Frame:
    """A sentence with at most one gap."""

    head: str
    words: tuple[str, ...] = ()  # what the gap may hold; empty: any one to four 字
    tail: str = ""
    gap: bool = False

    @property
    def pattern(self) -> str:
        """Return what the engine has to write: the gap and the first two characters after it."""
        inside = "(" + "|".join(self.words) + ")" if self.words else "[\\u4e00-\\u9fff]{1,4}"
        return inside + re.escape(self.tail[:2])

    def whole(self, filled: str) -> str:
        """Return the sentence with *filled* in its gap."""
        return self.head + filled + self.tail


def read_frame(text: str) -> Frame:
    """Return the frame of an opening as the tables have it."""
    if choice := _CHOICE.search(text):
        return Frame(text[: choice.start()], tuple(choice.group(1).split("/")), text[choice.end() :], gap=True)
    head, mark, tail = text.partition("~")
    return Frame(head, (), tail, gap=bool(mark))


def measured(text: str) -> str:
    """Return *text* with something of the usual length in its gap, to be counted."""
    return _CHOICE.sub("某" * GAP, text).replace("~", "某" * GAP)
