"""Key: scales, signatures, and which key a melody is in.

Scales of seven degrees and, for 宫商角徵羽, of five: the modes of one pentatonic collection, named by their tonic
among do re mi sol la (杨荫浏, 中国古代音乐史稿, 1981). Keys are found by the profiles of Krumhansl and Kessler
(Krumhansl, Cognitive Foundations of Musical Pitch, 1990, p. 30): correlation of how long each pitch class sounds
with what listeners expect of a key.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from miaobi.craft.music.performance import Tone
from miaobi.craft.music.score import SEMITONES, Key, Mode
from miaobi.types import Floats

SCALES: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "gong": (0, 2, 4, 7, 9),
    "shang": (0, 2, 5, 7, 10),
    "jue": (0, 3, 5, 8, 10),
    "zhi": (0, 2, 5, 7, 9),
    "yu": (0, 3, 5, 7, 10),
}
CHINESE: dict[Mode, str] = {"gong": "宫", "shang": "商", "jue": "角", "zhi": "徵", "yu": "羽"}
_NAMES: dict[Mode, str] = {
    "major": "大调", "minor": "小调", "dorian": "多利亚调式", "phrygian": "弗里几亚调式", "lydian": "利底亚调式",
    "mixolydian": "混合利底亚调式", "locrian": "洛克利亚调式",
}  # fmt: skip
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_LINE = "FCGDAEB"


def scale(key: Key) -> tuple[int, ...]:
    """Return the pitch classes of the key from its tonic; of minor those of the natural one."""
    return tuple((key.tonic_class + d) % 12 for d in SCALES[key.mode])


def allowed(key: Key) -> frozenset[int]:
    """Return the pitch classes that are at home in the key: in minor the raised sixth and seventh too."""
    raised = {(key.tonic_class + 9) % 12, (key.tonic_class + 11) % 12} if key.mode == "minor" else set()
    return frozenset(scale(key)) | raised


def degree(key: Key, pitch_class: int) -> int | None:
    """Return the degree of a pitch class, 1 for the tonic; None for one outside the scale."""
    classes = scale(key)
    return classes.index(pitch_class % 12) + 1 if pitch_class % 12 in classes else None


def of_signature(fifths: int, mode: Mode) -> Key:
    """Return the key of a mode by its signature; ValueError beyond seven sharps or flats of its major."""
    if not -11 <= fifths <= 11:
        raise ValueError(f"{fifths} sharps are no signature")
    place = fifths + 1 - Key("C", mode).fifths
    letter, alter = _LINE[place % 7], place // 7
    if abs(alter) > 2:
        raise ValueError(f"no tonic has {fifths} sharps in {mode}")
    return Key(letter + "#" * alter + "b" * -alter, mode)


def name(key: Key, language: str = "en") -> str:
    """Return the key in words: "G major", "A minor", "G 宫调式"."""
    shown = key.tonic.replace("#", "♯").replace("b", "♭")
    if key.mode in CHINESE:
        return f"{shown} {CHINESE[key.mode]}调式" if language == "zh" else f"{shown} {key.mode} ({CHINESE[key.mode]})"
    return f"{shown} {_NAMES[key.mode]}" if language == "zh" else f"{shown} {key.mode}"


def weights(tones: Sequence[Tone]) -> Floats:
    """Return how long each pitch class sounds, (12,) float32, in whole notes."""
    found = np.zeros(12, np.float32)
    for tone in tones:
        found[tone.pitch % 12] += float(tone.length)
    return found


def correlations(tones: Sequence[Tone]) -> dict[Key, float]:
    """Return by key, major and minor, how well it fits, −1…1; {} for what has no tones or only one pitch class."""
    heard = weights(tones)
    if np.count_nonzero(heard) < 2:
        return {}
    found: dict[Key, float] = {}
    modes: tuple[Mode, Mode] = ("major", "minor")
    for mode in modes:
        for tonic in range(12):
            profile = np.roll(np.array(_PROFILES[mode], np.float32), tonic)
            found[_usual(tonic, mode)] = float(np.corrcoef(heard, profile)[0, 1])
    return found


def detected(tones: Sequence[Tone]) -> tuple[Key, float] | None:
    """Return the key that fits best and its correlation; None where nothing can be said."""
    found = correlations(tones)
    return max(found.items(), key=lambda item: item[1]) if found else None


def _usual(tonic: int, mode: Mode) -> Key:
    """Return the spelling of a key with the fewest accidentals."""
    named = [
        Key(step + sign, mode)
        for step in SEMITONES
        for sign, alter in (("", 0), ("#", 1), ("b", -1))
        if (SEMITONES[step] + alter) % 12 == tonic
    ]
    return min(named, key=lambda k: abs(k.fifths))
