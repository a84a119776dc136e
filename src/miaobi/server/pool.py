"""The engines behind the server: each runs on one thread of its own, one request after another.

An engine that has its cache to itself is faster than one that changes between requests, and some must be driven from
one thread. A fleet has a thread for each request that its servers work on at once. Who waits is counted: where too
many do, the next is turned away at once with ``BusyError``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from threading import Lock
from typing import TypeVar

from miaobi.engines import catalog, open_engine
from miaobi.engines.fleet import Fleet
from miaobi.engines.opening import refuse_language
from miaobi.errors import LanguageNotSpokenError, MiaobiError, UnknownNameError, show
from miaobi.forms import find
from miaobi.studio.job import Order
from miaobi.types import Engine, Language, Piece, Request

T = TypeVar("T")
WAITING = 64  # requests that may wait for an engine


class BusyError(MiaobiError):
    """Too many requests wait already."""


class Seat:
    """One engine with its threads and its queue."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name, self.engine = name, engine
        width = engine.width if isinstance(engine, Fleet) else 1
        self._threads = ThreadPoolExecutor(width, thread_name_prefix=f"engine-{name}")
        self._turn = asyncio.Semaphore(width)
        self._waiting = 0

    async def call(self, work: Callable[[], T]) -> T:
        """Return ``work()``, carried out on a thread of the engine's when it is its turn."""
        async with self._admitted():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def stream(self, request: Request) -> AsyncGenerator[Piece]:
        """Give the pieces of a request; closing the iterator stops the engine within one token."""
        loop = asyncio.get_running_loop()
        async with self._admitted():
            pieces: Iterator[Piece] = iter(self.engine.stream(request))
            try:
                while (piece := await loop.run_in_executor(self._threads, next, pieces, None)) is not None:
                    yield piece
            finally:
                close = getattr(pieces, "close", None)
                if close is not None:  # after the token that is being written, on the thread that writes it
                    await asyncio.shield(loop.run_in_executor(self._threads, close))

    def _admitted(self) -> _Admission:
        if self._waiting >= WAITING:
            raise BusyError(f"{self._waiting} requests wait for {self.name} already.", "Try again in some seconds.")
        return _Admission(self)

    def close(self) -> None:
        """Let the engine's threads end, then free the engine."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.close()


class _Admission:
    """A place in a seat's queue, then its turn."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    async def __aenter__(self) -> None:
        self._seat._waiting += 1
        try:
            await self._seat._turn.acquire()
        finally:
            self._seat._waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._seat._turn.release()


class Pool:
    """Engines by the names under which programs ask for them; the first answers where none is named."""

    def __init__(self, engines: dict[str, Engine]) -> None:
        self.seats = {name: Seat(name, engine) for name, engine in engines.items()}
        self._shipped: dict[str, Engine] = {}
        self._opening = Lock()

    @property
    def workers(self) -> int:
        """How many jobs are worth carrying out at once: as many as the smallest fleet has servers, else one."""
        return min(seat.engine.servers if isinstance(seat.engine, Fleet) else 1 for seat in self.seats.values())

    def seat(self, name: str) -> Seat:
        """Return the seat of the engine *name*; UnknownNameError says which there are."""
        if name in self.seats:
            return self.seats[name]
        raise UnknownNameError(f"There is no model {show(name)} here.", f"There are: {', '.join(self.seats)}.")

    def speaking(self, language: Language) -> Seat:
        """Return the first engine that speaks a language; the first of all where none says so."""
        seats = list(self.seats.values())
        spoken = (seat for seat in seats if language in (seat.engine.checkpoint.languages or (language,)))
        return next(spoken, seats[0])

    def admit(self, order: Order) -> None:
        """Refuse an order whose engine isn't here or doesn't speak its language, before it waits."""
        spec = self._spec(order)
        if spec not in self.seats:
            return
        try:
            refuse_language(self.seats[spec].engine.checkpoint, order.brief.language)
        except LanguageNotSpokenError as error:
            language = order.brief.language
            seated = [name for name, s in self.seats.items() if language in s.engine.checkpoint.languages]
            known = [e.name for e in catalog.installed() if language in e.languages and not e.shipped]
            if seated:
                raise LanguageNotSpokenError(
                    error.message, f"Choose another engine here: {', '.join(seated)}."
                ) from None
            if known:
                more = " ".join(f"--engine {name}" for name in (*self.seats, known[0]))
                raise LanguageNotSpokenError(
                    error.message, f"{known[0]} is on this machine already: start the program with {more}."
                ) from None
            raise

    def beyond_catalog(self, checkpoint: str) -> str:
        """Return the name here of a checkpoint that the catalog doesn't know; "" for any other."""
        if any(checkpoint in (entry.title, entry.name) for entry in catalog.entries()):
            return ""
        return next((name for name, seat in self.seats.items() if seat.engine.checkpoint.name == checkpoint), "")

    def writes(self, form: str, language: Language) -> bool:
        """Tell whether a form can be written in a language by what is here or ships with the program."""
        own = find(form).engine_in(language)
        if own and (own in self.seats or catalog.find(own).shipped):
            return True
        spoken = [seat.engine.checkpoint.languages for seat in self.seats.values()]
        return any(not languages or language in languages for languages in spoken)

    def engine_for(self, order: Order) -> Engine:
        """Return the engine that an order is carried out on: the one named, the form's own where it ships with the
        program, else the first. A form's own is opened when it is wanted first."""
        return self.engine(self._spec(order))

    def engine(self, spec: str) -> Engine:
        """Return an engine by its name: of those here, or one that ships with the program; the first for ""."""
        if not spec or spec in self.seats:
            return self.seats[spec or next(iter(self.seats))].engine
        if not catalog.find(spec).shipped:
            raise UnknownNameError(f"There is no model {show(spec)} here.", f"There are: {', '.join(self.seats)}.")
        with self._opening:
            if spec not in self._shipped:
                self._shipped[spec] = open_engine(spec)
            return self._shipped[spec]

    def _spec(self, order: Order) -> str:
        if order.engine:
            return self.seat(order.engine).name
        own = find(order.brief.form).engine_in(order.brief.language)
        shipped = own and catalog.find(own).shipped  # nothing is fetched that nobody asked for
        return own if own in self.seats or shipped else self.speaking(order.brief.language).name

    def close(self) -> None:
        """Free all engines."""
        for engine in self._shipped.values():
            engine.close()
        for seat in self.seats.values():
            seat.close()


async def whole(pieces: AsyncGenerator[Piece]) -> list[Piece]:
    """Return the last pieces of a request, each with its finished candidate, by index."""
    async with aclosing(pieces):
        done = [piece async for piece in pieces if piece.done is not None]
    return sorted(done, key=lambda piece: piece.index)
