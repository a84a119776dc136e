"""Article: a news text as JSON-LD ``NewsArticle`` (schema.org), marked as made by a trained model (IPTC)."""

from __future__ import annotations

import datetime
import json

from miaobi.craft.document.document import Document, Paragraph, plain
from miaobi.craft.markup import one_line

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def write(document: Document, date: datetime.date | None = None, place: str = "") -> bytes:
    """Return the article as JSON-LD; ``date`` and ``place`` are the dateline and are left out when not given."""
    imprint = document.imprint
    body = "\n\n".join(one_line(plain(b.spans)) for b in document.blocks if isinstance(b, Paragraph))
    fields = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": f"urn:uuid:{imprint.identifier}",
        "headline": one_line(document.title),
        "alternativeHeadline": one_line(document.subtitle),
        "inLanguage": "zh-CN" if document.language == "zh" else "en",
        "datePublished": date.isoformat() if date else "",
        "dateline": one_line(place),
        "articleBody": body,
        "author": {"@type": "SoftwareApplication", "name": imprint.generator or imprint.creator},
        "digitalSourceType": SOURCE_TYPE,
        "creditText": imprint.notice,
        "AIGC": imprint.aigc,
    }
    return (json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False, indent=2) + "\n").encode()
