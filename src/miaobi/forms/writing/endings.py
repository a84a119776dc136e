"""Endings: how an English opener may end, chosen by the engine's likelihood among words of ours.

An opener with endings is written ``The window was grey with <dust/rain/early light>``. A small checkpoint writes a
fluent ending and now and then an absurd one (“grey with her hair”), which likelihood alone doesn't tell apart; which of
three sound ones fits the place it tells well. So below ``FREE`` parameters it chooses, and from there on it writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from miaobi.craft.facts.phrasing import fluency
from miaobi.craft.text import fault
from miaobi.craft.text.sentence import ends
from miaobi.forms.writing.teller import Segment, Teller
from miaobi.types import Checkpoint

FREE = 1_000_000_000  # parameters from which a checkpoint ends the openers by itself; until a measured grade decides
WEIGHTS = {"fluency": 1.0, "fresh": 0.8}
AGE = 250  # sentences after which an opener may come again, with another of its endings
_ENDINGS = re.compile(r"<([^<>]*)>")


def writes_freely(checkpoint: Checkpoint) -> bool:
    """Tell whether a checkpoint ends sentences by itself; one whose size isn't known is trusted to."""
    return checkpoint.parameters == 0 or checkpoint.parameters >= FREE


def bare(opener: str) -> str:
    """Return an opener without its endings and what follows them."""
    return _ENDINGS.split(opener)[0].rstrip()


def expand(opener: str) -> list[str]:
    """Return the opener with each of its endings; one without endings as it is.

    >>> expand("Far off, a <dog/bell> stirred")
    ['Far off, a dog stirred', 'Far off, a bell stirred']
    """
    match = _ENDINGS.search(opener)
    if not match:
        return [opener]
    return [opener[: match.start()] + e.strip() + opener[match.end() :] for e in match[1].split("/")]


def choose_ending(teller: Teller, key: str, opener: str, speech: bool) -> Segment | None:
    """Return the opener with the ending that fits best, or None where each was told before."""
    texts = [t if speech or ends(t, "en") else t + "." for t in expand(opener)]
    texts = [t for t in texts if not teller.memory.repeats(t, within=AGE) and t not in teller.told]
    if not texts or (not speech and teller.memory.opener_age(texts[0]) < 3):
        return None
    prompt = teller.prompt(bare(opener), speech=speech)
    read = dict(zip(texts, fluency(teller.desk, prompt.system, texts), strict=True))
    head = set(_stems(bare(opener)))

    def measure(text: str) -> dict[str, float] | None:
        added = [s for s in _stems(text) if s not in head]
        stale = [s for s in added if s in teller.used]
        return {"fluency": read[text], "fresh": 1 - len(stale) / max(1, len(added))}

    best = teller.desk.pick(key, texts, measure, WEIGHTS)
    if best < 0:
        return None
    teller.used.update(s for s in _stems(texts[best]) if s not in head)
    return Segment(texts[best], "craft")


def _stems(text: str) -> Sequence[str]:
    return [fault.stem(w) for w in fault.content_words(text)]
