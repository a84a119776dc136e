"""Bach's chorales out of music21's corpus, as a net is to learn them: ``craft.chorale.setting``'s events.

    MusicXML ──▶ four voices on a grid of sixteenths ──▶ tonic and mode ──▶ events, with and without known voices or
    beats

Most files are by Margaret Greentree, in music21 by her permission, some by CCARH: they are read on the user's
machine, and nothing of them is passed on but the weights. Left out are those that haven't four voices, that are in
another metre than 4/4 and 3/4, or that have notes off the grid; of two settings that are the same, the second. The
tonic is the last bass note, the mode what the signature makes of it.
"""

from __future__ import annotations

import hashlib
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from miaobi.craft.chorale.setting import GRID, VOICES, Beat, Cell, Setting, events, header, known
from miaobi.craft.music.score import SEMITONES, Mode, Pitch
from miaobi.engines.disk import digest
from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.tune import corpus_folder
from miaobi.types import derive_seed

RARE = 4  # a setting with an event that stands in fewer is left out
_ORDER = "SATB"  # of the parts in a file
_MODES: dict[int, Mode] = {0: "major", 2: "dorian", 4: "phrygian", 7: "mixolydian", 9: "minor"}
_LONGEST = 120  # beats
_TOLD = 16  # beats behind a gap that are told beforehand


class _UnreadableError(ValueError):
    """Why a chorale is left out."""


def open_chorales() -> Source:
    """Return the chorales of music21's corpus as events."""
    files = sorted((corpus_folder() / "bach").glob("*.mxl"))
    sha256 = hashlib.sha256("".join(digest(file) for file in files).encode()).hexdigest()
    origin = Origin(
        "music21 bach",
        "public domain (music); encodings by permission to music21, most by Margaret Greentree",
        "package music21",
        sha256,
        "chorales in four voices",
    )
    return Source(origin, lambda: _tell(files))


def settings(files: list[Path], dropped: Counter[str] | None = None) -> Iterator[tuple[str, Setting]]:
    """Yield the settings that can be read, by the names of their files; *dropped* is told why others can't."""
    met: set[tuple[str, ...]] = set()
    for file in files:
        try:
            setting = read_mxl(file.read_bytes())
        except _UnreadableError as error:
            if dropped is not None:
                dropped[str(error)] += 1
            continue
        text = tuple(events(setting))
        if text in met:
            if dropped is not None:
                dropped["the same as one before"] += 1
            continue
        met.add(text)
        yield file.stem, setting


def _tell(files: list[Path]) -> Iterator[Document]:
    read = list(settings(files))
    met = Counter(name for _, setting in read for name in set(events(setting)))
    melodies: dict[tuple[str, ...], str] = {}
    for name, setting in read:
        if any(met[event] < RARE for event in events(setting)):
            continue
        tune = tuple(p.name for beat in setting.beats for p in beat.cells["S"].pitches)[:16]
        meta = {"family": melodies.setdefault(tune, name)}  # settings of one melody stay on one side of a split
        yield Document(name, " ".join(events(setting)), meta)
        for kind in ("melody", "voices", "gap"):
            rng = random.Random(derive_seed(0, "chorale", name, kind))
            yield Document(f"{name}/{kind}", " ".join(_variant(setting, kind, rng)), meta)


def _variant(setting: Setting, kind: str, rng: random.Random) -> list[str]:
    """Return a setting of which something is known beforehand: its melody, some voices, or what follows a gap."""
    whole, size = events(setting), len(header(setting))
    if kind == "gap":
        length = rng.randint(2, 16)
        start = rng.randrange(max(1, len(setting.beats) - length))
        end = start + length
        told = known(setting, lambda beat, voice: end <= beat < end + _TOLD)
        return [*whole[:size], *told, *events(setting, end)[size:]]
    voices = "S" if kind == "melody" else rng.choice(("B", "SB", "A", "T", "SA", "BT", "SAT", "SBA"))
    return [*whole[:size], *known(setting, lambda beat, voice: voice in voices), *whole[size:]]


# --- MusicXML -------------------------------------------------------------------------------------------------


