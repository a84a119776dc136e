"""Words of acts: ``data/scene_acts.toml``, and the forms of its English verbs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from miaobi.craft.text.verb import Tag, conjugate


@cache
def acts_table(name: str) -> dict[str, tuple[str, ...]]:
    """Return a table of ``data/scene_acts.toml``; ``_`` in a word stands for a space."""
    text = files("miaobi.craft").joinpath("data", "scene_acts.toml").read_text(encoding="utf-8")
    return {key: tuple(w.replace("_", " ") for w in value.split()) for key, value in tomllib.loads(text)[name].items()}


@cache
def act_forms() -> dict[str, list[tuple[str, Tag]]]:
    """Return the verbs of the tables by each of their forms."""
    bases = {
        w.split()[0]
        for name in ("verb", "phrase", "pose", "class")
        for words in acts_table(name).values()
        for w in words
    }
    out: dict[str, list[tuple[str, Tag]]] = {}
    for base in sorted(bases):
        f = conjugate(base)
        pairs: tuple[tuple[str, Tag], ...] = (
            (f.base, "base"), (f.third, "third"), (f.participle, "participle"), (f.past, "past"), (f.ing, "ing"),
        )  # fmt: skip
        for form, tag in pairs:
            out.setdefault(form, []).append((base, tag))
    return out


def preposition_of(words: Sequence[str]) -> tuple[str, int]:
    """Return where the preposition at the end of the words puts somebody, and how many words it has."""
    for how, names in acts_table("preposition").items():
        for name in sorted(names, key=len, reverse=True):
            parts = name.split()
            if list(words[-len(parts) :]) == parts and len(parts) > 1:
                return how, len(parts)
    for how, names in acts_table("preposition").items():
        if words and words[-1] in names:
            return how, 1
    return "", 0


def done_by(base: str) -> str:
    """Return what somebody does by an English verb to its object, "" where the tables don't have it."""
    return next((how for how, bases in acts_table("verb").items() if base in bases), "")


@cache
def of_class(name: str, base: str) -> bool:
    """Tell whether an English verb is of a class by its meaning: *give* is one of giving."""
    return base in acts_table("class").get(name, ())


@cache
def phrase_of(base: str, preposition: str) -> str:
    """Return what a verb does with a preposition, by itself (*hang from*) or by its class (verbs of looking: *at*)."""
    for how, phrases in acts_table("phrase").items():
        if f"{base} {preposition}" in phrases:
            return how
    for frame, prepositions in acts_table("frame").items():
        name, _, how = frame.partition("-")
        if preposition in prepositions and of_class(name, base):
            return how
    return ""


def gesture_of(base: str) -> str:
    """Return the gesture that an English verb says of whoever does it, "" for none."""
    return next((pose for pose, bases in acts_table("pose").items() if base in bases), "")


def _manner(words: str, hit: tuple[int, int, str]) -> bool:
    """Tell whether a Chinese verb says only how another is done: 踩着梯子够, 牵着牛跑."""
    at, length, pose = hit
    return pose in ("walk", "reach", "hold") and words[at - length : at - length + 1] == "着"


def gesture_in(words: str) -> str:
    """Return the gesture whose verb comes first in *words* of either language, "" where none does."""
    words = re.sub(
        "一行|扫帚|扫把|行李|飞机|走廊|冲[澡茶洗水]|跳绳|睡衣|睡袋", "", words
    )  # a line of egrets doesn't walk
    words = (
        re.sub(r"[不没别未](?:会|能|想|敢|肯|再|有)?[^\s]{0,2}", "", words) if re.search("[不没别未]", words) else words
    )
    hits = [(words.find(w), -len(w), pose) for pose, ws in acts_table("zh_pose").items() for w in ws if w in words]
    later = max((at for at, _, _ in hits), default=-1)
    hits = [hit for hit in hits if hit[0] == later or not _manner(words, hit)] or hits
    for match in re.finditer(r"[a-z]+", words):
        if pose := next((pose for base, _ in act_forms().get(match[0], ()) if (pose := gesture_of(base))), ""):
            hits.append((match.start(), 0, pose))
            break
    return min(hits)[2] if hits else ""
