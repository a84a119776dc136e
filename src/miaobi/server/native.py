"""/api: forms, jobs with their events, and works, for the page and for programs that want more than text.

A job is an order in the queue; its events are kept, so whoever was away reads on after the last number seen
(``Last-Event-ID``). A file of a work is only ever a download: nothing of it may run in a page of ours.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from miaobi.assist.judgement import judge
from miaobi.brief import Brief
from miaobi.compose import choose_formats
from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.form import Form
from miaobi.forms import admit, broken, find, forms
from miaobi.server import answers
from miaobi.server.pool import Pool
from miaobi.server.reading import soon
from miaobi.studio.job import Order
from miaobi.studio.library import Library
from miaobi.studio.library.export import endings_of, origin_of
from miaobi.studio.library.version import Version
from miaobi.studio.queue import LIMIT, Job, Queue
from miaobi.studio.translation import findings, said, titles
from miaobi.studio.users import Key
from miaobi.studio.variation import named_parts

router = APIRouter(prefix="/api")
Id = Annotated[str, Path(pattern="^[0-9a-f-]{4,36}$")]  # a work's or a job's; never a file's path
SEALED = "default-src 'none'; sandbox"  # the policy of a work's file: opened by itself, nothing of it runs
rendering = threading.Lock()  # one file at a time: a painting takes a core and some hundred MB
_PAGE = 100  # works that a page of them may have
_LOOK = 0.2  # seconds between two looks for new events
_BEAT = 15.0  # seconds after which an idle stream says that it lives


class Wish(BaseModel):
    """What is sent to make a work: the brief, the engine and the files wanted."""

    model_config = ConfigDict(extra="forbid")
    brief: dict[str, Any]
    engine: str = Field("", max_length=300)
    formats: list[str] = Field(default_factory=list, max_length=20)
    priority: int = Field(0, ge=-100, le=100)


@router.get("/forms", response_model=answers.Forms)
def list_forms(request: Request) -> dict[str, Any]:
    """List the forms as they are declared, with the schema of their options, and plug-ins that can't be loaded."""
    pool: Pool = request.app.state.pool
    return {"forms": [_form(form, pool) for form in forms().values()], "broken": dict(broken())}


@router.get("/engines", response_model=answers.Engines)
def list_engines(request: Request) -> dict[str, Any]:
    """List the engines that can be asked for, the one that answers where none is named first."""
    pool: Pool = request.app.state.pool
    cards = {name: seat.engine.checkpoint for name, seat in pool.seats.items()}
    return {
        "engines": [
            {
                "name": name,
                "title": card.name,
                "licence": card.licence,
                "languages": list(card.languages),
                "parameters": card.parameters,
                "context": card.context,
            }
            for name, card in cards.items()
        ]
    }


@router.get("/forms/{name}", response_model=answers.FormCard)
def one_form(request: Request, name: str) -> dict[str, Any]:
    """Tell about one, by any of its names."""
    return _form(find(name), request.app.state.pool)


def _form(form: Form, pool: Pool) -> dict[str, Any]:
    return {
        "name": form.name,
        "names": dict(form.names),
        "summary": dict(form.summary),
        "languages": list(form.languages),
        "length": asdict(form.length),
        "lengths": {language: asdict(length) for language, length in form.lengths.items()},
        "formats": list(form.formats),
        "references": list(form.references),
        "options": form.options.model_json_schema(),
        "keeps": form.keep is not None,
        "heeds": list(form.heeds),
        "writes": [language for language in form.languages if pool.writes(form.name, language)],
        "examples": [brief.model_dump(mode="json", exclude_defaults=True) for brief in form.examples],
    }


@router.post("/jobs", status_code=202, response_model=answers.JobCard)
def add_job(request: Request, wish: Wish, idempotency_key: str = Header("", max_length=200)) -> dict[str, Any]:
    """Queue a work; what can't be made is refused at once. Under one ``Idempotency-Key`` there is one job."""
    brief = Brief.parse(wish.brief)
    form = find(brief.form)
    brief = brief.model_copy(update={"form": form.name})
    admit(form, brief)
    choose_formats(form, wish.formats)
    order = Order(brief=brief, engine=wish.engine, formats=tuple(wish.formats))
    pool: Pool = request.app.state.pool
    pool.admit(order)
    return plain(enqueue(request, order, wish.priority, idempotency_key))


