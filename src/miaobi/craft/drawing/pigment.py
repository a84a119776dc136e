"""Pigments: colours that words name, what they are called, and how a drawn thing is dyed in one.

A thing's own colours belong together where they are of its chief matter (a horse's coat, a balloon's cloth). Dyed, the
chief one becomes the pigment and the others keep how much lighter or darker they are, so that light, shade and pattern
stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from tomllib import loads

import numpy as np

from miaobi.craft.drawing.colour import hexed, linear, oklab, unlab
from miaobi.types import Language

_SHADES = {"dark": (-0.14, 0.95), "light": (0.16, 0.62)}  # lightness added, chroma kept
_FIRST = {"flower": ("flower", "foliage"), "foliage": ("foliage",), "wall": ("wall", "wood", "stone")}
_MATTER = {  # by generator: which matter is the chief one; else what there is most of
    **dict.fromkeys(("flower", "blossom", "lotus"), "flower"),
    **dict.fromkeys(("tree", "conifer", "willow", "bush", "palm", "cypress", "grove"), "foliage"),
    **dict.fromkeys(("house", "church", "windmill", "lighthouse", "hall", "temple", "castle"), "wall"),
}
_ALIKE = 0.12  # of the area of the chief colour: a second one of the same matter is dyed with it


@dataclass
class Told:
    """What was told of a drawing's colours: ``parts`` by name, "" the whole; ``dye``: what its own colours become;
    ``ledger``: how much of each (colour, matter) was laid, where that is asked."""

    parts: Mapping[str, str] = field(default_factory=dict)
    dye: dict[str, str] = field(default_factory=dict)
    ledger: dict[tuple[str, str], float] | None = None

    def of(self, part: str, own: str) -> str:
        """Return the colour of a part: the told one, else its own."""
        return self.parts.get(part, own)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = files("miaobi.craft").joinpath("data", "scene_words.toml").read_text(encoding="utf-8")
    return {name: tuple(value.split()) for name, value in loads(text)["colour"].items()}


@cache
def colour_words() -> dict[str, str]:
    """Return the name of the pigment that each word calls for, in both languages."""
    return {word: name for name, values in _table().items() for word in values[1:]}


def pigment(name: str, shade: str = "") -> str:
    """Return a pigment as ``#rrggbb``; *shade*: "", dark or light."""
    own = _table()[name][0]
    if not shade:
        return own
    lab = oklab(linear(own))
    more, kept = _SHADES[shade]
    return hexed(unlab(np.array([np.clip(lab[0] + more, 0.05, 0.98), *(lab[1:] * kept)])))


@cache
def _called() -> dict[str, tuple[str, str]]:
    return {pigment(name, shade): (name, shade) for shade in ("", *_SHADES) for name in _table()}


def called(colour: str, language: Language) -> str:
    """Return what a told colour is called, as *dark red* or 深红色; "" for one that is no pigment."""
    if colour not in _called():
        return ""
    name, shade = _called()[colour]
    if language == "en":
        return f"{shade} {name}".strip()
    word = next(w for w in _table()[name][1:] if not w.isascii())
    return {"": "", "dark": "深", "light": "浅"}[shade] + word + "色"


def dye_of(generator: str, ledger: Mapping[tuple[str, str], float], colour: str) -> dict[str, str]:
    """Return what each own colour of the chief matter becomes. *ledger*: areas by (colour, matter)."""
    first = _FIRST.get(_MATTER.get(generator, ""), ())
    matters = {matter for _, matter in ledger}
    matter = next((m for m in first if m in matters), "")
    areas = {key: area for key, area in ledger.items() if not matter or key[1] == matter}
    coloured = {key: area for key, area in areas.items() if not _is_iron(key[0])}
    if coloured and max(coloured.values()) > 0.15 * max(areas.values()):
        areas = coloured  # a bicycle's frame, not its tyres
    if not areas:
        return {}
    chief, matter = max(areas, key=lambda key: areas[key])
    labs = {own: oklab(linear(own)) for own, _ in areas}
    goal = oklab(linear(colour))
    out = {}
    for (own, of), area in areas.items():
        near = float(np.linalg.norm((labs[own] - labs[chief]) * [0.6, 1.6, 1.6])) < 0.11
        if near or (of == matter and area > _ALIKE * areas[chief, matter]):
            out[own] = _shifted(goal, float(labs[own][0] - labs[chief][0]))
    return out


def _is_iron(own: str) -> bool:
    lightness, a, b = oklab(linear(own))
    return bool(lightness < 0.42 and np.hypot(a, b) < 0.03)


def _shifted(goal: np.ndarray[tuple[int], np.dtype[np.float64]], more: float) -> str:
    light = float(np.clip(goal[0] + 0.7 * more, 0.08, 0.98))
    return hexed(unlab(np.array([light, *(goal[1:] * np.clip(light / goal[0], 0.6, 1.15))])))
