"""Texts of books: EPUB (a document a chapter, in reading order) and DOCX (one document).

EPUB: META-INF/container.xml names the package, whose spine names the chapters (W3C EPUB 3.3, sections 3–5). Of a
chapter's XHTML the words are kept, with a line for each block; navigation, scripts and styles are left out.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from miaobi.errors import InputFileError, show
from miaobi.lab.corpus.document import Document

_PART_LIMIT = 200_000_000  # bytes of one part when unpacked: a bomb is refused before it fills the memory
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "br", "hr", "blockquote", "section", "article"}
    | {"pre", "dt", "dd", "figcaption"}
)
_HIDDEN = frozenset({"script", "style", "head", "nav"})


def read_epub(path: Path, name: str) -> Iterator[Document]:
    """Yield the chapters of an EPUB that hold text. InputFileError if it can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            package = _root(archive, "META-INF/container.xml").find(".//{*}rootfile")
            if package is None:
                raise KeyError("no rootfile in META-INF/container.xml")
            place = package.attrib["full-path"]
            root = _root(archive, place)
            title = (root.findtext(".//{*}title") or path.stem).strip()
            author = (root.findtext(".//{*}creator") or "").strip()
            items = {i.attrib["id"]: i.attrib for i in root.iterfind(".//{*}manifest/{*}item")}
            for i, ref in enumerate(root.iterfind(".//{*}spine/{*}itemref"), 1):
                item = items[ref.attrib["idref"]]
                if "html" not in item.get("media-type", "") or "nav" in item.get("properties", "").split():
                    continue
                part = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(item["href"])))
                text = words_of_html(_part(archive, part).decode("utf-8"))
                if text:
                    yield Document(f"{name}#{i}", text, {"title": title, "author": author})
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, UnicodeDecodeError, RuntimeError) as error:
        raise InputFileError(f"{show(name)} is not an EPUB that can be read: {error}.", "Check the file.") from None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _PART_LIMIT:
        raise InputFileError(f"{show(name)} in the EPUB unpacks to more than {_PART_LIMIT:,} bytes.", "Check the file.")
    return archive.read(name)


def _root(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    content = _part(archive, name)
    if b"<!ENTITY" in content:  # an entity can stand for a billion letters
        raise InputFileError(f"{show(name)} in the EPUB declares entities.", "Check the file.")
    return ElementTree.fromstring(content)  # noqa: S314 - without entities


def words_of_html(page: str) -> str:
    """Return the words of an HTML page, a line a block."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data.replace("\n", " "))


def read_docx(path: Path, name: str) -> Document:
    """Return the paragraphs and tables of a DOCX in their order. InputFileError if it can't be read."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        with path.open("rb") as file:
            document = docx.Document(file)
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputFileError(f"{show(name)} is not a DOCX that can be read: {error}.", "Check the file.") from None
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    meta = {"title": document.core_properties.title or path.stem, "author": document.core_properties.author or ""}
    return Document(name, "\n".join(line for line in lines if line.strip()), meta)
