"""Drumming: grooves by a small grammar, fills, and Euclidean rhythms.

``data/music/grooves.toml`` has for each style and kind of metre what the bass drum, what answers it and what runs
through may play; a groove takes one of each. Fills end a section: the last beat or two over the toms by a Euclidean
rhythm, a roll, or a break; the first bar of one has a crash, and a piece ends with one stroke on one. A Euclidean
rhythm spreads k strokes over n places as evenly as can be (Toussaint, The Euclidean Algorithm Generates Traditional
Musical Rhythms, BRIDGES 2005).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any

from miaobi.craft.music.arrangement.span import Hit, voice
from miaobi.craft.music.drum import drums
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.notation import lead
from miaobi.craft.music.score import Bar, Metre, Part, Score
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language, derive_seed

STYLES = ("rock", "ballad", "waltz", "swing", "folk", "latin")
_LAYERS = ("low", "back", "time")
_FILLED = 0.8  # of the bars that end a section


@dataclass(frozen=True)
class Groove:
    """What is struck in a bar: by layer, drums with their signs, a group a beat."""

    low: str  # "kick: x... .... x... ...."
    back: str
    time: str = ""

    @property
    def said(self) -> str:
        """Return it in one line."""
        return " + ".join(filter(None, (self.low, self.back, self.time)))

    def hits(self, metre: Metre) -> list[Hit]:
        """Return its strokes in a bar."""
        return _struck(self.said, metre)

    def accents(self, metre: Metre) -> list[Fraction]:
        """Return where in a bar it is struck, what runs through left aside."""
        return sorted({at for at, _, _ in _struck(f"{self.low} + {self.back}", metre)})


@cache
def _table() -> dict[str, dict[str, dict[str, list[str]]]]:
    text = (files("miaobi.craft") / "data" / "music" / "grooves.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    return found


def grooves(style: str, metre: Metre) -> list[Groove]:
    """Return what the grammar has of a style in a metre, the plainest first; UnknownNameError for no style."""
    if style not in STYLES:
        raise UnknownNameError(f"{show(style)} is no style of drumming.", f"Known: {', '.join(STYLES)}.")
    kind = "compound" if metre.compound else "triple" if len(metre.pulses) == 3 else "simple"
    rows = _table()[style][kind]
    ranks = product(*(range(len(rows[layer])) for layer in _LAYERS))
    return [
        Groove(*(rows[layer][k] for layer, k in zip(_LAYERS, picked, strict=True)))
        for picked in sorted(ranks, key=lambda picked: (sum(picked), picked))
    ]


def euclidean(strokes: int, places: int, turn: int = 0) -> tuple[bool, ...]:
    """Return *strokes* spread over *places* as evenly as can be, turned left by *turn*; ValueError for more than
    there are.
    """
    if not 0 <= strokes <= places or places < 1:
        raise ValueError(f"{strokes} strokes can't be spread over {places} places")
    row = [(i * strokes) % places < strokes for i in range(places)]
    return tuple(row[turn % places :] + row[: turn % places])


def drumming(score: Score, style: str, seed: int, language: Language = "en") -> Part:
    """Return a drum part, the style's plainest groove; UnknownNameError for a style that isn't there."""
    return played(score, grooves(style, score.bars[0].metre)[0], seed, language)


def played(score: Score, groove: Groove, seed: int, language: Language = "en") -> Part:
    """Return a drum part for the score's bars by one groove, its fills by *seed*."""
    one = instrument("drums")
    rows = []
    for i, bar in enumerate(score.bars):
        chance = Random(derive_seed(seed, "drums", i))
        last = i + 1 == len(score.bars)
        ends = bool(bar.repeat_ends) or (not last and bool(score.bars[i + 1].section))
        hits = _fill(groove, bar, chance) if ends and chance.random() < _FILLED else groove.hits(bar.metre)
        if last:  # nothing follows that a fill could lead to
            with_kick = chance.choice(("crash", "crash", "ride", "snare"))
            hits = [(Fraction(0), bar.metre.length, (drums()["kick"].key, drums()[with_kick].key))]
        if bar.section and i:
            hits = [*hits, (Fraction(0), _share(bar.metre), (drums()["crash"].key,))]
        before = lead(bar, i == 0 and bool(score.pickup))
        if before:
            hits = []  # drums come in on the beat
        rows.append((voice(hits, bar, drums=True),))
    return Part(shown(one, language), one, tuple(rows))


def _share(metre: Metre) -> Fraction:
    return metre.pulses[0] / (3 if metre.compound else 4)


def _struck(said: str, metre: Metre) -> list[Hit]:
    found: list[Hit] = []
    for layer in said.split(" + "):
        name, signs = layer.split(": ")
        beats = signs.split()
        at = Fraction(0)
        for n, pulse in enumerate(metre.pulses):
            group = beats[n % len(beats)]
            share = pulse / len(group)
            found += [
                (at + k * share, pulse - k * share, (drums()[name].key,)) for k, s in enumerate(group) if s != "."
            ]
            at += pulse
    return found


def _fill(groove: Groove, bar: Bar, chance: Random) -> list[Hit]:
    """Return a bar that leads into the next section: toms over its last beats, a roll, or a break."""
    pulses = bar.metre.pulses
    kind = chance.choice(("toms", "toms", "long toms", "roll", "break"))
    count = 2 if kind == "long toms" and len(pulses) > 2 else 1
    start = sum(pulses[:-count], Fraction(0))
    before = [(at, min(length, start - at), keys) for at, length, keys in groove.hits(bar.metre) if at < start]
    places = count * (6 if bar.metre.compound else 4)
    step = (bar.metre.length - start) / places
    if kind == "break":
        return [*before, (start, bar.metre.length - start, (drums()["kick"].key, drums()["crash"].key))]
    if kind == "roll":
        run = list(range(places))
        toms: Sequence[str] = ("snare",)
    else:
        row = euclidean(chance.randint(places // 2, places), places)
        run = [k for k, struck in enumerate(row) if struck]
        toms = ("snare", "high_tom", "mid_tom", "low_tom")
    hits = []
    for n, k in enumerate(run):
        name = toms[n * len(toms) // len(run)]
        hits.append((start + k * step, bar.metre.length - start - k * step, (drums()[name].key,)))
    return [*before, *hits]


def stems(score: Score) -> list[Score]:
    """Return the score's parts, each as a score of its own."""
    return [replace(score, parts=(part,), title=f"{score.title} – {part.name}") for part in score.parts]
