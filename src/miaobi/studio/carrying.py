"""Carrying out an order: composed with a journal, its files delivered, kept in the library; whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from miaobi.compose import compose
from miaobi.desk import Journal, Progress
from miaobi.engines import open_engine
from miaobi.forms import find
from miaobi.studio.delivery import deliver
from miaobi.studio.job import Order, open_journal
from miaobi.studio.library import Library
from miaobi.studio.paper import written
from miaobi.types import Engine, Language
from miaobi.work import Work


class Engines:
    """The engines of several orders, each opened once; a context manager. ``progress``: of what is fetched."""

    def __init__(self, progress: Callable[[int, int], None] | None = None) -> None:
        self._progress = progress
        self._open: dict[tuple[str, Language], Engine] = {}

    def __enter__(self) -> Engines:
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self._open.values():
            engine.close()

    def __call__(self, spec: str, language: Language) -> Engine:
        """Return the engine of this spec for *language*."""
        if (spec, language) not in self._open:
            self._open[spec, language] = open_engine(spec, language, progress=self._progress)
        return self._open[spec, language]


class Watch(Protocol):
    """Who wants to know what is on paper."""

    def replayed(self) -> None:
        """Hear that the step at hand was made before."""

    def step(self, said: dict[str, Any]) -> None:
        """Hear of a step that is finished: its name, texts and choices, as the server's events have them."""


class _Watched:
    """A journal that tells of its steps; see ``desk.Journal``."""

    def __init__(self, journal: Journal, watch: Watch) -> None:
        self._journal, self._watch = journal, watch

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was put under *key*, or None."""
        found = self._journal.get(key)
        if found is not None:
            self._watch.replayed()
        return found

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Keep a finished step, and tell what of it can be read."""
        self._journal.put(key, entry)
        self._watch.step({"name": key} | written(entry))


@dataclass(frozen=True)
class Carried:
    """A finished work, and the folder of its files."""

    work: Work
    folder: Path


def carry_out(
    order: Order, engines: Engines, progress: Progress, out: Path | None, watch: Watch | None = None
) -> Carried:
    """Carry out *order*; its files go into *out*, or a folder made from the title. What was done before is taken up."""
    language = order.brief.language
    running = engines(find(order.brief.form).engine_in(language, order.engine), language)
    with open_journal(order, running.checkpoint.sha256) as journal:
        work = compose(
            order.brief,
            engine=running,
            formats=order.formats,
            parent=order.parent or None,
            journal=_Watched(journal, watch) if watch else journal,
            progress=progress,
            others=None if order.engine else lambda checkpoint: engines(checkpoint, language),
        )
        folder = deliver(work, out)
        with Library() as library:
            library.add(work)
        journal.finish()  # last: a kill before this point leaves a job that `resume` ends the same way
    return Carried(work, folder)
