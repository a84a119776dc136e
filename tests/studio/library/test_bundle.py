from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from miaobi.errors import InputFileError
from miaobi.studio.library import Library
from miaobi.studio.library.bundle import export, pack, take
from miaobi.studio.library.database import Place
from miaobi.work import Work
from tests.postgres import fresh
from tests.studio.library.conftest import composed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def packed(library: Library, story: Work, tmp_path: Path) -> Path:
    root = library.add(story)
    library.keep(story.id, "An edit.\n\nOf two passages.", note="by hand")
    library.branch(story.id, "second", root.id)
    library.keep(story.id, "Another way.", branch="second")
    return export(library, story.id, tmp_path / "work.miaobi")


def test_import_restores_brief_seed_checkpoint_versions_and_files_exactly(
    library: Library, packed: Path, story: Work, tmp_path: Path
) -> None:
    with Library(tmp_path / "other") as other:
        assert take(other, packed) == story.id
        ids = [e.id for e in other.versions(story.id)]
        assert ids == [e.id for e in library.versions(story.id)]
        assert other.branches(story.id) == library.branches(story.id)
        back = other.composed(other.version(ids[0]))
        assert back == story
        assert (back.brief, back.record.seed, back.record.checkpoint["sha256"]) == (story.brief, 7, "0" * 64)
        assert pack(other, story.id) == packed.read_bytes()
        assert [h.card.id for h in other.search("passages")] == [story.id]


def test_bytes_are_the_same_every_time(library: Library, packed: Path, story: Work) -> None:
    assert pack(library, story.id) == packed.read_bytes()
    with zipfile.ZipFile(packed) as file:
        manifest = json.loads(file.read("manifest.json"))
        assert {e.date_time[0] for e in file.infolist()} == {1980}
    assert (manifest["brief"]["idea"], manifest["seed"]) == (story.brief.idea, 7)
    assert manifest["checkpoint"]["sha256"] == "0" * 64


def test_importing_again_changes_nothing_and_never_takes_back_later_edits(
    library: Library, packed: Path, story: Work
) -> None:
    before = library.branches(story.id)
    take(library, packed)
    assert library.branches(story.id) == before
    later = library.keep(story.id, "A later edit.")
    take(library, packed)
    after = library.branches(story.id)
    assert after["main"] == later.id
    assert before["main"] in after.values()


def test_imported_work_leaves_the_trash(library: Library, packed: Path, story: Work) -> None:
    library.remove(story.id)
    take(library, packed)
    assert [c.id for c in library.works()] == [story.id]


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None], compress: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path) as file:
        members = {n: file.read(n) for n in file.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", compress) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def add(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: content})


def alter(begins: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({next(n for n in members if n.startswith(begins)): content})


def drop(begins: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(next(n for n in members if n.startswith(begins))) and None


def manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()

    return change


HOSTILE = {
    "climbing-out": (add("../../evil"), "no export has"),
    "absolute": (add("/etc/evil"), "no export has"),
    "backslash": (add("objects\\..\\evil"), "no export has"),
    "stranger": (add("setup.py"), "no export has"),
    "altered-object": (alter("objects/", b"altered"), "not what its name says"),
    "altered-version": (alter("versions/", b"{}"), "not a work"),
    "missing-object": (drop("objects/"), "lacks objects/"),
    "missing-version": (drop("versions/"), "lacks versions/"),
    "missing-manifest": (drop("manifest"), "lacks manifest"),
    "not-json": (alter("manifest", b"\xff\xfe{"), "not a work"),
    "deep-json": (alter("manifest", b"[" * 200_000), "not a work"),
    "other-format": (manifest(format="zip"), "format"),
    "newer": (manifest(edition=99), "newer"),
    "other-work": (manifest(work="../../x"), "hang together"),
    "no-versions": (manifest(versions=[]), "no version"),
    "versions-not-a-list": (manifest(versions=7), "not a work"),
    "child-before-parent": (lambda m: manifest(versions=json.loads(m["manifest.json"])["versions"][::-1])(m), "hang"),
    "branch-to-nowhere": (manifest(branches={"main": "0" * 64}), "branches"),
    "no-main": (manifest(branches={}), "branches"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_whole(packed: Path, tmp_path: Path, case: str) -> None:
    change, said = HOSTILE[case]
    rewrite(packed, change)
    with Library(tmp_path / "fresh") as fresh:
        with pytest.raises(InputFileError, match=said):
            take(fresh, packed)
        assert fresh.works() == []
        assert not list((tmp_path / "fresh").rglob("objects/*/*"))
    assert not (tmp_path.parent / "evil").exists()


def test_bomb_is_refused_before_it_fills_memory(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miaobi.studio.library.bundle.MEMBER_LIMIT", 1_000_000)
    rewrite(packed, add("objects/" + "a" * 64, b"\0" * 40_000_000), zipfile.ZIP_DEFLATED)
    assert packed.stat().st_size < 1_000_000
    with Library(tmp_path / "fresh") as fresh, pytest.raises(InputFileError, match="unpacks to more"):
        take(fresh, packed)


def test_too_many_members_are_refused(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miaobi.studio.library.bundle.MEMBERS_LIMIT", 3)
    with Library(tmp_path / "fresh") as fresh, pytest.raises(InputFileError, match="too large"):
        take(fresh, packed)


@pytest.mark.parametrize("cut", [0, 1, 100, 5_000])
def test_truncated_file_is_refused(packed: Path, tmp_path: Path, cut: int) -> None:
    packed.write_bytes(packed.read_bytes()[:cut])
    with Library(tmp_path / "fresh") as fresh, pytest.raises(InputFileError, match="readable"):
        take(fresh, packed)


def test_any_flipped_byte_is_found_or_harmless(packed: Path, story: Work, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        packed.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with Library(tmp_path / f"fresh{at}") as fresh:
            try:
                take(fresh, packed)
            except InputFileError:
                assert fresh.works() == []
            else:
                assert fresh.composed(fresh.version(fresh.versions(story.id)[0].id)) == story


def test_folder_or_missing_file_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="folder"):
        take(library, tmp_path)
    with pytest.raises(InputFileError, match="no file"):
        take(library, tmp_path / "missing.miaobi")


def test_another_work_keeps_apart(library: Library, packed: Path) -> None:
    library.add(composed(8))
    take(library, packed)
    assert len(library.works()) == 2


def test_work_goes_to_postgresql_and_back(
    library: Library, packed: Path, story: Work, postgres_server: str, tmp_path: Path
) -> None:
    with Library(Place(fresh(postgres_server))) as other:
        assert take(other, packed) == story.id
        assert other.composed(other.find_version("main", story.id)) is None  # its last version is an edit
        assert pack(other, story.id) == packed.read_bytes()
        assert other.index.database.sound() == "ok"
