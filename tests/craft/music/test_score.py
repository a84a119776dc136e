"""The score's own arithmetic: keys, metres, pitches, lengths."""

from fractions import Fraction

import pytest
from pydantic import TypeAdapter

from miaobi.craft.music.score import (
    EIGHTH,
    HALF,
    MODES,
    QUARTER,
    Bar,
    Event,
    Instrument,
    Key,
    Metre,
    Part,
    Score,
    Syllable,
    duration,
    notatable,
    note,
    pitch,
    rest,
    tuplet,
)


@pytest.mark.parametrize(
    ("tonic", "mode", "fifths"),
    [("C", "major", 0), ("A", "minor", 0), ("F#", "major", 6), ("Bb", "major", -2), ("D", "dorian", 0),
     ("E", "phrygian", 0), ("G", "mixolydian", 0), ("D", "gong", 2), ("D", "shang", 0), ("A", "yu", 0)],
)  # fmt: skip
def test_signature_of_a_mode(tonic: str, mode: str, fifths: int) -> None:
    assert Key(tonic, mode).fifths == fifths


def test_signature_alters_as_many_letters_as_it_has_accidentals() -> None:
    for mode in MODES:
        for tonic in ("C", "F#", "Bb", "Eb", "E"):
            key = Key(tonic, mode)
            assert sum(key.altered(step) for step in "CDEFGAB") == key.fifths


def test_pitch_has_its_key_number_and_its_name() -> None:
    assert (pitch("C4").midi, pitch("Bb3").midi, pitch("F#5").midi, pitch("C-1").midi) == (60, 58, 78, 0)
    assert pitch("Bb3").name == "Bb3"
    for wrong in ("H4", "C", "", "C#b4", "4", "C4-"):
        with pytest.raises(ValueError, match="no pitch"):
            pitch(wrong)


def test_metre_counts_compound_beats_in_threes() -> None:
    assert Metre(6, 8).pulses == (Fraction(3, 8),) * 2
    assert Metre(3, 4).pulses == (QUARTER,) * 3
    assert Metre(7, 8, (2, 2, 3)).pulses == (QUARTER, QUARTER, Fraction(3, 8))


def test_three_eighths_of_a_triplet_fill_a_quarter() -> None:
    group = tuplet([note("C4", EIGHTH)] * 3)
    assert duration(group) == QUARTER
    assert [e.written for e in group] == [EIGHTH] * 3
    assert [e.tuplet.opens for e in group if e.tuplet] == [True, False, False]


def test_length_is_written_with_ties_where_no_symbol_shows_it() -> None:
    assert notatable(Fraction(5, 8)) == (HALF, EIGHTH)
    assert notatable(Fraction(7, 16)) == (Fraction(7, 16),)
    assert sum(notatable(Fraction(61, 64))) == Fraction(61, 64)
    with pytest.raises(ValueError, match="can't be written"):
        notatable(Fraction(1, 12))


def test_score_goes_through_json() -> None:
    sung = Event((pitch("C4"),), QUARTER, lyrics=(Syllable("moon", joined=True), None), marks=("fermata",))
    bars = (Bar(), Bar(metre=Metre(3, 4), length=HALF, ending=(1,)))
    voice = (sung, *tuplet([note("D4", EIGHTH)] * 3), rest(HALF))
    score = Score("月", bars, (Part("Voice", Instrument(), ((voice,), ())),))
    adapter = TypeAdapter(Score)
    assert adapter.validate_json(adapter.dump_json(score)) == score
