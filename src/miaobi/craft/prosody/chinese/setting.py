"""Setting a Chinese poem as files: text, Markdown, HTML and PDF with the chart of its tones, the broadside as SVG."""

from __future__ import annotations

from miaobi.craft import certified
from miaobi.craft.document import MEDIA_TYPES, Document, Figure, Heading, Listing, Note, Span, Stanza, Table, write
from miaobi.craft.document.document import Block
from miaobi.craft.markup import one_line
from miaobi.craft.plot.telling import file_name
from miaobi.craft.prosody.chinese import broadside
from miaobi.craft.prosody.chinese.account import group_name, pinyin
from miaobi.craft.prosody.chinese.allusion import allusions
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.craft.prosody.chinese.scansion import Scan
from miaobi.craft.prosody.chinese.script import shown
from miaobi.craft.typesetting import CHINESE, SERIF, fonts, grid, metadata, string, typeset
from miaobi.work import Imprint, Rendering


def render(poem: ChinesePoem, scanned: Scan, ending: str, imprint: Imprint) -> Rendering:
    """Return the poem as a file of this ending."""
    name = file_name(poem.title, ending)
    if ending == "svg":
        picture = broadside.svg(poem, imprint).encode()
        return Rendering(name=name, media_type="image/svg+xml", content=picture)
    if ending == "pdf":
        return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=_pdf(poem, scanned, imprint))
    made = document(poem, scanned, imprint, pictured=ending == "html")
    return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=write(made, ending))


def document(poem: ChinesePoem, scanned: Scan, imprint: Imprint, pictured: bool) -> Document:
    """Return the poem as a document; *pictured*: with the broadside before its lines."""
    blocks: list[Block] = []
    if pictured:
        blocks.append(Figure(broadside.svg(poem, imprint), "", broadside.spoken(poem)))
    blocks += [Stanza(tuple(stanza)) for stanza in poem.sentences()]
    if poem.appendix != "none" and scanned.lines:
        blocks += [Heading(1, shown("格律", poem.script)), Note(_summary(poem, scanned)), _chart(poem, scanned)]
        blocks += [Note(shown(remark.message, poem.script)) for remark in scanned.remarks]
        if told := _allusions(poem):
            blocks += [Heading(1, "典故"), Listing(tuple((Span(row),) for row in told))]
    if poem.appendix == "certificate":
        blocks += [Heading(1, shown("證書", poem.script)), *_certificate(poem)]
    return Document(shown(poem.title, poem.script), poem.dedication, "zh", tuple(blocks), imprint)


def _summary(poem: ChinesePoem, scanned: Scan) -> str:
    """Return form, pattern and rhymes in one line."""
    rhymes = "；".join(shown(group_name(scanned.scheme, *rhyme), poem.script) for rhyme in scanned.rhymes.values())
    name = "對聯" if scanned.scheme.name == "聯" else scanned.scheme.name
    return shown(name, poem.script) + (f"　{rhymes}" if rhymes else "")


def _rows(poem: ChinesePoem, scanned: Scan) -> list[tuple[str, ...]]:
    """Return of each line: itself, its tones, the wanted ones, and how it is said today."""
    return [
        (poem.shown(line), "".join(read.tone for read in reads), slots.tones, " ".join(pinyin(reads)))
        for line, reads, slots in zip(poem.lines, scanned.lines, scanned.scheme.lines, strict=True)
    ]


def _allusions(poem: ChinesePoem) -> list[str]:
    """Return a sentence a phrase that may allude to something: where it stands, its source, its meaning."""
    told = (f"第{a.line + 1}句“{a.phrase}”或本{a.source}：{a.meaning}。" for a in allusions(poem.plain()))
    return [shown(row, poem.script) for row in told]


def _head(poem: ChinesePoem) -> tuple[str, ...]:
    return ("句", "平仄", shown("譜", poem.script), "今音")


def _chart(poem: ChinesePoem, scanned: Scan) -> Table:
    return Table("", _head(poem), tuple(_rows(poem, scanned)))


def _certificate(poem: ChinesePoem) -> list[Block]:
    """Return the certificate: a heading a line, its rules as a list."""
    blocks: list[Block] = []
    for row in shown(certified.text(poem.certificate, "zh"), poem.script).splitlines():
        if row.startswith("  ") and isinstance(blocks[-1], Listing):
            blocks[-1] = Listing((*blocks[-1].items, (Span(row.strip()),)))
        elif row.startswith("  "):
            blocks.append(Listing(((Span(row.strip()),),)))
        else:
            blocks.append(Note(row))
    return blocks


def _pdf(poem: ChinesePoem, scanned: Scan, imprint: Imprint) -> bytes:
    """Return two pages: the broadside, and what its rules are and how it keeps them."""
    parts = [metadata(imprint), f"#set text(font: {fonts(*SERIF, *CHINESE)})", broadside.page(poem, imprint)]
    if poem.appendix != "none" and scanned.lines:
        parts += [
            '#set page(paper: "a5", flipped: true, margin: 20mm, fill: white)',
            '#set text(size: 10pt, top-edge: "cap-height", bottom-edge: "baseline")',
            f"#text(size: 14pt, {string(shown(poem.title, poem.script))})\n#v(2mm)",
            f"#text(fill: luma(90), {string(_summary(poem, scanned))})\n#v(4mm)",
            grid(_head(poem), _rows(poem, scanned)),
            *(f"#v(2mm)\n#text(fill: luma(90), {string(shown(r.message, poem.script))})" for r in scanned.remarks),
            *(f"#v(2mm)\n#text(fill: luma(90), {string(row)})" for row in _allusions(poem)),
        ]
    if poem.appendix == "certificate":
        said = shown(certified.text(poem.certificate, "zh"), poem.script).splitlines()
        parts += ["#v(6mm)", *(f"#par(text(size: 9pt, {string(one_line(row))}))" for row in said)]
    return typeset("\n".join(parts) + "\n", imprint)
