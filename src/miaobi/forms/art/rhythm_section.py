"""Rhythm section 节奏组: bass and drums of a song. Grammars give several of each; the record tells what ranks them.

*Bass.* For each phrase a grammar (``arrangement.bass``) draws lines under the melody's chords. The chorale net says how
likely each is as the bass of two known outer voices, in nats a beat, after the lines taken so far; the likeliest is
played. Which grammar it is the mood says and not the net, to which long notes are likelier than short ones.

*Drums.* A grammar (``arrangement.drumming``) has grooves for each style. The melody net, told the tune, says how likely
a groove's accents are as the rhythm of what follows, beside as many at chance; that keeps off what goes against the
metre. How well the accents meet the tune's own onsets is counted, for of that the net knows less
(``benchmarks/music_ranking.py``). Both rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from statistics import fmean
from typing import Any

from miaobi.certificate import Evidence, Unit
from miaobi.craft.chorale.outer import Frame, frame
from miaobi.craft.melody.page import tune_of
from miaobi.craft.melody.rhythm import GRID, meeting, rhythm_told, tune_told
from miaobi.craft.melody.tune import Tune, ticks
from miaobi.craft.music.arrangement.bass import INSTRUMENT, Line, line, phrases, tones
from miaobi.craft.music.arrangement.drumming import Groove, grooves, played
from miaobi.craft.music.arrangement.span import Span, part_of
from miaobi.craft.music.chord import spell
from miaobi.craft.music.score import Metre, Part, Score
from miaobi.errors import BriefError, UnsupportedError
from miaobi.form import Desk
from miaobi.types import Engine, Prompt, derive_seed

CHORALE = "miaobi-chorale"
LINES = 8  # drawn a phrase, the plain one among them
UNKNOWN = -8.0  # nats, of an event that the net has no name for
GROOVE_BARS = 4  # of a groove that the net is told
BLIND = 6  # rhythms at chance that a groove is compared with, of as many strokes
WEIGHTS = {"net": 0.5, "onsets": 1.0}  # of standardised measures: chosen on validation tunes
_BEATS = 64  # that the net is told of, with those of the phrase

UNRANKED = "the plain one: the engine at hand doesn't know the events by which it would be ranked"


# --- bass -----------------------------------------------------------------------------------------------------


def bass_part(desk: Desk, score: Score, pattern: str) -> tuple[Part, Unit]:
    """Return the bass of a song, by the grammar *pattern*, and the account of how it was chosen."""
    pen = _Bassist(score, pattern, desk.beside(CHORALE).engine, desk.seed("bass"))
    told: dict[str, Any] = desk.step("bass", lambda: pen.chosen(desk))
    rows: Line = {}
    for number, seed in enumerate(told["seeds"]):
        rows |= pen.drawn(number, seed, tones(rows))
    return part_of(score, INSTRUMENT, desk.brief.language, rows), _account("bass", pattern, told["said"])


class _Bassist:
    """The bass of one song while it is chosen."""

    def __init__(self, score: Score, pattern: str, engine: Engine, seed: int) -> None:
        self.score, self.pattern, self.engine, self.seed = score, pattern, engine, seed
        self.phrases = phrases(score)
        self.frame = frame(score, [sorted({span.bar for span in own}) for own in self.phrases])

    def chosen(self, desk: Desk) -> dict[str, Any]:
        """Return the seed of each phrase's line, and what ranked them, as plain values."""
        if not knows(self.engine, self.frame.opening()):
            return {"seeds": [0] * len(self.phrases), "said": UNRANKED}
        seeds: list[int] = []
        best: list[float] = []
        others: list[float] = []
        rows: Line = {}
        for number in range(len(self.phrases)):
            drawn = self._distinct(number, tones(rows))
            worth = likelihood(self.engine, self.frame, number, rows, [own for _, own in drawn])
            by_text = {self._said(own): value for (_, own), value in zip(drawn, worth, strict=True)}
            taken = desk.pick(f"bass:{number}", list(by_text), partial(_measured, by_text), {"net": 1.0})
            seeds.append(drawn[taken][0])
            best.append(worth[taken])
            others += [value for k, value in enumerate(worth) if k != taken]
            rows |= drawn[taken][1]
        against = f", the others {fmean(others):.2f}" if others else ""
        return {
            "seeds": seeds,
            "said": f"{len(best) + len(others)} lines for {len(best)} phrases, ranked by {CHORALE}: those taken "
            f"{fmean(best):.2f} nats a beat{against}",
        }

    def drawn(self, number: int, seed: int, before: Sequence[int]) -> Line:
        """Return a phrase's line: the plain one for the seed 0."""
        chance = Random(derive_seed(self.seed, self.pattern, number, seed)) if seed else None
        last = before[-1] if before else 0
        return line(self.score, self.phrases[number], self.pattern, chance, last, self._following(number))

    def _following(self, number: int) -> int:
        """Return the pitch class + 1 that the phrase after stands on, 0 where a section ends."""
        if number + 1 == len(self.phrases):
            return 0
        first: Span = self.phrases[number + 1][0]
        ends = bool(self.score.bars[first.bar].section) or self.score.bars[first.bar].repeat_starts
        return 0 if ends or first.chord is None else first.chord.bass_class + 1

    def _distinct(self, number: int, before: Sequence[int]) -> list[tuple[int, Line]]:
        found: dict[str, tuple[int, Line]] = {}
        for seed in range(LINES):
            own = self.drawn(number, seed, before)
            found.setdefault(self._said(own), (seed, own))
        return list(found.values())

    def _said(self, own: Line) -> str:
        """Return a line in words: its notes by bars."""
        key = self.score.bars[0].key
        return " | ".join(" ".join(f"{spell(keys[0], key).name}:{length}" for _, length, keys in own[b]) for b in own)


