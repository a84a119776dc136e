"""Keys, chords, cadences, voice leading, shape, transposition."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.music import abc, harmony, key, shape, voice_leading
from miaobi.craft.music.chord import chord, spell, wanted
from miaobi.craft.music.instrument import SATB, instrument
from miaobi.craft.music.judgement import findings
from miaobi.craft.music.performance import order, tones
from miaobi.craft.music.score import MODES, Bar, Key, Metre, Part, Score, note
from miaobi.craft.music.transposition import compass, fitting, into, transposed
from miaobi.errors import BriefError
from tests.craft.music.scores import scores

QUARTER, WHOLE = Fraction(1, 4), Fraction(1)


def choir(*voices: str, tonic: str = "C") -> Score:
    """A chorale of whole bars: one line of names of pitches a voice, from the highest."""
    rows = [v.split() for v in voices]
    bars = (Bar(Metre(4, 4), Key(tonic)),) * ((len(rows[0]) + 3) // 4)
    parts = []
    for name, row in zip(SATB, rows, strict=True):
        line = [note(p, QUARTER) for p in row]
        parts.append(
            Part(name.capitalize(), instrument(name), tuple((tuple(line[i : i + 4]),) for i in range(0, len(line), 4)))
        )
    return Score("a", bars, tuple(parts))


def rules(score: Score) -> set[str]:
    return {b.rule for b in voice_leading.breaks(score)}


CLEAN = ("E4 F4 D4 E4", "C4 C4 B3 C4", "G3 A3 G3 G3", "C3 F2 G2 C3")


def test_clean_cadence_breaks_no_rule() -> None:
    assert {b.rule for b in voice_leading.breaks(choir(*CLEAN)) if b.severity == "error"} == set()


@pytest.mark.parametrize(
    ("voices", "rule"),
    [
        (("G4 A4 G4 G4", "E4 E4 E4 E4", "C4 C4 C4 C4", "C3 D3 C3 C3"), "parallel-fifths"),
        (("C5 D5 C5 C5", "G4 G4 G4 G4", "E4 E4 E4 E4", "C3 D3 C3 C3"), "parallel-octaves"),
        (("C4 C4 C4 C4", "E4 C4 C4 C4", "G3 G3 G3 G3", "C3 C3 C3 C3"), "crossing"),
        (("A5 A5 A5 A5", "F4 F4 F4 F4", "C4 C4 C4 C4", "F3 F3 F3 F3"), "spacing"),
        (("B5 B5 B5 B5", "D5 D5 D5 D5", "G4 G4 G4 G4", "G3 G3 G3 G3"), "range"),
        (("B4 C5 C5 C5", "F4 E4 E4 E4", "B3 C4 C4 C4", "D3 C3 C3 C3"), "doubled-leading-tone"),
        (("G4 C5 C5 C5", "E4 A4 A4 A4", "C4 C4 C4 C4", "C3 F3 F3 F3"), "overlap"),
    ],
)
def test_break_is_found_with_its_place(voices: tuple[str, ...], rule: str) -> None:
    found = [b for b in voice_leading.breaks(choir(*voices)) if b.rule == rule]
    assert found
    assert found[0].bar == 0
    assert found[0].evidence


def test_judgement_names_bar_beat_and_voices() -> None:
    said = [f.message for f in findings(choir("G4 A4 G4 G4", "E4 E4 E4 E4", "C4 C4 C4 C4", "C3 D3 C3 C3"))]
    assert any("Bar 1, beat 2: parallel fifths in Soprano and Bass, G4–C3 to A4–D3" in s for s in said)


def test_five_modes_of_one_collection_have_its_five_tones() -> None:
    for tonic, mode in (("C", "gong"), ("D", "shang"), ("E", "jue"), ("G", "zhi"), ("A", "yu")):
        assert set(key.scale(Key(tonic, mode))) == {0, 2, 4, 7, 9}
        assert Key(tonic, mode).fifths == 0


@given(st.sampled_from(MODES), st.integers(-6, 6))
def test_key_is_known_again_by_its_signature(mode: str, fifths: int) -> None:
    found = key.of_signature(fifths, mode)
    assert found.fifths == fifths


def test_key_of_a_tune_is_heard() -> None:
    score = abc.read("X:1\nM:4/4\nL:1/8\nK:D\nD2F2A2d2|c2A2F2E2|D2G2F2E2|D8|]\n").score
    found = key.detected(tones(score))
    assert found is not None
    assert found[0] == Key("D", "major")


@pytest.mark.parametrize(
    ("said", "home", "numeral"),
    [("G7", Key("C"), "V7"), ("Am", Key("C"), "vi"), ("Bb", Key("C"), "♭VII"), ("Bdim", Key("C"), "vii°"),
     ("F#dim", Key("G"), "vii°"), ("Dm", Key("A", "minor"), "iv"), ("C", Key("A", "minor"), "III"),
     ("Cmaj7", Key("C"), "Imaj7")],
)  # fmt: skip
def test_numeral(said: str, home: Key, numeral: str) -> None:
    assert harmony.numeral(wanted(said), home) == numeral


@pytest.mark.parametrize(
    ("before", "last", "name"),
    [
        ("G7", "C", "authentic"),
        ("F", "C", "plagal"),
        ("Dm", "G", "half"),
        ("G7", "Am", "deceptive"),
        ("C", "Dm", "open"),
    ],
)
def test_cadence(before: str, last: str, name: str) -> None:
    found = harmony.cadence(chord(before), chord(last), Key("C"))
    assert found is not None
    assert found.name == name


def test_chord_symbols() -> None:
    assert wanted("F#m7b5/A").classes == {6, 9, 0, 4}
    assert wanted("C6/9").quality == "six_nine"
    assert chord("N.C.") is None
    with pytest.raises(BriefError, match="no chord that is known"):
        wanted("Hmm")


def test_minor_spells_its_leading_tone_as_a_sharp() -> None:
    assert [spell(m, Key("A", "minor")).name for m in (68, 69, 66)] == ["G#4", "A4", "F#4"]
    assert spell(70, Key("F")).name == "Bb4"
    assert spell(66, Key("G", "yu")).name == "F#4"  # the third of D7


def test_repeats_and_endings_are_played_in_order() -> None:
    text = "X:1\nM:2/4\nL:1/8\nK:C\nC4|:D4|[1E4:|[2F4||G4|:A4:|B4|]\n"
    assert order(abc.read(text).score.bars) == (0, 1, 2, 1, 3, 4, 5, 5, 6)


@pytest.mark.parametrize(
    ("pitches", "name"),
    [([60, 67, 60], "convex"), ([60, 62, 64], "ascending"), ([60], "none"), ([67, 60, 67], "concave")],
)
def test_contour(pitches: list[int], name: str) -> None:
    assert shape.contour(pitches) == name


def test_upbeat_before_a_section_is_no_phrase() -> None:
    text = "X:1\nM:4/4\nL:1/4\nK:C\nG|\nP:A\ncdef|gfed|cdef|g3G||\nP:B\ngfed|cdef|gfed|c3|]\n"
    found = shape.phrases(abc.read(text).score)
    assert [phrase.end - phrase.onset for phrase in found] == [4, 4]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ('"G7"GABG|"C"c4|', "It ends with a cadence: authentic, V7–I."),
        ('"F"FFFF|"C"c4|', "It ends with a cadence: plagal, IV–I."),
        ('"Dm"DDDD|"C"c4|', "It comes to rest on the tonic: ii–I."),
        ("GABG|c4|", "It comes to rest on the tonic."),
        ("GABG|d4|", "It ends openly: its last note isn't the tonic of C major."),
    ],
)
def test_ending_is_told_in_words(end: str, said: str) -> None:
    score = abc.read(f"X:1\nM:4/4\nL:1/4\nK:C\nCEGE|{end}]\n").score
    assert [one.message for one in findings(score) if one.rule == "cadence"] == [said]


def test_form_is_read_from_its_phrases() -> None:
    a, b = "GABc d2B2|A2F2 G4|", "e2d2 c2B2|A2B2 A4|"
    score = abc.read(f"X:1\nM:4/4\nL:1/8\nK:G\n{a}{a}{b}{a}]\n").score
    found = shape.phrases(score)
    assert shape.form(found) == ("AABA", "AABA")
    assert [p.end - p.onset for p in found] == [2, 2, 2, 2]


@settings(max_examples=20, deadline=None)
@given(scores(), st.integers(-7, 7))
def test_transposition_moves_every_tone_and_can_be_undone(score: Score, semitones: int) -> None:
    moved = transposed(score, semitones)
    assert [(t.onset, t.pitch) for t in tones(moved)] == [(t.onset, t.pitch + semitones) for t in tones(score)]
    assert [t.pitch for t in tones(transposed(moved, -semitones))] == [t.pitch for t in tones(score)]


def test_part_is_moved_into_the_range_of_its_instrument() -> None:
    score = abc.read("X:1\nM:4/4\nL:1/4\nK:G\nGABc|d4|]\n").score
    one = instrument("tin-whistle")
    score = replace(score, parts=(replace(score.parts[0], instrument=one),))
    assert compass(into(score, "D").parts[0]) == (74, 81)
    assert fitting(score.parts[0], one, Key("G")) == 7


def test_song_with_its_accompaniment_is_not_judged_as_a_choir() -> None:
    score = choir("G4 A4 G4 G4", "E4 E4 E4 E4", "C4 C4 C4 C4", "C3 D3 C3 C3")
    names = ("voice", "piano", "guitar", "cello")
    parts = [replace(p, instrument=instrument(n)) for p, n in zip(score.parts, names, strict=True)]
    assert "parallel-fifths" in {f.rule for f in findings(score)}
    assert "parallel-fifths" not in {f.rule for f in findings(replace(score, parts=tuple(parts)))}
