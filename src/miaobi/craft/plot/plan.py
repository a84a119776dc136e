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
from miaobi.craft.plot.cast import cast, lost_one
from miaobi.craft.plot.motif import motifs_of
from miaobi.craft.plot.reference import WORDS_A_RECALL, recalled, short_deed, with_trade
from miaobi.craft.plot.setting import definite, kind_of, season_of, thing_of, trade_of, world_slots
from miaobi.craft.plot.template import fill
from miaobi.craft.plot.variant import ARCS, fits, legal, tones_of, unmarked, vary
from miaobi.craft.text.frame import measured
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import PRONOUNS, Pronoun, article
from miaobi.craft.text.sentence import capital, length, words
from miaobi.types import Language, derive_seed

OPENING_WORDS = 9  # what an opening comes to, opener included, on the average
FRAME_LENGTH = 16  # the same of a Chinese frame, in 字
ROOM_FOR_ARCS = 550  # words; a shorter story leaves out what the other arcs live on
WORDS_A_CHOICE = 22  # in so many words an engine chooses or writes once
SLACK = 170  # words of a story left to the endings that its engine chooses
WORDS_A_MOTIF = 80  # in so many words a story comes back to what its idea names once, beside its recalls of the deed
DEALS = 64  # how often the beats are dealt to come near a length
_SUDDEN = ("opening", "deed", "token", "refusal", "visitor", "close")  # too soon to come back to anything, or the end
_SCENE = re.compile(r"\[@(?:hands|room|dark|walk|outside)\]")


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


def pronoun_slots(pronoun: Pronoun, prefix: str = "") -> dict[str, str]:
    """Return ``they``, ``them``, ``their``, ``theirs``, ``themself``, ``was`` and their capitals for one person."""
    forms = dict(zip(("they", "them", "their", "theirs", "themself"), PRONOUNS[pronoun], strict=True))
    forms["was"] = "were" if pronoun == "they" else "was"
    slots = {f"{prefix}{key}": value for key, value in forms.items()}
    return slots | {f"{prefix}{key.capitalize()}": capital(value) for key, value in forms.items()}


def task_for(idea: Idea, kind: str = "small") -> dict[str, Any]:
    """Return the task that the idea's deed calls for where the thing is of *kind*; *understand* when none does."""
    tasks: dict[str, dict[str, Any]] = {task["name"]: task for task in data("en", "task")["task"]}
    verbs = [word.lower() for word in idea.act.split()[:1]] + [w for w in idea.keywords[1:6] if idea.deed]
    found = next((n for verb in verbs for n, task in tasks.items() if verb in task["deeds"].split()), "understand")
    if kind in {"person", "animal"} and found in {"return", "understand", "finish"}:
        found = "help"
    elif found == "return" and kind != "small":
        found = "understand"
    return tasks[found]


def _together(table: dict[str, Any], keys: Sequence[str], rng: random.Random) -> dict[str, str]:
    """Return the wordings that belong together: the same place in each of the lists."""
    place = rng.randrange(min(len(table[key]) for key in keys))
    return {key: table[key][place] for key in keys}


def _task_slots(task: dict[str, Any], holds: frozenset[str], rng: random.Random) -> dict[str, str]:
    """Return what a task gives: a try with the failure that belongs to it, and of everything else one that fits."""
    slots = {key: rng.choice(legal(task[key], holds)) for key in task if isinstance(task[key], list)}
    for number in ("one", "two"):
        tries = legal(task[f"try_{number}"], holds)
        slots[f"try_{number}"], slots[f"fail_{number}"] = rng.choice(tries).split(" => ")
    return slots


