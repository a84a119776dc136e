"""One measure of MusicXML: notes by staff and voice, what stands above them, and where the time goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import cast

from miaobi.craft.music import chord as harmony
from miaobi.craft.music.drum import struck
from miaobi.craft.music.interval import AS_IT_IS, Interval, chord_moved
from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.score import DYNAMICS, ChordSymbol, Dynamic, Event, Mark, Pitch, Syllable, Tempo, Tuplet, Voice
from miaobi.craft.music.xml import Element
from miaobi.errors import show

_MARKS: dict[str, Mark] = {
    "staccato": "staccato", "tenuto": "tenuto", "accent": "accent", "strong-accent": "accent", "breath-mark": "breath",
}  # fmt: skip
_UNITS = {"whole": 1, "half": 2, "quarter": 4, "eighth": 8, "16th": 16, "32nd": 32}
_KINDS = {
    "major": "", "minor": "m", "dominant": "7", "major-seventh": "maj7", "minor-seventh": "m7", "diminished": "dim",
    "augmented": "aug", "diminished-seventh": "dim7", "half-diminished": "m7b5", "suspended-fourth": "sus4",
    "suspended-second": "sus2", "major-sixth": "6", "minor-sixth": "m6", "power": "5", "dominant-ninth": "9",
    "augmented-seventh": "aug7", "major-minor": "mM7", "major-ninth": "maj9", "minor-ninth": "m9",
}  # fmt: skip
Key = tuple[int, str]  # staff and voice


@dataclass
class Row:
    """What one measure holds."""

    voices: dict[Key, Voice] = field(default_factory=dict)
    chords: list[ChordSymbol] = field(default_factory=list)
    tempo: Tempo | None = None
    section: str = ""
    transposed: Interval = AS_IT_IS  # of the part, from what is written to what sounds


@dataclass
class Reader:
    """Reads the measures of one part in order; remembers divisions, clefs and transposition."""

    dropped: set[str]
    drums: dict[str, int]
    divisions: int = 1
    clefs: dict[int, tuple[str, str]] = field(default_factory=dict)
    transposed: Interval = AS_IT_IS  # from what is written to what sounds

    def read(self, one: Element) -> Row:
        """Return what stands in a measure; NotationError where its voices can't be."""
        self.row, self.at = Row(), Fraction(0)
        self.where = f"Bar {show(one.get('number', '?'))}"
        self.lines: dict[Key, list[tuple[Fraction, Event]]] = {}
        self.grace: dict[Key, list[Pitch]] = {}
        self.dynamic: Dynamic = ""
        for child in one.children:
            match child.tag:
                case "attributes":
                    self._attributes(child)
                case "backup" | "forward":
                    self.at += self._time(child.said("duration")) * (-1 if child.tag == "backup" else 1)
                    if self.at < 0:
                        raise NotationError(f"{self.where}: it goes back before its beginning.", "Check its <backup>.")
                case "direction":
                    self._direction(child)
                case "harmony":
                    self._harmony(child)
                case "note":
                    self._note(child)
        for key, line in self.lines.items():
            self.row.voices[key] = self._joined(line)
        self.row.transposed = self.transposed
        return self.row

    def _time(self, said: str) -> Fraction:
        try:
            length = Fraction(said) / (4 * self.divisions)
        except (ValueError, ZeroDivisionError):
            raise NotationError(
                f"{self.where}: {show(said)} is no duration.", "Give a whole number of divisions."
            ) from None
        if not 0 <= length <= 64:
            raise NotationError(f"{self.where}: a duration of {show(said)} is too long.", "At most 64 whole notes.")
        return length

    def _attributes(self, one: Element) -> None:
        if said := one.said("divisions"):
            if not said.isdigit() or not 0 < int(said) <= 1_000_000:
                raise NotationError(f"{self.where}: {show(said)} divisions can't be.", "Give 1 to 1,000,000.")
            self.divisions = int(said)
        for clef in one.all("clef"):
            staff = int(clef.get("number", "1")) if clef.get("number", "1").isdigit() else 1
            self.clefs.setdefault(staff, (clef.said("sign", "G"), clef.said("clef-octave-change", "0")))
        if shift := one.find("transpose"):
            octaves = self._steps(shift, "octave-change")
            self.transposed = Interval(
                self._steps(shift, "diatonic") + 7 * octaves, self._steps(shift, "chromatic") + 12 * octaves
            )

    def _steps(self, shift: Element, name: str) -> int:
        said = shift.said(name, "0").strip()
        if not re.fullmatch(r"-?\d{1,2}", said):
            raise NotationError(f"{self.where}: {show(said)} is no transposition ({name}).", "Give a whole number.")
        return int(said)

    def _direction(self, one: Element) -> None:
        self.row.tempo = _tempo(one) or self.row.tempo
        for kind in one.all("direction-type"):
            for mark in kind.children:
                if mark.tag == "rehearsal":
                    self.row.section = mark.text.strip()
                elif mark.tag == "dynamics":
                    said = next((c.tag for c in mark.children if c.tag in DYNAMICS), "")
                    self.dynamic = cast(Dynamic, said) or self.dynamic
                elif mark.tag == "words" and self.row.tempo is None and mark.text.strip():
                    self.dropped.add("words above the staff")
                elif mark.tag not in ("words", "metronome"):
                    self.dropped.add(f"direction {mark.tag}")

    def _harmony(self, one: Element) -> None:
        kind = one.find("kind")
        if kind is None:
            return
        offset = self.at + Fraction(int(one.said("offset", "0"))) / (4 * self.divisions)
        written = kind.get("text")
        if kind.text.strip() == "none":
            self.row.chords.append(ChordSymbol(offset, written or "N.C."))
            return
        root = one.said("root/root-step", "C") + _sign(one.said("root/root-alter", "0"))
        bass = one.said("bass/bass-step")
        suffix = written if harmony.chord(root + written) else _KINDS.get(kind.text.strip(), written)
        stroke = "/" + bass + _sign(one.said("bass/bass-alter", "0")) if bass else ""
        self.row.chords.append(ChordSymbol(offset, chord_moved(root + suffix + stroke, self.transposed)))

    def _pitch(self, one: Element) -> Pitch:
        if one.find("unpitched") is not None:
            named = one.find("instrument")
            key = self.drums.get(named.get("id")) if named else None
            if key is None:
                key = next(iter(self.drums.values()), 38)
            return struck(key)
        step, octave = one.said("pitch/step"), one.said("pitch/octave")
        alter = one.said("pitch/alter", "0").split(".")[0]
        if step not in tuple("CDEFGAB") or not octave.isdigit() or alter not in {"-2", "-1", "0", "1", "2", "-0"}:
            raise NotationError(f"{self.where}: {show(step + alter + octave)} is no pitch.", "C to B, octave 0 to 9.")
        return self.transposed.moved(Pitch(step, int(alter), int(octave)))

    def _note(self, one: Element) -> None:
        staff = one.said("staff", "1")
        key = (int(staff) if staff.isdigit() else 1, one.said("voice", "1"))
        line = self.lines.setdefault(key, [])
        if one.find("grace") is not None:
            if one.find("rest") is None:
                self.grace.setdefault(key, []).append(self._pitch(one))
            return
        if one.find("cue") is not None:
            self.dropped.add("cue notes")
            return
        if one.find("chord") is not None:
            if not line or line[-1][1].rest:
                raise NotationError(f"{self.where}: a chord has no first note.", "Check its <chord/>.")
            at, event = line[-1]
            line[-1] = (at, replace(event, pitches=(*event.pitches, self._pitch(one))))
            return
        length = self._time(one.said("duration"))
        if length == 0:
            raise NotationError(f"{self.where}: a note lasts no time.", "Give it a duration, or make it a grace note.")
        pitches = () if one.find("rest") is not None else (self._pitch(one),)
        line.append((self.at, self._event(one, key, pitches, length)))
        self.at += length

    def _event(self, one: Element, key: Key, pitches: tuple[Pitch, ...], length: Fraction) -> Event:
        marks: list[Mark] = []
        slurs = set()
        opens = False
        for group in one.all("notations"):
            for mark in group.children:
                if mark.tag == "articulations":
                    marks += [_MARKS[m.tag] for m in mark.children if m.tag in _MARKS]
                elif mark.tag == "fermata":
                    marks.append("fermata")
                elif mark.tag == "slur":
                    slurs.add(mark.get("type"))
                elif mark.tag == "tuplet":
                    opens = opens or mark.get("type") == "start"
                elif mark.tag != "tied":
                    self.dropped.add(f"ornament {mark.tag}")
        dynamic, self.dynamic = self.dynamic, ""
        return Event(
            pitches,
            length,
            tied=any(t.get("type") == "start" for t in one.all("tie")),
            lyrics=_lyrics(one),
            tuplet=self._tuplet(one, key, opens, length),
            dynamic=dynamic,
            marks=tuple(dict.fromkeys(marks)),
            grace=tuple(self.grace.pop(key, ())),
            slur_starts="start" in slurs,
            slur_stops="stop" in slurs,
        )

    def _tuplet(self, one: Element, key: Key, opens: bool, length: Fraction) -> Tuplet | None:
        ratio = one.find("time-modification")
        actual, normal = (ratio.said("actual-notes"), ratio.said("normal-notes")) if ratio else ("", "")
        if not (actual.isdigit() and normal.isdigit() and 0 < int(normal) < 64 and 1 < int(actual) < 64):
            return None
        line = self.lines[key]
        group = []
        for _, event in reversed(line):
            if event.tuplet is None:
                break
            group.append(event)
            if event.tuplet.opens:
                break
        whole = bool(group) and sum(e.written for e in group) >= int(actual) * min(e.written for e in group)
        shown = any(n.find("tuplet") is not None for n in one.all("notations"))
        return Tuplet(int(actual), int(normal), opens or not group or (whole and not shown))

    def _joined(self, line: list[tuple[Fraction, Event]]) -> Voice:
        done: list[Event] = []
        at = Fraction(0)
        for start, event in line:
            if start < at:
                raise NotationError(f"{self.where}: two notes of one voice overlap.", "Put them into two voices.")
            if start > at:
                done.append(Event((), start - at))
            done.append(event)
            at = start + event.length
        return tuple(done)


