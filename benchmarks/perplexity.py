"""Perplexity of layouts of one checkpoint, as in docs/log.md: which layout may the default checkpoint run in?

Usage: python benchmarks/perplexity.py TEXT GGUF [GGUF…] [--tokens N]

The text is cut into windows of 512 tokens, each read into an empty cache; the first 32 tokens of a window are given and
not counted. All files must have the same vocabulary: perplexities over different tokens can't be compared. Speed is in
tokens per second of processor time while the windows are read.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np

from miaobi.decoding.sampling import log_normaliser
from miaobi.engines.llamacpp import LlamaCpp

WINDOW, GIVEN = 512, 32


def measure(path: Path, text: str, most: int) -> tuple[float, int, float, float]:
    """Return perplexity, tokens counted, half of its 95 % interval, and tokens a second of one file."""
    engine = LlamaCpp(path, context=WINDOW, threads=1)
    try:
        tokens = engine._weights.tokenise(text)[:most]
        losses: list[float] = []
        begin = time.process_time()
        windows = range(0, len(tokens) - WINDOW + 1, WINDOW)
        for start in windows:
            window = tokens[start : start + WINDOW]
            engine._cache.clear()
            row = engine._cache.plant(window[:GIVEN])
            engine._cache.grow(1)
            rows = [row, *engine._cache.feed([(1, window[GIVEN:-1], WINDOW - GIVEN - 1)])]
            losses += [log_normaliser(r) - float(r[t]) for r, t in zip(rows, window[GIVEN:], strict=True)]
        seconds = time.process_time() - begin
    finally:
        engine.close()
    if not losses:
        raise SystemExit(f"The text has {len(tokens)} tokens; at least {WINDOW} are needed.")
    mean = float(np.mean(losses))
    margin = 1.96 * float(np.std(losses)) / math.sqrt(len(losses))
    return math.exp(mean), len(losses), math.exp(mean) * margin, len(windows) * WINDOW / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Perplexity of GGUF files over a text.")
    parser.add_argument("text", type=Path)
    parser.add_argument("files", type=Path, nargs="+", metavar="GGUF")
    parser.add_argument("--tokens", type=int, default=20_480)
    asked = parser.parse_args()
    text = asked.text.read_text(encoding="utf-8")
    first = 0.0
    print(f"{'file':56} {'MB':>5} {'perplexity':>16} {'against the first':>18} {'tokens/s':>9}")
    for path in asked.files:
        value, count, margin, speed = measure(path, text, asked.tokens)
        first = first or value
        size = path.stat().st_size / 1e6
        print(f"{path.name:56} {size:5.0f} {value:9.2f} ±{margin:5.2f} {value / first - 1:+18.1%} {speed:9.0f}")
    print(f"{count:,} predictions a file")


if __name__ == "__main__":
    main()
