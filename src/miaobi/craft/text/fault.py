"""Faults of a sentence that a machine can find: person, tense, strangers, clichés, echoes. Each is named, so that the
record of a ranking says why a candidate was turned away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from miaobi.craft.text.sentence import ends, unquoted, words
from miaobi.craft.text.table import lines, table
from miaobi.types import Language

_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves|I'm|I've|I'd|I'll)\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_PRESENT = re.compile(r"\b(?:is|are|am|has|does|don't|doesn't|isn't|aren't|can|will|won't|may|says|goes|looks|walks)\b")
_MASCULINE = re.compile(r"\b(?:he|him|his|himself)\b", re.I)
_FEMININE = re.compile(r"\b(?:she|her|hers|herself)\b", re.I)
_MARKUP = re.compile(r"[*_#<>|{}\[\]\\=~^@`]|https?:|\.\.\.|--|[\d]")
_CLAUSE = re.compile(  # a small model loses the thread in a second clause
    r"(?:,| and| but| so| because| which| who| that| as if| while| when| until) (?:and |but |so )?"
    r"(?:he|she|it|they|there|the \w+|a \w+) (?:\w+ly )?(?:was|were|had|did|could|would|went|came|looked|\w+ed)\b"
)
_LIGHT = table("light.en")


@dataclass(frozen=True)
class Voice:
    """What a sentence must keep to."""

    language: Language = "en"
    names: frozenset[str] = frozenset()  # that may stand in it, each word of them
    pronouns: frozenset[str] = frozenset({"he", "she", "they"})  # persons present
    tense: str = "past"
    person: str = "third"
    known: frozenset[str] = field(default_factory=frozenset)  # content words of the story so far, lower case
    genders: dict[str, str] = field(default_factory=dict)  # name → pronoun


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
    """Return the worn phrases found in *text*, in the order of the list."""
    if language == "zh":
        return [phrase for phrase in lines("slop.zh") if phrase in text]
    found = {m.group() for m in _slop_pattern().finditer(text.lower())}
    return sorted(found)


@cache
def _slop_pattern() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(p) for p in lines("slop.en")) + r")\b")


def _strangers(text: str, names: Iterable[str]) -> list[str]:
    allowed = set(names)
    found = re.findall(r"(?<=[a-z,;] )([A-Z][a-zà-ÿ’']+)", text)
    return [w for w in found if w.split("'")[0].split("’")[0] not in allowed and w != "I"]


def narration_fault(text: str, voice: Voice) -> str:
    """Return the first fault of an English sentence of narration, or "" when it may stand."""
    plain = unquoted(text)
    checks = (
        ("unfinished", not ends(text, voice.language)),
        ("quotation", any(c in text for c in '"“”«»') or " '" in text),
        ("markup", bool(_MARKUP.search(text))),
        ("colon", ":" in text or ";" in text or "(" in text),
        ("first-person", voice.person == "third" and bool(_FIRST_PERSON.search(plain))),
        ("second-person", bool(_SECOND_PERSON.search(plain))),
        ("present-tense", voice.tense == "past" and bool(_PRESENT.search(plain))),
        ("question", "?" in text or "!" in text),
        ("he-without-him", "he" not in voice.pronouns and bool(_MASCULINE.search(plain))),
        ("she-without-her", "she" not in voice.pronouns and bool(_FEMININE.search(plain))),
        ("other-gender", _other_gender(text, voice)),
        ("stranger", bool(_strangers(text, voice.names))),
        ("slop", bool(slop_in(text, voice.language))),
        ("foreign-word", bool({w.lower() for w in words(text)} & (table("plain_off.en") - voice.known))),
        ("vague", bool({w.lower() for w in words(text)} & table(f"vague.{voice.language}"))),
        ("echo", _echoes(text)),
        ("second-clause", bool(_CLAUSE.search(text))),
        ("shouting", any(len(w) > 1 and w.isupper() for w in words(text))),
    )
    return next((name for name, found in checks if found), "")


def speech_fault(text: str, voice: Voice) -> str:
    """Return the first fault of something said, or ""."""
    checks = (
        ("empty", len(words(text)) < 2),
        ("tag", bool(re.search(r"\b(?:said|asked|replied)\b", text))),
        ("quotation", any(c in text for c in '"“”«»:;(') or bool(_MARKUP.search(text))),
        ("stranger", bool(_strangers(text, voice.names))),
        ("slop", bool(slop_in(text, voice.language))),
        ("foreign-word", bool({w.lower() for w in words(text)} & (table("plain_off.en") - voice.known))),
        ("echo", _echoes(text)),
    )
    return next((name for name, found in checks if found), "")


def _other_gender(text: str, voice: Voice) -> bool:
    """Tell whether a sentence about one person, named first or by pronoun, slips into the other gender."""
    first = text.split(maxsplit=1)[0].strip(",’'s") if text.split() else ""
    pronoun = voice.genders.get(first) or {"He": "he", "His": "he", "She": "she", "Her": "she"}.get(first, "")
    other = {"he": _FEMININE, "she": _MASCULINE}.get(pronoun)
    return bool(other and other.search(text))


def _echoes(text: str) -> bool:
    """Tell whether a content word comes twice in one sentence."""
    counted = Counter(stem(w) for w in content_words(text))
    return any(count > 1 for count in counted.values())
