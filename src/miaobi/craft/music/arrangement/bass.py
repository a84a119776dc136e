"""Bass: lines from chords: long roots, roots and fifths, or walking in quarters towards the next root.

Each is a small grammar. Held to nothing else it gives its plain line; with chance it chooses, chord by chord, among
what a bass player does: the root in the nearer octave, the third in place of the root within a phrase (not on the first
beat of a bar that walks), the fifth below instead of above, a step into the next root on the last beat, other chord
tones on the way. A phrase begins and ends on roots, and where nothing follows the last one is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from random import Random
from typing import Literal, get_args

from miaobi.craft.music.arrangement.span import Hit, Span, part_of, spans, steps
from miaobi.craft.music.key import scale
from miaobi.craft.music.score import Key, Part, Score
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language

Pattern = Literal["root", "fifth", "walking"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
LOW, HIGH = 28, 50  # E1, the lowest string, to D3
INSTRUMENT = "plucked-bass"
_THIRD, _INTO, _NEAR = 0.25, 0.35, 0.6  # how often: the third for the root, a step into the next root, the near octave
_FALLS = 0.3  # how often a walking line comes to the next root from its fifth
Line = dict[int, list[Hit]]  # by bar


def bass(score: Score, pattern: str, instrument: str = INSTRUMENT, language: Language = "en") -> Part:
    """Return a bass part, the plain line of *pattern*; UnknownNameError for a pattern that isn't there."""
    return part_of(score, instrument, language, line(score, spans(score), pattern))


def line(
    score: Score, laid: Sequence[Span], pattern: str, chance: Random | None = None, before: int = 0, after: int = 0
) -> Line:
    """Return what a bass plays to some of a score's spans: its plain line, or one that *chance* draws.

    *before*: the key that sounded last, 0 for none; *after*: pitch class + 1 of the chord that follows, 0 for none.
    UnknownNameError for a pattern that isn't there.
    """
    if pattern not in PATTERNS:
        raise UnknownNameError(f"{show(pattern)} is no bass line.", f"Known: {', '.join(PATTERNS)}.")
    found: Line = {}
    for n, span in enumerate(laid):
        hits: Sequence[Hit] = ()
        if span.chord is not None:
            following = next((s.chord.bass_class for s in laid[n + 1 :] if s.chord), after - 1)
            inner = 0 < n < len(laid) - 1 and (pattern != "walking" or span.offset > 0)
            tone = _bass_tone(span, inner, chance)
            root = _placed(tone, before, chance)
            hits = [(span.offset, span.length, (root,))]
            if following >= 0:
                hits = _PLAYED[pattern](span, root, _placed(following, root, chance), score, chance)
            before = hits[-1][2][0]
        found.setdefault(span.bar, []).extend(hits)
    return found


def tones(found: Line) -> list[int]:
    """Return the keys of a line in order."""
    return [keys[0] for bar in sorted(found) for _, _, keys in found[bar]]


def _bass_tone(span: Span, inner: bool, chance: Random | None) -> int:
    """Return the pitch class that a chord stands on: its bass, or its third where that leads on."""
    assert span.chord is not None
    third = next((t for t in span.chord.tones if t in (3, 4)), None)
    if chance is None or not inner or third is None or span.chord.bass != span.chord.root:
        return span.chord.bass_class
    return (span.chord.root_class + third) % 12 if chance.random() < _THIRD else span.chord.bass_class


def _placed(pitch_class: int, before: int, chance: Random | None) -> int:
    """Return the key of a pitch class within the octave from E1, or, by chance, where it is nearer to *before*."""
    low = LOW + (pitch_class - LOW) % 12
    if chance is None or not before or low + 12 > HIGH or chance.random() >= _NEAR:
        return low
    return min((low, low + 12), key=lambda key: abs(key - before))


def _roots(span: Span, root: int, target: int, score: Score, chance: Random | None) -> Sequence[Hit]:
    return _led(span, [(span.offset, span.length, (root,))], target, score, chance)


def _fifths(span: Span, root: int, target: int, score: Score, chance: Random | None) -> Sequence[Hit]:
    assert span.chord is not None
    metre = score.bars[span.bar].metre
    other = _partner(span, root, chance)
    pulse = metre.pulses[0]
    unit = pulse if metre.compound or len(metre.pulses) < 4 else 2 * pulse
    if len(metre.pulses) == 3:
        hits = [(span.offset, min(span.length, 2 * pulse), (root,)), *(_after(span, 2 * pulse, other))]
    else:
        hits = [(at, length, (other if n % 2 else root,)) for n, at, length in steps(span, unit)]
    return _led(span, hits, target, score, chance)


