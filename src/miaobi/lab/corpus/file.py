"""Sources that lie on the user's disk: a text, JSON lines, EPUB, DOCX, or a folder of them.

JSON lines: one object a line with ``text`` (another field by ``field=``), ``id`` if it has one; other strings become
metadata. In a folder, files are taken in the order of their names; those of other kinds are counted and left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from miaobi.engines.disk import digest
from miaobi.errors import CorpusError, InputFileError, show
from miaobi.lab.corpus import book
from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.encoding import decode

LIMIT = 2_000_000_000  # bytes of one file that is read whole


def open_path(path: Path, licence: str = "unknown", encoding: str = "", field: str = "text") -> Source:
    """Return the documents of a file or folder. InputFileError for one that isn't there or holds none."""
    if not path.exists():
        raise InputFileError(f"There is no file or folder at {show(str(path))}.", "Check the path.")
    files = [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file() and _wanted(f, path))
    known = [f for f in files if f.suffix.lower() in READERS] if path.is_dir() else files
    if not known:
        others = ", ".join(sorted({f.suffix or "without ending" for f in files})[:5]) or "nothing"
        raise CorpusError(
            f"{show(str(path))} holds no text: {others}.", f"Texts are files that end in {', '.join(READERS)}."
        )
    notes = f"{len(files) - len(known)} files of other kinds left out" if len(files) > len(known) else ""
    origin = Origin(path.name or str(path), licence, path.name, _hash(known), notes)

    def read() -> Iterator[Document]:
        for file in known:
            reader = READERS.get(file.suffix.lower(), _text)
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            yield from reader(file, name, encoding, field)

    return Source(origin, read)


def _wanted(file: Path, folder: Path) -> bool:
    return not any(part.startswith(".") for part in file.relative_to(folder).parts)


def _hash(files: list[Path]) -> str:
    if len(files) == 1:
        return digest(files[0])
    return hashlib.sha256("".join(digest(file) for file in files).encode()).hexdigest()


def _text(file: Path, name: str, encoding: str, field: str) -> Iterator[Document]:
    yield Document(name, decode(_content(file), show(name), encoding), {"title": file.stem})


def _json_lines(file: Path, name: str, encoding: str, field: str) -> Iterator[Document]:
    with file.open("rb") as lines:
        for i, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{show(name)}, line {i:,}"
            try:
                value = json.loads(decode(line, where, encoding))
            except ValueError as error:
                raise InputFileError(f"{where} is not JSON: {error}.", "Each line is one JSON object.") from None
            yield _of_json(value, field, f"{name}:{i}", where)


def _of_json(value: Any, field: str, name: str, where: str) -> Document:
    if not isinstance(value, dict) or not isinstance(value.get(field), str):
        fields = f"it has {', '.join(map(show, value))}" if isinstance(value, dict) else "it is no object"
        raise InputFileError(f"{where} has no text in {show(field)}: {fields}.", "Name the field: --field NAME.")
    text = value[field]
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise InputFileError(f"{where} holds half of a surrogate pair.", "Write the character whole, in UTF-8.")
    meta = {k: v for k, v in value.items() if k not in {field, "id"} and isinstance(v, str)}
    return Document(str(value.get("id") or name), text, meta)


def _content(file: Path) -> bytes:
    if file.stat().st_size > LIMIT:
        raise InputFileError(f"{show(file.name)} is larger than {LIMIT:,} bytes.", "Cut it, or make it JSON lines.")
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputFileError(f"{show(file.name)} can't be read: {error.strerror}.", "Check its permissions.") from error


def _epub(file: Path, name: str, encoding: str, field: str) -> Iterator[Document]:
    yield from book.read_epub(file, name)


def _docx(file: Path, name: str, encoding: str, field: str) -> Iterator[Document]:
    yield book.read_docx(file, name)


READERS: dict[str, Callable[[Path, str, str, str], Iterator[Document]]] = {
    ".txt": _text,
    ".md": _text,
    ".jsonl": _json_lines,
    ".epub": _epub,
    ".docx": _docx,
}
