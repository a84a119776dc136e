from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import STORY, run


def told(*arguments: str, home: Path) -> Any:
    done = run(*arguments, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one composed story; tests that change it make a copy of their own."""
    home = tmp_path_factory.mktemp("home")
    assert run(*STORY, home=home).returncode == 0
    return home


def test_composed_work_is_in_the_library_and_in_its_folder(home: Path) -> None:
    (work,) = told("works", "list", home=home)["works"]
    assert (work["form"], work["checkpoint"]) == ("story", "parrot")
    assert json.loads((home / "made" / "record.json").read_text("utf-8"))["id"] == work["id"]
    shown = told("works", "show", work["id"][:8], home=home)
    assert shown["made"]["brief"]["idea"] == "A thief steals a painting"
    assert {f["name"].rpartition(".")[2] for f in shown["files"]} == {"md", "epub"}
    assert [w["id"] for w in told("works", "search", "painting", home=home)["works"]] == [work["id"]]
    assert told("works", "list", "--form", "剧本", home=home)["works"] == []


def test_picture_illustrates_a_work_of_the_library_with_its_people(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "home")
    work = told("works", "list", home=home)["works"][0]
    given = ["--reference", f"story={work['title']}", "-o", "passage=2", "-o", "size=256", "-o", "medium=none"]
    done = run("compose", "picture", "what happens", *given, "--out", "drawn", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "home" / "drawn" / "record.json").read_text("utf-8"))
    kinds = [reference["kind"] for reference in record["brief"]["references"]]
    assert kinds[0] == "story"
    assert set(kinds[1:]) == {"persona"}
    assert f"paragraph 2 of “{work['title']}”" in done.stdout
    lost = run("compose", "picture", "x", "--reference", "story=nobody's", home=home)
    assert (lost.returncode, "no work “nobody's”" in lost.stderr) == (64, True)


def test_tables_and_trees_are_shown(home: Path) -> None:
    assert "story" in run("works", "list", home=home).stdout
    work = told("works", "list", home=home)["works"][0]
    assert "composed" in run("works", "versions", work["id"][:8], home=home).stdout
    shown = run("works", "show", work["title"], home=home).stdout
    assert "painting" in shown
    assert "main ends at" in shown
    assert work["title"] in run("works", "search", "thief", home=home).stdout
    assert "sound" in run("works", "mend", home=home).stdout


def test_works_are_named_by_their_files_too(home: Path) -> None:
    work = told("works", "list", home=home)["works"][0]
    for file in sorted((home / "made").iterdir()):
        if file.name != "record.json":
            assert told("works", "show", f"made/{file.name}", home=home)["id"] == work["id"], file.name
    (home / "stray.md").write_text("Nobody's.\n", "utf-8")
    lost = run("works", "show", "stray.md", home=home)
    assert (lost.returncode, "no work “stray.md”" in lost.stderr) == (64, True)
    same = run("works", "diff", work["id"][:8], work["title"], home=home)
    assert (same.returncode, same.stdout.strip()) == (0, "They have the same words.")
    alone = run("works", "diff", work["id"][:8], home=home)
    assert (alone.returncode, "only one version" in alone.stderr) == (64, True)


def test_work_goes_to_another_library_in_one_file(home: Path, tmp_path: Path) -> None:
    work = told("works", "list", home=home)["works"][0]
    file = tmp_path / "story.miaobi"
    assert run("works", "export", work["id"], "--out", str(file), home=home).returncode == 0
    assert told("works", "import", str(file), home=tmp_path)["id"] == work["id"]
    again = told("works", "list", home=tmp_path)["works"][0]
    assert {k: again[k] for k in ("seed", "checkpoint_sha256", "created")} == {
        k: work[k] for k in ("seed", "checkpoint_sha256", "created")
    }
    done = run("works", "export", work["id"], "--out", "again", home=tmp_path)
    for line in done.stdout.splitlines():
        name = Path(line).name
        assert (tmp_path / "again" / name).read_bytes() == (home / "made" / name).read_bytes()
    run("works", "board", "add", "heists", work["id"], home=tmp_path)
    assert told("works", "board", "list", home=tmp_path)["boards"] == {"heists": 1}
    assert len(told("works", "list", "--board", "heists", home=tmp_path)["works"]) == 1
    assert run("works", "board", "remove", "heists", work["id"], home=tmp_path).returncode == 0
    refused = run("works", "remove", work["id"], home=tmp_path)
    assert (refused.returncode, "--yes" in refused.stderr) == (64, True)
    assert run("works", "remove", work["id"], "--yes", home=tmp_path).returncode == 0
    assert told("works", "list", home=tmp_path)["works"] == []
    assert len(told("works", "list", "--trash", home=tmp_path)["works"]) == 1
    assert run("works", "restore", work["id"], home=tmp_path).returncode == 0
    assert run("works", "remove", work["id"], "--yes", "--for-good", home=tmp_path).returncode == 0
    assert told("works", "list", "--trash", home=tmp_path)["works"] == []


@pytest.mark.parametrize("moment", ["1", "before-delivery", "before-library", "after-library"])
def test_kill_at_any_moment_is_harmless(home: Path, tmp_path: Path, moment: str) -> None:
    killed = run(*STORY, home=tmp_path, MIAOBI_TEST_KILL=moment)
    assert killed.returncode == -signal.SIGKILL
    assert run("resume", home=tmp_path).returncode == 0
    (work,) = told("works", "list", home=tmp_path)["works"]
    assert len(told("works", "versions", work["id"], home=tmp_path)["versions"]) == 1
    assert sorted(p.name for p in (tmp_path / "made").iterdir()) == sorted(p.name for p in (home / "made").iterdir())
    for path in (home / "made").glob("*.epub"):
        assert (tmp_path / "made" / path.name).read_bytes() == path.read_bytes()
    assert not list((tmp_path / "jobs").glob("*.jsonl"))
    assert run("resume", home=tmp_path).returncode == 64
