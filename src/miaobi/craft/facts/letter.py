"""The point of a letter, read from an idea such as “ask Maria to send me her notes by Friday”.

What is told to the writer (*ask Maria to*) becomes what is said to the reader (*send me your notes*): the first and the
second person stay, the reader's third person becomes *you* where no one else is named. The kind of a point says which
templates can hold it: *to* an infinitive, *for* a noun phrase, *that* a clause, *if* an indirect question.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from miaobi.craft.facts.clause import lower_first, shape
from miaobi.craft.facts.wording import dated, day_of
from miaobi.craft.text.sentence import sentences
from miaobi.types import Language

Kind = Literal["to", "for", "that", "if"]
Purpose = Literal["request", "inform", "invite", "apologise", "thank", "follow-up", "decline", "remind", "introduce"]
_NO_LINK = r"(?!(?:to|for|that|if|about|on|of|whether)\b)"
_WHO = rf"(?:(?P<who>(?:my |our |the |all )?[\w’.-]+(?: {_NO_LINK}[A-Z][\w’.-]+)*) )??"
_EN: tuple[tuple[Purpose, str], ...] = (
    ("request", rf"(?:ask|beg|get) {_WHO}(?P<link>to|for|if|whether|about) (?P<p>.+)"),
    ("request", r"(?:request|ask for) (?P<p>.+)"),
    ("inform", rf"(?:tell|inform|notify|let|update) {_WHO}(?:know )?(?P<link>that|about|of|to) (?P<p>.+)"),
    ("inform", r"(?:announce|say|explain|confirm) (?P<link>that )?(?P<p>.+)"),
    ("invite", rf"invite {_WHO}(?P<link>to|for) (?P<p>.+)"),
    ("apologise", r"(?:apologi[sz]e|say sorry)(?: to (?P<who>.+?))? (?P<link>for|that|about|because) (?P<p>.+)"),
    ("thank", rf"thank {_WHO}(?P<link>for|that) (?P<p>.+)"),
    ("follow-up", r"follow up(?: with (?P<who>.+?))? (?P<link>on|about|to|whether) (?P<p>.+)"),
    ("decline", r"(?:decline|turn down|refuse) (?P<p>.+)"),
    ("remind", rf"remind {_WHO}(?P<link>that|to|about|of) (?P<p>.+)"),
    ("introduce", r"introduce (?P<p>.+)"),
)
_ZH: tuple[tuple[Purpose, Kind, str], ...] = (
    ("invite", "to", r"邀请.*?(?P<p>(?:参加|出席|来|共|一起|光临).+)"),
    ("apologise", "for", r"[为就因](?P<p>.+?)(?:[向对].*)?(?:道歉|致歉|说声抱歉)"),
    ("apologise", "that", r"(?:道歉|致歉|抱歉)[，,：:]?(?P<p>.+)"),
    ("thank", "for", r"(?:感谢|谢谢)(?P<p>.+)"),
    ("follow-up", "for", r"(?:跟进|询问|催问)(?P<p>.+)"),
    ("decline", "for", r"(?:婉拒|谢绝|拒绝|推辞)(?P<p>.+)"),
    ("remind", "that", r"提醒(?P<p>.+)"),
    ("introduce", "for", r"介绍(?P<p>.+)"),
    ("inform", "that", r"(?:告知|通知|告诉)(?P<p>.+)"),
    ("request", "that", r"(?:我想?)?[向跟找](?P<who>.+?)(?P<p>(?:请假|请教|请示|申请|借).+)"),
    ("request", "to", r"(?:请求|请(?!假|教|客|柬|示|帖|愿)|拜托)(?P<p>.+)"),
)
_TAKES_OBJECT = frozenset({"decline", "introduce", "request"})
_NOUN = re.compile(r"(?:an?|the|my|our|your|his|her|their|this|that|these|those|two|three|some|more)\b", re.I)
_LINKS: dict[str, Kind] = {
    "to": "to", "for": "for", "about": "for", "of": "for", "on": "for", "that": "that", "because": "that",
    "if": "if", "whether": "if",
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """What the letter says: its first sentence read, the others as given."""

    purpose: Purpose
    kind: Kind
    text: str
    rest: tuple[str, ...] = ()


def read_point(idea: str, purpose: str, to: str, language: Language) -> Point:
    """Return the point of *idea*; *purpose* "auto" takes the one that the idea names, else to inform."""
    whole = sentences(idea.replace("\n", " "), language)
    first, rest = whole[0].rstrip(".。!！ "), tuple(whole[1:])
    if language == "zh":
        return _chinese(first, rest, purpose, to)
    first = re.sub(
        r"^(?:please )?(?:write|send|email)\s(?:(?:an?|the) )?(?:short )?(?:email|e-mail|mail|letter|message|note)\s",
        "",
        first,
        flags=re.I,
    )
    first = re.sub(
        r"^to (?=(?:ask|tell|invite|thank|remind|apologi|decline|introduce|follow|request|inform)\b)", "", first
    )
    for named, pattern in _EN:
        match = re.fullmatch(pattern, first, re.I)
        if match:
            groups = match.groupdict()
            text, link = groups["p"].strip(), (groups.get("link") or "").strip().lower()
            kind = _LINKS.get(link) or ("for" if named in _TAKES_OBJECT and _NOUN.match(text) else _kind(text))
            if kind == "to" and shape(text) not in {"verb"}:
                kind = "for"
            text = _second_person(text, groups.get("who") or "", to)
            return Point(named if purpose == "auto" else purpose, kind, text, rest)  # type: ignore[arg-type]
    text = re.sub(r"^(?:that|to)\s(?=\w)", "", lower_first(first)) if shape(first) in {"that", "infinitive"} else first
    return Point("inform" if purpose == "auto" else purpose, _kind(first), lower_first(text), rest)  # type: ignore[arg-type]


def _kind(text: str) -> Kind:
    kinds: dict[str, Kind] = {"clause": "that", "that": "that", "infinitive": "to", "verb": "to"}
    return kinds.get(shape(text), "for")


def _second_person(text: str, who: str, to: str) -> str:
    """Turn the reader's third person into the second, where the idea names the reader and no one else."""
    text = lower_first(text)
    others = [
        w for w in re.findall(r"(?<!^)\b[A-Z][a-z]+", text) if w not in who and w not in to and not _DAYS.match(w)
    ]
    if not who or others or who.lower() in {"me", "us"}:
        return text
    for theirs, yours in (("his|her|their", "your"), ("him|them", "you"), ("he|she|they", "you")):
        text = re.sub(rf"\b(?:{theirs})\b", yours, text)
    return re.sub(r"\byou (?:is|was)\b", lambda m: "you are" if m[0].endswith("is") else "you were", text)


