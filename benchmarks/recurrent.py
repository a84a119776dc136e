"""Recurrent nets: what the regularisers cost in speed, and what they and attention are worth in held-out loss.

Usage: python benchmarks/recurrent.py TEXT [--rounds N] [--steps N] [--seeds 1 2 3] [--threads N] [--only PART…]

TEXT is a file, or a folder whose .txt files are joined; words, marks and spaces are the vocabulary (those that occur
twice or more in training), or with ``--letters`` the letters, and the last tenth is held out.

Speed: forward and backward of one batch, tokens a second of processor time, rounds interleaved; the row "bare" is
torch's own nn.LSTM between an embedding and a tied head, without a line of ours. Target: all regularisers 0.9 of bare.
Ablation: the same net, steps and batches, one thing changed a row; held-out perplexity a token at its best.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from miaobi.lab.training import Recipe, train
from miaobi.nets.recurrent import Recurrent, RecurrentShape

SIZES = {"width": 128, "hidden": 256, "layers": 2}
BATCH, CONTEXT = 20, 48
ALL = {"locked": 0.2, "words": 0.05, "recurrent": 0.2, "activity": 0.5}  # for runs of minutes; AWD-LSTM's are larger
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "lstm, plain": ("lstm", {}),
    "lstm, plain, additive attention": ("lstm", {"look": "additive"}),
    "lstm, plain, multiplicative attention": ("lstm", {"look": "multiplicative"}),
    "lstm, all regularisers": ("lstm", ALL),
    "lstm, all but variational dropout": ("lstm", ALL | {"locked": 0.0}),
    "lstm, all but word dropout": ("lstm", ALL | {"words": 0.0}),
    "lstm, all but weight drop": ("lstm", ALL | {"recurrent": 0.0}),
    "lstm, all but AR and TAR": ("lstm", ALL | {"activity": 0.0}),
    "lstm, all, additive attention": ("lstm", ALL | {"look": "additive"}),
    "lstm, all, multiplicative attention": ("lstm", ALL | {"look": "multiplicative"}),
    "gru, all regularisers": ("gru", ALL),
    "rnn, all regularisers": ("rnn", ALL),
}


class Bare(nn.Module):
    """Embedding, nn.LSTM, tied head: what any program of torch begins with."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, SIZES["width"])
        self.first = nn.LSTM(SIZES["width"], SIZES["hidden"], batch_first=True)
        self.second = nn.LSTM(SIZES["hidden"], SIZES["width"], batch_first=True)

    def loss(self, tokens: torch.Tensor, targets: torch.Tensor, state: None) -> tuple[torch.Tensor]:
        """Return the mean negative log-likelihood alone in a tuple."""
        x = self.second(self.first(self.embedding(tokens))[0])[0]
        logits = F.linear(x, self.embedding.weight)
        return (F.cross_entropy(logits.flatten(0, 1), targets.flatten()),)


def encoded(text: str, letters: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Return training and held-out words, or letters, as ids, and how many kinds there are."""
    words = list(text) if letters else re.findall(r"\w+|[^\w\s]|\n", text)
    cut = int(len(words) * 0.9)
    known = [word for word, count in Counter(words[:cut]).most_common() if count > 1]
    table = {word: i + 1 for i, word in enumerate(known)}
    ids = np.array([table.get(word, 0) for word in words], dtype=np.uint16)
    return ids[:cut], ids[cut:], len(known) + 1


def speed(vocabulary: int, rounds: int) -> dict[str, float]:
    """Return tokens a second of each net, medians over interleaved *rounds*."""
    nets: dict[str, Any] = {
        "bare nn.LSTM": Bare(vocabulary),
        "ours, plain": Recurrent(RecurrentShape("lstm", vocabulary, **SIZES)),
        "ours, all regularisers": Recurrent(RecurrentShape("lstm", vocabulary, **SIZES, **ALL)),
        "ours, all and multiplicative": Recurrent(
            RecurrentShape("lstm", vocabulary, **SIZES, **ALL, look="multiplicative")
        ),
        "ours, all and additive": Recurrent(RecurrentShape("lstm", vocabulary, **SIZES, **ALL, look="additive")),
    }
    tokens = torch.randint(0, vocabulary, (BATCH, CONTEXT))
    taken: dict[str, list[float]] = {name: [] for name in nets}
    for number in range(rounds + 1):  # the first is for warming up
        for name, net in nets.items():
            net.train()
            begin = time.process_time()
            net.loss(tokens, tokens, None)[0].backward()
            if number:
                taken[name].append(time.process_time() - begin)
    return {name: tokens.numel() / median(times) for name, times in taken.items()}


def perplexity(data: tuple[Any, Any, int], cell: Any, more: dict[str, Any], steps: int, seed: int) -> float:
    """Train one net; return its best held-out perplexity a token."""
    torch.manual_seed(seed)
    net = Recurrent(RecurrentShape(cell, data[2], **SIZES, **more))
    recipe = Recipe(steps=steps, batch=BATCH, context=CONTEXT, rate=3e-3, clip=0.25, seed=seed)
    with tempfile.TemporaryDirectory() as place:
        outcome = train(net, data[0], data[1], recipe, Path(place), cores=torch.get_num_threads())
    return float(np.exp(outcome.best.validation))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[""], help="rows of the ablation whose name holds one of these")
    parser.add_argument("--letters", action="store_true", help="letters are the tokens, not words")
    parser.add_argument("--skip-ablation", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    files = sorted(given.text.glob("*.txt")) if given.text.is_dir() else [given.text]
    data = encoded("".join(file.read_text(encoding="utf-8") for file in files), given.letters)
    print(f"{len(data[0]):,} + {len(data[1]):,} tokens of {data[2]:,} kinds")
    print("| net | tokens/s of processor time | of bare |\n|---|---|---|")
    found = speed(data[2], given.rounds)
    for name, rate in found.items():
        print(f"| {name} | {rate:,.0f} | {rate / found['bare nn.LSTM']:.2f} |")
    if given.skip_ablation:
        return
    print(f"\n| net, {given.steps:,} steps | " + " | ".join(f"seed {s}" for s in given.seeds) + " | median |")
    print("|---|" + "---|" * (len(given.seeds) + 1))
    for name, (cell, more) in ROWS.items():
        if not any(part in name for part in given.only):
            continue
        values = [perplexity(data, cell, more, given.steps, seed) for seed in given.seeds]
        print(f"| {name} | " + " | ".join(f"{v:.2f}" for v in values) + f" | {median(values):.2f} |", flush=True)


if __name__ == "__main__":
    main()
