"""A style's name becomes an engine's spec with the adapter that lies under the user's data folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miaobi.engines import open_engine
from miaobi.engines.adapter import parse
from miaobi.engines.style import known, styled
from miaobi.errors import CheckpointError, UnknownNameError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "at@home"
    monkeypatch.setenv("MIAOBI_HOME", str(home))
    (home / "styles").mkdir(parents=True)
    (home / "styles/wry.gguf").write_bytes(b"GGUF")
    records = {
        "manner": {"outcome": {}, "base": "psalms"},
        "half": {"base": "psalms"},
        "own": {"outcome": {}, "base": "smollm2-135m-instruct", "checkpoint": {"name": "SmolLM2"}},
    }
    for name, record in records.items():
        folder = home / "runs" / name
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps(record))
        (folder / "adapter.gguf").write_bytes(b"GGUF")
    return home


def test_style_of_a_run_goes_onto_its_base_and_a_brought_one_onto_the_default_engine(home: Path) -> None:
    spec, (adapter,) = parse(styled("", "manner"))
    assert (spec, adapter.path, adapter.scale) == ("lab:psalms", home / "runs/manner/adapter.gguf", 1)
    spec, (adapter,) = parse(styled("", "wry@0.5"))
    assert (spec, adapter.path, adapter.scale) == ("", home / "styles/wry.gguf", 0.5)
    assert parse(styled("other.gguf", "manner"))[0] == "other.gguf"
    spec, (adapter,) = parse(styled("", "own"))  # of a run on a checkpoint
    assert (spec, adapter.path) == ("smollm2-135m-instruct", home / "runs/own/adapter.gguf")
    assert known("own@0.5")
    assert not known("half")


def test_unknown_and_unfinished_styles_are_refused_with_those_that_are_here(home: Path) -> None:
    for name in ("half", "half@0.3", "", "../styles/wry"):
        with pytest.raises(UnknownNameError, match="There is no style") as refused:
            styled("", name)
        assert "wry, manner" in (refused.value.hint or "")
    with pytest.raises(CheckpointError, match="can't be read as an adapter"):
        open_engine(styled("", "wry@strong"))
