"""What went wrong in other people's studios and servers, each incident a test of ours; docs/security.md has the table.

Those that other files test already stand in that table with the test's name, and ``test_table`` looks that it is there.
"""

from __future__ import annotations

import ast
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from miaobi.cli import main
from miaobi.engines.openai_compatible import OpenAICompatible
from miaobi.errors import CheckpointError, EngineError
from miaobi.types import Prompt, Request, write
from tests.server.conftest import KEY, Served
from tests.server.test_native import STORY, events, sent
from tests.server.test_users import client_of

ROOT = Path(__file__).parents[2]
AUTH = {"Authorization": f"Bearer {KEY}"}


class Canary(ThreadingHTTPServer):
    """A server that must not be asked; ``answers`` says what it would say. It keeps who came."""

    daemon_threads = True

    def __init__(self, answers: Callable[[BaseHTTPRequestHandler], None] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Perch)
        self.visits: list[str] = []
        self.answers = answers
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Perch(BaseHTTPRequestHandler):
    server: Canary

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.visits.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
        if self.server.answers:
            self.server.answers(self)
        else:
            say(self, b"canary")

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


def say(to: BaseHTTPRequestHandler, content: bytes, kind: str = "text/plain", status: int = 200, **more: str) -> None:
    to.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **more}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(content)


@pytest.fixture
def canary() -> Iterator[Canary]:
    perch = Canary()
    yield perch
    perch.shutdown()
    perch.server_close()


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The names that are looked up and the addresses that are connected to in this process, the tests' own left out."""
    found: list[Any] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect
    ours = {"127.0.0.1", "localhost"}

    def looked(host: Any, *rest: Any, **more: Any) -> Any:
        if str(host) not in ours:
            found.append(host)
        return look_up(host, *rest, **more)

    def connected(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ours:
            found.append(address)
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", looked)
    monkeypatch.setattr(socket.socket, "connect", connected)
    return found


def disguises(port: int) -> list[str]:
    """One address in the spellings that filters of addresses have let through."""
    hosts = ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "[::1]",
             "[::ffff:127.0.0.1]", "localtest.me", "127.0.0.1.nip.io", "０x7f.1", "169.254.169.254"]  # fmt: skip
    plain = [f"http://{host}:{port}/canary" for host in hosts]
    odd = [f"http://example.com@127.0.0.1:{port}/", f"http:\\\\127.0.0.1:{port}\\@example.com/", f"//127.0.0.1:{port}/",
           f"http://127.0.0.1:{port}#.example.com", f"http:127.0.0.1:{port}", f"gopher://127.0.0.1:{port}/_x",
           "file:///etc/passwd", f"HTTP://127.0.0.1:{port}/v1,http://127.0.0.1:{port}/v1#m"]  # fmt: skip
    return plain + odd


# --- requests made for others (SSRF): CVE-2026-45400, CVE-2026-34526, CVE-2026-46372, CVE-2026-24779, CVE-2026-0599


def test_no_text_of_a_request_makes_the_server_ask_anybody(parrot: Served, canary: Canary, dialled: list[Any]) -> None:
    with httpx.Client(base_url=parrot.url, headers=AUTH, timeout=60) as client:
        for url in disguises(canary.port):
            asked = client.post("/api/jobs", json={"brief": STORY, "engine": url})
            assert asked.status_code == 404, asked.text
            turn = {"role": "user", "content": f"Look: ![x]({url}) [y]({url}) <img src='{url}'>"}
            assert client.post("/v1/chat/completions", json={"model": url, "messages": [turn]}).status_code == 404
        said = {"model": "parrot", "messages": [turn], "max_tokens": 2}
        assert client.post("/v1/chat/completions", json=said).status_code == 200
        picture = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}
        assert client.post("/v1/chat/completions", json=said | {"messages": [picture]}).status_code == 400
        text = {"text": turn["content"], "language": "en"}
        assert client.post("/api/assist/critique", json=text).status_code == 200
        assert client.post("/api/assist/continue", json=text | {"engine": url}).status_code == 404
        url = f"http://127.0.0.1:{canary.port}"
        sheet = {"kind": "style", "name": f"{url}/x", "text": f"see {url}/y"}
        job = sent(client, STORY | {"idea": f"A thief reads ![x]({url}/)", "references": [sheet]})
        work = events(client, job["id"])[-1][2]["work"]
        for ending in client.get(f"/api/works/{work}").json()["exports"]:
            assert client.get(f"/api/works/{work}/exports/{ending}").status_code == 200
    assert canary.visits == []
    assert dialled == []


