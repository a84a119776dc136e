"""Layout: a picture as a cover, an album sleeve, a post, a broadside or an illustration: sizes, where the type
stands, its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miaobi.craft.drawing.air import Air
from miaobi.craft.drawing.colour import contrast, mix
from miaobi.craft.drawing.lettering import set_line, wrapped
from miaobi.craft.drawing.svg import number
from miaobi.craft.markup import CJK
from miaobi.work import Imprint

SIZES: dict[str, tuple[int, int]] = {  # of the canvas, px
    "illustration": (1500, 1000),
    "cover": (1200, 1800),
    "album": (1400, 1400),
    "broadside": (1200, 1700),
}
PLATFORMS: dict[str, tuple[int, int]] = {  # what each shows without cropping; the platforms' help pages, November 2026
    "x": (1600, 900),
    "instagram": (1080, 1350),
    "facebook": (1200, 630),
    "linkedin": (1200, 627),
    "pinterest": (1000, 1500),
    "youtube": (1280, 720),
    "mastodon": (1600, 900),
    "bluesky": (1600, 900),
    "threads": (1080, 1350),
    "tiktok": (1080, 1920),
    "weibo": (1080, 1440),
    "xiaohongshu": (1080, 1440),
    "wechat": (900, 383),
}
ROOM = {"illustration": 0.0, "cover": 0.27, "album": 0.20, "post": 0.0, "broadside": 0.0}
_PICTURE = 0.60  # share of a broadside that the picture takes


@dataclass(frozen=True)
class Words:
    """What is written on a picture."""

    title: str = ""
    author: str = ""
    lines: tuple[str, ...] = ()


def picture_share(use: str, lines: Sequence[str]) -> float:
    """Return how much of the sheet's height the picture takes; the poem has the rest."""
    return (_PICTURE if len(lines) <= 12 else 0.48) if use == "broadside" else 1.0


def lettering(use: str, words: Words, air: Air, width: int, height: int, imprint: Imprint | None) -> str:
    """Return the type of a picture *width* × *height* px as SVG markup."""
    parts: list[str] = []
    if use in ("cover", "album", "post") and words.title:
        parts.append(_titled(use, words, air, width, height))
    if use == "broadside":
        parts.append(_poem(words, air, width, height))
    if imprint is not None:
        size = max(10.0, 0.0125 * min(width, height))
        line = set_line(imprint.notice, 400, 0.02)
        if use == "broadside":
            parts.append(line.placed(width / 2, height - 2.2 * size, size, "#7b7468"))
        else:
            parts.append(
                line.placed(
                    width - 1.2 * size, height - 1.1 * size, size, "#ffffff", anchor="end", halo="#1a1a1e", opacity=0.92
                )
            )
    return "\n".join(p for p in parts if p)


def seal(width: int, height: int, *, left: bool) -> str:
    """Return the painter's seal of an ink painting, low on one side: 妙筆 in white on cinnabar."""
    size = 0.052 * min(width, height)
    x = 0.045 * width if left else 0.955 * width - size
    y = height - 3.4 * size
    tall = 1.9 * size
    parts = [
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(size)}" height="{number(tall)}" '
        f'rx="{number(size * 0.12)}" fill="#b02a1e" fill-opacity="0.9"/>'
    ]
    for i, character in enumerate("妙筆"):
        parts.append(
            set_line(character, 700).placed(x + size / 2, y + size * (0.84 + 0.84 * i), size * 0.74, "#f7f1e3")
        )
    return "".join(parts)


