"""MIDI to a score: notes to bars, voices and ties; what was played off the grid is rounded to sixteenths and triplets.

A file says nothing of spelling, voices or repeats: pitches are spelled as the key has them, notes that overlap part
into voices, repeats stay written out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from miaobi.craft.music import key as keys
from miaobi.craft.music.chord import spell
from miaobi.craft.music.drum import struck
from miaobi.craft.music.instrument import of_program
from miaobi.craft.music.midi.file import KEY, LYRIC, MARKER, METRE, NAME, TEMPO, TEXT, Message, unpacked
from miaobi.craft.music.midi.writer import DRUMS
from miaobi.craft.music.reading import NotationError, Reading, admit
from miaobi.craft.music.score import QUARTER, Bar, Event, Key, Metre, Part, Pitch, Score, Syllable, Tempo, Tuplet, Voice

T = TypeVar("T")
MOST_SECONDS = 2 * 3600
MOST_VOICES = 8
_GRID = (4, 3)  # notes a quarter: sixteenths, triplets of eighths


@dataclass(frozen=True, slots=True)
class _Note:
    onset: Fraction
    end: Fraction
    pitch: int
    channel: int


def read(content: bytes, title: str = "Untitled") -> Reading:
    """Return the score of a MIDI file; NotationError says why it can't be read. *title* where the file has none."""
    tracks, quarter = unpacked(content)
    unit = 4 * quarter
    dropped: set[str] = set()
    notes = [_notes(track, unit) for track in tracks]
    if not any(notes):
        raise NotationError("It has no notes.", "Give a MIDI file with at least one.")
    metas = [m for track in tracks for m in track if m.status == 0xFF]
    end = max(n.end for row in notes for n in row)
    _admit_length(metas, end, unit)
    if any(_off_grid(n) for row in notes for n in row):
        notes = [[_rounded(n) for n in row] for row in notes]
        dropped.add("timing off the grid: rounded to sixteenths and triplets")
        end = max(n.end for row in notes for n in row)
    bars, starts = _bars(metas, end, unit, dropped)
    parts = [
        _part(track, channels, row, bars, starts, unit)
        for track, row in zip(tracks, notes, strict=True)
        for channels in _channels(track, row)
    ]
    admit(len(bars), len(parts), sum(len(row) for row in notes))
    named = _said(tracks[0], NAME) if not notes[0] else ""
    makers = {}
    for one in metas:
        head, _, who = _text(one).partition(": ")
        if one.kind == TEXT and head in ("composer", "lyricist"):
            makers[head] = who
    score = Score(named or title, bars, tuple(parts), makers.get("composer", ""), makers.get("lyricist", ""))
    return Reading(score, tuple(sorted(dropped)))


def _text(one: Message) -> str:
    try:
        return one.content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return one.content.decode("latin-1").strip()


def _said(track: Sequence[Message], kind: int) -> str:
    return next((_text(m) for m in track if m.status == 0xFF and m.kind == kind), "")


def _notes(track: Sequence[Message], unit: int) -> list[_Note]:
    """Return the notes of a track; one that is never let go ends where the track does."""
    found: list[_Note] = []
    open_: dict[tuple[int, int], list[int]] = defaultdict(list)
    last = track[-1].tick if track else 0
    for one in track:
        kind, channel = one.status >> 4, one.status & 15
        if kind == 9 and one.content[1]:
            open_[channel, one.content[0]].append(one.tick)
        elif kind in (8, 9) and open_[channel, one.content[0]]:
            start = open_[channel, one.content[0]].pop(0)
            if one.tick > start:
                found.append(_Note(Fraction(start, unit), Fraction(one.tick, unit), one.content[0], channel))
    for (channel, pitch), starts in open_.items():
        found += [_Note(Fraction(s, unit), Fraction(last, unit), pitch, channel) for s in starts if last > s]
    return sorted(found, key=lambda n: (n.onset, n.pitch))


def _admit_length(metas: Sequence[Message], end: Fraction, unit: int) -> None:
    seconds, place, each = Fraction(0), Fraction(0), Fraction(500_000, 1_000_000)
    for one in sorted((m for m in metas if m.kind == TEMPO and len(m.content) == 3), key=lambda m: m.tick):
        at = min(Fraction(one.tick, unit), end)
        seconds += (at - place) * 4 * each
        place, each = at, Fraction(int.from_bytes(one.content), 1_000_000)
    seconds += (end - place) * 4 * each
    if seconds > MOST_SECONDS:
        raise NotationError(
            f"It is {float(seconds) / 3600:.1f} hours long; at most {MOST_SECONDS // 3600} hours are read.", "Cut it."
        )


