"""Plan a familiar essay: its topic, its thesis and turn as filled beats, without a model."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from miaobi.craft.plot.plan import Openers, PlannedBeat, data, deal_beat, pronoun_slots, title_case
from miaobi.craft.plot.template import fill
from miaobi.craft.text.inflection import Pronoun
from miaobi.craft.text.sentence import capital

_LEAD = re.compile(
    r"^(?:an? )?(?:short |personal |familiar )?(?:essay |piece |reflection |meditation )?"
    r"(?:about|on|in praise of|in defence of|in defense of|the case for|why i love|why i like|thoughts on)\s+",
    re.I,
)


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


def plan_essay(idea: str, seed: int, length: int, title: str = "") -> EssayPlan:
    """Plan an essay on *idea* in about *length* words; the same seed gives the same plan."""
    rng = random.Random(seed)
    tables = data("en", "essay")
    topic = read_topic(idea)
    pool = {key: rng.choice(cards) for key, cards in tables["pool"].items()}
    pronoun: Pronoun = "she" if pool["elder"] in {"grandmother", "aunt"} else "he"
    slots: Mapping[str, str] = {
        **pool,
        **pronoun_slots(pronoun, "elder_"),
        "elder_They": capital(pronoun),
        "elder_Their": "Her" if pronoun == "she" else "His",
        "topic": topic,
        "Topic": capital(topic),
        "Title_topic": title_case(topic),
    }
    openers = Openers({k: [fill(o, slots) for o in v] for k, v in tables["openers"].items()}, rng)
    more = 2  # sentences of each kind that may lengthen a beat
    beats = [
        deal_beat(b["name"], rng.choice(b["variants"]), slots, openers, b["texture"] * more) for b in tables["beat"]
    ]
    words = frozenset(w for t in data("en", "world").values() for w in t["vocabulary"].split())
    return EssayPlan(title or fill(rng.choice(tables["title"]["variants"]), slots), topic, tuple(beats), words)
