"""Plan: what an idea asks of a solid, and the solids that it could be, as plain values under a schema.

The words choose the kind; what they leave open is drawn by lot, several times, and the form lets the engine choose.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Collection
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from miaobi.craft.drawing.plan import Fixed, candidates
from miaobi.craft.drawing.scene import Scene
from miaobi.craft.drawing.subjects.subject import subjects as drawn
from miaobi.craft.drawing.words.reading import Asked, named, read_wish
from miaobi.craft.drawing.words.undrawn import undrawn
from miaobi.craft.markup import CJK
from miaobi.craft.space.figures.catalogue import FIGURES
from miaobi.craft.space.group import MOST, Standing, mounted
from miaobi.types import Language

Kind = Literal["figure", "vessel", "lattice", "sweep", "letters", "plaque", "relief"]
KINDS: tuple[Kind, ...] = ("figure", "vessel", "lattice", "sweep", "letters", "plaque", "relief")
Ground = Literal["plain", "grass", "sea", "snow", "sand", "stone"]
Pattern = Literal["gyroid", "schwarz", "diamond", "diagrid", "honeycomb"]
Line = Literal["trefoil", "cinquefoil", "eight-turns", "figure-eight", "moebius", "infinity", "spiral", "arch"]
LETTERS_MOST, PLAQUE_MOST = 40, 240  # characters
Outline = tuple[tuple[float, float], ...]  # radius in shares of the height at heights 0–1, foot to top

PROFILES: dict[str, Outline] = {
    "amphora": ((0.16, 0.0), (0.20, 0.06), (0.32, 0.42), (0.28, 0.66), (0.13, 0.84), (0.12, 0.90), (0.17, 1.0)),
    "bowl": ((0.30, 0.0), (0.30, 0.06), (0.50, 0.22), (0.72, 0.55), (0.82, 0.85), (0.84, 1.0)),
    "beaker": ((0.24, 0.0), (0.26, 0.10), (0.28, 0.45), (0.33, 0.80), (0.38, 1.0)),
    "bottle": ((0.19, 0.0), (0.22, 0.08), (0.24, 0.45), (0.17, 0.68), (0.085, 0.80), (0.08, 0.92), (0.10, 1.0)),
    "gourd": ((0.16, 0.0), (0.30, 0.20), (0.26, 0.44), (0.14, 0.58), (0.19, 0.74), (0.12, 0.90), (0.10, 1.0)),
    "goblet": (
        (0.26, 0.0),
        (0.22, 0.04),
        (0.07, 0.12),
        (0.055, 0.34),
        (0.08, 0.42),
        (0.26, 0.56),
        (0.31, 0.80),
        (0.29, 1.0),
    ),
    "candlestick": (
        (0.30, 0.0),
        (0.30, 0.05),
        (0.12, 0.12),
        (0.07, 0.22),
        (0.11, 0.32),
        (0.06, 0.42),
        (0.055, 0.66),
        (0.10, 0.76),
        (0.08, 0.86),
        (0.15, 0.93),
        (0.15, 1.0),
    ),
    "pawn": (
        (0.27, 0.0),
        (0.28, 0.06),
        (0.20, 0.13),
        (0.12, 0.26),
        (0.09, 0.50),
        (0.17, 0.57),
        (0.11, 0.63),
        (0.20, 0.78),
        (0.15, 0.93),
        (0.03, 1.0),
    ),
    "top": (
        (0.03, 0.0),
        (0.12, 0.07),
        (0.42, 0.36),
        (0.46, 0.46),
        (0.38, 0.56),
        (0.10, 0.64),
        (0.06, 0.74),
        (0.07, 0.96),
        (0.04, 1.0),
    ),
    "column": ((0.20, 0.0), (0.20, 0.06), (0.14, 0.12), (0.15, 0.40), (0.12, 0.84), (0.17, 0.92), (0.19, 1.0)),
}
SOLID_PROFILES = ("candlestick", "pawn", "top", "column")  # not hollow
BODIES: dict[str, Outline] = {
    "vase": ((0.20, 0.0), (0.26, 0.12), (0.33, 0.40), (0.26, 0.68), (0.17, 0.86), (0.21, 1.0)),
    "lamp": ((0.30, 0.0), (0.34, 0.10), (0.38, 0.40), (0.33, 0.72), (0.20, 0.92), (0.17, 1.0)),
    "ball": ((0.22, 0.0), (0.36, 0.12), (0.47, 0.36), (0.49, 0.52), (0.42, 0.78), (0.26, 0.94), (0.16, 1.0)),
    "bowl": ((0.32, 0.0), (0.44, 0.16), (0.64, 0.52), (0.74, 0.85), (0.76, 1.0)),
}
GLAZES = {
    "celadon": "#9db8a0",
    "cobalt": "#3f5f94",
    "ochre": "#c08a3e",
    "oxblood": "#8e3a34",
    "ivory": "#e6dcc4",
    "jade": "#5f8f74",
    "slate": "#6a747c",
    "terracotta": "#b8694a",
    "plum": "#7a4f6a",
    "ink": "#3a3d42",
}


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(_Value):
    """Figures on a base."""

    kind: Literal["figure"] = "figure"
    figures: tuple[Standing, ...]
    ground: Ground
    seed: int


class Vessel(_Value):
    """A body turned from a profile, hollow or not."""

    kind: Literal["vessel"] = "vessel"
    name: str
    profile: Outline
    hollow: bool
    lobes: int = 0
    twist: float = 0.0  # degrees
    flute: float = 0.0  # depth, share of the height
    glaze: str


class Lattice(_Value):
    """An openwork shell."""

    kind: Literal["lattice"] = "lattice"
    name: str
    profile: Outline
    pattern: Pattern
    period: float  # share of the height
    floor: bool
    glaze: str


class Sweep(_Value):
    """A section along a curve, on a foot."""

    kind: Literal["sweep"] = "sweep"
    curve: Line
    thick: float  # half the section's width, share of the size
    flat: float  # thickness over width; 1: round
    twist: int  # half turns
    glaze: str


class Letters(_Value):
    """Letters that stand on a foot, or lie as a tag with a hole."""

    kind: Literal["letters"] = "letters"
    lines: tuple[str, ...]
    stands: bool
    glaze: str


class Plaque(_Value):
    """Words in relief on a plate with a border."""

    kind: Literal["plaque"] = "plaque"
    lines: tuple[str, ...]
    border: Literal["single", "double"]
    glaze: str


class Relief(_Value):
    """A picture's scene as a slab, by nearness and tone."""

    kind: Literal["relief"] = "relief"
    scene: Scene
    rise: float  # mm


