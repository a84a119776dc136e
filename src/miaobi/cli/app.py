"""The tree of verbs, and how an error of ours or of the arguments is told."""

from __future__ import annotations

import itertools
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from miaobi.cli import (
    assist,
    checkpoints,
    composing,
    forms,
    lab,
    picturing,
    revising,
    scores,
    serving,
    studio,
    users,
    varying,
    works,
    worlds,
)
from miaobi.cli.terminal import joined, say
from miaobi.errors import MiaobiError
from miaobi.studio.translation import READER, TRADITIONAL, label, preferred, prefers_traditional, said

if TYPE_CHECKING:
    from miaobi.types import Language

_USAGE = 64  # EX_USAGE of sysexits.h
_INTERRUPTED = 130  # 128 + SIGINT
_DEFECT = 70  # EX_SOFTWARE

app = typer.Typer(
    name="miaobi",
    help="miaobi 妙笔: a creative studio on your own machine. A brief goes in; a finished work comes out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from miaobi import __version__

        typer.echo(f"miaobi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """miaobi 妙笔: a creative studio on your own machine. A brief goes in; a finished work comes out."""


composing.register(app)
forms.register(app)
assist.register(app)
revising.register(app)
varying.register(app)
picturing.register(app)
worlds.register(app)
scores.register(app)
serving.register(app)
studio.register(app)
app.add_typer(works.app, name="works")
app.add_typer(checkpoints.app, name="checkpoints")
app.add_typer(users.app, name="users")
app.add_typer(lab.app, name="lab")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return the exit code."""
    command = get_command(app)
    given = list(arguments) if arguments is not None else None
    TRADITIONAL.set(prefers_traditional(_locale()))
    READER.set(_reader(sys.argv[1:] if given is None else given))
    if READER.get() != "en":
        _translated(command)
    try:
        code = command.main(args=given, prog_name="miaobi", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except MiaobiError as error:
        _tell(error)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        show = getattr(error, "show", None)  # a wrong argument knows how to be shown, with its usage line
        if show is None:
            return _defect(error)
        if READER.get() == "en" or not hasattr(error, "ctx"):
            show(sys.stderr)
        else:
            _misused(error)
        return _USAGE
    if code == _INTERRUPTED:  # what typer makes of Ctrl-C
        raise KeyboardInterrupt
    return int(code or 0)


def _misused(error: Any) -> None:
    """Tell what is wrong with the arguments, as typer does, in the reader's language."""
    told = error.format_message()
    if error.ctx is not None and told == error.ctx.get_help():  # no argument at all was given
        typer.echo(told, err=True)
        return
    if error.ctx is not None:
        say(joined(label("Usage"), error.ctx.get_usage().partition(": ")[2]))
        say(f"Try '{error.ctx.command_path} --help' for help.")
        say("")
    say(joined(label("Error"), said(told)))


def _translated(command: Any) -> None:
    """Let what a verb does, and those under it, be told in the reader's language."""
    if command.help:
        first, *rest = command.help.split("\n\n")
        command.help = "\n\n".join([said(" ".join(first.split())), *rest])
        command.short_help = command.help.partition("\n\n")[0].partition("。")[0]
    for inner in getattr(command, "commands", {}).values():
        _translated(inner)


def _defect(error: Exception) -> int:
    if os.environ.get("MIAOBI_DEBUG"):
        traceback.print_exception(error)
    elif form := _strange_form(error):
        say(f"A defect of the form {form}, which isn't miaobi's own: {type(error).__name__}: {error}")
        say("Please report it to its author with what MIAOBI_DEBUG=1 shows. What was done is kept: `miaobi resume`.")
    else:
        say(f"A defect of miaobi: {type(error).__name__}: {error}")
        say("Please report it with what MIAOBI_DEBUG=1 shows. What was done is kept: `miaobi resume`.")
    return _DEFECT


def _strange_form(error: Exception) -> str:
    """Return the name of a form of other people's in whose code the error arose, or what it called; "" for none."""
    from miaobi.forms import strangers

    modules = {form.draft.__module__: name for name, form in strangers().items()}
    called = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
    return next((modules[name] for name in called if name in modules), "")


def _tell(error: MiaobiError) -> None:
    if os.environ.get("MIAOBI_DEBUG"):
        traceback.print_exception(error)
    say(joined(label("Error"), said(error.message)))
    if error.hint:
        say(error.hint)


def _reader(words: Sequence[str]) -> Language:
    """Return whose language errors are told in: that of --lang, else the locale's."""
    pairs = [f"{a}={b}" for a, b in itertools.pairwise(words)]
    if any(word in ("--lang=zh", "--lang=en") for word in (*words, *pairs)):
        return "zh" if "--lang=zh" in (*words, *pairs) else "en"
    return preferred(_locale())


def _locale() -> str:
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in named if name), "")