def _off_grid(note: _Note) -> bool:
    """Tell whether a note begins or ends where no notation puts it: neither a 128th nor a third, fifth or seventh."""
    return any(not any((128 * n) % p.denominator == 0 for n in (3, 5, 7)) for p in (note.onset, note.end))


def _rounded(note: _Note) -> _Note:
    beat = note.onset // QUARTER * QUARTER
    grid = min(_GRID, key=lambda g: abs(_near(note.onset - beat, g) - (note.onset - beat)))
    onset = beat + _near(note.onset - beat, grid)
    end = min((_near(note.end, g) for g in _GRID), key=lambda e: abs(e - note.end))
    return replace(note, onset=onset, end=max(end, onset + QUARTER / grid))


def _near(place: Fraction, grid: int) -> Fraction:
    return Fraction(round(place * 4 * grid), 4 * grid)


def _bars(
    metas: Sequence[Message], end: Fraction, unit: int, dropped: set[str]
) -> tuple[tuple[Bar, ...], list[Fraction]]:
    metres: dict[Fraction, Metre] = {}
    keyed: dict[Fraction, Key] = {}
    tempi: dict[Fraction, Tempo] = {}
    named: dict[Fraction, str] = {}
    for one in metas:
        at = Fraction(one.tick, unit)
        if one.kind == METRE and len(one.content) >= 2 and one.content[0] and one.content[1] < 7:
            metres[at] = Metre(min(one.content[0], 64), 2 ** one.content[1])
        elif one.kind == KEY and len(one.content) >= 2:
            fifths = one.content[0] - 256 if one.content[0] > 127 else one.content[0]
            if -7 <= fifths <= 7:
                keyed[at] = keys.of_signature(fifths, "minor" if one.content[1] == 1 else "major")
        elif one.kind == TEMPO and len(one.content) == 3 and any(one.content):
            bpm = Fraction(60_000_000, int.from_bytes(one.content))
            tempi[at] = Tempo(Fraction(round(bpm * 100), 100))
        elif one.kind == MARKER:
            named[at] = _text(one)
    metre, key = Metre(), Key()
    bars: list[Bar] = []
    starts: list[Fraction] = []
    at = Fraction(0)
    while at < end:
        metre, key = _now(metres, at, metre), _now(keyed, at, key)
        bars.append(Bar(metre, key, tempo=tempi.pop(at, None), section=named.pop(at, "")))
        starts.append(at)
        at += metre.length
        admit(len(bars), 0, 0)
    if tempi:
        dropped.add("changes of tempo within a bar")
    return _with_pickup(bars, metres, starts), starts


def _with_pickup(bars: list[Bar], metres: dict[Fraction, Metre], starts: list[Fraction]) -> tuple[Bar, ...]:
    """Return the bars, a short first metre that lasts one bar read as a pick-up."""
    if len(bars) > 1 and bars[0].metre.length < bars[1].metre.length and starts[1] in metres:
        bars[0] = replace(bars[0], metre=bars[1].metre, length=bars[0].metre.length)
    return tuple(bars)


def _now(changes: dict[Fraction, T], at: Fraction, before: T) -> T:
    past = [place for place in changes if place <= at]
    return changes[max(past)] if past else before


def _channels(track: Sequence[Message], row: Sequence[_Note]) -> list[list[int]]:
    """Return the channels of a track in parts: those with one program are voices of one part."""
    programs = {m.status & 15: m.content[0] for m in track if m.status >> 4 == 0xC}
    groups: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for channel in sorted({n.channel for n in row}):
        groups[channel == DRUMS, programs.get(channel, 0)].append(channel)
    return list(groups.values())


def _part(
    track: Sequence[Message],
    channels: list[int],
    row: Sequence[_Note],
    bars: Sequence[Bar],
    starts: Sequence[Fraction],
    unit: int,
) -> Part:
    drums = channels[0] == DRUMS
    program = next((m.content[0] for m in track if m.status == 0xC0 | channels[0]), 0)
    one = of_program(program, drums)
    words = {Fraction(m.tick, unit): _text(m) for m in track if m.status == 0xFF and m.kind == LYRIC}
    voices: list[list[tuple[Fraction, Fraction, tuple[int, ...]]]] = []
    for channel in channels:
        voices += _voices([n for n in row if n.channel == channel])
    lines = [_written(v, bars, starts, words if i == 0 else {}, drums) for i, v in enumerate(voices[:MOST_VOICES])]
    name = _said(track, NAME) or one.name.capitalize()
    rows = [[line[i] for line in lines] for i in range(len(bars))]
    for inside in rows:
        while len(inside) > 1 and all(e.rest for e in inside[-1]):
            inside.pop()
    return Part(name, one, tuple(tuple(inside) for inside in rows))


