"""Document as one HTML page: self-contained, no script, no request to anywhere, light and dark, fit to print.

Every text is escaped; pictures are ``data:`` images, in which SVG can't run scripts. The label is
``<meta name="AIGC">`` (HTML has no place in TC260-PG-20258A: our choice) and the notice stands under the title.
"""

from __future__ import annotations

import base64
import json

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
    anchors,
    contents,
    openings,
)
from miaobi.craft.markup import escape, one_line

SERIF = '"Iowan Old Style", "Palatino Nova", Palatino, "Source Serif 4", "Noto Serif", Georgia, serif'
SERIF_ZH = '"Source Han Serif SC", "Noto Serif CJK SC", "Songti SC", SimSun, serif'
FIRST = '<p class="first">'
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

STYLE = """
:root { color-scheme: light dark; --ink: #22201d; --paper: #fdfcf9; --soft: #6b665e; --line: #d9d4ca; --mark: #8a3324 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dcd7cd; --paper: #191816; --soft: #9b958a; --line: #3b3833; --mark: #d98d76 }
}
* { box-sizing: border-box }
html { background: var(--paper); color: var(--ink); font: 1.14rem/1.62 FONT; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; max-width: 36em; padding: 12vh 1.4rem 16vh; hanging-punctuation: first last;
  overflow-wrap: break-word; font-variant-numeric: oldstyle-nums proportional-nums }
header { text-align: center; margin-bottom: 4.5em }
h1 { font-size: 2.3em; line-height: 1.15; font-weight: 500; margin: 0; letter-spacing: -.01em; text-wrap: balance }
.subtitle { font-size: 1.15em; font-style: italic; color: var(--soft); margin: .7em 0 0; text-wrap: balance }
.byline { margin: 1.6em 0 0; letter-spacing: .04em }
.notice { margin: 1.8em 0 0; font-size: .74em; letter-spacing: .03em; color: var(--soft) }
h2 { font-size: 1.42em; font-weight: 500; text-align: center; margin: 4em 0 1.6em; line-height: 1.25;
  text-wrap: balance }
h3, h4, h5, h6 { font-size: 1.08em; font-weight: 600; margin: 2.2em 0 .7em; line-height: 1.3 }
p { margin: 0; text-indent: 1.4em; text-align: justify; hyphens: auto; text-wrap: pretty }
p.first, header p, .note { text-indent: 0 }
header p { text-align: inherit }
nav { text-align: center }
.report nav { text-align: start; margin-inline: 0 }
.report p { text-indent: 0; margin: 0 0 .95em; text-align: start }
.report h2 { text-align: start; margin: 2.6em 0 .8em; font-weight: 600 }
.report header { text-align: start; border-bottom: 1px solid var(--line); padding-bottom: 1.6em; margin-bottom: 2.4em }
hr { border: 0; margin: 2em 0; text-align: center; color: var(--soft) }
hr::before { content: "\\2217\\2002\\2217\\2002\\2217" }
hr.page { height: 0; margin: 2em 0; break-after: page }
hr.page::before { content: none }
blockquote { margin: 1.6em 1.8em; color: var(--soft) }
ul, ol { padding-inline-start: 1.5em; margin: 1em 0 }
li { margin: .3em 0 }
figure { margin: 2.2em 0 }
figure img { display: block; width: 100%; height: auto }
figcaption, caption { font-size: .84em; color: var(--soft); margin-top: .6em; text-align: start; caption-side: top }
.sheet { overflow-x: auto; margin: 2em 0 }
table { border-collapse: collapse; width: 100%; font-size: .9em; line-height: 1.4;
  font-variant-numeric: lining-nums tabular-nums; border-top: 1.5px solid; border-bottom: 1.5px solid }
caption { padding-bottom: .6em }
th, td { padding: .42em .7em; text-align: start; vertical-align: top }
th { font-weight: 600; border-bottom: 1px solid }
.right { text-align: end } .center { text-align: center }
.note { font-size: .82em; color: var(--soft); margin: 1.2em 0 }
nav { margin: 0 auto 4em; max-width: 26em }
nav ol { list-style: none; padding: 0 }
.report nav .l2 { padding-inline-start: 1.4em }
nav .l2 { font-size: .9em }
nav a { color: inherit; text-decoration: none; border-bottom: 1px solid var(--line) }
nav a:hover { color: var(--mark); border-color: var(--mark) }
:lang(zh) { font-family: FONTZH; line-height: 1.85 }
:lang(zh) p { text-indent: 2em; text-align: justify; hyphens: none }
:lang(zh) header p, :lang(zh) .note, :lang(zh) nav { text-align: center }
.report nav { text-align: start; margin-inline: 0 }
.report p { text-indent: 0 }
:lang(zh) em, :lang(zh) .subtitle { font-style: normal }
:lang(zh) em { text-emphasis: filled dot; text-emphasis-position: under right }
@media (max-width: 30rem) { p { text-align: start } h1 { font-size: 1.9em } body { padding-top: 8vh } }
@page { margin: 22mm 24mm }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #555; --line: #bbb; color-scheme: light }
  html { font-size: 10.5pt } body { padding: 0; max-width: none } nav { break-after: page }
  h2, h3 { break-after: avoid } figure, tr { break-inside: avoid } p { orphans: 2; widows: 2 }
}
""".replace("FONTZH", SERIF_ZH).replace("FONT", SERIF)


