"""Choosing among true phrasings: craft words a fact in several ways, the engine says which reads best.

An engine that can't score leaves the choice to the seed: the candidates come in the order that it dealt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from miaobi.craft.facts.wording import Deck
from miaobi.craft.plot.template import fill
from miaobi.errors import UnsupportedError
from miaobi.form import Desk
from miaobi.types import Prompt

OFFERED = 3  # phrasings put before the engine: enough to choose, few enough that the seed still varies the work


def fluency(desk: Desk, context: str, texts: Sequence[str]) -> list[float]:
    """Return the mean log-probability per token of each text after *context*, in nats; 0 where it can't be had."""
    try:
        scores = desk.engine.score(Prompt(system=context), texts)
    except UnsupportedError:
        return [0.0] * len(texts)
    return [fmean(s) if s else 0.0 for s in scores]


def choose(desk: Desk, key: str, context: str, texts: Sequence[str]) -> int:
    """Return the index of the text that reads best after *context*; the ranking is recorded."""
    if len(texts) == 1:
        return 0
    measured = dict(zip(texts, fluency(desk, context, texts), strict=True))
    return max(0, desk.pick(key, texts, lambda text: {"fluency": measured[text]}, {"fluency": 1.0}))


def phrase(desk: Desk, deck: Deck, kind: str, slots: Mapping[str, str], context: str = "") -> str:
    """Return a fresh phrasing of *kind*, filled: the engine's choice among those that the deck deals."""
    dealt = deck.deal(kind, OFFERED)
    filled = [fill(p, slots) for p in dealt]
    taken = choose(desk, f"phrase:{kind}", context, filled)
    deck.take(kind, dealt[taken])
    return filled[taken]
