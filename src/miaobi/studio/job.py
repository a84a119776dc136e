"""Jobs that survive a kill: each finished step is on disk before the next begins.

A journal is one file of JSON lines: the order, then (key, entry) a step, each flushed and fsynced; asked for again in
another way (another folder, other files), the work has the later order's. A line that a kill cut short is dropped, the
step is made again. It is locked while in use; a finished job's journal is deleted. The same
order has the same journal, so that composing again after a kill goes on by itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from miaobi import __version__
from miaobi.brief import Brief
from miaobi.errors import LibraryError, UnknownNameError, show
from miaobi.studio.refusal import refused


class Growth(BaseModel):
    """Of a world the parts that are to be made: those that it lacks, or one anew in the place of ``replaced``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    world: str  # id
    parts: tuple[str, ...]  # that were missing when it was asked for
    anew: str = ""  # a part
    replaced: str = ""  # its work
    seed: int = 0
    options: dict[str, Any] = Field(default_factory=dict)


class Cell(BaseModel):
    """One of the works of a sweep: the values that it has of what is varied."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    sweep: str  # id
    axes: tuple[tuple[str, tuple[Any, ...]], ...]  # what is varied, and over which values
    place: tuple[int, ...]  # the number of its value in each of them


class Order(BaseModel):
    """What was asked for: enough to run it again."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    brief: Brief
    engine: str = ""
    formats: tuple[str, ...] = ()
    out: str = ""
    folder: str = ""  # where it was asked, for a relative ``out``
    parent: str = ""  # the work that this one varies
    cell: Cell | None = None
    growth: Growth | None = None  # then ``brief`` is that of its first part as it stood


def whole_of(order: Order) -> str:
    """Return the id of what the order is a part of; "" where it stands alone."""
    return order.growth.world if order.growth else order.cell.sweep if order.cell else ""


class FileJournal:
    """A journal on disk; see ``desk.Journal``."""

    def __init__(self, path: Path, file: IO[bytes], entries: dict[str, dict[str, Any]]) -> None:
        self.path = path
        self._file = file
        self._entries = entries

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was put under *key*, or None."""
        return self._entries.get(key)

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Append the step and wait until the disk has it. Raises LibraryError when there is no room."""
        with refused(self.path.parent, "keep a finished step"):
            _append(self._file, {"key": key, "entry": entry})
        self._entries[key] = entry

    def finish(self) -> None:
        """Delete the journal: the work is delivered."""
        self.path.unlink(missing_ok=True)


def jobs_folder() -> Path:
    """Return the folder of journals: under MIAOBI_HOME, else where the platform keeps a user's data."""
    home = os.environ.get("MIAOBI_HOME")
    return (Path(home) if home else Path(platformdirs.user_data_dir("miaobi", appauthor=False))) / "jobs"


@contextmanager
def open_journal(order: Order, checkpoint_sha256: str) -> Iterator[FileJournal]:
    """Open the order's journal, made when it isn't there, and hold it alone. Raises LibraryError."""
    order = order.model_copy(update={"folder": order.folder or str(Path.cwd())})
    text = "\n".join([order.brief.model_dump_json(), checkpoint_sha256, __version__, order.parent])
    path = jobs_folder() / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.jsonl"
    with refused(path.parent, "open the journal of this job"):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    with file:
        _lock(file, path)
        entries = _recover(file)
        if _last_order(path.read_bytes()) != order:
            with refused(path.parent, "begin the journal of this job"):
                _append(file, {"order": order.model_dump(mode="json")})
        yield FileJournal(path, file, entries)


def unfinished(job: str = "") -> Order:
    """Return the order of the unfinished job whose name begins with *job*; the newest when none is given."""
    journals = sorted(jobs_folder().glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
    names = ", ".join(path.stem for path in journals[:5]) or "none"
    chosen = [path for path in journals if path.stem.startswith(job)]
    if not chosen:
        what = f"There is no unfinished job {show(job)}." if job else "No job is unfinished."
        raise UnknownNameError(what, f"Unfinished: {names}.")
    order = _last_order(chosen[0].read_bytes())
    if order is None:
        raise LibraryError(
            f"The journal {chosen[0].name} is damaged at its beginning.", "Compose the work again; its file is kept."
        )
    out = str(Path(order.folder) / order.out) if order.out else ""
    return order.model_copy(update={"out": out})


def _last_order(journal: bytes) -> Order | None:
    """Return the order that was given last; None where the journal begins with none."""
    order = None
    for line in journal.splitlines():
        try:
            value = json.loads(line)
            order = Order.model_validate(value["order"]) if "order" in value else order
        except (ValueError, TypeError, ValidationError):
            break
        if order is None:
            break
    return order


def _append(file: IO[bytes], value: dict[str, Any]) -> None:
    end = file.seek(0, os.SEEK_END)
    try:
        file.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)  # no half line stays
        raise


def _recover(file: IO[bytes]) -> dict[str, dict[str, Any]]:
    """Read the whole lines, cut off what a kill left half written, and leave the position at the end."""
    file.seek(0)
    entries: dict[str, dict[str, Any]] = {}
    good = 0
    for line in file.read().splitlines(keepends=True):
        try:
            value = json.loads(line)
        except ValueError:
            break
        if not line.endswith(b"\n"):
            break
        if "key" in value:
            entries[value["key"]] = value["entry"]
        good += len(line)
    file.truncate(good)
    file.seek(0, os.SEEK_END)
    return entries


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LibraryError(
            "This very work is being composed by another process.",
            f"Wait for it, or stop it; its journal is {path.name}.",
        ) from None
