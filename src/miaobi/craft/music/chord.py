"""Chord: what a symbol above the staff says. The qualities are those of ``data/music/chords.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from miaobi.craft.music.score import SEMITONES, ChordSymbol, Key, Pitch
from miaobi.errors import BriefError, show

_SYMBOL = re.compile(r"([A-G])([#b♯♭]?)(.*?)(?:/([A-G])([#b♯♭]?))?")
_ALTER = {"": 0, "#": 1, "b": -1, "♯": 1, "♭": -1}
_SHARP = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True, slots=True)
class Chord:
    """A root, a quality and a bass."""

    root: str  # "C", "F#"
    quality: str  # key of the table: "minor_seventh"
    bass: str  # the root, or what stands after the stroke
    suffix: str  # as it was written: "m7"

    @property
    def root_class(self) -> int:
        """Pitch class of the root."""
        return name_class(self.root)

    @property
    def bass_class(self) -> int:
        """Pitch class of the bass."""
        return name_class(self.bass)

    @property
    def tones(self) -> tuple[int, ...]:
        """Semitones above the root, ninths above 12."""
        return tuple(_table()[self.quality]["tones"])

    @property
    def classes(self) -> frozenset[int]:
        """Pitch classes of its tones and of its bass."""
        return frozenset((self.root_class + t) % 12 for t in self.tones) | {self.bass_class}

    @property
    def kind(self) -> str:
        """Its kind in MusicXML."""
        return str(_table()[self.quality]["kind"])


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (files("miaobi.craft") / "data" / "music" / "chords.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _qualities() -> dict[str, str]:
    return {written: name for name, row in _table().items() for written in row["written"]}


def name_class(name: str) -> int:
    """Return the pitch class of "F#"."""
    return (SEMITONES[name[0]] + _ALTER[name[1:]]) % 12


def chord(text: str) -> Chord | None:
    """Return the chord that a symbol names; None for one that isn't known ("N.C.", words)."""
    plain = text.strip()
    match = _SYMBOL.fullmatch(plain)
    if match is None or match[3] not in _qualities():
        match = re.fullmatch(r"([A-G])([#b♯♭]?)(.*)()()", plain)  # C6/9: the stroke is the quality's
    if match is None or match[3] not in _qualities():
        return None
    root = match[1] + match[2].replace("♯", "#").replace("♭", "b")
    bass = match[4] + match[5].replace("♯", "#").replace("♭", "b") if match[4] else root
    return Chord(root, _qualities()[match[3]], bass, match[3])


def wanted(text: str) -> Chord:
    """Return the chord that a user's symbol names; BriefError for one that isn't known."""
    found = chord(text)
    if found is None:
        known = ", ".join(f"C{w}" for w in list(_qualities())[:12])
        raise BriefError(f"{show(text)} is no chord that is known.", f"Write a root and a quality: {known} …, or C/E.")
    return found


def symbol(root: int, quality: str, key: Key, bass: int | None = None) -> str:
    """Return the symbol of a chord by its root's pitch class, spelled as *key* has it."""
    written = str(_table()[quality]["written"][0])
    stroke = f"/{spell_class(bass, key)}" if bass is not None and bass != root else ""
    return spell_class(root, key) + written + stroke


def spell_class(pitch_class: int, key: Key) -> str:
    """Return the name of a pitch class: the key's own where it is in its signature, else as its side of the
    circle has it.
    """
    for step in "CDEFGAB":
        alter = key.altered(step)
        if (SEMITONES[step] + alter) % 12 == pitch_class % 12 and abs(alter) < 2:
            return step + "#" * alter + "b" * -alter
    return (_SHARP if key.fifths >= 0 else _FLAT)[pitch_class % 12]


def spell(midi: int, key: Key) -> Pitch:
    """Return a key number as the pitch that *key* spells it; a raised sixth or seventh of minor or 羽 is a sharp."""
    name = spell_class(midi, key)
    raised = (key.tonic_class + 11) % 12, (key.tonic_class + 9) % 12
    foreign = (SEMITONES[name[0]] + key.altered(name[0])) % 12 != midi % 12
    if key.mode in ("minor", "yu") and midi % 12 in raised and foreign:
        step = "CDEFGAB"["CDEFGAB".index(key.tonic[0]) - (1 if midi % 12 == raised[0] else 2)]
        alter = (midi - SEMITONES[step] + 6) % 12 - 6
        name = step + "#" * alter + "b" * -alter if abs(alter) < 3 else name
    alter = name.count("#") - name.count("b")
    return Pitch(name[0], alter, (midi - alter - SEMITONES[name[0]]) // 12 - 1)


def at(chords: tuple[ChordSymbol, ...], offset: object) -> Chord | None:
    """Return the chord that sounds at *offset* of a bar; None before the first and where it isn't known."""
    before = [c for c in chords if c.offset <= offset]  # type: ignore[operator]
    return chord(before[-1].text) if before else None
