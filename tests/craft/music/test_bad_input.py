"""Files that can't be read, or hold what music can't: each with its own answer, none with a traceback."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.music import abc, mei, midi, musicxml
from miaobi.craft.music.instrument import instrument
from miaobi.craft.music.judgement import findings
from miaobi.craft.music.midi.file import END, TEMPO, Message, packed
from miaobi.craft.music.opening import opened
from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.score import QUARTER, Bar, Part, Score, note
from miaobi.craft.music.transposition import fitting, into
from miaobi.errors import BriefError, UnknownNameError

HEAD = "X:1\nT:a\nM:3/4\nL:1/8\nK:G\n"
PLAIN = midi.write(Score("a", (Bar(),), (Part("v", instrument("violin"), (((note("G4", Fraction(1)),),),)),)))
TEN_HOURS = packed([[Message(0, 0x90, b"\x3c\x50"), Message(480 * 2 * 36_000, 0x80, b"\x3c\x00")]], 480)
SLOW = packed(
    [[Message(0, 0xFF, b"\xff\xff\xff", TEMPO), Message(0, 0x90, b"<P"), Message(480 * 600, 0x80, b"<\0")]], 480
)
SILENT = packed([[Message(0, 0xFF, b"x", 1)]], 480)
MANY = b"MThd" + b"\0\0\0\6\0\1\2\0\1\xe0" + (b"MTrk\0\0\0\4\0\xff\x2f\0" * 512)


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def partwise(inside: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>A'
        f'</part-name></score-part></part-list><part id="P1"><measure number="1">{inside}</measure></part>'
        "</score-partwise>"
    ).encode()


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
NOTE = "<note><pitch><step>G</step><octave>4</octave></pitch><duration>4</duration></note>"

MEI = (
    b'<mei><score><scoreDef><staffDef n="1"/></scoreDef><measure><staff n="1"><layer><note dur="5" pname="c" oct="4"/>'
    b"</layer></staff></measure></score></mei>"
)

BAD = [
    ("empty", "abc", b" \n", "The file is empty"),
    ("no-key", "abc", b"X:1\nT:a\n", "there is no K: field"),
    ("prose", "abc", b"Once upon a time there was a tune.\n", "there is no K: field"),
    ("no-notes", "abc", HEAD.encode(), "no notes"),
    ("nul", "abc", b"X:1\0K:C\nabc|", "NUL bytes"),
    ("metre", "abc", b"X:1\nM:0/4\nK:C\nabc|", "is no metre"),
    ("key", "abc", b"X:1\nK:H\nabc|", "is no key"),
    ("unit", "abc", b"X:1\nL:1/3\nK:C\nabc|", "no unit of length"),
    ("tempo", "abc", b"X:1\nQ:1/4=99999\nK:C\nabc|", "no tempo"),
    ("no-music", "abc", (HEAD + "GAB ?? c|").encode(), "Line 6, column 5"),
    ("length", "abc", (HEAD + "G0|").encode(), "is no length"),
    ("long-note", "abc", (HEAD + "G99999|").encode(), "can't be written"),
    ("lyrics", "abc", (HEAD + "G2 A2 B2|\nw: too ma- ny words\n").encode(), "4 syllables and the tune 3 notes"),
    ("voices", "abc", (HEAD + "V:1\nG6|A6|\nV:2\nG6|\n").encode(), "Voice 2 has 1 bars, voice 1 has 2"),
    ("quote", "abc", (HEAD + '"G G6|').encode(), "quotation mark isn't closed"),
    ("ending", "abc", (HEAD + "|:G6|[99G6:|").encode(), "is no ending"),
    ("repeats", "abc", (HEAD + "|:" * 20_000).encode(), "no notes"),
    ("no-midi", "mid", b"RIFF____WAVE", "doesn't begin with MThd"),
    ("cut-off", "mid", PLAIN[:-20], "It is cut off"),
    ("cut-in-event", "mid", PLAIN[:18] + (3).to_bytes(4) + b"\x00\x90\x3c", "breaks off within an event"),
    ("zero-ticks", "mid", PLAIN[:12] + b"\0\0" + PLAIN[14:], "0 ticks a quarter"),
    ("film", "mid", PLAIN[:12] + b"\xe7\x28" + PLAIN[14:], "film frames"),
    ("format-2", "mid", PLAIN[:9] + b"\2" + PLAIN[10:], "format 2"),
    ("512-tracks", "mid", MANY, "It has 512 tracks; at most 64"),
    ("ten-hours", "mid", TEN_HOURS, "10.0 hours long"),
    ("slow", "mid", SLOW, "hours long"),
    ("silent", "mid", SILENT, "no notes"),
    ("not-xml", "musicxml", b"<score-partwise><part>", "not well-formed"),
    ("other-xml", "musicxml", b"<html/>", "its root is"),
    ("laughs", "musicxml", partwise(NOTE, LAUGHS), "declares entities"),
    ("outside", "musicxml", partwise(NOTE, OUTSIDE), "declares entities"),
    ("deep", "musicxml", b"<a>" * 500 + b"</a>" * 500, "too deep"),
    ("no-bars", "musicxml", b"<score-partwise/>", "no bars"),
    ("pitch", "musicxml", partwise(NOTE.replace(">G<", ">H<")), "is no pitch"),
    ("overlap", "musicxml", partwise(NOTE + "<backup><duration>2</duration></backup>" + NOTE), "overlap"),
    ("backup", "musicxml", partwise("<backup><duration>9</duration></backup>" + NOTE), "before its beginning"),
    ("division", "musicxml", partwise("<attributes><divisions>0</divisions></attributes>" + NOTE), "divisions"),
    ("bomb", "mxl", zipped("score.xml", b"<a>" + b" " * 60_000_000), "unpacks to more than"),
    ("no-score", "mxl", zipped("readme.txt", b"x"), "holds no score"),
    ("torn-zip", "mxl", zipped("score.xml", b"<a/>" * 99)[:60], "can't be unpacked"),
    ("no-mei", "mei", b"<score/>", "is no MEI"),
    ("no-measures", "mei", b"<mei><music><score/></music></mei>", "no measures"),
    ("mei-length", "mei", MEI, "is no length"),
    ("ending-unknown", "wav", b"x", "no notation that is read"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "content", "said"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_file_has_its_answer(ending: str, content: bytes, said: str) -> None:
    with pytest.raises(NotationError) as caught:
        opened(content, ending)
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("tune", "rule", "said"),
    [
        ("GAB cde|GAB cdef|G6|]", "bar-length", "bar 2: 7/2 quarters in a bar of 3 quarters"),
        ("GAB cde|GAB|GABcde|G6|]", "bar-length", "bar 2: 3/2 quarters in a bar of 3 quarters"),
        ("G,,,6|G6|]", "range", "G1; piano"),
        ("^G^A^c ^d=f^g|^G^A^c ^d=f^g|^G6|]", "key", "of the music is in G major"),
        ("GAB cde|A6|]", "cadence", "ends openly"),
    ],
)  # fmt: skip
def test_tune_that_can_be_read_is_judged(tune: str, rule: str, said: str) -> None:
    score = opened((HEAD + tune + "\n").encode(), "abc").score
    if rule == "range":
        score = Score(score.title, score.bars, (Part("Flute", instrument("flute"), score.parts[0].bars),))
        said = "G1; flute: C4–C7"
    assert said in next(f.message for f in findings(score) if f.rule == rule)


def test_key_that_the_range_cannot_hold_is_refused_with_the_nearest_that_it_can() -> None:
    row = (note("D5", QUARTER), note("D7", QUARTER), note("G6", QUARTER), note("G5", QUARTER))
    score = Score("a", (Bar(),), (Part("Whistle", instrument("tin-whistle"), ((row,),)),))
    with pytest.raises(BriefError, match="no octave of it fits") as caught:
        into(score, "E")
    assert "C major" in caught.value.hint
    wide = Part("Whistle", instrument("alto"), ((row,),))
    with pytest.raises(BriefError, match="semitones; the alto has"):
        fitting(wide, instrument("alto"), Bar().key)


def test_names_that_nothing_answers_to() -> None:
    with pytest.raises(UnknownNameError, match="no instrument") as caught:
        instrument("violn")
    assert "violin" in caught.value.hint


def test_track_ends_at_its_own_end() -> None:
    content = packed([[Message(0, 0x90, b"<P"), Message(480, 0x80, b"<\0"), Message(480, 0xFF, b"", END)]], 480)
    assert len(opened(content, "mid", "named by its file").score.bars) == 1


TUNE = opened((HEAD + '"G"G2AB c2|(3:2:3d"^fermata"ed c4|G6|]\nw:a b- c d e\n').encode(), "abc").score
WHOLE = {
    "abc": abc.write(TUNE).encode(),
    "mid": PLAIN,
    "musicxml": musicxml.write(TUNE),
    "mei": mei.write(TUNE).encode(),
}


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damaged_file_is_read_or_refused_and_nothing_else(ending: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[ending])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(NotationError):
        findings(opened(bytes(content), ending).score)
