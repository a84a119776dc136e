"""Mentions: the subjects that words name, and where they stand among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.pigment import colour_words
from miaobi.craft.drawing.subject import Subject, subjects
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import readings

STRONG, SOFT = ".", ","  # marks between clauses, and within one
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "several": 3, "many": 5, "flock": 5, "herd": 5, "fleet": 5}
# A measure word is wanted, or 三月 were three moons.
_CHINESE_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "几": 3, "数": 3}
_MEASURED = re.compile(  # not 三月; 两头高大的老牛
    rf"(?<!第)([{''.join(_CHINESE_COUNTS)}])[只头匹峰条个位名棵株朵枝艘叶座尾羽对把盏颗间扇][^\s，。]{{0,4}}?$"
)
_CHINESE_MANY = re.compile(r"(?:一群|一队|一行|一排|成群的|许多|数不清的|好几[只头匹条个位棵朵艘])[^\s，。]{0,3}?$")
_PLURAL_BLOCK = frozenset(
    {"flock", "crowd", "couple", "village", "city", "grove", "conifers", "stones", "reeds", "grass"}
)
_TREES = ("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "blossom")
_ROOFED = (
    *("house", "church", "castle", "hall", "temple", "pavilion", "village", "city", "windmill", "lighthouse"),
    *("pagoda", "train", "car"),
)
_LEAFED = ("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "dead_tree", "bush", "blossom", "grove")
_PARTS = {  # what a part belongs to where nothing of these generators is named
    "house": (r"(?<= )(roof|rooftop|rooftops|chimney)(?= )|(屋顶|房顶|屋檐)", _ROOFED),
    "tree": (r"(?<= )(branch|bough|treetop)(?= )|(树枝|枝头|树梢)", _LEAFED),
}
_PLURALS = frozenset(["oxen", "mice", "children", "kids", "men", "women", "fishermen", "lambs", "wolves", "canoes"])
_WHO = frozenset({"i", "you", "he", "she", "it", "we", "they", "who", "that", "as"})
_STREETS = frozenset({"street", "road", "lane", "avenue", "square", "close", "inn"})  # Bridge Street


@dataclass(frozen=True)
class Mention:
    """A subject where the words *start* to *end* of an idea name it, and how many of it."""

    id: str
    start: int
    end: int
    count: int


@cache
def sayings() -> tuple[str, ...]:
    """Return sayings and compounds whose words name nothing to draw, as ``plain`` words without the outer spaces."""
    text = files("miaobi.craft").joinpath("data", "scene_idioms.txt").read_text(encoding="utf-8")
    return tuple(plain(line).strip() for line in text.splitlines() if line and not line.startswith("#"))


def plain(idea: str) -> str:
    """Return the words of *idea* in small letters, between spaces, one before the first and one after the last."""
    return " " + re.sub(r"[^\w\u4e00-\u9fff]+", " ", idea.lower().replace("-", " ")) + " "


def mentions(low: str, people: Mapping[str, str] | None = None) -> tuple[Mention, ...]:
    """Return the subjects that the ``plain`` words of an idea name, in their order, as often as they are named; the
    longest word takes its place first (*plum blossom* before *plum*). *people*: subjects by name."""
    entries: list[tuple[str, Subject | None]] = [(w, s) for s in subjects().values() for w in (*s.words, *s.chinese)]
    names = {name: subjects()[id] for name, id in (people or {}).items()}
    entries = [(w, s) for w, s in entries if w not in names] + list(names.items())
    entries += [(saying, None) for saying in sayings() if not saying.isascii()]
    entries.sort(key=lambda e: -len(e[0]))
    taken = [False] * len(low)
    found: list[Mention] = []
    for word, subject in (e for e in entries if e[0] and e[0] in low):
        pattern = rf" {re.escape(word)}(?:e?s)? " if word.isascii() else re.escape(word)
        if subject is not None and subject.generator in _TREES and not word.isascii():
            pattern += "树?"  # 银杏树
        for match in re.finditer(pattern, low):
            start, end = match.start() + word.isascii(), match.end() - word.isascii()
            if any(taken[start:end]) or not (low[start:end] in names or names_thing(low, start, end)):
                continue
            taken[start:end] = [True] * (end - start)
            if subject is None:
                continue
            many = 1 if subject.id in _PLURAL_BLOCK else _count(low, start, end, word, subject)
            found.append(Mention(subject.id, start, end, many))
    found += _implied(low, found)
    unowned = [m for m in found if not _owns(low, m)]
    found = unowned or found
    if {"umbrella-walker", "umbrella"} <= {m.id for m in found}:
        found = [m for m in found if m.id != "umbrella"]  # the walker holds it
    return tuple(sorted(found, key=lambda m: m.start))


def of_what(mention: Mention, found: Sequence[Mention], low: str, marks: Mapping[int, str]) -> bool:
    """Tell whether an English mention says only of what or for what the next one is: *a stone bridge*, *a book shop*;
    *marks*: punctuation of the idea (``marks_in``)."""
    subject = subjects()[mention.id]
    if subject.stand != "thing" and subject.generator not in ("stones", "flower", "reeds", "fish"):
        return False
    beside = any(o.start == mention.end + 1 and o.id != mention.id for o in found)
    return beside and low[mention.start : mention.end].isascii() and len(low[: mention.end].split()) not in marks


def _owns(low: str, mention: Mention) -> bool:
    """Tell whether a mention says only whose something is: *the tailor's apprentice*."""
    return low[mention.end :].startswith(" s ") and low[mention.start : mention.end].isascii()


