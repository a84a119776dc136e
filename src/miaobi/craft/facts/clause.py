"""The shape of a given English phrase, so that a template can take it in without breaking the grammar.

A shallow reading by closed lists: a word is a verb where one may stand (not after a determiner or preposition) and is a
form of a verb we know. What isn't recognised is a noun phrase, which every template can hold.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from miaobi.craft.text.inflection import past
from miaobi.craft.text.table import lines, table

Shape = Literal["infinitive", "that", "verb", "clause", "noun"]
_FINITE = table("finite.en")
_SUBJECTS = frozenset({"i", "we", "you", "he", "she", "they", "it", "there"})
_OBJECTS = frozenset({"me", "us", "you", "him", "them"})
_PLURAL_WORDS = frozenset({"people", "police", "men", "women", "children", "staff", "we", "they", "you"})
_CLOSED = table("determiners.en") | table("prepositions.en")


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """Return every form of the verbs we know: form → (base, "base" | "present" | "past")."""
    irregular = [pair.split(":")[0] for line in lines("irregular.en") for pair in line.split()]
    known: dict[str, tuple[str, str]] = {}
    for base in [*sorted(table("verbs.en")), *irregular]:
        if base in {"be", "can", "will", "must"}:
            continue
        known.setdefault(past(base), (base, "past"))
        known[present(base)] = (base, "present")
        known[base] = (base, "base")
    return known


def present(base: str) -> str:
    """Return the third person singular: ``carry`` → ``carries``."""
    if base in {"have", "do", "go"}:
        return {"have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _words(text: str) -> list[str]:
    return [w.lower().replace("’", "'") for w in re.findall(r"[\w’'-]+", text)]


def is_verb(word: str) -> bool:
    """Tell whether *word* is a form of a verb we know, or an auxiliary."""
    low = word.lower().replace("’", "'")
    return low in _forms() or low in _FINITE


def shape(text: str) -> Shape:
    """Return how *text* can be taken into a sentence."""
    found = _words(text)
    if not found:
        return "noun"
    if found[0] == "to" and len(found) > 1 and found[1] in _forms():
        return "infinitive"
    if found[0] == "that" and shape(text.strip()[4:]) == "clause":
        return "that"
    if found[0] in _SUBJECTS or (found[0] in _FINITE and "'" in found[0] and found[0][0] in "itwy"):
        return "clause"
    if is_verb(found[0]):
        return "verb"
    for before, word, after in zip(found, found[1:], [*found[2:], ""], strict=False):
        if word in _FINITE and before not in {"to"}:
            return "clause"
        if re.fullmatch(r"\w{2,}[^s]s|\w+ed", word) and after in _OBJECTS:
            return "clause"
        if before in _CLOSED or before in {"to", "that", "which", "who", "and"}:
            continue
        form = _forms().get(word, ("", ""))[1] or ("past" if re.fullmatch(r"\w{3,}ed", word) else "")
        if form == "past" and after == "by":  # a participle: “a pipe cracked by frost”
            continue
        if form == "past" or (form == "present" and not is_plural(before)) or (form == "base" and is_plural(before)):
            return "clause"
    return "noun"


def is_plural(phrase: str) -> bool:
    """Tell whether a noun phrase takes a plural verb."""
    head = re.split(r"\s(?:of|from|in|at|on|for|with|who|that)\s", f" {phrase.strip()} ")[0].strip().lower()
    last = head.split()[-1] if head.split() else ""
    return " and " in head or last in _PLURAL_WORDS or (last.endswith("s") and not last.endswith(("ss", "us", "is")))


def headline_tense(predicate: str, subject: str) -> str:
    """Return *predicate* as headlines have it: ``left`` → ``leaves``, ``will go`` → ``to go``."""
    first, _, rest = predicate.partition(" ")
    low = first.lower()
    if low == "will" and rest:
        return f"to {rest}"
    if low in {"was", "were", "is", "are"} and re.match(r"\w+(?:ed|en|ut|ilt|ound|ade)\b", rest):
        return rest
    base, form = _forms().get(low, ("", ""))
    if form == "past":
        return f"{base if is_plural(subject) else present(base)} {rest}".strip()
    return predicate


def lower_first(text: str) -> str:
    """Return *text* with a small first letter where it begins with a word that isn't a name, and not with *I*."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    low = first.lower()
    common = low in _CLOSED or low in _SUBJECTS - {"i"} or is_verb(first) or low in {"my", "there", "please", "because"}
    return text[:1].lower() + text[1:] if common and not first.isupper() else text
