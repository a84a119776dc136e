from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.melody.harmoniser import CHORDS, harmonise, harmonised, moving, tones, tonic_chord
from miaobi.craft.melody.metric import NONE, fillable, steps
from miaobi.craft.melody.page import Setting, net_mode, score_of, tune_of
from miaobi.craft.melody.plan import key_for, placed, read_key, sections_of
from miaobi.craft.melody.tune import METRES, Bar, Note, Section, Tune, after, events, full, header, read
from miaobi.craft.music import abc
from miaobi.craft.music.instrument import instrument
from miaobi.craft.music.interval import chord_moved, from_root
from miaobi.craft.music.key import SCALES
from miaobi.craft.music.performance import tones as sounding
from miaobi.craft.music.score import MODES, Key, Pitch, Tempo, pitch
from miaobi.errors import BriefError


def bar(text: str, late: int = 0, early: int = 0) -> Bar:
    """Return a bar of names and ticks: ``"C5 24 D5 24"``."""
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return Bar(tuple(Note(None if n == "z" else pitch(n), int(t)) for n, t in pairs), late, early)


JIG = Tune(
    "6/8",
    "major",
    (
        Section((bar("C5 24 E5 12 G5 36"), bar("F5 24 E5 12 D5 36"), bar("C5 24 E5 12 G5 36"), bar("C5 60", early=12)),
                bar("G4 12", late=60)),
        Section((bar("G5 24 G5 12 A5 36"), bar("B5 36 G5 36"), bar("C6 24 G5 12 E5 36"), bar("C5 60", early=12)),
                bar("G5 12", late=60)),
    ),
    "jig",
    12,
)  # fmt: skip


def test_tune_is_the_same_after_it_was_told_as_events() -> None:
    assert read(events(JIG)) == JIG
    assert read(events(harmonised(JIG))) == harmonised(JIG)


def test_bar_that_comes_again_is_told_as_a_copy() -> None:
    assert "=2" in events(JIG)


def test_length_is_told_as_what_it_leaves_of_the_bar() -> None:
    assert " ".join(events(JIG)).startswith(
        "tune metre6/8 modemajor kindjig pick12 parts2 part1 twice up n1 G4 t0 |3 n3 C5 t48 E5 t36 G5 t0"
    )


def test_what_is_behind_a_gap_is_told_first_and_the_tune_ends_with_the_gap() -> None:
    names = [*header(JIG), *after(JIG, 3), *events(JIG, 3)[len(header(JIG)) :]]
    assert names[6:9] == ["after", "part1", "twice"]
    assert names.count("go") == 1
    assert len(read(names).sections[0].bars) == 3


@given(st.sampled_from(METRES), st.integers(1, 16), st.sampled_from([0, 12, 24]))
@settings(deadline=None, max_examples=60)
def test_whatever_is_called_fillable_can_be_filled(metre: str, count: int, early: int) -> None:
    compound = metre in ("6/8", "9/8", "12/8")
    left, inside = full(metre), NONE
    if not fillable(left, early, inside, count, 0, compound):
        return
    for place in range(count, 0, -1):
        left, inside = next(
            (left - length, then)
            for length, then in steps(left, early, inside, compound)
            if fillable(left - length, early, then, place - 1, 0, compound)
        )
    assert (left, inside) == (early, NONE)


@pytest.mark.parametrize("mode", sorted(CHORDS))
def test_harmony_ends_on_the_tonic_and_knows_its_chords(mode: str) -> None:
    found = harmonise(JIG.sections[0].bars, "6/8", mode)  # type: ignore[arg-type]
    names = [name for own in found for _, name in own]
    assert all(own and own[0][0] == 72 for own in found)
    assert names[-1] == tonic_chord(mode)  # type: ignore[arg-type]
    assert all(len(tones(name)) >= 3 for name in names)


@pytest.mark.parametrize("tonic", ["C", "D", "Eb", "F#", "Bb", "A"])
def test_transposition_keeps_scales_spelled_and_goes_back(tonic: str) -> None:
    there = from_root(tonic)
    scale = [Pitch(step, 0, 4) for step in "CDEFGAB"]
    moved = [there.moved(p) for p in scale]
    assert [there.back.moved(p) for p in moved] == scale
    assert all(p.alter == Key(tonic, "major").altered(p.step) for p in moved)
    assert chord_moved("G7", there).endswith("7")


