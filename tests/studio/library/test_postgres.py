"""PostgreSQL: owners apart, old tables, servers that go away, writers at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from miaobi.errors import LibraryError
from miaobi.studio.library import Library, schema
from miaobi.studio.library.database import Place
from miaobi.studio.queue import Queue
from miaobi.work import Work
from tests import postgres

psycopg = pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")


@pytest.fixture
def root(postgres_server: str) -> str:
    return postgres.fresh(postgres_server)


def test_owners_see_nothing_of_each_other(root: str, story: Work) -> None:
    with Library(Place(root)) as common, Library(Place(root, "ann")) as hers:
        common.add(story)
        assert hers.works() == []
        assert hers.search("lighthouse") == []
        hers.take_in("Mine.", Path("a.txt"), "en")
        assert [card.id for card in common.works()] == [story.id]
        with pytest.raises(LibraryError, match="missing"):
            hers.objects.get(common.find_version("main", story.id).text)


def test_older_tables_are_copied_then_migrated(root: str, story: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library(Place(root)) as library:
        library.add(story)
    longer = (*schema.MIGRATIONS, ("9001-stars", "ALTER TABLE works ADD COLUMN star INTEGER NOT NULL DEFAULT 0;"))
    broken = (*longer, ("9002-wrong", "CREATE TABLE fine (x TEXT);\nCREATE TABLE works (x TEXT);"))
    monkeypatch.setattr("miaobi.studio.library.postgres.MIGRATIONS", broken)
    with pytest.raises(LibraryError, match="already exists"):
        Library(Place(root))
    monkeypatch.setattr("miaobi.studio.library.postgres.MIGRATIONS", longer)
    with Library(Place(root)) as library:
        assert library.index.database.read("SELECT star FROM works")[0]["star"] == 0
        assert library.composed(library.find_version("main", story.id)) == story
        copied = f"SELECT id FROM backup_{len(longer):04}_of_miaobi.works"
        assert [row[0] for row in library.index.database.read(copied)] == [story.id]
        assert library.index.database.read("SELECT to_regclass('fine')")[0][0] is None  # all or nothing
    monkeypatch.undo()
    with pytest.raises(LibraryError, match="newer miaobi"):
        Library(Place(root))


def test_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="can't be reached") as caught:
        Library(Place(f"postgresql://ann:secret@/studio?host={tmp_path}"))
    assert "secret" not in str(caught.value)


def test_connection_that_died_while_it_was_kept_is_not_used_again(root: str, postgres_server: str) -> None:
    with Queue(root) as queue:
        queue.jobs()
    with psycopg.connect(postgres_server, autocommit=True) as other:
        name = root.rsplit("/", maxsplit=1)[-1].split("?", maxsplit=1)[0]
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with Queue(root) as queue:
        assert queue.jobs() == []


WRITER = """
import sys
from pathlib import Path
from miaobi.studio.library import Library
from miaobi.studio.library.database import Place
for i in range(15):
    with Library(Place(sys.argv[1])) as library:
        version = library.take_in(f"Draft {i} of {sys.argv[2]}.", Path(f"{sys.argv[2]}.txt"), "en")
        library.pin("shared", version.work)
"""


def test_writers_in_several_processes_lose_nothing(root: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", WRITER, root]
    running = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True, cwd=tmp_path) for name in ("a", "b", "c")
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [p.returncode for p in running] == [0, 0, 0], said
    with Library(Place(root)) as library:
        assert [len(library.versions(c.id)) for c in library.works()] == [15, 15, 15]
        assert library.boards() == {"shared": 3}
        assert library.index.database.sound() == "ok"
