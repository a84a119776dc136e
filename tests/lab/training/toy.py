"""A small text, small nets, and a training run as a program of its own that can be killed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

TEXT = "the keeper lit the lamp and the boats came home. the lamp went out and the keeper slept. " * 40


def tokens() -> npt.NDArray[np.uint16]:
    letters = sorted(set(TEXT))
    return np.array([letters.index(c) for c in TEXT], dtype=np.uint16)


def net(kind: str = "transformer") -> Any:
    import torch

    from miaobi.nets.storage import build

    torch.manual_seed(5)
    vocabulary = len(set(TEXT))
    if kind == "transformer":
        return build(
            kind,
            {
                "vocabulary": vocabulary,
                "context": 16,
                "width": 16,
                "layers": 1,
                "heads": 2,
                "hidden": 32,
                "dropout": 0.1,
            },
        )
    return build(kind, {"vocabulary": vocabulary, "width": 16, "hidden": 16, "layers": 1, "locked": 0.1})


def run(folder: Path, kind: str = "transformer", how: str = "", steps: int = 40, watch: Any = None) -> Any:
    """Train; *how*: "step N" kills the process after step N, "write N" in the middle of the N-th write of the state."""
    from miaobi.lab.training import Moment, Recipe, checkpoint, train

    recipe = Recipe(steps=steps, batch=4, context=8, rate=3e-3, warmup=4, seed=1)
    when, _, number = how.partition(" ")
    writes = 0

    def kill(moment: Moment) -> None:
        if when == "step" and moment.step == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    settle = checkpoint.settle

    def die(part: Path, path: Path) -> None:
        nonlocal writes
        writes += path.name == "resume.safetensors"
        if writes == int(number):
            part.write_bytes(part.read_bytes()[:100])
            os.kill(os.getpid(), signal.SIGKILL)
        settle(part, path)

    if when == "write":
        checkpoint.settle = die
    text = tokens()
    return train(net(kind), text[:3000], text[3000:], recipe, folder, watch=watch or kill, cores=1)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
