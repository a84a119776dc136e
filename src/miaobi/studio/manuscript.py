"""A person's own file: read as it is, left alone unless asked, and tied to the library where it belongs to a work.

A file belongs to a work when it is known by its path, or lies beside the ``record.json`` of a work in the library. What
is accepted becomes a version there; before a file is written over, what it was is a version first.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from miaobi.assist.passage import Stretch, language_of, lines, passage
from miaobi.brief import clean_text
from miaobi.engines.disk import write_whole
from miaobi.errors import BriefError, InputFileError, LibraryError
from miaobi.studio import intake
from miaobi.studio.delivery import RECORD
from miaobi.studio.library import Library, begun
from miaobi.studio.library.version import Version
from miaobi.studio.refusal import refused
from miaobi.types import Language

_MARK = "\ufeff"


@dataclass(frozen=True)
class Manuscript:
    """A text with what its file needs to be written back as it was: byte order mark and line ends."""

    path: Path | None  # None: standard input
    text: str
    language: Language
    marked: bool = False
    crlf: bool = False

    def where(self, lines_wanted: str = "", words_wanted: str = "") -> Stretch:
        """Return the passage that is meant, the whole text if none is named; BriefError for both at once."""
        if lines_wanted and words_wanted:
            raise BriefError("Lines and a passage were given.", "Give one of --lines and --passage.")
        return lines(self.text, lines_wanted) if lines_wanted else passage(self.text, words_wanted)


def open_manuscript(name: str, language: str = "") -> Manuscript:
    """Read the file *name*, ``-`` for standard input; its language is found by its script when not given."""
    known = intake.language(language)
    if name == "-":
        content = sys.stdin.buffer.read(intake.REFERENCE_LIMIT + 1)
        if len(content) > intake.REFERENCE_LIMIT:
            raise InputFileError(
                f"What came by standard input is larger than {intake.REFERENCE_LIMIT:,} bytes.", "Give a part of it."
            )
        text, path = intake.read_text(content, "What came by standard input"), None
        marked = content.startswith(_MARK.encode())
    else:
        path = Path(name)
        text = intake.read_file(path)
        with path.open("rb") as file:
            marked = file.read(3) == _MARK.encode()
    if not text.strip():
        raise BriefError("The text is empty.", "Give a file with at least one sentence in it.")
    plain = text.replace("\r\n", "\n")
    told: Language = language_of(plain) if not known else "zh" if known == "zh" else "en"
    return Manuscript(path, plain, told, marked, "\r\n" in text)


def work_of(library: Library, manuscript: Manuscript) -> str:
    """Return the id of the work that the file belongs to, "" when it belongs to none."""
    if manuscript.path is None:
        return ""
    place = str(manuscript.path.expanduser().absolute())
    if own := library.index.works("w.place = ?", (place,)):
        return own[0].id
    try:
        record = json.loads((manuscript.path.absolute().parent / RECORD).read_bytes())
        names, id = {f["name"] for f in record["files"]}, str(record["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # no record, or somebody else's
    return id if manuscript.path.name in names and library.index.works("w.id = ?", (id,)) else ""


def backed_up(library: Library, manuscript: Manuscript, branch: str = "main") -> str:
    """Keep the file as it is now as a version, and return its work: taken in if it belongs to none."""
    if manuscript.path is None:
        raise BriefError("Standard input belongs to no work.", "Give the text as a file.")
    work = work_of(library, manuscript)
    if not work:
        return library.take_in(manuscript.text, manuscript.path, manuscript.language).work
    library.keep(work, manuscript.text, note="the file as it was", branch=branch)
    return work


def accept(library: Library, manuscript: Manuscript, text: str, note: str, *, in_place: bool = False) -> Version | None:
    """Keep *text* as a version of the file's work; *in_place* writes it into the file, whose old text is kept first.

    Returns None where the file belongs to no work and isn't written over.
    """
    if not in_place:
        work = work_of(library, manuscript)
        return library.keep(work, text, note=note, kind="alternative") if work else None
    work = backed_up(library, manuscript)
    version = library.keep(work, text, note=note)
    write_back(manuscript, text)
    return version


def keep(manuscript: Manuscript, text: str, note: str, *, in_place: bool) -> tuple[Version | None, str]:
    """Open the library and ``accept``. A library that fails stops a file from being written over, not a text from being
    shown: then what went wrong is returned beside None.
    """
    if in_place:
        with Library() as library:
            return accept(library, manuscript, text, note, in_place=True), ""
    if manuscript.path is None or not begun():
        return None, ""
    try:
        with Library() as library:
            return accept(library, manuscript, text, note), ""
    except LibraryError as error:
        return None, error.message


def write_back(manuscript: Manuscript, text: str) -> None:
    """Write the file: whole or as it was, through links, with its mark, line ends and permissions."""
    assert manuscript.path is not None
    target = manuscript.path.resolve()
    content = text.replace("\n", "\r\n") if manuscript.crlf else text
    with refused(target, "the text", "leave --in-place out"):
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied", str(target))
        mode = target.stat().st_mode & 0o7777
        write_whole(target, ((_MARK if manuscript.marked else "") + content).encode())
        target.chmod(mode)


def text_or_file(about: str, language: str = "") -> tuple[str, Language]:
    """Return the text of the file *about*, or *about* itself where there is no such file, and its language."""
    known = intake.language(language)
    try:
        is_file = about == "-" or Path(about).is_file()
    except (OSError, ValueError):  # too long, or a NUL: no path
        is_file = False
    if is_file:
        found = open_manuscript(about, known)
        return found.text, found.language
    text = clean_text(about, "idea")
    if not text:
        raise BriefError("The idea is empty.", "Say what it is about, in a few words.")
    return text, language_of(text) if not known else "zh" if known == "zh" else "en"
