"""Setting: a hymn in four voices, beat by beat, and the events by which a net reads and writes it.

All settings stand on one root: the tonic is C. A beat is a quarter note, four sixteenths. A voice's cell of a beat
is its figure, a letter a sixteenth (``o`` a note begins, ``-`` it is held, ``r`` a rest begins), and a pitch for each
``o``. Soprano and bass come before the voices between them:

    b1 q5 S:o-o- E5 F5 B:o--- C4 A:o--- C5 T:o--- G4

    b1   first beat of the bar               q5   five beats to the fermata

A phrase opens with ``ph3``, three phrases follow. A setting is ``chorale metre4/4 modemajor up2 ph5 b4 q7 …``;
``up2``: it sounds two semitones higher. What is known beforehand, a melody or the beats behind a gap, is told first:
``known``, its beats with the cells that are known, ``go``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from miaobi.craft.music.score import Mode, Pitch, pitch

VOICES = "SBAT"  # in the order in which a beat is told
GRID = 4  # sixteenths of a beat
FAR, MANY = 16, 11  # beats and phrases that are counted; more are as many
METRES = ("4/4", "3/4")
MODES: tuple[Mode, ...] = ("major", "minor", "dorian", "mixolydian", "phrygian")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one voice does in one beat."""

    figure: str = "----"
    pitches: tuple[Pitch, ...] = ()

    def events(self, voice: str) -> list[str]:
        """Return the cell's events."""
        return [f"{voice}:{self.figure}", *(p.name for p in self.pitches)]


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat of all voices. A voice that isn't known is not in ``cells``."""

    place: int  # in the bar, 1 is the first
    cells: dict[str, Cell]
    fermata: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A hymn in four voices, its tonic C; ``shift``: semitones from there to where it sounds, −5…6."""

    metre: str
    mode: Mode
    shift: int
    beats: tuple[Beat, ...]

    @property
    def phrases(self) -> list[tuple[int, int]]:
        """First and last beat of each phrase, which a fermata ends."""
        ends = [i for i, beat in enumerate(self.beats) if beat.fermata]
        ends = ends if ends and ends[-1] == len(self.beats) - 1 else [*ends, len(self.beats) - 1]
        return list(zip([0, *(end + 1 for end in ends)], ends, strict=False))


def header(setting: Setting) -> list[str]:
    """Return the events that tell what setting it is."""
    return ["chorale", f"metre{setting.metre}", f"mode{setting.mode}", f"up{setting.shift}"]


def beat_opening(setting: Setting, index: int) -> list[str]:
    """Return the events before a beat's cells."""
    phrases = setting.phrases
    number = next(i for i, (_, last) in enumerate(phrases) if index <= last)
    first, last = phrases[number]
    opens = [f"ph{min(len(phrases) - 1 - number, MANY)}"] if index == first else []
    return [*opens, f"b{setting.beats[index].place}", f"q{min(last - index, FAR)}"]


def events(setting: Setting, until: int | None = None) -> list[str]:
    """Return the setting's events, header first, up to the beat *until*, exclusively."""
    names = header(setting)
    for i, beat in enumerate(setting.beats[:until]):
        names += beat_opening(setting, i)
        for voice in VOICES:
            names += beat.cells[voice].events(voice)
    return names


def known(setting: Setting, cells: Callable[[int, str], bool]) -> list[str]:
    """Return the events that tell beforehand the cells (beat, voice) that *cells* says are known."""
    names = ["known"]
    for i, beat in enumerate(setting.beats):
        told = [voice for voice in VOICES if voice in beat.cells and cells(i, voice)]
        if told:
            names += beat_opening(setting, i)
            for voice in told:
                names += beat.cells[voice].events(voice)
    return [*names, "go"]


def every_event() -> list[str]:
    """Return the events that a setting may hold, each once: a vocabulary for where no net is."""
    pitches = [f"{step}{alter}{octave}" for octave in (2, 3, 4, 5) for step in "CDEFGAB" for alter in ("", "#", "b")]
    figures = ("o---", "o-o-", "----", "r---")
    told = ["chorale", "known", "go", *(f"metre{m}" for m in METRES), *(f"mode{m}" for m in MODES)]
    numbers = [f"up{n}" for n in range(-5, 7)] + [f"ph{n}" for n in range(MANY + 1)]
    places = [f"b{n}" for n in range(1, 5)] + [f"q{n}" for n in range(FAR + 1)]
    return [*told, *numbers, *places, *pitches, *(f"{voice}:{figure}" for voice in VOICES for figure in figures)]


def read_beats(names: Sequence[str]) -> list[dict[str, Cell]]:
    """Return the cells of each beat that *names* tell; ValueError where they tell none."""
    found: list[dict[str, Cell]] = []
    for part in _parts(names, lambda name: name[0] == "b" and name[1:].isdigit()):
        cells: dict[str, Cell] = {}
        for cell in _parts(part, lambda name: name[1:2] == ":" and name[0] in VOICES):
            voice, figure = cell[0].split(":")
            pitches = tuple(pitch(name) for name in cell[1:] if name[:2] != "ph")
            if figure.count("o") != len(pitches):
                raise ValueError(f"{cell[0]} has {len(pitches)} pitches")
            cells[voice] = Cell(figure, pitches)
        found.append(cells)
    return found


def _parts(names: Sequence[str], begins: Callable[[str], bool]) -> Iterator[list[str]]:
    places = [i for i, name in enumerate(names) if begins(name)]
    for start, end in zip(places, [*places[1:], len(names)], strict=True):
        yield list(names[start:end])


# --- sounding -------------------------------------------------------------------------------------------------


def sounding(setting: Setting, voice: str) -> list[Pitch | None]:
    """Return the pitch that sounds at each sixteenth of a voice, on the tonic C; None where it is silent."""
    out: list[Pitch | None] = []
    now: Pitch | None = None
    for beat in setting.beats:
        cell = beat.cells[voice]
        coming = iter(cell.pitches)
        for mark in cell.figure:
            if mark == "o":
                now = next(coming)
            elif mark == "r":
                now = None
            out.append(now)
    return out
