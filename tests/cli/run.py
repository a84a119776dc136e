"""Running the real command line from tests. ``rightless``: without root's right to write where nobody may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STORY = ["compose", "story", "A thief steals a painting", "--length", "450", "--format", "md,epub", "--out", "made"]


def environment(home: Path, **more: str) -> dict[str, str]:
    code = f"{ROOT}{os.pathsep}{ROOT / 'src'}"  # what lies beside the tests, whatever is installed
    return os.environ | {"MIAOBI_HOME": str(home), "PYTHONPATH": code} | more


def run(
    *arguments: str | bytes,
    home: Path,
    module: str = "tests.cli.parroted",
    given: str | bytes = "",
    rightless: bool = False,
    **more: str,
) -> subprocess.CompletedProcess[str]:
    if rightless and os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and there is no setpriv to give that up")
    plain = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if rightless and os.geteuid() == 0 else []
    done = subprocess.run(
        [*plain, sys.executable, "-m", module, *arguments],
        capture_output=True,
        input=given if isinstance(given, bytes) else given.encode(),
        timeout=120,
        env=environment(home, **more),
        cwd=home,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
