"""Frames of verse: the sentences of ``data/en/verse_frame.toml``, read into what may stand at each place of a line.

Notation of a frame, tokens between blanks:

1. ``{kind}`` one word of that kind of the lexicon; ``{kind.s}`` a verb in the third person; ``{it}``, ``{role}``, ``{deed}`` are
   the poem's own. A noun after a determiner may have an adjective before it.
2. ``[a|b_c]`` one of these; ``_`` is a blank within.
3. ``(…)`` may be left out. A mark after a token (``,`` ``.`` ``:``) belongs to it.
4. `` / `` ends a line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from miaobi.craft.prosody.english.dictionary import pronunciations
from miaobi.craft.verse.lexicon import Lexicon, third_person

_PART = re.compile(r"(?P<open>\()?(?P<body>\{[\w.]+\}s?|\[[^\]]*\]|[^\s()\[\]{},.;:?!]+)\)?(?P<mark>[.,;:?!—]*)")
_DETERMINERS = ("the", "a", "my", "this", "each", "every", "one", "no", "its", "their")
_FEW = 8  # a place with more words than this has no determiner among them
NAMES = frozenset({"it", "role", "deed", "word"})
NOUNS = frozenset({"place", "thing", "creature", "light", "weather", "many"})
_VOWEL = ("A", "E", "I", "O", "U")


@dataclass(frozen=True)
class Place:
    """One place of a line: the phrases that may stand there, "" among them when it may be left out."""

    kind: str  # "light", or "" for words of the frame
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """The places of a line, and the mark that ends it."""

    places: tuple[Place, ...]
    mark: str = ""


@dataclass(frozen=True)
class Frame:
    """A sentence or two, over one or more lines."""

    source: str

    @property
    def lines(self) -> int:
        """How many lines it fills."""
        return self.source.count(" / ") + 1

    @property
    def needs(self) -> frozenset[str]:
        """The names that a poem must give a phrase for: ``it``, ``role``, ``deed``, ``word``."""
        return frozenset(NAMES & set(re.findall(r"\{(\w+)", self.source)))

    def read(self, lexicon: Lexicon, names: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
        """Return its lines with the words of *lexicon* and the phrases of *names*."""
        reading = _Reading(lexicon, names)
        return tuple(reading.line(text) for text in self.source.split(" / "))


class _Reading:
    """Reads the lines of one frame from left to right."""

    def __init__(self, lexicon: Lexicon, names: Mapping[str, tuple[str, ...]]) -> None:
        self._lexicon, self._names = lexicon, names
        self._sentence = True  # whether the next word begins a sentence

    def line(self, text: str) -> Line:
        places: list[Place] = []
        before: tuple[str, ...] = ()  # what stands before, its last words
        mark = ""
        for m in _PART.finditer(text):
            body, mark, optional = m["body"], m["mark"], bool(m["open"])
            last = m.end() >= len(text.rstrip())
            place = self._place(body, "" if last else mark, optional)
            if place.kind in NOUNS and before and before[-1] in _DETERMINERS and place.phrases:
                places.append(self._described(before[-1]))
            if "a" in before:
                place = _after_article(place)
            places.append(place)
            self._sentence = (self._sentence and optional) or any(c in mark for c in ".?!")
            own = tuple(dict.fromkeys(p.rstrip(",.;:?!—").rsplit(" ", 1)[-1].lower() for p in place.phrases if p))
            ends = own if len(own) < _FEW else ("",)
            before = tuple(sorted(ends, key=lambda w: w != "a")) if not optional else (*before, *ends)
            before = (*[w for w in before if w not in _DETERMINERS], *[w for w in before if w in _DETERMINERS])
        return Line(tuple(places), mark)

    def _place(self, body: str, mark: str, optional: bool) -> Place:
        kind, phrases = self._words(body)
        if self._sentence:
            phrases = tuple(p[:1].upper() + p[1:] for p in phrases)
        phrases = tuple(p + mark for p in phrases)
        return Place(kind, tuple(dict.fromkeys((*phrases, "") if optional else phrases)))

    def _words(self, body: str) -> tuple[str, tuple[str, ...]]:
        if body.startswith("["):
            return "", tuple(option.replace("_", " ") for option in body[1:-1].split("|"))
        if not body.startswith("{"):
            return "", (body,)
        plural = body.endswith("}s")
        name, _, form = body[1 : body.index("}")].partition(".")
        if name in NAMES:
            return name, self._names[name]
        if name in _sets():
            return "", _sets()[name]
        words = self._lexicon.words(name)
        return name, tuple(third_person(w) for w in words) if form == "s" or plural else words

    def _described(self, determiner: str) -> Place:
        """Return an adjective that may be left out, for a noun after *determiner*."""
        place = Place("adj", (*self._lexicon.words("adj"), ""))
        return _after_article(place) if determiner == "a" else place


def _after_article(place: Place) -> Place:
    """Return the place without the phrases that would need *an*."""
    return Place(place.kind, tuple(p for p in place.phrases if not p or not begins_with_vowel(p)))


def begins_with_vowel(word: str) -> bool:
    """Tell whether *word* begins with the sound of a vowel, so that it takes *an*."""
    return bool(word) and pronunciations(word.split()[0])[0].phones[0][0] in _VOWEL


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("miaobi.craft") / "data" / "en" / "verse_frame.toml").read_text("utf-8"))


@cache
def _sets() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(" ".join(text.split()).split("|")) for name, text in _data()["set"].items()}


@cache
def openers() -> Mapping[str, tuple[str, ...]]:
    """Return by letter what a sentence may open with, capitalised."""
    return {
        letter: tuple(p[:1].upper() + p[1:] for p in " ".join(text.split()).split("|"))
        for letter, text in _data()["letter"].items()
    }


def tails() -> tuple[str, ...]:
    """Return the phrases that close a clause."""
    return _sets()["tail"]


@cache
def frames(stage: str) -> Sequence[Frame]:
    """Return the frames of a stage of the argument; KeyError if there is no such stage."""
    return tuple(Frame(" ".join(source.split())) for source in _data()["frame"][stage])