Solid = Annotated[Figures | Vessel | Lattice | Sweep | Letters | Plaque | Relief, Field(discriminator="kind")]


class Wish(_Value):
    """What was read from an idea: the kind of solid, its figures, its words."""

    kind: Kind
    figures: tuple[str, ...] = ()
    text: str = ""
    low: str  # the idea in lower case, for what the words choose further
    meant: str = ""  # the word that has no shape and that a curve stands for


@cache
def _table(name: str) -> dict[str, tuple[str, ...]]:
    text = files("miaobi.craft").joinpath("data", "solid_words.toml").read_text(encoding="utf-8")
    return {key: tuple(value.split()) for key, value in tomllib.loads(text)[name].items()}


def _stands(word: str, low: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word)}s?\b", low)) if word.isascii() else word in low


def _first(name: str, low: str) -> str:
    """Return the entry of table *name* one of whose words stands first in *low*; "" for none."""
    found = []
    for entry, words in _table(name).items():
        for word in words:
            match = re.search(rf"\b{re.escape(word)}s?\b" if word.isascii() else re.escape(word), low)
            if match:
                found.append((match.start(), -len(word), entry))
    return min(found)[2] if found else ""


_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]+)[”\"」』》]")
_EXTRA_WORDS = {
    "star": ("star", "星星"),
    "moon": ("moon", "crescent", "月亮", "月牙"),
    "mountain": ("mountain", "山"),
    "tower": ("tower", "塔楼"),
    "unicorn": ("unicorn", "独角兽"),
    "radio": ("radio", "wireless", "收音机"),
    "robot": ("robot", "机器人"),
}
_INSTEAD = {"tower": "pagoda", "radio": "gramophone", "robot": "astronaut"}  # what a picture draws for these words


