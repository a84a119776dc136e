"""Lettering: lines of type as outlines, set by Typst in the fonts that ship with us (Libertinus Serif; Noto Sans CJK
for Chinese),
so that a title looks alike in every viewer and nothing needs a font."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from miaobi.craft.markup import CJK, one_line
from miaobi.craft.typesetting import CHINESE, SERIF, chinese_font, fonts, string
from miaobi.errors import MiaobiError

_EM = 100.0  # pt: the size at which a line is set before it is scaled


@dataclass(frozen=True)
class Line:
    """One set line: its glyphs (outline, x in em), its width and ascent in em."""

    glyphs: tuple[tuple[str, float], ...]
    width: float
    ascent: float

    def placed(
        self,
        x: float,
        y: float,
        size: float,
        fill: str,
        *,
        anchor: str = "middle",
        opacity: float = 1.0,
        halo: str = "",
    ) -> str:
        """Return SVG paths with the baseline at *y* px; *halo*: a colour that is laid softly under the type."""
        left = x - self.width * size * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        k = size / _EM
        out = []
        for layer in ("halo", "type") if halo else ("type",):
            look = f'fill="{fill}" fill-opacity="{opacity:g}"'
            if layer == "halo":
                look = (
                    f'fill="{halo}" stroke="{halo}" stroke-width="{_EM * 0.055:g}" stroke-linejoin="round" '
                    'fill-opacity="0.30" stroke-opacity="0.30"'
                )
            out += [
                f'<path d="{d}" transform="matrix({k:.4f} 0 0 {-k:.4f} {left + gx * size:.2f} {y:.2f})" {look}/>'
                for d, gx in self.glyphs
                if d
            ]
        return "".join(out)


@lru_cache(maxsize=256)
def set_line(text: str, weight: int = 400, tracking: float = 0.0, italic: bool = False) -> Line:
    """Return *text* set on one line; *tracking* in em. MiaobiError for a character that no font of ours shows."""
    import typst

    text = one_line(text)
    if not text:
        return Line((), 0.0, 0.8)
    families = (*CHINESE, *SERIF) if CJK.search(text) else (*SERIF, *CHINESE)
    style = ', style: "italic"' if italic else ""
    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        f"#set text(font: {fonts(*families)}, size: {_EM:g}pt, weight: {weight}, tracking: {tracking:g}em{style}, "
        f'top-edge: "ascender", bottom-edge: "descender", fallback: false)\n#box({string(text)})'
    )
    own: list[Any] = [chinese_font().parent]
    drawn = typst.compile(source.encode(), format="svg", ignore_system_fonts=True, font_paths=own)
    svg = (drawn if isinstance(drawn, bytes) else drawn[0]).decode()
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    symbols = dict(re.findall(r'<symbol id="([^"]+)"[^>]*><path d="([^"]*)"', svg))
    glyphs = []
    ascent = 0.8
    for matrix, body in re.findall(r'<g transform="matrix\(([^)]*)\)">(.*?)</g>', svg, re.S):
        _, _, _, _, dx, dy = (float(v) for v in matrix.split())
        ascent = dy / _EM
        glyphs += [
            (symbols[name], (dx + float(x)) / _EM)
            for name, x in re.findall(r'<use xlink:href="#([^"]+)" x="([-\d.]+)"', body)
            if name in symbols
        ]
    if size is None or not glyphs:
        raise MiaobiError(f"The line “{text[:40]}” could not be set.", "It has no character that our fonts show.")
    return Line(tuple(glyphs), float(size[1]) / _EM - tracking, ascent)


def wrapped(text: str, widest: float, weight: int, tracking: float, most: int = 4) -> list[str]:
    """Return *text* broken into at most *most* lines of even width, none wider than *widest* em where that can be."""
    text = one_line(text)
    pieces = list(text) if CJK.search(text) and " " not in text else text.split(" ")
    glue = "" if len(pieces) > 1 and pieces == list(text) else " "
    for count in range(1, most + 1):
        lines = _even(pieces, count, glue)
        if max(set_line(line, weight, tracking).width for line in lines if line) <= widest:
            return lines
    return _even(pieces, most, glue)


def _even(pieces: list[str], count: int, glue: str) -> list[str]:
    """Return *pieces* in *count* lines whose lengths differ least."""
    count = min(count, len(pieces))
    best: dict[tuple[int, int], tuple[float, list[str]]] = {(0, 0): (0.0, [])}
    for lines in range(1, count + 1):
        for end in range(1, len(pieces) + 1):
            options = []
            for start in range(end):
                before = best.get((lines - 1, start))
                if before is not None:
                    line = glue.join(pieces[start:end])
                    options.append((before[0] + len(line) ** 2, [*before[1], line]))
            if options:
                best[(lines, end)] = min(options, key=lambda o: o[0])
    return best[(count, len(pieces))][1]