def test_tune_on_the_page_is_read_back_and_sounds_as_it_was() -> None:
    setting = Setting("Jig", Key("D", "major"), from_root("D"), Tempo(), instrument("flute"))
    score = score_of(harmonised(JIG), setting)
    back, interval = tune_of(abc.read(abc.write(score)).score)
    assert [[b.notes for b in s.every] for s in back.sections] == [[b.notes for b in s.every] for s in JIG.sections]
    assert (interval, back.pickup) == (from_root("D"), 12)
    assert sum((t.length for t in sounding(score, repeats=False)), Fraction(0)) == 8 * Fraction(6, 8)
    assert score.bars[1].chords[0].text == "D"


def test_tune_that_the_net_cannot_read_is_refused() -> None:
    with pytest.raises(BriefError, match="5/4"):
        tune_of(abc.read("X:1\nT:x\nM:5/4\nL:1/4\nK:C\nCDEFG|\n").score)
    with pytest.raises(BriefError, match="changes its metre"):
        tune_of(abc.read("X:1\nT:x\nM:4/4\nL:1/4\nK:C\nCDEF|[M:3/4]CDE|\n").score)
    with pytest.raises(BriefError, match="1/32 and triplets"):
        tune_of(abc.read("X:1\nT:x\nM:4/4\nL:1/64\nK:C\nC3D61|\n").score)


@pytest.mark.parametrize(
    ("text", "found"),
    [("D", ("D", None)), ("f#m", ("F#", "minor")), ("E dorian", ("E", "dorian")), ("Bb mix", ("Bb", "mixolydian")),
     ("D 徵", ("D", "zhi")), ("F徵调式", ("F", "zhi"))],
)  # fmt: skip
def test_key_is_read_in_many_spellings(text: str, found: tuple[str, str]) -> None:
    assert read_key(text) == found


@pytest.mark.parametrize("text", ["H", "D wonderful", "", "12", "Dm7"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BriefError):
        read_key(text)


def test_every_mode_has_one_that_the_net_knows() -> None:
    assert all(SCALES[net_mode(mode)] for mode in MODES)
    assert net_mode("yu") == "minor"


def test_key_that_a_range_cannot_hold_is_refused() -> None:
    with pytest.raises(BriefError, match="can't hold a melody"):
        placed(Key("C", "major"), instrument("flute"), 72, 76)
    interval, low, high = placed(Key("G", "major"), instrument("cello"))
    assert low <= 60 <= high
    assert interval.semitones % 12 == 7


def test_form_is_read_as_sections_and_an_order() -> None:
    assert sections_of("AABB", 8, "4/4")[1] == ""
    assert len(sections_of("AABA", 8, "4/4")[0]) == 2
    assert sections_of("AABA", 8, "4/4")[1] == "AABA"
    for wrong in ("BA", "", "AXB", "aabb"):
        with pytest.raises(BriefError):
            sections_of(wrong, 8, "4/4")


def test_key_and_mode_that_contradict_each_other_are_refused() -> None:
    from random import Random

    from miaobi.craft.melody.mood import moods

    with pytest.raises(BriefError, match="contradict"):
        key_for("Dm", "major", moods()["calm"], Random(0), chinese=False)


def test_chord_that_stands_still_gives_way_where_the_notes_allow_it() -> None:
    notes = (Note(pitch("E5"), 24), Note(pitch("C5"), 24), Note(pitch("E5"), 24), Note(pitch("A5"), 24))
    still = Tune("4/4", "major", (Section((Bar(notes, chords=((96, "C"),)), *[Bar(notes)] * 7)),), "", 0)
    chords = [bar.chords for bar in moving(still).sections[0].bars]
    assert chords[2] == ((96, "Am"),)
    assert chords[3] == ((96, "C"),)
    assert chords[5] == ((96, "Am"),)
    assert chords[7] == ()  # the end keeps the tonic
    assert [bar.notes for bar in moving(still).sections[0].bars] == [notes] * 8
