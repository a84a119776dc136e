"""Plan a Chinese novel 长篇小说: the beats of a story at both ends, a journey between, and its people again at the end.

Each chapter of the journey has a place, a person, something to be done for that person and a saying got in return.
Where the story turns, the sayings are thought of again; in the last chapter there is news of the people.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from miaobi.bible import Bible, Persona, Place
from miaobi.craft.plot.chinese_plan import (
    Dealer,
    at_home,
    in_season,
    lacking,
    person_slots,
    plan_chinese_story,
    story_frames,
)
from miaobi.craft.plot.plan import Plan, PlannedBeat, data
from miaobi.craft.plot.saga import PlannedChapter, Saga
from miaobi.craft.plot.template import fill
from miaobi.craft.text.chinese_idea import ChineseIdea, word_table
from miaobi.craft.text.inflection import Pronoun
from miaobi.types import derive_seed

_OPENING = (("日常", "伏笔", "事起", "路人", "犹疑"), ("来人", "立意", "一试", "闲话"))
_CLOSING = (("再试", "夜"), ("转念", "紧要"), ("答话", "收束"))
_COURSE = ("到", "人", "物", "话", "求", "做", "难", "做", "饭", "讲", "话", "得", "走")
_TEXTURE = {
    "到": ("外", "路"), "人": ("屋", "外"), "物": ("身", "屋"), "话": ("友", "路"), "求": ("友", "外"),
    "做": ("外", "身"), "难": ("外", "友"), "饭": ("屋", "友"), "讲": ("屋", "暗"),
    "得": ("身", "暗"), "走": ("路", "外"),
}  # fmt: skip
_ON_THE_ROAD = re.compile("走|路|桥|前头|下一|看不见|树|鞋|雨|开门|河|天边|云")
_CALLED_BACK = 8  # people thought of again, and heard of at the end


class _Decks:
    """Tables from which nothing is drawn twice before all has been."""

    def __init__(self, pool: Mapping[str, list[str]], rng: random.Random) -> None:
        self._full = {name: rng.sample(cards, len(cards)) for name, cards in pool.items()}
        self._decks = {name: list(cards) for name, cards in self._full.items()}

    def draw_left(self, names: list[str]) -> list[tuple[str, str]]:
        """Return a card for each of *names* (name, card); a deck that is through gives none."""
        return [(name, self._decks[name].pop()) for name in names if self._decks[name]]

    def draw(self, name: str) -> str:
        if not self._decks[name]:
            self._decks[name] = list(self._full[name])
        return self._decks[name].pop()


def plan_chinese_novel(
    idea: ChineseIdea, text: str, seed: int, chapters: int, title: str = "", people: Sequence[Persona] = ()
) -> Saga:
    """Plan a novel of *chapters* chapters from *text*; the same seed gives the same plan."""
    rng = random.Random(derive_seed(seed, "novel", text))
    story = plan_chinese_story(idea, text, seed, 1_200, title, people)
    tables = data("zh", "novel")
    decks = _Decks(_cards(tables, story), rng)
    dealer = Dealer(story_frames(story.slots, {"外": story.subjects}), rng)
    made = [_episode(i, story, decks, dealer, rng) for i in range(chapters - len(_OPENING) - len(_CLOSING))]
    guests = [slots for _, slots, _, _ in made]
    by_name = {beat.name: beat for beat in story.beats}
    out = [_fixed(names, by_name, story, decks, dealer, []) for names in _OPENING]
    out += [chapter for chapter, _, _, _ in made]
    out += [_fixed(names, by_name, story, decks, dealer, _returns(names, guests, decks)) for names in _CLOSING]
    personas = (*story.bible.personas, *(guest for _, _, guest, _ in made))
    places = (*story.bible.places, *(place for _, _, _, place in made))
    bible = story.bible.model_copy(update={"personas": personas, "places": places})
    return Saga(story, bible, tuple(out))


def _cards(tables: dict[str, Any], story: Plan) -> dict[str, list[str]]:
    """Return what is drawn: the pools at home in this world, the wordings of each beat, and free names."""
    pool = {key: lacking(cards, {"忌": story.slots["忌"]}) for key, cards in tables["池"].items()}
    if story.world == "星港":
        pool["站"] = pool["星站"]
    wordings = {key: [v for v in cards if at_home(v, story.slots)] or cards for key, cards in tables["集"].items()}
    talk = [v for v in tables["话"]["写法"] if at_home(v, story.slots)]
    idle = [v for v in data("zh", "plot")["闲笔"]["写法"] if at_home(v, story.slots)]
    quiet = {"独处": [v for v in idle if "{友}" not in v], "同处": [v for v in idle if "{友}" in v]}
    return (
        pool
        | wordings
        | quiet
        | {"话": [v for v in talk if _ON_THE_ROAD.search(v)]}
        | {"家话": [v for v in talk if not _ON_THE_ROAD.search(v)]}
        | _free_names(story.bible)
    )


def _free_names(bible: Bible) -> dict[str, list[str]]:
    """Return surnames and given names that share no 字 with the names taken."""
    taken = set("".join(p.name for p in bible.personas))
    surnames = sorted(s for s in word_table("姓") - taken - set("白高马方石江"))
    given = {key: sorted(g for g in word_table(key) if not set(g) & taken) for key in ("女名", "男名")}
    return {"姓": surnames, **given}


def _episode(
    index: int, story: Plan, decks: _Decks, dealer: Dealer, rng: random.Random
) -> tuple[PlannedChapter, dict[str, str], Persona, Place]:
    pronoun: Pronoun = rng.choice(("she", "he"))
    name = decks.draw("姓") + decks.draw("女名" if pronoun == "she" else "男名")
    drawn = {key: decks.draw(key) for key in data("zh", "novel")["池"] if key != "星站"}
    drawn["差事"], drawn["岔子"] = drawn["差事"].split("/")
    guest = Persona(id=f"guest-{index + 1}", name=name, pronoun=pronoun, role=drawn["客业"], want=drawn["差事"])
    weathers = in_season(data("zh", "world")[story.world], story.slots["季节"])["天"]
    slots = {
        **story.slots,
        **drawn,
        **person_slots("客人", guest),
        "站天": rng.choice(weathers),
        "凭短": re.sub(r"^[一半].", "", drawn["凭"]),
        "客业短": drawn["客业"].removesuffix("的") + "人",
        "食短": drawn["食"],
    }
    beats = [
        dealer.beat(kind, card, slots, _TEXTURE[kind])
        for kind in _COURSE
        for _, card in (decks.draw_left([kind]) if kind in ("讲", "话") else [(kind, decks.draw(kind))])
    ]
    title = fill(rng.choice(data("zh", "novel")["题"]["写法"]), slots)
    summary = fill("{主}和{友}到了{站}。{客人}要他们{差事}，告诉他们：{片}。", slots)
    chapter = PlannedChapter(title, summary, tuple(beats), ("hero", "ally", guest.id))
    return chapter, slots, guest, Place(id=f"stop-{index + 1}", name=drawn["站"])


def _returns(names: tuple[str, ...], guests: list[dict[str, str]], decks: _Decks) -> list[str]:
    """Return the sentences in which the people of the journey come back into this chapter."""
    kind = {"转念": "回想", "答话": "后来"}.get(names[0], "")
    return [fill(decks.draw(kind), slots) for slots in guests[-_CALLED_BACK:]] if kind else []


def _fixed(
    names: tuple[str, ...],
    by_name: Mapping[str, PlannedBeat],
    story: Plan,
    decks: _Decks,
    dealer: Dealer,
    returning: list[str],
) -> PlannedChapter:
    """Return a chapter of the short story's own beats, with idle moments, talk and those who come back between them."""
    beats: list[PlannedBeat] = []
    alone = names in _OPENING[:1]  # the ally hasn't come yet
    slots = story.slots | {"客家": "前头那一家"}
    for name in names:
        beats += [by_name[name]] if name in by_name else []
        if name == names[-1] and names in _CLOSING[1:]:  # nothing comes after the climax and after the close
            break
        late = ["同处", "家话", "独处", "家话", *(["独处", "同处"] if names in _CLOSING[1:] else [])]
        between = ["独处"] if alone else ["独处", "家话"] if names in _OPENING else late
        beats += [dealer.beat(kind, card, slots, ("外", "屋", "手")) for kind, card in decks.draw_left(between)]
        if returning:
            half = (len(returning) + 1) // 2
            parts = (returning[:half], returning[half:])
            beats += [dealer.beat("旧人", "".join(part), slots, ("外",)) for part in parts if part]
            returning = []
    if names == _CLOSING[-1] and re.sub(r"[上里]$", "", slots["镇上"]) == slots["家"]:  # a title may come once
        slots = slots | {"镇上": "归来"}
    shown = {"日常": "家", "来人": "友", "再试": "远", "转念": "信物", "答话": "镇上"}[names[0]]
    return PlannedChapter(re.sub(r"[上里]$", "", slots[shown]), "", tuple(beats), ("hero", "ally"))
