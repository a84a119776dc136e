"""The fact sheet: what a news text may say. One fact a line, ``kind: fact``; a line without a kind is a detail.

    who: the fire service                     number: 312 | people evacuated
    what: cleared two blocks of flats         quote: "Nobody was hurt." — Ana Ruiz, fire chief
    when: on Monday evening                   background: The pipes date from the war.
    where: Harbour Street                     source: the fire service

Chinese kinds: 何人 何事 何时 何地 何故 如何 数字 引语 背景 来源.
"""

from __future__ import annotations

import difflib
import re

from pydantic import BaseModel, ConfigDict

from miaobi.brief import clean_text
from miaobi.errors import BriefError, show
from miaobi.types import Language

KINDS = {
    "who": "who", "what": "what", "when": "when", "where": "where", "why": "why", "how": "how",
    "number": "number", "quote": "quote", "background": "background", "source": "source", "detail": "detail",
    "何人": "who", "谁": "who", "人物": "who", "何事": "what", "事件": "what", "何时": "when", "时间": "when",
    "何地": "where", "地点": "where", "何故": "why", "原因": "why", "为何": "why", "如何": "how", "方式": "how",
    "数字": "number", "引语": "quote", "背景": "background", "来源": "source", "细节": "detail",
}  # fmt: skip
EXAMPLE: dict[Language, str] = {
    "en": "who: the fire service; what: cleared two blocks of flats; when: on Monday evening; where: Rotterdam",
    "zh": "何人：市消防局；何事：疏散了两栋居民楼；何时：周一晚；何地：鹿特丹",
}
_LINE = re.compile(r"^\s*([A-Za-z]+|[\u4e00-\u9fff]{1,3})\s*[:：]\s*(.+)$")
_QUOTE = re.compile(r"^[\"“「『](.+)[\"”」』]\s*(?:—|–|--|-|——)+\s*(.+)$")
_SAID = re.compile(r"^(.+?)(?:\s+said|说|表示|称)\s*[:：,，]\s*[\"“「『](.+)[\"”」』]$")
_BREAK = re.compile(r"[;；](?=(?:[^\"“”]*(?:\"[^\"]*\"|“[^”]*”))*[^\"“”]*$)")


class Number(BaseModel):
    """A figure and what it counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: str
    label: str


class Quotation(BaseModel):
    """Somebody's words, as they were said."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    name: str
    role: str = ""


class Sheet(BaseModel):
    """The facts by kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    who: str = ""
    what: str = ""
    when: str = ""
    where: str = ""
    why: str = ""
    how: str = ""
    source: str = ""
    numbers: tuple[Number, ...] = ()
    quotes: tuple[Quotation, ...] = ()
    details: tuple[str, ...] = ()
    background: tuple[str, ...] = ()

    def texts(self) -> list[str]:
        """Return everything that was given, as texts."""
        single = [self.who, self.what, self.when, self.where, self.why, self.how, self.source]
        return [
            *(s for s in single if s),
            *(t for n in self.numbers for t in (n.value, n.label)),
            *(t for q in self.quotes for t in (q.text, q.name, q.role)),
            *self.details,
            *self.background,
        ]


def parse_sheet(text: str, language: Language = "en") -> Sheet:
    """Read a fact sheet; BriefError names the line that can't be read, or what is missing."""
    found: dict[str, list[str]] = {}
    for line in _lines(clean_text(text, "facts", 200_000)):
        match = _LINE.match(line)
        kind = KINDS.get(match[1].lower(), "") if match else ""
        if match and not kind:
            near = difflib.get_close_matches(match[1].lower(), KINDS, n=1, cutoff=0.75)
            if near:
                raise BriefError(f"The facts have a kind {show(match[1])}.", f"Did you mean {near[0]}?")
            legal = [k for k in KINDS if k.isascii() == (language == "en")]
            sentence = "detail: It rained until noon." if language == "en" else "细节：中午前一直下雨。"
            raise BriefError(
                f"{show(match[1])} is no kind of fact.",
                f"Kinds: {', '.join(legal)}. Write anything else as a sentence: {sentence}",
            )
        found.setdefault(kind or "detail", []).append(match[2].strip() if match and kind else line)
    missing = [kind for kind in ("who", "what") if kind not in found]
    if missing:
        names = missing if language == "en" else [{"who": "何人", "what": "何事"}[m] for m in missing]
        raise BriefError(
            f"The facts don't say {' and '.join(names)}: a news text is written from given facts only.",
            f'Give them as a file (--reference facts=FILE, one a line) or as -o facts="{EXAMPLE[language]}".',
        )
    joined = {k: (" and " if language == "en" else "、").join(found.get(k, [])) for k in ("who", "where")}
    single = {k: "; ".join(found.get(k, [])) for k in ("when", "why", "how", "source")}
    return Sheet(
        **{k: v.rstrip(".。;；") for k, v in (joined | single).items()},
        what=found["what"][0].rstrip(".。;；"),
        numbers=tuple(_number(n) for n in found.get("number", [])),
        quotes=tuple(_quotation(q) for q in found.get("quote", [])),
        details=(*found["what"][1:], *found.get("detail", [])),
        background=tuple(found.get("background", [])),
    )


def _lines(text: str) -> list[str]:
    lines = text.split("\n") if "\n" in text else _BREAK.split(text)
    return [line.strip().lstrip("-•* ").strip() for line in lines if line.strip() and not line.strip().startswith("#")]


_COUNTED = re.compile(r"^([€$£¥]?\d[\d.,]*(?:\s?%|\s(?:per cent|percent|thousand|million|billion))?)\s+(\D.*)$")


def _number(text: str) -> Number:
    if "|" not in text and (counted := _COUNTED.match(text)):
        return Number(value=counted[1], label=counted[2].rstrip("."))
    value, bar, label = (part.strip() for part in text.partition("|"))
    if not bar or not value or not label:
        raise BriefError(
            f"The number {show(text)} doesn't say what it counts.", "Write it as: number: 312 | people evacuated"
        )
    return Number(value=value, label=label)


def _quotation(text: str) -> Quotation:
    if said := _SAID.match(text):
        return Quotation(text=said[2].strip(), name=said[1].strip())
    match = _QUOTE.match(text)
    if not match:
        raise BriefError(
            f"The quote {show(text)} has no quotation marks or no speaker.",
            'Write it as: quote: "Nobody was hurt." — Ana Ruiz, fire chief',
        )
    name, _, role = (part.strip() for part in match[2].replace("，", ",").partition(","))
    return Quotation(text=match[1].strip(), name=name, role=role)
