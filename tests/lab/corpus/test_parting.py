from __future__ import annotations

from pathlib import Path

import pytest

from miaobi.errors import CorpusError
from miaobi.lab.corpus.document import Document
from miaobi.lab.corpus.parting import parted
from miaobi.lab.corpus.source import open_source


def parts(tmp_path: Path, text: str, at: str = "chapters") -> list[Document]:
    (tmp_path / "novel.txt").write_text(text, encoding="utf-8")
    return list(parted(open_source(str(tmp_path / "novel.txt")), at).read())


@pytest.mark.parametrize(
    "headings",
    [
        ("CHAPTER I. The Mill", "Chapter Two", "Chapter 23: Home"),
        ("# The Mill", "## The Weir", "# Home"),
        ("I", "II.", "XIV"),
        ("第一回　甄士隐梦幻识通灵", "第 2 章", "　　第一百二十回 甄士隐详说太虚情"),
        ("Prologue", "Part Three", "尾声"),
    ],
)
def test_manuscript_is_parted_at_its_headings_and_nothing_is_lost(headings: tuple[str, ...], tmp_path: Path) -> None:
    text = "A Novel\n\n" + "".join(f"{heading}\n\nIt rained. 雨。\nChapters of rain.\n\n" for heading in headings)
    found = parts(tmp_path, text)
    assert "".join(document.text for document in found) == text
    assert [document.id for document in found] == [f"novel.txt#{i}" for i in range(1, 5)]
    assert [document.text.splitlines()[0] for document in found[1:]] == list(headings)


@pytest.mark.parametrize(
    "line", ["Chapter after chapter he read on.", "I.e. not at all", "第一章里他说过的话，", "1,000", "i am"]
)
def test_line_that_only_sounds_like_a_heading_is_none(line: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no line that begins a part"):
        parts(tmp_path, f"It rained.\n{line}\nIt rained on.\n")


def test_own_expression_matches_whole_lines_and_is_told_in_the_manifest(tmp_path: Path) -> None:
    found = parts(tmp_path, "one\n* * *\ntwo * * *\n* * *\nthree\n", at=r"\* \* \*")
    assert [document.text.strip("* \n") for document in found] == ["one", "two", "three"]
    assert parted(open_source(str(tmp_path / "novel.txt")), "x").origin.notes == "parted at x"
    with pytest.raises(CorpusError, match="no regular expression"):
        parts(tmp_path, "x", at="(")
