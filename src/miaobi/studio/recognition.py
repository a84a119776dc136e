"""Recognition: what a file from anywhere says of itself, and what the library knows of it.

A file is known by its bytes, where the library keeps the same; else by the label that it bears; else by the notice that
its readers see. Its brief comes from the library, or from the file where that holds one (an exported work, a record).
Nothing in it is believed but shown: a label says what whoever wrote the file wanted it to say.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from miaobi.brief import Brief
from miaobi.errors import MiaobiError
from miaobi.studio.library import Library
from miaobi.studio.library.bundle import FORMAT
from miaobi.studio.library.card import Card
from miaobi.studio.library.export import endings_of, origin_of, rendered
from miaobi.studio.world.plan import World
from miaobi.trust import label

LIMIT = 50_000_000  # bytes of a file
_HEAD = 1_000_000  # bytes of a text, in which its label stands
_VALUES = 8_000_000  # bytes of JSON
_TEXTS = ("md", "html", "eml", "abc", "musicxml", "mei", "svg", "fdx", "txt", "fountain", "obj")
_NOTICE = re.compile(r"AI-generated \(miaobi[^)\n]*\)(?:, then edited)?|人工智能生成（miaobi[^）\n]*）(?:，后经修改)?")
_ENDINGS = {"midi": "mid", "htm": "html", "xml": "musicxml", "markdown": "md", "oga": "ogg"}
_MAGIC = (  # what a file is whose name doesn't say
    (b"\x89PNG", "png"), (b"%PDF", "pdf"), (b"MThd", "mid"), (b"glTF", "glb"), (b"RIFF", "wav"), (b"OggS", "ogg"),
    (b"ID3", "mp3"), (b"GIF8", "gif"), (b"<svg", "svg"), (b"{", "json"), (b"---\n", "md"), (b"%abc", "abc"),
)  # fmt: skip
How = Literal["bytes", "label", "notice", "record", "world", "none"]


@dataclass(frozen=True)
class Recognised:
    """What was found. ``how``: by what the file was known; ``card``: the work, where it is in the library."""

    how: How = "none"
    label: dict[str, str] | None = None
    notice: str = ""
    card: Card | None = None
    brief: dict[str, Any] | None = None
    world: World | None = None


def recognised(library: Library, name: str, content: bytes) -> Recognised:
    """Return what the file *content*, called *name*, says of itself and what the library knows of it."""
    ending = _ending(name, content)
    said = _label(content, ending)
    notice = _notice(content, ending)
    cards = library.holding(hashlib.sha256(content).hexdigest())
    if cards:
        return Recognised("bytes", said, notice, cards[0], _brief_of(library, cards[0]))
    if (found := _held(content, ending)) is not None:
        return found
    if said is not None and said.get("ContentProducer") == label.PRODUCER:
        card = library.cards([said.get("ProduceID", "")]).get(said.get("ProduceID", ""))
        if card and _is_edit(library, card, ending, content):
            return Recognised("bytes", said, notice, card, _brief_of(library, card))
        return Recognised("label", said, notice, card, _brief_of(library, card) if card else None)
    return Recognised("notice" if notice else "none", said, notice)


def _is_edit(library: Library, card: Card, ending: str, content: bytes) -> bool:
    """Tell whether *content* is what the newest version of a work, which a person edited, is taken away as: such files
    are made when they are asked for."""
    try:
        version = library.find_version("", card.id)
        origin = origin_of(library, version)
        if version == origin or ending not in endings_of(version, origin):
            return False
        return rendered(library, version, origin, ending).content == content
    except MiaobiError:  # its description is damaged, or its words are no longer of its form
        return False


def _ending(name: str, content: bytes) -> str:
    plain = name.lower().rpartition(".")[2] if "." in name else ""
    known = _ENDINGS.get(plain, plain)
    head = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = next((ending for magic, ending in _MAGIC if head.startswith(magic)), "")
    return known if known and not (found and known in ("txt", "bin", "dat")) else found


def _label(content: bytes, ending: str) -> dict[str, str] | None:
    if ending in ("json", "jsonld") and len(content) > _VALUES:
        return None
    try:
        return label.read(content[:_HEAD] if ending in _TEXTS else content, ending)
    except Exception:  # whatever a damaged or hostile file does to its reader: then it says nothing
        return None


def _notice(content: bytes, ending: str) -> str:
    """Return the notice of a file that is read as text; of a solid its header."""
    if ending not in (*_TEXTS, "stl"):
        return ""
    text = (content[:20_000] + b"\n" + content[-20_000:]).decode("utf-8", "replace")
    found = _NOTICE.search(text)
    return found[0] if found else ""


def _brief_of(library: Library, card: Card) -> dict[str, Any] | None:
    try:
        origin = origin_of(library, library.find_version("", card.id))
        found: dict[str, Any] | None = library.record(origin).get("brief") if origin else None
    except MiaobiError:  # its description is damaged
        return None
    return found


def _held(content: bytes, ending: str) -> Recognised | None:
    """Return what a file holds that holds a brief: an exported work, a record, a world."""
    try:
        if ending == "miaobi":
            manifest = json.loads(_manifest(content))
            if manifest.get("format") == FORMAT:
                return Recognised("record", brief=_plain(manifest.get("brief")))
        elif ending == "json" and len(content) <= _VALUES:
            value = json.loads(content)
            if isinstance(value, dict) and {"id", "form", "brief", "record"} <= value.keys():
                return Recognised("record", brief=_plain(value["brief"]))
            if isinstance(value, dict) and {"idea", "parts", "bible"} <= value.keys():
                return Recognised("world", world=World.model_validate(value))
    except Exception:  # as above
        return None
    return None


def _manifest(content: bytes) -> bytes:
    if not label.directory_is_small(content):
        return b"{}"
    with zipfile.ZipFile(io.BytesIO(content)) as file, file.open("manifest.json") as stream:
        return stream.read(_VALUES)


def _plain(brief: Any) -> dict[str, Any] | None:
    """Return a brief as it is sent, if it is one."""
    try:
        return Brief.model_validate(brief).model_dump(mode="json", exclude_defaults=True)
    except (ValidationError, MiaobiError):
        return None
