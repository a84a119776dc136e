"""Read a brief's idea for what a plot needs: who, what they do, the thing it turns on, where.

A shallow parse, not a grammar: noun phrases are runs between function words; the first that names a person is the
hero, the verb after it the deed. What isn't found stays empty and is chosen elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from miaobi.craft.text.inflection import is_known_verb, past
from miaobi.craft.text.sentence import words
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import Tag, bases_of

_DETERMINERS = table("determiners.en")
_PREPOSITIONS = table("prepositions.en")
_CONJUNCTIONS = frozenset(
    {"who", "which", "that", "and", "or", "but", "when", "while", "where", "whose", "as", "if", "so"}
)
_STOPS = _DETERMINERS | _PREPOSITIONS | _CONJUNCTIONS | {"because", "then"}
_PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them", "it", "i", "we", "you", "who"})
_AFTER_NOUN = frozenset(
    {"told", "asleep", "alone", "left", "lent", "out", "north", "south", "east", "west", "home", "back"}
)
_PLACE_PREPOSITIONS = frozenset({"in", "on", "at", "near", "beneath", "under", "beside", "inside", "aboard", "across"})
_PERSON_ENDINGS = (
    "keeper",
    "maker",
    "man",
    "woman",
    "ist",
    "smith",
    "monger",
    "wright",
    "master",
    "teacher",
    "herd",
    "writer",
    "founder",
    "puppeteer",
)


@dataclass(frozen=True)
class Idea:
    """What was found; empty where nothing was."""

    role: str = ""  # "lighthouse keeper"
    name: str = ""  # given by the user
    deed: str = ""  # "found a message in a bottle": past tense, no subject
    act: str = ""  # the same as the brief has it: "finds a message in a bottle"
    thing: str = ""  # "message in a bottle": without its article
    place: str = ""  # "on the coast of Norway": with its preposition
    other: str = ""  # a second person: "daughter"
    keywords: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Return the thing's head noun: ``message``."""
        before = re.split(r"\b(?:of|in|on|from|with|that|which|for)\b", self.thing)[0].split()
        return before[-1] if before else ""


def is_person(phrase: str) -> bool:
    """Tell whether *phrase* names a kind of person, by its last word."""
    last = phrase.lower().split()[-1] if phrase.split() else ""
    singular = last.removesuffix("s")
    persons = table("persons.en")
    return last in persons or singular in persons or singular.endswith(_PERSON_ENDINGS)


def _is_verb(word: str, following: str) -> bool:
    low = word.lower()
    if low in _STOPS | _PRONOUNS or not low.isalpha():
        return False
    continues = following.lower() in _DETERMINERS | _PREPOSITIONS | _PRONOUNS or not following
    return (is_known_verb(low) and low != "rose") or (low.endswith("s") and not low.endswith("ss") and continues)


def read_idea(text: str) -> Idea:
    """Analyse an English idea such as “A lighthouse keeper finds a message in a bottle”."""
    sentence = re.split(r"(?<=[.!?;:])\s", text.strip())[0].rstrip(".!?;:")
    tokens = re.findall(r"[\w’'-]+|,", sentence)
    verb = _main_verb(tokens)
    subject = [t for t in tokens[:verb] if t != ","] if verb else []
    subject_phrase = _phrase(subject)
    keywords = tuple(dict.fromkeys(w.lower() for w in words(text) if w.lower() not in _STOPS and len(w) > 2))
    name = _name(tokens)
    who = re.split(r" (?:of|in|at|from) ", subject_phrase)[0]  # the last postman of the valley
    if verb is None or not (is_person(who) or name):
        return Idea(name=name, thing=subject_phrase or _phrase(tokens), place=_place(tokens), keywords=keywords)
    predicate = tokens[verb:]
    return Idea(
        role=_role(subject, subject_phrase, name),
        name=name,
        deed=_past_tense(predicate),
        act=" ".join(predicate).replace(" ,", ","),
        thing=_object(predicate[1:]),
        place=_place(predicate[1:]) or _place(subject),
        other=_other(predicate[1:]),
        keywords=keywords,
    )


def _role(subject: list[str], phrase: str, name: str) -> str:
    """Return the role: that of *Marta the piano tuner*, one of *two brothers*."""
    if name and name in phrase:
        after = _phrase(subject[subject.index(name) + 1 :]) if name in subject else ""
        return after.lower() if after and is_person(after) else ""
    words_of = phrase.lower().split()
    last = words_of[-1] if words_of else ""
    many = last.endswith("s") and last not in table("persons.en") and last.removesuffix("s") in table("persons.en")
    return " ".join([*words_of[:-1], last.removesuffix("s")]) if many else " ".join(words_of)


def _main_verb(tokens: list[str]) -> int | None:
    """Return where the deed's verb stands: the first verb outside a relative clause, else the clause's own."""
    found = [i for i, t in enumerate(tokens) if i and _is_verb(t, tokens[i + 1] if i + 1 < len(tokens) else "")]
    if (after := _verb_after_person(tokens)) and (not found or after < found[0]):
        found = [after, *found]
    if len(found) > 1 and tokens[found[0] - 1].lower() in {"who", "that", "which"}:
        return found[1]
    return found[0] if found else None


