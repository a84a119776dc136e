"""SQLite: what the disk, other programs and other processes may do to the library, for real."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from miaobi.errors import LibraryError
from miaobi.studio.library import Library, schema
from miaobi.studio.library.mending import mend
from miaobi.studio.library.search import terms_of
from miaobi.studio.queue import Queue
from miaobi.work import Work
from tests.studio.library.conftest import composed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


def test_every_commit_waits_for_the_disk(library: Library) -> None:
    pragmas = {p: library.index.database.read(f"PRAGMA {p}")[0][0] for p in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL


def test_failed_transaction_leaves_nothing(library: Library) -> None:
    version = library.take_in("Before.", Path("a.txt"), "en")

    def fail() -> None:
        with library.index.database.write():
            library.index.pin("board", version.work)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert library.boards() == {}


def use(place: Path) -> None:
    with Library(place) as library:
        library.works()
        library.search("edit")


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"garbage" * 1_000,
        lambda whole: b"\0" * 4096,
        lambda whole: whole[:100] + b"\xaa" * 4_000 + whole[4_100:],
        lambda whole: whole[:5_000],
    ],
    ids=["garbage", "zeros", "first-page", "cut"],
)
def test_damaged_database_is_refused_kept_and_mended(tmp_path: Path, story: Work, damage: object) -> None:
    place = tmp_path / "library"
    with Library(place) as library:
        library.add(story)
        edit = library.keep(story.id, "An edit that must not be lost.")
    path = place / "library.db"
    broken = damage(path.read_bytes())  # type: ignore[operator]
    path.write_bytes(broken)
    with pytest.raises(LibraryError, match=r"damaged|another program"):
        use(place)
    assert path.read_bytes() == broken
    if broken[:1] == b"\0":
        return  # SQLite takes it for another program's file: nothing says that it was ours
    mended = mend(place)
    assert (mended.works, mended.versions, mended.lost) == (1, 2, ())
    assert Path(mended.aside).read_bytes() == broken
    with Library(place) as library:
        assert library.text(story.id) == "An edit that must not be lost."
        assert library.branches(story.id)["main"] == edit.id
        assert library.composed(library.version(library.versions(story.id)[0].id)) == story


def test_mending_recovers_boards_and_trash_where_they_can_be_read(tmp_path: Path, story: Work) -> None:
    place = tmp_path / "library"
    with Library(place) as library:
        root = library.add(story)
        library.add(composed(8))
        library.pin("sea", story.id)
        library.branch(story.id, "dark", root.id)
        library.remove(composed(8).id)
    raw = sqlite3.connect(place / "library.db")
    page, size = (
        raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()[0],
        raw.execute("PRAGMA page_size").fetchone()[0],
    )
    raw.close()
    with (place / "library.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xaa" * size)
    mended = mend(place)
    assert mended.aside
    with Library(place) as library:
        assert library.find(story.id).boards == ("sea",)
        assert library.branches(story.id)["dark"] == root.id
        assert [c.id for c in library.works(trash=True)] == [composed(8).id]


def test_lost_index_is_noticed_and_rebuilt(tmp_path: Path, story: Work) -> None:
    place = tmp_path / "library"
    with Library(place) as library:
        library.add(story)
    for path in place.glob("library.db*"):
        path.unlink()
    with pytest.raises(LibraryError, match="lost its index"):
        Library(place)
    assert mend(place).versions == 1
    with Library(place) as library:
        assert library.find(story.id).title == story.title


def test_sound_library_is_left_alone(library: Library, story: Work) -> None:
    library.add(story)
    assert mend(library.place.folder).aside == ""


def test_newer_database_is_refused_and_left(tmp_path: Path) -> None:
    place = tmp_path / "library"
    Library(place).close()
    with sqlite3.connect(place / "library.db") as raw:
        raw.execute("INSERT INTO migrations VALUES ('0099-from-the-future', '2099')")
    raw.close()
    for attempt in (Library, mend):
        with pytest.raises(LibraryError, match="newer miaobi"):
            attempt(place)


def test_database_of_another_program_is_refused_and_left(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "library.db") as raw:
        raw.execute("CREATE TABLE theirs (x)")
    raw.close()
    with pytest.raises(LibraryError, match="another program"):
        Library(tmp_path)
    with pytest.raises(LibraryError, match="another program"):
        mend(tmp_path)


def test_older_database_is_copied_then_migrated(tmp_path: Path, story: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "library"
    with Library(place) as library:
        library.add(story)
    longer = (*schema.MIGRATIONS, ("9001-stars", "ALTER TABLE works ADD COLUMN star INTEGER NOT NULL DEFAULT 0;"))
    monkeypatch.setattr("miaobi.studio.library.sqlite.MIGRATIONS", longer)
    with Library(place) as library:
        assert library.index.database.read("SELECT star FROM works")[0][0] == 0
        assert library.find(story.id).title == story.title
    copy = sqlite3.connect(place / f"library.before-{len(longer):04}.db")
    assert copy.execute("SELECT count(*) FROM works").fetchone() == (1,)
    copy.close()
    broken = (*longer, ("9002-wrong", "CREATE TABLE fine (x);\nCREATE TABLE works (x);"))
    monkeypatch.setattr("miaobi.studio.library.sqlite.MIGRATIONS", broken)
    with pytest.raises(LibraryError):
        Library(place)
    monkeypatch.setattr("miaobi.studio.library.sqlite.MIGRATIONS", longer)
    with Library(place) as library:  # the failed migration left nothing
        assert library.index.database.read("SELECT count(*) FROM sqlite_master WHERE name = 'fine'")[0][0] == 0


FROZEN = Path(__file__).with_name("frozen")  # `sqlite3 library.db .dump` of each released schema, with something in it


@pytest.mark.parametrize("released", sorted(FROZEN.glob("*.sql")), ids=lambda path: path.stem)
def test_every_released_schema_opens_in_the_newest(tmp_path: Path, released: Path) -> None:
    place = tmp_path / "library"
    place.mkdir()
    with sqlite3.connect(place / "library.db") as raw:
        raw.executescript(released.read_text())
    raw.close()
    with Library(place) as library:
        assert [card.title for card in library.works()] == ["春江", "The Wall"]
        found = library.index.search(terms_of("明月"), "w.removed IS NULL", (), 5)
        assert [card.title for card, _ in found] == ["春江"]
        assert library.boards() == {"sea": 1}
        assert library.index.database.sound() == "ok"
    with Queue(place) as queue:
        assert [(job.state, job.priority) for job in queue.jobs()] == [("queued", 3), ("done", 0)]
        assert [event.kind for event in queue.events(queue.jobs()[1].id)] == ["queued", "running", "done"]
        moved = queue.add(queue.jobs()[0].order, priority=3)
        assert queue.move(moved.id, queue.jobs()[1].id)[0].id == moved.id
    assert len(list(place.glob("library.before-*.db"))) == 1


WRITER = """
import sys
from pathlib import Path
from miaobi.studio.library import Library
for i in range(25):
    with Library(Path(sys.argv[1])) as library:
        version = library.take_in(f"Draft {i} of {sys.argv[2]}.", Path(f"{sys.argv[2]}.txt"), "en")
        library.pin("shared", version.work)
