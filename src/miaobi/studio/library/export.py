"""Files again: those kept with a version, those that its form can make from its content, or its words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from miaobi import __version__
from miaobi.compose import choose_formats, render
from miaobi.craft.plot.telling import file_name
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError
from miaobi.forms import find
from miaobi.studio.delivery import deliver
from miaobi.studio.library.library import Library
from miaobi.studio.library.version import Version
from miaobi.studio.refusal import refused
from miaobi.trust import label
from miaobi.work import Work

TEXT_ENDINGS = ("md", "txt")


def write_files(library: Library, version: Version, out: Path | None, endings: Sequence[str] = ()) -> list[Path]:
    """Write the files of *version* into a folder and return their paths; *endings* chooses, none means those kept."""
    work = library.composed(version)
    if work is None:
        return [_write_text(library, version, out or Path(), endings)]
    if endings:
        work = work.model_copy(update={"renderings": _chosen(work, endings)})
    folder = deliver(work, out)
    return [folder / r.name for r in work.renderings]


def _chosen(work: Work, endings: Sequence[str]) -> tuple[object, ...]:
    """Return the renderings of these endings: as kept, else made from the content."""
    out: list[object] = []
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


def _write_text(library: Library, version: Version, folder: Path, endings: Sequence[str]) -> Path:
    ending = endings[0] if endings else "txt"
    if ending not in TEXT_ENDINGS:
        raise BriefError(
            f"This version is a text and can't be written as “{ending}”.", f"It can be: {', '.join(TEXT_ENDINGS)}."
        )
    path = folder / file_name(f"{version.title}-{version.id[:8]}", ending)
    with refused(path, "the text", "give another folder (--out FOLDER)"):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, library.words(version).encode())
    return path
