"""Training against nanoGPT at its published CPU configuration, on the same bytes: time to its loss, loss at its time.

Usage: python benchmarks/training.py NANOGPT TEXT [--seeds 1 2 3] [--threads N] [--steps N] [--clock wall|cpu] [--parts]

NANOGPT is a folder with karpathy/nanoGPT's model.py and train.py, copied and run as they are but for the seed.
TEXT is a file, or a folder whose .txt files are joined; letters are the vocabulary and the last tenth is held out.

| | nanoGPT (README, "I only have a macbook") | ours |
|---|---|---|
| net | 4 layers, 4 heads, 128 wide, 64 letters, 0.80 M | the same width, layers, heads and context in Llama's shape |
| batch | 12 × 64 | 12 × 64 |
| optimiser | AdamW, 2,000 steps, cosine from 1e-3 | Muon and AdamW, --steps steps; and as many as fit its seconds |

Both losses are of the whole held-out text in windows of 64 side by side, by one function. Times are of training
steps alone (forward, backward, optimiser, reading of batches): evaluation, imports and saving are in neither.

| --clock | nanoGPT's seconds | ours |
|---|---|---|
| wall | the median of its own printed step times, times its steps | sum over our steps |
| cpu | processor time of its process less that of one that stops after ten steps | processor time of our steps |

On a machine that others use take ``--clock cpu --threads 1``. ``--parts`` tells where the gain comes from: the same
number of steps with nanoGPT's net or ours under nanoGPT's schedule and AdamW, under our schedule with AdamW, and with
Muon. The order of the data is no part of it: both draw windows from random places.
"""

from __future__ import annotations

import argparse
import os
import pickle
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from miaobi.lab.training import Recipe, train
from miaobi.lab.training.batches import held_out
from miaobi.nets.gpt2 import Gpt2Shape
from miaobi.nets.transformer import Transformer, TransformerShape

CONTEXT, BATCH, STEPS, START = 64, 12, 2000, 10
_FLAGS = (
    "--device=cpu --compile=False --eval_iters=1 --always_save_checkpoint=True --log_interval=1 "
    f"--block_size={CONTEXT} --batch_size={BATCH} --n_layer=4 --n_head=4 --n_embd=128 "
    "--dropout=0.0"
).split()


