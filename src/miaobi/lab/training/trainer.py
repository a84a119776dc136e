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
from miaobi.lab.training import checkpoint, group, journal, optimiser, speed, threads
from miaobi.lab.training.batches import Pair, Rows, Streams, Tokens, Windows, held_out, held_out_rows
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
    operations: float = 0.0  # of a token
    peak: float = 0.0  # operations a second of matrix products, of all processes together, measured after the run


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
    evaluated: int = EVALUATED,
    documents: tuple[Tokens, Tokens] | None = None,
) -> Outcome:
    """Train *net* and leave the best one in *folder*; a run that was interrupted there goes on where it was.

    *cores*: threads; 0: by trial. *evaluated*: held-out tokens of an evaluation. *documents*: where those of training
    and validation begin; a net that forgets between batches then reads rows of whole ones. Weights that are frozen
    stand in no file. Raises BriefError for a text shorter than one sequence, TrainingError when the loss
    is no number, CheckpointError when the disk refuses or the folder holds a run of another recipe.
    """
    run = _Run(net, training, validation, recipe, folder, evaluated, documents)
    run.resume()
    if not (run.threads or cores):
        size = run.group.size
        run.threads = threads.share(size) if size > 1 else threads.probe(net, run.batches.at(0))
    run.threads = run.threads or cores
    torch.set_num_threads(run.threads)
    return run.finish(watch)


