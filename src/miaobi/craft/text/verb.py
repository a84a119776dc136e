"""English verbs: their five forms, and which verb a form belongs to.

Only verbs of the lists are known (``irregular*``, ``verbs*`` in ``data``); spelling by Quirk et al. 1985, 3.5–3.10:
final consonants double after one stressed vowel, -y turns to -i, British -ll- (both spellings are read).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from miaobi.craft.text.table import table
from miaobi.craft.text.wordclass import word_class

Tag = Literal["base", "third", "past", "participle", "ing"]
_VOWELS = "aeiou"
_STRESSED_LAST = word_class("stressed_last")
_BRITISH = word_class("doubling_l")


@dataclass(frozen=True)
class Forms:
    """The forms of one verb."""

    base: str
    third: str
    past: str
    participle: str
    ing: str


@cache
def irregular() -> dict[str, str]:
    """Return base → past of irregular verbs."""
    found = dict(pair.split(":") for pair in sorted(table("irregular.en") | table("irregular_more.en")))
    return {base: past for base, past in found.items() if base not in {"must", "can", "will", "be"} and "_" not in past}


@cache
def verbs() -> dict[str, Forms]:
    """Return every known verb but ``be`` and the modals, by base form."""
    listed = table("verbs.en") | table("verbs_story.en") | table("noun_verbs.en")
    bases = set(irregular()) | {word for word in listed if word.isalpha()}
    return {base: conjugate(base) for base in sorted(bases - {"be", "must", "can", "will", "need"} | {"need"})}


@cache
def conjugate(base: str) -> Forms:
    """Return the forms of a verb, by rule where it isn't irregular."""
    participles = dict(pair.split(":") for pair in table("participles.en"))
    regular = _with_ed(base)
    past = irregular().get(base, regular)
    third = {"have": "has", "do": "does", "go": "goes", "be": "is", "undo": "undoes", "redo": "redoes"}.get(base)
    return Forms(base, third or third_person(base), past, participles.get(base, past), _with_ing(base))


def third_person(base: str) -> str:
    """Return the third person of a regular verb: ``watch`` → ``watches``."""
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "echo", "veto")) else "s")


def _doubles(base: str) -> bool:
    if base in _STRESSED_LAST or base in _BRITISH:
        return True
    one = len(re.findall(r"[aeiouy]+", base.replace("qu", "q"))) == 1
    closed = len(base) > 2 and base[-1] not in "aeiouwxyh" and base[-2] in "aeiouy"
    return one and closed and base.replace("qu", "q")[-3:-2] not in "aeiou"


def _with_ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return base + (base[-1] if _doubles(base) else "") + "ed"


def _with_ing(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if (base.endswith("e") and not base.endswith(("ee", "oe", "ye", "nge"))) or base in {"change", "challenge"}:
        return base[:-1] + "ing"
    return base + (base[-1] if _doubles(base) else "") + "ing"


@cache
def readings() -> dict[str, tuple[tuple[str, Tag], ...]]:
    """Return form → (base, tag) of every verb that has it: ``felt`` → feel, past and participle."""
    found: dict[str, list[tuple[str, Tag]]] = {}
    for base, f in verbs().items():
        pairs: list[tuple[str, Tag]] = [
            (base, "base"),
            (f.third, "third"),
            (f.past, "past"),
            (f.participle, "participle"),
            (f.ing, "ing"),
        ]
        if base in _BRITISH:
            pairs += [(base + "ed", "past"), (base + "ed", "participle"), (base + "ing", "ing")]
        for form, tag in pairs:
            found.setdefault(form, []).append((base, tag))
    return {form: tuple(pairs) for form, pairs in found.items()}


def bases_of(form: str, tag: Tag) -> list[str]:
    """Return the verbs of which *form* is this form; the likelier first where two share it."""
    found = [base for base, t in readings().get(form, ()) if t == tag]
    return sorted(found, key=lambda base: (base not in _LIKELY, base))


_LIKELY = word_class("likelier")
