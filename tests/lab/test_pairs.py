"""An encoder–decoder learns pairs, is kept as a run, answers again, and says what it can't do."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.engines import open_engine  # noqa: E402
from miaobi.engines import run as run_folder  # noqa: E402
from miaobi.errors import BriefError, CorpusError, InputFileError, UnknownNameError, UnsupportedError  # noqa: E402
from miaobi.lab import pairs  # noqa: E402
from miaobi.lab.judgement import judge  # noqa: E402
from miaobi.lab.training.pair import PairRecipe  # noqa: E402

SIZES = {"width": 32, "layers": 1, "heads": 4, "hidden": 64, "dropout": 0.0}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    return tmp_path


def written(path: Path, count: int = 400) -> Path:
    """Write strings of three letters and the same in capitals."""
    chance = random.Random(0)
    words = sorted({"".join(chance.choices("abcde", k=3)) for _ in range(count)})
    path.write_text("".join(json.dumps({"source": w, "target": w.upper()}) + "\n" for w in words), encoding="utf-8")
    return path


def test_pairs_become_a_run_that_answers_as_it_did_when_it_was_judged(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(home / "pairs.jsonl")
    small = ["--width", "32", "--layers", "1", "--hidden", "64", "--dropout", "0", "--warmup", "40"]
    order = ["lab", "pairs", "loud", str(file), *small, "--steps", "150", "--validation", "0.2", "--licence", "MIT"]
    assert command(order) == 0
    assert "held-out sources" in capsys.readouterr().out
    run = run_folder.find("loud")
    right = run.record["pairs"]
    assert right["beam"] >= 0.8 * right["of"] > 5
    assert run.record["licence"] == "MIT"
    assert {"card.md", "chart.svg", "log.jsonl", "net.json", "net.safetensors", "run.json", "tokenizer.json"} <= {
        path.name for path in run.folder.iterdir()
    }
    assert command(["lab", "transduce", "loud", "bad"]) == 0
    assert capsys.readouterr().out == "BAD\n"
    first, second, *_ = pairs.answer(run, "bad")
    assert first[0] == "BAD"
    assert first[1] > second[1]
    assert command(order) != 0  # the name is taken
    assert command(["lab", "runs"]) == 0
    with pytest.raises(UnsupportedError, match="doesn't continue text"):
        open_engine("lab:loud")
    with pytest.raises(UnsupportedError, match="judged otherwise"):
        judge(run)
    assert command(["lab", "export", "loud", "--out", str(home / "x.onnx")]) != 0
    for source in ("", "a" * 99):
        with pytest.raises(BriefError, match="made for 1 to"):
            pairs.answer(run, source)


def test_pairs_that_can_not_be_learnt_from_are_refused(home: Path) -> None:
    order = pairs.PairOrder("x", home / "pairs.jsonl", PairRecipe(steps=2, batch=2, warmup=1), SIZES)
    with pytest.raises(InputFileError, match="can't be read"):
        pairs.make(order)
    (home / "pairs.jsonl").write_text('{"source": "a", "target": "A"}\n{"source": "b"}\n')
    with pytest.raises(CorpusError, match="Line 2"):
        pairs.make(order)
    (home / "pairs.jsonl").write_text('{"source": "a", "target": "A"}\n')
    with pytest.raises(CorpusError, match=r"0 held out|^0 pairs"):
        pairs.make(order)
    written(home / "pairs.jsonl")
    with pytest.raises(UnknownNameError, match="can't be the name"):
        pairs.make(replace(order, name="../x"))
    with pytest.raises(BriefError, match="can't be built"):
        pairs.make(replace(order, sizes=SIZES | {"heads": 5}))
    assert not list((home / "runs").glob("*/run.json"))


def test_unknown_letters_of_a_source_are_one_token_that_no_target_holds(home: Path) -> None:
    order = pairs.PairOrder("x", written(home / "pairs.jsonl"), PairRecipe(2, 2, 1), SIZES, validation=0.2)
    run = pairs.make(order)
    (best, *_) = pairs.answer(run, "a灯b")
    assert "灯" not in best[0]
