"""The subject of an English clause, read from the words before its verb: its person, its number and its head.

Shallow: a noun phrase ends at its first preposition, its head is the word before; "and" between noun phrases makes a
plural; a relative clause takes its antecedent's number; a verb without words before it takes the last verb's subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from miaobi.craft.text.name import is_given
from miaobi.craft.text.table import table
from miaobi.craft.text.token import Token
from miaobi.craft.text.wordclass import word_class

PRONOUNS = {"i": (1, False), "we": (1, True), "you": (2, True), "they": (3, True)} | dict.fromkeys(
    word_class("singular_pronoun"), (3, False)
)
DETERMINERS = word_class("determiner")
PREPOSITIONS = word_class("preposition")
ADVERBS = word_class("adverb")
_PLURAL_HEADS = word_class("plural_head")


@dataclass(frozen=True)
class Subject:
    """Who does it. ``head`` is the place of the head word in the sentence, −1 when it was taken over or isn't there."""

    person: int
    plural: bool
    head: int = -1

    @property
    def third_singular(self) -> bool:
        """Tell whether a present verb takes its -s."""
        return self.person == 3 and not self.plural


def is_adverb(low: str) -> bool:
    """Tell whether a word may stand between a subject and its verb."""
    return low in ADVERBS or (low.endswith("ly") and low not in table("not_adverbs.en"))


@cache
def _number_words() -> tuple[frozenset[str], frozenset[str]]:
    words = table("plurals.en")
    return frozenset(w for w in words if w[0] != "~"), frozenset(w[1:] for w in words if w[0] == "~")


def is_plural(token: Token, determiner: str = "", first: bool = False) -> bool:
    """Tell whether a noun is a plural; the capital of the first word of a sentence makes no name."""
    plural, singular = _number_words()
    if determiner in word_class("plural_determiner"):
        return True
    if determiner in word_class("singular_determiner"):
        return False
    if token.low in plural:
        return True
    proper = token.text[:1].isupper() and not determiner and (not first or is_given(token.text))
    ends = token.low.endswith("s") and not token.low.endswith(("ss", "us", "is", "'s"))
    return ends and not proper and token.low not in singular


def noun_phrase(tokens: Sequence[Token], start: int, end: int) -> Subject | None:
    """Return the subject that ``tokens[start:end]`` are, or None when no noun phrase is there to be one."""
    later = next((k for k in range(start, end) if tokens[k].low in word_class("later")), start - 1)
    start = later + 1  # "five minutes later a boy": the time is no part of it
    if end - start > 3 and tokens[start].low == tokens[start + 2].low and tokens[start + 1].low in {"by", "after"}:
        start += 3  # "one by one the folds"
    while start < end and (is_adverb(tokens[start].low) or tokens[start].kind != "word"):
        start += 1
    while end > start and (is_adverb(tokens[end - 1].low) or tokens[end - 1].kind != "word"):
        end -= 1
    if start >= end:
        return None
    if tokens[start].low in PREPOSITIONS:
        start = _after_fronted(tokens, start, end)
        if start >= end:
            return None
    last = tokens[end - 1].low
    if last in PRONOUNS:
        return Subject(*PRONOUNS[last], end - 1)
    head = end - 1
    for k in range(start + 1, end):
        if tokens[k].low in PREPOSITIONS:
            head = k - 1
            break
    first = tokens[start].low
    if tokens[head].low in PRONOUNS:
        return Subject(*PRONOUNS[tokens[head].low], head)
    if tokens[head].low in _PLURAL_HEADS:
        return Subject(3, True, head)
    return Subject(3, is_plural(tokens[head], first if first in DETERMINERS and head > start else "", head == 0), head)


def _after_fronted(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the noun phrase after a fronted "in the morning" begins, *end* when there is none."""
    for k in range(start + 2, end):
        low, before = tokens[k].low, tokens[k - 1].low
        begins = (
            low in DETERMINERS
            or low in PRONOUNS
            or (tokens[k].text[:1].isupper() and not tokens[k - 1].text[:1].isupper())
        )
        if begins and before not in PREPOSITIONS and before not in DETERMINERS:
            return k
    return end
