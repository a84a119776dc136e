"""The trainer: it learns, it goes on after a kill as if nothing had been, and it says what is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.errors import BriefError, CheckpointError, TrainingError  # noqa: E402
from miaobi.lab.training import Recipe, train  # noqa: E402
from tests.lab.training import toy  # noqa: E402

FILES = ["chart.svg", "log.jsonl", "net.safetensors", "resume.safetensors"]


def losses(folder: Path) -> list[tuple[int, float, float]]:
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [(line["step"], line["training"], line["validation"]) for line in lines]


def test_loss_falls_and_the_best_net_journal_and_chart_are_left(tmp_path: Path) -> None:
    outcome: Any = toy.run(tmp_path / "run", steps=100)
    curve = losses(tmp_path / "run")
    assert len(curve) == 20
    assert curve[-1][2] < 0.75 * curve[0][2]
    assert outcome.best.validation == min(v for _, _, v in curve)
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == FILES
    assert (tmp_path / "run/chart.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(("kind", "how"), [("transformer", "write 5"), ("lstm", "step 27")])
def test_run_killed_and_resumed_has_the_losses_and_the_net_of_one_that_never_was(
    tmp_path: Path, kind: str, how: str
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    toy.run(whole, kind)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.lab.training.toy", str(killed), kind, how],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert 0 < len(losses(killed)) < 20
    toy.run(killed, kind)
    assert losses(killed) == losses(whole)
    assert (killed / "net.safetensors").read_bytes() == (whole / "net.safetensors").read_bytes()


def test_run_stops_early_when_the_held_out_loss_gains_no_more(tmp_path: Path) -> None:
    text = toy.tokens()
    noise = np.random.default_rng(0).integers(0, int(text.max()) + 1, 400).astype(np.uint16)
    recipe = Recipe(steps=400, batch=4, context=8, rate=1e-2, patience=3)
    outcome = train(toy.net(), text, noise, recipe, tmp_path, cores=1)
    assert outcome.stopped_early
    assert len(outcome.lines) < 20
    assert outcome.lines.index(outcome.best) == len(outcome.lines) - 4


@pytest.mark.parametrize("which", ["training", "held-out"])
def test_text_shorter_than_one_sequence_is_refused(tmp_path: Path, which: str) -> None:
    text = toy.tokens()
    parts = (text[:8], text) if which == "training" else (text, text[:8])
    with pytest.raises(BriefError, match=f"{which} text has 8 tokens"):
        train(toy.net(), *parts, Recipe(context=8), tmp_path)


def test_loss_that_is_no_number_ends_the_run_and_the_last_state_stands(tmp_path: Path) -> None:
    text, net = toy.tokens(), toy.net()
    recipe = Recipe(steps=40, batch=2, context=8)

    def poison(moment: Any) -> None:
        if moment.step == 5:
            net.embedding.weight.data[:] = float("nan")  # type: ignore[attr-defined]

    with pytest.raises(TrainingError, match="no number at step 6"):
        train(net, text, text, recipe, tmp_path, watch=poison, cores=1)
    outcome = train(toy.net(), text, text, recipe, tmp_path, cores=1)  # goes on from step 4
    assert [line.step for line in outcome.lines] == [*range(2, 41, 2)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_is_told_and_the_run_goes_on_once_there_is_room(tmp_path: Path, small_disk: Path) -> None:
    ballast, run = small_disk / "ballast", small_disk / "run"

    def fill(moment: Any) -> None:
        if moment.step == 20:
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))

    with pytest.raises(CheckpointError, match="The disk is full"):
        toy.run(run, watch=fill)
    assert [step for step, _, _ in losses(run)] == [*range(2, 21, 2)]
    assert not [p for p in run.iterdir() if p.name.startswith(".")]
    ballast.unlink()
    toy.run(run)
    toy.run(tmp_path / "whole")
    assert losses(run) == losses(tmp_path / "whole")


def test_interrupted_run_of_another_recipe_or_net_is_not_overwritten(tmp_path: Path) -> None:
    text = toy.tokens()

    def stop(moment: Any) -> None:
        if moment.step == 10:
            raise KeyboardInterrupt

    recipe = Recipe(steps=40, batch=2, context=8)
    with pytest.raises(KeyboardInterrupt):
        train(toy.net(), text, text, recipe, tmp_path, watch=stop, cores=1)
    with pytest.raises(CheckpointError, match="rate, seed differ"):
        train(toy.net(), text, text, Recipe(steps=40, batch=2, context=8, rate=1e-4, seed=9), tmp_path)
    with pytest.raises(CheckpointError, match="another net"):
        train(toy.net("lstm"), text, text, recipe, tmp_path)


def test_damaged_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / "resume.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    with pytest.raises(CheckpointError):
        toy.run(tmp_path)


@pytest.mark.parametrize(
    "wrong", [{"rate": 0}, {"rate": float("nan")}, {"steps": 0}, {"optimiser": "sgd"}, {"clip": -1}]
)
def test_recipe_with_a_number_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BriefError):
        Recipe(**wrong)
