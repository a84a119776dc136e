"""The hard rules of four voices, on sixteenths: what a choirmaster strikes out in red.

*range*: soprano C4–A5, alto F3–D5, tenor C3–G4, bass E2–D4. *crossing*: no voice goes above the next higher one.
*spacing*: at most an octave between soprano and alto and between alto and tenor, two between tenor and bass.
*parallels*: two voices that move at once don't go from a fifth to a fifth nor from an octave or unison to one, in
whatever direction. *leading tone*: the seventh degree a semitone below the tonic sounds in one voice at most.
*cadence*: where a phrase ends all voices rest on a major or minor triad in root position with its third, at the last
on the tonic. Piston, Harmony (1941), chapters 2 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from miaobi.craft.chorale.setting import GRID, VOICES, Cell

RANGES = {"S": (60, 81), "A": (53, 74), "T": (48, 67), "B": (40, 62)}  # MIDI, sounding
SPACING = {("S", "A"): 12, ("A", "T"): 12, ("T", "B"): 24}  # semitones
LEAPS = {"S": 12, "A": 9, "T": 9, "B": 12}
HEIGHT = {"S": 3, "A": 2, "T": 1, "B": 0}
RULES = ("range", "crossing", "spacing", "parallels", "leading tone", "leap", "cadence")
Slots = tuple[int | None, ...]  # MIDI at each sixteenth, on the tonic C; None: silent


def slots_of(cell: Cell, before: int | None) -> Slots:
    """Return what sounds at each sixteenth of a cell; *before*: what sounded before it."""
    out: list[int | None] = []
    coming = iter(cell.pitches)
    now = before
    for mark in cell.figure:
        now = next(coming).midi if mark == "o" else None if mark == "r" else now
        out.append(now)
    return tuple(out)


def parallel(before: tuple[int | None, int | None], now: tuple[int, int]) -> bool:
    """Tell whether two voices that both move go from a fifth, octave or unison to the same."""
    if None in before or before[0] == now[0] or before[1] == now[1]:
        return False
    was, is_ = abs((before[0] or 0) - (before[1] or 0)) % 12, abs(now[0] - now[1]) % 12
    return was == is_ and is_ in (0, 7)


def pair_broken(
    voice: str, own: tuple[int | None, int], other: str, theirs: tuple[int | None, int | None]
) -> list[str]:
    """Return the rules that two voices break at one sixteenth. *own*, *theirs*: (pitch before, pitch now)."""
    now = theirs[1]
    if now is None:
        return []
    found = []
    above = HEIGHT[voice] > HEIGHT[other]
    high, low = (own[1], now) if above else (now, own[1])
    if low > high:
        found.append("crossing")
    pair = (voice, other) if above else (other, voice)
    if high - low > SPACING.get(pair, 99):
        found.append("spacing")
    if parallel((own[0], theirs[0]), (own[1], now)):
        found.append("parallels")
    if own[1] % 12 == 11 and now % 12 == 11:
        found.append("leading tone")
    return found


def triad(bass: int, others: Sequence[int]) -> bool:
    """Tell whether pitches above *bass* are of one major or minor triad on it; the third may be lacking."""
    above = {(p - bass) % 12 for p in others}
    return above <= {0, 3, 7} or above <= {0, 4, 7}


def whole_triad(bass: int, others: Sequence[int]) -> bool:
    """Tell whether that triad has its third."""
    return triad(bass, others) and any((p - bass) % 12 in (3, 4) for p in others)


def broken(beats: Sequence[Mapping[str, Cell]], shift: int, ends: Sequence[int]) -> list[tuple[int, str, str]]:
    """Return what a setting breaks: (beat, rule, voices). *ends*: the beats that end phrases."""
    before: dict[str, int | None] = dict.fromkeys(VOICES)
    found: list[tuple[int, str, str]] = []
    for i, cells in enumerate(beats):
        sounding = {v: slots_of(cells[v], before[v]) for v in VOICES}
        for at in range(GRID):
            now = {v: sounding[v][at] for v in VOICES}
            was = {v: sounding[v][at - 1] if at else before[v] for v in VOICES}
            for k, v in enumerate(VOICES):
                pitch = now[v]
                if pitch is None:
                    continue
                if not RANGES[v][0] <= pitch + shift <= RANGES[v][1] and pitch != was[v]:
                    found.append((i, "range", v))
                for u in VOICES[k + 1 :]:
                    changed = now[v] != was[v] or now[u] != was[u]
                    rules = pair_broken(v, (was[v], pitch), u, (was[u], now[u])) if changed else []
                    found += [(i, rule, v + u) for rule in rules]
        last = {v: sounding[v][-1] for v in VOICES}
        if i in ends:
            found += _unclosed(i, last, i == len(beats) - 1)
        before = last
    return found


def _unclosed(beat: int, last: Mapping[str, int | None], final: bool) -> list[tuple[int, str, str]]:
    bass, others = last["B"], [p for v, p in last.items() if v != "B" and p is not None]
    if bass is None or not whole_triad(bass, others) or (final and bass % 12):
        return [(beat, "cadence", "SATB")]
    return []
