from __future__ import annotations

import json
from pathlib import Path

import pytest

from miaobi.errors import BriefError
from miaobi.studio.library import Library
from miaobi.studio.library.difference import difference, marked
from miaobi.studio.library.export import write_files
from miaobi.work import Work
from tests.studio.library.conftest import composed


def test_kept_files_come_back_byte_for_byte_with_their_record(library: Library, story: Work, tmp_path: Path) -> None:
    paths = write_files(library, library.add(story), tmp_path / "out")
    assert {p.name: p.read_bytes() for p in paths} == {r.name: r.content for r in story.renderings}
    assert json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))["id"] == story.id


def test_format_that_was_never_made_is_made_from_the_content(library: Library, story: Work, tmp_path: Path) -> None:
    paths = write_files(library, library.add(story), tmp_path / "out", ["html", "md"])
    by_ending = {p.suffix: p.read_bytes() for p in paths}
    assert by_ending[".html"] == composed(7, ("html",)).rendering("html").content
    assert by_ending[".md"] == story.rendering("md").content


def test_edit_is_written_as_text_and_nothing_else(library: Library, story: Work, tmp_path: Path) -> None:
    library.add(story)
    edit = library.keep(story.id, "An edit.")
    assert write_files(library, edit, tmp_path)[0].read_text("utf-8") == "An edit."
    with pytest.raises(BriefError, match="epub"):
        write_files(library, edit, tmp_path, ["epub"])


def test_difference_tells_passages_and_words_apart() -> None:
    changes = difference("One.\n\nTwo is here.\n\nThree.", "One.\n\nTwo was here.\n\nThree.\n\nFour.")
    assert [(c.kind, c.old, c.new) for c in changes] == [
        ("changed", "Two is here.", "Two was here."),
        ("added", "", "Four."),
    ]
    assert ("-", "is") in changes[0].words
    assert ("+", "was") in changes[0].words
    assert difference("海上明月", "海上新月")[0].words == (("=", "海上"), ("-", "明"), ("+", "新"), ("=", "月"))
    assert difference("Same.", "Same.") == []


def test_passage_of_which_half_stayed_is_shown_once_with_its_words_marked() -> None:
    (change,) = difference("The lamp is lit, and she waits.", "The lamp was lit, and she waited.")
    assert marked(change) == ["~ The lamp [-is-]{+was+} lit, and she [-waits.-]{+waited.+}"]
    (other,) = difference("The lamp is lit.", "Nobody came that day.")
    assert marked(other) == ["- The lamp is lit.", "+ Nobody came that day."]
