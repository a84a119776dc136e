"""Plan a novel: a journey of chapters between the first and the last third of a short story's arc.

The first chapters tell what happens and what is wanted, the last ones the night, the turn and the climax, with the
beats of ``plan``; each chapter between is an episode (arrival, person, price, labour, setback, what was learned) at a
place of its own, with a person of its own who holds a piece of the answer. Nothing is dealt twice: places, people,
prices and pieces are drawn like cards.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miaobi.bible import Bible, Persona, Place
from miaobi.craft.plot.plan import (
    Openers,
    Plan,
    PlannedBeat,
    data,
    deal_beat,
    plan_story,
    pronoun_slots,
    story_openers,
    title_case,
)
from miaobi.craft.plot.template import fill
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import Pronoun, article
from miaobi.craft.text.sentence import capital
from miaobi.craft.text.table import table
from miaobi.types import derive_seed

_OPENING = (("opening", "token", "deed", "refusal"), ("visitor", "goal", "cost"))
_CLOSING = (("again", "night"), ("turn", "climax"), ("answer", "close"))
LEAST_CHAPTERS = len(_OPENING) + len(_CLOSING) + 1
MOST_CHAPTERS = LEAST_CHAPTERS - 1 + 24  # episodes for which there are places, people and prices


@dataclass(frozen=True)
class PlannedChapter:
    """A chapter before it is told."""

    title: str
    summary: str
    beats: tuple[PlannedBeat, ...]
    present: tuple[str, ...]  # ids of the personas in it


@dataclass(frozen=True)
class Saga:
    """What a novel will be."""

    plan: Plan
    bible: Bible
    chapters: tuple[PlannedChapter, ...]


class _Decks:
    """Tables from which nothing is drawn twice."""

    def __init__(self, pool: Mapping[str, list[str]], rng: random.Random) -> None:
        self._decks = {name: rng.sample(cards, len(cards)) for name, cards in pool.items()}
        self._full = {name: list(cards) for name, cards in self._decks.items()}

    def draw(self, name: str) -> str:
        if not self._decks[name]:
            self._decks[name] = list(self._full[name])
        return self._decks[name].pop()


def plan_novel(idea: Idea, text: str, seed: int, chapters: int, title: str = "") -> Saga:
    """Plan a novel of *chapters* chapters from *text*; the same seed gives the same plan."""
    rng = random.Random(derive_seed(seed, "novel", text))
    story = plan_story(idea, text, seed, 3_000, title)
    tables = data("en", "novel")
    decks = _Decks(tables["pool"] | {"talk": tables["talk"]["variants"]} | {"person": _free_names(story.bible)}, rng)
    openers = Openers(story_openers(story.slots, story.subjects) | tables["speech"], rng)
    by_name: dict[str, list[PlannedBeat]] = {}
    for beat in story.beats:
        by_name.setdefault(beat.name, []).append(beat)
    interludes = by_name.get("interlude", [])
    personas, places = list(story.bible.personas), list(story.bible.places)
    out = [_fixed_chapter(names, by_name, interludes, story, openers, decks, rng) for names in _OPENING]
    for i in range(chapters - len(_OPENING) - len(_CLOSING)):
        chapter, guest, place = _episode(i, story, tables, decks, openers, rng)
        personas.append(guest)
        places.append(place)
        out.append(chapter)
    out += [_fixed_chapter(names, by_name, interludes, story, openers, decks, rng) for names in _CLOSING]
    bible = story.bible.model_copy(update={"personas": tuple(personas), "places": tuple(places)})
    return Saga(story, bible, tuple(out))


def _free_names(bible: Bible) -> list[str]:
    taken = {p.name.lower() for p in bible.personas}
    initials = {p.name[0].lower() for p in bible.personas}
    return sorted(n for n in table("names_she.en") | table("names_he.en") if n not in taken and n[0] not in initials)


def _episode(
    index: int, story: Plan, tables: dict[str, Any], decks: _Decks, openers: Openers, rng: random.Random
) -> tuple[PlannedChapter, Persona, Place]:
    name = decks.draw("person")
    pronoun: Pronoun = "she" if name in table("names_she.en") else "he"
    drawn = {key: decks.draw(key) for key in tables["pool"]}
    stop, role = drawn["stop"], drawn["guest_role"]
    weather = rng.choice(data("en", "world")[story.world]["weather"])
    trouble = drawn["trouble"]
    slots = {
        **story.slots,
        **pronoun_slots(pronoun, "g_"),
        **drawn,
        "guest": capital(name),
        "a_guest_role": article(role),
        "a_Guest_role": capital(article(role)),
        "stop_weather": weather,
        "stop_surface": story.slots["surface"],
        "food_short": drawn["food"].split(" and ")[0].split(",")[0].removeprefix("a "),
        "Piece": capital(drawn["piece"]),
        "trouble_low": trouble if trouble[0] == "{" else trouble[0].lower() + trouble[1:],
    }
    beats = _episode_beats(tables, slots, decks, openers.with_guest(slots), rng)
    guest = Persona(
        id=f"guest-{index + 1}", name=capital(name), pronoun=pronoun, role=role, want=fill(drawn["favour"], slots)
    )
    title = _title(tables["title"]["variants"], slots, rng)
    summary = fill(tables["summary"]["arrival"], slots)
    chapter = PlannedChapter(title, summary, tuple(beats), ("hero", "ally", guest.id))
    return chapter, guest, Place(id=f"stop-{index + 1}", name=stop)


_COURSE = [
    "arrival",
    "person",
    "talk",
    "thing",
    "favour",
    "talk",
    "labour",
    "setback",
    "labour",
    "talk",
    "table",
    "talk",
    "table",
    "learned",
    "leaving",
    "talk",
]


def _episode_beats(
    tables: dict[str, Any], slots: dict[str, str], decks: _Decks, openers: Openers, rng: random.Random
) -> list[PlannedBeat]:
    variants = {b["name"]: rng.sample(b["variants"], len(b["variants"])) for b in tables["chapter"][0]["beat"]}
    beats = []
    for name in _COURSE:
        if name == "talk":
            beats.append(deal_beat("talk", decks.draw("talk"), slots, openers, ("outside", "ally", "walk", "dark")))
        else:
            texture = ("outside", "guest", "room", "hands")
            beats.append(deal_beat(name, variants[name].pop(), slots, openers, texture))
        if name == "table":
            slots = slots | {"food": decks.draw("food")}
    return beats


def _title(variants: list[str], slots: dict[str, str], rng: random.Random) -> str:
    favour = " ".join(slots["favour"].split()[:2])
    own = {
        "Stop": slots["stop"],
        "Guest": slots["guest"],
        "Clue": slots["clue"],
        "Guest_role": slots["guest_role"],
        "Favour_short": favour,
        "Food": slots["food"].split(" with ")[0].split(",")[0].split(" and ")[0],
    }
    return title_case(fill(rng.choice(variants), own))


def _fixed_chapter(
    names: tuple[str, ...],
    by_name: dict[str, list[PlannedBeat]],
    interludes: list[PlannedBeat],
    story: Plan,
    openers: Openers,
    decks: _Decks,
    rng: random.Random,
) -> PlannedChapter:
    """Return a chapter made of the short story's own beats, with interludes and talk between them."""
    beats: list[PlannedBeat] = []
    for name in names:
        beats += by_name.get(name, [])
        beats += [interludes.pop() for _ in range(min(2, len(interludes)))]
        for _ in range(3):
            talk = decks.draw("talk")
            beats.append(deal_beat("talk", talk, story.slots, openers, ("outside", "hands", "room", "walk")))
    if names[0] == "opening":  # the ally hasn't come yet
        beats = [b for b in beats if b.name != "talk"]
    title = {"opening": "home", "visitor": "ally", "again": "far", "turn": "token", "answer": "town"}[names[0]]
    shown = story.slots[title] if title != "token" else f"the {story.slots['token']}"
    return PlannedChapter(title_case(shown), "", tuple(beats), ("hero", "ally"))
