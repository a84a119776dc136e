"""Mentions: the subjects that words name, and where they stand among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.pigment import colour_words
from miaobi.craft.drawing.subjects.subject import BOATS, CRITTERS, PEOPLE, Subject, subjects
from miaobi.craft.drawing.words.act_words import act_forms, acts_table
from miaobi.craft.text.name import is_given
from miaobi.craft.text.table import lines, table
from miaobi.craft.text.verb import bases_of, readings

STRONG, SOFT = ".", ","  # marks between clauses, and within one
# A measure word is wanted, or 三月 were three moons.
_MEASURE = "[只头匹峰条个位名棵株朵枝支艘叶座尾羽对把盏颗间扇辆架本封张面块杯碗盆瓶壶串根幅顶口双群排队列行匹员]"
_COUNTS = {word: int(n) for word, _, n in (pair.partition(":") for pair in table("counts"))}
_NUMBER = "|".join(sorted((word for word in _COUNTS if not word.isascii()), key=len, reverse=True))
_MEASURED = re.compile(  # 两头高大的老牛
    rf"(?<![第十百])({_NUMBER}){_MEASURE}[^\s，。]{{0,8}}?$|(一对|一双)[^\s，。]{{0,6}}?$"
)
_MEASURED_AFTER = re.compile(rf"({_NUMBER}){_MEASURE}(?=[\s，。、]|$)")  # 燕子三只
_CHINESE_MANY = re.compile(
    r"(?:一群|一队|一行|一排|一列|一窝|一串|成群的|成群结队的|许多|很多|无数|数不清的|满树的|满天的|满地的|各种|"
    r"好几[只头匹条个位棵朵艘])[^\s，。]{0,6}?$"
    r"|(?:站满|坐满|挤满|落满|停满|堆满|开满|挂满|爬满)了?$"
)
_PLURAL_BLOCK = frozenset(
    {"ruin", "flock", "crowd", "couple", "village", "city", "grove", "conifers", "stones", "reeds", "grass"}
)
_TREES = ("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "blossom")
_ROOFED = (
    *("house", "church", "castle", "hall", "temple", "pavilion", "village", "city", "windmill", "lighthouse"),
    *("pagoda", "train", "car", "bus"),
)
_LEAFED = ("tree", "conifer", "scots_pine", "willow", "palm", "cypress", "dead_tree", "bush", "blossom", "grove")
_CARRIED = {
    "cart": r"[一满整两几][大小满]?(车)(?=[^\s上里]{2})",
    "basket": r"[一满两][大小]?(篮|筐)(?=[^\s上里]{2})",
    "horse": r"(?<= on )(horseback)(?= )",
    "bicycle": r"骑[着了上]?(车)(?!站)",
}
_DOINGS = ("跳舞", "钓鱼")  # who does it where nobody is told of
_BARE = {  # a word that means one named before: by what follows it
    "船": (BOATS, "头尾舷上里中舱"),
    "树": (_TREES, "上下旁枝梢顶底"),
    "花": (("flower", "blossom", "lotus"), "旁上下边间里丛"),
}
_PARTS = {  # what a part belongs to where nothing of these generators is named
    "house": (  # the roofs of a city on the skyline are none to sit on
        r"(?<= )(roof|rooftop|rooftops|chimney)(?= )|(屋顶|房顶|屋檐)",
        tuple(generator for generator in _ROOFED if generator not in ("city", "village")),
    ),
    "tree": (r"(?<= )(branch|bough|treetop)(?= )|(树枝|枝头|树梢)", _LEAFED),
}
_LIVING = (
    *("person", "couple", "rider", "beast", "flying", "standing", "swimming", "fish", "butterfly", "bee", *CRITTERS),
    "dragon",
)
_CREATURES = tuple(g for g in _LIVING if g not in ("person", "couple", "rider"))
_OF_PAPER = ("paper-lantern", "umbrella", "kite", "lantern", "letter", "fan", "tent", "balloon")
_LETS = frozenset(  # before a verb in its base form
    ["let", "lets", "letting", "make", "makes", "made", "see", "sees", "saw", "watch", "watches", "watched", "watching"]
    + ["hear", "hears", "heard", "help", "helps", "do", "does", "did", "can", "could", "will", "would", "and", "or"]
    + ["may", "might", "must", "should", "to"]
)
_PLURALS = frozenset(
    ["oxen", "mice", "children", "kids", "men", "women", "fishermen", "lambs", "wolves", "canoes", "geese"]
)
_ROWERS = ("ferryman", "rower")  # drawn with their boat where none is named
_DRIVEN = ("train", "car", "rocket", "bicycle")
_MADE = frozenset(table("made.en"))
_YOUNG = frozenset(
    ["mother", "father", "baby", "mama", "mummy", "papa", "daddy", "brother", "sister"]
)  # of animals, too
_NOT_OWNED = frozenset(
    ["got", "been", "not", "in", "on", "at", "under", "asleep", "back", "gone", "about", "up", "out"]
)
_WHO = frozenset({"i", "you", "he", "she", "it", "we", "they", "who", "that", "as"})
_STREETS = frozenset({"street", "road", "lane", "avenue", "square", "close", "inn"})  # Bridge Street


@dataclass(frozen=True)
class Mention:
    """A subject where the words *start* to *end* of an idea name it, how many of it, and by which word."""

    id: str
    start: int
    end: int
    count: int
    word: str = ""


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
    entries.sort(key=lambda e: -_weight(*e))
    taken = [False] * len(low)
    found: list[Mention] = []
    for word, subject in (e for e in entries if e[0] and (e[0] in low or _men(e[0]) in low)):
        plural = "(?:es)?" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s?"  # not manes of a man
        said_so = re.escape(word.removesuffix("man")) + "m[ae]n" if word.endswith("man") else re.escape(word) + plural
        pattern = f" {said_so} " if word.isascii() else re.escape(word)
        if subject is not None and subject.generator in _TREES and not word.isascii():
            pattern += "树?"  # 银杏树
        for match in re.finditer(pattern, low):
            start, end = match.start() + word.isascii(), match.end() - word.isascii()
            if any(taken[start:end]) or not (low[start:end] in names or names_thing(low, start, end)):
                continue
            taken[start:end] = [True] * (end - start)
            if subject is None or (not word.isascii() and _makes_another(low, start, end, subject)):
                continue
            found.append(Mention(subject.id, start, end, 1, word))
    found += _pairs(low, taken)
    found.sort(key=lambda m: m.start)
    before = 0
    for i, m in enumerate(found):
        if m.id not in _PLURAL_BLOCK and m.word:
            found[i] = replace(m, count=_count(low, before, m))
        before = m.end
    found = _same_again(low, found)
    found += _implied(low, found)
    found = [m for m in found if not (low[m.start : m.end] in _DOINGS and _done_by_another(low, m, found))]
    found = [m for m in found if not (_another_kind(low, m) or (m.word in names and _called_so(m, found)))]
    unowned = [m for m in found if not _owns(low, m, found)]
    found = unowned or found
    found = [m for m in found if not _of_house(low, m, found)]
    if {"umbrella-walker", "umbrella"} <= {m.id for m in found}:
        found = [m for m in found if m.id != "umbrella"]  # the walker holds it
    return tuple(sorted(found, key=lambda m: m.start))


def _pairs(low: str, taken: Sequence[bool]) -> list[Mention]:
    """Return the two people of Chinese words for both: 祖孙, 姐妹."""
    out = []
    for word, _, both in (pair.partition(":") for pair in table("pairs.zh")):
        one, _, other = both.partition(",")
        for match in re.finditer(word, low):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            if not other:
                out.append(Mention(one, start, end, 1))
            else:
                out += [Mention(one, start, start + 1, 1), Mention(other, start + 1, end, 1)]
    return out


def _men(word: str) -> str:
    return word.removesuffix("man") + "men" if word.endswith("man") else word


def _weight(word: str, subject: Subject | None) -> float:
    """Return the length of a word as it takes its place: 桃 of 桃树 before 树."""
    tree = subject is not None and subject.generator in _TREES and not word.isascii() and not word.endswith("树")
    return len(word) + 0.5 * tree


@cache
def _compounds() -> dict[str, tuple[str, ...]]:
    """Return what makes another thing of a Chinese word that stands before it, by the word's end."""
    rows = (line.partition(":") for line in lines("compounds.zh"))
    return {key: tuple(after.split(",")) for key, _, after in rows}


