"""kill -9 of the server in the middle of a job: after the next start it ends in the same bytes, once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.run import environment
from tests.server.conftest import KEY

STORY = {"form": "story", "idea": "A thief steals a painting", "length": 450}


@contextmanager
def server(home: Path, **more: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.cli.parroted", "serve", "--port", "0"]
    told = environment(home, MIAOBI_SERVER_KEY=KEY, **more)
    with subprocess.Popen(command, env=told, cwd=home, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        where = re.search(r"(http://\S+)/v1", line)
        assert where, line
        try:
            with httpx.Client(base_url=where[1], headers={"Authorization": f"Bearer {KEY}"}, timeout=30) as client:
                yield client, process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def ended(client: httpx.Client, id: str) -> dict[str, object]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job: dict[str, object] = client.get(f"/api/jobs/{id}").json()
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def words(client: httpx.Client, work: object) -> str:
    return str(client.get(f"/api/works/{work}").json()["text"])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    with server(tmp_path_factory.mktemp("undisturbed")) as (client, _):
        job = client.post("/api/jobs", json={"brief": STORY, "formats": ["md"]}).json()
        return words(client, ended(client, job["id"])["work"])


@pytest.mark.parametrize("calls", [2, 9])
def test_killed_server_goes_on_with_its_jobs(tmp_path: Path, undisturbed: str, calls: int) -> None:
    with server(tmp_path, MIAOBI_TEST_KILL=str(calls)) as (client, process):
        sent = [client.post("/api/jobs", json={"brief": STORY, "formats": ["md"]}).json()["id"]]
        sent.append(client.post("/api/jobs", json={"brief": STORY | {"seed": 1}, "formats": ["md"]}).json()["id"])
        assert process.wait(timeout=30) == -signal.SIGKILL
    with server(tmp_path) as (client, _):
        found = [ended(client, id) for id in sent]
        assert [job["state"] for job in found] == ["done", "done"]
        assert sorted(int(str(job["attempts"])) for job in found) == [1, 2]  # whichever was at hand
        assert words(client, found[0]["work"]) == undisturbed
        assert len(client.get("/api/works").json()["works"]) == 2
        told = [client.get(f"/api/jobs/{id}/events").text for id in sent]
        assert sum(each.count("event: running") for each in told) == 3
        assert [each.count("event: done") for each in told] == [1, 1]


WORLD = {"idea": "A thief steals a painting", "parts": [{"name": name} for name in ("story", "ballad", "haiku")]}


def texts(client: httpx.Client, world: str) -> list[str]:
    parts = client.get(f"/api/worlds/{world}").json()["parts"]
    return [words(client, part["work"]["id"]) for part in parts]


def test_killed_server_goes_on_with_a_world(tmp_path: Path) -> None:
    for home in ("whole", "killed"):
        (tmp_path / home).mkdir()
    with server(tmp_path / "whole") as (client, _):
        whole = client.post("/api/worlds", json=WORLD).json()["id"]
        ended(client, client.post(f"/api/worlds/{whole}/making").json()["id"])
        undisturbed = texts(client, whole)
    with server(tmp_path / "killed", MIAOBI_TEST_KILL="30") as (client, process):
        world = client.post("/api/worlds", json=WORLD).json()["id"]
        job = client.post(f"/api/worlds/{world}/making").json()["id"]
        assert process.wait(timeout=30) == -signal.SIGKILL
    with server(tmp_path / "killed") as (client, _):
        there = client.get(f"/api/worlds/{world}").json()["parts"]
        assert [part["work"] is not None for part in there] == [True, False, False]  # it was in the second's middle
        assert (ended(client, job)["state"], ended(client, job)["attempts"]) == ("done", 2)
        assert texts(client, world) == undisturbed
        told = client.get(f"/api/jobs/{job}/events").text
        assert told.count("event: part") == 3
        steps = re.findall(r'event: step\ndata: \{"name": "([^"]+)", "part": "([^"]+)"', told)
        assert len(steps) == len(set(steps))  # none of them was made twice
