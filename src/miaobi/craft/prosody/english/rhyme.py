"""Rhyme: when two English words rhyme, and what a rhyme scheme asks.

A perfect rhyme shares the last stressed vowel and all after it, and differs in the consonants before it; so a word
never rhymes with itself, nor *sea* with *see* (rime riche). A slant rhyme shares the last consonants after another
vowel, or the vowel before other consonants, or an end that only one of the two stresses (*sea* and *quietly*).
"""

from __future__ import annotations

from typing import Literal

from miaobi.craft.prosody.english.dictionary import Pronunciation, pronunciations

Closeness = Literal["perfect", "slant"]


def rhyme(first: str, second: str, closeness: Closeness = "perfect") -> tuple[Pronunciation, Pronunciation] | None:
    """Return the pronunciations by which two words rhyme, or None when they don't."""
    if first.lower() == second.lower():
        return None
    pairs = [(a, b) for a in pronunciations(first) for b in pronunciations(second)]
    for a, b in pairs:
        if a.rhyming_part == b.rhyming_part and a.onset != b.onset:
            return a, b
    if closeness == "slant":
        return next(((a, b) for a, b in pairs if _slant(a, b)), None)
    return None


def _slant(a: Pronunciation, b: Pronunciation) -> bool:
    """Tell whether two words share the consonants or the vowels of their rhyme, or all of the last syllable's."""
    if a.ending == b.ending and len(a.rhyming_part) != len(b.rhyming_part) and a.phones != b.phones:
        return True
    one, other = a.rhyming_part, b.rhyming_part
    if len(one) != len(other) or len(one) < 2 or a.phones == b.phones:
        return False
    vowel = one[0] == other[0]
    rest = one[1:] == other[1:]
    return vowel != rest


def partners(scheme: str) -> list[list[int]]:
    """Return for each letter of a scheme such as ``ABAB`` the lines that rhyme, from 0; ``x`` rhymes with nothing."""
    letters = [c for c in dict.fromkeys(scheme) if c != "x"]
    return [[i for i, c in enumerate(scheme) if c == letter] for letter in letters]
