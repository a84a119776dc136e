"""/api/works and /api/boards beyond looking: files on demand, versions, variations, certificate, boards, trash."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import clean_text
from miaobi.craft.plot.telling import file_name
from miaobi.errors import BriefError
from miaobi.server import answers
from miaobi.server.native import SEALED, Id, download, enqueue, plain, rendering
from miaobi.server.pool import Pool
from miaobi.studio.certified import certificate_of
from miaobi.studio.library import Library
from miaobi.studio.library.difference import difference
from miaobi.studio.library.export import origin_of, rendered
from miaobi.studio.variation import lock, variation
from miaobi.work import Rendering

router = APIRouter(prefix="/api")
_TEXT = 500_000  # characters of an edited text
Parts = Annotated[list[Annotated[int, Field(ge=1, le=10_000)]], Field(max_length=1_000)]
Name = Annotated[str, Path(min_length=1, max_length=200)]


class Edit(BaseModel):
    """A text as a person left it; ``after`` is the version it was made from."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=_TEXT)
    note: str = Field("", max_length=2_000)
    after: str = Field("", max_length=64)


class Return(BaseModel):
    """The version to go back to."""

    model_config = ConfigDict(extra="forbid")
    version: str = Field(min_length=4, max_length=64)


class Change(BaseModel):
    """How a work is to be varied: parts that stay, another seed, other options."""

    model_config = ConfigDict(extra="forbid")
    keep: Parts = Field(default_factory=list)
    options: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = Field(None, ge=0, le=2**63 - 1)
    engine: str = Field("", max_length=300)
    formats: list[str] = Field(default_factory=list, max_length=20)


class Locks(BaseModel):
    """The parts that variations of a work keep."""

    model_config = ConfigDict(extra="forbid")
    parts: Parts


@router.get("/works/{id}/exports/{ending}", response_class=Response)
def export_work(id: Id, ending: Annotated[str, Path(pattern="^[a-z0-9]{1,10}$")]) -> Response:
    """Give a work as a file of this ending, made now where it wasn't yet."""
    file = exported(id, ending)
    return download(file.name, file.media_type, file.content)


def exported(id: str, ending: str) -> Rendering:
    """Return a work's newest version as a file of this ending."""
    with Library() as library, rendering:
        version = library.find_version("", id)
        return rendered(library, version, origin_of(library, version), ending)


@router.get("/works/{id}/cover", response_class=Response)
def cover(id: Id, if_none_match: str = Header("", max_length=200)) -> Response:
    """Give what a list shows of a work: a small picture of the one that was made with it; nothing without one."""
    from miaobi.studio.cover import cover_of  # OpenCV comes with it

    with Library() as library:
        version = library.find_version("", id)
        headers = {"ETag": f'"{version.id}"', "Cache-Control": "private, no-cache", "Content-Security-Policy": SEALED}
        if if_none_match == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        found = cover_of(library, version)
    if found is None:
        return Response(status_code=204)
    return Response(found[0], media_type=found[1], headers=headers)


@router.get("/works/{id}/certificate", response_model=answers.CertificateAnswer)
def certificate(id: Id) -> dict[str, Any]:
    """Show why a work keeps the rules of its form, line by line or bar by bar."""
    with Library() as library:
        found, language = certificate_of(library, library.find_version("", id))
    return {"language": language, "holds": found.holds} | found.model_dump(mode="json")


@router.get("/works/{id}/versions", response_model=answers.Versions)
def list_versions(id: Id) -> dict[str, Any]:
    """List the versions of a work, the first first, and where its branches end."""
    with Library() as library:
        return {"versions": [asdict(e) for e in library.versions(id)], "branches": library.branches(id)}


@router.post("/works/{id}/versions", status_code=201, response_model=answers.Kept)
def add_version(id: Id, edit: Edit) -> dict[str, Any]:
    """Keep an edited text as the newest version. A text that is what the version was already makes none."""
    text = clean_text(edit.text, "text", _TEXT)
    if not text:
        raise BriefError("The text is empty.", "Write something, or move the work to the trash.")
    with Library() as library:
        after = library.find_version(edit.after, id).id if edit.after else ""
        version = library.keep(id, text + "\n", note=clean_text(edit.note, "note", 2_000), parent=after)
    return {"version": version.id}


