"""From the bytes of a file to its text: UTF-8, UTF-16 with a mark, or what the user says; anything else is explained.

A guess would be wrong silently: GB18030 reads almost any bytes as Chinese. So a file that isn't UTF-8 is refused, with
the encodings in which it would make sense, and whether only some of its lines are in another one.
"""

from __future__ import annotations

import codecs

from miaobi.errors import InputFileError, UnknownNameError, show

_CANDIDATES = ("gb18030", "big5", "cp1252", "shift_jis")


def decode(content: bytes, what: str, encoding: str = "") -> str:
    """Return the text of *content* with ``\\n`` line ends; *what* names it in errors. InputFileError if it is none."""
    text = _as(content, encoding, what) if encoding else _plain(content, what)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as(content: bytes, encoding: str, what: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise UnknownNameError(
            f"{show(encoding)} is no encoding that Python knows.", "For example: utf-8, gb18030, big5, cp1252."
        ) from None
    except UnicodeDecodeError as error:
        raise InputFileError(
            f"{what} is not {encoding}: byte {error.start + 1:,} is 0x{content[error.start]:02X}.",
            "Leave --encoding out to be told in which encodings it could be read.",
        ) from None


def _plain(content: bytes, what: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as(content, "utf-16", what)
    if b"\0" in content:
        raise InputFileError(f"{what} is binary: it has NUL bytes.", "Give texts: .txt, .md, .jsonl, .epub or .docx.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _explained(content, error, what) from None


def _explained(content: bytes, error: UnicodeDecodeError, what: str) -> InputFileError:
    lines = content.split(b"\n")
    bad = [i for i, line in enumerate(lines, 1) if not _reads(line, "utf-8")]
    good = [i for i, line in enumerate(lines, 1) if i not in set(bad) and not line.isascii()]
    could = [e for e in _CANDIDATES if all(_reads(lines[i - 1], e) for i in bad)]
    if good:
        return InputFileError(
            f"{what} mixes encodings: line {bad[0]:,} ({len(bad):,} lines in all) is not UTF-8, line {good[0]:,} is.",
            "Convert those lines"
            + (f", which could be {' or '.join(could)}," if could else "")
            + " to UTF-8 one by one; no single --encoding reads the file right.",
        )
    return InputFileError(
        f"{what} is not UTF-8: line {bad[0]:,}, byte {error.start + 1:,} is 0x{content[error.start]:02X}.",
        f"It could be {' or '.join(could)}: look which reads right and say so, for example --encoding {could[0]}."
        if could
        else "Convert it to UTF-8 first.",
    )


def _reads(line: bytes, encoding: str) -> bool:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return encoding == "utf-8" or not any(c < " " and c not in "\t\r\x0c" for c in text)
