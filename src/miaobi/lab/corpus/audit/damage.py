"""Damage that encodings leave in a text: characters lost, and characters read in the wrong encoding (mojibake)."""

from __future__ import annotations

import re
import unicodedata

# UTF-8 read as cp1252 or Latin-1: a lead byte's character, then those of continuation bytes
_CONTINUED = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_LATIN = re.compile(f"[\u00c2-\u00f4][{_CONTINUED}]{{1,3}}")
_GBK = re.compile("锟斤拷|烫烫烫|屯屯屯")  # U+FFFD twice in UTF-8 read as GBK; MSVC's fresh memory read as GBK
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_GAP = re.compile("[□■〓]")  # stands where an editor could not read or print a character


def damage(text: str) -> dict[str, int]:
    """Return what is broken in *text* and how often: names as in ``NAMES``."""
    found = {
        "replacement": text.count("\ufffd"),
        "mojibake": len(_GBK.findall(text)) + sum(map(_is_mojibake, _LATIN.findall(text))),
        "control": len(_CONTROL.findall(text)),
        "private": len(_PRIVATE.findall(text)),
        "gap": len(_GAP.findall(text)),
        "unassigned": sum(unicodedata.category(c) == "Cn" for c in set(text) if c > "\u0377"),
    }
    return {name: count for name, count in found.items() if count}


NAMES = {
    "replacement": "U+FFFD, where bytes could not be read",
    "mojibake": "text read in the wrong encoding",
    "control": "control characters",
    "private": "private-use characters",
    "gap": "signs for a lost character (□ ■ 〓)",
    "unassigned": "code points that Unicode does not know",
}
SPOILT = ("replacement", "mojibake")  # what makes a document worth leaving out


def _is_mojibake(piece: str) -> bool:
    for encoding in ("cp1252", "latin-1"):
        try:
            return len(piece.encode(encoding).decode("utf-8")) < len(piece)
        except UnicodeError:
            continue
    return False
