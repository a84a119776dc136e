"""Tunes of ``tune.py`` as a net is to learn them: read from ABC, put on one root, given chords, told as events.

    ABC ──▶ bars ──▶ every bar exact? ──▶ tonic and mode ──▶ chords by craft.melody.harmoniser ──▶ names between spaces

Only the notation of these collections is read: one voice, header fields, repeats, first and second endings (the
second is kept), broken rhythm, triplets, ties. Ornaments, fingerings and bowings are left out. A tune that changes
its metre, has other tuplets than triplets, or a bar that doesn't add up, is left out, and the reason counted. The
books name a key by its signature: where the tune ends on the second, fifth or sixth degree and leans on it, that is
its tonic.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from miaobi.craft.melody.harmoniser import harmonised
from miaobi.craft.melody.tune import KINDS, METRES, WHOLE, Bar, Note, Section, Tune, after, events, full
from miaobi.craft.music.score import SEMITONES, Key, Mode, Pitch
from miaobi.lab.corpus.document import Document, Source
from miaobi.types import derive_seed

SHARED = (
    0.5  # of a tune's runs of notes: where another has as many, they are one family and fall on one side of a split
)
RUN = 12  # notes
RARE = 12  # a tune with an event that stands in fewer tunes is left out
_DIATONIC = "CDEFGAB"
_MODES: dict[str, Mode] = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor",
    "dor": "dorian", "mix": "mixolydian", "lyd": "lydian", "phr": "phrygian",
}  # fmt: skip
_DEGREE: dict[int, Mode] = {0: "major", 2: "dorian", 7: "mixolydian", 9: "minor"}  # above the major tonic
_EVENT = re.compile(
    r"(?P<note>(?P<accidental>\^\^|\^|__|_|=)?(?P<letter>[A-Ga-g])(?P<octave>[,']*)(?P<length>\d*(?:/+\d*)?))"
    r"|(?P<rest>[zx](?P<rested>\d*(?:/+\d*)?))"
    r"|(?P<tuplet>\((?P<size>[2-9])(?::(?P<time>\d*))?(?::(?P<count>\d*))?)"
    r"|(?P<bar>:\|+:|::|:\|\]?|\|+:|\|\||\|\]|\[\||\|)\s*(?P<ending>\[?[12](?![\d/]))?|\[(?P<second>[12])"
    r"|(?P<broken>>+|<+)|(?P<tie>-)|(?P<chord>\[)|(?P<many>Z)"
)
_ORNAMENTS = re.compile(r'"[^"]*"|\{[^}]*\}|![^!]*!|[`~.uvTHJLMPRS]|\\')


class _UnreadableError(ValueError):
    """Why a tune is left out."""


def told(source: Source) -> Source:
    """Return the tunes of *source*, a reader of ABC, as events: each from its beginning, and once with a gap."""
    return Source(source.origin, lambda: _tell(source.read()))


def tunes(documents: Iterator[Document], dropped: Counter[str] | None = None) -> Iterator[tuple[Document, Tune]]:
    """Yield the tunes that can be read; *dropped* is told why others can't."""
    for document in documents:
        try:
            yield document, harmonised(read_abc(document.text, document.meta.get("rhythm", "")))
        except _UnreadableError as error:
            if dropped is not None:
                dropped[str(error)] += 1


def _tell(documents: Iterator[Document]) -> Iterator[Document]:
    families = _Families()
    known = [(d.id, tune, family) for d, tune in tunes(documents) if (family := families.of(d.id, tune))]
    met = Counter(name for _, tune, _ in known for name in set(events(tune)))
    for name, tune, family in known:
        if any(met[event] < RARE for event in events(tune)):
            continue
        meta = {"family": family, "kind": tune.kind}
        yield Document(name, " ".join(events(tune)), meta)
        rng = random.Random(derive_seed(0, "melody", name))
        yield Document(f"{name}/gap", " ".join(with_gap(tune, rng)), meta)


def with_gap(tune: Tune, rng: random.Random) -> list[str]:
    """Return the events of a tune that is known behind a gap of one to eight bars."""
    count = sum(len(section.bars) for section in tune.sections)
    size = rng.randint(1, min(8, max(1, count - 1)))
    start = rng.randrange(max(1, count - size))
    names, whole = events(tune, start + size), events(tune)[: _header_size(tune)]
    return [*whole, *after(tune, start + size), *names[len(whole) :]]


