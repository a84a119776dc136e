"""Passage: the stretch of a told story that a picture illustrates: which one, and what is seen in it.

A story isn't an idea: much of what it names isn't there. What people say is spoken of and not seen, what follows *like
a* is a likeness, what follows *no* is missing. Hour, weather, season and place hold from where they are told until
others are; a name or a pronoun stands for who bears it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from miaobi.bible import Persona
from miaobi.craft.drawing.subjects.subject import FIGURES, subjects
from miaobi.craft.drawing.words.absence import present
from miaobi.craft.drawing.words.bearer import Bearers, bearers
from miaobi.craft.drawing.words.reading import BY_PRONOUN, Asked, given_names, read_wish
from miaobi.craft.drawing.words.undrawn import undrawn
from miaobi.craft.plot.narrative import paragraphs as paragraphs_of
from miaobi.craft.plot.reading import read_prose
from miaobi.craft.text.speech import mask_speech
from miaobi.craft.text.table import table
from miaobi.craft.text.verb import bases_of
from miaobi.craft.text.wordclass import word_class
from miaobi.errors import BriefError, show
from miaobi.types import Language, derive_seed

MOST = 5  # subjects of one passage; people come first
_THINGS = 2  # of them what is held in a hand: beside people it is drawn larger than life
_OTHERWISE = re.compile(r"\b(?:may|might|march(?:ed)?|fall|fell|day|days|spring(?=\s+(?:up|to|from))|wet)\b", re.I)
_NO_THINGS = ("prose_unseen.en", "vague.en", "finite.en", "adjectives.en")
_SUBJECTS = {"she": ("she", "她"), "he": ("he", "他")}  # words that stand for somebody
_WOMEN = ("woman", "girl", "old-woman", "witch", "dancer")
_PAST = re.compile(  # what is remembered, or only thought of
    r"[^.!?]*\b(?:used to|years ago|long ago|had (?:once|never|always|been)|would (?:have|one day|never)|could have|"
    r"as an? (?:boy|girl|child)|when (?:he|she|they) (?:was|were) (?:young|a boy|a girl|a child|little))\b[^.!?]*[.!?]?"
    r"|[^。！？]*(?:从前|当年|那年|小时候|曾经|多年前|如果|假如)[^。！？]*[。！？]?",
    re.I,
)
_TELLS = ("hour", "weather", "season", "grounds", "style", "room")


@dataclass(frozen=True)
class Passage:
    """Paragraphs *first* to *last* of a story, counted from 1, and their words."""

    first: int
    last: int
    text: str

    @property
    def number(self) -> str:
        """What it is called by, as ``3`` or ``3-4``."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Seen:
    """What a passage asks a picture for, and what it names that the picture leaves out."""

    asked: Asked
    left: tuple[str, ...]  # subjects that can be drawn and have no room
    undrawn: tuple[str, ...]  # words for which there is no generator


def paragraphs(text: str, language: Language) -> list[str]:
    """Return the paragraphs of a story, plain or Markdown; headings, front matter and scene breaks are none."""
    found = (p for scene in read_prose(text, language).scenes() for p in paragraphs_of(scene, language))
    return [p for p in found if re.search(r"\w", p)]


def found(story: Sequence[str], wanted: str, idea: str, language: Language) -> Passage:
    """Return the passage of *story*, paragraphs, that *wanted* names: ``3``, ``3-4``, or words that stand in it.

    Where nothing is wanted it is the paragraph that has most of *idea* and most to be seen. BriefError for one that
    isn't there.
    """
    wanted = " ".join(wanted.split())
    if match := re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", wanted):
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= len(story):
            raise BriefError(
                f"The story has no passage {show(wanted)}: it has {len(story)} paragraphs.",
                f"Give one as passage=1 to passage={len(story)}, several as 3-4, or words that stand in it.",
            )
        return Passage(first, last, "\n\n".join(story[first - 1 : last]))
    if wanted:
        plain = [_plain(p) for p in story]
        number = next((i for i, p in enumerate(plain) if _plain(wanted) in p), -1)
        if number < 0:
            raise BriefError(
                f"No passage of the story has the words {show(wanted)}.",
                "Give words as they stand in it, or the number of a paragraph.",
            )
    else:
        number = max(range(len(story)), key=lambda i: (round(_nearness(story, i, idea, language), 6), -i))
    return Passage(number + 1, number + 1, story[number])


