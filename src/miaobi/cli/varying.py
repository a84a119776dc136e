"""``miaobi vary`` and ``miaobi lock``: a work made again, with parts of it as they are."""

from __future__ import annotations

from typing import Annotated

import typer

from miaobi.cli.completing import work_ids
from miaobi.cli.composing import AsJson, Picture, carry_out

_Work = Annotated[
    str,
    typer.Argument(
        metavar="WORK", help="The beginning of its id, its title, or one of its files.", autocompletion=work_ids
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("vary")(vary)
    app.command("lock")(lock)


def vary(
    work: _Work,
    keep: Annotated[
        str, typer.Option(help="Lines of a poem or bars of a tune that stay as they are, as in 1,3-5.")
    ] = "",
    seed: Annotated[int, typer.Option(min=-1, help="Another seed; -1: the next that this idea hasn't had.")] = -1,
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="name=value, an option of the form, changed.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Another engine; the work's own when not given.")] = "",
    out: Annotated[str, typer.Option(help="Folder for the files; made from the title when not given.")] = "",
    formats: Annotated[str, typer.Option("--format", help="File endings, as in md,epub; all when not given.")] = "",
    picture: Picture = "auto",
    as_json: AsJson = False,
) -> None:
    """Make a work again from its brief with another seed; what is kept or locked stays byte for byte."""
    from miaobi.cli.telling import ending
    from miaobi.studio import intake
    from miaobi.studio.library import Library
    from miaobi.studio.variation import parts, variation

    with ending(as_json):
        with Library() as library:
            order = variation(
                library,
                work,
                keep=parts(keep),
                options=intake.options(option or []),
                seed=None if seed < 0 else seed,
                engine=engine,
                formats=intake.endings(formats),
                out=out,
            )
        carry_out(order, as_json, picture)


def lock(
    work: _Work,
    numbers: Annotated[str, typer.Argument(metavar="[PARTS]", help="Lines, as in 1,3-5.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Release them; all when none is named.")] = False,
    as_json: _Json = False,
) -> None:
    """Lock parts of a work, so that every `miaobi vary` keeps them; without parts, tell which are locked."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio.library import Library
    from miaobi.studio.variation import lock as lock_parts
    from miaobi.studio.variation import parts

    with Library() as library:
        card = library.find(work)
        locked = lock_parts(library, work, parts(numbers), off=off)
    if as_json:
        tell_json({"work": card.id, "locked": locked})
    else:
        tell(f"Locked in “{card.title}”: {', '.join(map(str, locked)) or 'nothing'}.")
