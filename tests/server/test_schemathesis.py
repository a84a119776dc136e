"""Our OpenAPI document held against the server by Schemathesis: all phases, all checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.conftest import KEY, Served

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_server_does_what_its_document_says(parrot: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml"), "run"]
    command += [f"{parrot.url}/openapi.json", "--header", f"Authorization: Bearer {KEY}", "--max-examples", "2"]
    command += ["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--seed", "7"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout[:8_000] + done.stderr[-2_000:]
