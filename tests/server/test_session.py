"""The door of the page: a link that works once, a cookie, and what neither of them opens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from miaobi.server.access import Access
from miaobi.server.app import create_app, host_names
from miaobi.server.artifact import Artifacts
from miaobi.server.pool import Pool
from miaobi.server.session import INVITATION, OPEN, Sessions
from tests.parrot import Parrot
from tests.server.conftest import KEY, Served


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture(scope="module")
def page(sessions: Sessions) -> Iterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    access = Access(Access.digest(KEY), host_names("127.0.0.1"), sessions=sessions)
    server = uvicorn.Server(uvicorn.Config(create_app(Pool({"parrot": Parrot()}), access), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Served("127.0.0.1", listening.getsockname()[1])
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def inside(page: Served, sessions: Sessions) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.url) as client:
        assert client.post("/session", json={"token": sessions.invite()}).json() == {"open": True}
        yield client


def test_link_opens_one_session_once(page: Served, sessions: Sessions) -> None:
    token = sessions.invite()
    first = httpx.post(f"{page.url}/session", json={"token": token})
    cookie = first.headers["set-cookie"].lower()
    assert first.status_code == 200
    assert cookie.startswith(f"miaobi-{page.port}=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    again = httpx.post(f"{page.url}/session", json={"token": token})
    assert (again.status_code, again.json(), "set-cookie" in again.headers) == (401, {"open": False}, False)


def test_key_opens_a_session_and_a_wrong_one_does_not(page: Served) -> None:
    assert httpx.post(f"{page.url}/session", json={"key": KEY}).status_code == 200
    for wrong in ({"key": KEY[:-1]}, {"key": ""}, {"token": KEY}, {}, {"key": "\u00fc" * 300}):
        assert httpx.post(f"{page.url}/session", json=wrong).status_code == 401


def test_link_runs_out_and_sessions_are_bounded() -> None:
    now = 0.0
    sessions = Sessions(clock=lambda: now)
    late = sessions.invite()
    now = INVITATION + 1
    assert sessions.enter(late, b"k") == ""
    first = sessions.begin(b"k")
    for _ in range(OPEN):
        sessions.begin(b"k")
    assert sessions.key_of(first) is None
    last = sessions.begin(b"k")
    assert sessions.key_of(last) == b"k"
    sessions.end(last)
    assert sessions.key_of(last) is None


def test_cookie_reads_and_changes_only_with_the_pages_own_origin(inside: httpx.Client, page: Served) -> None:
    assert inside.get("/api/forms").status_code == 200
    brief = {"brief": {"form": "haiku", "idea": "rain"}}
    assert inside.post("/api/jobs", json=brief).status_code == 403
    for origin in ("http://127.0.0.1:1", "http://localhost", "null"):
        assert inside.post("/api/jobs", json=brief, headers={"Origin": origin}).status_code == 403
    for site in ("cross-site", "same-site"):
        assert inside.get("/api/forms", headers={"Sec-Fetch-Site": site}).status_code == 403
    made = inside.post("/api/jobs", json=brief, headers={"Origin": page.url, "Sec-Fetch-Site": "same-origin"})
    assert made.status_code == 202
    inside.post(f"/api/jobs/{made.json()['id']}/cancel", headers={"Origin": page.url})


def test_session_ends(inside: httpx.Client) -> None:
    assert inside.get("/session").json() == {"open": True}
    assert inside.delete("/session").json() == {"open": False}
    assert inside.get("/api/forms").status_code == 401


def test_cookie_of_another_port_opens_nothing(inside: httpx.Client, page: Served) -> None:
    secret = inside.cookies[f"miaobi-{page.port}"]
    for cookies in ({"miaobi-1": secret}, {f"miaobi-{page.port}": secret[:-1]}, {f"miaobi-{page.port}": ""}):
        assert httpx.get(f"{page.url}/api/forms", cookies=cookies).status_code == 401


def test_what_is_open_gives_nothing_of_a_users_away(page: Served) -> None:
    for path in ("/api/forms", "/api/works", "/api/jobs", "/v1/models", "/openapi.json", "/worksheet", "/sessions"):
        assert httpx.get(page.url + path).status_code == 401, path
    for path in ("/artifact/nothing", "/assets/nothing.js", "/assets/..%2f..%2fapp.py"):
        assert httpx.get(page.url + path).status_code in {400, 404}, path


def test_server_without_a_page_has_no_door(parrot: Served) -> None:
    for path in ("/", "/session", "/create", "/artifact/x"):
        assert httpx.get(parrot.url + path).status_code == 401


def test_address_of_an_artifact_runs_out() -> None:
    now = 0.0
    artifacts = Artifacts(clock=lambda: now)
    token = artifacts.show(b"<p>")
    assert artifacts.find(token) == b"<p>"
    now = 61.0
    with pytest.raises(Exception, match="run out"):
        artifacts.find(token)
