"""People: what each kind of them wears and carries, and in what two of a kind differ."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from miaobi.craft.drawing.colour import linear, oklab
from miaobi.craft.drawing.pen import Pen
from miaobi.craft.drawing.subjects.attire import Person
from miaobi.craft.facts.wording import plural
from miaobi.types import Language


def _people() -> dict[str, Person]:
    text = files("miaobi.craft").joinpath("data", "people.toml").read_text(encoding="utf-8")
    return {kind: Person(**fields) for kind, fields in tomllib.loads(text).items()}


PEOPLE = _people()

# what the plain ones may be dressed in, beside what they have above
_CLOTHES = {
    **dict.fromkeys(("man", "lover", "person"), ("#46555e", "#6b4a3a", "#5b5f45", "#39405a", "#77684f")),
    **dict.fromkeys(("woman", "dancer"), ("#3f6470", "#7a5a86", "#b0683a", "#4f6b48", "#94456a")),
    "girl": ("#d69a35", "#4f7d8c", "#7f5c93", "#5f8a57", "#c9667a"),
    "boy": ("#8a4a35", "#5c7a4a", "#b08a3c", "#4d5579", "#7a6a5a"),
    "old man": ("#4d5a60", "#5f5240", "#57513f"),
    "old woman": ("#4a5666", "#6a4a42", "#56603f"),
    "farmer": ("#8a6a4a", "#5f7482", "#8a8255"),
    "traveller": ("#54604a", "#4a4f60", "#74473a"),
    "umbrella": ("#6a4450", "#3f5f62", "#77653f"),
}
_HAIRDOS = {
    "woman": ("bun", "long", "bob", "tail"),
    "girl": ("long", "braid", "bob", "tail"),
    "boy": ("", "", "curls"),
    "umbrella": ("long", "bob"),
    "lover": ("", "curls"),
    "man": ("", "", "curls"),
}
_HAIR = ("#231b18", "#231b18", "#3a2a1e", "#4a2f1e", "#6e4426", "#a87c46")
_SKINS = ("#c89a78", "#c89a78", "#d6aa86", "#b58560", "#8c6043")
_CHINESE = ("monk", "scholar")


@cache
def _callings() -> dict[str, tuple[str, str, str]]:
    """Return by each word of ``data/callings.tsv`` the kind that it calls for, and its singular and plural."""
    text = files("miaobi.craft").joinpath("data", "callings.tsv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str, str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, *words = line.split("\t")
            for entry in ",".join(words).split(","):
                one, _, many = entry.partition("/")
                found |= {word: (kind, one, many or plural(one)) for word in (one, many) if word}
    return found


def calling(word: str) -> str:
    """Return what one is called who is named by *word* and drawn as more than a man or a girl, "" for others."""
    return _callings().get(word, ("", "", ""))[1]


def calling_in(word: str, language: Language, count: int = 1) -> str:
    """Return a calling, for *count* of them, if it is of *language*, a child's in the other one; else ""."""
    if not word:
        return ""
    if word.isascii() != (language == "en"):
        if _callings()[word][0] != "child":
            return ""
        word = {"en": "child", "zh": "孩子"}[language]
    return word if count == 1 or language == "zh" else _callings()[word][2]


def kind_called(word: str, own: str, number: int) -> str:
    """Return the kind of ``PEOPLE`` that a calling is drawn as, *own* where it is none; of children every second is a
    girl, by *number*."""
    kind = _callings()[word][0] if word else own
    return ("girl", "boy")[number % 2] if kind == "child" else kind


def _alike(coat: str, skin: str) -> bool:
    """Tell whether a coat of this colour is seen as bare skin."""
    apart = (oklab(linear(coat)) - oklab(linear(skin))) * [0.6, 1.6, 1.6]
    return float(np.linalg.norm(apart)) < 0.11


def varied(kind: str, pen: Pen) -> Person:
    """Return one of ``PEOPLE`` as this one looks: clothes, hair and skin by ``Pen.look``; 0 is the first of all."""
    who = PEOPLE[kind]
    if not pen.look:
        return who
    rng = np.random.default_rng(pen.look)
    hair, skin = str(rng.choice(_HAIR)), str(rng.choice(_SKINS))
    coats = [coat for coat in (who.coat, *_CLOTHES.get(kind, ())) if not _alike(coat, skin)] or [who.coat]
    if kind in _CHINESE or pen.local == "chinese":
        hair, skin = "#1f1a19", _SKINS[0]
    return replace(
        who,
        coat=str(rng.choice(coats)),
        hairdo=str(rng.choice(_HAIRDOS.get(kind, (who.hairdo,)))),
        hair=who.hair if who.aged or who.hat in ("helmet", "visor") or who.beard else hair,
        skin=skin,
        hat="" if kind == "man" and rng.random() < 0.45 else who.hat,
    )
