"""Chords for a melody: the likeliest path through half bars, by dynamic programming.

A half bar (a whole one in 2/4, 3/4, 3/8 and 9/8) has one chord. A chord is worth the time of the notes that are in
it, more on the beat, less what is against it; a step to the next chord costs what it is unusual. The first bar leans
to the tonic, the last has it, and the one before leans to what leads there. Chords are triads and the dominant
seventh on the tonic C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from miaobi.craft.melody.tune import Bar, Section, Tune, full
from miaobi.craft.music.chord import chord as named_chord
from miaobi.craft.music.chord import name_class
from miaobi.craft.music.score import Mode

HALVED = ("4/4", "6/8", "12/8")  # metres with two chords a bar at most
CHORDS: dict[Mode, tuple[str, ...]] = {
    "major": ("C", "F", "G", "Am", "Dm", "Em", "G7"),
    "minor": ("Cm", "Fm", "Gm", "Ab", "Eb", "Bb", "G", "G7"),
    "dorian": ("Cm", "Bb", "Eb", "F", "Gm", "Dm"),
    "mixolydian": ("C", "Bb", "F", "Gm", "Dm", "Am"),
}
# what a chord is worth by itself: the tonic and what leads to it are at home everywhere
_HOME: dict[Mode, dict[str, float]] = {
    "major": {"C": 0.18, "G": 0.12, "F": 0.08, "G7": 0.0, "Em": -0.20},
    "minor": {"Cm": 0.18, "G": 0.05, "Gm": 0.05, "Fm": 0.06, "G7": 0.0},
    "dorian": {"Cm": 0.18, "Bb": 0.12, "Dm": -0.20},
    "mixolydian": {"C": 0.18, "Bb": 0.12, "F": 0.06, "Dm": -0.15},
}
_LEADING: dict[Mode, tuple[str, ...]] = {
    "major": ("G", "G7"),
    "minor": ("G", "G7", "Gm", "Bb"),
    "dorian": ("Bb", "Gm"),
    "mixolydian": ("Bb", "Gm"),
}
_CHANGE, _INSIDE, _SUNK = (
    0.14,
    0.40,
    0.35,
)  # costs: of a change, of one inside a bar, of leaving the dominant for another
_LAST, _BEFORE, _FIRST = 3.0, 0.6, 0.5  # worth of tonic at the end, of what leads to it, of tonic at the beginning
_STILL, _ALLOWED = 2, -0.25  # bars after which another chord is looked for; what it has to be worth, its steps paid
_ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@cache
def tones(chord: str) -> frozenset[int]:
    """Return the pitch classes of a chord of ours above the tonic, C is 0: "Bb", "Dm", "G7"."""
    root = _ROOTS[chord[0]] - ("b" in chord)
    third = 3 if chord.endswith("m") else 4
    return frozenset((root + step) % 12 for step in (0, third, 7, *((10,) if chord.endswith("7") else ())))


def nearest(symbol: str, mode: Mode) -> str:
    """Return the chord of ours, on C, that shares most with a chord symbol on C; "" for what is none."""
    one = named_chord(symbol)
    if one is None:
        return ""

    def shared(own: str) -> tuple[int, bool, int]:
        same = name_class(own.rstrip("m7")) == one.root_class
        return len(tones(own) & one.classes), same, -len(tones(own))

    return max(CHORDS[mode], key=shared)


def tonic_chord(mode: Mode) -> str:
    """Return the chord on the tonic."""
    return CHORDS[mode][0]


def slots(metre: str) -> tuple[int, ...]:
    """Return where in a bar a chord may begin, as ticks left: the beginning, and the middle where it is halved."""
    length = full(metre)
    return (length, length // 2) if metre in HALVED else (length,)


def harmonised(tune: Tune) -> Tune:
    """Return the tune with chords of ours in every bar but the pick-ups."""
    sections = []
    for section in tune.sections:
        found = harmonise(section.bars, tune.metre, tune.mode)
        bars = tuple(replace(bar, chords=own) for bar, own in zip(section.bars, found, strict=True))
        sections.append(Section(bars, section.pickup, section.twice))
    return replace(tune, sections=tuple(sections))


def moving(tune: Tune) -> Tune:
    """Return the tune with another chord in a bar where one has stood for two, if the bar's notes allow another.

    A melody of five notes lies on the tonic's chord nearly everywhere; accompanied by nothing else it stands still.
    """
    begins, choice = slots(tune.metre)[:1], CHORDS[tune.mode]
    sections = []
    for section in tune.sections:
        bars = list(section.bars)
        run = 0
        for k in range(1, len(bars) - 1):
            before, own = _sounding(bars, k - 1), _sounding(bars, k)
            run = run + 1 if own == before and len(bars[k].chords) < 2 else 0
            if run < _STILL:
                continue
            after = _sounding(bars, k + 1)
            worth = {
                chord: _worth(bars[k], begins[0], begins, chord, tune.mode)
                - _step(before, chord, False, False, tune.mode)
                - _step(chord, after, False, False, tune.mode)
                for chord in choice
                if chord != own
            }
            best = max(worth, key=worth.__getitem__)
            if worth[best] >= _ALLOWED:
                bars[k] = replace(bars[k], chords=((begins[0], best),))
                if not bars[k + 1].chords:
                    bars[k + 1] = replace(bars[k + 1], chords=((begins[0], own),))
                run = 0
        sections.append(Section(tuple(bars), section.pickup, section.twice))
    return replace(tune, sections=tuple(sections))


def _sounding(bars: Sequence[Bar], k: int) -> str:
    """Return the chord that sounds at the end of bar *k*."""
    return next((bar.chords[-1][1] for bar in reversed(bars[: k + 1]) if bar.chords), "")


def harmonise(bars: Sequence[Bar], metre: str, mode: Mode) -> list[tuple[tuple[int, str], ...]]:
    """Return the chords of each bar of a section, as ``Bar.chords`` has them: only where one begins."""
    begins, choice = slots(metre), CHORDS[mode]
    cells = [(k, at) for k in range(len(bars)) for at in begins]
    worth = [[_worth(bars[k], at, begins, chord, mode) for chord in choice] for k, at in cells]
    _pull(worth, choice, mode, len(begins))
    best, back = list(worth[0]), []
    for number, (k, at) in enumerate(cells[1:], 1):
        inside = at != begins[0]
        held = inside and not _begins_note(bars[k], begins[0], at)
        steps = [[_step(a, b, inside, held, mode) for a in choice] for b in choice]
        came = [_best(best, row) for row in steps]
        best = [best[i] - steps[j][i] + worth[number][j] for j, i in enumerate(came)]
        back.append(came)
    path = [max(range(len(choice)), key=best.__getitem__)]
    for came in reversed(back):
        path.insert(0, came[path[0]])
    found: list[tuple[tuple[int, str], ...]] = []
    for k in range(len(bars)):
        own = [(at, choice[path[i]]) for i, (bar, at) in enumerate(cells) if bar == k]
        found.append(tuple(c for i, c in enumerate(own) if i == 0 or c[1] != own[i - 1][1]))
    return found


def _best(before: Sequence[float], costs: Sequence[float]) -> int:
    return max(range(len(before)), key=lambda i: before[i] - costs[i])


def _pull(worth: list[list[float]], choice: Sequence[str], mode: Mode, a_bar: int) -> None:
    """Draw the ends of a section to where phrases begin and end."""
    worth[0][0] += _FIRST
    for cell in worth[-a_bar:]:
        cell[0] += _LAST
    for cell in worth[-2 * a_bar : -a_bar][-1:]:
        for chord in _LEADING[mode]:
            cell[choice.index(chord)] += _BEFORE


def _worth(bar: Bar, at: int, begins: tuple[int, ...], chord: str, mode: Mode) -> float:
    end = next((b for b in begins if b < at), 0)
    inside, total, worth = tones(chord), 0, 0.0
    left = begins[0] - bar.late
    for k, note in enumerate(bar.notes):
        sounding = max(0, min(left, at) - max(left - note.ticks, end))
        if note.pitch is not None and sounding:
            heavy = 1.6 if left == at or (k == 0 and at == begins[0]) else 1.0
            total += sounding
            worth += heavy * sounding * (1.0 if note.pitch.midi % 12 in inside else -0.7)
        left -= note.ticks
    return _HOME[mode].get(chord, 0.0) + (worth / total if total else 0.0)


def _begins_note(bar: Bar, length: int, at: int) -> bool:
    left = length - bar.late
    for note in bar.notes:
        if left == at:
            return True
        left -= note.ticks
    return False


def _step(before: str, after: str, inside: bool, held: bool, mode: Mode) -> float:
    if before == after:
        return 0.0
    if held:
        return 99.0  # a chord begins with a note
    cost = _CHANGE + (_INSIDE if inside else 0.0)
    if before in ("G", "G7") and after not in (CHORDS[mode][0], "G", "G7", "Am", "Ab"):
        cost += _SUNK
    return cost
