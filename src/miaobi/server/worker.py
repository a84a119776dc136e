"""The worker: one thread that carries out jobs, one after another, on the server's engines.

While it works it renews its lease and tells the progress; a job that is cancelled stops within a token. When the server
ends, the job goes back to the queue and its journal keeps what was done.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable

from miaobi.compose import compose
from miaobi.errors import CancelledError, MiaobiError
from miaobi.forms import find
from miaobi.studio.job import Order, open_journal
from miaobi.studio.library import Library
from miaobi.studio.queue import LEASE, Job, Queue
from miaobi.types import Engine

_log = logging.getLogger("miaobi.server")
_IDLE = 0.3  # seconds between looks into an empty queue
_TELL = 0.25  # seconds between two events of progress
EngineOf = Callable[[Order], Engine]


class Worker:
    """Carries out jobs until it is stopped."""

    def __init__(self, engine_of: EngineOf, other: Callable[[str], Engine]) -> None:
        self._engine_of, self._other = engine_of, other
        self._name = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"
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
        with Queue() as queue:
            queue.release(_dead)
            while not self._stop.is_set():
                try:
                    job = queue.claim(self._name)
                    if job is None:
                        self._stop.wait(_IDLE)
                    else:
                        self._carry_out(queue, job)
                except MiaobiError as error:  # of the library: full, locked, damaged. The lease lapses, the job stays
                    _log.error("The queue: %s", error.message)
                    self._stop.wait(5 * _IDLE)

    def _carry_out(self, queue: Queue, job: Job) -> None:
        hand = _Hand(queue, job.id, self._name, self._stop)
        try:
            work = self._composed(job, hand)
        except CancelledError:
            if self._stop.is_set() and hand.wanted:
                queue.give_back(job.id, self._name)
            else:
                queue.end(job.id, self._name, "cancelled", {})
        except MiaobiError as error:
            queue.end(job.id, self._name, "failed", {"error": str(error)})
        except Exception:  # a defect of one job must not end the thread that serves the others
            _log.exception("A defect while composing %s", job.order.brief.form)
            said = "Something went wrong that is a defect of the program; its log has the details."
            queue.end(job.id, self._name, "failed", {"error": said})
        else:
            queue.end(job.id, self._name, "done", {"work": work})

    def _composed(self, job: Job, hand: _Hand) -> str:
        order = job.order
        engine = self._engine_of(order)
        find(order.brief.form)  # told before the journal is opened
        with open_journal(order, engine.checkpoint.sha256) as journal:
            work = compose(
                order.brief,
                engine=engine,
                formats=order.formats,
                parent=order.parent or None,
                journal=journal,
                progress=hand.progress,
                cancelled=hand.cancelled,
                others=None if order.engine else self._other,
            )
            with Library() as library:
                library.add(work)
            journal.finish()
        return work.id


def _dead(worker: str) -> bool:
    """Tell whether a worker was of this machine and its process is gone."""
    host, _, rest = worker.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


class _Hand:
    """What a job at hand is told by, and asks whether it is still wanted."""

    def __init__(self, queue: Queue, id: str, worker: str, stop: threading.Event) -> None:
        self._queue, self._id, self._worker, self._stop = queue, id, worker, stop
        self._told = 0.0
        self.wanted = True

    def progress(self, what: str, done: float) -> None:
        """Tell how far it is, but not more often than anybody can read."""
        self._renew({"what": what, "done": round(done, 4)})

    def cancelled(self) -> bool:
        """Tell whether to stop."""
        self._renew(None)
        return self._stop.is_set() or not self.wanted

    def _renew(self, progress: dict[str, object] | None) -> None:
        if time.monotonic() - self._told >= _TELL:
            self._told = time.monotonic()
            self.wanted = self._queue.hold(self._id, self._worker, progress)
