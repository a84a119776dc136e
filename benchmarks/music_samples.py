"""The six songs of docs/samples/music.md, seeds 1 to 6: words, melodies, measures, and a sheet to be looked at.

    python benchmarks/music_samples.py docs/samples/music.md docs/samples/music.jpg

What a person says in the page, "To be looked at" and "What is weak", stays. The pictures are each song's first page
(of the PDF, by poppler's pdftoppm), its piano roll, and its spectrogram: 60 Hz to 8 kHz on a logarithmic scale, 70 dB
from black to white.
"""

from __future__ import annotations

import argparse
import subprocess
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from miaobi import __version__
from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.key import name as key_name
from miaobi.craft.music.piano_roll import piano_roll
from miaobi.craft.music.shape import leaps, melody
from miaobi.craft.music.sound import synthesiser
from miaobi.craft.music.sound.timbre import RATE
from miaobi.craft.raster import png
from miaobi.forms.art.composition import Piece
from miaobi.trust import label
from miaobi.types import Floats
from miaobi.work import Work

SONGS = (
    ("A lighthouse keeper waits for spring", "en"), ("秋夜江上", "zh"), ("A wedding dance in the harbour", "en"),
    ("春日山行", "zh"), ("The last ferry leaves in the storm", "en"), ("月下思归", "zh"),
)  # fmt: skip
HEAD = (
    "| | song | bars | pitches | compass | peak at, how often | bars said before | leaps, largest | chords, changes |"
)
WIDTH, PAGE, ROLL, SOUND = 540, 560, 200, 120  # px of a cell: its width, and the heights of its three pictures


def spectrogram(samples: Floats, width: int, height: int) -> np.ndarray:
    """Return the sound, (N, 2), as a picture, (height, width, 3) uint8."""
    line, size = samples.mean(1), 4096
    starts = np.linspace(0, len(line) - size, width).astype(int)
    power = np.stack([np.abs(np.fft.rfft(line[s : s + size] * np.hanning(size))) for s in starts], 1)
    rows = np.geomspace(8000, 60, height) * size / RATE
    level = 20 * np.log10(power[rows.astype(int)] + 1e-9)
    shade = np.clip((level - level.max() + 70) / 70, 0, 1)
    return cv2.applyColorMap((255 * shade).astype(np.uint8), cv2.COLORMAP_MAGMA)


def page(pdf: bytes) -> np.ndarray:
    """Return the upper part of a PDF's first page."""
    command = ["pdftoppm", "-png", "-r", "110", "-f", "1", "-l", "1", "-"]
    return fitted(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout, PAGE)


def fitted(picture: bytes, height: int) -> np.ndarray:
    """Return a PNG as wide as a cell, its head where it is longer than *height*."""
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    image = cv2.resize(image, (WIDTH, round(image.shape[0] * WIDTH / image.shape[1])), interpolation=cv2.INTER_AREA)
    out = np.full((height, WIDTH, 3), 255, np.uint8)
    out[: min(height, len(image))] = image[:height]
    return out


def look(piece: Piece, work: Work) -> np.ndarray:
    """Return the three pictures of a song, one above the other."""
    score, language = piece.score, work.brief.language
    roll = piano_roll(score, label.imprint(work.id, work.title, language, work.record.written_by, __version__))
    sound = spectrogram(synthesiser.rendered(score, humanised(score, 0)), WIDTH, SOUND)
    return np.vstack([page(work.rendering("pdf").content), fitted(png(roll.decode(), 2 * WIDTH), ROLL), sound])


def told(number: int, piece: Piece, work: Work) -> list[str]:
    """Return a song's section: its command, what it is, words and melody."""
    score, brief = piece.score, work.brief
    first = score.bars[0]
    assert first.tempo is not None
    lines, own = [], False
    for line in work.rendering("abc").content.decode().split("K:", 1)[1].splitlines()[1:]:
        own = line.startswith("V:1") if line.startswith("V:") else own
        lines += [line] if own and line.strip() and not line.startswith(("V:", "%%")) else []
    zh = " --lang zh" if brief.language == "zh" else ""
    about = f"{key_name(first.key, brief.language)}, {first.metre.name}, {int(first.tempo.bpm)} a minute, {piece.mood}"
    return [
        f"## {number}. {work.title}", "", "```sh", f'miaobi compose song "{brief.idea}" --seed {number}{zh}', "```", "",
        f"{about}; {', '.join(part.name for part in score.parts)}", "", "```text", *lines, "```", "",
    ]  # fmt: skip


def measured(number: int, piece: Piece) -> str:
    """Return a song's row of the table."""
    bars = [tuple((e.pitches, e.length) for e in voices[0]) for voices in piece.score.parts[0].bars]
    again = sum(bar in bars[:k] for k, bar in enumerate(bars)) / len(bars)
    chords = [c.text for bar in piece.score.bars for c in bar.chords]
    pitches = [tone.pitch for tone in melody(piece.score)]
    peaks = [k for k, pitch in enumerate(pitches) if pitch == max(pitches)]
    share, largest = leaps(melody(piece.score))
    cells = (
        number, piece.title, len(bars), len(set(pitches)), max(pitches) - min(pitches),
        f"{peaks[0] / len(pitches):.0%}, {len(peaks)} times", f"{again:.0%}", f"{share:.0%}, {largest}",
        f"{len(set(chords))}, {sum(a != b for a, b in pairwise(chords))}",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("sheet", type=Path)
    options = parser.parse_args()
    kept = options.text.read_text("utf-8")
    rows = [kept[: kept.index("## 1. ")].rstrip("\n"), ""]
    table, cells = [HEAD, "|--:|---|--:|--:|--:|---|--:|---|---|"], []
    edge = {"top": 8, "bottom": 8, "left": 8, "right": 8, "borderType": cv2.BORDER_CONSTANT, "value": (235, 240, 243)}
    for number, (idea, language) in enumerate(SONGS, 1):
        brief = Brief.parse({"form": "song", "idea": idea, "language": language, "seed": number})
        work = compose(brief, formats=["pdf", "abc"])
        piece = Piece.model_validate(work.content)
        rows += told(number, piece, work)
        table.append(measured(number, piece))
        cells.append(cv2.copyMakeBorder(look(piece, work), **edge))
    rows += [kept[kept.index("## To be looked at") : kept.index("## By measures")].rstrip("\n"), ""]
    rows += ["## By measures", "", *table, "", kept[kept.index("## What is weak") :].rstrip("\n")]
    options.text.write_text("\n".join(rows) + "\n", "utf-8")
    sheet = np.vstack([np.hstack(cells[:3]), np.hstack(cells[3:])])
    cv2.imwrite(str(options.sheet), sheet, [cv2.IMWRITE_JPEG_QUALITY, 72, cv2.IMWRITE_JPEG_PROGRESSIVE, 1])


if __name__ == "__main__":
    main()