def spread(story: Sequence[str], part: int, parts: int, taken: Collection[int], language: Language) -> int:
    """Return the number of the paragraph that picture *part* (from 0) of *parts* shows: the one with most to be seen
    in its stretch of the story that no other picture has *taken*, so that pictures follow what happens."""
    stretch = range(len(story) * part // parts, max(len(story) * (part + 1) // parts, len(story) * part // parts + 1))
    free = [i for i in stretch if i + 1 not in taken] or [i for i in range(len(story)) if i + 1 not in taken]
    return max(free or range(len(story)), key=lambda i: (round(to_be_seen(story[i]), 6), -i)) + 1


def to_be_seen(paragraph: str) -> float:
    """Return how much a picture could show of a paragraph: subjects, and whether hour, weather, place, gesture are
    told."""
    asked = read_wish(narrated(paragraph))
    told = sum(bool(v) for v in (asked.hour, asked.weather, asked.grounds, asked.gestures))
    return min(len(asked.subjects), 4) + min(len(asked.acts), 3) + 0.5 * told


def narrated(text: str) -> str:
    """Return what of *text* is told as there: without speech, likenesses, what is missing, and words that mean
    otherwise in prose (*may*, *fall*)."""
    return _OTHERWISE.sub(" ", present(_PAST.sub(" ", mask_speech(text))))


def seen(
    story: Sequence[str], passage: Passage, people: Sequence[Persona], idea: str, tone: str, language: Language
) -> Seen:
    """Return what is seen in a passage of *story*; *people*: who bears a name in it, alike in all its pictures."""
    before = story[: passage.first - 1]
    named = bearers("\n\n".join(story))
    given = given_names(narrated(passage.text)) if not people else {}
    names = given | named.names | {one.name.split()[0].lower(): _figure_of(one) for one in people if one.name}
    asked = read_wish(narrated(passage.text), tone, names)
    if not _peopled(asked) and (who := _called(passage.text, before, people, names)):
        asked = read_wish(narrated(passage.text), tone, {**names, **dict.fromkeys(_SUBJECTS[who[0]], who[1])})
        if not _peopled(asked):  # her hands
            asked = replace(asked, subjects=((who[1], 1), *asked.subjects))
    for told in reversed(before):  # what was told last still holds
        earlier = read_wish(narrated(told), "", names)
        held = {name: getattr(asked, name) or getattr(earlier, name) for name in _TELLS}
        asked = replace(asked, **held)
    wish = read_wish(idea)
    asked = replace(asked, **{name: getattr(asked, name) or getattr(wish, name) for name in _TELLS})
    here = dict(asked.subjects)
    if not here:  # talk, thoughts: whoever and whatever was there before stays
        here = next(
            (dict(found) for told in reversed(before) if (found := read_wish(narrated(told), "", names).subjects)), {}
        )
    asked = replace(asked, subjects=tuple((here or dict(wish.subjects)).items()))
    taken = _ranked(asked.subjects, passage.text)
    left = tuple(name for name, _ in asked.subjects if name not in dict(taken))
    words = {word for one in people for word in one.name.lower().split()} | names.keys()
    asked = replace(asked, colours=(*asked.colours, *_worn(asked, named, passage.text)))
    missing = tuple(w for w in undrawn(narrated(passage.text), language) if w not in words and _thing(w))
    return Seen(replace(asked, subjects=taken, looks=_looks(taken, story, passage, people)), left, missing)


def _worn(asked: Asked, named: Bearers, text: str) -> list[tuple[str, str, str]]:
    """Return the colours that were told of who bears a name, where the passage tells no others of them."""
    here = [name for name in named.names if _any(name, f" {_plain(text)} ")]
    here += [name for name in named.names if name not in here]
    out, told = list[tuple[str, str, str]](), {id for id, *_ in asked.colours}
    for name in here:  # of two girls the one who is named
        subject = named.names[name]
        if subject in dict(asked.subjects) and subject not in told:
            out += [(subject, part, colour) for part, colour in named.colours[name]]
            told.add(subject)
    return out


def _looks(
    taken: Sequence[tuple[str, int]], story: Sequence[str], passage: Passage, people: Sequence[Persona]
) -> tuple[tuple[str, int], ...]:
    """Return by subject the chance of the looks of whoever it shows: of a persona by id and name, else of the only one
    of a kind that a story has."""
    out, low = [], passage.text.lower()
    for name, _ in taken:
        if subjects()[name].generator not in FIGURES:
            continue
        meant = [one for one in people if one.name and _figure_of(one) == name]
        meant.sort(key=lambda one: one.name.split()[0].lower() not in low)  # who is named there first
        who = (meant[0].id, meant[0].name) if meant else ("", name)
        out.append((name, derive_seed(0, "look", story[0], *who)))
    return tuple(out)


def title_in(passage: Passage, language: Language) -> str:
    """Return what a picture of a passage is called: the first clause that is told."""
    text = " ".join(mask_speech(passage.text).split()) or " ".join(passage.text.split())
    clause = next((c.strip() for c in re.split(r"[,.;:!?—，。；：！？、…“”]+", text) if re.search(r"\w", c)), text)
    if language == "zh":
        return clause[:16]
    return shortened(clause)


def shortened(text: str, most: int = 9) -> str:
    """Return the first *most* words of English *text*, and no word at the end that wants another after it."""
    words = text.split()
    if len(words) <= most:
        return text
    words = words[:most]
    wants = table("determiners.en") | table("prepositions.en") | table("adjectives.en") | {"and", "or", "front", "who"}
    while len(words) > 2 and words[-1].lower().rstrip(",;:") in wants:
        words.pop()
    return " ".join(words).rstrip(",;:–— ")


def opening_words(passage: Passage, language: Language, most: int) -> str:
    """Return the first sentence of a passage, cut at a word after at most *most* characters."""
    text = " ".join(passage.text.split())
    end = re.search(r"[.!?。！？…][”’」』\"]*(?=\s|$)" if language == "en" else r"[。！？…][”’」』]*", text)
    said = text[: end.end()] if end else text
    if len(said) <= most:
        return said
    cut = said[:most]
    return (cut.rsplit(" ", 1)[0] if language == "en" else cut).rstrip(" ,;:，；：、") + "…"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\u4e00-\u9fff]+", " ", text.lower().replace("’", "'")).split())


