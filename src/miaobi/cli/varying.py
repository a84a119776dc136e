"""``miaobi vary`` and ``miaobi lock``: a work made again, with parts of it as they are."""

from __future__ import annotations

from typing import Annotated

import typer

from miaobi.cli.completing import work_ids
from miaobi.cli.composing import AsJson, Picture, carry_out
from miaobi.errors import BriefError

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
        str,
        typer.Option(help="Lines, bars or parts that stay as they are, as in 1,3-5 or, of a picture, sky,lighthouse."),
    ] = "",
    anew: Annotated[str, typer.Option(help="The other way round: of a picture, all parts stay but these.")] = "",
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
    from miaobi.studio.variation import all_but, numbered, variation

    with ending(as_json):
        if keep and anew:
            raise BriefError("Both --keep and --anew are given.", "Say one: what stays, or what is made anew.")
        with Library() as library:
            id = library.find(work).id
            order = variation(
                library,
                id,
                keep=all_but(library, id, anew) if anew else numbered(library, id, keep),
                options=intake.options(option or []),
                seed=None if seed < 0 else seed,
                engine=engine,
                formats=intake.endings(formats),
                out=out,
            )
        carry_out(order, as_json, picture)


def lock(
    work: _Work,
    parts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PARTS]...", help="Lines as in 1,3-5; parts of a picture as in sky,lighthouse."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Release them; all when none is named.")] = False,
    as_json: _Json = False,
) -> None:
    """Lock parts of a work, so that every `miaobi vary` keeps them; without parts, tell which are locked and, of a
    picture, which there are."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio.library import Library
    from miaobi.studio.translation import said
    from miaobi.studio.variation import lock as lock_parts
    from miaobi.studio.variation import named_parts, numbered

    numbers = ",".join(parts or ())
    with Library() as library:
        card = library.find(work)
        locked = lock_parts(library, card.id, numbered(library, card.id, numbers), off=off)
        names = {i: part.name for i, part in enumerate(named_parts(library, card.id), 1)}
    if as_json:
        tell_json({"work": card.id, "locked": locked} | ({"parts": list(names.values())} if names else {}))
        return
    if locked:
        tell(said(f"Locked in “{card.title}”: {', '.join(names.get(n, str(n)) for n in locked)}."))
    else:
        tell(said(f"Nothing of “{card.title}” is locked."))
    if names and not numbers:
        tell(said(f"Parts: {', '.join(names.values())}."))
