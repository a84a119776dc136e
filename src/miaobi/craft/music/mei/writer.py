"""Score to MEI: what is engraved. Every event has an ``xml:id`` (``identifier``), so that a player finds it on
the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from miaobi.craft.markup import CJK, escape
from miaobi.craft.music import drum, notation, xml
from miaobi.craft.music.performance import voices_of
from miaobi.craft.music.score import QUARTER, Bar, Event, Key, Metre, Pitch, Score, Tempo, Voice
from miaobi.craft.music.written_pitch import as_read, to_written
from miaobi.work import Imprint

_CLEFS = {
    "treble": ("G", 2),
    "bass": ("F", 4),
    "alto": ("C", 3),
    "tenor8": ("G", 2),
    "bass8": ("F", 4),
    "percussion": ("perc", 3),
}
_SIGNS = {-2: "ff", -1: "f", 0: "n", 1: "s", 2: "x"}
_ARTICULATIONS = {"staccato": "stacc", "tenuto": "ten", "accent": "acc"}
_HEADS = {"x": "x", "diamond": "diamond", "circle-x": "x", "slash": "slash", "triangle": "isotriangle"}
_NOTES = {Fraction(1): "𝅝", Fraction(1, 2): "𝅗𝅥", QUARTER: "♩", Fraction(1, 8): "♪"}
_BOTTOM = 30  # ``Pitch.line`` of E4, the lowest line of a staff with a treble clef


def element(tag: str, *children: str, **attributes: object) -> str:
    """Return an element; an underscore in an attribute's name stands for MEI's dot, two for a colon."""
    names = {k.replace("__", ":").replace("_", "."): v for k, v in attributes.items()}
    return xml.element(tag, *children, **names)


def text(tag: str, said: str, **attributes: object) -> str:
    """Return an element that holds *said*, escaped."""
    return element(tag, escape(said), **attributes)


def identifier(part: int, bar: int, voice: int, event: int) -> str:
    """Return the id of an event of the score as it is engraved (``notation.notated``)."""
    return f"p{part}b{bar}v{voice}e{event}"


def write(score: Score, imprint: Imprint | None = None, sheet: bool = False) -> str:
    """Return the score as MEI; *sheet*: with the title, the names and the notice as they stand on a page.

    ValueError for a length that can't be written.
    """
    score = notation.notated(score)
    body = element("section", *_sections(score, sheet))
    staves = [_staff(score, number) for number in range(len(score.parts))]
    first = score.bars[0] if score.bars else Bar()
    heads = [_page_head(score), _page_foot(imprint)] if sheet else []
    group = element("staffGrp", *staves, symbol="bracket" if len(staves) > 1 else "")
    definition = element("scoreDef", *heads, _signature(first.key), group, **_measured(first.metre))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element(
        "mei",
        _head(score, imprint),
        element("music", element("body", element("mdiv", element("score", definition, body)))),
        xmlns="http://www.music-encoding.org/ns/mei",
        meiversion="5.0",
    )


def _head(score: Score, imprint: Imprint | None) -> str:
    people = [("composer", score.composer), ("lyricist", score.lyricist)]
    names = [text(role, who) for role, who in people if who]
    notice = element("availability", text("useRestrict", imprint.notice)) if imprint and imprint.notice else ""
    label = json.dumps(imprint.aigc, separators=(",", ":")) if imprint and imprint.aigc else ""
    notes = element("notesStmt", text("annot", label, type="AIGC")) if label else ""
    application = text("name", imprint.generator or imprint.creator) if imprint else ""
    made = element("encodingDesc", element("appInfo", element("application", application))) if imprint else ""
    return element(
        "meiHead",
        element(
            "fileDesc", element("titleStmt", text("title", score.title), *names), element("pubStmt", notice), notes
        ),
        made,
    )


def _page_head(score: Score) -> str:
    rows = [element("rend", text("rend", score.title, fontsize="160%"), halign="center", valign="top")]
    for who, side in ((score.lyricist, "left"), (score.composer, "right")):
        if who:
            rows.append(element("rend", text("rend", who, fontsize="90%"), halign=side, valign="bottom"))
    return element("pgHead", *rows, func="first")


def _page_foot(imprint: Imprint | None) -> str:
    if imprint is None or not imprint.notice:
        return ""
    return element(
        "pgFoot", element("rend", text("rend", imprint.notice, fontsize="80%"), halign="center"), func="first"
    )


def _measured(metre: Metre) -> dict[str, object]:
    count = "+".join(map(str, metre.groups)) or metre.beats
    return {"meter_count": count, "meter_unit": metre.unit, "meter_sym": metre.symbol}


def _signature(key: Key) -> str:
    sig = f"{abs(key.fifths)}{'s' if key.fifths > 0 else 'f'}" if key.fifths else "0"
    return element("keySig", sig=sig, mode=key.mode)


def _staff(score: Score, number: int) -> str:
    part = score.parts[number]
    shape, line = _CLEFS[part.instrument.clef]
    below = {"clef_dis": 8, "clef_dis_place": "below"} if part.instrument.clef in ("tenor8", "bass8") else {}
    channel = 10 if part.instrument.percussion else ""
    sound = element(
        "instrDef",
        midi_channel=channel,
        midi_instrnum="" if channel else str(part.instrument.program),
        label=part.instrument.name,
    )
    way = to_written(part.instrument, {bar.key for bar in score.bars}).back
    sounds = {"trans_diat": way.letters, "trans_semi": way.semitones} if way.semitones else {}
    own = _own_signature(score, number, score.bars[0].key)
    return element(
        "staffDef", text("label", part.name), sound, own, n=number + 1, lines=5, clef_shape=shape, clef_line=line,
        **below, **sounds,
    )  # fmt: skip


def _own_signature(score: Score, number: int, key: Key) -> str:
    """Return the signature of *key* for a part whose player reads another than the others: none for drums."""
    if score.parts[number].instrument.percussion:
        return element("keySig", sig="0")
    way = to_written(score.parts[number].instrument, {bar.key for bar in score.bars})
    return _signature(way.keyed(key)) if way.semitones else ""


def _sections(score: Score, sheet: bool) -> Iterator[str]:
    writers = [
        _StaffWriter(as_read(score, number), number, [None] * max(voices_of(score, number), 1), sheet)
        for number in range(len(score.parts))
    ]
    ending: list[str] = []
    numbers = notation.bar_numbers(score)
    for i, bar in enumerate(score.bars):
        after = score.bars[i + 1] if i + 1 < len(score.bars) else None
        inside = _change(score, i) + _measure(score, i, numbers[i], writers)
        if not bar.ending:
            yield inside
            continue
        ending.append(inside)
        if after is None or after.ending != bar.ending:
            yield element("ending", *ending, n=", ".join(f"{n}." for n in bar.ending))
            ending = []


def _change(score: Score, i: int) -> str:
    before, bar = score.bars[i - 1] if i else None, score.bars[i]
    if before is None or (before.metre, before.key) == (bar.metre, bar.key):
        return ""
    metre = _measured(bar.metre) if before.metre != bar.metre else {}
    if before.key == bar.key:
        return element("scoreDef", **metre)
    own = [(n + 1, _own_signature(score, n, bar.key)) for n in range(len(score.parts))]
    staves = [element("staffDef", signature, n=n) for n, signature in own if signature]
    group = element("staffGrp", *staves) if staves else ""
    return element("scoreDef", _signature(bar.key), group, **metre)


def _measure(score: Score, i: int, number: int, writers: list[_StaffWriter]) -> str:
    bar, after = score.bars[i], score.bars[i + 1] if i + 1 < len(score.bars) else None
    right = "rptend" if bar.repeat_ends else "end" if after is None else "dbl" if bar.double else ""
    staves = [w.staff(i) for w in writers]
    marks = [m for w in writers for m in w.marks]
    return element(
        "measure",
        *staves,
        *(_above(writers[0].score.bars[i], writers[0].sheet) if writers else ()),
        *marks,
        n=number,
        left="rptstart" if bar.repeat_starts else "",
        right=right,
        metcon="false" if bar.full != bar.metre.length else "",
    )


def _above(bar: Bar, sheet: bool) -> Iterator[str]:
    """Yield what stands above the system. On a page the tempo stands beside the section, both over the chords: verovio
    sets a tempo of its own under them.
    """
    section = text("rend", bar.section, rend="box")
    if bar.section:
        yield element("reh", section, tstamp=0 if sheet and bar.tempo else 1, staff=1, place="above")
    if bar.tempo and sheet:
        yield element("reh", text("rend", _said(bar.tempo), fontsize="90%"), tstamp=1, staff=1, place="above")
    elif bar.tempo:
        yield _tempo(bar.tempo)
    for one in bar.chords:
        place = f"{float(1 + one.offset * bar.metre.unit):g}"
        shown = one.text.replace("#", "♯").replace("b", "♭") if one.text[:1] in "ABCDEFG" else one.text
        yield text("harm", shown, tstamp=place, staff=1, place="above", label=one.text)


def _said(tempo: Tempo) -> str:
    base, dots = notation.symbol(tempo.unit)
    return f"{tempo.text}  {_NOTES.get(base, '')}{'.' * dots} = {float(tempo.bpm):g}".strip()


def _tempo(tempo: Tempo) -> str:
    base, dots = notation.symbol(tempo.unit)
    bpm = f"{float(tempo.bpm):g}"
    shown = _said(tempo)
    exact = f"{float(tempo.bpm * tempo.unit * 4):g}"
    dotted = dots or ""
    return text(
        "tempo",
        shown,
        tstamp=1,
        staff=1,
        place="above",
        midi_bpm=exact,
        mm=bpm,
        mm_unit=base.denominator,
        mm_dots=dotted,
        label=tempo.text,
    )


@dataclass
class _StaffWriter:
    score: Score
    number: int
    before: list[Event | None]  # the last event of each voice
    sheet: bool  # whether it is to be engraved
    marks: list[str] = field(default_factory=list)  # what stands outside the staff in this measure
    words: dict[tuple[int, int], bool] = field(default_factory=dict)  # by voice and verse: whether a word is open

    def __post_init__(self) -> None:
        self.slurs: dict[int, list[tuple[str, str]]] = {}  # by the bar where they begin: ids of both ends
        for voice in range(len(self.before)):
            self._find_slurs(voice)

    def _find_slurs(self, v: int) -> None:
        opened: tuple[int, str] | None = None
        for i, voices in enumerate(self.score.parts[self.number].bars):
            for n, event in enumerate(voices[v] if v < len(voices) else ()):
                id = identifier(self.number, i, v, n)
                if event.slur_stops and opened:
                    self.slurs.setdefault(opened[0], []).append((opened[1], id))
                    opened = None
                if event.slur_starts and not event.rest:
                    opened = (i, id)

    def staff(self, i: int) -> str:
        """Return the staff in measure *i*; its marks are in ``marks`` afterwards."""
        part, bar = self.score.parts[self.number], self.score.bars[i]
        self.marks = [element("slur", startid=f"#{a}", endid=f"#{b}") for a, b in self.slurs.get(i, ())]
        voices = part.bars[i] or ((Event((), bar.full),),)
        held = [frozenset(b.pitches) if b is not None and b.tied else frozenset() for b in self.before]
        signs = {} if part.instrument.percussion else notation.accidentals(voices, bar.key, held)
        lead = notation.lead(bar, i == 0 and bool(self.score.pickup))
        layers = [self._layer(i, v, voice, signs, lead) for v, voice in enumerate(voices) if voice]
        return element("staff", *layers, n=self.number + 1)

    def _layer(self, i: int, v: int, voice: Voice, signs: dict[notation.Place, int], lead: Fraction) -> str:
        bar = self.score.bars[i]
        if len(voice) == 1 and voice[0].rest and voice[0].length == bar.full == bar.metre.length:
            self.before[v] = voice[0]
            return element("layer", element("mRest", xml__id=identifier(self.number, i, v, 0)), n=v + 1)
        made = []
        for n in range(len(voice)):
            made.append(self._event(i, v, voice, n, signs))
            self.before[v] = voice[n]
        return element("layer", *_nested(voice, made, bar.metre, lead), n=v + 1)

    def _event(self, i: int, v: int, voice: Voice, n: int, signs: dict[notation.Place, int]) -> str:
        event, id = voice[n], identifier(self.number, i, v, n)
        base, dots = notation.symbol(event.written)
        shape = {"dur": "breve" if base == 2 else base.denominator, "dots": dots or ""}
        if event.rest:
            return element("rest", xml__id=id, **shape)
        self._outside(event, id)
        before = self.before[v]
        tied = frozenset(before.pitches) if before is not None and before.tied else frozenset()
        marks = " ".join(_ARTICULATIONS[m] for m in event.marks if m in _ARTICULATIONS)
        verses = "".join(self._verses(i, v, voice, n))
        key = self.score.bars[i].key
        notes = []
        for p, pitch in enumerate(event.pitches):
            tie = {(True, True): "m", (True, False): "t", (False, True): "i"}.get((pitch in tied, event.tied), "")
            one: dict[str, object] = {**self._pitch(pitch, signs.get((v, n, p)), key), "tie": tie}
            if len(event.pitches) == 1:
                notes.append(element("note", verses, xml__id=id, **shape, **self._stem(), **one, artic=marks))
            else:
                notes.append(element("note", xml__id=f"{id}n{p}", **one))
        stem = self._stem()
        chord = element("chord", *notes, verses, xml__id=id, **shape, **stem, artic=marks) if notes[1:] else notes[0]
        return "".join(self._grace(p, key) for p in event.grace) + chord

    def _grace(self, pitch: Pitch, key: Key) -> str:
        shown = pitch.alter if pitch.alter != key.altered(pitch.step) else None
        sounds = {"accid_ges": _SIGNS[pitch.alter]} if shown is None else {}  # a natural too: it follows from nothing
        return element("note", dur=8, grace="acc", stem_mod="1slash", **{**self._pitch(pitch, shown, key), **sounds})

    def _stem(self) -> dict[str, object]:
        """Return which way a stem goes: a drum set's, written in one voice, up, so that cymbals stand on beams."""
        return {"stem_dir": "up"} if self.score.parts[self.number].instrument.percussion else {}

    def _pitch(self, pitch: Pitch, sign: int | None, key: Key) -> dict[str, object]:
        if self.score.parts[self.number].instrument.percussion:
            one = drum.of_key(pitch.midi)
            return {"loc": str(one.place.line - _BOTTOM), "head_shape": _HEADS.get(one.head, ""), "pnum": pitch.midi}
        shown = _SIGNS[sign] if sign is not None else ""
        sounding = _SIGNS[pitch.alter] if pitch.alter and sign is None else ""
        return {"pname": pitch.step.lower(), "oct": str(pitch.octave), "accid": shown, "accid_ges": sounding}

    def _outside(self, event: Event, id: str) -> None:
        if event.dynamic:
            self.marks.append(text("dynam", event.dynamic, startid=f"#{id}", place="below"))
        if "fermata" in event.marks:
            self.marks.append(element("fermata", startid=f"#{id}", place="above"))
        if "breath" in event.marks:
            self.marks.append(element("breath", startid=f"#{id}", place="above"))

    def _verses(self, i: int, v: int, voice: Voice, n: int) -> Iterator[str]:
        for verse, one in enumerate(voice[n].lyrics):
            if one is None or not one.text:
                continue
            open_word = self.words.get((v, verse), False)
            self.words[v, verse] = one.joined
            held = notation.held_on(self.score.parts[self.number], i, v, n, verse)
            place = {(False, True): "i", (True, True): "m", (True, False): "t"}.get((open_word, one.joined), "")
            joint = "d" if one.joined else "u" if held else ""
            wide = "\u00a0" if self.sheet and CJK.search(one.text) else ""  # verovio takes such characters for narrow
            yield element("verse", text("syl", one.text + wide, wordpos=place, con=joint), n=verse + 1)


