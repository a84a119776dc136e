"""Bodies read strictly: what JSON readers disagree about is refused, so that no two parts of us can.

Refused are NaN and infinities (RFC 8259 has none), numbers that no double holds, a name twice in one object, half a
surrogate pair, integers of more than 400 digits, and nesting deeper than 64.
"""

from __future__ import annotations

import json
import math
from typing import Any

DEEPEST = 64
_DIGITS = 400


def fault(body: bytes) -> str:
    """Return what is wrong with a JSON body; "" where nothing is."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        return f"The body is not UTF-8: {error.reason} at byte {error.start}."
    except json.JSONDecodeError as error:
        return f"The body is not JSON: {error.msg} at character {error.pos}."
    except ValueError as error:
        return f"The body can't be read: {error}."
    except RecursionError:
        return f"The body is nested deeper than {DEEPEST}."
    return _fault_within(value)


def _fault_within(value: Any) -> str:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST + 1:
            return f"The body is nested deeper than {DEEPEST}."
        below: list[Any] = []
        for one in level:
            if isinstance(one, str) and not one.isascii() and any("\ud800" <= c <= "\udfff" for c in one):
                return "The body has half a surrogate pair, which is no text."
            if isinstance(one, dict):
                below += one.keys()
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = below
    return ""


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is larger than any that is kept")
    return value


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"an integer has more than {_DIGITS} digits")
    return int(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