def _titled(use: str, words: Words, air: Air, width: int, height: int) -> str:
    light, dark = mix("#fffaf0", air.sky[2], 0.12), mix("#1b1a1e", air.sky[0], 0.18)
    behind = mix(air.sky[0], air.sky[1], 0.5)
    ink = light if contrast(light, behind) >= contrast(dark, behind) else dark
    halo = dark if ink == light else light
    shaded = ink == light or contrast(ink, behind) < 7  # a cloud as light as the letters may lie behind them
    chinese = bool(CJK.search(words.title))
    weight, tracking = (700, 0.10) if chinese else (600, 0.035)
    room = ROOM[use] or 0.22
    largest = height * (0.095 if use == "cover" else 0.085)
    lines = wrapped(words.title, 0.84 * width / largest, weight, tracking, 3 if use == "cover" else 2)
    widest = max(set_line(line, weight, tracking).width for line in lines)
    size = min(largest, 0.84 * width / widest, room * height * 0.74 / (1.12 * len(lines)))
    leading = size * (1.16 if not chinese else 1.25)
    y = height * (0.075 if use == "cover" else 0.07) + size * 0.78
    veil = (
        f'<rect width="{width}" height="{number(room * height * 1.25)}" fill="url(#veil)"/>'
        f'<defs><linearGradient id="veil" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{halo}" '
        'stop-opacity="0.5"/>'
        f'<stop offset="1" stop-color="{halo}" stop-opacity="0"/></linearGradient></defs>'
    )
    parts = [veil if shaded else ""]
    for line in lines:
        parts.append(set_line(line, weight, tracking).placed(width / 2, y, size, ink, halo=halo if shaded else ""))
        y += leading
    if words.author:
        small = max(size * 0.34, height * 0.026)
        spread = set_line(words.author, 500, 0.14)
        rule = number(height * 0.0016)
        parts.append(  # the name stands on whatever lies in the foreground: it is shaded
            f'<rect y="{number(0.8 * height)}" width="{width}" height="{number(0.2 * height)}" fill="url(#foot)"/>'
            '<defs><linearGradient id="foot" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#141418" '
            'stop-opacity="0"/><stop offset="0.62" stop-color="#141418" stop-opacity="0.66"/>'
            '<stop offset="1" stop-color="#141418" stop-opacity="0.78"/></linearGradient></defs>'
        )
        parts.append(
            f'<rect x="{number(0.45 * width)}" y="{number(0.9 * height)}" width="{number(0.1 * width)}" '
            f'height="{rule}" fill="{light}"/>'
        )
        parts.append(
            spread.placed(width / 2, 0.942 * height, min(small, 0.7 * width / spread.width), light, halo="#141418")
        )
    return "".join(parts)


def _poem(words: Words, air: Air, width: int, height: int) -> str:
    top = picture_share("broadside", words.lines) * height
    paper, ink = "#f8f3e6", "#26221d"
    parts = [f'<rect y="{number(top)}" width="{width}" height="{number(height - top)}" fill="{paper}"/>']
    room = height - top - 0.05 * height
    lines = [line for line in words.lines if line.strip()]
    longest = max((set_line(line, 400, 0.01).width for line in lines), default=10.0)
    head = bool(words.title)
    rows = len(lines) + 2.1 * head + 1.4 * bool(words.author)
    size = min(0.030 * height, 0.80 * width / longest, room / (1.5 * max(3.0, rows)))
    leading = 1.5 * size
    y = top + (room - rows * leading) / 2 + leading * 1.1
    if head:
        big = min(1.7 * size, 0.8 * width / max(1.0, set_line(words.title, 600, 0.04).width))
        parts.append(set_line(words.title, 600, 0.04).placed(width / 2, y, big, ink))
        y += leading * 0.75
        parts.append(
            f'<rect x="{number(width / 2 - 26)}" y="{number(y - size * 0.5)}" width="52" height="1.6" '
            f'fill="{mix(air.sky[1], "#8a3324", 0.7)}"/>'
        )
        y += leading * 1.1
    left = (width - longest * size) / 2
    chinese = bool(lines) and bool(CJK.search(lines[0]))
    for line in lines:
        parts.append(
            set_line(line, 400, 0.01).placed(
                width / 2 if chinese else left, y, size, ink, anchor="middle" if chinese else "start"
            )
        )
        y += leading
    if words.author:
        parts.append(
            set_line(words.author, 400, 0.06, not chinese).placed(width / 2, y + leading * 0.35, size * 0.9, "#6d655a")
        )
    return "".join(parts)
