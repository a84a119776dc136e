"""Delivery: the files of a work in a folder of its own, each whole or absent, beside a ``record.json``.

The record holds the brief, the bible, the findings and how the work was made; all of it is the same for the same brief
but what stands under ``times``. Another work's files are never written over: a numbered folder is taken instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from miaobi.craft.plot.telling import file_name
from miaobi.engines.disk import write_whole
from miaobi.errors import LibraryError, show
from miaobi.studio.refusal import refused
from miaobi.work import Work

RECORD = "record.json"
ELSEWHERE = "give another folder (--out DIR)"


def admit_folder(out: Path) -> None:
    """Raise LibraryError before any work is done when *out* can't become a folder that takes files."""
    place = out.absolute()
    try:
        standing = next(p for p in (place, *place.parents) if p.exists())
    except (OSError, ValueError) as error:
        raise LibraryError(
            f"{show(str(out))} can't be a folder: {error}.", "Give another folder (--out DIR)."
        ) from None
    if not standing.is_dir():
        raise LibraryError(f"{show(str(standing))} is a file, not a folder.", "Give another folder (--out DIR).")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise LibraryError(f"{show(str(standing))} can't be written to.", "Give another folder (--out DIR).")


def deliver(work: Work, out: Path | None = None, times: dict[str, Any] | None = None) -> Path:
    """Write the work's renderings and its record; return the folder, made from the title when *out* is None."""
    wanted = out if out is not None else Path(folder_name(work))
    with refused(wanted, "the work", ELSEWHERE):
        folder = next(f for f in _numbered(wanted) if _free_for(work, f))
        folder.mkdir(parents=True, exist_ok=True)
        for rendering in work.renderings:
            write_whole(folder / rendering.name, rendering.content)
        write_whole(folder / RECORD, record_of(work, times or {}))  # last: a folder with a record is whole
    return folder


def folder_name(work: Work) -> str:
    """Return the name of the work's folder: its title as every file system takes it."""
    return file_name(work.title, "").rstrip(".")


def record_of(work: Work, times: dict[str, Any]) -> bytes:
    """Return ``record.json``: everything of the work but its content, which is in its files."""
    plain = work.model_dump(mode="json", exclude={"renderings", "content"})
    plain["title"] = work.title
    plain["files"] = [
        {"name": r.name, "media_type": r.media_type, "bytes": len(r.content), "sha256": r.sha256}
        for r in work.renderings
    ]
    return (json.dumps(plain | {"times": times}, ensure_ascii=False, indent=1) + "\n").encode()


def _numbered(folder: Path) -> Iterator[Path]:
    yield folder
    for number in count(2):
        yield folder.with_name(f"{folder.name}-{number}")


def _free_for(work: Work, folder: Path) -> bool:
    """Tell whether the work may have *folder*: it is its own, or none of its names is taken there."""
    if folder.is_symlink() and not folder.exists():
        return False
    if not folder.exists():
        return True
    record = folder / RECORD
    if record.exists():
        try:
            return bool(json.loads(record.read_text(encoding="utf-8"))["id"] == work.id)
        except (ValueError, KeyError, TypeError):
            return False  # somebody else's record.json
    return not any((folder / r.name).exists() for r in work.renderings)
