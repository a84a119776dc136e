"""Charts as SVG 1.1 and PNG. Bars lie down, so that a label of any length has a line of its own.

Colours are Okabe and Ito's (2008), safe for the colour-blind. Widths of text are reckoned high (0.62 em a Latin
letter, 1 em a Chinese one), long labels are shortened to their room, and of a line's labels those are drawn that have
room, the last always.
"""

from __future__ import annotations

import itertools

from miaobi.craft import raster
from miaobi.craft.chart.chart import Chart, figure, ticks
from miaobi.craft.markup import CJK, escape, one_line

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5b5b5b")
WIDTH = 720
FONT = "'Source Sans 3', 'Noto Sans', 'Noto Sans CJK SC', 'DejaVu Sans', sans-serif"
_TOP, _ROW, _SMALL = 64, 26, 13


def measure(text: str, size: float) -> float:
    """Return a width in px that *text* does not exceed."""
    return sum(1.0 if CJK.match(c) or ord(c) > 0x2FFF else 0.62 for c in text) * size


def fit(text: str, room: float, size: float = _SMALL) -> str:
    """Return *text*, shortened with an ellipsis to *room* px."""
    text = one_line(text)
    if measure(text, size) <= room:
        return text
    while text and measure(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def svg(chart: Chart) -> str:
    """Return the chart as SVG with a title and a description for those who can't see it."""
    body, height = {"bar": _bar, "line": _line, "share": _share}[chart.kind](chart)
    described = chart.description or "; ".join(
        f"{s.name}: " + ", ".join(f"{c} {figure(v)}" for c, v in zip(chart.categories, s.values, strict=True))
        for s in chart.series
    )
    named = len(chart.series) > 1 and chart.kind != "share"
    legend = _legend(chart, height) if named else []
    height += _ROW * (len(legend) // 2) if named else 0
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-labelledby="t d" font-family="{FONT}" font-size="{_SMALL}" fill="#2b2b2b">',
            f'<title id="t">{escape(one_line(chart.title))}</title><desc id="d">{escape(one_line(described))}</desc>',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            _text(16, 26, fit(chart.title, WIDTH - 32, 17), 'font-size="17" font-weight="600"'),
            *([_text(16, 46, fit(chart.unit, WIDTH - 32), 'fill="#666"')] if chart.unit else []),
            *body,
            *legend,
            "</svg>",
            "",
        ]
    )


def png(chart: Chart, width: int = 1440) -> bytes:
    """Return the chart as PNG, *width* px wide."""
    return raster.png(svg(chart), width)


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {more}>{escape(text)}</text>'


def _legend(chart: Chart, y: int) -> list[str]:
    out = []
    for i, s in enumerate(chart.series):
        middle = y + i * _ROW + 4
        out.append(f'<rect x="16" y="{middle - 7}" width="14" height="14" rx="2" fill="{PALETTE[i % len(PALETTE)]}"/>')
        out.append(_text(38, middle + 5, fit(s.name, WIDTH - 60)))
    return out


def _bar(chart: Chart) -> tuple[list[str], int]:
    values = [v for s in chart.series for v in s.values]
    marks = ticks(min(0.0, *values), max(0.0, *values))
    left = min(240.0, 28 + max(measure(one_line(c), _SMALL) for c in chart.categories))
    spare = 20 + max(measure(figure(v), _SMALL) for v in values)
    room = WIDTH - left - spare - (spare if marks[0] < 0 else 0)
    origin = left + (spare if marks[0] < 0 else 0)
    scale = room / (marks[-1] - marks[0])
    zero = origin - marks[0] * scale
    group = 20 * len(chart.series) + 14
    bottom = _TOP + group * len(chart.categories)
    out = []
    for i, c in enumerate(chart.categories):
        top = _TOP + i * group
        out.append(_text(left - 12, top + group / 2 + 4, fit(c, left - 28), 'text-anchor="end"'))
        for k, s in enumerate(chart.series):
            x, w = zero + min(0.0, s.values[i] * scale), abs(s.values[i] * scale)
            y = top + 7 + 20 * k
            colour = PALETTE[k % len(PALETTE)]
            out.append(f'<rect x="{x:.2f}" y="{y}" width="{w:.2f}" height="17" rx="1.5" fill="{colour}"/>')
            end, anchor = (x + w + 6, "start") if s.values[i] >= 0 else (x - 6, "end")
            out.append(_text(round(end, 2), y + 13, figure(s.values[i]), f'text-anchor="{anchor}"'))
    out.append(f'<path d="M{zero:.2f} {_TOP}V{bottom}" stroke="#999"/>')
    return out, bottom + 20


