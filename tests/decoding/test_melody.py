"""A net that has no preferences at all is held to every rule of a melody and of a chorale."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import numpy as np
import pytest

from miaobi.craft.chorale import setting
from miaobi.craft.chorale.rule import broken
from miaobi.craft.chorale.setting import Cell, read_beats
from miaobi.craft.melody.tune import Bar, Note, Section, Tune, every_event, full, header, read
from miaobi.craft.music.key import SCALES
from miaobi.craft.music.score import Pitch, pitch
from miaobi.decoding.chorale import BeatPlan, ChoraleBeats
from miaobi.decoding.melody import BarPlan, MelodyBars
from miaobi.decoding.vocabulary import Vocabulary
from miaobi.decoding.writer import Move, Writer
from miaobi.errors import DeadEndError
from miaobi.types import Candidate, Constraint, Prompt, Request


@cache
def vocabulary(kind: str) -> Vocabulary:
    names = every_event() if kind == "melody" else setting.every_event()
    return Vocabulary((b"", *((n + " ").encode() for n in names)), frozenset({0}), frozenset({0}))


def written(constraint: Constraint, seed: int, kind: str = "melody") -> Candidate:
    """Return what a net without preferences writes under *constraint*; where it is in a dead end it begins anew."""
    for attempt in range(8):
        with suppress(DeadEndError):
            return attempted(constraint, 1000 * attempt + seed, kind)
    raise AssertionError("eight dead ends")


def attempted(constraint: Constraint, seed: int, kind: str) -> Candidate:
    known = vocabulary(kind)
    writer = Writer(Request(Prompt(), 3000, seed, constraint=constraint), 0, (), known)
    chance, move = np.random.default_rng(seed), Move()
    while writer.finish is None:
        rows = max(1, len(move.feed))
        move = writer.step([2 * chance.normal(size=len(known)).astype(np.float32) for _ in range(rows)])
    return writer.candidate()


def plans(metre: str, pickup: int, bars: int = 4) -> tuple[BarPlan, ...]:
    found = []
    for section in (1, 2):
        opens: tuple[str, ...] = (f"part{section}", "twice")
        if pickup:
            found.append(BarPlan(-1, late=full(metre) - pickup, opens=opens))
            opens = ()
        for k in range(bars):
            last = k == bars - 1
            ends = frozenset({0}) if last else frozenset[int]()
            found.append(BarPlan(bars - 1 - k, 0, pickup * last, opens if k == 0 else (), ends=ends, least=24 * last))
    return tuple(found)


def told(metre: str, pickup: int, candidate: Candidate) -> Tune:
    outline = Tune(metre, "dorian", (Section(()), Section(())), "", pickup)
    return read([*header(outline), *candidate.text.split()])


@pytest.mark.parametrize(
    ("metre", "pickup"), [("4/4", 24), ("6/8", 12), ("3/4", 0), ("2/4", 12), ("9/8", 36), ("12/8", 12)]
)
def test_bars_are_exact_in_range_and_end_on_the_tonic(metre: str, pickup: int) -> None:
    scale = frozenset(SCALES["dorian"])
    for seed in range(4):
        line = MelodyBars(metre, "dorian", plans(metre, pickup), low=60, high=79, leap=8, scale=scale, chromatic=False)
        tune = told(metre, pickup, written(line, seed))
        last = None
        for section in tune.sections:
            assert (section.pickup is not None) == bool(pickup)
            for bar in section.every:
                assert sum(n.ticks for n in bar.notes) + bar.late + bar.early == full(metre)
                for note in bar.notes:
                    if note.pitch is not None:
                        assert 60 <= note.pitch.midi <= 79
                        assert note.pitch.midi % 12 in scale
                        assert last is None or abs(note.pitch.midi - last) <= 8
                        last = note.pitch.midi
            end = section.bars[-1]
            assert end.early == pickup
            assert end.notes[-1].pitch is not None
            assert end.notes[-1].pitch.midi % 12 == 0
            assert end.notes[-1].ticks >= 24


def test_notes_of_a_bar_are_as_many_as_asked_and_stressed_ones_fall_on_the_beat() -> None:
    line = MelodyBars("4/4", "major", (BarPlan(0, counts=(5, 5), onsets=((0, 96), (3, 48))),), sung=True)
    head = ["tune", "metre4/4", "modemajor", "pick0", "parts1", "part1", "once"]
    for seed in range(10):
        notes = read([*head, *written(line, seed).text.split()]).sections[0].bars[0].notes
        assert len(notes) == 5
        assert sum(n.ticks for n in notes[:3]) == 48
        assert all(n.pitch is not None for n in notes)


def test_given_bar_stands_and_what_comes_before_it_leads_there() -> None:
    given = Bar((Note(pitch("C6"), 48), Note(pitch("B5"), 48)))
    line = MelodyBars("4/4", "major", (BarPlan(2), BarPlan(1, same=given), BarPlan(0)), leap=5, last=72, behind=60)
    for seed in range(6):
        names = written(line, seed).text.split()
        bars = read(["tune", "metre4/4", "modemajor", "pick0", "parts1", "part1", "once", *names]).sections[0].bars
        assert bars[1].notes == given.notes
        last = next(n.pitch for n in reversed(bars[2].notes) if n.pitch is not None)
        assert abs(last.midi - 60) <= 5


def test_copied_bar_with_its_chords_has_the_notes_that_it_copies() -> None:
    bar = Bar((Note(pitch("C5"), 24), Note(pitch("D5"), 12), Note(pitch("E5"), 36)), chords=((72, "C"),))
    line = MelodyBars("6/8", "major", (BarPlan(0, same=bar, chords=bar.chords),), before=(bar,))
    head = ["tune", "metre6/8", "modemajor", "pick0", "parts1", "part1", "once"]
    for seed in range(6):
        assert read([*head, *written(line, seed).text.split()]).sections[0].bars[0] == bar


def test_each_rule_is_told_with_what_it_took() -> None:
    rules = {r.rule for r in written(MelodyBars("4/4", "major", plans("4/4", 0)), 1).removals}
    assert {"structure", "range", "leap", "beats", "harmony"} <= rules


def chorale(count: int, given: dict[int, dict[str, Cell]] | None = None) -> tuple[BeatPlan, ...]:
    found = []
    for i in range(count):
        opens = [f"ph{(count - 1 - i) // 8}"] if i % 8 == 0 else []
        cells = tuple((given or {}).get(i, {}).items())
        found.append(
            BeatPlan((*opens, f"b{(i + 3) % 4 + 1}", f"q{7 - i % 8}"), cells, i % 8 == 0, i % 8 == 7, i == count - 1)
        )
    return tuple(found)


@pytest.mark.parametrize(
    ("mode", "shift"), [("major", 0), ("minor", -3), ("dorian", 2), ("phrygian", 4), ("mixolydian", 5)]
)
def test_four_voices_break_no_rule(mode: str, shift: int) -> None:
    for seed in range(3):
        line = ChoraleBeats(mode, shift, chorale(16))  # type: ignore[arg-type]
        beats = read_beats(written(line, seed, "chorale").text.split())
        assert len(beats) == 16
        assert broken(beats, shift, [7, 15]) == []


def test_given_voice_and_given_beats_stand_and_no_rule_is_broken_with_them() -> None:
    melody = ["G4", "C5", "D5", "E5", "E5", "D5", "D5", "C5"]
    cells = {i: {"S": Cell("o---", (pitch(name),))} for i, name in enumerate(melody)}
    chord = {v: Cell("o---", (p,)) for v, p in zip("SATB", map(pitch, ("D5", "G4", "B3", "G3")), strict=True)}
    cells[5] = chord
    for seed in range(4):
        beats = read_beats(written(ChoraleBeats("major", 0, chorale(8, cells)), seed, "chorale").text.split())
        assert [b["S"].pitches[0] for b in beats] == [pitch(n) for n in melody]
        assert beats[5] == chord
        assert broken(beats, 0, [7]) == []


def test_scale_lets_a_foreign_note_through_only_where_the_net_is_sure() -> None:
    follower = MelodyBars("4/4", "major", (BarPlan(0),), scale=frozenset(SCALES["major"])).follower(
        vocabulary("melody")
    )
    names = [piece.decode().strip() for piece in vocabulary("melody").pieces]
    for name in ("|0", "n1", "c:C"):
        assert follower.consume(names.index(name))
    flat = np.zeros(len(names), np.float32)
    assert not follower.mask(flat)[names.index("F#5")]
    flat[names.index("F#5")] = 12.0
    assert follower.mask(flat)[names.index("F#5")]
    assert follower.mask(flat)[names.index("C5")]
    assert Pitch("F", 1, 5).midi == 78
