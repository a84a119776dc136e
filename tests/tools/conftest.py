"""Other people's programs. What isn't on the machine is skipped by name; npm packages come once, without scripts."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

from miaobi.compose import compose
from miaobi.forms import find
from miaobi.work import Work
from tests.parrot import Parrot

NPM = ("fountain-js@1.2.4", "afterwriting@1.17.3", "@likecoin/epubcheck-ts@0.7.0")
HOME = Path(__file__).parent / "node_modules"


def program(name: str) -> str:
    """Return the path of a program; skip the test where the machine doesn't have it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str | Path, cwd: Path | None = None, wait: float = 240) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=wait, check=False
    )


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Return the folder of the npm packages."""
    program("node")
    npm = program("npm")
    with (HOME.parent / ".installing").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # two processes run tests, and two installations in one folder hang
        if not all((HOME / name.rpartition("@")[0]).exists() for name in NPM):
            done = run(npm, "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund",
                       "--prefix", HOME.parent, *NPM, wait=900)  # fmt: skip
            assert done.returncode == 0, done.stderr
    return HOME


@pytest.fixture(scope="session")
def works() -> dict[str, Work]:
    """Return the example of each writing form, composed by the parrot."""
    return {
        name: compose(find(name).example, engine=Parrot())
        for name in ("story", "novel", "prose", "screenplay", "report")
    }


def written(work: Work, ending: str, folder: Path) -> Path:
    """Write one rendering of *work* into *folder* and return its path."""
    path = folder / f"work.{ending}"
    path.write_bytes(work.rendering(ending).content)
    return path
