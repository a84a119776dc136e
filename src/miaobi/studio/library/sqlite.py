"""The library in SQLite: opened, migrated and written to by one rule. No other module opens it.

WAL with ``synchronous=FULL``: what a transaction has committed survives a kill and a power cut. Every write is one
``BEGIN IMMEDIATE`` transaction that waits up to five seconds for another writer. A database of a newer program, of
another program, or damaged is refused and left as it is; an older one is copied before it is migrated.

A server keeps connections for the next request (``kept_open``): opening one costs more than most reads. One that is
kept is nobody's until it is taken; it is closed where its file was set aside or its tables were changed meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from miaobi.errors import LibraryError, show
from miaobi.studio.library.database import WAIT, Row, now
from miaobi.studio.library.schema import APPLICATION_ID, MIGRATIONS
from miaobi.studio.refusal import refused

_State = tuple[int, int, int, int]  # process, device and inode of the file, version of its tables
_MOST = 16  # idle connections to one file
_idle: dict[Path, list[tuple[sqlite3.Connection, _State]]] = {}
_idle_lock = threading.Lock()
_keepers = 0  # servers in this process that want connections kept


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep connections that are closed meanwhile for the next who opens their file."""
    global _keepers  # noqa: PLW0603
    with _idle_lock:
        _keepers += 1
    try:
        yield
    finally:
        with _idle_lock:
            _keepers -= 1
            unused = [connection for kept in _idle.values() for connection, _ in kept] if not _keepers else []
            if unused:
                _idle.clear()
        for connection in unused:
            connection.close()


def _state(path: Path, connection: sqlite3.Connection) -> _State:
    found = path.stat()
    return os.getpid(), found.st_dev, found.st_ino, connection.execute("PRAGMA schema_version").fetchone()[0]


def _taken(path: Path) -> sqlite3.Connection | None:
    """Return a connection that was kept for this very file with these very tables."""
    while True:
        with _idle_lock:
            kept = _idle.get(path)
            if not kept:
                return None
            connection, state = kept.pop()
        if state[0] != os.getpid():
            continue  # the parent's, from before a fork: not ours to use, nor to close
        try:
            if _state(path, connection) == state:
                return connection
        except (OSError, sqlite3.Error):
            pass  # the file is gone or can't be read: opening it anew will say so
        connection.close()


class SqliteDatabase:
    """One open database file; see ``database.Database``."""

    held = free = ""  # a transaction that writes is alone

    def __init__(self, path: Path) -> None:
        self.path = path
        self._readable_only = False
        if _keepers and (kept := _taken(path)) is not None:
            self._connection = kept
            return
        self._readable_only = path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
        self._connection = _connect(path, self._readable_only)
        try:
            with refused(path, "open the library"):
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        with refused(self.path, "read the library"):
            rows: list[Row] = self._connection.execute(sql, values).fetchall()
            return rows

    @contextmanager
    def write(self, alone: bool = True) -> Iterator[sqlite3.Connection]:
        """Hold one transaction: all of it is kept, or nothing when anything in it fails. It always is alone."""
        with refused(self.path, "the library"):
            if self._connection.in_transaction:  # part of a larger one
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def sound(self) -> str:
        """Return "ok", or the first thing that SQLite's own check finds wrong."""
        return str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0])

    def close(self) -> None:
        """Let go of the file, or keep the connection for the next."""
        if _keepers and not self._readable_only and not self._connection.in_transaction:
            try:
                state = _state(self.path, self._connection)
            except (OSError, sqlite3.Error):
                state = None  # the file is gone, or damaged
            with _idle_lock:
                kept = _idle.setdefault(self.path, [])
                if state is not None and _keepers and len(kept) < _MOST:
                    kept.append((self._connection, state))
                    return
        self._connection.close()

    def _prepare(self) -> None:
        c = self._connection
        c.execute("BEGIN")  # both of one state: another process may be making the tables
        mark, version = (c.execute(f"PRAGMA {p}").fetchone()[0] for p in ("application_id", "schema_version"))
        c.execute("COMMIT")
        if mark not in {0, APPLICATION_ID} or (mark == 0 and version > 0):
            raise LibraryError(
                f"{show(str(self.path))} is a database of another program.",
                "Move it away, or set MIAOBI_HOME to another folder.",
            )
        known = [name for name, _ in MIGRATIONS]
        applied = self._applied() if version else []
        if strange := [name for name in applied if name not in known]:
            raise LibraryError(
                f"The library at {show(str(self.path))} was written by a newer miaobi (it has {show(strange[0])}).",
                "Update miaobi, or set MIAOBI_HOME to another folder; the library was left as it is.",
            )
        if not self._readable_only:  # only now: a file that is refused is left as it is
            self._to_wal()
        if applied != known:
            self._migrate(applied)

    def _to_wal(self) -> None:
        """Turn the write-ahead log on. SQLite doesn't wait there for another process that does the same: we do."""
        until = time.monotonic() + WAIT
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(0.02)

    def _applied(self) -> list[str]:
        return [row[0] for row in self._connection.execute("SELECT name FROM migrations ORDER BY name")]

    def _migrate(self, applied: list[str]) -> None:
        """Bring the tables up to date, all or nothing; the old state is kept beside when there was one."""
        if applied:
            copy = self.path.with_name(f"{self.path.stem}.before-{len(MIGRATIONS):04}{self.path.suffix}")
            if not copy.exists():
                self._connection.execute("VACUUM INTO ?", (str(copy),))
        with self.write() as c:
            if not applied:
                c.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                c.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT NOT NULL) STRICT")
            done = self._applied()  # another process may have come first
            for name, sql in MIGRATIONS:
                if name not in done:
                    for statement in _statements(sql):
                        c.execute(statement)
                    c.execute("INSERT INTO migrations VALUES (?, ?)", (name, now()))


def _connect(path: Path, readable_only: bool) -> sqlite3.Connection:
    with refused(path.parent, "the library"):
        if not readable_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        mode = "?mode=ro&immutable=1" if readable_only else "?mode=rwc"
        uri = path.absolute().as_uri() + mode
        # one thread at a time uses it, but not always the one that opened it
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection


def _statements(sql: str) -> Iterator[str]:
    """Yield the statements one by one: ``executescript`` would commit between them."""
    statement = ""
    for line in sql.splitlines():
        statement += line.split("--")[0] + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
