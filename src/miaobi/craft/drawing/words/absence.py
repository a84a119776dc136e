"""Absence: what words name and isn't there: likenesses, what is missing, what is dreamt of, sayings."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.mention import sayings

_AWAY = ("likeness", "before", "gone", "shown", "missing", "thought", "owner")  # in this order


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return what ``data/absence.toml`` says of each kind of absence as one pattern."""
    text = files("miaobi.craft").joinpath("data", "absence.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    pieces: dict[str, str] = rows.pop("piece")

    def whole(said: str) -> str:
        return re.sub("<<(\\w+)>>", lambda m: whole(pieces[m[1]]), said)

    return {name: re.compile("|".join(map(whole, row["said"])), re.I) for name, row in rows.items()}


@cache
def _said() -> re.Pattern[str]:
    drawn = {word for subject in subjects().values() for word in subject.words}
    said = [saying for saying in sayings() if saying.isascii() and saying not in drawn]
    words = [r"[^\w]+".join(map(re.escape, saying.split())) for saying in said]
    return re.compile(r"\b(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b", re.I)


def present(text: str) -> str:
    """Return *text* with what isn't there blanked out; as long as before, so that its other words keep their
    places."""
    patterns = _patterns()
    text = patterns["opening"].sub(lambda m: " " * len(m[0]), text)
    for away in (_said(), *(patterns[name] for name in _AWAY)):
        text = away.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    return text
