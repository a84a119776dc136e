"""Sonnet 十四行诗: fourteen lines of iambic pentameter, rhymed as Shakespeare's or as Petrarch's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.verse.judgement import fits_best
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.form import Length
from miaobi.forms.art.poem import Kind, VerseOptions, verse_form

_METRE = "iambic pentameter"
SCHEMES = {
    "shakespearean": [("ABAB", "scene"), ("CDCD", "deed"), ("EFEF", "turn"), ("GG", "close")],
    "petrarchan": [("ABBA", "scene"), ("ABBA", "deed"), ("CDE", "turn"), ("CDE", "close")],
}


class SonnetOptions(VerseOptions):
    """Which sonnet."""

    scheme: Literal["shakespearean", "petrarchan"] = Field(
        "shakespearean", description="shakespearean (ABAB CDCD EFEF GG) or petrarchan (ABBA ABBA CDE CDE)"
    )


def _pattern(options: dict[str, Any]) -> Pattern:
    stanzas = SCHEMES[options.get("scheme", "shakespearean")]
    return pattern("sonnet", [(rhymes, _METRE, stage) for rhymes, stage in stanzas])


def _fitting(lines: Sequence[str]) -> Pattern | None:
    return fits_best(lines, [_pattern({"scheme": scheme}) for scheme in SCHEMES])


FORM = verse_form(
    Kind("sonnet", _pattern, _fitting, "14"),
    names={"en": "Sonnet", "zh": "十四行诗"},
    summary={
        "en": "Fourteen lines of iambic pentameter: a scene, a thing, a turn, a close.",
        "zh": "英文十四行诗，五步抑扬格。",
    },
    options=SonnetOptions,
    length=Length(usual=110, least=80, most=150),
    example=Brief(form="sonnet", idea="A lighthouse keeper finds a message in a bottle", seed=7),
)