def _header_size(tune: Tune) -> int:
    return 5 + bool(tune.kind)


class _Families:
    """Tunes that share most of their runs of notes, whatever their key: one family, decided by the first of them."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, ...], str] = {}

    def of(self, name: str, tune: Tune) -> str:
        """Return the family of a tune; "" where it is the same tune as one before."""
        runs = runs_of(tune)
        met = Counter(self._first[run] for run in runs if run in self._first)
        near, shared = max(met.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        if runs and shared == len(runs):
            return ""
        family = near if runs and shared >= SHARED * len(runs) else name
        for run in runs:
            self._first.setdefault(run, family)
        return family


def runs_of(tune: Tune, length: int = RUN) -> set[tuple[int, ...]]:
    """Return the runs of *length* notes as intervals in semitones: the same in every key."""
    heard = [n.pitch.midi for s in tune.sections for b in s.every for n in b.notes if n.pitch is not None]
    steps = [b - a for a, b in pairwise(heard)]
    return {tuple(steps[i : i + length - 1]) for i in range(len(steps) - length + 2)}


# --- ABC ------------------------------------------------------------------------------------------------------


@dataclass
class _Line:
    """What has been read of a tune. ``bars``: notes with absolute pitches; ``marks``: what follows each bar."""

    bars: list[list[Note]] = field(default_factory=lambda: [[]])
    marks: list[str] = field(default_factory=list)
    endings: list[str] = field(default_factory=lambda: [""])  # of each bar: "1", "2" or none


def read_abc(text: str, rhythm: str = "") -> Tune:
    """Return the tune of one ABC text, without chords. ValueError says why it can't be learnt from."""
    fields: dict[str, str] = {}
    body: list[str] = []
    for row in text.splitlines():
        if re.match(r"[A-Za-z]:(?![|:])", row) and not (body and row[0] in "ABCDEFG"):
            if body and row[0] in "MLK" and row[2:].split("%")[0].strip() != fields.get(row[0], ""):
                raise _UnreadableError("metre, unit or key changes")
            fields.setdefault(row[0], row[2:].split("%")[0].strip())
        elif "K" in fields:
            body.append(row)
    name = {"C": "4/4", "C|": "4/4", "2/2": "4/4"}.get(fields.get("M", ""), fields.get("M", ""))
    if name not in METRES:
        raise _UnreadableError("another metre")
    key = _key(fields.get("K", ""))
    unit = Fraction(fields["L"]) if fields.get("L") else Fraction(1, 16 if full(name) < 72 else 8)
    line = _bars("\n".join(body), key, int(unit * WHOLE))
    sections = _sections(line, full(name))
    pickup = _pickup(sections, full(name))
    found = Tune(name, "major", tuple(_fitted(s, full(name), pickup) for s in sections), _kind(fields, rhythm), pickup)
    return _rooted(found, key)


def _key(name: str) -> Key:
    if name.startswith("Hp"):
        name = "D"
    match = re.match(r"([A-G][#b]?)\s*([A-Za-z]*)", name)
    if not match or (mode := match[2].lower()[:3] if match[2] != "m" else "m") not in _MODES:
        raise _UnreadableError("no key")
    return Key(match[1], _MODES[mode])


def _kind(fields: dict[str, str], rhythm: str) -> str:
    said = f"{rhythm} {fields.get('R', '')} {fields.get('T', '')}".lower().replace("slip jig", "slipjig")
    return next((kind for kind in KINDS if re.search(rf"\b{kind}", said)), "")


