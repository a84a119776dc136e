"""What is shown while a verb runs: a bar on a terminal, a line a step elsewhere; always on stderr."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from miaobi.studio.translation import READER, label, said

_MEGABYTE = 1_000_000


def say(text: str) -> None:
    """Print a line of ours on stderr, in the reader's language."""
    sys.stderr.write(said(text) + "\n")


def tell(text: str = "") -> None:
    """Print a line on stdout: a result."""
    sys.stdout.write(text + "\n")


def harmless(text: str) -> str:
    """Return *text* without what a terminal would obey: control characters, of which escape sequences are made."""
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)


def joined(head: str, tail: str) -> str:
    """Return a head and what it is of, with a colon between them as the reader sets it."""
    return f"{head}: {tail}" if READER.get() == "en" else f"{head}：{tail}"


def bracketed(text: str, aside: str) -> str:
    """Return a text and an aside in brackets as the reader sets them."""
    return f"{text} ({aside})" if READER.get() == "en" else f"{text}（{aside}）"


def padded(text: str, columns: int) -> str:
    """Return *text* with blanks behind it up to a width in a terminal's columns, of which Chinese takes two each."""
    return text + " " * (columns - sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text))


def tell_json(values: Any) -> None:
    """Print one JSON object on stdout."""
    import json

    tell(json.dumps(values, ensure_ascii=False, indent=1))


def table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a table on stdout, its heads in the reader's language; its cells are text, never markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    shown = Table(*(Column(label(c), overflow="fold") for c in columns), box=box.SIMPLE_HEAD, pad_edge=False)
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
    if not typer.confirm(said(question), err=True):
        raise CancelledError("Nothing was changed.")


class Bar(Protocol):
    """Shows how far something is."""

    def passage(self, text: str) -> bool:
        """Show what is on paper above it, where that can be done; tell whether it was."""

    def __call__(self, what: str, done: float, left: float | None = None) -> None:
        """Show what is being done, the share done, 0–1, and the seconds left where they are known."""


class _Steps:
    """A line a step, for files and pipes."""

    def __init__(self, title: str) -> None:
        self._title, self._told = label(title), ""

    def passage(self, text: str) -> bool:
        return False

    def __call__(self, what: str, done: float, left: float | None = None) -> None:
        line = f"{self._title} {done:4.0%} {label(what)}"
        if line != self._told:
            self._told = line
            say(line)


class _LiveBar:
    """A bar at the foot of a terminal."""

    def __init__(self, title: str, bar: Any) -> None:
        self._title, self._bar = label(title), bar
        self._task = bar.add_task(self._title, total=1.0, left="")

    def passage(self, text: str) -> bool:
        """Print a finished passage above the bar."""
        from rich.text import Text

        self._bar.console.print(Text(harmless(text) + "\n"))
        return True

    def __call__(self, what: str, done: float, left: float | None = None) -> None:
        remaining = "" if left is None else said(f"{_clock(left)} left")
        self._bar.update(self._task, description=joined(self._title, label(what)), completed=done, left=remaining)


def _clock(seconds: float) -> str:
    """Return a time as 42 s, 3:05 or 1:02:03."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


@contextmanager
def progress(title: str, quiet: bool = False) -> Iterator[Bar]:
    """Give what shows progress on stderr: a bar on a terminal, a line a step elsewhere."""
    if quiet:
        yield _Quiet()
        return
    if not sys.stderr.isatty():
        steps = _Steps(title)
        yield steps
        steps("done", 1.0)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    remaining = TextColumn("{task.fields[left]}", markup=False)
    with Progress(*columns, TimeElapsedColumn(), remaining, console=Console(stderr=True), transient=True) as bar:
        yield _LiveBar(title, bar)


class _Quiet:
    def passage(self, text: str) -> bool:
        return False

    def __call__(self, what: str, done: float, left: float | None = None) -> None:
        pass


class Download:
    """Shows bytes that arrive: a context manager, called with (here, all)."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        self._title, self._quiet = said(title), quiet
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
