"""Plan a novel: a journey of chapters between the first and the last third of a short story's arc.

The first chapters tell what happens and what is wanted, the last ones the night, the turn and the climax, with the
beats of ``plan``. Each chapter between is an episode of its own kind (a toll, a ferry, a trial, a fever …): a place, a
person, a price, a turn, and a piece of the answer. The kinds come in three stages, as the two on the road come to know
each other; what they say between the places follows the same stages, and the pieces are laid out together at the end.
Nothing is dealt twice: episodes, people, finds and talk are drawn like cards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from miaobi.bible import Bible, Persona, Place
from miaobi.craft.plot.plan import (
    OPENING_WORDS,
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
from miaobi.craft.plot.reference import LONGEST, short_deed, with_trade
from miaobi.craft.plot.template import fill
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.sentence import capital, words
from miaobi.craft.text.table import table
from miaobi.types import Language, derive_seed

_OPENING = (("opening", "token", "deed", "refusal"), ("visitor", "goal", "cost"))
_CLOSING = (("again", "night"), ("turn", "climax"), ("answer", "close"))
_FIXED = len(_OPENING) + len(_CLOSING)
LEAST_CHAPTERS = _FIXED + 1
MOST_CHAPTERS: dict[Language, int] = {"en": _FIXED + 18, "zh": _FIXED + 24}  # as many episodes as there are kinds of
_BEFORE = {
    "again": ("approach",),
    "night": ("laid", "vigil"),
    "climax": ("gathering",),
    "answer": ("aftermath", "home"),
}
_AFTER = {"opening": ("ordinary",), "visitor": ("asked",), "cost": ("setout",), "answer": ("supper",)}
_STAGES = ("early", "middle", "late")
_OPTIONAL = ("met", "road", "interlude", "talk")
_TEXTURE = ("outside", "walk", "ally", "hands", "walk", "outside", "room", "hands", "ally", "dark")


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
    """Tables from which nothing is drawn twice; an empty one gives nothing."""

    def __init__(self, pool: Mapping[str, Sequence[str]], rng: random.Random) -> None:
        self._decks = {name: rng.sample(cards, len(cards)) for name, cards in pool.items()}

    def draw(self, name: str) -> str:
        return self._decks[name].pop() if self._decks[name] else ""


@dataclass
class _Road:
    """What the chapters of one journey are dealt from."""

    story: Plan
    decks: _Decks
    openers: Openers
    rng: random.Random
    pieces: list[tuple[str, str]] = field(default_factory=list)  # what was found, what was learned
    guests: list[Persona] = field(default_factory=list)

    def beat(self, name: str, variant: str, slots: Mapping[str, str], texture: Sequence[str] = _TEXTURE) -> PlannedBeat:
        """Return a beat dealt from *variant*."""
        return deal_beat(name, variant, slots, self.openers, texture)

    def drawn(self, name: str, deck: str, slots: Mapping[str, str]) -> Iterator[PlannedBeat]:
        """Yield a beat from the next card of *deck*, if there is one left."""
        if card := self.decks.draw(deck):
            yield self.beat(name, card, slots)


def plan_novel(
    idea: Idea,
    text: str,
    seed: int,
    chapters: int,
    length: int,
    title: str = "",
    people: Sequence[Persona] = (),
) -> Saga:
    """Plan a novel of *chapters* chapters and about *length* words from *text*; the same seed gives the same plan."""
    rng = random.Random(derive_seed(seed, "novel", text))
    deadline = "the turn of the year"  # there is a road to walk
    story = plan_story(idea, text, seed, 4_000, title, deadline=deadline, people=people)
    kinds = data("en", "episode")
    cards = {name: table["variants"] for name, table in kinds.items() if "variants" in table}
    decks = _Decks(cards | data("en", "novel")["pool"] | kinds["talk"] | {"person": _free_names(story.bible)}, rng)
    road = _Road(story, decks, _openers(kinds["openers"], story, rng), rng)
    by_name: dict[str, list[PlannedBeat]] = {}
    for beat in story.beats:
        by_name.setdefault(beat.name, []).append(beat)
    interludes = by_name.get("interlude", [])
    places = list(story.bible.places)
    out = [_fixed_chapter(names, by_name, interludes, road) for names in _OPENING]
    count = chapters - _FIXED
    for i, kind in enumerate(_route(kinds["episode"], count, rng)):
        chapter, place = _episode(i, _STAGES[i * len(_STAGES) // count], kind, road)
        places.append(place)
        out.append(chapter)
    out += [_fixed_chapter(names, by_name, interludes, road) for names in _CLOSING]
    bible = story.bible.model_copy(update={"personas": (*story.bible.personas, *road.guests), "places": tuple(places)})
    hero, ally = story.bible.personas[:2]
    told = [replace(c, beats=_trimmed(c.beats, length // chapters)) for c in out]
    if "trade" in story.slots["marks"].split() and hero.role != ally.role:
        told = [replace(c, beats=tuple(with_trade(c.beats, hero.name, hero.role))) for c in told]
    return Saga(story, bible, tuple(told))


def _openers(packs: Mapping[str, list[str]], story: Plan, rng: random.Random) -> Openers:
    """Return the packs of the road: the story's own where it has none; a guest's slots stay open."""
    own = {kind: pack for kind, pack in packs.items() if kind != "guest"}
    filled = {kind: [fill(o, story.slots) for o in pack] for kind, pack in own.items()}
    return Openers(story_openers(story.slots, story.subjects) | filled, rng)


def _route(kinds: list[dict[str, Any]], count: int, rng: random.Random) -> list[dict[str, Any]]:
    """Return *count* kinds of episode in the order of their stages, by chance within a stage."""
    mixed = rng.sample(kinds, len(kinds))
    while len(mixed) > count:  # from the fullest stage
        stages = [kind["stage"] for kind in mixed]
        fullest = max(sorted(set(stages)), key=stages.count)
        del mixed[stages.index(fullest)]
    return sorted(mixed, key=lambda kind: int(kind["stage"]))


def _free_names(bible: Bible) -> list[str]:
    taken = {p.name.lower() for p in bible.personas}
    initials = {p.name[0].lower() for p in bible.personas}
    return sorted(n for n in table("names_she.en") | table("names_he.en") if n not in taken and n[0] not in initials)


def _episode(index: int, stage: str, kind: dict[str, Any], road: _Road) -> tuple[PlannedChapter, Place]:
    name = road.decks.draw("person")
    pronoun: Pronoun = "she" if name in table("names_she.en") else "he"
    role = kind["role_he"] if pronoun == "he" and "role_he" in kind else kind["role"]
    stop, clue, piece = road.rng.choice(kind["stop"]), road.decks.draw("clue"), road.decks.draw("piece")
    slots = {
        **road.story.slots,
        **pronoun_slots(pronoun, "g_"),
        "the_role": f"the {road.story.slots['role']}",
        "guest": capital(name),
        "guest_role": role,
        "favour": kind["favour"],
        "stop": stop,
        "Stop": capital(stop),
        "clue": clue,
        "piece": piece,
        "Piece": capital(piece),
    }
    road.pieces.append((fill(clue, slots), fill(piece, slots)))
    here = replace(
        road, openers=road.openers.plus("guest", [fill(o, slots) for o in data("en", "episode")["openers"]["guest"]])
    )
    deed = short_deed(slots["deed"])
    told = {beat[0]: here.beat(beat[0], beat[1], slots, ("guest", *_TEXTURE)) for beat in kind["beats"]}
    beats = [
        *here.drawn("talk", stage, slots),
        *here.drawn("met", "met", slots),
        *here.drawn("road", "road", slots),
        *(here.drawn("rumour", "rumour", slots | {"deed": deed}) if len(words(deed)) <= LONGEST else ()),
        *told.values(),
        *here.drawn("talk", stage, slots),
    ]
    guest = Persona(id=f"guest-{index + 1}", name=capital(name), pronoun=pronoun, role=role, want=kind["favour"])
    road.guests.append(guest)
    title = title_case(fill(road.rng.choice(kind["title"]), slots))
    summary = fill(data("en", "novel")["summary"]["arrival"], slots)
    chapter = PlannedChapter(title, summary, tuple(beats), ("hero", "ally", guest.id))
    return chapter, Place(id=f"stop-{index + 1}", name=stop)


def _fixed_chapter(
    names: tuple[str, ...], by_name: dict[str, list[PlannedBeat]], interludes: list[PlannedBeat], road: _Road
) -> PlannedChapter:
    """Return a chapter of the short story's own beats, with what the journey adds to them and interludes between."""
    ally, slots = road.story.slots["ally"], road.story.slots
    beats: list[PlannedBeat] = []
    for name in names:
        for before in _BEFORE.get(name, ()):
            beats += _special(before, road)
        beats += by_name.get(name, [])
        for after in _AFTER.get(name, ()):
            beats += _special(after, road)
        alone = names[0] == "opening"  # the ally hasn't come yet
        fit = [b for b in interludes if not (alone and ally in b.template)]
        count = (
            (0 if name in {"opening", "token"} else 4) if alone else 1
        )  # before the deed there is nothing to wait for
        for interlude in fit[:count]:
            interludes.remove(interlude)
            beats.append(interlude)
    title = {"opening": "home", "visitor": "ally", "again": "far", "turn": "token", "answer": "town"}[names[0]]
    shown = slots[title] if title != "token" else f"the {slots['token']}"
    if names[0] == "opening":
        beats = [replace(b, texture=tuple(o for o in b.texture if ally not in o)) for b in beats]
    present = ("hero", "ally", *(g.id for g in road.guests[:3]))
    return PlannedChapter(title_case(shown), "", tuple(beats), present)


def _trimmed(beats: Sequence[PlannedBeat], wanted: int) -> tuple[PlannedBeat, ...]:
    """Leave out what a chapter can do without until its fixed words come to *wanted*: first what was met on the way."""
    kept = list(beats)
    for name in _OPTIONAL:
        while sum(_fixed_words(b) for b in kept) > wanted and any(b.name == name for b in kept):
            kept.remove(next(b for b in kept if b.name == name))
    return tuple(kept)


def _fixed_words(beat: PlannedBeat) -> int:
    return beat.words - OPENING_WORDS * beat.template.count("[")


def _special(name: str, road: _Road) -> Iterator[PlannedBeat]:
    """Yield what the journey adds to a fixed chapter; what tells of three finds or guests needs as many."""
    slots = dict(road.story.slots)
    if name in {"laid", "gathering", "aftermath", "supper"}:
        if len(road.guests) < 3:
            return
        for word, (clue, piece), guest in zip(("one", "two", "three"), road.pieces, road.guests, strict=False):
            slots |= {f"clue_{word}": clue, f"piece_{word}": piece}
            slots |= {f"guest_{word}": guest.name, f"role_{word}": guest.role}
    yield from road.drawn(name, name, slots)
