"""``miaobi serve``: the engines for other programs, by OpenAI's API."""

from __future__ import annotations

from typing import Annotated

import typer

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("serve")(serve)


def serve(
    engine: Annotated[
        list[str] | None, typer.Option(help="A checkpoint's name, a .gguf file, …; may be given several times.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; others than loopback need MIAOBI_SERVER_KEY.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = 8377,
    name: Annotated[list[str] | None, typer.Option(help="A further host name that it may be asked by.")] = None,
) -> None:
    """Serve /v1 of OpenAI's API on this machine until Ctrl-C. The key is MIAOBI_SERVER_KEY, else made and told once."""
    import os
    import secrets
    import socket

    from miaobi.cli.terminal import Download, say
    from miaobi.engines import open_engine
    from miaobi.errors import BriefError, UnsupportedError

    try:
        import uvicorn

        from miaobi.server.access import Access
        from miaobi.server.app import create_app, host_names
        from miaobi.server.pool import Pool
    except ImportError:
        raise UnsupportedError(
            "The server's libraries are not installed.", "Install them: pip install 'miaobi[studio]'"
        ) from None
    given = os.environ.get("MIAOBI_SERVER_KEY", "")
    if host not in _LOOPBACK and len(given) < 16:
        raise BriefError(
            f"{host} can be reached by others, and there is no key of 16 characters or more in MIAOBI_SERVER_KEY.",
            "Set one, or listen on 127.0.0.1.",
        )
    key = given or secrets.token_urlsafe(24)
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise BriefError(f"{host}:{port} can't be listened on: {error.strerror}.", "Give another --port.") from None
    engines = {}
    with Download("Fetching the checkpoint") as download:
        for spec in engine or [""]:
            running = open_engine(spec, progress=download)
            engines[spec or running.checkpoint.name.lower().replace(" ", "-")] = running
    access = Access(Access.digest(key), host_names(host) | frozenset(name or []))
    app = create_app(Pool(engines), access)
    where = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/v1"
    say(f"Serving {', '.join(engines)} at {where}")
    say(f"Key: {key}" if not given else "Key: as in MIAOBI_SERVER_KEY")
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=30)
    uvicorn.Server(config).run(sockets=[listening])