def _makes_another(low: str, start: int, end: int, subject: Subject) -> bool:
    """Tell whether a Chinese word for *subject* is only part of what is named: 鱼缸, a paper boat 纸船, 心 in 心情."""
    said, before = low[start:end], low[max(0, start - 2) : start]
    if low.startswith(("废墟", "遗址", "遗迹"), end) or (
        said == "人" and low[start - 3 : start] in ("空无一", "没有一")
    ):
        return True
    if (
        said == "人"
        and low[start - 2 : start - 1] == " "
        and before[-1:] in ("两", "二", "三", "几")
        and any(s.id != "man" for s in _people_in(low[:start]))
    ):
        return True  # 姐姐和弟弟，两人
    if said == "风车" and re.search(r"[举拿握玩吹]着?[^\s]{0,3}$", low[:start]):
        return True  # a toy
    keys = [key for key in _compounds() if said.endswith(key)]
    keys += ["*"] if subject.generator in _CREATURES else []
    if any(low.startswith(_compounds()[key], end) for key in keys):
        return True
    if said == "心":
        return before[-1:] not in ("颗", "红", "爱")
    made = before.endswith(("纸", "玩具", "布", "泥", "糖", "毛绒", "雪雕", "剪纸", "木雕", "石雕"))
    likeness = before.endswith(("石", "铁", "铜", "木", "稻草")) and subject.generator in _CREATURES
    return (made and subject.id not in _OF_PAPER) or likeness


