"""Tune: a melody in sections and bars, and the events by which a net reads and writes it.

All tunes stand on one root: the tonic is C in every mode. A tick is 1/24 of a quarter note, so that halves and
thirds down to 1/32 are whole numbers. A bar is written as

    |7 =4 n6 c:C E5 t60 D5 t48 C5 t36 c:G B4 t24 D5 t12 G4 t0

    |7   seven bars of the section follow          c:C  the chord from here on
    =4   the same notes as four bars ago           E5   a pitch, or z for a rest
    n6   six notes and rests                       t60  ticks that are left in the bar after it

So a length is told by what it leaves of the bar, a bar is full at t0, and the net never has to count. ``~`` ties the
last note of a bar to the first of the next. A pick-up is a bar ``up`` that begins late; what it takes is missing at the
end of every section (``pick12``). A tune is

    tune metre6/8 modemajor kindjig pick12 parts2 part1 twice up n1 … |7 n6 … part2 twice …

To be filled in with both sides known, what stands after the gap is told first: ``after`` its bars, ``go``, then the
tune up to the end of the gap (suffix, prefix, middle: Bavarian et al. 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.music.score import Metre, Mode, Pitch, pitch

WHOLE = 96  # ticks
PARTS = 5  # sections that the net tells apart: no tune of its corpus has more
METRES = ("4/4", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8")
MODES: tuple[Mode, ...] = ("major", "minor", "dorian", "mixolydian")
KINDS = ("reel", "jig", "hornpipe", "strathspey", "slipjig", "march", "air", "waltz", "clog", "fling", "minuet")
BACK = (4, 8, 2, 1, 16, 12, 3, 6, 5, 7, 9, 10, 11, 13, 14, 15)  # bars ago, in the order in which a copy is looked for
REST = "z"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, or a rest where there is no pitch."""

    pitch: Pitch | None
    ticks: int
    tied: bool = False  # to the first note of the next bar


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar. ``late`` and ``early``: ticks that are missing at its beginning and its end."""

    notes: tuple[Note, ...]
    late: int = 0
    early: int = 0
    chords: tuple[tuple[int, str], ...] = ()  # (ticks left in the bar where it begins, name)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: a pick-up, if any, then its bars."""

    bars: tuple[Bar, ...]
    pickup: Bar | None = None
    twice: bool = True

    @property
    def every(self) -> tuple[Bar, ...]:
        """All bars, the pick-up first."""
        return (self.pickup, *self.bars) if self.pickup else self.bars


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody with chords, its tonic C."""

    metre: str
    mode: Mode
    sections: tuple[Section, ...]
    kind: str = ""
    pickup: int = 0  # ticks that pick-ups take, and that sections lack at their end

    @property
    def full(self) -> int:
        """Ticks of a whole bar."""
        return full(self.metre)


def metre(name: str) -> Metre:
    """Return the metre called *name*."""
    beats, unit = name.split("/")
    return Metre(int(beats), int(unit))


def full(name: str) -> int:
    """Return the ticks of a whole bar of the metre called *name*."""
    return ticks(metre(name).length)


def ticks(length: Fraction) -> int:
    """Return a length in ticks; ValueError for one that isn't a whole number of them."""
    found = length * WHOLE
    if found.denominator != 1:
        raise ValueError(f"{length} of a whole note is no whole number of ticks")
    return int(found)


# --- to events ------------------------------------------------------------------------------------------------


def header(tune: Tune) -> list[str]:
    """Return the events that tell what tune it is."""
    kind = [f"kind{tune.kind}"] if tune.kind else []
    return ["tune", f"metre{tune.metre}", f"mode{tune.mode}", *kind, f"pick{tune.pickup}", f"parts{len(tune.sections)}"]


def opening(tune: Tune, index: int) -> list[str]:
    """Return the events that open a section."""
    return [f"part{min(index + 1, PARTS)}", "twice" if tune.sections[index].twice else "once"]


def bar_events(bar: Bar, length: int, left: int, back: int = 0) -> list[str]:
    """Return a bar's events. *length*: ticks of a whole bar; *left*: bars of the section after it, −1 of a pick-up;
    *back*: how many bars ago its notes stood, 0 for not."""
    return [*bar_opening(left, back, len(bar.notes)), *note_events(bar, length)]


def bar_opening(left: int, back: int, count: int) -> list[str]:
    """Return the events that stand before a bar's first chord."""
    return [f"|{left}" if left >= 0 else "up", *([f"={back}"] if back else []), f"n{count}"]


def note_events(bar: Bar, length: int) -> list[str]:
    """Return the chords and notes of a bar."""
    names: list[str] = []
    chords = dict(bar.chords)
    left = length - bar.late
    for note in bar.notes:
        if left in chords:
            names.append(f"c:{chords[left]}")
        left -= note.ticks
        names += [pitch_name(note.pitch), f"t{left}", *(["~"] if note.tied else [])]
    return names


def pitch_name(value: Pitch | None) -> str:
    """Return the event of a pitch."""
    return REST if value is None else value.name


def copied_from(bars: Sequence[Bar], at: int) -> int:
    """Return how many bars before *at* the same notes stood, 0 for nowhere near; single notes don't count."""
    if len(bars[at].notes) < 2:
        return 0
    return next((k for k in BACK if k <= at and bars[at - k].notes == bars[at].notes), 0)


