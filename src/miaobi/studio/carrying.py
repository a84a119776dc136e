"""Carrying out an order: composed with a journal, its files delivered, kept in the library; whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from miaobi.compose import compose
from miaobi.desk import Progress
from miaobi.engines import open_engine
from miaobi.forms import find
from miaobi.studio.delivery import deliver
from miaobi.studio.job import Order, open_journal
from miaobi.studio.library import Library
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


@dataclass(frozen=True)
class Carried:
    """A finished work, and the folder of its files."""

    work: Work
    folder: Path


def carry_out(order: Order, engines: Engines, progress: Progress, out: Path | None) -> Carried:
    """Carry out *order*; its files go into *out*, or a folder made from the title. What was done before is taken up."""
    language = order.brief.language
    running = engines(find(order.brief.form).engine_in(language, order.engine), language)
    with open_journal(order, running.checkpoint.sha256) as journal:
        work = compose(
            order.brief,
            engine=running,
            formats=order.formats,
            parent=order.parent or None,
            journal=journal,
            progress=progress,
            others=None if order.engine else lambda checkpoint: engines(checkpoint, language),
        )
        folder = deliver(work, out)
        with Library() as library:
            library.add(work)
        journal.finish()  # last: a kill before this point leaves a job that `resume` ends the same way
    return Carried(work, folder)
