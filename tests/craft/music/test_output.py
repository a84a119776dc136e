"""What people open: pages, numbered notation, piano roll, sound, player; each labelled, none with anything that
runs.
"""

from __future__ import annotations

import io
import json
import re
import wave
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from miaobi.craft.music import abc, engraving, mei, midi, musicxml
from miaobi.craft.music.arrangement.accompaniment import accompaniment
from miaobi.craft.music.arrangement.drumming import drumming
from miaobi.craft.music.jianpu import degree, jianpu
from miaobi.craft.music.piano_roll import piano_roll
from miaobi.craft.music.player import player, times
from miaobi.craft.music.score import Key, pitch
from miaobi.craft.music.sound import file, soundfont, synthesiser
from miaobi.craft.music.xml import parse
from miaobi.errors import InputFileError
from miaobi.trust import label
from miaobi.work import Rendering

TUNE = abc.read(
    'X:1\nT:<script>alert("x")</script> & 月\nC:Anon.\nM:3/4\nL:1/8\nQ:1/4=150\nK:G\nV:1 name="Voice"\n'
    'D2|:"G"G2 AB "C"{d}c2|"G"B2 "D7"(3AGA !fermata!F2|[1"G"G4 D2:|[2"G"G6|]\n'
    "w:The moon is a sil- ver boat on the sea * o low\n"
).score
SCORE = replace(TUNE, parts=(*TUNE.parts, accompaniment(TUNE, "broken"), drumming(TUNE, "waltz", 1)))
EN = label.imprint("5d1a0b1e-0000-5000-8000-6d69616f6269", "月 song", "en", "SmolLM2", "0.1")
ZH = label.imprint("5d1a0b1e-0000-5000-8000-6d69616f6269", "月 song", "zh", "SmolLM2", "0.1")


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return synthesiser.rendered(SCORE)


@pytest.mark.parametrize("imprint", [EN, ZH], ids=["en", "zh"])
def test_every_file_says_what_it_is(imprint: label.Imprint, samples: np.ndarray) -> None:
    made = {
        "abc": abc.write(SCORE, imprint).encode(),
        "musicxml": musicxml.write(SCORE, imprint),
        "mei": mei.write(SCORE, imprint).encode(),
        "mid": midi.write(SCORE, imprint),
        "wav": file.wav(samples, imprint),
        "mp3": file.mp3(samples, imprint),
        "ogg": file.ogg(samples, imprint),
        "html": player(SCORE, imprint, b"sound"),
        "pdf": engraving.pdf(SCORE, imprint),
    }
    for ending, content in made.items():
        assert label.has_field(ending)
        assert label.read(content, ending) == imprint.aigc
        assert label.verify(Rendering(name=f"a.{ending}", media_type="a/b", content=content), imprint) == []


def test_labels_that_are_not_there_are_missed(samples: np.ndarray) -> None:
    for ending, content in (
        ("abc", abc.write(SCORE).encode()),
        ("mid", midi.write(SCORE)),
        ("musicxml", musicxml.write(SCORE)),
    ):
        found = label.verify(Rendering(name=f"a.{ending}", media_type="a/b", content=content), EN)
        assert {f.rule for f in found} == {"label-notice", "label-missing"}


def test_engraved_page_holds_every_event_and_nothing_that_runs() -> None:
    svg = engraving.sheet(SCORE, EN)
    parse(svg.encode())
    assert not re.search(r"<script|xlink|href=\"(?!#)|<image|<foreignObject|@font-face|[\ue000-\uf8ff]", svg)
    assert "&lt;script&gt;" in svg
    assert EN.notice in svg
    ids = set(re.findall(r'id="(p\d+b\d+v\d+e\d+)"', svg))
    assert {event for _, _, event in times(SCORE)} <= ids
    assert svg == engraving.sheet(SCORE, EN)


def test_drums_have_no_key_and_stems_up_and_the_tempo_stands_over_the_chords() -> None:
    page = mei.write(SCORE, EN, sheet=True)
    staff = re.search(r'<staffDef[^>]*clef.shape="perc".*?</staffDef>', page)
    assert staff is not None
    assert 'sig="0"' in staff[0]
    struck = [tag for tag in re.findall(r"<(?:note|chord)[^>]*>", page.replace("><", ">\n<")) if "stem.dir" in tag]
    assert struck
    assert all('stem.dir="up"' in tag for tag in struck)
    written = musicxml.write(SCORE).decode()
    drums = written[written.rindex("<part ") :]
    assert "<stem>up</stem>" in drums
    assert re.findall(r"<fifths>(-?\d+)</fifths>", drums) == ["0"]
    marked = abc.read('X:1\nM:4/4\nL:1/4\nQ:1/4=90\nK:D\nP:A\n"D"DFAd|"A"c4|]\n').score
    svg = engraving.sheet(marked, EN)
    heights = {
        name: min(float(y) for y in re.findall(r'y="(-?[\d.]+)"', block))
        for name in ("reh", "harm")
        for block in re.findall(rf'<g [^>]*class="{name}"[^>]*>(.*?)</g>', svg, re.DOTALL)[:1]
    }
    assert heights["reh"] < heights["harm"]


