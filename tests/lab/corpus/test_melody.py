from __future__ import annotations

import random

import pytest

from miaobi.craft.melody.tune import events, read
from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.melody import read_abc, runs_of, told, with_gap

HEAD = "X:1\nT:A jig\nM:6/8\nL:1/8\nK:{}\n"
JIG = (
    "D|GAB d2B|A2G E2D|GAB d2B|A3 G2:|\n"
    "d|edc Bcd|edc B2d|edc Bcd|1 A3 G2:|2 A3 G2|]\n"
)  # fmt: skip


def names(text: str, key: str = "G") -> str:
    return " ".join(events(read_abc(HEAD.format(key) + text)))


def test_tune_is_put_on_the_tonic_c_with_its_pick_up_and_repeats() -> None:
    tune = read_abc(HEAD.format("G") + JIG)
    assert (tune.metre, tune.mode, tune.kind, tune.pickup) == ("6/8", "major", "jig", 12)
    assert [(len(s.bars), s.twice) for s in tune.sections] == [(4, True), (4, True)]
    assert " ".join(events(tune)).startswith(
        "tune metre6/8 modemajor kindjig pick12 parts2 part1 twice up n1 G4 t0 |3 n5 C5"
    )


def test_same_tune_in_another_key_is_told_alike() -> None:
    up = JIG.translate(str.maketrans("GABdDEedc", "ABcfEFfed"))  # not in key: only that it reads
    assert names(JIG, "G") != names(up, "G")
    assert runs_of(read_abc(HEAD.format("G") + JIG)) == runs_of(read_abc(HEAD.format("Gmaj") + JIG))


def test_tune_that_leans_on_another_degree_is_in_its_mode() -> None:
    tune = read_abc("X:1\nT:x\nM:4/4\nL:1/4\nK:G\n" + "A2A2|A2e2|ceAc|A4|A2e2|e2A2|AceA|A4|]\n")
    assert tune.mode == "dorian"
    assert tune.sections[0].bars[0].notes[0].pitch is not None
    assert tune.sections[0].bars[0].notes[0].pitch.name == "C5"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("GAB d2|A2G E2D|GAB d2B|A3 G3|]", "too short"), ("GAB d2BB|A2G E2D|GAB d2B|A3 G3|]", "too long"),
     ("(4GABd d2B|A2G E2D|GAB d2B|A3 G3|]", "tuplets"), ("[GB]3 d3|A2G E2D|GAB d2B|A3 G3|]", "chords")],
)  # fmt: skip
def test_tune_that_cannot_be_learnt_from_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_abc(HEAD.format("G") + text + "\n")


def test_dots_triplets_and_ties_are_lengths() -> None:
    tune = read_abc("X:1\nT:x\nM:4/4\nL:1/8\nK:C\nC>D (3EFG A4-|A2 G2 F2 E2|C2 C2 C4|C8|]\n")
    first = tune.sections[0].bars[0].notes
    assert [n.ticks for n in first] == [18, 6, 8, 8, 8, 48]
    assert first[-1].tied
    assert read(events(tune)) == tune


def test_variants_of_a_tune_are_one_family_and_the_same_tune_is_left_out() -> None:
    chance = random.Random(0)
    bars = ["".join(chance.choice("GABcde") for _ in range(6)) for _ in range(40)]
    text = HEAD.format("G") + "|".join([*bars[:15], "A3 G3"]) + "|]\n"
    near = HEAD.format("G") + "|".join([*bars[:14], bars[20], "A3 G3"]) + "|]\n"
    many = [text, text, near] * 12  # so that no event is rare
    texts = [Document(f"t{i}", t.replace("A jig", f"{i}")) for i, t in enumerate(many)]
    source = told(Source(Origin("x", "CC0-1.0", "x"), lambda: iter(texts)))
    assert list(source.read()) == []  # two tunes remain, and every event is rare
    others = []
    for i in range(14):
        chance.shuffle(bars)
        others.append(Document(f"o{i}", HEAD.format("G") + "|".join([*bars[:15], "A3 G3"]) + "|]\n"))
    found = list(told(Source(Origin("x", "CC0-1.0", "x"), lambda: iter([*texts[:3], *others]))).read())
    families = {d.id: d.meta["family"] for d in found}
    assert families.get("t2", "t0") == "t0"
    assert "t1" not in families
    assert all(d.decider == d.meta["family"] for d in found)


def test_gap_is_told_with_what_follows_it_first() -> None:
    tune = read_abc(HEAD.format("G") + JIG)
    for seed in range(8):
        parts = with_gap(tune, random.Random(seed))
        assert parts.count("after") == parts.count("go") == 1
        assert parts[:5] == events(tune)[:5]
        cut = parts[parts.index("go") + 1 :]
        assert events(tune)[6 : 6 + len(cut)] == cut
