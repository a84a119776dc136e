"""ABC to a score: the fields of a tune, its voices, and what they share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from miaobi.craft.music.abc import field as fields
from miaobi.craft.music.abc import melody
from miaobi.craft.music.instrument import instrument, instruments, of_program
from miaobi.craft.music.performance import silent
from miaobi.craft.music.reading import NotationError, Reading, admit, settled
from miaobi.craft.music.score import Bar, Clef, Instrument, Key, Metre, Part, Score, Tempo, duration
from miaobi.errors import show


@dataclass
class _Tune:
    title: str = ""
    composer: str = ""
    lyricist: str = ""
    metre: Metre | None = None
    unit: Fraction | None = None
    tempo: Tempo | None = None
    key: Key | None = None
    settings: dict[str, str] = field(default_factory=dict)
    groups: list[list[str]] = field(default_factory=list)
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    directives: dict[str, dict[str, str]] = field(default_factory=dict)
    voices: dict[str, melody.Voice] = field(default_factory=dict)
    now: str = "1"
    dropped: set[str] = field(default_factory=set)

    def voice(self) -> melody.Voice:
        if self.now not in self.voices:
            unit = self.unit or fields.usual_unit(self.metre)
            self.voices[self.now] = melody.Voice(self.now, unit, self.metre, self.key or Key())
        return self.voices[self.now]


def read(text: str) -> Reading:
    """Return the first tune of an ABC file; NotationError says where and why it can't be read."""
    tune = _Tune()
    body = seen = False
    number = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = raw.rstrip()
        if seen and (not line or line.startswith("X:")) and body:
            if any(m.bars or m.bar.events for m in tune.voices.values()):
                rest = text.replace("\r\n", "\n").split("\n")[number - 1 :]
                if any(later.startswith("X:") for later in rest):
                    tune.dropped.add("the tunes after the first")
                break
            continue
        if line.startswith("%"):
            _directive(tune, line, body)
            continue
        match = re.match(r"([A-Za-z+]):\s*(.*)", line)
        if match and match[1] in "XTCZMLQKVPwWNHORSBDFGIAmrsUu+":
            seen = seen or match[1] in "XTK"
            body = _field(tune, match[1], match[2], number, body) or body
        elif line and not body:
            if seen:
                raise NotationError(f"Line {number}: {show(line)} is no field.", "A tune's head ends with K:, its key.")
        elif line:
            tune.voice().read(_uncommented(line), number)
    if not body:
        raise NotationError(
            "It is no tune in ABC: there is no K: field.", "A tune begins with X:1 and its head ends with K:G."
        )
    for one in tune.voices.values():
        one.finish(number)
    return _assembled(tune)


def _uncommented(line: str) -> str:
    return re.sub(r"(?<!\\)%.*", "", line)


def _directive(tune: _Tune, line: str, body: bool) -> None:
    words = line[2:].split() if line.startswith("%%") else []
    if len(words) > 2 and words[0] == "MIDI" and words[1] in ("program", "channel"):
        tune.directives.setdefault(tune.now, {})[words[1]] = words[-1]
    elif len(words) > 1 and words[0] == "miaobi-instrument":
        tune.directives.setdefault(tune.now, {})["instrument"] = words[1]
    elif words and words[0] in ("score", "staves"):
        inside = re.findall(r"\([^)]*\)|[^\s()\[\]{}|]+", line.partition(words[0])[2])
        tune.groups = [re.findall(r"[^\s()\[\]{}|]+", g) for g in inside]


def _field(tune: _Tune, letter: str, value: str, number: int, body: bool) -> bool:
    """Take a field; return whether the body begins after it."""
    here = f"Line {number}"
    if letter == "V":
        _voice(tune, value)
    elif letter == "w":
        if body:
            tune.voice().words(_uncommented(value), number)
    elif body:
        tune.voice().set(letter, value, here)
    elif letter == "K":
        tune.key, tune.settings = fields.key(value, here)
        tune.now = tune.groups[0][0] if tune.groups and tune.groups[0] else next(iter(tune.heads), "1")
        return True
    else:
        _head(tune, letter, value, here)
    return False


