"""Judgement: what is wrong with a score, and what it is like; each finding with its part, bar and reason."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from miaobi.craft.music import harmony, key, shape, voice_leading
from miaobi.craft.music.instrument import SATB
from miaobi.craft.music.performance import tones
from miaobi.craft.music.score import Score, duration
from miaobi.findings import Finding, Severity, Span

HOME = 0.75  # share of sounding time in the scale under which the key is doubted
SURE = 0.1  # by how much another key must fit better before it is named
_FAMILIES = (frozenset({*SATB, "voice"}), frozenset({"violin", "viola", "cello", "double-bass", "strings"}))
MOST_SHOWN = 20  # findings of one rule


def findings(score: Score) -> list[Finding]:
    """Return the findings in the order of rule: bars, words, range, key, cadence, voice leading, form."""
    found = [*bars(score), *words(score)]
    for rule in (ranges, keys, cadences, leading, forms):
        found += rule(score)
    shown: dict[str, int] = {}
    kept = []
    for one in found:
        shown[one.rule] = shown.get(one.rule, 0) + 1
        if shown[one.rule] <= MOST_SHOWN:
            kept.append(one)
    more = {rule: n - MOST_SHOWN for rule, n in shown.items() if n > MOST_SHOWN}
    return kept + [_finding(rule, f"and {n} more of the kind", "note") for rule, n in more.items()]


def number(score: Score, bar: int) -> int:
    """Return the number that musicians call a bar by: a pick-up is bar 0."""
    return bar if score.pickup else bar + 1


def _finding(rule: str, message: str, severity: Severity, part: str = "", bar: int = -1) -> Finding:
    span = Span(part=f"{part or 'score'}.bar{bar}") if bar >= 0 else Span(part=part) if part else None
    return Finding(rule=rule, message=message, severity=severity, span=span)


def bars(score: Score) -> Iterator[Finding]:
    """Yield the bars that don't add up, and a pick-up whose complement is missing."""
    for part in score.parts:
        for i, voices in enumerate(part.bars):
            for voice in voices:
                length, full = duration(voice), score.bars[i].full
                if length != full and voice:
                    said = f"{part.name}, bar {number(score, i)}: {_quarters(length)} in a bar of {_quarters(full)}."
                    yield _finding("bar-length", said, "error", part.name, number(score, i))
    last = score.bars[-1] if score.bars else None
    if (
        last is not None
        and score.pickup
        and last.full == last.metre.length
        and not any(b.repeat_ends for b in score.bars)
    ):
        said = f"The pick-up of {_quarters(score.pickup)} isn't taken from the last bar."
        yield _finding("pick-up", said, "note", "", number(score, len(score.bars) - 1))


def _quarters(length: Fraction) -> str:
    quarters = length * 4
    return f"{quarters} quarter{'' if quarters == 1 else 's'}"


def words(score: Score) -> Iterator[Finding]:
    """Yield words that break off within a word, and sung parts whose notes have none."""
    for part in score.parts:
        open_ = ""
        for bar, _, event in part.voice(0):
            one = event.lyrics[0] if event.lyrics else None
            if one is not None and one.text:
                open_ = one.text if one.joined else ""
            elif event.rest and open_:
                said = f"{part.name}, bar {number(score, bar)}: a rest parts “{open_}-” from the rest of its word."
                yield _finding("word-broken", said, "warning", part.name, number(score, bar))
                open_ = ""


def ranges(score: Score) -> Iterator[Finding]:
    """Yield the notes that an instrument or voice doesn't have."""
    for n, part in enumerate(score.parts):
        for one in voice_leading.out_of_range(score, n):
            said = f"{part.name}, bar {number(score, one.bar)}: {one.evidence}."
            yield _finding("range", said, "error", part.name, number(score, one.bar))


