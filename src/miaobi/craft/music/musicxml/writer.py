"""Score to MusicXML, partwise. Everything that the score holds is in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from miaobi.craft.music import drum, notation
from miaobi.craft.music.chord import chord
from miaobi.craft.music.performance import voices_of
from miaobi.craft.music.score import Bar, ChordSymbol, Event, Key, Metre, Part, Pitch, Score, Tempo, Voice
from miaobi.craft.music.written_pitch import as_read, to_written
from miaobi.craft.music.xml import element, text
from miaobi.work import Imprint

_CLEFS = {
    "treble": ("G", 2, 0),
    "bass": ("F", 4, 0),
    "alto": ("C", 3, 0),
    "tenor8": ("G", 2, -1),
    "bass8": ("F", 4, -1),
}
_SIGNS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_MARKS = {"staccato": "staccato", "tenuto": "tenuto", "accent": "accent", "breath": "breath-mark"}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'


def write(score: Score, imprint: Imprint | None = None) -> bytes:
    """Return the score as MusicXML, UTF-8; ValueError for a length that can't be written."""
    score = notation.notated(score)
    units = _units(score)
    parts = [_part(score, number, units) for number in range(len(score.parts))]
    body = element(
        "score-partwise",
        element("work", text("work-title", score.title)),
        _identification(score, imprint),
        *([_notice(imprint)] if imprint and imprint.notice else []),
        element("part-list", *(_listed(score.parts[n], n) for n in range(len(parts)))),
        *parts,
        version="4.0",
    )
    return (_HEAD + body + "\n").encode()


def _identification(score: Score, imprint: Imprint | None) -> str:
    creators = [("composer", score.composer), ("lyricist", score.lyricist)]
    made = [text("software", imprint.generator or imprint.creator)] if imprint else []
    label = json.dumps(imprint.aigc, separators=(",", ":")) if imprint and imprint.aigc else ""
    return element(
        "identification",
        *(text("creator", name, type=kind) for kind, name in creators if name),
        *([text("rights", imprint.notice)] if imprint and imprint.notice else []),
        *([element("encoding", *made)] if made else []),
        *([element("miscellaneous", text("miscellaneous-field", label, name="AIGC"))] if label else []),
    )


def _notice(imprint: Imprint) -> str:
    words = text("credit-words", imprint.notice, halign="center", valign="bottom")
    return element("credit", text("credit-type", "rights"), words, page=1)


def _units(score: Score) -> int:
    """Return how many divisions a quarter has so that every length is a whole number of them."""
    lengths = (e.length for part in score.parts for voices in part.bars for voice in voices for e in voice)
    places = (c.offset for bar in score.bars for c in bar.chords)
    under = lcm(
        *(x.denominator for x in lengths),
        *(x.denominator for x in places),
        *(b.full.denominator for b in score.bars),
        4,
    )
    return under // 4


def _struck(part: Part) -> list[int]:
    return sorted({p.midi for voices in part.bars for voice in voices for e in voice for p in e.pitches})


def _listed(part: Part, number: int) -> str:
    one, id = part.instrument, f"P{number + 1}"
    channel = number % 15 + 1 + (number % 15 >= 9)  # 10 is the drums'
    if not one.percussion:
        sounds = [element("score-instrument", text("instrument-name", one.name), id=f"{id}-I1")]
        midi = [text("midi-channel", channel), text("midi-program", one.program + 1)]
        sounds.append(element("midi-instrument", *midi, id=f"{id}-I1"))
    else:
        keys = _struck(part) or [38]
        sounds = [
            element("score-instrument", text("instrument-name", drum.of_key(k).name), id=f"{id}-I{k}") for k in keys
        ]
        sounds += [
            element("midi-instrument", text("midi-channel", 10), text("midi-unpitched", k + 1), id=f"{id}-I{k}")
            for k in keys
        ]
    return element("score-part", text("part-name", part.name), *sounds, id=id)


def _part(score: Score, number: int, units: int) -> str:
    writer = _PartWriter(as_read(score, number), number, units, voices_of(score, number), _transposition(score, number))
    return element("part", *(writer.measure(i) for i in range(len(score.bars))), id=f"P{number + 1}")


