"""Word vectors against their peers: GloVe against Stanford's C program, word2vec beside gensim called directly.

Usage: python benchmarks/vectors.py TEXT [--stanford FOLDER] [--rounds N] [--dimensions D] [--window W] [--iterations I]
       [--threads N] [--flags CFLAGS] [--no-word2vec]

TEXT: UTF-8, a context a line, words between spaces. FOLDER: a checkout of the C program; its sources are compiled
with the system's compiler (its own Makefile's flags) in a temporary folder. Both read the same text with the same
least count, dimensions, window, iterations, x_max and alpha, and write word2vec's text format; ours runs as `miaobi
lab vectors`, so that the start of Python is part of it. Rounds alternate. What is compared is the whole run, in
processor seconds (fair on a machine that others use) and in seconds on the clock, median of the rounds; then
WordSim-353 and SimLex-999 of the last round.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from miaobi.lab.vectors import judgement, word2vec
from miaobi.lab.vectors.embedding import WordVectors

LEAST, X_MAX, ALPHA = 5, 10, 0.75
Times = tuple[float, float]  # processor seconds, seconds


def clocked(run: Callable[[], object]) -> Times:
    """Return what *run* takes, its child processes among it."""

    def used() -> float:
        kinds = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(k.ru_utime + k.ru_stime for k in kinds)

    before, begin = used(), time.monotonic()
    run()
    return used() - before, time.monotonic() - begin


def compile_stanford(checkout: Path, folder: Path, flags: str) -> Path:
    """Compile the C program in *folder*; return where its commands are."""
    shutil.copytree(checkout / "src", folder / "src")
    shutil.copy(checkout / "Makefile", folder)
    subprocess.run(
        ["make", "--silent", *([f"CFLAGS={flags}"] if flags else [])], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    return folder / "build"


def stanford(build: Path, text: Path, folder: Path, asked: argparse.Namespace) -> Path:
    """Run the four commands of the C program; return the file of vectors."""

    def command(name: str, *options: object, given: Path, out: Path | None = None) -> None:
        words = [str(build / name), "-verbose", "0", *map(str, options)]
        with given.open("rb") as source, (out or Path(os.devnull)).open("wb") as target:
            subprocess.run(words, stdin=source, stdout=target, stderr=subprocess.DEVNULL, check=True)

    words, pairs, mixed = folder / "vocab.txt", folder / "pairs.bin", folder / "mixed.bin"
    memory = ("-memory", asked.memory)
    command("vocab_count", "-min-count", LEAST, given=text, out=words)
    window = ("-vocab-file", words, "-window-size", asked.window, "-overflow-file", folder / "overflow")
    command("cooccur", *memory, *window, given=text, out=pairs)
    command("shuffle", *memory, "-seed", 1, "-temp-file", folder / "shuffle", given=pairs, out=mixed)
    learning = ("-x-max", X_MAX, "-alpha", ALPHA, "-iter", asked.iterations, "-vector-size", asked.dimensions)
    files = ("-save-file", folder / "vectors", "-input-file", mixed, "-vocab-file", words)
    command("glove", *files, *learning, "-threads", asked.threads, "-binary", 0, "-write-header", 1, given=text)
    return folder / "vectors.txt"


def ours(text: Path, folder: Path, asked: argparse.Namespace, method: str = "glove") -> Path:
    """Run `miaobi lab vectors`; return the file of vectors."""
    out = folder / f"{method}.txt"
    words = [sys.executable, "-m", "miaobi", "lab", "vectors", text, "--out", out, "--method", method, "--spaces"]
    words += ["--dimensions", asked.dimensions, "--window", asked.window, "--epochs", asked.iterations]
    words += ["--least", LEAST, "--threads", asked.threads, "--memory", asked.memory]
    subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out


def gensim_directly(text: Path, method: str, asked: argparse.Namespace) -> object:
    """Run gensim as its documentation shows it."""
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    return Word2Vec(
        LineSentence(str(text)),
        vector_size=asked.dimensions,
        window=5,
        min_count=LEAST,
        sg=int(method == "skipgram"),
        epochs=2,
        workers=asked.threads,
    )


def summary(name: str, times: list[Times]) -> Times:
    """Print and return the medians of the rounds."""
    cpu, clock = (statistics.median(t[i] for t in times) for i in (0, 1))
    spread = " ".join(f"{t[0]:.1f}" for t in times)
    print(f"{name:28} {cpu:9.1f} s processor {clock:9.1f} s clock   (processor, each round: {spread})", flush=True)
    return cpu, clock


def judged(name: str, path: Path) -> None:
    """Print how vectors agree with people."""
    vectors = WordVectors.load(path)
    found = [judgement.similarity(vectors, s) for s in judgement.SETS]
    a = judgement.analogies(vectors)
    told = "  ".join(f"{s.name} {s.correlation:.3f} ± {s.margin:.3f} ({s.known} pairs)" for s in found)
    print(f"{name:28} {told}  analogies {a.share:.1%} of {a.known:,}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Word vectors against their peers.")
    parser.add_argument("text", type=Path)
    parser.add_argument("--stanford", type=Path, metavar="FOLDER")
    parser.add_argument("--flags", default="", help="the C compiler's, instead of the Makefile's")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--window", type=int, default=10)
    parser.add_argument("--iterations", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory", type=float, default=4.0)
    parser.add_argument("--no-word2vec", action="store_true")
    asked = parser.parse_args()
    print(f"load before the start: {os.getloadavg()[0]:.1f}; {asked}", flush=True)
    with tempfile.TemporaryDirectory(prefix="vectors-") as name:
        folder = Path(name)
        glove(asked, folder)
        if not asked.no_word2vec:
            beside_gensim(asked)


def glove(asked: argparse.Namespace, folder: Path) -> None:
    """Compare GloVe with the C program, in alternating rounds."""
    ours(asked.text, folder, asked)  # compiles what numba keeps on the disk from then on
    build = compile_stanford(asked.stanford, folder, asked.flags) if asked.stanford else None
    mine, theirs = [], []
    for _ in range(asked.rounds):
        mine.append(clocked(lambda: ours(asked.text, folder, asked)))
        if build:
            theirs.append(clocked(lambda b=build: stanford(b, asked.text, folder, asked)))
    a = summary("miaobi GloVe", mine)
    judged("miaobi GloVe", folder / "glove.txt")
    if build:
        b = summary("Stanford GloVe (C)", theirs)
        judged("Stanford GloVe (C)", folder / "vectors.txt")
        print(f"whole run, C by ours: {b[0] / a[0]:.2f} in processor time, {b[1] / a[1]:.2f} on the clock", flush=True)


def beside_gensim(asked: argparse.Namespace) -> None:
    """Compare word2vec through miaobi with gensim called directly: what does the right loss cost?"""
    for method in ("skipgram", "cbow"):
        recipe = word2vec.Recipe(
            method=method, dimensions=asked.dimensions, epochs=2, least=LEAST, workers=asked.threads
        )
        mine, theirs = [], []
        for _ in range(asked.rounds):
            mine.append(clocked(lambda r=recipe: word2vec.learn(asked.text, r)))
            theirs.append(clocked(lambda m=method: gensim_directly(asked.text, m, asked)))
        a, b = summary(f"miaobi {method}", mine), summary(f"gensim {method}", theirs)
        print(f"gensim by ours: {b[0] / a[0]:.2f} in processor time, {b[1] / a[1]:.2f} on the clock", flush=True)


if __name__ == "__main__":
    main()
