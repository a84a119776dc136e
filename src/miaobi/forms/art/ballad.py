"""Ballad 民谣: quatrains of four and three beats in turn, of which the second and fourth lines rhyme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, VerseOptions, verse_form

_METRE = "iambic tetrameter/iambic trimeter"
_STAGES = ("ballad_scene", "ballad_deed", "ballad_deed", "ballad_turn", "ballad_turn", "ballad_close")


class BalladOptions(VerseOptions):
    """How many stanzas."""

    stanzas: int = Field(5, ge=2, le=6, description="how many stanzas, 2 to 6")


def _pattern(options: dict[str, Any]) -> Pattern:
    count = options.get("stanzas", 5)
    stages = [_STAGES[i * len(_STAGES) // count] for i in range(count - 1)] + [_STAGES[-1]]
    return pattern("ballad", [(f"x{chr(ord('A') + i)}x{chr(ord('A') + i)}", _METRE, s) for i, s in enumerate(stages)])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return None if len(lines) % 4 or not 8 <= len(lines) <= 24 else _pattern({"stanzas": len(lines) // 4})


FORM = verse_form(
    Kind("ballad", _pattern, _fitting, "8, 12, 16, 20 or 24 lines"),
    names={"en": "Ballad", "zh": "英文民谣"},
    summary={
        "en": "Quatrains of four and three beats; the second and fourth lines rhyme.",
        "zh": "英文民谣体：四步三步相间，二四行押韵。",
    },
    options=BalladOptions,
    length=Length(usual=110, least=40, most=180),
    example=Brief(form="ballad", idea="A ferryman crosses the river for the last time", seed=4),
)