"""


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    place = tmp_path / "library"
    command = [sys.executable, "-W", "error", "-c", WRITER, str(place)]
    running = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True, cwd=tmp_path) for name in ("a", "b", "c")
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [p.returncode for p in running] == [0, 0, 0], said
    with Library(place) as library:
        assert [len(library.versions(c.id)) for c in library.works()] == [25, 25, 25]
        assert library.boards() == {"shared": 3}
        assert library.index.database.sound() == "ok"


def test_writer_that_never_ends_is_told_not_waited_for_ever(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miaobi.studio.library.sqlite.WAIT", 0.3)
    other = sqlite3.connect(library.place.folder / "library.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with Library(library.place.folder) as second, pytest.raises(LibraryError, match="in use"):
        second.take_in("Words.", Path("a.txt"), "en")
    freed = threading.Timer(0.1, lambda: other.execute("ROLLBACK"))
    freed.start()
    with Library(library.place.folder) as second:  # one that ends in time is waited for
        second.take_in("Words.", Path("a.txt"), "en")
    freed.join()
    other.close()


def fill(library: Library, work: str) -> None:
    for i in range(200):
        library.keep(work, f"Edit {i}. " * 300)


def test_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, story: Work) -> None:
    """A limit on the size of files stands for the disk where mounting one isn't allowed."""
    place = tmp_path / "library"
    with Library(place) as library:
        library.add(story)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
        try:
            with pytest.raises(LibraryError, match="The disk is full"):
                library.keep(story.id, "x" * 100_000)
            with pytest.raises(LibraryError, match=r"disk is full|disk I/O error"):
                fill(library, story.id)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert library.composed(library.version(library.versions(story.id)[0].id)) == story
        library.keep(story.id, "There is room again.")
    with Library(place) as library:
        assert library.text(story.id) == "There is room again."
        assert library.index.database.sound() == "ok"


