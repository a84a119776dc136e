"""MEI to a score: common music notation with measures; one part a staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from miaobi.craft.music import key as keys
from miaobi.craft.music.drum import struck
from miaobi.craft.music.instrument import instrument, instruments, of_program
from miaobi.craft.music.interval import AS_IT_IS, Interval, chord_moved
from miaobi.craft.music.performance import silent
from miaobi.craft.music.reading import NotationError, Reading, admit, settled
from miaobi.craft.music.score import (
    DYNAMICS,
    MODES,
    QUARTER,
    Bar,
    ChordSymbol,
    Clef,
    Event,
    Key,
    Mark,
    Metre,
    Mode,
    Part,
    Pitch,
    Score,
    Syllable,
    Tempo,
    Tuplet,
    Voice,
    duration,
)
from miaobi.craft.music.xml import Element, parse
from miaobi.errors import show

_ALTER = {"": 0, "n": 0, "s": 1, "f": -1, "ss": 2, "x": 2, "ff": -2}
_CLEFS: dict[tuple[str, str], Clef] = {
    ("G", ""): "treble",
    ("G", "below"): "tenor8",
    ("F", ""): "bass",
    ("F", "below"): "bass8",
    ("C", ""): "alto",
    ("perc", ""): "percussion",
}
_MARKS: dict[str, Mark] = {"stacc": "staccato", "ten": "tenuto", "acc": "accent"}
_LENGTHS = {"breve": Fraction(2)} | {str(2**n): Fraction(1, 2**n) for n in range(9)}
_EXTENDED = "\0"  # after a syllable that a line extends, until ``_held`` has followed the line
_SILENT = ("rest", "space", "mRest", "mSpace")


def read(content: bytes) -> Reading:
    """Return the score of an MEI file; NotationError says why it can't be read."""
    root = parse(content)
    if root.tag != "mei":
        raise NotationError(f"The XML is no MEI: its root is {show(root.tag)}.", "MEI begins with <mei>.")
    score = next((e for e in root.walk() if e.tag == "score"), None)
    if score is None or not any(e.tag == "measure" for e in score.walk()):
        raise NotationError("The MEI has no measures.", "Only common notation with bar lines is read.")
    return _Reader(root, score).reading()


@dataclass
class _Staff:
    name: str
    clef: Clef
    program: int
    instrument: str
    drums: bool
    sounds: Interval  # from what is written to what sounds
    bars: list[tuple[Voice, ...]] = field(default_factory=list)


