"""Sight: from a picture's file to what is noticed in it, and to the brief of a work that shows it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from miaobi.bible import Bible
from miaobi.craft.looking.noticing import Sight, notice
from miaobi.craft.looking.opening import MOST_BYTES, opened
from miaobi.craft.looking.telling import account, colour_name, idea_of
from miaobi.errors import show
from miaobi.forms import find
from miaobi.studio.intake import read_bytes
from miaobi.types import Language

__all__ = ["account", "bible", "brief_values", "plain", "seen"]


def seen(name: str) -> Sight:
    """Return what is noticed in the picture at *name*; InputFileError for one that can't be read."""
    return notice(opened(read_bytes(Path(name), MOST_BYTES), show(name)).pixels)


def brief_values(sight: Sight, form: str, idea: str, language: Language) -> dict[str, Any]:
    """Return the plain values of a brief: the person's *idea* and what the picture adds to it, its mood as tone, its
    palette where the form takes one."""
    about = idea_of(sight, language)
    if idea:
        joint = {"en": ", ", "zh": "，"}[language]
        about = idea.rstrip(".。") + joint + about
    values: dict[str, Any] = {
        "form": find(form).name if form else "",
        "idea": about,
        "language": language,
        "tone": sight.mood,
    }
    if form and "palette" in find(form).options.model_fields and len(sight.palette) > 1:
        values["options"] = {"palette": " ".join(colour for colour, _ in sight.palette)}
    return values


def bible(sight: Sight, language: Language) -> Bible:
    """Return what the works of this picture's world share."""
    motifs = [w for w in (sight.hour, sight.season, sight.ground) if w]
    return Bible(
        theme=idea_of(sight, language),
        mood=sight.mood,
        motifs=tuple(motifs),
        palette=tuple(c for c, _ in sight.palette),
    )


def plain(sight: Sight, language: Language) -> dict[str, Any]:
    """Return all that was noticed as plain values, with the account in words and the bible that it seeds."""
    named = [{"colour": c, "share": s, "name": colour_name(c, language)} for c, s in sight.palette]
    return asdict(sight) | {
        "palette": named,
        "account": account(sight, language),
        "bible": bible(sight, language).model_dump(mode="json"),
    }