def _implied(low: str, found: Sequence[Mention]) -> list[Mention]:
    """Return what is there because its part is: a house where somebody is on a roof, a tree where on a branch."""
    out = []
    for id, (words, generators) in _PARTS.items():
        if any(subjects()[m.id].generator in generators for m in found):
            continue
        if match := re.search(words, low):
            out.append(Mention(id, *match.span(match.lastindex or 0), 1))
    return out


def marks_in(idea: str) -> dict[int, str]:
    """Return the marks that stand before words, by the word's number."""
    out: dict[int, str] = {}
    number = 0
    for piece in re.findall(r"[\w]+|[^\w\s]", idea.lower()):
        if re.match(r"\w", piece):
            number += 1
        elif piece in ".;:!?—–":
            out[number] = STRONG
        elif piece in ",()" and out.get(number) != STRONG:
            out[number] = SOFT
    return out


def first_of_each(found: Sequence[Mention]) -> list[Mention]:
    """Return where each subject is named first."""
    return list({m.id: m for m in reversed(found)}.values())[::-1]


def names_thing(low: str, start: int, end: int) -> bool:
    """Tell whether the words at this place name a thing there, and not what somebody does or a street."""
    said, after = low[start:end], low[end:].split()[:1]
    if not said.isascii():
        return True
    if after and after[0] in _STREETS:
        return False
    if said not in table("doubtful_things.en"):
        return True
    before = low[:start].split()
    if (
        not said.endswith("s")
        and before[-2:-1]
        and before[-2] in table("determiners.en")
        and before[-1] not in _drawn()
    ):
        return True  # a steam train, the burning ship
    led = bool(after) and after[0] in table("determiners.en")
    if not before:
        return not led  # watch the sea
    leads = table("determiners.en") | table("prepositions.en") | table("numerals.en") | table("adjectives.en")
    leads |= colour_words().keys()
    last, further = before[-1], before[-2:-1]
    if last in leads or last == "s":  # the king's ship
        return True
    if last == "and":  # swans and ducks; not: sits and watches
        return bool(further) and not readings().get(further[0])
    if led or last in _WHO or readings().get(last) or last in _drawn():
        return False
    return not further or (further[0] in leads and not (said.endswith("s") and further[0] in ("a", "an")))


@cache
def _drawn() -> frozenset[str]:
    """Return every English word for a subject."""
    return frozenset(word for subject in subjects().values() for word in subject.words)


def _count(low: str, start: int, end: int, word: str, subject: Subject) -> int:
    """Return how many of *subject* the words at this place ask for; its plural alone is three."""
    if not word.isascii():
        if match := _MEASURED.search(low[:start]):
            return _CHINESE_COUNTS[match[1]]
        if _CHINESE_MANY.search(low[:start]):
            return 5
        return 3 if low[end : end + 1] == "们" else 1
    said = low[start:end]
    plural = said in _PLURALS or said != word or (word.removesuffix("s") in subject.words and word.endswith("s"))
    *further, before = ["", "", *low[:start].split()][-2:]
    if before in _COUNTS:
        return _COUNTS[before]
    if plural and further[0] in _COUNTS and before != "and":  # three old camels, a herd of camels
        return _COUNTS[further[0]]
    return 3 if plural else 1
