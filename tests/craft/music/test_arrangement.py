"""Parts made from chords: bars add up, tones belong, the same seed gives the same part."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.music import abc
from miaobi.craft.music.arrangement.accompaniment import PATTERNS, accompaniment
from miaobi.craft.music.arrangement.bass import PATTERNS as LINES
from miaobi.craft.music.arrangement.bass import bass, line, phrases, tones
from miaobi.craft.music.arrangement.drumming import STYLES, drumming, euclidean, grooves, played, stems
from miaobi.craft.music.arrangement.span import part_of, spans
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.performance import tones as sounding
from miaobi.craft.music.score import Part, Score, duration
from miaobi.errors import BriefError, UnknownNameError
from tests.craft.music.test_round_trips import complaints

WALTZ = abc.read(
    "X:1\nM:3/4\nL:1/8\nQ:1/4=120\nK:G\n"
    'D2|:"G"G2 B2 d2|"D7"c2 BA Bc|"G"d4 "C"BG|"Am"c2 AF "D7"GA|[1"G"G4 D2:|[2"G"G6|]\n'
).score
JIG = abc.read('X:1\nM:6/8\nL:1/8\nK:Em\n"Em"EFG BAG|"D"FAF d3|"C"EGE "B7"FGF|"Em"E6|]\n').score
MARCH = abc.read('X:1\nM:4/4\nL:1/4\nK:C\nP:A\n"C"CDEF|"Am7"GABc|\nP:B\n"F"cAFA|"G7"G2B2|"C"c4|]\n').score


def adds_up(score: Score, part: Part) -> bool:
    return all(duration(v) == b.full for b, voices in zip(score.bars, part.bars, strict=True) for v in voices)


@pytest.mark.parametrize("tune", [WALTZ, JIG, MARCH], ids=["waltz", "jig", "march"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_accompaniment_fills_its_bars_with_tones_of_the_chord(pattern: str, tune: Score) -> None:
    part = accompaniment(tune, pattern)
    assert adds_up(tune, part)
    laid = spans(tune)
    for bar, offset, event in part.voice(0):
        sounding = [s.chord for s in laid if s.bar == bar and s.offset <= offset]
        if event.pitches:
            assert sounding[-1] is not None
            assert {p.midi % 12 for p in event.pitches} <= sounding[-1].classes


@pytest.mark.parametrize("tune", [WALTZ, JIG, MARCH], ids=["waltz", "jig", "march"])
@pytest.mark.parametrize("pattern", LINES)
def test_bass_begins_each_chord_on_its_root_and_stays_low(pattern: str, tune: Score) -> None:
    part = bass(tune, pattern)
    assert adds_up(tune, part)
    first = {(b, o): e for b, o, e in part.voice(0)}
    for span in spans(tune):
        if span.chord:
            assert first[span.bar, span.offset].pitches[0].midi % 12 == span.chord.bass_class
    assert all(28 <= p.midi <= 55 for _, _, e in part.voice(0) for p in e.pitches)


@pytest.mark.parametrize("tune", [WALTZ, JIG, MARCH], ids=["waltz", "jig", "march"])
@pytest.mark.parametrize("style", STYLES)
def test_drums_fill_their_bars_and_follow_their_seed(style: str, tune: Score) -> None:
    part = drumming(tune, style, 7)
    assert adds_up(tune, part)
    assert part == drumming(tune, style, 7)
    assert any(drumming(tune, style, s) != part for s in range(8))


@pytest.mark.parametrize("tune", [WALTZ, JIG, MARCH], ids=["waltz", "jig", "march"])
@pytest.mark.parametrize("style", STYLES)
def test_each_style_has_several_grooves_in_each_metre_and_their_bars_add_up(style: str, tune: Score) -> None:
    found = grooves(style, tune.bars[0].metre)
    assert len(set(found)) == len(found) >= 4
    assert len({tuple(groove.accents(tune.bars[0].metre)) for groove in found}) >= 2
    assert all(adds_up(tune, played(tune, groove, seed)) for seed, groove in enumerate(found))


@pytest.mark.parametrize("tune", [WALTZ, JIG, MARCH], ids=["waltz", "jig", "march"])
@pytest.mark.parametrize("pattern", LINES)
def test_drawn_basses_differ_stay_within_their_chords_on_the_beat_and_end_on_roots(pattern: str, tune: Score) -> None:
    laid, drawn = spans(tune), []
    for seed in range(8):
        own = line(tune, laid, pattern, Random(seed))
        assert own == line(tune, laid, pattern, Random(seed))
        part = part_of(tune, "plucked-bass", "en", own)
        assert adds_up(tune, part)
        first = {(bar, at): event for bar, at, event in part.voice(0)}
        for span in laid:
            if span.chord:
                assert first[span.bar, span.offset].pitches[0].midi % 12 in span.chord.classes
        assert all(28 <= key <= 50 for key in tones(own))
        assert tones(own)[-1] % 12 == laid[-1].chord.bass_class  # type: ignore[union-attr]
        drawn.append(tones(own))
    assert len({tuple(keys) for keys in drawn}) >= 4


def test_phrases_of_a_bass_do_not_go_on_over_a_section() -> None:
    assert [[span.bar for span in own] for own in phrases(MARCH, most=4)] == [[0, 1], [2, 3, 4]]


@given(st.integers(1, 16), st.data())
def test_euclidean_strokes_are_as_even_as_can_be(places: int, data: st.DataObject) -> None:
    strokes = data.draw(st.integers(1, places))
    row = euclidean(strokes, places)
    at = [i for i, hit in enumerate(row) if hit]
    gaps = [(b - a) % places or places for a, b in zip(at, at[1:] + at[:1], strict=True)]
    assert len(at) == strokes
    assert max(gaps) - min(gaps) <= 1


def test_tresillo() -> None:
    assert "".join("x" if hit else "." for hit in euclidean(3, 8)) == "x..x..x."


def test_whole_arrangement_is_read_by_abcmidi_without_a_word() -> None:
    parts = (*WALTZ.parts, accompaniment(WALTZ, "broken"), bass(WALTZ, "walking"), drumming(WALTZ, "waltz", 1))
    score = replace(WALTZ, parts=parts)
    assert complaints(abc.write(score)) == ""
    assert [len(s.parts) for s in stems(score)] == [1, 1, 1, 1]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 9))
def test_humanised_keeps_the_notes_and_moves_them_a_little(seed: int) -> None:
    plain, made = sounding(MARCH), humanised(MARCH, seed)
    assert sorted(t.pitch for t in made) == sorted(t.pitch for t in plain)
    assert made == humanised(MARCH, seed)
    assert made != humanised(MARCH, seed + 1)
    by_order = zip(sorted(plain, key=lambda t: (t.onset, t.pitch)), sorted(made, key=lambda t: t.onset), strict=True)
    assert all(abs(float(a.onset - b.onset)) < 0.03 for a, b in by_order)


def test_what_cannot_be_arranged() -> None:
    bare = abc.read("X:1\nM:3/4\nL:1/4\nK:G\nGAB|G3|]\n").score
    with pytest.raises(BriefError, match="no chords"):
        accompaniment(bare, "block")
    for wrong in (
        lambda: accompaniment(MARCH, "boogie"),
        lambda: bass(MARCH, "slap"),
        lambda: drumming(MARCH, "polka", 1),
    ):  # type: ignore[arg-type]
        with pytest.raises(UnknownNameError, match="is no"):
            wrong()


@pytest.mark.parametrize("style", STYLES)
def test_drums_end_with_a_stroke_on_one_where_nothing_follows(style: str) -> None:
    for seed in range(6):
        struck = [at for bar, at, event in drumming(MARCH, style, seed).voice(0) if bar == 4 and event.pitches]
        assert struck == [0]


def test_walking_bass_stands_on_the_bass_at_each_bar_and_says_something_new_in_its_middle() -> None:
    tune = abc.read('X:1\nM:4/4\nL:1/4\nK:C\n"C"CDEF|"Am"GABc|"F"cAFA|"G7"G2B2|"C"c4|]\n').score
    laid = spans(tune)
    for seed in range(20):
        rows = line(tune, laid, "walking", Random(seed))
        for span in laid[:-1]:
            assert span.chord is not None
            assert rows[span.bar][0][2][0] % 12 == span.chord.bass_class
            assert rows[span.bar][2][2][0] % 12 != span.chord.bass_class
