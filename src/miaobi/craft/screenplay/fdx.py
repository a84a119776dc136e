"""FDX: Final Draft's XML. No schema is public; element names as Final Draft 8 and later write them.

Section, synopsis and note have no paragraph type of Final Draft: they are ``General`` paragraphs whose ``Fountain``
attribute says what they were, as is a second dialogue (``dual``). The label is a ``AIGC`` attribute of
the root, beside the notice on the title page.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from miaobi.craft.screenplay.script import KINDS, Element, Kind, Script, normal
from miaobi.errors import InputFileError
from miaobi.work import Imprint

_TYPES: dict[Kind, str] = {
    "scene": "Scene Heading",
    "action": "Action",
    "character": "Character",
    "parenthetical": "Parenthetical",
    "dialogue": "Dialogue",
    "transition": "Transition",
}
_KINDS: dict[str, Kind] = {name: kind for kind, name in _TYPES.items()}


def write(script: Script, imprint: Imprint) -> bytes:
    """Return the script as FDX."""
    script = normal(script)
    root = ET.Element("FinalDraft", DocumentType="Script", Template="No", Version="5")
    if imprint.aigc:
        root.set("AIGC", json.dumps(imprint.aigc, separators=(",", ":")))
    content = ET.SubElement(root, "Content")
    for e in script.elements:
        paragraph = ET.SubElement(content, "Paragraph", Type=_TYPES.get(e.kind, "General"))
        if e.kind not in _TYPES:
            paragraph.set("Fountain", f"{e.kind} {e.level}" if e.kind == "section" else e.kind)
        if e.kind == "centered":
            paragraph.set("Alignment", "Center")
        if e.number:
            paragraph.set("Number", e.number)
        if e.dual:
            paragraph.set("Fountain", "dual")
        ET.SubElement(paragraph, "Text").text = f"({e.text})" if e.kind == "parenthetical" else e.text
    page = ET.SubElement(ET.SubElement(root, "TitlePage"), "Content")
    for key, value in script.title_page:
        line = ET.SubElement(page, "Paragraph", Type="General", Alignment="Center", Fountain=key)
        ET.SubElement(line, "Text").text = value
    if imprint.notice:
        notice = ET.SubElement(page, "Paragraph", Type="General", Alignment="Center")
        ET.SubElement(notice, "Text").text = imprint.notice
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n' + written + b"\n"


def read(content: bytes) -> Script:
    """Return the script in an FDX file; InputFileError when it isn't one."""
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        raise InputFileError("The FDX file declares entities; none are taken.", "Save it anew from Final Draft.")
    try:
        root = ET.fromstring(content)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise InputFileError(f"This is not FDX: {error}.", "Export it as Final Draft (.fdx) again.") from None
    if root.tag != "FinalDraft":
        raise InputFileError(f"This is not FDX: its root is <{root.tag}>.", "A <FinalDraft> document is expected.")
    page = [(p.get("Fountain", ""), _text(p)) for p in root.findall("TitlePage/Content/Paragraph")]
    elements = [_element(p) for p in root.findall("Content/Paragraph")]
    return normal(Script(tuple(page), tuple(elements)))


def _text(paragraph: ET.Element) -> str:
    return "".join(text.text or "" for text in paragraph.findall("Text"))


def _element(paragraph: ET.Element) -> Element:
    said = paragraph.get("Fountain", "").split(" ")
    kind: Kind = _KINDS.get(paragraph.get("Type", ""), "action")
    if kind == "action":
        kind = next((k for k in KINDS if k == said[0]), "action")
    level = int(said[1]) if kind == "section" and len(said) > 1 and said[1].isdigit() else 1
    return Element(kind, _text(paragraph), paragraph.get("Number", ""), level, dual=said[0] == "dual")
