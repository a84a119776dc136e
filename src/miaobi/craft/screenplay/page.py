"""A screenplay on the page, in the trade's layout: twelve-point Courier widths, about a page a minute.

Measures from the left edge of US Letter, after Final Draft's template and C. Riley, *The Hollywood Standard*: action at
1.5 in, dialogue at 2.5 in (3.5 in wide), parentheticals at 3.1 in, characters at 3.7 in, transitions flush right; 55
lines a page; page numbers top right with a period, from the second page on. DejaVu Sans Mono has Courier's width.
"""

from __future__ import annotations

import json

from miaobi.craft.markup import escape
from miaobi.craft.screenplay.script import Element, Script
from miaobi.craft.typesetting import CHINESE, fonts, metadata, string, typeset
from miaobi.work import Imprint

_INDENT = {"character": 2.2, "parenthetical": 1.6, "dialogue": 1.0}  # inches from the action's margin
_WIDTH = {"character": 3.8, "parenthetical": 2.5, "dialogue": 3.5}
_MONO = ("DejaVu Sans Mono", "Noto Sans Mono CJK SC", *CHINESE)
_STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1b; --paper: #fdfdfb; --desk: #e9e6df; --soft: #77736a }
@media (prefers-color-scheme: dark) { :root { --ink: #dcd9d2; --paper: #1d1c1a; --desk: #121110; --soft: #97928a } }
html { background: var(--desk); color: var(--ink) }
body { margin: 2rem auto; font: 12pt/1 "Courier Prime", "Courier New", Courier, monospace; line-height: 1.15 }
main { background: var(--paper); box-sizing: border-box; width: min(8.5in, 100%); margin: auto;
  padding: 1in min(1in, 6vw) 1in min(1.5in, 8vw); box-shadow: 0 1px 6px #0003 }
header { text-align: center; padding: 1.6in 0 1.9in }
h1 { font-size: 1em; font-weight: normal; text-decoration: underline; text-transform: uppercase; margin: 0 0 2em }
header p { margin: .6em 0 } .notice { color: var(--soft); font-size: .8em }
p { margin: 0 0 1em; white-space: pre-wrap } h2 { font-size: 1em; font-weight: bold; margin: 1.6em 0 1em }
.character { margin: 0 0 0 2.2in } .parenthetical { margin: 0 0 0 1.6in; max-width: 2.5in }
.dialogue { margin: 0 0 1em 1in; max-width: 3.5in } .transition { text-align: right } .centered { text-align: center }
@media (max-width: 40rem) { .character { margin-left: 30% } .parenthetical { margin-left: 20% }
  .dialogue { margin-left: 10% } }
@media print { html { background: none } body { margin: 0 } main { box-shadow: none; width: auto; padding: 0 }
  header { break-after: page } h2, .character { break-after: avoid } }
"""


def html(script: Script, imprint: Imprint) -> bytes:
    """Return one self-contained page: no script, no request, every text escaped."""
    page = dict(script.title_page)
    label = escape(json.dumps(imprint.aigc, ensure_ascii=True, separators=(",", ":")))
    body = "\n".join(_block(e) for e in script.elements if e.kind not in ("note", "section", "synopsis"))
    return f"""<!DOCTYPE html>
<html lang="{imprint.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="{escape(imprint.generator)}">
<meta name="AIGC" content="{label}">
<title>{escape(page.get("Title", imprint.title))}</title>
<style>{_STYLE}</style>
</head>
<body><main>
<header><h1>{escape(page.get("Title", imprint.title))}</h1>
<p>{escape(page.get("Credit", ""))}</p><p>{escape(page.get("Author", ""))}</p>
<p class="notice">{escape(imprint.notice)}</p></header>
{body}
</main></body>
</html>
""".encode()


def _block(e: Element) -> str:
    text = escape(f"({e.text})" if e.kind == "parenthetical" else e.text)
    if e.kind == "scene":
        return f"<h2>{text}</h2>"
    return f'<p class="{e.kind}">{text}</p>'


def pdf(script: Script, imprint: Imprint) -> bytes:
    """Return the script as a PDF on US Letter, title page first."""
    page = dict(script.title_page)
    title = page.get("Title", imprint.title)
    lines = [
        metadata(imprint),
        '#set page("us-letter", margin: (left: 1.5in, right: 1in, top: 1in, bottom: 1in), numbering: none)',
        f"#set text(font: {fonts(*_MONO)}, size: 11.95pt, hyphenate: false)",
        "#set par(leading: 2.6pt, spacing: 14.5pt, justify: false)",
        f"#align(center)[#v(2.6in) #underline[#upper({string(title)})] #v(0.5in) #{string(page.get('Credit', ''))}"
        f" #v(0.05in) #{string(page.get('Author', ''))} #v(3.2in) #text(size: 9pt)[#{string(imprint.notice)}]]",
        "#pagebreak()",
        "#set page(header: context { let n = counter(page).get().first() - 1; if n > 1 "
        "{ align(right)[#text(size: 11.95pt)[#n.]] } })",
        *_blocks(script),
    ]
    return typeset("\n".join(lines), imprint)


def _blocks(script: Script) -> list[str]:
    out: list[str] = []
    for i, e in enumerate(script.elements):
        text = string(f"({e.text})" if e.kind == "parenthetical" else e.text)
        after = script.elements[i + 1].kind if i + 1 < len(script.elements) else ""
        if e.kind == "scene":
            out.append(f"#block(above: 29pt, sticky: true)[#{text}]")
        elif e.kind in _INDENT:
            close = "below: 2.6pt, sticky: true" if after in ("dialogue", "parenthetical") else "below: 14.5pt"
            box = f"#pad(left: {_INDENT[e.kind]}in)[#block(width: {_WIDTH[e.kind]}in)[#{text}]]"
            out.append(f"#block({close})[{box}]")
        elif e.kind == "transition":
            out.append(f"#align(right)[#{text}]")
        elif e.kind == "centered":
            out.append(f"#align(center)[#{text}]")
        elif e.kind == "action":
            out.append(f"#par[#{text}]")
    return out
