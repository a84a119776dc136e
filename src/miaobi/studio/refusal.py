"""Refusals of the disk and of SQLite, turned into LibraryError: what could not be done, where, and the next step."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miaobi.errors import LibraryError, show

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def refused(where: Path, what: str, elsewhere: str = "set MIAOBI_HOME to another folder") -> Iterator[None]:
    """Explain an OSError or sqlite3.Error met while *what* was done at *where*; *elsewhere* is the other way out."""
    try:
        yield
    except OSError as error:
        raise _from_disk(error, Path(error.filename or where), what, elsewhere) from error
    except sqlite3.Error as error:
        raise _from_sqlite(error, where, what, elsewhere) from error


def is_damage(error: LibraryError) -> bool:
    """Tell whether *error* says that a database is damaged."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return isinstance(cause, sqlite3.Error) and code in _DAMAGED


def _from_disk(error: OSError, where: Path, what: str, elsewhere: str) -> LibraryError:
    place = show(str(where))
    if error.errno in _FULL:
        return LibraryError(f"The disk is full: {what} could not be written at {place}.", _full(elsewhere))
    if error.errno in _FORBIDDEN:
        return LibraryError(f"{place} can't be written to: {error.strerror}.", f"Allow writing there, or {elsewhere}.")
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return LibraryError(f"{place} can't hold {what}: a file is in the way.", f"Move it, or {elsewhere}.")
    if error.errno == errno.ENAMETOOLONG:
        return LibraryError(f"{place} is too long for a file name on this disk.", f"Shorten it, or {elsewhere}.")
    return LibraryError(f"The disk refused {what} at {place}: {error.strerror or error}.", f"Or {elsewhere}.")


def _from_sqlite(error: sqlite3.Error, where: Path, what: str, elsewhere: str) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary result code
    place = show(str(where))
    if code == sqlite3.SQLITE_FULL:
        return LibraryError(f"The disk is full: {what} could not be written at {place}.", _full(elsewhere))
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LibraryError(
            f"The library at {place} is in use by another program: {what} waited 5 seconds.",
            "Close the other one, or try again.",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return LibraryError(f"{place} can't be written to ({error}).", f"Allow writing there, or {elsewhere}.")
    if code in _DAMAGED:
        return LibraryError(
            f"The library at {place} is damaged: {error}.",
            "Nothing was deleted. To set the damaged file aside and rebuild it from the versions: miaobi works mend",
        )
    return LibraryError(f"SQLite refused {what} at {place}: {error}.", f"If it persists, {elsewhere}.")


def _full(elsewhere: str) -> str:
    return f"Free some room and run the same command again: what was done is kept. Or {elsewhere}."
