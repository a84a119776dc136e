"""Accompaniment: chords played as block, arpeggio, Alberti, 分解和弦 or strum.

Voicings lie close together and move by the least total step from chord to chord (Tymoczko, The Geometry of Musical
Chords, Science 313, 2006: efficient voice leading); a ninth or more above the root is played within the octave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Literal, get_args

from miaobi.craft.music.arrangement.span import Hit, Span, part, spans, steps
from miaobi.craft.music.chord import Chord
from miaobi.craft.music.score import EIGHTH, Metre, Part, Score
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language

Pattern = Literal["block", "arpeggio", "alberti", "broken", "strum"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
NAMES: dict[Pattern, str] = {
    "block": "柱式和弦",
    "arpeggio": "琶音",
    "alberti": "阿尔贝蒂低音",
    "broken": "分解和弦",
    "strum": "扫弦",
}
LOW, HIGH = 53, 71  # F3–B4: under a voice, above a bass
Voicing = tuple[int, ...]


def accompaniment(score: Score, pattern: Pattern, instrument: str = "piano", language: Language = "en") -> Part:
    """Return a part that plays the score's chords; UnknownNameError for a pattern that isn't there."""
    if pattern not in _PLAYED:
        raise UnknownNameError(f"{show(pattern)} is no accompaniment.", f"Known: {', '.join(PATTERNS)}.")
    laid = spans(score)
    voiced = voicings([s.chord for s in laid])
    keyed = {(s.bar, s.offset): keys for s, keys in zip(laid, voiced, strict=True)}
    play = _PLAYED[pattern]

    def hits(span: Span) -> Sequence[Hit]:
        keys = keyed[span.bar, span.offset]
        return play(span, keys, score.bars[span.bar].metre) if keys else ()

    return part(score, instrument, language, hits)


def voicings(chords: Sequence[Chord | None]) -> list[Voicing]:
    """Return three or four keys for each chord, from the lowest; () where there is none."""
    done: list[Voicing] = []
    before: Voicing = ()
    for one in chords:
        if one is None:
            done.append(())
            continue
        options = list(_close(one))
        best = min(options, key=lambda v: (_distance(before, v), abs(sum(v) / len(v) - 61)))
        done.append(best)
        before = best
    return done


def _close(one: Chord) -> list[Voicing]:
    """Return the chord's voicings in close position within the register."""
    tones = list(dict.fromkeys((one.root_class + t) % 12 for t in one.tones))
    if len(tones) > 4:  # the fifth says least
        tones = [t for t in tones if t != (one.root_class + 7) % 12][:4]
    found = []
    for lowest, turn in product(range(LOW, LOW + 12), range(len(tones))):
        order = tones[turn:] + tones[:turn]
        if lowest % 12 != order[0]:
            continue
        keys = [lowest]
        for tone in order[1:]:
            keys.append(keys[-1] + ((tone - keys[-1]) % 12 or 12))
        if keys[-1] <= HIGH + 2:
            found.append(tuple(keys))
    return found


def _distance(before: Voicing, after: Voicing) -> int:
    if not before:
        return 0
    return sum(min(abs(a - b) for b in before) for a in after) + sum(min(abs(a - b) for a in after) for b in before)


def _block(span: Span, keys: Voicing, metre: Metre) -> Sequence[Hit]:
    pulse = metre.pulses[0]
    unit = pulse if metre.compound or len(metre.pulses) == 3 or span.length <= pulse else 2 * pulse
    return [(at, length, keys) for _, at, length in steps(span, unit)]


def _turned(order: Callable[[int], Sequence[int]]) -> Callable[[Span, Voicing, Metre], Sequence[Hit]]:
    """Return a pattern that plays single tones in eighths in the order of indices that *order* gives for so many
    tones.
    """

    def play(span: Span, keys: Voicing, metre: Metre) -> Sequence[Hit]:
        figure = order(len(keys))
        unit = Fraction(1, metre.unit) if metre.unit >= 8 else EIGHTH
        return [(at, length, (keys[figure[n % len(figure)]],)) for n, at, length in steps(span, unit)]

    return play


def _broken(span: Span, keys: Voicing, metre: Metre) -> Sequence[Hit]:
    """分解和弦: the lowest tone on the beat, the others together after it."""
    pulse = metre.pulses[0]
    found: list[Hit] = []
    for _, at, length in steps(span, pulse):
        parts = 3 if metre.compound else 2
        unit = pulse / parts
        found.append((at, min(unit, length), keys[:1]))
        found += [(at + unit * k, unit, keys[1:]) for k in range(1, parts) if unit * k < length]
    return found


_STRUM = ((0, 2), (2, 1), (3, 1), (5, 1), (6, 1), (7, 1))  # eighths of 4/4: down, down up, up down up


def _strum(span: Span, keys: Voicing, metre: Metre) -> Sequence[Hit]:
    """The guitar's strum: in 4/4 D DU UDU, elsewhere on the beat and after it."""
    low = tuple(k for k in (keys[0] - 12, *keys) if k >= 40)
    if metre.beats == 4 and metre.unit == 4:
        rows = [(EIGHTH * a, EIGHTH * b) for a, b in _STRUM]
    else:
        pulse = metre.pulses[0]
        third = pulse / 3 if metre.compound else pulse / 2
        rows = [
            (pulse * n + p, third)
            for n in range(len(metre.pulses))
            for p in ((0, 2 * third) if metre.compound else (0, third))
        ]
    end = span.offset + span.length
    found = []
    for place, length in rows:
        at = place - span.lead
        if span.offset <= at < end:
            found.append((at, min(length, end - at), low if (place / EIGHTH) % 2 == 0 else keys[1:]))
    if not any(at == span.offset for at, _, _ in found):
        found.insert(0, (span.offset, min(EIGHTH, span.length), low))
    return found


_PLAYED: dict[Pattern, Callable[[Span, Voicing, Metre], Sequence[Hit]]] = {
    "block": _block,
    "arpeggio": _turned(lambda n: [*range(n), *range(n - 2, 0, -1)]),
    "alberti": _turned(lambda n: [0, n - 1, 1, n - 1]),
    "broken": _broken,
    "strum": _strum,
}
