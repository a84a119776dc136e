"""Wording: the bible as a person writes it, held to what the forms understand; and how an editor may ask for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from miaobi.bible import Bible
from miaobi.brief import clean_text
from miaobi.craft.melody.mood import moods
from miaobi.craft.melody.plan import read_key
from miaobi.craft.music.score import MODES
from miaobi.errors import BriefError, show

TEMPO = (30, 300)  # beats per minute
_LISTS = ("personas", "places", "lore", "motifs")
_MODES = [mode for mode in MODES if mode not in ("lydian", "locrian")]  # in which no form writes
_MOST = 24  # in each of them
_TEXT = 500  # characters
_LONG = 4_000
_TITLE = 80  # a board is named so
_COLOURS = 12


def written(bible: Bible) -> Bible:
    """Return the bible with clean texts. BriefError for a value that no form could take."""
    _among("mood", bible.mood, list(moods()))
    _among("mode", bible.mode, _MODES)
    if bible.key and read_key(bible.key)[1] is not None:
        raise BriefError(
            f"{show(bible.key)} names a mode too.", "Write the tonic (D, F#, Bb): the mode has its own place."
        )
    if bible.tempo and not TEMPO[0] <= bible.tempo <= TEMPO[1]:
        raise BriefError(f"A tempo of {bible.tempo} can't be played.", f"{TEMPO[0]} to {TEMPO[1]} beats per minute.")
    for colour in bible.palette:
        if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
            raise BriefError(f"{show(colour)} is no colour of a palette.", "Write it as #8a3324.")
    for name in ("palette", *_LISTS):
        most = _COLOURS if name == "palette" else _MOST
        if len(found := getattr(bible, name)) > most:
            raise BriefError(f"The bible has {len(found)} {name}.", f"At most {most}.")
    for name in ("personas", "places"):
        if any(not one.name.strip() for one in getattr(bible, name)):
            raise BriefError(f"One of the {name} has no name.", "Give it one, or take it out.")
        if len({one.id for one in getattr(bible, name)}) < len(getattr(bible, name)):
            raise BriefError(f"Two of the {name} have the same id.", "Each has its own.")
    return Bible.model_validate({name: _cleaned(name, value) for name, value in bible.model_dump().items()})


def declaration() -> dict[str, Any]:
    """Return the bible's JSON schema, with what a value may be where only some are understood."""
    schema = Bible.model_json_schema()
    own: dict[str, dict[str, Any]] = schema["properties"]
    own["mood"]["enum"] = ["", *moods()]
    own["mode"]["enum"] = ["", *_MODES]
    own["tempo"] |= {"minimum": TEMPO[0], "maximum": TEMPO[1]}
    own["title"]["maxLength"] = _TITLE
    own["palette"] |= {"maxItems": _COLOURS, "items": {"type": "string", "format": "color"}}
    for name in _LISTS:
        own[name]["maxItems"] = _MOST
    own["facts"]["readOnly"] = True  # what stories say of themselves
    return schema


def _among(what: str, value: str, legal: Sequence[str]) -> None:
    if value and value not in legal:
        raise BriefError(f"{show(value)} is no {what}.", f"Legal: {', '.join(legal)}.")


def _cleaned(name: str, value: Any) -> Any:
    """Return a value with its texts clean; BriefError for one that is no text, or too long."""
    if isinstance(value, str):
        return clean_text(value, name, {"title": _TITLE, "content": _LONG, "logline": _LONG}.get(name, _TEXT))
    if isinstance(value, dict):
        return {clean_text(key, name, _TITLE): _cleaned(key, one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [one for one in (_cleaned(name, one) for one in value) if one != ""]
    return value
