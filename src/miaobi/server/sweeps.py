"""/api/sweeps: one brief over several values, as jobs of one grid; see studio/sweep.py."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import Brief
from miaobi.compose import choose_formats
from miaobi.errors import UnknownNameError, show
from miaobi.forms import find
from miaobi.server import answers
from miaobi.server.native import Id, plain
from miaobi.server.pool import Pool
from miaobi.studio.library import Library
from miaobi.studio.queue import LIMIT, Job, Queue
from miaobi.studio.sweep import MOST, cells, keep, sweep
from miaobi.studio.users import Key

router = APIRouter(prefix="/api")


class Axis(BaseModel):
    """A wish of the brief, and the values that it is to have."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    values: list[str | int | float | bool] = Field(min_length=2, max_length=MOST)


class Grid(BaseModel):
    """A brief and what is varied in it."""

    model_config = ConfigDict(extra="forbid")
    brief: dict[str, Any]
    axes: list[Axis] = Field(min_length=1, max_length=2)
    engine: str = Field("", max_length=300)
    formats: list[str] = Field(default_factory=list, max_length=20)


class Kept(BaseModel):
    """The job whose work stays."""

    model_config = ConfigDict(extra="forbid")
    job: str = Field(pattern="^[0-9a-f-]{36}$")


@router.post("/sweeps", status_code=202, response_model=answers.SweepAnswer)
def add_sweep(request: Request, grid: Grid) -> dict[str, Any]:
    """Queue a work for each cell, all with the seed of the brief; refused at once where one of them can't be made."""
    brief = Brief.parse(grid.brief)
    choose_formats(find(brief.form), grid.formats)
    orders = sweep(brief, [(axis.name, tuple(axis.values)) for axis in grid.axes], grid.engine, grid.formats)
    pool: Pool = request.app.state.pool
    pool.admit(orders[0])
    key: Key = request.state.key
    with Queue() as queue:
        return _told(queue.add_all(orders, key.limits.jobs if key.limits else LIMIT))


@router.get("/sweeps/{id}", response_model=answers.SweepAnswer)
def one_sweep(id: Id) -> dict[str, Any]:
    """Show a sweep: what is varied, and the job of each cell."""
    with Queue() as queue:
        return _told(_jobs(queue, id))


@router.post("/sweeps/{id}/keep", response_model=answers.Removed)
def keep_one(id: Id, kept: Kept) -> dict[str, Any]:
    """Keep one work: the others of the sweep go to the trash, what isn't made yet is stopped."""
    with Queue() as queue, Library() as library:
        _jobs(queue, id)
        return {"removed": keep(queue, library, id, kept.job)}


def _jobs(queue: Queue, id: str) -> list[Job]:
    jobs = [job for job in queue.together(id) if job.order.cell is not None]
    if not jobs:
        raise UnknownNameError(f"There is no sweep {show(id)}.", "POST /api/sweeps makes one.")
    return jobs


def _told(jobs: list[Job]) -> dict[str, Any]:
    axes, placed = cells(jobs)
    return {
        "id": jobs[0].order.cell.sweep if jobs[0].order.cell else "",
        "axes": [{"name": name, "values": list(values)} for name, values in axes],
        "cells": [{"place": list(place), "job": plain(job)} for place, job in placed],
    }
