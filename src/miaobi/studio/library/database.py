"""The library's database as the rest sees it: rows are read, transactions written, whichever system keeps it.

| | SQLite (``sqlite.py``) | PostgreSQL (``postgres.py``) |
|---|---|---|
| where | ``library.db`` in a folder | a schema of the database at a URL |
| who uses it | the programs of one machine | servers on many |
| one writer at a time | every transaction | those that ask to be ``alone``; the queue holds single rows |
| texts and files | files beside it | rows |

Statements are written once, with ``?`` for values, in what SQL both understand. ``MIAOBI_DATABASE`` names a PostgreSQL
URL; without it the library lies in a folder.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from miaobi.errors import LibraryError

WAIT = 5.0  # seconds for another writer
# Whose libraries and jobs are opened where nothing else is said: "" is the machine's own. A server sets it for each
# request before any route runs, to None where nobody was let in, so that no route can forget whose it may touch.
OWNER: ContextVar[str | None] = ContextVar("OWNER", default="")


class Row(Protocol):
    """A row: its values by number and by name."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def keys(self) -> Any:
        """Return the columns' names, so that ``dict(row)`` works."""


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it wrote."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""

    def __iter__(self) -> Any: ...


class Transaction(Protocol):
    """A transaction at hand."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """Carry out a statement."""

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> Any:
        """Carry out a statement for each row of values."""


class Database(Protocol):
    """One open database."""

    held: str  # ends a SELECT whose rows are to stay as they are until the transaction ends
    free: str  # the same, and passes over rows that others hold

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""

    def write(self, alone: bool = True) -> AbstractContextManager[Transaction]:
        """Hold one transaction: all of it is kept, or nothing when anything in it fails.

        *alone*: no other one that is alone runs meanwhile. In one at hand it is a part of that.
        """

    def sound(self) -> str:
        """Return "ok", or the first thing that the system's own check finds wrong."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True)
class Place:
    """Where a library lies: a folder or a PostgreSQL URL, and in it the room of its owner ("" is the machine's own)."""

    root: Path | str
    owner: str = ""

    @property
    def folder(self) -> Path:
        """The folder of a library that lies in one."""
        assert isinstance(self.root, Path)
        return self.root / "users" / self.owner if self.owner else self.root


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def library_folder() -> Path:
    """Return the library's folder: under MIAOBI_HOME, else where the platform keeps a user's data."""
    if home := os.environ.get("MIAOBI_HOME"):
        return Path(home).expanduser().absolute() / "library"
    import platformdirs

    return Path(platformdirs.user_data_dir("miaobi", appauthor=False)) / "library"


def place_of(root: Path | str | None = None, owner: str | None = None) -> Place:
    """Return the place of an owner's library, of ``OWNER``'s by default: at *root*, else as the environment says."""
    whose = OWNER.get() if owner is None else owner
    if whose is None:
        raise LibraryError("A library was to be opened for nobody.", "Say who asks: a key is wanted.")
    return Place(root or os.environ.get("MIAOBI_DATABASE") or library_folder(), whose)


def begun() -> bool:
    """Tell whether there is a library already."""
    root = place_of().root
    return isinstance(root, str) or (root / "library.db").exists()


def open_database(place: Place) -> Database:
    """Open it, made and brought up to date where that is needed. Raises LibraryError, UnsupportedError."""
    if isinstance(place.root, str):
        from miaobi.studio.library.postgres import PostgresDatabase

        return PostgresDatabase(place.root, place.owner)
    from miaobi.studio.library.sqlite import SqliteDatabase

    return SqliteDatabase(place.folder / "library.db")
