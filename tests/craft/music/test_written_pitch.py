"""Transposing instruments: their players read their own key, other people's readers hear ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from music21 import converter, harmony

from miaobi.craft.music import abc, mei, musicxml
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.score import Key, Score
from miaobi.craft.music.written_pitch import as_read, to_written

TUNE = """X:1
T:Air
M:4/4
L:1/8
K:B
|:"B"B2d2 "F#/A#"c2A2|"G#m"GABc d4:|[K:D]"D"d2{e}f2 "A7"e4|"D"d8|]
"""


def scored(name: str, tune: str = TUNE) -> Score:
    score = abc.read(tune).score
    first = replace(score.parts[0], instrument=instrument(name), name="One")
    return replace(score, parts=(first, replace(score.parts[0], name="Two")))


@pytest.mark.parametrize(
    ("name", "lowest", "keys", "chords"),
    [
        ("clarinet", "A#4", (7, 4), ["C#", "G#/B#", "A#m", "E", "B7", "E"]),
        ("tenor-saxophone", "A#5", (7, 4), ["C#", "G#/B#", "A#m", "E", "B7", "E"]),
        ("horn", "D#5", (6, 3), ["F#", "C#/E#", "D#m", "A", "E7", "A"]),
        ("flute", "G#4", (5, 2), ["B", "F#/A#", "G#m", "D", "A7", "D"]),
    ],
)
def test_player_reads_key_notes_and_chords_moved(
    name: str, lowest: str, keys: tuple[int, int], chords: list[str]
) -> None:
    read = as_read(scored(name), 0)
    notes = [p for voices in read.parts[0].bars for voice in voices for e in voice for p in e.pitches]
    assert min(notes, key=lambda p: p.midi).name == lowest
    assert (read.bars[0].key.fifths, read.bars[-1].key.fifths) == keys
    assert [c.text for bar in read.bars for c in bar.chords] == chords
    assert read.parts[1] == scored(name).parts[1]


def test_signature_with_fewer_accidentals_is_read() -> None:
    way = to_written(instrument("clarinet"), {Key("B")})
    assert (way.letters, way.semitones) == (2, 2)  # D flat, not C sharp
    assert as_read(scored("clarinet", TUNE.replace("[K:D]", "")), 0).bars[0].key == Key("Db")


@pytest.mark.parametrize("name", ["clarinet", "alto-saxophone", "tenor-saxophone", "trumpet", "horn"])
def test_what_is_read_sounds_as_it_did(name: str) -> None:
    score = scored(name)
    assert musicxml.read(musicxml.write(score)) == (score, ())
    assert mei.read(mei.write(score).encode()) == (score, ())
    theirs = converter.parse(musicxml.write(score).decode(), format="musicxml").toSoundingPitch()
    for part, one in zip(theirs.parts, score.parts, strict=True):
        heard = [n.pitch.midi for n in part.recurse().notes if not isinstance(n, harmony.ChordSymbol)]
        assert heard == [p.midi for _, _, e in one.voice() for p in (*e.grace, *e.pitches)]


def test_part_of_an_unknown_transposing_instrument_is_read_as_it_sounds_and_says_so() -> None:
    content = musicxml.write(scored("clarinet")).decode().replace("<midi-program>72</midi-program>", "")
    content = content.replace(">clarinet<", ">basset horn<")
    score, dropped = musicxml.read(content.encode())
    assert score.bars == scored("clarinet").bars
    assert "transposition: the part is read as it sounds" in dropped


@pytest.mark.parametrize("said", ["", "two", "1e9", "400"])
def test_transposition_that_is_none_is_refused(said: str) -> None:
    xml = musicxml.write(scored("clarinet")).decode().replace("<chromatic>-2<", f"<chromatic>{said or 'x'}<")
    with pytest.raises(NotationError, match="transposition"):
        musicxml.read(xml.encode())
    with pytest.raises(NotationError, match="transposition"):
        mei.read(mei.write(scored("clarinet")).replace('trans.semi="-2"', f'trans.semi="{said or "x"}"').encode())


def test_names_say_the_note_that_sounds_for_c() -> None:
    names = ["clarinet", "alto-saxophone", "horn", "flute"]
    assert [shown(instrument(n), "en") for n in names] == [
        "Clarinet in B♭",
        "Alto saxophone in E♭",
        "Horn in F",
        "Flute",
    ]
    assert [shown(instrument(n), "zh") for n in names] == ["降B调单簧管", "降E调中音萨克斯管", "F调圆号", "长笛"]
