"""The list of what is sent to servers to hurt them, each on a real socket: answered 4xx with our error, never 5xx."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.requests import ClientDisconnect

from miaobi.server import listening, strict
from miaobi.server.access import Gate
from tests.server.conftest import KEY, Served, access

AUTH = {"Authorization": f"Bearer {KEY}"}
JSON = AUTH | {"Content-Type": "application/json"}
BRIEF = '{"form": "story", "idea": "A thief steals a painting"}'
PRIORITY = f'{{"brief": {BRIEF}, "priority": 0}}'


def post(served: Served, path: str, body: bytes | str, **headers: str) -> httpx.Response:
    return httpx.post(served.url + path, content=body, headers=JSON | headers, timeout=30)


@pytest.mark.parametrize("path", ["/api/jobs", "/v1/chat/completions", "/v1/completions", "/api/assist/critique"])
@pytest.mark.parametrize(
    "body",
    [
        PRIORITY.replace("0", "NaN"),
        PRIORITY.replace("0", "Infinity"),
        PRIORITY.replace("0", "-Infinity"),
        PRIORITY.replace("0", "1e400"),
        PRIORITY.replace("0", "1" * 5_000),
        PRIORITY.replace("0", "1" * 300),
        f'{{"brief": {BRIEF}, "engine": "\\ud800"}}',
        '{"brief": {"form": "story", "idea": "x", "options": {"\\udfff": 1}}}',
        '{"brief": {"form": "story", "idea": "a\\u0000b"}}',
        f'{{"brief": {BRIEF}, "brief": {BRIEF}}}',
        '{"brief": {"form": "story", "form": "haiku", "idea": "x"}}',
        '{"brief": {"form": "story", "idea": "x", "options": ' + '{"a":' * 200 + "1" + "}" * 202,
        '{"a":' * 90_000,
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '"' + "\\u0000" * 1_000 + '"',
        b'{"brief": "\xff\xfe"}',
        b'{"brief": "\xc0\xaf"}',
        b"\xef\xbb\xbf{}",
        b"\x00" * 1_000,
        b'{"brief": {"form": "story", "idea": "x"}} trailing',
        "{'brief': 1}",
    ],
)
def test_bodies_that_readers_disagree_about_are_refused(parrot: Served, path: str, body: bytes | str) -> None:
    answer = post(parrot, path, body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_body_that_does_not_say_that_it_is_json_is_none(parrot: Served, kind: str) -> None:
    headers = AUTH | ({"Content-Type": kind} if kind else {})
    answer = httpx.post(f"{parrot.url}/api/jobs", content=f'{{"brief": {BRIEF}}}', headers=headers)
    assert answer.status_code == 400


def test_strict_reader_takes_what_is_json() -> None:
    for value in (None, [], {}, "春江 🚢", 1.5e300, -(10**300), {"a": [{"b": None}] * 50}, "\u2028"):
        assert strict.fault(json.dumps(value).encode()) == ""
        assert strict.fault(json.dumps(value, ensure_ascii=False).encode()) == ""
    assert strict.fault(b"[" * strict.DEEPEST + b"]" * strict.DEEPEST) == ""
    assert "deeper" in strict.fault(b"[" * (strict.DEEPEST + 1) + b"1" + b"]" * (strict.DEEPEST + 1))


def test_compressed_body_is_not_unpacked(parrot: Served) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = post(parrot, "/api/jobs", bomb, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a\r\nSet-Cookie: x=1", "a\x00.md", "%0d%0aX: y", "C:\\a"],
)
def test_names_climb_nowhere_and_split_no_header(parrot: Served, name: str) -> None:
    for path in ("/api/works/0000/files/{}", "/api/works/0000/exports/{}", "/api/boards/{}/0000", "/v1/models/{}"):
        for method in ("GET", "PUT", "DELETE"):
            answer = httpx.request(method, parrot.url + path.format(quote(name, safe="")), headers=AUTH)
            assert answer.status_code in (400, 404, 405), (method, path, answer.status_code)
            assert "set-cookie" not in answer.headers
            assert "root:" not in answer.text


def raw(served: Served, sent: bytes, wait: float = 20.0) -> bytes:
    with socket.create_connection((served.host, served.port), timeout=wait) as link:
        link.sendall(sent)
        received = b""
        while part := link.recv(65_536):
            received += part
            if b"\r\n\r\n" in received and received.startswith(b"HTTP/1.1 4"):
                break
        return received


def head(served: Served, *lines: str, path: str = "/api/jobs", method: str = "POST") -> bytes:
    first = [f"{method} {path} HTTP/1.1", f"Host: {served.host}:{served.port}", f"Authorization: Bearer {KEY}"]
    return ("\r\n".join([*first, *lines]) + "\r\n\r\n").encode()


def test_requests_that_are_none_are_answered_400(parrot: Served) -> None:
    long = "x" * 70_000
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 3 + b"\r\n\r\n",  # TLS
        b"GET / HTTP/9.9\r\n\r\n",
        head(parrot, f"X-Long: {long}"),
        head(parrot, "Content-Length: 5", "Content-Length: 6"),
        head(parrot, "Content-Length: -1"),
        head(parrot, "Content-Length: 5", "Transfer-Encoding: chunked") + b"zz\r\n",
        head(parrot, "Transfer-Encoding: chunked") + b"zz\r\n",
    ):
        answer = raw(parrot, sent)
        assert answer.startswith(b"HTTP/1.1 4"), (sent[:60], answer[:60])
    assert httpx.get(f"{parrot.url}/health").status_code == 200


def test_length_that_is_100_mb_is_refused_before_it_is_read(parrot: Served) -> None:
    begun = time.process_time()
    answer = raw(parrot, head(parrot, "Content-Type: application/json", "Content-Length: 100000000"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert time.process_time() - begun < 1.0


def test_chunks_without_end_are_cut_off(parrot: Served) -> None:
    with socket.create_connection((parrot.host, parrot.port), timeout=20) as link:
        link.sendall(head(parrot, "Content-Type: application/json", "Transfer-Encoding: chunked"))
        sent, answer = 0, b""
        try:
            while sent < 50_000_000 and not answer:
                link.sendall(b"2710\r\n" + b" " * 10_000 + b"\r\n")
                sent += 10_000
                link.setblocking(False)
                with suppress(BlockingIOError):
                    answer = link.recv(1_000)
                link.settimeout(20)
        except (BrokenPipeError, ConnectionResetError):
            answer = answer or b"closed"
    assert answer.startswith(b"HTTP/1.1 413") or answer == b"closed"
    assert sent < 5_000_000
    assert httpx.get(f"{parrot.url}/health").status_code == 200


def test_head_that_comes_too_slowly_is_not_waited_for(parrot: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD", 0.3)
    for begun in (b"", b"GET /health HT", head(parrot, method="GET", path="/health")[:-2]):
        assert raw(parrot, begun) == b""  # closed
    whole = f"GET /health HTTP/1.1\r\nHost: {parrot.host}:{parrot.port}\r\n\r\n".encode()
    with socket.create_connection((parrot.host, parrot.port), timeout=20) as link:
        for _ in range(2):  # a connection that is kept alive is none that is slow
            link.sendall(whole)
            received = b""
            while not received.endswith(b"}"):
                received += link.recv(65_536)
            assert received.startswith(b"HTTP/1.1 200 OK")
            time.sleep(0.5)
        link.sendall(whole[:20])
        assert link.recv(100) == b""


class Wire:
    """What a gate is told and tells: a client that sends parts with pauses, and takes or doesn't take."""

    def __init__(self, parts: list[tuple[float, bytes]], takes: bool = True) -> None:
        self._parts, self._takes = parts, takes
        self.told: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        pause, body = self._parts.pop(0) if self._parts else (1e6, b"")
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": body, "more_body": bool(self._parts)}

    async def send(self, message: Any) -> None:
        if not self._takes:
            await asyncio.sleep(1e6)
        self.told.append(message)


