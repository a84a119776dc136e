"""Users: each has a room of its own, whatever route is asked; keys have scopes and limits and can be taken back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from miaobi.server.app import create_app
from miaobi.server.meter import Meter
from miaobi.server.pool import Pool
from miaobi.studio.users import Limits, Users
from tests.parrot import Parrot
from tests.server.conftest import KEY, Served, access
from tests.server.test_native import STORY, events, sent

BODIES: dict[tuple[str, str], dict[str, Any]] = {  # good ones, so that nothing else is wrong with a request
    ("POST", "/api/jobs/{id}/move"): {"before": ""},
    ("POST", "/api/works/{id}/versions"): {"text": "Mine now."},
    ("POST", "/api/works/{id}/return"): {"version": "VERSION"},
    ("POST", "/api/works/{id}/variations"): {"seed": 1},
    ("PUT", "/api/works/{id}/locks"): {"parts": []},
    ("POST", "/api/sweeps/{id}/keep"): {"job": "00000000-0000-0000-0000-000000000000"},
    ("POST", "/api/worlds/{id}/parts"): {"parts": [{"name": "tune"}]},
}
OF_NOBODY = re.compile(r"/v1/|/api/(forms|assist)|/health$")  # what isn't a user's


def client_of(served: Served, name: str, **limits: int) -> httpx.Client:
    with Users() as users:
        _, secret = users.add(name, limits=Limits(**limits))
    return httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {secret}"}, timeout=60)


def declared(served: Served) -> list[tuple[str, str]]:
    document = httpx.get(f"{served.url}/openapi.json", headers={"Authorization": f"Bearer {KEY}"}).json()
    return [(method.upper(), path) for path, found in document["paths"].items() for method in found]


def test_no_route_gives_or_changes_what_is_another_user_s(parrot: Served) -> None:
    with client_of(parrot, "ann") as ann, client_of(parrot, "bob") as bob:
        job = sent(ann, STORY | {"seed": 71}, once="mine")
        work = events(ann, job["id"])[-1][2]["work"]
        card = ann.get(f"/api/works/{work}").json()
        assert ann.put(f"/api/boards/sea/{work}").status_code == 200
        idea = {"idea": "A thief steals a painting", "parts": [{"name": "haiku"}]}
        world = ann.post("/api/worlds", json=idea).json()["id"]
        assert events(ann, ann.post(f"/api/worlds/{world}/making").json()["id"])[-1][1] == "done"
        grid = {"brief": STORY, "axes": [{"name": "tone", "values": ["dark", "warm"]}]}
        swept = ann.post("/api/sweeps", json=grid).json()
        for cell in swept["cells"]:
            assert events(ann, cell["job"]["id"])[-1][1] == "done"
        ids = {"jobs": job["id"], "works": work, "worlds": world, "boards": work, "sweeps": swept["id"]}

        def hers() -> list[Any]:
            paths = (f"/api/works/{work}/versions", "/api/boards", f"/api/worlds/{world}", "/api/works")
            return [ann.get(path).json() for path in paths]

        before = hers()
        assert len(before[-1]["works"]) == 4  # the world's and the sweep's are in her library
        walked = 0
        for method, path in declared(parrot):
            if OF_NOBODY.match(path) or "{id}" not in path:
                continue
            names = {
                "id": ids[path.split("/")[2]],
                "part": "haiku",
                "name": "sea" if "boards" in path else card["files"][0]["name"],
                "ending": "md",
            }
            names["version"] = card["version"]
            body = {k: card["version"] if v == "VERSION" else v for k, v in BODIES.get((method, path), {}).items()}
            query = {"old": card["version"], "new": card["version"]} if path.endswith("/difference") else {}
            content = body if method in ("POST", "PUT") else None
            place = path.format(**names)
            answer = bob.request(method, place, json=content, params=query)
            assert answer.status_code == 404, (method, path, answer.status_code, answer.text)
            assert httpx.request(method, parrot.url + place, json=content, params=query).status_code == 401
            walked += 1
        assert walked >= 28
        assert hers() == before
        file = ann.get(f"/api/works/{work}/exports/md").content
        assert ann.post("/api/recognise", params={"name": "x.md"}, content=file).json()["brief"]
        told = bob.post("/api/recognise", params={"name": "x.md"}, content=file).json()
        assert (told["how"], told["work"], told["brief"]) == ("label", None, None)
        for path, name in (
            ("/api/jobs", "jobs"),
            ("/api/queue", "jobs"),
            ("/api/works", "works"),
            ("/api/boards", "boards"),
            ("/api/worlds", "worlds"),
        ):
            assert not bob.get(path).json()[name], path
        assert not bob.get("/api/works", params={"q": "painting"}).json()["works"]
        assert sent(bob, STORY | {"seed": 71}, once="mine")["id"] != job["id"]  # one name, two senders


def test_every_path_is_closed_and_what_changes_wants_the_right_to(parrot: Served) -> None:
    with Users() as users:
        keys = {scope: users.add("ann", [scope])[1] for scope in ("infer", "read", "write")}
    for method, path in declared(parrot):
        if path == "/health":
            continue
        wanted = "infer" if path.startswith("/v1") else "read" if method == "GET" else "write"
        place = re.sub(r"\{\w+\}", "abcd", path)
        for scope, secret in keys.items():
            answer = httpx.request(method, parrot.url + place, headers={"Authorization": f"Bearer {secret}"})
            assert (answer.status_code == 403) == (scope != wanted), (method, path, scope, answer.text)
    for headers in ({"x-api-key": keys["read"]}, {"api-key": keys["read"]}, {"Authorization": keys["read"]}):
        assert httpx.get(f"{parrot.url}/api/works", headers=headers).status_code == 401  # one way in, one set of rules
    assert httpx.get(f"{parrot.url}/api/works", params={"key": keys["read"]}).status_code == 401


def test_key_that_was_taken_back_is_soon_none(parrot: Served) -> None:
    with client_of(parrot, "carl") as carl:
        assert carl.get("/api/works").status_code == 200
        with Users() as users:
            users.revoke("carl")
        deadline = time.monotonic() + 30
        while carl.get("/api/works").status_code == 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert carl.get("/api/works").status_code == 401


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        ({"requests": 3}, ("GET", "/api/works", None)),
        ({"bytes": 100_000}, ("GET", "/api/forms", None)),
        ({"tokens": 30}, ("POST", "/v1/completions", {"model": "parrot", "prompt": "The sea", "max_tokens": 8})),
    ],
)
def test_who_has_had_enough_is_told_when_there_is_more(parrot: Served, limits: Any, asked: Any) -> None:
    method, path, body = asked
    with client_of(parrot, "dora", **limits) as dora, client_of(parrot, "emil") as emil:
        answers = [dora.request(method, path, json=body) for _ in range(12)]
        codes = [answer.status_code for answer in answers]
        assert codes == sorted(codes)
        assert {200, 429} == set(codes)
        last = answers[-1]
        assert 1 <= int(last.headers["retry-after"]) <= 61
        assert last.json()["error"]["code"] == "rate_limit_exceeded"
        assert emil.request(method, path, json=body).status_code == 200  # nobody pays for another


def test_unfinished_jobs_are_limited_and_come_after_nobody_s_else(slow: Served) -> None:
    with client_of(slow, "fay", jobs=2) as fay:
        held = [sent(fay, STORY | {"seed": 400 + i}, engine="slow") for i in range(2)]
        wish = {"brief": STORY | {"seed": 402}, "engine": "slow"}
        answer = fay.post("/api/jobs", json=wish)
        assert (answer.status_code, int(answer.headers["retry-after"]) >= 1) == (429, True)
        for job in held:
            fay.post(f"/api/jobs/{job['id']}/cancel")
            assert events(fay, job["id"])[-1][1] in ("cancelled", "done")
        assert "other people" in fay.post("/api/jobs", json=wish | {"priority": 1}).json()["error"]["message"]
        last = fay.post("/api/jobs", json=wish | {"priority": -1})
        assert last.status_code == 202
        fay.post(f"/api/jobs/{last.json()['id']}/cancel")


def test_what_others_do_is_written_to_a_log_that_shows_when_it_is_altered(
    serve: Callable[..., Served],
) -> None:
    app = create_app(Pool({"parrot": Parrot()}), access(logged=True, limits=Limits(requests=1_000)))
    served = serve(app)
    with client_of(served, "gil") as gil:
        gil.get("/api/works")
        gil.post("/api/jobs", json={"brief": STORY, "formats": ["nope"]})
        httpx.get(f"{served.url}/api/works", headers={"Authorization": "Bearer nope"})
    with Users() as users:
        deadline = time.monotonic() + 20
        while len(told := users.log(2)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert {(entry["owner"], entry["did"], entry["status"]) for entry in told} == {
            (None, "GET /api/works", 401),
            ("gil", "POST /api/jobs", 400),
        }
        assert users.broken() is None
        with users._database.write() as c:
            c.execute("UPDATE audit SET entry = '{}' WHERE number = ?", (told[1]["number"],))
        assert users.broken() == told[1]["number"]
        with users._database.write() as c:
            c.execute("DELETE FROM audit")


def test_buckets_fill_evenly_and_may_owe() -> None:
    now = [0.0]
    meter = Meter(lambda: now[0])
    assert [meter.wait("k", "requests", 2, 1) for _ in range(3)] == [0, 0, 30]
    now[0] = 30.0
    assert meter.wait("k", "requests", 2, 1) == 0
    assert meter.wait("other", "requests", 2, 1) == 0
    meter.spend("k", "tokens", 60, 90)
    assert meter.wait("k", "tokens", 60, 0) == 31
    now[0] = 61.5
    assert meter.wait("k", "tokens", 60, 0) == 0
