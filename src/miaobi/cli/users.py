"""``miaobi users``: who else may use a server of this machine, or of this PostgreSQL, and what was done."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Users of a server: their keys, what these may do, and the log of what was done.")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="1 to 32 of a–z, 0–9 and _; a known user gets another key.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="infer, read, write; all when not given. May be given several times.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, help="Requests a minute.")] = 600,
    tokens: Annotated[int, typer.Option(min=1, help="Tokens a minute, read and written by /v1.")] = 60_000,
    size: Annotated[int, typer.Option("--bytes", min=1, help="Bytes a minute, sent and received.")] = 100_000_000,
    jobs: Annotated[int, typer.Option(min=1, help="Jobs that haven't ended.")] = 20,
) -> None:
    """Give a user a key. It is told once, here, and kept nowhere."""
    from miaobi.cli.terminal import say, tell
    from miaobi.studio.users import SCOPES, Limits, Users

    limits = Limits(requests=requests, tokens=tokens, bytes=size, jobs=jobs)
    with Users() as users:
        key, secret = users.add(name, scope or SCOPES, limits)
    say(f"The key {key.id} of {key.owner}, told only now:")
    tell(secret)


@app.command("list")
def show(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the keys: whose they are, what they may do and have, since when, and which were taken back."""
    from miaobi.cli.terminal import table, tell_json
    from miaobi.studio.users import Users

    with Users() as users:
        keys = users.issued()
    if as_json:
        plain = [vars(key) | {"limits": key.limits.model_dump() if key.limits else None} for key in keys]
        tell_json({"keys": plain})
        return
    rows = []
    for key in keys:
        limits = ", ".join(f"{value:,} {name}" for name, value in (key.limits or {}))
        rows.append([key.owner, key.id, " ".join(key.scopes), limits, key.created, key.revoked or ""])
    table(["user", "key", "scopes", "limits", "since", "taken back"], rows)


@app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="A user: all keys; or one key's name.")]) -> None:
    """Take keys back. Servers that run believe one for two seconds more; a user's works and jobs stay."""
    from miaobi.cli.terminal import say
    from miaobi.studio.users import Users

    with Users() as users:
        for key in users.revoke(name):
            say(f"Taken back: the key {key.id} of {key.owner}")


@app.command("log")
def log(
    limit: Annotated[int, typer.Option(min=1, help="How many entries, the last first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what was changed by whom and who was turned away, and whether the log is whole."""
    from miaobi.cli.terminal import say, table, tell_json
    from miaobi.errors import LibraryError
    from miaobi.studio.users import Users

    with Users() as users:
        entries, broken = users.log(limit), users.broken()
    if as_json:
        tell_json({"entries": entries, "broken": broken})
    else:
        columns = ["number", "at", "owner", "key", "address", "did", "status"]
        table(columns, [["" if e.get(c) is None else str(e[c]) for c in columns] for e in entries])
        say("Every entry is sealed with the one before." if broken is None else "")
    if broken is not None:
        raise LibraryError(f"The log was altered: its entry {broken} is not what it was.", "Compare it with a backup.")