def write(document: Document) -> bytes:
    """Return the document as a UTF-8 HTML page."""
    imprint = document.imprint
    metas = {
        "viewport": "width=device-width, initial-scale=1",
        "generator": imprint.generator,
        "author": document.byline,
        "dcterms.identifier": f"urn:uuid:{imprint.identifier}",
        "AIGC": json.dumps(imprint.aigc, separators=(",", ":")) if imprint.aigc else "",
    }
    lang = "zh-CN" if document.language == "zh" else "en"
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        *(f'<meta name="{name}" content="{escape(value)}">' for name, value in metas.items() if value),
        f"<title>{escape(one_line(document.title))}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        f'<body class="{document.setting}">',
        *_header(document),
        *(_contents(document) if document.toc else []),
        "<main>",
        *body(document),
        "</main>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _header(document: Document) -> list[str]:
    rows = [("subtitle", document.subtitle), ("byline", document.byline), ("notice", document.imprint.notice)]
    return [
        "<header>",
        f"<h1>{escape(one_line(document.title))}</h1>",
        *(f'<p class="{name}">{escape(one_line(text))}</p>' for name, text in rows if text),
        "</header>",
    ]


def _contents(document: Document) -> list[str]:
    rows = [f'<li class="l{level}"><a href="#{id}">{escape(text)}</a></li>' for level, text, id in contents(document)]
    label = "目录" if document.language == "zh" else "Contents"
    return [f'<nav aria-label="{label}">', "<ol>", *rows, "</ol>", "</nav>"] if rows else []


def body(document: Document) -> list[str]:
    """Return the blocks as HTML that is XHTML too, a line or more each."""
    named = anchors(document)
    return [element(b, opening, named.get(i, "")) for i, (b, opening) in enumerate(openings(document.blocks))]


def inline(spans: tuple[Span, ...]) -> str:
    """Return *spans* as HTML, line breaks kept."""
    out = []
    for span in spans:
        text = escape(span.text).replace("\n", "<br/>")
        text = f"<strong>{text}</strong>" if span.strong else text
        out.append(f"<em>{text}</em>" if span.emphasis else text)
    return "".join(out)


def element(block: Block, opening: bool = False, id: str = "", picture: str = "") -> str:
    """Return one block; *picture* is the address of a figure's image, its own data if empty."""
    match block:
        case Heading():
            level = min(block.level + 1, 6)
            place = f' id="{id}"' if id else ""
            return f"<h{level}{place}>{escape(one_line(block.text))}</h{level}>"
        case Paragraph():
            return f"{FIRST if opening else '<p>'}{inline(block.spans)}</p>"
        case Stanza():
            lines = inline((Span("\n".join(block.lines)),))
            return f'<p class="first" style="text-align: center">{lines}</p>'
        case Quote():
            inner = "".join(element(b, o) for b, o in openings(block.blocks))
            return f"<blockquote>{inner}</blockquote>"
        case Listing():
            tag = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{inline(item)}</li>" for item in block.items)
            return f"<{tag}>{items}</{tag}>" if items else ""
        case Table():
            return _table(block)
        case Figure():
            source = picture or "data:image/svg+xml;base64," + base64.b64encode(block.svg.encode()).decode()
            caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
            return f'<figure><img src="{source}" alt="{escape(one_line(block.alt))}"/>{caption}</figure>'
        case SceneBreak() | PageBreak():
            return "<hr/>" if isinstance(block, SceneBreak) else '<hr class="page"/>'
        case Note():
            return f'<p class="note">{inline((Span(block.text),))}</p>'


def _table(table: Table) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        made = []
        for i, cell in enumerate(cells):
            side = table.alignment(i)
            name = "" if side == "left" else f' class="{side}"'
            made.append(f"<{tag}{name}>{escape(cell)}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    rows = "".join(row(r, "td") for r in table.rows)
    head = f"<thead>{row(table.header, 'th')}</thead>"
    return f'<div class="sheet"><table>{caption}{head}<tbody>{rows}</tbody></table></div>'
