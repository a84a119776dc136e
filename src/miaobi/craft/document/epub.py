"""Document as EPUB 3.3: cover page, contents, one file a chapter, navigation; written by us part by part.

No library writes it because the one at hand puts the clock and a random id into the file and is AGPL. Layout after
W3C EPUB 3.3 sections 3–5: container.xml → package document → spine. The label is ``<meta name="AIGC">`` in the package
(no place for EPUB is laid down in TC260-PG-20258A), the notice stands on the cover page.
"""

from __future__ import annotations

import json
from dataclasses import replace

from miaobi.craft.document.document import Block, Document, Figure, Heading, PageBreak, anchors, openings
from miaobi.craft.document.html import SERIF, SERIF_ZH, element
from miaobi.craft.document.package import ISO_DATE, pack
from miaobi.craft.markup import escape, one_line

STYLE = """
body { font-family: FONT; line-height: 1.5; margin: 0 5%; widows: 2; orphans: 2 }
h2 { font-size: 1.45em; font-weight: normal; text-align: center; margin: 3.5em 0 2em; line-height: 1.3 }
h3, h4, h5, h6 { font-size: 1.05em; margin: 1.8em 0 .6em }
p { margin: 0; text-indent: 1.3em; text-align: justify; hyphens: auto }
p.first, .note { text-indent: 0 }
hr { border: 0; height: auto; margin: 1.6em 0; text-align: center }
hr::before { content: "\\2217\\2002\\2217\\2002\\2217" }
hr.page { display: none }
blockquote { margin: 1.2em 1.6em }
figure { margin: 1.6em 0 } figure img { max-width: 100% }
figcaption, caption { font-size: .85em; text-align: start }
table { border-collapse: collapse; width: 100%; font-size: .9em; border-top: 1px solid; border-bottom: 1px solid }
th, td { padding: .3em .5em; text-align: start; vertical-align: top } th { border-bottom: 1px solid }
.right { text-align: end } .center { text-align: center } .note { font-size: .85em; margin: 1em 0 }
nav ol { list-style: none; padding: 0 } nav ol ol { padding-inline-start: 1.4em } nav li { margin: .5em 0 }
nav a { color: inherit; text-decoration: none }
.report p { text-indent: 0; margin: 0 0 .9em; text-align: start } .report h2 { text-align: start; margin: 2em 0 .8em }
:lang(zh) { font-family: FONTZH; line-height: 1.8 }
:lang(zh) p { text-indent: 2em } :lang(zh) .note, :lang(zh) .report p { text-indent: 0 }
:lang(zh) em { font-style: normal; -epub-text-emphasis-style: filled dot; text-emphasis: filled dot;
  text-emphasis-position: under right }
.cover { text-align: center; margin: 0 8% } .cover p { text-indent: 0; text-align: center; hyphens: none }
.cover h1 { font-size: 2.3em; font-weight: normal; line-height: 1.2; margin: 28% 0 0 }
.cover .rule { width: 3em; margin: 1.6em auto; border-top: 1px solid }
.cover .subtitle { font-style: italic; font-size: 1.1em } :lang(zh) .subtitle { font-style: normal }
.cover .byline { margin-top: 2em; letter-spacing: .05em } .cover .notice { margin-top: 8em; font-size: .75em }
""".replace("FONTZH", SERIF_ZH).replace("FONT", SERIF)

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def write(document: Document) -> bytes:
    """Return the document as an EPUB publication."""
    sections, pictures = _sections(document)
    lang = "zh-CN" if document.language == "zh" else "en"
    pages = {"cover.xhtml": _cover(document)}
    for n, (_, lines) in enumerate(sections, 1):
        pages[f"section-{n}.xhtml"] = "\n".join(lines)
    parts: dict[str, bytes] = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": _CONTAINER.encode(),
        "EPUB/package.opf": _package(document, lang, list(pages), list(pictures)).encode(),
        "EPUB/nav.xhtml": _page(document, lang, _navigation(document, sections)).encode(),
        "EPUB/style.css": STYLE.encode(),
        **{f"EPUB/{name}": _page(document, lang, body).encode() for name, body in pages.items()},
        **{f"EPUB/{name}": svg.encode() for name, svg in pictures.items()},
    }
    return pack(parts, stored=("mimetype",))


Section = tuple[list[tuple[int, str, str]], list[str]]  # its headings (level, text, id) and its lines


