"""A sweep: one brief with one seed over several values, as a grid of jobs of which one work is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.server.conftest import KEY, Served
from tests.server.test_native import events
from tests.server.test_users import client_of

HAIKU = {"form": "haiku", "idea": "A heron in the rain", "seed": 5}
MOODS = {"name": "mood", "values": ["calm", "dark", "wry"]}


@pytest.fixture
def client(parrot: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=parrot.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        yield client


def swept(client: httpx.Client, *axes: Any, brief: Any = HAIKU, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/sweeps", json={"brief": brief, "axes": axes, "formats": ["txt"]} | more)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ended(client: httpx.Client, grid: dict[str, Any]) -> dict[str, Any]:
    for cell in grid["cells"]:
        assert events(client, cell["job"]["id"])[-1][1] == "done"
    found: dict[str, Any] = client.get(f"/api/sweeps/{grid['id']}").json()
    return found


def test_grid_is_made_with_one_seed_and_one_of_it_kept(client: httpx.Client) -> None:
    before = client.post("/api/jobs", json={"brief": HAIKU | {"options": {"mood": "calm"}}, "formats": ["txt"]}).json()
    first = events(client, before["id"])[-1][2]["work"]
    grid = ended(client, swept(client, MOODS, {"name": "tone", "values": ["hushed", "bright"]}))
    assert [cell["place"] for cell in grid["cells"]] == [[i, j] for i in range(3) for j in range(2)]
    assert grid["axes"] == [MOODS, {"name": "tone", "values": ["hushed", "bright"]}]
    works = [client.get(f"/api/works/{cell['job']['work']}").json() for cell in grid["cells"]]
    briefs = [work["made"]["brief"] for work in works]
    assert {brief["seed"] for brief in briefs} == {5}
    assert [(b["options"]["mood"], b["tone"]) for b in briefs[:3]] == [
        ("calm", "hushed"),
        ("calm", "bright"),
        ("dark", "hushed"),
    ]
    client.put(f"/api/boards/Herons/{works[1]['id']}")
    client.post(f"/api/works/{works[2]['id']}/versions", json={"text": "Mine."})
    removed = client.post(f"/api/sweeps/{grid['id']}/keep", json={"job": grid["cells"][5]["job"]["id"]}).json()
    assert set(removed["removed"]) == {works[i]["id"] for i in (0, 3, 4)}
    left = {card["id"] for card in client.get("/api/works").json()["works"]}
    assert {first, works[1]["id"], works[2]["id"], works[5]["id"]} <= left  # what somebody holds dear stays
    assert not set(removed["removed"]) & left


def test_work_that_was_there_before_stays(client: httpx.Client) -> None:
    brief = HAIKU | {"idea": "A heron at noon"}
    grid = ended(client, swept(client, {"name": "mood", "values": ["calm", "dark"]}, brief=brief))
    time.sleep(1.1)  # dates are to the second
    again = ended(client, swept(client, {"name": "mood", "values": ["dark", "wry"]}, brief=brief))
    assert again["cells"][0]["job"]["work"] == grid["cells"][1]["job"]["work"]  # the same brief is the same work
    kept = {"job": again["cells"][1]["job"]["id"]}
    assert client.post(f"/api/sweeps/{again['id']}/keep", json=kept).json() == {"removed": []}


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ([{"name": "kazoo", "values": [1, 2]}], "no wish of a haiku"),
        ([{"name": "mood", "values": ["calm", "calm"]}], "at least two"),
        ([{"name": "mood", "values": ["calm", "peckish"]}], "mood=“peckish”"),
        ([{"name": "audience", "values": ["a", "b"]}], "doesn't heed"),
        ([MOODS, MOODS], "two different"),
        (
            [
                {"name": "tone", "values": ["a", "b", "c", "d", "e"]},
                {"name": "mood", "values": ["", "sad", "calm", "wry"]},
            ],
            "At most 16",
        ),
    ],
)
def test_what_can_not_be_made_is_told_and_nothing_is_queued(client: httpx.Client, axes: Any, said: str) -> None:
    before = client.get("/api/jobs").json()
    answer = client.post("/api/sweeps", json={"brief": HAIKU, "axes": axes})
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert client.get("/api/jobs").json() == before


def test_sweep_beyond_a_user_s_jobs_is_refused_whole_and_is_nobody_else_s(parrot: Served) -> None:
    with client_of(parrot, "sam", jobs=2) as sam, client_of(parrot, "tom") as tom:
        answer = sam.post("/api/sweeps", json={"brief": HAIKU, "axes": [MOODS]})
        assert answer.status_code == 429
        assert sam.get("/api/jobs").json()["jobs"] == []
        grid = swept(tom, MOODS)
        for method, path, body in (("GET", "", None), ("POST", "/keep", {"job": grid["cells"][0]["job"]["id"]})):
            assert sam.request(method, f"/api/sweeps/{grid['id']}{path}", json=body).status_code == 404
        ended(tom, grid)
