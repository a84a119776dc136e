"""The worker: one thread that carries out jobs, one after another, on the server's engines.

While it works another thread renews its lease and looks whether the job is still wanted; one that is cancelled or
paused stops within a token. When the server ends, the job goes back to the queue. What of a job is finished is in the
queue's database, so any server that shares it goes on from there.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from miaobi import __version__
from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import CancelledError, MiaobiError
from miaobi.forms import find
from miaobi.server.pool import Pool
from miaobi.studio.job import Growth, Order
from miaobi.studio.library import Library
from miaobi.studio.library.database import OWNER
from miaobi.studio.pace import Pace
from miaobi.studio.paper import written
from miaobi.studio.queue import LEASE, Job, Queue
from miaobi.studio.world.making import Change, again, grown
from miaobi.studio.world.plan import Part, World
from miaobi.studio.world.shelf import Shelf, engine_of, present, shown
from miaobi.work import Work

_log = logging.getLogger("miaobi.server")
_IDLE = 0.3  # seconds between looks into an empty queue
_LOOK = 0.2  # seconds between two looks whether a job is still wanted
_TELL = 0.25  # seconds between two events of progress


class Worker:
    """Carries out jobs until it is stopped."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._name = f"{_machine()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop within a token; the job at hand goes back to the queue."""
        self._stop.set()
        self._thread.join(timeout=LEASE)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with Queue() as queue:
                    queue.release(_dead)
                    while not self._stop.is_set():
                        job = queue.claim(self._name, tuple(self._pool.seats))
                        if job is None:
                            self._stop.wait(_IDLE)
                        else:
                            self._carry_out(queue, job)
            except MiaobiError as error:  # of the library: full, locked, damaged. The lease lapses, the job stays
                _log.error("The queue: %s", error.message)
                self._stop.wait(5 * _IDLE)

    def _carry_out(self, queue: Queue, job: Job) -> None:
        try:
            with _Hand(queue, job.id, self._name, self._stop) as hand, _in_room_of(job.owner):
                work = self._grown(job.order.growth, hand) if job.order.growth else self._composed(job.order, hand)
        except CancelledError:
            if self._stop.is_set() and hand.wanted:
                queue.give_back(job.id, self._name)
            else:
                queue.stop(job.id, self._name)
        except MiaobiError as error:
            queue.end(job.id, self._name, "failed", {"error": str(error)})
        except Exception:  # a defect of one job must not end the thread that serves the others
            _log.exception("A defect while composing %s", job.order.brief.form)
            said = "Something went wrong that is a defect of the program; its log has the details."
            queue.end(job.id, self._name, "failed", {"error": said})
        else:
            queue.end(job.id, self._name, "done", {"work": work})

    def _composed(self, order: Order, hand: _Hand) -> str:
        work = self._made(order, hand)
        hand.keep_hold()
        with Library() as library:
            library.add(work)
        return work.id

    def _grown(self, growth: Growth, hand: _Hand) -> str:
        """Make parts of a world; return the work of the last."""
        last = ""

        def begun(world: World) -> World:
            """Return the world with the part missing that is to be made anew, until it is."""
            if growth.anew and world.works.get(growth.anew) == growth.replaced:
                return again(world, growth.anew, growth.seed, growth.options)
            return world

        def carry(part: Part, brief: Brief) -> tuple[Work, str]:
            nonlocal last
            form = find(part.form)
            hand.part = part.name
            order = Order(brief=brief, engine=engine_of(world, form), formats=shown(form))
            work = self._made(order, hand)
            hand.keep_hold()
            with Library() as library:
                library.add(work)
            last = work.id
            return work, ""

        def keep(change: Change) -> World:
            with Library() as library:
                now = Shelf(library).change(growth.world, lambda world: change(begun(world))).world
            hand.kept(last)
            return now

        with Library() as library:
            world = begun(Shelf(library).find(growth.world).world)
            works = present(world, library)
        hand.share(len([name for name in growth.parts if name in works]), len(growth.parts))
        grown(world, works, carry, keep)
        return last

    def _made(self, order: Order, hand: _Hand) -> Work:
        engine = self._pool.engine_for(order)
        return compose(
            order.brief,
            engine=engine,
            formats=order.formats,
            parent=order.parent or None,
            journal=hand.journal(f"{engine.checkpoint.sha256} {__version__}", order.brief),
            progress=hand.progress,
            cancelled=hand.cancelled,
            others=None if order.engine else self._pool.engine,
        )


@contextmanager
def _in_room_of(owner: str) -> Iterator[None]:
    """Let every library that is opened meanwhile be an owner's."""
    before = OWNER.set(owner)
    try:
        yield
    finally:
        OWNER.reset(before)


def _machine() -> str:
    """Name what process numbers belong to: containers of one name have their own."""
    numbers = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}:{numbers.stat().st_ino if numbers.exists() else 0}"


