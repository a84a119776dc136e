"""/api/worlds: a bible and the works that share it, made as one job, on one page; see docs/worlds.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from miaobi.bible import Bible
from miaobi.craft.plot.telling import file_name
from miaobi.errors import BriefError
from miaobi.forms import find
from miaobi.server import answers
from miaobi.server.native import Id, download, enqueue, plain, rendering
from miaobi.server.pool import Pool
from miaobi.server.request import Text
from miaobi.studio.job import Growth, Order
from miaobi.studio.library import Library
from miaobi.studio.queue import Job, Queue
from miaobi.studio.world.making import again
from miaobi.studio.world.plan import (
    MOST,
    ROLES,
    USUAL,
    Part,
    World,
    bare,
    part_with,
    rewritten,
    with_parts,
    world_of,
)
from miaobi.studio.world.shelf import Kept, Shelf, engine_of, marked, present, shown
from miaobi.studio.world.wording import declaration, written
from miaobi.types import Language

router = APIRouter(prefix="/api")
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
PartName = Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$")]


class Asked(BaseModel):
    """A part: a form, or one of the roles of a picture, with options of its own."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    options: dict[str, Any] = Field(default_factory=dict)
    seed: Seed | None = None


class Idea(BaseModel):
    """What a world begins with; ``parts``: the usual ones where none is named."""

    model_config = ConfigDict(extra="forbid")
    idea: Text = Field(max_length=20_000)
    language: Language = "en"
    parts: list[Asked] = Field(default_factory=list, max_length=MOST)
    tone: Text = Field("", max_length=500)
    author: Text = Field("", max_length=80)
    engine: str = Field("", max_length=300)
    seed: Seed = 0
    bible: Bible = Bible()


class More(BaseModel):
    """Further parts."""

    model_config = ConfigDict(extra="forbid")
    parts: list[Asked] = Field(min_length=1, max_length=MOST)
    seed: Seed = 0


class Anew(BaseModel):
    """How a part is to be made anew: with the next seed where none is given."""

    model_config = ConfigDict(extra="forbid")
    seed: Seed | None = None
    options: dict[str, Any] = Field(default_factory=dict)


@router.get("/bible", response_model=answers.BibleDeclared)
def bible_declaration() -> dict[str, Any]:
    """Tell what a bible is made of, as JSON schema, and what parts a world can have beside the forms."""
    roles = {name: {"form": form, "options": options} for name, (form, options) in ROLES.items()}
    return {"bible": declaration(), "roles": roles, "usual": {k: list(v) for k, v in USUAL.items()}, "most": MOST}


@router.get("/worlds", response_model=answers.Worlds)
def list_worlds() -> dict[str, Any]:
    """List the worlds, what was changed last first."""
    with Library() as library:
        return {"worlds": [_card(kept) for kept in Shelf(library).worlds()]}


@router.post("/worlds", status_code=201, response_model=answers.WorldAnswer)
def add_world(request: Request, idea: Idea) -> dict[str, Any]:
    """Keep a world; nothing of it is made yet. Refused at once is what can't be made."""
    given = written(idea.bible)
    parts = [_part(asked, idea.language, idea.seed) for asked in idea.parts]
    world = world_of(
        idea.idea,
        idea.language,
        parts,
        tone=idea.tone,
        author=idea.author,
        engine=idea.engine,
        seed=idea.seed,
        given=given,
    )
    _admit(request, world, [part.name for part in world.parts])
    with Library() as library:
        return _told(Shelf(library).add(world), library)


@router.get("/worlds/{id}", response_model=answers.WorldAnswer)
def one_world(id: Id) -> dict[str, Any]:
    """Show a world: its bible, its parts with their works, and the job that makes parts of it."""
    with Library() as library:
        return _told(Shelf(library).find(id), library)


@router.delete("/worlds/{id}", response_model=answers.WorldCard)
def remove_world(id: Id) -> dict[str, Any]:
    """Forget a world, and stop what makes parts of it; its works stay in the library."""
    with Library() as library, Queue() as queue:
        kept = Shelf(library).find(id)
        if (job := queue.growing(id)) is not None:
            queue.cancel(job.id)
        Shelf(library).remove(id)
    return _card(kept)


@router.put("/worlds/{id}/bible", response_model=answers.WorldAnswer)
def write_bible(id: Id, bible: Bible) -> dict[str, Any]:
    """Keep the bible as a person left it: works made from now on take from it."""
    clean = written(bible)
    with Library() as library:
        return _told(Shelf(library).change(id, lambda world: rewritten(world, clean)), library)


@router.post("/worlds/{id}/parts", response_model=answers.WorldAnswer)
def add_parts(request: Request, id: Id, more: More) -> dict[str, Any]:
    """Give the world further parts, which aren't made yet."""

    def added(world: World) -> World:
        after = with_parts(world, [_part(asked, world.language, more.seed) for asked in more.parts])
        _admit(request, after, [part.name for part in after.parts[len(world.parts) :]])
        return after

    with Library() as library:
        return _told(Shelf(library).change(id, added), library)