@dataclass
class _PartWriter:
    score: Score
    number: int
    units: int
    voices: int
    transposition: str

    def __post_init__(self) -> None:
        self.part = self.score.parts[self.number]
        self.before: list[Event | None] = [None] * self.voices  # the last event of each voice
        self.words: dict[tuple[int, int], bool] = {}  # by voice and verse: whether a word is open
        self.slurred = [False] * self.voices
        self.numbers = notation.bar_numbers(self.score)

    def _time(self, length: Fraction) -> int:
        return int(length * 4 * self.units)

    def measure(self, i: int) -> str:
        bar = self.score.bars[i]
        parts = [self._left(i), self._attributes(i), self._directions(i)]
        voices = self.part.bars[i] or ((Event((), bar.full),),)
        held = [frozenset(b.pitches) if b is not None and b.tied else frozenset() for b in self.before]
        signs = notation.accidentals(voices, bar.key, held) if not self.part.instrument.percussion else {}
        for v, voice in enumerate(voices):
            if v and voice:
                back = sum((e.length for e in voices[v - 1]), Fraction(0))
                parts.append(element("backup", text("duration", self._time(back))))
            parts.append(self._voice(i, v, voice, signs))
        parts.append(self._right(i))
        implicit = "yes" if bar.full < bar.metre.length else ""
        return element("measure", *parts, number=self._number(i), implicit=implicit)

    def _number(self, i: int) -> str:
        """Return a bar's number; of a pick-up at the head of a section one of its own, as measures need it: X1."""
        again = i > 0 and self.numbers[i] == self.numbers[i - 1]
        return f"X{i - self.numbers[i]}" if again else str(self.numbers[i])

    def _attributes(self, i: int) -> str:
        bar = self.score.bars[i]
        before = self.score.bars[i - 1] if i else None
        parts = [text("divisions", self.units)] if not i else []
        drums = self.part.instrument.percussion  # no key is signed for them
        parts += [_key(Key() if drums else bar.key)] if before is None or (before.key != bar.key and not drums) else []
        parts += [_time(bar.metre)] if before is None or before.metre != bar.metre else []
        parts += [_clef(self.part.instrument.clef), self.transposition] if not i else []
        return element("attributes", *parts) if parts else ""

    def _directions(self, i: int) -> str:
        bar = self.score.bars[i]
        if self.number:
            return ""
        out = ""
        if bar.section:
            out += _direction(text("rehearsal", bar.section), "above")
        return out + (_tempo(bar.tempo) if bar.tempo else "")

    def _left(self, i: int) -> str:
        bar, before = self.score.bars[i], self.score.bars[i - 1] if i else None
        inside = [text("bar-style", "heavy-light")] if bar.repeat_starts else []
        if bar.ending and (before is None or before.ending != bar.ending):
            inside.append(element("ending", number=",".join(map(str, bar.ending)), type="start"))
        inside += [element("repeat", direction="forward")] if bar.repeat_starts else []
        return element("barline", *inside, location="left") if inside else ""

    def _right(self, i: int) -> str:
        bar, after = self.score.bars[i], self.score.bars[i + 1] if i + 1 < len(self.score.bars) else None
        style = "light-heavy" if bar.repeat_ends or after is None else "light-light" if bar.double else ""
        inside = [text("bar-style", style)] if style else []
        if bar.ending and (after is None or after.ending != bar.ending):
            kind = "stop" if bar.repeat_ends else "discontinue"
            inside.append(element("ending", number=",".join(map(str, bar.ending)), type=kind))
        if bar.repeat_ends:
            times = bar.repeat_ends if bar.repeat_ends > 2 else ""
            inside.append(element("repeat", direction="backward", times=times))
        return element("barline", *inside, location="right") if inside else ""

    def _voice(self, i: int, v: int, voice: Voice, signs: dict[notation.Place, int]) -> str:
        bar = self.score.bars[i]
        chords = list(bar.chords) if self.number == 0 and v == 0 else []
        lead = notation.lead(bar, i == 0 and bool(self.score.pickup))
        beamed = {n: b for b in notation.beams(voice, bar.metre, lead) for n in range(b.first, b.last + 1)}
        groups = notation.tuplets(voice)
        out: list[str] = []
        at = Fraction(0)
        for n, event in enumerate(voice):
            while chords and chords[0].offset < at + event.length:
                out.append(_harmony(chords[0], self._time(chords[0].offset - at)))
                chords.pop(0)
            group = next(((n == a, n == b) for a, b in groups if a <= n <= b), (False, False))
            beam = _beams(voice, n, beamed.get(n))
            out.append(
                self._event(
                    i,
                    v,
                    voice,
                    n,
                    event,
                    group,
                    beam,
                    {p: s for (a, b, p), s in signs.items() if (a, b) == (v, n)},
                    bar,
                )
            )
            self.before[v] = event
            at += event.length
        return "".join(out)

    def _event(
        self,
        i: int,
        v: int,
        voice: Voice,
        n: int,
        event: Event,
        group: tuple[bool, bool],
        beam: str,
        signs: dict[int, int],
        bar: Bar,
    ) -> str:
        before = self.before[v]
        tied = frozenset(before.pitches) if before is not None and before.tied else frozenset()
        kind, dots = notation.symbol(event.written)
        # not in a pick-up: readers take a rest of the whole measure for a full bar
        whole = event.rest and len(voice) == 1 and event.length == bar.full == bar.metre.length
        shape = "" if whole else text("type", _TYPES[kind]) + "<dot/>" * dots
        ratio = ""
        if event.tuplet:
            inside = text("actual-notes", event.tuplet.actual) + text("normal-notes", event.tuplet.normal)
            ratio = element("time-modification", inside)
        out = [self._grace(p, v) for p in event.grace]
        if event.dynamic:
            out.insert(0, _direction(element("dynamics", element(event.dynamic)), "below"))
        for p, pitch in enumerate(event.pitches or (None,)):
            first = p == 0
            ties = [k for k, there in (("stop", pitch in tied), ("start", event.tied)) if there and pitch is not None]
            out.append(
                element(
                    "note",
                    "" if first else "<chord/>",
                    self._pitch(pitch) if pitch is not None else element("rest", measure="yes" if whole else ""),
                    text("duration", self._time(event.length)),
                    *(element("tie", type=k) for k in ties),
                    self._instrument(pitch),
                    text("voice", v + 1),
                    shape,
                    text("accidental", _SIGNS[signs[p]]) if p in signs else "",
                    ratio,
                    text("stem", "up") if self.part.instrument.percussion else "",
                    self._head(pitch),
                    beam if first else "",
                    self._notations(v, event, group if first else (False, False), ties, first),
                    "".join(self._lyrics(i, v, voice, n)) if first else "",
                )
            )
        return "".join(out)

    def _pitch(self, pitch: Pitch) -> str:
        if self.part.instrument.percussion:
            place = drum.of_key(pitch.midi).place
            return element("unpitched", text("display-step", place.step), text("display-octave", place.octave))
        alter = text("alter", pitch.alter) if pitch.alter else ""
        return element("pitch", text("step", pitch.step), alter, text("octave", pitch.octave))

    def _instrument(self, pitch: Pitch | None) -> str:
        if not self.part.instrument.percussion or pitch is None:
            return ""
        return element("instrument", id=f"P{self.number + 1}-I{pitch.midi}")

    def _head(self, pitch: Pitch | None) -> str:
        if not self.part.instrument.percussion or pitch is None:
            return ""
        head = drum.of_key(pitch.midi).head
        return "" if head == "normal" else text("notehead", head)

    def _grace(self, pitch: Pitch, v: int) -> str:
        return element(
            "note",
            element("grace", slash="yes"),
            self._pitch(pitch),
            self._instrument(pitch),
            text("voice", v + 1),
            text("type", "eighth"),
        )

    def _notations(self, v: int, event: Event, group: tuple[bool, bool], ties: list[str], first: bool) -> str:
        inside = [element("tied", type=k) for k in ties]
        if first and event.slur_stops:
            inside.append(element("slur", type="stop", number=v + 1))
        if first and event.slur_starts:
            inside.append(element("slur", type="start", number=v + 1))
        opens, closes = group
        inside += [element("tuplet", type="start", number=1)] if opens else []
        inside += [element("tuplet", type="stop", number=1)] if closes else []
        marks = [element(_MARKS[m]) for m in event.marks if m in _MARKS] if first else []
        inside += [element("articulations", *marks)] if marks else []
        inside += ["<fermata/>"] if first and "fermata" in event.marks else []
        return element("notations", *inside) if inside else ""

    def _lyrics(self, i: int, v: int, voice: Voice, n: int) -> Iterator[str]:
        for verse, one in enumerate(voice[n].lyrics):
            if one is None:
                continue
            if not one.text:
                yield element("lyric", element("extend", type="continue"), number=verse + 1)
                continue
            open_word = self.words.get((v, verse), False)
            self.words[v, verse] = one.joined
            held = notation.held_on(self.part, i, v, n, verse)
            yield element(
                "lyric",
                text("syllabic", _SYLLABIC[open_word, one.joined]),
                text("text", one.text),
                element("extend", type="start") if held else "",
                number=verse + 1,
            )


