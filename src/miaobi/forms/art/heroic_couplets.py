"""Heroic couplets 英雄双行体: pairs of rhymed lines of iambic pentameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, VerseOptions, verse_form

_STAGES = ("scene", "deed", "deed", "turn", "turn", "close")


class CoupletOptions(VerseOptions):
    """How many couplets."""

    couplets: int = Field(6, ge=1, le=8, description="how many couplets, 1 to 8")


def _pattern(options: dict[str, Any]) -> Pattern:
    count = options.get("couplets", 6)
    stages = [_STAGES[i * len(_STAGES) // count] if count > 1 else "close" for i in range(count)]
    letters = [chr(ord("A") + i) * 2 for i in range(count)]
    return pattern("heroic-couplets", [(a, "iambic pentameter", s) for a, s in zip(letters, stages, strict=True)])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return None if len(lines) % 2 or not 2 <= len(lines) <= 16 else _pattern({"couplets": len(lines) // 2})


FORM = verse_form(
    Kind("heroic-couplets", _pattern, _fitting, "an even number of lines, 2 to 16"),
    names={"en": "Heroic couplets", "zh": "英雄双行体"},
    summary={"en": "Pairs of rhymed lines of iambic pentameter.", "zh": "英文英雄双行体，五步抑扬格，两行一韵。"},
    options=CoupletOptions,
    aliases=("couplets",),
    length=Length(usual=95, least=14, most=150),
    example=Brief(form="heroic-couplets", idea="A clockmaker repairs the town clock", seed=3),
)
