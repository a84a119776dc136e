"""Files of token numbers: a split's documents one after the other, each between <bos> and <eos>, read as a memory map.

``train.tokens`` holds plain little-endian uint16, or uint32 where the vocabulary has more than 65,536 tokens;
``train.offsets`` uint64, where each document begins, and the end; ``tokens.json``, written last, the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from miaobi.engines.disk import digest, flush, write_whole
from miaobi.errors import CorpusError, show
from miaobi.lab.corpus.split import SPLITS, TEST, VALIDATION, Split, split_of
from miaobi.lab.corpus.store import Corpus
from miaobi.lab.disk import kept
from miaobi.lab.vocabulary import Vocabulary

RECORD = "tokens.json"
Numbers = npt.NDArray[Any]  # (N,) uint16 or uint32


@dataclass(frozen=True)
class Count:
    """What a split's file holds."""

    documents: int
    tokens: int  # <bos> and <eos> among them
    unknown: int
    sha256: str


@dataclass(frozen=True)
class TokenFiles:
    """The token files of one corpus in one vocabulary."""

    folder: Path
    kind: str  # uint16 or uint32
    vocabulary: int  # its size
    corpus: str  # SHA-256 of the documents
    counts: dict[str, Count]

    def tokens(self, split: Split = "train") -> Numbers:
        """Return a split's numbers, (N,), as a read-only memory map."""
        return _map(self.folder / f"{split}.tokens", self.kind)

    def offsets(self, split: Split = "train") -> npt.NDArray[np.uint64]:
        """Return where each document begins in ``tokens``, and after the last where it ends: (documents + 1,)."""
        return _map(self.folder / f"{split}.offsets", "uint64")


def _map(path: Path, kind: str) -> Numbers:
    if not path.stat().st_size:
        return np.empty(0, kind)
    return np.memmap(path, np.dtype(kind).newbyteorder("<"), "r")


def width(size: int) -> str:
    """Return the narrowest of the two number types that holds a vocabulary of *size* tokens."""
    return "uint16" if size <= 1 << 16 else "uint32"


def encoded(text: str, vocabulary: Vocabulary) -> Numbers:
    """Return one document as it stands in a file: <bos>, its numbers, <eos>."""
    numbers = [vocabulary.bos, *vocabulary.encode(text), vocabulary.eos]
    return np.array(numbers, np.dtype(width(vocabulary.size)).newbyteorder("<"))


def write_tokens(
    corpus: Corpus, vocabulary: Vocabulary, folder: Path, *, validation: float = VALIDATION, test: float = TEST
) -> TokenFiles:
    """Write the token files of *corpus* to *folder*. CorpusError when training gets nothing or the disk refuses."""
    pairs = ((split_of(d.decider, validation, test), encoded(d.text, vocabulary)) for d in corpus)
    return write_numbers(pairs, vocabulary, corpus.manifest.sha256, folder)


def write_numbers(
    pairs: Iterable[tuple[Split, Numbers]], vocabulary: Vocabulary, corpus: str, folder: Path
) -> TokenFiles:
    """Write documents that are encoded already, in the order given."""
    with kept(folder, "the token files"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RECORD).unlink(missing_ok=True)
        counts = _write(pairs, vocabulary.unk, folder)
        files = TokenFiles(folder, width(vocabulary.size), vocabulary.size, corpus, counts)
        if not counts["train"].documents:
            raise CorpusError("No document falls into training.", "Give more documents, or lower the other shares.")
        plain = {k: v for k, v in asdict(files).items() if k != "folder"}
        write_whole(folder / RECORD, json.dumps(plain, indent=1).encode())
    return files


def _write(pairs: Iterable[tuple[Split, Numbers]], unk: int, folder: Path) -> dict[str, Count]:
    offsets: dict[str, list[int]] = {name: [0] for name in SPLITS}
    unknown = dict.fromkeys(SPLITS, 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / f"{name}.tokens").open("wb")) for name in SPLITS}
        for split, numbers in pairs:
            files[split].write(numbers.tobytes())
            offsets[split].append(offsets[split][-1] + len(numbers))
            unknown[split] += int(np.count_nonzero(numbers == unk))
    counts: dict[str, Count] = {}
    for name in SPLITS:
        path = folder / f"{name}.tokens"
        (folder / f"{name}.offsets").write_bytes(np.array(offsets[name], "<u8").tobytes())
        flush(path)
        counts[name] = Count(len(offsets[name]) - 1, offsets[name][-1], unknown[name], digest(path))
    return counts


def tokens_of(record: Mapping[str, Any]) -> TokenFiles:
    """Return the token files that a run's *record* names; CorpusError if they are others than when it began."""
    files = open_tokens(Path(record["tokens"]))
    if record["corpus"]["tokens_sha256"] != files.counts["train"].sha256:
        raise CorpusError(
            f"The token files at {show(record['tokens'])} have changed since this run began.",
            "Restore them, or train under another name.",
        )
    return files


def open_tokens(folder: Path) -> TokenFiles:
    """Read the record of token files. CorpusError if they aren't there, or not whole."""
    try:
        plain = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        counts = {name: Count(**count) for name, count in plain.pop("counts").items()}
        files = TokenFiles(folder, counts=counts, **plain)
    except FileNotFoundError:
        raise CorpusError(
            f"There are no token files at {show(str(folder))}.", "Make them: miaobi lab tokens CORPUS VOCABULARY"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CorpusError(
            f"The token files at {show(str(folder))} can't be read: {error}.", "Make them anew."
        ) from None
    for name, count in counts.items():
        path = folder / f"{name}.tokens"
        wanted = count.tokens * np.dtype(files.kind).itemsize
        if not path.exists() or path.stat().st_size != wanted:
            raise CorpusError(f"{show(str(path))} does not hold the {wanted:,} bytes it should.", "Make it anew.")
    return files
