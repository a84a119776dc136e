"""What is shown while a verb runs: a bar on a terminal, a line a step elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_MEGABYTE = 1_000_000


def say(text: str) -> None:
    """Print a line on stderr."""
    sys.stderr.write(text + "\n")


def tell(text: str = "") -> None:
    """Print a line on stdout: a result."""
    sys.stdout.write(text + "\n")


def tell_json(values: Any) -> None:
    """Print one JSON object on stdout."""
    import json

    tell(json.dumps(values, ensure_ascii=False, indent=1))


def table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a table on stdout; its cells are text, never markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, width=width, soft_wrap=False).print(shown)


def agreed(question: str, yes: bool) -> None:
    """Ask on the terminal; raise CancelledError for no, and BriefError where there is nobody to ask."""
    if yes:
        return
    import typer

    from miaobi.errors import BriefError, CancelledError

    if not sys.stdin.isatty():
        raise BriefError("This has to be agreed to, and there is no terminal to ask on.", "Add --yes to agree.")
    if not typer.confirm(question, err=True):
        raise CancelledError("Nothing was changed.")


@contextmanager
def progress(title: str, quiet: bool = False) -> Iterator[Callable[[str, float], None]]:
    """Give a callback that takes what is being done and the share done, 0–1."""
    if quiet:
        yield lambda what, done: None
        return
    if not sys.stderr.isatty():
        told = ""

        def tell_once(what: str, done: float) -> None:
            nonlocal told
            line = f"{title} {done:4.0%} {what}"
            if line != told:
                told = line
                say(line)

        yield tell_once
        tell_once("done", 1.0)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda what, done: bar.update(task, description=f"{title}: {what}", completed=done)


class Download:
    """Shows bytes that arrive: a context manager, called with (here, all)."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        self._title, self._quiet = title, quiet
        self._bar: Any = None
        self._task: Any = None
        self._said = -1

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def finish(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, here: int, whole: int) -> None:
        """Show that *here* bytes of *whole* (0: unknown) have come."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            tenth = here * 10 // whole if whole else here // (10 * _MEGABYTE)
            if tenth > self._said:
                self._said = tenth
                say(f"{self._title}: {here / _MEGABYTE:,.0f} of {whole / _MEGABYTE:,.0f} MB")
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                DownloadColumn(),
                TimeRemainingColumn(),
            )
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=whole or None)
        self._bar.update(self._task, completed=here)
        if whole and here >= whole:
            self.finish()
