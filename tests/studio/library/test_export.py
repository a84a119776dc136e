from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import BriefError
from miaobi.studio.library import Library
from miaobi.studio.library.difference import difference, marked
from miaobi.studio.library.export import write_files
from miaobi.trust import label
from miaobi.work import Work
from tests.parrot import Parrot
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


def test_edit_of_a_work_bears_its_label_and_says_so(library: Library, story: Work, tmp_path: Path) -> None:
    library.add(story)
    edit = library.keep(story.id, "An edit.")
    paths = write_files(library, edit, tmp_path, ["txt", "docx"])
    assert [p.suffixes for p in paths] == [[".txt"], [".txt", ".aigc", ".json"], [".docx"]]
    told = paths[0].read_text("utf-8")
    assert "An edit." in told
    assert re.search(r"AI-generated \(miaobi, .+\), then edited", told)
    for path in paths[1:]:
        found = label.read(path.read_bytes(), path.suffix[1:])
        assert found is not None
        assert (found["Label"], found["ProduceID"]) == ("1", story.id)
    with pytest.raises(BriefError, match="pptx"):
        write_files(library, edit, tmp_path, ["pptx"])


def test_text_of_a_person_s_own_bears_no_label(library: Library, tmp_path: Path) -> None:
    own = library.take_in("My own words.", tmp_path / "mine.txt", "en")
    (path,) = write_files(library, own, tmp_path)
    assert path.read_text("utf-8") == "My own words."


def test_edited_poem_is_set_as_its_form_sets_it(library: Library, tmp_path: Path) -> None:
    poem = compose(Brief(form="haiku", idea="rain on the roof"), engine=Parrot(), formats=["txt"])
    library.add(poem)
    edit = library.keep(poem.id, "rain upon the roof\nall night long the gutters talk\nmorning has no words")
    paths = write_files(library, edit, tmp_path, ["svg", "pdf"])
    assert [p.suffixes for p in paths] == [[".svg"], [".svg", ".aigc", ".json"], [".pdf"]]
    broadside = paths[0].read_text("utf-8")
    assert "gutters" in broadside
    assert "then edited" in broadside
    assert "rect" in broadside


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
