"""Tokens of an English narration with their places: words, marks, and what was said as one token."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from miaobi.craft.text.speech import QUOTED, mask_speech

_LETTERS = "[A-Za-zÀ-ÖØ-öø-ÿ]+"
_TOKEN = re.compile(rf"{_LETTERS}(?:[’'\-]{_LETTERS})*(?:(?<=s)[’'])?|\d[\w.,]*\w|\d|\n\s*\n|[^\w\s]")
_CLITIC = re.compile(r"(?:n[’']t|[’'](?:s|m|re|ve|ll|d))$", re.I)
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}  # before n't
_ABBREVIATED = frozenset({"mr", "mrs", "ms", "dr", "st", "prof", "capt"})


@dataclass(frozen=True)
class Token:
    """One token. ``low`` has a straight apostrophe."""

    text: str
    low: str
    start: int
    end: int
    kind: Literal["word", "mark", "speech"]


def narration(text: str) -> list[list[Token]]:
    """Return the tokens of *text*, sentence by sentence; quoted speech is one token of kind "speech"."""
    found = [token for m in _TOKEN.finditer(mask_speech(text)) for token in _tokens(m)]
    found += [Token("", "", m.start(), m.end(), "speech") for m in QUOTED.finditer(text)]
    sentences: list[list[Token]] = [[]]
    for token in sorted(found, key=lambda t: t.start):
        before = sentences[-1][-1].low if sentences[-1] else ""
        if token.text.strip() or token.kind == "speech":
            sentences[-1].append(token)
        if (token.text in {".", "!", "?", "…"} and before not in _ABBREVIATED) or token.text.startswith("\n"):
            sentences.append([])
    return [s for s in sentences if s]


def _tokens(match: re.Match[str]) -> list[Token]:
    """Return one token, or two where a clitic hangs on the word: ``she`` ``'s``, ``is`` ``n't``."""
    text, start = match.group(), match.start()
    clitic = _CLITIC.search(text)
    if not clitic or not clitic.start():
        return [_token(text, start)]
    at = clitic.start()
    host, hung = _token(text[:at], start), _token(text[at:], start + at)
    if hung.low == "n't" and host.low in _SHORTENED:
        host = replace(host, low=_SHORTENED[host.low])
    return [host, hung]


def _token(text: str, start: int) -> Token:
    low = text.lower().replace("’", "'")
    kind: Literal["word", "mark"] = "word" if text[0].isalnum() or (len(text) > 1 and text.strip()) else "mark"
    return Token(text, low, start, start + len(text), kind)
