"""``miaobi studio``: the studio in a browser, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from miaobi.cli.serving import LOOPBACK, PORT, EngineNames, Host, HostNames, Port


def register(app: typer.Typer) -> None:
    """Add the verb to *app*."""
    app.command("studio")(studio)


def studio(
    engine: EngineNames = None,
    host: Host = LOOPBACK,
    port: Port = PORT,
    name: HostNames = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the studio: write a brief, watch the work grow, edit, vary, keep. Ends with Ctrl-C; nothing is lost."""
    import webbrowser

    from miaobi.cli import serving
    from miaobi.cli.terminal import say

    with serving.libraries():
        from miaobi.server.page import check_built
        from miaobi.server.session import Sessions
    check_built()
    sessions = Sessions()
    with serving.server(engine or [], host, port, name or [], sessions) as (server, where, key):
        link = f"{where}/#enter={sessions.invite()}"
        say(f"The studio is at {where}")
        say(f"Enter by this link, once, within ten minutes: {link}")
        say(f"Later, or in another browser, by the key: {key}")
        if browser:
            server.when_started(lambda: webbrowser.open(link))
        server.run()