def _holds(
    idea: Idea, hero: Persona, kind: str, season: str, tone: str, arc: str, rng: random.Random
) -> frozenset[str]:
    """Return the marks that hold in the story: season, tones, the kind of thing and of hero, the arc."""
    pool = data("en", "plot")["pool"]
    last = hero.role.split()[-1].lower()
    who = "child" if last in {"girl", "boy", "child"} else "kin" if last in pool["kin"].split() else "trade"
    tones = tones_of(tone) or (rng.choice(("plain", "plain", "warm", "dark", "wry", "hopeful")),)
    ways = {"dark": ("plain-arc", "loss", "together"), "wry": ("comedy", "together", "plain-arc")}
    drawn = rng.choice(ways.get(tones[0], ("plain-arc", "plain-arc", "together", "loss", "comedy")))
    return frozenset({season, *tones, kind, who, arc or drawn})


def plan_story(
    idea: Idea,
    text: str,
    seed: int,
    length: int,
    title: str = "",
    tone: str = "",
    arc: str = "plain-arc",
    deadline: str = "",
    people: Sequence[Persona] = (),
) -> Plan:
    """Plan the story of *text* (its parse is *idea*) in about *length* words; the same seed gives the same plan.

    *tone* is the brief's own words; *arc* is how the plot runs; an *arc* or a *deadline* of "" is left to chance;
    *people* play hero and ally.
    """
    rng = random.Random(derive_seed(seed, "story", text))
    name = choose_world(idea, rng)
    world = data("en", "world")[name]
    pool = data("en", "plot")["pool"]
    hero, ally = cast(idea, text, rng, world.get("ally_role", pool["ally_role"]), people)
    kind = kind_of(idea, thing_of(idea)[0], pool) if thing_of(idea)[0] != "it" else "none"
    if length < ROOM_FOR_ARCS:
        arc = "plain-arc"
    holds = _holds(idea, hero, kind, season_of(text, rng), tone, arc, rng)
    wound = rng.choice(data("en", "wound")["wound"])
    task = task_for(idea, kind)
    slots = _slots(idea, (hero, ally), wound, task, world, holds, rng)
    slots["deadline"] = deadline or slots["deadline"]
    slots |= {"marks": " ".join(sorted(holds | {task["name"]})), "asked": " ".join(tones_of(tone))}
    subjects = legal([*world.get("outside", data("en", "plot")["openers"]["outside"]), *world["subjects"]], holds)
    openers = Openers(story_openers(slots, subjects), rng)
    personas = (
        hero.model_copy(update={"want": fill(wound["want"], slots), "flaw": fill(wound["flaw"], slots)}),
        ally,
    )
    bible = Bible(
        title=title or _title(slots, idea, hero, rng),
        logline=text,
        theme=wound["theme"],
        motifs=tuple(dict.fromkeys([wound["token"], thing_of(idea)[1]])),
        personas=personas,
        places=(Place(id="home", name=slots["home"]), Place(id="town", name=slots["town"])),
        facts=(Fact(subject="hero", attribute="role", value=hero.role),),
    )
    beats = _planned(length, slots, openers, rng)
    if holds & {"trade", "child"} and hero.role != ally.role:
        beats = tuple(with_trade(beats, hero.name, hero.role))
    return Plan(bible, beats, frozenset(world["vocabulary"].split()), slots, _manner(world, slots), name, subjects)


