"""Score to ABC, in the common subset that abcmidi, music21 and verovio read alike.

The unit is an eighth. Accidentals are written again wherever readers differ on how long they hold (the standard leaves
it to a directive): on every note of a letter that has been altered in the bar. A chord symbol needs a note to stand
on: where none begins, the note is split by a tie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from miaobi.craft.music.instrument import instruments
from miaobi.craft.music.notation import notated
from miaobi.craft.music.performance import voices_of
from miaobi.craft.music.score import EIGHTH, Bar, Event, Instrument, Key, Metre, Part, Pitch, Score, Tempo, Voice
from miaobi.work import Imprint

BARS_A_LINE = 4
_MODES = {
    "major": "", "minor": "m", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "mixolydian": "mix",
    "locrian": "loc", "gong": "", "shang": "dor", "jue": "phr", "zhi": "mix", "yu": "m",
}  # fmt: skip
_CLEFS = {"treble": "treble", "bass": "bass", "alto": "alto", "tenor8": "treble", "bass8": "bass", "percussion": "perc"}
# abcmidi doubles a note under !fermata! and doesn't know !tenuto!: as annotations both are read back and harmless.
_MARKS = {"staccato": ".", "accent": "!accent!", "breath": "!breath!", "fermata": '"^fermata"', "tenuto": '"^tenuto"'}
_ACCIDENTALS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}


def write(score: Score, imprint: Imprint | None = None) -> str:
    """Return the score as ABC, UTF-8 text; the label stands in its head.

    ValueError for a length that can't be written (see ``score.notatable``).
    """
    score = notated(score)
    head = ["%abc-2.1"]
    if imprint and imprint.aigc:
        head.append("%%miaobi-aigc " + json.dumps(imprint.aigc, separators=(",", ":")))
    head += ["X:1", f"T:{_field(score.title)}"]
    head += [f"{letter}:{_field(text)}" for letter, text in (("C", score.composer), ("Z", score.lyricist)) if text]
    if imprint and imprint.notice:
        head.append(f"N:{_field(imprint.notice)}")
    first = score.bars[0] if score.bars else Bar()
    head += [f"M:{_metre(first.metre)}", "L:1/8"]
    if first.tempo:
        head.append(f"Q:{_tempo(first.tempo)}")
    staves = list(_staves(score))
    alone = len(staves) == 1 and not staves[0][1].percussion
    if not alone or voices_of(score, 0) > 1:
        head.append(f"%%score {_groups(score)}")
    head += [f"V:{name} {_voice_head(score.parts[p], v)}" for name, _, p, v in staves]
    mode = "" if first.key.mode in ("major", "minor") else f" % {first.key.mode}"
    clef = f" clef={_CLEFS[staves[0][1].clef]}" if alone else ""
    head.append(f"K:{_key(first.key)}{clef}{mode if first.key.mode in _FIVE else ''}")
    for name, one, _, _ in staves:
        channel = "%%MIDI channel 10" if one.percussion else f"%%MIDI program {one.program}"
        own = [f"%%miaobi-instrument {one.name}"] if one.name in instruments() else []
        head += [f"V:{name}", channel, *own]
    if any(e.grace for p in score.parts for voices in p.bars for voice in voices for e in voice):
        head.append("%%MIDI gracedivider 8")  # else abcmidi warns of graces longer than a short note
    return "\n".join([*head, *_body(score, [(n, p, v) for n, _, p, v in staves])]) + "\n"


_FIVE = ("gong", "shang", "jue", "zhi", "yu")


def _staves(score: Score) -> Iterator[tuple[str, Instrument, int, int]]:
    number = 0
    for p, part in enumerate(score.parts):
        for v in range(max(voices_of(score, p), 1)):
            number += 1
            yield str(number), part.instrument, p, v


def _groups(score: Score) -> str:
    names = iter(_staves(score))
    groups = []
    for p in range(len(score.parts)):
        inside = [next(names)[0] for _ in range(max(voices_of(score, p), 1))]
        groups.append(inside[0] if len(inside) == 1 else f"({' '.join(inside)})")
    return " ".join(groups)


def _voice_head(part: Part, voice: int) -> str:
    name = _field(part.name).replace('"', "'")
    return (
        f'clef={_CLEFS[part.instrument.clef]} name="{name}"' if voice == 0 else f"clef={_CLEFS[part.instrument.clef]}"
    )


def _field(text: str) -> str:
    """Return *text* as the value of a field: on one line, with what ABC reads as markup escaped."""
    return re.sub(r"([\\%&])", r"\\\1", " ".join(text.split()))


def _metre(metre: Metre) -> str:
    if metre.symbol:
        return {"common": "C", "cut": "C|"}[metre.symbol]
    return f"({'+'.join(map(str, metre.groups))})/{metre.unit}" if metre.groups else metre.name


def _tempo(tempo: Tempo) -> str:
    text = '"' + _field(tempo.text).replace('"', "'") + '" ' if tempo.text else ""
    bpm = tempo.bpm.numerator if tempo.bpm.denominator == 1 else f"{float(tempo.bpm):.3f}".rstrip("0")
    return f"{text}{tempo.unit.numerator}/{tempo.unit.denominator}={bpm}"


def _key(key: Key) -> str:
    return f"{key.tonic}{_MODES[key.mode]}"


def _body(score: Score, staves: Sequence[tuple[str, int, int]]) -> Iterator[str]:
    singing = {(p, v) for _, p, v in staves if any(e.lyrics for _, _, e in score.parts[p].voice(v))}
    score = replace(score, bars=_with_repeats(score.bars))
    for start, end in _lines(score, singing):
        for name, p, v in staves:
            if len(staves) > 1:
                yield f"V:{name}"
            if score.bars[start].section and v == 0 and p == 0:
                yield f"P:{_field(score.bars[start].section)}"
            key = score.bars[start].key
            if start and key != score.bars[start - 1].key:
                yield f"K:{_key(key)}"  # on a line of its own: music21 takes an inline one to begin a bar late
            events: list[Event] = []
            written = []
            for i in range(start, end):
                voices = score.parts[p].bars[i]
                voice = voices[v] if v < len(voices) else ()
                chords = p == 0 and v == 0
                voice = _cut_at_chords(voice, score.bars[i]) if chords else voice
                events += voice
                last = score.parts[p].bars[i - 1] if i else ()
                held = v < len(last) and bool(last[v]) and last[v][-1].tied
                written.append(_bar(score.bars, i, voice, chords, held, i == start))
            yield "".join(written).replace("| |:", "|:").strip()
            yield from _words(events) if (p, v) in singing else ()


def _with_repeats(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Return the bars with the sign ``|:`` before every passage with endings, which abcmidi wants even at the
    beginning.
    """
    done = list(bars)
    start = 0
    for i, bar in enumerate(bars):
        if bar.repeat_starts:
            start = i
        if bar.ending and (i == 0 or not bars[i - 1].ending):
            done[start] = replace(done[start], repeat_starts=True)
        if bar.repeat_ends and not (bar.ending and i + 1 < len(bars) and bars[i + 1].ending):
            start = i + 1
    return tuple(done)


