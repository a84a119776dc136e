"""Document as PDF: a book page (A5, title page, running head) or a report page (A4), set by Typst.

Measures: about 62 letters a line, 2 字 of indent in Chinese, notice at the foot of the title page of a book and under
the title of a report. A level-1 heading of a book with contents begins a page.
"""

from __future__ import annotations

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
    openings,
)
from miaobi.craft.markup import one_line
from miaobi.craft.typesetting import CHINESE, SERIF, fonts, metadata, string, typeset

_PAGE = """
#let soft = luma(90)
#let emphasised(body) = context if text.lang == "zh" {
  underline(stroke: (thickness: 1pt, dash: "dotted"), offset: 3pt, body)
} else { text(style: "italic", body) }
#set strong(delta: 300)
#set table(stroke: none, inset: (x: 6pt, y: 4.5pt))
#set list(marker: [–], indent: .4em)
#set enum(indent: .4em)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: it => block(width: 100%, align(left, text(.88em, soft, it.body)))
#show figure: set block(above: 1.8em, below: 1.8em)
#let pause = block(above: 1.5em, below: 1.5em, width: 100%, align(center, text(soft, "∗ ∗ ∗")))
#let remark(body) = block(above: 1.4em, text(.84em, soft, par(first-line-indent: 0em, body)))
#let passage(body) = block(inset: (x: 1.6em), above: 1.2em, below: 1.2em, text(soft, body))
"""
_BOOK = """
#set page(paper: "a5", margin: (inside: 20mm, outside: 17mm, top: 21mm, bottom: 22mm))
#set text(size: SIZE, hyphenate: HYPHENATE)
#set par(justify: true, leading: LEADING, spacing: LEADING, first-line-indent: INDENT)
#show heading.where(level: 1): it => {
  CHAPTER
  block(above: 3em, below: 2.6em, width: 100%, align(center, text(1.35em, weight: "regular", it.body)))
}
#show heading.where(level: 2): it => block(above: 1.8em, below: 1em, text(1.05em, weight: "semibold", it.body))
#page(numbering: none, header: none, {
  v(1fr)
  align(center, { BIGTITLE })
  v(2fr)
  align(center, text(.76em, soft, NOTICE))
})
#counter(page).update(1)
#set page(numbering: "1", header: context if counter(page).get().first() > 1 {
  align(center, text(.82em, soft, style: STYLE, TITLE))
})
"""
_REPORT = """
#set page(paper: "a4", margin: (x: 30mm, top: 28mm, bottom: 28mm), numbering: "1", header: context {
  if counter(page).get().first() > 1 { text(.82em, soft, TITLE) }
})
#set text(size: SIZE, hyphenate: HYPHENATE)
#set par(justify: false, leading: LEADING, spacing: 1.15em, first-line-indent: INDENT)
#show heading.where(level: 1): it => block(above: 2em, below: .9em, text(1.3em, weight: "semibold", it.body))
#show heading.where(level: 2): it => block(above: 1.6em, below: .8em, text(1.1em, weight: "semibold", it.body))
#block(below: 2.2em, width: 100%, stroke: (bottom: .6pt + luma(180)), inset: (bottom: 1.2em), {
  set par(first-line-indent: 0em)
  BIGTITLE
  v(.9em)
  text(.78em, soft, NOTICE)
})
"""


def write(document: Document) -> bytes:
    """Return the document as PDF/A-2u; MiaobiError when no font on the machine shows one of its characters."""
    return typeset(source(document), document.imprint)


def source(document: Document) -> str:
    """Return the document as Typst source, all of its text in string literals."""
    parts = [metadata(document.imprint, document.byline), _PAGE, _layout(document)]
    if document.toc:
        parts.append(_contents(document))
    zh = document.language == "zh"  # where every paragraph is indented, the first too
    parts += [_block(block, opening and not zh) for block, opening in openings(document.blocks)]
    return "\n".join(parts) + "\n"


