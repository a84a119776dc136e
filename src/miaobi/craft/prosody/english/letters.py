"""Letter to sound: how an English word that no dictionary lists is probably said.

Longest match of letter groups from the left, after the common rules of English spelling (a silent final e makes the
vowel before it long; c is soft before e, i, y); stress falls by ending, else on the first syllable of two and on the
third from the end of more. Checked against the dictionary it hits the number of syllables far more often than the
phones: see ``tests/craft/prosody``. What comes of it is always marked as a guess.
"""

from __future__ import annotations

import re
import unicodedata

_GROUPS: dict[str, tuple[str, ...]] = {
    "tch": ("CH",), "dge": ("JH",), "igh": ("AY",), "eigh": ("EY",), "augh": ("AO",), "ough": ("AO",),
    "tion": ("SH", "AH", "N"), "sion": ("ZH", "AH", "N"), "cian": ("SH", "AH", "N"), "ture": ("CH", "ER"),
    "cious": ("SH", "AH", "S"), "tious": ("SH", "AH", "S"), "ious": ("IY", "AH", "S"), "ous": ("AH", "S"),
    "qu": ("K", "W"), "ch": ("CH",), "sh": ("SH",), "th": ("TH",), "ph": ("F",), "wh": ("W",), "ck": ("K",),
    "kn": ("N",), "wr": ("R",), "ng": ("NG",), "gh": ("G",), "sc": ("S", "K"),
    "ee": ("IY",), "ea": ("IY",), "ai": ("EY",), "ay": ("EY",), "oa": ("OW",), "oo": ("UW",), "ou": ("AW",),
    "ow": ("OW",), "oi": ("OY",), "oy": ("OY",), "au": ("AO",), "aw": ("AO",), "ew": ("UW",), "ie": ("IY",),
    "ei": ("EY",), "ey": ("IY",), "ue": ("UW",), "ui": ("UW",), "eau": ("OW",), "eu": ("UW",),
    "ar": ("AA", "R"), "er": ("ER",), "ir": ("ER",), "ur": ("ER",), "or": ("AO", "R"), "yr": ("ER",),
    "air": ("EH", "R"), "ear": ("IH", "R"), "eer": ("IH", "R"), "ore": ("AO", "R"), "are": ("EH", "R"),
    "ire": ("AY", "ER"), "ure": ("Y", "UH", "R"),
    "a": ("AE",), "e": ("EH",), "i": ("IH",), "o": ("AA",), "u": ("AH",), "y": ("IY",),
    "b": ("B",), "c": ("K",), "d": ("D",), "f": ("F",), "g": ("G",), "h": ("HH",), "j": ("JH",), "k": ("K",),
    "l": ("L",), "m": ("M",), "n": ("N",), "p": ("P",), "q": ("K",), "r": ("R",), "s": ("S",), "t": ("T",),
    "v": ("V",), "w": ("W",), "x": ("K", "S"), "z": ("Z",),
}  # fmt: skip
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_VOWELS = frozenset({"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"})
_LONGEST = max(map(len, _GROUPS))
_BEFORE_ENDING = re.compile(r"(?:tion|sion|cian|ic|ics|ity|ical|ious|eous|ia|ian|ial|graphy|logy)$")
_UNSTRESSED = re.compile(r"^(?:a|be|de|re|un|in|en|em|ex|pre|pro|con|com|dis|mis|for)(?=[bcdfghjklmnpqrstvwxyz])")


def spell_out(word: str) -> tuple[str, ...]:
    """Return the phones that the letters of *word* suggest, vowels with stress; a word without a vowel gets one."""
    letters = re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", word.lower()))
    phones = _sounds(letters)
    vowels = [i for i, p in enumerate(phones) if p in _VOWELS]
    if not vowels:
        return (*phones, "AH1")
    stressed = vowels[_stressed(letters, len(vowels))]
    return tuple(p + ("1" if i == stressed else "0") if p in _VOWELS else p for i, p in enumerate(phones))


def _sounds(letters: str) -> list[str]:
    phones: list[str] = []
    at = 0
    while at < len(letters):
        taken, sounds = _group(letters, at)
        if not (phones and len(sounds) == 1 and sounds[0] == phones[-1] and sounds[0] not in _VOWELS):
            phones += sounds
        at += taken
    return phones


def _group(letters: str, at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many letters are read at *at*, and as what."""
    here, rest = letters[at], letters[at:]
    if rest in {"e", "es"} and at >= 2 and re.search(r"[aeiouy]", letters[:at]):
        return len(rest), ("Z",) if rest == "es" else ()
    if rest == "ed" and at >= 2 and letters[at - 1] not in "td":
        return 2, ("D",)
    if rest == "led" and at >= 2 and letters[at - 1] not in "aeiouyl":
        return 3, ("AH", "L", "D")
    if rest == "le" and at >= 2 and letters[at - 1] not in "aeiouy":
        return 2, ("AH", "L")
    if re.match(r"[aeiouy][bcdfgjklmnpstvz]e(?:s|d)?$", rest) and not re.match(r".*[rwx]e", rest):
        return 1, (_LONG[here],)
    for size in range(min(_LONGEST, len(rest)), 0, -1):
        if (group := rest[:size]) in _GROUPS:
            if group == "c" and rest[1:2] in {"e", "i", "y"}:
                return 1, ("S",)
            if group == "g" and rest[1:2] in {"e", "i", "y"} and len(rest) > 2:
                return 1, ("JH",)
            if group == "y" and at == 0:
                return 1, ("Y",)
            return size, _GROUPS[group]
    return 1, ()


def _stressed(letters: str, syllables: int) -> int:
    """Return which syllable carries the stress, from 0."""
    if syllables == 1:
        return 0
    if _BEFORE_ENDING.search(letters):
        return max(0, syllables - (3 if letters.endswith(("ity", "ical", "graphy", "logy")) else 2))
    if syllables == 2:
        return 1 if _UNSTRESSED.match(letters) else 0
    return syllables - 3
