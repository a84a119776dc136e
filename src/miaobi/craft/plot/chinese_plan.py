"""Plan a Chinese short story by 起承转合: from an idea and a seed to a bible and filled beats, without a model.

起 shows a day, plants a thing and a passer-by; 承 tries and fails, and is misunderstood; 转 is the night in which the
planted thing speaks; 合 is the act that the hero never dared, and the passer-by turns out to be the one concerned.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from miaobi.bible import Bible, Fact, Persona, Place
from miaobi.craft.plot.cast import played, taking
from miaobi.craft.plot.plan import Openers, Plan, PlannedBeat, data
from miaobi.craft.plot.template import fill
from miaobi.craft.text.chinese_idea import ChineseIdea, word_list, word_table
from miaobi.craft.text.inflection import Pronoun
from miaobi.types import derive_seed

SEASONS = "春夏秋冬"
_IN_SEASON = re.compile(rf"^([{SEASONS}]+)：")
_SEASON_WORDS = {"冬": "冬雪冰", "夏": "夏蝉荷", "春": ("春", "清明"), "秋": ("秋", "落叶", "桂花", "霜")}
ALTERNATIVES = 2  # frames dealt for one opening
_SHORT = 950  # 字 below which each beat takes one of its shorter wordings
_ANYWHERE = ("犹疑", "立意", "一试", "路人", "再试", "闲话")
_AFTER_ALLY = ("立意", "一试", "再试", "闲话")
_TRAVEL = re.compile(r"\{远\}|去了|到\{镇上\}|左近|上路|走过|绕过去|在\{镇上\}")
_EARTHLY = ("渔港", "山村", "水乡", "胡同", "茶馆", "小站", "校园")
_YOUNG = ("少年", "孩子", "小孩", "男孩", "女孩", "学生")
_WHERE = {"物": "门口看见了", "人": "门口遇见了", "处": "", "虚": ""}


def choose_world(idea: ChineseIdea, rng: random.Random) -> str:
    """Return the place whose words the idea names most, the role counting twice; an earthly one by chance otherwise."""
    worlds = data("zh", "world")
    hits = {
        name: sum(len(word) for word in world["词"].split() if word in idea.text)
        + sum(len(word) for word in world["词"].split() if word in idea.role)
        for name, world in worlds.items()
    }
    best = max(hits.values())
    if not best:
        return rng.choice(_EARTHLY)
    return next(name for name, count in hits.items() if count == best)


def in_season(table: dict[str, Any], season: str) -> dict[str, Any]:
    """Return *table* without the sentences of other seasons, and without the marks of this one."""

    def kept(cards: list[str]) -> list[str]:
        marks = [_IN_SEASON.match(card) for card in cards]
        return [c[m.end() :] if m else c for c, m in zip(cards, marks, strict=True) if not m or season in m.group(1)]

    return {key: kept(cards) if isinstance(cards, list) else cards for key, cards in table.items()}


def choose_task(idea: ChineseIdea) -> dict[str, Any]:
    """Return what has to be done with the thing: by its kind first, then by the idea's verb."""
    tasks: list[dict[str, Any]] = data("zh", "plot")["事由"]
    if idea.kind != "物":
        return next(task for task in tasks if task["类"] == idea.kind)
    carried = [task for task in tasks if task["类"] == "物"]
    if idea.verb[-1:] in ("出", "完", "好", "成"):  # made already: what is left is to keep it
        return next(task for task in tasks if task["名"] == "藏护")
    named = [task for task in carried if any(word in idea.act for word in task["词"].split())]
    by_verb = [task for task in named if idea.verb.startswith(tuple(task["词"].split()))]
    return (by_verb or named or carried)[0]


def chinese_cast(
    idea: ChineseIdea, world: dict[str, Any], rng: random.Random, people: Sequence[Persona] = ()
) -> tuple[Persona, Persona]:
    """Return hero and ally, named surname first; no 字 of one name is in the other."""
    given, given_ally = played(idea.name, people)
    pronoun = _pronoun(idea, rng)
    name = idea.name or _name(pronoun, "", rng)
    if given is not None:
        name, pronoun = given.name, pronoun if given.pronoun == "they" else given.pronoun
    ally_pronoun: Pronoun = "he" if pronoun == "she" else "she"
    ally_name = _name(ally_pronoun, name, rng)
    trade = idea.trade or rng.choice(world["业"])
    hero = Persona(id="hero", name=name, pronoun=pronoun, role=trade, traits={"称呼": _address(name, pronoun)})
    ally = Persona(
        id="ally",
        name=ally_name,
        pronoun=ally_pronoun,
        role=rng.choice([r for r in world["友业"] if r != trade]),
        traits={"称呼": _address(ally_name, ally_pronoun)},
    )
    return _addressed(hero, given), _addressed(ally, given_ally)


