"""Shelf: the worlds of a library, each with its bible, kept in the library's database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache

from miaobi.errors import UnknownNameError, show
from miaobi.form import Form
from miaobi.studio.library import Library
from miaobi.studio.library.database import Row, now, place_of
from miaobi.studio.world.making import Change, composed
from miaobi.studio.world.plan import World, outdated
from miaobi.work import Work


@dataclass(frozen=True)
class Kept:
    """A world as it is kept."""

    id: str
    world: World
    created: str
    updated: str


class Shelf:
    """The worlds of a library that is open."""

    def __init__(self, library: Library) -> None:
        self._database = library.index.database

    def worlds(self) -> list[Kept]:
        """Return all of them, what was changed last first."""
        return [_kept(row) for row in self._database.read("SELECT * FROM worlds ORDER BY updated DESC, id")]

    def find(self, id: str) -> Kept:
        """Return a world; UnknownNameError where there is none."""
        return _one(self._database.read("SELECT * FROM worlds WHERE id = ?", (id,)), id)

    def add(self, world: World) -> Kept:
        """Keep a new world."""
        id, time = str(uuid.uuid4()), now()
        with self._database.write() as c:
            c.execute(
                "INSERT INTO worlds (id, world, created, updated) VALUES (?, ?, ?, ?)",
                (id, world.model_dump_json(), time, time),
            )
        return Kept(id, world, time, time)

    def change(self, id: str, change: Change) -> Kept:
        """Keep what *change* makes of a world as it stands; nobody else changes it meanwhile."""
        with self._database.write() as c:
            before = _one(c.execute("SELECT * FROM worlds WHERE id = ?", (id,)).fetchall(), id)
            after = change(before.world)
            if after == before.world:
                return before
            time = now()
            values = (after.model_dump_json(), time, id)
            c.execute("UPDATE worlds SET world = ?, updated = ? WHERE id = ?", values)
        return Kept(id, after, before.created, time)

    def remove(self, id: str) -> None:
        """Forget a world; its works stay in the library. UnknownNameError where there is none."""
        with self._database.write() as c:
            if not c.execute("DELETE FROM worlds WHERE id = ?", (id,)).rowcount:
                _one([], id)


def engine_of(world: World, form: Form) -> str:
    """Return the engine that a part of this form is made with: the world's where the form has none of its own."""
    return "" if form.engine_in(world.language) else world.engine


def shown(form: Form) -> tuple[str, ...]:
    """Return the files by which a work is read, seen and heard; the others are made when they are asked for."""
    for ending, wanted in (("mid", ("svg", "ogg")), ("glb", ("glb", "png")), ("png", ("png",))):
        if ending in form.formats:
            return tuple(one for one in wanted if one in form.formats)
    return form.formats[:1]


def present(world: World, library: Library) -> dict[str, Work]:
    """Return the world's works by their parts, as they were composed last, but for those deleted since."""
    there = library.cards(list(world.works.values()))
    ids = {part.name: world.works.get(part.name, "") for part in world.parts}
    return {name: composed(id) for name, id in ids.items() if id in there}


def marked(world: World, library: Library) -> tuple[str, ...]:
    """Return the parts that are out of date (`plan.outdated`): read from the works' files once, then known until the
    world or a version of a work is another."""
    return _marked(
        str(place_of()), world.model_dump_json(), tuple(sorted(library.newest_of([*world.works.values()]).items()))
    )


@lru_cache(maxsize=256)
def _marked(place: str, world: str, versions: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    told = World.model_validate_json(world)
    with Library() as library:
        return tuple(outdated(told, present(told, library)))


def _one(rows: list[Row], id: str) -> Kept:
    if not rows:
        raise UnknownNameError(f"There is no world {show(id)}.", "GET /api/worlds lists them.")
    return _kept(rows[0])


def _kept(row: Row) -> Kept:
    return Kept(row["id"], World.model_validate_json(row["world"]), row["created"], row["updated"])
