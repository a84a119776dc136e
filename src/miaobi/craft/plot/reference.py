"""Reference: a story keeps to what its idea tells. The hero is now and then called by the trade, and later beats come
back to the deed.

A text that names its people only by name drifts from its brief: over 20 briefs the cosine of idea and story (MiniLM,
passages of 120 words) was 0.25, and a naive one-shot text, which says the idea again and again, had 0.38.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from miaobi.craft.plot.template import fill
from miaobi.craft.plot.variant import legal, vary
from miaobi.craft.text.sentence import words

if TYPE_CHECKING:
    from miaobi.craft.plot.plan import PlannedBeat

GAP = 40  # words between two mentions of the trade
WORDS_A_RECALL = 150
LONGEST = 14  # words of a deed that can be said again
_CLAUSE = re.compile(r"(?<=\w{2}) (?:and|but|because|so that) (?=\w+)")


def short_deed(deed: str) -> str:
    """Return a deed as it is said again: without the clauses after its first, where it is long.

    >>> short_deed("built a bridge and stopped speaking before it met in the middle")
    'built a bridge'
    """
    first = _CLAUSE.split(deed)[0]
    return first if len(words(deed)) > 7 and len(words(first)) > 2 else deed


def recalled(
    beats: Sequence[PlannedBeat], table: dict[str, Any], slots: Mapping[str, str], length: int, rng: random.Random
) -> list[PlannedBeat]:
    """Return the beats, some beginning with a sentence of *table* about the deed: one a 150 words of *length*."""
    slots = {**slots, "deed": short_deed(slots["deed"])}
    if len(words(slots["deed"])) > LONGEST:
        return list(beats)
    stage = {name: stage for stage, names in table["place"].items() for name in names}
    told = next((i for i, beat in enumerate(beats) if beat.name == "deed"), len(beats))
    open_to = [i for i, beat in enumerate(beats) if i > told and beat.name in stage]
    chosen = set(rng.sample(open_to, min(len(open_to), length // WORDS_A_RECALL)))
    holds = frozenset(slots["marks"].split())
    decks = {name: rng.sample(legal(table[name], holds), len(legal(table[name], holds))) for name in table["place"]}
    out = []
    for i, beat in enumerate(beats):
        deck = decks[stage[beat.name]] if i in chosen else []
        sentence = vary(fill(deck.pop(), slots), rng) + " " if deck else ""
        out.append(replace(beat, template=sentence[:1].upper() + sentence[1:] + beat.template))
    return out


def with_trade(beats: Sequence[PlannedBeat], hero: str, role: str) -> list[PlannedBeat]:
    """Return the beats with the hero called by the trade at the beginning of some sentences."""
    pattern = re.compile(rf"(?<![“\w]){re.escape(hero)}(?= [a-z])")
    since = 0
    out = []
    for beat in beats:
        parts, start = [], 0
        for match in pattern.finditer(beat.template):
            before = beat.template[: match.start()]
            since += len(words(before[start:]))
            parts.append(before[start:])
            start = match.end()
            fits = since >= GAP and _begins(before) and role not in _sentence_at(beat.template, match.start())
            parts.append(f"The {role}" if fits else hero)
            since = 0 if fits else since
        parts.append(beat.template[start:])
        since += len(words(beat.template[start:]))
        out.append(replace(beat, template="".join(parts)))
    return out


def _begins(before: str) -> bool:
    """Tell whether a sentence of narration begins behind *before*: outside a speech and an opening."""
    return (
        before.count("“") == before.count("”")
        and before.count("[") == before.count("]")
        and bool(re.search(r"(?:^|[.!?]”? |¶|\] )$", before))
    )


def _sentence_at(text: str, at: int) -> str:
    return re.split(r"(?<=[.!?])[ ¶]", text[at:])[0]
