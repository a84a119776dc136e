"""Setting a Chinese poem: as a broadside in columns from right to left with a seal, and as a document with its chart.

Every character of the broadside has a place of its own, so that it looks alike in every program; the type is the first
that the machine has of the families of song and kai type named in ``TYPE``.
"""

from __future__ import annotations

from miaobi.craft import certified
from miaobi.craft.document import MEDIA_TYPES, Document, Figure, Heading, Listing, Note, Span, Stanza, Table, write
from miaobi.craft.document.document import Block
from miaobi.craft.markup import escape, one_line
from miaobi.craft.plot.telling import file_name
from miaobi.craft.prosody.chinese.account import group_name, pinyin
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.craft.prosody.chinese.scansion import Scan
from miaobi.craft.prosody.chinese.script import shown
from miaobi.work import Imprint, Rendering

TYPE = (
    "'Source Han Serif', 'Source Han Serif SC', 'Noto Serif CJK SC', 'Noto Serif SC', 'Songti SC', STKaiti, KaiTi, "
    "'AR PL UKai CN', SimSun, 'Noto Sans CJK SC', serif"
)
_PAPER, _INK, _SOFT, _SEAL = "#f7f1e3", "#1f1b16", "#7d7364", "#b02a1e"
_SIZE, _STEP, _COLUMN, _MARGIN = 54, 64, 96, 96  # px: type, from character to character, from column to column
_NAME = "妙筆之印"  # read down the right column, then the left


def broadside(poem: ChinesePoem, imprint: Imprint) -> str:
    """Return the poem as SVG: title and dedication at the right, a column a line, the seal at the left."""
    columns = _columns(poem)
    longest = max(len(column) for column in columns)
    title = one_line(shown(poem.title, poem.script))[:16]
    dedication = one_line(poem.dedication)[:16]
    heads = 1 + bool(dedication)
    height = 2 * _MARGIN + max(longest * _STEP, len(title) * 46, 7 * _STEP) + 40
    width = 2 * _MARGIN + (len(columns) + heads + 1) * _COLUMN - 20
    x = float(width - _MARGIN - _COLUMN / 2)
    parts = [_down(title, x, _MARGIN, 38, 46)]
    if dedication:
        x -= 0.8 * _COLUMN
        parts.append(_down(dedication, x, _MARGIN + 60, 26, 34, _SOFT))
    stanza = 0
    for column, number in zip(columns, _stanzas(poem), strict=True):
        x -= _COLUMN + (0.4 * _COLUMN if number != stanza else 0)
        stanza = number
        parts.append(_down(column, x, _MARGIN, _SIZE, _STEP))
    parts.append(_seal(x - _COLUMN, height - _MARGIN - 120))
    frame = (
        f'<rect x="28" y="28" width="{width - 56}" height="{height - 56}" fill="none" stroke="{_SOFT}"/>'
        f'<rect x="36" y="36" width="{width - 72}" height="{height - 72}" fill="none" stroke="{_SOFT}" '
        f'stroke-width="0.6"/>'
    )
    label = (
        f'<text x="{width / 2:g}" y="{height - 50}" font-size="14" fill="{_SOFT}" text-anchor="middle">'
        f"{escape(one_line(imprint.notice))}</text>"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-labelledby="t d" font-family="{TYPE}">',
            f'<title id="t">{escape(title)}</title><desc id="d">{escape(spoken(poem))}</desc>',
            f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>{frame}',
            *parts,
            label,
            "</svg>",
            "",
        ]
    )


def _columns(poem: ChinesePoem) -> list[str]:
    """Return the columns without marks; the short lines of a 词 that make one sentence stand in one."""
    columns: list[str] = []
    for i, line in enumerate(poem.lines):
        joins = i and poem.lines[i - 1].mark not in "。！？" and line.stanza == poem.lines[i - 1].stanza
        if joins and poem.scheme[0] not in "五七聯" and len(columns[-1]) + len(line.text) <= 14:
            columns[-1] += "　" + poem.shown(line)
        else:
            columns.append(poem.shown(line))
    return columns


