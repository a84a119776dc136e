"""Text that every container can hold: which characters are kept, and how they are escaped.

Rule: a character that XML 1.0 (5th edition, production 2) forbids is dropped, as are the C1 controls, which HTML
forbids; line ends become ``\\n``. All writers clean with the same function, so no format keeps what another loses.
"""

from __future__ import annotations

import html
import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
CJK = re.compile(
    "[\u2e80-\u303f\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)


def legal(text: str) -> str:
    """Return *text* without the characters that no format can hold, with ``\\n`` line ends."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return *text* legal and on one line, for titles, captions and header fields."""
    return " ".join(legal(text).split())


def escape(text: str) -> str:
    """Return *text* legal and escaped for XML and HTML, element content and quoted attributes alike."""
    return html.escape(legal(text), quote=True)
