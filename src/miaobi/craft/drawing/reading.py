"""Reading: what an idea in words asks a picture for: subjects, hour, weather, season, place, mood, gesture."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.scene import How
from miaobi.craft.drawing.subject import Subject, subjects
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import readings

_POSES = {  # gesture by verb
    "row": "row rows rowing paddles 划 摇船 划船",
    "read": "read reads reading studies 读 读书 看书",
    "sit": "sit sits sitting waits rests plays fishing fishes angler 坐 等 钓 独钓 抚琴",
    "walk": "walk walks walking wanders travels goes leaves returns carries journey climbs 走 行 归 赶路 回家",
    "look": "look looks watches watching sees gazes stares dreams 望 看 眺 仰望 遥望",
    "run": "run runs running flees escapes chases gallops leaps jumps 跑 奔 逃 追 跃",
    "dance": "dance dances dancing spins sings 舞 跳舞 歌",
    "bend": "finds picks plants digs gathers bends washes sweeps 捡 拾 种 采 发现",
    "reach": "reach reaches lights holds raises waves flies 举 点灯 放风筝 挥",
    "kneel": "kneels prays mends repairs 跪 祈祷 修",
    "graze": "graze grazes grazing eats drinks 吃草 饮水",
}
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "several": 3, "many": 5, "flock": 5, "herd": 5, "fleet": 5}
# A measure word is wanted, or 三月 were three moons.
_CHINESE_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "几": 3, "数": 3}
_MEASURED = re.compile(
    rf"(?<!第)([{''.join(_CHINESE_COUNTS)}])[只头匹峰条个位名棵株朵枝艘叶座尾羽对把盏颗间扇]$"
)  # not 三月
_CHINESE_MANY = re.compile(r"(?:一群|一队|成群的|许多|数不清的)$")
_PLURAL_BLOCK = frozenset(
    {"flock", "crowd", "couple", "village", "city", "grove", "conifers", "stones", "reeds", "grass"}
)
_WHO = frozenset({"i", "you", "he", "she", "it", "we", "they", "who", "that", "as"})
BY_PRONOUN = {"he": "man", "she": "woman"}  # who is drawn where only a pronoun is said
_STREETS = frozenset({"street", "road", "lane", "avenue", "square", "close", "inn"})  # Bridge Street


_OTHERWISE_BEFORE = {"书": "房架桌院", "屋": "里内中", "店": "里内", "茶": "馆桌"}  # 书房 is no book, 屋里 no house


@dataclass(frozen=True)
class Mention:
    """A subject where the words *start* to *end* of an idea name it, and how many of it."""

    id: str
    start: int
    end: int
    count: int


@dataclass(frozen=True)
class Act:
    """Who does what to whom, or is where: ids of subjects, ``how`` one of ``scene.HOWS``."""

    who: str
    how: How
    whom: str


@dataclass(frozen=True)
class Asked:
    """What was read; empty where nothing was. ``subjects``: ids with how many, in the order of the idea."""

    subjects: tuple[tuple[str, int], ...] = ()
    acts: tuple[Act, ...] = ()
    gestures: tuple[tuple[str, str], ...] = ()  # a subject's, before the pose of all
    colours: tuple[tuple[str, str, str], ...] = ()  # subject, its part or "" for the whole, #rrggbb
    cover: str = ""  # what lies on the land though it doesn't fall any more: snow, wet
    hour: str = ""
    weather: str = ""
    season: str = ""
    grounds: tuple[str, ...] = ()  # the likeliest first
    style: str = ""  # of a street's houses, a room
    room: str = ""  # what a room is for
    mood: str = ""
    pose: str = ""


@cache
def words_of(table: str) -> dict[str, tuple[str, ...]]:
    """Return a table of ``data/scene_words.toml``: values by name."""
    text = files("miaobi.craft").joinpath("data", "scene_words.toml").read_text(encoding="utf-8")
    return {
        name: tuple(word.replace("_", " ") for word in value.split())
        for name, value in tomllib.loads(text)[table].items()
    }


def read_wish(idea: str, tone: str = "") -> Asked:
    """Return what *idea*, English or Chinese, asks for, with the mood of *tone* before that of the idea."""
    low = plain(idea)
    grounds = _hits(low, words_of("place")) or _hits(low, words_of("ground"))
    return Asked(
        subjects=tuple((m.id, m.count) for m in mentions(low)),
        hour=next(iter(_hits(low, words_of("hour"))), ""),
        weather=next(iter(_hits(low, words_of("weather"))), ""),
        season=next(iter(_hits(low, words_of("season"))), ""),
        grounds=tuple(grounds),
        style=_style(low),
        room=next(iter(_hits(low, words_of("room"))), ""),
        mood=next(iter(_hits(f" {tone.lower()} ", words_of("mood"))), "")
        or (tone.lower() if tone.lower() in words_of("palette") else "")
        or next(iter(_hits(low, words_of("mood"))), ""),
        pose=next(iter(_hits(low, {k: tuple(v.split()) for k, v in _POSES.items()})), ""),
    )


def _style(low: str) -> str:
    """Return how a street's houses are built: as in the place that is named, else where the language is at home."""
    named = _hits(low, words_of("style"))
    return named[0] if named else "chinese" if re.search(r"[\u4e00-\u9fff]", low) else ""