def _bars(body: str, key: Key, unit: int) -> _Line:
    """Return the bars of a tune's body as they are printed."""
    line, accidentals = _Line(), dict[tuple[str, int], int]()
    triplet, broken, tie = 0, 0, False
    for match in _EVENT.finditer(_ORNAMENTS.sub("", body)):
        if match["chord"] or match["many"]:
            raise _UnreadableError("chords of notes")
        if match["bar"] or match["second"]:
            accidentals.clear()
            _bar_line(line, match)
        elif match["tuplet"]:
            if match["size"] != "3" or match["time"] or match["count"]:
                raise _UnreadableError("tuplets")
            triplet = 3
        elif match["broken"]:
            broken = len(match["broken"]) * (1 if match["broken"][0] == ">" else -1)
        elif match["tie"]:
            tie = True
        else:
            length = _length(match["length"] if match["note"] else match["rested"]) * unit
            length = length * Fraction(2, 3) if triplet else length
            length = _after_dot(line, length, broken) if broken else length
            if length.denominator != 1:
                raise _UnreadableError("lengths finer than 1/32")
            value = _pitch(match, key, accidentals) if match["note"] else None
            if not (tie and _tied(line, value, int(length))):
                line.bars[-1].append(Note(value, int(length)))
            triplet, broken, tie = max(0, triplet - 1), 0, False
    return line


def _bar_line(line: _Line, match: re.Match[str]) -> None:
    if match["bar"] and (line.bars[-1] or ":" in match["bar"]):
        line.marks.append(match["bar"])
        line.bars.append([])
        line.endings.append("")
    if ending := (match["ending"] or match["second"] or "").strip("["):
        line.endings[-1] = ending


def _length(text: str) -> Fraction:
    number, slashes, under = re.match(r"(\d*)(/*)(\d*)", text).groups()  # type: ignore[union-attr]
    below = int(under) if under else 2 ** len(slashes)
    return Fraction(int(number or 1), below or 1)


def _after_dot(line: _Line, length: Fraction, broken: int) -> Fraction:
    """Return the length of a note behind > or <, and make the one before it longer or shorter as well."""
    bar = line.bars[-1]
    if not bar:
        raise _UnreadableError("broken rhythm over a bar line")
    short = Fraction(1, 2 ** abs(broken))
    before = bar[-1].ticks * (2 - short if broken > 0 else short)
    if before.denominator != 1:
        raise _UnreadableError("lengths finer than 1/32")
    bar[-1] = replace(bar[-1], ticks=int(before))
    return length * (short if broken > 0 else 2 - short)


def _tied(line: _Line, value: Pitch | None, length: int) -> bool:
    """Join a note to the one before it, if they are one pitch; tell whether nothing is left to be written."""
    bar = line.bars[-1]
    before = bar or (line.bars[-2] if len(line.bars) > 1 else [])
    if value is None or not before or before[-1].pitch != value:
        return False  # a hyphen between two pitches is a slur here
    if bar:
        bar[-1] = replace(bar[-1], ticks=bar[-1].ticks + length)
        return True
    before[-1] = replace(before[-1], tied=True)
    return False


def _pitch(match: re.Match[str], key: Key, accidentals: dict[tuple[str, int], int]) -> Pitch:
    letter = match["letter"].upper()
    octave = 4 + match["letter"].islower() + match["octave"].count("'") - match["octave"].count(",")
    if match["accidental"]:
        accidentals[letter, octave] = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}[match["accidental"]]
    return Pitch(letter, accidentals.get((letter, octave), key.altered(letter)), octave)


def _sections(line: _Line, length: int) -> list[Section]:
    """Return the sections, pitches still in the printed key, first endings left out; bars joined where a line splits
    one.
    """
    sections: list[Section] = []
    bars: list[list[Note]] = []
    marks = [*line.marks, "|]"][: len(line.bars)]
    skipping = False
    for notes, mark, ending in zip(line.bars, marks, line.endings, strict=True):
        skipping = ending == "1" or (skipping and not ending)
        if skipping:
            skipping = ":" not in mark
            continue
        if notes:
            bars.append(notes)
        if mark != "|" and bars:
            sections.append(_section(bars, length, mark.startswith(":") or ending == "2"))
            bars = []
    return [s for s in sections if s.bars]


def _section(bars: list[list[Note]], length: int, twice: bool) -> Section:
    sizes = [sum(n.ticks for n in bar) for bar in bars]
    pickup = None
    if len(bars) > 1 and sizes[0] < length and sizes[0] + sizes[1] != length:
        pickup = Bar(tuple(bars[0]), late=length - sizes[0])
        bars, sizes = bars[1:], sizes[1:]
    out: list[Bar] = []
    held: list[Note] = []
    for notes in bars:
        held = [*held, *notes]
        size = sum(n.ticks for n in held)
        if size == length:
            out.append(Bar(tuple(held)))
            held = []
        elif size > length:
            raise _UnreadableError("a bar too long")
    if held:
        out.append(Bar(tuple(held), early=length - sum(n.ticks for n in held)))
    return Section(tuple(out), pickup, twice)


