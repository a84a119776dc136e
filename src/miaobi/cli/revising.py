"""``continue``, ``revise``, ``alternatives``, ``branch`` and ``ideas``: help with a person's own text.

Results go to standard output, what is said about them (which words are the engine's, what was left) to standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from miaobi.assist.pen import Pen
    from miaobi.types import Language

_File = Annotated[str, typer.Argument(metavar="FILE", help="A text in UTF-8; - reads standard input.")]
_Lines = Annotated[str, typer.Option("--lines", help="Lines of it, as in 10-20.")]
_Passage = Annotated[
    str, typer.Option("--passage", help="Words of it as they stand there, or START:END in characters.")
]
_Lang = Annotated[str, typer.Option(help="Language: en or zh; found by its script when not given.")]
_Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The same seed gives the same words.")]
_Engine = Annotated[str, typer.Option(help="A checkpoint's name, a .gguf file, or a server's URL.")]
_Style = Annotated[
    str,
    typer.Option(help="The voice wanted: a text in UTF-8 as a sample, or a LoRA adapter's NAME or NAME@0.5."),
]
_InPlace = Annotated[bool, typer.Option("--in-place", help="Write the file; what it was is kept in the library.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("continue")(continue_)
    app.command("revise")(revise)
    app.command("alternatives")(alternatives)
    app.command("branch")(branch)
    app.command("ideas")(ideas)


@contextmanager
def _pens(title: str, language: Language, engine: str, seed: int, style: str, quiet: bool) -> Iterator[Any]:
    """Give a function that makes a pen for a text."""
    from miaobi.assist.pen import pen_for
    from miaobi.cli.terminal import Download, progress
    from miaobi.engines import open_engine
    from miaobi.engines.style import known, styled
    from miaobi.studio import intake

    sample = ""
    if style and not Path(style).exists() and known(style):
        engine = styled(engine, style)
    elif style:
        sample = intake.read_file(Path(style))
    with Download("Fetching the checkpoint", quiet) as download:
        running = open_engine(engine, language, progress=download)
    try:
        with progress(title, quiet) as show:

            def pen(text: str) -> Pen:
                return pen_for(text, language, running, seed=seed, sample=sample, progress=show)

            yield pen
    finally:
        running.close()


def continue_(
    file: _File,
    words: Annotated[int, typer.Option(min=1, max=5_000, help="How many, at least.")] = 100,
    lines: _Lines = "",
    passage: _Passage = "",
    style: _Style = "",
    lang: _Lang = "",
    seed: _Seed = 0,
    engine: _Engine = "",
    in_place: _InPlace = False,
    as_json: _Json = False,
) -> None:
    """Go on from a text, or from the end of a passage of it; prints what comes next."""
    from miaobi.assist.writing import go_on
    from miaobi.cli.terminal import say, tell, tell_json
    from miaobi.studio import manuscript

    mine = manuscript.open_manuscript(file, lang)
    end = mine.where(lines, passage).end
    with _pens("continue", mine.language, engine, seed, style, as_json) as pen:
        told = go_on(mine.text[:end], words, pen(mine.text[:end]))
    head = mine.text[:end].rstrip()
    version = _keep(mine, head + told + mine.text[end:].rstrip() + "\n", "continue", in_place)
    if as_json:
        tell_json({"text": told.strip(), "author": "engine", "start": len(head), "version": version})
        return
    tell(told.strip())
    say("All of it is the engine's.")


def revise(
    file: _File,
    instruction: Annotated[
        list[str],
        typer.Option(
            "--instruction", help="As tense=past, person=third, register=formal, tone=plain, shorten=60%, expand=200."
        ),
    ],
    lines: _Lines = "",
    passage: _Passage = "",
    style: _Style = "",
    lang: _Lang = "",
    seed: _Seed = 0,
    engine: _Engine = "",
    in_place: _InPlace = False,
    as_json: _Json = False,
) -> None:
    """Revise a text, or a passage of it; prints the whole text."""
    from miaobi.assist import revision
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio import manuscript

    asked = revision.read_instruction(";".join(instruction))
    mine = manuscript.open_manuscript(file, lang)
    where = mine.where(lines, passage)
    made = _revised(asked, lambda pen: revision.revise(mine.text, where, asked, mine.language, pen), mine.language,
                    engine, seed, style, as_json)  # fmt: skip
    version = _keep(mine, made.text, "revise: " + "; ".join(map(str, asked)), in_place)
    if as_json:
        left = [{"start": e.start, "end": e.end, "text": e.old, "why": e.new} for e in made.left]
        spans = [{"start": s.start, "end": s.end, "text": s.text} for s in made.engine]
        values = {"text": made.text, "changes": made.changed, "engine": spans, "left": left, "removed": made.removed}
        tell_json(values | {"version": version})
        return
    tell(made.text.rstrip("\n"))
    _tell_revision(file, mine.text, made)


def _revised(
    asked: list[Any],
    carry_out: Callable[[Any], Any],
    language: Language,
    engine: str,
    seed: int,
    style: str,
    quiet: bool,
) -> Any:
    from miaobi.assist.revision import needs_engine

    if not needs_engine(asked):
        return carry_out(None)
    with _pens("revise", language, engine, seed, style, quiet) as pen:
        return carry_out(pen)


def _tell_revision(file: str, before: str, made: Any) -> None:
    from miaobi.assist.passage import place
    from miaobi.cli.terminal import say

    say("1 change." if made.changed == 1 else f"{made.changed} changes.")
    for stretch in made.engine:
        say(f"The engine wrote: {stretch.text}")
    for taken in made.removed:
        say(f"Taken out: {taken}")
    for edit in made.left:
        line, column = place(before, edit.start)
        say(f"{file}:{line}:{column}: left as it is: “{edit.old}” ({edit.new})")


def alternatives(
    file: _File,
    lines: _Lines = "",
    passage: _Passage = "",
    count: Annotated[int, typer.Option("-n", min=1, max=20, help="How many.")] = 5,
    style: _Style = "",
    lang: _Lang = "",
    seed: _Seed = 0,
    engine: _Engine = "",
    as_json: _Json = False,
) -> None:
    """Offer other ways of saying a passage, ranked; each says whether it is the engine's or done by rule."""
    from miaobi.assist.writing import alternatives as offer
    from miaobi.cli.terminal import joined, tell, tell_json
    from miaobi.studio import manuscript
    from miaobi.studio.translation import label

    mine = manuscript.open_manuscript(file, lang)
    where = mine.where(lines, passage)
    with _pens("alternatives", mine.language, engine, seed, style, as_json) as pen:
        found = offer(mine.text, where, count, pen(mine.text))
    rows = []
    for rank, a in enumerate(found, 1):
        text = mine.text[: where.start] + a.text + mine.text[where.end :]
        version = _keep(mine, text, f"alternative {rank} of “{where.text[:60]}” ({a.author})", in_place=False)
        rows.append({"rank": rank, "text": a.text, "author": a.author, "how": a.how, "version": version})
    if as_json:
        tell_json({"passage": where.text, "start": where.start, "end": where.end, "alternatives": rows})
        return
    for row in rows:
        tell(f"{row['rank']}. {row['text']}  [{joined(label(str(row['author'])), label(str(row['how'])))}]")


