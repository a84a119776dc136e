from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miaobi.errors import BriefError, LibraryError, UnknownNameError
from miaobi.studio.excerpt import whole_text
from miaobi.studio.library import Library, library_folder
from miaobi.work import Work
from tests.studio.library.conftest import composed


def test_composed_work_comes_back_exactly(library: Library, story: Work) -> None:
    version = library.add(story)
    assert library.composed(version) == story
    card = library.find(story.id[:8])
    assert (card.title, card.seed, card.checkpoint_sha256) == (story.title, 7, "0" * 64)
    assert library.text(story.id) == whole_text(story)
    assert "AI-generated" not in library.text(story.id)


def test_adding_twice_changes_nothing_and_other_files_join_the_same_version(library: Library, story: Work) -> None:
    version = library.add(story)
    assert library.add(story) == version
    assert library.add(composed(7, ("txt",))) == version
    names = [f.name.rpartition(".")[2] for f in library.described(version.id).files]
    assert sorted(names) == ["epub", "json", "md", "txt"]
    assert len(library.versions(story.id)) == 1


def test_versions_form_a_tree_of_named_branches(library: Library, story: Work) -> None:
    root = library.add(story)
    edit = library.keep(story.id, "A new beginning.\n\nAnd the rest.", note="by hand")
    library.branch(story.id, "darker", root.id)
    dark = library.keep(story.id, "It was night.", branch="darker")
    other = library.keep(story.id, "It was noon.", kind="alternative", parent=root.id)
    assert [v.parent for v in (root, edit, dark, other)] == [None, root.id, root.id, root.id]
    assert library.branches(story.id) == {"main": edit.id, "darker": dark.id}
    assert [e.branches for e in library.versions(story.id)] == [(), ("main",), ("darker",), ()]
    assert library.text(story.id, "darker") == "It was night."
    with pytest.raises(BriefError, match="already"):
        library.branch(story.id, "darker")


def test_branch_goes_back_to_a_version_and_nothing_is_lost(library: Library, story: Work) -> None:
    root = library.add(story)
    library.keep(story.id, "A mistake.")
    assert library.back_to(story.id, root.id[:8]) == root
    assert library.text(story.id) == library.words(root)
    assert len(library.versions(story.id)) == 2
    assert [h.card.id for h in library.search("lighthouse")] == [story.id]
    with pytest.raises(UnknownNameError, match="no branch"):
        library.back_to(story.id, root.id, "darker")


def test_version_is_named_by_what_it_is(library: Library, story: Work) -> None:
    library.add(story)
    first = library.keep(story.id, "One.")
    second = library.keep(story.id, "Two.")
    third = library.keep(story.id, "One.")
    assert len({first.id, second.id, third.id}) == 3  # the parent is a part of what a version is
    assert first.text == third.text
    assert library.keep(story.id, "One.") == third  # nothing changed: nothing is kept


def test_same_passage_has_the_same_name_in_every_version(library: Library, story: Work) -> None:
    root = library.add(story)
    text = library.text(story.id)
    edit = library.keep(story.id, text + "\nOne paragraph more.\n")
    before, after = (library.passages(v.id) for v in (root, edit))
    assert [p.sha256 for p in after[:-1]] == [p.sha256 for p in before]
    assert library.words(edit)[after[-1].start : after[-1].end] == "One paragraph more."


