"""``miaobi score``: a person's own tune written anew; the label that it has goes along, none is invented."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from miaobi.craft.music import abc, midi
from miaobi.craft.music.performance import tones
from miaobi.craft.music.sound.soundfont import renderers
from miaobi.trust import label
from tests.cli.run import run

AIR = 'X:1\nT:Air\nM:4/4\nL:1/8\nQ:1/4=90\nK:D\n"D"D2 F2 A2 d2|c2 B2 A4|B2 G2 E2 C2|D8|]\n'


@pytest.fixture
def air(tmp_path: Path) -> Path:
    path = tmp_path / "air.abc"
    path.write_text(AIR, "utf-8")
    return path


def test_tune_is_moved_and_written_in_every_notation_without_a_label_that_it_has_not(air: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    endings = "abc,mid,musicxml,mei,svg,pdf,wav,mp3,ogg,html,zip"
    done = run("score", str(air), "--to", "Bb", "--format", endings, "--out", str(out), "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    made = {Path(path).suffix[1:] for path in json.loads(done.stdout)["files"]}
    assert made == set(endings.split(","))
    pitches = [t.pitch for t in tones(abc.read(AIR).score)]
    moved = [t.pitch for t in tones(midi.read((out / "air-bb.mid").read_bytes(), "").score)]
    assert {a - b for a, b in zip(moved, pitches, strict=True)} == {-4}
    assert '"Bb"' in (out / "air-bb.abc").read_text("utf-8")
    for path in out.iterdir():
        assert label.read(path.read_bytes(), path.suffix[1:]) is None
        assert b"AI-generated" not in path.read_bytes()


def test_label_goes_along(tmp_path: Path) -> None:
    own = dict.fromkeys(label.KEYS, "") | {"Label": "1", "ContentProducer": "miaobi", "ProduceID": "x-1"}
    path = tmp_path / "air.abc"
    path.write_text(AIR.replace("X:1", f"%%miaobi-aigc {json.dumps(own)}\nX:1"), "utf-8")
    done = run("score", str(path), "--format", "mid,mp3,pdf", "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 0, done.stderr
    for ending in ("mid", "mp3", "pdf"):
        assert label.read((tmp_path / "out" / f"air.{ending}").read_bytes(), ending) == own


@pytest.mark.parametrize(
    ("given", "said", "code"),
    [
        (("--to", "D minor"), "another tune", 64),
        (("--to", "H"), "no key", 64),
        (("--for", "kazoo"), "kazoo", 64),
        (("--format", "docx"), "docx", 64),
        (("--notation", "tabs"), "jianpu", 64),
        (("--soundfont", "x.sf2"), "no sound", 64),
        (("--soundfont", "x.sf2", "--format", "wav"), "x.sf2", 66),
        (("--format", "abc", "--out", "."), "already", 74),
    ],
)
def test_what_cannot_be_met_is_refused_and_writes_nothing(
    air: Path, tmp_path: Path, given: tuple[str, ...], said: str, code: int
) -> None:
    before = sorted(tmp_path.iterdir())
    done = run("score", str(air), *given, home=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(not renderers(), reason="nothing here plays soundfonts")
def test_soundfont_of_the_users_plays(air: Path, tmp_path: Path) -> None:
    font = tmp_path / "sine.sf2"
    font.write_bytes(sine())
    done = run("score", str(air), "--soundfont", "sine.sf2", "--format", "wav", "--out", "o", home=tmp_path)
    assert done.returncode == 0, done.stderr
    heard, rate = soundfile.read(tmp_path / "o" / "air.wav")
    assert 0.5 < np.abs(heard).max() < 0.95
    first = np.abs(np.fft.rfft(heard[: rate // 2].mean(1)))
    assert first.argmax() * 2 == pytest.approx(293.7, rel=0.02)  # D4


def sine() -> bytes:
    """Return a soundfont (SoundFont 2.01) of one preset: a looped sine of A4."""
    rate, period = 44_100, 100
    wave = b"".join(struct.pack("<h", round(20_000 * math.sin(2 * math.pi * n / period))) for n in range(period * 40))
    pitch = 69 - 12 * math.log2(440 / (rate / period))  # of the period, in keys

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    def row(name: str) -> bytes:
        return name.encode().ljust(20, b"\0")

    key, cents = round(pitch), round((pitch - round(pitch)) * -100)
    sample = struct.pack("<IIIIIBbHH", 0, period * 40, period, period * 39, rate, key, cents, 0, 1)
    last = struct.pack("<IIIIIBbHH", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    parts = [
        chunk(b"phdr", row("sine") + bytes(18) + row("EOP") + struct.pack("<HHHIII", 0, 0, 1, 0, 0, 0)),
        chunk(b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
        chunk(b"pmod", bytes(10)),
        chunk(b"pgen", struct.pack("<HH", 41, 0) + bytes(4)),
        chunk(b"inst", row("sine") + struct.pack("<H", 0) + row("EOI") + struct.pack("<H", 1)),
        chunk(b"ibag", struct.pack("<HHHH", 0, 0, 2, 0)),
        chunk(b"imod", bytes(10)),
        chunk(b"igen", struct.pack("<HHHH", 54, 1, 53, 0) + bytes(4)),
        chunk(b"shdr", row("sine") + sample + row("EOS") + last),
    ]
    about = chunk(b"ifil", struct.pack("<HH", 2, 1)) + chunk(b"isng", b"EMU8000\0") + chunk(b"INAM", b"sine\0\0")
    lists = (b"INFO" + about, b"sdta" + chunk(b"smpl", wave + bytes(92)), b"pdta" + b"".join(parts))
    return chunk(b"RIFF", b"sfbk" + b"".join(chunk(b"LIST", each) for each in lists))
