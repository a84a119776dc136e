from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from miaobi.compose import compose
from miaobi.errors import LibraryError, UnknownNameError
from miaobi.forms import find
from miaobi.studio.job import Order, jobs_folder, open_journal, unfinished
from tests.parrot import Parrot

ORDER = Order(brief=find("story").example, formats=("md",), out="made")
SHA = "0" * 64


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))


def start(home: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"MIAOBI_HOME": str(home)}
    return subprocess.Popen([sys.executable, "-m", "tests.studio.killed"], stdout=subprocess.PIPE, env=environment)


def test_work_killed_at_random_moments_and_resumed_is_byte_for_byte_the_same(tmp_path: Path) -> None:
    whole = start(tmp_path / "whole").communicate(timeout=60)[0].decode().split()
    rng = random.Random(20)
    kills = 0
    for _ in range(8):  # every process but the last is killed; all share one journal
        process = start(tmp_path / "killed")
        time.sleep(rng.uniform(0.5, 1.4))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate(timeout=60)
    last = start(tmp_path / "killed").communicate(timeout=60)[0].decode().split()
    assert kills > 0
    assert last[:-1] == whole[:-1]


def test_resumed_job_makes_only_the_steps_that_are_missing() -> None:
    with open_journal(ORDER, SHA) as journal:
        full = Parrot()
        work = compose(ORDER.brief, engine=full, formats=["md"], journal=journal)
    with open_journal(ORDER, SHA) as journal:
        again = Parrot()
        assert compose(ORDER.brief, engine=again, formats=["md"], journal=journal) == work
    assert full.calls > 0
    assert again.calls == 0


def test_half_written_line_is_dropped_and_the_rest_kept() -> None:
    with open_journal(ORDER, SHA) as journal:
        journal.put("one", {"value": 1})
        path = journal.path
    with path.open("ab") as file:
        file.write(b'{"key": "two", "entry": {"val')
    with open_journal(ORDER, SHA) as journal:
        assert journal.get("one") == {"value": 1}
        assert journal.get("two") is None
        journal.put("two", {"value": 2})
    with open_journal(ORDER, SHA) as journal:
        assert journal.get("two") == {"value": 2}


def test_two_processes_may_not_compose_the_same_work_at_once() -> None:
    with open_journal(ORDER, SHA), pytest.raises(LibraryError, match="another process"), open_journal(ORDER, SHA):
        pass


def test_newest_unfinished_job_is_found_with_its_folder_and_finished_ones_are_gone() -> None:
    with pytest.raises(UnknownNameError, match="No job"):
        unfinished()
    with open_journal(ORDER, SHA) as journal:
        journal.put("one", {"value": 1})
    assert unfinished().brief == ORDER.brief
    assert unfinished().out == str(Path.cwd() / "made")
    with pytest.raises(UnknownNameError, match="zzz"):
        unfinished("zzz")
    with open_journal(ORDER, SHA) as journal:
        journal.finish()
    assert not list(jobs_folder().glob("*.jsonl"))


def test_the_same_work_asked_for_again_goes_where_it_was_asked_for_last() -> None:
    with open_journal(ORDER, SHA) as journal:
        journal.put("one", {"value": 1})
    later = ORDER.model_copy(update={"out": "elsewhere", "formats": ("md", "epub")})
    with open_journal(later, SHA) as journal:
        assert journal.get("one") == {"value": 1}
        journal.put("two", {"value": 2})
    assert unfinished().out == str(Path.cwd() / "elsewhere")
    assert unfinished().formats == ("md", "epub")
    size = journal.path.stat().st_size
    with open_journal(later, SHA) as journal:
        assert journal.get("two") == {"value": 2}
    assert journal.path.stat().st_size == size  # an order that is the last one already isn't written again


def test_damaged_journal_is_named_and_kept() -> None:
    jobs_folder().mkdir(parents=True)
    damaged = jobs_folder() / "feed.jsonl"
    damaged.write_bytes(b"\x00\xff not json\n")
    with pytest.raises(LibraryError, match="damaged"):
        unfinished("feed")
    assert damaged.exists()
