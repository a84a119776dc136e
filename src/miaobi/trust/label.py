"""Label: every file says that it is machine-made, to people and to machines, and is read back after writing.

The notice has the two elements of GB 45438-2025 section 5 (人工智能 or AI; 生成 or generated). The machine-readable
part is the seven keys of its Annex E, placed where TC260-PG-20258A says for text: a property ``AIGC`` in
docProps/custom.xml of docx, ``/AIGC`` in the Info dictionary of PDF, a map in the front matter of Markdown. The guide
is silent on HTML and EPUB (a ``meta`` named AIGC), mail (the header field ``X-AIGC``), JSON-LD and FDX; plain text
and Fountain have no field, so a sidecar ``<name>.aigc.json`` goes with them. Music: ABC has a directive, MusicXML a
``miscellaneous-field``, MEI an ``annot``, MIDI a text event, WAV an entry of its INFO list, MP3 a TXXX frame, Ogg a
comment. Pictures and solids say it too where there is room (PNG's text, SVG's ``metadata``, glTF's extras, 3MF's
metadata), and have a sidecar besides, since what shows them often writes them anew without it.
"""

from __future__ import annotations

import email
import email.policy
import html
import io
import json
import re
import zipfile
from collections.abc import Callable

from miaobi.findings import Finding
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

KEYS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
MEMBER_LIMIT = 50_000_000  # bytes of a file in a package, unpacked
_DIRECTORY_LIMIT = 4_000_000  # bytes
PRODUCER = "miaobi"  # a name: the 27-character code is for registered providers and is never invented


def imprint(work_id: str, title: str, language: Language, checkpoint_name: str, version: str) -> Imprint:
    """Return what every file of this work says of itself. ``Label`` "1": it is machine-made."""
    identifier = re.sub(r"\s+", "", work_id)
    if language == "zh":
        notice = f"人工智能生成（{PRODUCER} 妙笔，{checkpoint_name}）"
    else:
        notice = f"AI-generated ({PRODUCER}, {checkpoint_name})"
    values = ("1", PRODUCER, identifier, "", PRODUCER, identifier, "")
    return Imprint(
        identifier=identifier,
        notice=notice,
        language=language,
        title=title,
        creator=PRODUCER,
        aigc=dict(zip(KEYS, values, strict=True)),
        generator=f"miaobi {version}",
    )


def edited(imprint: Imprint) -> Imprint:
    """Return what the files of a work say once its words were changed, by a person or at a person's wish."""
    by = "，后经修改" if imprint.language == "zh" else ", then edited"
    return imprint.model_copy(update={"notice": imprint.notice + by})


def sidecar(imprint: Imprint) -> bytes:
    """Return the label as a file of its own, in the outer form of Annex E; named ``<name>.aigc.json``."""
    return (json.dumps({"AIGC": imprint.aigc}, ensure_ascii=True, indent=2) + "\n").encode()


def has_field(ending: str) -> bool:
    """Tell whether files of this ending carry the label themselves; the others need a sidecar."""
    return ending in _READERS and ending != "json"


def read(content: bytes, ending: str) -> dict[str, str] | None:
    """Return the label in a file of this ending (``json`` reads a sidecar too), or None when there is none."""
    reader = _READERS.get(ending) or _BESIDE.get(ending)
    found = reader(content) if reader else None
    try:
        label = json.loads(found) if isinstance(found, str) else found
    except ValueError:
        return None
    if isinstance(label, dict) and isinstance(label.get("AIGC"), dict):
        label = label["AIGC"]
    whole = isinstance(label, dict) and all(isinstance(v, str) for v in label.values()) and "Label" in label
    return label if whole else None


def verify(rendering: Rendering, imprint: Imprint) -> list[Finding]:
    """Return what is missing from a written file: the visible notice, the machine-readable label, or its equality.

    Endings without a field (txt, fountain, svg, png) are held to the notice only: their label is the sidecar.
    """
    ending = rendering.name.rpartition(".")[2]
    findings = []
    text = visible(rendering.content, ending)
    if text is not None and _squeezed(imprint.notice) not in _squeezed(text):
        findings.append(_error("label-notice", f"{rendering.name} does not say “{imprint.notice}” to its readers."))
    if ending in _READERS:
        label = read(rendering.content, ending)
        if label is None:
            findings.append(_error("label-missing", f"{rendering.name} has no machine-readable label (AIGC)."))
        elif label != imprint.aigc:
            findings.append(_error("label-differs", f"The label in {rendering.name} is not the work's: {label}."))
    return findings