def figures_in(idea: str) -> tuple[str, ...]:
    """Return the subjects of *idea* that a figure of ours shows, in its order, several where it says so."""
    found: list[str] = []
    for name, count in read_wish(idea).subjects:
        if name in FIGURES:
            found += [name] * min(count, 3)
    low = idea.lower()
    for name, other in _INSTEAD.items():
        if any(_stands(word, low) for word in _EXTRA_WORDS[name]) and not _stands(other, low):
            found = [name if one == other else one for one in found]
    for name, words in _EXTRA_WORDS.items():
        if name not in found and any(_stands(w, low) for w in words) and not (name == "mountain" and found):
            found.append(name)
    return tuple(found[:MOST])


def left_out(idea: str, shown: Collection[str]) -> tuple[str, ...]:
    """Return the words of *idea* for what a picture would draw and no figure in *shown* is."""
    known = drawn()
    low = f" {idea.lower()} "
    shown = {*shown, *(other for name, other in _INSTEAD.items() if name in shown)}
    lost = [name for name, _ in read_wish(idea).subjects if name not in shown]
    return tuple(next((w for w in (*known[n].chinese, *known[n].words) if w and w in low), n) for n in lost)


def beside(idea: str) -> tuple[str, ...]:
    """Return the words of *idea* for what a picture would draw, but for those by which a solid's form is chosen."""
    rest = idea.lower()
    for word in sorted(vocabulary(), key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(word)}s?\b" if word.isascii() else re.escape(word), " ", rest)
    return left_out(rest, ())


def figures_named(text: str) -> tuple[str, ...]:
    """Return the figures that *text* names, between commas, in either language; what is none as it stands."""
    own = {word: name for name, words in _EXTRA_WORDS.items() for word in words} | {"星": "star"}
    parts = [part.strip() for part in re.split(r"[,，、;；]", text) if part.strip()]
    return tuple(dict.fromkeys(own.get(part.lower()) or named(part)[0] for part in parts))


def unshaped(idea: str, language: Language) -> dict[str, tuple[str, ...]]:
    """Return the words of *idea* for what neither a figure nor a picture shows, with the figures nearest to it."""
    low = idea.lower()
    found: dict[str, tuple[str, ...]] = {}
    found |= {word: (name,) for name, words in _table("near").items() for word in words if _stands(word, low)}
    for word, near in undrawn(idea, language).items():
        if word not in vocabulary() and not any(word in words for words in _EXTRA_WORDS.values()):
            found.setdefault(word, tuple(name for name in named(", ".join(near)) if name in FIGURES))
    return found


def kind_said(idea: str) -> str:
    """Return the kind of solid that the words of *idea* call for; "" for none."""
    return _first("kind", idea.lower())


@cache
def vocabulary() -> frozenset[str]:
    """Return the words that choose a kind, a form or what a curve stands for: each is shown by what it chooses."""
    tables = ("kind", "profile", "curve", "pattern", "body", "meaning")
    return frozenset(word for table in tables for words in _table(table).values() for word in words)


def shows_a_scene(idea: str) -> bool:
    """Tell whether *idea* says what a relief can show: a picture's subject, a place, an hour, a weather, a season."""
    asked = read_wish(idea.lower())
    return bool(asked.subjects or asked.grounds or asked.hour or asked.weather or asked.season)


