"""Label: every file says that it is machine-made, to people and to machines, and is read back after writing.

The notice has the two elements of GB 45438-2025 section 5 (人工智能 or AI; 生成 or generated). The machine-readable
part is the seven keys of its Annex E, placed where TC260-PG-20258A says for text: a property ``AIGC`` in
docProps/custom.xml of docx, ``/AIGC`` in the Info dictionary of PDF, a map in the front matter of Markdown. The guide
is silent on HTML and EPUB (a ``meta`` named AIGC), mail (the header field ``X-AIGC``), JSON-LD and FDX; plain text
and Fountain have no field, so a sidecar ``<name>.aigc.json`` goes with them.
"""

from __future__ import annotations

import json
import re

from miaobi.types import Language
from miaobi.work import Imprint

KEYS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
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


def sidecar(imprint: Imprint) -> bytes:
    """Return the label as a file of its own, in the outer form of Annex E; named ``<name>.aigc.json``."""
    return (json.dumps({"AIGC": imprint.aigc}, ensure_ascii=True, indent=2) + "\n").encode()
