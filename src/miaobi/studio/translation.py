"""What the program says, in the reader's language: English where it is said and kept, translated where it is shown.

A message is English text with values in it. The catalogue (``data/messages.zh.txt``) has the text of each as it stands
in the source, with {0}, {1}, … for the values, and its translation. A message is recognised by the template that it
fits with the most letters, so nothing has to be marked where it is said, works of former days are read as well, and
records stay as they were. A test reads the templates from the source and finds those that the catalogue lacks, or has
in vain.

Values are taken over as they are but for names of forms, a few words, and messages within messages. What isn't in the
catalogue stays English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # its arrays would load NumPy before every command
    from miaobi.types import Language

READER: ContextVar[Language] = ContextVar("reader", default="en")  # who reads what is being answered
TRADITIONAL: ContextVar[bool] = ContextVar("traditional", default=False)  # and in which characters
_WORDS = {
    "words": "词", "characters": "字", "none": "无", "none yet": "还没有", "English": "英文", "Chinese": "中文",
    "brief": "创作要求", "options": "选项", "text": "文字", "idea": "构思", "title": "标题", "tone": "语气",
    "audience": "读者", "note": "附注", "board": "作品集", "branch": "分支", "level": "平", "oblique": "仄",
    "acrostic": "藏头", "required word": "必用词", "rhyme group": "韵部",
}  # fmt: skip
_TYPED = ("legal are {0}", "Write one of them, as -o {0}={1}.")  # whose values stay as one types them, “none” too
_HOLE = re.compile(r"\\?\{(\d+)\\?\}")
_BETWEEN = re.compile("; (?=(?:[^“”]*“[^“”]*”)*[^“”]*$)")  # a semicolon, but not within quotation marks
_LEAST = 5  # letters that a template within a value must have: less would be found by chance


@dataclass(frozen=True)
class _Template:
    pattern: re.Pattern[str]
    letters: int
    quoted: frozenset[str]  # the holes that hold somebody's own words
    said: str


def preferred(accepted: str) -> Language:
    """Return the language that an ``Accept-Language`` header or a locale's name puts first: zh for any Chinese."""
    return "zh" if re.match(r"zh\b|zh_", _first(accepted), re.I) else "en"


def prefers_traditional(accepted: str) -> bool:
    """Tell whether what is put first is Chinese in traditional characters."""
    return bool(re.match(r"zh[-_](hant|tw|hk|mo)\b", _first(accepted).partition(".")[0], re.I))


def _first(accepted: str) -> str:
    first, best = "en", -1.0
    for entry in accepted.split(","):
        name, _, parameters = entry.strip().partition(";")
        weight = re.fullmatch(r"\s*q=(\d(?:\.\d+)?)\s*", parameters)
        share = float(weight[1]) if weight else 1.0
        if name and share > best:
            first, best = name, share
    return first


def said(message: str, language: Language | None = None) -> str:
    """Return *message* for a reader of *language*, the current ``READER``'s by default; each line by itself."""
    if (language or READER.get()) == "en" or not message:
        return message
    return in_script("\n".join(_sentences(line) for line in message.split("\n")))


def label(word: str) -> str:
    """Return a label (a table's column, a step, a kind) for the current reader; one of several words as a message."""
    if READER.get() == "en":
        return word
    return in_script(labels()[word]) if word in labels() else said(word)


def in_script(chinese: str) -> str:
    """Return a text of ours in simplified characters in those that the current reader reads."""
    if not TRADITIONAL.get():
        return chinese
    from miaobi.studio.traditional import around

    return around(chinese)


def titles(of: Mapping[Language, str]) -> dict[str, str]:
    """Return a name in each language for the current reader."""
    return {language: in_script(title) if language == "zh" else title for language, title in of.items()}


def finding(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding's or remark's plain values with message and suggestion for the current reader."""
    return {k: said(v) if k in ("message", "suggestion") and isinstance(v, str) else v for k, v in found.items()}


def findings(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return findings for the current reader."""
    return [finding(one) for one in found]


@lru_cache(maxsize=1024)
def _sentences(text: str) -> str:
    """Translate a message, or the messages that were put behind one another; what isn't known stays."""
    if (whole := _fitting(text)) is not None:
        return whole
    for end in [m.end() for m in re.finditer(r"[.?:](?= )", text)]:
        if (head := _fitting(text[:end])) is not None:
            return head + _sentences(text[end:].strip())
    return text


def _fitting(text: str, least: int = 0) -> str | None:
    if (exact := messages().get(text.strip())) is not None:
        return exact
    found = [(t.letters, t, m) for t in _catalogue() if t.letters >= least and (m := t.pattern.fullmatch(text.strip()))]
    if not found:
        return None
    _, template, match = max(found, key=lambda each: (each[0], len(each[1].pattern.pattern)))
    return _HOLE.sub(
        lambda hole: match[f"h{hole[1]}"] if hole[1] in template.quoted else _value(match[f"h{hole[1]}"]), template.said
    )


def _value(text: str) -> str:
    """Translate what stands in a hole: a known word or form, messages one behind another, a message of its own."""
    bare = text.strip()
    if not re.search("[A-Za-z]", bare):
        return text
    if bare.startswith("“") and bare.endswith("”"):
        return text  # somebody's own words
    if (known := _WORDS.get(bare) or _forms().get(bare)) is not None:
        return known
    listed = _BETWEEN.split(bare)
    if len(listed) > 1 and all(_within(part) is not None for part in listed):
        return "；".join(_within(part) or part for part in listed)
    if (within := _within(bare)) is not None:
        return within
    names = re.split(r"(, | or )", bare)  # of options and values too, which are typed as they are
    if any(name in _forms() for name in names):
        return "".join({", ": "、", " or ": "或"}.get(name) or _forms().get(name, name) for name in names)
    return text


def _within(text: str) -> str | None:
    """Translate a message that stands in a hole, perhaps behind a name and a colon."""
    if (whole := _fitting(text, _LEAST)) is not None:
        return whole
    head, colon, tail = text.partition(": ")
    rest = _fitting(tail, _LEAST) if colon else None
    return None if rest is None else f"{_value(head)}：{rest}"


@cache
def _forms() -> dict[str, str]:
    from miaobi.forms import forms

    return {name: form.names["zh"] for name, form in forms().items() if "zh" in form.names}


@cache
def labels() -> dict[str, str]:
    """Return the labels, which are words: what a message has in a hole is never taken for one."""
    text = (files("miaobi.studio") / "data" / "labels.zh.txt").read_text("utf-8")
    pairs = (line.partition(" = ") for line in text.splitlines() if line and not line.startswith("#"))
    return {english: chinese for english, _, chinese in pairs}


@cache
def messages() -> dict[str, str]:
    """Return the catalogue: each template with its translation."""
    text = (files("miaobi.studio") / "data" / "messages.zh.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {english: chinese.strip() for english, chinese in zip(lines[::2], lines[1::2], strict=True)}


@cache
def _catalogue() -> tuple[_Template, ...]:
    out = []
    for english, chinese in messages().items():
        pattern = _HOLE.sub(lambda hole: f"(?P<h{hole[1]}>.+?)", re.escape(english))
        letters = sum(c.isalpha() for c in re.sub(r"\{\d+\}", "", english))
        quoted = frozenset(re.findall(r"\{(\d+)\}" if english in _TYPED else r"“\{(\d+)\}”", english))
        out.append(_Template(re.compile(pattern, re.S), letters, quoted, chinese))
    return tuple(out)
