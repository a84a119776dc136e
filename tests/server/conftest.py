"""A real uvicorn in this process, on a free port of loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from miaobi.engines import open_engine
from miaobi.engines.entry import checkpoint_folder
from miaobi.server.access import Access
from miaobi.server.app import create_app, host_names
from miaobi.server.listening import config
from miaobi.server.pool import Pool
from miaobi.types import Engine, Piece, Request
from tests.parrot import Parrot

KEY = "test-key-of-32-characters-or-more"


def access(**more: Any) -> Access:
    return Access(Access.digest(KEY), host_names("127.0.0.1"), body_limit=200_000, **more)


@dataclass(frozen=True)
class Served:
    """Where it listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@pytest.fixture(scope="package", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, default_gguf: Path) -> Iterator[Path]:
    """A library of its own; checkpoints are the ordinary ones."""
    home, ordinary = tmp_path_factory.mktemp("home"), checkpoint_folder()
    ordinary.mkdir(parents=True, exist_ok=True)
    (home / "checkpoints").symlink_to(ordinary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIAOBI_HOME", str(home))
        yield home


@pytest.fixture(scope="package")
def serve(home: Path) -> Iterator[Callable[[dict[str, Engine] | FastAPI], Served]]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(engines: dict[str, Engine] | FastAPI) -> Served:
        listening = socket.create_server(("127.0.0.1", 0))
        app = engines if isinstance(engines, FastAPI) else create_app(Pool(engines), access())
        server = uvicorn.Server(config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return Served("127.0.0.1", listening.getsockname()[1])

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="package")
def parrot(serve: Callable[[dict[str, Engine]], Served]) -> Served:
    """A server on an engine that answers at once."""
    return serve({"parrot": Parrot()})


@pytest.fixture(scope="package")
def real(serve: Callable[[dict[str, Engine]], Served]) -> Served:
    """A server on the default checkpoint."""
    return serve({"smollm2": open_engine(threads=1)})


class Slow(Parrot):
    """Takes its time, so that there is something to stop."""

    def stream(self, request: Request) -> Iterator[Piece]:
        for piece in super().stream(request):
            time.sleep(0.02)
            yield piece


@pytest.fixture
def slow(serve: Callable[[dict[str, Engine]], Served]) -> Served:
    return serve({"slow": Slow()})
