"""The verbs of assistance: ``critique``, ``continue``, ``revise``, ``alternatives``, ``branch``, ``ideas``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A text in UTF-8; - reads standard input.")]
_Lang = Annotated[str, typer.Option(help="Language: en or zh; found by its script when not given.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to *app*."""
    app.command("critique")(critique)


def critique(file: _File, lang: _Lang = "", as_json: _Json = False) -> None:
    """Say what a careful reader would mark in a text, with its place and its evidence."""
    from miaobi.assist.critique import criticise
    from miaobi.cli.terminal import tell, tell_json

    text, language = _read(file, lang)
    found = criticise(text, language)
    if as_json:
        tell_json({"file": str(file), "language": language, "findings": [r.model_dump(mode="json") for r in found]})
        return
    for r in found:
        tell(f"{file}:{r.line}:{r.column}: {r.severity}: {r.message} [{r.rule}]")
        tell(f"    {r.suggestion}")
    counts = {s: sum(r.severity == s for r in found) for s in ("error", "warning", "note")}
    tell(", ".join(f"{n} {s}{'' if n == 1 else 's'}" for s, n in counts.items()))


def _read(file: Path, lang: str) -> tuple[str, Any]:
    """Return the text of *file* (its line ends as they are) and its language."""
    import sys

    from miaobi.assist.passage import language_of
    from miaobi.errors import BriefError, show
    from miaobi.studio import intake
    from miaobi.types import LANGUAGES

    if lang and lang not in LANGUAGES:
        raise BriefError(f"{show(lang)} is no language that miaobi assists in.", f"Legal: {', '.join(LANGUAGES)}.")
    if str(file) == "-":
        text = intake.read_text(sys.stdin.buffer.read(), "What came by standard input")
    else:
        text = intake.read_file(file)
    if not text.strip():
        raise BriefError("The text is empty.", "Give a file with at least one sentence in it.")
    return text, lang or language_of(text)
