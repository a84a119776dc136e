"""Instrument: programs, ranges and clefs, read from ``data/music/instruments.toml``."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from miaobi.craft.music.score import SEMITONES, Instrument, pitch
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language

SATB = ("soprano", "alto", "tenor", "bass")


@cache
def _table() -> dict[str, tuple[Instrument, tuple[str, str]]]:
    text = (files("miaobi.craft") / "data" / "music" / "instruments.toml").read_text(encoding="utf-8")
    found = {}
    for name, row in tomllib.loads(text).items():
        low, high = (pitch(p).midi for p in row["range"])
        clef, drums = row.get("clef", "treble"), row.get("percussion", False)
        steps, semitones = row.get("written", (0, 0))
        one = Instrument(name, row["program"], low, high, clef, drums, (steps, semitones))
        found[name] = (one, (row["names"][0], row["names"][1]))
    return found


def instruments() -> tuple[str, ...]:
    """Return the names of all."""
    return tuple(_table())


def instrument(name: str) -> Instrument:
    """Return the instrument of a name in English or Chinese; UnknownNameError says the nearest."""
    wanted = re.sub(r"\bsax$", "saxophone", name.strip().lower().replace(" ", "-"))
    for key, (found, names) in _table().items():
        if wanted == key or name.strip() in names:
            return found
    near = get_close_matches(wanted, _table(), n=3, cutoff=0.6)
    hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(_table())}."
    raise UnknownNameError(f"{show(name)} is no instrument that is known.", hint)


def shown(one: Instrument, language: Language) -> str:
    """Return the instrument's name as it stands at a staff: with the note that sounds where its player reads C."""
    names = _table()[one.name][1] if one.name in _table() else (one.name, one.name)
    name, (steps, semitones) = names[language == "zh"], one.written
    if not semitones:
        return name
    letter = "CDEFGAB"[-steps % 7]
    flat = (SEMITONES[letter] + semitones) % 12 == 1
    if language == "zh":
        return f"{'降' if flat else ''}{letter}调{name}"
    return f"{name} in {letter}{'♭' if flat else ''}"


def of_program(program: int, percussion: bool = False) -> Instrument:
    """Return the instrument that a General MIDI program names; the whole compass where the table has none."""
    if percussion:
        return instrument("drums")
    known = [i for i, _ in _table().values() if i.program == program and not i.percussion]
    return known[0] if len(known) == 1 or program == 0 else Instrument(f"program {program}", program, 0, 127)
