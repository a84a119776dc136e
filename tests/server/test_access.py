"""Who is let in, and what bodies do: on a real socket, with nothing between."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from typing import Any

import httpx
import pytest

from tests.server.conftest import KEY, Served

AUTH = {"Authorization": f"Bearer {KEY}"}
CHAT = {"model": "parrot", "messages": [{"role": "user", "content": "Hello."}], "max_tokens": 8}


def post(served: Served, body: bytes | str, **headers: str) -> httpx.Response:
    more = {"Content-Type": "application/json"} | AUTH | headers
    return httpx.post(f"{served.url}/v1/chat/completions", content=body, headers=more, timeout=20)


def routes(served: Served) -> list[tuple[str, str]]:
    document = httpx.get(f"{served.url}/openapi.json", headers=AUTH).json()
    return [(method.upper(), path) for path, found in document["paths"].items() for method in found]


def test_every_route_but_health_wants_the_key(parrot: Served) -> None:
    found = routes(parrot)
    assert ("POST", "/v1/chat/completions") in found
    assert len(found) >= 6
    for method, path in [*found, ("GET", "/openapi.json"), ("GET", "/nowhere")]:
        for headers in ({}, {"Authorization": "Bearer nope"}, {"Authorization": f"Basic {KEY}"}):
            answer = httpx.request(method, parrot.url + path.replace("{name}", "x"), headers=headers)
            assert (answer.status_code, path) == ((200 if path == "/health" else 401), path)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:80"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_foreign_hosts_and_origins_are_turned_away(parrot: Served, headers: dict[str, str], status: int) -> None:
    assert httpx.get(f"{parrot.url}/v1/models", headers=AUTH | headers).status_code == status


def test_own_origin_is_let_in(parrot: Served) -> None:
    assert httpx.get(f"{parrot.url}/v1/models", headers=AUTH | {"Origin": parrot.url}).status_code == 200


def test_answers_say_that_nothing_of_them_may_run_or_be_kept(parrot: Served) -> None:
    answer = httpx.get(f"{parrot.url}/health")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        json.dumps(CHAT | {"temperature": float("nan")}).encode(),
        json.dumps(CHAT | {"temperature": float("inf")}).encode(),
        b'{"model": "parrot", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"model": "parrot", "messages": [{"role": "user", "content": "a\\u0000b"}]}',
        b'{"model": "\\ud800", "messages": [{"role": "user", "content": "x"}]}',
        b'{"model": "parrot", "messages": [{"role": "\\ud800", "content": "x"}]}',
        json.dumps(CHAT | {"seed": 10**30}).encode(),
        b'{"model": "parrot", "max_tokens": 1e400, "messages": [{"role": "user", "content": "x"}]}',
        b"[" * 20_000,
        b'{"a":' * 20_000,
        json.dumps(CHAT | {"n": 17}).encode(),
        json.dumps(CHAT | {"stop": ["a"] * 17}).encode(),
    ],
)
def test_bad_bodies_are_told_as_such(parrot: Served, body: bytes) -> None:
    answer = post(parrot, body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]["message"]


def test_large_bodies_are_refused_by_their_length_and_while_they_arrive(parrot: Served) -> None:
    assert post(parrot, b" " * 200_001).status_code == 413
    link = http.client.HTTPConnection(parrot.host, parrot.port, timeout=20)

    def chunks() -> Any:
        for _ in range(30):
            yield b" " * 10_000

    link.request(
        "POST", "/v1/chat/completions", chunks(), AUTH | {"Content-Type": "application/json"}, encode_chunked=True
    )
    assert link.getresponse().status == 413
    link.close()


def test_other_methods_and_places_are_told_as_such(parrot: Served) -> None:
    assert httpx.get(f"{parrot.url}/v1/chat/completions", headers=AUTH).status_code == 405
    for path in ("/v1/nothing", "/..%2f..%2fetc/passwd", "/v1/models/../../x"):
        answer = httpx.get(parrot.url + path, headers=AUTH)
        assert (answer.status_code, "error" in answer.json()) == (404, True)


def test_client_that_goes_away_frees_the_engine(real: Served) -> None:
    body = json.dumps({"model": "smollm2", "prompt": "Count:", "max_tokens": 3000, "stream": True}).encode()
    head = (
        f"POST /v1/completions HTTP/1.1\r\nHost: {real.host}:{real.port}\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((real.host, real.port)) as link:
        link.sendall(head.encode() + body)
        assert b"200 OK" in link.recv(1000)
        link.recv(1000)
    short = {"model": "smollm2", "prompt": "A", "max_tokens": 1}
    answer = httpx.post(f"{real.url}/v1/completions", json=short, headers=AUTH, timeout=20)  # 3,000 tokens take longer
    assert answer.status_code == 200


def test_streams_at_once_are_each_their_own(real: Served) -> None:
    def asked(seed: int) -> str:
        body = {"model": "smollm2", "prompt": "The sea", "max_tokens": 10, "seed": seed, "stream": True}
        with httpx.stream("POST", f"{real.url}/v1/completions", json=body, headers=AUTH, timeout=60) as answer:
            events = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: {")]
        return "".join(event["choices"][0]["text"] for event in events)

    alone = [asked(seed) for seed in range(4)]
    found: dict[int, str] = {}
    threads = [threading.Thread(target=lambda s=seed: found.update({s: asked(s)})) for seed in range(4)]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[seed] for seed in range(4)] == alone
    assert len(set(alone)) > 1
