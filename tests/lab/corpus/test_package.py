from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import random
import shutil
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from miaobi.errors import CorpusError, UnknownNameError
from miaobi.lab.corpus import icon, poem
from miaobi.lab.corpus.package import fetch, members, package_folder
from miaobi.lab.corpus.source import open_source
from tests.engines.conftest import Shelf

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm to ask for its registry")
POEMS = {
    "dist/quantangshi/poet.tang.0.json": [
        {"title": "靜夜思", "author": "李白", "paragraphs": ["牀前看月光，", "疑是地上霜。"]},
        {"title": "空", "paragraphs": []},
    ],
    "dist/quantangshi/error/poet.tang.0.json": [{"paragraphs": ["no"]}],
    "dist/quantangshi/authors.tang.json": [{"desc": "no"}],
    "dist/yudingquantangshi/json/001.json": [{"paragraphs": ["no"]}],
    "dist/songci/ci.song.0.json": [{"rhythmic": "點絳唇", "author": "林逋", "paragraphs": ["金谷年年，"]}],
    "dist/shijing/shijing.json": [{"title": "關雎", "content": ["關關雎鳩，"]}],
    "dist/nalanxingde/納蘭.json": [{"title": "山一程", "para": ["山一程，"]}],
}


def tarball(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def packed() -> bytes:
    padding = {"README.md": random.Random(0).randbytes(60_000)}  # so that there is something to cut
    return tarball(padding | {name: json.dumps(value, ensure_ascii=False).encode() for name, value in POEMS.items()})


@pytest.fixture
def registry(packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An npm registry of the test's own that has the package, and a home without it."""
    shelf = Shelf()
    threading.Thread(target=shelf.serve_forever, daemon=True).start()
    sha256, name = hashlib.sha256(packed).hexdigest(), poem.PACKAGE.name
    monkeypatch.setattr(poem, "PACKAGE", dataclasses.replace(poem.PACKAGE, sha256=sha256, size=len(packed)))
    entry = {"name": name, "version": "2.0.1", "dist": {"tarball": f"{shelf.url}/p.tgz"}}
    about = {"name": name, "dist-tags": {"latest": "2.0.1"}, "versions": {"2.0.1": entry}}
    shelf.files = {
        f"/{name}": (json.dumps(about).encode(), "application/json"),
        "/p.tgz": (packed, "application/octet-stream"),
    }
    settings = {"registry": shelf.url, "cache": str(tmp_path / "npm"), "update_notifier": "false", "fetch_retries": "0"}
    for key, value in settings.items():
        monkeypatch.setenv(f"npm_config_{key}", value)
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    yield shelf
    shelf.shutdown()
    shelf.server_close()


@needs_npm
def test_package_is_fetched_when_asked_for_once_and_read_without_unpacking(registry: Shelf) -> None:
    found = {d.id: d for d in open_source("chinese-poetry").read()}
    assert set(found) == {
        "quantangshi/poet.tang.0#0",
        "songci/ci.song.0#0",
        "shijing/shijing#0",
        "nalanxingde/納蘭#0",
    }
    first = found["quantangshi/poet.tang.0#0"]
    assert first.text == "牀前看月光，\n疑是地上霜。"
    assert first.meta == {"collection": "tang", "title": "靜夜思", "author": "李白"}
    assert [p.name for p in package_folder().iterdir() if not p.name.startswith(".")] == ["chinese-poetry-2.0.1.tgz"]
    asked = len(registry.asked)
    only = open_source("chinese-poetry:ci,shijing")
    assert [d.meta["collection"] for d in only.read()] == ["ci", "shijing"]
    assert only.origin.sha256 == poem.PACKAGE.sha256
    assert len(registry.asked) == asked


@needs_npm
def test_interrupted_download_goes_on_from_the_bytes_that_are_here(registry: Shelf) -> None:
    def stop(have: int, total: int) -> None:
        if have > 2_000:
            raise KeyboardInterrupt

    registry.cut = 30_000
    with pytest.raises(KeyboardInterrupt):
        fetch(poem.PACKAGE, stop)
    registry.cut = 0
    part = next(package_folder().glob("*.part"))
    have = part.stat().st_size
    assert have > 2_000
    assert len(list(open_source("chinese-poetry").read())) == 4
    assert [r for path, r in registry.asked if path == "/p.tgz"][-1] == f"bytes={have}-"


@needs_npm
def test_connection_that_is_cut_is_gone_on_with(registry: Shelf) -> None:
    registry.cut = 30_000
    assert len(list(open_source("chinese-poetry").read())) == 4


@needs_npm
def test_other_file_under_the_name_is_refused(registry: Shelf) -> None:
    content, kind = registry.files["/p.tgz"]
    registry.files["/p.tgz"] = (content[:-1] + b"x", kind)
    with pytest.raises(CorpusError, match=r"SHA-256(.|\n)*--archive FILE"):
        open_source("chinese-poetry")


@needs_npm
def test_registry_without_the_package_says_the_next_step(registry: Shelf) -> None:
    registry.files.clear()
    with pytest.raises(CorpusError, match=r"npm could not be asked(.|\n)*npm pack chinese-poetry@2\.0\.1"):
        open_source("chinese-poetry")


def test_without_npm_a_tarball_of_the_user_s_serves(
    packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(
        poem, "PACKAGE", dataclasses.replace(poem.PACKAGE, sha256=hashlib.sha256(packed).hexdigest(), size=len(packed))
    )
    with pytest.raises(CorpusError, match=r"no npm here(.|\n)*--archive FILE"):
        open_source("chinese-poetry")
    (tmp_path / "mine.tgz").write_bytes(packed)
    assert len(list(open_source("chinese-poetry", archive=tmp_path / "mine.tgz").read())) == 4


@pytest.mark.parametrize(("content", "said"), [(None, "no archive at"), (b"x", "is not chinese-poetry 2.0.1")])
def test_tarball_that_is_another_is_refused(content: bytes | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "p.tgz").write_bytes(content)
    with pytest.raises(CorpusError, match=said):
        open_source("chinese-poetry", archive=tmp_path / "p.tgz")


def test_archive_cut_short_is_told(packed: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.tgz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CorpusError, match="damaged"):
        list(members(tmp_path / "p.tgz"))


def test_unknown_collection_is_named_before_anything_is_fetched() -> None:
    with pytest.raises(UnknownNameError, match=r"“tango”(.|\n)*tang, song, ci"):
        open_source("chinese-poetry:tango")


def test_icons_give_their_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {
        f"svg/{n}.svg": f'<svg id="{n}"><path d="M1 {i}Z" /></svg>'.encode() for i, n in enumerate(["heart", "sun"])
    }
    content = tarball(drawn)
    (tmp_path / "i.tgz").write_bytes(content)
    monkeypatch.setattr(icon, "PACKAGE", dataclasses.replace(icon.PACKAGE, sha256=hashlib.sha256(content).hexdigest()))
    found = list(open_source("@mdi/svg", archive=tmp_path / "i.tgz").read())
    assert [(d.id, d.text) for d in found] == [("heart", "M1 0Z"), ("sun", "M1 1Z")]
    assert [d.id for d in open_source("@mdi/svg:ear", archive=tmp_path / "i.tgz").read()] == ["heart"]
