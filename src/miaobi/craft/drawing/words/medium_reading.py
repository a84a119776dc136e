"""Reading of the medium: *a woodcut of a baker*, 水墨山水, *…, in watercolour*; what says so names nothing to draw.

A picture that is in the scene is none: *a girl hangs a watercolour*, 墙上挂着一幅油画, 剪窗花的奶奶.
"""

from __future__ import annotations

import re
from typing import Literal

Medium = Literal["oil", "watercolour", "ink", "woodcut", "papercut", "jianzhi", "stipple", "pencil"]

_ENGLISH: dict[Medium, str] = {  # works of each medium
    "oil": r"oil[- ]paintings?|oils? on canvas",
    "watercolour": r"water-?colou?rs?(?: paintings?| sketch(?:es)?)?",
    "ink": r"(?:chinese |black )?ink[- ](?:wash(?:[- ]paintings?)?|paintings?)|sumi-e|shuimo",
    "woodcut": r"woodcuts?(?: prints?)?|wood ?block[- ]prints?|wood engravings?|lino-?cuts?(?: prints?)?",
    "jianzhi": r"jianzhi|(?:red |chinese ){1,2}paper[- ]?cut(?:s|ting|-out)?",
    "papercut": r"(?:layered )?paper[- ]?cut(?:s|ting|-out)?",
    "stipple": r"stipples?(?: drawings?)?|stippled drawings?",
    "pencil": r"pencil[- ](?:sketch(?:es)?|drawings?)",
}
_CHINESE: dict[Medium, str] = {
    "oil": "油画",
    "watercolour": "水彩画?",
    "ink": "水墨(?:国画|画)?|国画|中国画",
    "woodcut": "(?:黑白)?(?:木刻|木版)(?:版?画)?|版画",
    "jianzhi": "剪纸画?",
    "papercut": "纸雕画?",
    "stipple": "点画",
    "pencil": "铅笔(?:素描|速写|画)|素描|速写",
}
_ASKED = r"^\W*(?:please )?(?:(?:paint|draw|make|create)(?: me)? )?(?:(?:an?|the|my|small|large|little|old|simple) )*"
_HUNG = re.compile(  # said of a picture that is there as a thing
    r"\b(?:hangs?|hanging|hung|leans?|leaning|on (?:the|a|his|her|their) (?:wall|easel|desk|shelf))\b"
)
_PAINTS = re.compile(r"\b(?:paints?|painting|draws?|drawing|sketch(?:es|ing)|works?|working|letters?|write|written)\b")
_ONE = "一?[幅张副]"
_STYLE = "(?:作品|风格|画风|风|画法|效果)"
_ASKED_ZH = rf"^\W*(?:请|帮我|给我|为我)*(?:画|来|创作|绘制|做)?(?:{_ONE})?"
_OF_ANOTHER = "[家师人匠艺笔颜盒刀框布架展课班窗馆店挂靠放摆立被丢烧上里前旁下和与跟及、]"  # 剪纸艺人, 油画挂在墙上
_HUNG_ZH = re.compile("[挂看卖买贴送临]|[墙桌]上")


def read_medium(idea: str) -> tuple[Medium | Literal[""], str]:
    """Return the medium that *idea* is to be painted in, "" where it doesn't say, and the idea without the words that
    say so."""
    for medium, said in _ENGLISH.items():
        opens = re.search(rf"{_ASKED}(?:{said})(?: style)?(?: (?:of|showing)\b|[:,]) *(?=\w)", idea, re.I)
        if opens and not _HUNG.search(idea.lower()):
            return medium, idea[opens.end() :]
        works = rf"(?:{said}|{_stuff(medium)})"
        ends = re.search(rf"(?:[,;.(] *(?:as |in )?(?:an? )?| (?:in|as an?) ){works}(?:[- ]style)?\W*$", idea, re.I)
        apart = ends is not None and ends.group()[0] != " "
        if ends and idea[: ends.start()].strip() and (apart or not _PAINTS.search(idea[: ends.start()].lower())):
            return medium, idea[: ends.start()]
    for medium, said in _CHINESE.items():
        opens = re.search(
            rf"{_ASKED_ZH}(?:{said})(?!{_OF_ANOTHER})(?:{_STYLE}的?)?(?:{_ONE})?[\s，,:：。]*(?:画的?是)?",
            idea,
        )
        rest = idea[opens.end() :] if opens else ""
        if opens and rest.startswith("的"):  # 一幅水墨的雨巷; not 油画的颜色
            rest = rest[1:] if re.search(_ONE, opens.group()) else ""
        if rest:
            return medium, rest
        ends = re.search(rf"[\s，,。；（(](?:用|以|画成)?(?:{said}){_STYLE}?[）)。！\s]*$", idea)
        within = re.search(rf"(?:用|以)?(?:{said}){_STYLE}的?", idea)
        named = re.search(rf"的(?:{said})。?$", idea)
        if named and (re.search(_ONE, idea[: named.start()]) or _HUNG_ZH.search(idea) or "画" in idea[: named.start()]):
            named = None
        if said_so := ends or within or named:
            return medium, (idea[: said_so.start()] + idea[said_so.end() :]).strip(" ，,:：")
    return "", idea


def _stuff(medium: Medium) -> str:
    """Return by what else a medium goes at the end of an idea: *…, in oils*."""
    return {"oil": "oils", "ink": "ink and wash"}.get(medium, r"(?!)")
