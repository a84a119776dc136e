"""The tutorial of docs/adding-a-form.md, taken from the page and used as a third party would."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from miaobi import forms
from miaobi.cli import app
from miaobi.compose import unheeded
from miaobi.desk import WritingDesk
from tests.parrot import Parrot

DOCS = Path(__file__).parents[2] / "docs" / "adding-a-form.md"
COMPOSE = """
from miaobi.compose import compose
from miaobi.forms import forms
from tests.parrot import Parrot
form = forms()["couplet"]
work = compose(form.example, engine=Parrot())
print(work.rendering("txt").content.decode())
"""


def test_form_of_the_tutorial_composes_as_a_plug_in(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    [project] = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    (tmp_path / "couplet.py").write_text(code, "utf-8")
    entry = re.search(r'\[project.entry-points."(.*?)"\]\n(.*)\n', project)
    assert entry is not None
    installed = tmp_path / "miaobi_couplet-1.0.dist-info"  # what pip writes for it
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: miaobi-couplet\nVersion: 1.0\n", "utf-8")
    (installed / "entry_points.txt").write_text("[{}]\n{}\n".format(entry[1], entry[2].replace('"', "")), "utf-8")
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"}
    command = [sys.executable, "-c", COMPOSE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "I meant to speak of the sea;" in done.stdout
    assert "instead the " in done.stdout
    assert "AI-generated" in done.stdout


def test_form_of_others_with_a_name_of_ours_is_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    toast = dataclasses.replace(forms.find("email"), name="toast", names={"en": "Toast"}, aliases=("小说",))
    entry = SimpleNamespace(name="toast", value="toast:FORM", load=lambda: toast)
    monkeypatch.setattr(forms, "entry_points", lambda group: [entry])
    for cached in (forms.forms, forms._others):
        cached.cache_clear()
    try:
        assert forms.find("小说").name == "story"
        assert "toast" not in forms.forms()
        assert "its name “小说” is that of the form story" in forms.broken()["toast (toast:FORM)"]
    finally:
        monkeypatch.undo()
        for cached in (forms.forms, forms._others):
            cached.cache_clear()


def test_fault_of_a_form_of_others_is_laid_at_its_own_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MIAOBI_DEBUG", raising=False)
    stranger = {"toast": SimpleNamespace(draft=test_fault_of_a_form_of_others_is_laid_at_its_own_door)}
    with pytest.raises(ZeroDivisionError) as raised:
        _ = 1 / 0
    assert app._defect(raised.value) == 70
    assert "A defect of miaobi" in capsys.readouterr().err
    monkeypatch.setattr(forms, "strangers", lambda: stranger)
    assert app._defect(raised.value) == 70
    said = capsys.readouterr().err
    assert "A defect of the form toast, which isn't miaobi's own: ZeroDivisionError" in said
    assert "to its author" in said


def test_length_that_a_form_makes_nothing_of_is_noted() -> None:
    email = forms.find("email")
    deaf = dataclasses.replace(email, check=lambda brief, letter: [])
    options, length = forms.admit(email, email.example)
    content = email.draft(WritingDesk(email.example, Parrot(), length, options))
    brief = email.example.model_copy(update={"length": 400})
    (note,) = unheeded(deaf, brief, content, [])
    assert "400 words were wished for" in note.message
    assert not unheeded(deaf, email.example, content, [])