def _line(chart: Chart) -> tuple[list[str], int]:
    values = [v for s in chart.series for v in s.values]
    marks = ticks(min(values), max(values))
    left = 28 + max(measure(figure(m), _SMALL) for m in marks)
    right, bottom = WIDTH - 28, _TOP + 260
    scale = 260 / (marks[-1] - marks[0])
    n = len(chart.categories)
    xs = _places(chart, left + 10, right - 10)
    out = []
    for m in marks:
        y = bottom - (m - marks[0]) * scale
        out.append(f'<path d="M{left:.2f} {y:.2f}H{right}" stroke="{"#999" if m == 0 else "#e3e3e3"}"/>')
        out.append(_text(round(left - 10, 2), round(y + 4.5, 2), figure(m), 'text-anchor="end" fill="#666"'))
    room = 110.0
    widest = min(room, max(measure(one_line(c), _SMALL) for c in chart.categories)) + 12
    free = 0.0  # from here on there is room for a label
    labels = []
    for at, category in zip(xs, chart.categories, strict=True):
        text = fit(category, room)
        half = measure(text, _SMALL) / 2
        labels.append((max(8 + half, min(at, WIDTH - 8 - half)), half, text))
    for i, (x, half, text) in enumerate(labels):
        last = i == n - 1 or x - half + widest <= labels[-1][0] - labels[-1][1]  # the last one is always drawn
        if x - half >= free and last:
            out.append(_text(round(x, 2), bottom + 24, text, 'text-anchor="middle" fill="#666"'))
            free = x - half + widest
    for k, s in enumerate(chart.series):
        colour = PALETTE[k % len(PALETTE)]
        points = [(x, bottom - (v - marks[0]) * scale) for x, v in zip(xs, s.values, strict=True)]
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        out.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>'
        )
        if n <= 24:
            out += [f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3.5" fill="{colour}"/>' for x, y in points]
    return out, bottom + 46


def _places(chart: Chart, left: float, right: float) -> list[float]:
    """Return where a line's points stand: by their places where those rise, else evenly."""
    n, at = len(chart.categories), chart.places
    if n == 1:
        return [(left + right) / 2]
    if len(at) != n or any(b <= a for a, b in itertools.pairwise(at)):
        at = tuple(map(float, range(n)))
    return [left + (right - left) * (x - at[0]) / (at[-1] - at[0]) for x in at]


def _share(chart: Chart) -> tuple[list[str], int]:
    values = chart.series[0].values
    whole = sum(values)
    out, x = [], 16.0
    for i, v in enumerate(values):
        w = (WIDTH - 32) * v / whole
        colour = PALETTE[i % len(PALETTE)]
        out.append(f'<rect x="{x:.2f}" y="{_TOP}" width="{w:.2f}" height="40" fill="{colour}" stroke="#fff"/>')
        x += w
    for i, (c, v) in enumerate(zip(chart.categories, values, strict=True)):
        y = _TOP + 72 + i * _ROW
        colour = PALETTE[i % len(PALETTE)]
        out.append(f'<rect x="16" y="{y - 11}" width="14" height="14" rx="2" fill="{colour}"/>')
        out.append(_text(38, y, fit(c, WIDTH - 260)))
        out.append(_text(WIDTH - 120, y, figure(v), 'text-anchor="end"'))
        out.append(_text(WIDTH - 16, y, f"{100 * v / whole:.1f} %", 'text-anchor="end" font-weight="600"'))
    return out, _TOP + 72 + len(values) * _ROW
