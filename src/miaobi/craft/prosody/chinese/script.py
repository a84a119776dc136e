"""Scripts: verse is written and judged in traditional characters, and shown in either.

Conversion is OpenCC's. From simplified to traditional one character may become several; what is asked of the net goes
that way, what people read comes back.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from miaobi.craft.prosody.chinese.rime import variants

Script = Literal["traditional", "simplified"]


@cache
def _converter(way: str) -> Any:
    from opencc import OpenCC

    return OpenCC(way)


def traditional(text: str) -> str:
    """Return *text* in the traditional characters of the tables; other shapes of a character are written as theirs."""
    return str(_converter("s2t").convert(text)).translate(variants())


def shown(text: str, script: Script) -> str:
    """Return traditional *text* as *script* writes it."""
    return text if script == "traditional" else str(_converter("t2s").convert(text))


def script_of(text: str) -> Script:
    """Return the script that *text* is in; simplified where it could be either."""
    return "traditional" if shown(text, "simplified") != text else "simplified"