@router.delete("/worlds/{id}/parts/{part}", response_model=answers.WorldAnswer)
def remove_part(id: Id, part: PartName) -> dict[str, Any]:
    """Take a part out of the world; its work stays in the library."""

    def without(world: World) -> World:
        if len(world.parts) == 1:
            raise BriefError("It is the only part of the world.", "Forget the world, or give it another part first.")
        gone = world.part(part).name
        works = {name: work for name, work in world.works.items() if name != gone}
        return world.model_copy(update={"parts": tuple(p for p in world.parts if p.name != gone), "works": works})

    with Library() as library:
        return _told(Shelf(library).change(id, without), library)


@router.post("/worlds/{id}/making", status_code=202, response_model=answers.JobCard)
def make_world(request: Request, id: Id) -> dict[str, Any]:
    """Queue the parts that are missing, as one job; the one that does so already, if there is one."""
    with Library() as library, Queue() as queue:
        world = Shelf(library).find(id).world
        if (job := queue.growing(id)) is not None:
            return plain(job)
        there = present(world, library)
    missing = [part.name for part in world.parts if part.name not in there]
    if not missing:
        raise BriefError("All parts of the world are made.", "Add one, or let one be made anew.")
    return plain(_enqueued(request, world, Growth(world=id, parts=tuple(missing))))


@router.post("/worlds/{id}/parts/{part}/anew", status_code=202, response_model=answers.JobCard)
def make_anew(request: Request, id: Id, part: PartName, anew: Anew) -> dict[str, Any]:
    """Queue a part to be made anew. The rest stays, and so does the old work until the new one is there."""
    with Library() as library, Queue() as queue:
        world = Shelf(library).find(id).world
        old = world.part(part)
        if queue.growing(id) is not None:
            raise BriefError("The world is being made.", "Wait until it is, or stop it.")
    if part not in world.works:
        raise BriefError(f"There is no {part} yet that could be made anew.", "Let the world be made.")
    seed = old.seed + 1 if anew.seed is None else anew.seed
    new = again(world, part, seed, part_with(old.form, anew.options, world.language).options)
    growth = Growth(
        world=id,
        parts=(part,),
        anew=part,
        replaced=world.works[part],
        seed=seed,
        options=new.part(part).options,
    )
    return plain(_enqueued(request, new, growth))


@router.get("/worlds/{id}/page", response_class=Response)
def world_page(id: Id) -> Response:
    """Give the world's works as one page that needs nothing beside it."""
    title, page = page_of(id)
    return download(file_name(title, "html"), "text/html; charset=utf-8", page)


def page_of(id: str) -> tuple[str, bytes]:
    """Return a world's title and its page. BriefError where none of its works is made."""
    from miaobi.studio.world.gallery import gallery  # OpenCV comes with it

    with Library() as library, rendering:
        world = Shelf(library).find(id).world
        works = present(world, library)
        if not works:
            raise BriefError("None of the world's works is made yet.", "Let the world be made.")
        return world.bible.title or world.idea[:60], gallery(world, works)


def _part(asked: Asked, language: Language, seed: int) -> Part:
    return part_with(asked.name, asked.options, language, seed if asked.seed is None else asked.seed)


def _orders(world: World, names: list[str]) -> list[Order]:
    parts = [(world.part(name), find(world.part(name).form)) for name in names]
    return [
        Order(brief=bare(world, part, form), engine=engine_of(world, form), formats=shown(form)) for part, form in parts
    ]


def _admit(request: Request, world: World, names: list[str]) -> None:
    pool: Pool = request.app.state.pool
    for order in _orders(world, names):
        pool.admit(order)


def _enqueued(request: Request, world: World, growth: Growth) -> Job:
    _admit(request, world, list(growth.parts))
    first = _orders(world, [growth.parts[0]])[0]
    return enqueue(request, first.model_copy(update={"growth": growth, "engine": world.engine}))


def _card(kept: Kept) -> dict[str, Any]:
    world = kept.world
    return {
        "id": kept.id,
        "title": world.bible.title,
        "idea": world.idea,
        "logline": world.bible.logline,
        "language": world.language,
        "palette": list(world.bible.palette),
        "parts": [{"name": p.name, "form": p.form, "work": world.works.get(p.name, "")} for p in world.parts],
        "created": kept.created,
        "updated": kept.updated,
    }


def _told(kept: Kept, library: Library) -> dict[str, Any]:
    world = kept.world
    with Queue() as queue:
        job = queue.growing(kept.id)
    cards = library.cards(list(world.works.values()))
    old = marked(world, library)
    parts = []
    for part in world.parts:
        card = cards.get(world.works.get(part.name, ""))
        state = {"work": asdict(card) if card else None, "outdated": part.name in old}
        parts.append(part.model_dump(mode="json") | state)
    return _card(kept) | {
        "author": world.author,
        "engine": world.engine,
        "bible": world.bible.model_dump(mode="json"),
        "parts": parts,
        "job": plain(job) if job else None,
    }
