"""Undrawn: what an idea names and no generator of ours draws, so that it can be told rather than passed over.

A noun counts that a determiner introduces (*a unicorn*, *her old radio*), or any word of ``data/undrawn.toml``, which
also says what is nearest in kind. Chinese has no determiners: there only words of the table are known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.pigment import called, colour_words
from miaobi.craft.drawing.subjects.people import PEOPLE, kind_called
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.act_words import act_forms, acts_table, gesture_of
from miaobi.craft.drawing.words.colour_reading import part_words
from miaobi.craft.drawing.words.mention import names_thing, sayings
from miaobi.craft.drawing.words.reading import read_wish, words_of
from miaobi.craft.text.inflection import is_known_verb
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import bases_of
from miaobi.types import Language

NONE = "none"  # the table's name for no subject
_TABLES = ("hour", "weather", "season", "place", "ground", "room", "mood")
_JOINS = frozenset(
    ["and", "or", "but", "who", "that", "which", "above", "below", "off", "down", "up", "out", "away", "home", "alone"]
    + ["while", "when", "as", "because", "if", "until", "since", "then", "so", "than", "round", "where", "whose"]
    + ["it", "he", "she", "they", "we", "you", "i", "is", "are", "was", "were", "be", "has", "have", "had", "not"]
)
_WITH_DOORS = ("house", "church", "castle", "hall", "temple", "lighthouse", "windmill", "village")
_DOORS = frozenset(["窗户", "窗子", "木窗", "窗棂", "窗帘", "大门", "木门", "房门", "铁门"])
_OF_BODIES = frozenset(  # parts that whoever has them is drawn with
    ["hair", "face", "eye", "eyes", "ear", "ears", "nose", "cheek", "cheeks", "tail", "tails", "fur", "wing", "wings"]
    + ["leg", "legs", "knee", "tongue", "beard", "chest", "belly", "tooth", "finger", "forehead", "feather", "feathers"]
)
_NOT_SEEN = frozenset(  # nouns that name nothing to draw
    [
        "way",
        "time",
        "day",
        "days",
        "year",
        "years",
        "hour",
        "week",
        "world",
        "life",
        "death",
        "love",
        "end",
        "beginning",
        "name",
        "smell",
        "sound",
        "song",
        "story",
        "voice",
        "dream",
        "moment",
        "memory",
        "memories",
        "morning",
        "evening",
        "side",
        "middle",
        "edge",
        "top",
        "bottom",
        "part",
        "kind",
        "sort",
        "pair",
        "lot",
        "bit",
        "home",
        "family",
        "friend",
        "friends",
        "silence",
        "light",
        "lights",
        "shadow",
        "wind",
        "air",
        "dark",
        "darkness",
        "cold",
        "heat",
        "colour",
        "colours",
        "picture",
        "painting",
        "portrait",
        "scene",
        "one",
        "ones",
        "other",
        "others",
        "first",
        "last",
        "ahead",
        "goodbye",
        "farewell",
    ]
)


@cache
def _near() -> dict[str, str]:
    """Return the nearest subject of each word of the table, ``NONE`` where none is near."""
    text = files("miaobi.craft").joinpath("data", "undrawn.toml").read_text(encoding="utf-8")
    return {word: subject for subject, words in tomllib.loads(text).items() for word in words.split()}


@cache
def _known() -> frozenset[str]:
    """Return every English word that a picture answers to: subjects, hours, weathers, seasons, grounds, moods."""
    words = {w for s in subjects().values() for w in (s.id, *s.words)}
    words |= {w for name in _TABLES for values in words_of(name).values() for w in values if w.isascii()}
    words |= {form for form, verbs in act_forms().items() if any(gesture_of(base) for base, _ in verbs)}
    return frozenset(words | {part for w in words for part in w.split()})


@cache
def _not_things() -> frozenset[str]:
    """Return the words that say where somebody is, and of which part of a body or of a thing."""
    tables = [acts_table(name).values() for name in ("preposition", "body", "part")]
    words = {part for values in tables for row in values for word in row for part in word.split()}
    return frozenset(words | _OF_BODIES | table("prepositions.en"))


def undrawn(idea: str, language: Language) -> dict[str, tuple[str, ...]]:
    """Return the words of *idea* that name what can't be drawn, each with the subjects nearest to it, nearest first."""
    told = _told(idea)
    found = {word: near for word, near in _named_in_table(idea).items() if word not in told}
    if language == "en":
        for noun in _nouns(idea):
            single = noun.removesuffix("s") if noun.removesuffix("es") not in _known() else noun.removesuffix("es")
            if not {noun, single} & (_known() | _not_things() | _NOT_SEEN | told | set(found)) and single not in found:
                found[noun] = _alike(noun)
    return {word: tuple(_shown(n, language) for n in near) for word, near in found.items()}