def _slots(
    idea: Idea,
    personas: tuple[Persona, Persona],
    wound: dict[str, Any],
    task: dict[str, Any],
    world: dict[str, Any],
    holds: frozenset[str],
    rng: random.Random,
) -> dict[str, str]:
    """Return every slot of a story, with its own slots filled and its choices drawn."""
    hero, ally = personas
    pool = data("en", "plot")["pool"]
    trade = trade_of(hero.role, data("en", "trade"))
    the_thing, a_thing = thing_of(idea)
    years = rng.choice(pool["few"] if "child" in holds else pool["years"])
    slots = {
        **pronoun_slots(hero.pronoun),
        **pronoun_slots(ally.pronoun, "ally_"),
        **world_slots(world, trade, holds, rng),
        **_task_slots(task, holds, rng),
        **{key: rng.choice(legal(wound[key], holds)) for key in ("shown", "history")},
        **_together(wound, ("planted", "breaking", "after"), rng),  # the thing is found where it was put
        **{key: rng.choice(legal(pool[key], holds)) for key in ("weekday", "time", "ally_trait", "aside")},
        "knows": rng.choice(trade.get("knows") or pool["knows"]),
        "deadline": rng.choice(legal(world.get("deadline", pool["deadline"]), holds)),
        "hero": hero.name,
        "Hero": hero.name,
        "ally": ally.name,
        "role": hero.role,
        "a_role": article(hero.role),
        "ally_role": ally.role,
        "an_ally_role": article(ally.role),
        "thing": the_thing,
        "Thing": capital(the_thing),
        "a_thing": a_thing,
        "years": years,
        "Years": capital(years),
        "token": wound["token_short"],
        "lost": lost_one(wound["lost"], hero.pronoun, rng),
        "deed": idea.deed or f"came upon {a_thing}",
        "motifs": "|".join(motifs_of(idea)) or ("what had happened" if the_thing == "it" else the_thing),
    }
    slots |= {f"the_{key}": definite(slots[key]) for key in ("tool", "tool_two", "tool_three")}
    slots |= {"ally_They": capital(slots["ally_they"]), "Home": capital(slots["home"])}
    slots = {key: vary(fill(value, slots), rng) for key, value in slots.items()}
    slots |= {f"pace_{n}": _pace(slots[f"try_{n}"], slots["far"]) for n in ("one", "two")}
    return slots | {"weather_low": slots["weather"][0].lower() + slots["weather"][1:]}


def _pace(attempt: str, far: str) -> str:
    """Return what texture goes with an attempt: of the way where it leads away from home, of the hands otherwise."""
    away = {"went", "carried", "followed", "set", "started"} & set(words(attempt))
    return "@walk" if away or far in attempt else "@hands"


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

    def vary(self, text: str) -> str:
        """Return *text* with its choices drawn."""
        return vary(text, self._rng)

    def _next(self, kind: str) -> str:
        if not self._packs.get(kind):
            self._packs[kind] = self._rng.sample(self._full[kind], len(self._full[kind]))
        return self.vary(self._packs[kind].pop())


def story_openers(slots: Mapping[str, str], subjects: list[str]) -> dict[str, list[str]]:
    """Return the packs of a story: ours with the slots filled; *subjects* are what is outside in its world."""
    holds = frozenset(slots["marks"].split())
    tables = data("en", "plot")["openers"]
    packs = {kind: [fill(o, slots) for o in legal(pool, holds)] for kind, pool in tables.items() if kind != "mind"}
    packs["outside"] = [fill(o, slots) for o in subjects]
    motifs = slots["motifs"].split("|")
    named = [{**slots, "motif": motif, "Motif": capital(motif)} for motif in motifs]
    packs["mind"] = [fill(o, named[i % len(named)]) for i, o in enumerate(legal(tables["mind"], holds))]
    return packs


def deal_beat(
    name: str, variant: str, slots: Mapping[str, str], openers: Openers, texture: Sequence[str], optional: int = 0
) -> PlannedBeat:
    """Fill a variant's slots, draw its choices, and deal beginnings for its openings and for more sentences."""
    drawn = openers.vary(fill(unmarked(variant), slots))
    dealt = re.sub(r"@(\w+)", lambda m: openers.deal(m.group(1)), drawn)
    return PlannedBeat(name, sentence_case(dealt), tuple(openers.deal(kind) for kind in texture), optional)