def branch(
    work: Annotated[
        str, typer.Argument(metavar="WORK|FILE", help="The beginning of a work's id, its title, or a file.")
    ],
    name: Annotated[str, typer.Argument(help="What to call the new line of versions.")],
    at: Annotated[str, typer.Option("--from", help="The version or branch it begins at; main when not given.")] = "",
    as_json: _Json = False,
) -> None:
    """Begin a new named line of versions in the library, from any version."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio import manuscript
    from miaobi.studio.library import Library
    from miaobi.studio.translation import said

    with Library() as library:
        if Path(work).is_file():
            work = manuscript.backed_up(library, manuscript.open_manuscript(work))
        version = library.branch(work, name, at)
    if as_json:
        tell_json({"work": version.work, "branch": name, "version": version.id})
    else:
        tell(said(f"The branch “{name}” of “{version.title}” begins at {version.id[:8]}."))


def ideas(
    about: Annotated[str, typer.Argument(metavar="IDEA|FILE", help="A thought, or a text in UTF-8.")],
    kind: Annotated[str, typer.Option(help="titles, names or what-ifs.")] = "titles",
    count: Annotated[int, typer.Option("-n", min=1, max=50, help="How many.")] = 10,
    lang: _Lang = "",
    seed: _Seed = 0,
    engine: Annotated[str, typer.Option(help="Let this engine end some of the what-ifs; rules alone without.")] = "",
    as_json: _Json = False,
) -> None:
    """Offer titles, names or what-ifs."""
    from dataclasses import asdict

    from miaobi.assist.ideas import ideas as think
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio import manuscript
    from miaobi.studio.translation import label

    text, language = manuscript.text_or_file(about, lang)
    if engine:
        with _pens("ideas", language, engine, seed, "", as_json) as pen:
            found = think(text, kind, count, language, seed=seed, pen=pen(text))
    else:
        found = think(text, kind, count, language, seed=seed)
    if as_json:
        tell_json({"kind": kind, "language": language, "ideas": [asdict(t) for t in found]})
        return
    for thought in found:
        tell(thought.text + (f"  [{label('engine')}]" if thought.author == "engine" else ""))


def _keep(mine: Any, text: str, note: str, in_place: bool) -> str | None:
    """Keep the text in the library where it belongs to a work, write the file when asked; return the version."""
    from miaobi.cli.terminal import say
    from miaobi.studio.manuscript import keep

    version, trouble = keep(mine, text, note, in_place=in_place)
    if trouble:
        say(f"Not kept in the library: {trouble}")
    if version and in_place:
        say(f"{mine.path} is written; what it was is in the library: miaobi works versions {version.work[:8]}")
    return version.id if version else None