def _pickup(sections: list[Section], length: int) -> int:
    """Return the ticks of the tune's pick-ups: the commonest."""
    if not sections or sum(len(s.bars) for s in sections) < 4:
        raise _UnreadableError("too short")
    if len(sections) > 6 or max(len(s.bars) for s in sections) > 32:
        raise _UnreadableError("too long")
    sizes = Counter(length - s.pickup.late for s in sections if s.pickup)
    return sizes.most_common(1)[0][0] if sizes else 0


def _fitted(section: Section, length: int, pickup: int) -> Section:
    """Return the section with a last bar that leaves room for the pick-up, and no more."""
    if section.pickup and length - section.pickup.late != pickup:
        raise _UnreadableError("pick-ups of several lengths")
    last = section.bars[-1]
    note = last.notes[-1]
    longer = note.ticks + last.early - pickup
    if longer <= 0 or any(bar.early for bar in section.bars[:-1]):
        raise _UnreadableError("a bar too short")
    ended = Bar((*last.notes[:-1], replace(note, ticks=longer, tied=False)), early=pickup)
    return replace(section, bars=(*section.bars[:-1], ended))


def _rooted(tune: Tune, key: Key) -> Tune:
    """Return the tune on the tonic C, in the mode that it is in."""
    heard: Counter[int] = Counter()
    for section in tune.sections:
        for bar in section.every:
            for note in bar.notes:
                if note.pitch is not None:
                    heard[note.pitch.midi % 12] += note.ticks
    last = next((n.pitch for n in reversed(tune.sections[-1].bars[-1].notes) if n.pitch is not None), None)
    if last is None:
        raise _UnreadableError("silent")
    tonic, mode = _tonic(key, last, heard)
    root = SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b")
    down = root % 12 if root % 12 <= 6 else root % 12 - 12  # semitones to C: −5 … 6
    steps = _DIATONIC.index(tonic[0])
    steps = steps if abs(SEMITONES[tonic[0]] - down) < 6 else steps - 7

    def moved(note: Note) -> Note:
        if note.pitch is None:
            return note
        line = note.pitch.line - steps
        octave, letter = divmod(line, 7)
        alter = note.pitch.midi - down - Pitch(_DIATONIC[letter], 0, octave).midi
        if abs(alter) > 1 or not 48 <= note.pitch.midi - down <= 91:
            raise _UnreadableError("out of range")
        return replace(note, pitch=Pitch(_DIATONIC[letter], alter, octave))

    def each(bar: Bar) -> Bar:
        return replace(bar, notes=tuple(map(moved, bar.notes)))

    sections = tuple(
        Section(tuple(map(each, s.bars)), each(s.pickup) if s.pickup else None, s.twice) for s in tune.sections
    )
    return replace(tune, mode=mode, sections=sections)


def _tonic(key: Key, last: Pitch, heard: Counter[int]) -> tuple[str, Mode]:
    """Return tonic and mode: those told, or the last note's where its triad is heard more than the told tonic's."""
    if key.mode not in ("major", "minor", "dorian", "mixolydian"):
        raise _UnreadableError("another mode")
    major = (key.tonic_class - {"major": 0, "minor": 9, "dorian": 2, "mixolydian": 7}[key.mode]) % 12
    mode = _DEGREE.get((last.midi - major) % 12)
    here = last.midi % 12
    if mode is None or here == key.tonic_class:
        return key.tonic, key.mode
    signature = {(major + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)}

    def leaned(root: int) -> int:
        third = next(t for t in (3, 4) if (root + t) % 12 in signature)
        return 2 * heard[root] + heard[(root + third) % 12] + heard[(root + 7) % 12]

    if leaned(here) <= leaned(key.tonic_class):
        return key.tonic, key.mode
    return f"{last.step}{'#' * last.alter}{'b' * -last.alter}", mode