def peopled(asked: Asked, idea: str) -> Asked:
    """Return *asked* with the woman or man whom an idea calls only *she* or *he*, where nobody else is in it."""
    if any(subjects()[name].generator == "person" for name, _ in asked.subjects):
        return asked
    low = " " + re.sub(r"[^a-z\u4e00-\u9fff]+", " ", idea.lower()) + " "
    called = {" she ": "she", "她": "she", " he ": "he", "他": "he"}
    found = [BY_PRONOUN[who] for at, who in sorted((low.find(said), who) for said, who in called.items()) if at >= 0][
        :1
    ]
    return replace(asked, subjects=(*((who, 1) for who in found), *asked.subjects))


def gestures() -> list[str]:
    """Return every word that calls for a gesture."""
    return [word for words in _POSES.values() for word in words.split()]


def _hits(low: str, table: dict[str, tuple[str, ...]]) -> list[str]:
    """Return names of *table* whose words stand in *low*, those with most first, in the table's order else."""
    counted = {
        name: sum(len(w) if not w.isascii() else 2 + 2 * w.count(" ") for w in values if _stands(w, low))
        for name, values in table.items()
    }
    return sorted((name for name, hits in counted.items() if hits), key=lambda name: -counted[name])


def _stands(word: str, low: str) -> bool:
    return f" {word} " in low if word.isascii() else word in low


def plain(idea: str) -> str:
    """Return the words of *idea* in small letters, between spaces, one before the first and one after the last."""
    return " " + re.sub(r"[^\w\u4e00-\u9fff]+", " ", idea.lower().replace("-", " ")) + " "


def mentions(low: str) -> tuple[Mention, ...]:
    """Return the subjects that the ``plain`` words of an idea name, in their order; the longest word takes its place
    first (*plum blossom* before *plum*)."""
    entries: list[tuple[str, Subject]] = [(w, s) for s in subjects().values() for w in (*s.words, *s.chinese) if w]
    entries.sort(key=lambda e: -len(e[0]))
    taken = [False] * len(low)
    found: dict[str, Mention] = {}
    for word, subject in entries:
        pattern = rf" {re.escape(word)}(?:e?s)? " if word.isascii() else re.escape(word)
        for match in re.finditer(pattern, low):
            start, end = match.start() + word.isascii(), match.end() - word.isascii()
            if any(taken[start:end]) or not names_thing(low, start, end):
                continue
            taken[start:end] = [True] * (end - start)
            many = 1 if subject.id in _PLURAL_BLOCK else _count(low, start, end, word, subject)
            found.setdefault(subject.id, Mention(subject.id, start, end, many))
            break
    if {"umbrella-walker", "umbrella"} <= set(found):
        del found["umbrella"]  # the walker holds it
    return tuple(sorted(found.values(), key=lambda m: m.start))


def names_thing(low: str, start: int, end: int) -> bool:
    """Tell whether the words at this place name a thing there, and not what somebody does or a street."""
    said, after = low[start:end], low[end:].split()[:1]
    if not said.isascii():
        return low[end : end + 1] not in tuple(_OTHERWISE_BEFORE.get(said, ""))
    if after and after[0] in _STREETS:
        return False
    if said not in table("doubtful_things.en"):
        return True
    before = low[:start].split()
    led = bool(after) and after[0] in table("determiners.en")
    if not before:
        return not led  # watch the sea
    leads = table("determiners.en") | table("prepositions.en") | table("numerals.en") | table("adjectives.en")
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
        return 5 if _CHINESE_MANY.search(low[:start]) else 1
    said = low[start:end]
    plural = said != word or (word.removesuffix("s") in subject.words and word.endswith("s"))
    *further, before = ["", "", *low[:start].split()][-2:]
    if before in _COUNTS:
        return _COUNTS[before]
    if plural and further[0] in _COUNTS and before != "and":  # three old camels, a herd of camels
        return _COUNTS[further[0]]
    return 3 if plural else 1


def named(text: str) -> Sequence[str]:
    """Return the ids of subjects that *text*, names between commas in either language, asks for; unknown ones as
    given."""
    out = []
    for part in re.split(r"[,，、;；]", text):
        name = part.strip().lower()
        if not name:
            continue
        known = subjects()
        match = next((s.id for s in known.values() if name in (s.id, *s.words, *s.chinese)), None)
        out.append(match or part.strip())
    return out
