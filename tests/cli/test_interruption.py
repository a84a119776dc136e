"""Being stopped in the middle: Ctrl-C, a second process, a full disk, a reader that has seen enough."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.run import STORY, environment, run

ALIKE = "*.epub"


def start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.cli.parroted", *arguments]
    slow = environment(home, MIAOBI_TEST_PAUSE="0.3")
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=slow, cwd=home)


def wait_for_journal(home: Path) -> None:
    for _ in range(300):
        if any(p.stat().st_size > 2_000 for p in (home / "jobs").glob("*.jsonl")):
            return
        time.sleep(0.05)
    pytest.fail("no step was finished in 15 s")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    home = tmp_path_factory.mktemp("whole")
    assert run(*STORY, home=home).returncode == 0
    return next((home / "made").glob(ALIKE)).read_bytes()


def test_ctrl_c_exits_with_130_and_resume_ends_in_the_same_bytes(tmp_path: Path, whole: bytes) -> None:
    process = start(tmp_path, *STORY)
    wait_for_journal(tmp_path)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"miaobi resume" in err
    assert out == b""
    assert not (tmp_path / "made").exists()
    assert run("resume", home=tmp_path).returncode == 0
    assert next((tmp_path / "made").glob(ALIKE)).read_bytes() == whole


def test_two_processes_at_the_same_job_don_t_mix(tmp_path: Path, whole: bytes) -> None:
    first = start(tmp_path, *STORY)
    wait_for_journal(tmp_path)
    first.send_signal(signal.SIGSTOP)  # it holds its journal for as long as the second needs to come and see
    second = run(*STORY, home=tmp_path)
    first.send_signal(signal.SIGCONT)
    assert (second.returncode, "another process" in second.stderr) == (74, True)
    assert first.wait(timeout=60) == 0
    first.communicate()
    assert next((tmp_path / "made").glob(ALIKE)).read_bytes() == whole


def test_two_processes_at_two_jobs_share_the_library(tmp_path: Path) -> None:
    running = [start(tmp_path, *STORY[:-1], f"out{seed}", "--seed", str(seed)) for seed in (1, 2)]
    said = [p.communicate(timeout=90)[1] for p in running]
    assert [p.returncode for p in running] == [0, 0], said
    done = run("works", "list", "--json", home=tmp_path)
    assert done.stdout.count('"id"') == 2


@pytest.mark.parametrize("room", ["4000", "30000", "60000"])
def test_full_disk_is_told_and_trying_again_ends_in_the_same_bytes(tmp_path: Path, whole: bytes, room: str) -> None:
    """Full before the library opens, while the journal grows, while files are delivered."""
    run("works", "list", home=tmp_path)
    done = run(*STORY, home=tmp_path, MIAOBI_TEST_ROOM=room)
    assert (done.returncode, "Traceback" in done.stderr) == (74, False), done.stderr
    assert "full" in done.stderr or "disk I/O error" in done.stderr
    assert run(*STORY, home=tmp_path).returncode == 0
    assert next((tmp_path / "made").glob(ALIKE)).read_bytes() == whole
    assert run("works", "list", "--json", home=tmp_path).stdout.count('"id"') == 1


def test_reader_that_has_seen_enough_is_no_defect(tmp_path: Path) -> None:
    command = f"{sys.executable} -m miaobi.cli forms --json | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        env=environment(tmp_path),
        timeout=30,
        check=False,
    )
    assert done.returncode in {0, 141}
    assert done.stderr == b""


def test_closed_output_is_no_defect(tmp_path: Path) -> None:
    command = f"{sys.executable} -m miaobi.cli forms >&-"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment(tmp_path), timeout=30, check=False
    )
    assert b"Traceback" not in done.stderr


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """What makes help come at once; the time itself is for a quiet machine, not for a test."""
    code = (
        "import sys; from miaobi.cli.app import run; run(['--help']); "
        "heavy = {'torch', 'xllamacpp', 'pydantic', 'numpy', 'transformers', 'docx', 'sqlite3'} & set(sys.modules); "
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "compose" in done.stdout
