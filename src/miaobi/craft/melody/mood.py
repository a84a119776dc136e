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
    words: frozenset[str]
    characters: tuple[str, ...]


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
            frozenset(row["en"]),
            tuple(row["zh"]),
        )
        for name, row in tomllib.loads(text).items()
    }


def mood_of(idea: str, tone: str, language: Language) -> Mood:
    """Return the mood that *tone* or, where it says none, *idea* calls up; the longest word decides, then the first."""
    for text in (tone, idea):
        found: list[tuple[int, int, str]] = []
        said = re.findall(r"[a-z]+", text.lower())
        for order, mood in enumerate(moods().values()):
            if language == "zh":
                found += [(-len(c), order, mood.name) for c in mood.characters if c in text]
            found += [(0, order, mood.name) for word in said if word in mood.words or word == mood.name]
        if found:
            return moods()[min(found)[2]]
    return moods()[DEFAULT]


def chosen(options: tuple[str, ...], chance: Random) -> str:
    """Return one of *options*, the first twice as often as each of the others."""
    return chance.choice([options[0], *options])
