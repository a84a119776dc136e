"""Several servers on one PostgreSQL: they share the queue, each job is published once, each work is everywhere."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx

from miaobi.studio.queue import Queue
from tests import postgres
from tests.server.test_kill import STORY, ended, server, undisturbed, words

__all__ = ["undisturbed"]  # the fixture


def test_two_servers_share_the_jobs_of_one_database(postgres_server: str, tmp_path: Path) -> None:
    url = postgres.fresh(postgres_server)
    with ExitStack() as stack:
        clients: list[httpx.Client] = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            started = server(tmp_path / name, MIAOBI_DATABASE=url, MIAOBI_TEST_PAUSE="0.01")
            clients.append(stack.enter_context(started)[0])
        sent = []
        for seed in range(8):
            job = clients[seed % 2].post("/api/jobs", json={"brief": STORY | {"seed": seed}, "formats": ["md"]})
            sent.append(job.json()["id"])
        found = [ended(clients[1], id) for id in sent]
        assert {job["state"] for job in found} == {"done"}
        works = [{card["id"] for card in client.get("/api/works").json()["works"]} for client in clients]
        assert works[0] == works[1] == {job["work"] for job in found}
        assert words(clients[0], found[1]["work"]) == words(clients[1], found[1]["work"])
    with Queue(url) as queue:
        kinds = [Counter(event.kind for event in queue.events(id)) for id in sent]
        workers = {row[0] for row in queue._database.read("SELECT worker FROM jobs")}
    assert all(each["done"] == each["running"] == 1 for each in kinds)
    assert len(workers) == 2  # both had a share


def test_what_a_killed_server_had_at_hand_another_ends_in_the_same_bytes(
    postgres_server: str, tmp_path: Path, undisturbed: str
) -> None:
    url = postgres.fresh(postgres_server)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with server(tmp_path / "one", MIAOBI_DATABASE=url, MIAOBI_TEST_KILL="3") as (client, process):
        id = client.post("/api/jobs", json={"brief": STORY, "formats": ["md"]}).json()["id"]
        assert process.wait(timeout=30) == -signal.SIGKILL
    with Queue(url) as queue:
        assert len(queue._database.read("SELECT name FROM steps")) > 0  # finished steps are in the database
    with server(tmp_path / "two", MIAOBI_DATABASE=url) as (client, _):  # another machine's, as far as files go
        job = ended(client, id)
        assert (job["state"], job["attempts"]) == ("done", 2)
        assert words(client, job["work"]) == undisturbed
