"""The library: works, their versions as a tree, branches, boards, search. What it promises is in docs/library.md.

Order of writing: objects, then the version's description, then the rows that make them visible, in one transaction. A
kill in between leaves files that nothing names yet; keeping the same thing again gives them their names.
"""

from __future__ import annotations

import difflib
import json
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from miaobi.craft.text.sentence import length
from miaobi.errors import BriefError, LibraryError, UnknownNameError, show
from miaobi.studio.excerpt import whole_text
from miaobi.studio.library.card import Card, Entry, Hit
from miaobi.studio.library.database import Place, now, open_database, place_of
from miaobi.studio.library.index import ALL, Index
from miaobi.studio.library.objects import ObjectRows, Objects, canonical
from miaobi.studio.library.search import excerpt, terms_of
from miaobi.studio.library.version import Described, File, Passage, Version, passages
from miaobi.trust import label
from miaobi.types import Language
from miaobi.work import NAMESPACE, Rendering, Work

MAIN = "main"
NAME_LIMIT = 80  # characters of a branch's or a board's name


class Library:
    """One open library. Use it as a context manager, or ``close`` it."""

    def __init__(self, place: Path | Place | None = None) -> None:
        where = place if isinstance(place, Place) else place_of(place)
        if isinstance(where.root, Path):
            path = where.folder / "library.db"
            fresh = not path.exists() or path.stat().st_size == 0
            if fresh and next(iter((where.folder / "versions").glob("*.json")), None):
                raise LibraryError(
                    f"The library at {show(str(path))} has lost its index; its versions are there.",
                    "To rebuild the index from them: miaobi works mend",
                )
        self._open(where)

    def _open(self, place: Place) -> None:
        self.place = place
        database = open_database(place)
        self.index = Index(database)
        self.objects = Objects(place.folder) if isinstance(place.root, Path) else ObjectRows(database)

    @classmethod
    def rebuilding(cls, folder: Path) -> Library:
        """Open a library whose index was set aside, with an empty one."""
        library = cls.__new__(cls)
        library._open(Place(folder))
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.index.database.close()

    # --- taking in ----------------------------------------------------------------------------------------------

    def add(self, work: Work) -> Version:
        """Keep a composed work with its files; keeping it again changes nothing but what is new."""
        plain = work.model_dump(mode="json", exclude={"renderings", "content"})
        text = whole_text(work)
        version = Version(
            work=work.id,
            kind="composed",
            form=work.form,
            language=work.brief.language,
            title=work.title,
            text=self.objects.put(text.encode()),
            content=self.objects.put(canonical(work.content)),
            record=self.objects.put(canonical(plain)),
        )
        files = []
        for r in work.renderings:
            sha = self.objects.put(r.content)
            files.append(File(name=r.name, media_type=r.media_type, bytes=len(r.content), sha256=sha))
        found = Described(version=version, files=tuple(files), created=now())
        self._keep(found, text, self.card_of(version, plain, found.created))
        return version

    def take_in(self, text: str, place: Path, language: Language) -> Version:
        """Keep a person's own text as the first version of a work of its own, known by the file's path."""
        where = str(place.expanduser().absolute())
        version = Version(
            work=str(uuid.uuid5(NAMESPACE, f"own\n{where}")),
            kind="own",
            form="text",
            language=language,
            title=place.stem[:200] or "text",
            place=where,
            text=self.objects.put(text.encode()),
        )
        if known := self.index.works("w.id = ?", (version.work,)):
            return self.keep(known[0].id, text, kind="own", note="the file as it was found")
        found = Described(version=version, created=now())
        self._keep(found, text, self.card_of(version, {}, found.created))
        return version

    def keep(
        self, work: str, text: str, *, kind: Any = "edit", note: str = "", branch: str = MAIN, parent: str = ""
    ) -> Version:
        """Keep *text* as a version after *parent*, else after the branch's end, which then ends there.

        An alternative stands beside: no branch moves to it. A text that is what the parent is already isn't kept again.
        """
        card = self.find(work)
        heads = self.index.branches(card.id)
        after = parent or heads.get(branch) or heads[MAIN]
        before = self.version(after)
        sha = self.objects.put(text.encode())
        if before.text == sha:
            return before
        version = before.model_copy(
            update={"parent": after, "kind": kind, "note": note[:2_000], "text": sha, "content": None, "record": None}
        )
        with self.index.database.write():
            self._keep(Described(version=version, created=now()), text, None)
            if kind != "alternative":
                self.index.set_branch(card.id, branch, version.id)
                self.index.touch(card.id, length(text, version.language))
                if branch == MAIN:
                    self.index.put_words(card.id, card.title, card.idea, text)
        return version

    def insert(self, found: Described) -> None:
        """Keep a version whose objects are here already: of an import, or of an index that is built anew."""
        version = found.version
        root = version.parent is None and not self.index.works("w.id = ?", (version.work,))
        card = self.card_of(version, self.record(version), found.created) if root else None
        if version.content:
            self.objects.get(version.content)
        self._keep(found, self.words(version), card)

    def move(self, work: str, branch: str, head: str) -> None:
        """Let a branch of a work end at a version that is here."""
        version = self.version(head)
        self.index.set_branch(work, branch, head)
        if branch == MAIN:
            text, card = self.words(version), self.find(work)
            self.index.touch(work, length(text, version.language))
            self.index.put_words(work, card.title, card.idea, text)

    def _keep(self, found: Described, text: str, card: Card | None) -> None:
        version = found.version
        words = length(text, version.language)
        there = self.objects.description(version.id) is not None
        kept = {f.name: f for f in self.described(version.id).files} if there else {}
        files = kept | {f.name: f for f in found.files}
        described = found.model_copy(update={"files": tuple(files.values())})
        if files != kept or not there:
            self.objects.describe(version.id, described.model_dump(mode="json"))
        with self.index.database.write():
            if card:
                self.index.put_work(card)
            self.index.put_version(described, words, passages(text))
            if card and MAIN not in self.index.branches(version.work):
                self.index.set_branch(version.work, MAIN, version.id)
                self.index.put_words(version.work, card.title, card.idea, text)

    def card_of(self, version: Version, record: dict[str, Any], created: str) -> Card:
        """Return the card of a work from its first version and its record."""
        made = record.get("record", {})
        checkpoint = made.get("checkpoint", {})
        return Card(
            id=version.work,
            form=version.form,
            language=version.language,
            title=version.title,
            idea=str(record.get("brief", {}).get("idea", "")),
            origin="own" if version.kind == "own" else "composed",
            place=version.place,
            seed=int(made.get("seed", 0)),
            checkpoint=str(checkpoint.get("name", "")),
            checkpoint_sha256=str(checkpoint.get("sha256", "")),
            words=length(self.words(version), version.language),
            created=created,
            updated=now(),
            removed=None,
        )

    # --- looking up ---------------------------------------------------------------------------------------------

    def works(
        self,
        form: str = "",
        language: str = "",
        board: str = "",
        *,
        trash: bool = False,
        limit: int = ALL,
        offset: int = 0,
    ) -> list[Card]:
        """Return cards, the newest first. No work's words are read."""
        where, values = _filter(form, language, board, trash)
        return self.index.works(where, values, limit, offset)

    def cards(self, ids: Sequence[str]) -> dict[str, Card]:
        """Return the cards of works by their whole ids, but for those that aren't here; of the trash too."""
        marks = ",".join("?" * len(ids))
        return {card.id: card for card in self.index.works(f"w.id IN ({marks})", ids)} if ids else {}

    def newest_of(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the newest versions of works, by their whole ids, but for works that aren't here."""
        return self.index.heads(ids, MAIN)

    def holding(self, sha256: str) -> list[Card]:
        """Return the works that have a file of these bytes, the newest first."""
        ids = self.index.holding(sha256)
        cards = self.cards(ids)
        return [cards[id] for id in ids]

    def search(self, query: str, form: str = "", language: str = "", board: str = "", limit: int = 20) -> list[Hit]:
        """Return the works that have every word of *query*, the best first, each with an excerpt."""
        where, values = _filter(form, language, board, False)
        found = self.index.search(terms_of(query), where, values, limit)
        return [Hit(card, float(f"{score:.6g}"), excerpt(self.text(card.id), query)) for card, score in found]

    def find(self, name: str) -> Card:
        """Return the work whose id begins with *name*, whose title it is, or which a file of that name belongs to.

        UnknownNameError says what is near.
        """
        wanted = self._of_file(name.strip()) or name.strip()
        like = "substr(w.id, 1, ?) = ? OR lower(w.title) = lower(?)"
        found = self.index.works(like, (len(wanted), wanted.lower(), wanted), 6) if wanted else []
        exact = [card for card in found if card.id == wanted.lower()] or found
        if len(exact) == 1:
            return exact[0]
        if exact:
            named = "; ".join(f"{card.id[:8]} {card.title} ({card.form}, {card.updated[:16]})" for card in exact)
            raise UnknownNameError(
                f"{show(wanted)} names several works.", f"Give the id, or one of its files. The ids: {named}."
            )
        titles = {card.title: card.id for card in self.index.works(limit=200)}
        near = [f"{titles[t][:8]} {t}" for t in difflib.get_close_matches(wanted, titles, n=3, cutoff=0.4)]
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise UnknownNameError(
            f"There is no work {show(wanted)} in the library.", hint + "List them: miaobi works list"
        )

    def _of_file(self, name: str) -> str:
        """Return the id of the work that a file was composed as, or that follows a file of the user's; "" for none."""
        path = Path(name).expanduser()
        try:
            if not name or not path.is_file():
                return ""
            own = self.index.works("w.place = ?", (str(path.absolute()),), 2)
            if len(own) == 1:
                return own[0].id
            beside = path.with_name(path.name + ".aigc.json")
            said = label.read(beside.read_bytes(), "json") if beside.is_file() else None
            said = said or label.read(path.read_bytes(), path.suffix.lstrip("."))
        except Exception:  # whatever a damaged file does to its reader: then it is taken for a name
            return ""
        return (said or {}).get("ProduceID", "")

    def find_version(self, name: str, work: str = "") -> Version:
        """Return the version whose id begins with *name*, or the end of the branch of *work* called so."""
        if work:
            card = self.find(work)
            heads = self.index.branches(card.id)
            if not name or name in heads:
                return self.version(heads[name or MAIN])
            work = card.id
        found = self.index.versions_like(name.lower(), work) if len(name) >= 4 else []
        if len(found) == 1:
            return self.version(found[0][0])
        what = "names several versions" if found else "is no version in the library"
        raise UnknownNameError(f"{show(name)} {what}.", "See them with: miaobi works versions WORK (4 signs at least).")

    def newest(self, name: str) -> Version:
        """Return the end of the main branch of the work that *name* tells, or the version whose id it begins."""
        try:
            return self.find_version("", name)
        except UnknownNameError:
            return self.find_version(name)

    def last_change(self, name: str) -> tuple[Version, Version]:
        """Return a version and before it its parent: the one that *name* begins, or the end of that work's main branch.

        BriefError where there is none before it.
        """
        new = self.newest(name)
        if not new.parent:
            raise BriefError(f"{show(name)} has only one version.", "Change it first: miaobi revise, continue.")
        return self.version(new.parent), new

    def version(self, id: str) -> Version:
        """Return a version by its whole id."""
        return self.described(id).version

    def described(self, id: str) -> Described:
        """Return a version with its files; LibraryError when its description is gone or isn't its own."""
        try:
            found = Described.model_validate_json(self.objects.description(id) or b"")
        except ValueError as error:
            raise LibraryError(f"The version {id[:12]} can't be read: {error}.", "Import its work again.") from error
        if found.version.id != id:
            raise LibraryError(f"The version {id[:12]} is not what its name says.", "Import its work again.")
        return found

    def versions(self, work: str) -> list[Entry]:
        """Return a work's versions, the first first."""
        return self.index.versions(self.find(work).id)

    def passages(self, version: str) -> list[Passage]:
        """Return where a version's passages stand and how they are named."""
        return self.index.passages(version)

    def text(self, work: str, version: str = "") -> str:
        """Return the words of a work: of its main branch's end, or of a version or branch."""
        return self.words(self.find_version(version, work))

    def words(self, version: Version) -> str:
        """Return the words of a version."""
        return self.objects.get(version.text).decode()

    def record(self, version: Version) -> dict[str, Any]:
        """Return brief, bible, findings and record of a composed version; {} of another."""
        found: dict[str, Any] = json.loads(self.objects.get(version.record)) if version.record else {}
        return found

    def composed(self, version: Version) -> Work | None:
        """Return the composed work of a version exactly as it was made, with the files kept; None for a mere text."""
        if not version.content:
            return None
        files = [
            Rendering(name=f.name, media_type=f.media_type, content=self.objects.get(f.sha256))
            for f in self.described(version.id).files
        ]
        content = json.loads(self.objects.get(version.content))
        return Work.model_validate(self.record(version) | {"content": content, "renderings": files})

    # --- branches, boards, trash --------------------------------------------------------------------------------

    def branch(self, work: str, name: str, at: str = "") -> Version:
        """Begin a branch at a version or another branch's end; BriefError when its name is taken."""
        card = self.find(work)
        if name in self.index.branches(card.id):
            raise BriefError(f"The work has a branch {show(name)} already.", "Choose another name.")
        version = self.find_version(at, card.id)
        self.index.set_branch(card.id, _named(name, "branch"), version.id)
        return version

    def back_to(self, work: str, version: str, branch: str = MAIN) -> Version:
        """Let a branch end at an earlier version again; what came after it stays in the tree."""
        card = self.find(work)
        if branch not in self.index.branches(card.id):
            raise UnknownNameError(
                f"The work has no branch {show(branch)}.", f"It has: {', '.join(self.index.branches(card.id))}."
            )
        found = self.find_version(version, card.id)
        self.move(card.id, branch, found.id)
        return found

    def branches(self, work: str) -> dict[str, str]:
        """Return a work's branches and the versions at their ends."""
        return self.index.branches(self.find(work).id)

    def pin(self, board: str, work: str) -> Card:
        """Put a work on a board."""
        card = self.find(work)
        self.index.pin(_named(board, "board"), card.id)
        return card

    def unpin(self, board: str, work: str) -> Card:
        """Take a work from a board; UnknownNameError when it isn't on it."""
        card = self.find(work)
        if not self.index.unpin(board.strip(), card.id):
            boards = ", ".join(card.boards) or "none"
            raise UnknownNameError(f"The work isn't on a board {show(board)}.", f"It is on: {boards}.")
        return card

    def boards(self) -> dict[str, int]:
        """Return the boards with the number of works on each."""
        return self.index.boards()

    def locks(self, work: str) -> list[int]:
        """Return the numbers of a work's parts that its variations keep."""
        return self.index.locks(self.find(work).id)

    def set_locks(self, work: str, parts: Iterable[int]) -> None:
        """Let exactly these parts be kept by the variations of a work."""
        self.index.set_locks(self.find(work).id, parts)

    def remove(self, work: str) -> Card:
        """Put a work in the trash; ``restore`` takes it back."""
        card = self.find(work)
        self.index.set_removed(card.id, now())
        return card

    def restore(self, work: str) -> Card:
        """Take a work from the trash."""
        card = self.find(work)
        self.index.set_removed(card.id, None)
        return card

    def delete(self, work: str) -> Card:
        """Delete a work with its versions for good; objects that others use stay."""
        card = self.find(work)
        versions, objects = self.index.delete(card.id)
        self.objects.forget(objects, versions)
        return card


def _filter(form: str, language: str, board: str, trash: bool) -> tuple[str, list[str]]:
    where, values = [f"w.removed IS {'NOT ' if trash else ''}NULL"], []
    for column, value in (("form", form), ("language", language)):
        if value:
            where.append(f"w.{column} = ?")
            values.append(value)
    if board:
        where.append("w.id IN (SELECT work FROM boards WHERE name = ?)")
        values.append(board)
    return " AND ".join(where), values


def _named(name: str, what: str) -> str:
    kept = name.strip()
    if not kept or len(kept) > NAME_LIMIT or any(not c.isprintable() for c in kept):
        raise BriefError(f"{show(name)} can't name a {what}.", f"1 to {NAME_LIMIT} visible characters.")
    return kept
