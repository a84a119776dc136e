"""The queue of jobs in the library's database: leased, told about event by event, and carried out once.

A worker holds a job by a lease that it renews. Where it dies the lease lapses, the next worker takes the job and goes
on from its journal (``studio.job``), so what was done is not done again. Only who holds the lease may finish a job.
Events are kept with numbers that never come twice: a reader who was away asks for those after the last that it saw.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miaobi.errors import BriefError, UnknownNameError, show
from miaobi.studio.job import Order
from miaobi.studio.library.database import Database, Row, now
from miaobi.studio.library.library import library_folder

LEASE = 30.0  # seconds
ATTEMPTS = 3  # how often a job is taken up before it is given up: it may be what kills the workers
LIMIT = 10_000  # jobs that may wait
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """A job as it stands."""

    id: str
    state: str
    order: Order
    priority: int
    attempts: int
    work: str
    error: str
    created: str
    finished: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


@dataclass(frozen=True)
class Event:
    """Something that happened to a job."""

    number: int
    kind: str
    said: dict[str, Any]


class Queue:
    """The queue, for one thread. Use it as a context manager, or ``close`` it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._database = Database((folder or library_folder()) / "library.db")

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # --- who sends jobs -----------------------------------------------------------------------------------------

    def add(self, order: Order, priority: int = 0, once: str = "") -> Job:
        """Queue an order; under the same *once* it is the job that it was. BriefError when the queue is full."""
        with self._database.write() as c:
            if once and (row := c.execute("SELECT id FROM jobs WHERE once = ?", (once,)).fetchone()):
                return self.job(row[0])
            if c.execute("SELECT count(*) FROM jobs WHERE state = 'queued'").fetchone()[0] >= LIMIT:
                raise BriefError(f"{LIMIT:,} jobs wait already.", "Send it again later.")
            id = str(uuid.uuid4())
            c.execute(
                "INSERT INTO jobs (id, state, orders, priority, once, created) VALUES (?, 'queued', ?, ?, ?, ?)",
                (id, order.model_dump_json(), priority, once or None, now()),
            )
            self._tell(c, id, "queued", {})
        return self.job(id)

    def job(self, id: str) -> Job:
        """Return a job; UnknownNameError where there is none."""
        rows = self._database.read("SELECT * FROM jobs WHERE id = ?", (id,))
        if not rows:
            raise UnknownNameError(f"There is no job {show(id)}.", "GET /api/jobs lists them.")
        return _job(rows[0])

    def jobs(self, limit: int = 50) -> list[Job]:
        """Return jobs, the newest first."""
        return [
            _job(row) for row in self._database.read("SELECT * FROM jobs ORDER BY created DESC, id LIMIT ?", (limit,))
        ]

    def events(self, id: str, after: int = 0, limit: int = 500) -> list[Event]:
        """Return what happened to a job after the event of a number."""
        rows = self._database.read(
            "SELECT number, kind, said FROM events WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            (id, after, limit),
        )
        return [Event(row["number"], row["kind"], json.loads(row["said"])) for row in rows]

    def cancel(self, id: str) -> Job:
        """Stop a job: at once where it waits, within a token where it runs. One that has ended stays as it is."""
        with self._database.write() as c:
            self.job(id)
            done = c.execute(
                "UPDATE jobs SET state = 'cancelled', wanted = 0, finished = ? WHERE id = ? AND state = 'queued'",
                (now(), id),
            )
            if done.rowcount:
                self._tell(c, id, "cancelled", {})
            c.execute("UPDATE jobs SET wanted = 0 WHERE id = ? AND state = 'running'", (id,))
        return self.job(id)

    # --- who carries them out -----------------------------------------------------------------------------------

    def claim(self, worker: str) -> Job | None:
        """Give *worker* the next job, one whose worker has died among them; None when there is nothing to do."""
        with self._database.write() as c:
            while True:
                row = c.execute(
                    "SELECT * FROM jobs WHERE state = 'queued' OR (state = 'running' AND lease < ?)"
                    " ORDER BY priority DESC, created, id LIMIT 1",
                    (time.time(),),
                ).fetchone()
                if row is None:
                    return None
                if not row["wanted"]:
                    self._end(c, row["id"], "cancelled", {})
                elif row["attempts"] >= ATTEMPTS:
                    said = f"It was taken up {ATTEMPTS} times and its worker died each time."
                    self._end(c, row["id"], "failed", {"error": said})
                else:
                    break
            c.execute(
                "UPDATE jobs SET state = 'running', worker = ?, lease = ?, attempts = attempts + 1 WHERE id = ?",
                (worker, time.time() + LEASE, row["id"]),
            )
            self._tell(c, row["id"], "running", {"attempt": row["attempts"] + 1})
        return self.job(row["id"])

    def hold(self, id: str, worker: str, progress: dict[str, Any] | None = None) -> bool:
        """Renew the lease and tell the progress; False where the job is no longer *worker*'s, or no longer wanted."""
        with self._database.write() as c:
            held = c.execute(
                "UPDATE jobs SET lease = ? WHERE id = ? AND worker = ? AND state = 'running'",
                (time.time() + LEASE, id, worker),
            )
            if not held.rowcount:
                return False
            if progress is not None:
                self._tell(c, id, "progress", progress)
            return bool(c.execute("SELECT wanted FROM jobs WHERE id = ?", (id,)).fetchone()[0])

    def end(self, id: str, worker: str, state: str, said: dict[str, Any]) -> bool:
        """End a job that is *worker*'s as done, failed or cancelled; False where it is another's by now."""
        with self._database.write() as c:
            own = c.execute("SELECT 1 FROM jobs WHERE id = ? AND worker = ? AND state = 'running'", (id, worker))
            if own.fetchone() is None:
                return False
            self._end(c, id, state, said)
            return True

    def give_back(self, id: str, worker: str) -> None:
        """Put a job back that *worker* won't finish: the program ends. It is no attempt."""
        with self._database.write() as c:
            c.execute(
                "UPDATE jobs SET state = 'queued', worker = '', lease = 0, attempts = attempts - 1"
                " WHERE id = ? AND worker = ? AND state = 'running'",
                (id, worker),
            )

    def release(self, dead: Callable[[str], bool]) -> None:
        """Let the leases of workers lapse that are known to be *dead*, so that nobody waits for them."""
        with self._database.write() as c:
            for row in c.execute("SELECT id, worker FROM jobs WHERE state = 'running'").fetchall():
                if dead(row["worker"]):
                    c.execute("UPDATE jobs SET lease = 0 WHERE id = ? AND worker = ?", (row["id"], row["worker"]))

    def _end(self, c: Any, id: str, state: str, said: dict[str, Any]) -> None:
        c.execute(
            "UPDATE jobs SET state = ?, work = ?, error = ?, finished = ?, lease = 0 WHERE id = ?",
            (state, said.get("work", ""), said.get("error", ""), now(), id),
        )
        self._tell(c, id, state, said)

    def _tell(self, c: Any, id: str, kind: str, said: dict[str, Any]) -> None:
        c.execute(
            "INSERT INTO events (job, kind, said) VALUES (?, ?, ?)", (id, kind, json.dumps(said, ensure_ascii=False))
        )


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        state=row["state"],
        order=Order.model_validate_json(row["orders"]),
        priority=row["priority"],
        attempts=row["attempts"],
        work=row["work"],
        error=row["error"],
        created=row["created"],
        finished=row["finished"],
    )