def likelihood(engine: Engine, told: Frame, number: int, before: Line, lines: Sequence[Line]) -> tuple[float, ...]:
    """Return how likely the chorale net finds each of some lines in a phrase under the melody of *told*, in nats a
    beat; *before*: the line up to there.
    """
    beats = told.phrase(number)
    if not beats:
        return (0.0,) * len(lines)
    past = range(min(max(0, beats.stop - _BEATS), beats.start), beats.start)
    names = [*told.opening(), *told.events(past, told.bass(past, before))[0]]
    rows = [told.events(beats, told.bass(beats, own)) for own in lines]
    return tuple(worth / len(beats) for worth in nats(engine, names, rows))


# --- drums ----------------------------------------------------------------------------------------------------


def drum_part(desk: Desk, score: Score, styles: Sequence[str]) -> tuple[Part, Unit]:
    """Return the drums of a song, by the best groove of *styles*, and the account of how it was chosen."""
    metre = score.bars[0].metre
    known = _drawn(styles, metre, Random(desk.seed("grooves")))
    told: dict[str, Any] = desk.step("drums", lambda: _groove(desk, score, known))
    style, groove = known[told["taken"]]
    part = played(score, groove, desk.seed("drums"), desk.brief.language)
    return part, _account("drums", f"{style}: {groove.said}", told["said"])


def _drawn(styles: Sequence[str], metre: Metre, chance: Random) -> list[tuple[str, Groove]]:
    """Return the grooves that differ in their accents, what runs through them by *chance*."""
    found: list[tuple[str, Groove]] = []
    for style in styles:
        by_accents: dict[tuple[str, str], list[Groove]] = {}
        for groove in grooves(style, metre):
            by_accents.setdefault((groove.low, groove.back), []).append(groove)
        found += [(style, chance.choice(own)) for own in by_accents.values()]
    return chance.sample(found, len(found))  # of two that measure alike the first is played


