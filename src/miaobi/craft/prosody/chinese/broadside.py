"""The broadside: a Chinese poem in columns from right to left, title first, seal last, on one sheet.

Every character has a place of its own, so the sheet looks alike as SVG and as a page of a PDF. Type in an SVG is the
first that the machine has of the families of song and kai type named in ``TYPE``; a PDF embeds Noto Sans CJK.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from miaobi.craft.markup import escape, one_line
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.craft.prosody.chinese.script import shown
from miaobi.craft.typesetting import string
from miaobi.work import Imprint

TYPE = (
    "'Source Han Serif', 'Source Han Serif SC', 'Noto Serif CJK SC', 'Noto Serif SC', 'Songti SC', STKaiti, KaiTi, "
    "'AR PL UKai CN', SimSun, 'Noto Sans CJK SC', serif"
)
PAPER, INK, SOFT, SEAL = "#f7f1e3", "#1f1b16", "#7d7364", "#b02a1e"
_SIZE, _STEP, _COLUMN, _MARGIN = 54, 64, 96, 96  # px: type, from character to character, from column to column
_NAME = "妙筆之印"  # read down the right column, then the left


@dataclass(frozen=True)
class Glyph:
    """One character: the middle of its foot, px from the upper left corner, and its size."""

    character: str
    x: float
    y: float
    size: int
    ink: str = INK


@dataclass(frozen=True)
class Sheet:
    """What stands where; ``seal``: the upper left corner of the seal."""

    width: int
    height: int
    glyphs: tuple[Glyph, ...]
    seal: tuple[float, float]


def lay_out(poem: ChinesePoem) -> Sheet:
    """Return the sheet of a poem."""
    columns = _columns(poem)
    title, dedication = one_line(shown(poem.title, poem.script))[:16], one_line(poem.dedication)[:16]
    longest = max(len(text) for text, _ in columns)
    tall = max(longest * _STEP, len(title) * 46, 60 + len(dedication) * 34, 5 * _STEP)
    wide = len(columns) + 2 + 0.8 * bool(dedication) + 0.4 * poem.lines[-1].stanza  # a gap before each further stanza
    height, width = 2 * _MARGIN + tall + 40, 2 * _MARGIN + round(wide * _COLUMN) - 20
    x = float(width - _MARGIN - _COLUMN / 2)
    glyphs = [*_down(title, x, _MARGIN, 38, 46)]
    if dedication:
        x -= 0.8 * _COLUMN
        glyphs += _down(dedication, x, _MARGIN + 60, 26, 34, SOFT)
    before = 0
    for text, stanza in columns:
        x -= _COLUMN * (1.4 if stanza != before else 1)
        before = stanza
        glyphs += _down(text, x, _MARGIN, _SIZE, _STEP)
    left, top = x - _COLUMN - 35, height - _MARGIN - 120.0
    places = [(50, 0), (50, 30), (20, 0), (20, 30)]
    glyphs += [Glyph(c, left + dx, top + 32 + dy, 26, PAPER) for c, (dx, dy) in zip(_NAME, places, strict=True)]
    return Sheet(width, height, tuple(glyphs), (left, top))


def _columns(poem: ChinesePoem) -> list[tuple[str, int]]:
    """Return columns without marks, each with its stanza; short lines of a 词 that make a sentence stand in one."""
    columns: list[tuple[str, int]] = []
    for i, line in enumerate(poem.lines):
        text = poem.shown(line)
        goes_on = i > 0 and poem.lines[i - 1].mark not in "。！？" and line.stanza == poem.lines[i - 1].stanza
        if goes_on and poem.scheme[0] not in "五七聯" and len(columns[-1][0]) + len(text) <= 14:
            columns[-1] = columns[-1][0] + "　" + text, line.stanza
        else:
            columns.append((text, line.stanza))
    return columns


def _down(text: str, x: float, top: float, size: int, step: int, ink: str = INK) -> Iterator[Glyph]:
    """Yield *text* as a column whose middle is at *x*."""
    for i, character in enumerate(text):
        if not character.isspace():
            yield Glyph(character, x, top + size * 0.88 + i * step, size, ink)


def svg(poem: ChinesePoem, imprint: Imprint) -> str:
    """Return the sheet as SVG with a title and the poem as its description."""
    sheet = lay_out(poem)
    left, top = sheet.seal
    glyphs = "\n".join(
        f'<text x="{g.x:g}" y="{g.y:g}" font-size="{g.size}" fill="{g.ink}">{escape(g.character)}</text>'
        for g in sheet.glyphs
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.width} {sheet.height}" width="{sheet.width}" '
        f'height="{sheet.height}" role="img" aria-labelledby="t d" text-anchor="middle" font-family="{TYPE}">\n'
        f'<title id="t">{escape(one_line(shown(poem.title, poem.script)))}</title>'
        f'<desc id="d">{escape(spoken(poem))}</desc>\n'
        f'<rect width="{sheet.width}" height="{sheet.height}" fill="{PAPER}"/>\n'
        + "".join(
            f'<rect x="{at}" y="{at}" width="{sheet.width - 2 * at}" height="{sheet.height - 2 * at}" fill="none" '
            f'stroke="{SOFT}" stroke-width="{thick}"/>\n'
            for at, thick in ((28, 1), (36, 0.6))
        )
        + f'<rect x="{left:g}" y="{top:g}" width="70" height="74" rx="7" fill="{SEAL}"/>'
        f'<rect x="{left + 4:g}" y="{top + 4:g}" width="62" height="66" rx="4" fill="none" stroke="{PAPER}" '
        f'stroke-width="1.4"/>\n{glyphs}\n'
        f'<text x="{sheet.width / 2:g}" y="{sheet.height - 50}" font-size="14" fill="{SOFT}">'
        f"{escape(one_line(imprint.notice))}</text>\n</svg>\n"
    )


def page(poem: ChinesePoem, imprint: Imprint) -> str:
    """Return the sheet as a page of Typst source, half as large as the SVG: 1 px is 0.5 pt."""
    sheet = lay_out(poem)
    left, top = sheet.seal

    def box(x: float, y: float, width: float, height: float, style: str) -> str:
        return (
            f"#place(dx: {x / 2:g}pt, dy: {y / 2:g}pt, rect(width: {width / 2:g}pt, height: {height / 2:g}pt, {style}))"
        )

    def glyph(g: Glyph) -> str:  # a cell of the type's size, its character in the middle, the foot where it belongs
        size = g.size / 2
        text = f'text(size: {size:g}pt, fill: rgb("{g.ink}"), {string(g.character)})'
        cell = f"box(width: {size:g}pt, align(center, {text}))"
        return f"#place(dx: {g.x / 2 - size / 2:g}pt, dy: {g.y / 2 - size * 0.88:g}pt, {cell})"

    frame = [
        box(at, at, sheet.width - 2 * at, sheet.height - 2 * at, f'stroke: {thick}pt + rgb("{SOFT}")')
        for at, thick in ((28, 0.5), (36, 0.3))
    ]
    seal = [
        box(left, top, 70, 74, f'radius: 3.5pt, fill: rgb("{SEAL}")'),
        box(left + 4, top + 4, 62, 66, f'radius: 2pt, stroke: 0.7pt + rgb("{PAPER}")'),
    ]
    label = (
        f"#place(dy: {sheet.height / 2 - 34:g}pt, box(width: 100%, align(center, "
        f'text(size: 7pt, fill: rgb("{SOFT}"), {string(one_line(imprint.notice))}))))'
    )
    return "\n".join(
        [
            f"#set page(width: {sheet.width / 2:g}pt, height: {sheet.height / 2:g}pt, margin: 0pt, "
            f'fill: rgb("{PAPER}"))',
            '#set text(top-edge: "ascender", bottom-edge: "baseline")',
            *frame,
            *seal,
            *map(glyph, sheet.glyphs),
            label,
        ]
    )


def spoken(poem: ChinesePoem) -> str:
    """Return the poem in one line, as it is read aloud."""
    return " ".join("".join(stanza) for stanza in poem.sentences())
