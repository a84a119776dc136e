"""Bytes of the library in files named by their SHA-256: written whole, flushed, never changed, checked when read.

``objects/ab/abcd…`` is any content; ``versions/abcd….json`` says what a version is: a lost index is rebuilt from them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from miaobi.engines.disk import flush, write_whole
from miaobi.errors import LibraryError, show
from miaobi.studio.library.database import Database
from miaobi.studio.refusal import refused


def canonical(value: Any) -> bytes:
    """Return *value* as JSON with sorted keys and no white space: equal values have equal bytes (RFC 8785's idea)."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256(content: bytes) -> str:
    """Return the name of *content*."""
    return hashlib.sha256(content).hexdigest()


class Objects:
    """The files beside the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep *content* and return its name; when this returns it is on the disk."""
        name = sha256(content)
        path = self._path(name)
        with refused(path.parent, "keep a file in the library"):
            if not (path.exists() and path.stat().st_size == len(content)):
                self._write(path, content)
        return name

    def get(self, name: str) -> bytes:
        """Return the content called *name*. Raises LibraryError when it is gone or isn't what it was."""
        path = self._path(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise LibraryError(
                f"A file of the library is missing: {show(str(path))}.", "Import the work again from an export of it."
            ) from None
        except OSError as error:
            raise LibraryError(f"{show(str(path))} can't be read: {error.strerror}.", "Check the disk.") from error
        if sha256(content) != name:
            raise LibraryError(
                f"A file of the library is damaged: {show(str(path))} is not what its name says.",
                "Import the work again from an export of it; the damaged file was left as it is.",
            )
        return content

    def description(self, version: str) -> bytes | None:
        """Return what is kept of what *version* is; None where there is nothing."""
        path = self.folder / "versions" / f"{version}.json"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LibraryError(f"{show(str(path))} can't be read: {error.strerror}.", "Check the disk.") from error

    def describe(self, version: str, description: dict[str, Any]) -> None:
        """Keep what *version* is, beside the database."""
        path = self.folder / "versions" / f"{version}.json"
        with refused(path.parent, "keep a version"):
            self._write(path, canonical(description))

    def forget(self, names: set[str], versions: set[str]) -> None:
        """Delete objects and descriptions for good."""
        with refused(self.folder, "delete from the library"):
            for name in names:
                self._path(name).unlink(missing_ok=True)
            for version in versions:
                (self.folder / "versions" / f"{version}.json").unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / "objects" / name[:2] / name

    def _write(self, path: Path, content: bytes) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            flush(path.parent.parent)
        write_whole(path, content)


class ObjectRows:
    """The same as rows of a database that others use too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, content: bytes) -> str:
        """Keep *content* and return its name; when this returns it is kept."""
        name = sha256(content)
        if not self._database.read("SELECT 1 FROM objects WHERE name = ?", (name,)):
            with self._database.write(alone=False) as c:
                c.execute("INSERT INTO objects (name, content) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, content))
        return name

    def get(self, name: str) -> bytes:
        """Return the content called *name*. Raises LibraryError when it is gone or isn't what it was."""
        rows = self._database.read("SELECT content FROM objects WHERE name = ?", (name,))
        content = bytes(rows[0]["content"]) if rows else b""
        if not rows or sha256(content) != name:
            what = "damaged" if rows else "missing"
            raise LibraryError(f"The object {name[:12]} of the library is {what}.", "Restore the database's backup.")
        return content

    def description(self, version: str) -> bytes | None:
        """Return what is kept of what *version* is; None where there is nothing."""
        rows = self._database.read("SELECT content FROM descriptions WHERE version = ?", (version,))
        return bytes(rows[0]["content"]) if rows else None

    def describe(self, version: str, description: dict[str, Any]) -> None:
        """Keep what *version* is."""
        with self._database.write(alone=False) as c:
            c.execute(
                "INSERT INTO descriptions (version, content) VALUES (?, ?)"
                " ON CONFLICT (version) DO UPDATE SET content = excluded.content",
                (version, canonical(description)),
            )

    def forget(self, names: set[str], versions: set[str]) -> None:
        """Delete objects and descriptions for good."""
        with self._database.write(alone=False) as c:
            c.executemany("DELETE FROM objects WHERE name = ?", [(name,) for name in sorted(names)])
            c.executemany("DELETE FROM descriptions WHERE version = ?", [(version,) for version in sorted(versions)])
