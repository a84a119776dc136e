"""The words that verse is filled from: those of the worlds that an idea calls up, and of its mood."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from miaobi.craft.text.fault import stem
from miaobi.craft.text.table import table
from miaobi.craft.text.wordclass import word_class

ADJECTIVES = {"weather": "sky", "light": "sky", "creature": "alive"}  # for all else: "adj"
KINDS = ("place", "thing", "creature", "light", "weather", "many", "adj")
COMMON = "common"


@dataclass(frozen=True)
class Lexicon:
    """Words by kind; verbs in their base form."""

    by_kind: Mapping[str, tuple[str, ...]]

    def words(self, kind: str) -> tuple[str, ...]:
        """Return the words of a kind; KeyError if there is no such kind."""
        return self.by_kind[kind]

    def without(self, stems: Iterable[str]) -> Lexicon:
        """Return the lexicon without the words of these stems; a kind that would be left with none keeps its own."""
        gone = set(stems)
        kept = {k: tuple(w for w in words if stem(w) not in gone) or words for k, words in self.by_kind.items()}
        return Lexicon(kept)

    def with_words(self, kind: str, words: Sequence[str]) -> Lexicon:
        """Return the lexicon with further words of a kind, which come first."""
        return replace(self, by_kind={**self.by_kind, kind: tuple(dict.fromkeys([*words, *self.by_kind[kind]]))})


def lexicon_of(worlds: Sequence[str], mood: str = "") -> Lexicon:
    """Return the words of *worlds* (the nearest first), of what all share, and of a mood."""
    data = _data()
    by_kind: dict[str, tuple[str, ...]] = {}
    for kind in KINDS:
        lists = [data["world"][w][kind] for w in (*worlds, COMMON)]
        by_kind[kind] = tuple(dict.fromkeys(w for text in lists for w in text.split()))
    moody = tuple(data["mood"][mood]["adj"].split()) if mood else ()
    by_kind["adj"] = tuple(dict.fromkeys((*moody, *by_kind["adj"]))) if not mood else (*moody, *_own(worlds, moody))
    for kind, text in data["adjective"].items():
        by_kind[kind] = moody or tuple(text.split())
    still = set(data["still"]["many"].split())
    by_kind["count"] = by_kind["many"]
    by_kind["many"] = tuple(w for w in by_kind["many"] if w not in still)
    for kind, text in data["verb"].items():
        by_kind[kind] = tuple(text.split())
    return Lexicon(by_kind)


def _own(chosen: Sequence[str], but: Sequence[str]) -> tuple[str, ...]:
    """Return the adjectives of the worlds themselves: under a mood they give way to its own."""
    found = dict.fromkeys(w for name in chosen for w in _data()["world"][name]["adj"].split() if w not in but)
    return tuple(found)[: len(but)]


def worlds() -> dict[str, tuple[str, ...]]:
    """Return the worlds with the words of an idea that call them up."""
    return {name: tuple(w["cue"].split()) for name, w in _data()["world"].items() if name != COMMON}


def world_words(name: str) -> frozenset[str]:
    """Return all words of a world."""
    world = _data()["world"][name]
    return frozenset(w for kind in KINDS for w in world[kind].split())


def moods() -> tuple[str, ...]:
    """Return the moods that there are words for."""
    return tuple(_data()["mood"])


def third_person(verb: str) -> str:
    """Return the third person of a base form: *passes*, *cries*, *goes*; of a noun, the plural."""
    if re.search(r"(?:ss|sh|ch|x|zz|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("miaobi.craft") / "data" / "en" / "verse_lexicon.toml").read_text("utf-8"))


@cache
def is_noun(word: str) -> bool:
    """Tell whether a word that somebody asks for can be spoken of as a thing: *rust*, *varnish*; not *slowly*, *blue*.

    A name, a phrase, and what our lists have as another kind of word are not.
    """
    if not re.fullmatch("[a-z]{2,}", word):
        return False
    if any(word in world_words(name) or word in worlds()[name] for name in worlds()):
        return True
    other = table("adjectives.en") | table("prepositions.en") | table("determiners.en") | table("participles.en")
    verbs = (table("verbs.en") | table("verbs_story.en") | table("irregular.en")) - table("noun_verbs.en")
    small = word_class("adverb") | word_class("unstressed") | word_class("wavering")
    return word not in other | verbs | small and not word.endswith(("ly", "ing", "ed", "est", "ous", "ful"))