def _lines(score: Score, singing: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where lines begin and end: four full bars, or where a section begins.

    A line in which a voice with words has no note is joined to the next: abcmidi warns of music without lyrics.
    """
    bars = score.bars
    cuts = [0]
    while cuts[-1] < len(bars):
        start = cuts[-1]
        end = min(start + BARS_A_LINE + (start == 0 and score.pickup > 0), len(bars))
        cuts.append(next((i for i in range(start + 1, end) if bars[i].section or bars[i].key != bars[i - 1].key), end))
    start = 0
    for end in cuts[1:]:
        if end == len(bars) or (_sung(score, singing, start, end) and _sung(score, singing, end, len(bars))):
            yield start, end
            start = end


def _sung(score: Score, singing: set[tuple[int, int]], start: int, end: int) -> bool:
    rows = ((score.parts[p].bars[start:end], v) for p, v in singing)
    return all(any(e.pitches for voices in row if v < len(voices) for e in voices[v]) for row, v in rows)


def _bar(bars: Sequence[Bar], i: int, voice: Voice, chords: bool, held: bool, first: bool) -> str:
    bar = bars[i]
    before = bars[i - 1] if i else None
    out = []
    opening = ("|:" if bar.repeat_starts else "") + ("[" + ",".join(map(str, bar.ending)) if _opens(bars, i) else "")
    if before and before.repeat_ends and bar.repeat_starts:
        opening = opening[2:]  # the colon stands in the line before
    out.append(opening)
    if before:
        changes = [("M", _metre(bar.metre))] if bar.metre != before.metre else []
        changes += [("K", _key(bar.key))] if bar.key != before.key and not first else []
        changes += [("Q", _tempo(bar.tempo))] if bar.tempo and chords else []
        out += [f"[{letter}:{value}]" for letter, value in changes]
    out.append(_music(voice, bar, chords, held) or _silence(bar.full))
    return "".join(out) + " " + _line(bars, i) + " "


def _opens(bars: Sequence[Bar], i: int) -> bool:
    return bool(bars[i].ending) and (i == 0 or bars[i - 1].ending != bars[i].ending)


def _line(bars: Sequence[Bar], i: int) -> str:
    """Return the bar line after bar *i*."""
    bar = bars[i]
    last = i == len(bars) - 1
    again = bool(bar.repeat_ends) and not last and bars[i + 1].repeat_starts
    closes = bool(bar.ending) and (last or bars[i + 1].ending != bar.ending)
    if again:
        return ":" * (bar.repeat_ends - 1) + "||" + ":" if bar.repeat_ends > 2 else "::"
    if bar.repeat_ends:
        return ":" * (bar.repeat_ends - 1) + "|"
    if last:
        return "|]"
    return "||" if bar.double or (closes and not bars[i + 1].ending) else "|"


def _silence(length: Fraction) -> str:
    return "x" + _length(length)


def _cut_at_chords(voice: Voice, bar: Bar) -> Voice:
    places = sorted({c.offset for c in bar.chords})
    done: list[Event] = []
    at = Fraction(0)
    for event in voice:
        inside = [p - at for p in places if at < p < at + event.length] if event.tuplet is None else []
        edges = [Fraction(0), *inside, event.length]
        held = tuple(None if s is None else replace(s, text="", joined=False) for s in event.lyrics)
        for n, (a, b) in enumerate(pairwise(edges)):
            last = n == len(edges) - 2
            piece = replace(
                event,
                length=b - a,
                tied=event.tied if last else not event.rest,
                marks=event.marks if last else (),
                slur_stops=event.slur_stops and last,
            )
            done.append(piece if n == 0 else replace(piece, lyrics=held, dynamic="", grace=(), slur_starts=False))
        at += event.length
    return tuple(done)


def _music(voice: Voice, bar: Bar, chords: bool, held: bool) -> str:
    symbols = {c.offset: c.text for c in bar.chords} if chords else {}
    altered: set[str] = set()
    at = Fraction(0)
    out: list[str] = []
    beat = bar.metre.pulses[0]
    for i, event in enumerate(voice):
        if out and (at % beat == 0 or event.written > EIGHTH or voice[i - 1].written > EIGHTH):
            out.append(" ")
        if at in symbols:
            out.append('"' + _field(symbols[at]).replace('"', "'") + '"')
        out.append(_opening(voice, i))
        out.append(_event(event, bar.key, altered, voice[i - 1].tied if i else held))
        at += event.length
    return "".join(out)


def _opening(voice: Voice, i: int) -> str:
    event = voice[i]
    before = voice[i - 1].tuplet if i else None
    if event.tuplet is None or (not event.tuplet.opens and before is not None):
        return ""
    count = 1
    while i + count < len(voice) and (later := voice[i + count].tuplet) is not None and not later.opens:
        count += 1
    return f"({event.tuplet.actual}:{event.tuplet.normal}:{count}"


def _event(event: Event, key: Key, altered: set[str], held: bool) -> str:
    grace = "{" + "".join(_pitch(p, key, altered) for p in event.grace) + "}" if event.grace else ""
    # abcmidi finds nothing to tie beside a note that is shortened, leaned on or breathed after
    tying = event.tied or held
    marks = "".join(f'"^{m}"' if tying else _MARKS[m] for m in event.marks)
    loud = f"!{event.dynamic}!" if event.dynamic else ""
    if event.rest:
        body = "z" + _length(event.written)
    elif len(event.pitches) == 1:
        body = _pitch(event.pitches[0], key, altered) + _length(event.written)
    else:
        body = "[" + "".join(_pitch(p, key, altered) for p in event.pitches) + "]" + _length(event.written)
    slurs = ("(" if event.slur_starts else ""), (")" if event.slur_stops else "")
    return slurs[0] + grace + loud + marks + body + ("-" if event.tied else "") + slurs[1]


def _length(length: Fraction) -> str:
    units = length / EIGHTH
    over = "" if units.numerator == 1 and units.denominator > 1 else str(units.numerator)
    return ("" if over == "1" else over) + ("" if units.denominator == 1 else f"/{units.denominator}")


def _pitch(one: Pitch, key: Key, altered: set[str]) -> str:
    shown = one.alter != key.altered(one.step) or one.step in altered
    if shown:
        altered.add(one.step)
    letter = one.step.lower() if one.octave >= 5 else one.step
    marks = "'" * (one.octave - 5) if one.octave >= 5 else "," * (4 - one.octave)
    return (_ACCIDENTALS[one.alter] if shown else "") + letter + marks


def _words(events: Sequence[Event]) -> Iterator[str]:
    """Yield a line of lyrics for each verse; notes take a syllable, rests none."""
    notes = [e for e in events if not e.rest]
    for verse in range(max((len(e.lyrics) for e in notes), default=0)):
        sung = [e.lyrics[verse] if verse < len(e.lyrics) else None for e in notes]
        yield "w: " + " ".join(
            "*" if s is None else "_" if not s.text else _syllable(s.text) + ("-" if s.joined else "") for s in sung
        )


def _syllable(text: str) -> str:
    plain = re.sub(r"[*_|]", "", " ".join(text.split()))
    return re.sub(r"([\\%&-])", r"\\\1", plain).replace(" ", "~") or "*"
