"""The queue held to a model in plain Python: whatever is sent, claimed, paused, moved, let lapse or killed."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from miaobi.brief import Brief
from miaobi.errors import BriefError, CancelledError, UnknownNameError
from miaobi.studio import queue as queue_module
from miaobi.studio.job import Order
from miaobi.studio.queue import ATTEMPTS, LEASE, Job, Queue

ORDER = Order(brief=Brief(form="story", idea="A thief steals a painting"))
OWNERS = ("", "ann")
WORKERS = ("w1", "w2", "w3")
WAITING = ("queued", "paused")
NUMBER = st.integers(0, 7)


@dataclass
class Modelled:
    """A job of the model."""

    owner: str
    priority: int
    position: int
    state: str = "queued"
    attempts: int = 0
    fruitless: int = 0
    wanted: bool = True
    pausing: bool = False
    worker: str = ""
    lease: float = 0.0
    steps: set[str] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, int]:
        return (-self.priority, self.position)


class QueueMachine(RuleBasedStateMachine):
    """What may happen to a queue."""

    @initialize()
    def open(self) -> None:
        self.clock = 1_000_000.0
        self.patch = mock.patch.object(queue_module.time, "time", side_effect=lambda: self.clock)
        self.patch.start()
        root = self.begin()
        self.queues = {owner: Queue(root, owner) for owner in OWNERS}
        self.any = self.queues[""]
        self.model: dict[str, Modelled] = {}
        self.once: dict[tuple[str, str], str] = {}
        self.hands: list[tuple[str, str]] = []  # (job, worker) of every claim, however long ago
        for owner in ("", "", "ann"):
            self.add(owner, 0, "")

    def teardown(self) -> None:
        if hasattr(self, "queues"):
            for id, job in self.model.items():
                self.agrees(self.queues[job.owner].job(id), job)
                kinds = Counter(event.kind for event in self.queues[job.owner].events(id))
                assert kinds["done"] == (job.state == "done")  # published once, or not at all
            for queue in self.queues.values():
                queue.close()
            self.finish()
            self.patch.stop()

    def begin(self) -> Path | str:
        """Return where a new queue may lie."""
        self.folder = tempfile.TemporaryDirectory()
        return Path(self.folder.name) / "library"

    def finish(self) -> None:
        """Take it away."""
        self.folder.cleanup()

    def one(self, n: int) -> tuple[str, Modelled]:
        return list(self.model.items())[n % len(self.model)]

    def agrees(self, job: Job, model: Modelled) -> None:
        found = (job.state, job.attempts, job.priority, job.owner)
        assert found == (model.state, model.attempts, model.priority, model.owner)

    def last(self) -> int:
        return max((job.position for job in self.model.values()), default=0) + 1

    def order(self, owner: str, states: tuple[str, ...] = WAITING) -> list[str]:
        mine = [id for id, job in self.model.items() if job.owner == owner and job.state in states]
        return sorted(mine, key=lambda id: self.model[id].place)

    # --- who sends ----------------------------------------------------------------------------------------------

    @rule(owner=st.sampled_from(OWNERS), priority=st.integers(-2, 2), once=st.sampled_from(["", "a", "b"]))
    def add(self, owner: str, priority: int, once: str) -> None:
        job = self.queues[owner].add(ORDER, priority, once)
        if once and (owner, once) in self.once:
            assert job.id == self.once[owner, once]
            return
        assert job.id not in self.model
        self.model[job.id] = Modelled(owner, priority, self.last())
        if once:
            self.once[owner, once] = job.id

    @rule(n=NUMBER)
    def cancel(self, n: int) -> None:
        id, job = self.one(n)
        self.queues[job.owner].cancel(id)
        if job.state in WAITING:
            job.state, job.pausing = "cancelled", False
        elif job.state == "running":
            job.wanted, job.pausing = False, False

    @rule(n=NUMBER)
    def pause(self, n: int) -> None:
        id, job = self.one(n)
        self.queues[job.owner].pause(id)
        if job.state == "queued":
            job.state, job.pausing = "paused", False
        elif job.state == "running" and job.wanted:
            job.pausing = True

    @rule(n=NUMBER)
    def resume(self, n: int) -> None:
        id, job = self.one(n)
        self.queues[job.owner].resume(id)
        job.pausing = False
        if job.state == "paused":
            job.state = "queued"

    @rule(n=NUMBER)
    def retry(self, n: int) -> None:
        id, job = self.one(n)
        if job.state == "done":
            with pytest.raises(BriefError):
                self.queues[job.owner].retry(id)
            return
        self.queues[job.owner].retry(id)
        if job.state in ("failed", "cancelled"):
            job.position = self.last()
            job.state, job.wanted, job.pausing, job.attempts, job.fruitless = "queued", True, False, 0, 0

    @rule(n=NUMBER, m=NUMBER, last=st.booleans())
    def move(self, n: int, m: int, last: bool) -> None:
        (id, job), (before, other) = self.one(n), self.one(m)
        queue = self.queues[job.owner]
        if not last and other.owner != job.owner:
            with pytest.raises(UnknownNameError if job.state in WAITING else BriefError):
                queue.move(id, before)
            return
        if job.state not in WAITING or not (last or other.state in WAITING):
            with pytest.raises(BriefError):
                queue.move(id, "" if last else before)
            return
        queue.move(id, "" if last else before)
        before_move = self.order(job.owner)
        places = [(self.model[one].priority, self.model[one].position) for one in before_move]
        after = [one for one in before_move if one != id] if last or id != before else before_move
        if last:
            after.append(id)
        elif id != before:
            after.insert(after.index(before), id)
        for one, (priority, position) in zip(after, places, strict=True):
            self.model[one].priority, self.model[one].position = priority, position

    @rule(n=NUMBER, owner=st.sampled_from(OWNERS))
    def look_at_another_s(self, n: int, owner: str) -> None:
        id, job = self.one(n)
        if owner != job.owner:
            queue = self.queues[owner]
            for look in (queue.job, queue.events, queue.cancel, queue.pause, queue.resume, queue.retry, queue.move):
                with pytest.raises(UnknownNameError):
                    look(id)

    # --- who carries out ----------------------------------------------------------------------------------------

    @rule(worker=st.sampled_from(WORKERS))
    def claim(self, worker: str) -> None:
        expected = None
        while expected is None:
            lapsed = [id for id, j in self.model.items() if j.state == "running" and j.lease < self.clock]
            lapsed.sort(key=lambda id: self.model[id].lease)
            queued = sorted(
                (id for id, j in self.model.items() if j.state == "queued"), key=lambda id: self.model[id].place
            )
            if not lapsed and not queued:
                break
            # of leases that lapsed at the same time either may be first
            ties = [id for id in lapsed if self.model[id].lease == self.model[lapsed[0]].lease]
            job = self.model[(lapsed or queued)[0]]
            if len(ties) > 1:
                self._claim_of_many(worker)
                return
            if not job.wanted:
                job.state = "cancelled"
            elif job.pausing:
                job.state, job.pausing = "paused", False
            elif job.fruitless >= ATTEMPTS:
                job.state, job.pausing = "failed", False
            else:
                expected = (lapsed or queued)[0]
        taken = self.any.claim(worker)
        assert (taken and taken.id) == expected
        if expected is not None:
            self._given(expected, worker)

    def _claim_of_many(self, worker: str) -> None:
        taken = self.any.claim(worker)
        for id, job in self.model.items():  # those that were put away before it
            state = self.queues[job.owner].job(id).state
            if job.state == "running" and state in ("cancelled", "paused", "failed"):
                reason = "cancelled" if not job.wanted else "paused" if job.pausing else "failed"
                assert job.lease < self.clock
                assert state == reason
                assert reason != "failed" or job.fruitless >= ATTEMPTS
                job.state, job.pausing = state, False
        if taken is None:
            assert not self.order("", ("queued",))
            assert not self.order("ann", ("queued",))
            return
        job = self.model[taken.id]
        assert job.state == "queued" or job.lease < self.clock
        assert job.wanted
        assert not job.pausing
        self._given(taken.id, worker)

    def _given(self, id: str, worker: str) -> None:
        job = self.model[id]
        job.state, job.worker, job.lease = "running", worker, self.clock + LEASE
        job.attempts, job.fruitless = job.attempts + 1, job.fruitless + 1
        self.hands.append((id, worker))

    def hand(self, n: int) -> tuple[str, str]:
        return self.hands[-1 - n % len(self.hands)]  # the last ones are likelier

    def holds(self, hand: tuple[str, str]) -> Modelled | None:
        job = self.model[hand[0]]
        return job if job.state == "running" and job.worker == hand[1] else None

    @precondition(lambda self: self.hands)
    @rule(n=NUMBER)
    def heartbeat(self, n: int) -> None:
        hand = self.hand(n)
        job = self.holds(hand)
        expected = job is not None and job.wanted and not job.pausing
        assert self.any.wanted(*hand) == expected
        assert self.any.hold(*hand, {"what": "x", "done": 0.5, "left": None}) == expected
        if job:
            job.lease = self.clock + LEASE

    @precondition(lambda self: self.hands)
    @rule(n=NUMBER, name=st.sampled_from("abc"))
    def step(self, n: int, name: str) -> None:
        hand = self.hand(n)
        job = self.holds(hand)
        if job is None:
            with pytest.raises(CancelledError):
                self.any.keep_step(*hand, "m", name, {})
        elif name not in job.steps:
            self.any.keep_step(*hand, "m", name, {"value": name})
            job.steps.add(name)
            job.fruitless = 0
        assert (self.any.step(hand[0], "m", name) is not None) == (name in self.model[hand[0]].steps)

    @precondition(lambda self: self.hands)
    @rule(n=NUMBER, state=st.sampled_from(["done", "done", "failed"]))
    def end(self, n: int, state: str) -> None:
        hand = self.hand(n)
        job = self.holds(hand)
        assert self.any.end(*hand, state, {"work": "w"}) == (job is not None)
        if job:
            job.state, job.pausing = state, False
            if state == "done":
                job.steps.clear()

    @precondition(lambda self: self.hands)
    @rule(n=NUMBER)
    def stop(self, n: int) -> None:
        hand = self.hand(n)
        job = self.holds(hand)
        self.any.stop(*hand)
        if job and job.pausing:
            job.state, job.pausing, job.attempts, job.worker = "paused", False, job.attempts - 1, ""
            job.fruitless = 0
        elif job:
            job.state = "cancelled"

    @precondition(lambda self: self.hands)
    @rule(n=NUMBER)
    def give_back(self, n: int) -> None:
        hand = self.hand(n)
        job = self.holds(hand)
        self.any.give_back(*hand)
        if job:
            job.state, job.attempts, job.worker, job.fruitless = "queued", job.attempts - 1, "", 0

    @rule(seconds=st.sampled_from([1.0, LEASE - 1, LEASE + 1]))
    def time_goes_by(self, seconds: float) -> None:
        self.clock += seconds

    @rule(worker=st.sampled_from(WORKERS))
    def worker_is_killed_and_that_is_known(self, worker: str) -> None:
        self.any.release(lambda name: name == worker)
        for job in self.model.values():
            if job.state == "running" and job.worker == worker:
                job.lease = 0.0

    @invariant()
    def order_of_those_that_wait_is_the_model_s(self) -> None:
        if hasattr(self, "queues"):
            for owner, queue in self.queues.items():
                assert [job.id for job in queue.waiting()] == self.order(owner)


SETTINGS = settings(max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_queue_does_what_its_model_does() -> None:
    run_state_machine_as_test(QueueMachine, settings=SETTINGS)


def test_queue_on_postgresql_does_what_its_model_does(postgres_server: str) -> None:
    class OnPostgres(QueueMachine):
        def begin(self) -> str:
            with psycopg.connect(postgres_server, autocommit=True) as connection:
                connection.execute("DROP SCHEMA IF EXISTS miaobi CASCADE")
            return postgres_server

        def finish(self) -> None:
            pass

    psycopg = pytest.importorskip("psycopg")
    run_state_machine_as_test(OnPostgres, settings=settings(SETTINGS, max_examples=25))