def _nested(voice: Voice, made: list[str], metre: Metre, lead: Fraction) -> Iterator[str]:
    """Yield the events in their beams and tuplets; a beam that crosses a tuplet's edge is left out."""
    groups = notation.tuplets(voice)
    spans = [(a, b, "tuplet") for a, b in groups]
    for beam in notation.beams(voice, metre, lead):
        crosses = any(a < beam.first <= b < beam.last or beam.first < a <= beam.last < b for a, b in groups)
        if not crosses:
            spans.append((beam.first, beam.last, "beam"))
    spans.sort(key=lambda s: (s[0], -s[1], s[2] == "beam"))
    yield from _inside(voice, made, spans, 0, len(voice))


def _inside(voice: Voice, made: list[str], spans: list[tuple[int, int, str]], start: int, stop: int) -> Iterator[str]:
    at = start
    while at < stop:
        here = next((s for s in spans if s[0] == at and s[1] < stop), None)
        if here is None:
            yield made[at]
            at += 1
            continue
        rest = spans[spans.index(here) + 1 :]
        inside = list(_inside(voice, made, rest, at, here[1] + 1))
        group = voice[at].tuplet
        if here[2] == "tuplet" and group is not None:
            plain = any(s[2] == "beam" and s[0] <= here[0] and here[1] <= s[1] for s in spans)
            yield element(
                "tuplet", *inside, num=group.actual, numbase=group.normal, bracket_visible="false" if plain else ""
            )
        else:
            yield element("beam", *inside)
        at = here[1] + 1
