"""``miaobi lab train``: from token files to a net that writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miaobi.cli.lab.extra import needing_lab

if TYPE_CHECKING:
    from miaobi.lab.training import Moment

_NETS = "transformer, rnn, lstm or gru."


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
    base: Annotated[str, typer.Option(help="A transformer run that LoRA adapters are trained on.")] = "",
    rank: Annotated[int, typer.Option(help="Of the adapters.")] = 8,
    net: Annotated[str, typer.Option(help=_NETS)] = "transformer",
    width: Annotated[int, typer.Option(help="Width of embedding and output.")] = 128,
    layers: Annotated[int, typer.Option(help="Layers.")] = 4,
    heads: Annotated[int, typer.Option(help="Heads of attention (transformer).")] = 4,
    hidden: Annotated[int, typer.Option(help="Width inside; 0: as usual for the net.")] = 0,
    look: Annotated[str, typer.Option(help="Attention of a recurrent net: none, additive, multiplicative.")] = "none",
    dropout: Annotated[
        float, typer.Option(help="Share dropped; for a recurrent net all of AWD-LSTM's dropouts.")
    ] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps.")] = 2000,
    batch: Annotated[int, typer.Option(help="Sequences a step.")] = 32,
    context: Annotated[int, typer.Option(help="Tokens a sequence.")] = 128,
    optimiser: Annotated[str, typer.Option(help="muon or adamw; muon leaves recurrent cells to adamw.")] = "muon",
    rate: Annotated[float, typer.Option(help="AdamW's learning rate; Muon's follows.")] = 3e-3,
    decay: Annotated[float, typer.Option(help="Weight decay.")] = 0.1,
    warmup: Annotated[int, typer.Option(help="Steps in which the rate rises.")] = 50,
    clip: Annotated[float, typer.Option(help="Largest norm of the gradient; 0: none.")] = 1.0,
    patience: Annotated[int, typer.Option(help="Evaluations without a gain before the run stops; 0: never.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same net on one machine.")] = 0,
    threads: Annotated[int, typer.Option(help="0: by trial.")] = 0,
    corpus: Annotated[Path | None, typer.Option(help="The corpus, for sources and licences in the card.")] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="A transformer reads from beginnings of documents only: for control tokens.")
    ] = False,
    vectors: Annotated[Path | None, typer.Option(help="Word vectors that the embedding starts from.")] = None,
    lang: Annotated[str, typer.Option(help="Languages it will write, as in en,zh.")] = "",
) -> None:
    """Train a net on token files, or go on with a run; a kill at any moment loses a minute at most."""
    from miaobi.cli.terminal import say, tell
    from miaobi.errors import BriefError, CancelledError
    from miaobi.lab import session
    from miaobi.lab.order import Order
    from miaobi.lab.training import Recipe

    if resume:
        run = session.unfinished(name)
    elif tokens is None or vocabulary is None:
        raise BriefError("Token files and a vocabulary are needed.", f"miaobi lab train {name} TOKENS VOCABULARY")
    else:
        recipe = Recipe(steps, batch, context, _optimiser(optimiser), rate, decay, warmup, clip, patience, seed)
        sizes = _sizes(net, width, layers, heads, hidden, look, dropout)
        languages = tuple(part.strip() for part in lang.split(",") if part.strip())
        order = Order(name, tokens, vocabulary, net, sizes, recipe, corpus, languages, base, rank, whole, vectors)
        run = session.begin(order)
    say(f"{run.name}: a {run.record['net']} of {run.record['parameters']:,} parameters, in {run.folder}")
    show = _Progress(run.name)
    try:
        run, outcome = session.go_on(run, show, threads)
    except KeyboardInterrupt:
        raise CancelledError(
            "Stopped; the last state is kept.", f"Go on with it: miaobi lab train {name} --resume"
        ) from None
    finally:
        show.close()
    tell(f"{run.name}: held-out loss {outcome.best.validation:.4f} nats a token at step {outcome.best.step:,}")
    tell(f"Write with it: miaobi lab generate {run.name}, or miaobi compose … --engine lab:{run.name}")


def _optimiser(name: str) -> Any:
    return name  # Recipe says what is legal


def _sizes(net: str, width: int, layers: int, heads: int, hidden: int, look: str, dropout: float) -> dict[str, Any]:
    if net == "transformer":
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
