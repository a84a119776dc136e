"""From a text to lines of word numbers: what co-occurrence and word2vec learn from.

A line of the text is as far as a context reaches. Words are numbered by falling frequency (ties: as Python orders
strings), 0 is the most frequent; words rarer than ``least`` are dropped without leaving a gap, as Stanford's GloVe
and word2vec do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from miaobi.errors import CorpusError, InputFileError, UnknownNameError, show

END = -1  # stands in the array of numbers where a line ends
_ABSENT = -2
_BLOCK = 1 << 22  # characters read at a time
# runs of letters and digits with apostrophes inside; Chinese characters and kana one by one
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W_]+)*"
)

Words = Callable[[str], list[str]]


def prose_words(text: str) -> list[str]:
    """Return the words of running text in lower case; punctuation is left out, Chinese goes by the character."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True)
class WordList:
    """The words that get a vector, most frequent first, and how often each occurs."""

    words: tuple[str, ...]
    counts: npt.NDArray[np.int64]  # (V,)
    index: dict[str, int]

    @classmethod
    def of(cls, counts: Counter[str], least: int = 5, most: int = 0) -> WordList:
        """Keep words that occur *least* times or more, *most* of them (0: all). CorpusError if none is left."""
        kept = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
        kept = kept[:most] if most else kept
        if len(kept) < 2:
            raise CorpusError(
                f"{len(counts):,} different words, of which {len(kept)} occur {least} times or more: too few to learn.",
                "Give more text, or lower --least.",
            )
        return cls(tuple(kept), np.array([counts[w] for w in kept], np.int64), {w: i for i, w in enumerate(kept)})

    def number(self, word: str) -> int:
        """Return a word's number; UnknownNameError if it has none."""
        if word not in self.index:
            raise UnknownNameError(
                f"The word {show(word)} has no vector.",
                f"It is not among the {len(self.words):,} words learnt; rarer ones were left out (--least).",
            )
        return self.index[word]


def lines(path: Path) -> Iterator[str]:
    """Yield blocks of whole lines of a UTF-8 text file, each ending in a newline. InputFileError for anything else."""
    rest = ""
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            while block := file.read(_BLOCK):
                if "\0" in block:
                    raise InputFileError(f"{show(str(path))} is binary: it has NUL bytes.", "Give a text file.")
                whole, newline, rest = (rest + block).rpartition("\n")
                if newline:
                    yield whole + "\n"
    except OSError as error:
        raise InputFileError(f"{show(str(path))} can't be read: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputFileError(
            f"{show(str(path))} is not UTF-8 throughout (byte 0x{error.object[error.start]:02X}).",
            "Make a corpus of it first: miaobi lab corpus says what is wrong and can convert.",
        ) from error
    if rest:
        yield rest + "\n"


def count(blocks: Iterable[str], words: Words = str.split) -> Counter[str]:
    """Return how often each word occurs."""
    counts: Counter[str] = Counter()
    for block in blocks:
        counts.update(words(block))
    return counts


def encode(blocks: Iterable[str], known: WordList, words: Words = str.split) -> npt.NDArray[np.int32]:
    """Return the numbers of all known words in order, with ``END`` after each line: (N,) int32."""
    parts = [np.empty(0, np.int32)]
    numbers = _Numbers(known.index)
    for block in blocks:
        if words is str.split:  # a block at once: the mark of a line's end is a word that no text can hold
            marked = block.replace("\0", " ").replace("\n", " \0 ").split()
        else:
            marked = [w for line in block.split("\n")[:-1] for w in (*words(line), "\0")]
        found = np.fromiter(map(numbers.__getitem__, marked), np.int32, len(marked))
        parts.append(found[found != _ABSENT])
    return np.concatenate(parts)


class _Numbers(dict[str, int]):
    """Numbers of words, of the mark of a line's end, and of a word that has none."""

    def __init__(self, index: dict[str, int]) -> None:
        super().__init__(index)
        self["\0"] = END

    def __missing__(self, word: str) -> int:
        return _ABSENT
