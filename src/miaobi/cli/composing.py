"""``miaobi compose``: from a brief to a folder with the finished work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miaobi.cli.completing import (
    endings_of,
    engines,
    form_names,
    languages,
    option_values,
    picture_ways,
    reference_kinds,
)
from miaobi.errors import BriefError, show

if TYPE_CHECKING:
    from miaobi.studio.job import Order
    from miaobi.work import Work

AsJson = Annotated[bool, typer.Option("--json", help="Print a line of JSON an event; the last is the work.")]
Picture = Annotated[
    str,
    typer.Option(
        "--picture",
        help="How a terminal is shown a picture: auto, off, kitty, iterm2, sixel or blocks.",
        autocompletion=picture_ways,
    ),
]
_Idea = Annotated[str, typer.Argument(metavar="IDEA", help="What it is about; - reads it from standard input.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("compose")(compose)
    app.command("resume")(resume)


def compose(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORM", help="Its English or Chinese name: see `miaobi forms`.", autocompletion=form_names
        ),
    ],
    idea: _Idea,
    lang: Annotated[
        str,
        typer.Option(help="Language: en or zh; found by the idea's script when not given.", autocompletion=languages),
    ] = "",
    seed: Annotated[int, typer.Option(help="The same seed gives the same work.")] = 0,
    length: Annotated[int, typer.Option(help="Words (字 in Chinese); 0: as usual for the form.")] = 0,
    title: Annotated[str, typer.Option(help="Title; made when not given.")] = "",
    tone: Annotated[str, typer.Option(help="Tone, in your words.")] = "",
    audience: Annotated[str, typer.Option(help="Who it is for.")] = "",
    date: Annotated[str, typer.Option(help="Date line, YYYY-MM-DD.")] = "",
    engine: Annotated[
        str,
        typer.Option(
            help="A checkpoint's name, a .gguf file, a folder, hf:org/name, or URLs of servers.", autocompletion=engines
        ),
    ] = "",
    style: Annotated[
        str,
        typer.Option(
            help="A LoRA adapter's name, as NAME or NAME@0.5: a run of `lab train --base`, or styles/NAME.gguf."
        ),
    ] = "",
    out: Annotated[str, typer.Option(help="Folder for the files; made from the title when not given.")] = "",
    formats: Annotated[
        str,
        typer.Option("--format", help="File endings, as in md,epub; all when not given.", autocompletion=endings_of),
    ] = "",
    option: Annotated[
        list[str] | None,
        typer.Option("-o", "--option", help="name=value, an option of the form.", autocompletion=option_values),
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            help="kind=FILE; kinds: style, lore, facts, table, thread, persona, score, picture; story, also a work.",
            autocompletion=reference_kinds,
        ),
    ] = None,
    picture: Picture = "auto",
    as_json: AsJson = False,
) -> None:
    """Compose a work and write its files."""
    from miaobi.cli.telling import ending

    with ending(as_json):
        from miaobi.brief import Brief
        from miaobi.craft.text.sentence import han
        from miaobi.engines.style import styled
        from miaobi.forms import find
        from miaobi.studio import intake
        from miaobi.studio.job import Order

        if idea == "-":
            idea = intake.read_text(sys.stdin.buffer.read(), "What came by standard input")
        known = find(form).languages
        values: dict[str, Any] = {
            "form": find(form).name,
            "idea": idea,
            "language": lang or (known[0] if len(known) == 1 else "zh" if han(idea) else "en"),
            "seed": seed,
            "length": length,
            "title": title,
            "tone": tone,
            "audience": audience,
            "date": date or None,
            "options": intake.options(option or []),
            "references": intake.references(reference or []),
        }
        endings = intake.endings(formats)
        if style:
            engine = styled(engine, style)
        order = Order(brief=Brief.parse(values), engine=engine, formats=tuple(endings), out=out)
        carry_out(order, as_json, picture)


def resume(
    job: Annotated[str, typer.Argument(help="Which; the newest unfinished one when not given.")] = "",
    picture: Picture = "auto",
    as_json: AsJson = False,
) -> None:
    """Go on with a work that was stopped or killed, from its last finished step."""
    from miaobi.cli.telling import ending
    from miaobi.studio.job import unfinished

    with ending(as_json):
        carry_out(unfinished(job), as_json, picture)


def carry_out(order: Order, as_json: bool, picture: str = "auto") -> None:
    """Carry out an order on the terminal: fetch, compose, deliver, keep, and tell."""
    from miaobi.cli.completing import form_title
    from miaobi.cli.inline_picture import WAYS
    from miaobi.cli.telling import event, telling
    from miaobi.cli.terminal import Download, harmless, joined, tell
    from miaobi.compose import choose_formats
    from miaobi.forms import admit, find
    from miaobi.studio.carrying import Engines
    from miaobi.studio.carrying import carry_out as carry
    from miaobi.studio.delivery import admit_folder
    from miaobi.studio.excerpt import opening
    from miaobi.studio.library import Library
    from miaobi.studio.translation import label, said

    if picture not in WAYS:
        raise BriefError(f"There is no way {show(picture)} to show a picture.", f"There are: {', '.join(WAYS)}.")
    brief, out = order.brief, Path(order.out) if order.out else None
    form = find(brief.form)
    admit(form, brief)
    choose_formats(form, order.formats)
    admit_folder(out or Path.cwd())
    Library().close()  # a library that can't take the work is told before hours are spent on it
    download = Download("Fetching the checkpoint", as_json)
    with download, Engines(download) as engines:
        engines(form.engine_in(brief.language, order.engine), brief.language)  # fetched before anything is shown of it
        download.finish()
        with telling(form_title(form.name), as_json) as teller:
            done = carry(order, engines, teller.progress, out, teller)
    work, folder = done.work, done.folder
    if as_json:
        event("done", summary(work, folder))
        return
    for finding in work.findings:
        typer.echo(joined(label(finding.severity), said(finding.message)), err=True)
    _show_picture(work, picture)
    if not (teller.grew and sys.stdout.isatty()):  # it was read while it grew
        tell(harmless(opening(work)))
        tell()
    for rendering in work.renderings:
        tell(str(folder / rendering.name))


def _show_picture(work: Work, way: str) -> None:
    """Show a work's picture on a terminal that can: its PNG."""
    from miaobi.cli.inline_picture import drawn, way_of

    if way == "auto":
        way = way_of(os.environ)
    picture = next((r for r in work.renderings if r.name.endswith(".png")), None)
    if picture is not None and way != "off" and sys.stdout.isatty():
        sys.stdout.write(drawn(picture.content, way))


def summary(work: Work, folder: Path) -> dict[str, Any]:
    """Return what ``--json`` prints of a finished work at its end."""
    return {
        "work": work.id,
        "form": work.form,
        "title": work.title,
        "folder": str(folder),
        "files": [
            {"name": r.name, "media_type": r.media_type, "bytes": len(r.content), "sha256": r.sha256}
            for r in work.renderings
        ],
        "findings": [f.model_dump(mode="json") for f in work.findings],
        "checkpoint": work.record.checkpoint["name"],
        "seed": work.record.seed,
    }