SMALL_DISK = """
set -e
mount -t tmpfs -o size=600k tmpfs "$1"
exec "$2" -c '
import sys
from pathlib import Path
from miaobi.errors import LibraryError
from miaobi.studio.library import Library
with Library(Path(sys.argv[1]) / "library") as library:
    kept = library.take_in("First draft.", Path("a.txt"), "en")
    said = ""
    for i in range(1_000):
        try:
            library.keep(kept.work, f"Draft {i}. " * 500)
        except LibraryError as error:
            said = str(error)
            break
    assert "full" in said and "MIAOBI_HOME" in said, said
    count = len(library.versions(kept.work))
    for version in library.versions(kept.work):
        library.words(library.version(version.id))
with Library(Path(sys.argv[1]) / "library") as library:
    assert library.index.database.sound() == "ok"
    assert len(library.versions(kept.work)) == count
print("kept", count)
' "$1"
"""


def test_small_disk_that_fills_up_keeps_every_version_that_was_kept(tmp_path: Path) -> None:
    if not shutil.which("unshare"):
        pytest.skip("util-linux is needed to mount a small disk")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", "--mount", *user, "sh", "-c", SMALL_DISK]
    command += ["sh", str(tmp_path), sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode and ("not permitted" in done.stderr or "denied" in done.stderr):
        pytest.skip("this machine doesn't let us mount a small disk; the limit on file sizes is tested above")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept")


READER = """
import os, sys
from pathlib import Path
from miaobi.errors import LibraryError
from miaobi.studio.library import Library
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)  # root may write anywhere
with Library(Path(sys.argv[1])) as library:
    print(library.works()[0].title)
    try:
        library.take_in("Words.", Path("a.txt"), "en")
    except LibraryError as error:
        print(error)
"""


def test_read_only_library_can_be_read_and_says_that_it_cannot_be_written(tmp_path: Path, story: Work) -> None:
    place = tmp_path / "library"
    with Library(place) as library:
        library.add(story)
    paths = [place, *place.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in place.parents:
        if parent.owner() == place.owner() and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    try:
        command = [sys.executable, "-c", READER, str(place)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(story.title)
    assert "can't be written to" in done.stdout
    assert "MIAOBI_HOME" in done.stdout


KEEPER = """
import sys
from pathlib import Path
from miaobi.studio.library import Library
with Library(Path(sys.argv[1])) as library:
    work = library.take_in("Beginning.", Path("a.txt"), "en").work
    for i in range(100_000):
        print(library.keep(work, f"Draft {sys.argv[2]}.{i} of the text.").id, flush=True)
"""


def test_nothing_that_was_kept_is_lost_by_a_kill(tmp_path: Path) -> None:
    place = tmp_path / "library"
    rng = random.Random(9)
    kept: set[str] = set()
    for kill in range(8):
        command = [sys.executable, "-c", KEEPER, str(place), str(kill)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
            assert process.stdout is not None
            kept.add(process.stdout.readline().strip())  # it has begun
            time.sleep(rng.uniform(0, 0.25))
            process.kill()
            kept.update(line.strip() for line in process.stdout if line.endswith("\n"))
    with Library(place) as library:
        (card,) = library.works()
        found = {e.id for e in library.versions(card.id)}
        assert kept <= found
        assert len(kept) > 8
        assert all(library.words(library.version(id)) for id in found)
        assert library.index.database.sound() == "ok"
        assert library.search("draft")
    assert mend(place).aside == ""
