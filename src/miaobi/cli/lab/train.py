"""``miaobi lab train``: from token files to a net that writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miaobi.cli.lab.extra import needing_lab

if TYPE_CHECKING:
    from miaobi.engines.run import Run
    from miaobi.lab.training import Moment

_NETS = "transformer, gpt2, rnn, lstm or gru."
_START = "Begin with the weights of a finished run: its net, sizes and vocabulary, more steps or other texts."


def register(app: typer.Typer) -> None:
    """Put the verb into *app*."""
    app.command()(needing_lab(train))


def train(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the run.")],
    tokens: Annotated[Path | None, typer.Argument(metavar="TOKENS", help="A folder of `lab tokens`.")] = None,
    vocabulary: Annotated[
        Path | None, typer.Argument(metavar="VOCABULARY", help="A folder of `lab vocabulary`.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run; nothing else is given.")
    ] = False,
    base: Annotated[
        str, typer.Option(help="LoRA adapters are trained on it: a run, a checkpoint's name, a .gguf file, a folder.")
    ] = "",
    rank: Annotated[int, typer.Option(help="Of the adapters.")] = 8,
    net: Annotated[str, typer.Option(help=_NETS)] = "transformer",
    width: Annotated[int, typer.Option(help="Width of embedding and output.")] = 128,
    layers: Annotated[int, typer.Option(help="Layers.")] = 4,
    heads: Annotated[int, typer.Option(help="Heads of attention (transformer, gpt2).")] = 4,
    hidden: Annotated[int, typer.Option(help="Width inside; 0: as usual for the net.")] = 0,
    look: Annotated[str, typer.Option(help="Attention of a recurrent net: none, additive, multiplicative.")] = "none",
    dropout: Annotated[
        float, typer.Option(help="Share dropped; for a recurrent net all of AWD-LSTM's dropouts.")
    ] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps.")] = 2000,
    batch: Annotated[int, typer.Option(help="Sequences a step.")] = 32,
    context: Annotated[int, typer.Option(help="Tokens a sequence.")] = 128,
    optimiser: Annotated[
        str, typer.Option(help="muon (leaves recurrent cells to adamw) or adamw; muon if not given, adamw with --base.")
    ] = "",
    rate: Annotated[
        float, typer.Option(help="AdamW's learning rate, Muon's follows; 3e-3 if not given, 1e-3 with --base.")
    ] = 0.0,
    decay: Annotated[float, typer.Option(help="Weight decay.")] = 0.1,
    warmup: Annotated[int, typer.Option(help="Steps in which the rate rises.")] = 50,
    clip: Annotated[float, typer.Option(help="Largest norm of the gradient; 0: none.")] = 1.0,
    patience: Annotated[int, typer.Option(help="Evaluations without a gain before the run stops; 0: never.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same net on one machine.")] = 0,
    threads: Annotated[int, typer.Option(help="0: by trial.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Train on a Ray cluster of so many processes.")] = 0,
    corpus: Annotated[Path | None, typer.Option(help="The corpus, for sources and licences in the card.")] = None,
    packed: Annotated[
        bool, typer.Option("--packed/--windows", help="Read rows of whole documents, or windows from anywhere.")
    ] = False,
    vectors: Annotated[Path | None, typer.Option(help="Word vectors that the embedding starts from.")] = None,
    start_from: Annotated[str, typer.Option(metavar="RUN", help=_START)] = "",
    lang: Annotated[str, typer.Option(help="Languages it will write, as in en,zh.")] = "",
) -> None:
    """Train a net on token files, or go on with a run; a kill at any moment loses a minute at most.

    Several processes: torchrun --nproc-per-node 2 -m miaobi lab train …
    """
    from miaobi.cli.terminal import say
    from miaobi.engines import run as run_folder
    from miaobi.errors import BriefError
    from miaobi.lab import session
    from miaobi.lab.order import Order
    from miaobi.lab.training import Recipe, group

    def made() -> Run:
        if resume:
            return session.unfinished(name)
        if tokens is None or (vocabulary is None and not base and not start_from):
            raise BriefError("Token files and a vocabulary are needed.", f"miaobi lab train {name} TOKENS VOCABULARY")
        if warmup >= steps:
            say(f"Note: the rate still rises when the run ends: --warmup is {warmup} and --steps {steps}.")
        chosen: Any = optimiser or ("adamw" if base else "muon")  # Recipe says what is legal
        pace = rate or (1e-3 if base else 3e-3)
        recipe = Recipe(steps, batch, context, chosen, pace, decay, warmup, clip, patience, seed)
        sizes = _sizes(net, width, layers, heads, hidden, look, dropout)
        languages = tuple(part.strip() for part in lang.split(",") if part.strip())
        return session.begin(
            Order(
                name, tokens, vocabulary, net, sizes, recipe, corpus, languages, base, rank, packed, vectors, start_from
            )
        )

    with group.joined() as together:
        run = made() if together.first else None
        together.wait()  # for the run's folder
        run = run or run_folder.find(name)
        if not together.first:
            session.go_on(run, cores=threads)
            return
        say(f"{run.name}: a {run.record['net']} of {run.record['parameters']:,} parameters, in {run.folder}")
        run = _carried_out(run, threads, workers)
    _tell_end(run)


def _carried_out(run: Run, threads: int, workers: int) -> Run:
    """Train *run* to its end, here or on a cluster."""
    from miaobi.engines import run as run_folder
    from miaobi.errors import CancelledError
    from miaobi.lab import session

    show = _Progress(run.name)
    try:
        if workers:
            from miaobi.lab.training import cluster

            cluster.go_on(run.folder, workers, threads or 1)
            return run_folder.read(run.folder)
        return session.go_on(run, show, threads)[0]
    except KeyboardInterrupt:
        raise CancelledError(
            "Stopped; the last state is kept.", f"Go on with it: miaobi lab train {run.name} --resume"
        ) from None
    finally:
        show.close()


def _tell_end(run: Run) -> None:
    from miaobi.cli.terminal import tell
    from miaobi.lab.card import speed

    outcome = run.record["outcome"]
    best = outcome["best"]
    tell(f"{run.name}: held-out loss {best['validation']:.4f} nats a token at step {best['step']:,}")
    tell(f"{outcome['tokens']:,} tokens{speed(outcome)}")
    if run.record["base"]:
        _tell_adaptation(run)
    else:
        tell(f"Write with it: miaobi lab generate {run.name}, or miaobi compose … --engine lab:{run.name}")


def _tell_adaptation(run: Run) -> None:
    import math

    from miaobi.cli.terminal import say, tell
    from miaobi.lab.card import COPIED

    for where in ("torch", "llama.cpp"):
        before, after = run.record["adaptation"][where]
        tell(
            f"Perplexity of held-out text by {where}: {math.exp(before):.2f} without the adapter, "
            f"{math.exp(after):.2f} with it ({math.expm1(after - before):+.1%})"
        )
    copied = run.record["copied"]
    tell(f"Longest run of words shared with the training texts: {copied['words']}")
    if copied["words"] >= COPIED:
        say(
            f"Warning: {COPIED} or more count as copied: “{copied['passage']}”. The card says so. Learn from more "
            f"text, with fewer --steps or a lower --rank, or write with less of it: --style {run.name}@0.5"
        )
    tell(f"Write with it: miaobi compose … --style {run.name}, or miaobi lab generate {run.name}")


def _sizes(net: str, width: int, layers: int, heads: int, hidden: int, look: str, dropout: float) -> dict[str, Any]:
    if net in ("transformer", "gpt2"):
        from miaobi.errors import BriefError

        if look != "none":
            raise BriefError(f"--look {look} is attention of a recurrent net; this is a {net}.", "Add --net lstm.")
        return {"width": width, "layers": layers, "heads": heads, "hidden": hidden, "dropout": dropout}
    regularised = {"locked": dropout, "words": dropout / 4, "recurrent": dropout, "activity": 0.5 if dropout else 0.0}
    return {"width": width, "layers": layers, "hidden": hidden or 2 * width, "look": look, **regularised}


class _Progress:
    """A bar on a terminal, a line an evaluation everywhere."""

    def __init__(self, title: str) -> None:
        import sys

        self._title, self._terminal = title, sys.stderr.isatty()
        self._bar: Any = None

    def __call__(self, moment: Moment, sample: str) -> None:
        from miaobi.cli.terminal import say

        pace = f"{moment.tokens_per_second:,.0f} tokens/s, {_clock(moment.remaining)} to go"
        if self._terminal:
            self._show(moment, f"loss {moment.loss:.3f}, {pace}")
        if moment.line is None:
            return
        line = f"step {moment.step:,}/{moment.steps:,}: loss {moment.line.training:.4f}, held out "
        say(f"{line}{moment.line.validation:.4f}, {pace}")
        say("    " + " ".join(sample.split())[:160])

    def _show(self, moment: Moment, text: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        if self._bar is None:
            columns = (BarColumn(), TextColumn("{task.description}", markup=False))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=moment.steps)
        self._bar.update(self._task, completed=moment.step, description=text)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
