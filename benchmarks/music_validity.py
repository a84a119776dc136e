"""Does music add up? N works a form, opened by other people's readers, beside the corpus and the net held to nothing.

    python benchmarks/music_validity.py works --works 1000 --form tune        (chorale, song)
    python benchmarks/music_validity.py free --works 100                      the melody net without its constraint
    python benchmarks/music_validity.py corpus                                how many printed tunes add up
    python benchmarks/music_validity.py speed --works 5                       seconds of processor time a work

A work counts as clean where symusic (whose reader of ABC is abcmidi) and music21 read its ABC, music21 its MusicXML
and verovio its MusicXML without an error or a warning, every bar is as long as music21 says its metre is (pick-ups
and their complements together), and its MIDI holds the notes of the score, note for note, by symusic and by mido. A
chorale is besides judged by ``craft.music.voice_leading``, written apart from the constraint.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from statistics import median
from typing import Any

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.melody.tune import METRES, events, full, header, read
from miaobi.craft.music.performance import tones
from miaobi.craft.music.score import Score
from miaobi.craft.music.voice_leading import breaks
from miaobi.engines import open_engine
from miaobi.errors import MiaobiError
from miaobi.forms import find
from miaobi.forms.art import chorale, melodist
from miaobi.types import Prompt, Request, Sampling, write

IDEAS = (
    "Rain on the harbour", "A wedding dance", "The last ferry", "Snow in the garden", "A storm at night",
    "The road home", "A cat on the stairs", "Letters from the sea", "Harvest", "Winter evening", "The clockmaker",
    "Two rivers",
)  # fmt: skip
KEYS = ("", "", "D", "G minor", "A dorian", "Bb", "E", "F#m", "C mixolydian", "Eb")
FORMS = ("AABB", "AABB", "AABA", "ABAC", "AABBCC")


def brief(form: str, seed: int) -> Brief:
    """Return the brief of work *seed*: ideas, keys, metres and forms in turn."""
    options: dict[str, Any] = {"key": KEYS[seed % len(KEYS)]}
    if form == "tune":
        options |= {"form": FORMS[seed % len(FORMS)], "bars": (8, 8, 4)[seed % 3]}
        options |= {"metre": METRES[seed % len(METRES)]} if seed % 2 else {}
    if form == "chorale":
        options |= {"metre": ("4/4", "3/4")[seed % 4 == 3], "phrases": 2 + seed % 3}
        if "mixolydian" in options["key"]:
            options["key"] = "C"
    if form == "song":
        options |= {"lyrics": LYRICS[seed % len(LYRICS)]}
    return Brief(form=form, idea=IDEAS[seed % len(IDEAS)], seed=seed, options=options)


LYRICS = (
    "The lantern burned above the bay\nThe water lay in sleep\nAnd all the boats had gone away\nBeyond the silent deep",
    "I took the road below the hill\nI took it in the rain\n"
    "The mill was dark the wheel was still\nI came that way again",
    "Come in and close the heavy door\nThe night is long and wide\n"
    "The wind has never been before\nSo loud on every side\n\n"
    "Sit down and tell me where you were\nAnd whom you met and how\n"
    "The snow has fallen on your fur\nIt melts upon it now",
)


@contextmanager
def told() -> Iterator[list[str]]:
    """Collect what C libraries say on the standard streams, line by line."""
    lines: list[str] = []
    with tempfile.TemporaryFile() as file:
        kept = [os.dup(n) for n in (1, 2)]
        try:
            for n in (1, 2):
                os.dup2(file.fileno(), n)
            yield lines
        finally:
            for n, old in zip((1, 2), kept, strict=True):
                os.dup2(old, n)
                os.close(old)
            file.seek(0)
            lines += [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]


def faults(score: Score, files: dict[str, bytes]) -> list[str]:
    """Return what other readers find in the files of a score."""
    found = [*_abc(files["abc"].decode()), *_music21(files), *_verovio(files["musicxml"].decode())]
    return [*found, *_midi(score, files["mid"])]


def _abc(text: str) -> list[str]:
    import symusic

    with told() as said:
        try:
            heard = sum(len(track.notes) for track in symusic.Score.from_abc(text).tracks)
        except (RuntimeError, ValueError) as error:
            return [f"symusic abc: {error}"]
    complaints = [f"symusic abc: {line}" for line in said if "error" in line.lower() or "warning" in line.lower()]
    return complaints if heard else [*complaints, "symusic abc: no notes"]


def _music21(files: dict[str, bytes]) -> list[str]:
    from music21 import converter
    from music21.exceptions21 import Music21Exception

    found = []
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for ending in ("abc", "musicxml"):
            try:
                parsed = converter.parse(files[ending].decode(), format=ending)
            except (Music21Exception, ValueError, TypeError, KeyError, IndexError) as error:
                found.append(f"music21 {ending}: {type(error).__name__}: {error}")
                continue
            if ending == "musicxml":
                found += _bars(parsed)
    return found + [f"music21: {w.message}" for w in warned if issubclass(w.category, UserWarning)]


def _bars(parsed: Any) -> list[str]:
    """Return the bars that aren't full by music21; a short one and the next, or the one before, fill one together."""
    found = []
    for part in parsed.parts:
        bars = list(part.getElementsByClass("Measure"))
        sizes = [Fraction(bar.duration.quarterLength).limit_denominator(96) for bar in bars]
        wanted = [Fraction(bar.barDuration.quarterLength).limit_denominator(96) for bar in bars]
        pickup = sizes[0] if sizes[0] < wanted[0] else Fraction(0)
        for i, (size, whole) in enumerate(zip(sizes, wanted, strict=True)):
            if size not in (whole, pickup, whole - pickup):
                found.append(f"bar {i} is {size} of {whole}")
    return found


