"""Files that are whole or absent: written beside their place, flushed to the disk, then renamed (POSIX ``rename``).

A crash leaves at most a ``.part`` or ``.new`` file, which is never taken for the real one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miaobi.errors import CheckpointError, show

BLOCK = 1 << 20  # bytes read or written at a time


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_digest(path: Path) -> str:
    """Return the SHA-256 of a file in a folder of ours, kept beside it for as long as size, time and inode agree."""
    state = path.stat()
    identity = [state.st_size, state.st_mtime_ns, state.st_ino]
    note = path.with_name(f".{path.name}.sha256.json")
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        if kept["file"] == identity:
            return str(kept["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no note, or one that can't be read: it is made anew
    sha256 = digest(path)
    write_whole(note, json.dumps({"file": identity, "sha256": sha256}).encode())
    return sha256


def flush(path: Path) -> None:
    """Make sure that the bytes of *path* are on the disk; for a folder, its names."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no way to flush a folder, and needs none
    fd = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def settle(part: Path, target: Path) -> None:
    """Give a finished *part* its name in one step that survives a power cut."""
    flush(part)
    part.replace(target)
    flush(target.parent)


def write_whole(target: Path, content: bytes) -> None:
    """Write a small file so that a reader sees the old bytes or the new, nothing between."""
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        settle(new, target)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def explained(folder: Path, what: str) -> Iterator[None]:
    """Turn the disk's refusals (full, read-only, forbidden) into CheckpointError with the next step."""
    try:
        yield
    except OSError as error:
        where = show(str(error.filename or folder))
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CheckpointError(
                f"The disk is full: {what} could not be written to {where}.",
                "Free some room and run the same command again: it goes on where it stopped; "
                "or set MIAOBI_HOME to a folder on another disk.",
            ) from error
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise CheckpointError(
                f"{where} can't be written to, so {what} has no place to go ({error.strerror}).",
                "Set MIAOBI_HOME to a folder that you may write to.",
            ) from error
        raise CheckpointError(f"The disk refused {what} at {where}: {error.strerror or error}.") from error
