"""A corpus on the disk: ``documents.jsonl``, one document a line, and ``manifest.json``, written last.

A folder without a manifest is no corpus: the writing was cut short. The manifest has the SHA-256 of the documents, so
that what was learnt can name what it was learnt from.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from miaobi.engines.disk import digest, settle, write_whole
from miaobi.errors import CorpusError, show
from miaobi.lab.corpus.document import Document, Manifest, Source
from miaobi.lab.disk import kept

DOCUMENTS, MANIFEST = "documents.jsonl", "manifest.json"


class Corpus:
    """A corpus that is here. Iterating reads its documents from the disk, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            plain = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.manifest = Manifest.of(plain)
        except FileNotFoundError:
            raise CorpusError(
                f"There is no corpus at {show(str(folder))}.", "Make one: miaobi lab corpus SOURCE --out FOLDER"
            ) from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CorpusError(
                f"The manifest of {show(str(folder))} can't be read: {error}.", "Make the corpus anew."
            ) from None

    def __iter__(self) -> Iterator[Document]:
        path = self.folder / DOCUMENTS
        try:
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield Document(**json.loads(line))
        except (OSError, ValueError, TypeError) as error:
            raise CorpusError(f"{show(str(path))} is damaged: {error}.", "Make the corpus anew.") from error

    def verify(self) -> None:
        """Raise CorpusError when the documents are not those that the manifest tells of."""
        path = self.folder / DOCUMENTS
        if not path.is_file() or digest(path) != self.manifest.sha256:
            raise CorpusError(
                f"{show(str(path))} was changed after its manifest was written.",
                "Make the corpus anew, so that what is learnt can name what it was learnt from.",
            )

    def __len__(self) -> int:
        return self.manifest.documents


def write_corpus(
    folder: Path, sources: Iterable[Source], *, least: int = 1, limit: int = 0, matching: str = ""
) -> Corpus:
    """Write the documents of *sources* to *folder*; return the corpus.

    Documents without a visible character are dropped and counted, and those whose whole text does not match the regular
    expression *matching*. *least* documents must be left (CorpusError), *limit* (0: none) ends the reading early.
    """
    pattern = _pattern(matching)
    sources = list(sources)
    with kept(folder, "the corpus"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)  # until it is back this is no corpus
        writer = _Writer(folder / DOCUMENTS)
        try:
            manifest = writer.write(sources, limit, pattern)
            if manifest.documents < least:
                raise CorpusError(
                    f"{manifest.documents:,} documents with text, fewer than the {least:,} asked for."
                    if manifest.documents
                    else "The sources hold no text at all" + (f" that matches {show(matching)}." if matching else "."),
                    "Give more sources" + (", or ask for fewer (--least-documents)." if least > 1 else "."),
                )
            settle(writer.part, folder / DOCUMENTS)
        finally:
            writer.part.unlink(missing_ok=True)
        write_whole(folder / MANIFEST, json.dumps(manifest.plain(), ensure_ascii=False, indent=1).encode())
    return Corpus(folder)


class _Writer:
    def __init__(self, target: Path) -> None:
        self.part = target.with_name(target.name + ".part")

    def write(self, sources: list[Source], limit: int, pattern: re.Pattern[str] | None) -> Manifest:
        hashed, characters = hashlib.sha256(), 0
        by_source: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        seen: set[str] = set()
        with self.part.open("wb") as file:
            for source in sources:
                for document in source.read():
                    if not document.text.strip():
                        dropped["empty"] += 1
                        continue
                    if pattern and not pattern.fullmatch(document.text.strip()):
                        dropped[f"not matching {pattern.pattern}"] += 1
                        continue
                    line = json.dumps(asdict(_unique(document, seen)), ensure_ascii=False).encode() + b"\n"
                    hashed.update(line)
                    file.write(line)
                    characters += len(document.text)
                    by_source[source.origin.name] += 1
                    if limit and len(seen) == limit:
                        break
                if limit and len(seen) == limit:
                    break
        origins = tuple(source.origin for source in sources)
        return Manifest(origins, len(seen), characters, hashed.hexdigest(), dict(by_source), dict(dropped))


def _pattern(matching: str) -> re.Pattern[str] | None:
    try:
        return re.compile(matching) if matching else None
    except re.error as error:
        raise CorpusError(
            f"{show(matching)} is no regular expression: {error}.", "It is one of Python's, held to the whole text."
        ) from None


def _unique(document: Document, seen: set[str]) -> Document:
    """Return the document with an id that no other has."""
    name, again = document.id, 1
    while name in seen:
        again += 1
        name = f"{document.id}~{again}"
    seen.add(name)
    return document if name == document.id else Document(name, document.text, document.meta)
