"""Folk tunes in ABC notation out of music21's corpus: three old printed collections.

Allowed are Ryan's Mammoth Collection (1883), O'Neill's Music of Ireland (1903 printing of 1850 tunes) and Aird's Airs
(1778–1801), whose music is in the public domain. Nothing else of that corpus is read: some of it may not be used
freely. Of the encoders' header lines only those of the tune itself are kept (X T C R M L Q K V P and the words w);
who transcribed it, with addresses, is not something to learn from (ABC standard 2.1, section 3).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

from miaobi.engines.disk import digest
from miaobi.errors import CorpusError, UnknownNameError, show
from miaobi.lab.corpus.document import Document, Origin, Source
from miaobi.lab.corpus.encoding import decode

FOLDERS = ("ryansMammoth", "oneills1850", "airdsAirs")
_KEPT = frozenset("XTCRMLQKVPw")
_FIELD = re.compile(r"([A-Za-z]):")


def open_tunes(wanted: str = "") -> Source:
    """Return the tunes of the *wanted* folders (names with commas; all three when empty)."""
    names = [n.strip() for n in wanted.split(",") if n.strip()] or list(FOLDERS)
    for name in names:
        if name not in FOLDERS:
            raise UnknownNameError(
                f"{show(name)} is not among the folders of music21 that may be used.", f"Those: {', '.join(FOLDERS)}."
            )
    corpus = corpus_folder()
    files = [file for name in names for file in sorted((corpus / name).glob("*.abc"))]
    if not files:
        raise CorpusError("This copy of music21 has no corpus.", "Install it again: pip install 'miaobi[lab]'")
    sha256 = hashlib.sha256("".join(digest(file) for file in files).encode()).hexdigest()
    origin = Origin(
        "music21",
        "public domain (music); encodings by permission to music21",
        "package music21",
        sha256,
        f"folders: {', '.join(names)}; headers about the encoding left out",
    )
    return Source(origin, lambda: _read(files))


def corpus_folder() -> Path:
    """Return where music21 keeps its corpus, without the seconds of an import. CorpusError if it isn't here."""
    found = importlib.util.find_spec("music21")
    if found is None or not found.submodule_search_locations:
        raise CorpusError("The tunes are in the package music21, which isn't here.", "pip install 'miaobi[lab]'")
    return Path(found.submodule_search_locations[0]) / "corpus"


def _read(files: list[Path]) -> Iterator[Document]:
    for file in files:
        text = decode(file.read_bytes(), show(file.name))
        for i, tune in enumerate(re.split(r"^(?=X:)", text, flags=re.MULTILINE)[1:]):
            lines = [line.partition(" %")[0].rstrip() for line in tune.split("\n") if _of_the_tune(line)]
            title = next((line[2:].strip() for line in lines if line.startswith("T:")), "")
            rhythm = next((line[2:].strip() for line in lines if line.startswith("R:")), "")
            name = f"{file.parent.name}/{file.stem}#{i}"
            yield Document(name, "\n".join(lines) + "\n", {"title": title, "rhythm": rhythm, "book": file.parent.name})


def _of_the_tune(line: str) -> bool:
    if not line.strip() or line.startswith("%"):
        return False
    field = _FIELD.match(line)
    return field is None or field[1] in _KEPT
