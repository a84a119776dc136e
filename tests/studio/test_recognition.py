"""Recognition: a file of ours is known again, whatever its name; nobody else's is; hostile ones do no harm."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.space import files
from miaobi.craft.space.mesh import Mesh
from miaobi.studio.delivery import record_of
from miaobi.studio.library import Library
from miaobi.studio.library.bundle import pack
from miaobi.studio.library.export import origin_of, rendered
from miaobi.studio.recognition import recognised
from miaobi.studio.world.plan import world_of
from miaobi.trust import label
from miaobi.work import Rendering, Work
from tests.parrot import Parrot

MADE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "haiku": ({}, ["md", "txt", "html", "pdf", "svg"]),
    "story": ({}, ["docx", "epub"]),
    "tune": ({}, ["abc", "mid", "musicxml", "mei", "wav", "ogg", "mp3", "zip", "html", "svg"]),
    "picture": ({"size": 256, "medium": "none"}, ["png", "svg"]),
}
PLAIN = {"haiku.txt", "haiku.svg", "tune.svg", "solid.stl", "solid.obj"}  # which have their label in a sidecar alone


@pytest.fixture(scope="module")
def works() -> dict[str, Work]:
    """Works with every kind of file; the solid is a corner, since a sculpture takes its time."""
    out = {}
    for form, (options, formats) in MADE.items():
        brief = Brief(form=form, idea="A thief steals a painting", seed=3, options=options)
        out[form] = compose(brief, engine=Parrot(), formats=formats)
    first = out["picture"]
    imprint = label.imprint(first.id, first.title, "en", "parrot", "1.0")
    corner = Mesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32))
    solids = {"stl": files.stl, "obj": files.obj, "glb": files.glb, "3mf": files.threemf}
    more = [
        Rendering(name=f"solid.{ending}", media_type="model/any", content=write(corner, imprint))
        for ending, write in solids.items()
    ]
    out["picture"] = first.model_copy(update={"renderings": (*first.renderings, *more)})
    return out


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def test_every_file_of_a_work_in_the_library_is_known_by_its_bytes(works: dict[str, Work], empty: Library) -> None:
    for work in works.values():
        empty.add(work)
    for work in works.values():
        for r in work.renderings:
            found = recognised(empty, "whatever.bin", r.content)
            assert found.how == "bytes", r.name
            assert found.card is not None
            assert found.card.id == work.id, r.name
            assert found.brief is not None
            assert Brief.model_validate(found.brief) == work.brief


def test_changed_file_is_known_by_its_label_and_says_so_without_the_library(
    works: dict[str, Work], empty: Library, tmp_path: Path
) -> None:
    seen, plain = set(), set()
    with Library(tmp_path / "full") as full:
        for form, work in works.items():
            full.add(work.model_copy(update={"renderings": ()}))
            for r in work.renderings:
                ending = r.name.rpartition(".")[2]
                seen.add(ending)
                found = recognised(full, r.name, r.content)
                alone = recognised(empty, r.name, r.content)
                if found.how == "notice":
                    plain.add(r.name if r.name.startswith("solid") else f"{form}.{ending}")
                    assert alone.how == "notice"
                    continue
                assert (found.how, found.card and found.card.id) == ("label", work.id), r.name
                assert (alone.how, alone.card, alone.brief) == ("label", None, None)
                assert alone.label is not None
                assert alone.label["ProduceID"] == work.id
    assert plain == PLAIN
    assert seen == {"json", "stl", "obj", "glb", "3mf"} | {ending for _, formats in MADE.values() for ending in formats}


def test_what_holds_a_brief_gives_it_back(works: dict[str, Work], empty: Library) -> None:
    work = works["haiku"]
    record = recognised(empty, "record.json", record_of(work, {}))
    assert record.how == "record"
    assert Brief.model_validate(record.brief) == work.brief
    empty.add(work)
    packed = pack(empty, work.id)
    empty.delete(work.id)
    found = recognised(empty, "haiku.miaobi", packed)
    assert Brief.model_validate(found.brief) == work.brief
    world = world_of("A thief steals a painting", "en", ["haiku", "tune"])
    assert recognised(empty, "world.json", world.model_dump_json().encode()).world == world


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("", b""),
        ("mine.txt", b"Nothing of anybody's."),
        ("mine.md", b"---\ntitle: mine\n---\n# Mine\n"),
        ("mine.json", b'{"AIGC": {"Label": "1", "ContentProducer": "somebody", "ProduceID": "x"}}'),
        ("mine.png", b"\x89PNG\r\n\x1a\n"),
        ("mine.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>{}</metadata></svg>"),
    ],
)
def test_somebody_else_s_file_is_told_as_such(empty: Library, name: str, content: bytes) -> None:
    found = recognised(empty, name, content)
    assert (found.how, found.card, found.brief) == ("none", None, None)


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def test_hostile_packages_do_no_harm(empty: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label, "MEMBER_LIMIT", 10_000)
    bomb = zipped("docProps/custom.xml", b'name="AIGC"><vt:lpwstr>' + b" " * 1_000_000)
    assert recognised(empty, "bomb.docx", bomb).how == "none"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as file:
        for n in range(40):
            file.writestr(f"{n:0120}", b"")
    assert label.directory_is_small(many.getvalue())
    monkeypatch.setattr(label, "_DIRECTORY_LIMIT", 1_000)
    assert not label.directory_is_small(many.getvalue())
    assert recognised(empty, "many.epub", many.getvalue()).how == "none"
    climbing = zipped("../../manifest.json", b'{"format": "miaobi work"}')
    assert recognised(empty, "climbing.miaobi", climbing).how == "none"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", b"[" * 200_000),
        ("deep.glb", b"glTF" + b"\0" * 8 + struct.pack("<I", 100_000) + b"JSON" + b"[" * 100_000),
        ("long.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**32 - 1) + b"iTXtAIGC\0\0\0\0\0{"),
        ("loop.gif", b"GIF89a\x21\xfe\xff" + b"a" * 30),
        ("odd.pdf", b"%PDF /AIGC (" + b"\\(" * 50_000),
        ("odd.mp3", b"ID3" + "AIGC\0".encode("utf-16-le") + b"\xff\xfe"),
        ("odd.md", b"---\nAIGC:\n  Label\n---\n"),
        ("odd.json", json.dumps({"id": 1, "form": 2, "brief": 3, "record": 4}).encode()),
        ("odd.json", b'{"idea": 1, "parts": 2, "bible": 3}'),
        ("odd.miaobi", zipped("manifest.json", b'{"format": "miaobi work", "brief": {"form": 3}}')),
        ("odd.miaobi", zipped("manifest.json", b"[]")),
        ("odd.docx", b"PK\x05\x06"),
    ],
)
def test_damaged_files_do_no_harm(empty: Library, name: str, content: bytes) -> None:
    found = recognised(empty, name, content)
    assert (found.card, found.brief, found.world) == (None, None, None)


@given(
    ending=st.sampled_from(
        ["png", "gif", "glb", "pdf", "docx", "epub", "mid", "wav", "mp3", "ogg", "md", "json", "eml"]
    ),
    head=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"glTF\0\0\0\0", b"PK\x03\x04", b"AIGC ", b"---\nAIGC:\n"]),
    rest=st.binary(max_size=300),
)
def test_nothing_that_is_sent_raises(ending: str, head: bytes, rest: bytes) -> None:
    class Nowhere:
        def holding(self, sha256: str) -> list[None]:
            return []

        def cards(self, ids: list[str]) -> dict[str, None]:
            return {}

    recognised(Nowhere(), f"x.{ending}", head + rest)  # type: ignore[arg-type]


def test_file_of_an_edited_work_is_known_by_its_bytes_though_none_are_kept(
    works: dict[str, Work], tmp_path: Path
) -> None:
    with Library(tmp_path) as library:
        library.add(works["story"])
        version = library.keep(works["story"].id, "It was raining.\n\nNobody came.\n")
        origin = origin_of(library, version)
        for ending in ("md", "epub"):
            file = rendered(library, version, origin, ending)
            found = recognised(library, "x." + ending, file.content)
            assert (found.how, found.card and found.card.id) == ("bytes", works["story"].id)
        changed = rendered(library, version, origin, "md").content + b"x"
        assert recognised(library, "x.md", changed).how == "label"
        assert recognised(library, "x.md", changed).notice.endswith("then edited")