@dataclass
class _Reader:
    root: Element
    score: Element
    dropped: set[str] = field(default_factory=set)
    staves: dict[str, _Staff] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    metre: Metre = field(default_factory=Metre)
    key: Key = field(default_factory=Key)
    events: int = 0

    def reading(self) -> Reading:
        everything = [*self.score.walk()]
        self.sounding = any(e.get("accid.ges") for e in everything)
        self.mode = self._mode()
        self.marked: dict[str, list[Element]] = {}
        self.ends: set[str] = set()
        for one in everything:
            if start := one.get("startid").removeprefix("#"):
                self.marked.setdefault(start, []).append(one)
            if one.tag == "slur":
                self.ends.add(one.get("endid").removeprefix("#"))
        self._walk(self.score, ())
        lengths = [
            max(duration(v) for s in self.staves.values() for v in s.bars[i] or ((),)) for i in range(len(self.bars))
        ]
        bars = settled(self.bars, lengths)
        parts = []
        for s in self.staves.values():
            known = instrument(s.instrument) if s.instrument in instruments() else of_program(s.program, s.drums)
            rows = tuple(v or (silent(b.full),) for v, b in zip(s.bars, bars, strict=True))
            parts.append(_held(Part(s.name or known.name.capitalize(), replace(known, clef=s.clef), rows)))
        admit(len(bars), len(parts), self.events)
        title = next((e.text.strip() for e in self.root.walk() if e.tag == "title" and e.text.strip()), "Untitled")
        made = {e.tag: e.text.strip() for e in self.root.walk() if e.tag in ("composer", "lyricist")}
        score = Score(title, bars, tuple(parts), made.get("composer", ""), made.get("lyricist", ""))
        return Reading(score, tuple(sorted(self.dropped)))

    def _mode(self) -> Mode:
        told = next((e.get("mode") for e in self.root.walk() if e.tag in ("key", "keySig") and e.get("mode")), "major")
        return told if told in MODES else "major"

    def _walk(self, one: Element, ending: tuple[int, ...]) -> None:
        for child in one.children:
            if child.tag in ("scoreDef", "staffDef"):
                self._define(child)
            elif child.tag == "measure":
                self._measure(child, ending)
            elif child.tag == "ending":
                numbers = tuple(
                    int(n) for n in child.get("n", "1").replace(".", " ").replace(",", " ").split() if n.isdigit()
                )
                self._walk(child, numbers[:32] or (1,))
            elif child.tag in ("section", "mdiv", "part", "parts"):
                self._walk(child, ending)

    def _define(self, one: Element, sounds: Interval = AS_IT_IS) -> None:
        if one.tag == "staffDef":
            if one.get("n") not in self.staves:
                self._staff(one)
            sounds = self.staves[one.get("n")].sounds
        count, unit = one.get("meter.count") or one.get("count"), one.get("meter.unit") or one.get("unit")
        if count and unit and one.tag in ("scoreDef", "staffDef", "meterSig"):
            self.metre = _metre(count, unit, one.get("meter.sym") or one.get("sym"))
        sig = one.get("keysig") or one.get("key.sig") or (one.get("sig") if one.tag == "keySig" else "")
        if sig:
            told = one.get("mode") or one.get("key.mode")
            self.key = sounds.keyed(self._signature(sig, told if told in MODES else self.mode))
        for child in one.children:
            self._define(child, sounds)

    def _signature(self, sig: str, mode: Mode) -> Key:
        number = sig.rstrip("sf")
        if not number.isdigit() or int(number) > 11:
            raise NotationError(f"{show(sig)} is no key signature.", "Write 0, 1s … 7s, 1f … 7f.")
        return keys.of_signature(int(number) * (-1 if sig.endswith("f") else 1), mode)

    def _staff(self, one: Element) -> None:
        shape = next(
            (e.get("clef.shape") or e.get("shape") for e in one.walk() if e.get("clef.shape") or e.tag == "clef"), "G"
        )
        below = next(
            (
                e.get("clef.dis.place") or e.get("dis.place")
                for e in one.walk()
                if e.get("clef.dis.place") or e.get("dis.place")
            ),
            "",
        )
        sound = next((e for e in one.walk() if e.tag == "instrDef"), Element("", {}))
        number = sound.get("midi.instrnum")
        clef = _CLEFS.get((shape, below), "treble")
        drums = shape == "perc" or sound.get("midi.channel") == "10"
        program = min(int(number), 127) if number.isdigit() else 0
        self.staves[one.get("n")] = _Staff(
            one.said("label") or one.get("label"), clef, program, sound.get("label"), drums, _sounds(one)
        )

    def _measure(self, one: Element, ending: tuple[int, ...]) -> None:
        left, right = one.get("left"), one.get("right")
        self.where = f"Bar {show(one.get('n', str(len(self.bars) + 1)))}"
        bar = Bar(
            self.metre,
            self.key,
            repeat_starts=left in ("rptstart", "rptboth"),
            repeat_ends=2 if right in ("rptend", "rptboth") else 0,
            ending=ending,
            double=right == "dbl",
        )
        chords: list[ChordSymbol] = []
        for child in one.children:
            if child.tag == "harm":
                at = self._place(child)
                if at is not None and 0 <= at < bar.metre.length:
                    said = child.get("label") or _text(child)
                    staff = self.staves.get(child.get("staff", "1"))
                    chords.append(ChordSymbol(at, chord_moved(said, staff.sounds if staff else AS_IT_IS)))
            elif child.tag == "reh":
                bar = replace(bar, section=_text(child))
            elif child.tag == "tempo":
                bar = replace(bar, tempo=_tempo(child) or bar.tempo)
            elif child.tag in ("hairpin", "octave", "trill", "mordent", "turn", "pedal", "dir", "arpeg"):
                self.dropped.add(child.tag)
        self.bars.append(replace(bar, chords=tuple(sorted(chords, key=lambda c: c.offset))))
        if one.get("right") == "rptboth":
            self.dropped.add("a repeat that begins in the bar where one ends")
        there = {staff.get("n"): staff for staff in one.all("staff")}
        for number, staff in self.staves.items():
            self.staves[number].bars.append(tuple(self._layers(there[number], staff)) if number in there else ())
        admit(len(self.bars), len(self.staves), self.events)

    def _place(self, one: Element) -> Fraction | None:
        try:
            return (Fraction(one.get("tstamp")).limit_denominator(960) - 1) / self.metre.unit
        except (ValueError, ZeroDivisionError):
            return None

    def _layers(self, one: Element, staff: _Staff) -> Iterator[Voice]:
        self.state: dict[int, int] = {}
        for layer in one.all("layer"):
            self.grace: list[Pitch] = []
            yield tuple(self._inside(layer, None, staff))

    def _inside(self, one: Element, group: Tuplet | None, staff: _Staff) -> Iterator[Event]:
        opens = group is not None and group.opens
        for child in one.children:
            inner = replace(group, opens=opens) if group else None
            if child.tag in ("beam", "graceGrp", "bTrem", "fTrem"):
                found = [*self._inside(child, inner, staff)]
            elif child.tag == "tuplet":
                num, base = child.get("num", "3"), child.get("numbase", "2")
                if not (num.isdigit() and base.isdigit() and 0 < int(num) < 64 and 0 < int(base) < 64):
                    raise NotationError(
                        f"{self.where}: {show(f'{num}:{base}')} is no tuplet.", "Write num=3 numbase=2."
                    )
                found = [*self._inside(child, Tuplet(int(num), int(base), opens=True), staff)]
            elif child.tag in ("note", "chord", *_SILENT):
                event = self._event(child, inner, staff)
                found = [event] if event else []
            else:
                found = []
            opens = opens and not found
            yield from found

    def _event(self, one: Element, group: Tuplet | None, staff: _Staff) -> Event | None:
        notes = [one] if one.tag == "note" else one.all("note")
        pitches = tuple(self._pitch(n, staff) for n in notes)
        if one.get("grace") or (notes and notes[0].get("grace")):
            self.grace += pitches
            return None
        self.events += 1
        if one.tag in ("mRest", "mSpace"):
            return Event((), self.bars[-1].metre.length)
        written = _LENGTHS.get(one.get("dur") or (notes[0].get("dur") if notes else ""))
        dots = one.get("dots", "0")
        if written is None or not dots.isdigit() or int(dots) > 4:
            raise NotationError(f"{self.where}: {show(one.get('dur'))} is no length.", "Write dur=4, dur=8, dots=1.")
        written *= 2 - Fraction(1, 2 ** int(dots))
        length = written * Fraction(group.normal, group.actual) if group else written
        grace, self.grace = tuple(self.grace), []
        id = one.get("id")
        around = [m for n in (one, *notes) for m in self.marked.get(n.get("id"), ())]
        named = [_MARKS[a] for a in self._articulations(one) if a in _MARKS]
        said = {m.tag: _text(m) for m in around}
        loud = said.get("dynam", "")
        if one.get("fermata") or "fermata" in said:
            named.append("fermata")
        if "breath" in said:
            named.append("breath")
        tie = one.get("tie") or (notes[0].get("tie") if notes else "")
        return Event(
            pitches,
            length,
            tied=bool(pitches) and (any(t in tie for t in "im") or any(m.tag == "tie" for m in around)),
            lyrics=_lyrics(one),
            tuplet=group,
            dynamic=loud if loud in DYNAMICS else "",
            marks=tuple(dict.fromkeys(named)),
            grace=grace,
            slur_starts=any(m.tag == "slur" for m in around),
            slur_stops=id in self.ends,
        )

    def _articulations(self, one: Element) -> list[str]:
        return one.get("artic").split() + [w for c in one.all("artic") for w in c.get("artic").split()]

    def _pitch(self, one: Element, staff: _Staff) -> Pitch:
        if staff.drums:
            key = one.get("pnum") or "38"
            return struck(int(key) if key.isdigit() and int(key) < 128 else 38)
        step, octave = one.get("pname").upper(), one.get("oct")
        inner = one.find("accid")
        sign = one.get("accid") or (inner.get("accid") if inner else "")
        sounding = one.get("accid.ges") or (inner.get("accid.ges") if inner else "")
        if step not in tuple("CDEFGAB") or not octave.isdigit() or sign not in _ALTER or sounding not in _ALTER:
            raise NotationError(f"{self.where}: {show(step + octave + sign)} is no pitch.", "Write pname=c oct=4.")
        plain = Pitch(step, 0, int(octave))
        if sign or sounding:
            alter = _ALTER[sign or sounding]
        else:
            shown = staff.sounds.back.keyed(self.key)
            alter = 0 if self.sounding else self.state.get(plain.line, shown.altered(step))
        self.state[plain.line] = alter
        return staff.sounds.moved(replace(plain, alter=alter))


