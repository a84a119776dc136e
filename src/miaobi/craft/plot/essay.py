"""Plan a familiar essay: its topic, its thesis and turn as filled beats, without a model."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miaobi.craft.facts.clause import is_plural
from miaobi.craft.plot.plan import DEALS, Openers, PlannedBeat, data, deal_beat, pronoun_slots, title_case
from miaobi.craft.plot.template import fill
from miaobi.craft.plot.variant import legal, tones_of
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.sentence import capital
from miaobi.types import derive_seed

_LEAD = re.compile(
    r"^(?:an? )?(?:short |personal |familiar )?(?:essay |piece |reflection |meditation )?"
    r"(?:about|on|in praise of|in defence of|in defense of|the case for|why i love|why i like|thoughts on)\s+",
    re.I,
)
_VERBS = "asks gives makes belongs costs annoys keeps opens shuts looks begins smells sounds tastes weighs fits"
_MANY = {"is": "are", "was": "were", "has": "have", "does": "do", "it": "they"}
_WOMEN = {"grandmother", "aunt", "great-aunt"}


@dataclass(frozen=True)
class EssayPlan:
    """What an essay will be."""

    title: str
    topic: str
    beats: tuple[PlannedBeat, ...]
    vocabulary: frozenset[str]


def read_topic(idea: str) -> str:
    """Return what the essay is about as a noun phrase: “On walking at night.” → “walking at night”."""
    first = re.split(r"(?<=[.!?;:])\s", idea.strip())[0].rstrip(".!?;: ")
    topic = _LEAD.sub("", first)
    if why := re.match(r"why (.+?) (?:matters?|is|are)\b", topic, re.I):
        topic = why.group(1)
    return topic if topic[:2].isupper() or topic.startswith("I ") else topic[:1].lower() + topic[1:]


def number_slots(topic: str) -> dict[str, str]:
    """Return verbs and pronouns in the number of *topic*: ``is``, ``it``, ``keeps``; a doing is one thing."""
    many = is_plural(topic) and not topic.split(maxsplit=1)[0].endswith("ing")
    slots = {verb: verb.removesuffix("s") if many else verb for verb in _VERBS.split()}
    slots |= _MANY if many else {key: key for key in _MANY}
    return slots | {"It": capital(slots["it"]), "it_object": "them" if many else "it"}


def plan_essay(idea: str, seed: int, length: int, title: str = "", tone: str = "") -> EssayPlan:
    """Plan an essay on *idea* in about *length* words: of several deals the one that comes nearest."""
    rng = random.Random(derive_seed(seed, "essay", idea))
    tables = data("en", "essay")
    topic = read_topic(idea)
    pool = {key: rng.choice(cards) for key, cards in tables["pool"].items()}
    pronoun: Pronoun = "she" if pool["elder"] in _WOMEN else "he"
    slots: Mapping[str, str] = {
        **pool,
        **number_slots(topic),
        **pronoun_slots(pronoun, "elder_"),
        "elder_They": capital(pronoun),
        "elder_Their": "Her" if pronoun == "she" else "His",
        "elder_person": "woman" if pronoun == "she" else "man",
        "topic": topic,
        "Topic": capital(topic),
        "Title_topic": title_case(topic),
    }
    asked = frozenset(tones_of(tone))
    holds = asked or frozenset([rng.choice(("plain", "plain", "warm", "dark", "wry", "hopeful"))])
    openers = Openers({k: [fill(o, slots) for o in v] for k, v in tables["openers"].items()}, rng)
    dealt = [_fit(_course(tables, slots, openers, holds, asked, rng), length) for _ in range(DEALS)]
    beats = min(dealt, key=lambda beats: abs(sum(b.words for b in beats) - length))
    words = frozenset(w for t in data("en", "world").values() for w in t["vocabulary"].split())
    return EssayPlan(title or fill(rng.choice(tables["title"]["variants"]), slots), topic, tuple(beats), words)


def _course(
    tables: dict[str, Any],
    slots: Mapping[str, str],
    openers: Openers,
    holds: frozenset[str],
    asked: frozenset[str],
    rng: random.Random,
) -> list[PlannedBeat]:
    """Return every beat of the course, each time a beat comes in another of its wordings."""
    by_name = {beat["name"]: beat for beat in tables["beat"]}
    wordings = {name: _shuffled(beat["variants"], holds, asked, rng) for name, beat in by_name.items()}
    beats = []
    for step in tables["course"]:
        name, _, rank = step.partition(":")
        if wordings[name]:
            texture = by_name[name]["texture"] if name != "close" else ()  # it ends on its own last words
            beats.append(deal_beat(name, wordings[name].pop(), slots, openers, texture, int(rank or 0)))
    return beats


def _shuffled(variants: list[str], holds: frozenset[str], asked: frozenset[str], rng: random.Random) -> list[str]:
    """Return the wordings that fit in a drawn order, those of the tone asked for last, to be taken first."""
    toned = [text for text in legal(variants, holds, asked) if asked]
    rest = [text for text in legal(variants, holds) if text not in toned]
    return [*rng.sample(rest, len(rest)), *rng.sample(toned, len(toned))]


def _fit(beats: list[PlannedBeat], length: int) -> list[PlannedBeat]:
    """Leave optional beats out, the highest rank first, while the essay is longer than *length* words."""
    for rank in sorted({b.optional for b in beats} - {0}, reverse=True):
        if sum(b.words for b in beats) > length:
            beats = [b for b in beats if b.optional != rank]
    return beats
