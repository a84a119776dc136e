"""Limerick 五行打油诗: five lines of three, three, two, two and three anapaests, AABBA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, verse_form

_LONG, _SHORT = "anapaestic trimeter", "anapaestic dimeter"


def _pattern(options: dict[str, Any]) -> Pattern:
    return pattern("limerick", [("AABBA", f"{_LONG}/{_LONG}/{_SHORT}/{_SHORT}/{_LONG}", "limerick")], whole=True)


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return _pattern({}) if len(lines) == len(_pattern({}).lines) else None


FORM = verse_form(
    Kind("limerick", _pattern, _fitting, "5 lines"),
    names={"en": "Limerick", "zh": "五行打油诗"},
    summary={"en": "Five bouncing lines of nonsense, AABBA.", "zh": "英文五行打油诗，抑抑扬格，AABBA 韵。"},
    length=Length(usual=36, least=25, most=50),
    example=Brief(form="limerick", idea="A baker loses a spoon", seed=1),
)
