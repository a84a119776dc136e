"""The queue of jobs in the library's database: leased, told about event by event, and published once.

| from | by | to |
|---|---|---|
| – | add | queued |
| queued, or running with a lapsed lease | claim | running; failed when five takings finished no step |
| running | end, give_back | done, failed, cancelled; queued |
| queued, running | pause, cancel | paused, cancelled: a running one when its worker stops |
| paused | resume, cancel | queued, cancelled |
| failed, cancelled | retry | queued |

A worker holds a job by a lease that it renews. Where it dies the lease lapses, the next worker takes the job and goes
on from its journal, so what was done is not done again. Only who holds the lease may keep a step or finish a job.
Events are kept with numbers that never come twice: a reader who was away asks for those after the last that it saw.
A queue is opened for an owner, and sees no other's jobs; what workers call is for all. Transactions hold the row that
they change; those that give out places in the queue are alone.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miaobi.errors import BriefError, CancelledError, LimitError, UnknownNameError, show
from miaobi.studio.job import Order, whole_of
from miaobi.studio.library.database import Place, Row, Transaction, now, open_database, place_of

LEASE = 30.0  # seconds
ATTEMPTS = 5  # how often a job is taken up without finishing a step: then it is given up, for it may be what kills
LIMIT = 10_000  # jobs that may wait
ENDED = ("done", "failed", "cancelled")
_ORDER = "ORDER BY priority DESC, position, id"


@dataclass(frozen=True)
class Job:
    """A job as it stands. ``progress``: what was told last: ``what``, ``done`` (0–1), ``left`` (seconds or None)."""

    id: str
    owner: str
    state: str
    order: Order
    priority: int
    attempts: int
    progress: dict[str, Any] | None
    work: str
    error: str
    created: str
    finished: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ENDED


@dataclass(frozen=True)
class Event:
    """Something that happened to a job."""

    number: int
    kind: str
    said: dict[str, Any]


class Queue:
    """The queue, for one thread and one owner. Use it as a context manager, or ``close`` it."""

    def __init__(self, root: Path | str | None = None, owner: str | None = None) -> None:
        place = place_of(root, owner)
        self._database = open_database(Place(place.root))
        self._owner = place.owner

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # --- who sends jobs -----------------------------------------------------------------------------------------

    def add(self, order: Order, priority: int = 0, once: str = "", most: int = LIMIT) -> Job:
        """Queue an order; under the same *once* it is the job that it was.

        BriefError when the queue is full, LimitError where *most* of the owner's jobs haven't ended.
        """
        mark = (f"{self._owner}\x1f{once}" if self._owner else once) if once else None
        with self._database.write() as c:
            if mark and (row := c.execute("SELECT id FROM jobs WHERE once = ?", (mark,)).fetchone()):
                return self.job(row["id"])
            id = self._add(c, order, priority, mark, most)
        return self.job(id)

    def add_all(self, orders: Sequence[Order], most: int = LIMIT) -> list[Job]:
        """Queue several orders, all or none; raises as ``add`` does."""
        with self._database.write() as c:
            ids = [self._add(c, order, 0, None, most) for order in orders]
        return [self.job(id) for id in ids]

    def _add(self, c: Transaction, order: Order, priority: int, mark: str | None, most: int) -> str:
        if c.execute("SELECT count(*) FROM jobs WHERE state IN ('queued', 'paused')").fetchone()[0] >= LIMIT:
            raise BriefError(f"{LIMIT:,} jobs wait already.", "Send it again later.")
        mine = "SELECT count(*) FROM jobs WHERE owner = ? AND state IN ('queued', 'paused', 'running')"
        if c.execute(mine, (self._owner,)).fetchone()[0] >= most:
            raise LimitError(f"{most} of your jobs haven't ended.", LEASE)
        id = str(uuid.uuid4())
        c.execute(
            "INSERT INTO jobs (id, owner, engine, state, orders, priority, once, created, whole, position)"
            " VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM jobs))",
            (id, self._owner, order.engine, order.model_dump_json(), priority, mark, now(), whole_of(order)),
        )
        self._tell(c, id, "queued", {})
        return id

    def job(self, id: str) -> Job:
        """Return a job of the owner's; UnknownNameError where there is none."""
        return _job(self._own(self._database.read("SELECT * FROM jobs WHERE id = ?", (id,)), id))

    def jobs(self, limit: int = 50) -> list[Job]:
        """Return the owner's jobs, the newest first."""
        sql = "SELECT * FROM jobs WHERE owner = ? ORDER BY created DESC, position DESC, id LIMIT ?"
        return [_job(row) for row in self._database.read(sql, (self._owner, limit))]

    def waiting(self, limit: int = LIMIT) -> list[Job]:
        """Return the owner's jobs that wait, paused ones too, in the order in which they will be taken up."""
        sql = f"SELECT * FROM jobs WHERE owner = ? AND state IN ('queued', 'paused') {_ORDER} LIMIT ?"  # noqa: S608
        return [_job(row) for row in self._database.read(sql, (self._owner, limit))]

    def events(self, id: str, after: int = 0, limit: int = 500) -> list[Event]:
        """Return what happened to a job of the owner's after the event of a number."""
        self.job(id)
        rows = self._database.read(
            "SELECT number, kind, said FROM events WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            (id, after, limit),
        )
        return [Event(row["number"], row["kind"], json.loads(row["said"])) for row in rows]

    def cancel(self, id: str) -> Job:
        """Stop a job: at once where it waits, within a token where it runs. One that has ended stays as it is."""
        with self._database.write(alone=False) as c:
            state = self._hold(c, id)["state"]
            if state in ("queued", "paused"):
                self._end(c, id, "cancelled", {})
            elif state == "running":
                c.execute("UPDATE jobs SET wanted = 0, pausing = 0 WHERE id = ?", (id,))
        return self.job(id)

    def pause(self, id: str) -> Job:
        """Let a job rest until it is resumed: at once, or within a token where it runs; its finished steps are kept."""
        with self._database.write(alone=False) as c:
            row = self._hold(c, id)
            if row["state"] == "queued":
                self._rest(c, id)
            elif row["state"] == "running" and row["wanted"]:
                c.execute("UPDATE jobs SET pausing = 1 WHERE id = ?", (id,))
        return self.job(id)

    def resume(self, id: str) -> Job:
        """Let a paused job wait for its turn again, at the place that it had."""
        with self._database.write(alone=False) as c:
            if self._hold(c, id)["state"] == "paused":
                c.execute("UPDATE jobs SET state = 'queued', pausing = 0 WHERE id = ?", (id,))
                self._tell(c, id, "queued", {})
            else:
                c.execute("UPDATE jobs SET pausing = 0 WHERE id = ?", (id,))
        return self.job(id)

    def retry(self, id: str) -> Job:
        """Queue a failed or cancelled job again, as the last; it goes on from its steps. BriefError for a done one."""
        with self._database.write() as c:
            state = self._hold(c, id)["state"]
            if state == "done":
                raise BriefError("The job is done.", "For another work send its brief with another seed.")
            if state in ENDED:
                c.execute(
                    "UPDATE jobs SET state = 'queued', wanted = 1, pausing = 0, attempts = 0, fruitless = 0,"
                    " error = '', finished = NULL, progress = '',"
                    " position = (SELECT max(position) + 1 FROM jobs) WHERE id = ?",
                    (id,),
                )
                self._tell(c, id, "queued", {"again": True})
        return self.job(id)

    def move(self, id: str, before: str = "") -> list[Job]:
        """Let a waiting job be taken up before another of the owner's, or as the last; return the new order.

        The places of the owner's jobs, priorities among them, stay and are dealt out anew: nobody else's is passed by.
        BriefError where one of the two doesn't wait.
        """
        with self._database.write() as c:
            held = self._database.held
            sql = f"SELECT * FROM jobs WHERE owner = ? AND state IN ('queued', 'paused') {_ORDER}{held}"  # noqa: S608
            rows = c.execute(sql, (self._owner,)).fetchall()
            order = [row["id"] for row in rows]
            for one in (id, before) if before else (id,):
                if one not in order:
                    self._hold(c, one)
                    raise BriefError(f"The job {show(one)} doesn't wait.", "GET /api/queue lists those that do.")
            if before != id:
                order.remove(id)
                order.insert(order.index(before) if before else len(order), id)
            for one, place in zip(order, rows, strict=True):
                if one != place["id"]:
                    values = (place["priority"], place["position"], one)
                    c.execute("UPDATE jobs SET priority = ?, position = ? WHERE id = ?", values)
        return self.waiting()

    # --- who carries them out -----------------------------------------------------------------------------------

    def claim(self, worker: str, engines: Sequence[str] | None = None) -> Job | None:
        """Give *worker* the next job: one that was begun and whose worker has died, else the first that waits.

        *engines* are those that it has; a job that names another is left to others. None: it has all.
        """
        with self._database.write(alone=False) as c:
            while (row := self._next(c, engines)) is not None:
                if not row["wanted"]:
                    self._end(c, row["id"], "cancelled", {})
                elif row["pausing"]:
                    self._rest(c, row["id"])
                elif row["fruitless"] >= ATTEMPTS:
                    said = f"It was taken up {ATTEMPTS} times and its worker died each time."
                    self._end(c, row["id"], "failed", {"error": said})
                else:
                    c.execute(
                        "UPDATE jobs SET state = 'running', worker = ?, lease = ?, attempts = attempts + 1,"
                        " fruitless = fruitless + 1"
                        " WHERE id = ?",
                        (worker, time.time() + LEASE, row["id"]),
                    )
                    self._tell(c, row["id"], "running", {"attempt": row["attempts"] + 1})
                    return _job(c.execute("SELECT * FROM jobs WHERE id = ?", (row["id"],)).fetchone())
        return None

    def _next(self, c: Transaction, engines: Sequence[str] | None) -> Row | None:
        known = "" if engines is None else f" AND engine IN ({','.join('?' * (len(engines) + 1))})"
        values = () if engines is None else ("", *engines)
        end = f"LIMIT 1{self._database.free}"
        begun = f"SELECT * FROM jobs WHERE state = 'running' AND lease < ?{known} ORDER BY lease {end}"  # noqa: S608
        row: Row | None = c.execute(begun, (time.time(), *values)).fetchone()
        if row is None:
            first = f"SELECT * FROM jobs WHERE state = 'queued'{known} {_ORDER} {end}"  # noqa: S608
            row = c.execute(first, values).fetchone()
        return row

    def wanted(self, id: str, worker: str) -> bool:
        """Tell whether a job is still *worker*'s, and neither cancelled nor to be paused."""
        sql = "SELECT wanted, pausing FROM jobs WHERE id = ? AND worker = ? AND state = 'running'"
        return any(row["wanted"] and not row["pausing"] for row in self._database.read(sql, (id, worker)))

    def hold(self, id: str, worker: str, progress: dict[str, Any] | None = None) -> bool:
        """Renew the lease and tell the progress; return what ``wanted`` does."""
        with self._database.write(alone=False) as c:
            held = c.execute(
                "UPDATE jobs SET lease = ? WHERE id = ? AND worker = ? AND state = 'running'",
                (time.time() + LEASE, id, worker),
            )
            if not held.rowcount:
                return False
            if progress is not None:
                said = json.dumps(progress, ensure_ascii=False)
                c.execute("UPDATE jobs SET progress = ? WHERE id = ?", (said, id))
                self._tell(c, id, "progress", progress)
            row = c.execute("SELECT wanted, pausing FROM jobs WHERE id = ?", (id,)).fetchone()
            return bool(row["wanted"] and not row["pausing"])

    def end(self, id: str, worker: str, state: str, said: dict[str, Any]) -> bool:
        """End a job that is *worker*'s as done, failed or cancelled; False where it is another's by now."""
        with self._database.write(alone=False) as c:
            if self._holder(c, id, worker) is None:
                return False
            self._end(c, id, state, said)
            return True

    def stop(self, id: str, worker: str) -> None:
        """Put a job away that was to be cancelled or paused, and whose *worker* has stopped. It is no attempt."""
        with self._database.write(alone=False) as c:
            row = self._holder(c, id, worker)
            if row is not None and row["pausing"]:
                c.execute(
                    "UPDATE jobs SET worker = '', lease = 0, attempts = attempts - 1, fruitless = 0 WHERE id = ?", (id,)
                )
                self._rest(c, id)
            elif row is not None:
                self._end(c, id, "cancelled", {})

    def give_back(self, id: str, worker: str) -> None:
        """Put a job back that *worker* won't finish: the program ends. It is no attempt."""
        with self._database.write(alone=False) as c:
            c.execute(
                "UPDATE jobs SET state = 'queued', worker = '', lease = 0, attempts = attempts - 1, fruitless = 0"
                " WHERE id = ? AND worker = ? AND state = 'running'",
                (id, worker),
            )

    def release(self, dead: Callable[[str], bool]) -> None:
        """Let the leases of workers lapse that are known to be *dead*, so that nobody waits for them."""
        with self._database.write(alone=False) as c:
            for row in c.execute("SELECT id, worker FROM jobs WHERE state = 'running' ORDER BY id").fetchall():
                if dead(row["worker"]):
                    c.execute("UPDATE jobs SET lease = 0 WHERE id = ? AND worker = ?", (row["id"], row["worker"]))

    def tell(self, id: str, worker: str, kind: str, said: dict[str, Any]) -> None:
        """Tell something of a job; CancelledError where it is no longer *worker*'s."""
        with self._database.write(alone=False) as c:
            if self._holder(c, id, worker) is None:
                raise CancelledError("The job was taken up by another worker.")
            self._tell(c, id, kind, said)

    def growing(self, world: str) -> Job | None:
        """Return the owner's unfinished job that makes parts of a world, if there is one."""
        return next((job for job in self.together(world) if not job.ended), None)

    def together(self, whole: str) -> list[Job]:
        """Return the owner's jobs that are parts of a world or a sweep, in the order in which they were sent."""
        sql = "SELECT * FROM jobs WHERE owner = ? AND whole = ? ORDER BY created, position, id"
        return [_job(row) for row in self._database.read(sql, (self._owner, whole))]

    def step(self, id: str, made_by: str, name: str) -> dict[str, Any] | None:
        """Return a finished step of a job, or None."""
        sql = "SELECT entry FROM steps WHERE job = ? AND made_by = ? AND name = ?"
        rows = self._database.read(sql, (id, made_by, name))
        found: dict[str, Any] | None = json.loads(rows[0]["entry"]) if rows else None
        return found

    def keep_step(
        self,
        id: str,
        worker: str,
        made_by: str,
        name: str,
        entry: dict[str, Any],
        said: dict[str, Any] | None = None,
    ) -> None:
        """Keep a finished step, and tell *said* of it; CancelledError where the job is no longer *worker*'s."""
        with self._database.write(alone=False) as c:
            if self._holder(c, id, worker) is None:
                raise CancelledError("The job was taken up by another worker.")
            c.execute("UPDATE jobs SET fruitless = 0 WHERE id = ?", (id,))
            values = (id, made_by, name, json.dumps(entry, ensure_ascii=False), id)
            c.execute(
                "INSERT INTO steps (job, made_by, name, entry, position)"
                " VALUES (?, ?, ?, ?, (SELECT count(*) + 1 FROM steps WHERE job = ?))",
                values,
            )
            if said is not None:
                self._tell(c, id, "step", said)

    # --- one row ------------------------------------------------------------------------------------------------

    def _own(self, rows: list[Row], id: str) -> Row:
        """Return the row if it is the owner's. Another's is told as one that isn't there."""
        if not rows or rows[0]["owner"] != self._owner:
            raise UnknownNameError(f"There is no job {show(id)}.", "GET /api/jobs lists them.")
        return rows[0]

    def _hold(self, c: Transaction, id: str) -> Row:
        return self._own(c.execute(f"SELECT * FROM jobs WHERE id = ?{self._database.held}", (id,)).fetchall(), id)  # noqa: S608

    def _holder(self, c: Transaction, id: str, worker: str) -> Row | None:
        held = self._database.held
        sql = f"SELECT * FROM jobs WHERE id = ? AND worker = ? AND state = 'running'{held}"  # noqa: S608
        row: Row | None = c.execute(sql, (id, worker)).fetchone()
        return row

    def _rest(self, c: Transaction, id: str) -> None:
        c.execute("UPDATE jobs SET state = 'paused', pausing = 0 WHERE id = ?", (id,))
        self._tell(c, id, "paused", {})

    def _end(self, c: Transaction, id: str, state: str, said: dict[str, Any]) -> None:
        c.execute(
            "UPDATE jobs SET state = ?, work = ?, error = ?, finished = ?, lease = 0, pausing = 0 WHERE id = ?",
            (state, said.get("work", ""), said.get("error", ""), now(), id),
        )
        if state == "done":
            c.execute("DELETE FROM steps WHERE job = ?", (id,))
        self._tell(c, id, state, said)

    def _tell(self, c: Transaction, id: str, kind: str, said: dict[str, Any]) -> None:
        c.execute(
            "INSERT INTO events (job, kind, said) VALUES (?, ?, ?)", (id, kind, json.dumps(said, ensure_ascii=False))
        )


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        owner=row["owner"],
        state=row["state"],
        order=Order.model_validate_json(row["orders"]),
        priority=row["priority"],
        attempts=row["attempts"],
        progress=json.loads(row["progress"]) if row["progress"] else None,
        work=row["work"],
        error=row["error"],
        created=row["created"],
        finished=row["finished"],
    )
