"""The README's commands run as they stand, but ``make test``, which is this run itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from miaobi.forms import forms

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?:<!-- (\w+) -->\n)?```sh\n(.*?)```", re.S)


def blocks(name: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / name).read_text("utf-8"))


def test_both_languages_give_the_same_commands() -> None:
    assert [code for _, code in blocks("README.md")] == [code for _, code in blocks("README.zh-CN.md")]


def test_the_command_that_tests_is_what_ci_runs() -> None:
    [tests] = [code.strip() for mark, code in blocks("README.md") if mark == "tests"]
    assert tests in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_every_other_command_is_marked_to_be_run() -> None:
    assert {mark for mark, _ in blocks("README.md")} == {"run", "tests"}


@pytest.mark.checkpoint
@pytest.mark.slow
@pytest.mark.parametrize("line", [x for m, code in blocks("README.md") if m == "run" for x in code.splitlines()])
def test_command_of_the_readme_runs(line: str, tmp_path: Path, own_home: Path) -> None:
    if line.startswith("make demo"):  # in this environment: `make` would make another
        recipe = (ROOT / "Makefile").read_text("utf-8").split("demo:")[1].splitlines()[1]
        line = recipe.strip().replace("$(BIN)/", "")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "MIAOBI_HOME": str(own_home)}
    done = subprocess.run(
        line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_table_of_forms_says_what_the_forms_declare(name: str) -> None:
    rows = {cells[0]: cells for cells in re.findall(r"^\| `([\w-]+)` (\S+) \| .*? \| ([a-z ]+) \| ([a-z0-9 ]+) \|$",
                                                    (ROOT / name).read_text("utf-8"), re.M)}  # fmt: skip
    declared = {
        form.name: (form.name, form.names["zh"], " ".join(form.languages), " ".join(form.formats))
        for form in forms().values()
        if form.draft.__module__.startswith("miaobi.")
    }
    assert rows == declared