def _verb_after_person(tokens: list[str]) -> int | None:
    """Return where a verb stands right after a person, whatever follows it: *a nurse paints birds*."""
    for i in range(1, len(tokens)):
        before, low = tokens[i - 1].lower(), tokens[i].lower()
        if before in _STOPS or low in _STOPS | _PRONOUNS or not low.isalpha():
            if low in _CONJUNCTIONS | _PREPOSITIONS:
                return None
            continue
        tag: Tag = "base" if before.endswith("s") and is_person(before.removesuffix("s")) else "third"
        if is_person(before) and (bases_of(low, tag) or (tag == "third" and re.search(r"[^s]s$", low))):
            return i if not is_person(" ".join(tokens[i : i + 1])) else None
    return None


def _phrase(tokens: list[str]) -> str:
    """Return the first noun phrase of *tokens* without its determiners."""
    kept: list[str] = []
    for token in tokens:
        low = token.lower()
        if low in {"who", "which", "that", "and", ","} or (low in _PREPOSITIONS and low != "of"):
            break
        if kept or low not in _DETERMINERS:
            kept.append(token)
    return " ".join(kept)


def _name(tokens: list[str]) -> str:
    for i, token in enumerate(tokens):
        proper = token[:1].isupper() and token[1:].islower() and (i > 0 or not tokens[1:2] or tokens[1].islower())
        before = tokens[i - 1].lower() if i else ""
        if proper and token.lower() in table("names.en") and before not in _PLACE_PREPOSITIONS:
            return token
        if proper and i and before in {"named", "called"}:
            return token
    return ""


def _past_tense(predicate: list[str]) -> str:
    """Return the predicate with its verbs of the main clause in the past."""
    verb, rest = predicate[0], predicate[1:]
    out = [verb if verb.lower().endswith("ed") else past(verb)]
    for i, token in enumerate(rest):
        before = rest[i - 1].lower() if i else verb.lower()
        if token in {","}:
            out[-1] += token
        elif (
            (
                before in {"and", "who", "which", "that", "she", "he", "they", "it", "then"}
                and _is_verb(token, rest[i + 1] if i + 1 < len(rest) else "")
            )
            or (before == "and" and (bases_of(token.lower(), "base") or bases_of(token.lower(), "third")))
            or _begins_clause(rest, i)
            or (before in {"who", "which", "that"} and token.endswith("s") and bases_of(token.lower(), "third"))
        ):
            out.append(past(token))
        elif token.lower() in {"is", "are"}:
            out.append("was" if token.lower() == "is" else "were")
        elif token.lower() in {"has", "have"}:
            out.append("had")
        elif token.lower() in {"can", "will", "must"} and before not in _DETERMINERS:
            out.append(past(token))
        else:
            out.append(token)
    return " ".join(out)


def _begins_clause(rest: list[str], i: int) -> bool:
    """Tell whether the verb of a second clause stands at *i*: *sells the house and the piano starts to play*."""
    late = i >= 2 and rest[i - 2].lower() in _DETERMINERS and rest[i].lower().endswith("s")
    if not late or not bases_of(rest[i].lower(), "third"):
        return False
    joined = i >= 3 and rest[i - 3].lower() == "and"
    return joined or (i + 1 == len(rest) and rest[i].lower() in {"comes", "goes", "dies", "falls", "returns"})


def _object(tokens: list[str]) -> str:
    """Return the object of the deed with the phrases that belong to it: “message in a bottle”."""
    bare = _phrase(tokens)
    if bare == " ".join(tokens[: len(bare.split())]) and re.search(r"[^s]s$", bare) and tokens[0].lower() not in _STOPS:
        return bare  # a bare plural: “repairs radios in a city”
    start = next((i for i, t in enumerate(tokens) if t.lower() in _DETERMINERS), None)
    if start is None:
        return ""
    kept: list[str] = []
    for token in tokens[start:]:
        low = token.lower()
        if low in {"who", "which", "that", "and", "but", "when", "while", "where", ",", "before", "after", "so"}:
            break
        if low in _PREPOSITIONS - {"of", "in", "from", "for"} and kept:
            break
        if kept and (low in _AFTER_NOUN or (low in _DETERMINERS and kept[-1].lower() not in _PREPOSITIONS)):
            break
        if kept or low not in _DETERMINERS:
            kept.append(token)
    return " ".join(kept) if len(kept) <= 7 else _phrase(kept)


def _place(tokens: list[str]) -> str:
    for i, token in enumerate(tokens):
        if token.lower() in _PLACE_PREPOSITIONS:
            tail: list[str] = []
            for following in tokens[i:]:
                if tail and following.lower() in {"who", "that", "and", "but", ",", "when", "while"}:
                    break
                tail.append(following)
            phrase = " ".join(tail)
            if any(w.lower().removesuffix("s") in table("places.en") for w in tail):
                return phrase
    return ""


def _other(tokens: list[str]) -> str:
    low = [t.lower() for t in tokens]
    return next((w for w in low if w in table("persons.en")), "")