def _layout(document: Document) -> str:
    zh, book = document.language == "zh", document.setting == "book"
    families = (*SERIF, *CHINESE)
    indent = "(amount: 2em, all: true)" if zh and book else "1.3em" if book else "0em"
    values = {
        "SIZE": "10.5pt" if book else "11pt",
        "HYPHENATE": "false" if zh or not book else "true",
        "LEADING": "0.95em" if zh else "0.68em",
        "INDENT": indent,
        "CHAPTER": "pagebreak(weak: true); v(14%)" if document.toc else "",
        "STYLE": '"normal"' if zh else '"italic"',
    }
    page = f"#set text(font: {fonts(*families)})\n" + (_BOOK if book else _REPORT)
    for name, value in values.items():
        page = page.replace(name, value)
    return _fill(page, document)


def _fill(page: str, document: Document) -> str:
    """Put the texts in last and in one pass, so that no text is taken for a name."""
    head = [f"par(leading: .5em, first-line-indent: 0em, text(2.1em, {string(one_line(document.title))}))"]
    if document.subtitle:
        style = "normal" if document.language == "zh" else "italic"
        head += ["v(.5em)", f'text(1.15em, soft, style: "{style}", {string(one_line(document.subtitle))})']
    if document.byline:
        head += ["v(1.4em)", f"text({string(one_line(document.byline))})"]
    if document.setting == "report":
        head = [f"par({h})" if h.startswith("text(") else h for h in head]
    before, rest = page.split("BIGTITLE")
    after, last = rest.split("NOTICE")
    title, notice = string(one_line(document.title)), string(one_line(document.imprint.notice))
    big = "\n  ".join(head)
    return before.replace("TITLE", title) + big + after + notice + last.replace("TITLE", title)


def _contents(document: Document) -> str:
    label = "目录" if document.language == "zh" else "Contents"
    after = "#pagebreak(weak: true)" if document.setting == "book" else "#v(1em)"
    title = f"#align(center, text(1.2em, {string(label)}))\n#v(1.5em)\n" if document.setting == "book" else ""
    return f"{title}#outline(title: none, depth: 2, indent: 1.4em)\n{after}"


def _spans(spans: tuple[Span, ...]) -> str:
    out = []
    for span in spans:
        lines = " + linebreak() + ".join(f"[#{string(line)}]" for line in span.text.split("\n"))
        text = f"strong({lines})" if span.strong else lines
        out.append(f"emphasised({text})" if span.emphasis else text)
    return " + ".join(out) or "[]"


def _block(block: Block, opening: bool = False) -> str:
    match block:
        case Heading():
            return f"#heading(level: {min(max(block.level, 1), 6)}, {string(one_line(block.text))})"
        case Paragraph():
            indent = "first-line-indent: 0em, " if opening and block.first else ""
            return f"#par({indent}{_spans(block.spans)})"
        case Stanza():
            lines = _spans((Span("\n".join(block.lines)),))
            return f"#align(center, par(first-line-indent: 0em, {lines}))"
        case Quote():
            return "#passage[\n" + "\n".join(_block(b) for b in block.blocks) + "\n]"
        case Listing():
            items = ", ".join(_spans(item) for item in block.items)
            return f"#{'enum' if block.ordered else 'list'}({items})" if items else ""
        case Table():
            return _table(block)
        case Figure():
            alt, caption = string(one_line(block.alt)), string(one_line(block.caption))
            picture = f'image(bytes({string(block.svg)}), format: "svg", width: 100%, alt: {alt})'
            return f"#figure({picture}, caption: {caption}, supplement: none)"
        case SceneBreak() | PageBreak():
            return "#pause" if isinstance(block, SceneBreak) else "#pagebreak(weak: true)"
        case Note():
            return f"#remark({_spans((Span(block.text),))})"


def _table(table: Table) -> str:
    aligns = ", ".join(table.alignment(i) for i in range(len(table.header)))
    columns = ", ".join("1fr" if i == 0 else "auto" for i in range(len(table.header)))
    head = ", ".join(f"strong({string(one_line(c))})" for c in table.header)
    cells = "".join(f"{string(one_line(c))}, " for row in table.rows for c in row)
    rules = ("table.hline(stroke: .9pt)", "table.hline(stroke: .5pt)")
    grid = (
        f"table(columns: ({columns},), align: ({aligns},), {rules[0]}, table.header({head}), {rules[1]}, "
        f"{cells}{rules[0]})"
    )
    return f"#figure({grid}, caption: {string(one_line(table.caption))}, kind: table, supplement: none)"
