"""Plan a short story: from an idea and a seed to a bible and filled beats, without a model.

The arc is Freytag's (opening, deed, rise by try–fail cycles, night, turn, climax, close) with one thing planted early
that pays off at the turn. A weak checkpoint can't plan; this can, and a strong one may take more of the prose.
"""

from __future__ import annotations

import copy
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from miaobi.bible import Bible, Fact, Persona, Place
from miaobi.craft.facts.clause import is_plural
from miaobi.craft.plot.template import fill
from miaobi.craft.text.frame import measured
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import PRONOUNS, Pronoun, article
from miaobi.craft.text.sentence import capital, length, words
from miaobi.craft.text.table import table
from miaobi.types import Language

OPENING_WORDS = 7  # what an opening comes to, opener included, on the average
FRAME_LENGTH = 16  # the same of a Chinese frame, in 字


@cache
def data(language: str, name: str) -> dict[str, Any]:
    """Return one of the plot tables: ``world``, ``wound``, ``plot``."""
    return tomllib.loads((files("miaobi.craft") / "data" / language / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class PlannedBeat:
    """A beat before it is told."""

    name: str
    template: str  # slots filled, openings in place
    texture: tuple[str, ...] = ()  # openers for more sentences of the same beat
    optional: int = 0  # left out of a short work, 1 first
    language: Language = "en"

    @property
    def words(self) -> int:
        """Return about how many words (字) the beat will have."""
        if self.language == "zh":
            return length(re.sub(r"\|[^\]]*\]", "", measured(self.template)), "zh")
        openings = self.template.count("[")
        return len(words(re.sub(r"\[[^\]]*\]", " ", self.template))) + OPENING_WORDS * openings


@dataclass(frozen=True)
class Plan:
    """What a story will be."""

    bible: Bible
    beats: tuple[PlannedBeat, ...]
    vocabulary: frozenset[str]  # words at home in this world
    slots: dict[str, str]
    manner: str  # sentences at home in this world, to set the tone of the prompt
    world: str
    subjects: list[str]  # beginnings of sentences about what is outside


def choose_world(idea: Idea, rng: random.Random) -> str:
    """Return the kind of place whose keywords the idea names most; by chance among the earthly ones otherwise."""
    role = set(idea.role.split())
    wanted = set(idea.keywords) | {k.removesuffix("s") for k in idea.keywords}
    keys = {name: set(w["keys"].split()) for name, w in data("en", "world").items()}
    hits = {name: len(wanted & key) + len(role & key) for name, key in keys.items()}
    best = max(hits.values())
    if best == 0:
        return rng.choice(["coast", "town", "forest", "mountain", "river", "house"])
    return sorted(name for name, count in hits.items() if count == best)[0]


def _pronoun(idea: Idea, text: str, name: str) -> Pronoun:
    role = set(idea.role.lower().replace("-", " ").split())
    if role & table("women.en") or name.lower() in table("names_she.en"):
        return "she"
    if role & table("men.en") or name.lower() in table("names_he.en"):
        return "he"
    found = set(words(text.lower()))
    return "she" if found & {"she", "her", "hers"} else "he" if found & {"he", "his", "him"} else "she"


def pronoun_slots(pronoun: Pronoun, prefix: str = "") -> dict[str, str]:
    """Return ``they``, ``them``, ``their``, ``theirs``, ``themself``, ``was`` and their capitals for one person."""
    forms = dict(zip(("they", "them", "their", "theirs", "themself"), PRONOUNS[pronoun], strict=True))
    forms["was"] = "were" if pronoun == "they" else "was"
    slots = {f"{prefix}{key}": value for key, value in forms.items()}
    return slots | {f"{prefix}{key.capitalize()}": capital(value) for key, value in forms.items()}


def task_for(idea: Idea) -> dict[str, Any]:
    """Return the task that the idea's deed calls for; *understand* when none does."""
    tasks: list[dict[str, Any]] = data("en", "plot")["task"]
    first = idea.deed.split()[0] if idea.deed else ""
    for task in tasks:
        if any(word in task["deeds"].split() for word in idea.keywords[1:6]) and first:
            return task
    return tasks[-1]


def cast(idea: Idea, text: str, rng: random.Random, ally_roles: Sequence[str]) -> tuple[Persona, Persona]:
    """Return hero and ally: the idea's own name and role where it has them, the ally's role one of *ally_roles*."""
    pronoun_hint = _pronoun(idea, text, idea.name)
    pool = sorted(table("names_she.en" if pronoun_hint == "she" else "names_he.en"))
    name = idea.name or rng.choice(pool).capitalize()
    ally_pronoun: Pronoun = "he" if pronoun_hint == "she" else "she"
    ally_pool = sorted(table("names_he.en" if ally_pronoun == "he" else "names_she.en"))
    ally = rng.choice([n for n in ally_pool if n[0] != name[0].lower()]).capitalize()
    hero = Persona(id="hero", name=name, pronoun=pronoun_hint, role=idea.role or "keeper of small things")
    friend = Persona(id="ally", name=ally, pronoun=ally_pronoun, role=rng.choice(ally_roles), voice="plain, teasing")
    return hero, friend


def _together(table: dict[str, Any], keys: Sequence[str], rng: random.Random) -> dict[str, str]:
    """Return the wordings that belong together: the same place in each of the lists."""
    place = rng.randrange(min(len(table[key]) for key in keys))
    return {key: table[key][place] for key in keys}


def _world_slots(world: dict[str, Any], idea: Idea, rng: random.Random) -> dict[str, str]:
    weather = rng.sample(world["weather"], 3)
    sounds = rng.sample(world["sound"], 2)
    home = rng.choice(world["home"])
    tools = rng.sample(world["tool"], 3)
    return {
        "weather": weather[0],
        "weather_low": weather[0][0].lower() + weather[0][1:],
        "weather_two": weather[1],
        "weather_three": weather[2],
        "sound": sounds[0],
        "sound_two": sounds[1],
        "home": home,
        **_town_slots(rng.choice(world["town"])),
        "far": rng.choice(world["far"]),
        "surface": rng.choice(world["surface"]),
        **dict(zip(("tool", "tool_two", "tool_three"), tools, strict=True)),
        "chores": rng.choice(world["chores"]),
    }


def _town_slots(phrase: str) -> dict[str, str]:
    """Return the slots of a place given with its preposition: “on the quay”."""
    preposition, name = phrase.split(" ", 1)
    through = "along" if preposition == "on" else "round" if preposition == "at" else "through"
    return {"town": name, "in_town": phrase, "In_town": capital(phrase), "through_town": f"{through} {name}"}


def _thing(idea: Idea) -> tuple[str, str]:
    """Return the thing with its definite and its indefinite article."""
    if idea.other and not idea.thing:
        return f"the {idea.other}", article(idea.other)
    if idea.thing:
        head = idea.thing if len(idea.thing.split()) <= 3 else idea.head
        return f"the {head}", f"some {idea.thing}" if is_plural(idea.thing) else article(idea.thing)
    return "it", "it"


def plan_story(idea: Idea, text: str, seed: int, length: int, title: str = "", deadline: str = "") -> Plan:
    """Plan the story of *text* (its parse is *idea*) in about *length* words; the same seed gives the same plan."""
    rng = random.Random(seed)
    name = choose_world(idea, rng)
    world = data("en", "world")[name]
    wound = rng.choice(data("en", "wound")["wound"])
    task = task_for(idea)
    pool = data("en", "plot")["pool"]
    hero, ally = cast(idea, text, rng, world.get("ally_role", pool["ally_role"]))
    the_thing, a_thing = _thing(idea)
    years = rng.choice(pool["years"])
    slots = {
        **pronoun_slots(hero.pronoun),
        **pronoun_slots(ally.pronoun, "ally_"),
        **_world_slots(world, idea, rng),
        **{key: rng.choice(task[key]) for key in task if isinstance(task[key], list)},
        **_together(task, ("try_one", "fail_one"), rng),
        **_together(task, ("try_two", "fail_two"), rng),
        **{key: rng.choice(wound[key]) for key in ("shown", "history")},
        **_together(wound, ("planted", "breaking", "after"), rng),  # the thing is found where it was put
        **{key: rng.choice(pool[key]) for key in ("weekday", "time", "ally_trait", "aside")},
        "deadline": deadline or rng.choice(world.get("deadline", pool["deadline"])),
        "hero": hero.name,
        "Hero": hero.name,
        "ally": ally.name,
        "role": hero.role,
        "a_role": article(hero.role),
        "an_ally_role": article(ally.role),
        "thing": the_thing,
        "a_thing": a_thing,
        "thing_is": "person" if idea.other and idea.other in the_thing else "object",
        "years": years,
        "Years": capital(years),
        "token": wound["token_short"],
        "lost": wound["lost"].split(" or ")[0],
        "goal_speech": task["goal_speech"],
        "deed": idea.deed or f"came upon {a_thing}",
    }
    slots["ally_They"] = capital(slots["ally_they"])
    subjects = [*world.get("outside", data("en", "plot")["openers"]["outside"]), *world["subjects"]]
    openers = Openers(story_openers(slots, subjects), rng)
    beats = _fit(
        [_plan_beat(beat, slots, openers, rng) for beat in data("en", "plot")["beat"]], length, slots, openers, rng
    )
    personas = (
        hero.model_copy(update={"want": fill(wound["want"], slots), "flaw": fill(wound["flaw"], slots)}),
        ally,
    )
    bible = Bible(
        title=title or _title(slots, idea, hero, rng),
        logline=text,
        theme=wound["theme"],
        motifs=tuple(dict.fromkeys([wound["token"], a_thing])),
        personas=personas,
        places=(Place(id="home", name=slots["home"]), Place(id="town", name=slots["town"])),
        facts=(Fact(subject="hero", attribute="role", value=hero.role),),
    )
    return Plan(bible, beats, frozenset(world["vocabulary"].split()), slots, _manner(world, slots), name, subjects)


class Openers:
    """Beginnings of sentences by kind, dealt like cards: none comes again before the pack is through."""

    def __init__(self, packs: Mapping[str, list[str]], rng: random.Random) -> None:
        self._full = dict(packs)
        self._packs: dict[str, list[str]] = {}
        self._rng = rng

    def plus(self, kind: str, pack: list[str]) -> Openers:
        """Return the same packs with a fresh one for *kind*; what is dealt from the others is gone from both."""
        other = copy.copy(self)
        other._full = self._full | {kind: pack}
        self._packs.pop(kind, None)
        return other

    def deal(self, kind: str, count: int = 3) -> str:
        """Return *count* beginnings of a kind as the inside of an opening: ``The lamp|The door|A cup``."""
        return "|".join(self._next(kind) for _ in range(count))

    def _next(self, kind: str) -> str:
        if not self._packs.get(kind):
            self._packs[kind] = self._rng.sample(self._full[kind], len(self._full[kind]))
        return self._packs[kind].pop()


def story_openers(slots: Mapping[str, str], subjects: list[str]) -> dict[str, list[str]]:
    """Return the packs of a story: ours with the slots filled; *subjects* are what is outside in its world."""
    packs = {kind: [fill(o, slots) for o in pool] for kind, pool in data("en", "plot")["openers"].items()}
    packs["outside"] = subjects
    return packs


def deal_beat(
    name: str, variant: str, slots: Mapping[str, str], openers: Openers, texture: Sequence[str], optional: int = 0
) -> PlannedBeat:
    """Fill a variant's slots and deal beginnings for its openings and for more sentences."""
    dealt = re.sub(r"@(\w+)", lambda m: openers.deal(m.group(1)), fill(variant.removeprefix("~"), slots))
    return PlannedBeat(name, sentence_case(dealt), tuple(openers.deal(kind) for kind in texture), optional)


def _plan_beat(beat: dict[str, Any], slots: dict[str, str], openers: Openers, rng: random.Random) -> PlannedBeat:
    legal = [v for v in beat["variants"] if not (v.startswith("~") and slots["thing_is"] == "person")]
    texture = [kind.removeprefix("@") for kind in beat["texture"]]
    return deal_beat(beat["name"], rng.choice(legal), slots, openers, texture, beat.get("optional", 0))


def _fit(
    beats: list[PlannedBeat], length: int, slots: dict[str, str], openers: Openers, rng: random.Random
) -> tuple[PlannedBeat, ...]:
    """Leave beats out, or put interludes in, until the plan comes to about *length* words."""
    for rank in sorted({b.optional for b in beats if b.optional}):
        if sum(b.words for b in beats) > length * 1.04:
            beats = [b for b in beats if b.optional != rank]
    table = data("en", "plot")["interlude"]
    pool = rng.sample(table["variants"], len(table["variants"]))
    places = ("refusal", "goal", "try", "cost", "again", "visitor")
    at = 0
    while pool and sum(b.words for b in beats) < length - 60:
        added = _plan_beat(
            {"name": "interlude", "variants": [pool.pop()], "texture": table["texture"]}, slots, openers, rng
        )
        spots = [i for i, b in enumerate(beats) if b.name == places[at % len(places)]]
        beats.insert((spots[0] if spots else len(beats) // 2) + 1, added)
        at += 1
    return tuple(beats)


def _title(slots: dict[str, str], idea: Idea, hero: Persona, rng: random.Random) -> str:
    own = {
        "Deadline": slots["deadline"],
        "Token": slots["token"],
        "Home": slots["home"],
        "Hero": hero.name,
        "Head": idea.head,
        "Role": hero.role.split()[-1],
    }
    patterns = [p for p in data("en", "plot")["title"]["variants"] if "{Head}" not in p or idea.head]
    return title_case(fill(rng.choice(patterns), own))


def title_case(text: str) -> str:
    """Return *text* with capitals as English titles have them."""
    small = {"a", "an", "the", "and", "of", "in", "on", "at", "to", "for", "by", "with", "from", "but", "or"}
    parts = text.split()
    return " ".join(w if w in small and i else capital(w) for i, w in enumerate(parts))


def _manner(world: dict[str, Any], slots: dict[str, str]) -> str:
    """Return the weathers of the world that the story doesn't use itself, as sentences."""
    used = {slots["weather"], slots["weather_two"], slots["weather_three"]}
    return " ".join(w + "." for w in world["weather"] if w not in used)


def sentence_case(text: str) -> str:
    """Return *text* with a capital at each sentence's beginning, as slots may have put a small letter there."""
    out, start = [], True
    for i, c in enumerate(text):
        if start and c.isalpha():
            out.append(c.upper())
            start = False
        else:
            out.append(c)
        if c in ".!?" and text[i + 1 : i + 2] in {" ", ""}:
            start = True
        elif c in ".!?" and text[i + 1 : i + 3] == "” ":
            start = c == "."
        elif c == "[":
            start = False
    return "".join(out)
