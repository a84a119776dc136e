"""The worked examples of docs/verse.md give what the page shows, and it names every option."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from miaobi.cli import main
from miaobi.craft.prosody.chinese.tune import tunes
from miaobi.forms import find, forms
from miaobi.forms.art.poem import Poem
from tests.cli.run import run

ENGLISH, CHINESE = (Path(__file__).parents[1] / "docs" / "verse.md").read_text("utf-8").split("## Chinese", 1)


def test_worked_example_of_english_verse_makes_what_it_says(tmp_path: Path) -> None:
    [line] = re.findall(r"<!-- run -->\n```sh\nmiaobi (compose heroic-couplets .*?)\n```", ENGLISH)
    done = run(*shlex.split(line), home=tmp_path)
    assert done.returncode == 0, done.stderr
    files = {path.suffix: path for path in (tmp_path / "made").rglob("heroic-couplets.*")}
    lines = [row for row in files[".txt"].read_text("utf-8").splitlines() if row.strip()]
    assert "And every hour returns again to me." in lines
    assert "for Anna" in lines
    assert any(re.search(r"\brust\b", row, re.I) for row in lines)
    assert files[".svg"].read_text("utf-8").startswith("<svg")


def test_every_option_of_english_verse_is_explained() -> None:
    declared = {name for f in forms().values() if f.content is Poem for name in f.options.model_fields}
    assert declared <= set(re.findall(r"`(\w+)`", ENGLISH))


def test_worked_example_gives_the_poem_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    [command] = re.findall(r"```sh\n(miaobi compose .*)\n```", CHINESE)
    shown = re.search(r"```text\n((?:.*，.*。\n)+)```", CHINESE)
    assert shown is not None
    assert not main(shlex.split(command)[1:])
    [written] = (tmp_path / "made").glob("*.txt")
    poem = [line.strip() for line in written.read_text("utf-8").splitlines()]
    assert all(line in poem for line in shown[1].splitlines())
    assert list((tmp_path / "made").glob("*.svg"))


def test_page_names_every_tune_and_every_option() -> None:
    assert all(name in CHINESE for name in tunes())
    for form in ("jueju", "lushi", "ci", "duilian"):
        assert all(f"`{name}`" in CHINESE for name in find(form).options.model_fields)
