"""Where things stand in a text: paragraphs, sentences and quoted speech by code points, lines and columns from 1.

A paragraph ends at a blank line; in Chinese, and in a text without blank lines whose lines end as sentences do, at
every line. Masks are as long as what they cover, so that a place found in the mask is the place in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from miaobi.craft.text.sentence import ends, han, sentences, words
from miaobi.craft.text.speech import QUOTED, mask_speech
from miaobi.errors import BriefError, show
from miaobi.types import Language

_RANGE = re.compile(r"(\d+):(\d+)")

__all__ = ["Stretch", "language_of", "lines", "mask_speech", "paragraphs", "passage", "place", "speeches", "stretches"]


@dataclass(frozen=True)
class Stretch:
    """A part of the text by code points, ``text == whole[start:end]``."""

    start: int
    end: int
    text: str


def place(text: str, at: int) -> tuple[int, int]:
    """Return line and column of code point *at*, both from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def paragraphs(text: str, language: Language) -> list[Stretch]:
    """Return the paragraphs without the white space around them; an indented line begins one too."""
    by_line = language == "zh" or _lines_are_paragraphs(text, language)
    indented = r"[^\n]+(?:\n(?! {2,6}\S)[^\n]+)*"
    pattern = r"[^\n]+" if by_line else indented if _indents(text) else r"(?:[^\n]+\n?)+"
    found = []
    for match in re.finditer(pattern, text):
        kept = match.group().strip()
        if kept:
            start = match.start() + match.group().index(kept)
            found.append(Stretch(start, start + len(kept), kept))
    return found


def _indents(text: str) -> bool:
    """Tell whether paragraphs begin with an indented line, without an empty one between, as in our own txt files."""
    starts = re.findall(r"(?m)^ {2,6}(?=\S)", text)
    flush = re.findall(r"(?m)^(?=\S)", text)
    return 0 < len(starts) < len(flush)


def _lines_are_paragraphs(text: str, language: Language) -> bool:
    if re.search(r"\n\s*\n", text.strip()):
        return False
    return all(ends(line, language) for line in text.splitlines() if line.strip())


def stretches(text: str, language: Language) -> list[Stretch]:
    """Return the sentences of every paragraph; headings, list marks and fences of Markdown are left out."""
    found = []
    for paragraph in paragraphs(text, language):
        if paragraph.text.startswith(("#", "```", "|", ">", "---")):
            continue
        at = paragraph.start
        for sentence in sentences(paragraph.text, language):
            start = text.index(sentence, at)
            at = start + len(sentence)
            found.append(Stretch(start, at, sentence))
    return found


def speeches(text: str) -> list[Stretch]:
    """Return what stands in quotation marks, the marks with it."""
    return [Stretch(m.start(), m.end(), m.group()) for m in QUOTED.finditer(text)]


def passage(text: str, wanted: str) -> Stretch:
    """Return the passage that *wanted* names: ``START:END`` in code points, or its words as they stand in the text.

    "" is the whole text. Raises BriefError when there is no such passage, or more than one.
    """
    if not wanted:
        return Stretch(0, len(text), text)
    if match := _RANGE.fullmatch(wanted.strip()):
        start, end = int(match[1]), int(match[2])
        if not start < end <= len(text):
            raise BriefError(
                f"The passage {wanted.strip()} isn't in the text, which has {len(text):,} characters.",
                "Give START:END with START < END, counted in characters from 0.",
            )
        return Stretch(start, end, text[start:end])
    found = text.count(wanted)
    if found != 1:
        times = "doesn't occur" if not found else f"occurs {found} times"
        raise BriefError(
            f"The passage {show(wanted)} {times} in the text.",
            "Quote it as it stands there, longer if need be, or give START:END in characters.",
        )
    start = text.index(wanted)
    return Stretch(start, start + len(wanted), wanted)


def lines(text: str, wanted: str) -> Stretch:
    """Return the whole lines ``10-20`` or ``10`` of *text*, counted from 1; BriefError when they aren't there."""
    match = re.fullmatch(r"\s*(\d+)(?:\s*[-–:]\s*(\d+))?\s*", wanted)
    ends = [m.end() for m in re.finditer(r"[^\n]*\n|[^\n]+$", text)]
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= len(ends):
        raise BriefError(
            f"There are no lines {show(wanted)} in the text, which has {len(ends):,}.", "Give --lines 10-20, from 1."
        )
    start, end = ends[first - 2] if first > 1 else 0, ends[last - 1]
    kept = text[start:end].rstrip("\r\n")
    return Stretch(start, start + len(kept), kept)


def language_of(text: str) -> Language:
    """Return the language by its script: Chinese when Han characters are at least as many as Latin words."""
    return "zh" if len(han(text)) >= max(len(words(text)), 1) else "en"
