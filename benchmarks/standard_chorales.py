"""The chorale net on the split that papers use: trained on its training side alone, told by nats on its test side.

    python benchmarks/standard_chorales.py split TOLD JSB OUT       OUT: a corpus of the training side, and sides.json
    miaobi lab tokens OUT NAMES --out TOKENS --validation 0.05 --test 0
    miaobi lab train NAME TOKENS NAMES --width 192 --layers 4 --heads 3 --steps 400 --batch 6 --warmup 30 \\
        --dropout 0.1 --context 1024 --packed --corpus OUT
    miaobi lab export NAME --out NET.gguf --type F32
    python benchmarks/standard_chorales.py score TOLD OUT NET.gguf

TOLD and NAMES are what `recipes/chorales.py` leaves; JSB is `Jsb16thSeparated.json` of
github.com/czhuang/JSB-Chorales-dataset (229 chorales to train on, 76 and 77 to judge by, Boulanger-Lewandowski et al.
2012), which isn't ours to ship. It has no titles, so chorales are matched by the intervals of their outer voices; what
matches nothing is left out of both sides.

The unit is a voice and a sixteenth, as in score2perf and Music Transformer (Huang et al. 2018: 0.335 with relative
attention, 0.417 without). The coding is not theirs: a beat's rhythm comes before its notes, all is moved to the tonic
C, and bars, fermatas and ties are told too, which counts against us; the key, which is told beforehand, counts for us.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from miaobi.craft.music.score import pitch
from miaobi.engines import open_engine
from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.store import Corpus, write_corpus
from miaobi.types import Prompt

RUN = 7  # intervals in a row that two chorales share, or don't
ALIKE = 0.7  # share of the shorter one's runs from which on two are one chorale

Runs = frozenset[tuple[str, tuple[int, ...]]]


def runs(voices: dict[str, list[int]]) -> Runs:
    """Return the runs of intervals of soprano and bass; notes said again count once: a grid doesn't tell them apart."""
    found = set()
    for name in "SB":
        line = [key for i, key in enumerate(voices[name]) if i == 0 or voices[name][i - 1] != key]
        steps = [b - a for a, b in pairwise(line)]
        found |= {(name, tuple(steps[i : i + RUN])) for i in range(len(steps) - RUN + 1)}
    return frozenset(found)


def of_told(text: str) -> dict[str, list[int]]:
    """Return the MIDI keys of each voice of a chorale as the net is told of it."""
    voices: dict[str, list[int]] = {name: [] for name in "SATB"}
    voice = ""
    for event in text.split():
        if event[:2] in ("S:", "A:", "T:", "B:"):
            voice = event[0]
        elif voice and re.fullmatch(r"[A-G][#b]*\d", event):
            voices[voice].append(pitch(event).midi)
    return voices


def of_grid(rows: list[list[int]]) -> dict[str, list[int]]:
    """Return the MIDI keys of each voice of a chorale on a grid of sixteenths, rests (−1) left out."""
    return {name: [row[k] for row in rows if row[k] > 0] for k, name in enumerate("SATB")}


def sides_of(told: Path, jsb: Path) -> dict[str, str]:
    """Return by the id of a chorale of ours which side of the standard split it is on."""
    standard = [
        (side, number, runs(of_grid(rows)))
        for side, pieces in json.loads(jsb.read_text("utf-8")).items()
        for number, rows in enumerate(pieces)
    ]
    found: dict[str, str] = {}
    hit: Counter[tuple[str, int]] = Counter()
    whole = [d for d in Corpus(told) if "/" not in d.id]
    for document in whole:
        own = runs(of_told(document.text))

        def alike(one: tuple[str, int, Runs], own: Runs = own) -> float:
            return len(own & one[2]) / max(1, min(len(own), len(one[2])))

        best = max(standard, key=alike)
        if alike(best) >= ALIKE:
            found[document.id] = best[0]
            hit[best[:2]] += 1
    print(f"{len(found)} of our {len(whole)} chorales matched:", dict(Counter(found.values())))
    for side in ("train", "valid", "test"):
        print(f"of the standard {side} side {sum(k[0] == side for k in hit)} of {sum(s[0] == side for s in standard)}")
    return found


def split(told: Path, jsb: Path, out: Path) -> None:
    """Write the training side as a corpus, gaps and known voices among its rows, and who is on which side."""
    sides = sides_of(told, jsb)

    def training() -> Iterator[Document]:
        return (d for d in Corpus(told) if sides.get(d.id.partition("/")[0]) == "train")

    origin = Origin("standard split, training side", Corpus(told).manifest.origins[0].licence, str(told.name))
    made = write_corpus(out, [Source(origin, training)])
    (out / "sides.json").write_text(json.dumps(sides), "utf-8")
    print(f"{len(made)} rows in {out}")


def score(told: Path, out: Path, net: str) -> None:
    """Print what the net takes for the chorales of the test side."""
    sides = json.loads((out / "sides.json").read_text("utf-8"))
    engine = open_engine(net)
    for side in ("valid", "test"):
        nats, slots, skipped, count = 0.0, 0, 0, 0
        for document in Corpus(told):
            if sides.get(document.id) != side:
                continue
            if len(document.text.split()) + 2 >= (engine.checkpoint.context or 512):
                skipped += 1
                continue
            count += 1
            nats -= sum(engine.score(Prompt(prefix=""), [document.text + " "])[0])
            slots += 16 * sum(bool(re.fullmatch(r"b\d+", event)) for event in document.text.split())
        told_of = f"{count} chorales, {skipped} longer than the context"
        print(f"{side}: {nats / slots:.3f} nats a voice and sixteenth; {told_of}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("split", "score"))
    parser.add_argument("told", type=Path)
    parser.add_argument("second", help="JSB to split, OUT to score")
    parser.add_argument("third", help="OUT to split, NET to score")
    given = parser.parse_args()
    if given.what == "split":
        split(given.told, Path(given.second), Path(given.third))
    else:
        score(given.told, Path(given.second), given.third)
