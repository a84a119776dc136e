"""Free verse 自由诗: lines without metre or rhyme, in stanzas that follow the argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, VerseOptions, verse_form

_LINES = "3-14"  # syllables
_STAGES = ("scene", "deed", "turn", "turn", "close")


class FreeOptions(VerseOptions):
    """How many stanzas."""

    stanzas: int = Field(4, ge=1, le=5, description="how many stanzas, 1 to 5")


def _pattern(options: dict[str, Any]) -> Pattern:
    count = options.get("stanzas", 4)
    stages = [_STAGES[i * len(_STAGES) // count] for i in range(count - 1)] + ["close"]
    sizes = [4 if i % 2 == 0 else 2 for i in range(count)]
    return pattern("free-verse", [("x" * n, _LINES, stage) for n, stage in zip(sizes, stages, strict=True)])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    """Return a pattern of as many lines as there are: free verse may have any number and any length."""
    return pattern("free-verse", [("x" * len(lines), "1-99", "scene")])


FORM = verse_form(
    Kind("free-verse", _pattern, _fitting, "any number of lines"),
    names={"en": "Free verse", "zh": "英文自由诗"},
    summary={"en": "Lines without metre or rhyme.", "zh": "英文自由诗，无格律。"},
    options=FreeOptions,
    length=Length(usual=85, least=15, most=150),
    example=Brief(form="free-verse", idea="My grandmother's kitchen", seed=6),
)
