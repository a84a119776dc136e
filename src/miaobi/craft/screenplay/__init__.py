"""A screenplay and its files: Fountain and FDX, read and written; HTML and PDF in the trade's layout."""

from __future__ import annotations

from importlib import import_module

from miaobi.craft.screenplay import fountain
from miaobi.craft.screenplay.script import Element, Script, normal
from miaobi.errors import UnknownNameError, show
from miaobi.work import Imprint

__all__ = ["MEDIA_TYPES", "Element", "Script", "fountain", "normal", "write"]

MEDIA_TYPES = {
    "fountain": "text/vnd.fountain",
    "fdx": "application/xml",
    "html": "text/html",
    "pdf": "application/pdf",
}


def write(script: Script, ending: str, imprint: Imprint) -> bytes:
    """Return the script as a file of this *ending*; the caller puts the notice on a Fountain's title page."""
    if ending == "fountain":
        return fountain.write(script).encode()
    if ending not in MEDIA_TYPES:
        raise UnknownNameError(f"No writer makes {show(ending)} files.", f"Legal: {', '.join(MEDIA_TYPES)}.")
    if ending == "fdx":
        content: bytes = import_module("miaobi.craft.screenplay.fdx").write(script, imprint)
        return content
    page = import_module("miaobi.craft.screenplay.page")
    made: bytes = page.html(script, imprint) if ending == "html" else page.pdf(script, imprint)
    return made