def enqueue(request: Request, order: Order, priority: int = 0, once: str = "") -> Job:
    """Queue an order for who asks, within its limits. A user's goes before nobody else's."""
    key: Key = request.state.key
    if key.owner and priority > 0:
        raise BriefError(f"A priority of {priority} would go before other people's jobs.", "Give 0 or less.")
    with Queue() as queue:
        return queue.add(order, priority, once, key.limits.jobs if key.limits else LIMIT)


@router.get("/jobs", response_model=answers.Jobs)
def list_jobs(limit: int = Query(50, ge=1, le=1000)) -> dict[str, Any]:
    """List jobs, the newest first."""
    with Queue() as queue:
        return {"jobs": [plain(job) for job in queue.jobs(limit)]}


@router.get("/jobs/{id}", response_model=answers.JobCard)
def one_job(id: Id) -> dict[str, Any]:
    """Tell about one."""
    with Queue() as queue:
        return plain(queue.job(id))


@router.post("/jobs/{id}/cancel", response_model=answers.JobCard)
def cancel_job(id: Id) -> dict[str, Any]:
    """Stop it, within a token where it runs."""
    with Queue() as queue:
        return plain(queue.cancel(id))


@router.post("/jobs/{id}/pause", response_model=answers.JobCard)
def pause_job(id: Id) -> dict[str, Any]:
    """Let it rest, within a token where it runs; what of it is finished is kept."""
    with Queue() as queue:
        return plain(queue.pause(id))


@router.post("/jobs/{id}/resume", response_model=answers.JobCard)
def resume_job(id: Id) -> dict[str, Any]:
    """Let a paused one wait for its turn again."""
    with Queue() as queue:
        return plain(queue.resume(id))


@router.post("/jobs/{id}/retry", response_model=answers.JobCard)
def retry_job(id: Id) -> dict[str, Any]:
    """Queue a failed or cancelled one again; it goes on from what of it is finished."""
    with Queue() as queue:
        return plain(queue.retry(id))


class Place(BaseModel):
    """Where in the queue a job is to be: before another of the same owner's, or the last."""

    model_config = ConfigDict(extra="forbid")
    before: str = Field("", max_length=36)


@router.post("/jobs/{id}/move", response_model=answers.Jobs)
def move_job(id: Id, place: Place) -> dict[str, Any]:
    """Let a waiting one be taken up before another, or as the last; tell the new order."""
    with Queue() as queue:
        return {"jobs": [plain(job) for job in queue.move(id, place.before)]}


@router.get("/queue", response_model=answers.Jobs)
def show_queue(limit: int = Query(1000, ge=1, le=10_000)) -> dict[str, Any]:
    """List the jobs that wait, paused ones too, in the order in which they are taken up."""
    with Queue() as queue:
        return {"jobs": [plain(job) for job in queue.waiting(limit)]}


class EventStream(StreamingResponse):
    """Server-sent events; what each says is in the document as RunningEvent, ProgressEvent, StepEvent, …"""

    media_type = "text/event-stream"


@router.get("/jobs/{id}/events", response_class=EventStream)
def job_events(request: Request, id: Id, last_event_id: int = Header(0, ge=0)) -> EventStream:
    """Tell what happens to a job as server-sent events, from after ``Last-Event-ID`` on, until it has ended."""
    with Queue() as queue:
        queue.job(id)
    return EventStream(_told(request, id, last_event_id))


async def _told(request: Request, id: Id, after: int) -> AsyncIterator[str]:
    quiet = 0.0
    while not await request.is_disconnected():
        events, ended = await asyncio.to_thread(_since, id, after)
        for event in events:
            after = event.number
            told = event.said | ({"error": said(event.said["error"])} if "error" in event.said else {})
            yield f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
        if ended and not events:
            return
        if not events:
            await asyncio.sleep(_LOOK)
            quiet = quiet + _LOOK
        if quiet >= _BEAT:
            quiet = 0.0
            yield ": still here\n\n"


