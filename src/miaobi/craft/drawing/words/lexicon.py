"""Closed classes of English words, and the forms of open ones, as the reading of phrases needs them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.words.act_words import act_forms, acts_table
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import Tag, readings

PART_THINGS = ("house", "tree", "fence", "wall")  # by a roof, a branch, a gate, which may be another thing's
TOGETHER = {tuple(s.split()) for s in ("arm in arm", "hand in hand", "side by side", "back to back", "nose to nose")}
AHEAD = {("in", "front"), ("in", "the", "lead")}  # with nothing after it
OWNERS = {"his": "he", "her": "she", "its": "it", "their": "they", "my": "i", "our": "we", "your": "you"}


@cache
def _classes() -> dict[str, frozenset[str]]:
    text = files("miaobi.craft").joinpath("data", "en", "phrase.toml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}


BE, HAVE, MODALS, AND, CLAUSE = (_classes()[name] for name in ("be", "have", "modal", "and", "clause"))
RELATIVE, SUBJECTS, OBJECTS, NOBODY = (_classes()[name] for name in ("relative", "subject", "object", "nobody"))
PARTICLES, TURNS, ADVERBS, MANY = (_classes()[name] for name in ("particle", "turn", "adverb", "many"))
SEES, OPEN, QUANTITIES = (_classes()[name] for name in ("sees", "open", "quantity"))
DEGREES = frozenset(["very", "quite", "rather", "most"])  # before an adjective
DETERMINERS = table("determiners.en") | _classes()["determiner"]


@cache
def prepositions() -> tuple[tuple[str, ...], ...]:
    """Return the prepositions, as words, the longest first."""
    told = {w for values in acts_table("preposition").values() for w in values}
    words = told | _classes()["preposition"] | {"out of", "as far as", "back to", "along with"}
    return tuple(sorted((tuple(w.split()) for w in words), key=len, reverse=True))


@cache
def thing_parts() -> dict[str, str]:
    """Return where on a thing each of its parts is."""
    return {word: how for how, words in acts_table("part").items() for word in words}


@cache
def body_parts() -> dict[str, str]:
    """Return which part of a body each word names."""
    return {form: part for part, words in acts_table("body").items() for w in words for form in (w, w + "s")}


@cache
def states() -> dict[str, str]:
    """Return the pose that each word for a state says."""
    return {word: pose for pose, words in acts_table("adjective").items() for word in words}


def verb_forms(word: str) -> list[tuple[str, Tag]]:
    """Return the verbs of which a word may be a form; those in -ed and -ing that no list has by their stem."""
    if word in closed():
        return []
    pairs = act_forms().get(word) or list(readings().get(word, ()))
    if not pairs and len(word) > 5 and word.endswith("ing"):
        return [(word[:-3], "ing")]
    if not pairs and len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        return [(word[:-2], "past")]
    return [(base, tag) for base, tag in pairs if base not in ("have", "do", "be")]


@cache
def plural_nouns() -> frozenset[str]:
    """Return plurals that are forms of verbs, too."""
    return frozenset(word + "s" for word in table("noun_verbs.en"))


@cache
def closed() -> frozenset[str]:
    """Return every word of a closed class."""
    words = BE | AND | CLAUSE | RELATIVE | SUBJECTS | OBJECTS | HAVE | MODALS | NOBODY | DETERMINERS | ADVERBS
    others = {w for parts in prepositions() for w in parts} | {"s", "t", "one", "ones"}
    return frozenset(words | OWNERS.keys() | others)


def plural(word: str) -> bool:
    """Tell whether an English noun is a plural, by its form."""
    listed = table("plurals.en")
    regular = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word in listed or (f"~{word}" not in listed and regular)