def visible(content: bytes, ending: str) -> str | None:
    """Return the text in which the notice must stand; None for PDF, pictures and solids, whose text isn't read here."""
    if ending in ("pdf", "png", "gif", "svg", "stl", "3mf", "glb", "obj"):
        return None
    if ending in ("mid", "wav", "mp3", "ogg"):
        wide = (content[shift:65536].decode("utf-16-le", "replace") for shift in (0, 1))  # ID3 stands at the head
        return content.decode("utf-8", "replace") + "".join(wide)
    if ending in ("musicxml", "mei"):
        return html.unescape(content.decode("utf-8", "replace"))
    if ending in ("epub", "docx", "zip"):
        part = {"epub": "EPUB/cover.xhtml", "docx": "word/document.xml", "zip": "notice.txt"}[ending]
        return html.unescape(re.sub(r"<[^>]*>", "", _part(content, part)))
    text = content.decode("utf-8", "replace")
    if ending == "html":
        return html.unescape(re.sub(r"<[^>]*>", "", text[text.find("<body") :]))
    if ending == "md":
        return re.sub(r"\\(.)", r"\1", text.split("\n---\n", 1)[-1])
    if ending == "fdx":
        return html.unescape(text[text.find("<Content") :])
    if ending == "eml":
        body = email.message_from_bytes(content, policy=email.policy.default).get_body(("plain", "html"))
        return body.get_content() if body is not None else ""
    return str(json.loads(text)) if ending == "json" else text


def _error(rule: str, message: str) -> Finding:
    return Finding(rule=rule, message=message, severity="error")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _part(content: bytes, name: str, head: int = 0) -> str:
    """Return a text in a package, or the bytes at its *head*; "" where it isn't there.

    ValueError for a package that is made to fill the memory.
    """
    if not directory_is_small(content):
        raise ValueError("the package's list of files is too long")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if name not in file.namelist():
            return ""
        with file.open(name) as stream:  # a size that lies is found out here
            found = stream.read(head or MEMBER_LIMIT + 1)
    if len(found) > MEMBER_LIMIT:
        raise ValueError("a file of the package is too large")
    return found.decode("utf-8", "ignore" if head else "strict")


