"""How long a 32-bar song of four parts takes to engrave, to sound and to write, processor seconds on one thread.

python benchmarks/music_speed.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from miaobi.craft.music import abc, engraving, mei, midi, musicxml
from miaobi.craft.music.arrangement.accompaniment import accompaniment
from miaobi.craft.music.arrangement.bass import bass
from miaobi.craft.music.arrangement.drumming import drumming
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.jianpu import jianpu
from miaobi.craft.music.piano_roll import piano_roll
from miaobi.craft.music.player import player
from miaobi.craft.music.score import Score
from miaobi.craft.music.sound import file, synthesiser
from miaobi.trust.label import imprint

HEAD = "X:1\nT:Thirty-two bars\nM:4/4\nL:1/8\nQ:1/4=100\nK:G\n"
A = (
    '"G"G2AB d2B2|"C"c2e2 "D7"d2c2|"G"B2d2 "Em"B2G2|'
    '"Am"A2B2 "D7"A4|"G"G2AB d2B2|"C"c2e2 "D7"d2c2|"G"BdBG "D7"AcBA|"G"G8|\n'
)
B = '"Em"e2ef g2f2|"Bm"e2d2 B4|"C"c2cd e2c2|"D7"A2B2 d4|"Em"e2ef g2f2|"G"d2B2 G4|"Am"c2BA "D7"F2A2|"G"G8|\n'


def song() -> Score:
    """Return AABA with accompaniment, bass and drums."""
    tune = abc.read(HEAD + A + A + B + A).score
    return replace(
        tune, parts=(*tune.parts, accompaniment(tune, "broken"), bass(tune, "walking"), drumming(tune, "folk", 1))
    )


def main() -> None:
    """Print a line a step."""
    score, label = song(), imprint("00000000-0000-5000-8000-000000000000", "Thirty-two bars", "en", "none", "0")
    samples = synthesiser.rendered(score, humanised(score, 1))
    synthesiser.ringing.cache_clear()
    steps: dict[str, Callable[[], object]] = {
        "engraved PDF": lambda: engraving.pdf(score, label),
        "engraved SVG": lambda: engraving.sheet(score, label),
        "WAV": lambda: file.wav(synthesiser.rendered(score, humanised(score, 1)), label),
        "MP3": lambda: file.mp3(samples, label),
        "Ogg Vorbis": lambda: file.ogg(samples, label),
        "player (without its sound)": lambda: player(score, label, b""),
        "numbered notation": lambda: jianpu(score, label),
        "piano roll": lambda: piano_roll(score, label),
        "ABC, MusicXML, MEI, MIDI": lambda: [
            abc.write(score),
            musicxml.write(score),
            mei.write(score),
            midi.write(score),
        ],
    }
    bars, length = len(score.bars), synthesiser.seconds(score)
    print(f"{bars} bars, {len(score.parts)} parts, {length:.0f} s of sound")
    for name, step in steps.items():
        start, clock = time.process_time(), time.perf_counter()
        step()
        print(f"{name:28} {time.process_time() - start:6.2f} s processor, {time.perf_counter() - clock:6.2f} s wall")


if __name__ == "__main__":
    main()
