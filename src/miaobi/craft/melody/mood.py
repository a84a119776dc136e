"""Mood: what an idea, a tone or a bible asks of the music, by the table ``data/music/moods.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from miaobi.craft.music.score import Mode
from miaobi.types import Language

DEFAULT = "hopeful"


@dataclass(frozen=True)
class Mood:
    """A row of the table."""

    name: str
    modes: tuple[Mode, ...]
    kinds: tuple[str, ...]
    metres: tuple[str, ...]
    tempo: tuple[int, int]
    song_tempo: tuple[int, int]
    chinese: tuple[Mode, ...]
    accompaniment: str
    played_on: str
    bass: tuple[str, ...]  # grammars
    drums: tuple[str, ...]  # styles; ("none",) for none
    said: dict[Language, frozenset[str]]  # words that say it
    scenes: dict[Language, frozenset[str]]  # words of what it makes one think of


@cache
def moods() -> dict[str, Mood]:
    """Return the table by name."""
    text = (files("miaobi.craft") / "data" / "music" / "moods.toml").read_text(encoding="utf-8")
    return {
        name: Mood(
            name,
            tuple(row["modes"]),
            tuple(row["kinds"]),
            tuple(row["metres"]),
            tuple(row["tempo"]),
            tuple(row["song_tempo"]),
            tuple(row["chinese"]),
            row["accompaniment"],
            row["played_on"],
            tuple(row["bass"]),
            tuple(row["drums"]),
            {"en": frozenset(row["en"]), "zh": frozenset(row["zh"])},
            {"en": frozenset(row["en_scene"]), "zh": frozenset(row["zh_scene"])},
        )
        for name, row in tomllib.loads(text).items()
    }


def mood_of(idea: str, tone: str, language: Language) -> Mood:
    """Return the mood that *tone* or, where it says none, *idea* calls up.

    A word that says a mood goes before one of a scene: a lonely morning is sad. Of several the longest decides in
    Chinese, and the one that is said first.
    """
    for text in (tone, idea):
        for of in (_said, _scenes):
            found = [
                (-len(word) if language == "zh" else 0, at, mood.name)
                for mood in moods().values()
                for word in of(mood)[language] | ({mood.name} if of is _said else frozenset())
                for at in _places(text, word, language)
            ]
            if found:
                return moods()[min(found)[2]]
    return moods()[DEFAULT]


def _said(mood: Mood) -> dict[Language, frozenset[str]]:
    return mood.said


def _scenes(mood: Mood) -> dict[Language, frozenset[str]]:
    return mood.scenes


def _places(text: str, word: str, language: Language) -> list[int]:
    """Return where *word* stands in *text*; in English as a word of its own."""
    if language == "zh" and not word.isascii():
        at = text.find(word)
        return [at] if at >= 0 else []
    return [match.start() for match in re.finditer(rf"\b{re.escape(word)}\b", text.lower())]


def chosen(options: tuple[str, ...], chance: Random) -> str:
    """Return one of *options*, the first twice as often as each of the others."""
    return chance.choice([options[0], *options])
