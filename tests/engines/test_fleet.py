"""Several servers as one engine: real llama.cpp servers by docs/fleet.md, and ones that misbehave on purpose."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from miaobi.engines import fleet, open_engine
from miaobi.engines.fleet import Fleet
from miaobi.errors import EngineError, UnsupportedError
from miaobi.types import Prompt, Request, derive_seed, write

DOC = (Path(__file__).parents[2] / "docs" / "fleet.md").read_text("utf-8")
KEY = "a-long-key-of-your-own"


class Stub(ThreadingHTTPServer):
    """Answers as vLLM does; a text is its seed in words. ``breaks``: how many answers break off in the middle."""

    daemon_threads = True

    def __init__(self, port: int = 0, model: str = "writer") -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.model, self.breaks, self.salt = model, 0, ""
        self.statuses: list[tuple[int, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.hold: threading.Event | None = None
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self) -> None:
        models = {"data": [{"id": self.server.model, "owned_by": "vllm", "max_model_len": 900}]}
        self._send(200, json.dumps(models).encode(), "application/json")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        if self.server.statuses:
            status, wait = self.server.statuses.pop(0)
            self._send(status, b"{}", "application/json", {"Retry-After": wait} if wait else {})
            return
        if self.server.hold is not None:
            self.server.hold.wait(20)
        words = [f"{self.server.salt}{body['seed']}-{i} " for i in range(4)]
        breaking = self.server.breaks > 0
        self.server.breaks -= breaking
        told = [json.dumps({"choices": [{"text": w}]}) for w in (words[:2] if breaking else words)]
        ending = [] if breaking else [json.dumps({"choices": [{"text": "", "finish_reason": "stop"}]}), "[DONE]"]
        self._send(200, "".join(f"data: {line}\n\n" for line in [*told, *ending]).encode(), "text/event-stream")

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stub, Stub, Fleet]]:
    monkeypatch.setattr(fleet, "_PAUSE", 0.05)
    first, second = Stub(), Stub()
    engine = open_engine(f"{first.url},{second.url}#writer")
    assert isinstance(engine, Fleet)
    yield first, second, engine
    engine.close()
    for stub in (first, second):
        if stub.thread.is_alive():
            stub.stop()


def text(seed: int, index: int = 0) -> str:
    own = derive_seed(seed, index) % (1 << 31)
    return "".join(f"{own}-{i} " for i in range(4))


def test_candidates_are_spread_and_each_is_its_seed_s(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    first.hold = second.hold = threading.Event()  # until twelve are under way none ends
    threading.Thread(
        target=lambda: (_wait(lambda: len(first.asked) + len(second.asked) == 12), first.hold.set())
    ).start()
    done = write(engine, Request(Prompt("Once"), 9, seed=3, n=12))
    assert [c.text for c in done] == [text(3, i) for i in range(12)]
    assert min(len(first.asked), len(second.asked)) >= 4


def test_one_beginning_goes_to_one_server_while_it_has_room(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    for _ in range(6):
        write(engine, Request(Prompt("The same beginning"), 9, seed=1))
    assert {len(first.asked), len(second.asked)} == {0, 6}
    for i in range(20):
        write(engine, Request(Prompt(f"{i} is another"), 9, seed=1))
    assert min(len(first.asked), len(second.asked)) > 0


def test_text_that_breaks_off_is_gone_on_with_by_the_other_and_given_out_once(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    first.breaks = second.breaks = 1
    pieces = list(engine.stream(Request(Prompt("Once"), 9, seed=4)))
    assert "".join(p.text for p in pieces) == text(4)
    assert pieces[-1].done is not None
    assert pieces[-1].done.text == text(4)


def test_other_words_after_a_break_are_refused(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    first.breaks = second.breaks = 1
    stream = engine.stream(Request(Prompt("Once"), 9, seed=4))
    assert next(stream).text
    first.salt = second.salt = "other"
    with pytest.raises(EngineError, match="other words"):
        list(stream)


@pytest.mark.parametrize("status", [(429, "1"), (503, ""), (401, "")])
def test_server_that_says_later_is_passed_by(two: tuple[Stub, Stub, Fleet], status: tuple[int, str]) -> None:
    first, second, engine = two
    first.statuses, second.statuses = [status], [status]
    assert write(engine, Request(Prompt("Once"), 9, seed=1))[0].text == text(1)
    assert len(first.asked) + len(second.asked) >= 2


def test_wrong_request_is_told_at_once_and_nobody_is_left_out(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    first.statuses, second.statuses = [(400, "")], [(400, "")]
    with pytest.raises(EngineError, match="400"):
        write(engine, Request(Prompt("Once"), 9, seed=1))
    assert len(first.asked) + len(second.asked) == 1


def test_dead_server_is_left_out_and_comes_back(two: tuple[Stub, Stub, Fleet]) -> None:
    first, _, engine = two
    first.stop()
    for i in range(8):
        assert write(engine, Request(Prompt(f"{i}"), 9, seed=i))[0].text == text(i)
    again = Stub(port=first.server_address[1])
    try:
        for i in range(400):
            write(engine, Request(Prompt(f"{i}"), 9, seed=i))
            if again.asked:
                break
            time.sleep(0.01)
        assert again.asked
    finally:
        again.stop()


def test_server_that_comes_back_with_another_model_stays_out(two: tuple[Stub, Stub, Fleet]) -> None:
    first, _, engine = two
    first.stop()
    for i in range(4):
        write(engine, Request(Prompt(f"{i}"), 9, seed=i))
    again = Stub(port=first.server_address[1], model="another")
    try:
        for i in range(60):
            write(engine, Request(Prompt(f"{i}"), 9, seed=i))
            time.sleep(0.01)
        assert not again.asked
    finally:
        again.stop()


def test_all_down_is_an_error_that_names_each(two: tuple[Stub, Stub, Fleet]) -> None:
    first, second, engine = two
    first.stop()
    second.stop()
    with pytest.raises(EngineError, match="None of the 2 servers") as caught:
        write(engine, Request(Prompt("Once"), 9, seed=1, n=3))
    assert str(first.server_address[1]) in str(caught.value)
    assert str(second.server_address[1]) in str(caught.value)


def test_fleet_opens_with_one_of_two_and_not_with_none(two: tuple[Stub, Stub, Fleet]) -> None:
    first, _, _ = two
    opened = Fleet(f"http://127.0.0.1:9/v1,{first.url}")
    assert write(opened, Request(Prompt("Once"), 9, seed=1))[0].text == text(1)
    opened.close()
    with pytest.raises(EngineError, match="None of the 2"):
        Fleet("http://127.0.0.1:9/v1,http://127.0.0.1:11/v1")


def test_servers_of_different_models_are_refused(two: tuple[Stub, Stub, Fleet]) -> None:
    other = Stub(model="another")
    try:
        with pytest.raises(EngineError, match="another"):
            Fleet(f"{two[0].url},{other.url}")
    finally:
        other.stop()


def test_closing_the_stream_frees_the_servers(two: tuple[Stub, Stub, Fleet]) -> None:
    engine = two[2]
    stream = engine.stream(Request(Prompt("Once"), 9, seed=1, n=6))
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    _wait(lambda: all(not m.busy for m in engine._members))
    assert write(engine, Request(Prompt("Once"), 9, seed=1))[0].text == text(1)


def test_no_secret_is_in_what_is_kept_or_said(two: tuple[Stub, Stub, Fleet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_API_KEY", "sk-secret")
    addresses = [stub.url.replace("http://", "http://ann:pass-word@") for stub in two[:2]]
    opened = Fleet(",".join(addresses))
    assert opened.checkpoint.source == f"{two[0].url}, {two[1].url}"
    for stub in two[:2]:
        stub.stop()
    with pytest.raises(EngineError) as caught:
        write(opened, Request(Prompt("Once"), 9, seed=1))
    opened.close()
    assert not {word for word in ("sk-secret", "pass-word") if word in str(caught.value) + repr(opened.checkpoint)}


def test_our_server_gives_a_fleet_as_many_requests_as_it_has_slots(two: tuple[Stub, Stub, Fleet]) -> None:
    from miaobi.server.pool import Pool, whole

    first, second, engine = two
    first.hold = second.hold = threading.Event()
    pool = Pool({"writer": engine})

    async def ask() -> list[str]:
        requests = [Request(Prompt(f"{i}"), 9, seed=i) for i in range(6)]
        asked = [asyncio.create_task(whole(pool.seat("writer").stream(r))) for r in requests]
        await asyncio.to_thread(_wait, lambda: len(first.asked) + len(second.asked) == 6)
        assert len(first.asked) + len(second.asked) == 6
        assert first.hold is not None
        first.hold.set()
        return [pieces[0].done.text for pieces in await asyncio.gather(*asked) if pieces[0].done]

    assert asyncio.run(ask()) == [text(i) for i in range(6)]
    assert pool.workers == 2
    pool.close()


def _wait(until: Any) -> None:
    end = time.monotonic() + 20
    while not until() and time.monotonic() < end:
        time.sleep(0.005)


# --- what docs/fleet.md says, on two real llama.cpp servers ----------------------------------------------------


def _ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as a, socket.create_server(("127.0.0.1", 0)) as b:
        return a.getsockname()[1], b.getsockname()[1]


class Pair:
    """Two llama.cpp servers, started by the commands of the page; its ports are replaced by free ones."""

    def __init__(self, folder: Path, gguf: Path) -> None:
        [script] = re.findall(r"```python\n(.*?)```", DOC, re.S)
        (folder / "llama_server.py").write_text(script, "utf-8")
        self.ports, self._folder = _ports(), folder
        [lines] = re.findall(r"```sh\n((?:python .*&\n)+)```", DOC)
        self._lines = [self.here(line.rstrip(" &")).replace("FILE.gguf", str(gguf)) for line in lines.splitlines()]
        self.running: list[subprocess.Popen[str]] = []

    def here(self, text: str) -> str:
        return text.replace("8001", str(self.ports[0])).replace("8002", str(self.ports[1]))

    def start(self) -> None:
        self.stop()
        for line in self._lines:
            words = [sys.executable, *shlex.split(line)[1:]]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self.running.append(
                subprocess.Popen(words, cwd=self._folder, text=True, env=os.environ | {"MIAOBI_API_KEY": KEY}, **pipes)
            )
        for server in self.running:
            assert server.stdout is not None
            assert next(line for line in server.stdout if line.startswith("answers at"))

    def stop(self) -> None:
        for server in self.running:
            server.kill()
            server.communicate()
        self.running = []


@pytest.fixture
def pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Pair]]:
    monkeypatch.setenv("MIAOBI_API_KEY", KEY)
    started = []

    def start(gguf: Path) -> Pair:
        started.append(Pair(tmp_path, gguf))
        started[-1].start()
        return started[-1]

    yield start
    for pair in started:
        pair.stop()


def test_page_has_the_same_for_vllm() -> None:
    [vllm] = re.findall(r"```sh\n(VLLM.*?)```", DOC, re.S)
    assert [line.rpartition("--port ")[2][:4] for line in vllm.splitlines()] == ["8001", "8002"]
    assert vllm.count("--served-model-name writer") == vllm.count('--api-key "$MIAOBI_API_KEY" &') == 2


@pytest.mark.checkpoint
def test_candidates_of_two_servers_are_those_of_one_and_outlive_a_kill(
    pairs: Callable[[Path], Pair], checkpoint_file: Path
) -> None:
    pair = pairs(checkpoint_file)
    both, one = (Fleet(pair.here(f"{spec}#writer")) for spec in (_SPEC, _SPEC.partition(",")[0]))
    request = Request(Prompt("Once upon a time there was a lighthouse keeper"), 20, seed=5, n=3)
    alone = [c.text for c in write(one, request)]
    assert [c.text for c in write(both, request)] == alone
    pieces = both.stream(request)
    texts, ended = dict.fromkeys(range(3), ""), {}
    for number, piece in enumerate(pieces):
        texts[piece.index] += piece.text
        if piece.done:
            ended[piece.index] = piece.done.text
        if number == 4:
            pair.running[0].kill()
            pair.running[0].wait()
    assert [ended[i] for i in range(3)] == [texts[i] for i in range(3)] == alone
    assert both.checkpoint.name == "writer"
    with pytest.raises(UnsupportedError, match="score"):
        both.score(Prompt("a"), ["b"])
    assert both.count("hello world") == 2
    one.close()
    both.close()


_SPEC = "http://127.0.0.1:8001/v1,http://127.0.0.1:8002/v1"


def test_the_page_s_command_ends_in_the_same_files_when_a_server_is_killed(
    pairs: Callable[[Path], Pair], tmp_path: Path
) -> None:
    pair = pairs(Path(fleet.__file__).parent / "shipped" / "miaobi-folk" / "folk.Q8_0.gguf")
    [command] = re.findall(r"```sh\nmiaobi (compose .*)\n```", DOC)
    words = [sys.executable, "-m", "miaobi.cli", *shlex.split(pair.here(command))]
    made, told = [], ""
    for folder in (tmp_path / "calm", tmp_path / "killed"):
        folder.mkdir()
        told = ""
        with subprocess.Popen(
            words, cwd=folder, env=os.environ | {"MIAOBI_HOME": str(folder / "home")}, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stderr is not None
            for line in running.stderr:
                told += line
                if folder.name == "killed" and line.startswith("story  45%"):
                    pair.running[1].kill()
        assert running.returncode == 0, told
        made.append({path.name: path.read_bytes() for path in (folder / "tale").iterdir()})
    assert "is left out" in told
    assert made[0] == made[1]
    record = made[0]["record.json"].decode()
    assert pair.here(_SPEC).replace(",", ", ") in record
    assert KEY not in record
