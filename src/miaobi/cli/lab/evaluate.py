"""``miaobi lab evaluate``: the figures of a run beside a baseline's and people's."""

from __future__ import annotations

from typing import Annotated

import typer

from miaobi.cli.lab.extra import needing_lab


def register(app: typer.Typer) -> None:
    """Put the verb into *app*."""
    app.command()(needing_lab(evaluate))


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The name of a run, or its folder.")],
    samples: Annotated[int, typer.Option(min=2, help="Texts that are written.")] = 30,
    length: Annotated[int, typer.Option(min=8, help="Tokens of each at most.")] = 120,
    temperature: Annotated[float, typer.Option(min=0.05, help="At which they are written.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Judge a run on its held-out text: foretelling, and the variety of what it writes."""
    from miaobi.cli.terminal import table, tell_json
    from miaobi.engines.run import find
    from miaobi.lab.judgement import judge

    found = judge(find(run), samples, length, temperature, seed).plain()
    if as_json:
        tell_json(found)
        return
    rows = [
        "perplexity",
        "perplexity_with_cache",
        "perplexity_of_characters",
        "bits_a_byte",
        "bleu",
        "self_bleu",
        "distinct",
        "copied",
    ]

    def cell(value: object) -> str:
        if value is None:
            return "–"
        return " ".join(f"{v:.3f}" for v in (value if isinstance(value, tuple | list) else [value]))

    rows = [name for name in rows if name in found["run"]]
    cells = [
        [name.replace("_", " "), *(cell(found[who].get(name)) for who in ("run", "baseline", "human"))] for name in rows
    ]
    table(["figure", run, "5-gram", "held-out texts"], cells)
