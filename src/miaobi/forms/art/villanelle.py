"""Villanelle 维拉内拉诗: nineteen lines on two rhymes; the first and third come back word for word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, verse_form

_STANZAS = [
    ("A1BA2", "scene"),
    ("ABA1", "scene"),
    ("ABA2", "deed"),
    ("ABA1", "turn"),
    ("ABA2", "turn"),
    ("ABA1A2", "close"),
]


def _pattern(options: dict[str, Any]) -> Pattern:
    return pattern("villanelle", [(rhymes, "iambic pentameter", stage) for rhymes, stage in _STANZAS])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return _pattern({}) if len(lines) == len(_pattern({}).lines) else None


FORM = verse_form(
    Kind("villanelle", _pattern, _fitting, "19 lines"),
    names={"en": "Villanelle", "zh": "维拉内拉诗"},
    summary={
        "en": "Nineteen lines on two rhymes; the first and third come back word for word.",
        "zh": "英文维拉内拉诗：十九行两韵，两行叠句往复。",
    },
    length=Length(usual=150, least=110, most=200),
    example=Brief(form="villanelle", idea="Missing an old friend", seed=2),
)
