"""Phrases as a line's constraint sees them: how they may be said, where they end."""

from __future__ import annotations

from functools import cache
from itertools import product

from miaobi.craft.prosody.english.dictionary import Pronunciation, pronunciations
from miaobi.craft.prosody.english.scansion import spoken_ways, words_in

Sound = tuple[str, ...]  # a rhyming part
_NOUNS = {"wind": "IH", "tear": "IH", "wound": "UW"}  # the vowel of nouns whose first entry is the verb's


@cache
def ways(phrase: str) -> tuple[str, ...]:
    """Return the patterns of stress in which *phrase* may be said, by the dictionary's own entries if it has them."""
    lists = []
    for word, _ in words_in(phrase):
        said = spoken_ways(word)
        listed = [s for s in said if s.pronunciation.source == "dictionary"] or said[:1]
        lists.append(tuple(dict.fromkeys(s.levels for s in listed)))
    return tuple(dict.fromkeys("".join(levels) for levels in product(*lists)))


@cache
def last_word(phrase: str) -> str:
    """Return the last word of *phrase* in lower case, "" where it has none."""
    found = words_in(phrase)
    return found[-1][0].lower() if found else ""


@cache
def said(word: str) -> Pronunciation:
    """Return the way to say *word* by which rhymes are planned: the first, or the noun's where that is another."""
    found = pronunciations(word)
    vowel = _NOUNS.get(word, "")
    return next((p for p in found if vowel and p.rhyming_part[0].startswith(vowel)), found[0])


@cache
def sound(word: str) -> Sound:
    """Return what *word* rhymes by."""
    return said(word).rhyming_part