def _addressed(persona: Persona, given: Persona | None) -> Persona:
    """Return a persona with what is given of it, and what friends then call it."""
    if given is None:
        return persona
    told = given if given.pronoun != "they" else given.model_copy(update={"pronoun": persona.pronoun})
    plays = taking(persona, told)
    known = len(plays.name) in (2, 3) and "称呼" not in given.traits
    address = _address(plays.name, plays.pronoun) if known else given.traits.get("称呼", plays.name)
    return plays.model_copy(update={"traits": plays.traits | {"称呼": address}})


def _pronoun(idea: ChineseIdea, rng: random.Random) -> Pronoun:
    if idea.role.endswith(word_list("女角")) or "她" in idea.text:
        return "she"
    if idea.role.endswith(word_list("男角")) or "他" in idea.text:
        return "he"
    given = idea.name[1:]
    if given in word_table("女名") or (given and given[-1] in "云兰珍芬娟雪梅兰燕晴琴珠英玉静芝霞红芳丽娜婷"):
        return "she"
    return "he" if given else rng.choice(("she", "he"))


def _name(pronoun: Pronoun, taken: str, rng: random.Random) -> str:
    given = sorted(g for g in word_table("女名" if pronoun == "she" else "男名") if not set(g) & set(taken))
    surnames = [s for s in sorted(word_table("姓")) if s not in taken and s not in "白高马方石江"]
    while True:
        name = rng.choice(surnames) + rng.choice(given)
        if len(set(name)) == len(name):
            return name


def _address(name: str, pronoun: Pronoun) -> str:
    """Return how friends call one: 老周 for a man, her given name for a woman."""
    return f"老{name[0]}" if pronoun == "he" else name[-2:]


def person_slots(mark: str, persona: Persona) -> dict[str, str]:
    """Return the slots of a person: name, pronoun, trade, what friends call them."""
    own = "主" if mark == "" else mark
    he = "她" if persona.pronoun == "she" else "他"
    return {
        own: persona.name,
        f"{mark}他": he,
        f"{mark}业": persona.role,
        f"{mark}称": persona.traits.get("称呼", persona.name),
    }


def plan_chinese_story(
    idea: ChineseIdea, text: str, seed: int, length: int, title: str = "", people: Sequence[Persona] = ()
) -> Plan:
    """Plan the story of *text* in about *length* 字; the same seed gives the same plan."""
    rng = random.Random(derive_seed(seed, "story", text))
    name = choose_world(idea, rng)
    season = next((s for s, marks in _SEASON_WORDS.items() if any(m in text for m in marks)), rng.choice(SEASONS))
    world = in_season(data("zh", "world")[name], season)
    wound = _wound(text, rng)
    hero, ally = chinese_cast(idea, world, rng, people)
    slots = {
        **person_slots("", hero),
        **person_slots("友", ally),
        **_world_slots(world, idea, rng),
        **_pool_slots(idea, in_season(data("zh", "plot")["池"], season), world, rng),
        **_task_slots(choose_task(idea), rng),
        **{key: rng.choice(lacking(wound[key], world)) for key in ("露", "埋", "来历", "破", "后")},
        **thing_slots(idea, rng),
        "季节": season,
        "信物": wound["信物"],
        "那信物": wound["那"],
        "见": wound["见"],
        "现": wound["现"],
    }
    dealer = Dealer(story_frames(slots, world), rng)
    beats = tuple(
        _fit([_planned(b, slots, dealer, rng, length < _SHORT) for b in _beats()], length, slots, dealer, rng)
    )
    bible = Bible(
        title=title or make_title(data("zh", "plot")["题"]["写法"], slots, rng),
        logline=text,
        theme=wound["旨"],
        motifs=tuple(dict.fromkeys([wound["信物"], slots["物字"]])),
        personas=(hero.model_copy(update={"want": fill(wound["愿"], slots), "flaw": wound["病"]}), ally),
        places=(Place(id="home", name=slots["家"]), Place(id="town", name=slots["镇上"])),
        facts=(Fact(subject="hero", attribute="role", value=hero.role),),
    )
    vocabulary = frozenset(w for w in world["栖"].split("/")) | word_table("处尾")
    return Plan(bible, beats, vocabulary, slots, _manner(world, slots), name, world["外"])


