"""Written pitch: what the player of a transposing instrument reads.

A score of ours sounds as it stands. MusicXML, MEI and the engraved page show the part of a clarinet in B♭ a tone
higher, in the key that lies so much higher, and say by how much; ABC and MIDI have what sounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from miaobi.craft.music.chord import chord, spell, spell_class
from miaobi.craft.music.key import of_signature
from miaobi.craft.music.score import SEMITONES, Bar, ChordSymbol, Event, Instrument, Key, Part, Pitch, Score

_LETTERS = "CDEFGAB"
_PLAIN = Key()


class Interval(NamedTuple):
    """How far something is moved: letters and semitones; (1, 2) is a major second up."""

    steps: int = 0
    semitones: int = 0

    @property
    def fifths(self) -> int:
        """Return how many sharps a signature gains."""
        return 7 * self.semitones - 12 * self.steps

    @property
    def back(self) -> Interval:
        """Return the same way down."""
        return Interval(-self.steps, -self.semitones)


AS_WRITTEN = Interval()


def to_written(instrument: Instrument, keys: Iterable[Key]) -> Interval:
    """Return the interval from sounding to written pitch, by the letters that give *keys* the smallest signatures:
    in B major a clarinet reads D flat (5♭) rather than C sharp (7♯).
    """
    steps, semitones = instrument.written
    if not semitones:
        return AS_WRITTEN
    fifths = {key.fifths for key in keys}
    ways = [Interval(steps + more, semitones) for more in (0, 1, -1)]
    return min(ways, key=lambda way: (max(abs(f + way.fifths) for f in fifths), way.steps != steps))


def as_read(score: Score, number: int) -> Score:
    """Return the score with part *number*, keys and chord symbols as that part's player reads them; the other parts
    stay as they are.
    """
    part = score.parts[number]
    way = to_written(part.instrument, {bar.key for bar in score.bars})
    if not way.semitones:
        return score
    bars = tuple(
        replace(bar, key=key, chords=tuple(moved_symbol(c, way, key) for c in bar.chords))
        for bar in score.bars
        for key in [moved_key(bar.key, way)]
    )
    parts = tuple(one if n != number else _moved_part(one, way, bars) for n, one in enumerate(score.parts))
    return replace(score, bars=bars, parts=parts)


def _moved_part(part: Part, way: Interval, bars: Sequence[Bar]) -> Part:
    rows = tuple(
        tuple(tuple(moved_event(e, way, bar.key) for e in voice) for voice in voices)
        for voices, bar in zip(part.bars, bars, strict=True)
    )
    return replace(part, bars=rows)


def moved_event(event: Event, way: Interval, key: Key) -> Event:
    """Return the event moved; *key* spells what the interval alone would give more than two accidentals."""
    pitches, grace = ([moved(p, way, key) for p in row] for row in (event.pitches, event.grace))
    return replace(event, pitches=tuple(pitches), grace=tuple(grace))


def moved(pitch: Pitch, way: Interval, key: Key = _PLAIN) -> Pitch:
    """Return a pitch moved by the interval, letter by letter; spelled as *key* has it where that needs three
    accidentals.
    """
    line = pitch.line + way.steps
    plain = Pitch(_LETTERS[line % 7], 0, line // 7)
    alter = pitch.midi + way.semitones - plain.midi
    return replace(plain, alter=alter) if abs(alter) < 3 else spell(pitch.midi + way.semitones, key)


def moved_key(key: Key, way: Interval) -> Key:
    """Return the key so much higher, with at most eleven accidentals."""
    fifths = key.fifths + way.fifths
    return of_signature(fifths if abs(fifths) < 12 else fifths - 12 * (1 if fifths > 0 else -1), key.mode)


def moved_symbol(symbol: ChordSymbol, way: Interval, key: Key = _PLAIN) -> ChordSymbol:
    """Return the chord symbol so much higher; what is no chord stays."""
    one = chord(symbol.text)
    if one is None or not way.semitones:
        return symbol
    bass = "/" + _moved_name(one.bass, way, key) if one.bass != one.root else ""
    return replace(symbol, text=_moved_name(one.root, way, key) + one.suffix + bass)


def _moved_name(name: str, way: Interval, key: Key) -> str:
    """Return the name of a pitch class moved: "F#" by a major second is "G#"."""
    step, sign = name[0], name.count("#") - name.count("b")
    letter = _LETTERS[(_LETTERS.index(step) + way.steps) % 7]
    wanted = SEMITONES[step] + sign + way.semitones
    alter = (wanted - SEMITONES[letter] + 6) % 12 - 6
    return letter + "#" * alter + "b" * -alter if abs(alter) < 2 else spell_class(wanted, key)
