"""Reading: what an idea in words asks a picture for: subjects, hour, weather, season, place, mood, gesture."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from miaobi.craft.drawing.scene import Moon
from miaobi.craft.drawing.subjects.people import calling
from miaobi.craft.drawing.subjects.subject import BOATS, PEOPLE, subjects
from miaobi.craft.drawing.words.absence import present
from miaobi.craft.drawing.words.act_words import gesture_in
from miaobi.craft.drawing.words.acts import STEEDS, Act, animate, read_acts
from miaobi.craft.drawing.words.colour_reading import read_colours
from miaobi.craft.drawing.words.medium_reading import Medium, read_medium
from miaobi.craft.drawing.words.mention import Mention, first_of_each, marks_in, mentions, of_what, plain
from miaobi.craft.drawing.words.moon_reading import read_moon
from miaobi.craft.drawing.words.path_reading import read_path
from miaobi.craft.drawing.words.view_reading import read_view
from miaobi.craft.drawing.words.weather_reading import read_sky, without_things, without_told
from miaobi.craft.text.name import gender_of, is_given
from miaobi.craft.text.verb import bases_of

_FLOWERS = frozenset(["Rose", "Lily", "Daisy", "Iris", "Violet", "Olive", "Poppy", "Ivy", "Jasmine"])  # names, too
# Chinese nicknames that are things, too: 小雨撑着伞; not 小雨停了.
_NICKNAMES = re.compile(
    r"(?:^|(?<=[，。；：！？、“「]))"
    r"(?P<name>[小阿](?:(?P<she>[雨雪梅兰莲云月燕菊荷凤玉桃蝶星琴竹枫霞虹])|[龙虎明刚军杰伟峰石山海江松柏宝强]))"
    r"(?![停下后中里淅纷初过绵飘落还飞游吼树花上头])"
)
_DONE_BY = {
    "骑马": "traveller",
    "骑车": "traveller",
    "骑牛": "shepherd",
    "骑驴": "traveller",
    "放风筝": "girl",
    "弹琴": "scholar",
    "抚琴": "scholar",
    "吹笛": "scholar",
}
_WITHIN = re.compile(
    r" (?:in|through|within|inside|across|throughout|amid)"
    r" (?:(?!(?:of|and|near|by|to|on|at|over|behind|beside|above|from) )\w+ ){0,3}$"
)
_WITHIN_ZH = re.compile("[里中间内]|深处|之中")
_THROUGH_ZH = re.compile(r"(?:穿过|走过|穿行于|骑过|跑过|在)[^\s]{0,4}$")
_OWN = "的[^ ]{0,3}[裙衣发眼手脸脚背肩帽歌身头]"  # what is seen with whose it is
_SHARED = ("seat", "bed", "sofa", "swing", "sled", *BOATS)  # two sit in or on
MOST_ALIKE = 10  # of one subject in a picture
_ONLY = {"she": ("woman", "old-woman"), "he": ("man", "old-man", "boy", "king", "monk", "fisherman")}
BY_PRONOUN = {"he": "man", "she": "woman"}  # who is drawn where only a pronoun is said


@dataclass(frozen=True)
class Asked:
    """What was read; empty where nothing was. ``subjects``: ids with how many, in the order of the idea."""

    subjects: tuple[tuple[str, int], ...] = ()
    called: tuple[tuple[str, str], ...] = ()  # what people are called who are more than their subject says
    many: tuple[tuple[str, int], ...] = ()  # how many are meant where more are than can be drawn
    acts: tuple[Act, ...] = ()
    gestures: tuple[tuple[str, str], ...] = ()  # a subject's, before the pose of all
    looks: tuple[
        tuple[str, int], ...
    ] = ()  # of people of a story, by subject: chance that is theirs in all its pictures
    colours: tuple[tuple[str, str, str], ...] = ()  # subject, its part or "" for the whole, #rrggbb
    path: bool = False  # one is named
    cover: str = ""  # what lies on the land though it doesn't fall any more: snow, wet
    moon: Moon = ""  # its shape
    coming: str = ""  # a storm that isn't there yet
    view: str = ""  # the camera
    medium: Medium | Literal[""] = ""
    hour: str = ""
    weather: str = ""
    season: str = ""
    grounds: tuple[str, ...] = ()  # the likeliest first
    style: str = ""  # of a street's houses, a room
    room: str = ""  # what a room is for
    mood: str = ""
    pose: str = ""

    @property
    def empty(self) -> bool:
        """Tell whether nothing was read that a picture shows."""
        read = (self.subjects, self.grounds, self.hour, self.weather, self.cover, self.coming, self.season, self.mood)
        return not any((*read, self.room))


@cache
def words_of(table: str) -> dict[str, tuple[str, ...]]:
    """Return a table of ``data/scene_words.toml``: values by name."""
    text = files("miaobi.craft").joinpath("data", "scene_words.toml").read_text(encoding="utf-8")
    return {
        name: tuple(word.replace("_", " ") for word in value.split())
        for name, value in tomllib.loads(text)[table].items()
    }


def read_wish(idea: str, tone: str = "", people: Mapping[str, str] | None = None, *, called: bool = False) -> Asked:
    """Return what *idea*, English or Chinese, asks for, with the mood of *tone* before that of the idea.

    *people*: subjects by name; where None, given names are drawn as men and women. Where the idea has nobody, whom it
    calls only *she* or *he* is drawn if *called*.
    """
    medium, idea = read_medium(idea)
    view, idea = read_view(idea)
    moon = read_moon(idea)
    text = present(idea)
    low = plain(text)
    found = tuple(_aloft(m, low) for m in mentions(low, given_names(text) if people is None else people))
    marks = marks_in(text)
    found = tuple(m for m in found if not of_what(m, found, low, marks))
    if called:
        found = tuple(sorted((*_called(low, found), *found), key=lambda m: m.start))
    if not any(animate(m.id) and m.id not in STEEDS for m in found):
        found = tuple(sorted((*_unsaid(low), *found), key=lambda m: m.start))
    told = read_acts(text, low, found)
    told.acts = _shared(told.acts, low)
    inside = {act.whom for act in told.acts if act.how == "in" and _roofed(act.who, act.whom)}
    if inside:  # a house that one is in is seen from inside
        found = tuple(m for m in found if m.id not in inside)
        told.acts = [act for act in told.acts if not {act.who, act.whom} & inside]
    colours, low = read_colours(low, found)
    seasonal = without_things(low)
    grounds = _grounds(low)
    about = {m.id for m in found if _about(m, low)} if grounds[:1] == ("forest",) else set[str]()
    found = tuple(m for m in found if m.id not in about)  # trees stand all around, no wood by itself
    told.acts = [act for act in told.acts if not {act.who, act.whom} & about]
    sky = read_sky(low, _hits(without_told(seasonal), words_of("weather")))
    return Asked(
        subjects=tuple((m.id, min(m.count, MOST_ALIKE)) for m in first_of_each(found)),
        called=tuple((m.id, said) for m in first_of_each(found) if (said := calling(m.word))),
        many=tuple((m.id, m.count) for m in first_of_each(found) if m.count > MOST_ALIKE),
        acts=tuple(told.acts),
        gestures=tuple(told.gestures),
        colours=_of_walkers(colours, {m.id for m in found}),
        view=view,
        medium=medium,
        hour=next(
            iter(_hits(low, words_of("hour")) or _hits(low, words_of("hour_sign"))),
            "night" if moon else "",
        ),
        moon=moon,
        weather=sky.weather,
        path=read_path(idea),
        cover=sky.cover,
        coming=sky.coming,
        season=next(iter(_hits(seasonal, words_of("season")) or _hits(seasonal, words_of("season_sign"))), ""),
        grounds=("interior",) if inside else ("forest",) if about else grounds,
        style=_style(low),
        room=next(iter(_hits(low, words_of("room"))), ""),
        mood=next(iter(_hits(f" {tone.lower()} ", words_of("mood"))), "")
        or (tone.lower() if tone.lower() in words_of("palette") else "")
        or next(iter(_hits(low, words_of("mood"))), ""),
        pose=gesture_in(low),
    )


def _grounds(low: str) -> tuple[str, ...]:
    """Return the grounds that words name or hint at, the likeliest first; a mountain path is no meadow's."""
    found = next(
        (hits for name in ("place", "sign", "ground") if (hits := _hits(low, words_of(name), plural=name != "ground"))),
        [],
    )
    steep = "mountains" in found and re.search(r" mountains? |山[路道间中]", low)
    return tuple(g for g in found if not (steep and g in ("hills", "field")))


