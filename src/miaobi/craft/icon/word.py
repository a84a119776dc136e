"""Words of an icon: which of the net's words an idea in English or Chinese asks for, by ``data/icon_words.tsv``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.types import Language

_IDLE = frozenset(
    re.findall(
        r"\w+",
        "a an the of with and in on for to my our your icon glyph symbol sign simple small big little one some at by "
        "filled solid",
    )
)
_CLEAR = 0.10
_STYLES = frozenset({"outline", "circle", "box"})  # words that go beside a subject


@dataclass(frozen=True)
class Word:
    """A word of the net's: what else calls for it, and how well the corpus's own icons of it are taken for it, 0–1."""

    name: str
    chinese: tuple[str, ...]
    others: tuple[str, ...]
    clear: float


@dataclass(frozen=True)
class Asked:
    """What an idea asks for. ``words``: the net's, in their order; ``near``: known words like those that aren't."""

    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The words that say what is shown."""
        return tuple(w for w in self.words if w not in _STYLES) or self.words

    @property
    def clear(self) -> float:
        """How well the corpus's own icons of what is shown are taken for it."""
        known = words()
        return max(known[w].clear for w in self.subjects)

    def with_style(self, style: tuple[str, ...]) -> Asked:
        """Return the same with words of style after it."""
        return replace(self, words=(*self.words, *(s for s in style if s not in self.words)))

    def said(self, language: Language) -> str:
        """Return what is shown, in words."""
        known = words()
        if language == "zh":
            return "、".join(known[w].chinese[0] for w in self.subjects)
        return " ".join(self.subjects)


@cache
def words() -> dict[str, Word]:
    """Return the net's words by name."""
    rows = files("miaobi.craft").joinpath("data", "icon_words.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in rows if line and not line.startswith("#")]
    return {
        name: Word(name, tuple(zh.split()), tuple(others.split()), float(clear)) for name, zh, others, clear in found
    }


def drawable() -> list[Word]:
    """Return the words that can be asked for."""
    return [word for word in words().values() if word.clear >= _CLEAR]


@cache
def _calling(language: Language) -> dict[str, str]:
    if language == "zh":
        return {c: w.name for w in drawable() for c in w.chinese}
    return {other: w.name for w in drawable() for other in (*w.others, w.name)}


def asked(idea: str, language: Language) -> Asked:
    """Return what *idea* asks for: at most two subjects, since a third would find no room."""
    calling = _calling(language)
    if language == "zh":
        return _in_chinese(idea, calling)
    found: list[str] = []
    unknown: list[str] = []
    for word in re.findall(r"[a-z0-9]+", idea.lower()):
        name = next((calling[w] for w in (word, word.removesuffix("s"), word.removesuffix("es")) if w in calling), "")
        if name:
            found.append(name)
        elif word not in _IDLE:
            unknown.append(word)
    return _asked(found, unknown, calling)


def _in_chinese(idea: str, calling: dict[str, str]) -> Asked:
    found: list[tuple[int, str]] = []
    rest = idea
    for thing in _others(tuple(calling)):  # a lighthouse, 灯塔, is no lamp, 灯
        rest = rest.replace(thing, "\n" * len(thing))
    left = [thing for thing in _others(tuple(calling)) if thing in idea]
    for word in sorted(calling, key=len, reverse=True):
        at = rest.find(word)
        if at >= 0:
            found.append((at, calling[word]))
            rest = rest.replace(word, "　" * len(word))
    left += [part for part in re.findall(r"[\u4e00-\u9fff]+", rest) if len(part) > 1]
    return _asked([name for _, name in sorted(found)], left, calling)


@cache
def _others(calling: tuple[str, ...]) -> list[str]:
    """Return Chinese names of things that pictures show and icons don't, which hold the name of one that they do."""
    names = {c for subject in subjects().values() for c in subject.chinese} - set(calling)
    return sorted((n for n in names if any(word in n for word in calling)), key=len, reverse=True)


def _asked(found: list[str], unknown: list[str], calling: dict[str, str]) -> Asked:
    near = [calling[m] for w in unknown for m in difflib.get_close_matches(w, calling, n=2, cutoff=0.72)]
    names = list(dict.fromkeys(found))
    subjects = [n for n in names if n not in _STYLES][:2]
    chosen = [n for n in names if n in subjects or n in _STYLES]
    return Asked(tuple(chosen), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(near)))
