"""Score: what is written on the page, as immutable values.

Every length and place is an exact ``Fraction`` of a **whole note**: a quarter is 1/4, a bar of 6/8 is 3/4, an eighth of
a triplet 1/12. What all parts share at a bar (metre, key, repeats, chord symbols) is a ``Bar`` of the score; what a
part plays there is a tuple of voices, each a tuple of events that fill the bar. Pitches sound as they
stand here; what the player of a transposing instrument reads is a matter of writing it down (``written_pitch``).
Nothing here judges: a score may hold a bar that is too long, so that a check can say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

Dynamic = Literal["", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff"]
Mark = Literal["staccato", "tenuto", "accent", "fermata", "breath"]
Mode = Literal[
    "major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian",
    "gong", "shang", "jue", "zhi", "yu",  # 宫商角徵羽, five degrees each
]  # fmt: skip
Clef = Literal["treble", "bass", "alto", "tenor8", "bass8", "percussion"]  # tenor8, bass8: an octave lower
MODES: tuple[Mode, ...] = get_args(Mode)
DYNAMICS: tuple[Dynamic, ...] = get_args(Dynamic)[1:]  # from the softest

WHOLE, HALF, QUARTER, EIGHTH = Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # above C
_LINE = "FCGDAEB"  # letters in the order in which sharps are added
_ACCIDENTALS = {"": 0, "#": 1, "##": 2, "b": -1, "bb": -2, "x": 2, "♯": 1, "♭": -1}
# Sharps of the mode's signature beyond those of the major key on the same tonic.
_SHARPS: dict[Mode, int] = {
    "major": 0, "minor": -3, "dorian": -2, "phrygian": -4, "lydian": 1, "mixolydian": -1, "locrian": -5,
    "gong": 0, "shang": -2, "jue": -4, "zhi": -1, "yu": -3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pitch:
    """A spelled pitch: F sharp and G flat are two. Octave 4 begins at middle C."""

    step: str  # "C" … "B"
    alter: int = 0  # semitones, −2…2
    octave: int = 4

    @property
    def midi(self) -> int:
        """Key number: middle C is 60; outside 0–127 for pitches that MIDI lacks."""
        return 12 * (self.octave + 1) + SEMITONES[self.step] + self.alter

    @property
    def name(self) -> str:
        """Scientific name: "F#4", "Bb3"."""
        return f"{self.step}{'#' * self.alter}{'b' * -self.alter}{self.octave}"

    @property
    def line(self) -> int:
        """Diatonic place: one a letter, so that intervals can be counted in steps; C4 is 28."""
        return 7 * self.octave + "CDEFGAB".index(self.step)


def pitch(name: str) -> Pitch:
    """Return the pitch named "C4", "F#5", "Bb3"; ValueError for anything else."""
    octave = name.lstrip("ABCDEFG#bx♯♭")
    letters = name[: len(name) - len(octave)]
    if (
        not letters
        or letters[0] not in SEMITONES
        or letters[1:] not in _ACCIDENTALS
        or not octave.lstrip("-").isdigit()
    ):
        raise ValueError(f"“{name}” is no pitch: write a letter A–G, # or b, and the octave, as in F#4")
    return Pitch(letters[0], _ACCIDENTALS[letters[1:]], int(octave))


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode."""

    tonic: str = "C"  # "C", "F#", "Bb"
    mode: Mode = "major"

    @property
    def fifths(self) -> int:
        """Sharps (+) or flats (−) of the signature."""
        return _LINE.index(self.tonic[0]) - 1 + 7 * self.alter + _SHARPS[self.mode]

    @property
    def alter(self) -> int:
        """Semitones that the tonic is raised."""
        return _ACCIDENTALS[self.tonic[1:]]

    @property
    def tonic_class(self) -> int:
        """Pitch class of the tonic, 0–11, C is 0."""
        return (SEMITONES[self.tonic[0]] + self.alter) % 12

    def altered(self, step: str) -> int:
        """Return by how many semitones the signature raises the letter *step*."""
        return (self.fifths - _LINE.index(step) + 6) // 7


