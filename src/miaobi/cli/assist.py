"""``miaobi critique`` and ``miaobi check``: a person's own text, judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from miaobi.assist.remark import Remark
    from miaobi.findings import Finding

INVALID = 65  # EX_DATAERR of sysexits.h
_File = Annotated[str, typer.Argument(metavar="FILE", help="A text in UTF-8, or a tune; - reads standard input.")]
_Lang = Annotated[str, typer.Option(help="Language: en or zh; found by its script when not given.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("critique")(critique)
    app.command("check")(check)


def critique(file: _File, lang: _Lang = "", as_json: _Json = False) -> None:
    """Say what a careful reader would mark in a text, with its place and its evidence."""
    from miaobi.assist.critique import criticise
    from miaobi.studio.manuscript import open_manuscript

    manuscript = open_manuscript(file, lang)
    _tell(file, manuscript.language, criticise(manuscript.text, manuscript.language), as_json)


def check(
    file: _File,
    form: Annotated[str, typer.Option(help="The form to judge it by, in English or Chinese.")] = "story",
    length: Annotated[int, typer.Option(min=0, help="Words wished for; any number will do when not given.")] = 0,
    lang: _Lang = "",
    option: Annotated[
        list[str] | None, typer.Option("-o", "--option", help="name=value, an option of the form, as book=xinyun.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Judge a text of your own by the check of a form, or a tune (abc, mid, musicxml, mxl, mei) by the rules of music.

    An SVG is looked through for what may run, is fetched or can't be drawn; a solid (stl, obj, 3mf, glb) for holes,
    flipped faces, thin walls, overhang and balance. The exit code is 65 when it has errors.
    """
    from miaobi.studio import picture, solid, tune

    if tune.is_tune(file):
        score, found_there = tune.judge(file)
        _tell_file(file, score.title, found_there, as_json)
        return
    if solid.is_solid(file):
        _tell_file(file, "", solid.judge(file), as_json)
        return
    if picture.is_picture(file):
        _tell_file(file, "", picture.judge(file), as_json)
        return
    from miaobi.assist.judgement import judge
    from miaobi.cli.completing import form_title
    from miaobi.cli.terminal import say
    from miaobi.forms import find
    from miaobi.studio import intake
    from miaobi.studio.manuscript import open_manuscript

    chosen = find(form)
    manuscript = open_manuscript(file, lang)
    found = judge(manuscript.text, chosen, manuscript.language, length, intake.options(option or []))
    _tell(file, manuscript.language, found, as_json)
    if not as_json:
        say(f"Judged as a {form_title(chosen.name)}; --form NAME judges it as another.")
    if any(r.severity == "error" for r in found):
        raise typer.Exit(INVALID)


def _tell_file(file: str, title: str, found: list[Finding], as_json: bool) -> None:
    from miaobi.cli.terminal import joined, tell, tell_json
    from miaobi.studio.translation import label, said

    if as_json:
        tell_json({"file": file, "title": title, "findings": [f.model_dump(mode="json") for f in found]})
    else:
        for f in found:
            tell(f"{file}: {joined(label(f.severity), said(f.message))} [{f.rule}]")
        tell(_counted([f.severity for f in found]))
    if any(f.severity == "error" for f in found):
        raise typer.Exit(INVALID)


def _counted(severities: list[str]) -> str:
    from miaobi.studio.translation import said

    errors, warnings, notes = (severities.count(s) for s in ("error", "warning", "note"))
    counted = said(f"{errors} errors, {warnings} warnings, {notes} notes")
    return re.sub(r"\b1 (error|warning|note)s", r"1 \1", counted)


def _tell(file: str, language: str, found: list[Remark], as_json: bool) -> None:
    from miaobi.cli.terminal import joined, tell, tell_json
    from miaobi.studio.translation import label, said

    if as_json:
        tell_json({"file": file, "language": language, "findings": [r.model_dump(mode="json") for r in found]})
        return
    for r in found:
        tell(f"{file}:{r.line}:{r.column}: {joined(label(r.severity), said(r.message))} [{r.rule}]")
        if r.suggestion:
            tell(f"    {said(r.suggestion)}")
    tell(_counted([r.severity for r in found]))