def _planned(length: int, slots: dict[str, str], openers: Openers, rng: random.Random) -> tuple[PlannedBeat, ...]:
    """Deal the story's beats several times, and return the deal that comes nearest to *length* words."""
    tables = data("en", "plot")
    holds = frozenset(slots["marks"].split())
    course = rng.choice([arc for arc in tables["arc"] if arc["name"] in holds])
    by_name = {beat["name"]: beat for beat in tables["beat"]}
    dealt = []
    later = [name for name in course["beats"] if name not in _SUDDEN]
    for _ in range(DEALS):
        minded = rng.sample(later, min(length // WORDS_A_MOTIF, len(later)))
        beats = [
            _plan_beat(
                by_name[name],
                slots,
                openers,
                rng,
                "later" if i else "first",
                name in course.get("keeps", ()),
                name in minded,
            )
            for i, name in enumerate(course["beats"])
        ]
        beats = recalled(beats, data("en", "recall"), slots, length, rng)
        dealt.append(_fit(beats, length, slots, openers, rng))
    return min(dealt, key=lambda beats: _miss(beats, length, short_deed(slots["deed"])))


def _miss(beats: Sequence[PlannedBeat], length: int, deed: str) -> int:
    """Return by how many words a deal misses *length*, and thirty for each choice or recall of the *deed* it lacks."""
    openings = sum(beat.template.count("[") for beat in beats)
    recalls = sum(deed in beat.template for beat in beats) - 1  # beside the deed's own beat
    lacking = max(0, length // WORDS_A_CHOICE - openings) + max(0, length // WORDS_A_RECALL - 1 - recalls)
    return abs(sum(b.words for b in beats) - length + SLACK // 2) + 30 * lacking


def _plan_beat(
    beat: dict[str, Any],
    slots: dict[str, str],
    openers: Openers,
    rng: random.Random,
    place: str,
    kept: bool,
    minded: bool,
) -> PlannedBeat:
    """Deal one beat that is *first* or comes *later*; one that the arc keeps is told in its own way.

    In a *minded* one an opening of the scene gives way to one of what the idea names.
    """
    asked = frozenset(slots["asked"].split())
    found = legal(beat["variants"], frozenset([*slots["marks"].split(), place]), ARCS if kept else asked)
    variant = rng.choice(found)
    if minded:
        variant = _SCENE.sub("[@mind]", variant, count=1) if _SCENE.search(variant) else f"{variant} [@mind]"
    texture = [kind.removeprefix("@") for kind in beat["texture"]]
    optional = 0 if kept else beat.get("optional", 0)
    return deal_beat(beat["name"], variant, slots, openers, texture, optional)


def _fit(
    beats: list[PlannedBeat], length: int, slots: dict[str, str], openers: Openers, rng: random.Random
) -> tuple[PlannedBeat, ...]:
    """Leave beats out, or put interludes in, until the plan comes to about *length* words."""
    ranks = sorted({b.optional for b in beats if b.optional})
    for rank in rng.sample(ranks, len(ranks)):
        if sum(b.words for b in beats) > length - SLACK // 2:
            beats = [b for b in beats if b.optional != rank]
    table = data("en", "interlude")["interlude"]
    pools = {company: rng.sample(table[company], len(table[company])) for company in ("alone", "company")}
    places = ("refusal", "goal", "try", "cost", "again", "visitor")
    at = 0
    while any(pools.values()) and sum(b.words for b in beats) < length - SLACK:
        spots = [i for i, b in enumerate(beats) if b.name == places[at % len(places)]]
        spot = (spots[0] if spots else len(beats) // 2) + 1
        at += 1
        met = any(b.name == "visitor" for b in beats[:spot])
        companies = [c for c in (("company", "alone") if met else ("alone",)) if pools[c]]
        if not companies and at < 60:
            continue
        if not companies:
            break
        variant = pools[rng.choice(companies)].pop()
        if fits(variant, frozenset(slots["marks"].split())):
            beats.insert(spot, deal_beat("interlude", variant, slots, openers, table["texture"]))
    return tuple(beats)


def _title(slots: dict[str, str], idea: Idea, hero: Persona, rng: random.Random) -> str:
    own = {
        "Deadline": slots["deadline"],
        "Far": slots["far"],
        "Years": slots["Years"],
        "Ally": slots["ally"],
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
    found = [vary(w, random.Random(0)) for w in legal(world["weather"], frozenset(slots["marks"].split()))]
    return " ".join(w + "." for w in found if w not in used)


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
