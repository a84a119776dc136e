from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import STORY, run

TEXT = "Marta walks to the door. The lamp is lit.\n\nShe opens the window and looks at the grey harbour.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.txt"
    path.write_text(TEXT, "utf-8")
    return path


def told(*arguments: str, home: Path) -> Any:
    done = run(*arguments, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_revision_is_printed_and_the_file_left_alone(file: Path) -> None:
    done = run("revise", "mine.txt", "--instruction", "past tense", home=file.parent)
    assert done.returncode == 0
    assert done.stdout == TEXT.replace("walks", "walked").replace("is", "was").replace("opens", "opened").replace(
        "looks", "looked"
    )
    assert "4 changes" in done.stderr
    assert file.read_text("utf-8") == TEXT
    assert [p.name for p in file.parent.iterdir()] == ["mine.txt"]  # nothing was kept either: it belongs to no work


def test_lines_and_passages_are_chosen(file: Path) -> None:
    first = told("revise", "mine.txt", "--instruction", "tense=past", "--lines", "1", home=file.parent)["text"]
    assert first == TEXT.replace("walks", "walked").replace("is", "was")
    one = told("revise", "mine.txt", "--instruction", "tense=past", "--passage", "The lamp is lit.", home=file.parent)
    assert one["text"] == TEXT.replace("is", "was")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_in_place_keeps_what_it_was_in_the_library(file: Path, ends: str) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", ends).encode())
    file.chmod(0o640)
    link = file.with_name("link.txt")
    link.symlink_to(file)
    done = run("revise", "link.txt", "--instruction", "tense=past", "--in-place", home=file.parent)
    assert done.returncode == 0, done.stderr
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfMarta walked")
    assert content.count(ends.encode()) == TEXT.count("\n")
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    (work,) = told("works", "list", home=file.parent)["works"]
    tree = told("works", "versions", work["id"], home=file.parent)["versions"]
    assert [v["kind"] for v in tree] == ["own", "edit"]
    back = run("works", "show", work["id"], "--version", tree[0]["id"], home=file.parent)
    assert TEXT.strip() in back.stdout
    changed = run("works", "diff", tree[0]["id"], tree[1]["id"], home=file.parent).stdout
    assert "~ Marta [-walks-]{+walked+}" in changed
    assert run("works", "diff", work["id"], home=file.parent).stdout == changed  # the last change of a work


def test_continuation_and_alternatives_say_whose_they_are(file: Path) -> None:
    more = told("continue", "mine.txt", "--words", "12", "--seed", "3", home=file.parent)
    assert more["author"] == "engine"
    assert len(more["text"].split()) >= 12
    again = told("continue", "mine.txt", "--words", "12", "--seed", "3", home=file.parent)
    assert again["text"] == more["text"]
    found = told("alternatives", "mine.txt", "--passage", "The lamp is lit.", "-n", "3", home=file.parent)[
        "alternatives"
    ]
    assert [a["rank"] for a in found] == [1, 2, 3]
    assert {a["author"] for a in found} <= {"engine", "craft"}
    assert "[engine" in run("alternatives", "mine.txt", "--lines", "1", home=file.parent).stdout
    longer = told("revise", "mine.txt", "--instruction", "expand=30", home=file.parent)
    assert longer["engine"]
    for span in longer["engine"]:
        assert longer["text"][span["start"] : span["end"]] == span["text"]


def test_what_is_accepted_for_a_composed_work_becomes_versions_of_it(tmp_path: Path) -> None:
    assert run(*STORY, home=tmp_path).returncode == 0
    (md,) = (tmp_path / "made").glob("*.md")
    (work,) = told("works", "list", home=tmp_path)["works"]
    first = told("revise", str(md), "--instruction", "person=first", home=tmp_path)
    assert first["version"]
    found = told("alternatives", str(md), "--lines", "9", "-n", "2", home=tmp_path)["alternatives"]
    assert all(a["version"] for a in found)
    tree = told("works", "versions", work["id"], home=tmp_path)["versions"]
    assert {v["kind"] for v in tree} == {"composed", "alternative"}
    assert run("revise", str(md), "--instruction", "shorten=60%", "--in-place", home=tmp_path).returncode == 0
    assert run("branch", str(md), "darker", "--from", tree[0]["id"][:8], home=tmp_path).returncode == 0
    tree = told("works", "versions", work["id"], home=tmp_path)["versions"]
    assert [v["branches"] for v in tree if v["branches"]] == [["darker"], ["main"]]
    assert len(told("works", "list", home=tmp_path)["works"]) == 1


def test_check_finds_and_exits_with_65(file: Path) -> None:
    assert run("check", "mine.txt", home=file.parent).returncode == 0
    file.write_text(TEXT + "\nMarta is here and she waits.\n\nMarta is here and she waits.\n", "utf-8")
    done = run("check", "mine.txt", "--form", "小说", home=file.parent)
    assert done.returncode == 65
    assert "mine.txt:7:1: error" in done.stdout
    assert "[repeated-sentence]" in done.stdout


def test_ideas_come_from_a_thought_or_a_file(file: Path) -> None:
    assert len(told("ideas", "A lighthouse keeper finds a message", "-n", "4", home=file.parent)["ideas"]) == 4
    assert told("ideas", "mine.txt", "--kind", "names", "-n", "3", home=file.parent)["language"] == "en"
    assert "信" in run("ideas", "老木匠捡到一封信", "--kind", "what-ifs", home=file.parent).stdout


def test_broken_library_stops_in_place_but_not_a_result_on_stdout(file: Path) -> None:
    (file.parent / "library").mkdir()
    (file.parent / "library" / "library.db").write_bytes(b"garbage" * 1_000)
    done = run("revise", "mine.txt", "--instruction", "tense=past", home=file.parent)
    assert (done.returncode, "Marta walked" in done.stdout, "Not kept" in done.stderr) == (0, True, True)
    done = run("revise", "mine.txt", "--instruction", "tense=past", "--in-place", home=file.parent)
    assert (done.returncode, "damaged" in done.stderr) == (74, True)
    assert file.read_text("utf-8") == TEXT
