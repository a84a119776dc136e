"""Does the ranking of bass lines and grooves mean something? Against Bach's own basses and against what can't be right.

    python benchmarks/music_ranking.py bass              chorales that the net never saw
    python benchmarks/music_ranking.py drums TOLD        TOLD: what `miaobi lab melody` made; its held-out tunes

*Bass.* The chorale net ranks Bach's bass, lines of our grammars under the same soprano (on chords of ours), and Bach's
bass with its pitches in another order. Then: how many beats have Bach's own note in the lines that it ranks first, in
all that were drawn, and in those that it ranks last; the net wasn't told of his bass there.

*Drums.* There is no drum corpus whose licence we may use. So the right rhythm of a tune is one of its own metre, of
which wrong ones are made: moved by a sixteenth or an eighth, as many strokes at chance, one of another metre cut or
filled; and the rhythm of the tune's own second part against another tune's. Each is ranked by the net, by the tune's
onsets, and by both.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import fmean

from miaobi.craft.chorale.outer import frame
from miaobi.craft.chorale.page import score_of
from miaobi.craft.chorale.setting import Setting
from miaobi.craft.melody.page import symbols, tune_of
from miaobi.craft.melody.rhythm import GRID, onsets
from miaobi.craft.melody.tune import Tune, metre, read, ticks
from miaobi.craft.music.arrangement.bass import PATTERNS, Line, line, phrases, tones
from miaobi.craft.music.arrangement.drumming import STYLES, grooves
from miaobi.craft.music.interval import from_root
from miaobi.craft.music.score import Key, Metre, Score, Tempo
from miaobi.decoding.selection import best, rank
from miaobi.engines import open_engine
from miaobi.forms.art.melodist import with_chords
from miaobi.forms.art.rhythm_section import LINES, WEIGHTS, groove_measures, likelihood
from miaobi.lab.corpus.chorale import open_chorales, settings
from miaobi.lab.corpus.split import split_of
from miaobi.lab.corpus.store import Corpus
from miaobi.lab.corpus.tune import corpus_folder
from miaobi.types import Engine

Rhythm = list[list[int]]  # ticks at which each bar is struck


# --- bass -----------------------------------------------------------------------------------------------------


def chorales() -> list[tuple[str, Setting]]:
    """Return the settings that the shipped net never saw, by the recipe's split."""
    held = {
        d.id for d in open_chorales().read() if "/" not in d.id and split_of(d.decider, 0.05, 0.2) == "test"
    }  # fmt: skip
    files = sorted((corpus_folder() / "bach").glob("*.mxl"))
    return [(name, setting) for name, setting in settings(files) if name in held]


def harmonised(setting: Setting) -> Score:
    """Return a chorale in C with chords of ours, found from its soprano alone."""
    places, ends = [beat.place for beat in setting.beats], [last for _, last in setting.phrases]
    size, root = Metre(int(setting.metre[0]), 4), from_root("C")
    key = Key("C", setting.mode)
    score = score_of([b.cells for b in setting.beats], places, ends, size, key, root, "", Tempo(Fraction(80)), "en")
    tune, interval = tune_of(replace(score, parts=score.parts[:1]))
    told = iter([bar for section in with_chords(tune).sections for bar in section.every])
    return replace(score, bars=tuple(replace(b, chords=symbols(next(told), tune.full, interval)) for b in score.bars))


def part_line(score: Score, part: int) -> Line:
    """Return a part as a line, an octave lower, as a bass guitar would play it."""
    found: Line = {i: [] for i in range(len(score.bars))}
    for bar, at, event in score.parts[part].voice():
        if event.pitches:
            found[bar].append((at, event.length, (event.pitches[0].midi - 12,)))
    return found


def shuffled(own: Line, chance: random.Random) -> Line:
    """Return a line with its pitches in another order, its rhythm as it was."""
    keys = [hit[2] for bar in sorted(own) for hit in own[bar]]
    chance.shuffle(keys)
    pitches = iter(keys)
    return {bar: [(at, length, next(pitches)) for at, length, _ in own[bar]] for bar in sorted(own)}