def directory_is_small(content: bytes) -> bool:
    """Tell whether the list of files at a package's end can be read: one of 50 MB would become a GB of names."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if at < 0 or len(content) < at + 22 or content[max(0, at - 20) : at][:4] == b"PK\x06\x07":
        return False
    return int.from_bytes(content[at + 12 : at + 16], "little") <= _DIRECTORY_LIMIT


def _attribute(text: str, pattern: str) -> str | None:
    found = re.search(pattern, text)
    return html.unescape(found[1]) if found else None


def _markdown(content: bytes) -> dict[str, str] | None:
    head = content.decode("utf-8", "replace").split("\n---\n", 1)[0]
    found = re.search(r"^AIGC:\n((?:  .*(?:\n|$))+)", head, re.M)
    if not found:
        return None
    pairs = (line.strip().split(": ", 1) for line in found[1].strip("\n").split("\n"))
    return {key: json.loads(value) for key, value in pairs}


def _pdf(content: bytes) -> str | None:
    found = re.findall(rb"/AIGC \(((?:[^\\()]|\\.)*)\)", content)
    return re.sub(r"\\(.)", r"\1", found[-1].decode("latin-1")) if found else None


def _eml(content: bytes) -> str | None:
    value = email.message_from_bytes(content, policy=email.policy.default).get("X-AIGC")
    return re.sub(r"\s+", "", str(value)) if value else None


def _embedded(content: bytes, before: bytes) -> str | None:
    """Return the JSON object that follows *before* in a binary file."""
    at = content.find(before)
    if at < 0:
        return None
    try:
        return json.dumps(
            json.JSONDecoder().raw_decode(content[at + len(before) :][:4096].decode("utf-8", "ignore"))[0]
        )
    except ValueError:
        return None


def _mp3(content: bytes) -> str | None:
    name = "AIGC\0".encode("utf-16-le") + b"\xff\xfe"
    at = content.find(name)
    if at < 0:
        return None
    start = at + len(name)
    size = int.from_bytes(content[at - 9 : at - 5])  # of the frame: after TXXX, before two flags, encoding and mark
    return content[start : at - 3 + size].decode("utf-16-le", "ignore")


def _png(content: bytes) -> str | None:
    """Return the iTXt of the key AIGC, which stands before the pixels."""
    at = 8
    while content[:8] == b"\x89PNG\r\n\x1a\n" and (kind := content[at + 4 : at + 8]) not in (b"", b"IDAT", b"IEND"):
        size = int.from_bytes(content[at : at + 4])
        body = content[at + 8 : at + 8 + size]
        if kind == b"iTXt" and body.startswith(b"AIGC\0\0\0\0\0"):
            return body[9:].decode("utf-8", "replace")
        at += size + 12
    return None


def _gif(content: bytes) -> str | None:
    """Return the object in the last comment, whose blocks say how long they are."""
    at, said = content.rfind(b"\x21\xfe") + 2, b""
    while 2 <= at < len(content) and (size := content[at]):
        said += content[at + 1 : at + 1 + size]
        at += 1 + size
    start = said.find(b'{"AIGC"')
    return said[start:].decode("utf-8", "replace") if start >= 0 else None


def _glb(content: bytes) -> str | None:
    if content[:4] != b"glTF" or content[16:20] != b"JSON":
        return None
    size = int.from_bytes(content[12:16], "little")
    document = json.loads(content[20 : 20 + size]) if size < _DIRECTORY_LIMIT else {}
    return json.dumps(document.get("asset", {}).get("extras", {}))


_META = r'<meta name="AIGC" content="([^"]*)"'
_BESIDE: dict[str, Callable[[bytes], str | dict[str, str] | None]] = {  # in the file, and in a sidecar too
    "png": _png,
    "gif": _gif,
    "svg": lambda c: _attribute(c.decode("utf-8", "replace"), r"<metadata>([^<]*)</metadata>"),
    "glb": _glb,
    "3mf": lambda c: _attribute(_part(c, "3D/3dmodel.model", 65_536), r'<metadata name="miaobi:AIGC">([^<]*)<'),
    "jsonld": lambda c: c.decode("utf-8", "replace"),
}
_READERS: dict[str, Callable[[bytes], str | dict[str, str] | None]] = {
    "md": _markdown,
    "html": lambda c: _attribute(c.decode("utf-8", "replace"), _META),
    "epub": lambda c: _attribute(_part(c, "EPUB/package.opf"), _META),
    "docx": lambda c: _attribute(_part(c, "docProps/custom.xml"), r'name="AIGC"><vt:lpwstr>([^<]*)<'),
    "pdf": _pdf,
    "fdx": lambda c: _attribute(c.decode("utf-8", "replace"), r' AIGC="([^"]*)"'),
    "eml": _eml,
    "json": lambda c: c.decode("utf-8", "replace"),
    "abc": lambda c: _attribute(c.decode("utf-8", "replace"), r"(?m)^%%miaobi-aigc (.*)$"),
    "musicxml": lambda c: _attribute(c.decode("utf-8", "replace"), r'<miscellaneous-field name="AIGC">([^<]*)<'),
    "mei": lambda c: _attribute(c.decode("utf-8", "replace"), r'<annot type="AIGC">([^<]*)<'),
    "mid": lambda c: _embedded(c, b"AIGC "),
    "zip": lambda c: _part(c, "label.aigc.json"),
    "wav": lambda c: _embedded(c[:8192], b"AIGC" + c[c.find(b"AIGC") + 4 : c.find(b"AIGC") + 8]),
    "mp3": _mp3,
    "ogg": lambda c: _embedded(c[:16384], b"AIGC "),
}
