"""Scores by chance, in the shape that every notation can hold: what the property tests run on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

from hypothesis import strategies as st

from miaobi.craft.music.instrument import instrument
from miaobi.craft.music.score import (
    DYNAMICS,
    Bar,
    ChordSymbol,
    Event,
    Key,
    Metre,
    Part,
    Pitch,
    Score,
    Syllable,
    Tempo,
    Tuplet,
    Voice,
    duration,
)

KEYS = [
    Key("C"),
    Key("G"),
    Key("Eb"),
    Key("E", "minor"),
    Key("D", "dorian"),
    Key("A", "mixolydian"),
    Key("F#", "minor"),
]
METRES = [Metre(4, 4), Metre(3, 4), Metre(6, 8), Metre(2, 4), Metre(5, 8, (3, 2)), Metre(4, 4, symbol="common")]
LENGTHS = [F(1, 4), F(1, 8), F(1, 2), F(3, 8), F(1, 16), F(3, 16), F(3, 4), F(1)]
WORDS = ["moon", "sil", "ver", "月", "don't", "O!"]
CHORDS = ["G", "Am7", "F#dim", "Bb/D", "Csus4"]


@st.composite
def pitches(draw: st.DrawFn) -> Pitch:
    return Pitch(draw(st.sampled_from("CDEFGAB")), draw(st.sampled_from([0, 0, 0, 1, -1])), draw(st.integers(3, 5)))


@st.composite
def events(draw: st.DrawFn, length: F) -> Event:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return Event((), length)
    low = draw(pitches())
    chord = (low, replace(low, octave=low.octave + 1)) if kind == 1 else (low,)
    return Event(
        chord,
        length,
        dynamic=draw(st.sampled_from(["", "", "", *DYNAMICS])),
        marks=draw(st.sampled_from([(), (), ("staccato",), ("accent", "fermata"), ("tenuto",), ("breath",)])),
        grace=draw(st.sampled_from([(), (), (Pitch("D", 0, 5),)])),
    )


@st.composite
def voices(draw: st.DrawFn, full: F) -> Voice:
    """A voice that fills a bar of length *full*, tuplets and ties among its notes."""
    done: list[Event] = []
    left = full
    while left:
        if left >= F(1, 4) and draw(st.integers(0, 6)) == 0:
            actual, normal, unit = draw(st.sampled_from([(3, 2, F(1, 8)), (5, 4, F(1, 16))]))
            group = [draw(events(unit * normal / actual)) for _ in range(actual)]
            done += [replace(e, tuplet=Tuplet(actual, normal, opens=i == 0)) for i, e in enumerate(group)]
            left -= unit * normal
        else:
            length = draw(st.sampled_from([x for x in LENGTHS if x <= left] or [left]))
            done.append(draw(events(length)))
            left -= length
    return tuple(done)


@st.composite
def sung(draw: st.DrawFn, rows: list[Voice]) -> list[Voice]:
    """The rows with words: every note from the first on has a syllable or holds one."""
    joined = False
    done = []
    begun = False
    for row in rows:
        line = []
        for event in row:
            if event.rest:
                line.append(event)
                continue
            if begun and draw(st.integers(0, 4)) == 0:
                line.append(replace(event, lyrics=(Syllable(),)))
                continue
            begun = True
            joined = draw(st.booleans())
            line.append(replace(event, lyrics=(Syllable(draw(st.sampled_from(WORDS)), joined),)))
        done.append(tuple(line))
    return done


def tied(rows: list[Voice], chance: list[bool]) -> list[Voice]:
    """The rows with some notes tied to the next where it is the same."""
    flat = [(r, e) for r, row in enumerate(rows) for e in range(len(row))]
    lines = [list(row) for row in rows]
    for (r, e), (r2, e2), hit in zip(flat, flat[1:], chance, strict=False):
        here, there = lines[r][e], lines[r2][e2]
        if hit and here.pitches and there.pitches and here.tuplet is None and there.tuplet is None:
            lines[r2][e2] = replace(there, pitches=here.pitches, grace=())
            lines[r][e] = replace(here, tied=True)
    return [tuple(line) for line in lines]


@st.composite
def scores(draw: st.DrawFn, most_parts: int = 2, words: bool = True) -> Score:
    metre, key = draw(st.sampled_from(METRES)), draw(st.sampled_from(KEYS))
    pickup = draw(st.sampled_from([F(0), F(1, 8), F(1, 4)]))
    count = draw(st.integers(2, 5))
    bars = [Bar(metre, key, length=pickup)] if pickup else []
    bars += [Bar(metre, key)] * count
    bars[0] = replace(
        bars[0], tempo=Tempo(F(draw(st.integers(40, 200))), F(1, 4), draw(st.sampled_from(["", "Andante"])))
    )
    shape = draw(st.integers(0, 3))
    first = 1 if pickup else 0
    if shape == 1:
        bars[first] = replace(bars[first], repeat_starts=True, section="A")
        bars[-1] = replace(bars[-1], repeat_ends=2)
    elif shape == 2 and count >= 3:
        bars[first] = replace(bars[first], repeat_starts=True)
        bars[-2] = replace(bars[-2], ending=(1,), repeat_ends=2)
        bars[-1] = replace(bars[-1], ending=(2,))
    elif shape == 3:
        bars[first] = replace(bars[first], double=True)
        bars[-1] = replace(bars[-1], key=draw(st.sampled_from(KEYS)), section="B")
    if draw(st.booleans()):
        bars[-1] = replace(bars[-1], chords=(ChordSymbol(F(0), draw(st.sampled_from(CHORDS))),))
    parts = []
    for n in range(draw(st.integers(1, most_parts))):
        rows = [draw(voices(b.full)) for b in bars]
        rows[0] = (replace(rows[0][0], pitches=(draw(pitches()),)), *rows[0][1:])  # a piece of rests is none
        rows = tied(rows, draw(st.lists(st.booleans(), min_size=8, max_size=8)))
        rows = draw(sung(rows)) if words and n == 0 and draw(st.booleans()) else rows
        name = draw(st.sampled_from(["violin", "voice", "cello", "clarinet", "horn"]))
        parts.append(Part(f"Part {n + 1}", instrument(name), tuple((row,) for row in rows)))
    score = Score(draw(st.sampled_from(["Air", "月 & 50 %", "A \\ B"])), tuple(bars), tuple(parts), "Anon.", "Nobody")
    assert all(duration(v) == b.full for p in score.parts for vs, b in zip(p.bars, bars, strict=True) for v in vs)
    return score