def bass() -> None:
    """Rank Bach's basses among ours."""
    engine, chance = open_engine("miaobi-chorale"), random.Random(0)
    wins: dict[str, list[bool]] = defaultdict(list)
    same: dict[str, list[float]] = defaultdict(list)
    for name, setting in chorales():
        try:
            score = harmonised(setting)
        except ValueError as error:
            print(f"{name} left out: {error}", flush=True)
            continue
        own = part_line(score, 3)
        laid = phrases(score)
        told = frame(score, [sorted({span.bar for span in spans}) for spans in laid])
        lines = {"shuffled": shuffled(own, chance)}
        for pattern in PATTERNS:
            lines[f"{pattern}, plain"] = line(score, [s for spans in laid for s in spans], pattern)
            drawn, first, last = _drawn(engine, told, score, laid, pattern, chance)
            lines[f"{pattern}, ranked first"] = first
            same[f"{pattern}, all drawn"] += [_same(told, own, one) for one in drawn]
            same[f"{pattern}, ranked first"].append(_same(told, own, first))
            same[f"{pattern}, ranked last"].append(_same(told, own, last))
        worth = {key: _whole(engine, told, one) for key, one in lines.items()} | {"Bach": _whole(engine, told, own)}
        for key in lines:
            wins[f"Bach's before {key}"].append(worth["Bach"] > worth[key])
            if "plain" in key:
                wins[f"{key} before shuffled"].append(worth[key] > worth["shuffled"])
        wins["Bach's before all of ours"].append(worth["Bach"] > max(worth[k] for k in lines if k != "shuffled"))
    for key, won in wins.items():
        print(f"{key}: {sum(won)} of {len(won)} ({fmean(won):.0%})")
    for key, shares in same.items():
        print(f"beats with Bach's own note, {key}: {fmean(shares):.1%}")


def _drawn(engine: Engine, told, score: Score, laid, pattern: str, chance: random.Random):  # type: ignore[no-untyped-def]
    """Return lines of one grammar as they were drawn, and those put together of what was ranked first and last."""
    ends: dict[int, Line] = {0: {}, -1: {}}
    every: list[Line] = [{} for _ in range(LINES)]
    for number, spans in enumerate(laid):
        for end, rows in ends.items():
            before = (tones(rows) or [0])[-1]
            drawn = [line(score, spans, pattern, random.Random(chance.random()), before) for _ in range(LINES)]
            worth = likelihood(engine, told, number, rows, drawn)
            order = sorted(range(LINES), key=lambda k: -worth[k])
            ends[end] = rows | drawn[order[end]]
            if end == 0:
                every = [one | own for one, own in zip(every, drawn, strict=True)]
    return every, ends[0], ends[-1]


def _whole(engine: Engine, told, one: Line) -> float:  # type: ignore[no-untyped-def]
    """Return what a whole line is worth, nats a beat."""
    beats = [len(told.phrase(k)) for k in range(len(told.first))]
    worth = [likelihood(engine, told, k, one, [one])[0] for k in range(len(told.first))]
    return sum(w * n for w, n in zip(worth, beats, strict=True)) / sum(beats)


def _same(told, own: Line, other: Line) -> float:  # type: ignore[no-untyped-def]
    """Return the share of beats on which two lines sound the same pitch class."""

    def sounding(one: Line) -> list[int]:
        found, now = [], -1
        for cell in told.bass(range(len(told.places)), one):
            now = cell.pitches[0].midi % 12 if cell.pitches else now
            found.append(now)
        return found

    return fmean(a == b for a, b in zip(sounding(own), sounding(other), strict=True))


# --- drums ----------------------------------------------------------------------------------------------------


