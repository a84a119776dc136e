"""Engraving: a score as pages, by verovio (LGPL-3.0) from our MEI.

Pages are SVG without fonts, scripts or links: text is set in the families below, with what every machine has behind
them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from miaobi.craft.markup import CJK, escape
from miaobi.craft.music import mei
from miaobi.craft.music.score import Score
from miaobi.craft.typesetting import CHINESE, SERIF, fonts, metadata, string, typeset
from miaobi.errors import MiaobiError
from miaobi.work import Imprint

A4 = (2100, 2970)  # tenths of a millimetre
_OUTLINE = 0.035  # em: what the regular weight of Noto Sans CJK has more than its lightest
_TEXT = 405  # px in verovio's own scale: the size of text on the page
TALL = 60_000  # the longest page that verovio sets
SCALE = 88  # percent: staves 6.3 mm high on A4
# Widths are reckoned by Times: what is as wide comes first, by a name for which every system has a substitute, as some
# programs read no further. Chinese has families of its own for the same reason.
FAMILY = "'Times New Roman', 'Liberation Serif', Times, 'Libertinus Serif', 'Noto Sans CJK SC', 'Songti SC', serif"
PRINTED = "'Libertinus Serif', 'Noto Sans CJK SC', serif"  # in a PDF, whose fonts are ours
CHINESE_FAMILY = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', SimSun, sans-serif"
SIGN_FAMILY = "'DejaVu Sans', 'Segoe UI Symbol', 'Apple Symbols', 'Noto Music', sans-serif"  # notes and accidentals


@cache
def _toolkit() -> Any:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()


def pages(score: Score, imprint: Imprint | None = None) -> list[str]:
    """Return the score as A4 pages, SVG each."""
    return _engraved(score, imprint, {"pageHeight": int(A4[1] * 100 / SCALE), "justifyVertically": False})


def sheet(score: Score, imprint: Imprint | None = None) -> str:
    """Return the score as one page as long as it takes, SVG."""
    found = _engraved(score, imprint, {"pageHeight": TALL, "adjustPageHeight": True})
    if len(found) > 1:
        raise MiaobiError("The score is too long for one picture.", "Take the PDF, which has pages.")
    return found[0]


def pdf(score: Score, imprint: Imprint) -> bytes:
    """Return the score as a labelled PDF of A4 pages; MiaobiError when no font shows a character of it."""
    picture = f"#set page(width: 210mm, height: 297mm, margin: 0mm)\n#set text(font: {fonts(*SERIF, *CHINESE)})\n"
    for n, page in enumerate(map(_strengthened, pages(score, imprint))):
        picture += "#pagebreak()\n" * bool(n)
        picture += (
            f'#image(bytes({string(page)}), format: "svg", width: 210mm, height: 297mm, alt: {string(score.title)})\n'
        )
    return typeset(metadata(imprint, score.composer) + picture, imprint)


def _strengthened(svg: str) -> str:
    """Return a page whose Chinese text has an outline: Typst sets text in SVG in a variable font's lightest weight."""

    def outlined(match: re.Match[str]) -> str:
        width = f"{int(match[1]) * _OUTLINE:.0f}"
        return f'{match[0]} stroke="black" stroke-width="{width}"'

    svg = svg.replace(FAMILY, PRINTED).replace(f' font-family="{SIGN_FAMILY}"', "")
    return re.sub(rf'<tspan font-size="(\d+)px" font-family="{CHINESE_FAMILY}"', outlined, svg)


def _engraved(score: Score, imprint: Imprint | None, options: dict[str, Any]) -> list[str]:
    toolkit = _toolkit()
    toolkit.resetOptions()
    toolkit.resetXmlIdSeed(1)
    common = {
        "inputFrom": "mei", "pageWidth": int(A4[0] * 100 / SCALE), "scale": SCALE, "breaks": "auto",
        "header": "encoded", "footer": "encoded", "smuflTextFont": "none", "svgViewBox": True,
        "svgRemoveXlink": True, "svgHtml5": False,
        "pageMarginLeft": 150, "pageMarginRight": 150, "pageMarginTop": 140, "pageMarginBottom": 120, "xmlIdSeed": 1,
        "lyricSize": 4.5, "lyricTopMinMargin": 4.0, "lyricWordSpace": 2.8, "spacingLinear": 0.28,
        "spacingSystem": 12, "spacingStaff": 10, "condense": "none",
    }  # fmt: skip
    toolkit.setOptions(common | options)
    if not toolkit.loadData(mei.write(score, imprint, sheet=True)):
        raise MiaobiError("The score could not be engraved.", "This is a fault of ours.")
    return [_plain(toolkit.renderToSVG(n + 1), score.title) for n in range(toolkit.getPageCount())]


def _with_family(match: re.Match[str]) -> str:
    """Return a run of text with families that have its Chinese characters or its signs, if it has any."""
    family = CHINESE_FAMILY if CJK.search(match[0]) else SIGN_FAMILY if _SIGN.search(match[0]) else ""
    return match[0].replace('px">', f'px" font-family="{family}">', 1) if family else match[0]


_SIGN = re.compile("[\u2669-\u266f]")


# Signs of figured bass (SMuFL 1.4, U+EA50), with which verovio sets the accidentals of chord symbols.
_SIGNS = {"\uea63": "♭♭", "\uea64": "♭", "\uea65": "♮", "\uea66": "♯", "\uea67": "♯♯"}


def _plain(svg: str, title: str) -> str:
    """Return verovio's picture with signs in text as ordinary characters, without links' old namespace, with a
    title.
    """
    signs = r'<tspan font-family="Leipzig" font-size="\d+px">([\uea63-\uea67])'
    svg = re.sub(signs, lambda m: f'<tspan font-size="{_TEXT}px">{_SIGNS[m[1]]}', svg)
    svg = svg.replace("\U0001d157\U0001d165", "½")  # a half note before its tempo: fonts of text lack the sign
    svg = svg.replace("xlink:href=", "href=").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    svg = svg.replace('font-family="Times, serif"', f'font-family="{FAMILY}"')
    svg = re.sub(r'<tspan font-size="\d+px">[^<]+<', _with_family, svg)
    return re.sub(r"<desc>.*?</desc>", f"<title>{escape(title)}</title>", svg, count=1)
