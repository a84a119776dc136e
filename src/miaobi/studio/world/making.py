"""Making a world: part after part, each kept before the next begins; made again in part; its page written anew.

``world.json`` in the world's folder says what was wished and what is there. A kill loses nothing: the same command goes
on from the work at hand, and within it from its last step. A part that is made again gets a folder of its own beside
the old one, whose files stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from miaobi.brief import Brief
from miaobi.craft.plot.telling import file_name
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError, InputFileError, LibraryError, show
from miaobi.forms import find
from miaobi.studio.carrying import Engines, carry_out
from miaobi.studio.delivery import admit_folder
from miaobi.studio.job import Order
from miaobi.studio.library import NAME_LIMIT, Library
from miaobi.studio.library.export import origin_of
from miaobi.studio.refusal import refused
from miaobi.studio.world.gallery import gallery
from miaobi.studio.world.plan import Part, World, brief_of, forgotten, learnt
from miaobi.work import Work

RECORD, PAGE = "world.json", "index.html"
Told = Callable[[str, str, float], None]  # part, what is being made of it, the share of it done
Carry = Callable[[Part, Brief], tuple[Work, str]]  # carries a part out: its work, and the folder that it is in, if any
Change = Callable[[World], World]
Keep = Callable[[Change], World]  # keeps a change to the world as it stands then; what it returns is the world now


def is_world(name: str) -> bool:
    """Tell whether *name* is a folder with a world in it."""
    try:
        return (Path(name) / RECORD).is_file()
    except (OSError, ValueError):  # an idea that no path can be
        return False


def open_world(folder: Path) -> World:
    """Return the world in this folder; InputFileError where there is none or its record can't be read."""
    path = folder / RECORD
    try:
        return World.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise InputFileError(f"There is no world in {show(str(folder))}.", f"A world has a {RECORD}.") from None
    except (OSError, ValidationError) as error:
        raise InputFileError(f"{show(str(path))} can't be read: {error}.", "Take it from a copy.") from None


def folder_for(world: World, out: Path | None) -> tuple[Path, World]:
    """Return the folder in which *world* is made, and what of it is there already.

    Without *out* it is named by the idea. A folder that holds the same world is gone on with; another world's, or one
    with other files under these names, is never written into: BriefError, or a numbered folder where none was given.
    """
    wanted = out or Path(file_name(" ".join(world.idea.split()[:6])[:40], "").rstrip("."))
    admit_folder(wanted)
    number = 1
    while True:
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        if not folder.exists() or not any((folder / name).exists() for name in (RECORD, PAGE)):
            return folder, world
        if (folder / RECORD).exists():
            there = open_world(folder)
            if _wish(there) == _wish(world):
                return folder, there
            if not there.works:  # it was refused before anything was made
                keep(world, folder)
                return folder, world
        if out is not None:
            raise BriefError(
                f"{show(str(folder))} holds another world.",
                "Give another folder (--out DIR), or go on with that one: miaobi world DIR --add FORM",
            )
        number += 1


def _wish(world: World) -> object:
    return world.idea, world.language, world.author, world.engine, world.parts


def make(world: World, folder: Path, engines: Engines, told: Told) -> World:
    """Make what of the world is missing, and write its page; return it as it stands then.

    What a person made anew or added is in the record once it is made: where it can't be, the world stays as it was.
    """
    if not (folder / RECORD).exists():
        keep(world, folder)
    stands = world

    def carry(part: Part, brief: Brief) -> tuple[Work, str]:
        own = find(part.form).engine_in(world.language)
        order = Order(brief=brief, engine="" if own else world.engine, out=str(folder / part.name))
        done = carry_out(order, engines, lambda what, share: told(part.name, what, share), folder / part.name)
        return done.work, done.folder.name

    def kept(change: Change) -> World:
        nonlocal stands
        stands = change(stands)
        keep(stands, folder)
        return stands

    works = {part.name: composed(world.works[part.name]) for part in world.parts if part.name in world.works}
    world, works = grown(world, works, carry, kept)
    write_page(world, folder, works)
    return world


def grown(world: World, works: Mapping[str, Work], carry: Carry, keep: Keep) -> tuple[World, dict[str, Work]]:
    """Make the parts that *works* lacks one after another, each kept before the next begins, on a board of the world's.

    The world may change between two parts: each takes from it as it stands.
    """
    made = dict(works)
    while part := next((part for part in world.parts if part.name not in made), None):
        before = {name: made[name] for name in (p.name for p in world.parts) if name in made}
        brief, _ = brief_of(world, part, before)
        work, folder = carry(part, brief)
        with Library() as library:
            library.pin((world.bible.title or work.title)[:NAME_LIMIT].strip(), work.id)
        made[part.name] = work
        world = keep(partial(_with, part=part, work=work, folder=folder))
    return world, {part.name: made[part.name] for part in world.parts}


def _with(world: World, part: Part, work: Work, folder: str) -> World:
    """Return the world with the work of a part, if it still has that part, and what it tells of the world."""
    if part.name not in {p.name for p in world.parts}:
        return world
    return world.model_copy(
        update={
            "bible": learnt(world, work),
            "works": world.works | {part.name: work.id},
            "folders": world.folders | ({part.name: folder} if folder else {}),
        }
    )


def again(world: World, name: str, seed: int | None = None, options: Mapping[str, object] | None = None) -> World:
    """Return the world with the part *name* to be made anew: with another seed, or other options; the rest stays.

    What it told of the world (a story its people) is told anew by what is made; what others told, or a person, stays.
    """
    part = world.part(name)
    changed = part.model_copy(
        update={"seed": part.seed + 1 if seed is None else seed, "options": part.options | dict(options or {})}
    )
    first = next(iter(world.works), "")
    bible = world.bible
    if name == first:  # it named the world
        bible = forgotten(world, ("title", "personas", "places", "facts", "theme"))
    return world.model_copy(
        update={
            "parts": tuple(changed if p.name == name else p for p in world.parts),
            "works": {n: work for n, work in world.works.items() if n != name},
            "folders": {n: where for n, where in world.folders.items() if n != name},
            "bible": bible,
        }
    )


def composed(id: str) -> Work:
    """Return a work of the world as it was composed last, whatever a person made of its words since."""
    with Library() as library:
        origin = origin_of(library, library.find_version("", id))
        work = library.composed(origin) if origin is not None else None
    if work is None:
        raise LibraryError(f"The work {id[:8]} was not composed here.", "Make it again: miaobi world DIR --remake PART")
    return work


def keep(world: World, folder: Path) -> None:
    """Write the world's record; LibraryError where it can't be."""
    with refused(folder, "the world", "give another folder (--out DIR)"):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / RECORD, (world.model_dump_json(indent=1) + "\n").encode())


def write_page(world: World, folder: Path, works: dict[str, Work]) -> Path:
    """Write the page on which the works stand together."""
    path = folder / PAGE
    with refused(folder, "the world's page", "give another folder (--out DIR)"):
        write_whole(path, gallery(world, works))
    return path
