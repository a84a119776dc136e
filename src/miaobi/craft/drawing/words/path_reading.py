"""Reading of a way: *the path to the mill*, 小路; where none is named a country has one only now and then."""

from __future__ import annotations

import re

_TOLD = re.compile(
    r"\b(?:footpaths?|paths?|trails?|lanes?|roads?|tracks?|highways?|byways?)\b|\bcrossroads\b"
    r"|\bon (?:the|his|her|their|its) way\b"
    r"|[小山归土乡林石]路|路[上边旁口]|[小山石曲幽]径|古道|小道|阡陌|田埂|赶路|归途",
    re.I,
)


def read_path(idea: str) -> bool:
    """Tell whether *idea* names a path or a road."""
    return bool(_TOLD.search(idea))
