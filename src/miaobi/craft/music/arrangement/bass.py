"""Bass: lines from chords: long roots, roots and fifths, or walking in quarters towards the next root."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, get_args

from miaobi.craft.music.arrangement.span import Hit, Span, part, spans, steps
from miaobi.craft.music.key import scale
from miaobi.craft.music.score import Key, Metre, Part, Score
from miaobi.errors import UnknownNameError, show
from miaobi.types import Language

Pattern = Literal["root", "fifth", "walking"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
LOW = 28  # E1, the lowest string


def bass(score: Score, pattern: str, instrument: str = "plucked-bass", language: Language = "en") -> Part:
    """Return a bass part; UnknownNameError for a pattern that isn't there."""
    if pattern not in PATTERNS:
        raise UnknownNameError(f"{show(pattern)} is no bass line.", f"Known: {', '.join(PATTERNS)}.")
    laid = spans(score)
    following = {(s.bar, s.offset): laid[n + 1] if n + 1 < len(laid) else None for n, s in enumerate(laid)}

    def hits(span: Span) -> Sequence[Hit]:
        if span.chord is None:
            return ()
        bar = score.bars[span.bar]
        root = _placed(span.chord.bass_class)
        if pattern == "root":
            return [(span.offset, span.length, (root,))]
        if pattern == "fifth":
            return _fifths(span, root, bar.metre)
        after = following[span.bar, span.offset]
        target = _placed(after.chord.bass_class) if after and after.chord else root
        return _walk(span, root, target, bar.metre, bar.key)

    return part(score, instrument, language, hits)


def _placed(pitch_class: int) -> int:
    """Return the key of a pitch class within the octave from E1."""
    return LOW + (pitch_class - LOW) % 12


def _fifths(span: Span, root: int, metre: Metre) -> Sequence[Hit]:
    assert span.chord is not None
    above = next((t for t in span.chord.tones if t in (6, 7, 8)), 7)
    fifth = (root if span.chord.bass == span.chord.root else _placed(span.chord.root_class)) + above
    fifth -= 12 * (fifth > LOW + 15)
    pulse = metre.pulses[0]
    unit = pulse if metre.compound or len(metre.pulses) < 4 else 2 * pulse
    if len(metre.pulses) == 3:
        return [(span.offset, min(span.length, 2 * pulse), (root,)), *(_after(span, 2 * pulse, fifth))]
    return [(at, length, (fifth if n % 2 else root,)) for n, at, length in steps(span, unit)]


def _after(span: Span, wait: Fraction, key: int) -> Sequence[Hit]:
    return [(span.offset + wait, span.length - wait, (key,))] if span.length > wait else []


def _walk(span: Span, root: int, target: int, metre: Metre, key: Key) -> Sequence[Hit]:
    """Walk a tone a beat: the root, chord tones on the way, and a step from above or below into the next root."""
    assert span.chord is not None
    places = list(steps(span, metre.pulses[0]))
    tones = sorted(
        {_placed(span.chord.root_class + t) for t in span.chord.tones} - {root}, key=lambda k: abs(k - target)
    )
    line = [root]
    for n in range(1, len(places)):
        if n == len(places) - 1:
            line.append(_into(target, line[-1], key))
        else:
            line.append(tones[n % len(tones)] if tones else root)
    return [(at, length, (k,)) for (_, at, length), k in zip(places, line, strict=True)]


def _into(target: int, before: int, key: Key) -> int:
    """Return the scale's tone next to *target* on the side one comes from; a semitone where it has none there."""
    inside = scale(key)
    side = 1 if before > target else -1
    near = next((target + side * d for d in (2, 1) if (target + side * d) % 12 in inside), target + side)
    return near if near >= LOW else target + 2
