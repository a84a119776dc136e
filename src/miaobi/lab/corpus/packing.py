"""Packing: documents into rows of one length so that every row begins with <bos> and none has padding.

Best fit with a crop (the packing of Karpathy's nanochat, 2026): from a buffer of waiting documents the longest that still
fits is laid into the row; where none fits, the shortest is cut to fill it and its rest is dropped. So no token is learnt
without the beginning of its document in sight, at the price of the tails that are cut; ``Packed.cropped`` says how many.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from miaobi.errors import CorpusError
from miaobi.lab.corpus.token_file import Numbers


@dataclass
class Packed:
    """How the packing went, filled in while rows are taken."""

    rows: int = 0
    tokens: int = 0  # laid into rows
    cropped: int = 0  # dropped at rows' ends


def pack(
    tokens: Numbers, offsets: Numbers, length: int, *, seed: int = 0, buffer: int = 1000, report: Packed | None = None
) -> Iterator[Numbers]:
    """Yield rows (length,) of token numbers; for a net of context T take ``length = T + 1``.

    Documents come in an order shuffled by *seed*, each once; the last row that can't be filled is left out.
    CorpusError when *length* is too short or all documents together don't fill one row.
    """
    if length < 2:
        raise CorpusError(f"Rows of {length} tokens can't be learnt from.", "Take 2 or more.")
    if len(tokens) < length:
        raise CorpusError(
            f"{len(tokens):,} tokens don't fill one row of {length:,}.", "Give more text, or a shorter context."
        )
    report = report if report is not None else Packed()
    coming = iter(np.random.default_rng(seed).permutation(len(offsets) - 1))
    waiting: list[tuple[int, int]] = []  # (length, document), sorted
    row, filled = np.empty(length, tokens.dtype), 0
    while True:
        while len(waiting) < buffer and (document := next(coming, None)) is not None:
            insort(waiting, (int(offsets[document + 1] - offsets[document]), int(document)))
        if not waiting:
            return
        at = bisect_right(waiting, (length - filled, len(offsets))) - 1
        size, document = waiting.pop(at if at >= 0 else 0)
        begin, take = int(offsets[document]), min(size, length - filled)
        row[filled : filled + take] = tokens[begin : begin + take]
        filled += take
        report.cropped += size - take
        if filled == length:
            report.rows += 1
            report.tokens += length
            yield row
            row, filled = np.empty(length, tokens.dtype), 0
