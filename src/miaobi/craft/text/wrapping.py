"""Wrapping: what a file of ours has around the words of a work, taken off a text so that its words alone are judged."""

from __future__ import annotations

import re

_LABEL = re.compile(r"^(?:<small>)?(?:AI-generated \(miaobi|人工智能生成（miaobi).*$", re.M)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
_UNDERLINED = re.compile(r"\A\s*[^\n]+\n={3,}$", re.M)  # the title of a plain text
_CHART = re.compile(r"^\W*(?:Scansion: / on the beat|(?:格律|證書|证书)\W*$).*", re.M | re.S)  # and what follows it
_BREAK = re.compile(r"\\$", re.M)  # a line of verse in Markdown


def unwrapped(text: str) -> str:
    """Return *text* without front matter, label, title, chart and marks of line breaks: blanks stand in their place.

    A text that isn't a file of ours, which has no label, comes back as it is.
    """
    if not _LABEL.search(text):
        return text
    for pattern in (_FRONT, _LABEL, _UNDERLINED, _CHART, _BREAK):
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
