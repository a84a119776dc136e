"""Files again: those kept with a version, those that its form can make from its content, or its words."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path

from miaobi import __version__
from miaobi.compose import choose_formats, render, sidecars
from miaobi.craft.document import (
    MEDIA_TYPES,
    Block,
    Document,
    Figure,
    Heading,
    SceneBreak,
    Stanza,
    Table,
    paragraph,
    write,
)
from miaobi.craft.plot.telling import file_name
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError, show
from miaobi.forms import find, forms
from miaobi.studio.delivery import deliver
from miaobi.studio.library.library import Library
from miaobi.studio.library.version import Version
from miaobi.studio.refusal import refused
from miaobi.trust import label
from miaobi.work import Imprint, Rendering, Work

TEXT_ENDINGS = ("md", "txt")
_PICTURE = re.compile(r"!\[([^\]]*)\]\s*\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)")
PAGES = ("md", "html", "txt", "docx", "epub", "pdf")  # what an edited text can be written as, where its form can


def write_files(library: Library, version: Version, out: Path | None, endings: Sequence[str] = ()) -> list[Path]:
    """Write the files of *version* into a folder and return their paths; *endings* chooses, none means those kept."""
    work = library.composed(version)
    if work is None:
        return _write_edit(library, version, out or Path(), endings)
    if endings:
        work = work.model_copy(update={"renderings": _chosen(work, endings)})
    folder = deliver(work, out)
    return [folder / r.name for r in work.renderings]


def endings_of(version: Version, origin: Version | None) -> tuple[str, ...]:
    """Return the endings that a version can be had as; *origin* is the composed version it comes from, if any."""
    if origin is None:
        return TEXT_ENDINGS
    if version.form not in forms():  # another's, and not installed any more: what is kept is all there is
        return TEXT_ENDINGS if version.content is None else ()
    form = find(version.form)
    legal = form.formats
    if version.content or (form.verse is not None and form.read is not None):
        return legal
    return tuple(e for e in PAGES if e in legal) if "md" in legal else TEXT_ENDINGS


def origin_of(library: Library, version: Version) -> Version | None:
    """Return the composed version that *version* comes from; None for a person's own text."""
    while not version.record:
        if not version.parent:
            return None
        version = library.version(version.parent)
    return version


def rendered(library: Library, version: Version, origin: Version | None, ending: str) -> Rendering:
    """Return a version as a file of this ending; of a composed one it is kept. BriefError for one it can't have."""
    if ending not in (legal := endings_of(version, origin)):
        raise BriefError(f"{show(version.title)} can't be had as “{ending}”.", f"It can be: {', '.join(legal)}.")
    work = library.composed(version)
    if work is not None:
        found = _chosen(work, [ending])
        if any(r not in work.renderings for r in found):
            library.add(work.model_copy(update={"renderings": tuple(found)}))
        return found[0]
    return _edited(library, version, origin, ending)[0]


def _edited(library: Library, version: Version, origin: Version | None, ending: str) -> list[Rendering]:
    """Return a text that a person wrote, or changed, as a file; one that came from a work with its label."""
    words, name = library.words(version), file_name(version.title, ending)
    made = library.composed(origin) if origin else None
    if made is None:  # a person's own words bear no label of a machine's
        return [Rendering(name=name, media_type=MEDIA_TYPES[ending], content=words.encode())]
    own = label.imprint(made.id, version.title, version.language, made.record.written_by, __version__)
    imprint = label.edited(own)
    form = find(version.form) if version.form in forms() else None
    if form is not None and form.read is not None and form.verse is not None:  # set as its form sets it
        content = form.read(words, version.language).model_copy(update={"title": version.title})
        file = form.render(content, ending, imprint).model_copy(update={"name": name})
    else:
        page = write(document_of(version, words, imprint), ending)
        file = Rendering(name=name, media_type=MEDIA_TYPES[ending], content=page)
    return [file, *sidecars(file, imprint)]


def document_of(version: Version, words: str, imprint: Imprint) -> Document:
    """Return an edited text as a document: headings by ``#``, lines of verse where a paragraph has several."""
    blocks: list[Block] = []
    for found in re.split(r"\n\s*\n", words.strip()):
        text = found.strip()
        lines = tuple(line.strip() for line in text.splitlines())
        if heading := re.fullmatch(r"(#{1,6})\s+(.+)", text):
            blocks.append(Heading(max(1, len(heading[1]) - 1), heading[2]))
        elif picture := _PICTURE.fullmatch(text):
            blocks.append(Figure(base64.b64decode(picture[2]).decode("utf-8", "replace"), "", picture[1]))
        elif text.startswith("|") and text.endswith("|"):
            blocks.append(_table(text))
        elif re.fullmatch(r"[*⁂·\s\\-]+", text):
            blocks.append(SceneBreak())
        elif len(lines) > 1:
            blocks.append(Stanza(lines))
        elif text:
            blocks.append(paragraph(text))
    return Document(version.title, "", version.language, tuple(blocks), imprint)


def _table(text: str) -> Table:
    """Return a table of Markdown; in the words of a work its rows stand behind one another."""
    rows = [r.strip().strip("|") for r in re.sub(r"\|[ \t]+\|(?=[ \t]*\S)", "|\n|", text).splitlines()]
    cells = [tuple(c.strip() for c in row.split("|")) for row in rows]
    kept = [row for row in cells if not all(re.fullmatch(r":?-+:?", c) for c in row)]
    return Table("", kept[0], tuple(kept[1:])) if kept else Table("", (), ())


def _chosen(work: Work, endings: Sequence[str]) -> tuple[Rendering, ...]:
    """Return the renderings of these endings, each before its label: as kept, else made from the content."""
    out: list[Rendering] = []
    missing: list[str] = []
    for ending in dict.fromkeys(endings):
        kept = [r for r in work.renderings if r.name.endswith((f".{ending}", f".{ending}.aigc.json"))]
        out += kept
        missing += [] if kept else [ending]
    if missing:  # a kept file needs no form: the form may be another's, and not installed any more
        form = find(work.form)
        name = work.record.written_by
        imprint = label.imprint(work.id, work.title, work.brief.language, name, __version__)
        content = form.content.model_validate(work.content)
        out += render(form, content, choose_formats(form, missing), imprint)[0]
    return tuple(out)


def _write_edit(library: Library, version: Version, folder: Path, endings: Sequence[str]) -> list[Path]:
    """Write a person's words, or what a person made of a work's; the latter bear its label."""
    origin = origin_of(library, version)
    paths: list[Path] = []
    for ending in endings or ("txt",):
        if ending not in (legal := endings_of(version, origin)):
            raise BriefError(f"{show(version.title)} can't be had as “{ending}”.", f"It can be: {', '.join(legal)}.")
        for file in _edited(library, version, origin, ending):
            path = folder / file.name.replace(f".{ending}", f"-{version.id[:8]}.{ending}", 1)
            with refused(path, "the text", "give another folder (--out FOLDER)"):
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(path, file.content)
            paths.append(path)
    return paths
