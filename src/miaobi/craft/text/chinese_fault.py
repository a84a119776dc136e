"""Faults of Chinese text that a machine can find, by name: of what an engine puts into a gap, and of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from miaobi.craft.text.chinese_idea import word_table
from miaobi.craft.text.fault import slop_in
from miaobi.craft.text.sentence import unquoted
from miaobi.craft.text.table import lines
from miaobi.findings import Finding, Span

_PARTICLE = re.compile(r"[的了着过得地我你您他她它们谁这那哪么吗呢吧啊呀嘛在是有不没就都也很把被让给和与]")
_FIRST = re.compile(r"我|咱|俺")
_SECOND = re.compile(r"你|您")
_LATIN = re.compile(r"[A-Za-z0-9]+")
_HALF = re.compile(r"[\u4e00-\u9fff”][,.;:?!]|[,;:?!][\u4e00-\u9fff“]")
_DOUBLED = re.compile(r"[，。；：、][，。；：、！？]|[！？][，。；：、]|“[，。”]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def is_simplified(character: str) -> bool:
    """Tell whether GB 2312 has this character: traditional forms and rarities aren't in it."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def gap_fault(filled: str, head: str, exemplar: str, known: str) -> str:
    """Return the first fault of a noun that an engine put after *head*, or "".

    *exemplar* is what the prompt showed, *known* what the story has told: a name in it is no stranger.
    """
    checks = (
        ("empty", not filled),
        ("not-han", not all(_HAN.fullmatch(c) for c in filled)),
        ("traditional", not all(map(is_simplified, filled))),
        ("particle", bool(_PARTICLE.search(filled))),
        ("number", filled[:1] in "一两三四五六七八九十几半第" or filled[-1:] in "一个"),
        ("no-measure", head.endswith("一") and not (len(filled) > 1 and filled[0] in word_table("量"))),
        ("time", bool(re.search(r"[年月日天时初冬夏秋春午夜]", filled))),
        ("echo", bool(set(filled) & set(head)) or len(set(filled)) < len(filled)),
        ("copied", len(filled) > 1 and filled in exemplar),
        ("stranger", len(filled) > 1 and filled[0] in word_table("姓") - set(known)),
        ("verb-like", filled[-1:] in "去来说看走跑叫笑哭想打"),
        ("place-word-twice", len(filled) > 1 and filled[-1] in "上里下边旁外前后中"),
    )
    return next((name for name, found in checks if found), "")


def check_chinese(parts: Iterable[tuple[str, str]], given: str) -> Iterator[Finding]:
    """Yield errors for what Chinese prose doesn't hold; *parts* are (id, text), *given* the brief's own words."""
    for part, text in parts:
        for rule, found in _page_faults(text, given):
            message = f"这里不该有“{found}”。"
            yield Finding(rule=rule, message=message, severity="error", span=Span(part=part, text=text[:80]))


def _page_faults(text: str, given: str) -> Iterator[tuple[str, str]]:
    yield from (("latin", m) for m in _LATIN.findall(text) if m not in given)
    yield from (("half-width-mark", m) for m in _HALF.findall(text))
    yield from (("doubled-mark", m) for m in _DOUBLED.findall(text))
    yield from (("traditional", c) for c in _HAN.findall(text) if not is_simplified(c) and c not in given)
    yield from (("unfilled", c) for c in "{}[]<>~@|¶" if c in text)


def person_drift(text: str) -> str:
    """Return the first- or second-person pronoun in the narration of *text*, or ""."""
    plain = unquoted(text)
    found = _FIRST.search(plain) or _SECOND.search(plain)
    return found.group() if found else ""


def worn(text: str) -> list[str]:
    """Return the worn phrases in *text*, of both lists."""
    return [*slop_in(text, "zh"), *(phrase for phrase in lines("worn.zh") if phrase in text)]