def _stanzas(poem: ChinesePoem) -> list[int]:
    found, left = [], list(poem.lines)
    for column in _columns(poem):
        found.append(left[0].stanza)
        for _ in column.split("　"):
            left.pop(0)
    return found


def _down(text: str, x: float, top: float, size: int, step: int, ink: str = _INK) -> str:
    """Return *text* as a column whose middle is at *x*."""
    cells = "".join(
        f'<text x="{x:g}" y="{top + size * 0.88 + i * step:g}">{escape(c)}</text>'
        for i, c in enumerate(text)
        if c.strip("　 ")
    )
    return f'<g font-size="{size}" fill="{ink}" text-anchor="middle">{cells}</g>'


def _seal(x: float, y: float) -> str:
    places = [(15, 0), (15, 30), (-15, 0), (-15, 30)]
    cells = "".join(
        f'<text x="{x + dx:g}" y="{y + 32 + dy:g}">{c}</text>' for c, (dx, dy) in zip(_NAME, places, strict=True)
    )
    return (
        f'<g><rect x="{x - 35:g}" y="{y:g}" width="70" height="74" rx="7" fill="{_SEAL}"/>'
        f'<rect x="{x - 31:g}" y="{y + 4:g}" width="62" height="66" rx="4" fill="none" stroke="{_PAPER}" '
        f'stroke-width="1.4"/><g font-size="26" fill="{_PAPER}" text-anchor="middle">{cells}</g></g>'
    )


def spoken(poem: ChinesePoem) -> str:
    """Return the poem in one line, as it is read aloud."""
    return " ".join("".join(stanza) for stanza in poem.sentences())


def document(poem: ChinesePoem, scanned: Scan, imprint: Imprint, pictured: bool) -> Document:
    """Return the poem as a document; *pictured*: with the broadside before its lines."""
    blocks: list[Block] = []
    if pictured:
        blocks.append(Figure(broadside(poem, imprint), "", spoken(poem)))
    blocks += [Stanza(tuple(stanza)) for stanza in poem.sentences()]
    if poem.appendix != "none" and scanned.lines:
        blocks += _appendix(poem, scanned)
    return Document(shown(poem.title, poem.script), poem.dedication, "zh", tuple(blocks), imprint)


def _appendix(poem: ChinesePoem, scanned: Scan) -> list[Block]:
    name = shown(scanned.scheme.name, poem.script)
    rhymes = "；".join(shown(group_name(scanned.scheme, *rhyme), poem.script) for rhyme in scanned.rhymes.values())
    blocks: list[Block] = [Heading(1, "格律")]
    blocks.append(Note(f"{name}{'　' + rhymes if rhymes else ''}"))
    if poem.appendix == "certificate":
        said = shown(certified.text(poem.certificate, "zh"), poem.script)
        return [*blocks, Listing(tuple((Span(row.strip()),) for row in said.splitlines() if row.strip()))]
    rows = []
    for i, (line, reads) in enumerate(zip(poem.lines, scanned.lines, strict=True)):
        tones = "".join(read.tone for read in reads)
        rows.append((poem.shown(line), tones, scanned.scheme.lines[i].tones, " ".join(pinyin(reads))))
    blocks.append(Table("", ("句", "平仄", "谱" if poem.script == "simplified" else "譜", "今音"), tuple(rows)))
    blocks += [Note(shown(remark.message, poem.script)) for remark in scanned.remarks]
    return blocks


def render(poem: ChinesePoem, scanned: Scan, ending: str, imprint: Imprint) -> Rendering:
    """Return the poem as a file of this ending."""
    name = file_name(poem.title, ending)
    if ending == "svg":
        return Rendering(name=name, media_type="image/svg+xml", content=broadside(poem, imprint).encode())
    made = document(poem, scanned, imprint, ending in ("html", "pdf"))
    return Rendering(name=name, media_type=MEDIA_TYPES[ending], content=write(made, ending))
