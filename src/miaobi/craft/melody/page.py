"""Page: a tune as a part of a score in its key, and a part of a score as a tune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.melody.harmoniser import nearest, slots
from miaobi.craft.melody.tune import METRES, WHOLE, Bar, Note, Section, Tune, full, metre, ticks
from miaobi.craft.music import score as page
from miaobi.craft.music.interval import Interval, chord_moved, from_root
from miaobi.craft.music.score import ChordSymbol, Event, Instrument, Key, Mode, Part, Score, Tempo, Voice, tuplet
from miaobi.errors import BriefError

LETTERS = "ABCDEF"
_KNOWN = (55, 89)  # G3–F6, on C: what the net knows
_NET_MODE: dict[Mode, Mode] = {  # the nearest of the modes that the net knows
    "gong": "major", "shang": "dorian", "jue": "minor", "zhi": "mixolydian", "yu": "minor",
    "lydian": "major", "phrygian": "minor", "locrian": "minor",
}  # fmt: skip


def net_mode(mode: Mode) -> Mode:
    """Return the mode by which the net is told of *mode*."""
    return _NET_MODE.get(mode, mode)


# --- to a score -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """How a tune stands on the page. ``interval``: from the tonic C to where it sounds; ``order``: letters of its
    sections as they are played, each once; "": every section as the tune has it."""

    title: str
    key: Key
    interval: Interval
    tempo: Tempo
    instrument: Instrument
    part: str = "Melody"
    order: str = ""


def score_of(tune: Tune, setting: Setting) -> Score:
    """Return the tune as a score of one part."""
    bars: list[page.Bar] = []
    voices: list[tuple[Voice, ...]] = []
    for letter, section in _played(tune, setting.order):
        every = section.every
        for k, bar in enumerate(every):
            size = tune.full - bar.late - bar.early
            bars.append(
                page.Bar(
                    metre=metre(tune.metre),
                    key=setting.key,
                    length=Fraction(size, WHOLE) if size != tune.full else None,
                    repeat_starts=section.twice and k == 0,
                    repeat_ends=2 if section.twice and k == len(every) - 1 else 0,
                    double=not section.twice and k == len(every) - 1,
                    section=letter if k == 0 else "",
                    tempo=setting.tempo if not bars else None,
                    chords=symbols(bar, tune.full, setting.interval),
                )
            )
            voices.append((voice_of(bar.notes, setting.interval),))
    return Score(setting.title, tuple(bars), (Part(setting.part, setting.instrument, tuple(voices)),))


def _played(tune: Tune, order: str) -> list[tuple[str, Section]]:
    if not order:
        return list(zip(LETTERS, tune.sections, strict=False))
    return [(letter, replace(tune.sections[LETTERS.index(letter)], twice=False)) for letter in order]


def symbols(bar: Bar, length: int, interval: Interval) -> tuple[ChordSymbol, ...]:
    """Return a bar's chords as they stand above the staff; *length*: ticks of a whole bar."""
    return tuple(
        ChordSymbol(Fraction(length - bar.late - left, WHOLE), chord_moved(name, interval)) for left, name in bar.chords
    )


def voice_of(notes: Sequence[Note], interval: Interval) -> Voice:
    """Return the notes of a bar as events, triplets in groups."""
    out: list[Event] = []
    waiting: list[Event] = []
    for note in notes:
        pitches = (interval.moved(note.pitch),) if note.pitch is not None else ()
        if note.ticks % 3 == 0:
            out.append(Event(pitches, Fraction(note.ticks, WHOLE), tied=note.tied))
            continue
        waiting.append(Event(pitches, Fraction(note.ticks * 3, WHOLE * 2), tied=note.tied))
        if sum(e.length for e in waiting) * 2 / 3 * WHOLE % 3 == 0:
            out += tuplet(waiting)
            waiting = []
    return tuple(out)


# --- and back -------------------------------------------------------------------------------------------------


