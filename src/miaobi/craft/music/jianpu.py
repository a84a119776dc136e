"""简谱: numbered notation, SVG. The tonic of the major key with that signature is 1, whatever the mode, as is usual
in China.

Rules (李重光, 音乐理论基础, 1962, ch. 2): a quarter is a digit; a stroke under it halves, a dash after it adds a
quarter, a dot after it adds half; a dot above is an octave up, below one down; 0 is a rest; ♯ ♭ ♮ stand before the
digit; ties and tuplets are arcs; words stand under the digits. The head says 1=G and the metre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from miaobi.craft.markup import escape, one_line
from miaobi.craft.music import notation
from miaobi.craft.music.key import CHINESE, of_signature
from miaobi.craft.music.score import EIGHTH, QUARTER, Bar, Event, Key, Pitch, Score
from miaobi.work import Imprint

_FONT = "'Libertinus Serif', 'Noto Serif', 'Noto Sans CJK SC', 'Songti SC', serif"
_INK, _SOFT, _PAPER = "#26221d", "#7b7468", "#fbf8f1"
_SIZE, _WIDTH, _MARGIN = 21, 1000, 60  # px
_SIGNS = {-2: "♭♭", -1: "♭", 0: "♮", 1: "♯", 2: "𝄪"}
_COLUMN = 24.0  # least width of a digit


def degree(pitch: Pitch, key: Key, octave: int = 4) -> tuple[int, int, int]:
    """Return the digit 1–7, its octave dots (positive above) and its alteration; *octave*: of the 1 without a dot."""
    home = of_signature(key.fifths, "major")
    steps = pitch.line - Pitch(home.tonic[0], home.alter, octave).line
    return steps % 7 + 1, steps // 7, pitch.alter - key.altered(pitch.step)


def plain_octave(score: Score, part: int) -> int:
    """Return the octave of the 1 without a dot with which the part needs the fewest dots."""
    heard = [
        (max(e.pitches, key=lambda p: p.midi), bar.key)
        for bar, voices in zip(score.bars, score.parts[part].bars, strict=True)
        for e in (voices[0] if voices else ())
        if e.pitches
    ]
    return min(range(1, 7), key=lambda o: (sum(abs(degree(p, k, o)[1]) for p, k in heard), abs(o - 4)))


@dataclass(frozen=True, slots=True)
class _Mark:
    """One thing in the line of digits."""

    x: float
    width: float
    event: Event
    index: int
    begins: bool  # the digit itself, not a dash after it


def jianpu(score: Score, imprint: Imprint, part: int = 0) -> bytes:
    """Return one part in numbered notation, UTF-8 SVG; chords show their highest note."""
    score = notation.notated(score)
    verses = max((len(e.lyrics) for voices in score.parts[part].bars for v in voices[:1] for e in v), default=0)
    body: list[str] = []
    y = _MARGIN + 176.0
    for line in _lines(score, part):
        body += _Line(score, part, y).drawn(line)
        y += 92 + 24 * verses
    height = round(y + 10)
    title = escape(one_line(score.title))
    first = score.bars[0] if score.bars else Bar()
    home = of_signature(first.key.fifths, "major").tonic.replace("#", "♯").replace("b", "♭")
    mode = (
        f"  {first.key.tonic.replace('#', '♯').replace('b', '♭')}{CHINESE[first.key.mode]}"
        if first.key.mode in CHINESE
        else ""
    )
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" '
        f'font-family="{_FONT}" fill="{_INK}"><title>{title}</title><rect width="{_WIDTH}" '
        f'height="{height}" fill="{_PAPER}"/>',
        _text(_WIDTH / 2, _MARGIN + 22, score.title, 'font-size="30" text-anchor="middle"'),
        _text(_MARGIN, _MARGIN + 66, f"1={home}", 'font-size="19"'),
        _fraction(_MARGIN + 64, _MARGIN + 66, first),
        _text(_MARGIN + 100, _MARGIN + 66, mode.strip(), f'font-size="17" fill="{_SOFT}"') if mode else "",
        _tempo(first),
    ]
    for who, label, rise in ((score.lyricist, "词", 0), (score.composer, "曲", 24)):
        if who:
            head.append(
                _text(_WIDTH - _MARGIN, _MARGIN + 50 + rise, f"{who} {label}", 'font-size="16" text-anchor="end"')
            )
    foot = _text(_WIDTH / 2, height - 22, imprint.notice, f'font-size="12" text-anchor="middle" fill="{_SOFT}"')
    return ("\n".join([h for h in head if h] + body + [foot, "</svg>"]) + "\n").encode()


def _tempo(bar: Bar) -> str:
    if bar.tempo is None:
        return ""
    dot = "." if bar.tempo.unit.numerator == 3 else ""
    sign = "♪" if bar.tempo.unit == EIGHTH else "♩"
    said = f"{sign}{dot}={float(bar.tempo.bpm):g}  {bar.tempo.text}".strip()
    return _text(_MARGIN, _MARGIN + 94, said, f'font-size="15" fill="{_SOFT}"')


def _fraction(x: float, y: float, bar: Bar) -> str:
    return (
        _text(x + 10, y - 11, str(bar.metre.beats), 'font-size="16" text-anchor="middle"')
        + f'<path d="M{x} {y - 6}h20" stroke="{_INK}" stroke-width="1.2"/>'
        + _text(x + 10, y + 9, str(bar.metre.unit), 'font-size="16" text-anchor="middle"')
    )


def _text(x: float, y: float, said: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(one_line(said))}</text>'


def _columns(event: Event) -> int:
    """Return how many columns an event takes: its digit, and a dash a further quarter where it is long."""
    return max(int(event.written / QUARTER), 1) if event.written >= 2 * QUARTER else 1


def _width(event: Event) -> float:
    """Return the width of one column of an event: longer notes have more room, and so have words."""
    word = max(
        (len(s.text) * (17 if ord(s.text[0]) > 0x2E7F else 9) + 8 for s in event.lyrics if s and s.text), default=0
    )
    usual = _COLUMN + 10 * (event.written >= EIGHTH) + 6 * (event.written >= QUARTER)
    return max(usual, float(word) / _columns(event)) + (9 if event.grace else 0)


def _lines(score: Score, part: int) -> Iterator[list[int]]:
    """Yield the bars of each line."""
    room = _WIDTH - 2 * _MARGIN
    line: list[int] = []
    used = 0.0
    for i, voices in enumerate(score.parts[part].bars):
        wide = sum(_width(e) * _columns(e) for e in voices[0]) + 26 if voices else 60.0
        fresh = bool(score.bars[i].section) and len(line) > 2
        if line and (used + wide > room or fresh):
            yield line
            line, used = [], 0.0
        line.append(i)
        used += wide
    if line:
        yield line


class _Line:
    """One line of digits, set from margin to margin."""

    def __init__(self, score: Score, part: int, y: float) -> None:
        self.score, self.part, self.y = score, part, y
        self.octave = plain_octave(score, part)
        self.out: list[str] = []

    def drawn(self, line: list[int]) -> list[str]:
        voices = {i: self.score.parts[self.part].bars[i][:1] for i in line}
        natural = sum(sum(_width(e) * _columns(e) for e in v[0]) + 26 if v else 60.0 for v in voices.values())
        last = line[-1] == len(self.score.bars) - 1
        stretch = (_WIDTH - 2 * _MARGIN) / natural
        stretch = min(stretch, 1.5) if last else stretch
        x = float(_MARGIN)
        previous: tuple[float, float] | None = None
        for i in line:
            bar = self.score.bars[i]
            if bar.repeat_starts:
                self._repeat(x + 4, opens=True)
            self._above(bar, i, x)
            marks: list[_Mark] = []
            x += 13 * stretch
            chords = {c.offset: c.text for c in bar.chords} if self.part == 0 else {}
            at = Fraction(0)
            for n, event in enumerate(voices[i][0] if voices[i] else ()):
                column = _width(event) * stretch
                for c in range(_columns(event)):
                    marks.append(_Mark(x + column / 2, column, event, n, begins=c == 0))
                    x += column
                wide = column * _columns(event)
                for offset, said in chords.items():
                    if at <= offset < at + event.length:
                        place = x - wide + column / 2 + wide * float((offset - at) / event.length)
                        shown = said.replace("#", "♯").replace("b", "♭")
                        more = f'font-size="14" text-anchor="middle" fill="{_SOFT}"'
                        self.out.append(_text(place, self.y - 40, shown, more))
                at += event.length
            previous = self._notes(marks, bar, previous)
            self._strokes(marks, bar, i)
            x += 13 * stretch
            self._bar_line(bar, i, x)
        return self.out

    def _above(self, bar: Bar, i: int, x: float) -> None:
        if bar.section:
            self.out.append(_text(x, self.y - 56, bar.section, 'font-size="15" font-weight="bold"'))
        before = self.score.bars[i - 1] if i else None
        if bar.ending and (before is None or before.ending != bar.ending):
            said = ".".join(map(str, bar.ending)) + "."
            self.out.append(f'<path d="M{x + 4:.1f} {self.y - 34}v-16h70" fill="none" stroke="{_INK}"/>')
            self.out.append(_text(x + 10, self.y - 37, said, 'font-size="13"'))
        if before is not None and before.metre != bar.metre:
            self.out.append(_fraction(x + 2, self.y - 38, bar))
        if before is not None and before.key.fifths != bar.key.fifths:
            home = of_signature(bar.key.fifths, "major").tonic.replace("#", "♯").replace("b", "♭")
            self.out.append(_text(x, self.y - 70, f"1={home}", 'font-size="15"'))

    def _notes(self, marks: list[_Mark], bar: Bar, tied: tuple[float, float] | None) -> tuple[float, float] | None:
        """Draw the digits of a bar; return where its last one is when it is tied on."""
        voice = tuple(m.event for m in marks if m.begins)
        signs = notation.accidentals([voice], bar.key, ())
        for m in marks:
            if not m.begins:
                sign = "0" if m.event.rest else "–"
                self.out.append(_text(m.x, self.y, sign, f'font-size="{_SIZE}" text-anchor="middle"'))
                continue
            if m.event.rest:
                self.out.append(_text(m.x, self.y, "0", f'font-size="{_SIZE}" text-anchor="middle"'))
            else:
                self._digit(m, bar.key, signs)
            base, dots = notation.symbol(m.event.written)
            if dots and base <= QUARTER:
                self.out.append("".join(_dot(m.x + 10 + 6 * d, self.y - 6) for d in range(dots)))
            if tied is not None and not m.event.rest:
                self._arc(tied[0], m.x)
            tied = (m.x, self.y) if m.event.tied else None
            for verse, one in enumerate(m.event.lyrics):
                if one and one.text:
                    said = one.text + ("-" if one.joined and ord(one.text[0]) < 0x2E80 else "")
                    self.out.append(_text(m.x, self.y + 46 + 24 * verse, said, 'font-size="17" text-anchor="middle"'))
        return tied

    def _digit(self, m: _Mark, key: Key, signs: dict[notation.Place, int]) -> None:
        pitch = max(m.event.pitches, key=lambda p: p.midi)
        digit, dots, alter = degree(pitch, key, self.octave)
        where = m.event.pitches.index(pitch)
        if (0, m.index, where) in signs:
            shown = _SIGNS[alter] if alter else "♮"
            self.out.append(_text(m.x - 8, self.y - 8, shown, 'font-size="14" text-anchor="end"'))
        self.out.append(_text(m.x, self.y, str(digit), f'font-size="{_SIZE}" text-anchor="middle"'))
        low = 7.0 + 4 * _strokes(m.event.written)
        for d in range(abs(dots)):
            self.out.append(_dot(m.x, self.y - 21 - 6 * d if dots > 0 else self.y + low + 6 * d))
        if m.event.grace:
            small = "".join(str(degree(p, key, self.octave)[0]) for p in m.event.grace)
            self.out.append(_text(m.x - 14, self.y - 15, small, 'font-size="12" text-anchor="middle"'))
        if "fermata" in m.event.marks:
            top = self.y - 30
            self.out.append(
                f'<path d="M{m.x - 8:.1f} {top}a8 8 0 0 1 16 0" fill="none" stroke="{_INK}"/>' + _dot(m.x, top - 2)
            )

    def _strokes(self, marks: list[_Mark], bar: Bar, i: int) -> None:
        """Draw the strokes under short notes, joined within a beat, and the arcs of tuplets."""
        voice = tuple(m.event for m in marks if m.begins)
        digits = [m for m in marks if m.begins]
        lead = notation.lead(bar, i == 0 and bool(self.score.pickup))
        beat = bar.metre.pulses[0] if bar.metre.compound else QUARTER
        groups: list[list[int]] = []
        at, last = lead, None
        for n, event in enumerate(voice):
            here = at // beat
            if _strokes(event.written):
                if last == here and groups and groups[-1][-1] == n - 1:
                    groups[-1].append(n)
                else:
                    groups.append([n])
                last = here
            at += event.length
        for group in groups:
            for level in range(1, 4):
                run: list[int] = []
                for n in [*group, -1]:
                    if n >= 0 and _strokes(voice[n].written) >= level:
                        run.append(n)
                    elif run:
                        a, b = digits[run[0]].x - 7, digits[run[-1]].x + 7
                        self.out.append(
                            f'<path d="M{a:.1f} {self.y + 1 + 4 * level}H{b:.1f}" stroke="{_INK}" stroke-width="1.3"/>'
                        )
                        run = []
        for a, b in notation.tuplets(voice):
            left, right, top = digits[a].x, digits[b].x, self.y - 30
            middle = (left + right) / 2
            self.out.append(
                f'<path d="M{left:.1f} {top + 6}Q{middle:.1f} {top - 12} {right:.1f} {top + 6}" fill="none" '
                f'stroke="{_INK}"/>'
            )
            actual = voice[a].tuplet.actual if voice[a].tuplet else 3  # type: ignore[union-attr]
            self.out.append(
                f'<rect x="{middle - 6:.1f}" y="{top - 10}" width="12" height="13" fill="{_PAPER}"/>'
                + _text(middle, top + 1, str(actual), 'font-size="12" text-anchor="middle" font-style="italic"')
            )

    def _arc(self, left: float, right: float) -> None:
        if right < left:  # tied over from the line above
            left = float(_MARGIN)
        top, middle = self.y - 24, (left + right) / 2
        self.out.append(
            f'<path d="M{left:.1f} {top}Q{middle:.1f} {top - 12} {right:.1f} {top}" fill="none" '
            f'stroke="{_INK}" stroke-width="1.2"/>'
        )

    def _bar_line(self, bar: Bar, i: int, x: float) -> None:
        top = self.y - 22
        last = i == len(self.score.bars) - 1
        if bar.repeat_ends:
            self._repeat(x, opens=False)
        elif not last and self.score.bars[i + 1].repeat_starts:
            return  # its sign stands there
        elif last:
            self.out.append(
                f'<path d="M{x - 6:.1f} {top}v30" stroke="{_INK}"/><path d="M{x:.1f} {top}v30" '
                f'stroke="{_INK}" stroke-width="3.5"/>'
            )
        else:
            self.out.append(f'<path d="M{x:.1f} {top}v30" stroke="{_INK}"/>')
            if bar.double:
                self.out.append(f'<path d="M{x - 4:.1f} {top}v30" stroke="{_INK}"/>')

    def _repeat(self, x: float, opens: bool) -> None:
        side = 1 if opens else -1
        top = self.y - 22
        self.out.append(
            f'<path d="M{x:.1f} {top}v30" stroke="{_INK}" '
            f'stroke-width="3"/><path d="M{x + 5 * side:.1f} {top}v30" stroke="{_INK}"/>'
            + _dot(x + 10 * side, top + 10)
            + _dot(x + 10 * side, top + 20)
        )


def _strokes(written: Fraction) -> int:
    """Return how many strokes stand under a length: one for an eighth, two for a sixteenth."""
    base, _ = notation.symbol(written)
    return max(base.denominator.bit_length() - 3, 0)


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.9"/>'