_DAYS = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|Sept|Oct|Nov|Dec|I\b"
)


def _chinese(first: str, rest: tuple[str, ...], purpose: str, to: str) -> Point:
    name = re.sub(r"<.*", "", to).strip()
    for named, kind, pattern in _ZH:
        match = re.fullmatch(pattern, first)
        if match and purpose in {"auto", named}:
            text = match["p"].strip("，,：: ")
            if named == "request" and kind == "that":  # what the writer asks to do
                text = f"我想{text}"
            for who in (name, "大家", "各位"):
                if who and kind != "for":
                    text = text.removeprefix(who).lstrip("，,：:")
            return Point(named, kind, text.replace(name, "您") if name and named == "thank" else text, rest)
    return Point("inform" if purpose == "auto" else purpose, "that", first, rest)  # type: ignore[arg-type]


def by_when(deadline: str, language: Language) -> str:
    """Return the deadline as an adverbial: `` by Friday 27 November``, ``在11月27日（周五）前``; "" for none."""
    if not deadline:
        return ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", deadline):
        date = datetime.date.fromisoformat(deadline)
        if language == "zh":
            return f"在{day_of(date, 'zh')}（周{'一二三四五六日'[date.weekday()]}）前"
        day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[date.weekday()]
        return f" by {day}, {dated(date)}"
    if language == "zh":
        return f"在{deadline.removeprefix('在').removesuffix('前').removesuffix('之')}前"
    return f" {deadline}" if re.match(r"(?:by|before|until|within|on)\b", deadline, re.I) else f" by {deadline}"


def short(text: str, limit: int) -> str:
    """Return the point as a subject: whole if it fits, else cut before a phrase."""
    text = text.strip()
    if len(text) <= limit:
        return text
    if re.search(r"[\u4e00-\u9fff]", text):
        return re.split(r"[，、；]", text)[0][:limit]
    cuts = [
        m.start()
        for m in re.finditer(
            r"(?:,| (?:in|on|at|by|for|from|with|after|before|because|so|(?<!\d )and|but|when|which|that|who))\s", text
        )
    ]
    kept = [text[:c] for c in cuts if c <= limit]
    return kept[-1] if kept and len(kept[-1]) > 10 else text[:limit].rsplit(" ", 1)[0]