def _since(id: str, after: int) -> tuple[list[Any], bool]:
    with Queue() as queue:
        ended = queue.job(id).ended  # first: what ends it is told before
        return queue.events(id, after), ended


def plain(job: Job) -> dict[str, Any]:
    """Return a job as clients see it."""
    return {
        "id": job.id,
        "state": job.state,
        "form": job.order.brief.form,
        "idea": job.order.brief.idea,
        "brief": job.order.brief.model_dump(mode="json", exclude_defaults=True),
        "engine": job.order.engine,
        "world": job.order.growth.world if job.order.growth else "",
        "sweep": job.order.cell.sweep if job.order.cell else "",
        "priority": job.priority,
        "attempts": job.attempts,
        "progress": job.progress,
        "work": job.work,
        "error": said(job.error),
        "created": job.created,
        "finished": job.finished,
    }


@router.get("/works", response_model=answers.Works, response_model_exclude_unset=True)
async def list_works(
    q: str = Query("", max_length=500),
    form: str = Query("", max_length=100),
    language: str = Query("", max_length=10),
    board: str = Query("", max_length=100),
    trash: bool = Query(False),
    limit: int = Query(50, ge=1, le=1000),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> dict[str, Any]:
    """List works, the newest first, or those that have the words of ``q``, the best first."""

    def read() -> dict[str, Any]:
        named = find(form).name if form else ""
        with Library() as library:
            if q:
                hits = library.search(q, named, language, board, limit=limit)
                return {"works": [vars(h.card) | {"excerpt": h.excerpt} for h in hits]}
            cards = library.works(named, language, board, trash=trash, limit=limit, offset=offset)
            return {"works": [vars(card) for card in cards]}

    return await soon(read, short=not (q or form) and limit <= _PAGE)  # a form's name may wait for their import


@router.get("/works/{id}", response_model=answers.WorkAnswer)
def one_work(id: Id) -> dict[str, Any]:
    """Show a work: its card, its newest words, how it was made, its files, and what further files can be had."""
    with Library() as library:
        card, version = library.find(id), library.find_version("", id)
        work, origin = library.composed(version), origin_of(library, version)
        return asdict(card) | {
            "version": version.id,
            "edited": version != origin,
            "text": library.words(version),
            "content": work.content if work else None,
            "made": library.record(origin) if origin else {},
            "findings": _judged(library, version, origin),
            "files": [f.model_dump(mode="json") for f in library.described(version.id).files],
            "exports": list(endings_of(version, origin)),
            "locks": library.locks(card.id),
            "parts": [{"name": part.name, "titles": titles(part.titles)} for part in named_parts(library, card.id)],
            "keeps": bool(origin) and card.form in forms() and find(card.form).keep is not None,
        }


def _judged(library: Library, version: Version, origin: Version | None) -> list[dict[str, Any]] | None:
    """Return what the form's check finds in this very version; None where it can't read an edited text."""
    if origin is None or version.form not in forms():
        return None
    record = library.record(origin)
    if version == origin:
        return findings(record.get("findings", []))
    form = find(version.form)
    if form.read is None:
        return None
    options = {"book": value} if (value := record["brief"]["options"].get("book")) else {}
    try:
        remarks = judge(library.words(version), form, version.language, options=options)
    except BriefError as error:  # it isn't even of the form's shape
        return [{"rule": "form", "message": said(error.message), "severity": "error", "span": None}]
    return findings(remark.finding().model_dump(mode="json") for remark in remarks)


@router.get("/works/{id}/files/{name}", response_class=Response)
def file_of_work(id: Id, name: str) -> Response:
    """Give a file of a work as a download."""
    with Library() as library:
        files = {f.name: f for f in library.described(library.find_version("", id).id).files}
        if name not in files:
            raise UnknownNameError(f"The work has no file {show(name)}.", f"It has: {', '.join(files)}.")
        content = library.objects.get(files[name].sha256)
    return download(name, files[name].media_type, content)


def download(name: str, media_type: str, content: bytes) -> Response:
    """Return an answer that a browser keeps as a file and never shows as a page."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": SEALED,
    }
    return Response(content, media_type=media_type, headers=headers)