@dataclass(frozen=True, slots=True)
class Metre:
    """Time signature."""

    beats: int = 4
    unit: int = 4  # a power of two
    groups: tuple[int, ...] = ()  # of beats, where they aren't the usual ones: (2, 2, 3) in 7/8
    symbol: Literal["", "common", "cut"] = ""

    @property
    def length(self) -> Fraction:
        """A full bar."""
        return Fraction(self.beats, self.unit)

    @property
    def compound(self) -> bool:
        """Whether beats come in threes: 6/8, 9/8, 12/8."""
        return self.beats % 3 == 0 and self.beats > 3 and self.unit >= 8

    @property
    def pulses(self) -> tuple[Fraction, ...]:
        """Lengths of what one counts or conducts: six eighths are two dotted quarters."""
        if self.groups:
            return tuple(Fraction(g, self.unit) for g in self.groups)
        if self.compound:
            return (Fraction(3, self.unit),) * (self.beats // 3)
        return (Fraction(1, self.unit),) * self.beats

    @property
    def name(self) -> str:
        """As it is written: "6/8"."""
        return f"{self.beats}/{self.unit}"


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast: ``bpm`` notes of length ``unit`` a minute."""

    bpm: Fraction = Fraction(100)
    unit: Fraction = QUARTER
    text: str = ""  # "Allegro"

    @property
    def seconds(self) -> Fraction:
        """Seconds that a whole note lasts."""
        return 60 / (self.bpm * self.unit)


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord above the staff. ``craft.music.chord`` says which tones it has."""

    offset: Fraction  # from the beginning of its bar
    text: str  # "Am7", "G/B", "F#dim"


@dataclass(frozen=True, slots=True)
class Syllable:
    """What is sung on a note. An empty text holds the syllable before it on: a melisma."""

    text: str = ""
    joined: bool = False  # the word goes on with the next syllable


@dataclass(frozen=True, slots=True)
class Tuplet:
    """``actual`` notes in the time of ``normal``. A group lasts from an event that opens it to the next that opens
    another or has none."""

    actual: int = 3
    normal: int = 2
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A note (one pitch), a chord (more) or a rest (none)."""

    pitches: tuple[Pitch, ...]
    length: Fraction  # as it sounds; in a triplet two thirds of what is written
    tied: bool = False  # all its pitches go on in the next event of the voice
    lyrics: tuple[Syllable | None, ...] = ()  # one a verse; None where the verse has no words here
    tuplet: Tuplet | None = None
    dynamic: Dynamic = ""  # from here on
    marks: tuple[Mark, ...] = ()
    grace: tuple[Pitch, ...] = ()  # ornaments before it, which take none of the bar's time
    slur_starts: bool = False
    slur_stops: bool = False

    @property
    def rest(self) -> bool:
        """Whether it is silent."""
        return not self.pitches

    @property
    def written(self) -> Fraction:
        """The length by its shape on the page: what it sounds, outside a tuplet."""
        return self.length * Fraction(self.tuplet.actual, self.tuplet.normal) if self.tuplet else self.length


Voice = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What all parts share at one bar."""

    metre: Metre = Metre()
    key: Key = Key()
    length: Fraction | None = None  # where it isn't the metre's: a pick-up, its complement, a bar split by a repeat
    repeat_starts: bool = False
    repeat_ends: int = 0  # how often the passage is played: 2 for the usual repeat, 0 for none
    ending: tuple[int, ...] = ()  # (1,) in every bar of a first ending
    double: bool = False  # a double bar line after it; the last bar of a score has a final one anyway
    tempo: Tempo | None = None  # from here on
    section: str = ""  # the part of the form that begins here: "A", "verse", "起"
    chords: tuple[ChordSymbol, ...] = ()

    @property
    def full(self) -> Fraction:
        """How long its voices have to be."""
        return self.metre.length if self.length is None else self.length


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a part is played on. ``craft.music.instrument`` has a table of them."""

    name: str = "piano"  # its key in the table
    program: int = 0  # of General MIDI, 0–127
    low: int = 21  # MIDI key of its lowest note
    high: int = 108
    clef: Clef = "treble"
    percussion: bool = False  # keys are drums of General MIDI
    written: tuple[int, int] = (0, 0)  # letters and semitones by which its player reads it higher than it sounds


@dataclass(frozen=True, slots=True)
class Part:
    """One player or singer, on one staff."""

    name: str
    instrument: Instrument
    bars: tuple[tuple[Voice, ...], ...]  # as many as the score has; a bar's second voice may be missing

    def voice(self, index: int = 0) -> Iterator[tuple[int, Fraction, Event]]:
        """Yield bar, offset in it and event of one voice, in order."""
        for number, voices in enumerate(self.bars):
            offset = Fraction(0)
            for event in voices[index] if index < len(voices) else ():
                yield number, offset, event
                offset += event.length


@dataclass(frozen=True, slots=True)
class Score:
    """A piece. The first bar is a pick-up where its ``length`` is shorter than its metre."""

    title: str
    bars: tuple[Bar, ...]
    parts: tuple[Part, ...]
    composer: str = ""
    lyricist: str = ""

    @property
    def pickup(self) -> Fraction:
        """Length of the pick-up; 0 without one."""
        first = self.bars[0] if self.bars else Bar()
        return first.full if len(self.bars) > 1 and first.full < first.metre.length else Fraction(0)


def duration(events: Sequence[Event]) -> Fraction:
    """Return how long *events* last together."""
    return sum((e.length for e in events), Fraction(0))


def note(name: str, length: Fraction, **more: object) -> Event:
    """Return a note by its pitch's name; *more* are fields of Event."""
    return Event((pitch(name),), length, **more)  # type: ignore[arg-type]


def rest(length: Fraction) -> Event:
    """Return a rest."""
    return Event((), length)


def tuplet(events: Sequence[Event], actual: int = 3, normal: int = 2) -> Voice:
    """Return *events*, whose lengths are as written, as one group of *actual* in the time of *normal*."""
    share = Fraction(normal, actual)
    return tuple(
        replace(e, length=e.length * share, tuplet=Tuplet(actual, normal, opens=i == 0)) for i, e in enumerate(events)
    )


def notatable(length: Fraction) -> tuple[Fraction, ...]:
    """Return *length* as lengths that one symbol with at most two dots shows, longest first, to be tied.

    ValueError for one that no sum of them gives: a third outside a tuplet, or finer than 1/256.
    """
    if length < 0 or 256 % length.denominator:
        raise ValueError(f"{length} of a whole note can't be written")
    parts, left = [], length
    while left:
        base = Fraction(2)
        while base > left:
            base /= 2
        best = next(base * f for f in (Fraction(7, 4), Fraction(3, 2), Fraction(1)) if base * f <= left)
        parts.append(best)
        left -= best
    return tuple(parts)
