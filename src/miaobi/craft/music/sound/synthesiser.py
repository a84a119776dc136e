"""Synthesiser: tones to samples, parts in stereo, a modest room around them; never clipped.

The room is sparse noise that fades within a second, convolved with the whole (Moorer, About This Reverberation
Business, Computer Music Journal 3:2, 1979, section 4). Every part can be had alone, as a stem.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from miaobi.craft.music.performance import Tone, clock, tones, total
from miaobi.craft.music.score import Score
from miaobi.craft.music.sound.timbre import RATE, STEPS, of_program, ringing, struck
from miaobi.errors import InputFileError
from miaobi.types import Floats, derive_seed

TAIL = 1.5  # seconds after the last bar, in which it dies away
PEAK = 0.89  # of full scale: −1 dBFS
ROOM = 0.16  # how much of it is heard
MOST_SECONDS = 1800


def seconds(score: Score) -> float:
    """Return how long the audio of a score is."""
    return clock(score).seconds(total(score)) + TAIL


def rendered(score: Score, heard: Sequence[Tone] | None = None) -> Floats:
    """Return the score as samples, (N, 2) float32 within −1…1, at 44,100 a second; *heard*: other tones than its
    own.
    """
    return mixed([stem(score, part, heard) for part in range(len(score.parts))])


def stem(score: Score, part: int, heard: Sequence[Tone] | None = None) -> Floats:
    """Return one part dry, (N, 2) float32, not yet levelled; InputFileError for more than half an hour."""
    times = clock(score)
    length = seconds(score)
    if length > MOST_SECONDS:
        raise InputFileError(
            f"The piece is {length / 60:.0f} minutes long.", f"At most {MOST_SECONDS // 60} are rendered."
        )
    size = int(length * RATE)
    line = np.zeros(size, np.float32)
    one = score.parts[part].instrument
    timbre = of_program(one.program)
    for tone in tones(score) if heard is None else heard:
        if tone.part != part:
            continue
        start = max(int(times.seconds(tone.onset) * RATE), 0)
        held = int((times.seconds(tone.onset + tone.length) - times.seconds(tone.onset)) * RATE)
        level = np.float32((tone.loudness / 127) ** 1.6 * 0.3)
        if one.percussion:
            sound = struck(tone.pitch)
        else:
            wanted = held / RATE + timbre.release
            size_of = next((s for s in STEPS if s >= wanted), STEPS[-1])
            sound = _shaped(ringing(timbre, tone.pitch, size_of), held, timbre.attack, timbre.release)
        sound = sound[: max(size - start, 0)]
        line[start : start + len(sound)] += level * sound
    angle = np.pi / 4 + _place(part, len(score.parts)) * np.pi / 6
    return np.stack([np.cos(angle) * line, np.sin(angle) * line], axis=1).astype(np.float32)


def mixed(stems: Sequence[Floats]) -> Floats:
    """Return the stems together in the room, levelled to −1 dBFS; silence stays silence."""
    dry = np.sum(np.stack(stems), axis=0) if stems else np.zeros((1, 2), np.float32)
    wet = np.stack([_convolved(dry[:, c], _room(c)) for c in (0, 1)], axis=1)
    out = dry + np.float32(ROOM) * wet
    peak = float(np.abs(out).max())
    if peak > 0:
        out *= np.float32(PEAK / peak)
    end = min(len(out), int(0.3 * RATE))
    out[len(out) - end :] *= np.linspace(1, 0, end, dtype=np.float32)[:, None]
    return out.astype(np.float32, copy=False)


def _place(part: int, parts: int) -> float:
    """Return where a part sits, −1 left to 1 right: the first in the middle, the others by turns around it."""
    side = (part + 1) // 2 / max((parts + 1) // 2, 1)
    return side if part % 2 else -side


def _shaped(sound: Floats, length: int, attack: float, release: float) -> Floats:
    """Return a tone that is held for *length* samples and then let go."""
    rise, fall = max(int(attack * RATE), 1), int(release * RATE)
    whole = min(length + fall, len(sound))
    out = sound[:whole].copy()
    out[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[: len(out)]
    fall = min(fall, whole)
    out[whole - fall :] *= np.linspace(1, 0, fall, dtype=np.float32) ** 2
    return out


def _room(channel: int) -> Floats:
    rng = np.random.default_rng(derive_seed(channel, "room"))
    size = int(0.9 * RATE)
    time = np.arange(size, dtype=np.float32) / RATE
    echo = rng.standard_normal(size, dtype=np.float32) * (rng.random(size) < 0.02) * np.exp(-6.5 * time)
    echo[: int(0.012 * RATE)] = 0
    return np.asarray(echo / np.sqrt((echo**2).sum()), np.float32)


def _convolved(line: Floats, echo: Floats) -> Floats:
    """Return *line* with its echoes, as long as itself; block by block (overlap-add), as the cache likes it."""
    size = 1 << (3 * len(echo)).bit_length()
    step = size - len(echo) + 1
    spectrum = np.fft.rfft(echo, size)
    out = np.zeros(len(line) + size, np.float32)
    for start in range(0, len(line), step):
        out[start : start + size] += np.fft.irfft(np.fft.rfft(line[start : start + step], size) * spectrum, size)
    return out[: len(line)]
