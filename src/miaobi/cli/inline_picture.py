"""A picture on the terminal: by kitty's, iTerm2's or DEC's (sixel) protocol, else as half blocks of colour.

| way | taken where | source |
|---|---|---|
| kitty | TERM is xterm-kitty or xterm-ghostty, KITTY_WINDOW_ID, Konsole | sw.kovidgoyal.net/kitty/graphics-protocol |
| iterm2 | TERM_PROGRAM or LC_TERMINAL is iTerm2, WezTerm or mintty | iterm2.com/documentation-images.html |
| sixel | TERM names foot, mlterm, contour or sixel | VT330/VT340 programmer reference, chapter 14 |
| blocks | any other terminal of 256 colours or more | ▀: the upper pixel is the ink, the lower the ground |

Terminals are known by their variables and never asked: an answer that comes late would stand among what is typed.
Inside tmux and screen, which pass none of the three on, it is blocks.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

WAYS = ("auto", "off", "kitty", "iterm2", "sixel", "blocks")
_Pixels = npt.NDArray[np.uint8]
_COLUMNS = 72  # at most, and as many as the terminal has
_CELL = (9, 18)  # pixels of a character where nothing is known
_CHUNK = 4096  # bytes of base64 that kitty takes at once
_LEVELS = 6  # of each colour of the sixel palette: 216 in all
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 15 / 32


def way_of(environment: Mapping[str, str]) -> str:
    """Return how this terminal is shown pictures; "off" where it can't be."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if term in ("", "dumb") or environment.get("NO_COLOR"):
        return "off"
    deep = "256" in term or environment.get("COLORTERM", "") in ("truecolor", "24bit")
    if environment.get("TMUX") or term.startswith(("screen", "tmux")):
        return "blocks" if deep else "off"
    if (
        term in ("xterm-kitty", "xterm-ghostty")
        or environment.get("KITTY_WINDOW_ID")
        or "KONSOLE_VERSION" in environment
    ):
        return "kitty"
    if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
        return "iterm2"
    if term.startswith(("foot", "mlterm", "contour")) or "sixel" in term:
        return "sixel"
    return "blocks" if deep else "off"


def drawn(png: bytes, way: str, columns: int = 0, truecolour: bool | None = None) -> str:
    """Return what is to be written on the terminal for the picture to stand there, a line break at its end."""
    size = shutil.get_terminal_size()
    columns = columns or min(_COLUMNS, size.columns - 1)
    pixels = _decoded(png)
    height, width = pixels.shape[:2]
    rows = max(1, size.lines - 4)
    columns = max(1, min(columns, round(rows * 2 * width / height)))  # a cell is twice as high as wide
    if way == "kitty":
        return "".join(_kitty(_encoded(_fitted(pixels, columns * _CELL[0])), columns)) + "\n"
    if way == "iterm2":
        content = _encoded(_fitted(pixels, columns * _CELL[0]))
        told = f"inline=1;size={len(content)};width={columns};preserveAspectRatio=1"
        return f"\x1b]1337;File={told}:{base64.b64encode(content).decode()}\x07\n"
    if way == "sixel":
        return _sixel(_fitted(pixels, columns * _CELL[0])) + "\n"
    deep = os.environ.get("COLORTERM", "") in ("truecolor", "24bit") if truecolour is None else truecolour
    return _blocks(pixels, columns, deep)


def _decoded(png: bytes) -> _Pixels:
    """Return (height, width, 3), blue green red; on white where the picture lets it through."""
    import cv2

    pixels: Any = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], 3, axis=2)
    if pixels.shape[2] == 4:
        cover = pixels[:, :, 3:].astype(np.float32) / 255
        pixels = (pixels[:, :, :3] * cover + 255 * (1 - cover)).astype(np.uint8)
    return np.asarray(pixels, np.uint8)


def _fitted(pixels: _Pixels, width: int) -> _Pixels:
    import cv2

    height = max(1, round(width * pixels.shape[0] / pixels.shape[1]))
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(pixels: _Pixels) -> bytes:
    import cv2

    done, content = cv2.imencode(".png", pixels)
    assert done
    return bytes(content)


def _kitty(content: bytes, columns: int) -> Iterator[str]:
    text = base64.b64encode(content).decode()
    parts = [text[i : i + _CHUNK] for i in range(0, len(text), _CHUNK)]
    for i, part in enumerate(parts):
        told = f"a=T,f=100,c={columns},q=2," if i == 0 else ""
        yield f"\x1b_G{told}m={int(i + 1 < len(parts))};{part}\x1b\\"


def _blocks(pixels: _Pixels, columns: int, truecolour: bool) -> str:
    rows = max(1, round(columns * pixels.shape[0] / pixels.shape[1] / 2))
    import cv2

    small = np.asarray(cv2.resize(pixels, (columns, 2 * rows), interpolation=cv2.INTER_AREA), np.uint8)[:, :, ::-1]

    def ink(kind: int, colour: _Pixels) -> str:
        if truecolour:
            return f"\x1b[{kind};2;{colour[0]};{colour[1]};{colour[2]}m"
        r, g, b = (round(int(value) * 5 / 255) for value in colour)
        return f"\x1b[{kind};5;{16 + 36 * r + 6 * g + b}m"

    lines = []
    for upper, lower in zip(small[::2], small[1::2], strict=True):
        lines.append("".join(ink(38, a) + ink(48, b) + "▀" for a, b in zip(upper, lower, strict=True)) + "\x1b[0m\n")
    return "".join(lines)


def _sixel(pixels: _Pixels) -> str:
    """Encode as DECSIXEL: bands of six rows, in each band one row of sixels a colour; 216 colours, Bayer's dither."""
    height, width = pixels.shape[:2]
    dither = np.tile(_BAYER, (height // 4 + 1, width // 4 + 1))[:height, :width, None]
    steps = pixels[:, :, ::-1].astype(np.float32) / 255 * (_LEVELS - 1) + dither
    levels = np.clip(np.round(steps), 0, _LEVELS - 1).astype(np.int32)
    colours = (levels[:, :, 0] * _LEVELS + levels[:, :, 1]) * _LEVELS + levels[:, :, 2]
    out = [f'\x1bP0;1q"1;1;{width};{height}']
    for colour in np.unique(colours).tolist():
        red, rest = divmod(colour, _LEVELS * _LEVELS)
        share = [round(100 * v / (_LEVELS - 1)) for v in (red, *divmod(rest, _LEVELS))]
        out.append(f"#{colour};2;{share[0]};{share[1]};{share[2]}")
    for top in range(0, height, 6):
        band = colours[top : top + 6]
        weights = (1 << np.arange(len(band)))[:, None]
        rows = [f"#{c}{_run_lengths(((band == c) * weights).sum(axis=0) + 63)}" for c in np.unique(band).tolist()]
        out.append("$".join(rows) + "-")
    return "".join(out) + "\x1b\\"


def _run_lengths(codes: npt.NDArray[np.int64]) -> str:
    edges = np.flatnonzero(np.diff(codes, prepend=-1))
    lengths = np.diff(edges, append=len(codes))
    pairs = zip(codes[edges].tolist(), lengths.tolist(), strict=True)
    return "".join(f"!{n}{chr(code)}" if n > 3 else chr(code) * n for code, n in pairs)