def scope() -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {KEY}".encode())]
    return {"type": "http", "method": "POST", "path": "/api/jobs", "headers": headers, "client": ("127.0.0.1", 1)}


def test_body_that_comes_too_slowly_is_answered_408() -> None:
    wire = Wire([(0.0, b"a")] * 3 + [(0.2, b"b")] * 50)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("no route runs")

    asyncio.run(Gate(app, access(body_seconds=0.3))(scope(), wire.receive, wire.send))
    assert wire.told[0]["status"] == 408


def test_reader_that_stops_reading_frees_what_it_held() -> None:
    freed = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        except ClientDisconnect:
            freed.append(True)
            raise

    wire = Wire([(0.0, b"")], takes=False)
    asyncio.run(Gate(app, access(send_seconds=0.2))(scope(), wire.receive, wire.send))
    assert freed == [True]


def test_idle_streams_hold_up_nobody(slow: Served) -> None:
    job = httpx.post(
        f"{slow.url}/api/jobs", json={"brief": json.loads(BRIEF), "engine": "slow", "formats": ["md"]}, headers=AUTH
    )
    id = job.json()["id"]
    httpx.post(f"{slow.url}/api/jobs/{id}/pause", headers=AUTH)
    links = []
    try:
        for _ in range(100):
            link = socket.create_connection((slow.host, slow.port), timeout=20)
            link.sendall(head(slow, method="GET", path=f"/api/jobs/{id}/events"))
            links.append(link)
        assert all(link.recv(15) == b"HTTP/1.1 200 OK" for link in links)
        assert httpx.get(f"{slow.url}/api/works", headers=AUTH, timeout=20).status_code == 200
    finally:
        for link in links:
            link.close()
        httpx.post(f"{slow.url}/api/jobs/{id}/cancel", headers=AUTH)