def _sign(alter: str) -> str:
    number = int(float(alter)) if alter.lstrip("-").replace(".", "", 1).isdigit() else 0
    return "#" * number + "b" * -number


def _lyrics(one: Element) -> tuple[Syllable | None, ...]:
    found: dict[int, Syllable] = {}
    for n, lyric in enumerate(one.all("lyric")):
        number = lyric.get("number", str(n + 1))
        verse = int(number) if number.isdigit() and 0 < int(number) <= 20 else n + 1
        said = "".join(
            ("\u00a0" if c.tag == "elision" else c.text) for c in lyric.children if c.tag in ("text", "elision")
        )
        found[verse] = Syllable(said.strip(), lyric.said("syllabic") in ("begin", "middle"))
    return tuple(found.get(v) for v in range(1, max(found, default=0) + 1))


def _tempo(direction: Element) -> Tempo | None:
    """Return the tempo that a direction sets."""
    words = direction.said("direction-type/words")
    for kind in direction.all("direction-type"):
        mark = kind.find("metronome")
        unit = _UNITS.get(mark.said("beat-unit")) if mark else None
        bpm = _number(mark.said("per-minute")) if mark else None
        if mark is None or unit is None or bpm is None:
            continue
        dots = len(mark.all("beat-unit-dot"))
        said = next((k.said("words") for k in direction.all("direction-type") if k.said("words")), words)
        return Tempo(bpm, Fraction(1, unit) * (2 - Fraction(1, 2**dots)), said)
    sound = direction.find("sound")
    bpm = _number(sound.get("tempo")) if sound else None
    return Tempo(bpm, text=words) if bpm else None


def _number(said: str) -> Fraction | None:
    try:
        found = Fraction(said.strip())
    except (ValueError, ZeroDivisionError):
        return None
    return found.limit_denominator(1000) if 1 <= found <= 1000 else None
