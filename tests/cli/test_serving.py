"""``miaobi serve`` in a process of its own: it listens, tells its key once, and ends on Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.run import environment, run


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.cli.parroted", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        told = server.stderr.readline() + server.stderr.readline()
        where = re.search(r"http://127\.0\.0\.1:\d+/v1", told)
        key = re.search(r"Key: (\S+)", told)
        assert where, told
        assert key, told
        answer = httpx.get(f"{where[0]}/models", headers={"Authorization": f"Bearer {key[1]}"}, timeout=20)
        assert answer.json()["data"][0]["id"] == "parrot"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, 130, -signal.SIGINT)
        assert "Traceback" not in server.stderr.read()


@pytest.mark.parametrize("key", ["", "short"])
def test_others_are_let_in_with_a_key_only(tmp_path: Path, key: str) -> None:
    done = run("serve", "--host", "0.0.0.0", home=tmp_path, MIAOBI_SERVER_KEY=key)
    assert (done.returncode, "MIAOBI_SERVER_KEY" in done.stderr) == (64, True)


def test_key_of_the_environment_is_never_shown(tmp_path: Path) -> None:
    secret = "a-secret-of-the-environment"
    done = run("serve", "--host", "192.0.2.1", home=tmp_path, MIAOBI_SERVER_KEY=secret)  # an address of nobody's
    assert (done.returncode, "can't be listened on" in done.stderr) == (64, True)
    assert secret not in done.stdout + done.stderr


def test_users_make_an_address_that_others_reach_safe(tmp_path: Path) -> None:
    added = run("users", "add", "ann", "--scope", "read", home=tmp_path)
    secret = added.stdout.strip()
    assert secret.startswith("miaobi_")
    assert "ann" in run("users", "list", home=tmp_path).stdout
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    command = [sys.executable, "-m", "tests.cli.parroted", "serve", "--host", "0.0.0.0", "--port", "0"]
    with subprocess.Popen(
        command, env=environment(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        where = re.search(r"http://0\.0\.0\.0:(\d+)/v1", server.stderr.readline())
        assert where
        url, headers = f"http://127.0.0.1:{where[1]}", {"Authorization": f"Bearer {secret}"}
        assert httpx.get(f"{url}/api/works", headers=headers, timeout=20).status_code == 200
        assert httpx.get(f"{url}/v1/models", headers=headers, timeout=20).status_code == 403
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
    told = run("users", "log", home=tmp_path)
    assert (told.returncode, "GET /v1/models" in told.stdout, "sealed" in told.stderr) == (0, True, True)
    assert run("users", "revoke", "ann", home=tmp_path).returncode == 0
    assert run("users", "revoke", "ann", home=tmp_path).returncode == 64
    assert run("users", "add", "../ann", home=tmp_path).returncode == 64
