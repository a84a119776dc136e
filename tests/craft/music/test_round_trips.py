"""What is written is read again: by our readers whole, by other people's note for note."""

from __future__ import annotations

import ctypes
import io
import os
import sys
import tempfile
from fractions import Fraction

import mido
import symusic
from hypothesis import Phase, given, settings

from miaobi.craft.music import abc, mei, midi, musicxml
from miaobi.craft.music.notation import notated
from miaobi.craft.music.performance import tones
from miaobi.craft.music.score import Score
from tests.craft.music.scores import scores

# A score is large and shrinks for minutes: the first that fails is shown as it is.
MANY = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def heard(score: Score) -> list[tuple[Fraction, int, Fraction]]:
    return sorted((t.onset, t.pitch, t.length) for t in tones(score))


@MANY
@given(scores())
def test_abc_holds_the_whole_score(score: Score) -> None:
    text = abc.write(score)
    reading = abc.read(text)
    assert reading.dropped == ()
    assert reading.score == notated(score)
    assert abc.write(reading.score) == text


@MANY
@given(scores())
def test_musicxml_holds_the_whole_score(score: Score) -> None:
    reading = musicxml.read(musicxml.write(score))
    assert reading.dropped == ()
    assert reading.score == notated(score)


@MANY
@given(scores())
def test_mei_holds_the_whole_score(score: Score) -> None:
    reading = mei.read(mei.write(score).encode())
    assert reading.dropped == ()
    assert reading.score == notated(score)


@MANY
@given(scores())
def test_midi_holds_what_is_heard(score: Score) -> None:
    content = midi.write(score)
    assert heard(midi.read(content).score) == heard(score)


@MANY
@given(scores())
def test_abc_to_musicxml_to_midi_keeps_every_note(score: Score) -> None:
    through = musicxml.read(musicxml.write(abc.read(abc.write(score)).score)).score
    assert heard(midi.read(midi.write(through)).score) == heard(score)


@MANY
@given(scores())
def test_other_readers_of_midi_find_the_same_notes(score: Score) -> None:
    content = midi.write(score)
    theirs = symusic.Score.from_midi(content)
    whole = 4 * theirs.tpq
    found = sorted(
        (Fraction(n.time, whole), n.pitch, Fraction(n.duration, whole)) for track in theirs.tracks for n in track.notes
    )
    assert found == heard(score)
    assert by_mido(content) == heard(score)


def by_mido(content: bytes) -> list[tuple[Fraction, int, Fraction]]:
    file = mido.MidiFile(file=io.BytesIO(content))
    whole = 4 * file.ticks_per_beat
    found = []
    for track in file.tracks:
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on":
                sounding[message.channel, message.note] = now
            elif message.type == "note_off":
                start = sounding.pop((message.channel, message.note))
                found.append((Fraction(start, whole), message.note, Fraction(now - start, whole)))
        assert not sounding
    return sorted(found)


@MANY
@given(scores())
def test_abcmidi_has_neither_error_nor_warning(score: Score) -> None:
    """symusic holds abcmidi, which reports on the standard output of the process."""
    text = abc.write(score)
    assert complaints(text) == ""


def complaints(text: str) -> str:
    """Return what abcmidi says of a tune."""
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        kept = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            symusic.Score.from_abc(text)
        finally:
            ctypes.CDLL(None).fflush(None)  # abcmidi writes into the C library's buffers
            for number, one in enumerate(kept, 1):
                os.dup2(one, number)
                os.close(one)
        file.seek(0)
        return file.read().decode("utf-8", "replace")


def test_a_complaint_would_be_seen() -> None:
    assert "Warning" in complaints("X:1\nM:3/4\nL:1/8\nK:G\n|:G9|G6:|\n")