def _about(mention: Mention, low: str) -> bool:
    """Tell whether a wood is where everything is: *in the forest*, *through the woods*, 林中, 穿过树林."""
    if subjects()[mention.id].generator != "grove":
        return False
    before, after = low[: mention.start], low[mention.end :]
    return bool(_WITHIN.search(before) or _WITHIN_ZH.match(after) or _THROUGH_ZH.search(before))


def _aloft(mention: Mention, low: str) -> Mention:
    """Return a mention of geese as one of a flock where they fly: *geese fly over the marsh*."""
    flies = re.match(
        r" (?:\w+ ){0,2}?(?:fly|flies|flying|flew|migrate|migrating|overhead|above|in the sky|aloft) ",
        low[mention.end :],
    )
    many = mention.id == "goose" and mention.count > 1
    return replace(mention, id="flock", count=1) if many and flies else mention


def _shared(acts: Sequence[Act], low: str) -> list[Act]:
    """Return the acts with those who share a thing in it, on it or under it; of people one holds an umbrella."""
    if not re.search(r" shar(?:e|es|ed|ing) |共[撑打用坐]|合[撑打]|同[撑坐]", low):
        return list(acts)
    out = list[Act]()
    for act in acts:
        what, who = subjects()[act.whom].generator, subjects()[act.who].generator
        how = act.how
        if how in ("beside", "hold") and what == "umbrella":
            how = "hold" if who in PEOPLE else "under"
        elif how == "beside" and what in _SHARED:
            how = "in" if what in BOATS else "on"
        if how != "hold" or not any(one.how == how and one.whom == act.whom for one in out):
            out.append(replace(act, how=how))
    return out


