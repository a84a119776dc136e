"""The queue against what it promises, with several workers, lapsed leases and cancelled jobs."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from miaobi.brief import Brief
from miaobi.errors import BriefError, CancelledError, UnknownNameError
from miaobi.studio import queue as queue_module
from miaobi.studio.job import Order
from miaobi.studio.pace import Pace
from miaobi.studio.queue import Queue


@pytest.fixture
def queue(root: Path | str) -> Iterator[Queue]:
    with Queue(root) as queue:
        yield queue


def order(idea: str = "A thief steals a painting") -> Order:
    return Order(brief=Brief(form="story", idea=idea))


def kinds(queue: Queue, id: str) -> list[str]:
    return [event.kind for event in queue.events(id)]


def test_job_goes_its_way_and_tells_of_it(queue: Queue) -> None:
    sent = queue.add(order())
    assert queue.claim("a") == queue.job(sent.id)
    assert queue.claim("b") is None
    assert queue.hold(sent.id, "a", {"what": "scene 1", "done": 0.5})
    assert not queue.hold(sent.id, "b")
    assert not queue.end(sent.id, "b", "done", {"work": "x"})
    assert queue.end(sent.id, "a", "done", {"work": "x"})
    assert not queue.end(sent.id, "a", "done", {"work": "y"})  # once
    assert (queue.job(sent.id).work, kinds(queue, sent.id)) == ("x", ["queued", "running", "progress", "done"])
    last = queue.events(sent.id)[1].number
    assert [e.kind for e in queue.events(sent.id, last)] == ["progress", "done"]


def test_higher_priority_goes_first_and_the_older_of_equals(queue: Queue) -> None:
    first, second, urgent = queue.add(order()), queue.add(order()), queue.add(order(), priority=5)
    taken = [queue.claim("a"), queue.claim("a"), queue.claim("a")]
    assert taken[0] is not None
    assert taken[0].id == urgent.id
    assert {job.id for job in taken[1:] if job} == {first.id, second.id}


def test_sending_again_under_one_name_adds_nothing(queue: Queue) -> None:
    assert queue.add(order(), once="k").id == queue.add(order("Another"), once="k").id
    assert queue.add(order()).id != queue.add(order()).id
    assert len(queue.jobs()) == 3


def test_job_of_a_dead_worker_is_taken_up_again_and_given_up_in_the_end(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = queue.add(order())
    monkeypatch.setattr(queue_module, "LEASE", -1.0)  # every lease has lapsed when it is given
    for attempt in range(queue_module.ATTEMPTS):
        taken = queue.claim(f"w{attempt}")
        assert taken is not None
        assert taken.attempts == attempt + 1
        assert not queue.end(sent.id, "somebody else", "done", {})
    assert queue.claim("last") is None
    assert (queue.job(sent.id).state, "died each time" in queue.job(sent.id).error) == ("failed", True)


def test_cancelling(queue: Queue) -> None:
    waiting, running = queue.add(order()), queue.add(order(), priority=1)
    assert queue.claim("a").id == running.id  # type: ignore[union-attr]
    assert queue.cancel(waiting.id).state == "cancelled"
    assert queue.cancel(running.id).state == "running"
    assert not queue.hold(running.id, "a")
    assert queue.end(running.id, "a", "cancelled", {})
    assert queue.cancel(running.id).state == "cancelled"
    assert queue.claim("a") is None
    with pytest.raises(UnknownNameError, match="no job"):
        queue.cancel("x")


def test_cancelled_job_of_a_dead_worker_is_not_taken_up(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = queue.add(order())
    monkeypatch.setattr(queue_module, "LEASE", -1.0)
    queue.claim("a")
    queue.cancel(sent.id)
    assert queue.claim("b") is None
    assert queue.job(sent.id).state == "cancelled"


def test_job_given_back_is_no_attempt(queue: Queue) -> None:
    sent = queue.add(order())
    queue.claim("a")
    queue.give_back(sent.id, "a")
    assert (queue.job(sent.id).state, queue.job(sent.id).attempts) == ("queued", 0)


def test_full_queue_says_so(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "LIMIT", 2)
    queue.add(order())
    queue.add(order())
    with pytest.raises(BriefError, match="wait already"):
        queue.add(order())


def test_workers_side_by_side_take_each_job_once(root: Path | str) -> None:
    with Queue(root) as queue:
        sent = [queue.add(order(str(i))).id for i in range(40)]
    done: Counter[str] = Counter()

    def work(name: str) -> None:
        with Queue(root) as own:
            while (job := own.claim(name)) is not None:
                if own.end(job.id, name, "done", {"work": name}):
                    done[job.id] += 1

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == Counter(sent)


def test_pausing_and_cancelling_after_it(queue: Queue) -> None:
    waiting, running = queue.add(order()), queue.add(order(), priority=1)
    queue.claim("a")
    assert queue.pause(waiting.id).state == "paused"
    assert queue.claim("b") is None
    assert queue.pause(running.id).state == "running"
    assert not queue.wanted(running.id, "a")
    queue.stop(running.id, "a")
    assert (queue.job(running.id).state, queue.job(running.id).attempts) == ("paused", 0)
    assert queue.resume(running.id).state == "queued"
    assert queue.claim("a") == queue.job(running.id)
    queue.pause(running.id)
    queue.cancel(running.id)  # the later wish counts
    queue.stop(running.id, "a")
    assert queue.job(running.id).state == "cancelled"
    assert kinds(queue, running.id) == ["queued", "running", "paused", "queued", "running", "cancelled"]


def test_failed_job_is_retried_from_its_steps_and_a_done_one_is_not(queue: Queue) -> None:
    sent = queue.add(order())
    queue.claim("a")
    queue.keep_step(sent.id, "a", "m", "plan", {"value": "the plan"})
    queue.end(sent.id, "a", "failed", {"error": "no room"})
    with pytest.raises(CancelledError):
        queue.keep_step(sent.id, "a", "m", "beat", {})
    again = queue.retry(sent.id)
    assert (again.state, again.error, again.attempts, again.finished) == ("queued", "", 0, None)
    queue.claim("b")
    assert queue.step(sent.id, "m", "plan") == {"value": "the plan"}
    assert queue.step(sent.id, "another checkpoint", "plan") is None
    queue.end(sent.id, "b", "done", {"work": "w"})
    assert queue.step(sent.id, "m", "plan") is None
    with pytest.raises(BriefError, match="done"):
        queue.retry(sent.id)


def test_moving_deals_out_the_owner_s_own_places(root: Path | str) -> None:
    with Queue(root) as mine, Queue(root, "ann") as hers:
        a, b = mine.add(order()).id, mine.add(order()).id
        other = hers.add(order()).id
        c, urgent = mine.add(order()).id, mine.add(order(), priority=3).id
        assert [job.id for job in mine.waiting()] == [urgent, a, b, c]
        assert [job.id for job in mine.move(c, before=urgent)] == [c, urgent, a, b]
        assert [job.id for job in mine.move(urgent)] == [c, a, b, urgent]
        taken = [job.id for job in iter(lambda: mine.claim("w"), None)]
        assert taken == [c, a, b, other, urgent]


def test_pace_is_of_the_steps_that_were_made() -> None:
    seconds = iter([0.0, 100.0, 110.0, 200.0])
    pace = Pace(lambda: next(seconds))
    assert pace.left(0.1) is None
    pace.replayed()  # what comes from the journal takes no time
    assert pace.left(0.5) is None
    assert pace.left(0.6) == pytest.approx(40.0)
    assert pace.left(0.51) is None  # too little to tell


def test_job_for_an_engine_is_left_to_a_worker_that_has_it(queue: Queue) -> None:
    named = queue.add(order().model_copy(update={"engine": "large"}))
    any_engine = queue.add(order())
    assert queue.claim("a", ["small"]) == queue.job(any_engine.id)
    assert queue.claim("a", ["small"]) is None
    assert queue.claim("b", ["small", "large"]) == queue.job(named.id)


def test_job_that_gets_on_is_not_given_up_however_often_its_worker_dies(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = queue.add(order())
    monkeypatch.setattr(queue_module, "LEASE", -1.0)
    for attempt in range(3 * queue_module.ATTEMPTS):
        assert queue.claim(f"w{attempt}") is not None
        queue.keep_step(sent.id, f"w{attempt}", "m", f"step {attempt}", {})
    assert queue.step(sent.id, "m", "step 8") == {}