def _people_in(words: str) -> list[Subject]:
    people = (s for s in subjects().values() if s.generator in PEOPLE)
    return [s for s in people if any(word in words for word in s.chinese)]


def of_what(mention: Mention, found: Sequence[Mention], low: str, marks: Mapping[int, str]) -> bool:
    """Tell whether an English mention says only of what or for what the next one is: *a stone bridge*, *a book shop*;
    *marks*: punctuation of the idea (``marks_in``)."""
    subject = subjects()[mention.id]
    if not low[mention.start : mention.end].isascii() or len(low[: mention.end].split()) in marks:
        return False
    after = next((o for o in found if o.start == mention.end + 1 and o.id != mention.id), None)
    if after is None:
        word = next(iter(low[mention.end :].split()), "")
        if subject.generator in _LIVING and is_given(word.title()):
            return False  # my dog Max
        place = subject.stand in ("far", "shore") or subject.generator in (*_ROOFED, *PEOPLE)
        return not place and _leads_noun(low, mention)
    if subject.generator in _LIVING:
        return subjects()[after.id].stand == "thing" or subjects()[after.id].generator in _LIVING
    return subject.stand == "thing" or subject.generator in ("stones", "flower", "reeds")


def _leads_noun(low: str, mention: Mention) -> bool:
    """Tell whether the word after a mention is the noun that it only describes: *a butterfly net*, *two horse
    chestnuts*; not *the fox trots*, *a lion cub*."""
    word, *further = [*low[mention.end :].split()[:2], ""][:2]
    if not word.isalpha() or len(word) < 3 or word in table("after_nouns.en") or word in _drawn():
        return False
    if any(word in table(name) for name in ("determiners.en", "prepositions.en", "numerals.en", "adjectives.en")):
        return False
    before = low[: mention.start].split()
    said = low[mention.start : mention.end]
    singular = not (said.endswith("s") or said in _PLURALS or said in table("plurals.en"))
    if known := (*readings().get(word, ()), *act_forms().get(word, ())):
        tags = {tag for _, tag in known}
        told = bool(_LETS & set(before[-4:])) or further == ["to"] or bool({*before[-6:]} & _PLURALS)
        return tags == {"base"} and word in table("noun_verbs.en") and singular and not told
    if word.endswith(("ed", "ing", "ly", "wards", "self", "selves")) or _comparative(word):
        return False
    if word.endswith("s") and not word.endswith("ss"):  # busks: a verb that isn't listed, or beach huts
        last = before[-1] if before else ""
        led = last in table("determiners.en") | table("adjectives.en")
        return singular and (last in table("numerals.en") or not led)
    return singular


def _comparative(word: str) -> bool:
    """Tell whether a word compares: *a sunflower taller* than the house."""
    stem = word.removesuffix("er")
    forms = {stem, stem + "e", stem[:-1], stem[:-1] + "y"}
    return stem != word and bool(forms & table("adjectives.en"))