def _voices(row: Sequence[_Note]) -> list[list[tuple[Fraction, Fraction, tuple[int, ...]]]]:
    """Return chords in voices in which nothing overlaps; what is beyond eight voices is cut short."""
    chords: dict[tuple[Fraction, Fraction], list[int]] = defaultdict(list)
    for n in row:
        chords[n.onset, n.end].append(n.pitch)
    voices: list[list[tuple[Fraction, Fraction, tuple[int, ...]]]] = []
    order = sorted(chords.items(), key=lambda item: (item[0][0], -max(item[1])))
    for (onset, end), pitches in order:
        chord = (onset, end, tuple(sorted(set(pitches))))
        free = next((v for v in voices if v[-1][1] <= onset), None)
        if free is not None:
            free.append(chord)
        elif len(voices) < MOST_VOICES:
            voices.append([chord])
    return voices


def _written(
    voice: Sequence[tuple[Fraction, Fraction, tuple[int, ...]]],
    bars: Sequence[Bar],
    starts: Sequence[Fraction],
    words: dict[Fraction, str],
    drums: bool,
) -> list[Voice]:
    """Return a voice bar by bar: cut at bar lines and, where thirds begin or end, at beats."""
    rows: list[Voice] = []
    i = 0
    for bar, start in zip(bars, starts, strict=True):
        stop, at = start + bar.full, start
        pieces: list[tuple[Fraction, Fraction, tuple[int, ...], bool, str]] = []
        while i < len(voice) and voice[i][0] < stop:
            onset, end, pitches = voice[i]
            begins = max(onset, start)
            if begins > at:
                pieces.append((at, begins, (), False, ""))
            pieces.append((begins, min(end, stop), pitches, end > stop, words.get(onset, "") if onset >= start else ""))
            at = min(end, stop)
            if end > stop:
                break
            i += 1
        if at < stop:
            pieces.append((at, stop, (), False, ""))
        rows.append(_tupleted([p for piece in pieces for p in _cut(piece, start)], start, bar.key, drums))
    return rows


_Piece = tuple[Fraction, Fraction, tuple[int, ...], bool, str]


def _plain(length: Fraction) -> bool:
    return length.denominator & (length.denominator - 1) == 0


def _cut(piece: _Piece, start: Fraction) -> Iterable[_Piece]:
    """Cut a piece that begins or ends on a third at the quarters inside it."""
    begin, end, pitches, tied, word = piece
    if _plain(begin - start) and _plain(end - start):
        return [piece]
    edges = [begin]
    at = start + ((begin - start) // QUARTER + 1) * QUARTER
    while at < end:
        edges.append(at)
        at += QUARTER
    edges.append(end)
    last = len(edges) - 2
    return [
        (a, b, pitches, tied if n == last else bool(pitches), word if n == 0 else "")
        for n, (a, b) in enumerate(pairwise(edges))
    ]


def _tupleted(pieces: Sequence[_Piece], start: Fraction, key: Key, drums: bool) -> Voice:
    done: list[Event] = []
    inside = False
    for begin, end, pitches, tied, word in pieces:
        starts_plain, ends_plain = _plain(begin - start), _plain(end - start)
        opens = starts_plain and not ends_plain
        group = None
        if opens or inside:
            group = Tuplet(*_ratio(end - start if opens else begin - start), opens)
        inside = (inside or opens) and not ends_plain
        spelled = tuple(_spelled(p, key, drums) for p in pitches)
        lyrics = (Syllable(word.removesuffix("-"), word.endswith("-") and len(word) > 1),) if word else ()
        done.append(Event(spelled, end - begin, tied, lyrics, group))
    return tuple(done)


def _ratio(place: Fraction) -> tuple[int, int]:
    odd = place.denominator
    while odd % 2 == 0:
        odd //= 2
    return {5: (5, 4), 7: (7, 4)}.get(odd, (3, 2))


def _spelled(midi: int, key: Key, drums: bool) -> Pitch:
    return struck(midi) if drums else spell(midi, key)