def _groove(desk: Desk, score: Score, known: Sequence[tuple[str, Groove]]) -> dict[str, Any]:
    """Return which groove is played, and what ranked it, as plain values."""
    tune = _readable(score)
    if tune is None or not knows(desk.engine, tune_told(tune)[:3]):
        return {"taken": 0, "said": UNRANKED}
    metre = score.bars[0].metre
    bars = [[[ticks(at) for at in groove.accents(metre)]] * GROOVE_BARS for _, groove in known]
    measured = groove_measures(desk.engine, tune, bars)
    names = [f"{style}: {groove.said}" for style, groove in known]
    by_name = dict(zip(names, measured, strict=True))
    taken = desk.pick("drums", names, lambda name: by_name[name], WEIGHTS)
    own, count = measured[taken], len(known)
    said = (
        f"{count} grooves ranked by {desk.engine.checkpoint.name} and the tune's onsets: this one "
        f"{own['net']:+.2f} nats a stroke over chance and {own['onsets']:.2f} a sixteenth, all on average "
        f"{fmean(m['net'] for m in measured):+.2f} and {fmean(m['onsets'] for m in measured):.2f}"
    )
    return {"taken": taken, "said": said}


def groove_measures(engine: Engine, tune: Tune, rhythms: Sequence[Sequence[Sequence[int]]]) -> list[dict[str, float]]:
    """Return what ranks rhythms, each some bars of ticks at which it is struck, as what goes with a tune.

    ``net``: nats a stroke by the melody net, above what it gives as many strokes at chance; ``onsets``: nats a
    sixteenth by the tune's own onsets.
    """
    counts = sorted({len(bar) for bars in rhythms for bar in bars})
    chance = Random(0)
    places = range(GRID, tune.full, GRID)
    blind = [
        [[0, *sorted(chance.sample(places, min(n - 1, len(places))))] for _ in range(GROOVE_BARS)]
        for n in counts
        for _ in range(BLIND)
    ]
    rows = [rhythm_told(bars, tune.full) for bars in (*rhythms, *blind)]
    worth = [v / sum(marks) for v, (_, marks) in zip(nats(engine, tune_told(tune), rows), rows, strict=True)]
    by_chance = worth[len(rhythms) :]
    usual = {n: fmean(by_chance[k * BLIND : (k + 1) * BLIND]) for k, n in enumerate(counts)}
    return [
        {"net": value - fmean(usual[len(bar)] for bar in bars), "onsets": meeting(tune, bars)}
        for value, bars in zip(worth[: len(rhythms)], rhythms, strict=True)
    ]


def _readable(score: Score) -> Tune | None:
    """Return the melody as the net is told of it; None where it can't be."""
    try:
        return tune_of(score)[0]
    except BriefError:
        return None


# --- likelihood -----------------------------------------------------------------------------------------------


def nats(
    engine: Engine, before: Sequence[str], rows: Sequence[tuple[Sequence[str], Sequence[bool]]]
) -> Iterator[float]:
    """Yield what the net gives the marked events of each row after *before*; events that it doesn't know are left out,
    and a marked one is then worth ``UNKNOWN``.
    """
    there = {name: knows(engine, [name]) for name in {*before, *(name for names, _ in rows for name in names)}}
    prompt = Prompt(prefix=" ".join(name for name in before if there[name]) + " ")
    texts = [" ".join(name for name in names if there[name]) + " " for names, _ in rows]
    for (names, marks), found in zip(rows, engine.score(prompt, texts), strict=True):
        own = [mark for name, mark in zip(names, marks, strict=True) if there[name]]
        lost = sum(marks) - sum(own)
        yield sum(p for p, mark in zip(found, own, strict=True) if mark) + UNKNOWN * lost


def knows(engine: Engine, names: Sequence[str]) -> bool:
    """Tell whether each of *names* is one event of the engine's, and whether it shows what it thinks of them."""
    try:
        return engine.steerable and all(engine.count(name + " ") == 1 for name in names)
    except UnsupportedError:
        return False


def _measured(worth: dict[str, float], text: str) -> dict[str, float]:
    return {"net": worth[text]}


def _account(name: str, text: str, said: str) -> Unit:
    return Unit(name=name, text=text, rules=(Evidence(rule="ranking", holds=True, evidence=said),))
