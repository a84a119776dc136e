"""Drumming: patterns by a small grammar, and Euclidean rhythms.

A style names, for each drum, where it is struck in a bar: ``x`` struck, ``o`` softly, ``.`` not, a sign a sixteenth
of 4/4 or an even share of another metre's beat. A Euclidean rhythm spreads k strokes over n places as evenly as can
be (Toussaint, The Euclidean Algorithm Generates Traditional Musical Rhythms, BRIDGES 2005). Fills end a section;
the first bar of one has a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from miaobi.craft.music.arrangement.span import Hit, voice
from miaobi.craft.music.drum import drums
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.notation import lead
from miaobi.craft.music.score import Bar, Metre, Part, Score
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language, derive_seed

# Signs a beat: four in simple metres, three in compound ones; the last beat stands for all after it.
_STYLES: dict[str, dict[str, dict[str, str]]] = {
    "rock": {
        "simple": {"kick": "x... .... x.x. ....", "snare": ".... x... .... x...", "closed_hat": "x.x. x.x. x.x. x.x."},
        "compound": {"kick": "x.. ..x x.. ...", "snare": "... x.. ... x..", "closed_hat": "xxx xxx xxx xxx"},
    },
    "ballad": {
        "simple": {"kick": "x... .... x... ....", "rim": ".... x... .... x...", "closed_hat": "x.o. x.o. x.o. x.o."},
        "compound": {"kick": "x.. ... x.. ...", "rim": "... x.. ... x..", "closed_hat": "x.o x.o x.o x.o"},
    },
    "waltz": {
        "simple": {"kick": "x... .... .... ....", "closed_hat": ".... x... x... x..."},
        "compound": {"kick": "x.. ... x.. ...", "closed_hat": ".xx .xx .xx .xx"},
    },
    "swing": {
        "simple": {"ride": "x... x..x x... x..x", "pedal_hat": ".... x... .... x...", "kick": "o... .... o... ...."},
        "compound": {"ride": "x.. x.x x.. x.x", "pedal_hat": "... x.. ... x..", "kick": "o.. ... o.. ..."},
    },
    "folk": {
        "simple": {"kick": "x... .... x... ....", "tambourine": "..x. ..x. ..x. ..x."},
        "compound": {"kick": "x.. ... x.. ...", "tambourine": "..x ..x ..x ..x"},
    },
    "latin": {
        "simple": {"kick": "x..x ..x. x..x ..x.", "rim": "x..x ..x. ..x. x...", "shaker": "xoxo xoxo xoxo xoxo"},
        "compound": {"kick": "x.. x.. x.. x..", "rim": "x.x .x. x.x .x.", "shaker": "xox xox xox xox"},
    },
}  # fmt: skip
STYLES = tuple(_STYLES)


def euclidean(strokes: int, places: int, turn: int = 0) -> tuple[bool, ...]:
    """Return *strokes* spread over *places* as evenly as can be, turned left by *turn*; ValueError for more than
    there are.
    """
    if not 0 <= strokes <= places or places < 1:
        raise ValueError(f"{strokes} strokes can't be spread over {places} places")
    row = [(i * strokes) % places < strokes for i in range(places)]
    return tuple(row[turn % places :] + row[: turn % places])


def drumming(score: Score, style: str, seed: int, language: Language = "en") -> Part:
    """Return a drum part for the score's bars; UnknownNameError for a style that isn't there."""
    if style not in _STYLES:
        raise UnknownNameError(f"{show(style)} is no style of drumming.", f"Known: {', '.join(STYLES)}.")
    one = instrument("drums")
    rows = []
    for i, bar in enumerate(score.bars):
        chance = Random(derive_seed(seed, "drums", i))
        ends = i + 1 == len(score.bars) or bool(score.bars[i + 1].section) or bool(bar.repeat_ends)
        hits = _fill(bar, chance) if ends and chance.random() < 0.8 else _groove(bar, style)
        if bar.section and i:
            hits = [*hits, (Fraction(0), _share(bar.metre), (drums()["crash"].key,))]
        before = lead(bar, i == 0 and bool(score.pickup))
        if before:
            hits = []  # drums come in on the beat
        rows.append((voice(hits, bar, drums=True),))
    return Part(shown(one, language), one, tuple(rows))


def _share(metre: Metre) -> Fraction:
    return metre.pulses[0] / (3 if metre.compound else 4)


def _groove(bar: Bar, style: str) -> list[Hit]:
    kind = "compound" if bar.metre.compound else "simple"
    found: list[Hit] = []
    for name, signs in _STYLES[style][kind].items():
        beats = signs.split()
        at = Fraction(0)
        for n, pulse in enumerate(bar.metre.pulses):
            group = beats[n % len(beats)]
            share = pulse / len(group)
            found += [
                (at + k * share, pulse - k * share, (drums()[name].key,)) for k, s in enumerate(group) if s != "."
            ]
            at += pulse
    return found


def _fill(bar: Bar, chance: Random) -> list[Hit]:
    """Return a bar whose last beat runs over the toms by a Euclidean rhythm."""
    pulse = bar.metre.pulses[-1]
    start = bar.metre.length - pulse
    places = 6 if bar.metre.compound else 4
    row = euclidean(chance.randint(places // 2, places), places)
    toms: Sequence[str] = ("snare", "high_tom", "mid_tom", "low_tom")
    run = [k for k, struck in enumerate(row) if struck]
    hits = [(at, length, keys) for at, length, keys in _groove(bar, "rock") if at < start]
    for n, k in enumerate(run):
        name = toms[min(n * len(toms) // max(len(run), 1), len(toms) - 1)]
        hits.append((start + k * pulse / places, pulse * (places - k) / places, (drums()[name].key,)))
    return hits


def stems(score: Score) -> list[Score]:
    """Return the score's parts, each as a score of its own."""
    return [replace(score, parts=(part,), title=f"{score.title} – {part.name}") for part in score.parts]
