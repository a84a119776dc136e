"""Interval: how far a pitch, a key or a chord symbol is moved, letter by letter."""

from __future__ import annotations

from typing import NamedTuple

from miaobi.craft.music.chord import chord
from miaobi.craft.music.key import of_signature
from miaobi.craft.music.score import SEMITONES, Key, Pitch

_LETTERS = "CDEFGAB"


class Interval(NamedTuple):
    """Letters and semitones; a minor third up is (2, 3)."""

    letters: int = 0
    semitones: int = 0

    @property
    def fifths(self) -> int:
        """Sharps that a signature gains."""
        return 7 * self.semitones - 12 * self.letters

    @property
    def back(self) -> Interval:
        """The way back."""
        return Interval(-self.letters, -self.semitones)

    def moved(self, value: Pitch) -> Pitch:
        """Return *value* moved; its letter moves with it, so that a scale stays spelled as one."""
        octave, letter = divmod(value.line + self.letters, 7)
        step = _LETTERS[letter]
        alter = value.midi + self.semitones - Pitch(step, 0, octave).midi
        if abs(alter) <= 2:
            return Pitch(step, alter, octave)
        nearer = self.letters + (1 if alter > 0 else -1)  # a letter that needs no triple accidental
        return Interval(nearer, self.semitones).moved(value)

    def named(self, name: str) -> str:
        """Return a pitch class or chord root moved: "Bb" by a tone is "C"."""
        found = self.moved(Pitch(name[0], name.count("#") - name.count("b"), 4))
        return found.name.rstrip("0123456789")

    def keyed(self, key: Key) -> Key:
        """Return *key* moved, with at most eleven sharps or flats."""
        fifths = key.fifths + self.fifths
        while abs(fifths) > 11:
            fifths -= 12 if fifths > 0 else -12
        return of_signature(fifths, key.mode)


AS_IT_IS = Interval()


def from_root(tonic: str, octaves: int = 0) -> Interval:
    """Return the interval from C to *tonic* ("D", "Bb"): a tritone up at most, or a fourth down; *octaves* above
    that.
    """
    semitones = SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b")
    letters = _LETTERS.index(tonic[0])
    if semitones > 6:
        letters, semitones = letters - 7, semitones - 12
    return Interval(letters + 7 * octaves, semitones + 12 * octaves)


def chord_moved(symbol: str, interval: Interval) -> str:
    """Return a chord symbol moved: its root, a bass behind a stroke, and the rest as it stands."""
    one = chord(symbol)
    if one is None or not interval.semitones:
        return symbol
    root, bass = (_named(interval, name) for name in (one.root, one.bass))
    return root + one.suffix + (f"/{bass}" if one.bass != one.root else "")


def _named(interval: Interval, name: str) -> str:
    """Return a root moved, with one accidental at most: no symbol has two."""
    found = interval.named(name)
    if len(found) < 3:
        return found
    return Interval(interval.letters + (1 if found[1] == "#" else -1), interval.semitones).named(name)
