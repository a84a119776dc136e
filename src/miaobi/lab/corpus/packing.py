"""Packing: documents into rows of one length so that every row begins with <bos> and none has padding.

Best fit with a crop (the packing of Karpathy's nanochat, 2026): from a buffer of waiting documents the longest that
still fits is laid into the row; where none fits, the shortest is cut to fill it and its rest is dropped. So a row
never begins in the middle of something whose beginning isn't marked, at the price of the tails that are cut;
``Packed.cropped`` says how many tokens. A document longer than a row would lose most of itself: it is parted
beforehand into pieces of a row, each begun with <bos> (ours; with ``parted=False`` it is cropped as in nanochat).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from miaobi.errors import CorpusError
from miaobi.lab.corpus.token_file import Numbers

_Piece = tuple[int, int, int, int]  # tokens with <bos>, −arrival, where its own begin, 1 if <bos> is put before


@dataclass
class Packed:
    """How the packing went, filled in while rows are taken."""

    rows: int = 0
    tokens: int = 0  # laid into rows
    cropped: int = 0  # dropped at rows' ends


def pack(
    tokens: Numbers,
    offsets: Numbers,
    length: int,
    *,
    seed: int = 0,
    buffer: int = 1000,
    parted: bool = True,
    report: Packed | None = None,
) -> Iterator[Numbers]:
    """Yield rows (length,) of token numbers; for a net of context T take ``length = T + 1``.

    Documents come in an order shuffled by *seed*, each once; the last row, which can't be filled, is left out.
    Among the rows of one buffer those of long documents come first: shuffle rows before learning from them.
    CorpusError when *length* is too short or all documents together don't fill one row.
    """
    _admit(len(tokens), length)
    report = report if report is not None else Packed()
    coming = _pieces(offsets, length if parted else len(tokens), seed)
    waiting: list[_Piece] = []  # sorted by length
    row, filled = np.empty(length, tokens.dtype), 0
    while True:
        while len(waiting) < buffer and (piece := next(coming, None)) is not None:
            insort(waiting, piece)
        if not waiting:
            return
        at = bisect_right(waiting, (length - filled, 1, 0, 0)) - 1
        size, _, begin, put = waiting.pop(max(at, 0))
        take = min(size, length - filled)
        row[filled] = tokens[0]  # <bos>: every document begins with it
        row[filled + put : filled + take] = tokens[begin : begin + take - put]
        filled += take
        report.cropped += size - take
        if filled == length:
            report.rows += 1
            report.tokens += length
            yield row
            row, filled = np.empty(length, tokens.dtype), 0


def _admit(tokens: int, length: int) -> None:
    if length < 2:
        raise CorpusError(f"Rows of {length} tokens can't be learnt from.", "Take 2 or more.")
    if tokens < length:
        raise CorpusError(f"{tokens:,} tokens don't fill one row of {length:,}.", "Give more text, or shorter rows.")


def _pieces(offsets: Numbers, length: int, seed: int) -> Iterator[_Piece]:
    arrival = 0
    for document in np.random.default_rng(seed).permutation(len(offsets) - 1):
        begin, end = int(offsets[document]), int(offsets[document + 1])
        arrival += 1
        yield min(end - begin, length), -arrival, begin, 0
        for start in range(begin + length, end, length - 1):
            arrival += 1
            yield min(end - start + 1, length), -arrival, start, 1
