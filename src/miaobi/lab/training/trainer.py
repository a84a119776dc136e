"""The trainer: reads batches, takes steps, evaluates twenty times a run, and keeps all it needs to go on.

Everything drawn by chance at a step (batch, dropout) comes from the seed and the step's number, never from what was
drawn before. So the state is the weights, the optimisers' memory, what a recurrent net carries and the journal; it is
one file, and a run that is killed and resumed has the same losses to the last bit as one that never was.

In the folder of a run: ``resume.safetensors`` (the state; whoever ordered the run removes it, last of all) ·
``net.safetensors`` (the best net so far by held-out loss) · ``log.jsonl`` · ``chart.svg``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from miaobi.errors import CheckpointError, TrainingError
from miaobi.lab.training import checkpoint, journal, optimiser, threads
from miaobi.lab.training.batches import Pair, Streams, Tokens, Windows, held_out
from miaobi.lab.training.journal import Line
from miaobi.lab.training.recipe import Recipe
from miaobi.types import derive_seed

RESUME, NET = "resume.safetensors", "net.safetensors"
EVALUATED = 1 << 15  # held-out tokens of an evaluation
_AT_MOST = 60.0  # seconds of training that a kill can cost


@dataclass(frozen=True)
class Moment:
    """What a watcher is told after a step: where the run is, how fast, how long still; ``line`` after an evaluation."""

    step: int
    steps: int
    loss: float
    tokens_per_second: float
    remaining: float  # seconds
    line: Line | None = None


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    best: Line
    lines: tuple[Line, ...]
    stopped_early: bool
    processor_seconds: float
    threads: int


Watcher = Callable[[Moment], None]


def train(
    net: Any,
    training: Tokens,
    validation: Tokens,
    recipe: Recipe,
    folder: Path,
    *,
    watch: Watcher = lambda moment: None,
    cores: int = 0,
    starts: tuple[Tokens, Tokens] | None = None,
) -> Outcome:
    """Train *net* and leave the best one in *folder*; a run that was interrupted there goes on where it was.

    *cores*: threads; 0: by trial. *starts*: where documents begin in *training* and *validation*; a net that forgets
    then reads windows from there only. Raises BriefError for a text shorter than one sequence, TrainingError when the
    loss is no number, CheckpointError when the disk refuses or the folder holds a run of another recipe.
    """
    run = _Run(net, training, validation, recipe, folder, starts)
    run.resume()
    run.threads = run.threads or cores or threads.probe(net, run.batches.at(0))
    torch.set_num_threads(run.threads)
    return run.finish(watch)


class _Run:
    """A run while it lasts."""

    def __init__(
        self,
        net: Any,
        training: Tokens,
        validation: Tokens,
        recipe: Recipe,
        folder: Path,
        starts: tuple[Tokens, Tokens] | None,
    ) -> None:
        self.net, self.recipe, self.folder = net, recipe, folder
        own, other = starts or (None, None)
        self.batches: Streams | Windows
        if net.carries:
            self.batches = Streams(training, recipe.batch, recipe.context, recipe.seed)
        else:
            self.batches = Windows(training, recipe.batch, recipe.context, recipe.seed, own)
        self.held_out = held_out(validation, recipe.batch, recipe.context, EVALUATED, net.carries, other)
        self.optimisers = optimiser.build(net, recipe)
        self.step = self.stale = self.threads = 0
        self.carried: tuple[Tensor, ...] | None = None
        self.lines: list[Line] = []
        self.sum, self.count, self.tokens = 0.0, 0, 0
        self.seconds = self.processor = 0.0
        self.saved = time.perf_counter()

    # --- state -------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the whole state."""
        tensors = {f"net.{name}": weight for name, weight in self.net.state_dict().items()}
        tensors |= optimiser.state_of(self.optimisers)
        tensors |= {f"carried.{i}": tensor for i, tensor in enumerate(self.carried or ())}
        values = {
            "recipe": asdict(self.recipe),
            "lines": [asdict(line) for line in self.lines],
            **{name: getattr(self, name) for name in _KEPT},
        }
        checkpoint.write(self.folder / RESUME, tensors, values)
        self.saved = time.perf_counter()

    def resume(self) -> None:
        """Take up the state of an interrupted run, if the folder holds one."""
        path = self.folder / RESUME
        if not path.exists():
            return
        tensors, values = checkpoint.read(path)
        if values["recipe"] != asdict(self.recipe):
            changed = [key for key, value in asdict(self.recipe).items() if values["recipe"].get(key) != value]
            raise CheckpointError(
                f"The folder holds an interrupted run with another recipe; {', '.join(changed)} differ.",
                "Resume it with its own recipe, or train under another name.",
            )
        try:
            own = {name[4:]: tensor for name, tensor in tensors.items() if name.startswith("net.")}
            self.net.load_state_dict(own, strict=True)
        except RuntimeError as error:
            raise CheckpointError(
                "The folder holds an interrupted run of another net.", "Train under another name, or delete the folder."
            ) from error
        optimiser.restore(self.optimisers, tensors)
        carried = [tensors[f"carried.{i}"] for i in range(sum(name.startswith("carried.") for name in tensors))]
        self.carried = tuple(carried) or None
        self.lines = [Line(**line) for line in values["lines"]]
        for name in _KEPT:
            setattr(self, name, values[name])

    # --- the loop ----------------------------------------------------------------------------------------------

    def finish(self, watch: Watcher) -> Outcome:
        """Go on to the end."""
        begin, here = time.perf_counter(), self.step
        while not self._over():
            clock, processor = time.perf_counter(), time.process_time()
            loss = self._advance()
            self.seconds += time.perf_counter() - clock
            self.processor += time.process_time() - processor
            line = self._evaluate() if self.step % self.recipe.every == 0 or self.step == self.recipe.steps else None
            if line is None and time.perf_counter() - self.saved > _AT_MOST:
                self.save()
            pace = (time.perf_counter() - begin) / (self.step - here)
            speed = self.recipe.batch * self.recipe.context / pace
            watch(Moment(self.step, self.recipe.steps, loss, speed, pace * (self.recipe.steps - self.step), line))
        best = min(self.lines, key=lambda line: line.validation)
        early = self.step < self.recipe.steps
        return Outcome(best, tuple(self.lines), early, self.processor, torch.get_num_threads())

    def _over(self) -> bool:
        return self.step >= self.recipe.steps or (0 < self.recipe.patience <= self.stale)

    def _advance(self) -> float:
        """Take one step; return its loss in nats a token."""
        self.net.train()
        torch.manual_seed(derive_seed(self.recipe.seed, "step", self.step))  # dropout's masks
        tokens, targets = self.batches.at(self.step)
        if self.batches.begins(self.step):
            self.carried = None
        objective, nll, self.carried = self.net.loss(tokens, targets, self.carried)
        loss = float(nll)
        if not math.isfinite(loss) or not math.isfinite(float(objective.detach())):
            raise self._diverged(loss)
        objective.backward()
        if self.recipe.clip:
            norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip)
            if not math.isfinite(float(norm.detach())):
                raise self._diverged(loss)
        optimiser.pace(self.optimisers, self.recipe.share(self.step))
        for each in self.optimisers:
            each.step()
        self.net.zero_grad(set_to_none=True)
        self.step += 1
        self.sum, self.count, self.tokens = self.sum + loss, self.count + 1, self.tokens + tokens.numel()
        return loss

    def _diverged(self, loss: float) -> TrainingError:
        last = f"{self.lines[-1].training:.3f} at step {self.lines[-1].step}" if self.lines else "none yet"
        return TrainingError(
            f"The loss or its gradient is no number at step {self.step + 1} (loss {loss}; the last evaluated: {last}).",
            f"Train with a smaller --rate (it is {self.recipe.rate:g}), a longer --warmup or a --clip of 1 or less; "
            "the best net so far is kept.",
        )

    def _evaluate(self) -> Line:
        loss = held_out_loss(self.net, self.held_out)
        if not math.isfinite(loss):
            raise self._diverged(loss)
        rate = self.recipe.rate * self.recipe.share(self.step - 1)
        line = Line(self.step, self.sum / self.count, loss, rate, self.tokens, self.seconds)
        best = min((line.validation for line in self.lines), default=math.inf)
        self.lines.append(line)
        self.sum, self.count = 0.0, 0
        self.stale = 0 if loss < best else self.stale + 1
        if loss < best:
            checkpoint.write(self.folder / NET, self.net.state_dict(), {"step": self.step, "validation": loss})
        self.save()
        journal.write(self.folder, f"Training of {self.folder.name}", self.lines)
        return line


_KEPT = ("step", "stale", "threads", "sum", "count", "tokens", "seconds", "processor")


@torch.no_grad()
def held_out_loss(net: Any, batches: list[Pair]) -> float:
    """Return the mean negative log-likelihood of *batches* in nats a token."""
    net.eval()
    total, count, carried = 0.0, 0, None
    for tokens, targets in batches:
        _, nll, carried = net.loss(tokens, targets, carried)
        total, count = total + float(nll) * tokens.numel(), count + tokens.numel()
    return total / count