def _verovio(text: str) -> list[str]:
    import verovio

    verovio.enableLog(verovio.LOG_WARNING)
    try:
        toolkit = verovio.toolkit()
        with told() as said:
            loaded = toolkit.loadData(text)
            drawn = toolkit.renderToSVG(1) if loaded else ""
    finally:
        verovio.enableLog(verovio.LOG_OFF)
    return [f"verovio: {line}" for line in said] + ([] if "note" in drawn else ["verovio: nothing drawn"])


def _midi(score: Score, content: bytes) -> list[str]:
    import mido
    import symusic

    wanted = Counter((float(t.onset * 4), t.pitch) for t in tones(score))
    with tempfile.NamedTemporaryFile(suffix=".mid") as file:
        file.write(content)
        file.flush()
        one = symusic.Score(file.name)
    quarter = one.ticks_per_quarter
    by_symusic = Counter((n.time / quarter, n.pitch) for track in one.tracks for n in track.notes)
    two = mido.MidiFile(file=io.BytesIO(content))
    by_mido: Counter[tuple[float, int]] = Counter()
    for track in two.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                by_mido[now / two.ticks_per_beat, message.note] += 1
    found = []
    for name, heard in (("symusic", by_symusic), ("mido", by_mido)):
        if _near(heard) != _near(wanted):
            found.append(f"{name} hears {sum(heard.values())} notes of {sum(wanted.values())}")
    return found


def _near(heard: Counter[tuple[float, int]]) -> Counter[tuple[int, int]]:
    return Counter({(round(start * 48), pitch): n for (start, pitch), n in heard.items()})


def works(form: str, count: int, first: int, spec: str) -> None:
    """Compose and judge *count* works."""
    kind = find(form)
    engine, beside = open_engine(spec or kind.checkpoints["en"]), cache(open_engine)
    clean, refused, rules = 0, Counter[str](), Counter[str]()
    removed: Counter[str] = Counter()
    bars = 0
    for seed in range(first, first + count):
        try:
            work = compose(brief(form, seed), engine=engine, formats=["abc", "mid", "musicxml"], others=beside)
        except MiaobiError as error:
            refused[type(error).__name__] += 1
            print(f"{seed}: {error}", flush=True)
            continue
        score = kind.content.model_validate(work.content).score  # type: ignore[attr-defined]
        files = {r.name.rpartition(".")[2]: r.content for r in work.renderings if not r.name.endswith(".json")}
        found = faults(score, files)
        for unit in work.content["certificate"]["units"]:
            bars += 1
            removed.update({rule["rule"]: rule["removed"] for rule in unit["rules"]})
        if form == "chorale":
            hard = [b for b in breaks(score) if b.severity == "error"]
            found += [f"voice leading: {b.rule} bar {b.bar}" for b in hard]
        rules.update(fault.split(":")[0] for fault in found)
        clean += not found
        if found:
            print(f"{seed}: {found[:3]}", flush=True)
    made = count - sum(refused.values())
    print(f"{form}: {clean} of {made} clean, {sum(refused.values())} not made {dict(refused)}; faults {dict(rules)}")
    print("mass removed a token, mean over bars: " + ", ".join(f"{k} {v / bars:.3%}" for k, v in removed.most_common()))


