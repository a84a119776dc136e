"""Written pitch: what the player of a transposing instrument reads.

A score of ours sounds as it stands. MusicXML, MEI and the engraved page show the part of a clarinet in B♭ a tone
higher, in the key that lies so much higher, and say by how much; ABC and MIDI have what sounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from miaobi.craft.music.interval import AS_IT_IS, Interval, chord_moved
from miaobi.craft.music.score import Event, Instrument, Key, Part, Score


def to_written(instrument: Instrument, keys: Iterable[Key]) -> Interval:
    """Return the interval from sounding to written pitch, by the letters that give *keys* the smallest signatures:
    in B major a clarinet reads D flat (5♭) rather than C sharp (7♯).
    """
    letters, semitones = instrument.written
    if not semitones:
        return AS_IT_IS
    fifths = {key.fifths for key in keys}
    ways = [Interval(letters + more, semitones) for more in (0, 1, -1)]
    return min(ways, key=lambda way: (max(abs(f + way.fifths) for f in fifths), way.letters != letters))


def as_read(score: Score, number: int) -> Score:
    """Return the score with part *number*, keys and chord symbols as that part's player reads them; the other parts
    stay as they are.
    """
    way = to_written(score.parts[number].instrument, {bar.key for bar in score.bars})
    if not way.semitones:
        return score
    bars = tuple(
        replace(
            bar,
            key=way.keyed(bar.key),
            chords=tuple(replace(one, text=chord_moved(one.text, way)) for one in bar.chords),
        )
        for bar in score.bars
    )
    parts = tuple(_moved(one, way) if n == number else one for n, one in enumerate(score.parts))
    return replace(score, bars=bars, parts=parts)


def _moved(part: Part, way: Interval) -> Part:
    return replace(
        part, bars=tuple(tuple(tuple(event_moved(e, way) for e in voice) for voice in voices) for voices in part.bars)
    )


def event_moved(event: Event, way: Interval) -> Event:
    """Return the event with its notes moved."""
    pitches, grace = (tuple(map(way.moved, row)) for row in (event.pitches, event.grace))
    return replace(event, pitches=pitches, grace=grace)
