"""Document: what a piece of writing is before it becomes a file. Every writer reads this and nothing else.

Blocks follow the names of HTML and of publishing. ``parse_spans`` reads the two marks that forms need, ``*emphasis*``
and ``**strong**``; ``\\*`` is an asterisk, and a mark without its partner is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from miaobi.craft.markup import one_line
from miaobi.types import Language
from miaobi.work import Imprint

_MARK = re.compile(r"\\([\\*])|(?<!\*)(\*{1,3})(?=[^\s*])((?:\\.|[^*\\])*?)(?<=[^\s\\])\2(?!\*)", re.S)
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Span:
    """A run of text in one appearance. Emphasis is italics in English, dots under the characters in Chinese."""

    text: str
    emphasis: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading under the title: level 1 is a chapter (a section in a report)."""

    level: int
    text: str
    id: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``first`` opens a section and has no indent where the language indents only what follows."""

    spans: tuple[Span, ...]
    first: bool = False


@dataclass(frozen=True)
class Stanza:
    """Lines of verse, each on a line of its own, in the middle of the page, where there are pages."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """Someone else's words, set apart."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Listing:
    """A list of items, each a run of spans."""

    items: tuple[tuple[Span, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table of text; ``align`` has one of l, c, r a column ("lrr")."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str = ""

    def alignment(self, column: int) -> Literal["left", "center", "right"]:
        """Return how the column is aligned; left when not said."""
        mark = self.align[column] if column < len(self.align) else "l"
        return "right" if mark == "r" else "center" if mark == "c" else "left"


@dataclass(frozen=True)
class Figure:
    """A picture as SVG, with its caption and what it shows for those who can't see it."""

    svg: str
    caption: str
    alt: str


@dataclass(frozen=True)
class SceneBreak:
    """A pause between scenes."""


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a page, where there are pages."""


@dataclass(frozen=True)
class Note:
    """A remark on the text, set small: sources, method."""

    text: str


Block = Heading | Paragraph | Stanza | Quote | Listing | Table | Figure | SceneBreak | PageBreak | Note


@dataclass(frozen=True)
class Document:
    """A title, its blocks and the imprint. ``setting`` is how paragraphs are told apart: indent or space."""

    title: str
    subtitle: str
    language: Language
    blocks: tuple[Block, ...]
    imprint: Imprint
    byline: str = ""
    toc: bool = False
    setting: Literal["book", "report"] = "book"


def parse_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of ``plain *emphasis* **strong** ***both***``."""
    spans: list[Span] = []
    end = 0
    for found in _MARK.finditer(text):
        spans.append(Span(text[end : found.start()]))
        end = found.end()
        if found[1]:
            spans.append(Span(found[1]))
        else:
            inner = re.sub(r"\\([\\*])", r"\1", found[3])
            spans.append(Span(inner, emphasis=len(found[2]) != 2, strong=len(found[2]) >= 2))
    spans.append(Span(text[end:]))
    return _merged(spans)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    out: list[Span] = []
    for s in spans:
        if out and (out[-1].emphasis, out[-1].strong) == (s.emphasis, s.strong):
            out[-1] = Span(out[-1].text + s.text, s.emphasis, s.strong)
        elif s.text:
            out.append(s)
    return tuple(out)


def paragraph(text: str, first: bool = False) -> Paragraph:
    """Return a paragraph of the spans in *text*."""
    return Paragraph(parse_spans(text), first)


def plain(spans: tuple[Span, ...]) -> str:
    """Return the text of *spans* without their appearance."""
    return "".join(s.text for s in spans)


def openings(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, bool]]:
    """Give each block with whether it opens a run of paragraphs: such a paragraph isn't indented in English."""
    before: Block | None = None
    for block in blocks:
        yield block, isinstance(block, Paragraph) and (block.first or not isinstance(before, Paragraph))
        before = block


def anchors(document: Document) -> dict[int, str]:
    """Return an id for each heading, by its index in ``blocks``: its own when it is legal and free, else ``h3``."""
    taken: set[str] = set()
    out: dict[int, str] = {}
    for i, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            name = block.id if _ANCHOR.fullmatch(block.id) and block.id not in taken else f"h{i}"
            while name in taken:
                name += "x"
            taken.add(name)
            out[i] = name
    return out


def contents(document: Document, depth: int = 2) -> list[tuple[int, str, str]]:
    """Return the table of contents: (level, text, id) of the headings down to *depth*."""
    named = anchors(document)
    return [
        (b.level, one_line(b.text), named[i])
        for i, b in enumerate(document.blocks)
        if isinstance(b, Heading) and b.level <= depth
    ]
