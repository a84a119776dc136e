"""Patterns of verse: which lines a poem has, how each is measured, which rhyme, which come back.

A stanza is written as its rhymes: ``"ABAB"``; ``x`` rhymes with nothing; a digit after a letter (``A1``) marks a
refrain, which is the same words each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from miaobi.craft.prosody.english.metre import METRES, Metre, Syllabic

Measured = Metre | Syllabic  # both have start, advance and complete over their own kind of states


@dataclass(frozen=True)
class LinePattern:
    """What one line must keep. ``rhyme``: its letter, "" for none; ``repeats``: the line that it is word for word."""

    measure: Measured
    rhyme: str = ""
    repeats: int | None = None
    refrain: bool = False  # comes back later


@dataclass(frozen=True)
class StanzaPattern:
    """A stanza: its lines, and the stage of the argument that it belongs to."""

    lines: tuple[LinePattern, ...]
    stage: str
    whole: bool = False  # filled from frames of the whole stanza


@dataclass(frozen=True)
class Pattern:
    """A whole poem."""

    name: str
    stanzas: tuple[StanzaPattern, ...]

    @property
    def lines(self) -> tuple[LinePattern, ...]:
        """The lines of all stanzas."""
        return tuple(line for stanza in self.stanzas for line in stanza.lines)

    @property
    def places(self) -> list[range]:
        """The places of each stanza's lines in the poem."""
        out, first = [], 0
        for stanza in self.stanzas:
            out.append(range(first, first + len(stanza.lines)))
            first += len(stanza.lines)
        return out

    @property
    def scheme(self) -> str:
        """The rhyme scheme as it is written: ``ABAB CDCD``."""
        return " ".join("".join(line.rhyme or "x" for line in stanza.lines) for stanza in self.stanzas)

    def partners(self, place: int) -> list[int]:
        """Return the other lines that rhyme with a line; a line and its refrain are no rhyme."""
        own = self.lines[place]
        origin = place if own.repeats is None else own.repeats
        return [
            i
            for i, line in enumerate(self.lines)
            if own.rhyme and line.rhyme == own.rhyme and i != origin and line.repeats is None
        ]


def pattern(name: str, stanzas: Sequence[tuple[str, str, str]], whole: bool = False) -> Pattern:
    """Return the pattern of stanzas, each (rhymes, measure, stage); a measure for every line, or one for all.

    Measures are ``METRES`` by name, or ``"5"`` or ``"4-12"`` syllables, with ``/`` between lines.
    """
    made: list[StanzaPattern] = []
    refrains: dict[str, int] = {}
    at = 0
    for rhymes, measure, stage in stanzas:
        letters = re.findall(r"[A-Zx]\d?", rhymes)
        names = measure.split("/")
        lines = []
        for i, letter in enumerate(letters):
            known = refrains.get(letter)
            if len(letter) == 2 and known is None:
                refrains[letter] = at
            rhyme = "" if letter == "x" else letter[0]
            lines.append(LinePattern(measured(names[i % len(names)]), rhyme, known, len(letter) == 2 and known is None))
            at += 1
        made.append(StanzaPattern(tuple(lines), stage, whole))
    return Pattern(name, tuple(made))


def measured(name: str) -> Measured:
    """Return a metre by name, or a number of syllables (``"5"``, ``"4-12"``)."""
    if name in METRES:
        return METRES[name]
    least, _, most = name.partition("-")
    return Syllabic(int(least), int(most or least))
