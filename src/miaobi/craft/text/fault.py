"""Faults of a sentence that a machine can find: person, tense, strangers, clichés, echoes. Each is named, so that the
record of a ranking says why a candidate was turned away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from miaobi.craft.text.sentence import ends, unquoted, words
from miaobi.craft.text.table import lines, table
from miaobi.types import Language

_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves|I'm|I've|I'd|I'll)\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_PRESENT = re.compile(r"\b(?:is|are|am|has|does|don't|doesn't|isn't|aren't|can|will|won't|may|says|goes|looks|walks)\b")
_MASCULINE = re.compile(r"\b(?:he|him|his|himself)\b", re.I)
_FEMININE = re.compile(r"\b(?:she|her|hers|herself)\b", re.I)
_PLURAL = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.I)
_MARKUP = re.compile(r"[*_#<>|{}\[\]\\=~^@`]|https?:|\.\.\.|--|[\d]")
_LIGHT = frozenset(
    "the a an and or but so of to in on at by for with from as it its he she him her his hers they them their was were had have "
    "been be not no that this there then than when while where which who what into out up down over under about after "
    "before again all any some one two did do could would should might must if like just only still even more most very "
    "too back through off away around between across against along near upon until because though although how why "
    "said says say went came got made took put looked look seemed now once each every other another own same such me my you your i we us our".split()
)


@dataclass(frozen=True)
class Voice:
    """What a sentence must keep to."""

    language: Language = "en"
    names: frozenset[str] = frozenset()  # that may stand in it, each word of them
    pronouns: frozenset[str] = frozenset({"he", "she", "they"})  # persons present
    tense: str = "past"
    person: str = "third"
    known: frozenset[str] = field(default_factory=frozenset)  # content words of the story so far, lower case


def content_words(text: str) -> list[str]:
    """Return the words of *text* that carry meaning, lower case."""
    return [w for w in (x.lower().replace("’", "'") for x in words(text)) if w not in _LIGHT and len(w) > 2]


def stem(word: str) -> str:
    """Return a crude stem, enough to see that ``lamps`` repeats ``lamp``."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def slop_in(text: str, language: Language) -> list[str]:
    """Return the worn phrases found in *text*."""
    low = text.lower()
    return [phrase for phrase in lines(f"slop.{language}") if phrase in low]


def _strangers(text: str, names: Iterable[str]) -> list[str]:
    allowed = set(names)
    found = re.findall(r"(?<=[a-z,;] )([A-Z][a-zà-ÿ’']+)", text)
    return [w for w in found if w.split("'")[0].split("’")[0] not in allowed and w != "I"]


def narration_fault(text: str, voice: Voice) -> str:
    """Return the first fault of an English sentence of narration, or "" when it may stand."""
    plain = unquoted(text)
    checks = (
        ("unfinished", not ends(text, voice.language)),
        ("quotation", any(c in text for c in "\"“”«»") or " '" in text),
        ("markup", bool(_MARKUP.search(text))),
        ("colon", ":" in text or ";" in text or "(" in text),
        ("first-person", voice.person == "third" and bool(_FIRST_PERSON.search(plain))),
        ("second-person", bool(_SECOND_PERSON.search(plain))),
        ("present-tense", voice.tense == "past" and bool(_PRESENT.search(plain))),
        ("question", "?" in text or "!" in text),
        ("he-without-him", "he" not in voice.pronouns and bool(_MASCULINE.search(plain))),
        ("she-without-her", "she" not in voice.pronouns and bool(_FEMININE.search(plain))),
        ("stranger", bool(_strangers(text, voice.names))),
        ("slop", bool(slop_in(text, voice.language))),
        ("foreign-word", bool({w.lower() for w in words(text)} & (table("plain_off.en") - voice.known))),
        ("vague", bool({w.lower() for w in words(text)} & table(f"vague.{voice.language}"))),
        ("echo", _echoes(text)),
        ("shouting", any(len(w) > 1 and w.isupper() for w in words(text))),
    )
    return next((name for name, found in checks if found), "")


def speech_fault(text: str, voice: Voice) -> str:
    """Return the first fault of something said, or ""."""
    checks = (
        ("empty", len(words(text)) < 2),
        ("quotation", any(c in text for c in "\"“”«»:;(") or bool(_MARKUP.search(text))),
        ("stranger", bool(_strangers(text, voice.names))),
        ("slop", bool(slop_in(text, voice.language))),
        ("foreign-word", bool({w.lower() for w in words(text)} & (table("plain_off.en") - voice.known))),
        ("echo", _echoes(text)),
    )
    return next((name for name, found in checks if found), "")


def _echoes(text: str) -> bool:
    """Tell whether a content word comes twice in one sentence."""
    counted = Counter(stem(w) for w in content_words(text))
    return any(count > 1 for count in counted.values())
