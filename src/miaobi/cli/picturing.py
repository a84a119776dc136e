"""``miaobi restyle`` and ``miaobi look``: a picture of yours in another manner; what can be seen in it, for other
works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miaobi.cli.composing import AsJson, carry_out
from miaobi.cli.composing import Picture as Shown

_Picture = Annotated[str, typer.Argument(metavar="PICTURE", help="PNG, JPEG, WebP, GIF or BMP.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("restyle")(restyle)
    app.command("look")(look)


def restyle(
    picture: _Picture,
    style: Annotated[
        str,
        typer.Option(
            help="A style's name, a mixture as starlit:0.6,woodblock:0.4, or a picture's file; chosen when not given."
        ),
    ] = "",
    strength: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="How far from the picture: 1 when not given, 0.6 by a checkpoint."),
    ] = None,
    keep_colour: Annotated[bool, typer.Option("--keep-colour", help="Keep the picture's own colours.")] = False,
    size: Annotated[
        int | None,
        typer.Option(help="Pixels of the longer side: 1024 when not given, at most the picture's own."),
    ] = None,
    checkpoint: Annotated[str, typer.Option(help="A checkpoint of yours that paints it anew, by --words.")] = "",
    words: Annotated[str, typer.Option(help="For --checkpoint: what it is to show and how.")] = "",
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="name=value, another option of the form restyle.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title; the file's name when not given.")] = "",
    lang: Annotated[str, typer.Option(help="Language of title and description: en or zh.")] = "",
    seed: Annotated[int, typer.Option(help="Chooses the style when none is given.")] = 0,
    out: Annotated[str, typer.Option(help="Folder for the files; made from the title when not given.")] = "",
    picture_shown: Shown = "auto",
    as_json: AsJson = False,
) -> None:
    """Restyle a picture: 26 styles, mixtures of them, the manner of any other picture, or a checkpoint of yours."""
    from miaobi.brief import Brief
    from miaobi.cli.telling import ending
    from miaobi.craft.text.sentence import han
    from miaobi.studio import intake
    from miaobi.studio.job import Order

    with ending(as_json):
        manner = bool(style) and (Path(style).is_file() or Path(style).suffix.lower() in intake.PICTURES)
        name = title or Path(picture).stem.replace("-", " ").replace("_", " ")
        given = [picture, style] if manner else [picture]
        said: dict[str, object] = {"style": "" if manner else style, "checkpoint": checkpoint, "strength": strength}
        said |= {"colour": "picture" if keep_colour else "", "size": size}
        values = {
            "form": "restyle",
            "idea": words or name,
            "title": name,
            "language": intake.language(lang) or ("zh" if han(name) else "en"),
            "seed": seed,
            "options": _options(intake.options(option or []), said),
            "references": intake.references([f"picture={path}" for path in given]),
        }
        carry_out(Order(brief=Brief.parse(values), out=out), as_json, picture_shown)


def _options(given: dict[str, str], said: dict[str, object]) -> dict[str, object]:
    """Return the options *given* by -o with those *said* by an option of their own; BriefError for one that is both."""
    from miaobi.errors import BriefError

    said = {name: value for name, value in said.items() if value not in ("", None)}
    if twice := sorted(given.keys() & said.keys()):
        flag = {"colour": "--keep-colour"}.get(twice[0], f"--{twice[0]}")
        raise BriefError(f"The option {twice[0]} is given by {flag} and by -o.", "Give it once.")
    return {**given, **said}


def look(
    picture: _Picture,
    form: Annotated[
        str,
        typer.Option("--as", metavar="FORM", help="Compose a work of this form from it: sonnet, story, song, 绝句, …"),
    ] = "",
    idea: Annotated[
        str, typer.Option(help="Who or what it shows, in your words; the rest is taken from the picture.")
    ] = "",
    lang: Annotated[str, typer.Option(help="Language: en or zh.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed gives the same work.")] = 0,
    engine: Annotated[str, typer.Option(help="An engine for the work.")] = "",
    out: Annotated[str, typer.Option(help="Folder for the work; made from the title when not given.")] = "",
    picture_shown: Shown = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; with --as, a line an event.")] = False,
) -> None:
    """Tell a picture's colours, weight, light, hour and mood, and the brief that they make; --as composes from it."""
    from miaobi.brief import Brief
    from miaobi.cli.telling import ending
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.craft.text.sentence import han
    from miaobi.studio import intake, sight
    from miaobi.studio.job import Order
    from miaobi.studio.translation import READER, said
    from miaobi.types import Language

    looking = not (idea or form or as_json)  # nothing is made of it: it is told to who reads
    found = READER.get() if looking else "zh" if han(idea + form) else "en"
    language: Language = "zh" if (intake.language(lang) or found) == "zh" else "en"
    with ending(as_json and bool(form)):
        seen = sight.seen(picture)
        values = sight.brief_values(seen, form, idea, language) | {"seed": seed}
        if form:
            carry_out(Order(brief=Brief.parse(values), engine=engine, out=out), as_json, picture_shown)
            return
    if as_json:
        tell_json(sight.plain(seen, language) | {"brief": values})
        return
    for line in sight.account(seen, language):
        tell(line)
    tell()
    tell(f"Idea: {values['idea']}" if language == "en" else f"想法：{values['idea']}")
    tell(said(f"Compose from it: miaobi look {picture} --as FORM"))
