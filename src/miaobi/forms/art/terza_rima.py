"""Terza rima 三行体: tercets whose middle line gives the next its rhyme, and a last line by itself (Dante; Shelley)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, VerseOptions, verse_form

_STAGES = ("scene", "deed", "turn", "close")


class TerzaOptions(VerseOptions):
    """How many tercets."""

    tercets: int = Field(4, ge=2, le=6, description="how many tercets before the last line, 2 to 6")


def _pattern(options: dict[str, Any]) -> Pattern:
    count = options.get("tercets", 4)
    letters = "ABCDEFGH"
    stanzas = [
        (letters[i] + letters[i + 1] + letters[i], "iambic pentameter", _STAGES[i * len(_STAGES) // count])
        for i in range(count)
    ]
    return pattern("terza-rima", [*stanzas, (letters[count], "iambic pentameter", "close")])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return None if len(lines) % 3 != 1 or not 7 <= len(lines) <= 19 else _pattern({"tercets": len(lines) // 3})


FORM = verse_form(
    Kind("terza-rima", _pattern, _fitting, "7, 10, 13, 16 or 19 lines"),
    names={"en": "Terza rima", "zh": "三行连环韵"},
    summary={"en": "Linked tercets of iambic pentameter: ABA BCB CDC D.", "zh": "英文三行连环韵诗，五步抑扬格。"},
    options=TerzaOptions,
    length=Length(usual=105, least=50, most=190),
    example=Brief(form="terza-rima", idea="Autumn in the city", seed=5),
)