def _voice(tune: _Tune, value: str) -> None:
    name, _, rest = value.partition(" ")
    tune.now = name
    settings = dict(re.findall(r'(\w+)=(?:"([^"]*)")', rest)) | dict(re.findall(r'(\w+)=([^\s"]+)', rest))
    if bare := re.search(r"(?:^|\s)(bass|treble-8|treble|alto|perc)(?:\s|$)", rest):
        settings.setdefault("clef", bare[1])
    tune.heads.setdefault(name, {}).update(settings)


def _head(tune: _Tune, letter: str, value: str, here: str) -> None:
    if letter == "M":
        tune.metre = fields.metre(value, here)
    elif letter == "L":
        tune.unit = fields.unit(value, here)
    elif letter == "Q":
        tune.tempo = fields.tempo(value, here)
    elif letter in "TCZ":
        name = {"T": "title", "C": "composer", "Z": "lyricist"}[letter]
        if not getattr(tune, name):
            setattr(tune, name, fields.text(_uncommented(value)))
    elif letter not in "XPNHORSBDFGIAr":
        tune.dropped.add(f"field {letter}:")


def _assembled(tune: _Tune) -> Reading:
    voices = {name: v for name, v in tune.voices.items() if v.bars}
    if not voices:
        raise NotationError("The tune has no notes.", "Write them after the K: field, for example: CDEF|GABc|")
    names = [[n for n in group if n in voices] for group in tune.groups]
    grouped = {n for group in names for n in group}
    groups = [g for g in names if g] + [[n] for n in voices if n not in grouped]
    first = voices[groups[0][0]]
    for name, v in voices.items():
        if len(v.bars) != len(first.bars):
            raise NotationError(
                f"Voice {name} has {len(v.bars)} bars, voice {first.name} has {len(first.bars)}.",
                "Every voice has the same bars; Z is a bar of rest.",
            )
    admit(len(first.bars), len(groups), sum(v.count for v in voices.values()))
    bars = _shared(first, tune.tempo, [v for v in voices.values() if v is not first])
    parts = tuple(_part(tune, group, voices, bars) for group in groups)
    dropped = tune.dropped.union(*(v.dropped for v in voices.values()))
    title = tune.title or "Untitled"
    return Reading(Score(title, bars, parts, tune.composer, tune.lyricist), tuple(sorted(dropped)))


def _shared(first: melody.Voice, tempo: Tempo | None, others: list[melody.Voice]) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    lines = first.bars
    for i, one in enumerate(lines):
        closes = bool(one.ending) and (i + 1 == len(lines) or lines[i + 1].ending != one.ending)
        chords = {c.offset: c for voice in reversed([one, *(v.bars[i] for v in others)]) for c in voice.chords}
        free = duration(one.events) if one.metre is None else None
        bars.append(
            Bar(
                metre=one.metre or Metre(),
                key=one.key,
                length=None if free == 1 else free,
                repeat_starts=one.starts,
                repeat_ends=one.ends,
                ending=one.ending,
                double=one.double and i + 1 < len(lines) and not closes and not one.ends,
                tempo=one.tempo or (tempo if i == 0 else None),
                section=one.section,
                chords=tuple(chords[o] for o in sorted(chords)),
            )
        )
    return settled(bars, [duration(one.events) for one in lines])


def _part(tune: _Tune, group: list[str], voices: dict[str, melody.Voice], bars: tuple[Bar, ...]) -> Part:
    name = group[0]
    head, told = tune.heads.get(name, {}), tune.directives.get(name, {})
    clef = fields.clef(head) or fields.clef(voices[name].settings) or fields.clef(tune.settings)
    one = _instrument(told, clef)
    rows = tuple(
        tuple(tuple(voices[n].bars[i].events) or silent(bars[i].full) for n in group) for i in range(len(bars))
    )
    unnamed = "Melody" if not told and not one.percussion else one.name.capitalize()
    return Part(fields.text(head.get("name", "")) or unnamed, one, rows)


def _instrument(told: dict[str, str], clef: Clef | None) -> Instrument:
    drums = told.get("channel") == "10" or clef == "percussion"
    if told.get("instrument") in instruments():
        found = instrument(told["instrument"])
    else:
        program = told.get("program", "0")
        found = of_program(min(int(program), 127) if program.isdigit() else 0, drums)
    if clef is None or clef == found.clef or {clef, found.clef} in ({"treble", "tenor8"}, {"bass", "bass8"}):
        return found  # sounding pitches stand under plain clefs
    return replace(found, clef=clef)
