"""Voice leading: the rules of four-part writing, each break with its place and what was found there.

After Aldwell, Schachter and Cadwallader, Harmony and Voice Leading, 4th ed., ch. 5 and 6: ranges, crossing,
overlap, spacing (upper voices within an octave), parallel and direct fifths and octaves, the leading tone (rises at
a cadence, is never doubled).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from miaobi.craft.music.chord import spell
from miaobi.craft.music.key import allowed
from miaobi.craft.music.performance import timeline, tones
from miaobi.craft.music.score import Key, Score
from miaobi.findings import Severity

OCTAVE, FIFTH = 12, 7


@dataclass(frozen=True, slots=True)
class Break:
    """One rule broken at one place."""

    rule: str  # "parallel-fifths"
    bar: int  # index into the score's bars
    offset: Fraction  # in that bar
    voices: tuple[int, ...]  # from the highest
    evidence: str  # "G4–C4 to A4–D4"
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Slice:
    """What sounds at one moment: a MIDI key a voice, None where it rests."""

    onset: Fraction
    bar: int
    offset: Fraction
    keys: tuple[int | None, ...]
    struck: tuple[bool, ...]  # whether the voice begins a note here
    key: Key


def slices(score: Score) -> list[Slice]:
    """Return the moments at which a voice moves, one voice a part, the score's parts from the highest."""
    sounding = tones(score, repeats=False)
    bars = list(timeline(score, repeats=False))
    places = sorted({t.onset for t in sounding} | {t.onset + t.length for t in sounding})
    found: list[Slice] = []
    now: list[int | None] = [None] * len(score.parts)
    until = [Fraction(0)] * len(score.parts)
    at = bar = 0
    for place in places:
        struck = [False] * len(score.parts)
        now = [k if until[v] > place else None for v, k in enumerate(now)]
        while at < len(sounding) and sounding[at].onset == place:
            tone = sounding[at]
            now[tone.part], until[tone.part], struck[tone.part] = tone.pitch, place + tone.length, True
            at += 1
        while bar + 1 < len(bars) and bars[bar + 1][1] <= place:
            bar += 1
        number, onset = bars[bar]
        found.append(Slice(place, number, place - onset, tuple(now), tuple(struck), score.bars[number].key))
    return found


def breaks(score: Score) -> list[Break]:
    """Return every rule that the score's parts break as voices of one choir, in order of place."""
    moments = slices(score)
    found = [b for part in range(len(score.parts)) for b in out_of_range(score, part)]
    for moment in moments:
        found += _standing(moment)
    for before, after in pairwise(moments):
        found += _moving(before, after)
    return sorted(found, key=lambda b: (b.bar, b.offset, b.rule))


def out_of_range(score: Score, part: int) -> list[Break]:
    """Return the notes that a part's instrument doesn't have."""
    one = score.parts[part].instrument
    if one.percussion:
        return []
    found = []
    for voice in range(max((len(v) for v in score.parts[part].bars), default=0)):
        for bar, offset, event in score.parts[part].voice(voice):
            for pitch in event.pitches:
                if not one.low <= pitch.midi <= one.high:
                    said = f"{pitch.name}; {one.name}: {named(one.low)}–{named(one.high)}"
                    found.append(Break("range", bar, offset, (part,), said))
    return found


def named(midi: int) -> str:
    """Return a MIDI key as people name it, sharps for the black ones."""
    return f"{('C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B')[midi % 12]}{midi // 12 - 1}"


def _standing(now: Slice) -> Iterator[Break]:
    """Yield what is wrong with a chord by itself."""
    for upper in range(len(now.keys) - 1):
        high, low = now.keys[upper], now.keys[upper + 1]
        if high is None or low is None:
            continue
        said = f"{spell(high, now.key).name} over {spell(low, now.key).name}"
        if high < low:
            yield Break("crossing", now.bar, now.offset, (upper, upper + 1), said)
        elif high - low > OCTAVE and upper + 1 < len(now.keys) - 1:
            yield Break("spacing", now.bar, now.offset, (upper, upper + 1), f"{said}: {high - low} semitones")
    leading = (now.key.tonic_class + 11) % 12
    doubled = tuple(v for v, k in enumerate(now.keys) if k is not None and k % 12 == leading)
    if len(doubled) > 1 and leading in allowed(now.key):
        said = ", ".join(spell(now.keys[v] or 0, now.key).name for v in doubled)
        yield Break("doubled-leading-tone", now.bar, now.offset, doubled, said, "warning")


def _moving(before: Slice, after: Slice) -> Iterator[Break]:
    """Yield what is wrong with the step from one chord to the next."""
    for upper, lower in combinations(range(len(before.keys)), 2):
        a, b, c, d = before.keys[upper], before.keys[lower], after.keys[upper], after.keys[lower]
        if a is None or b is None or c is None or d is None:
            continue
        a_name, b_name = (spell(k, before.key).name for k in (a, b))
        c_name, d_name = (spell(k, after.key).name for k in (c, d))
        said = f"{a_name}–{b_name} to {c_name}–{d_name}"
        rose, below = c - a, d - b
        if lower == upper + 1 and (c < b or d > a):
            yield Break("overlap", after.bar, after.offset, (upper, lower), said, "warning")
        if not rose or not below or (rose > 0) != (below > 0):
            continue
        for size, name in ((FIFTH, "fifths"), (0, "octaves")):
            if (a - b) % 12 == size and (c - d) % 12 == size:
                yield Break(f"parallel-{name}", after.bar, after.offset, (upper, lower), said)
            elif (c - d) % 12 == size and upper == 0 and lower == len(before.keys) - 1 and abs(rose) > 2:
                yield Break(f"direct-{name}", after.bar, after.offset, (upper, lower), said, "warning")
