"""The library in SQLite: opened, migrated and written to by one rule. No other module opens it.

WAL with ``synchronous=FULL``: what a transaction has committed survives a kill and a power cut. Every write is one
``BEGIN IMMEDIATE`` transaction that waits up to five seconds for another writer. A database of a newer program, of
another program, or damaged is refused and left as it is; an older one is copied before it is migrated.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from miaobi.errors import LibraryError, show
from miaobi.studio.library.database import WAIT, Row, now
from miaobi.studio.library.schema import APPLICATION_ID, MIGRATIONS
from miaobi.studio.refusal import refused


class SqliteDatabase:
    """One open database file; see ``database.Database``."""

    held = free = ""  # a transaction that writes is alone

    def __init__(self, path: Path) -> None:
        self.path = path
        self._readable_only = path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
        self._connection = _connect(path, self._readable_only)
        try:
            with refused(path, "open the library"):
                self._prepare()
        except BaseException:
            self.close()
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
        """Let go of the file."""
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
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)
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