def test_long_piece_has_pages_and_one_tall_sheet() -> None:
    rows = [(b, p) for _ in range(8) for b, p in zip(TUNE.bars[1:4], TUNE.parts[0].bars[1:4], strict=True)]
    bars = tuple(replace(b, repeat_starts=False, repeat_ends=0, ending=(), section="") for b, _ in rows)
    long = replace(TUNE, bars=bars * 3, parts=(replace(TUNE.parts[0], bars=tuple(p for _, p in rows) * 3),))
    assert len(engraving.pages(long, EN)) > 1
    assert 'class="system"' in engraving.sheet(long, EN)


@pytest.mark.parametrize(
    ("name", "key", "found"),
    [("C4", Key("C"), (1, 0, 0)), ("G5", Key("G"), (1, 1, 0)), ("F#4", Key("G"), (7, -1, 0)),
     ("Eb4", Key("C", "minor"), (1, 0, 0)),
     ("A4", Key("A", "yu"), (6, 0, 0)), ("F#4", Key("C"), (4, 0, 1))],
)  # fmt: skip
def test_digit_of_a_pitch(name: str, key: Key, found: tuple[int, int, int]) -> None:
    assert degree(pitch(name), key) == found


def test_numbered_notation_writes_digits_strokes_and_words() -> None:
    tune = abc.read("X:1\nT:小调\nM:2/4\nL:1/8\nK:F\nF2 G/A/c|d4|c2 z2|F4|]\nw:一 二 三 四 五 六 七\n").score
    svg = jianpu(tune, ZH).decode()
    parse(svg.encode())
    assert "".join(re.findall(r'font-size="21"[^>]*>([^<]*)<', svg)) == "12356–501–"
    assert "1=F" in svg
    assert ZH.notice in svg
    assert all(word in svg for word in "一二三四五六七")
    assert jianpu(SCORE, EN).decode().count("<script") == 0


def test_piano_roll_has_a_bar_for_every_tone() -> None:
    svg = piano_roll(SCORE, EN).decode()
    parse(svg.encode())
    assert svg.count("fill-opacity") == len(synthesiser.tones(SCORE))
    assert EN.notice in svg


def test_wav_is_neither_silent_nor_clipped_and_as_long_as_it_says(samples: np.ndarray) -> None:
    with wave.open(io.BytesIO(file.wav(samples, EN))) as sound:
        frames = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        length = sound.getnframes() / sound.getframerate()
    assert 0.5 < np.abs(frames).max() / 32768 < 0.95
    assert np.sqrt((frames / 32768.0) ** 2).mean() > 0.01
    assert length == pytest.approx(synthesiser.seconds(SCORE), rel=0.01)


def test_each_part_sounds_alone() -> None:
    for part in range(len(SCORE.parts)):
        assert np.abs(synthesiser.stem(SCORE, part)).max() > 0.01


@pytest.mark.parametrize("kind", ["mp3", "ogg"])
def test_compressed_sound_opens_and_is_the_same_again(kind: str, samples: np.ndarray) -> None:
    encode = {"mp3": file.mp3, "ogg": file.ogg}[kind]
    content = encode(samples, EN)
    with soundfile.SoundFile(io.BytesIO(content)) as sound:
        assert len(sound) / sound.samplerate == pytest.approx(synthesiser.seconds(SCORE), rel=0.01)
        assert sound.title == EN.title
    assert content == encode(samples, EN)


def test_player_allows_one_script_of_ours_and_fetches_nothing() -> None:
    page = player(SCORE, EN, b"sound").decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/json" class="times">', "<script>"]
    assert "script-src 'sha256-" in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?://(?!www\.w3\.org/(2000/svg|1999/xlink))", page)
    rows = json.loads(re.search(r'class="times">(.*?)</script>', page)[1])  # type: ignore[index]
    assert rows[0][0] == 0
    assert max(end for _, end, _ in rows) == pytest.approx(synthesiser.seconds(SCORE) - synthesiser.TAIL, abs=0.01)


def test_soundfont_that_is_none_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "a.sf2"
    with pytest.raises(InputFileError, match="can't be read"):
        soundfont.rendered(midi.write(SCORE), path, 3)
    path.write_bytes(b"RIFF\0\0\0\0WAVE")
    with pytest.raises(InputFileError, match="is no soundfont"):
        soundfont.rendered(midi.write(SCORE), path, 3)


def test_chinese_and_signs_on_a_page_name_families_that_have_them_first() -> None:
    score = abc.read('X:1\nT:秋夜\nM:4/4\nL:1/4\nQ:1/4=80\nK:Eb\n"Eb"EFGB|\nw: 江 南 秋 月\n').score
    svg = engraving.sheet(score)
    for text, first in (("秋夜", "Noto Sans CJK SC"), ("江", "Noto Sans CJK SC"), ("♩", "DejaVu Sans")):
        runs = re.findall(rf"<tspan ([^>]*)>[^<]*{text}", svg)
        assert runs
        assert all(f"font-family=\"'{first}'" in run for run in runs)
