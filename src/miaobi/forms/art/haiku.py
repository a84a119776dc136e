"""Haiku 俳句 (English): three lines of five, seven and five syllables, an image and a turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, verse_form


def _pattern(options: dict[str, Any]) -> Pattern:
    return pattern("haiku", [("xxx", "5/7/5", "haiku")], whole=True)


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return _pattern({}) if len(lines) == len(_pattern({}).lines) else None


FORM = verse_form(
    Kind("haiku", _pattern, _fitting, "3 lines"),
    names={"en": "Haiku", "zh": "英文俳句"},
    summary={"en": "Three lines of five, seven and five syllables.", "zh": "英文俳句：五、七、五音节。"},
    length=Length(usual=13, least=6, most=17),
    example=Brief(form="haiku", idea="Snow falls on a railway station", seed=1),
)
