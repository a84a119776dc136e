"""Frames of verse: the sentences of ``data/en/verse_frame.toml``, read into what may stand at each place of a line.

Notation of a frame, tokens between blanks:

1. ``{kind}`` one word of that kind of the lexicon; ``{kind.s}`` a verb in the third person; those in ``NAMES`` are the
   poem's own phrases. A noun after a determiner may have an adjective before it.
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
from miaobi.craft.verse.lexicon import ADJECTIVES, Lexicon, third_person

_PART = re.compile(r"(?P<open>\()?(?P<body>\{[\w.]+\}s?|\[[^\]]*\]|[^\s()\[\]{},.;:?!]+)\)?(?P<mark>[.,;:?!—]*)")
_DETERMINERS = ("the", "a", "my", "this", "each", "every", "one", "no", "its", "their")
_FEW = 8  # a place with more words than this has no determiner among them
NAMES = frozenset({"it", "role", "deed", "word", "who", "noun"})
NOUNS = frozenset({"place", "thing", "creature", "light", "weather", "many", "count"})
_AFTER_THIRD = re.compile(r"\.s\} \(?\{tail\}")  # a clause whose verb is in the third person, and what closes it
_FIRST_PERSON = re.compile(r"(?:^|[.;:,] |and )(?:then )?I (?!\w+ [^{]*\.s\})[^.;:]*\{tail\}")
_VERBAL = re.compile(r"and \w+s\b|and (?:won’t|will)\b")  # a tail that goes on with another verb of that person
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
        """The names that a poem must give a phrase for: ``it``, ``role``, ``deed``, ``word``, ``who``, ``noun``."""
        return frozenset(NAMES & set(re.findall(r"\{(\w+)", self.source)))

    def read(self, lexicon: Lexicon, names: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
        """Return its lines with the words of *lexicon* and the phrases of *names*."""
        reading = _Reading(lexicon, names)
        return tuple(reading.line(text) for text in self.source.split(" / "))


class _Reading:
    """Reads the lines of one frame from left to right."""

    def __init__(self, lexicon: Lexicon, names: Mapping[str, tuple[str, ...]]) -> None:
        self._lexicon, self._names = lexicon, names
        self._sentence = False  # whether the next word begins a sentence within a line; a line's own is the poem's

    def line(self, text: str) -> Line:
        """Return the line that *text* describes."""
        self._third = bool(_AFTER_THIRD.search(text))
        self._first = bool(_FIRST_PERSON.search(text))
        places: list[Place] = []
        before: list[str] = []  # the last words of what stands before, determiners at the end
        found = list(_PART.finditer(text))
        for k, m in enumerate(found):
            last, optional = k == len(found) - 1, bool(m["open"])
            following = found[k + 1]["body"] if not last else ""
            place = self._place(_adjective(m["body"], following), "" if last else m["mark"], optional)
            if before and before[-1] in _DETERMINERS and place.kind in NOUNS | {"noun"} and not self._sentence:
                described = self._described(place.kind)
                places.append(_after_article(described) if "a" in before else described)
            if "a" in before:
                place = _after_article(place)
            places = _joined(places, place) if self._sentence else [*places, place]
            self._sentence = (self._sentence and optional) or (any(c in m["mark"] for c in ".?!") and not last)
            before = _endings(before if optional else [], place)
        return Line(tuple(places), found[-1]["mark"])

    def _place(self, body: str, mark: str, optional: bool) -> Place:
        kind, phrases = self._words(body)
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
        if name == "tail":
            closing = tails(self._lexicon)
            verbal = closing if self._third else tuple(t for t in closing if not _VERBAL.match(t))
            return "", (*verbal, *_sets()["mine"]) if self._first else verbal
        if name == "town":  # the idea's, where there are rhymes for it
            known = _sets()[name]
            return "", tuple(t for t in known if t in self._names.get(name, ())) or known
        if name in _sets():
            return "", _sets()[name]
        words = self._lexicon.words(name)
        return name, tuple(third_person(w) for w in words) if form == "s" or plural else words

    def _described(self, kind: str) -> Place:
        """Return an adjective that may be left out, for a noun of this kind after a determiner."""
        return Place("adj", (*self._lexicon.words(ADJECTIVES.get(kind, "adj")), ""))


def _adjective(body: str, following: str) -> str:
    """Return *body*; where it asks for an adjective, for one of the kind that describes what follows."""
    if body != "{adj}":
        return body
    noun = following.strip("{}")
    return "{" + ADJECTIVES.get(noun, ADJECTIVES.get(noun.removesuffix("}s"), "adj")) + "}"


def _endings(before: list[str], place: Place) -> list[str]:
    """Return the words that may stand before the next place, *a* first and determiners at the end."""
    own = list(dict.fromkeys(p.rstrip(",.;:?!—").rsplit(" ", 1)[-1].lower() for p in place.phrases if p))
    ends = [*before, *sorted(own, key=lambda w: w != "a")] if len(own) < _FEW else [*before, ""]
    return sorted(ends, key=lambda w: w in _DETERMINERS)


def _joined(places: list[Place], place: Place) -> list[Place]:
    """Return the places with *place*, which begins a sentence; what may be left out before it goes into its phrases."""
    before = places[-1].phrases if places and "" in places[-1].phrases else ("",)
    kept = places[:-1] if "" in before and len(before) > 1 else places
    both = (f"{first} {then}".strip() for first in before for then in place.phrases)
    return [*kept, Place(place.kind, tuple(p[:1].upper() + p[1:] for p in both))]


def _after_article(place: Place) -> Place:
    """Return the place without the phrases that would need *an*."""
    return Place(place.kind, tuple(p for p in place.phrases if not p or not begins_with_vowel(p)))


def begins_with_vowel(word: str) -> bool:
    """Tell whether *word* begins with the sound of a vowel, so that it takes *an*."""
    return bool(word) and pronunciations(word.split(maxsplit=1)[0])[0].phones[0][0] in _VOWEL


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("miaobi.craft") / "data" / "en" / "verse_frame.toml").read_text("utf-8"))


@cache
def _sets() -> Mapping[str, tuple[str, ...]]:
    return {
        name: tuple(phrase.strip() for phrase in " ".join(text.split()).split("|"))
        for name, text in _data()["set"].items()
    }


@cache
def openers() -> Mapping[str, tuple[str, ...]]:
    """Return by letter what a sentence may open with, capitalised."""
    return {
        letter: tuple(p[:1].upper() + p[1:] for p in " ".join(text.split()).split("|"))
        for letter, text in _data()["letter"].items()
    }


def tails(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the phrases that close a clause: those of the data, and where it is, by the lexicon's places."""
    near = [f"{on} the {place}" for place in lexicon.words("place") for on in _sets()["where"]]
    return (*_sets()["tail"], *near)


def closings(lexicon: Lexicon) -> tuple[str, ...]:
    """Return every phrase that a line may close with."""
    return (*tails(lexicon), *_sets()["mine"])


@cache
def frames(stage: str) -> Sequence[Frame]:
    """Return the frames of a stage of the argument; KeyError if there is no such stage."""
    return tuple(Frame(" ".join(source.split())) for source in _data()["frame"][stage])


def parts(stage: str) -> int:
    """Return of how many frames a stanza of a stage is put together, ``limerick_1``, ``limerick_2``…; 0: of one."""
    return sum(name.rpartition("_")[0] == stage and name[-1].isdigit() for name in _data()["frame"])