def test_lists_are_filtered_and_never_read_words(
    library: Library, story: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(story)
    library.take_in("一篇文章。", Path("a.txt"), "zh")
    monkeypatch.setattr(library.objects, "get", lambda name: pytest.fail("a list read an object"))
    assert [c.form for c in library.works()] == ["text", "story"]
    assert [c.form for c in library.works(form="story")] == ["story"]
    assert [c.language for c in library.works(language="zh")] == ["zh"]


def test_boards_gather_works(library: Library, story: Work) -> None:
    library.add(story)
    library.add(composed(8))
    library.pin("sea 海", story.id)
    library.pin("sea 海", story.id)
    assert library.boards() == {"sea 海": 1}
    assert [c.id for c in library.works(board="sea 海")] == [story.id]
    assert library.find(story.id).boards == ("sea 海",)
    library.unpin("sea 海", story.id)
    assert library.boards() == {}
    with pytest.raises(UnknownNameError, match="isn't on a board"):
        library.unpin("sea 海", story.id)
    with pytest.raises(BriefError, match="visible"):
        library.pin(" \n ", story.id)


def test_removed_work_waits_in_the_trash(library: Library, story: Work) -> None:
    library.add(story)
    library.remove(story.id)
    assert library.works() == []
    assert library.search("lighthouse") == []
    assert [c.id for c in library.works(trash=True)] == [story.id]
    library.restore(story.id)
    assert [c.id for c in library.works()] == [story.id]


def test_deleting_for_good_leaves_what_others_use(library: Library, story: Work) -> None:
    shared = "The same words.\n"
    library.add(story)
    library.keep(story.id, shared)
    own = library.take_in(shared, Path("own.txt"), "en")
    library.delete(story.id)
    assert library.text(own.work) == shared
    if isinstance(library.place.root, str):
        rows = "SELECT (SELECT count(*) FROM objects), (SELECT count(*) FROM descriptions)"
        assert list(library.index.database.read(rows)[0]) == [1, 1]
    else:
        kept = [p for p in library.place.folder.rglob("*") if p.is_file() and "library.db" not in p.name]
        assert len(kept) == 2  # one object, one version
    with pytest.raises(UnknownNameError):
        library.find(story.id)


def test_own_text_is_one_work_however_often_its_file_is_taken_in(library: Library) -> None:
    first = library.take_in("Draft one.", Path("mine.txt"), "en")
    again = library.take_in("Draft two.", Path("mine.txt"), "en")
    assert again.parent == first.id
    assert library.take_in("Draft two.", Path("mine.txt"), "en") == again
    assert len(library.works()) == 1


def test_unknown_and_ambiguous_names_say_what_is_near(library: Library, story: Work) -> None:
    library.add(story)
    library.add(composed(8))
    with pytest.raises(UnknownNameError, match="There is no work") as caught:
        library.find(story.title[:-2])
    assert story.title in caught.value.hint
    library.take_in("x", Path("a/note.txt"), "en")
    library.take_in("x", Path("b/note.txt"), "en")
    with pytest.raises(UnknownNameError, match="several"):
        library.find("note")
    with pytest.raises(UnknownNameError, match="no version"):
        library.find_version("feedfeed")


@pytest.mark.parametrize("change", [b"", b"garbage"])
def test_damaged_object_is_named_and_left(library: Library, story: Work, change: bytes) -> None:
    version = library.add(story)
    if isinstance(library.place.root, str):
        with library.index.database.write() as c:
            c.execute("UPDATE objects SET content = ? WHERE name = ?", (change, version.text))
    else:
        path = library.place.folder / "objects" / version.text[:2] / version.text
        path.write_bytes(change)
    with pytest.raises(LibraryError, match="damaged"):
        library.text(story.id)
    if isinstance(library.place.root, str):
        with library.index.database.write() as c:
            c.execute("DELETE FROM objects WHERE name = ?", (version.text,))
    else:
        assert path.read_bytes() == change
        path.unlink()
    with pytest.raises(LibraryError, match="missing"):
        library.text(story.id)


def test_folder_follows_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    assert library_folder() == tmp_path / "library"
    monkeypatch.delenv("MIAOBI_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert "miaobi" in str(library_folder())


def test_connections_are_kept_for_the_next_and_never_for_another_file(tmp_path: Path, story: Work) -> None:
    from miaobi.studio.library import sqlite

    path = tmp_path / "library" / "library.db"
    with sqlite.kept_open():
        with Library(tmp_path / "library") as library:
            library.add(story)
            first = library.index.database
        with ThreadPoolExecutor(1) as other, Library(tmp_path / "library") as library:  # taken by another thread
            assert library.index.database._connection is first._connection  # type: ignore[attr-defined]
            assert other.submit(library.find, story.id).result().id == story.id
            with Library(tmp_path / "library") as beside:
                assert beside.index.database is not library.index.database
                assert beside.find(story.id).id == story.id
        with sqlite3.connect(path) as changed:
            changed.execute("CREATE TABLE of_another_program (x)")
        with Library(tmp_path / "library") as library:  # its tables are looked at anew
            assert library.index.database._connection is not first._connection  # type: ignore[attr-defined]
        shutil.move(tmp_path / "library", tmp_path / "aside")
        with Library(tmp_path / "library") as library:
            assert library.works() == []
    assert not sqlite._idle
    with Library(tmp_path / "aside") as library:
        last = library.index.database
    with pytest.raises(LibraryError, match="closed"):
        last.read("SELECT 1")
