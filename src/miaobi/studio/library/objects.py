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
