"""Document as plain text of 72 columns, a Chinese character counting two (UAX #11, wide and full-width).

Lines break at spaces, and between Chinese characters by the rules of GB/T 15834 and JIS X 4051 (禁则): no line
begins with a closing mark or ends with an opening one. Plain text has no field for a label: the notice stands under
the title, and ``trust.label`` writes a sidecar.
"""

from __future__ import annotations

import re
import unicodedata

from miaobi.craft.document.document import (
    Block,
    Document,
    Figure,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    SceneBreak,
    Stanza,
    Table,
    openings,
    plain,
)
from miaobi.craft.markup import CJK, legal, one_line

WIDTH = 72
_NOT_FIRST = "，。、；：？！）】》〉」』”’…—·％,.;:?!)]}%"
_NOT_LAST = "（【《〈「『“‘([{"
_PIECE = re.compile(r"\s+|" + CJK.pattern + r"|(?:(?!\s|" + CJK.pattern + r").)+", re.S)


def columns(text: str) -> int:
    """Return how many columns *text* takes on a terminal."""
    return sum(_columns(c) for c in text)


def _columns(c: str) -> int:
    if unicodedata.category(c) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def wrap(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> str:
    """Return *text* in lines of at most *width* columns that begin with *first*, then with *rest*."""
    lines: list[str] = []
    line, empty, space = first, True, ""
    for piece in _unbroken(text):
        if piece.isspace():
            space = "" if empty else " "
            continue
        if not empty and columns(line + space + piece) > width:
            lines.append(line)
            line, space = rest, ""
        line, space, empty = line + space + piece, "", False
    return "\n".join([*lines, line])


def _unbroken(text: str) -> list[str]:
    """Split into pieces between which a line may end: words, single Chinese characters with their marks."""
    out: list[str] = []
    for piece in _PIECE.findall(text):
        sticks = out and not out[-1].isspace() and (piece[0] in _NOT_FIRST or out[-1][-1] in _NOT_LAST)
        if sticks and not piece.isspace():
            out[-1] += piece
        else:
            out.append(piece)
    return out


def write(document: Document) -> bytes:
    """Return the document as UTF-8 text."""
    head = [one_line(t) for t in (document.title, document.subtitle, document.byline)]
    lines = [wrap(t) for t in head if t]
    underline = "=" * min(WIDTH, max((columns(t) for t in lines[:1]), default=0))
    top = "\n".join([*lines[:1], underline, *lines[1:], wrap(one_line(document.imprint.notice))])
    parts: list[tuple[str, bool]] = [(top, True)]
    for block, opening in openings(document.blocks):
        parts.append((_block(block, document, opening), isinstance(block, Paragraph) and not opening))
    text = ""
    for part, follows in parts:
        if part:
            close = follows and document.setting == "book"
            text += ("" if not text else "\n" if close else "\n\n") + part
    return (text + "\n").encode()


def _lines(text: str, first: str = "", rest: str = "") -> str:
    return "\n".join(wrap(line, first=first, rest=rest) for line in legal(text).split("\n") if line.strip())


def _block(block: Block, document: Document, opening: bool = True) -> str:
    match block:
        case Heading():
            text = one_line(block.text)
            return "\n" * (block.level == 1) + wrap(text) + "\n" + "-" * min(columns(text), WIDTH)
        case Paragraph():
            book = document.setting == "book"
            indent = "　　" if document.language == "zh" else "" if opening or not book else "  "
            return _lines(plain(block.spans), indent)
        case Stanza():
            return "\n".join(wrap(line, first="    ", rest="      ") for line in map(one_line, block.lines) if line)
        case Quote():
            inner = "\n\n".join(_block(b, document) for b in block.blocks)
            return "\n".join(
                wrap(line.strip(), first="    ", rest="    ") for line in inner.split("\n") if line.strip()
            )
        case Listing():
            marks = [f"{i}. " if block.ordered else "- " for i in range(1, len(block.items) + 1)]
            pairs = zip(marks, block.items, strict=True)
            return "\n".join(wrap(one_line(plain(item)), first=m, rest=" " * len(m)) for m, item in pairs)
        case Table():
            return _table(block)
        case Figure():
            return wrap(one_line(f"[{block.alt}] {block.caption}"))
        case SceneBreak():
            return " " * 33 + "* * *"
        case PageBreak():
            return ""
        case Note():
            return _lines(block.text)


def _table(table: Table) -> str:
    rows = [tuple(one_line(c) for c in row) for row in (table.header, *table.rows)]
    widths = [max(columns(row[i]) for row in rows) for i in range(len(table.header))]
    lines = []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            room = widths[i] - columns(cell)
            left = {"left": 0, "center": room // 2, "right": room}[table.alignment(i)]
            cells.append(" " * left + cell + " " * (room - left))
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * w for w in widths))
    return (wrap(one_line(table.caption)) + "\n\n" if table.caption else "") + "\n".join(lines)