class _Run:
    """A run while it lasts, in one process of its group."""

    def __init__(
        self,
        net: Any,
        training: Tokens,
        validation: Tokens,
        recipe: Recipe,
        folder: Path,
        evaluated: int,
        documents: tuple[Tokens, Tokens] | None,
    ) -> None:
        self.net, self.recipe, self.folder = net, recipe, folder
        batch, context = recipe.batch, recipe.context
        self.batches: Rows | Streams | Windows
        if net.carries or documents is None:
            self.batches = (Streams if net.carries else Windows)(training, batch, context, recipe.seed)
            self.held_out = held_out(validation, batch, context, evaluated, net.carries)
        else:
            self.batches = Rows(training, documents[0], batch, context, recipe.seed)
            self.held_out = held_out_rows(validation, documents[1], batch, context, evaluated)
        self.group = group.current()
        self.group.admit(self.batches.rows)
        self.loss = self.group.shared(net)
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
        tensors = {f"net.{name}": weight for name, weight in _learnt(self.net).items()}
        tensors |= optimiser.state_of(self.optimisers)
        parts = self.group.gathered(self.carried or ())
        if not self.group.first:
            return
        carried = self.net.joined(parts) if self.carried else ()
        tensors |= {f"carried.{i}": tensor for i, tensor in enumerate(carried)}
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
            if set(own) != set(_learnt(self.net)):
                raise RuntimeError("other weights")
            self.net.load_state_dict(own, strict=False)
        except RuntimeError as error:
            raise CheckpointError(
                "The folder holds an interrupted run of another net.", "Train under another name, or delete the folder."
            ) from error
        optimiser.restore(self.optimisers, tensors)
        carried = [tensors[f"carried.{i}"] for i in range(sum(name.startswith("carried.") for name in tensors))]
        self.carried = self.net.part(tuple(carried), self.group.rank, self.group.size) if carried else None
        self.lines = [Line(**line) for line in values["lines"]]
        for name in _KEPT:
            setattr(self, name, values[name])

    # --- the loop ----------------------------------------------------------------------------------------------

    def finish(self, watch: Watcher) -> Outcome:
        """Go on to the end."""
        begin, here = time.perf_counter(), self.step
        while not self._over():
            clock, processor = time.perf_counter(), time.process_time()
            loss, late = self._advance()
            self.seconds += time.perf_counter() - clock
            self.processor += time.process_time() - processor
            line = self._evaluate() if self.step % self.recipe.every == 0 or self.step == self.recipe.steps else None
            if line is None and late:
                self.save()
            pace = (time.perf_counter() - begin) / (self.step - here)
            rate = self.recipe.batch * self.recipe.context / pace
            watch(Moment(self.step, self.recipe.steps, loss, rate, pace * (self.recipe.steps - self.step), line))
        best = min(self.lines, key=lambda line: line.validation)
        early = self.step < self.recipe.steps
        cost, most = speed.operations(self.net, self.recipe.context), speed.peak() * self.group.size
        (processor,) = self.group.summed(self.processor)
        return Outcome(best, tuple(self.lines), early, processor, torch.get_num_threads(), cost, most)

    def _over(self) -> bool:
        return self.step >= self.recipe.steps or (0 < self.recipe.patience <= self.stale)

    def _advance(self) -> tuple[float, bool]:
        """Take one step; return its loss in nats a token, and whether the state should be saved again."""
        self.net.train()
        own = (self.group.rank,) if self.group.rank else ()  # the first draws what a single process does
        torch.manual_seed(derive_seed(self.recipe.seed, "step", self.step, *own))  # dropout's masks
        tokens, targets = self.batches.at(self.step)
        read = tokens.numel()
        tokens, targets = self.group.rows(tokens), self.group.rows(targets)
        if self.batches.begins(self.step):
            self.carried = None
        objective, nll, self.carried = self.loss(tokens, targets, self.carried)
        late = self.group.first and time.perf_counter() - self.saved > _AT_MOST
        nlls, objectives, lates = self.group.summed(float(nll), float(objective.detach()), float(late))
        loss = nlls / self.group.size
        if not math.isfinite(loss) or not math.isfinite(objectives):
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
        self.sum, self.count, self.tokens = self.sum + loss, self.count + 1, self.tokens + read
        return loss, bool(lates)

    def _diverged(self, loss: float) -> TrainingError:
        last = f"{self.lines[-1].training:.3f} at step {self.lines[-1].step}" if self.lines else "none yet"
        return TrainingError(
            f"The loss or its gradient is no number at step {self.step + 1} (loss {loss}; the last evaluated: {last}).",
            f"Train with a smaller --rate (it is {self.recipe.rate:g}), a longer --warmup or a --clip of 1 or less; "
            "the best net so far is kept.",
        )

    def _evaluate(self) -> Line:
        loss = self._held_out_loss()
        if not math.isfinite(loss):
            raise self._diverged(loss)
        rate = self.recipe.rate * self.recipe.share(self.step - 1)
        line = Line(self.step, self.sum / self.count, loss, rate, self.tokens, self.seconds)
        best = min((line.validation for line in self.lines), default=math.inf)
        self.lines.append(line)
        self.sum, self.count = 0.0, 0
        self.stale = 0 if loss < best else self.stale + 1
        if loss < best and self.group.first:
            checkpoint.write(self.folder / NET, _learnt(self.net), {"step": self.step, "validation": loss})
        self.save()
        if self.group.first:
            journal.write(self.folder, f"Training of {self.folder.name}", self.lines)
        return line

    def _held_out_loss(self) -> float:
        """Return the held-out loss; a net that forgets is measured by all processes, each on its batches."""
        if self.net.carries or self.group.size == 1:
            return float(held_out_loss(self.net, self.held_out))
        own = self.held_out[self.group.rank :: self.group.size]
        count = sum(tokens.numel() for tokens, _ in own)
        total, tokens = self.group.summed(held_out_loss(self.net, own) * count if own else 0.0, float(count))
        return total / tokens


_KEPT = ("step", "stale", "threads", "sum", "count", "tokens", "seconds", "processor")


def _learnt(net: Any) -> dict[str, Tensor]:
    """Return the weights that are trained: of an adapted net the adapters' alone."""
    return {name: weight for name, weight in net.named_parameters() if weight.requires_grad}


@torch.no_grad()
def held_out_loss(net: Any, batches: list[Pair]) -> float:
    """Return the mean negative log-likelihood of *batches* in nats a token."""
    net.eval()
    total, count, carried = 0.0, 0, None
    for tokens, targets in batches:
        _, nll, carried = net.loss(tokens, targets, carried)
        total, count = total + float(nll) * tokens.numel(), count + tokens.numel()
    return total / count