def read(idea: str, kind: Kind | Literal["auto"] = "auto", text: str = "", subjects: tuple[str, ...] = ()) -> Wish:
    """Return what *idea* wishes for; what is given goes before what is read."""
    low = idea.lower()
    figures = subjects or figures_in(idea)
    meant = ""
    if kind == "auto":
        kind = "letters" if text else "figure" if subjects else _kind(low, figures)
        if kind == "relief" and not kind_said(idea) and not shows_a_scene(idea):
            _, meant = _meant(low)
            kind = "sweep" if meant else kind
    if kind == "figure" and not figures:
        kind = "relief"
    words = text or next(iter(_QUOTED.findall(idea)), "") or _left(idea)
    return Wish(kind=kind, figures=figures, text=words, low=low, meant=meant)


def _kind(low: str, figures: tuple[str, ...]) -> Kind:
    said = _first("kind", low)
    if said == "vessel" and (any(_stands(word, low) for word in _table("kind")["lattice"]) or _first("pattern", low)):
        return "lattice"  # a vase of openwork
    if said:
        return said  # type: ignore[return-value]
    return "figure" if figures else "relief"


def _meant(low: str) -> tuple[str, str]:
    """Return the curve that stands for what *low* says first and nobody can see, and that word; "" for neither."""
    found = [(low.find(w), curve, w) for curve, words in _table("meaning").items() for w in words if _stands(w, low)]
    return min(found)[1:] if found else ("", "")


def _left(idea: str) -> str:
    """Return the idea without the words that only name the kind."""
    left = idea
    for kind in ("letters", "plaque"):
        for word in _table("kind")[kind]:
            left = re.sub(
                rf"\b(?:an?|the)?\s*{re.escape(word)}s?\b(?:\s+(?:for|with|saying|of|that says))?:?"
                if word.isascii()
                else re.escape(word) + "[：:]?",
                "",
                left,
                flags=re.I,
            )
    return " ".join(left.split()) or idea


def broken(text: str, shape: float) -> tuple[str, ...]:
    """Return *text* in lines, its own breaks first, so that together they are about *shape* times as wide as high."""
    from miaobi.craft.drawing.lettering import wrapped

    own = [line for line in re.split(r"\s*[/\n]\s*", text.strip()) if line]
    letter = 1.0 if CJK.search(text) else 0.52  # em
    widest = max(6.0 * letter, (shape * 1.28 * letter * max(len(text) / len(own), 1)) ** 0.5 * 1.05) * (
        1.5 if len(own) > 1 else 1
    )
    return tuple(part for line in own for part in wrapped(line, widest, 700, 0.03, 6))


def proposals(wish: Wish, seed: int, count: int, rise: float, tone: str = "") -> list[Solid]:
    """Return *count* solids that *wish* could become."""
    if wish.kind == "relief":
        asked: Asked = read_wish(wish.low, tone)
        scenes = candidates(asked, Fixed(900, 700, view=asked.view or "wide", weather="clear"), seed, count)
        return [Relief(scene=scene, rise=rise) for scene in scenes]
    makers: dict[Kind, Callable[[Wish, np.random.Generator, int], Solid]] = {
        "figure": _figures,
        "vessel": _vessel,
        "lattice": _lattice,
        "sweep": _sweep,
        "letters": _letters,
        "plaque": _plaque,
    }
    make = makers[wish.kind]
    out: list[Solid] = []
    for number in range(count):
        rng = np.random.default_rng([seed % 2**32, number])
        out.append(make(wish, rng, int(rng.integers(2**31))))
    return out


def _figures(wish: Wish, rng: np.random.Generator, seed: int) -> Figures:
    said = _first("ground", wish.low)
    ground: Ground = said or ("plain" if len(wish.figures) == 1 else "grass")  # type: ignore[assignment]
    told = re.sub(r"\bunicorn\b|独角兽", lambda m: "horse" if m[0].isascii() else "马", wish.low)
    steed = "unicorn" if told != wish.low else "horse"  # which pictures lack, and people ride alike
    acts = [act for act in read_wish(told).acts if act.how == "ride"]
    rides = {act.who: steed if act.whom == "horse" else act.whom for act in acts}
    return Figures(figures=tuple(mounted(list(wish.figures), rides, seed)), ground=ground, seed=seed)


