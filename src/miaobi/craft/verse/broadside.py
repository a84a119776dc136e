"""Broadside: a poem as one sheet of type, SVG 1.1: title, dedication, stanzas, and the notice that all files bear.

The lines are set flush left, the block of them in the middle of the sheet; widths are reckoned for a book serif
(0.47 em a letter on average), so the sheet fits whichever font of the list a machine has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from miaobi.craft.markup import escape, one_line
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


def _width(text: str, size: float) -> float:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)  # a Chinese character fills its em
    return (wide + (len(text) - wide) * _LETTER) * size


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(one_line(text))}</text>'
