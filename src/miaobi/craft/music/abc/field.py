"""Fields of ABC: keys, metres, tempi, text."""

from __future__ import annotations

import html
import re
import unicodedata
from fractions import Fraction

from miaobi.craft.music.reading import NotationError
from miaobi.craft.music.score import EIGHTH, QUARTER, Clef, Key, Metre, Mode, Tempo
from miaobi.errors import show

_MODES: dict[str, Mode] = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor", "dor": "dorian",
    "phr": "phrygian", "lyd": "lydian", "mix": "mixolydian", "loc": "locrian",
}  # fmt: skip
_FIVE: dict[str, Mode] = {"gong": "gong", "shang": "shang", "jue": "jue", "zhi": "zhi", "yu": "yu"}
_CLEFS: dict[str, Clef] = {
    "treble": "treble", "bass": "bass", "alto": "alto", "treble-8": "tenor8", "perc": "percussion", "tenor": "tenor8",
    "none": "treble", "g": "treble", "f": "bass", "c3": "alto",
}  # fmt: skip
_KEY = re.compile(r"([A-G])([#b]?)\s*([A-Za-z]*)")
_MARKS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", '"': "\u0308", ",": "\u0327", "c": "\u0327"}
MOST_BEATS = 64


def text(value: str) -> str:
    """Return the text of a field with ABC's escapes read: ``\\'e``, ``&eacute;``, ``\\%``."""

    def plain(match: re.Match[str]) -> str:
        mark, letter = match[1], match[2]
        return unicodedata.normalize("NFC", letter + _MARKS[mark])

    parts = re.split(r"(\\[\\%&])", value)
    return "".join(
        part[1] if i % 2 else html.unescape(re.sub(r"\\(['`^~\",c])([A-Za-z])", plain, part))
        for i, part in enumerate(parts)
    ).strip()


def key(value: str, where: str) -> tuple[Key | None, dict[str, str]]:
    """Return the key that ``K:`` names (None: it only sets a clef) and its other settings."""
    comment = value.partition("%")[2].strip()
    value = value.partition("%")[0].strip()
    settings = dict(re.findall(r'(\w+)="?([^\s"]+)"?', value))
    words = [w for w in re.sub(r'\w+="?[^\s"]*"?', "", value).split() if w]
    if words and words[0].lower() in _CLEFS and len(words[0]) > 1 and words[0].lower() != "none":
        settings["clef"] = words[0].lower()
        words = words[1:]
    if not words:
        return None, settings
    first = " ".join(words)
    if first.lower() in ("none", "hp", "hp."):
        return (Key("D", "major") if first == "Hp" else Key()), settings
    match = _KEY.match(first)
    mode = match[3].lower() if match else "?"
    found = _MODES.get(mode if mode == "m" else mode[:3])
    if match is None or found is None:
        raise NotationError(f"{where}: {show(value)} is no key.", "Write K:G, K:Am, K:Ddor, K:F#m.")
    if "exp" in words:
        raise NotationError(f"{where}: keys with accidentals of their own (exp) aren't read.", "Name the nearest mode.")
    return Key(match[1] + match[2], _FIVE.get(comment, found)), settings


def metre(value: str, where: str) -> Metre | None:
    """Return the metre that ``M:`` names; None for ``none``."""
    value = value.partition("%")[0].strip()
    if value in ("", "none"):
        return None
    if value in ("C", "C|"):
        return Metre(4, 4, symbol="common") if value == "C" else Metre(2, 2, symbol="cut")
    match = re.fullmatch(r"\(?([\d+\s]+)\)?\s*/\s*(\d+)", value)
    groups = tuple(int(g) for g in match[1].split("+") if g.strip()) if match else ()
    unit = int(match[2]) if match and len(match[2]) < 4 else 0
    if not groups or unit not in (1, 2, 4, 8, 16, 32, 64) or not 0 < sum(groups) <= MOST_BEATS or 0 in groups:
        raise NotationError(
            f"{where}: {show(value)} is no metre.", f"Write M:3/4, M:C, M:6/8: 1–{MOST_BEATS} beats of 1, 2, 4 … 64."
        )
    return Metre(sum(groups), unit, groups if len(groups) > 1 else ())


def unit(value: str, where: str) -> Fraction:
    """Return the length that ``L:`` names."""
    match = re.fullmatch(r"1(?:/(\d{1,3}))?", value.partition("%")[0].strip())
    under = int(match[1] or 1) if match else 0
    if under not in (1, 2, 4, 8, 16, 32, 64, 128):
        raise NotationError(f"{where}: {show(value)} is no unit of length.", "Write L:1/8; 1, 1/2, 1/4 … 1/128.")
    return Fraction(1, under)


def usual_unit(one: Metre | None) -> Fraction:
    """Return the unit where a tune names none: a sixteenth in metres shorter than three quarters."""
    return Fraction(1, 16) if one is not None and one.length < Fraction(3, 4) else EIGHTH


def tempo(value: str, where: str) -> Tempo | None:
    """Return the tempo that ``Q:`` names; None where it has words only."""
    words = re.findall(r'"([^"]*)"', value)
    rest = re.sub(r'"[^"]*"', "", value.partition("%")[0]).strip()
    if not rest:
        return None
    match = re.fullmatch(r"(?:([\d/ ]+)=)?\s*(\d{1,4}(?:\.\d{1,3})?)", rest)
    beat, bpm = QUARTER, Fraction(match[2]) if match else Fraction(0)
    if match and match[1]:
        try:
            beat = sum((Fraction(part) for part in match[1].split()), Fraction(0))
        except (ValueError, ZeroDivisionError):
            bpm = Fraction(0)
    if not 5 <= bpm * beat * 4 <= 1000:
        raise NotationError(f"{where}: {show(value)} is no tempo.", "Write Q:1/4=96; 5 to 1,000 quarters a minute.")
    return Tempo(bpm, beat, text(words[0]) if words else "")


def clef(settings: dict[str, str]) -> Clef | None:
    """Return the clef among the settings of ``K:`` or ``V:``."""
    return _CLEFS.get(settings.get("clef", "").lower())