def _sounds(staff: Element) -> Interval:
    """Return the interval from what a staff shows to what sounds."""
    semitones, steps = staff.get("trans.semi", "0"), staff.get("trans.diat")
    if not re.fullmatch(r"-?\d{1,2}", semitones) or not re.fullmatch(r"(-?\d{1,2})?", steps):
        raise NotationError(f"{show(f'{semitones}/{steps}')} is no transposition.", "Give whole numbers.")
    return Interval(int(steps) if steps else round(int(semitones) * 7 / 12), int(semitones))


def _metre(count: str, unit: str, sign: str) -> Metre:
    groups = [g.strip() for g in count.split("+")]
    if unit not in _LENGTHS or not all(g.isdigit() and 0 < int(g) <= 64 for g in groups):
        raise NotationError(f"{show(f'{count}/{unit}')} is no metre.", "1–64 beats of 1, 2, 4 … 64.")
    counts = tuple(int(g) for g in groups)
    symbol = sign if sign in ("common", "cut") else ""
    return Metre(sum(counts), int(unit), counts if len(counts) > 1 else (), symbol)  # type: ignore[arg-type]


def _text(one: Element) -> str:
    return " ".join("".join(e.text for e in one.walk()).split())


def _tempo(one: Element) -> Tempo | None:
    try:
        bpm = Fraction(one.get("mm") or one.get("midi.bpm")).limit_denominator(1000)
    except (ValueError, ZeroDivisionError):
        return None
    base = _LENGTHS.get(one.get("mm.unit"), QUARTER) if one.get("mm") else QUARTER
    dots = int(one.get("mm.dots")) if one.get("mm.dots").isdigit() else 0
    return Tempo(bpm, base * (2 - Fraction(1, 2**dots)), one.get("label")) if 1 <= bpm <= 1000 else None