_SYLLABIC = {(False, False): "single", (False, True): "begin", (True, True): "middle", (True, False): "end"}
_TYPES = {
    Fraction(2): "breve", Fraction(1): "whole", Fraction(1, 2): "half", Fraction(1, 4): "quarter", Fraction(1, 8):
    "eighth", Fraction(1, 16): "16th", Fraction(1, 32): "32nd", Fraction(1, 64): "64th", Fraction(1, 128): "128th",
    Fraction(1, 256): "256th", }  # fmt: skip


def _key(key: Key) -> str:
    return element("key", text("fifths", key.fifths), text("mode", key.mode))


def _time(metre: Metre) -> str:
    beats = "+".join(map(str, metre.groups)) or metre.beats
    return element("time", text("beats", beats), text("beat-type", metre.unit), symbol=metre.symbol)


def _transposition(score: Score, number: int) -> str:
    """Return how far a part sounds from what its player reads; nothing where it sounds as it is read."""
    way = to_written(score.parts[number].instrument, {bar.key for bar in score.bars}).back
    if not way.semitones:
        return ""
    octaves = int(way.semitones / 12)
    shown = [text("diatonic", way.letters - 7 * octaves), text("chromatic", way.semitones - 12 * octaves)]
    return element("transpose", *shown, text("octave-change", octaves) if octaves else "")


