"""WordVectors: words and their vectors; neighbours, analogies, and the two file formats of word2vec.

Text format: a line ``V D``, then a word and D numbers a line. Binary: the same first line, then word, space, D float32
(little-endian), newline. Both are read by gensim's ``KeyedVectors.load_word2vec_format``.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from miaobi.engines.disk import write_whole
from miaobi.errors import InputFileError, UnknownNameError, show
from miaobi.types import Floats


@dataclass(frozen=True)
class WordVectors:
    """(V,) words, most frequent first, and their (V, D) float32 vectors."""

    words: tuple[str, ...]
    vectors: Floats

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each word."""
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def units(self) -> Floats:
        """The vectors at length 1, so that a product is a cosine."""
        lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        return np.asarray(self.vectors / np.maximum(lengths, 1e-12), np.float32)

    def number(self, word: str) -> int:
        """Return a word's number, of its lower case if only that is known; UnknownNameError names near words."""
        for form in (word, word.lower()):
            if form in self.index:
                return self.index[form]
        near = difflib.get_close_matches(word.lower(), self.words[:50_000], n=3, cutoff=0.75)
        raise UnknownNameError(
            f"The word {show(word)} has no vector." + (f" Did you mean {' or '.join(near)}?" if near else ""),
            f"{len(self.words):,} words have one; rarer words of the corpus were left out (--least).",
        )

    def neighbours(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """Return the words nearest to *word* by cosine, the nearest first."""
        i = self.number(word)
        return self._nearest(self.units[i], {i}, count)

    def analogy(self, a: str, b: str, c: str, count: int = 5) -> list[tuple[str, float]]:
        """Return what is to *c* as *b* is to *a*: nearest to b − a + c (3CosAdd, Mikolov 2013), none of the three."""
        i, j, k = self.number(a), self.number(b), self.number(c)
        return self._nearest(self.units[j] - self.units[i] + self.units[k], {i, j, k}, count)

    def cosine(self, a: str, b: str) -> float:
        """Return the cosine of two words."""
        return float(self.units[self.number(a)] @ self.units[self.number(b)])

    def _nearest(self, direction: Floats, without: set[int], count: int) -> list[tuple[str, float]]:
        cosines = self.units @ (direction / max(float(np.linalg.norm(direction)), 1e-12))
        cosines[list(without)] = -np.inf
        order = np.argsort(-cosines, kind="stable")[: min(count, len(self.words) - len(without))]
        return [(self.words[n], float(cosines[n])) for n in order]

    def save(self, path: Path, binary: bool | None = None) -> None:
        """Write the vectors, binary when asked or when the name ends in ``.bin``; CorpusError when the disk refuses."""
        from miaobi.lab.disk import kept

        out = io.BytesIO()
        out.write(f"{len(self.words)} {self.vectors.shape[1]}\n".encode())
        digits = " ".join(["%.9g"] * self.vectors.shape[1])  # nine digits tell every float32 from its neighbours
        as_bytes = path.suffix == ".bin" if binary is None else binary
        for word, row in zip(self.words, self.vectors.astype("<f4"), strict=True):
            out.write(word.encode() + b" ")
            out.write(row.tobytes() if as_bytes else (digits % tuple(row.tolist())).encode())
            out.write(b"\n")
        with kept(path.parent, "the vectors"):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, out.getvalue())

    @classmethod
    def load(cls, path: Path) -> WordVectors:
        """Read vectors of either format. InputFileError says what is wrong with the file."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputFileError(f"{show(str(path))} can't be read: {error.strerror}.", "Check the path.") from error
        head, _, body = content.partition(b"\n")
        try:
            size, dimensions = map(int, head.split())
            if min(size, dimensions) < 1:
                raise ValueError("no words")
        except ValueError:
            raise InputFileError(
                f"{show(str(path))} holds no word vectors: its first line is not two numbers.",
                "Give a file in word2vec's text or binary format, as `miaobi lab vectors` writes.",
            ) from None
        try:
            return _binary(body, size, dimensions) if _is_binary(body, dimensions) else _text(body, size, dimensions)
        except (ValueError, UnicodeDecodeError) as error:
            raise InputFileError(
                f"{show(str(path))} is damaged: {error}.", f"It should hold {size:,} words of {dimensions} numbers."
            ) from None


def _is_binary(body: bytes, dimensions: int) -> bool:
    """Tell whether what follows the first word are raw numbers and not their digits."""
    line = body.partition(b"\n")[0].split(b" ")
    if len(line) < dimensions + 1:
        return True
    try:
        return not [float(number) for number in line[-dimensions:]]
    except ValueError:
        return True


def _text(body: bytes, size: int, dimensions: int) -> WordVectors:
    lines = body.decode().rstrip("\n").split("\n")
    if len(lines) == size + 1 and lines[-1].startswith("<unk> "):
        lines.pop()  # Stanford's program writes one that its first line doesn't count
    if len(lines) != size:
        raise ValueError(f"it holds {len(lines):,} lines")
    parts = [line.rstrip(" ").rsplit(" ", dimensions) for line in lines]
    return WordVectors(tuple(p[0] for p in parts), np.array([p[1:] for p in parts], np.float32))


def _binary(body: bytes, size: int, dimensions: int) -> WordVectors:
    words: list[str] = []
    vectors = np.empty((size, dimensions), np.float32)
    at = 0
    for i in range(size):
        space = body.index(b" ", at)
        words.append(body[at:space].lstrip(b"\n").decode())
        at = space + 1
        vectors[i] = np.frombuffer(body, "<f4", dimensions, at)
        at += 4 * dimensions
        at += body[at : at + 1] == b"\n"
    return WordVectors(tuple(words), vectors)


def of(words: Sequence[str], vectors: Floats) -> WordVectors:
    """Return word vectors of *words* and the rows of *vectors*."""
    return WordVectors(tuple(words), np.ascontiguousarray(vectors, np.float32))
