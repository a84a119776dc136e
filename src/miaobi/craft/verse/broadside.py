"""Broadside: a poem as one sheet of type, as SVG 1.1 or a page of a PDF: title, dedication, stanzas, and the notice.

The lines are set flush left, the block of them in the middle of the sheet; widths are reckoned for a book serif
(0.47 em a letter on average), so the sheet fits whichever font of the list a machine has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from miaobi.craft.markup import escape, one_line
from miaobi.craft.typesetting import string
from miaobi.work import Imprint

FONT = (
    "'EB Garamond', 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Libertinus Serif', Georgia, 'Noto Serif', "
    "'Noto Sans CJK SC', serif"  # the one that our own rasters have
)
_SIZE, _LEADING, _GAP, _MARGIN = 22, 34, 20, 90  # px
_LETTER = 0.47  # em
_PAPER, _INK, _SOFT, _ACCENT = "#fbf8f1", "#26221d", "#7b7468", "#8a3324"


def broadside(title: str, dedication: str, stanzas: Sequence[Sequence[str]], imprint: Imprint) -> bytes:
    """Return the sheet as UTF-8 SVG."""
    longest = max((_width(line, _SIZE) for stanza in stanzas for line in stanza), default=200.0)
    head = one_line(title)
    big = min(40.0, 40.0 * 620 / max(620.0, _width(head, 40)))
    width = round(max(longest, _width(head, big), _width(imprint.notice, 12), 380.0) + 2 * _MARGIN)
    left = (width - longest) / 2
    parts: list[str] = []
    y = _MARGIN + big * 0.8
    parts.append(_text(width / 2, y, head, f'font-size="{big:.1f}" text-anchor="middle"'))
    if dedication:
        y += 34
        parts.append(
            _text(
                width / 2,
                y,
                one_line(dedication),
                f'font-size="17" font-style="italic" text-anchor="middle" fill="{_SOFT}"',
            )
        )
    y += 26
    parts.append(f'<path d="M{width / 2 - 26:.1f} {y:.1f}h52" stroke="{_ACCENT}" stroke-width="1.4"/>')
    y += 22
    for stanza in stanzas:
        y += _GAP
        for line in stanza:
            y += _LEADING
            parts.append(_text(left, y, line, f'font-size="{_SIZE}"'))
    y += 2.2 * _GAP
    parts.append(f'<path d="M{width / 2 - 26:.1f} {y:.1f}h52" stroke="{_ACCENT}" stroke-width="1.4"/>')
    y += 30
    parts.append(
        _text(width / 2, y, imprint.notice, f'font-size="12" text-anchor="middle" fill="{_SOFT}" letter-spacing=".4"')
    )
    height = round(y + _MARGIN * 0.7)
    frame = (
        f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>'
        f'<rect x="26" y="26" width="{width - 52}" height="{height - 52}" fill="none" stroke="{_SOFT}" '
        'stroke-width=".8"/>'
    )
    said = " / ".join(line for stanza in stanzas for line in stanza)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="t d" font-family="{FONT}" fill="{_INK}">'
        f'<title id="t">{escape(head)}</title><desc id="d">{escape(one_line(said))}</desc>'
    )
    return "\n".join([opening, frame, *parts, "</svg>", ""]).encode()


def page(title: str, dedication: str, stanzas: Sequence[Sequence[str]], imprint: Imprint) -> str:
    """Return the sheet as a page of Typst source: the same paper, frame and rules, A5 or as high as the poem needs."""
    lines = sum(len(stanza) for stanza in stanzas)
    height = max(210.0, 72 + 5.6 * lines + 3.2 * len(stanzas))  # mm
    rule = f'#align(center, line(length: 18mm, stroke: .8pt + rgb("{_ACCENT}")))'
    head = [f"#align(center, text(20pt, {string(one_line(title))}))"]
    if dedication:
        said = f'text(10pt, style: "italic", fill: rgb("{_SOFT}"), {string(one_line(dedication))})'
        head.append(f"#v(1mm)\n#align(center, {said})")
    verses = [f"par({string(chr(10).join(map(one_line, stanza)))})" for stanza in stanzas]
    return "\n".join(
        [
            f'#set page(width: 148mm, height: {height:.1f}mm, margin: (x: 20mm, y: 24mm), fill: rgb("{_PAPER}"), '
            f'background: rect(width: 100% - 14mm, height: 100% - 14mm, stroke: .5pt + rgb("{_SOFT}")), '
            f'footer: align(center, text(7pt, fill: rgb("{_SOFT}"), {string(one_line(imprint.notice))})))',
            f'#set text(size: 11.5pt, fill: rgb("{_INK}"))',
            "#set par(leading: .78em, spacing: 1.6em, justify: false)",
            *head,
            f"#v(2mm)\n{rule}\n#v(1fr)",
            f"#align(center, block(align(left, {{ {'; '.join(verses)} }})))",
            f"#v(2fr)\n{rule}",
        ]
    )


def _width(text: str, size: float) -> float:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)  # a Chinese character fills its em
    return (wide + (len(text) - wide) * _LETTER) * size


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(one_line(text))}</text>'