def drums(told: Path) -> None:
    """Rank grooves and rhythms against those that can't be right."""
    documents = [d for d in Corpus(told) if not d.id.endswith("/gap") and split_of(d.decider, 0.05, 0.1) == "test"]
    tunes = [read(d.text.split()) for d in documents]
    tunes = [t for t in tunes if len(t.sections) > 1 and min(len(s.bars) for s in t.sections) >= 8]
    tunes = [t for t in tunes if t.metre in ("4/4", "2/4", "3/4", "6/8")]
    engine, chance = open_engine("miaobi-folk"), random.Random(0)
    wins: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: Counter[str] = Counter()
    for tune in tunes:
        groove = chance.choice([g for style in STYLES for g in grooves(style, metre(tune.metre))])
        right = [[ticks(at) for at in groove.accents(metre(tune.metre))]] * 4
        wrong = {
            "moved by a sixteenth": _moved(right, GRID, tune.full),
            "moved by an eighth": _moved(right, 2 * GRID, tune.full),
            "as many at chance": _at_chance(right, tune.full, chance),
            "of another metre": [_foreign(tune, chance)] * 4,
        }
        for kind, one in wrong.items():
            _judged(wins[f"groove, not {kind}"], engine, tune, right, one)
        blind = [_at_chance(right, tune.full, chance) for _ in range(7)]
        measured = groove_measures(engine, tune, [right, *blind])
        for name, weights in (("net", {"net": 1.0}), ("onsets", {"onsets": 1.0}), ("both", WEIGHTS)):
            firsts[f"groove among chance, {name}"] += best(rank(list(measured), weights)) == 0
        others = [t for t in tunes if t.metre == tune.metre and t is not tune]
        parts = [[onsets(bar) or [0] for bar in t.sections[1].bars[:4]] for t in (tune, *chance.sample(others, 7))]
        _judged(wins["own second part, not another tune's"], engine, tune, parts[0], parts[1])
        measured = groove_measures(engine, tune, parts)
        for name, weights in (("net", {"net": 1.0}), ("onsets", {"onsets": 1.0}), ("both", WEIGHTS)):
            firsts[f"own second part, {name}"] += best(rank(list(measured), weights)) == 0
    for key, count in wins.items():
        n = count["judged"]
        shares = ", ".join(f"{name} {count[name]} ({count[name] / n:.0%})" for name in ("net", "onsets"))
        print(f"{key}: {shares} of {n}")
    for key, count in firsts.items():
        print(f"first of eight, {key}: {count} of {len(tunes)} ({count / len(tunes):.0%}; by chance 12.5 %)")


def _judged(count: Counter[str], engine: Engine, tune: Tune, right: Rhythm, wrong: Rhythm) -> None:
    if right == wrong:
        return
    one, other = groove_measures(engine, tune, [right, wrong])
    count["judged"] += 1
    for name in ("net", "onsets"):
        count[name] += one[name] > other[name]


def _moved(rhythm: Rhythm, by: int, length: int) -> Rhythm:
    return [sorted((at + by) % length for at in bar) for bar in rhythm]


def _at_chance(rhythm: Rhythm, length: int, chance: random.Random) -> Rhythm:
    bar = [0, *sorted(chance.sample(range(GRID, length, GRID), len(rhythm[0]) - 1))]
    return [bar] * len(rhythm)


def _foreign(tune: Tune, chance: random.Random) -> list[int]:
    """Return a bar of a groove of another kind of metre, cut to the tune's or gone on with to fill it."""
    names = {"4/4": ("3/4", "6/8"), "2/4": ("3/4", "6/8"), "3/4": ("4/4", "6/8"), "6/8": ("4/4", "3/4")}[tune.metre]
    other = metre(chance.choice(names))
    groove = chance.choice([g for style in STYLES for g in grooves(style, other)])
    places: Sequence[int] = [ticks(at) for at in groove.accents(other)]
    size = ticks(other.length)
    return [at + k * size for k in range(3) for at in places if at + k * size < tune.full]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("bass", "drums"))
    parser.add_argument("told", nargs="?", type=Path)
    given = parser.parse_args()
    if given.what == "bass":
        bass()
    else:
        if given.told is None:
            parser.error("drums wants TOLD")
        drums(given.told)
