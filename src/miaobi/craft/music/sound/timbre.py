"""Timbre: what a tone of an instrument sounds like, by its partials and how they rise and fade; drums by noise and
sweeps.

Additive synthesis (Risset and Mathews, Analysis of Musical-Instrument Tones, Physics Today 22, 1969): a timbre is
the strength of its partials, how fast the high ones fade, and an envelope. Eleven timbres stand for all programs of
General MIDI.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from miaobi.types import Floats, derive_seed

RATE = 44_100  # samples a second
LONGEST = 8.0  # seconds that a tone sounds at most
STEPS = (1.0, 2.5, LONGEST)  # lengths that are computed: most tones are short


@dataclass(frozen=True, slots=True)
class Timbre:
    """Partials and envelope."""

    partials: tuple[float, ...]  # strength of each harmonic
    attack: float = 0.01  # seconds
    release: float = 0.12
    fade: float = 0.0  # a second, of the fundamental: 0 sustains
    damping: float = 0.0  # how much faster each higher partial fades
    stretch: float = 0.0  # inharmonicity of a stiff string
    vibrato: float = 0.0  # cents
    breath: float = 0.0  # noise
    gain: float = 1.0


_PIANO = Timbre((1, 0.55, 0.34, 0.22, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02), 0.004, 0.18, 0.9, 0.35, 4e-4)
_MALLET = Timbre((1, 0.05, 0.02, 0.35, 0, 0, 0, 0, 0.08), 0.003, 0.2, 1.6, 0.5)
_ORGAN = Timbre((1, 0.8, 0.3, 0.45, 0.05, 0.25, 0.03, 0.2), 0.02, 0.08, gain=0.6)
_PLUCKED = Timbre((1, 0.7, 0.45, 0.3, 0.22, 0.15, 0.1, 0.07, 0.05), 0.002, 0.1, 1.5, 0.5, 1e-4)
_ZITHER = Timbre((1, 0.6, 0.5, 0.35, 0.25, 0.2, 0.12, 0.08, 0.06, 0.04), 0.002, 0.5, 0.8, 0.3, 1e-4)
_LOW = Timbre((1, 0.5, 0.25, 0.12, 0.05), 0.006, 0.08, 0.6, 0.4, gain=1.2)
_BOWED = Timbre((1, 0.55, 0.45, 0.3, 0.22, 0.2, 0.12, 0.1, 0.08, 0.05), 0.07, 0.12, vibrato=11, gain=0.7)
_CHOIR = Timbre((1, 0.5, 0.32, 0.12, 0.08, 0.05, 0.03), 0.08, 0.18, vibrato=14, breath=0.006, gain=0.8)
_BRASS = Timbre((0.7, 1, 0.85, 0.6, 0.45, 0.3, 0.2, 0.12, 0.08), 0.035, 0.08, vibrato=3, gain=0.6)
_REED = Timbre((1, 0.15, 0.65, 0.1, 0.4, 0.08, 0.25, 0.05, 0.12), 0.03, 0.08, vibrato=5, gain=0.65)
_FLUTE = Timbre((1, 0.35, 0.12, 0.05, 0.02), 0.045, 0.09, vibrato=9, breath=0.02, gain=0.9)
_ENDS: tuple[tuple[int, Timbre], ...] = (  # first program of the next family of General MIDI
    (8, _PIANO), (16, _MALLET), (24, _ORGAN), (32, _PLUCKED), (40, _LOW), (45, _BOWED), (47, _ZITHER), (48, _MALLET),
    (52, _BOWED), (56, _CHOIR), (64, _BRASS), (72, _REED), (80, _FLUTE), (96, _BOWED), (104, _CHOIR), (108, _ZITHER),
    (109, _MALLET), (110, _REED), (111, _BOWED), (112, _REED), (128, _MALLET),
)  # fmt: skip


def of_program(program: int) -> Timbre:
    """Return the timbre that stands for a program of General MIDI."""
    return next(timbre for end, timbre in _ENDS if program < end)


@lru_cache(maxsize=512)
def ringing(timbre: Timbre, midi: int, seconds: float = LONGEST) -> Floats:
    """Return a tone of a MIDI key that is never let go, (seconds · RATE,) float32, without its attack."""
    frequency = 440.0 * 2.0 ** ((midi - 69) / 12)
    time = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
    phase = 2 * np.pi * frequency * time
    if timbre.vibrato:
        depth = frequency * (2 ** (timbre.vibrato / 1200) - 1) / 5.3
        phase = phase + depth * np.sin(2 * np.pi * 5.3 * time) * np.minimum(time / 0.5, 1)
    out = np.zeros_like(time)
    for n, strength in enumerate(timbre.partials, 1):
        ratio = n * np.sqrt(1 + timbre.stretch * n * n)
        if not strength or frequency * ratio > 0.45 * RATE:
            continue
        fade = timbre.fade * (frequency / 261.6) ** 0.5 * (1 + timbre.damping * (n - 1))
        partial = np.sin(np.float32(ratio) * phase.astype(np.float32))
        out += np.float32(strength) * (partial * np.exp(-fade * time) if fade else partial)
    out /= sum(timbre.partials) ** 0.7
    if timbre.breath:
        noise = np.random.default_rng(derive_seed(midi, "breath")).standard_normal(len(time), dtype=np.float32)
        out += np.float32(timbre.breath) * noise
    out *= np.float32(timbre.gain * _even(frequency))
    out.flags.writeable = False
    return out.astype(np.float32, copy=False)


def _even(frequency: float) -> float:
    """Return the gain that makes high and low tones about equally loud to the ear."""
    return float(min(1.5, max(0.45, (330 / frequency) ** 0.35)))


@lru_cache(maxsize=64)
def struck(key: int) -> Floats:
    """Return one stroke of a drum of General MIDI, float32."""
    rng = np.random.default_rng(derive_seed(key, "drum"))

    def noise(seconds: float, fade: float, high: bool) -> Floats:
        made = rng.standard_normal(int(seconds * RATE), dtype=np.float32)
        made = np.diff(made, prepend=np.float32(0)) if high else made
        time = np.arange(len(made), dtype=np.float32) / RATE
        return made * np.exp(-fade * time)

    def sweep(seconds: float, start: float, end: float, fade: float) -> Floats:
        time = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
        frequency = end + (start - end) * np.exp(-30 * time)
        return np.asarray(np.sin(2 * np.pi * np.cumsum(frequency) / RATE) * np.exp(-fade * time), np.float32)

    if key in (35, 36):
        return sweep(0.4, 160, 48, 9)
    if key in (38, 40):
        body, rattle = sweep(0.25, 260, 185, 18), noise(0.25, 16, high=True)
        return 0.5 * body + 0.35 * rattle
    if key in (42, 44):
        return 0.35 * noise(0.09, 55, high=True)
    if key in (46, 54, 70):
        return 0.3 * noise(0.35, 11 if key == 46 else 28, high=True)
    if key in (49, 51, 52, 53, 55, 57, 59):
        return 0.3 * noise(1.4, 3.5 if key == 49 else 6, high=True)
    if key in (41, 43, 45, 47, 48, 50):
        return 0.8 * sweep(0.45, 60 + 3.2 * (key - 30), 45 + 2.6 * (key - 30), 8)
    return 0.5 * sweep(0.12, 900, 700 + 5 * key, 40) + 0.05 * noise(0.12, 50, high=True)
