"""Document as Markdown (CommonMark 0.31 with pipe tables), with YAML front matter.

The front matter holds the label as TC260-PG-20258A places it: a map under the key ``AIGC``. Text is escaped so that
a reader of CommonMark gives it back; a mark that CommonMark would not see as one (beside punctuation, which is usual
in Chinese) is written as an HTML tag.
"""

from __future__ import annotations

import base64
import re

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
    Span,
    Stanza,
    Table,
)
from miaobi.craft.markup import legal, one_line

_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|$])")
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=:](?=)|\d{1,9}(?=[.)]))")


def write(document: Document) -> bytes:
    """Return the document as UTF-8 Markdown."""
    head = [f"# {_inline(document.title)}"]
    if document.subtitle:
        head.append(f"*{_inline(document.subtitle)}*" if document.subtitle.isalnum() else _inline(document.subtitle))
    if document.byline:
        head.append(_inline(document.byline))
    head.append(f"<small>{_inline(document.imprint.notice)}</small>")
    parts = [_front_matter(document), *head, *(_block(b) for b in document.blocks)]
    return ("\n\n".join(p for p in parts if p) + "\n").encode()


def quoted(text: str) -> str:
    """Return *text* as a double-quoted YAML scalar."""
    out = (one_line(text)).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in out) + '"'


def _front_matter(document: Document) -> str:
    imprint = document.imprint
    fields = {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.byline,
        "lang": "zh-CN" if document.language == "zh" else "en",
        "identifier": f"urn:uuid:{imprint.identifier}",
        "generator": imprint.generator,
        "notice": imprint.notice,
    }
    lines = [f"{key}: {quoted(value)}" for key, value in fields.items() if value]
    if imprint.aigc:
        lines += ["AIGC:", *(f"  {key}: {quoted(value)}" for key, value in imprint.aigc.items())]
    return "\n".join(["---", *lines, "---"])


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _inline(text: str) -> str:
    return _AT_START.sub(_escape_start, _escape(one_line(text)))


def _escape_start(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark}\\" if mark.isdigit() else f"{found[1]}\\{mark}"


def _spans(spans: tuple[Span, ...]) -> str:
    out: list[str] = []
    marked = False
    for span in spans:
        text = _escape(legal(span.text))
        bare = span.text[:1].isalnum() and span.text[-1:].isalnum() and not marked
        for wanted, mark, tag in ((span.emphasis, "*", "em"), (span.strong, "**", "strong")):
            if wanted and text.strip():
                stars = bare and not (span.emphasis and span.strong) and "\n" not in text
                text = f"{mark}{text}{mark}" if stars else f"<{tag}>{text}</{tag}>"
        marked = span.emphasis or span.strong
        out.append(text)
    lines = [" ".join(line.split()) for line in "".join(out).split("\n")]
    return "\\\n".join(_AT_START.sub(_escape_start, line) for line in lines if line)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return "#" * min(block.level + 1, 6) + " " + _inline(block.text)
        case Paragraph():
            return _spans(block.spans)
        case Stanza():
            return _spans((Span("\n".join(block.lines)),))
        case Quote():
            return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(map(_block, block.blocks)).split("\n"))
        case Listing():
            marks = (f"{i}. " if block.ordered else "- " for i in range(1, len(block.items) + 1))
            return "\n".join(
                mark + _spans(item).replace("\n", "\n" + " " * len(mark))
                for mark, item in zip(marks, block.items, strict=True)
            )
        case Table():
            return _table(block)
        case Figure():
            coded = base64.b64encode(block.svg.encode()).decode()
            picture = f"![{_inline(block.alt)}](data:image/svg+xml;base64,{coded})"
            return f"{picture}\n\n{_inline(block.caption)}" if block.caption else picture
        case SceneBreak() | PageBreak():
            return "* * *" if isinstance(block, SceneBreak) else ""
        case Note():
            return f"<small>{_spans((Span(block.text),))}</small>" if block.text.strip() else ""


def _table(table: Table) -> str:
    rule = {"left": ":--", "center": ":-:", "right": "--:"}
    rows = [table.header, *table.rows]
    lines = ["| " + " | ".join(_escape(one_line(cell)) for cell in row) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join(rule[table.alignment(i)] for i in range(len(table.header))) + " |")
    return (f"{_inline(table.caption)}\n\n" if table.caption else "") + "\n".join(lines)
