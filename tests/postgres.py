"""A real PostgreSQL for tests: a server of its own in a folder of its own, on a Unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def missing() -> str:
    """Tell why no server can be started; "" where one can."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "the extra [postgres] is not installed"
    if _program("initdb") is None or _program("postgres") is None:
        return "PostgreSQL's initdb and postgres are not here"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _user() is None):
        return "root can't run PostgreSQL, and there is no setpriv or no user to run it as"
    return ""


@contextmanager
def server(*settings: str) -> Iterator[str]:
    """Run a server with *settings* (``name=value``) and give the URL of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="miaobi-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = _user()
        assert user is not None
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    initdb, postgres = _program("initdb"), _program("postgres")
    made = [*as_user, str(initdb), "-D", str(folder / "data"), "-U", "miaobi", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*made, "--locale=C", "--no-sync"], check=True, capture_output=True, cwd="/")
    command = [*as_user, str(postgres), "-D", str(folder / "data"), "-k", str(folder), "-c", "listen_addresses="]
    for setting in ("max_connections=80", *settings):
        command += ["-c", setting]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
    url = f"postgresql://miaobi@/postgres?host={folder}"
    try:
        _wait(url, running)
        yield url
    finally:
        running.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        running.wait(timeout=30)
        shutil.rmtree(folder)


def fresh(url: str) -> str:
    """Make a new database beside that of *url* and return its URL."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return url.replace("/postgres?", f"/{name}?")


def _program(name: str) -> Path | None:
    found = shutil.which(name)
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return Path(found) if found else places[-1] if places else None


def _user() -> pwd.struct_passwd | None:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _wait(url: str, running: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