def _beats() -> list[dict[str, Any]]:
    beats: list[dict[str, Any]] = data("zh", "plot")["节"]
    return beats


def _wound(text: str, rng: random.Random) -> dict[str, Any]:
    """Return a wound whose lost one the idea doesn't name: that person is alive in the story."""
    wounds = data("zh", "wound")["心结"]
    free = [w for w in wounds if w["亲"] not in text and w["信物"][-1] not in text] or wounds
    chosen: dict[str, Any] = rng.choice(free)
    return chosen


def _task_slots(task: dict[str, Any], rng: random.Random) -> dict[str, str]:
    """Return one of each list; an attempt and how it fails belong together."""
    slots = {key: rng.choice(cards) for key, cards in task.items() if isinstance(cards, list)}
    for attempt, failure in (("试一", "败一"), ("试二", "败二")):
        i = rng.randrange(len(task[attempt]))
        slots |= {attempt: task[attempt][i], failure: task[failure][i]}
    return slots | {"事由": task["名"]}


def _nearest(cards: list[str], text: str, rng: random.Random) -> str:
    """Return the card that shares most 字 with *text*: a lighthouse keeper trims a wick, and mends no net."""
    shared = [len(set(card) & set(text)) for card in cards]
    return rng.choice([card for card, count in zip(cards, shared, strict=True) if count == max(shared)])


def _chores(world: dict[str, Any], role: str, rng: random.Random) -> str:
    """Return chores that go with the role, or that anybody has."""
    own = [card for card in world["活"] if set(card) & (set(role) - set("的人工看守员师老小一上"))]
    anybody: list[str] = lacking(data("zh", "plot")["池"]["活通"], world)
    chosen: str = rng.choice(own or (anybody if role else world["活"]))
    return chosen


def _world_slots(world: dict[str, Any], idea: ChineseIdea, rng: random.Random) -> dict[str, str]:
    weather, sounds = rng.sample(world["天"], 4), rng.sample(world["声"], 2)
    return {
        "天": weather[0],
        "天二": weather[1],
        "天三": weather[2],
        "天四": weather[3],
        "声": sounds[0],
        "声二": sounds[1],
        "栖": world["栖"],
        "忌": world.get("忌", ""),
        "家": _nearest(world["家"], idea.role or idea.text, rng),
        "活": _chores(world, idea.role, rng),
        **{key: rng.choice(world[key]) for key in ("远", "面")},
        "镇上": rng.choice(world["镇"]),
    }


def lacking(cards: list[str], world: dict[str, Any]) -> list[str]:
    """Return the cards that name nothing the world lacks; all of them when each does."""
    return [c for c in cards if not any(word in c for word in world.get("忌", "").split())] or cards


def _pool_slots(
    idea: ChineseIdea, pool: dict[str, list[str]], world: dict[str, Any], rng: random.Random
) -> dict[str, str]:
    slots = {key: rng.choice(lacking(cards, world)) for key, cards in pool.items() if key not in ("客", "活通")}
    if idea.role.endswith(_YOUNG):
        slots["年"] = "三"
    passer, pronoun = rng.choice(pool["客"]).split("/")
    return slots | {"一客": f"一个{passer}", "那客": f"那个{passer}", "客他": pronoun}


def thing_slots(idea: ChineseIdea, rng: random.Random) -> dict[str, str]:
    """Return the thing by its count, by its pointer and bare, what happens with it, and its kind."""
    one, that = idea.one or "一件事", idea.that or "这件事"
    met = f"在{_WHERE[idea.kind]}{one}" if _WHERE[idea.kind] else f"听说有人要来动{one}"
    done = idea.deed or (met if idea.one else "遇上了一件说不清的事")
    act = idea.act if idea.act.replace("了", "") == idea.deed.replace("了", "") else ""  # what can be seen as it is
    return {
        "物题": idea.topic or _title_of(one, idea.bare),
        "题目": idea.topic,
        "一物": one,
        "物": that,
        "物字": idea.bare or "事",
        "事": done,
        "演": act,
        "类": idea.kind,
    }