def events(tune: Tune, until: int | None = None) -> list[str]:
    """Return the tune's events, header first, up to the bar numbered *until* (of all without pick-ups), exclusively."""
    names, told = header(tune), [bar for section in tune.sections for bar in section.bars]
    at = 0
    for index, section in enumerate(tune.sections):
        if at == until:
            break
        names += opening(tune, index)
        if section.pickup:
            names += bar_events(section.pickup, tune.full, -1)
        for k, bar in enumerate(section.bars):
            if at == until:
                break
            names += bar_events(bar, tune.full, len(section.bars) - 1 - k, copied_from(told, at))
            at += 1
    return names


def after(tune: Tune, start: int) -> list[str]:
    """Return the events that tell the bars from number *start* on before the tune is told: ``after`` … ``go``."""
    names, at = ["after"], 0
    for index, section in enumerate(tune.sections):
        for k, bar in enumerate(section.bars):
            if at >= start:
                names += opening(tune, index) if k == 0 or at == start else []
                if k == 0 and section.pickup:
                    names += bar_events(section.pickup, tune.full, -1)
                names += bar_events(bar, tune.full, len(section.bars) - 1 - k)
            at += 1
    return [*names, "go"]


def every_event() -> list[str]:
    """Return the events that a tune may hold, each once: a vocabulary for where no net is."""
    pitches = [f"{step}{alter}{octave}" for octave in (3, 4, 5, 6) for step in "CDEFGAB" for alter in ("", "#", "b")]
    lefts = [f"t{n}" for n in range(108) if n % 3 == 0 or n % 4 == 0]
    numbered = [f"{mark}{n}" for mark in ("|", "n", "=") for n in range(33)]
    told = ["tune", "once", "twice", "up", "~", "after", "go", REST]
    heads = [f"metre{m}" for m in METRES] + [f"mode{m}" for m in MODES] + [f"kind{k}" for k in KINDS]
    parts = [f"{key}{n}" for key in ("part", "parts") for n in range(7)] + [f"pick{n}" for n in range(0, 96, 3)]
    chords = [f"c:{step}{alter}{kind}" for step in "CDEFGAB" for alter in ("", "b") for kind in ("", "m", "7")]
    return [*told, *heads, *parts, *numbered, *chords, *pitches, *lefts]


# --- and back -------------------------------------------------------------------------------------------------


def read_bar(names: Sequence[str], length: int, late: int = 0) -> Bar:
    """Return the bar that *names* tell, without its opening. ValueError where they tell none."""
    notes: list[Note] = []
    chords: list[tuple[int, str]] = []
    left, waiting = length - late, ""
    for name in names:
        if name.startswith("c:"):
            chords.append((left, name[2:]))
        elif name == "~" and notes and not waiting:
            notes[-1] = replace(notes[-1], tied=True)
        elif name.startswith("t") and waiting and name[1:].isdigit() and int(name[1:]) < left:
            value = None if waiting == REST else pitch(waiting)
            notes.append(Note(value, left - int(name[1:])))
            left, waiting = int(name[1:]), ""
        elif not waiting and (name == REST or name[0] in "ABCDEFG"):
            waiting = name
        else:
            raise ValueError(f"{name!r} has no place in a bar with {left} ticks left")
    if waiting:
        raise ValueError(f"{waiting} has no length")
    return Bar(tuple(notes), late, left, tuple(chords))


def read(names: Sequence[str]) -> Tune:
    """Return the tune that *names* tell from ``tune`` on. ValueError where they tell none; bars may be short."""
    names = list(names)
    if "go" in names:
        names = names[: names.index("after")] + names[names.index("go") + 1 :]
    told = {key: next((n[len(key) :] for n in names if n.startswith(key)), "") for key in ("metre", "mode", "kind")}
    if names[:1] != ["tune"] or told["metre"] not in METRES or told["mode"] not in MODES:
        raise ValueError("no header of a tune")
    pickup = int(next(n[4:] for n in names if n.startswith("pick")))
    length = full(told["metre"])
    sections = [_section(part, length, pickup) for part in _cut(names, _opens_section)]
    mode = next(m for m in MODES if m == told["mode"])
    return Tune(told["metre"], mode, tuple(sections), told["kind"], pickup)


def _section(names: Sequence[str], length: int, pickup: int) -> Section:
    bars, upbeat = [], None
    for part in _cut(names, lambda name: name == "up" or name.startswith("|")):
        inner = [n for n in part[1:] if not n.startswith(("=", "n"))]
        if part[0] == "up":
            upbeat = read_bar(inner, length, length - pickup)
        else:
            bars.append(read_bar(inner, length))
    return Section(tuple(bars), upbeat, "twice" in names[:2])


def _opens_section(name: str) -> bool:
    return name.startswith("part") and not name.startswith("parts")


def _cut(names: Sequence[str], begins: Callable[[str], bool]) -> Iterator[list[str]]:
    places = [i for i, name in enumerate(names) if begins(name)]
    for start, end in zip(places, [*places[1:], len(names)], strict=True):
        yield list(names[start:end])
