"""Drum: the keys of General MIDI's percussion, and how they are written, from ``data/music/drums.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from miaobi.craft.music.score import Pitch, pitch


@dataclass(frozen=True, slots=True)
class Drum:
    """One drum or cymbal."""

    key: int  # MIDI
    name: str
    chinese: str
    place: Pitch  # where it stands in a staff with a treble clef
    head: str  # kind of notehead, as MusicXML names them


@cache
def drums() -> dict[str, Drum]:
    """Return all by their short names: "kick", "snare"."""
    text = (files("miaobi.craft") / "data" / "music" / "drums.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text).items()
    return {k: Drum(r["key"], r["name"][0], r["name"][1], pitch(r["place"]), r["head"]) for k, r in rows}


def of_key(key: int) -> Drum:
    """Return the drum of a MIDI key; a plain one in the middle of the staff where the table has none."""
    known = next((d for d in drums().values() if d.key == key), None)
    return known or Drum(key, f"Drum {key}", f"打击乐 {key}", pitch("B4"), "slash")


def struck(key: int) -> Pitch:
    """Return a MIDI key as the pitch that a percussion part holds for it."""
    name = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")[key % 12]
    return pitch(f"{name}{key // 12 - 1}")