def read_mxl(content: bytes) -> Setting:
    """Return the setting in a compressed MusicXML file. ValueError says why it can't be learnt from."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        name = next(n for n in archive.namelist() if n.endswith((".xml", ".musicxml")) and "META-INF" not in n)
        root = ElementTree.fromstring(archive.read(name))  # noqa: S314 a file of an installed package
    parts = root.findall("part")
    if len(parts) != len(VOICES):
        raise _UnreadableError("not four voices")
    metres = {(t.findtext("beats"), t.findtext("beat-type")) for t in root.iter("time")}
    if metres not in ({("4", "4")}, {("3", "4")}):
        raise _UnreadableError("another metre")
    signatures = {int(k.findtext("fifths") or 0) for k in root.iter("key")}
    if len(signatures) != 1:
        raise _UnreadableError("several keys")
    lines = {voice: _line(part) for voice, part in zip(_ORDER, parts, strict=True)}
    lengths = {len(slots) for slots, _, _ in lines.values()}
    if len(lengths) != 1 or lengths.pop() % GRID:
        raise _UnreadableError("voices of several lengths")
    beats_a_bar = int(next(iter(metres))[0] or 4)
    return _setting(
        {v: own[0] for v, own in lines.items()}, lines["S"][1], lines["S"][2], beats_a_bar, signatures.pop()
    )


_Slot = tuple[str, Pitch | None]  # mark, pitch


def _line(part: ElementTree.Element) -> tuple[list[_Slot], set[int], list[int]]:
    """Return a part's sixteenths, those with a fermata, and where its bars begin."""
    slots: list[_Slot] = []
    fermatas: set[int] = set()
    bars: list[int] = []
    divisions = 1
    for bar in part.findall("measure"):
        bars.append(len(slots))
        if bar.find("backup") is not None:
            raise _UnreadableError("two voices in a part")
        for element in bar:
            if element.tag == "attributes" and element.findtext("divisions"):
                divisions = int(element.findtext("divisions") or 1)
            if element.tag == "note" and element.find("grace") is None:
                _note(element, divisions, slots, fermatas)
    return slots, fermatas, bars


def _note(element: ElementTree.Element, divisions: int, slots: list[_Slot], fermatas: set[int]) -> None:
    if element.find("chord") is not None:
        raise _UnreadableError("chords in a part")
    length = Fraction(int(element.findtext("duration") or 0) * GRID, divisions)
    if length.denominator != 1:
        raise _UnreadableError("notes off the grid")
    if element.find(".//fermata") is not None:
        fermatas.add(len(slots))
    pitched = element.find("pitch")
    if pitched is None:
        slots += [("r", None)] * (length >= 1) + [("-", None)] * (int(length) - 1)
        return
    value = Pitch(
        pitched.findtext("step") or "C", int(pitched.findtext("alter") or 0), int(pitched.findtext("octave") or 4)
    )
    held = any(tie.get("type") == "stop" for tie in element.findall("tie"))
    begun = "-" if held and slots and slots[-1][1] == value else "o"
    slots += [(begun, value)] * (length >= 1) + [("-", value)] * (int(length) - 1)


def _setting(lines: dict[str, list[_Slot]], fermatas: set[int], bars: list[int], a_bar: int, fifths: int) -> Setting:
    last = next((value for _, value in reversed(lines["B"]) if value is not None), None)
    count = len(lines["S"]) // GRID
    if last is None or not 12 <= count <= _LONGEST:
        raise _UnreadableError("silent, too short or too long")
    mode = _MODES.get((last.midi - 7 * fifths) % 12)
    if mode is None:
        raise _UnreadableError("no mode")
    root = last.midi % 12
    shift = root if root <= 6 else root - 12
    if any(bar % GRID for bar in bars):
        raise _UnreadableError("bars off the beat")
    places = _places([bar // GRID for bar in bars], count, a_bar)
    marks = {slot // GRID for slot in fermatas} | {count - 1}
    ends = {_held_to(lines["S"], beat) for beat in marks}
    beats = []
    for i in range(count):
        cells = {voice: _cell(lines[voice][GRID * i : GRID * (i + 1)], shift, last) for voice in VOICES}
        beats.append(Beat(places[i], cells, i in ends))
    return Setting(f"{a_bar}/4", mode, shift, tuple(beats))


def _places(bars: list[int], count: int, a_bar: int) -> list[int]:
    """Return each beat's place in its bar; a short first bar is a pick-up, and a bar split by a repeat goes on."""
    out: list[int] = []
    for start, end in zip(bars, [*bars[1:], count], strict=True):
        size = end - start
        if size > a_bar:
            raise _UnreadableError("a bar too long")
        first = out[-1] % a_bar if out else (a_bar - size) % a_bar
        out += [(first + k) % a_bar + 1 for k in range(size)]
    return out


def _held_to(slots: list[_Slot], beat: int) -> int:
    """Return the last beat through which the note of *beat* is held: the fermata is there."""
    while GRID * (beat + 1) < len(slots) and all(m == "-" for m, _ in slots[GRID * (beat + 1) : GRID * (beat + 2)]):
        beat += 1
    return beat


def _cell(slots: list[_Slot], shift: int, tonic: Pitch) -> Cell:
    return Cell("".join(m for m, _ in slots), tuple(_rooted(p, shift, tonic) for m, p in slots if m == "o" and p))


def _rooted(value: Pitch, shift: int, tonic: Pitch) -> Pitch:
    """Return a pitch moved so that the tonic is C."""
    steps = "CDEFGAB".index(tonic.step)
    steps = steps if abs(SEMITONES[tonic.step] + tonic.alter - shift) < 6 else steps - 7
    octave, letter = divmod(value.line - steps, 7)
    step = "CDEFGAB"[letter]
    alter = value.midi - shift - Pitch(step, 0, octave).midi
    if abs(alter) > 1:
        raise _UnreadableError("double accidentals")
    return Pitch(step, alter, octave)
