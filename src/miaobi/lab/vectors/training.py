"""Word vectors from a corpus in one call, with a record of what they were learnt from and how.

A corpus is a folder that ``lab corpus`` made, whose training split is read, or a text file, a context a line.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from miaobi.engines.disk import digest, write_whole
from miaobi.errors import CorpusError, UnknownNameError, show
from miaobi.lab.corpus.split import split_of
from miaobi.lab.corpus.store import Corpus
from miaobi.lab.disk import kept
from miaobi.lab.vectors import cooccurrence, glove, word2vec
from miaobi.lab.vectors.embedding import WordVectors, of
from miaobi.lab.vectors.sentence import WordList, count, encode, lines, prose_words

Method = Literal["glove", "skipgram", "cbow"]
METHODS: tuple[Method, ...] = ("glove", "skipgram", "cbow")
Progress = Callable[[int, float], None]  # epoch, from 1, and its loss


@dataclass(frozen=True)
class Order:
    """What to learn. ``window`` and ``epochs`` 0: the method's own (GloVe 10 and 15, word2vec 5 and 5)."""

    method: Method = "glove"
    dimensions: int = 100
    epochs: int = 0
    window: int = 0
    least: int = 5
    most: int = 0  # words that get a vector; 0: all that occur often enough
    negative: int = 5  # word2vec only; 0: hierarchical softmax
    seed: int = 0
    threads: int = 1
    memory: float = 2.0  # gigabytes for co-occurrences
    spaces: bool = False  # words are what stands between spaces, as it stands


@dataclass(frozen=True)
class Outcome:
    """The vectors and their record."""

    vectors: WordVectors
    losses: tuple[float, ...]
    record: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write the vectors to *path* and the record beside them (``NAME.json``)."""
        self.vectors.save(path)
        with kept(path.parent, "the record"):
            write_whole(path.with_name(path.name + ".json"), json.dumps(self.record, indent=1).encode())


def method_of(name: str) -> Method:
    """Return *name* as a method; UnknownNameError says which there are."""
    for method in METHODS:
        if method == name:
            return method
    raise UnknownNameError(f"There is no method {show(name)}.", f"Known: {', '.join(METHODS)}.")


def train(source: Path, order: Order, progress: Progress | None = None) -> Outcome:
    """Learn word vectors. Raises CorpusError for too little text and InputFileError for a text that can't be read."""
    with _text(source) as (path, sha256):
        vectors, losses, size = (_glove if order.method == "glove" else _word2vec)(path, order, progress)
    record = {
        "order": asdict(order),
        "text": {"name": source.name, "sha256": sha256, "words": size},
        "loss": "mean of f(X)(w·c + b + d - log X)^2 a pair" if order.method == "glove" else "nats a trained word",
        "losses": list(losses),
        "vectors": {"words": len(vectors.words), "dimensions": order.dimensions},
    }
    return Outcome(vectors, losses, record)


@contextmanager
def _text(source: Path) -> Iterator[tuple[Path, str]]:
    """Give a text file with a context a line, and the SHA-256 of what it is made from."""
    if not source.is_dir():
        if not source.exists():
            raise CorpusError(f"There is no corpus at {show(str(source))}.", "Give a text file or a corpus's folder.")
        yield source, digest(source)
        return
    corpus = Corpus(source)
    with tempfile.TemporaryDirectory(prefix="vectors-") as name:
        path = Path(name) / "train.txt"
        with kept(Path(name), "the text", "set TMPDIR to a folder on another disk"), path.open("wb") as file:
            for document in corpus:
                if split_of(document.text) == "train":
                    file.write(document.text.replace("\0", " ").rstrip("\n").encode() + b"\n")
        yield path, corpus.manifest.sha256


def _glove(path: Path, order: Order, progress: Progress | None) -> tuple[WordVectors, tuple[float, ...], int]:
    words = str.split if order.spaces else prose_words
    known = WordList.of(count(lines(path), words), order.least, order.most)
    numbers = encode(lines(path), known, words)
    recipe = glove.Recipe(
        order.dimensions, order.epochs or 15, seed=order.seed, threads=order.threads, memory=order.memory
    )
    size, window = len(known.words), order.window or 10
    run = cooccurrence.count(numbers, size, window=window, memory=order.memory, threads=order.threads)
    learnt = glove.learn(run, size, recipe, progress)
    return of(known.words, learnt.sums), learnt.losses, int((numbers >= 0).sum())


def _word2vec(path: Path, order: Order, progress: Progress | None) -> tuple[WordVectors, tuple[float, ...], int]:
    recipe = word2vec.Recipe(
        "skipgram" if order.method == "skipgram" else "cbow",
        order.dimensions,
        order.epochs or 5,
        order.window or 5,
        order.negative,
        order.least,
        most=order.most,
        seed=order.seed,
        workers=order.threads,
    )
    learnt = word2vec.learn(path, recipe, str.split if order.spaces else prose_words, progress)
    return learnt.vectors, learnt.losses, learnt.words