def test_no_body_has_a_field_for_an_address(parrot: Served) -> None:
    """Webhooks, callbacks and base URLs: what isn't there can't be turned against the network."""
    schema = httpx.get(f"{parrot.url}/openapi.json", headers=AUTH, timeout=60).json()
    fields = set(re.findall(r'"(\w+)": ?\{', json.dumps(schema)))
    word = re.compile(r"(?:^|_)(?:url|uri|webhook|callback|host|endpoint|address|proxy)s?(?:_|$)", re.I)
    assert "idea" in str(schema)
    assert not {field for field in fields if word.search(field)}


def test_redirected_download_of_a_checkpoint_does_not_enter_a_private_network(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from miaobi.engines import addition, catalog

    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    for host in ("localhost", "127.0.0.2", "[::ffff:127.0.0.1]", "0x7f000001"):
        target = f"http://{host}:{canary.port}/latest/meta-data/x.gguf"
        front = Canary(lambda to, target=target: say(to, b"", status=302, Location=target))  # type: ignore[misc]
        with pytest.raises(CheckpointError, match="leads on to"):
            catalog.add(f"http://127.0.0.1:{front.port}/x.gguf")
        front.shutdown()
        front.server_close()
    assert canary.visits == []
    assert not addition._is_public("169.254.169.254")
    assert not addition._is_public("::ffff:10.0.0.1")
    assert addition._is_public("93.184.215.14")


# --- hostile model servers: CVE-2025-64496 ------------------------------------------------------------------------


def model_server(*lines: str, models: Any = None) -> Canary:
    listed = {"data": [{"id": "m", "owned_by": "vllm"}]} if models is None else models

    def answer(to: BaseHTTPRequestHandler) -> None:
        if to.path.endswith("/models"):
            say(to, json.dumps(listed).encode(), "application/json")
        else:
            say(to, "\n\n".join(lines).encode() + b"\n\n", "text/event-stream")

    return Canary(answer)


TEXT = 'data: {"choices": [{"text": "plain ", "finish_reason": null}]}'
STOP = 'data: {"choices": [{"text": "", "finish_reason": "stop"}]}'


def test_events_of_a_model_server_are_text_and_nothing_else() -> None:
    script = '<img src=x onerror="fetch(1)"> \x1b]0;title\x07'
    evil = json.dumps({"choices": [{"text": script, "execute": "import os", "tool_calls": [{"function": "x"}]}]})
    server = model_server('event: execute\ndata: {"choices": [], "code": "alert(1)"}', TEXT, f"data: {evil}", STOP)
    engine = OpenAICompatible(f"http://127.0.0.1:{server.port}/v1")
    [done] = write(engine, Request(Prompt("x"), 50, seed=1))
    assert done.text == "plain " + script  # what shows it escapes it: test_page_of_the_work
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("line", [
    'data: {"choices": [{"text": "x"}', "data: []", "data: null", 'data: {"choices": {"a": 1}}',
    'data: {"choices": ["x"]}', 'data: {"choices": [{"text": "cut off"}]}',
    'data: {"choices": [{"text": "x", "logprobs": {"content": [{}]}}]}', 'data: {"error": {"message": "no"}}',
    "data: " + '{"choices": [{"text": "' + "x" * 20_000 + '"}]}', "x" * 2_000_000,
])  # fmt: skip
def test_model_server_that_speaks_otherwise_is_an_error_and_no_defect(line: str) -> None:
    server = model_server(line)
    engine = OpenAICompatible(f"http://127.0.0.1:{server.port}/v1", tries=1)
    with pytest.raises(EngineError):
        write(engine, Request(Prompt("x"), 50, seed=1))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "models", [[], "x", {"data": "x"}, {"data": [1]}, {"data": [{"id": "m", "max_model_len": "x"}]}]
)
def test_model_server_that_lists_nonsense_is_an_error(models: Any) -> None:
    server = model_server(models=models)
    with pytest.raises(EngineError):
        OpenAICompatible(f"http://127.0.0.1:{server.port}/v1", tries=1)
    server.shutdown()
    server.server_close()


