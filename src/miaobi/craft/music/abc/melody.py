"""Music code of ABC: one voice, line by line, into bars of events.

A bar keeps what its own line says; what all voices share is settled by the reader when every voice is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import get_args

from miaobi.craft.music.abc import field as fields
from miaobi.craft.music.reading import MOST_EVENTS, NotationError
from miaobi.craft.music.score import (
    DYNAMICS,
    ChordSymbol,
    Event,
    Key,
    Mark,
    Metre,
    Pitch,
    Syllable,
    Tempo,
    Tuplet,
)
from miaobi.errors import show

_NOTE = re.compile(r"([_=^]{0,2})([A-Ga-g])([,']*)")
_LENGTH = re.compile(r"(\d*)(/*)(\d*)")
_BAR_LINE = re.compile(r"(?P<end>:*)(?P<line>\.?\[?\|+\]?)(?P<start>:*)|(?P<both>::+)|(?P<thin>\[\|\])")
_ENDING = re.compile(r"\[?(\d+(?:[,-]\d+)*)")
_TUPLET = re.compile(r"\((\d)(?::(\d*))?(?::(\d*))?")
_ALTER = {"": None, "_": -1, "__": -2, "=": 0, "^": 1, "^^": 2, "_=": None, "=_": None, "^=": None, "=^": None}
_SHORT: dict[str, str] = {".": "staccato", "H": "fermata", "L": "accent"}
_MARKS: dict[str, Mark] = {
    "staccato": "staccato", ".": "staccato", "fermata": "fermata", "invertedfermata": "fermata", "accent": "accent",
    ">": "accent", "emphasis": "accent", "tenuto": "tenuto", "breath": "breath",
}  # fmt: skip
_ANNOTATED: dict[str, Mark] = {f"^{mark}": mark for mark in get_args(Mark)}
_SIGNS = "HIJKLMNOPQRSTUVWhijklmnopqrstuvw"  # ornaments, some of them a user's own (standard 2.1, 4.16)
MOST_LENGTH = 64  # whole notes of one event


@dataclass
class Bar:
    """What one voice's line says of one bar."""

    metre: Metre | None
    key: Key
    line: int
    events: list[Event] = field(default_factory=list)
    chords: list[ChordSymbol] = field(default_factory=list)
    starts: bool = False
    ends: int = 0
    ending: tuple[int, ...] = ()
    double: bool = False
    tempo: Tempo | None = None
    section: str = ""


