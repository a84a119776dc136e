"""Harmony: Roman numerals of chord symbols, and cadences.

A numeral is in upper case for a chord with a major third, in lower case for a minor one (Weber's usage, as in
Aldwell and Schachter). A cadence is named by the last two chords of a phrase: authentic V–I, plagal IV–I, half …–V,
deceptive V–vi.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miaobi.craft.music.chord import Chord, chord
from miaobi.craft.music.key import SCALES
from miaobi.craft.music.performance import tones
from miaobi.craft.music.score import Key, Score

CadenceName = Literal["authentic", "plagal", "half", "deceptive", "rest", "open"]
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")


@dataclass(frozen=True, slots=True)
class Cadence:
    """How a phrase ends."""

    name: CadenceName
    evidence: str  # "V7–I"; "" where there are no chords
    closed: bool  # whether it comes to rest


def numeral(one: Chord, key: Key) -> str:
    """Return the Roman numeral of a chord: "V7", "ii", "♭VII", "vii°"."""
    above = (one.root_class - key.tonic_class) % 12
    degrees = SCALES["minor"] if 3 in SCALES[key.mode] else SCALES["major"]
    if above in degrees:
        sign, degree = "", degrees.index(above)
    elif (above - 1) % 12 in degrees and (above + 1) % 12 not in degrees:
        sign, degree = "♯", degrees.index((above - 1) % 12)
    else:
        sign, degree = ("♭", degrees.index((above + 1) % 12)) if (above + 1) % 12 in degrees else ("♯", 6)
    small = 3 in one.tones and 4 not in one.tones
    said = _NUMERALS[degree].lower() if small else _NUMERALS[degree]
    figures = {"diminished": "°", "diminished_seventh": "°7", "half_diminished": "ø7", "augmented": "+"}
    more = figures.get(one.quality, one.suffix.removeprefix("m") if small else one.suffix)
    return sign + said + ("" if more in ("aj", "maj", "M") else more)


def cadence(before: Chord | None, last: Chord | None, key: Key) -> Cadence | None:
    """Return the cadence of two chords; None where they aren't known."""
    if last is None:
        return None
    steps = [(c.root_class - key.tonic_class) % 12 if c else None for c in (before, last)]
    said = f"{numeral(before, key)}–{numeral(last, key)}" if before else numeral(last, key)
    dominant = steps[0] in (7, 11)
    if steps[1] == 0:
        name: CadenceName = "authentic" if dominant else "plagal" if steps[0] == 5 else "rest"
        return Cadence(name, said, closed=True)
    if steps[1] == 7:
        return Cadence("half", said, closed=False)
    if dominant and steps[1] in (8, 9):
        return Cadence("deceptive", said, closed=False)
    return Cadence("open", said, closed=False)


def final_cadence(score: Score) -> Cadence | None:
    """Return how the score ends: by its last two chord symbols, else by its lowest and its first part's last notes."""
    found: list[Chord] = []
    for bar in score.bars:
        for symbol in bar.chords:
            one = chord(symbol.text)
            if one is not None and (not found or found[-1] != one):
                found.append(one)
    key = score.bars[-1].key if score.bars else Key()
    if found:
        return cadence(found[-2] if len(found) > 1 else None, found[-1], key)
    heard = tones(score, repeats=False)
    pitched = [t for t in heard if not score.parts[t.part].instrument.percussion]
    if not pitched:
        return None
    end = max(t.onset + t.length for t in pitched)
    last = min((t for t in pitched if t.onset + t.length == end), key=lambda t: t.pitch)
    home = last.pitch % 12 == key.tonic_class
    return Cadence("rest" if home else "open", "", home)