def tune_of(score: Score, part: int = 0) -> tuple[Tune, Interval]:
    """Return a part's first voice as a tune on C, and how it is moved to where it sounds.

    BriefError for what the net can't read: another metre, a change of metre or key, lengths off the grid of 1/32 and
    triplets.
    """
    first = score.bars[0]
    name = first.metre.name if first.metre.name != "2/2" else "4/4"
    if name not in METRES:
        raise BriefError(
            f"The tune is in {first.metre.name}.", f"These metres can be gone on with: {', '.join(METRES)}."
        )
    if any(bar.metre.length != first.metre.length or bar.key.fifths != first.key.fifths for bar in score.bars):
        raise BriefError("The tune changes its metre or key.", "Give the part of it that stays in one.")
    interval = _interval(score.parts[part], first.key.tonic)
    groups: list[list[Bar]] = [[]]
    repeated: set[int] = set()
    harmony = _harmony(score, interval, name)
    for number, bar in enumerate(score.bars):
        if groups[-1] and (bar.repeat_starts or bar.section):
            groups.append([])
        groups[-1].append(replace(_bar_of(score, part, number, interval, name), chords=harmony[number]))
        if bar.repeat_ends == 2 and not bar.ending:  # with endings it is no plain repeat, and told as it is written
            repeated.add(len(groups) - 1)
        if bar.repeat_ends or bar.double:
            groups.append([])
    sections = tuple(_section_of(group, i in repeated) for i, group in enumerate(groups) if group)
    pickup = next((full(name) - s.pickup.late for s in sections if s.pickup), 0)
    return Tune(name, net_mode(first.key.mode), sections, "", pickup), interval


def _harmony(score: Score, interval: Interval, name: str) -> list[tuple[tuple[int, str], ...]]:
    """Return the chords of each bar as the net knows them: the nearest to the score's symbols, on C, where one may
    begin; nothing where the score has none.
    """
    mode, sounding = net_mode(score.bars[0].key.mode), ""
    found: list[tuple[tuple[int, str], ...]] = []
    for bar in score.bars:
        own: list[tuple[int, str]] = []
        late = bar.metre.length - bar.full if bar is score.bars[0] else Fraction(0)
        for left in slots(name):
            place = bar.metre.length - Fraction(left, WHOLE)
            here = [c.text for c in bar.chords if late + c.offset <= place]
            sounding = (nearest(chord_moved(here[-1], interval.back), mode) if here else "") or sounding
            if sounding and (not own or own[-1][1] != sounding):
                own.append((left, sounding))
        found.append(tuple(own))
    return found


def _interval(part: Part, tonic: str) -> Interval:
    """Return the interval from C to *tonic* by which the part lies, on C, where the net knows the notes: the nearest
    to its own octave, or the one that leaves least of it outside.
    """
    keys = [p.midi for voices in part.bars for voice in voices[:1] for e in voice for p in e.pitches[-1:]]
    low, high = (min(keys), max(keys)) if keys else _KNOWN

    def outside(octaves: int) -> int:
        shift = from_root(tonic, octaves).semitones
        return max(0, _KNOWN[0] - low + shift) + max(0, high - shift - _KNOWN[1])

    return from_root(tonic, min((0, -1, 1, -2, 2, -3, 3), key=outside))


def _bar_of(score: Score, part: int, number: int, interval: Interval, name: str) -> Bar:
    voices = score.parts[part].bars[number]
    notes: list[Note] = []
    for event in voices[0] if voices else ():
        try:
            length = ticks(event.length)
        except ValueError:
            raise BriefError(
                f"Bar {number + 1} has a note of {event.length} of a whole note.",
                "Notes down to 1/32 and triplets can be gone on with.",
            ) from None
        value = interval.back.moved(event.pitches[-1]) if event.pitches else None
        if notes and notes[-1].tied and notes[-1].pitch == value:  # one note, written in two
            length += notes.pop().ticks
        notes.append(Note(value, length, event.tied))
    size = sum(n.ticks for n in notes)
    return Bar(tuple(notes), early=max(0, full(name) - size))


def _section_of(bars: Sequence[Bar], twice: bool) -> Section:
    """Return bars as a section; a first one that is short is its pick-up."""
    if len(bars) > 1 and bars[0].early:
        pickup = Bar(bars[0].notes, late=bars[0].early)
        return Section(tuple(bars[1:]), pickup, twice)
    return Section(tuple(bars), None, twice)
