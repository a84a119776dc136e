"""Demands on English poems that can't be met, with what the refusal must say; and some that look so and can.

Each: form, options, words of the reason, words of the nearest demand that can be met.
"""

from __future__ import annotations

from typing import Any

LONG = "antidisestablishmentarianistically"  # thirteen syllables and more

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("sonnet", {"words": [LONG]}, "14 syllables", "at most 11 syllables"),
    ("haiku", {"words": ["internationalization"]}, "syllables", "at most 7"),
    ("sonnet", {"words": ["!!!"]}, "no letters", "Give words"),
    ("limerick", {"words": ["tree", "boat", "cup", "dog"]}, "room for 2", "tree, boat"),
    ("sonnet", {"acrostic": "xylophone"}, "begins with “x”", "can be had"),
    ("sonnet", {"acrostic": "a very long acrostic"}, "17 letters", "averylongacros"),
    ("sonnet", {"acrostic": "caf\u00e9"}, "acrostic is of letters", "Leave it out"),
    ("villanelle", {"acrostic": "seasons"}, "word for word", "first 5 letters"),
    ("sonnet", {"acrostic": "sea", "lines": {1: "The lantern burns above the silver sea"}}, "begin with “s”", "Change"),
    (
        "sonnet",
        {"lines": {1: "The lantern burns above the silver sea", 3: "And every sailor knows the road to home"}},
        "does not rhyme",
        "another word",
    ),
    (
        "heroic-couplets",
        {"lines": {1: "The lantern burns above the silver sea", 2: "And every gull returns towards the sea"}},
        "does not rhyme",
        "another word",
    ),
    ("sonnet", {"lines": {1: "I bought a pound of plums and half an orange"}}, "orange", "more rhymes"),
    ("sonnet", {"lines": {2: "An extraordinarily unmetrical banana sat"}}, "iambic pentameter", "free-verse"),
    ("sonnet", {"lines": {2: "The sea"}}, "ends after 2 syllables", "free-verse"),
    ("haiku", {"lines": {1: "An old silent pond lies here"}}, "7 syllables", "free-verse"),
    ("sonnet", {"lines": {15: "The lantern burns above the silver sea"}}, "14 lines", "1 to 14"),
    ("sonnet", {"lines": {1: "two\nlines"}}, "not one line", "by itself"),
    ("sonnet", {"lines": {1: "…"}}, "not one line", "by itself"),
    (
        "villanelle",
        {"lines": {1: "The lantern burns above the silver sea", 6: "Another lantern burns beyond the sea"}},
        "word for word",
        "line 1",
    ),
]

MET: list[tuple[str, dict[str, Any]]] = [
    ("sonnet", {"words": ["photosynthesis"]}),
    ("sonnet", {"acrostic": "lighthousekeep"}),
    (
        "sonnet",
        {"lines": {1: "Shall I compare thee to a summer's day?", 3: "Rough winds do shake the darling buds of May"}},
    ),
    ("heroic-couplets", {"lines": {12: "So long lives this, and this gives life to thee"}}),
    ("ballad", {"words": ["anchor"]}),
    ("free-verse", {"words": ["internationalization"]}),
    ("terza-rima", {"lines": {2: "I bought a pound of plums and half a pear"}, "words": ["pear"]}),
]
