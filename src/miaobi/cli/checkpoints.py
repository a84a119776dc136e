"""``miaobi checkpoints``: which weights there are, and which are here."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from miaobi.studio.translation import label, said

app = typer.Typer(help="List, pull, add and remove checkpoints.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List every checkpoint that can be named, and whether it is here."""
    from miaobi.cli.terminal import bracketed, table, tell_json
    from miaobi.engines import catalog

    here = {entry.name for entry in catalog.installed()}
    rows: list[dict[str, Any]] = [
        {
            "name": e.name,
            "title": e.title,
            "installed": e.name in here,
            "default": e.name == catalog.DEFAULT,
            "languages": list(e.languages),
            "parameters": e.parameters,
            "bytes": e.size,
            "licence": e.licence,
            "must_accept": e.must_accept,
            "source": e.source,
            "sha256": e.sha256,
            "notes": e.notes,
        }
        for e in catalog.entries()
    ]
    if as_json:
        tell_json({"checkpoints": rows, "folder": str(catalog.checkpoint_folder())})
        return
    cells = [
        [
            bracketed(r["name"], label("default")) if r["default"] else r["name"],
            label("yes" if r["installed"] else "no"),
            " ".join(r["languages"]) or label("unknown"),
            f"{r['parameters'] / 1e6:,.0f} M" if r["parameters"] else "?",
            f"{r['bytes'] / 1e6:,.0f} MB" if r["bytes"] else "?",
            r["licence"],
        ]
        for r in rows
    ]
    table(["checkpoint", "here", "languages", "parameters", "size", "licence"], cells)


@app.command()
def pull(
    name: Annotated[str, typer.Argument(help="A name of the catalog; the default if none is given.")] = "",
    accept: Annotated[bool, typer.Option("--accept-licence", help="Agree to its licence without being asked.")] = False,
) -> None:
    """Fetch a checkpoint, or go on where it was cut off."""
    from miaobi.cli.terminal import Download, tell
    from miaobi.engines import catalog

    entry = catalog.find(name or catalog.DEFAULT)
    with Download(entry.title) as download:
        path = catalog.ensure(entry.name, progress=download, accept=True if accept else _ask)
    tell(said(f"The checkpoint {entry.name} is at {path}"))


@app.command()
def add(
    spec: Annotated[str, typer.Argument(metavar="FILE|FOLDER|hf:ORG/NAME|URL", help="What to add.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
) -> None:
    """Add a checkpoint of your own: it is inspected and tried first."""
    from miaobi.cli.terminal import Download, tell
    from miaobi.engines import catalog

    with Download(spec) as download:
        entry = catalog.add(spec, name or None, progress=download)
    how = f"picture IDEA -o checkpoint={entry.name}" if entry.paints else f"FORM IDEA --engine {entry.name}"
    tell(said(f"The checkpoint {entry.name} is added. Compose with it: miaobi compose {how}"))


@app.command()
def remove(name: Annotated[str, typer.Argument(help="Its name in the catalog.")]) -> None:
    """Delete what was pulled, or forget what was added (your own file stays)."""
    from miaobi.cli.terminal import tell
    from miaobi.engines import catalog

    catalog.remove(name)
    tell(said(f"The checkpoint {name} is removed."))


def _ask(entry: Any) -> bool:
    """Show the licence's name and place, and ask, where there is somebody to ask."""
    import sys

    from miaobi.cli.terminal import say

    say(f"{entry.title} comes under the licence {entry.licence}: {entry.licence_url}")
    return sys.stdin.isatty() and typer.confirm(said("Have you read it, and do you agree?"), err=True)
