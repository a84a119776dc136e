"""The journal of a run: a line of JSON an evaluation, and the chart of its losses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from miaobi.craft.chart import Chart, Series, svg
from miaobi.engines.disk import explained, write_whole


@dataclass(frozen=True)
class Line:
    """One evaluation. Losses are mean negative log-likelihoods in nats a token; ``seconds`` are of training alone."""

    step: int
    training: float  # mean over the steps since the line before
    validation: float
    rate: float
    tokens: int  # read so far
    seconds: float


def write(folder: Path, title: str, lines: Sequence[Line]) -> None:
    """Write log.jsonl and chart.svg."""
    with explained(folder, "the journal of the training run"):
        text = "".join(json.dumps(asdict(line)) + "\n" for line in lines)
        write_whole(folder / "log.jsonl", text.encode())
        if lines:
            write_whole(folder / "chart.svg", svg(chart(title, lines)).encode())


def chart(title: str, lines: Sequence[Line]) -> Chart:
    """Return the curves of training and validation over the steps."""
    first, best = lines[0].validation, min(lines, key=lambda line: line.validation)
    return Chart(
        kind="line",
        title=title,
        unit="loss, nats a token, over steps",
        categories=tuple(f"{line.step:,}" for line in lines),
        series=(
            Series("training", tuple(line.training for line in lines)),
            Series("validation", tuple(line.validation for line in lines)),
        ),
        description=f"Validation loss falls from {first:.3f} to {best.validation:.3f} at step {best.step}.",
    )