@dataclass
class Voice:
    """One voice as it is being read."""

    name: str
    unit: Fraction
    metre: Metre | None
    key: Key
    settings: dict[str, str] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    sung: list[tuple[int, int]] = field(default_factory=list)  # bar and event of the notes of the last line
    verses: int = 0  # lines of words for that line, so far

    def __post_init__(self) -> None:
        self.at = Fraction(0)
        self.altered: dict[tuple[str, int], int] = {}
        self.pending: dict[str, object] = {}
        self.graces: list[Pitch] = []
        self.marks: list[Mark] = []
        self.dynamic = ""
        self.slurs = 0
        self.tuplet: tuple[int, int, int] | None = None
        self.opens = False
        self.factor = Fraction(1)  # of the next note, by a broken rhythm
        self.broken = False
        self.ending: tuple[int, ...] = ()
        self.starts = False
        self.tempo: Tempo | None = None
        self.section = ""
        self.count = 0
        self._new()

    def _new(self) -> None:
        self.bar = Bar(self.metre, self.key, 0)
        self.at, self.altered = Fraction(0), {}

    def read(self, code: str, number: int) -> None:
        """Read one line of music; NotationError says where it can't be."""
        self.sung, self.verses = [], 0
        at = 0
        while at < len(code):
            at = self._token(code, at, number)

    def _token(self, code: str, at: int, number: int) -> int:
        here = f"Line {number}, column {at + 1}"
        char = code[at]
        if char in " \t`y\\$":
            return at + 1
        if char == '"':
            return self._quoted(code, at, here)
        if char == "{":
            return self._grace(code, at, here)
        if char in "!+" and (close := code.find(char, at + 1)) > 0:
            self._decorated(code[at + 1 : close])
            return close + 1
        if char == "[" and re.match(r"\[[A-Za-z]:", code[at:]):
            return self._inline(code, at, here)
        if match := _BAR_LINE.match(code, at):
            return self._bar_line(match, number)
        if char in "!:":
            return self._old(code, at, number)
        if (match := _ENDING.match(code, at)) and (char == "[" or not self.bar.events):
            self._end_of_bar(number)
            self._ending(match[1], here)
            return match.end()
        if match := _TUPLET.match(code, at):
            self._tuplet(match, here)
            return match.end()
        if (char in "().~" or char in _SIGNS) and not (char == "." and code[at + 1 : at + 2] == "|"):
            return self._single(char, at)
        if char in "<>":
            return self._broken(code, at, here)
        if char == "-":
            self._tie(here)
            return at + 1
        return self._note(code, at, number, here)

    def _single(self, char: str, at: int) -> int:
        if char == "(":
            self.slurs += 1
        elif char == ")":
            self._last(slur_stops=True)
        elif char in _SHORT:
            self.marks.append(_MARKS[_SHORT[char]])
        else:
            self.dropped.add(f"ornament {char}")
        return at + 1

    def _quoted(self, code: str, at: int, here: str) -> int:
        close = code.find('"', at + 1)
        if close < 0:
            raise NotationError(f"{here}: a quotation mark isn't closed.", 'Write "Am" before the note.')
        said = fields.text(code[at + 1 : close])
        if said in _ANNOTATED:
            self.marks.append(_ANNOTATED[said])
        elif said[:1] in "^_<>@" and said:
            self.dropped.add("annotation")
        elif said:
            self.bar.chords.append(ChordSymbol(self.at, said))
        return close + 1

    def _grace(self, code: str, at: int, here: str) -> int:
        close = code.find("}", at)
        if close < 0:
            raise NotationError(f"{here}: grace notes aren't closed.", "Write {ga} before the note.")
        self.graces = [self._pitch(m) for m in _NOTE.finditer(code, at, close)]
        return close + 1

    def _decorated(self, name: str) -> None:
        if name in DYNAMICS:
            self.dynamic = name
        elif name in _MARKS:
            self.marks.append(_MARKS[name])
        elif name:
            self.dropped.add(f"!{name}!")

    def _inline(self, code: str, at: int, here: str) -> int:
        close = code.find("]", at)
        if close < 0:
            raise NotationError(f"{here}: an inline field isn't closed.", "Write [K:G].")
        self.set(code[at + 1], code[at + 3 : close].strip(), here)
        return close + 1

    def set(self, letter: str, value: str, here: str) -> None:
        """Take a field of the tune's body."""
        fresh = not self.bar.events
        if letter == "K":
            new, settings = fields.key(value, here)
            self.settings.update(settings)
            self.key = new or self.key
            if fresh:
                self.bar.key = self.key
            else:
                self.dropped.add("a change of key within a bar takes effect at its end")
            self.altered = {}
        elif letter == "M":
            self.metre = fields.metre(value, here)
            if fresh:
                self.bar.metre = self.metre
        elif letter == "L":
            self.unit = fields.unit(value, here)
        elif letter == "Q":
            self.tempo = fields.tempo(value, here)
        elif letter == "P":
            self.section = fields.text(value)
        elif letter not in "rNIUwWTV":
            self.dropped.add(f"field {letter}:")

    def _bar_line(self, match: re.Match[str], number: int) -> int:
        both = match["both"]
        ends = len(both) - 1 if both else len(match["end"] or "")
        starts = bool(both) or bool(match["start"])
        line = match["line"] or ""
        self._end_of_bar(number)
        if self.bars:
            last = self.bars[-1]
            if ends:
                last.ends = ends + 1
            if "||" in line or (line.endswith("]") and len(line) > 1):
                last.double = True
        if ends or starts or "||" in line or line.endswith("]"):
            self.ending = ()
        self.starts = self.starts or starts
        return match.end()

    def _old(self, code: str, at: int, number: int) -> int:
        """Read what old files have: ``:]`` for ``:|``, a colon whose bar line ended the line before, ``!`` at a
        line's end.
        """
        if code[at] == "!":
            return at + 1
        if code[at + 1 : at + 2] == "]":
            self._end_of_bar(number)
            if self.bars:
                self.bars[-1].ends = 2
            return at + 2
        self.starts = self.starts or not self.bar.events
        return at + 1

    def _end_of_bar(self, number: int) -> None:
        if not self.bar.events:
            return
        bar = self.bar
        bar.line, bar.starts, bar.ending = number, self.starts, self.ending
        bar.tempo, bar.section = self.tempo, self.section
        self.starts, self.tempo, self.section = False, None, ""
        self.bars.append(bar)
        self._new()

    def finish(self, number: int) -> None:
        """Close the last bar, which may lack its line."""
        self._end_of_bar(number)

    def _ending(self, said: str, here: str) -> None:
        numbers: list[int] = []
        for piece in said.split(","):
            low, _, high = piece.partition("-")
            first, last = int(low), int(high or low)
            if not 1 <= first <= last <= 32:
                raise NotationError(f"{here}: {show(said)} is no ending.", "Endings are numbered 1 to 32.")
            numbers += range(first, last + 1)
        self.ending = tuple(numbers)

    def _tuplet(self, match: re.Match[str], here: str) -> None:
        actual = int(match[1])
        compound = self.metre is not None and self.metre.compound
        usual = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(actual, 3 if compound else 2)
        normal, count = int(match[2] or usual), int(match[3] or actual)
        if actual < 2 or not 0 < normal < 32 or not 0 < count < 64:
            raise NotationError(f"{here}: {show(match[0])} is no tuplet.", "Write (3abc or (3:2:3abc.")
        self.tuplet, self.opens = (actual, normal, count), True

    def _broken(self, code: str, at: int, here: str) -> int:
        run = len(code[at:]) - len(code[at:].lstrip(code[at]))
        if not self.bar.events or run > 3:
            raise NotationError(
                f"{here}: a broken rhythm has no note before it.", "Write a>b, with at most three of >."
            )
        short = Fraction(1, 2**run)
        before, after = (2 - short, short) if code[at] == ">" else (short, 2 - short)
        last = self.bar.events[-1]
        self.at += last.length * (before - 1)
        self.bar.events[-1] = replace(last, length=last.length * before)
        self.factor = after
        return at + run

    def _tie(self, here: str) -> None:
        events = self.bar.events or (self.bars[-1].events if self.bars else [])
        if not events or events[-1].rest:
            raise NotationError(f"{here}: a tie has no note before it.", "Write the - right after a note.")
        events[-1] = replace(events[-1], tied=True)

    def _last(self, **change: bool) -> None:
        events = self.bar.events or (self.bars[-1].events if self.bars else [])
        if events:
            events[-1] = replace(events[-1], **change)  # type: ignore[arg-type]

    def _pitch(self, match: re.Match[str]) -> Pitch:
        step = match[2].upper()
        octave = 4 + match[2].islower() + match[3].count("'") - match[3].count(",")
        alter = _ALTER.get(match[1])
        if alter is None:
            alter = self.altered.get((step, octave), self.key.altered(step))
        self.altered[step, octave] = alter
        return Pitch(step, alter, octave)

    def _note(self, code: str, at: int, number: int, here: str) -> int:
        char = code[at]
        pitches: list[Pitch] = []
        inner, tied = Fraction(1), False
        if char in "ZX":
            return self._silent_bars(code, at, number, here)
        if char in "zx":
            end = at + 1
        elif char == "[":
            end = code.find("]", at) + 1
            inside = code[at + 1 : end - 1]
            pitches = [self._pitch(m) for m in _NOTE.finditer(inside)]
            if not end or not pitches:
                raise NotationError(f"{here}: {show(code[at : at + 12])} is no chord.", "Write [CEG]2.")
            first = _NOTE.search(inside)
            assert first is not None
            inner, _ = self._length(inside, first.end(), here)
            tied = inside.count("-") >= len(pitches)
            if 0 < inside.count("-") < len(pitches):
                self.dropped.add("a tie of some notes of a chord")
        elif match := _NOTE.match(code, at):
            pitches, end = [self._pitch(match)], match.end()
        else:
            raise NotationError(
                f"{here}: {show(code[at : at + 12])} is no music.", "See abcnotation.com for the signs."
            )
        length, end = self._length(code, end, here)
        self._add(pitches, length * inner * self.unit * self.factor, tied, number, here)
        return end

    def _length(self, code: str, at: int, here: str) -> tuple[Fraction, int]:
        match = _LENGTH.match(code, at)
        assert match is not None
        under = int(match[3] or 1) * (2 ** (len(match[2]) - (1 if match[3] else 0)) if match[2] else 1)
        if match[3] and not match[2]:
            under = 1
        if len(match[0]) > 8 or under == 0 or match[1] == "0":
            raise NotationError(f"{here}: {show(match[0])} is no length.", "Write 2, /2, 3/2.")
        return Fraction(int(match[1] or 1), under), match.end()

    def _add(self, pitches: list[Pitch], written: Fraction, tied: bool, number: int, here: str) -> None:
        mark = None
        length = written
        if self.tuplet:
            actual, normal, left = self.tuplet
            length = written * Fraction(normal, actual)
            mark = Tuplet(actual, normal, self.opens)
            self.opens = False
            self.tuplet = (actual, normal, left - 1) if left > 1 else None
        if length > MOST_LENGTH or 1024 % written.denominator:
            raise NotationError(f"{here}: a note of {written} whole notes can't be written.", "Use 1/128 to 64.")
        self.count += 1
        if self.count > MOST_EVENTS:
            raise NotationError(f"{here}: more than {MOST_EVENTS:,} notes.", "Give a part of the piece.")
        self.bar.events.append(
            Event(
                tuple(pitches),
                length,
                tied=tied,
                tuplet=mark,
                dynamic=self.dynamic,  # type: ignore[arg-type]
                marks=tuple(dict.fromkeys(self.marks)),
                grace=tuple(self.graces),
                slur_starts=self.slurs > 0,
            )
        )
        if pitches:
            self.sung.append((len(self.bars), len(self.bar.events) - 1))
        self.at += length
        self.dynamic, self.marks, self.graces, self.slurs, self.factor = "", [], [], 0, Fraction(1)

    def _silent_bars(self, code: str, at: int, number: int, here: str) -> int:
        match = re.compile(r"\d{0,4}").match(code, at + 1)
        assert match is not None
        count = int(match[0] or 1)
        if self.metre is None or not 1 <= count <= 500:
            raise NotationError(
                f"{here}: {show(code[at : match.end()])} is no rest of bars.", "Z2 is two bars; at most 500."
            )
        for i in range(count):
            self.bar.events.append(Event((), self.metre.length))
            if i < count - 1:
                self._end_of_bar(number)
        return match.end()

    def words(self, said: str, number: int) -> None:
        """Put a line of lyrics under the notes of the line before it; NotationError where it has more than they."""
        verse, self.verses = self.verses, self.verses + 1
        places = iter(self.sung)
        used = 0
        for one in syllables(said):
            if one == "|":
                continue
            place = next(places, None)
            used += 1
            if place is None:
                total = sum(s != "|" for s in syllables(said))
                raise NotationError(
                    f"Line {number}: the words have {total} syllables and the tune {len(self.sung)} notes there.",
                    "Shorten the words, or give the tune more notes; _ holds a syllable, * leaves a note out.",
                )
            self._sing(place, verse, None if one is None or isinstance(one, str) else one)

    def _sing(self, place: tuple[int, int], verse: int, one: Syllable | None) -> None:
        if one is None:
            return
        bar, index = place
        events = self.bars[bar].events if bar < len(self.bars) else self.bar.events
        lyrics = events[index].lyrics
        lyrics = lyrics + (None,) * (verse - len(lyrics)) + (one,)
        events[index] = replace(events[index], lyrics=lyrics)


def syllables(said: str) -> list[Syllable | str | None]:
    """Return what a ``w:`` line says: syllables, None for a note left out, "|" for a bar line."""
    found: list[Syllable | str | None] = []
    token = ""
    at = 0

    def close(joined: bool = False) -> None:
        nonlocal token
        if token:
            plain = fields.text(token)
            pieces = list(plain) if re.fullmatch(r"[\u3400-\u9fff]{2,}", plain) else [plain]
            found.extend(Syllable(p) for p in pieces[:-1])
            found.append(Syllable(pieces[-1], joined))
        token = ""

    while at < len(said):
        char = said[at]
        if char == "\\" and at + 1 < len(said):
            token += "-" if said[at + 1] == "-" else said[at : at + 2]
            at += 1
        elif char == "-":
            if token:
                close(joined=True)
            else:
                found.append(Syllable())
        elif char in " \t*_|":
            close()
            if char not in " \t":
                found.append({"*": None, "_": Syllable(), "|": "|"}[char])
        elif char == "~":
            token += " "
        else:
            token += char
        at += 1
    close()
    return found
