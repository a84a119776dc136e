from __future__ import annotations

import pytest

from miaobi.craft.chorale.rule import broken, parallel
from miaobi.craft.chorale.setting import VOICES, Beat, Cell, Setting, events, known, read_beats
from miaobi.craft.music.score import pitch


def beat(text: str) -> dict[str, Cell]:
    """Return a beat of quarter notes, soprano to bass: ``"C5 G4 E4 C3"``."""
    return {v: Cell("o---", (pitch(name),)) for v, name in zip("SATB", text.split(), strict=True)}


CADENCE = [beat("C5 G4 E4 C3"), beat("B4 G4 D4 G3"), beat("C5 G4 E4 C3")]


def test_plain_cadence_breaks_nothing() -> None:
    assert broken(CADENCE, 0, [2]) == []


@pytest.mark.parametrize(
    ("beats", "rule"),
    [
        (["C5 G4 E4 C3", "D5 A4 F4 D3"], "parallels"),
        (["C5 G4 E4 C3", "C5 D5 E4 C3"], "crossing"),
        (["C5 G4 E4 C3", "A5 G4 E4 C3"], "spacing"),
        (["C5 G4 E4 C3", "B4 G4 D4 B2"], "leading tone"),
        (["C5 G4 E4 C3", "C6 C5 E4 C3"], "range"),
        (["C5 G4 E4 C3", "C5 G4 G4 C3"], "cadence"),
        (["C5 G4 E4 C3", "B4 G4 D4 G3"], "cadence"),
    ],
)
def test_broken_rule_is_named(beats: list[str], rule: str) -> None:
    assert rule in {name for _, name, _ in broken([beat(b) for b in beats], 0, [len(beats) - 1])}


def test_voices_that_stand_make_no_parallels() -> None:
    assert not parallel((60, 67), (60, 67))
    assert not parallel((60, 67), (60, 72))
    assert parallel((60, 67), (62, 69))
    assert parallel((60, 72), (62, 74))
    assert parallel((60, 67), (69, 62))


def test_setting_is_the_same_after_it_was_told_as_events() -> None:
    setting = Setting("4/4", "major", 2, tuple(Beat(i + 1, cells, i == 2) for i, cells in enumerate(CADENCE)))
    names = events(setting)
    assert names[:7] == ["chorale", "metre4/4", "modemajor", "up2", "ph0", "b1", "q2"]
    assert read_beats(names) == CADENCE
    told = known(setting, lambda at, voice: voice == "S" and at > 0)
    assert told == ["known", "b2", "q1", "S:o---", "B4", "b3", "q0", "S:o---", "C5", "go"]
    assert all(set(cells) == set(VOICES) for cells in read_beats(names))