def _owns(low: str, mention: Mention, found: Sequence[Mention]) -> bool:
    """Tell whether a mention says only whose something is: *the tailor's apprentice*, 国王的马."""
    after = low[mention.end :].split()[:3]
    if after[:1] == ["s"] and _has_or_is(after[1:], person=subjects()[mention.id].generator in PEOPLE):
        return False  # grandpa's got a guitar; the elephant's back
    if low.startswith("的", mention.end) and subjects()[mention.id].generator in PEOPLE:
        return any(0 < other.start - mention.end <= 3 for other in found)
    return low[mention.end :].startswith(" s ") and low[mention.start : mention.end].isascii()


def _done_by_another(low: str, mention: Mention, found: Sequence[Mention]) -> bool:
    """Tell whether somebody named in the clause does what a verb that stands for its doer says: 孙女在跳舞."""
    start = low.rfind(" ", 0, mention.start)
    return any(start < m.start < mention.start and subjects()[m.id].generator in _LIVING for m in found)


def _called_so(mention: Mention, found: Sequence[Mention]) -> bool:
    """Tell whether a name is that of who is named before it: *my dog Max*."""
    return any(m.end + 1 == mention.start and _generator(m) in _LIVING for m in found)


def _has_or_is(words: Sequence[str], *, person: bool) -> bool:
    """Tell whether what follows *'s* says that it is *is* or *has*, or is a part of a body or of a thing."""
    if not words:
        return False
    tables = ("body",) if person else ("body", "part")
    parts = {w for name in tables for values in acts_table(name).values() for w in values} - {"hat", "cap", "helmet"}
    return words[0] in parts or words[0] in _NOT_OWNED or words[0] in table("determiners.en")


def _another_kind(low: str, mention: Mention) -> bool:
    """Tell whether a word for people is said of animals: *a mother bear*, *its father*, *a crowd of ducks*."""
    before, after = low[: mention.start].split()[-1:], low[mention.end :].split()[:2]
    said = low[mention.start : mention.end]
    if before and before[0] in _MADE and (m := subjects()[mention.id]) and m.id not in _OF_PAPER:
        return m.generator in (*_CREATURES, *PEOPLE, *BOATS, *_DRIVEN)
    if said == "wood" and re.search(r" (?:in|into|through|from|of) (?:an?|the|this) (?:\w+ )?$", low[: mention.start]):
        return True  # a place
    if re.search(r" ruins? of (?:an?|the) (?:\w+ )?$", low[: mention.start]):
        return True
    if said in _YOUNG and (before == ["its"] or (after and after[0] in _creature_words())):
        return True
    if mention.id != "crowd" or after[:1] != ["of"] or len(after) < 2 or said in ("people", "strangers"):
        return False
    single = {after[1], after[1].removesuffix("s")}
    return not any(single & set(subjects()[who].words) for who in ("man", "woman", "girl", "boy", "crowd", "couple"))


@cache
def _creature_words() -> frozenset[str]:
    return frozenset(w for s in subjects().values() if s.generator in _CREATURES for w in s.words)


def _of_house(low: str, mention: Mention, found: Sequence[Mention]) -> bool:
    """Tell whether a gate is that of the building named before it: *the castle gate*."""
    if mention.id != "fence" or not low[mention.start : mention.end].startswith("gate"):
        return False
    owner = re.search(r"(\w+) (?:s )?$", low[: mention.start])
    built = {"house", "church", "castle", "hall", "temple", "gate", "city"}
    return owner is not None and any(
        m.end == owner.end(1) and subjects()[m.id].generator in {*built, "village"} for m in found
    )