def _title_of(one: str, bare: str) -> str:
    """Return the thing without its count, as a title has it: 「不说话的孩子」."""
    counted = re.match(rf"^(?:{'|'.join(word_list('数'))}).", one)
    rest = one[counted.end() :] if counted and not one.startswith("最后") else one
    return rest if len(rest) <= 8 else bare


class Dealer:
    """Frames by kind, dealt like cards; a kind's pack is through before any of it comes again."""

    def __init__(self, packs: Mapping[str, list[str]], rng: random.Random) -> None:
        self._openers = Openers(packs, rng)

    def deal(self, kind: str) -> str:
        """Return frames of a kind as the inside of an opening: ``甲|乙``."""
        return self._openers.deal(kind, ALTERNATIVES)

    def beat(
        self, name: str, variant: str, slots: Mapping[str, str], texture: Sequence[str], optional: int = 0
    ) -> PlannedBeat:
        """Fill a variant's slots and deal frames for its openings and for more sentences."""
        text = re.sub(r"@(\w+)", lambda m: self.deal(m.group(1)), fill(variant.lstrip("~^"), slots))
        return PlannedBeat(name, text, tuple(self.deal(kind) for kind in texture), optional, "zh")


def story_frames(slots: Mapping[str, str], world: dict[str, Any]) -> dict[str, list[str]]:
    """Return the packs of a story with the slots filled."""
    packs = dict(data("zh", "plot")["openers"]) | {"外": world["外"]}
    for attempt, pack in (("试一", "行一"), ("试二", "行二")):
        packs[pack] = packs["路" if _TRAVEL.search(slots[attempt]) else "身"]
    return {kind: [fill(text, slots) for text in pool if at_home(text, slots)] for kind, pool in packs.items()}


def at_home(text: str, slots: Mapping[str, str]) -> bool:
    """Tell whether *text* names nothing that the world lacks: no wind on the moon."""
    return not any(word in text for word in slots["忌"].split())


def _planned(
    beat: dict[str, Any], slots: dict[str, str], dealer: Dealer, rng: random.Random, short: bool
) -> PlannedBeat:
    at_hand = slots["类"] == "物" and slots["事由"] != "寻回"
    barred = tuple(mark for mark, legal in (("~", at_hand), ("^", slots["事由"] == "归还")) if not legal)
    portable = [v for v in beat["写法"] if not v.startswith(barred)]
    legal = sorted([v for v in portable if at_home(v, slots)] or portable, key=len)
    if short:
        legal = legal[: (len(legal) + 1) // 2]
    return dealer.beat(beat["名"], rng.choice(legal), slots, beat["肌理"], beat.get("选", 0))


def _fit(
    beats: list[PlannedBeat], length: int, slots: dict[str, str], dealer: Dealer, rng: random.Random
) -> list[PlannedBeat]:
    """Leave beats out, or put idle moments in, until the plan comes to about *length* 字."""
    for rank in sorted({b.optional for b in beats if b.optional}):
        if sum(b.words for b in beats) > length * 1.04:
            beats = [b for b in beats if b.optional != rank]
    table = data("zh", "plot")["闲笔"]
    pool = [v for v in rng.sample(table["写法"], len(table["写法"])) if at_home(v, slots)]
    at = 0
    while pool and sum(b.words for b in beats) < length - 40:
        variant = pool.pop()
        places = _AFTER_ALLY if "{友}" in variant else _ANYWHERE  # nobody comes in before being introduced
        spots = [i for i, b in enumerate(beats) if b.name == places[at % len(places)]]
        added = dealer.beat("闲笔", variant, slots, table["肌理"])
        beats.insert((spots[0] if spots else len(beats) - 4) + 1, added)
        at += 1
    return beats


def make_title(patterns: list[str], slots: Mapping[str, str], rng: random.Random) -> str:
    """Return a title without quotation: a thing, a day, a place."""
    short = {"家题": slots["家"].split("的")[0], "物字": slots["物字"]}
    named = [p for p in patterns if slots["物字"] != "事" or "物" not in p.replace("信物", "")]
    return slots["题目"] or fill(rng.choice(named), {**slots, **short})


def _manner(world: dict[str, Any], slots: dict[str, str]) -> str:
    """Return the weathers of the world that the story doesn't use itself, as sentences."""
    used = {slots[key] for key in ("天", "天二", "天三", "天四")}
    return "".join(w + "。" for w in world["天"] if w not in used)