def _nearness(story: Sequence[str], number: int, idea: str, language: Language) -> float:
    """Return how much of the idea's words stand in a paragraph, words that stand everywhere counting little, and how
    much of it can be seen."""
    wanted = _units(idea, language)
    units = [_units(p, language) for p in story]
    here = sum(1 / sum(u in other for other in units) for u in wanted if u in units[number])
    return here + 0.12 * to_be_seen(story[number])


def _units(text: str, language: Language) -> set[str]:
    if language == "zh":
        signs = re.sub(r"[^\u4e00-\u9fff]+", " ", text)
        return {signs[i : i + 2] for i in range(len(signs) - 1) if " " not in signs[i : i + 2]}
    return {w.rstrip("s") for w in _plain(text).split() if w not in table("determiners.en") and len(w) > 2}


def _peopled(asked: Asked) -> bool:
    return any(subjects()[name].generator in FIGURES for name, _ in asked.subjects)


def _called(
    text: str, before: Sequence[str], people: Sequence[Persona], names: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return whom *he* or *she* stands for, in a passage that names nobody: which of the two, and the subject."""
    low = f" {_plain(mask_speech(text))} "
    sex = next((s for s, words in (("she", "she her 她"), ("he", "he his him 他")) if _any(words, low)), "")
    if not sex:
        return None
    persona = next((one for one in people if one.pronoun == sex), None)
    if persona is not None:
        return sex, _figure_of(persona)
    for told in reversed(before):  # who was told of last
        people_there = [
            n for n, _ in read_wish(narrated(told), "", names).subjects if subjects()[n].generator == "person"
        ]
        last = [n for n in people_there if (n in _WOMEN) == (sex == "she")]
        if last:
            return sex, last[-1]
    return sex, BY_PRONOUN[sex]


def _any(words: str, low: str) -> bool:
    return any(f" {word} " in low if word.isascii() else word in low for word in words.split())


def _figure_of(one: Persona) -> str:
    """Return the subject that a persona is drawn as: by the role, else as a man or a woman."""
    names = [n for n, _ in read_wish(one.role).subjects if subjects()[n].generator in FIGURES]
    return names[0] if names else BY_PRONOUN.get(one.pronoun, "traveller")


def _ranked(asked: Sequence[tuple[str, int]], text: str) -> tuple[tuple[str, int], ...]:
    """Return the subjects there is room for, people first, in the order of the passage."""
    known, taken, things = subjects(), list[tuple[str, int]](), 0
    crowd = sum(known[name].generator in FIGURES for name, _ in asked)
    for name, count in sorted(asked, key=lambda one: known[one[0]].generator not in FIGURES):
        held = known[name].stand == "thing"
        if len(taken) == MOST or (held and crowd and things == _THINGS):
            continue
        things += held
        taken.append((name, count))
    order = [name for name, _ in asked]
    return tuple(sorted(taken, key=lambda one: order.index(one[0])))


def _thing(word: str) -> bool:
    """Tell whether *word*, which a determiner leads to, may name something to be seen: in prose that is often none."""
    closed = ("adverb", "object", "preposition", "subordinator")
    none = any(word in word_class(name) for name in closed) or any(word in table(name) for name in _NO_THINGS)
    return not none and not any(bases_of(word, tag) for tag in ("past", "participle"))
