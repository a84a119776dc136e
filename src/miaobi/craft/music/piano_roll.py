"""Piano roll: what is played, as a picture: time to the right, pitch upwards, a colour a part, the loudness as
its depth. SVG 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence

from miaobi.craft.markup import escape, one_line
from miaobi.craft.music.performance import Tone, timeline, tones, total
from miaobi.craft.music.score import Score
from miaobi.craft.music.voice_leading import named
from miaobi.work import Imprint

_FONT = "'Libertinus Serif', 'Noto Serif', 'Noto Sans CJK SC', serif"
_INKS = ("#8a3324", "#2f5d62", "#b7791f", "#4a4e8c", "#5b7b3a", "#7b3f6e", "#3d6f9e", "#6b665e")
_PAPER, _LINE, _SOFT = "#fbf8f1", "#e4ddcf", "#7b7468"
_ROW, _LEFT, _TOP, _BOTTOM = 9, 64, 76, 52  # px
_WIDEST, _BAR = 2400, 92


def piano_roll(score: Score, imprint: Imprint, heard: Sequence[Tone] | None = None) -> bytes:
    """Return the picture, UTF-8 SVG; *heard*: other tones than the score's own."""
    sound = list(tones(score) if heard is None else heard)
    low = min((t.pitch for t in sound), default=60) - 2
    high = max((t.pitch for t in sound), default=72) + 2
    bars = list(timeline(score))
    whole = float(total(score)) or 1.0
    width = min(_WIDEST, max(480, _BAR * len(bars)))
    scale = width / whole
    height = _ROW * (high - low + 1)
    parts = [_head(score, imprint, _LEFT + width + 24, _TOP + height + _BOTTOM)]
    for key in range(low, high + 1):
        y = _TOP + _ROW * (high - key)
        if key % 12 in (1, 3, 6, 8, 10):
            parts.append(f'<rect x="{_LEFT}" y="{y}" width="{width}" height="{_ROW}" fill="#f2ecdf"/>')
        if key % 12 == 0:
            parts.append(f'<path d="M{_LEFT} {y + _ROW}h{width}" stroke="{_LINE}"/>')
            parts.append(_text(_LEFT - 8, y + _ROW - 1, named(key), f'text-anchor="end" fill="{_SOFT}" font-size="11"'))
    step = max(1, len(bars) // 32)
    for place, (number, onset) in enumerate(bars):
        x = _LEFT + float(onset) * scale
        parts.append(
            f'<path d="M{x:.1f} {_TOP}v{height}" stroke="{_LINE}" '
            f'stroke-width="{1.6 if score.bars[number].section else 0.8}"/>'
        )
        said = score.bars[number].section or (str(number if score.pickup else number + 1) if place % step == 0 else "")
        if said:
            parts.append(_text(x + 3, _TOP - 6, said, f'fill="{_SOFT}" font-size="11"'))
    for tone in sound:
        x, y = _LEFT + float(tone.onset) * scale, _TOP + _ROW * (high - tone.pitch)
        long = max(float(tone.length) * scale - 0.8, 1.2)
        ink = _INKS[tone.part % len(_INKS)]
        depth = 0.35 + 0.65 * tone.loudness / 127
        parts.append(
            f'<rect x="{x:.1f}" y="{y + 0.8}" width="{long:.1f}" height="{_ROW - 1.6}" rx="2" fill="{ink}" '
            f'fill-opacity="{depth:.2f}"/>'
        )
    parts.append(
        f'<rect x="{_LEFT}" y="{_TOP}" width="{width}" height="{height}" fill="none" stroke="{_SOFT}" '
        f'stroke-width=".8"/>'
    )
    x = float(_LEFT)
    for n, part in enumerate(score.parts):
        y = _TOP + height + 18
        parts.append(f'<rect x="{x:.0f}" y="{y - 9}" width="10" height="10" rx="2" fill="{_INKS[n % len(_INKS)]}"/>')
        parts.append(_text(x + 15, y, part.name, 'font-size="12"'))
        x += 40 + 8 * len(part.name)
    parts.append(_text(_LEFT, _TOP + height + 38, imprint.notice, f'fill="{_SOFT}" font-size="11"'))
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def _head(score: Score, imprint: Imprint, width: int, height: int) -> str:
    title = escape(one_line(score.title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" '
        f'font-family="{_FONT}" fill="#26221d"><title>{title}</title><rect width="{width}" '
        f'height="{height}" fill="{_PAPER}"/>'
        f'<text x="{_LEFT}" y="36" font-size="22">{title}</text>'
    )


def _text(x: float, y: float, said: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(one_line(said))}</text>'