def _jittered(outline: Outline, rng: np.random.Generator) -> Outline:
    girth, taper, waist = (float(rng.uniform(-1, 1)) for _ in range(3))  # smooth: a knob stays a knob, a ball a ball
    return tuple(
        (round(r * (1 + 0.05 * girth + 0.14 * taper * (h - 0.5) + 0.05 * waist * math.cos(2 * math.pi * h)), 4), h)
        for r, h in outline
    )


def _glaze(wish: Wish, rng: np.random.Generator) -> str:
    """Return the glaze that the idea's colours ask for, any where it has none."""
    drawn_by_lot = str(rng.choice(list(GLAZES)))
    return _first("glaze", wish.low) or drawn_by_lot


def _vessel(wish: Wish, rng: np.random.Generator, seed: int) -> Vessel:
    name = _first("profile", wish.low) or str(rng.choice([n for n in PROFILES if n not in SOLID_PROFILES]))
    hollow = name not in SOLID_PROFILES
    lobes = int(rng.choice([0, 9, 12, 16, 20])) if name not in ("top", "pawn") else 0
    return Vessel(
        name=name,
        profile=_jittered(PROFILES[name], rng),
        hollow=hollow,
        lobes=lobes,
        twist=round(float(rng.uniform(-1, 1)) * (50 if name == "bowl" else 120)) if lobes else 0.0,
        flute=round(float(rng.uniform(0.010, 0.022)), 4) if lobes else 0.0,
        glaze=_glaze(wish, rng),
    )


def _lattice(wish: Wish, rng: np.random.Generator, seed: int) -> Lattice:
    body = _first("body", wish.low) or str(rng.choice(list(BODIES)))
    pattern: Pattern = _first("pattern", wish.low) or rng.choice(get_args(Pattern))  # type: ignore[assignment]
    return Lattice(
        name=body,
        profile=_jittered(BODIES[body], rng),
        pattern=str(pattern),  # type: ignore[arg-type]
        period=round(float(rng.uniform(0.17, 0.26)), 3),
        floor=body in ("vase", "bowl"),
        glaze=_glaze(wish, rng),
    )


def _sweep(wish: Wish, rng: np.random.Generator, seed: int) -> Sweep:
    drawn = rng.choice(["trefoil", "cinquefoil", "eight-turns", "figure-eight", "infinity"])
    curve: Line = _first("curve", wish.low) or _meant(wish.low)[0] or drawn  # type: ignore[assignment]
    if curve == "trefoil" and "trefoil" not in wish.low:
        curve = rng.choice(["trefoil", "cinquefoil", "eight-turns", "figure-eight"])
    flat = float(rng.choice([1.0, 0.42, 0.55]))
    twist = int(rng.choice([0, 2, 4])) if flat != 1 else 0
    thick = round(float(rng.uniform(0.055, 0.072)), 3)
    if curve == "moebius":
        flat, twist, thick = 0.22, int(rng.choice([1, 3])), 0.13
    if curve in ("spiral", "arch"):
        flat, twist = 1.0, 0
    return Sweep(curve=str(curve), thick=thick, flat=flat, twist=twist, glaze=_glaze(wish, rng))  # type: ignore[arg-type]


def _letters(wish: Wish, rng: np.random.Generator, seed: int) -> Letters:
    lines = broken(wish.text, 5.0)
    return Letters(lines=lines, stands=not _first("flat", wish.low), glaze=_glaze(wish, rng))


def _plaque(wish: Wish, rng: np.random.Generator, seed: int) -> Plaque:
    border: Literal["single", "double"] = "double" if rng.random() < 0.5 else "single"
    return Plaque(lines=broken(wish.text, 1.9), border=border, glaze=_glaze(wish, rng))
