"""What a poem is about, read from the idea of its brief: its thing, who speaks, what they do, its worlds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from miaobi.craft.text.fault import content_words, stem
from miaobi.craft.text.idea import is_person, read_idea
from miaobi.craft.text.inflection import base_form
from miaobi.craft.text.sentence import words
from miaobi.craft.text.table import table
from miaobi.craft.text.wordclass import word_class
from miaobi.craft.verse.lexicon import world_words, worlds

_SMALL = frozenset({"a", "an", "the", "and", "of", "in", "on", "at", "to", "for", "by", "with", "from", "or", "nor"})
_THEIRS = re.compile(r"\b(?:his|her|their|its|himself|herself|themselves)\b")
_MANY = re.compile(r"(?:two|three|four|five|several|many|some)\b", re.I)
_ADVERBS = frozenset({"home", "away", "back", "again", "alone", "together", "tonight", "today"})
_ABSTRACT = ("ness", "tion", "hood", "ship", "ment", "ence", "ance", "ity", "ism", "ing")
_TIMES = frozenset(
    {"autumn", "winter", "spring", "summer", "midnight", "love", "grief", "sleep", "silence", "music", "work", "home"}
)
_WHO = ("fellow", "poet", "baker", "teacher", "farmer", "lady", "young man", "old man", "doctor", "painter")
_TOWN = re.compile(r"\b(?:in|from|of|near|at) (?P<town>[A-Z][a-z]+(?: [A-Z][a-z]+)*)\b")
_DEEDS = 8  # syllables of a deed are checked by the metre; words beyond this never fit


@dataclass(frozen=True)
class Theme:
    """What a poem is about. ``it``: the thing with its determiner; ``role`` and ``deed`` of the one who speaks."""

    idea: str
    it: tuple[str, ...]
    role: tuple[str, ...] = ()
    deed: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    named: tuple[str, ...] = field(default=())  # worlds whose words the idea itself holds, the nearest first
    town: tuple[str, ...] = ()  # “a baker in Leeds”

    @property
    def plain(self) -> dict[str, tuple[str, ...]]:
        """The phrases by name with plainer ones for those that some metres have no place for."""
        return self.names | {"who": _WHO, "noun": (self.it[0].split()[-1], "tale", "secret")}

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The phrases that frames ask for by name."""
        noun = self.it[0].split()[-1]
        given = {"it": self.it, "role": self.role, "deed": self.deed, "who": self.role or _WHO, "noun": (noun,)}
        given["town"] = self.town
        return {name: phrases for name, phrases in given.items() if phrases}


def read_theme(text: str) -> Theme:
    """Return the theme of an English idea, a clause (*a keeper finds a message*) or a phrase (*autumn in the city*)."""
    idea = read_idea(text)
    noun = _noun(idea.head or (idea.thing.split() or [""])[-1])
    role = "" if _MANY.match(text.strip()) or set(idea.role.split()) & table("determiners.en") else idea.role.lower()
    if role and not noun:
        noun = next((w for w in idea.keywords[::-1] if w not in role and w not in idea.act.split()[:1]), "")
    if noun in _ADVERBS and len(words(idea.thing)) > 1:
        noun = _noun(idea.thing.split()[-2])
    if noun in word_class("preposition") | _ADVERBS:
        noun = next((w for w in idea.keywords if w in _nouns()), "")
    town = _TOWN.search(text)
    if town and noun in town["town"].lower().split():
        noun = ""
    if re.search(rf"\bto {re.escape(noun)}\b", text, re.I) and noun not in _nouns():
        noun = ""  # a verb: *learns to swim*
    it = _called(text, noun) if noun else ("this life",)
    roles = tuple(dict.fromkeys(r for r in (role, role.split()[-1] if role else "") if r))
    return Theme(
        idea=" ".join(text.split()),
        it=it,
        role=roles,
        deed=_deed(idea.act) if role else (),
        titles=_titles(text, role, noun, it),
        named=_named(text),
        town=(town["town"],) if town else (),
    )


@cache
def _nouns() -> frozenset[str]:
    return frozenset(w for name in worlds() for w in (*world_words(name), *worlds()[name]))


def _noun(word: str) -> str:
    low = word.lower().strip("’'\"“”.,")
    return low if low.isalpha() else ""


def _called(text: str, noun: str) -> tuple[str, ...]:
    """Return how *noun* is spoken of: with *the* where it can be counted or was, bare where the idea has it bare."""
    before = re.search(rf"(\w+)(?:['’]s)?\s+(?:\w+\s+)?{re.escape(noun)}\b", text, re.I)
    determined = bool(before and before[1].lower() in table("determiners.en")) or "’s " in text or "'s " in text
    first = words(text)[0].lower() if words(text) else ""
    if noun.endswith(_ABSTRACT) and not determined:
        return (noun, f"this {noun}")
    if is_person(noun):
        return (f"my {noun}",)
    if noun in _TIMES:
        return (noun, f"this {noun}")
    if noun in _nouns() and noun not in _TIMES and not noun.endswith("s"):
        return (f"the {noun}", f"this {noun}")
    if first == noun and not noun.endswith("s") and not determined:
        return (noun, f"this {noun}")
    return (f"the {noun}", f"this {noun}") if not noun.endswith("s") or noun.endswith("ss") else (f"the {noun}",)


def _deed(act: str) -> tuple[str, ...]:
    """Return the deed as the speaker says it of themselves: *finds a message* → *find a message*."""
    if not act or _THEIRS.search(act) or re.search(r"\b(?:is|are|has|who|that|which)\b", act):
        return ()
    first, *rest = act.split()
    base = base_form(first)
    cuts = [i for i, w in enumerate(rest) if w.lower() in table("prepositions.en") and i]
    whole = [" ".join([base, *rest[:cut]]) for cut in (*cuts, len(rest))]
    return tuple(dict.fromkeys(d.lower() if d.islower() else d for d in whole if len(d.split()) <= _DEEDS))


def _titles(text: str, role: str, noun: str, it: tuple[str, ...]) -> tuple[str, ...]:
    whole = " ".join(text.split()).rstrip(".!?")
    if len(words(whole)) <= 4:
        return (title_case(whole),)
    found = []
    if role and noun:
        found += [f"The {role} and the {noun}", f"The {role}’s {noun}"]
    if role:
        found.append(f"The {role}")
    if noun:
        found.append(f"The {noun}" if role or it[0] != noun else noun)
    return tuple(map(title_case, found)) or (title_case(" ".join(words(whole)[:5])),)


def title_case(text: str) -> str:
    """Return *text* as a title: capitals but for small words inside."""
    parts = text.split()
    return " ".join(
        w if w.lower() in _SMALL and 0 < i < len(parts) - 1 else w[:1].upper() + w[1:] for i, w in enumerate(parts)
    )


def _named(text: str) -> tuple[str, ...]:
    said = {stem(w) for w in content_words(text)}
    counted: dict[str, float] = {}
    for name, cue in worlds().items():
        hits: float = len(said & {stem(w) for w in cue})
        hits += len(said & {stem(w) for w in world_words(name)}) / 2
        if hits:
            counted[name] = hits
    return tuple(sorted(counted, key=lambda name: (-counted[name], name)))
