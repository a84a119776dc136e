from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import pytest

from miaobi.craft.chorale.page import score_of
from miaobi.craft.chorale.rule import broken
from miaobi.craft.chorale.setting import Cell, events, read_beats
from miaobi.craft.music import musicxml
from miaobi.craft.music.interval import from_root
from miaobi.craft.music.score import Key, Metre, Tempo, pitch
from miaobi.lab.corpus.chorale import read_mxl

CHORDS = ["C5 G4 E4 C3", "B4 G4 D4 G3", "C5 G4 E4 C3", "D5 A4 F4 D3"] * 3 + ["B4 G4 D4 G3"] * 3 + ["C5 G4 E4 C3"]


def beat(text: str) -> dict[str, Cell]:
    return {v: Cell("o---", (pitch(n),)) for v, n in zip("SATB", text.split(), strict=True)}


def packed(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", content)
    return file.getvalue()


def test_setting_is_read_from_musicxml_on_the_tonic_c() -> None:
    beats = [beat(text) for text in CHORDS]
    places = [i % 4 + 1 for i in range(len(beats))]
    score = score_of(
        beats, places, [7, 15], Metre(4, 4), Key("D", "major"), from_root("D"), "x", Tempo(Fraction(80)), "en"
    )
    setting = read_mxl(packed(musicxml.write(score)))
    assert (setting.metre, setting.mode, setting.shift) == ("4/4", "major", 2)
    assert [b.cells for b in setting.beats] == beats
    assert [i for i, b in enumerate(setting.beats) if b.fermata] == [7, 15]
    assert read_beats(events(setting)) == beats


def test_file_of_other_than_four_voices_is_left_out() -> None:
    from miaobi.craft.music import abc

    with pytest.raises(ValueError, match="not four voices"):
        read_mxl(packed(musicxml.write(abc.read("X:1\nT:x\nM:4/4\nL:1/4\nK:C\nCDEF|\n").score)))


def test_parallels_in_what_was_read_are_found() -> None:
    assert "parallels" in {rule for _, rule, _ in broken([beat("C5 G4 E4 C3"), beat("D5 A4 F4 D3")], 0, [])}
