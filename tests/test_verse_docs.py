"""The worked example of docs/verse.md runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.cli.run import run

TEXT = (Path(__file__).parents[1] / "docs" / "verse.md").read_text("utf-8")


def test_worked_example_of_english_verse_makes_what_it_says(tmp_path: Path) -> None:
    [line] = re.findall(r"<!-- run -->\n```sh\nmiaobi (compose heroic-couplets .*?)\n```", TEXT)
    done = run(*shlex.split(line), home=tmp_path)
    assert done.returncode == 0, done.stderr
    files = {path.suffix: path for path in (tmp_path / "made").rglob("heroic-couplets.*")}
    lines = [row for row in files[".txt"].read_text("utf-8").splitlines() if row.strip()]
    assert "And every hour returns again to me." in lines
    assert "for Anna" in lines
    assert any(re.search(r"\brust\b", row, re.I) for row in lines)
    assert files[".svg"].read_text("utf-8").startswith("<svg")


def test_every_option_of_english_verse_is_explained() -> None:
    from miaobi.forms import forms
    from miaobi.forms.art.poem import Poem

    declared = {name for f in forms().values() if f.content is Poem for name in f.options.model_fields}
    assert declared <= set(re.findall(r"`(\w+)`", TEXT))
