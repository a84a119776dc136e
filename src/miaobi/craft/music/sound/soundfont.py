"""Soundfont: a score's MIDI file through a soundfont of the user's, by whichever of three programs is there.

In this order: the wheels ``midirenderer`` and ``tinysoundfont``, the program ``fluidsynth``. None is a dependency,
and no soundfont is shipped or fetched.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np

from miaobi.craft.music.sound.synthesiser import MOST_SECONDS, PEAK
from miaobi.craft.music.sound.timbre import RATE
from miaobi.errors import InputFileError, UnsupportedError, show
from miaobi.types import Floats

MOST_BYTES = 2_000_000_000


def renderers() -> tuple[str, ...]:
    """Return the programs that are here."""
    wheels = tuple(n for n in ("midirenderer", "tinysoundfont") if importlib.util.find_spec(n) is not None)
    return (*wheels, "fluidsynth") if shutil.which("fluidsynth") else wheels


def rendered(midi: bytes, soundfont: Path, seconds: float) -> Floats:
    """Return a MIDI file as samples, (N, 2) float32, *seconds* long, levelled to −1 dBFS.

    InputFileError for what is no soundfont, UnsupportedError where no program is there to play it.
    """
    shown = show(str(soundfont))
    try:
        size = soundfont.stat().st_size
        with soundfont.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        why = (error.strerror or "no reason is told").lower()
        raise InputFileError(f"The soundfont {shown} can't be read: {why}.", "Check the path.") from None
    if head[:4] != b"RIFF" or head[8:12] != b"sfbk" or size > MOST_BYTES:
        raise InputFileError(f"{shown} is no soundfont.", "Give an .sf2 file.")
    if seconds > MOST_SECONDS:
        raise InputFileError(
            f"The piece is {seconds / 60:.0f} minutes long.", f"At most {MOST_SECONDS // 60} are rendered."
        )
    found = renderers()
    if not found:
        raise UnsupportedError(
            "Nothing here plays a soundfont.",
            "pip install midirenderer, or leave the soundfont out: our own synthesiser plays.",
        )
    made = {"midirenderer": _by_midirenderer, "tinysoundfont": _by_tinysoundfont, "fluidsynth": _by_fluidsynth}[
        found[0]
    ](midi, soundfont, seconds)
    out = np.zeros((int(seconds * RATE), 2), np.float32)
    out[: len(made)] = made[: len(out)]
    peak = float(np.abs(out).max())
    return out * np.float32(PEAK / peak) if peak else out


def _by_midirenderer(midi: bytes, soundfont: Path, seconds: float) -> Floats:
    import midirenderer

    return _samples(bytes(midirenderer.render_wave_from(soundfont.read_bytes(), midi)))


def _by_tinysoundfont(midi: bytes, soundfont: Path, seconds: float) -> Floats:
    import tinysoundfont

    synth: Any = tinysoundfont.Synth(samplerate=RATE)
    synth.sfload(str(soundfont))
    sequencer = tinysoundfont.Sequencer(synth)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "score.mid"
        path.write_bytes(midi)
        sequencer.midi_load(str(path))
    step = RATE // 100
    blocks = []
    for _ in range(int(seconds * 100) + 1):
        sequencer.process(0.01)
        blocks.append(np.frombuffer(synth.generate(step), np.float32).reshape(-1, 2).copy())
    return np.concatenate(blocks)


def _by_fluidsynth(midi: bytes, soundfont: Path, seconds: float) -> Floats:
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "score.mid", Path(folder) / "score.wav"
        path.write_bytes(midi)
        command = ["fluidsynth", "-ni", "-F", str(out), "-r", str(RATE), str(soundfont), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)  # noqa: S603 - our own arguments
        return _samples(out.read_bytes())


def _samples(content: bytes) -> Floats:
    with wave.open(io.BytesIO(content)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        found = raw.astype(np.float32) / 32768
        if file.getframerate() != RATE:
            at = np.arange(0, len(found), file.getframerate() / RATE)
            found = np.stack([np.interp(at, np.arange(len(found)), found[:, c]) for c in range(found.shape[1])], axis=1)
    return np.asarray(found if found.shape[1] == 2 else np.repeat(found, 2, axis=1), np.float32)
