"""Intake: from what a person types to the plain values of a brief. Options stay text: the form's own types read them.

A value of ``-o name=value`` that begins with ``[`` or ``{`` is JSON (RFC 8259, so without NaN and infinities).
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, NoReturn, get_args

from miaobi.brief import Reference
from miaobi.errors import BriefError, InputFileError, show
from miaobi.types import LANGUAGES

REFERENCE_LIMIT = 2_000_000  # bytes of one file
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
_BINARY = (".mid", ".midi", ".mxl")
KINDS: tuple[str, ...] = get_args(Reference.model_fields["kind"].annotation)


def read_text(content: bytes, what: str) -> str:
    """Return UTF-8 *content* as text without its byte order mark; InputFileError for anything else."""
    if b"\0" in content:
        raise InputFileError(f"{what} is not a text: it has NUL bytes.", "Give a text file in UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputFileError(
            f"{what} is not UTF-8: byte {error.start + 1:,} is 0x{content[error.start]:02X}.",
            "Convert it first, for example: iconv -f GB18030 -t UTF-8",
        ) from None


def read_file(path: Path, limit: int = REFERENCE_LIMIT) -> str:
    """Return the text of a file of at most *limit* bytes; InputFileError says why it can't be had."""
    return read_text(read_bytes(path, limit), show(str(path)))


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the content of a file of at most *limit* bytes; InputFileError says why it can't be had."""
    shown = show(str(path))
    try:
        if path.is_dir():
            raise InputFileError(f"{shown} is a folder.", "Give one file.")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise InputFileError(f"There is no file at {shown}.", "Check the path.") from None
    except (OSError, ValueError) as error:  # ValueError: NUL in the path
        raise InputFileError(f"{shown} can't be read: {error}.", "Check the path and its permissions.") from error
    if len(content) > limit:
        raise InputFileError(f"{shown} is larger than {limit:,} bytes.", "Give the part that matters.")
    return content


def read_music(path: Path) -> str:
    """Return a file of music as a reference holds it: text as it is; MIDI and compressed MusicXML in base64."""
    if path.suffix.lower() not in _BINARY:
        return read_file(path)
    content = read_bytes(path, REFERENCE_LIMIT // 2)
    return "data:;base64," + base64.b64encode(content).decode()


def read_picture(path: Path) -> str:
    """Return a picture as a reference holds it: shrunk, in a ``data:`` URL; InputFileError for what can't be taken."""
    from miaobi.craft.looking.opening import MOST_BYTES, held, opened

    return held(opened(read_bytes(path, MOST_BYTES), show(str(path))).pixels)


def references(pairs: list[str]) -> list[dict[str, str]]:
    """Return the references named by ``kind=FILE`` as plain values; a story may be a work of the library."""
    found = []
    for pair in pairs:
        kind, equals, name = pair.partition("=")
        if not equals or kind not in KINDS or not name:
            raise BriefError(f"{show(pair)} is not a reference.", f"Write kind=FILE; kinds: {', '.join(KINDS)}.")
        if kind == "story" and not Path(name).exists():
            found += told(name)
            continue
        read = {"score": read_music, "picture": read_picture}.get(kind, read_file)
        found.append({"kind": kind, "name": Path(name).name, "text": read(Path(name))})
    return found


def told(work: str) -> list[dict[str, str]]:
    """Return a work of the library as a story, in its newest words, with the people that play in it.

    UnknownNameError where there is none of that name; BriefError for one that tells nothing.
    """
    from miaobi.studio.library import Library
    from miaobi.studio.library.export import origin_of

    with Library() as library:
        head = library.find_version("", work)
        origin = origin_of(library, head)
        bible = (library.record(origin).get("bible") if origin is not None else None) or {}
        words = library.words(head)
    if len(words.encode()) > REFERENCE_LIMIT:
        raise BriefError(f"{show(head.title)} is larger than {REFERENCE_LIMIT:,} bytes.", "Give the part that matters.")
    people = [{"kind": "persona", "name": one["name"], "text": json.dumps(one)} for one in bible.get("personas", [])]
    return [{"kind": "story", "name": head.title, "text": words}, *people]


def options(pairs: list[str]) -> dict[str, Any]:
    """Return the options written as ``name=value``; raise BriefError for one given twice."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name:
            raise BriefError(f"{show(pair)} is not an option.", "Write -o name=value; `miaobi forms FORM` lists them.")
        if name in found:
            raise BriefError(f"The option {show(name)} is given twice.", "Give it once.")
        found[name] = _value(name, value)
    return found


def endings(text: str) -> list[str]:
    """Return the file endings of ``md,epub``."""
    return [e.strip().lower().lstrip(".") for e in text.split(",") if e.strip()]


def form_name(name: str) -> str:
    """Return the form's own name for its English or Chinese one, ``text`` for a person's own; "" stays."""
    from miaobi.forms import find

    return name if name in {"", "text"} else find(name).name


def language(name: str) -> str:
    """Return *name* if it is a language of ours or empty; BriefError else."""
    if name and name not in LANGUAGES:
        raise BriefError(f"{show(name)} is no language of miaobi's.", f"Legal: {', '.join(LANGUAGES)}.")
    return name


def _value(name: str, text: str) -> Any:
    if not text.lstrip().startswith(("[", "{")):
        return text

    def refuse(constant: str) -> NoReturn:
        raise BriefError(f"The option {show(name)} has {constant}, which is not JSON.", "Give a finite number.")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BriefError(f"The option {show(name)} is not JSON: {error}.", "Check its brackets and quotes.") from None
