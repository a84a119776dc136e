"""Person and tense of an English sentence by votes of its words: what a profile measures and a critique compares.

Only words that vote one way are counted: ``was``, ``walked`` after a subject, ``is``, ``walks`` after a subject. Forms
that are past and present alike (put, set, cut, read) have no vote. Quoted speech is to be masked before.
"""

from __future__ import annotations

import re
from typing import Literal

from miaobi.craft.text.inflection import base_form, past
from miaobi.craft.text.name import is_given
from miaobi.craft.text.table import table

Person = Literal["first", "second", "third", ""]
Tense = Literal["past", "present", ""]

FIRST = re.compile(r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves)\b(?!-)")
SECOND = re.compile(r"\b(?:you|your|yours|yourself|yourselves)\b", re.I)
THIRD = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs|themselves)\b", re.I)
IRREGULAR = dict(pair.split(":") for pair in table("irregular.en"))
ALIKE = frozenset(v for v, p in IRREGULAR.items() if p == v) | {"found", "felt", "lay", "left", "saw", "fell", "wound"}
PAST_FORMS = frozenset(p for p in IRREGULAR.values() if "_" not in p) - ALIKE | {"were", "had", "did"}
PRESENT_FORMS = frozenset({"is", "are", "am", "has", "does", "isn't", "aren't", "don't", "doesn't", "hasn't"})
SUBJECTS = frozenset({"he", "she", "it", "who", "i", "we", "they", "you"})
ADVERBS = frozenset({"never", "always", "just", "still", "only", "then", "also", "often", "soon", "now", "not", "once"})
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*")
_MODAL = frozenset({"to", "will", "would", "can", "could", "may", "might", "must", "should", "did", "didn't", "let"})


def person_of(narration: str) -> Person:
    """Return the person that narrates: first if it says I or we, else second, else third, "" if nobody shows."""
    if FIRST.search(narration):
        return "first"
    if SECOND.search(narration):
        return "second"
    return "third" if THIRD.search(narration) else ""


def tense_votes(narration: str) -> tuple[list[str], list[str]]:
    """Return the words that vote for the past and those that vote for the present."""
    tokens = [t.replace("’", "'") for t in _TOKEN.findall(narration)]
    past_words, present_words = [], []
    for i, token in enumerate(tokens):
        low = token.lower()
        subject = _subject_before(tokens, i)
        if low in PAST_FORMS or low in {"wasn't", "weren't", "didn't", "hadn't"}:
            past_words.append(token)
        elif low in PRESENT_FORMS or (low.endswith(("'m", "'re")) and low[:-2].rstrip("'") in SUBJECTS):
            present_words.append(token)
        elif subject and low.endswith("ed") and len(low) > 4:
            past_words.append(token)
        elif _present_after(subject, low):
            present_words.append(token)
    return past_words, present_words


def _subject_before(tokens: list[str], i: int) -> str:
    j = i - 1
    while j >= 0 and (tokens[j].lower() in ADVERBS or tokens[j].lower().endswith("ly")):
        j -= 1
    if j < 0:
        return ""
    low = tokens[j].lower()
    if j and tokens[j - 1].lower() in _MODAL:
        return ""
    if low in SUBJECTS:
        return low
    named = is_given(tokens[j])
    return "he" if named else ""


def _present_after(subject: str, low: str) -> bool:
    if subject in {"he", "she", "it"}:
        return _third_present(low)
    return subject in {"i", "we", "they"} and low in IRREGULAR and low not in ALIKE and past(low) != low


def _third_present(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "'s")) and len(low) > 3 and base_form(low) != low


def tense_of(narration: str) -> Tense:
    """Return the tense that the words vote for, "" for a tie or silence."""
    before, now = tense_votes(narration)
    if len(before) == len(now):
        return ""
    return "past" if len(before) > len(now) else "present"