def free(count: int, spec: str) -> None:
    """Let the melody net write from headers alone and count the bars that add up."""
    engine = open_engine(spec or "miaobi-folk")
    from miaobi.craft.melody.tune import Section, Tune

    exact = bars = whole = ended = 0
    for seed in range(count):
        metre = ("6/8", "4/4", "2/4", "3/4")[seed % 4]
        head = header(Tune(metre, "major", (Section(()), Section(())), "", 0))
        wish = Request(Prompt(prefix=" ".join(head) + " "), 380, seed, sampling=Sampling(temperature=0.97))
        text = write(engine, wish)[0]
        ended += text.finish == "stop"
        sizes = _sizes(text.text.split(), full(metre))
        bars += len(sizes)
        exact += sum(size == full(metre) for size in sizes)
        whole += bool(sizes) and all(size == full(metre) for size in sizes) and text.finish == "stop"
    share = exact / max(1, bars)
    print(f"free: {exact} of {bars} bars exact ({share:.1%}), {whole} of {count} tunes whole, {ended} ended")


def _sizes(names: list[str], length: int) -> list[int]:
    """Return the ticks of each bar, −1 where it can't be read."""
    starts = [i for i, name in enumerate(names) if name.startswith("|")]
    found = []
    for a, b in zip(starts, [*starts[1:], len(names)], strict=True):
        inner = [n for n in names[a + 1 : b] if n[0] not in "=n" and n not in ("twice", "once") and "part" not in n]
        head = ["tune", f"metre{_metre_of(length)}", "modemajor", "pick0", "parts1", "part1", "once", "|0"]
        try:
            bar = read([*head, *inner]).sections[0].bars[0]
            found.append(sum(n.ticks for n in bar.notes))
        except (ValueError, IndexError, StopIteration):
            found.append(-1)
    return found


def _metre_of(length: int) -> str:
    return {96: "4/4", 72: "6/8", 48: "2/4"}[length]


def corpus() -> None:
    """Count the printed tunes whose bars add up, and why the others are left out."""
    from miaobi.lab.corpus.melody import tunes
    from miaobi.lab.corpus.tune import open_tunes

    dropped: Counter[str] = Counter()
    kept = sum(bool(events(tune)) for _, tune in tunes(open_tunes().read(), dropped))
    total = kept + sum(dropped.values())
    print(f"corpus: {kept} of {total} tunes add up and can be told ({kept / total:.1%}); {dict(dropped.most_common())}")


def speed(count: int) -> None:
    """Tell seconds of processor time a work, the net loaded."""
    for form, options in (("tune", {"form": "AABB"}), ("chorale", {"phrases": 8}), ("song", {"lyrics": LYRICS[0]})):
        engine, beside = open_engine(find(form).checkpoints["en"]), cache(open_engine)
        beside("miaobi-chorale")  # which ranks a song's basses
        seconds = []
        for seed in range(count):
            begin = time.process_time()
            one = Brief(form=form, idea=IDEAS[seed], seed=seed, options=options)
            compose(one, engine=engine, formats=["abc"], others=beside)
            seconds.append(time.process_time() - begin)
        print(f"{form}: {median(seconds):.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("works", "free", "corpus", "speed"))
    parser.add_argument("--works", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first work")
    parser.add_argument("--form", default="tune", choices=("tune", "chorale", "song"))
    parser.add_argument("--engine", default="")
    parser.add_argument(
        "--candidates", type=int, default=0, help="of a phrase: 1 is quick, and validity doesn't depend on how many"
    )
    given = parser.parse_args()
    if given.candidates:
        for module in (chorale, melodist):
            module.CANDIDATES, module.WIDTH = given.candidates, 1
    if given.what == "works":
        works(given.form, given.works, given.first, given.engine)
    elif given.what == "free":
        free(given.works, given.engine)
    elif given.what == "corpus":
        corpus()
    else:
        speed(given.works)