def _lyrics(one: Element) -> tuple[Syllable | None, ...]:
    found: dict[int, Syllable] = {}
    for verse in one.all("verse"):
        syl = verse.find("syl")
        number = verse.get("n", "1")
        if syl is None or not number.isdigit() or not 0 < int(number) <= 20:
            continue
        joined = syl.get("wordpos") in ("i", "m") or syl.get("con") == "d"
        found[int(number)] = Syllable(_text(syl) + _EXTENDED * (syl.get("con") == "u"), joined)
    return tuple(found.get(v) for v in range(1, max(found, default=0) + 1))


def _held(part: Part) -> Part:
    """Return the part with melismas marked: notes without a syllable inside a word."""
    open_: dict[tuple[int, int], bool] = {}
    rows = []
    for voices in part.bars:
        row = []
        for v, voice in enumerate(voices):
            line = []
            for event in voice:
                lyrics = list(event.lyrics)
                for verse in range(max(len(lyrics), *(k[1] + 1 for k in open_ if k[0] == v), 0)):
                    one = lyrics[verse] if verse < len(lyrics) else None
                    if one is not None:
                        open_[v, verse] = one.joined or one.text.endswith(_EXTENDED)
                        lyrics[verse] = replace(one, text=one.text.rstrip(_EXTENDED))
                    elif open_.get((v, verse)) and event.pitches:
                        lyrics += [None] * (verse + 1 - len(lyrics))
                        lyrics[verse] = Syllable()
                line.append(replace(event, lyrics=tuple(lyrics)))
            row.append(tuple(line))
        rows.append(tuple(row))
    return replace(part, bars=tuple(rows))