def encoded(text: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return training and held-out letters as ids, as data/shakespeare_char/prepare.py has them, and the letters."""
    letters = sorted(set(text))
    table = {letter: i for i, letter in enumerate(letters)}
    cut = int(len(text) * 0.9)
    ids = np.array([table[letter] for letter in text], dtype=np.uint16)
    return ids[:cut], ids[cut:], letters


def loss_of(forward: Any, tokens: np.ndarray) -> float:
    """Return nats a letter over the whole of *tokens*; *forward*: (B, T) ids → (B, T, V) logits."""
    total, count = 0.0, 0
    with torch.no_grad():
        for inputs, targets in held_out(tokens, 64, CONTEXT, len(tokens)):
            total += float(F.cross_entropy(forward(inputs).flatten(0, 1), targets.flatten(), reduction="sum"))
            count += targets.numel()
    return total / count


def nanogpt(source: Path, data: tuple[Any, Any, list[str]], seed: int, threads: int, clock: str) -> dict[str, float]:
    """Return the seconds of training and the held-out loss of nanoGPT."""
    if clock == "wall":
        return _their_run(source, data, seed, threads, STEPS)
    start = _their_run(source, data, seed, threads, START)["processor"]
    whole = _their_run(source, data, seed, threads, STEPS)
    return {"seconds": (whole["processor"] - start) * STEPS / (STEPS - START), "loss": whole["loss"]}


def _their_run(
    source: Path, data: tuple[Any, Any, list[str]], seed: int, threads: int, steps: int, decay: int = STEPS
) -> dict[str, float]:
    """Run nanoGPT's own train.py in a copy of its folder; *decay*: the step at which its cosine ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("model.py", "train.py", "configurator.py"):
            shutil.copy(source / name, folder)
        (folder / "config").mkdir()
        shutil.copy(source / "config/train_shakespeare_char.py", folder / "config")
        code = (folder / "train.py").read_text()
        (folder / "train.py").write_text(code.replace("1337", str(seed)))
        target = folder / "data/shakespeare_char"
        target.mkdir(parents=True)
        data[0].tofile(target / "train.bin")
        data[1].tofile(target / "val.bin")
        (target / "meta.pkl").write_bytes(pickle.dumps({"vocab_size": len(data[2])}))
        done = subprocess.run(
            [
                sys.executable,
                "train.py",
                "config/train_shakespeare_char.py",
                *_FLAGS,
                f"--max_iters={steps}",
                f"--eval_interval={steps}",
                f"--lr_decay_iters={decay}",
            ],
            cwd=folder,
            env=os.environ | {"OMP_NUM_THREADS": str(threads)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"nanoGPT failed:\n{done.stderr[-2000:]}")
        times = [float(t) for t in re.findall(r"iter \d+: loss .*?, time ([\d.]+)ms", done.stdout)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        loss = loss_of(_their_net(folder), data[1])
        return {"seconds": median(times) / 1000 * steps, "processor": processor, "loss": loss}


def _their_net(folder: Path) -> Any:
    kept = torch.load(folder / "out-shakespeare-char/ckpt.pt", weights_only=True)
    model = _their_module(folder)
    net = model.GPT(model.GPTConfig(**kept["model_args"]))
    net.load_state_dict(kept["model"])
    net.eval()
    return lambda inputs: net(inputs, inputs)[0]  # with targets it gives logits of every place


def _their_module(folder: Path) -> Any:
    sys.path.insert(0, str(folder))
    try:
        import model
    finally:
        sys.path.remove(str(folder))
    return model


def ours(data: tuple[Any, Any, list[str]], seed: int, threads: int, steps: int, clock: str) -> dict[str, float]:
    """Train for *steps*; return the seconds of training and the loss of the whole held-out text."""
    torch.manual_seed(seed)
    return _trained(_our_net(len(data[2])), data, seed, threads, steps, clock, "muon")


def _our_net(letters: int) -> Transformer:
    return Transformer(TransformerShape(letters, context=CONTEXT, width=128, layers=4, heads=4, hidden=320))


def _trained(net: Any, data: Any, seed: int, threads: int, steps: int, clock: str, optimiser: Any) -> dict[str, float]:
    recipe = Recipe(steps=steps, batch=BATCH, context=CONTEXT, optimiser=optimiser, warmup=20, seed=seed)
    with tempfile.TemporaryDirectory() as place:
        outcome = train(net, data[0], data[1], recipe, Path(place), cores=threads)
    net.eval()
    seconds = outcome.lines[-1].seconds if clock == "wall" else outcome.processor_seconds
    return {"seconds": seconds, "loss": loss_of(lambda inputs: net(inputs)[0], data[1])}


class Borrowed(torch.nn.Module):
    """nanoGPT's net with the face that our trainer asks for."""

    carries = False

    def __init__(self, source: Path, letters: int) -> None:
        super().__init__()
        model = _their_module(source)
        self.shape = Gpt2Shape(letters, CONTEXT, width=128, layers=4, heads=4)
        shape = {"n_layer": 4, "n_head": 4, "n_embd": 128, "block_size": CONTEXT, "vocab_size": letters}
        self.net = model.GPT(model.GPTConfig(**shape, dropout=0.0, bias=False))

    def forward(self, tokens: torch.Tensor) -> tuple[torch.Tensor]:
        """Return the logits of every place, (B, T, V), first in a tuple as our nets have them."""
        return (self.net(tokens, tokens)[0],)

    def loss(self, tokens: torch.Tensor, targets: torch.Tensor, state: None) -> tuple[torch.Tensor, torch.Tensor, None]:
        """Return the loss twice: nanoGPT adds no other objective to it."""
        loss = self.net(tokens, targets)[1]
        return loss, loss.detach(), None

    def state_dict(self, *arguments: Any, **named: Any) -> dict[str, torch.Tensor]:
        """Return the weights without shared memory: its head is tied to its embedding."""
        return {name: weight.clone() for name, weight in super().state_dict(*arguments, **named).items()}

    def matrices(self) -> list[torch.nn.Parameter]:
        """Return the weights between layers, which Muon trains."""
        return [w for name, w in self.net.named_parameters() if w.dim() == 2 and ".h." in name]


def parts(source: Path, data: Any, seed: int, threads: int, steps: int, clock: str) -> dict[str, float]:
    """Return the held-out loss at *steps* of each step from nanoGPT's training to ours, and seconds of each."""
    found: dict[str, float] = {}
    if clock == "wall":
        theirs = _their_run(source, data, seed, threads, steps, decay=steps)
        found |= {f"loss at {steps}: nanoGPT": theirs["loss"], f"seconds of {steps}: nanoGPT": theirs["seconds"]}
    for net in ("nanoGPT's net", "our net"):
        for optimiser in ("adamw", "muon"):
            torch.manual_seed(seed)
            made = Borrowed(source, len(data[2])) if net == "nanoGPT's net" else _our_net(len(data[2]))
            run = _trained(made, data, seed, threads, steps, clock, optimiser)
            found[f"loss at {steps}: {net}, our trainer, {optimiser}"] = run["loss"]
            found[f"seconds of {steps}: {net}, our trainer, {optimiser}"] = run["seconds"]
    return found


def compare(
    source: Path, data: Any, seed: int, threads: int, steps: int, clock: str, apart: bool = False
) -> dict[str, float]:
    """Return one seed's figures; a ratio is infinite where our run ended above nanoGPT's loss."""
    theirs = nanogpt(source, data, seed, threads, clock)
    short = ours(data, seed, threads, steps, clock)
    equal = ours(data, seed, threads, max(20, int(theirs["seconds"] / short["seconds"] * steps)), clock)
    reached = short["seconds"] if short["loss"] <= theirs["loss"] else float("inf")
    return {
        "nanoGPT seconds": theirs["seconds"],
        "nanoGPT loss": theirs["loss"],
        "our seconds": short["seconds"],
        "our loss": short["loss"],
        "time to its loss, ratio": reached / theirs["seconds"],
        "our seconds, long": equal["seconds"],
        "our loss, long": equal["loss"],
    } | (parts(source, data, seed, threads, steps, clock) if apart else {})


def main() -> None:
    """Print a table, one column a seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nanogpt", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=400, help="our steps to nanoGPT's loss")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--parts", action="store_true", help="where the gain comes from")
    given = parser.parse_args()
    files = sorted(given.text.glob("*.txt")) if given.text.is_dir() else [given.text]
    data = encoded("".join(file.read_text(encoding="utf-8") for file in files))
    torch.set_num_threads(given.threads)
    print(
        f"{len(data[0]):,} + {len(data[1]):,} letters of {len(data[2])} kinds; {given.threads} threads; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    rows = []
    for seed in given.seeds:
        rows.append(compare(given.nanogpt, data, seed, given.threads, given.steps, given.clock, given.parts))
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.3f}" for name, value in rows[-1].items()), flush=True)
    for name in rows[0]:
        values = [row[name] for row in rows]
        print(f"| {name} | " + " | ".join(f"{v:.3f}" for v in values) + f" | median {median(values):.3f} |")


if __name__ == "__main__":
    main()
