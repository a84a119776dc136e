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
    on_card: Annotated[bool, typer.Option("--card", help="Put figures and texts into the run's card.md too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Judge a run on its held-out text: foretelling, and the variety of what it writes."""
    from miaobi.cli.terminal import table, tell, tell_json
    from miaobi.engines.run import find
    from miaobi.lab.card import TOLD, rows_of
    from miaobi.lab.judgement import judge

    trained = find(run)
    judged = judge(trained, samples, length, temperature, seed)
    found = judged.plain()
    if on_card:
        from miaobi.lab import session

        settings = {"samples": samples, "length": length, "temperature": temperature, "seed": seed}
        session.put_on_card(trained, {"settings": settings, "figures": found, "texts": judged.texts[:TOLD]})
    if as_json:
        tell_json(found)
        return
    table(["figure", run, "5-gram", "held-out texts"], rows_of(found))
    if on_card:
        tell(f"On the card: {trained.folder / 'card.md'}")