def _clef(name: str) -> str:
    if name == "percussion":
        return element("clef", text("sign", "percussion"))
    sign, line, octave = _CLEFS[name]
    change = text("clef-octave-change", octave) if octave else ""
    return element("clef", text("sign", sign), text("line", line), change)


def _direction(inside: str, placement: str, sound: str = "") -> str:
    return element("direction", element("direction-type", inside), sound, placement=placement)


def _tempo(tempo: Tempo) -> str:
    base, dots = notation.symbol(tempo.unit)
    bpm = tempo.bpm.numerator if tempo.bpm.denominator == 1 else f"{float(tempo.bpm):.3f}"
    beat = text("beat-unit", _TYPES[base]) + "<beat-unit-dot/>" * dots + text("per-minute", bpm)
    words = element("direction-type", text("words", tempo.text)) if tempo.text else ""
    sound = element("sound", tempo=f"{float(tempo.bpm * tempo.unit * 4):g}")
    return element("direction", words, element("direction-type", element("metronome", beat)), sound, placement="above")


def _harmony(one: ChordSymbol, offset: int) -> str:
    place = text("offset", offset) if offset else ""
    known = chord(one.text)
    if known is None:
        root = element("root", text("root-step", "C"))
        return element("harmony", root, text("kind", "none", text=one.text), place)
    bass = element("bass", *_tone("bass", known.bass)) if known.bass != known.root else ""
    root = element("root", *_tone("root", known.root))
    return element("harmony", root, text("kind", known.kind, text=known.suffix), bass, place)


def _tone(which: str, name: str) -> list[str]:
    alter = name.count("#") - name.count("b")
    return [text(f"{which}-step", name[0]), *([text(f"{which}-alter", alter)] if alter else [])]


def _beams(voice: Voice, n: int, beam: notation.Beam | None) -> str:
    """Return the beams of event *n*: one for eighths, two for sixteenths, hooks where a neighbour has fewer."""
    if beam is None:
        return ""
    out = ""
    for level in range(1, _flags(voice[n]) + 1):
        left = n > beam.first and _flags(voice[n - 1]) >= level
        right = n < beam.last and _flags(voice[n + 1]) >= level
        if left or right:
            kind = "continue" if left and right else "end" if left else "begin"
        else:
            kind = "forward hook" if n == beam.first else "backward hook"
        out += text("beam", kind, number=level)
    return out


def _flags(event: Event) -> int:
    base, _ = notation.symbol(event.written)
    return max(base.denominator.bit_length() - 3, 0)