@router.get("/works/{id}/versions/{version}", response_model=answers.VersionAnswer)
def one_version(id: Id, version: Name) -> dict[str, Any]:
    """Show the words of a version."""
    with Library() as library:
        found = library.find_version(version, id)
        return found.model_dump(mode="json") | {"id": found.id, "text": library.words(found)}


@router.post("/works/{id}/return", response_model=answers.Kept)
def go_back(id: Id, to: Return) -> dict[str, Any]:
    """Let the work be an earlier version again; what came after it stays among the versions."""
    with Library() as library:
        return {"version": library.back_to(id, to.version).id}


@router.get("/works/{id}/difference", response_model=answers.Difference)
def compare(
    id: Id, old: str = Query(min_length=4, max_length=64), new: str = Query(min_length=4, max_length=64)
) -> dict[str, Any]:
    """Tell what changed between two versions of a work, or a version of it and one of another."""
    with Library() as library:
        before, after = library.find_version(old, id), library.find_version(new)
        changes = difference(library.words(before), library.words(after))
    return {"work": id, "changes": [asdict(c) for c in changes]}


@router.post("/works/{id}/variations", status_code=202, response_model=answers.JobCard)
def vary(request: Request, id: Id, change: Change) -> dict[str, Any]:
    """Queue the work made again with another seed, its locked parts and those of ``keep`` as they are."""
    pool: Pool = request.app.state.pool
    with Library() as library:
        made_by = library.find(id).checkpoint
        order = variation(
            library,
            id,
            keep=change.keep,
            options=change.options,
            seed=change.seed,
            engine=change.engine or pool.beyond_catalog(made_by),
            formats=change.formats,
        )
    if order.engine and order.engine not in pool.seats:  # what it was made with isn't here: the form's own is
        order = order.model_copy(update={"engine": ""})
    pool.admit(order)
    return plain(enqueue(request, order))


@router.put("/works/{id}/locks", response_model=answers.LockedParts)
def set_locks(id: Id, locks: Locks) -> dict[str, Any]:
    """Let exactly these parts stay when the work is varied."""
    with Library() as library:
        lock(library, id, [], off=True)
        return {"locks": lock(library, id, locks.parts) if locks.parts else []}


@router.delete("/works/{id}", response_model=answers.WorkCard)
def remove(id: Id) -> dict[str, Any]:
    """Put a work in the trash."""
    with Library() as library:
        library.remove(id)
        return asdict(library.find(id))


@router.post("/works/{id}/restore", response_model=answers.WorkCard)
def restore(id: Id) -> dict[str, Any]:
    """Take a work from the trash."""
    with Library() as library:
        library.restore(id)
        return asdict(library.find(id))


@router.get("/boards", response_model=answers.Boards)
def list_boards() -> dict[str, Any]:
    """List the boards with the number of works on each."""
    with Library() as library:
        return {"boards": library.boards()}


@router.get("/pages/{name}", response_class=Response)
def board_page(name: Name) -> Response:
    """Give the works of a board as one page that needs nothing beside it."""
    return download(file_name(name, "html"), "text/html; charset=utf-8", on_one_page(name))


def on_one_page(board: str) -> bytes:
    """Return the page of a board."""
    from miaobi.studio.world.board import page_of  # OpenCV comes with it

    with rendering:
        return page_of(board)


@router.put("/boards/{name}/{id}", response_model=answers.WorkCard)
def pin(name: Name, id: Id) -> dict[str, Any]:
    """Put a work on a board, which begins with its first."""
    with Library() as library:
        library.pin(clean_text(name, "board", 200), id)
        return asdict(library.find(id))


@router.delete("/boards/{name}/{id}", response_model=answers.WorkCard)
def unpin(name: Name, id: Id) -> dict[str, Any]:
    """Take a work from a board."""
    with Library() as library:
        library.unpin(name, id)
        return asdict(library.find(id))
