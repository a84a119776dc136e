"""Our files in other people's readers: music21 and verovio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import verovio
from hypothesis import Phase, given, settings

from miaobi.craft.music import abc, mei, musicxml
from miaobi.craft.music.instrument import instrument
from miaobi.craft.music.notation import notated
from miaobi.craft.music.performance import played
from miaobi.craft.music.score import QUARTER, WHOLE, Bar, Part, Score, note, rest
from tests.craft.music.scores import scores

FEW = settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def log_of(content: str, kind: str) -> str:
    verovio.enableLog(verovio.LOG_WARNING)
    toolkit = verovio.toolkit()
    toolkit.setOptions({"inputFrom": kind})
    assert toolkit.loadData(content)
    assert toolkit.renderToSVG(1)
    said = toolkit.getLog()
    verovio.enableLog(verovio.LOG_OFF)
    return str(said)


@FEW
@given(scores())
def test_verovio_reads_mei_and_musicxml_without_a_word(score: Score) -> None:
    assert log_of(mei.write(score), "mei") == ""
    assert log_of(musicxml.write(score).decode(), "musicxml") == ""


def written(score: Score) -> Iterator[tuple[float, int]]:
    """Yield onset in quarters and pitch of every note on the page, tied ones by themselves."""
    for part in range(len(score.parts)):
        for onset, _, _, event in played(notated(score), part, 0, repeats=False):
            yield from ((round(float(onset * 4), 3), p.midi) for p in event.pitches)


def without_graces_in_tuplets(score: Score) -> Score:
    """The score as music21's reader of ABC can have it: it takes a grace note within a tuplet for one of its notes."""
    parts = []
    for part in score.parts:
        rows = [[[replace(e, grace=()) if e.tuplet else e for e in v] for v in voices] for voices in part.bars]
        parts.append(replace(part, bars=tuple(tuple(map(tuple, row)) for row in rows)))
    return replace(score, parts=tuple(parts))


@pytest.mark.lab
@FEW
@given(scores(words=False))
def test_music21_finds_the_same_notes_in_musicxml_and_abc(score: Score) -> None:
    music21 = pytest.importorskip("music21")
    ours = sorted(written(score))
    for content, kind in ((musicxml.write(score), "musicxml"), (abc.write(without_graces_in_tuplets(score)), "abc")):
        theirs = music21.converter.parse(content, format=kind)
        found = []
        for part in theirs.toSoundingPitch().parts:
            for one in part.flatten().notes:
                if not one.duration.isGrace and not isinstance(one, music21.harmony.ChordSymbol):
                    found += [(round(float(one.offset), 3), p.midi) for p in one.pitches]
        if kind == "abc":  # where it puts the notes after a pick-up is its own affair
            assert sorted(p for _, p in found) == sorted(p for _, p in ours)
        else:
            assert sorted(found) == ours


@pytest.mark.lab
def test_rest_in_a_pick_up_is_no_full_bar_to_music21() -> None:
    music21 = pytest.importorskip("music21")
    player = instrument("violin")
    parts = [Part(name, player, (((first,),), ((note("G4", WHOLE),),))) for name, first in
             (("one", note("G4", QUARTER)), ("two", rest(QUARTER)))]  # fmt: skip
    content = musicxml.write(Score("a", (Bar(length=QUARTER), Bar()), tuple(parts)))
    found = music21.converter.parse(content, format="musicxml")
    for part in found.parts:
        assert [m.duration.quarterLength for m in part.getElementsByClass("Measure")] == [1.0, 4.0]
