"""The worked examples of docs/verse.md in Chinese give what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from miaobi.cli import main
from miaobi.craft.prosody.chinese.tune import tunes
from miaobi.forms import find

PAGE = (Path(__file__).parents[1] / "docs" / "verse.md").read_text("utf-8").split("## Chinese", 1)[1]


def test_worked_example_gives_the_poem_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    [command] = re.findall(r"```sh\n(miaobi compose .*)\n```", PAGE)
    shown = re.search(r"```text\n((?:.*，.*。\n)+)```", PAGE)
    assert shown is not None
    assert not main(shlex.split(command)[1:])
    [written] = (tmp_path / "made").glob("*.txt")
    poem = [line.strip() for line in written.read_text("utf-8").splitlines()]
    assert all(line in poem for line in shown[1].splitlines())
    assert list((tmp_path / "made").glob("*.svg"))


def test_page_names_every_tune_and_every_option() -> None:
    assert all(name in PAGE for name in tunes())
    for form in ("jueju", "lushi", "ci", "duilian"):
        assert all(f"`{name}`" in PAGE for name in find(form).options.model_fields)
