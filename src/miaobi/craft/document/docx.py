"""Document as DOCX (ISO 29500): real styles, fonts for both scripts, core properties, the label.

The label is the property ``AIGC`` of docProps/custom.xml (TC260-PG-20258A), which python-docx can't write: we add the
part, its relation and its content type while packing the zip anew with fixed dates.
"""

from __future__ import annotations

import datetime
import io
import json
from typing import Any

from docx import Document as open_docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

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
from miaobi.craft.document.package import pack, unpack
from miaobi.craft.markup import escape, legal, one_line
from miaobi.craft.raster import png

_DATE = datetime.datetime(2000, 1, 1)
_LATIN, _CHINESE = "Georgia", "宋体"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def write(document: Document) -> bytes:
    """Return the document as a Word file."""
    file = open_docx()
    _properties(file, document)
    _styles(file, document)
    for text, style in (
        (document.title, "Title"),
        (document.subtitle, "Subtitle"),
        (document.byline, "Byline"),
        (document.imprint.notice, "Notice"),
    ):
        if text:
            file.add_paragraph(one_line(text), style)
    for block, opening in openings(document.blocks):
        _block(file, block, opening, document)
    _page_number(file)
    out = io.BytesIO()
    file.save(out)
    return pack(_labelled(unpack(out.getvalue()), document))


def _properties(file: Any, document: Document) -> None:
    core = file.core_properties
    core.title, core.author = (
        one_line(document.title)[:255],
        one_line(document.byline or document.imprint.creator)[:255],
    )
    core.comments, core.identifier = one_line(document.imprint.notice)[:255], document.imprint.identifier
    core.language = "zh-CN" if document.language == "zh" else "en"
    core.created = core.modified = _DATE
    core.last_modified_by, core.revision, core.keywords = document.imprint.creator, 1, ""


def _styles(file: Any, document: Document) -> None:
    book, zh = document.setting == "book", document.language == "zh"
    normal = file.styles["Normal"]
    _font(normal, 11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.line_spacing = 1.5 if zh else 1.3
    normal.paragraph_format.space_after = Pt(0 if book else 9)
    for name, size, bold in (("Title", 28, False), ("Heading 1", 17, not book), ("Heading 2", 13, True)):
        _font(file.styles[name], size, bold)
    for level in range(3, 7):
        _font(file.styles[f"Heading {level}"], 11, True)
    _font(file.styles["Subtitle"], 14)
    _font(file.styles["Caption"], 9)
    for name, points in (
        ("Byline", 11.0),
        ("Notice", 8.5),
        ("Remark", 9.0),
        ("Scene Break", 11),
        ("Body Text First", 11),
    ):
        file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = normal
        _font(file.styles[name], points)
    centred = ("Title", "Subtitle", "Byline", "Notice", "Heading 1") if book else ()
    for name in (*centred, "Scene Break"):
        file.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, before, after in (
        ("Title", 72 if book else 0, 8),
        ("Subtitle", 0, 10),
        ("Byline", 6, 6),
        ("Notice", 6, 40 if book else 18),
        ("Heading 1", 36 if book else 20, 18 if book else 8),
        ("Scene Break", 14, 14),
        ("Remark", 10, 6),
    ):
        file.styles[name].paragraph_format.space_before = Pt(before)
        file.styles[name].paragraph_format.space_after = Pt(after)
    borders = file.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        file.styles["Title"].element.pPr.remove(borders)


def _font(style: Any, size: float, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = _LATIN, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", _CHINESE), ("cs", _LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _spans(paragraph: Any, spans: tuple[Span, ...], language: str) -> None:
    for span in spans:
        run = paragraph.add_run(legal(span.text))
        run.bold = True if span.strong else None
        if span.emphasis and language == "zh":
            mark = OxmlElement("w:em")  # 着重号
            mark.set(qn("w:val"), "dot")
            run._r.get_or_add_rPr().append(mark)
        elif span.emphasis:
            run.italic = True


def _block(file: Any, block: Block, opening: bool, document: Document, quoted: bool = False) -> None:
    match block:
        case Heading():
            file.add_paragraph(one_line(block.text), f"Heading {min(max(block.level, 1), 6)}")
        case Paragraph():
            _paragraph(file, block, opening, document, quoted)
        case Stanza():
            paragraph = file.add_paragraph(legal("\n".join(block.lines)), "Normal")
            paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Quote():
            for inner in block.blocks:
                _block(file, inner, True, document, quoted=True)
        case Listing():
            for item in block.items:
                _spans(
                    file.add_paragraph(style="List Number" if block.ordered else "List Bullet"), item, document.language
                )
        case Table():
            _table(file, block)
        case Figure():
            _figure(file, block)
        case SceneBreak():
            file.add_paragraph("∗ ∗ ∗", "Scene Break")
        case PageBreak():
            file.add_page_break()
        case Note():
            file.add_paragraph(legal(block.text), "Remark")


def _paragraph(file: Any, block: Paragraph, opening: bool, document: Document, quoted: bool) -> None:
    zh, book = document.language == "zh", document.setting == "book"
    paragraph = file.add_paragraph(style="Body Text First" if opening and book and not zh else "Normal")
    _spans(paragraph, block.spans, document.language)
    shape = paragraph.paragraph_format
    if quoted:
        shape.left_indent = shape.right_indent = Pt(28)
    elif book and (zh or not opening):
        shape.first_line_indent = Pt(22 if zh else 16)
        if zh:
            paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")  # two 字, whatever the size
    if book:
        shape.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _table(file: Any, table: Table) -> None:
    if table.caption:
        file.add_paragraph(one_line(table.caption), "Caption").paragraph_format.keep_with_next = True
    grid = file.add_table(rows=0, cols=len(table.header), style="Light Shading")
    grid.style.font.size = Pt(9.5)
    for n, row in enumerate((table.header, *table.rows)):
        for i, (cell, text) in enumerate(zip(grid.add_row().cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(one_line(text)).bold = n == 0
            paragraph.alignment = _SIDES[table.alignment(i)]
            paragraph.paragraph_format.space_after = Pt(2)
    file.add_paragraph().paragraph_format.space_after = Pt(0)


def _figure(file: Any, figure: Figure) -> None:
    section = file.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    picture = png(figure.svg, 1400)
    shape = file.add_picture(io.BytesIO(picture), width=width)
    shape._inline.docPr.set("descr", one_line(figure.alt))
    if figure.caption:
        file.add_paragraph(one_line(figure.caption), "Caption")


def _page_number(file: Any) -> None:
    paragraph = file.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _labelled(parts: dict[str, bytes], document: Document) -> dict[str, bytes]:
    """Add docProps/custom.xml with the property AIGC."""
    value = escape(json.dumps(document.imprint.aigc, separators=(",", ":")))
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    parts["docProps/custom.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">'
        f'<property fmtid="{_FORMAT}" pid="2" name="AIGC"><vt:lpwstr>{value}</vt:lpwstr></property></Properties>'
    ).encode()
    types, relations = parts["[Content_Types].xml"], parts["_rels/.rels"]
    override = f'<Override PartName="/docProps/custom.xml" ContentType="{_TYPE}"/></Types>'
    relation = f'<Relationship Id="rIdAIGC" Type="{_RELATION}" Target="docProps/custom.xml"/></Relationships>'
    parts["[Content_Types].xml"] = types.replace(b"</Types>", override.encode())
    parts["_rels/.rels"] = relations.replace(b"</Relationships>", relation.encode())
    return parts