def _of_walkers(colours: tuple[tuple[str, str, str], ...], there: set[str]) -> tuple[tuple[str, str, str], ...]:
    """Return the colours with that of an umbrella its walker's, who holds it."""
    if "umbrella-walker" not in there:
        return colours
    return tuple(("umbrella-walker", "umbrella", c) if id == "umbrella" else (id, part, c) for id, part, c in colours)


def _style(low: str) -> str:
    """Return how a street's houses are built: as in the place that is named, else where the language is at home."""
    named = _hits(low, words_of("style"))
    return named[0] if named else "chinese" if re.search(r"[\u4e00-\u9fff]", low) else ""


def _roofed(who: str, whom: str) -> bool:
    """Tell whether *whom* is a room about *who*."""
    building = subjects()[whom].generator in ("house", "lighthouse", "church", "hall", "windmill")
    return building and whom != "white-house" and subjects()[who].generator in (*PEOPLE, "beast", "turned", "book")


def _called(low: str, found: Sequence[Mention]) -> list[Mention]:
    """Return where an idea calls somebody only *she* or *he*, each time, where nobody named is meant by it."""
    out = []
    for sex, pattern in (
        ("she", rf"(?<= )she(?= )|她(?!的)|她(?={_OWN})"),
        ("he", rf"(?<= )he(?= )|他(?!的)|他(?={_OWN})"),
    ):
        other = _ONLY["he" if sex == "she" else "she"]
        people = [m for m in found if subjects()[m.id].generator in PEOPLE]
        if any(m.id not in other for m in people) or (people and not low.isascii()):
            continue
        for match in re.finditer(pattern, low):
            both = low.startswith("俩", match.end())  # 他俩
            out.append(Mention("couple" if both else BY_PRONOUN[sex], *match.span(), 1))
    return out


def _unsaid(low: str) -> list[Mention]:
    """Return who does what a Chinese idea tells of nobody: 骑马过草原."""
    hits = sorted((low.find(deed), who) for deed, who in _DONE_BY.items() if deed in low)
    return [Mention(who, at, at, 1) for at, who in hits[:1]]


def given_names(text: str) -> dict[str, str]:
    """Return the given names in a text, English ones in small letters, with who is drawn for each."""
    found = {m["name"]: "girl" if m["she"] else "boy" for m in _NICKNAMES.finditer(text)}
    for match in re.finditer(r"(?<![\w’'])[A-Z][a-z]+(?=[ ,.;:!?’']|$)", text):
        word, after = match[0], text[match.end() :].split()[:1]
        opens = not re.search(r"[\w,]\s*$", text[: match.start()])
        follows = text[match.end() :].split()[:2]
        told = bool(after) and bool(
            bases_of(after[0].strip(",."), "third")
            or bases_of(after[0].strip(",."), "past")
            or (follows[0] == "and" and follows[1:] and follows[1] in ("her", "his"))
            or after[0].startswith(("’s", "'s"))
        )
        if word in _FLOWERS and told:
            found[word.lower()] = "woman"
        if is_given(word) and (gender := gender_of(word)) and (not opens or told):
            found[word.lower()] = BY_PRONOUN[gender]
    return found


def _hits(low: str, table: dict[str, tuple[str, ...]], *, plural: bool = False) -> list[str]:
    """Return names of *table* whose words stand in *low*, English ones also with an s if *plural*: those with most
    first, in the table's order else."""
    counted = {
        name: sum(
            len(w) if not w.isascii() else 2 + 2 * w.count(" ")
            for w in values
            if _stands(w, low) or (plural and w.isascii() and _stands(w + "s", low))
        )
        for name, values in table.items()
    }
    return sorted((name for name, hits in counted.items() if hits), key=lambda name: -counted[name])


def _stands(word: str, low: str) -> bool:
    return f" {word} " in low if word.isascii() else word in low


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
