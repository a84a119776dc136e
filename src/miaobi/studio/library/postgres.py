"""The library in PostgreSQL: a schema for each owner, connections kept for the next, transactions by its own rules.

Transactions are READ COMMITTED. Who asks to be alone waits for a lock of the schema up to five seconds; the queue
instead holds the rows that it is about to change. Tables are made and changed in one transaction; before a change the
old rows are copied into a schema beside (``backup_0006_of_miaobi``),
all but texts and files: no migration touches them.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from miaobi.errors import LibraryError, UnsupportedError, show
from miaobi.studio.library.database import WAIT, Cursor, Row, now
from miaobi.studio.library.schema import MIGRATIONS, for_postgres

try:
    import psycopg
except ImportError:
    raise UnsupportedError(
        "The libraries for PostgreSQL are not installed.", "Install them: pip install 'miaobi[postgres]'"
    ) from None

_KEPT = 16  # idle connections to one schema
_OLD = "SELECT tablename FROM pg_tables WHERE schemaname = ? AND tablename NOT IN ('objects', 'migrations')"
_idle: dict[tuple[int, str, str], list[psycopg.Connection[Any]]] = {}  # by process, URL and schema
_idle_lock = threading.Lock()


@atexit.register
def close_idle() -> None:
    """Close the connections that are kept for the next."""
    with _idle_lock:
        for (process, *_), kept in _idle.items():
            while kept and process == os.getpid():
                kept.pop().close()


class PostgresDatabase:
    """One connection to an owner's schema; see ``database.Database``."""

    held = " FOR UPDATE"
    free = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, owner: str = "") -> None:
        self._shown = show(_without_password(url))
        self._schema = f"miaobi_{owner}" if owner else "miaobi"
        self._key = (os.getpid(), url, self._schema)
        with self._explained("open the library"):
            self._connection, applied = self._take()
        known = [name for name, _ in MIGRATIONS]
        try:
            if strange := [name for name in applied if name not in known]:
                raise LibraryError(
                    f"The library at {self._shown} was written by a newer miaobi (it has {show(strange[0])}).",
                    "Update miaobi; the library was left as it is.",
                )
            if applied != known:
                self._migrate()
        except BaseException:
            self._connection.close()
            raise

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        with self._explained("read the library"):
            return self._connection.execute(_dialect(sql), values).fetchall()

    @contextmanager
    def write(self, alone: bool = True) -> Iterator[_Transaction]:
        """Hold one transaction; one that is *alone* waits for others that are."""
        with self._explained("the library"):
            transaction = _Transaction(self._connection)
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:  # part of a larger one
                yield transaction
                return
            with self._connection.transaction():
                if alone:
                    transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (self._schema,))
                yield transaction

    def sound(self) -> str:
        """Return "ok" where every row that names another's finds it: pages are the server's to check."""
        ends = "SELECT head FROM branches WHERE head NOT IN (SELECT id FROM versions) LIMIT 1"
        texts = "SELECT text FROM versions WHERE text NOT IN (SELECT name FROM objects) LIMIT 1"
        lost = [row[0] for sql in (ends, texts) for row in self.read(sql)]
        return f"missing: {lost[0]}" if lost else "ok"

    def close(self) -> None:
        """Keep the connection for the next, where it is fit for that."""
        fit = not self._connection.closed
        fit = fit and self._connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with _idle_lock:
            kept = _idle.setdefault(self._key, [])
            if fit and len(kept) < _KEPT:
                kept.append(self._connection)
                return
        self._connection.close()

    def _take(self) -> tuple[psycopg.Connection[Any], list[str]]:
        """Return a connection, kept or new, with the migrations of its schema: a kept one may have died since."""
        while True:
            with _idle_lock:
                kept = _idle.get(self._key)
                connection = kept.pop() if kept else None
            if connection is None:
                connection = self._connect()
                return connection, _applied(connection)
            try:
                return connection, _applied(connection)
            except psycopg.OperationalError:
                connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        options = f"-c search_path={self._schema} -c lock_timeout={int(WAIT * 1000)}"
        return psycopg.connect(
            self._key[1], autocommit=True, connect_timeout=10, options=options, row_factory=_rows, prepare_threshold=3
        )

    def _migrate(self) -> None:
        with self.write() as c:
            c.execute(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
            c.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT NOT NULL)")
            done = _applied(self._connection)  # another process may have come first
            due = [(name, sql) for name, sql in for_postgres(MIGRATIONS) if name not in done]
            if done and due:
                copy = f"backup_{len(MIGRATIONS):04}_of_{self._schema}"
                c.execute(f'CREATE SCHEMA "{copy}"')
                for row in c.execute(_OLD, (self._schema,)).fetchall():
                    c.execute(f'CREATE TABLE "{copy}"."{row[0]}" AS TABLE "{row[0]}"')
            for name, sql in due:
                c.execute(sql)
                c.execute("INSERT INTO migrations VALUES (?, ?)", (name, now()))

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise _told(error, self._shown, what) from error


class _Transaction:
    """What is written with; see ``database.Transaction``."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """Carry out a statement, or without values several."""
        return self._connection.execute(_dialect(sql), values or None)

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> None:
        """Carry out a statement for each row of values."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_dialect(sql), values)


class _Row(tuple[Any, ...]):
    """A row that knows its columns' names."""

    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names[key] if isinstance(key, str) else key)

    def keys(self) -> Iterable[str]:
        """Return the columns' names."""
        return self.names


def _rows(cursor: psycopg.Cursor[Any]) -> Any:
    names = {column.name: i for i, column in enumerate(cursor.description or ())}
    return type("Row", (_Row,), {"names": names})


@lru_cache(512)
def _dialect(sql: str) -> str:
    """Return a statement of ours with psycopg's marks for values."""
    return sql.replace("?", "%s")


def _applied(connection: psycopg.Connection[Any]) -> list[str]:
    try:
        with connection.transaction():
            return [row[0] for row in connection.execute("SELECT name FROM migrations ORDER BY name")]
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return []


def _told(error: psycopg.Error, shown: str, what: str) -> LibraryError:
    said = show((str(error).strip() or type(error).__name__).splitlines()[0])  # shortened: it may repeat a whole text
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return LibraryError(f"The library at {shown} is in use: {what} waited {WAIT:.0f} seconds.", "Try again.")
    if isinstance(error, psycopg.errors.DiskFull):
        return LibraryError(f"The server of the library at {shown} has no room left: {said}.", "Free some room there.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction):
        return LibraryError(f"The library at {shown} refused {what}: {said}.", "Give its user the right to do so.")
    if isinstance(error, psycopg.OperationalError):
        return LibraryError(f"The library at {shown} can't be reached: {said}.", "Is PostgreSQL running there?")
    return LibraryError(f"PostgreSQL refused {what} at {shown}: {said}.", "Its log may say more.")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}", query=""))
