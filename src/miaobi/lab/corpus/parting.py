"""Parting: one long manuscript as several documents, a new one at each line that is a heading.

Splits and rows are made of documents, so a novel in one file would be all training or all validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from miaobi.errors import CorpusError, show
from miaobi.lab.corpus.document import Document, Source

CHAPTERS = "chapters"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_NUMERAL = rf"(?:\d{{1,3}}|[ivxlcdm]{{1,8}}|{_UNITS}|{_TEENS}|(?:twenty|thirty|forty|fifty)(?:[ -](?:{_UNITS}))?)"
_HEADINGS = (
    r"#{1,3}\s+\S.*",  # of Markdown
    rf"(?:chapter|part|book|canto|act|scene|letter)\s+{_NUMERAL}\b.{{0,80}}",
    r"(?:prologue|epilogue|preface|foreword|afterword)\b.{0,80}",
    r"(?:[ivxlcdm]{1,8}|\d{1,3})\.?",  # a number alone on its line
    r"第\s*[〇零一二三四五六七八九十百千两\d]{1,7}\s*[章回节節卷折幕部集篇](?:[\s：:·.、—].{0,40})?",
    r"(?:楔子|序章|序幕|引子|尾声|尾聲|后记|後記|番外)(?:[\s：:·.、—].{0,40})?",
)


def parted(source: Source, at: str) -> Source:
    """Return *source* with a document begun at each line that matches *at*: a regular expression, or ``chapters``.

    Headings stay in their documents; what stands before the first is a document of its own. CorpusError for what is no
    regular expression, and when read for a source that has no such line at all.
    """
    wanted = "|".join(f"(?:{heading})" for heading in _HEADINGS) if at == CHAPTERS else at
    try:
        # "." never is a line's end; a heading may be indented
        heading = re.compile(rf"^[ \t\u3000]*(?:{wanted})[ \t\u3000]*$", re.MULTILINE | re.IGNORECASE)
    except re.error as error:
        raise CorpusError(
            f"{show(at)} is no regular expression: {error}.",
            f"Give one of Python's that matches a heading's whole line, or “{CHAPTERS}”.",
        ) from None

    def read() -> Iterator[Document]:
        found = False
        for document in source.read():
            parts = _parts(document, heading)
            found = found or len(parts) > 1
            yield from parts
        if not found:
            raise CorpusError(
                f"{show(source.origin.name)} has no line that begins a part: {show(at)}.",
                "Give a regular expression that matches a heading's whole line, or leave --split-at out.",
            )

    origin = source.origin
    return Source(replace(origin, notes="; ".join(filter(None, (origin.notes, f"parted at {at}")))), read)


def _parts(document: Document, heading: re.Pattern[str]) -> list[Document]:
    begins = [0, *(match.start() for match in heading.finditer(document.text)), len(document.text)]
    texts = [text for begin, end in pairwise(begins) if (text := document.text[begin:end]).strip()]
    if len(texts) < 2:
        return [document]
    return [replace(document, id=f"{document.id}#{i}", text=text) for i, text in enumerate(texts, 1)]
