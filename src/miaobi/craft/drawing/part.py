"""Parts of a scene that can be made anew one by one while the others stay: light, sky, ground, a subject, foreground.

A part that is kept is told as plain values: what it looks like and from which seed it was drawn. ``light`` is hour,
weather, season, side, mood and palette: where it is made anew, what is kept keeps its shapes and is lit otherwise. The
kind of ground, its horizon and the composition stay as long as the ground or anybody on it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from miaobi.craft.drawing.body import bearers
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.types import Language

Kept = Mapping[str, Mapping[str, Any]]  # by the name of a part
_LIGHT = ("hour", "weather", "season", "side", "mood", "palette", "cover", "coming", "moon")
_PLACE = ("ground", "view", "horizon", "composition", "style", "room", "path")
_NAMES = {
    "light": ("light", "光线"),
    "sky": ("sky", "天空"),
    "ground": ("ground", "地面"),
    "foreground": ("foreground", "前景"),
}


def part_names(scene: Scene) -> list[str]:
    """Return the names of a scene's parts; two of a kind are told apart by number: ``boat``, ``boat 2``."""
    return ["light", "sky", "ground", *_of_subjects(scene), "foreground"]


def _of_subjects(scene: Scene) -> list[str]:
    met: Counter[str] = Counter()
    out = []
    for place in scene.subjects:
        met[place.id] += 1
        out.append(place.id if met[place.id] == 1 else f"{place.id} {met[place.id]}")
    return out


def title_of(name: str, language: Language) -> str:
    """Return what a part is called."""
    if name in _NAMES:
        return _NAMES[name][0 if language == "en" else 1]
    id, _, number = name.partition(" ")
    subject = subjects()[id]
    said = subject.words[0] if language == "en" else subject.chinese[0]
    return f"{said} {number}".strip()


def told(scene: Scene, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the parts of these names as plain values that ``held`` takes."""
    plain = scene.model_dump(mode="json")
    place = {key: plain[key] for key in _PLACE}
    painting = scene.seeds.get("painting", scene.seed)
    out: dict[str, dict[str, Any]] = {}
    every = _of_subjects(scene)
    numbers = dict(zip(every, range(len(scene.subjects)), strict=True))
    by = bearers(scene.subjects)
    names = list(names)
    anew = [name for name in every if name not in names]
    for name in [*names, *names]:  # what a bearer holds is made anew with it where it alone is
        bearer = by.get(numbers.get(name, -1))
        if bearer is not None and every[bearer] not in names and len(anew) == 1 and name in names:
            names.remove(name)
    for name in names:  # else what bears somebody who is kept is kept
        if (bearer := by.get(numbers.get(name, -1))) is not None and every[bearer] not in names:
            names.append(every[bearer])
    for name in names:
        if name == "light":
            out[name] = {key: plain[key] for key in _LIGHT}
        elif name == "ground":
            out[name] = {"seed": scene.seeds.get("ground", scene.seed), "place": place}
        elif name == "foreground":
            out[name] = {"seed": scene.seeds.get("foreground", scene.seed), "kind": scene.foreground}
        elif name == "sky":
            out[name] = {"seed": scene.seeds.get("sky", scene.seed)}
        else:
            found = scene.subjects[numbers[name]]
            fixed = {
                "seed": scene.seed if found.seed is None else found.seed,
                "number": numbers[name] if found.number is None else found.number,
            }
            out[name] = {"subject": found.model_dump(mode="json") | fixed, "place": place}
        out[name]["painting"] = painting
    return out


def fixed_by(kept: Kept) -> dict[str, str]:
    """Return what the parts that are kept settle, by the names of a picture's options."""
    out = {
        key: str(part["place"][key]) for part in kept.values() if "place" in part for key in ("ground", "composition")
    }
    if placed := next((part for part in kept.values() if "place" in part), None):
        out["view"] = str(placed["place"].get("view", "wide"))
    return out | {key: str(kept["light"][key]) for key in ("hour", "weather", "season") if "light" in kept}


def standing(kept: Kept) -> tuple[Placed, ...]:
    """Return the subjects that are kept."""
    return tuple(Placed.model_validate(values["subject"]) for values in kept.values() if "subject" in values)


def held(values: dict[str, Any], kept: Kept) -> dict[str, Any]:
    """Return the plain values of a scene with those of the parts that are kept; its subjects are staged after."""
    out = dict(values)
    seeds: dict[str, int] = {}
    for name, part in kept.items():
        out |= part.get("place", {})
        seeds["painting"] = int(part["painting"])
        if name == "light":
            out |= {key: part[key] for key in _LIGHT if key in part}
        if name in ("sky", "ground", "foreground"):
            seeds[name] = int(part["seed"])
        if name == "foreground":
            out["foreground"] = part["kind"]
    return out | {"seeds": seeds}
