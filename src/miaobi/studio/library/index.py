"""The index: every SQL statement of the library, behind methods that speak of works, versions, branches and boards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from miaobi.studio.library.card import Card, Entry
from miaobi.studio.library.database import Database, Row, now
from miaobi.studio.library.search import Finder, finder_of
from miaobi.studio.library.version import Described, Passage

_COLUMNS = (
    "w.id, w.form, w.language, w.title, w.idea, w.origin, w.place, w.seed, w.checkpoint, w.checkpoint_sha256, w.words,"
    " w.created, w.updated, w.removed"
)
_FIELDS = itemgetter(*(name for name in Card.__dataclass_fields__ if name != "boards"))  # in the order that it wants
_OBJECTS = (  # every object that a version or a file names, with the work
    "SELECT work, text AS name FROM versions UNION ALL SELECT work, content FROM versions"
    " UNION ALL SELECT work, record FROM versions"
    " UNION ALL SELECT v.work, f.sha256 FROM files f JOIN versions v ON v.id = f.version"
)


ALL = 2**31 - 1  # rows: no limit


class Index:
    """What is in the library, and how it hangs together."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._finder: Finder = finder_of(database)

    # --- works --------------------------------------------------------------------------------------------------

    def put_work(self, card: Card) -> None:
        """Keep a work's card; an older one of the same id is replaced but for when it was created."""
        values = (
            card.id, card.form, card.language, card.title, card.idea, card.origin, card.place, card.seed,
            card.checkpoint, card.checkpoint_sha256, card.words, card.created, card.updated, card.removed,
        )  # fmt: skip
        with self.database.write() as c:
            c.execute(
                "INSERT INTO works (id, form, language, title, idea, origin, place, seed, checkpoint,"
                " checkpoint_sha256, words, created, updated, removed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET title = excluded.title, words = excluded.words,"
                " updated = excluded.updated, removed = excluded.removed",
                values,
            )

    def put_words(self, work: str, title: str, idea: str, body: str) -> None:
        """Make a work findable by these words."""
        with self.database.write() as c:
            number = c.execute("SELECT number FROM works WHERE id = ?", (work,)).fetchone()[0]
            self._finder.put(c, number, title, idea, body)

    def works(self, where: str = "", values: Sequence[Any] = (), limit: int = ALL, offset: int = 0) -> list[Card]:
        """Return cards, the newest first; *where* is a condition on ``w``."""
        rows = self.database.read(
            f"SELECT {_COLUMNS} FROM works w {'WHERE ' + where if where else ''}"  # noqa: S608 - our own text
            " ORDER BY w.updated DESC, w.number DESC LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return self._cards(rows)

    def search(
        self, terms: Sequence[tuple[str, ...]], where: str, values: Sequence[Any], limit: int
    ) -> list[tuple[Card, float]]:
        """Return the works that have all terms (see ``search.terms_of``) with their scores, the best first."""
        found, own = self._finder.scores(terms)
        rows = self.database.read(
            f"SELECT {_COLUMNS}, f.score FROM ({found}) AS f JOIN works w ON w.number = f.number"  # noqa: S608
            f" WHERE {where} ORDER BY f.score DESC, w.number LIMIT ?",
            (*own, *values, limit),
        )
        return list(zip(self._cards(rows), (float(row["score"]) for row in rows), strict=True))

    def _cards(self, rows: Sequence[Row]) -> list[Card]:
        boards: dict[str, list[str]] = {}
        if rows:
            marks = ",".join("?" * len(rows))
            for b in self.database.read(
                f"SELECT work, name FROM boards WHERE work IN ({marks}) ORDER BY name",  # noqa: S608 - marks only
                [row["id"] for row in rows],
            ):
                boards.setdefault(b["work"], []).append(b["name"])
        return [Card(*(*_FIELDS(row), tuple(boards.get(row["id"], ())))) for row in rows]

    def touch(self, work: str, words: int | None = None) -> None:
        """Say that a work has changed, and how long it is now."""
        with self.database.write() as c:
            c.execute("UPDATE works SET updated = ?, words = coalesce(?, words) WHERE id = ?", (now(), words, work))

    def set_removed(self, work: str, when: str | None) -> None:
        """Put a work in the trash, or take it out."""
        with self.database.write() as c:
            c.execute("UPDATE works SET removed = ? WHERE id = ?", (when, work))

    def delete(self, work: str) -> tuple[set[str], set[str]]:
        """Delete a work's rows; return its versions, and the objects that nothing names any more."""
        with self.database.write() as c:
            number = c.execute("SELECT number FROM works WHERE id = ?", (work,)).fetchone()[0]
            versions = {row[0] for row in c.execute("SELECT id FROM versions WHERE work = ?", (work,))}
            named = {row[0] for row in c.execute(f"SELECT name FROM ({_OBJECTS}) AS o WHERE work = ?", (work,))}  # noqa: S608
            self._finder.forget(c, number)
            c.execute("DELETE FROM branches WHERE work = ?", (work,))
            c.execute("DELETE FROM versions WHERE work = ?", (work,))
            c.execute("DELETE FROM works WHERE id = ?", (work,))
            kept = c.execute(f"SELECT DISTINCT name FROM ({_OBJECTS}) AS o").fetchall()  # noqa: S608
        return versions, named - {row[0] for row in kept} - {None}

    # --- versions and branches ----------------------------------------------------------------------------------

    def put_version(self, found: Described, words: int, passages: Iterable[Passage]) -> None:
        """Keep a version, its passages and its files; what is there already stays."""
        v, id = found.version, found.version.id
        with self.database.write() as c:
            position = c.execute("SELECT count(*) FROM versions WHERE work = ?", (v.work,)).fetchone()[0]
            values = (id, v.work, v.parent, v.kind, v.note, v.text, v.content, v.record, words, found.created, position)
            c.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
            rows = [(id, i, p.sha256, p.start, p.end) for i, p in enumerate(passages)]
            c.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
            c.executemany(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?) ON CONFLICT (version, name) DO UPDATE SET"
                " media_type = excluded.media_type, bytes = excluded.bytes, sha256 = excluded.sha256",
                [(id, f.name, f.media_type, f.bytes, f.sha256) for f in found.files],
            )

    def versions(self, work: str) -> list[Entry]:
        """Return a work's versions in the order in which they came."""
        ends: dict[str, list[str]] = {}
        for name, head in self.branches(work).items():
            ends.setdefault(head, []).append(name)
        rows = self.database.read(
            "SELECT id, work, parent, kind, note, words, created FROM versions WHERE work = ? ORDER BY position",
            (work,),
        )
        return [Entry(**dict(row), branches=tuple(ends.get(row["id"], ()))) for row in rows]

    def versions_like(self, prefix: str, work: str = "") -> list[tuple[str, str]]:
        """Return (version, work) of the versions whose id begins with *prefix*."""
        rows = self.database.read(
            "SELECT id, work FROM versions WHERE substr(id, 1, ?) = ? AND (? = '' OR work = ?) ORDER BY id LIMIT 6",
            (len(prefix), prefix, work, work),
        )
        return [(row["id"], row["work"]) for row in rows]

    def files(self, version: str) -> list[Row]:
        """Return the files kept with a version."""
        return self.database.read(
            "SELECT name, media_type, bytes, sha256 FROM files WHERE version = ? ORDER BY name", (version,)
        )

    def holding(self, sha256: str) -> list[str]:
        """Return the works that have a file of these bytes, the newest first."""
        rows = self.database.read(
            "SELECT DISTINCT v.work, w.updated FROM files f JOIN versions v ON v.id = f.version"
            " JOIN works w ON w.id = v.work WHERE f.sha256 = ? ORDER BY w.updated DESC, v.work LIMIT 20",
            (sha256,),
        )
        return [row["work"] for row in rows]

    def passages(self, version: str) -> list[Passage]:
        """Return the passages of a version in order."""
        rows = self.database.read(
            'SELECT sha256, start, "end" FROM passages WHERE version = ? ORDER BY position', (version,)
        )
        return [Passage(**dict(row)) for row in rows]

    def branches(self, work: str) -> dict[str, str]:
        """Return a work's branches, each with the version at its end."""
        rows = self.database.read("SELECT name, head FROM branches WHERE work = ? ORDER BY name", (work,))
        return {row["name"]: row["head"] for row in rows}

    def heads(self, works: Sequence[str], branch: str) -> dict[str, str]:
        """Return the versions at which this branch of works ends, by their whole ids."""
        marks = ",".join("?" * len(works))
        query = f"SELECT work, head FROM branches WHERE name = ? AND work IN ({marks})"  # noqa: S608 - marks
        return {row["work"]: row["head"] for row in self.database.read(query, (branch, *works))} if works else {}

    def set_branch(self, work: str, name: str, head: str) -> None:
        """Let a branch end at *head*."""
        with self.database.write() as c:
            c.execute(
                "INSERT INTO branches VALUES (?, ?, ?) ON CONFLICT (work, name) DO UPDATE SET head = excluded.head",
                (work, name, head),
            )

    # --- boards -------------------------------------------------------------------------------------------------

    def boards(self) -> dict[str, int]:
        """Return the boards with the number of works on each."""
        rows = self.database.read("SELECT name, count(*) AS works FROM boards GROUP BY name ORDER BY name")
        return {row["name"]: row["works"] for row in rows}

    def pin(self, board: str, work: str) -> None:
        """Put a work on a board, which begins with its first work."""
        with self.database.write() as c:
            c.execute("INSERT INTO boards VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (board, work, now()))

    def unpin(self, board: str, work: str) -> bool:
        """Take a work from a board; tell whether it was there."""
        with self.database.write() as c:
            return c.execute("DELETE FROM boards WHERE name = ? AND work = ?", (board, work)).rowcount > 0

    # --- locks --------------------------------------------------------------------------------------------------

    def locks(self, work: str) -> list[int]:
        """Return the parts of a work that a variation keeps."""
        rows = self.database.read("SELECT part FROM locks WHERE work = ? ORDER BY part", (work,))
        return [row["part"] for row in rows]

    def set_locks(self, work: str, parts: Iterable[int]) -> None:
        """Let exactly these parts of a work be locked."""
        with self.database.write() as c:
            c.execute("DELETE FROM locks WHERE work = ?", (work,))
            c.executemany("INSERT INTO locks VALUES (?, ?)", [(work, part) for part in sorted(set(parts))])
