"""English inflection that templates need: pronouns, articles, past tense.

Rules of Quirk et al. 1985, 3.2–3.20, with a table of irregular verbs; a verb that isn't known is inflected by rule.
"""

from __future__ import annotations

import re
from typing import Literal

from miaobi.craft.text.table import table

Pronoun = Literal["he", "she", "they"]

# subject, object, determiner, possessive, reflexive
PRONOUNS: dict[Pronoun, tuple[str, str, str, str, str]] = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "they": ("they", "them", "their", "theirs", "themself"),
}

_IRREGULAR = dict(pair.split(":") for pair in table("irregular.en"))
_THIRD = {"goes": "go", "does": "do", "has": "have", "is": "be", "are": "be"}
_VOWELS = "aeiou"


def base_form(verb: str) -> str:
    """Return the base of a third-person present: ``finds`` → ``find``; other words come back as they are."""
    low = verb.lower()
    if low in _THIRD:
        return _THIRD[low]
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


def past(verb: str) -> str:
    """Return the simple past of a base or third-person present: ``carries`` → ``carried``."""
    base = base_form(verb)
    if base in _IRREGULAR:
        return _IRREGULAR[base].replace("_", " ")
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    syllables = len(re.findall(r"[aeiouy]+", base))
    doubled = len(base) > 2 and base[-1] not in "aeiouwxyh" and base[-2] in _VOWELS and base[-3] not in _VOWELS
    if doubled and (syllables == 1 or base in {"admit", "commit", "permit", "refer", "prefer", "regret", "occur"}):
        return base + base[-1] + "ed"
    return base + "ed"


def is_known_verb(word: str) -> bool:
    """Tell whether the base of *word* is in the table of irregular verbs."""
    return base_form(word) in _IRREGULAR


def article(noun: str) -> str:
    """Return *noun* with its indefinite article: ``an hour``, ``a unicorn``."""
    low = noun.lower()
    silent = ("hour", "honest", "heir", "honour", "honor")
    yod = ("uni", "use", "eu", "one", "ewe", "uran")
    vowel = low.startswith(silent) or (low[:1] in _VOWELS and not low.startswith(yod))
    return f"{'an' if vowel else 'a'} {noun}"