def _partner(span: Span, root: int, chance: Random | None) -> int:
    """Return what alternates with the root: the fifth above or below, by chance the third or the octave."""
    assert span.chord is not None
    above = next((t for t in span.chord.tones if t in (6, 7, 8)), 7)
    base = root if (root - span.chord.root_class) % 12 == 0 else LOW + (span.chord.root_class - LOW) % 12
    fifth = base + above
    fifth -= 12 * (fifth > LOW + 15)
    if chance is None:
        return fifth
    third = next((base + t for t in span.chord.tones if t in (3, 4)), fifth)
    choice = [fifth, fifth, fifth - 12, third, root + 12]
    return chance.choice([key for key in choice if LOW <= key <= HIGH and key != root] or [fifth])


def _after(span: Span, wait: Fraction, key: int) -> list[Hit]:
    return [(span.offset + wait, span.length - wait, (key,))] if span.length > wait else []


def _led(span: Span, hits: list[Hit], target: int, score: Score, chance: Random | None) -> list[Hit]:
    """Return *hits*, by chance with the last beat of the span given to a step into *target*."""
    bar = score.bars[span.bar]
    start = span.offset + span.length - bar.metre.pulses[-1]
    at, _, keys = hits[-1]
    if chance is None or start <= span.offset or chance.random() >= _INTO:
        return hits
    step = _into(target, keys[0], bar.key)
    if step in keys or at > start:
        return hits
    held = [(at, start - at, keys)] if start > at else []
    return [*hits[:-1], *held, (start, bar.metre.pulses[-1], (step,))]


def _walk(span: Span, root: int, target: int, score: Score, chance: Random | None) -> Sequence[Hit]:
    """Walk a tone a beat: the root, chord tones on the way, and a step, or by chance a fifth, into the next root."""
    assert span.chord is not None
    bar = score.bars[span.bar]
    places = list(steps(span, bar.metre.pulses[0]))
    low = {LOW + (span.chord.root_class + t - LOW) % 12 for t in span.chord.tones}
    choice = low | {k + 12 for k in low if k + 12 <= HIGH} if chance else low
    walked = sorted(choice - {root}, key=lambda k: abs(k - target))
    keys = [root]
    middle = len(places) // 2 if len(places) % 2 == 0 else 0
    for n in range(1, len(places)):
        if n == len(places) - 1:
            fifth = target + 7 if target + 7 <= HIGH else target - 5
            falls = chance is not None and chance.random() < _FALLS and LOW <= fifth != keys[-1]
            keys.append(fifth if falls else _into(target, keys[-1], bar.key))
        elif chance:
            again = root % 12 if n == middle else -1  # the half of a bar says something new
            near = sorted((k for k in choice if k != keys[-1] and k % 12 != again), key=lambda k: abs(k - keys[-1]))
            keys.append(chance.choice(near[:3] or [root]))
        else:
            keys.append(walked[n % len(walked)] if walked else root)
    return [(at, length, (k,)) for (_, at, length), k in zip(places, keys, strict=True)]


def _into(target: int, before: int, key: Key) -> int:
    """Return the scale's tone next to *target* on the side one comes from; a semitone where it has none there."""
    inside = scale(key)
    side = 1 if before > target else -1
    near = next((target + side * d for d in (2, 1) if (target + side * d) % 12 in inside), target + side)
    return near if near >= LOW else target + 2


_PLAYED = {"root": _roots, "fifth": _fifths, "walking": _walk}


def phrases(score: Score, most: int = 4) -> list[list[Span]]:
    """Return the score's spans by phrases of *most* bars at most, none of which goes on over a double bar."""
    groups: list[list[int]] = []
    for number, bar in enumerate(score.bars):
        opens = bool(bar.section) or bar.repeat_starts or number == 0
        whole = sum(score.bars[k].length is None for k in groups[-1]) if groups else 0
        if opens or whole >= most:
            groups.append([])
        groups[-1].append(number)
    laid = {bar: list(own) for bar, own in groupby(spans(score), key=lambda span: span.bar)}
    return [[span for number in group for span in laid[number]] for group in groups]
