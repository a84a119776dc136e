"""``miaobi world``: works of several forms from one bible, on one page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("world")(world)


def world(
    what: Annotated[str, typer.Argument(metavar="IDEA", help="What the world is about; or a world's folder.")],
    forms: Annotated[
        str, typer.Option(help="Its works in the order of their making, as in story,ballad,song,illustration,cover.")
    ] = "",
    lang: Annotated[str, typer.Option(help="Language: en or zh; found by the idea when not given.")] = "",
    tone: Annotated[str, typer.Option(help="Mood of the whole, as in dark or 清寂.")] = "",
    author: Annotated[str, typer.Option(help="Whose name stands on the cover.")] = "",
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The same seed gives the same world.")] = 0,
    engine: Annotated[str, typer.Option(help="For the forms that have no checkpoint of their own.")] = "",
    out: Annotated[str, typer.Option(help="Folder; made from the idea when not given.")] = "",
    remake: Annotated[str, typer.Option(help="Of a world's folder: the part that is made anew; the rest stays.")] = "",
    add: Annotated[str, typer.Option(help="Of a world's folder: further works, as --forms.")] = "",
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="With --remake: name=value, an option of its form.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make works that belong together from one idea, in a folder with a page to read, look and listen to them."""
    from miaobi.cli.completing import form_title
    from miaobi.cli.terminal import Download, joined, padded, progress, say, tell, tell_json
    from miaobi.craft.text.sentence import han
    from miaobi.studio import intake
    from miaobi.studio.carrying import Engines
    from miaobi.studio.translation import label
    from miaobi.studio.world import making
    from miaobi.studio.world.plan import part_of, parted, with_parts, world_of
    from miaobi.types import Language

    wanted, further = _list(forms), _list(add)
    if making.is_world(what) or remake or further:
        folder = Path(what)
        wish = making.open_world(folder)
        if remake:
            wish = making.again(wish, remake, seed or None, intake.options(option or []))
        wish = with_parts(wish, [part_of(text, wish.language, seed) for text in further])
    else:
        language: Language = "zh" if (intake.language(lang) or ("zh" if han(what) else "en")) == "zh" else "en"
        wish = world_of(what, language, wanted, tone=tone, author=author, engine=engine, seed=seed)
        folder, wish = making.folder_for(wish, Path(out) if out else None)
    download = Download("Fetching the checkpoint", as_json)
    with download, Engines(download) as engines, progress("world", as_json) as show:
        names = [part.name for part in wish.parts]

        def told(part: str, what: str, share: float) -> None:
            show(joined(form_title(part), label(what)), (names.index(part) + share) / len(names))

        made = making.make(wish, folder, engines, told)
    page = folder / making.PAGE
    old = parted(made, remake, {name: making.composed(id) for name, id in made.works.items()}) if remake else []
    if as_json:
        tell_json({"folder": str(folder), "page": str(page), "works": made.works, "bible": made.bible.model_dump()})
        return
    for part in made.parts:
        tell(f"{padded(form_title(part.name), 14)} {folder / made.folders[part.name]}")
    tell(str(page))
    for name in old:
        say(f"{name} still has the words of the old {remake}: miaobi world {what} --remake {name}")


def _list(text: str) -> list[str]:
    """Return the works of "story, cover medium=ink", or of "picture subjects=fox,owl; song" for options with commas."""
    marks = "[;；]" if re.search("[;；]", text) else "[,，]"
    return [part.strip() for part in re.split(marks, text) if part.strip()]
