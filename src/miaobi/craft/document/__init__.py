"""A document and its files: ``write(document, "epub")`` returns the bytes, the same bytes for the same document."""

from __future__ import annotations

from importlib import import_module

from miaobi.craft.document.document import (
    Block,
    Document,
    Figure,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    SceneBreak,
    Span,
    Stanza,
    Table,
    paragraph,
    parse_spans,
)
from miaobi.errors import UnknownNameError, show

__all__ = [
    "MEDIA_TYPES",
    "Block",
    "Document",
    "Figure",
    "Heading",
    "Listing",
    "Note",
    "PageBreak",
    "Paragraph",
    "Quote",
    "SceneBreak",
    "Span",
    "Stanza",
    "Table",
    "paragraph",
    "parse_spans",
    "write",
]

MEDIA_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
}
_WRITERS = {"md": "markdown", "html": "html", "txt": "plain", "docx": "docx", "epub": "epub", "pdf": "pdf"}


def write(document: Document, ending: str) -> bytes:
    """Return the document as a file of this *ending*; raise UnknownNameError when no writer makes such files."""
    if ending not in _WRITERS:
        raise UnknownNameError(f"No writer makes {show(ending)} files.", f"Legal: {', '.join(_WRITERS)}.")
    content: bytes = import_module(f"miaobi.craft.document.{_WRITERS[ending]}").write(document)
    return content