def _same_again(low: str, found: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with a bare 船, 树 or 花 that of the one named before it: 一条渔船，船头点着一盏灯; who is
    drawn with a boat is a man where another boat is named."""
    boats = [o for o in found if _generator(o) in BOATS and low[o.start : o.end] not in _ROWERS]
    out: list[Mention] = []
    for m in found:
        generators, after = _BARE.get(low[m.start : m.end], ((), ""))
        bare = m.count == 1 and low[m.end : m.end + 1] in tuple(after)
        named = [o.id for o in out if bare and _generator(o) in generators]
        if low[m.start : m.end] in _ROWERS and boats:
            out.append(replace(m, id="man"))  # a ferryman by his boat
        else:
            out.append(replace(m, id=named[-1]) if named and not _measured(low, m) else m)
    return out


def _generator(mention: Mention) -> str:
    return subjects()[mention.id].generator


def _measured(low: str, mention: Mention) -> bool:
    """Tell whether a measure word counts who is named: another one than before."""
    return bool(re.search(rf"[一另]{_MEASURE}[^\s，。]{{0,3}}$", low[: mention.start]))


def _implied(low: str, found: Sequence[Mention]) -> list[Mention]:
    """Return what is there because its part is: a house where somebody is on a roof, a tree where on a branch; and
    what a measure says: 一车南瓜 are in a cart."""
    out = [
        Mention(id, *match.span(1), 1)
        for id, words in _CARRIED.items()
        for match in re.finditer(words, low)
        if not any(m.start < match.end(1) and match.start(1) < m.end for m in found)
    ]
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
    if after and after[0] in _STREETS and low[end:].split()[1:2] != ["up"]:  # Baker Close; not: a baker, close up
        return False
    before = low[:start].split()
    if said in ("tea", "coffee") and before[-1:] == ["of"]:
        return False  # a cup of it
    if _third_person(said, before, after):
        return False
    doubtful = table("doubtful_things.en")
    if said not in doubtful and (before[-1:] != ["who"] or said.removesuffix("s") not in doubtful):
        return True
    if before[-1:] == ["to"] and before[-2:-1] not in (["next"], ["close"]) and bases_of(said, "base"):
        return False  # teaches me to whistle
    if before[-1:] and before[-1] in _YOUNG:
        return True  # a mother duck
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
        return bool(further) and not readings().get(further[0]) and not led
    if led or last in _WHO or readings().get(last) or {last, last.removesuffix("s")} & _drawn():
        return False
    return not further or (further[0] in leads and not (said.endswith("s") and further[0] in ("a", "an")))


def _third_person(said: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether a word in s is what the noun before it does: *a crocodile brushes its teeth*; not *two swings*."""
    if not bases_of(said, "third") or not before:
        return False
    skipped = table("adjectives.en") | table("prepositions.en") | table("numerals.en") | colour_words().keys()
    noun, rest = before[-1], list(before[:-1])
    if noun in skipped or noun in table("determiners.en") or noun in ("s", "and", "of") or not noun.isalpha():
        return False
    while rest and rest[-1] in table("adjectives.en") | colour_words().keys():
        rest.pop()
    one = rest[-1:] in (["a"], ["an"], ["one"])
    return one or (rest[-1:] == ["the"] and bool(after) and after[0] in table("determiners.en") | {"at", "to", "past"})


@cache
def _drawn() -> frozenset[str]:
    """Return every English word for a subject."""
    return frozenset(word for subject in subjects().values() for word in subject.words)


def _count(low: str, since: int, mention: Mention) -> int:
    """Return how many of a subject the words about *mention* ask for; its plural alone is three. *since*: where the
    mention before ends."""
    start, end, word, subject = mention.start, mention.end, mention.word, subjects()[mention.id]
    if not word.isascii():
        if match := _MEASURED.search(low[since:start]):
            return 2 if match[2] else _COUNTS[match[1]]
        if _CHINESE_MANY.search(low[since:start]):
            return 5
        if match := _MEASURED_AFTER.match(low, end):
            return _COUNTS[match[1]]
        return 3 if low[end : end + 1] == "们" or low[end - 1 : end] == "们" else 1
    said = low[start:end]
    plural = said in _PLURALS or said != word or (word.removesuffix("s") in subject.words and word.endswith("s"))
    words = ["", "", "", *low[:start].split()][-4:]
    if words[-1] in _COUNTS and (plural or words[-1] not in ("pair", "couple")):
        return _COUNTS[words[-1]]
    if plural:
        leads = table("determiners.en") | (table("prepositions.en") - {"of"}) | {"and", ""}
        for i in (-2, -3, -4):  # three old camels, a herd of wild horses
            if words[i + 1] in leads or (i < -2 and words[i + 1] != "of" and words[i] not in table("numerals.en")):
                break
            if words[i] in _COUNTS:
                return _COUNTS[words[i]]
    return 3 if plural else 1