def _dead(worker: str) -> bool:
    """Tell whether a worker was of this machine and its process is gone."""
    machine, _, rest = worker.partition("/")
    pid = rest.partition("/")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


class _Hand:
    """Holds a job while it is carried out: keeps its steps, tells its progress, and knows whether it is wanted."""

    def __init__(self, queue: Queue, id: str, worker: str, stop: threading.Event) -> None:
        self._queue, self._id, self._worker, self._stop = queue, id, worker, stop
        self._pace = Pace()
        self._told = 0.0
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name=f"{worker} holds", daemon=True)
        self._done, self._of = 0, 1
        self.part = ""  # of a world, that is at hand
        self.wanted = True

    def __enter__(self) -> _Hand:
        self._pulse.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._pulse.join()

    def progress(self, what: str, done: float) -> None:
        """Tell how far it is, but not more often than anybody can read."""
        done = (self._done + done) / self._of
        left = self._pace.left(done)
        if time.monotonic() - self._told >= _TELL:
            self._told = time.monotonic()
            said = {"what": what, "done": round(done, 4), "left": None if left is None else round(left, 1)}
            self.wanted = self._queue.hold(self._id, self._worker, said | self._at())

    def share(self, done: int, of: int) -> None:
        """Say how many of the job's works are made already, and how many it has."""
        self._done, self._of = done, max(of, done + 1)

    def kept(self, work: str) -> None:
        """Tell that the part at hand is made and kept."""
        self._queue.tell(self._id, self._worker, "part", {"part": self.part, "work": work})
        self.share(self._done + 1, self._of)

    def _at(self) -> dict[str, str]:
        return {"part": self.part} if self.part else {}

    def cancelled(self) -> bool:
        """Tell whether to stop."""
        return self._stop.is_set() or not self.wanted

    def keep_hold(self) -> None:
        """Renew the lease for what can't be stopped any more; CancelledError where the job isn't wanted."""
        self.wanted = self._queue.hold(self._id, self._worker)
        if not self.wanted:
            raise CancelledError("The job isn't wanted any more.")

    def journal(self, made_by: str, brief: Brief) -> _Steps:
        """Return the job's journal, of the steps that this checkpoint and version made.

        In a world each part has its own, of this very brief: the world may have changed since a step was kept.
        """
        before = ""
        if self.part:
            before = f"{self.part} {hashlib.sha256(brief.model_dump_json().encode()).hexdigest()[:16]}: "
        return _Steps(self._queue, self._id, self._worker, made_by, self._pace, before, self._at())

    def _beat(self) -> None:
        """Renew the lease and look whether the job is wanted, however long a step takes."""
        renewed = time.monotonic()
        while not self._over.is_set():
            try:
                with Queue() as queue:
                    while not self._over.wait(_LOOK):
                        if time.monotonic() - renewed < LEASE / 3:
                            self.wanted = queue.wanted(self._id, self._worker)
                        else:
                            self.wanted = queue.hold(self._id, self._worker)
                            renewed = time.monotonic()
            except MiaobiError as error:
                _log.error("The queue: %s", error.message)
                self._over.wait(5 * _IDLE)


class _Steps:
    """The journal of a job; see ``desk.Journal``."""

    def __init__(
        self, queue: Queue, id: str, worker: str, made_by: str, pace: Pace, before: str, at: dict[str, str]
    ) -> None:
        self._queue, self._id, self._worker, self._made_by, self._pace = queue, id, worker, made_by, pace
        self._before, self._at = before, at

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was put under *key*, or None."""
        found = self._queue.step(self._id, self._made_by, self._before + key)
        if found is not None:
            self._pace.replayed()
        return found

    def put(self, key: str, entry: dict[str, Any]) -> None:
        """Keep a finished step, and tell what of it can be read."""
        said = {"name": key} | self._at | written(entry)
        self._queue.keep_step(self._id, self._worker, self._made_by, self._before + key, entry, said)