def test_key_follows_no_redirection(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_API_KEY", "sk-secret")
    front = Canary(lambda to: say(to, b"", status=307, Location=f"http://127.0.0.1:{canary.port}{to.path}"))
    with pytest.raises(EngineError, match="307"):
        OpenAICompatible(f"http://127.0.0.1:{front.port}/v1", tries=1)
    assert canary.visits == []
    front.shutdown()
    front.server_close()


# --- whose it is: CVE-2026-45349, -45671, -45395, -54015 (and tests/server/test_users.py), -45339, -44551 ---------


def test_version_is_asked_for_by_its_own_work_only(parrot: Served) -> None:
    with client_of(parrot, "dora") as dora:
        works = []
        for seed in (81, 82):
            job = sent(dora, STORY | {"seed": seed})
            works.append(events(dora, job["id"])[-1][2]["work"])
        mine, other = works
        version = dora.get(f"/api/works/{other}").json()["version"]
        assert dora.get(f"/api/works/{other}/versions/{version}").status_code == 200
        assert dora.get(f"/api/works/{mine}/versions/{version}").status_code == 404
        assert dora.post(f"/api/works/{mine}/return", json={"version": version}).status_code == 404
        edit = {"text": "Mine.", "after": version}
        assert dora.post(f"/api/works/{mine}/versions", json=edit).status_code == 404
        both = {"old": version, "new": version}
        assert dora.get(f"/api/works/{mine}/difference", params=both).status_code == 404
        name = dora.get(f"/api/works/{other}").json()["files"][0]["name"]
        assert dora.get(f"/api/works/{mine}/files/{name}").status_code == 404


def test_empty_and_odd_keys_open_nothing(parrot: Served) -> None:
    for value in ("", "Bearer", "Bearer null", "Bearer undefined", "Basic Og==", "Bearer " + "0" * 64, f"bearer:{KEY}",
                  f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", KEY):  # fmt: skip
        assert httpx.get(f"{parrot.url}/api/works", headers={"Authorization": value}).status_code == 401, value


def test_route_that_nobody_thought_of_is_closed(parrot: Served) -> None:
    """Deny by default: the gate asks for a key before any route is looked for."""
    for path in ("/api/new-route", "/v1/files", "/v2/models", "/docs", "/redoc", "/metrics", "/library.db", "/users.db",
                 "/../library.db", "/assets/../../library.db", "/static/x", "/.env", "/api"):  # fmt: skip
        assert httpx.get(parrot.url + path).status_code in (401, 404), path
        assert httpx.get(parrot.url + path, headers=AUTH).status_code == 404, path


# --- what runs: CVE-2025-12487/12488, text-generation-webui#320, ShadowMQ, CVE-2025-66448, CVE-2024-21575/77 ------


@pytest.mark.parametrize("more", [{"trust_remote_code": True}, {"use_fast": False, "trust_remote_code": 1}])
def test_trust_is_no_parameter(parrot: Served, more: dict[str, Any]) -> None:
    answer = httpx.post(f"{parrot.url}/api/jobs", json={"brief": STORY, **more}, headers=AUTH)
    assert answer.status_code == 400
    answer = httpx.post(f"{parrot.url}/api/jobs", json={"brief": STORY | {"options": more}}, headers=AUTH)
    assert answer.status_code == 400


_RUNS = {"eval", "exec", "compile", "__import__"}
_UNPACKS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}
_BY_PICKLE = {"all_gather_object", "broadcast_object_list", "gather_object", "scatter_object_list", "send_object_list"}


def test_nothing_is_evaluated_unpickled_or_given_to_a_shell() -> None:
    suspect = re.compile(
        "|".join([*_RUNS, *_UNPACKS, *_BY_PICKLE, r"\bsystem\(", "shell", "trust_remote", r"torch\.load"])
    )
    faults = []
    for path in (ROOT / "src").rglob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if suspect.search(source) else ():
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
                faults += [f"{where} imports {m}" for m in modules if m.partition(".")[0] in _UNPACKS]
            if isinstance(node, ast.Call):
                faults += [f"{where} {what}" for what in _dangers(node)]
    assert not faults


def _dangers(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    of = getattr(getattr(call.func, "value", None), "id", "")
    if (isinstance(call.func, ast.Name) and name in _RUNS) or name in _BY_PICKLE:
        yield name
    if (of, name) in (("os", "system"), ("os", "popen"), ("torch", "load")):
        yield f"{of}.{name}"
    for given in call.keywords:
        if given.arg == "shell":
            yield "shell"
        if given.arg == "trust_remote_code" and not (
            isinstance(given.value, ast.Constant) and given.value.value is False
        ):
            yield "trust_remote_code"


def test_guard_against_evaluation_sees_what_it_looks_for() -> None:
    for source in ("eval('1')", "os.system('x')", "run(x, shell=True)", "f(trust_remote_code=x)", "torch.load(x)",
                   "torch.distributed.all_gather_object(a, b)"):  # fmt: skip
        assert [d for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) for d in _dangers(n)], source


# --- names: CVE-2026-44650 (".") ----------------------------------------------------------------------------------


def test_name_of_a_dot_deletes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    keep = [
        home / place for place in ("checkpoints/mine/checkpoint.json", "runs/one/run.json", "users/ann/x", "jobs/x")
    ]
    for path in keep:
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    monkeypatch.setenv("MIAOBI_HOME", str(home))
    monkeypatch.chdir(home)
    for name in (".", "..", "./", "../..", " . ", "．", "", "/", "mine/..", "~"):
        for verb in (["checkpoints", "remove"], ["works", "remove"], ["users", "revoke"], ["users", "add"]):
            assert main([*verb, name]) != 0, (verb, name)
    assert all(path.exists() for path in keep)


# --- numbers, schemas and patterns: CVE-2026-21869, CVE-2025-48944, CVE-2024-34359 --------------------------------


_NUMBERS = ("n", "max_tokens", "top_k", "top_p", "min_p", "temperature", "presence_penalty", "frequency_penalty",
            "seed", "logprobs")  # fmt: skip
_LEGAL = {("presence_penalty", -1), ("frequency_penalty", -1), ("seed", -1), ("seed", -(2**31)), ("seed", 2**31)}


@pytest.mark.parametrize("field", _NUMBERS)
def test_number_out_of_its_range_never_reaches_an_engine(parrot: Served, field: str) -> None:
    with httpx.Client(base_url=parrot.url, headers=AUTH) as client:
        for value in (-1, -(2**31), 2**31, 2**63, -(2**63) - 1, 1e308, "1; drop"):
            answer = client.post(
                "/v1/completions", json={"model": "parrot", "prompt": "x", "max_tokens": 1, field: value}
            )
            assert answer.status_code == (200 if (field, value) in _LEGAL else 400), (value, answer.text)


_BOMBS = [
    {"type": "string", "pattern": "(a+)+$"}, {"type": "string", "pattern": "(" * 500},
    {"type": "string", "pattern": "a{1,99999999}"}, {"type": "nonsense"}, {"type": ["string", 7]},
    {"$ref": "#"}, {"$ref": "http://127.0.0.1:9/x.json"}, {"$ref": "file:///etc/passwd"},
    {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, {"enum": []}, {"minLength": 10**9, "type": "string"},
    {"allOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "object", "required": ["x"] * 5_000},
]  # fmt: skip


@pytest.mark.checkpoint
def test_schemas_and_grammars_that_hurt_leave_the_server_standing(real: Served) -> None:
    with httpx.Client(base_url=real.url, headers=AUTH, timeout=120) as client:
        model = client.get("/v1/models").json()["data"][0]["id"]
        ask = {"model": model, "messages": [{"role": "user", "content": "x"}], "max_tokens": 2, "seed": 1}
        for schema in _BOMBS:
            form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
            assert client.post("/v1/chat/completions", json=ask | {"response_format": form}).status_code < 500, schema
        for grammar in (
            "root ::= root",
            "root ::= (" * 200,
            'root ::= "a" nothing',
            "{{ ''.__class__ }}",
            "root ::= " + '"a"? ' * 400,
        ):
            assert client.post("/v1/chat/completions", json=ask | {"grammar": grammar}).status_code < 500, grammar
        assert client.post("/v1/chat/completions", json=ask).status_code == 200


# --- what is shown: CVE-2025-64495, open-webui#18387, CVE-2026-45315, Gradio's open redirect ----------------------

_LIVE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg/onload=alert(1)>',
    "[x](javascript:alert(1))",
)


def test_files_of_a_work_have_nothing_live_of_its_texts(parrot: Served) -> None:
    brief = {"form": "free-verse", "idea": "Snow", "title": "".join(_LIVE)}
    live = re.compile(
        r"<(?:script|iframe|object|embed)\b|<[^>]*[\s/]on\w+\s*=|(?:href|src)\s*=\s*[\"']?javascript:", re.I
    )
    assert all(live.search(text) for text in _LIVE[:3])
    with httpx.Client(base_url=parrot.url, headers=AUTH, timeout=60) as client:
        asked = client.post("/api/jobs", json={"brief": brief})
        work = events(client, asked.json()["id"])[-1][2]["work"]
        for ending in ("html", "svg"):
            answer = client.get(f"/api/works/{work}/exports/{ending}")
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert "alert(1)" in answer.text  # as words
            assert not live.search(answer.text), ending
        cover = client.get(f"/api/works/{work}/cover")
        assert "sandbox" in cover.headers["Content-Security-Policy"]


def test_no_address_leads_out_of_the_server(parrot: Served) -> None:
    for path in ("//example.com", "///example.com/", "/\\example.com", "/%5cexample.com", "/api//example.com/..",
                 "/v1/models/", "/session?next=//example.com", "/health/", "/http://example.com"):  # fmt: skip
        for headers in ({}, AUTH):
            answer = httpx.get(parrot.url + path, headers=headers, follow_redirects=False)
            place = answer.headers.get("Location", "")
            assert not place or re.match(rf"(?:{re.escape(parrot.url)})?/(?![/\\\\])", place), (path, place)


# --- the table ----------------------------------------------------------------------------------------------------


def test_table_names_every_incident_and_each_test_of_it_exists() -> None:
    table = (ROOT / "docs" / "security.md").read_text("utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| ") and "::" in line]
    assert len(rows) >= 20
    for row in rows:
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row):
            assert re.search(rf"^\s*(?:async )?def {name}\b", (ROOT / file).read_text("utf-8"), re.M), (file, name)
