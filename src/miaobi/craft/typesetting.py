"""Typesetting: Typst source to a PDF with a label, the same bytes on every run, and never a missing glyph.

PDF/A-2u is asked for because it refuses a character that no font can show (instead of printing a box) and because it
is made to last. The fonts that ship inside the Typst wheel (Libertinus Serif, New Computer Modern, DejaVu Sans Mono)
and, for Chinese, Noto Sans CJK from its own wheel are tried alone first, so that a text in them looks alike on every
machine; only a text that they can't set takes the fonts of the system. The label is added to the Info dictionary by
an incremental update (ISO 32000-1, 7.5.6).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from miaobi.craft.markup import CJK, legal
from miaobi.errors import MiaobiError
from miaobi.work import Imprint

SERIF = ("Libertinus Serif",)
CHINESE = ("Noto Sans CJK SC",)
_DATE = "datetime(year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0)"
_GLYPH_HINT = "Install a font that has it (Debian: fonts-noto), or take the html, epub or docx file instead."


def string(text: str) -> str:
    """Return *text* as a Typst string literal: nothing in it is markup or code."""
    out = legal(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{out}"'


def fonts(*families: str) -> str:
    """Return a Typst array of font names."""
    return "(" + "".join(f"{string(name)}, " for name in families) + ")"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], wide: int = -1) -> str:
    """Return a table with rules above, under its head and below, as Typst source; *wide*: the column that grows."""
    columns = ["auto"] * len(head)
    columns[wide] = "1fr"
    cells = ", ".join(string(cell) for row in rows for cell in row)
    heads = ", ".join(f"strong({string(cell)})" for cell in head)
    return (
        f"#table(columns: ({', '.join(columns)}), stroke: none, inset: (x: 6pt, y: 4.5pt), "
        f"table.hline(stroke: .8pt), table.header({heads}), table.hline(stroke: .4pt), {cells}, "
        "table.hline(stroke: .8pt))"
    )


def metadata(imprint: Imprint, author: str = "") -> str:
    """Return the line that sets title, author, language and the fixed date."""
    region = ', region: "CN"' if imprint.language == "zh" else ""
    return (
        f"#set document(title: {string(imprint.title or imprint.identifier)}, "
        f"author: {string(author or imprint.creator)},"
        f" description: {string(imprint.notice)}, date: {_DATE})\n"
        f'#set text(lang: "{imprint.language}"{region})\n'
    )


@cache
def chinese_font() -> Path:
    """Return the font file that the wheel ``manimgx-fonts-cjk`` ships: Noto Sans CJK, all weights (OFL-1.1)."""
    return Path(str(files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"


def typeset(source: str, imprint: Imprint) -> bytes:
    """Return *source* as a PDF that carries the label; raise MiaobiError when no font shows a character."""
    import typst

    system = False
    own: list[Any] = [chinese_font().parent] if CJK.search(source) else []
    while True:
        try:
            pdf: bytes = typst.compile(
                source.encode(), ignore_system_fonts=not system, font_paths=own, pdf_standards="a-2u"
            )
            return labelled(pdf, imprint) if imprint.notice else pdf
        except typst.TypstError as error:
            shown = re.search(r"the text `(.*?)` could not be displayed", str(error), re.S)
            if shown is None:
                raise
            if system:
                message = f"No font on this machine shows {shown[1]}, which a PDF must embed."
                raise MiaobiError(message, _GLYPH_HINT) from None
            system = True


def labelled(pdf: bytes, imprint: Imprint) -> bytes:
    """Return *pdf* with ``/AIGC`` in its Info dictionary, as an incremental update after the original bytes."""
    trailer = pdf[pdf.rindex(b"trailer") :]
    info = re.search(rb"/Info (\d+) 0 R", trailer)
    start = re.search(rb"startxref\s+(\d+)", trailer)
    root = re.search(rb"/Root \d+ 0 R", trailer)
    size = re.search(rb"/Size (\d+)", trailer)
    if not (info and start and root and size) or not imprint.aigc:
        raise MiaobiError("The PDF has no Info dictionary or the imprint has no label.", "This is a fault of ours.")
    number = int(info[1])
    found = re.search(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % number, pdf, re.S)
    if found is None:
        raise MiaobiError("The PDF's Info dictionary could not be found.", "This is a fault of ours.")
    text = json.dumps(imprint.aigc, separators=(",", ":"), ensure_ascii=True)
    text = re.sub(r"([\\()])", r"\\\1", text)
    head = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    entry = b"%d 0 obj\n<<%s\n/AIGC (%s)>>\nendobj\n" % (number, found[1], text.encode("ascii"))
    identity = re.search(rb"/ID\s*\[.*?\](?=\s*(/|>>))", trailer, re.S)
    table = b"xref\n%d 1\n%010d 00000 n\r\n" % (number, len(head))
    end = b"trailer\n<</Size %s %s /Info %d 0 R /Prev %s %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size[1],
        root[0],
        number,
        start[1],
        identity[0] if identity else b"",
        len(head) + len(entry),
    )
    return head + entry + table + end
