"""Variants: several wordings of one step, what marks say about when one may be told, and the choices inside one.

1. ``#winter #dark Snow lay …``: marks. Of every family that a wording is marked with, the story must have one of the
   marks; a wording without a mark of the family fits any story.
2. ``{rain/wind}``: one of these words, drawn when the story is planned; choices may stand inside choices, and one of
   them may be empty.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

SEASONS = ("spring", "summer", "autumn", "winter")
TONES = ("plain", "warm", "dark", "wry", "hopeful")
ARCS = frozenset({"plain-arc", "together", "loss", "comedy"})  # how the plot runs
FAMILIES: tuple[frozenset[str], ...] = (
    frozenset(SEASONS),
    frozenset(TONES),
    frozenset({"person", "animal", "small", "large", "none"}),  # what the idea turns on
    ARCS,
    frozenset({"trade", "kin", "child"}),  # what the hero is: a baker, a brother, a girl
    frozenset({"return", "protect", "help", "finish", "recover", "understand"}),  # the task
    frozenset({"first", "later"}),  # whether the story begins with it
)
_TONE_WORDS = {
    "dark": "dark bleak sad grim sombre somber melancholy eerie ominous tragic gothic haunting noir cold",
    "wry": "wry humorous humourous funny comic comedic light playful witty satirical ironic droll whimsical absurd",
    "warm": "warm tender gentle cosy cozy kind loving intimate affectionate heartwarming sweet",
    "hopeful": "hopeful uplifting optimistic bright inspiring joyful encouraging cheerful",
}
_MARKS = re.compile(r"^((?:#[\w-]+\s*|~\s*)+)")
_CHOICE = re.compile(r"\{([^{}]*/[^{}]*)\}")


def tones_of(tone: str) -> tuple[str, ...]:
    """Return which of our tones the words of a brief's tone name.

    >>> tones_of("funny, but with a dark end")
    ('dark', 'wry')
    """
    said = set(re.findall(r"[a-z]+", tone.lower()))
    return tuple(name for name, known in _TONE_WORDS.items() if said & set(known.split()))


def marks_of(text: str) -> frozenset[str]:
    """Return the marks at the beginning of *text*; ``~`` stands for what isn't a person."""
    match = _MARKS.match(text)
    if not match:
        return frozenset()
    marks = {word.lstrip("#") for word in match[1].replace("~", " ~ ").split()}
    return frozenset(marks - {"~"} | ({"animal", "small", "large", "none"} if "~" in marks else set()))


def unmarked(text: str) -> str:
    """Return *text* without the marks at its beginning."""
    return _MARKS.sub("", text)


def fits(text: str, holds: frozenset[str]) -> bool:
    """Tell whether a wording may be told where *holds* are the marks of the story."""
    marks = marks_of(text)
    return all(not marks & family or marks & family & holds for family in FAMILIES)


def legal(texts: Sequence[str], holds: frozenset[str], asked: frozenset[str] = frozenset()) -> list[str]:
    """Return the wordings that fit, without marks; only those marked with what is *asked*, where there are any."""
    found = [text for text in texts if fits(text, holds)]
    toned = [text for text in found if marks_of(text) & asked]
    return [unmarked(text) for text in toned or found]


def vary(text: str, rng: random.Random) -> str:
    """Return *text* with each of its choices drawn, the inner ones first.

    >>> vary("a {b/b} c{ {d/d}/ d}", random.Random(1))
    'a b c d'
    """
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("/")) + text[match.end() :]
    return text
