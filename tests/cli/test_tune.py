"""``miaobi check`` on a tune."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import run

GOOD = 'X:1\nT:Air\nM:3/4\nL:1/8\nK:G\nD2|"G"G2AB c2|"D7"A4 F2|"G"G4|]\n'


def test_tune_is_judged_with_place_and_reason(tmp_path: Path) -> None:
    tune = tmp_path / "air.abc"
    tune.write_text(GOOD.replace("A4 F2", "A4 F3"), "utf-8")
    done = run("check", str(tune), home=tmp_path)
    assert done.returncode == 65
    assert "error: Piano, bar 2: 7/2 quarters in a bar of 3 quarters. [bar-length]" in done.stdout
    assert "1 error" in done.stdout


def test_sound_tune_passes_and_its_shape_is_told_as_json(tmp_path: Path) -> None:
    tune = tmp_path / "air.abc"
    tune.write_text(GOOD, "utf-8")
    done = run("check", str(tune), "--json", home=tmp_path)
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["title"] == "Air"
    assert "authentic, V7–I" in next(f["message"] for f in told["findings"] if f["rule"] == "cadence")


def test_file_that_is_no_tune_is_refused_by_name_without_a_traceback(tmp_path: Path) -> None:
    tune = tmp_path / "torn.mid"
    tune.write_bytes(b"MThd\0\0\0\6\0\1\0\1\0\0")
    done = run("check", str(tune), home=tmp_path)
    assert done.returncode == 66
    assert "0 ticks a quarter" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("check", str(tmp_path / "gone.mei"), home=tmp_path).returncode == 66
