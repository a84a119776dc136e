"""Transposition: a score in another key, and the key in which a part lies in its instrument's range."""

from __future__ import annotations

from dataclasses import replace

from miaobi.craft.music.chord import chord, name_class, spell_class
from miaobi.craft.music.interval import Interval
from miaobi.craft.music.key import name as key_name
from miaobi.craft.music.score import ChordSymbol, Instrument, Key, Part, Score
from miaobi.craft.music.voice_leading import named
from miaobi.craft.music.written_pitch import event_moved
from miaobi.errors import BriefError


def transposed(score: Score, semitones: int) -> Score:
    """Return the score *semitones* higher, with keys, spelling and chord symbols; drums stay as they are."""
    if semitones == 0:
        return score
    keys = {bar.key: _key(bar.key, semitones) for bar in score.bars}
    bars = tuple(
        replace(b, key=keys[b.key], chords=tuple(_symbol(c, semitones, keys[b.key]) for c in b.chords))
        for b in score.bars
    )
    parts = []
    for part in score.parts:
        if part.instrument.percussion:
            parts.append(part)
            continue
        rows = tuple(
            tuple(tuple(event_moved(e, _way(semitones, old.key, new.key)) for e in voice) for voice in voices)
            for voices, old, new in zip(part.bars, score.bars, bars, strict=True)
        )
        parts.append(replace(part, bars=rows))
    return replace(score, bars=bars, parts=tuple(parts))


def _key(key: Key, semitones: int) -> Key:
    """Return the key so much higher, on the tonic whose signature has the fewest accidentals."""
    wanted = (key.tonic_class + semitones) % 12
    tonics = [step + sign for step in "CDEFGAB" for sign in ("", "#", "b") if name_class(step + sign) == wanted]
    return min((Key(t, key.mode) for t in tonics), key=lambda k: (abs(k.fifths), k.fifths < 0))


def _way(semitones: int, old: Key, new: Key) -> Interval:
    """Return the interval between two keys' tonics that is *semitones* wide."""
    steps = "CDEFGAB".index(new.tonic[0]) - "CDEFGAB".index(old.tonic[0])
    octave = (semitones - (new.tonic_class - old.tonic_class)) // 12
    return Interval(steps + 7 * octave, semitones)


def _symbol(symbol: ChordSymbol, semitones: int, key: Key) -> ChordSymbol:
    one = chord(symbol.text)
    if one is None:
        return symbol
    bass = "/" + spell_class(one.bass_class + semitones, key) if one.bass != one.root else ""
    return replace(symbol, text=spell_class(one.root_class + semitones, key) + one.suffix + bass)


def compass(part: Part) -> tuple[int, int] | None:
    """Return the lowest and the highest MIDI key of a part; None where it has no notes."""
    keys = [p.midi for voices in part.bars for voice in voices for e in voice for p in e.pitches]
    return (min(keys), max(keys)) if keys else None


def fitting(part: Part, instrument: Instrument, key: Key, near: int = 0) -> int:
    """Return by how many semitones, nearest to *near*, the part is to be moved to lie in the instrument's range.

    BriefError where no octave or key lets it: it is wider than the instrument.
    """
    found = compass(part)
    if found is None or instrument.percussion:
        return 0
    low, high = found
    if high - low > instrument.high - instrument.low:
        raise BriefError(
            f"The part {part.name} spans {named(low)}–{named(high)}, {high - low} semitones; the {instrument.name} has "
            f"{instrument.high - instrument.low}, {named(instrument.low)}–{named(instrument.high)}.",
            "Choose an instrument of wider range.",
        )
    return min(range(instrument.low - low, instrument.high - high + 1), key=lambda s: (abs(s - near), s))


def into(score: Score, tonic: str, part: int = 0) -> Score:
    """Return the score on another tonic, in the octave in which *part* lies in its instrument's range.

    BriefError where that key has no octave that the range holds.
    """
    one, key = score.parts[part], score.bars[0].key
    step = (name_class(tonic) - key.tonic_class) % 12
    found = compass(one)
    fits = [s for s in range(step - 48, step + 49, 12) if found and _inside(found, s, one.instrument)]
    if found and not fits:
        instrument = one.instrument
        raise BriefError(
            f"In {key_name(Key(tonic, key.mode))} the part {one.name} would lie at "
            f"{named(found[0] + step)}–{named(found[1] + step)}; "
            f"the {instrument.name} has {named(instrument.low)}–{named(instrument.high)} and no octave of it fits.",
            f"Nearest that fits: {_nearest(one, key)}.",
        )
    return transposed(score, min(fits, key=abs) if fits else step)


def _inside(found: tuple[int, int], shift: int, instrument: Instrument) -> bool:
    return instrument.low <= found[0] + shift and found[1] + shift <= instrument.high


def _nearest(part: Part, key: Key) -> str:
    shift = fitting(part, part.instrument, key)
    return key_name(_key(key, shift))
