"""MusicXML's compressed file: a ZIP whose ``META-INF/container.xml`` names the score; within bounds, or not at all."""

from __future__ import annotations

import io
import zipfile
import zlib

from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.xml import parse

MOST_BYTES = 50_000_000  # of the score, unpacked
MOST_FILES = 1000


def unpacked(content: bytes) -> bytes:
    """Return the score inside an ``.mxl``; what isn't a ZIP comes back as it is.

    NotationError for one that is damaged, has no score, or unpacks to more than 50 MB.
    """
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = file.namelist()
            if len(names) > MOST_FILES:
                raise NotationError(f"The .mxl holds {len(names):,} files.", f"At most {MOST_FILES:,} are looked at.")
            return _member(file, _root(file, names))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise NotationError(f"The .mxl can't be unpacked: {error}.", "Write it again, or give the .musicxml.") from None


def _root(file: zipfile.ZipFile, names: list[str]) -> str:
    if "META-INF/container.xml" in names:
        for one in parse(_member(file, "META-INF/container.xml")).walk():
            if one.tag == "rootfile" and one.get("full-path") in names:
                return one.get("full-path")
    scores = [n for n in names if n.lower().endswith((".xml", ".musicxml")) and not n.startswith("META-INF")]
    if not scores:
        raise NotationError("The .mxl holds no score.", "Its META-INF/container.xml should name one.")
    return scores[0]


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    with file.open(name) as member:
        content = member.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotationError(f"The .mxl unpacks to more than {MOST_BYTES:,} bytes.", "Give the score of one piece.")
    return content
