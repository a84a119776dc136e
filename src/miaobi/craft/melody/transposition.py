"""Transposition between a tune's root, on which the tonic is C, and the key in which it sounds."""

from __future__ import annotations

from dataclasses import dataclass

from miaobi.craft.music.score import SEMITONES, Pitch

_LETTERS = "CDEFGAB"


@dataclass(frozen=True, slots=True)
class Interval:
    """How far a pitch moves: letters and semitones; a minor third up is (2, 3)."""

    letters: int
    semitones: int

    def moved(self, value: Pitch) -> Pitch:
        """Return *value* moved; its letter moves with it, so that a scale stays spelled as one."""
        octave, letter = divmod(value.line + self.letters, 7)
        step = _LETTERS[letter]
        alter = value.midi + self.semitones - Pitch(step, 0, octave).midi
        if abs(alter) <= 2:
            return Pitch(step, alter, octave)
        nearer = self.letters + (1 if alter > 0 else -1)  # a letter that needs no triple accidental
        return Interval(nearer, self.semitones).moved(value)

    @property
    def back(self) -> Interval:
        """The way back."""
        return Interval(-self.letters, -self.semitones)

    def named(self, name: str) -> str:
        """Return a pitch class or chord root moved: "Bb" by a tone is "C"."""
        found = self.moved(Pitch(name[0], name.count("#") - name.count("b"), 4))
        return found.name.rstrip("0123456789")


def from_root(tonic: str, octaves: int = 0) -> Interval:
    """Return the interval from C to *tonic* ("D", "Bb"): a tritone up at most, or a fourth down; *octaves* above
    that.
    """
    semitones = SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b")
    letters = _LETTERS.index(tonic[0])
    if semitones > 6:
        letters, semitones = letters - 7, semitones - 12
    return Interval(letters + 7 * octaves, semitones + 12 * octaves)


def chord_moved(chord: str, interval: Interval) -> str:
    """Return a chord symbol moved: its root, and what comes after it as it stands."""
    size = 2 if chord[1:2] in ("#", "b") else 1
    return interval.named(chord[:size]) + chord[size:]