def _told(idea: str) -> frozenset[str]:
    """Return the words that only say a colour or the part that has it, or a part of what is drawn: a red coat is drawn,
    a coat isn't; with a violin its bow is."""
    wish = read_wish(idea)
    colours = wish.colours
    spoken = {
        word for word in colour_words() if any(called(c, "en").endswith(colour_words()[word]) for *_, c in colours)
    }
    if any(subjects()[name].generator == "musical" for name, _ in wish.subjects):
        spoken |= {"bow", "string", "strings"}
    if "interior" in wish.grounds or any(subjects()[name].generator in _WITH_DOORS for name, _ in wish.subjects):
        spoken |= _DOORS
    if any(PEOPLE[kind_called(said, name, 0)].trim in ("apron", "leather") for name, said in wish.called):
        spoken |= {"apron", "aprons"}
    return frozenset(spoken).union(*(part_words(part) for _, part, _ in colours))


def _named_in_table(idea: str) -> dict[str, tuple[str, ...]]:
    low = _chinese_words().sub(lambda m: m[0] if m[0] in _near() else "·" * len(m[0]), idea.lower())
    hits = []
    for word, near in _near().items():
        ends = rf"\b{re.escape(word)}(?:e?s)?\b" if word.isascii() else rf"{re.escape(word)}(?!似的|一?般|一样)"
        match = re.search(ends, low)
        if match and not {word} & _known() and names_thing(low, *match.span()):
            hits.append((match.start(), word, near))
    longest = [h for h in hits if not any(h[1] != o[1] and h[1] in o[1] for o in hits)]  # 蛙 within 青蛙
    return {word: () if near == NONE else (near,) for _, word, near in sorted(longest)}


@cache
def _chinese_words() -> re.Pattern[str]:
    """Return the Chinese words of two characters and more that are drawn, name nothing, or are in the table, so that
    the longest takes its place: 方向盘 before 盘."""
    drawn = (w for s in subjects().values() for w in s.chinese)
    words = {w for w in (*drawn, *sayings(), *_near()) if len(w) > 1 and not w.isascii()}
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))))


def _nouns(idea: str) -> list[str]:
    """Return the last word of each run of words that a determiner introduces."""
    ends: Collection[str] = table("determiners.en") | table("prepositions.en") | _JOINS
    out, run, open_, before, last = list[str](), "", False, "", ""
    for token in [*re.findall(r"[A-Za-z’'-]+|[,.;:!?]", idea.lower()), "."]:
        told = is_known_verb(token) or (run in _known() and bool(bases_of(token, "third")))  # a keeper *finds*
        if run and (bases_of(token, "past") or bases_of(token, "participle")):  # a dragon *coiled*
            continue
        stops = token in ends or not token[0].isalpha() or (open_ and bool(run) and told)
        if not stops:
            run, before, last = (token, last, token) if open_ else ("", "", token)
            continue
        if run and (run not in act_forms() or before in table("determiners.en")):  # an anchor; not *two clowns bow*
            out.append(run)
        last = token
        run, open_ = "", token in table("determiners.en")
    return [noun for noun in dict.fromkeys(out) if not is_known_verb(noun)]


def _alike(noun: str) -> tuple[str, ...]:
    """Return subjects whose names are spelt like *noun* but for one slip of the pen."""
    names = {w: s.id for s in subjects().values() for w in s.words}
    return tuple(dict.fromkeys(names[w] for w in names if _one_slip(noun, w)))[:2]


def _one_slip(said: str, meant: str) -> bool:
    """Tell whether two words of five letters or more differ by one that is missing, too many or wrong, or by two that
    changed places; the first is the same."""
    if min(len(said), len(meant)) < 5 or abs(len(said) - len(meant)) > 1 or said[0] != meant[0] or said == meant:
        return False
    same = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    a, b = said[same:], meant[same:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _shown(subject: str, language: Language) -> str:
    entry = subjects()[subject]
    return entry.chinese[0] if language == "zh" else entry.words[0]
