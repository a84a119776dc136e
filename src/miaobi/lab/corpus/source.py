"""Which source a word on the command line means: a path, or ``chinese-poetry``, ``music21``, ``music21-chorales``,
``@mdi/svg``, ``mdi-glyphs``.

``NAME:PARTS`` takes parts of a named source: ``chinese-poetry:tang,song``, ``music21:airdsAirs``.
"""

from __future__ import annotations

from pathlib import Path

from miaobi.lab.corpus import chorale, glyph, icon, poem, tune
from miaobi.lab.corpus.document import Progress, Source
from miaobi.lab.corpus.file import open_path

NAMED = ("chinese-poetry", "music21", "music21-chorales", "@mdi/svg", "mdi-glyphs")


def open_source(
    spec: str,
    *,
    licence: str = "unknown",
    encoding: str = "",
    field: str = "text",
    archive: Path | None = None,
    progress: Progress | None = None,
) -> Source:
    """Return the documents that *spec* names. Only a named package is fetched, and only when it isn't here."""
    name, _, parts = spec.partition(":")
    if name == "chinese-poetry":
        return poem.open_poems(parts, progress, archive)
    if name == "@mdi/svg":
        return icon.open_icons(parts, progress, archive)
    if name == "mdi-glyphs":
        return glyph.open_glyphs(progress, archive)
    if name == "music21":
        return tune.open_tunes(parts)
    if name == "music21-chorales":
        return chorale.open_chorales()
    return open_path(Path(spec).expanduser(), licence, encoding, field)