def keys(score: Score) -> Iterator[Finding]:
    """Yield a doubt about the key, with what fits better."""
    heard = [t for t in tones(score, repeats=False) if not score.parts[t.part].instrument.percussion]
    named = {b.key for b in score.bars}
    if not heard or len(named) > 1:
        return
    told = next(iter(named))
    weights = key.weights(heard)
    home = sum(float(weights[c]) for c in key.allowed(told)) / float(weights.sum())
    best = key.detected(heard)
    if home < HOME:
        better = f"; {key.name(best[0])} fits better" if best and best[0] != told else ""
        yield _finding("key", f"{home:.0%} of the music is in {key.name(told)}{better}.", "warning")
    elif best and best[0].fifths != told.fifths and told.mode in ("major", "minor"):
        fit = key.correlations(heard)
        mine = max((v for k, v in fit.items() if k.fifths == told.fifths), default=0.0)
        if best[1] - mine > SURE:
            yield _finding("key", f"It is signed as {key.name(told)} and sounds like {key.name(best[0])}.", "note")


def cadences(score: Score) -> Iterator[Finding]:
    """Yield an ending that doesn't come to rest; note one that does."""
    found = harmony.final_cadence(score)
    if found is not None and not found.closed:
        last = len(score.bars) - 1
        home = key.name(score.bars[-1].key)
        said = f"It ends openly: {found.evidence} in {home}."
        if not found.evidence:
            said = f"It ends openly: its last note isn't the tonic of {home}."
        yield _finding("cadence", said, "warning", "", number(score, last))
    elif found is not None:
        said = f"It comes to rest on the tonic: {found.evidence}."
        if not found.evidence:
            said = "It comes to rest on the tonic."
        elif found.name == "authentic":
            said = f"It ends with an authentic cadence: {found.evidence}."
        elif found.name == "plagal":
            said = f"It ends with a plagal cadence: {found.evidence}."
        yield _finding("cadence", said, "note")


def choir(score: Score) -> bool:
    """Tell whether it is four-part writing: three to five single voices of one kind that mostly sound together."""
    pitched = [p for p in score.parts if not p.instrument.percussion]
    if not 3 <= len(score.parts) <= 5 or len(pitched) != len(score.parts):
        return False
    names = {p.instrument.name for p in pitched}
    if len({p.instrument.program for p in pitched}) > 1 and not any(names <= family for family in _FAMILIES):
        return False  # a song with its accompaniment keeps other rules
    if any(len(e.pitches) > 1 for p in pitched for v in p.bars for voice in v for e in voice):
        return False
    moments = [m for m in voice_leading.slices(score) if any(k is not None for k in m.keys)]
    together = sum(all(k is not None for k in m.keys) for m in moments)
    return bool(moments) and together / len(moments) > 0.8


def leading(score: Score) -> Iterator[Finding]:
    """Yield the breaks of four-part writing, where the score is of that kind."""
    if not choir(score):
        return
    for one in voice_leading.breaks(score):
        if one.rule == "range":
            continue
        names = " and ".join(score.parts[v].name for v in one.voices)
        beat = 1 + one.offset * score.bars[one.bar].metre.unit
        rule = one.rule.replace("-", " ")
        said = f"Bar {number(score, one.bar)}, beat {float(beat):g}: {rule} in {names}, {one.evidence}."
        yield _finding(one.rule, said, one.severity, score.parts[one.voices[0]].name, number(score, one.bar))


def forms(score: Score) -> Iterator[Finding]:
    """Note phrases, climax and range of the melody."""
    line = shape.melody(score)
    found = shape.phrases(score)
    top = shape.climax(line)
    if not found or top is None:
        return
    letters, name = shape.form(found)
    lengths = ", ".join(
        str(float((p.end - p.onset) / score.bars[-1].metre.length)).removesuffix(".0")[:4] for p in found
    )
    share, largest = shape.leaps(line)
    low, high = min(t.pitch for t in line), max(t.pitch for t in line)
    called = f" ({name})" if name and name != letters else ""
    yield _finding(
        "form",
        f"Phrases {letters}{called} of {lengths} bars; {voice_leading.named(low)}–{voice_leading.named(high)}, "
        f"highest at {float(top[0]):.0%} of the way and reached {top[1]} time{'' if top[1] == 1 else 's'}; "
        f"{share:.0%} leaps, the largest of {largest} semitones.",
        "note",
    )
