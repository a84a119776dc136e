"""Setting: what a story takes from its idea, its world and its hero's trade: season, weather, tools, the thing."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from miaobi.craft.facts.clause import is_plural
from miaobi.craft.plot.variant import SEASONS, legal
from miaobi.craft.text.idea import Idea
from miaobi.craft.text.inflection import article
from miaobi.craft.text.sentence import capital, words
from miaobi.craft.text.table import table

_SEASON_WORDS = {
    "winter": "winter snow ice frost frozen christmas sledge avalanche blizzard december january february",
    "spring": "spring easter blossom thaw april may march lambs",
    "summer": "summer heat june july august holiday swim swims beach drought",
    "autumn": "autumn fall harvest september october november apples mushrooms",
}
_RANKED = {"last", "only", "first", "same", "next", "final"}  # one takes *the* with these, and nobody is one by trade


def season_of(text: str, rng: random.Random) -> str:
    """Return the season that an idea names, else one by chance."""
    said = {w.lower() for w in words(text)}
    named = [season for season, known in _SEASON_WORDS.items() if said & set(known.split())]
    drawn = rng.choice(SEASONS)
    return named[0] if named else drawn


def thing_of(idea: Idea) -> tuple[str, str]:
    """Return the thing the idea turns on with its definite and its indefinite article; *it* where there is none."""
    if idea.other and not idea.thing:
        return f"the {idea.other}", article(idea.other)
    if not idea.thing:
        return "it", "it"
    short = len(idea.thing.split()) <= 3 and not set(idea.thing.split()) & table("prepositions.en")
    head = re.sub(r"^.*['’]s ", "", idea.thing if short else idea.head)
    if head.split()[0] in _RANKED or "'s " in idea.thing:
        return f"the {head}", f"the {head}"
    return f"the {head}", f"some {idea.thing}" if is_plural(idea.thing) else article(idea.thing)


def kind_of(idea: Idea, the_thing: str, tables: Mapping[str, str]) -> str:
    """Return what the thing is: person, animal, small (it can be carried), large, or none."""
    last = the_thing.rsplit(maxsplit=1)[-1].lower()
    if idea.other and idea.other in the_thing:
        return "person"
    known = {last, last.removesuffix("s")}
    return next((kind for kind in ("animal", "small") if known & set(tables[kind].split())), "large")


def role_of(idea: Idea) -> str:
    """Return the hero's role as one may have it for years: *postman*, not *last postman of the valley*."""
    kept = re.split(r" (?:of|in|at|from) ", idea.role)[0].split()
    return " ".join(w for w in kept if w not in _RANKED | {"retired"}) or "keeper of small things"


def world_slots(
    world: dict[str, Any], trade: dict[str, Any], holds: frozenset[str], rng: random.Random
) -> dict[str, str]:
    """Return places, tools, sounds and the chores of a world and a trade, and weathers of one season.

    *trade* is empty for a hero without one; what it has goes before what the world has.
    """
    weather = rng.sample(legal(world["weather"], holds), 3)
    sounds = rng.sample(legal(world["sound"], holds), 2)
    tools = [*rng.sample(trade.get("tool", []), len(trade.get("tool", []))), *rng.sample(world["tool"], 3)][:3]
    chores = rng.sample(trade.get("chores") or world["chores"], 2)
    return {
        "weather": weather[0],
        "weather_two": weather[1],
        "weather_three": weather[2],
        "sound": sounds[0],
        "sound_two": sounds[1],
        "home": rng.choice(trade.get("home") or world["home"]),
        **town_slots(rng.choice(world["town"])),
        "far": rng.choice(world["far"]),
        "surface": rng.choice(world["surface"]),
        "light": rng.choice(world["light"]),
        "smell": rng.choice(trade.get("smell") or world["smell"]),
        **dict(zip(("tool", "tool_two", "tool_three"), tools, strict=True)),
        **dict(zip(("chores", "chores_two"), chores, strict=True)),
    }


def town_slots(phrase: str) -> dict[str, str]:
    """Return the slots of a place given with its preposition: “on the quay”."""
    preposition, name = phrase.split(" ", 1)
    through = "along" if preposition == "on" else "round" if preposition == "at" else "through"
    return {"town": name, "in_town": phrase, "In_town": capital(phrase), "through_town": f"{through} {name}"}


def trade_of(role: str, trades: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the trade whose keys hold a word of *role*, else an empty one."""
    own = set(role.lower().replace("-", " ").split())
    return next((t for t in trades.values() if own & set(t["keys"].split())), {})


def definite(phrase: str) -> str:
    """Return a phrase with *the* instead of *a* or *an*."""
    return re.sub(r"^an? ", "the ", phrase)
