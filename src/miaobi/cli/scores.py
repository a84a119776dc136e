"""``miaobi score``: a tune of a person's own in other notations, another key, for another instrument, as sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("score")(score)


def score(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Music: abc, mid, musicxml, mxl or mei.")],
    formats: Annotated[
        str, typer.Option("--format", help="abc, mid, musicxml, mei, svg, pdf, wav, mp3, ogg, html, zip (the parts).")
    ] = "pdf",
    key: Annotated[str, typer.Option("--to", help="Tonic of the key that it is moved to, as in Bb.")] = "",
    player: Annotated[
        str,
        typer.Option(
            "--for", help="Instrument of the first part (written as it sounds); moved into its range without --to."
        ),
    ] = "",
    tempo: Annotated[int, typer.Option(min=0, max=400, help="Beats a minute; its own when not given.")] = 0,
    notation: Annotated[str, typer.Option(help="What svg shows: staff, jianpu (简谱) or roll.")] = "staff",
    soundfont: Annotated[str, typer.Option(help="An .sf2 file that plays it; our own synthesiser without.")] = "",
    lang: Annotated[str, typer.Option(help="Language of names and pages: en or zh.")] = "en",
    out: Annotated[str, typer.Option(help="Folder for the files.")] = ".",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a tune of your own in other notations, another key, for another instrument, as a page or as sound."""
    from miaobi.cli.terminal import say, tell, tell_json
    from miaobi.studio import intake
    from miaobi.studio.sheet import Wanted, rewritten, written
    from miaobi.types import Language

    language: Language = "zh" if intake.language(lang) == "zh" else "en"
    wanted = Wanted(key, player, tempo, notation, soundfont, language)
    made = rewritten(file, intake.endings(formats), wanted)
    places = written(made.files, Path(out))
    if as_json:
        tell_json({"files": [str(place) for place in places], "dropped": list(made.dropped)})
        return
    for what in made.dropped:
        say(f"Not held by a score of ours, and left out: {what}.")
    for place in places:
        tell(str(place))
