"""``miaobi serve``: the engines for other programs, by OpenAI's API; and how any server of ours is started."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miaobi.errors import BriefError, UnsupportedError
from miaobi.studio.translation import label

if TYPE_CHECKING:
    from miaobi.server.session import Sessions

LOOPBACK, PORT = "127.0.0.1", 8377
_LOOPBACK = (LOOPBACK, "localhost", "::1")
_LONG = 16  # characters of a key that others may try


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("serve")(serve)


EngineNames = Annotated[
    list[str] | None,
    typer.Option("--engine", help="A checkpoint's name, a .gguf file, …; may be given several times."),
]
Host = Annotated[str, typer.Option(help="Address to listen on; others than loopback need users or MIAOBI_SERVER_KEY.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")]
HostNames = Annotated[list[str] | None, typer.Option("--name", help="A further host name that it may be asked by.")]


def serve(engine: EngineNames = None, host: Host = LOOPBACK, port: Port = PORT, name: HostNames = None) -> None:
    """Serve /v1 of OpenAI's API on this machine until Ctrl-C. The key is MIAOBI_SERVER_KEY, else made and told once."""
    from miaobi.cli.terminal import say

    with server(engine or [], host, port, name or []) as (running, where, key):
        say(f"Serving {', '.join(running.engines)} at {where}/v1")
        say(f"Key: {key}")
        running.run()


@contextmanager
def libraries() -> Iterator[None]:
    """Say how to install the server's libraries where an import of them fails."""
    try:
        yield
    except ImportError:
        raise UnsupportedError(
            "The server's libraries are not installed.", "Install them: pip install 'miaobi[studio]'"
        ) from None


class Running:
    """A server that listens already and answers from ``run`` on."""

    def __init__(self, app: Any, listening: socket.socket, engines: Sequence[str]) -> None:
        self.engines = engines
        self._app, self._listening = app, listening
        self._started: Callable[[], object] = lambda: None

    def when_started(self, then: Callable[[], object]) -> None:
        """Call *then* when it answers."""
        self._started = then

    def run(self) -> None:
        """Answer until Ctrl-C."""
        import threading
        import time

        import uvicorn

        from miaobi.server.listening import config

        running = uvicorn.Server(config(self._app))

        def tell() -> None:
            while not running.started and not running.should_exit:
                time.sleep(0.05)
            if running.started:
                self._started()

        threading.Thread(target=tell, daemon=True).start()
        running.run(sockets=[self._listening])


@contextmanager
def server(
    specs: Sequence[str], host: str, port: int, names: Sequence[str], sessions: Sessions | None = None
) -> Iterator[tuple[Running, str, str]]:
    """Give a server on the engines of *specs*, the default one without any; its address; and its key as it is told.

    With *sessions* it has the page. BriefError for an address that can't be had, or others could reach without a key.
    """
    with libraries():
        import uvicorn  # noqa: F401 - whether it is there

        from miaobi.server.access import Access
        from miaobi.server.app import create_app, host_names
        from miaobi.server.pool import Pool
    from miaobi.cli.terminal import Download
    from miaobi.engines import open_engine
    from miaobi.studio.users import Limits, Users

    given = os.environ.get("MIAOBI_SERVER_KEY", "")
    with Users() as users:
        has_users = any(key.revoked is None for key in users.issued())
    reached = host not in _LOOPBACK
    if reached and not has_users and len(given) < _LONG:
        raise BriefError(
            f"{host} can be reached by others, and there are no users, nor a key of {_LONG} characters in"
            " MIAOBI_SERVER_KEY.",
            "Add users (miaobi users add NAME), set a key, or listen on 127.0.0.1.",
        )
    if given and reached and len(given) < _LONG:
        raise BriefError("MIAOBI_SERVER_KEY is too short for others to reach.", f"Give it {_LONG} characters or more.")
    key = given or secrets.token_urlsafe(24)
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise BriefError(f"{host}:{port} can't be listened on: {error.strerror}.", "Give another --port.") from None
    with listening:
        # A socket made without a protocol number is one to which asyncio doesn't do this itself; accepted ones have
        # it from here. Without it small answers wait 40 ms for the other side's delayed acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        engines = {}
        with Download("Fetching the checkpoint") as download:
            for spec in specs or [""]:
                running = open_engine(spec, progress=download)
                plain = spec and "://" not in spec  # an address may have a login, and is nothing to ask for by
                engines[spec if plain else running.checkpoint.name.lower().replace(" ", "-")] = running
        access = Access(
            Access.digest(key),
            host_names(host) | frozenset(names),
            sessions=sessions,
            limits=Limits() if reached else None,
            logged=reached or has_users,
        )
        app = create_app(Pool(engines), access)
        where = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        yield Running(app, listening, list(engines)), where, label("as in MIAOBI_SERVER_KEY") if given else key
