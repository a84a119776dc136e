"""Mending: a damaged index is set aside, never overwritten, and built anew from the versions beside it.

Versions, texts and files come back whole. Boards, worlds, names of branches, locks and the trash live in the index
only: they are read from the damaged one as far as SQLite can still read it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from miaobi.errors import BriefError, LibraryError
from miaobi.studio.library.database import Row, place_of
from miaobi.studio.library.library import MAIN, Library
from miaobi.studio.library.sqlite import SqliteDatabase
from miaobi.studio.library.version import Described
from miaobi.studio.refusal import is_damage, refused


@dataclass(frozen=True)
class Mended:
    """What mending did; *aside* is "" when nothing was wrong."""

    aside: str
    works: int
    versions: int
    lost: tuple[str, ...]  # versions that can't be brought back, and why


def mend(folder: Path | None = None) -> Mended:
    """Check the index and rebuild it if it is damaged or lost. Raises LibraryError for one of a newer program."""
    place = folder or place_of().root
    if isinstance(place, str):
        raise BriefError(
            "The library is in PostgreSQL, which mends its own.", "Restore a backup of the database there."
        )
    path = place / "library.db"
    try:
        with Library(place) as library:
            if library.index.database.sound() == "ok":
                works = library.works() + library.works(trash=True)
                return Mended("", len(works), sum(len(library.versions(w.id)) for w in works), ())
    except LibraryError as error:
        if not is_damage(error) and path.exists() and path.stat().st_size:
            raise
    aside = _set_aside(path)
    with Library.rebuilding(place) as library:
        versions, lost = _rebuild(library, place)
        if aside:
            _recover(library, aside)
        return Mended(str(aside or path), len(library.works()) + len(library.works(trash=True)), versions, tuple(lost))


def _set_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"library.damaged-{number}.db")).exists():
        number += 1
    with refused(path, "set the damaged library aside"):
        for ending in ("-wal", "-shm", ""):
            if (part := path.with_name(path.name + ending)).exists():
                os.replace(part, aside.with_name(aside.name + ending))
    return aside


def _rebuild(library: Library, folder: Path) -> tuple[int, list[str]]:
    count, lost = 0, list[str]()
    described: dict[str, Described] = {}
    for path in sorted((folder / "versions").glob("*.json")):
        try:
            described[path.stem] = library.described(path.stem)
        except LibraryError as error:
            lost.append(error.message)

    def depth(found: Described) -> int:
        steps, parent = 0, found.version.parent
        while parent in described:
            steps, parent = steps + 1, described[parent].version.parent
        return steps

    with library.index.database.write():
        for found in sorted(described.values(), key=lambda d: (d.created, depth(d))):
            try:
                library.insert(found)
            except LibraryError as error:
                lost.append(error.message)
                continue
            count += 1
            if found.version.kind != "alternative":
                library.move(found.version.work, MAIN, found.version.id)
    return count, lost


def _recover(library: Library, aside: Path) -> None:
    """Take branches, boards, locks, worlds and the trash from the damaged index where it can still be read."""
    try:
        old = SqliteDatabase(aside)
    except LibraryError:
        return
    try:
        ids = {card.id for card in library.works()}
        for row in _rows(old, "SELECT work, name, head FROM branches"):
            if row["work"] in ids and library.objects.description(row["head"]) is not None:
                library.move(row["work"], row["name"], row["head"])
        for row in _rows(old, "SELECT work, name FROM boards"):
            if row["work"] in ids:
                library.index.pin(row["name"], row["work"])
        locks: dict[str, list[int]] = {}
        for row in _rows(old, "SELECT work, part FROM locks"):
            locks.setdefault(row["work"], []).append(row["part"])
        for work in ids & locks.keys():
            library.index.set_locks(work, locks[work])
        for row in _rows(old, "SELECT id, world, created, updated FROM worlds"):
            values = [row[name] for name in ("id", "world", "created", "updated")]
            with library.index.database.write() as c:
                c.execute("INSERT INTO worlds (id, world, created, updated) VALUES (?, ?, ?, ?)", values)
        for row in _rows(old, "SELECT id, removed FROM works WHERE removed IS NOT NULL"):
            if row["id"] in ids:
                library.index.set_removed(row["id"], row["removed"])
    finally:
        old.close()


def _rows(old: SqliteDatabase, sql: str) -> list[Row]:
    try:
        return old.read(sql)
    except LibraryError:
        return []  # this table is beyond reading; the next may not be
