"""A text GAN as a run: kept with its curve, loaded again, judged the same."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.lab

from miaobi.cli.app import run as command  # noqa: E402
from miaobi.engines import run as run_folder  # noqa: E402
from miaobi.errors import BriefError, UnsupportedError  # noqa: E402
from miaobi.lab.adversarial import session  # noqa: E402

TINY = ["--vocabulary", "20", "--length", "6", "--hidden", "8", "--memory", "8", "--texts", "64", "--filters", "4"]
PACE = ["--pretraining", "6", "--judging", "2", "--steps", "2", "--rollouts", "1", "--batch", "8"]


@pytest.mark.parametrize("method", ["likelihood", "seqgan", "relgan"])
def test_generator_that_was_kept_has_the_curve_that_it_had(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    assert command(["lab", "gan", "g", "--method", method, *TINY, *PACE]) == 0
    run = run_folder.find("g")
    again = session.judged_again(run)
    assert [point.__dict__ for point in again] == run.record["curve"]
    assert len(again) == 8
    told = (run.folder / "card.md").read_text()
    assert f"trained by {method}" in told
    assert "| 0.6 |" in told
    capsys.readouterr()
    assert command(["lab", "curve", "g", "--temperatures", "1.0,0.5"]) == 0
    assert "0.5" in capsys.readouterr().out
    for wrong in ("warm", "0,1"):
        assert command(["lab", "curve", "g", "--temperatures", wrong]) == 64


def test_method_that_there_is_not_and_run_without_a_curve_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    assert command(["lab", "gan", "g", "--method", "leakgan", *TINY, *PACE]) == 64
    with pytest.raises(BriefError, match="no method “leakgan”"):
        session.GanOrder("g", "leakgan", session.TextShape(), session.Settings())  # type: ignore[arg-type]
    other = run_folder.Run(tmp_path / "x", {"net": "gru"})
    with pytest.raises(UnsupportedError, match="no oracle"):
        session.judged_again(other)
