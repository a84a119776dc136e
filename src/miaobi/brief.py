"""Brief: the wish that a work begins with. No sampling knobs; those are ``types.Sampling``."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from miaobi.errors import BriefError, show
from miaobi.types import Language

IDEA_LIMIT = 20_000  # characters; about ten pages
_INVISIBLE = {"\u200b", "\ufeff", "\u2060", "\u00ad"}  # zero width: carry no meaning in a brief; ZWJ/ZWNJ do


def clean_text(text: str, what: str = "text", limit: int = IDEA_LIMIT) -> str:
    """Return *text* in NFC without invisible characters; refuse what can't be stored or shown.

    Right-to-left text and its marks are legal and kept. Raises BriefError for lone surrogates, control characters and
    text longer than *limit* characters.
    """
    if len(text) > limit:
        raise BriefError(
            f"The {what} is {len(text):,} characters long; at most {limit:,} are taken.",
            "Put long material in a file and give it as a reference (--reference FILE).",
        )
    for i, c in enumerate(text):
        if "\ud800" <= c <= "\udfff":
            raise BriefError(
                f"The {what} has a lone surrogate (U+{ord(c):04X}) at character {i + 1}: it is not text.",
                "Check the encoding of where it came from; UTF-8 is expected.",
            )
        if unicodedata.category(c) == "Cc" and c not in "\n\r\t":
            raise BriefError(
                f"The {what} has a control character (U+{ord(c):04X}) at character {i + 1}.",
                "Remove it; line breaks and tabs are legal.",
            )
    text = "".join(c for c in text if c not in _INVISIBLE)
    return unicodedata.normalize("NFC", text).strip()


class Reference(BaseModel):
    """Material that comes with the brief: a text of the user's, with what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["style", "lore", "facts", "table", "thread", "persona", "score", "picture", "story"]
    name: str
    text: str = Field(max_length=2_000_000)


class Brief(BaseModel):
    """What the user wants made."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    form: str
    idea: str
    language: Language = "en"
    title: str = ""
    tone: str = ""
    audience: str = ""
    length: int = Field(default=0, ge=0, le=1_000_000)  # words (字 in Chinese); 0: the form's usual
    seed: int = Field(default=0, ge=0, lt=2**63)
    date: datetime.date | None = None  # dateline; nothing reads the clock while composing
    options: dict[str, Any] = Field(default_factory=dict)  # the form's own, validated by the form
    references: tuple[Reference, ...] = ()

    @field_validator("idea", "title", "tone", "audience")
    @classmethod
    def _clean(cls, value: str, where: Any) -> str:
        return clean_text(value, where.field_name, IDEA_LIMIT if where.field_name == "idea" else 500)

    def references_of(self, kind: str) -> list[Reference]:
        """Return the references of one kind, in the order given."""
        return [r for r in self.references if r.kind == kind]

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Brief:
        """Build a brief from plain values; raise BriefError that says which value and what is legal."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise brief_error(error, "brief") from None


_SAID = {  # pydantic's kinds of error, in words for people who don't program
    "extra_forbidden": "there is nothing of that name",
    "int_parsing": "it is not a whole number",
    "int_from_float": "it is not a whole number",
    "float_parsing": "it is not a number",
    "bool_parsing": "it is neither yes nor no",
    "dict_type": "it is no list of names with values",
    "string_type": "it is no text",
    "less_than_equal": "at most {le} is legal",
    "greater_than_equal": "at least {ge} is legal",
    "literal_error": "legal are {expected}",
    "value_error": "{error}",
}


def _said(error: Any) -> str:
    """Return one of pydantic's errors in our words, else in its own."""
    values = dict(error.get("ctx", {}))
    if "expected" in values:
        values["expected"] = ", ".join(_expected(error))
    values |= {name: f"{values[name]:.12g}" for name in ("le", "ge") if isinstance(values.get(name), float)}
    return str(_SAID.get(error["type"], error["msg"].replace("{", "{{").replace("}", "}}")).format(**values))


def _expected(error: Any) -> list[str]:
    """Return the values, but for none at all, of which one of pydantic's errors says that one was expected."""
    return [name for name in re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", "")) if name]


def _merged(errors: Sequence[Any]) -> list[Any]:
    """Return pydantic's errors, those of the branches of one choice as one: ``oil | ink``, or ``auto``."""
    out: list[Any] = []
    for error in errors:
        if error["type"] == "literal_error":
            loc = tuple(part for part in error["loc"] if not str(part).startswith("literal["))
            before = next((one for one in out if one["type"] == "literal_error" and one["loc"] == loc), None)
            if before:
                before["ctx"] = {"expected": f"{before['ctx']['expected']}, {error['ctx']['expected']}"}
            else:
                out.append(error | {"loc": loc})
        else:
            out.append(error)
    return out


def brief_error(error: ValidationError, what: str) -> BriefError:
    """Turn pydantic's report into our words: every wrong value, where it stands, what is legal, and how to write it."""
    lines, hint = [], ""
    for e in _merged(error.errors()):
        cause = e.get("ctx", {}).get("error")
        if isinstance(cause, BriefError):
            return cause
        place = ".".join(map(str, e["loc"])) or what
        given = "" if e["type"] in {"missing", "value_error"} else f" (given: {show(e['input'])})"
        lines.append(f"{place}: {_said(e)}{given}")
        if what == "options" and not hint and (legal := _expected(e)):
            near = difflib.get_close_matches(str(e["input"]).lower(), legal, 1, 0.75)
            hint = f"Write one of them, as -o {place}={near[0] if near else legal[0]}."
    return BriefError(f"The {what} {'are' if what.endswith('s') else 'is'} not valid: " + "; ".join(lines), hint)
