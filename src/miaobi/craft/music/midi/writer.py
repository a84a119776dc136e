"""Score to MIDI as it is played: repeats written out, ties joined, each voice on a channel of its own where there are
enough. Ticks are chosen so that every length is a whole number of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm

from miaobi.craft.music.midi.file import COPYRIGHT, KEY, LYRIC, MARKER, METRE, NAME, TEMPO, TEXT, Message, packed
from miaobi.craft.music.performance import Tone, played, timeline, tones, voices_of
from miaobi.craft.music.score import Bar, Key, Score
from miaobi.work import Imprint

USUAL = 480  # ticks a quarter
MOST = 0x7FFF
DRUMS = 9  # channel


def write(score: Score, imprint: Imprint | None = None, heard: Sequence[Tone] | None = None) -> bytes:
    """Return the score as a standard MIDI file, format 1.

    *heard*: the tones to write where they aren't the score's own (``humanised``); their parts and voices are its.
    """
    sound = tones(score) if heard is None else heard
    quarter = _quarter(score, sound)
    channels = _channels(score)
    tracks = [sorted(_conductor(score, imprint, quarter), key=lambda m: m.tick)]
    for number in range(len(score.parts)):
        mine = [t for t in sound if t.part == number]
        tracks.append(_track(score, number, mine, channels, quarter))
    return packed(tracks, quarter)


def _quarter(score: Score, sound: Sequence[Tone]) -> int:
    places = [onset for _, onset in timeline(score)] + [t.onset for t in sound] + [t.length for t in sound]
    exact = lcm(4, *(p.denominator for p in places)) // 4
    return exact * max(USUAL // exact, 1) if exact <= MOST else USUAL


def _ticks(place: Fraction, quarter: int) -> int:
    return max(round(place * 4 * quarter), 0)


def _channels(score: Score) -> dict[tuple[int, int], int]:
    """Return the channel of each voice of each part."""
    free = [c for c in range(16) if c != DRUMS]
    pitched = [n for n, p in enumerate(score.parts) if not p.instrument.percussion]
    apart = sum(max(voices_of(score, n), 1) for n in pitched) <= len(free)
    found: dict[tuple[int, int], int] = {}
    used = 0
    for number, part in enumerate(score.parts):
        for voice in range(max(voices_of(score, number), 1)):
            found[number, voice] = DRUMS if part.instrument.percussion else free[used % len(free)]
            used += apart and not part.instrument.percussion
        used += not apart and not part.instrument.percussion
    return found


def _meta(tick: int, kind: int, content: bytes) -> Message:
    return Message(tick, 0xFF, content, kind)


def _conductor(score: Score, imprint: Imprint | None, quarter: int) -> Iterator[Message]:
    yield _meta(0, NAME, score.title.encode())
    if score.composer:
        yield _meta(0, TEXT, f"composer: {score.composer}".encode())
    if score.lyricist:
        yield _meta(0, TEXT, f"lyricist: {score.lyricist}".encode())
    if imprint and imprint.aigc:
        yield _meta(0, COPYRIGHT, imprint.notice.encode())
        yield _meta(0, TEXT, b"AIGC " + json.dumps(imprint.aigc, separators=(",", ":")).encode())
    metre = key = tempo = None
    for number, onset in timeline(score):
        bar, tick = score.bars[number], _ticks(onset, quarter)
        measure = _measured(bar)
        if measure != metre:
            metre = measure
            yield _meta(tick, METRE, _metre(*measure))
        if bar.key != key:
            key = bar.key
            if -7 <= key.fifths <= 7:
                yield _meta(tick, KEY, _key(key))
        if bar.tempo and bar.tempo != tempo:
            tempo = bar.tempo
            yield _meta(tick, TEMPO, round(tempo.seconds / 4 * 1_000_000).to_bytes(3))
        if bar.section:
            yield _meta(tick, MARKER, bar.section.encode())


def _measured(bar: Bar) -> tuple[int, int]:
    """Return what the bar measures: a pick-up has a metre of its own, so that bar lines fall where they are written."""
    full = bar.full
    if full == bar.metre.length or full.numerator > 255 or full.denominator & (full.denominator - 1):
        return bar.metre.beats, bar.metre.unit
    return full.numerator, full.denominator


def _metre(beats: int, unit: int) -> bytes:
    clicks = 36 if unit >= 8 and beats % 3 == 0 else min(max(96 // unit, 1), 255)
    return bytes((beats, unit.bit_length() - 1, clicks, 8))


def _key(key: Key) -> bytes:
    minor = key.mode in ("minor", "dorian", "phrygian", "locrian", "yu", "shang", "jue")
    return bytes((key.fifths & 0xFF, int(minor)))


def _track(
    score: Score, number: int, sound: Sequence[Tone], channels: dict[tuple[int, int], int], quarter: int
) -> list[Message]:
    part = score.parts[number]
    head = [_meta(0, NAME, part.name.encode())]
    voices = range(max(voices_of(score, number), 1))
    for channel in dict.fromkeys(channels[number, v] for v in voices):
        head.append(Message(0, 0xC0 | channel, bytes((part.instrument.program,))))
    rows: list[tuple[int, int, Message]] = []
    for tone in sound:
        channel = channels[number, tone.voice]
        start, end = _ticks(tone.onset, quarter), _ticks(tone.onset + tone.length, quarter)
        end = max(end, start + 1)
        rows.append((start, 2, Message(start, 0x90 | channel, bytes((tone.pitch, tone.loudness)))))
        rows.append((end, 0, Message(end, 0x80 | channel, bytes((tone.pitch, 0)))))
    for voice in voices:
        for onset, _, _, event in played(score, number, voice):
            for one in event.lyrics[:1]:
                if one is not None and one.text:
                    tick = _ticks(onset, quarter)
                    said = one.text + ("-" if one.joined else "")
                    rows.append((tick, 1, _meta(tick, LYRIC, said.encode())))
    return head + [m for _, _, m in sorted(rows, key=lambda r: r[:2])]
