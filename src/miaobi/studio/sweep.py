"""Sweep: a brief made several times with the same seed, one or two of its wishes over several values.

Each cell of the grid is a job of its own and a work like any other; one is kept, the rest go to the trash.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import product
from typing import Any

from miaobi.brief import Brief
from miaobi.errors import BriefError, show
from miaobi.form import Form
from miaobi.forms import admit, find
from miaobi.studio.job import Cell, Order
from miaobi.studio.library import Library
from miaobi.studio.queue import Job, Queue

MOST = 16  # works
WISHES = ("tone", "audience", "length", "title")  # of the brief itself; all else is an option of its form

Axis = tuple[str, tuple[Any, ...]]


def sweep(brief: Brief, axes: Sequence[Axis], engine: str = "", formats: Sequence[str] = ()) -> list[Order]:
    """Return the orders of all cells, the first axis slowest. BriefError before any is made that can't be."""
    form = find(brief.form)
    if not 1 <= len(axes) <= 2 or len({name for name, _ in axes}) < len(axes):
        raise BriefError(f"{len(axes)} wishes are to be varied.", "Vary one, or two different ones.")
    for name, values in axes:
        _check(form, name, values)
    count = 1
    for _, values in axes:
        count *= len(values)
    if count > MOST:
        raise BriefError(f"That would be {count} works.", f"At most {MOST} are made at once.")
    id, kept = str(uuid.uuid4()), tuple((name, tuple(values)) for name, values in axes)
    orders = []
    for place in product(*(range(len(values)) for _, values in axes)):
        chosen = {name: values[at] for (name, values), at in zip(axes, place, strict=True)}
        wished = brief.model_dump() | {name: value for name, value in chosen.items() if name in WISHES}
        options = brief.options | {name: value for name, value in chosen.items() if name not in WISHES}
        varied = Brief.parse(wished | {"options": options, "form": form.name})
        try:
            admit(form, varied)
        except BriefError as error:
            said = ", ".join(f"{name}={show(str(value))}" for name, value in chosen.items())
            raise BriefError(f"With {said}: {error.message}", error.hint) from None
        cell = Cell(sweep=id, axes=kept, place=place)
        orders.append(Order(brief=varied, engine=engine, formats=tuple(formats), cell=cell))
    return orders


def keep(queue: Queue, library: Library, id: str, job: str) -> list[str]:
    """Keep one work of a sweep: stop what isn't made, put the others in the trash; return which.

    Left alone is what was there before the sweep, stands on a board or was edited: somebody holds it dear.
    """
    jobs = queue.together(id)
    kept = next((one for one in jobs if one.id == job), None)
    if kept is None or not kept.work:
        raise BriefError("That work of the sweep isn't made.", "Keep one that is.")
    removed = []
    for one in jobs:
        if not one.ended:
            queue.cancel(one.id)
    cards = library.cards([one.work for one in jobs if one.work and one.work != kept.work])
    for card in cards.values():
        first = min(one.created for one in jobs)
        if card.created >= first and not card.boards and card.removed is None and len(library.versions(card.id)) == 1:
            library.remove(card.id)
            removed.append(card.id)
    return removed


def cells(jobs: Sequence[Job]) -> tuple[tuple[Axis, ...], list[tuple[tuple[int, ...], Job]]]:
    """Return the axes of a sweep, and each job with its place in the grid."""
    found = [(job.order.cell, job) for job in jobs if job.order.cell is not None]
    return found[0][0].axes, [(cell.place, job) for cell, job in found]


def _check(form: Form, name: str, values: Sequence[Any]) -> None:
    if name not in WISHES and name not in form.options.model_fields:
        legal = ", ".join([*form.options.model_fields, *WISHES])
        raise BriefError(f"{show(name)} is no wish of a {form.name}.", f"It has: {legal}.")
    if name in ("tone", "audience") and name not in form.heeds:
        raise BriefError(f"A {form.name} doesn't heed the {name}.", "Vary what changes it.")
    plain = [str(value) for value in values]
    if len(values) < 2 or len(set(plain)) < len(plain):
        raise BriefError(f"{show(name)} has {len(set(plain))} values.", "Give at least two, each once.")