def _sections(document: Document) -> tuple[list[Section], dict[str, str]]:
    """Cut the blocks before every level-1 heading; name the pictures."""
    named = anchors(document)
    pictures: dict[str, str] = {}
    sections: list[Section] = [([], [])]
    for i, (block, opening) in enumerate(openings(document.blocks)):
        if isinstance(block, Heading) and block.level <= 1 and sections[-1][1]:
            sections.append(([], []))
        headings, lines = sections[-1]
        if isinstance(block, Heading):
            headings.append((max(block.level, 1), one_line(block.text), named[i]))
        if not isinstance(block, PageBreak):
            lines.append(_element(block, opening, named.get(i, ""), pictures))
    return [s for s in sections if s[1]] or [([], ["<p></p>"])], pictures


def _element(block: Block, opening: bool, id: str, pictures: dict[str, str]) -> str:
    if not isinstance(block, Figure):
        return element(block, opening, id)
    name = f"figure-{len(pictures) + 1}.svg"
    pictures[name] = block.svg
    return element(replace(block, svg=""), picture=name)


def _page(document: Document, lang: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{lang}" xml:lang="{lang}">\n'
        f"<head><title>{_title(document)}</title>"
        '<link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        f'<body><div class="{document.setting}">\n{body}\n</div></body>\n</html>\n'
    )


def _title(document: Document) -> str:
    return escape(one_line(document.title) or document.imprint.identifier)


def _cover(document: Document) -> str:
    rows = [("subtitle", document.subtitle), ("byline", document.byline), ("notice", document.imprint.notice)]
    lines = [f'<p class="{name}">{escape(one_line(text))}</p>' for name, text in rows if text]
    return "\n".join(
        [
            '<section class="cover" epub:type="titlepage">',
            f'<h1>{_title(document)}</h1>\n<div class="rule"></div>',
            *lines,
            "</section>",
        ]
    )


def _navigation(document: Document, sections: list[Section]) -> str:
    label = "目录" if document.language == "zh" else "Contents"
    items = [f'<li><a href="cover.xhtml">{_title(document)}</a></li>']
    for n, (headings, _) in enumerate(sections, 1):
        if not headings:
            continue
        links = [f'<a href="section-{n}.xhtml#{id}">{escape(text) or n}</a>' for _, text, id in headings]
        deeper = [link for link, (level, _, _) in zip(links[1:], headings[1:], strict=True) if level == 2]
        inner = f"<ol>{''.join(f'<li>{link}</li>' for link in deeper)}</ol>" if deeper else ""
        items.append(f"<li>{links[0]}{inner}</li>")
    return "\n".join(['<nav epub:type="toc" id="toc">', f"<h2>{label}</h2>", "<ol>", *items, "</ol>", "</nav>"])


def _package(document: Document, lang: str, pages: list[str], pictures: list[str]) -> str:
    imprint = document.imprint
    metadata = [
        f'<dc:identifier id="id">urn:uuid:{escape(imprint.identifier)}</dc:identifier>',
        f"<dc:title>{_title(document)}</dc:title>",
        f"<dc:language>{lang}</dc:language>",
        f"<dc:creator>{escape(one_line(document.byline or imprint.creator))}</dc:creator>",
        f"<dc:description>{escape(one_line(imprint.notice))}</dc:description>",
        f'<meta property="dcterms:modified">{ISO_DATE}</meta>',
        f'<meta name="generator" content="{escape(imprint.generator or imprint.creator)}"/>',
    ]
    if imprint.aigc:
        metadata.append(f'<meta name="AIGC" content="{escape(json.dumps(imprint.aigc, separators=(",", ":")))}"/>')
    items = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="style" href="style.css" media-type="text/css"/>',
        *(f'<item id="p{i}" href="{name}" media-type="application/xhtml+xml"/>' for i, name in enumerate(pages)),
        *(f'<item id="f{i}" href="{name}" media-type="image/svg+xml"/>' for i, name in enumerate(pictures)),
    ]
    order = ["p0", *(["nav"] if document.toc else []), *(f"p{i}" for i in range(1, len(pages)))]
    spine = [f'<itemref idref="{id}"/>' for id in order]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{lang}">',
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
            *metadata,
            "</metadata>",
            "<manifest>",
            *items,
            "</manifest>",
            "<spine>",
            *spine,
            "</spine>",
            "</package>",
            "",
        ]
    )
