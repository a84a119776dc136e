"""Setting: which syllable is sung on which notes, by the least total cost; and a measure of the fit.

Costs: a stressed syllable off the beat, a weak one on a strong beat, a melisma (less on a stressed syllable), a
syllable or word carried over a rest, a line that begins within a phrase; in Chinese a step of the melody against
the step between two tones (Chao's levels), as singers and listeners hear it (Wong and Diehl, How can the lyrics of
a song in a tone language be understood?, Psychology of Music 30, 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from miaobi.craft.music.notation import lead
from miaobi.craft.music.score import QUARTER, Bar, Event, Score, Syllable
from miaobi.craft.music.underlay.sung import Sung, syllables
from miaobi.errors import BriefError
from miaobi.findings import Finding
from miaobi.types import Language

LONGEST = 9  # notes that one syllable may be held over
_LEVEL = {1: 5.0, 2: 3.7, 3: 1.5, 4: 4.0, 5: 3.0}  # where a tone lies on the whole, of Chao's five levels
_MOTION = {1: 0, 2: 1, 3: -1, 4: -1, 5: 0}  # what it does within itself
_FAR = 1e6


@dataclass(frozen=True, slots=True)
class Place:
    """A note that may take a syllable."""

    bar: int
    event: int
    offset: Fraction  # in the bar
    length: Fraction  # ties included
    pitch: int
    beat: int  # 3 the first beat, 2 the middle one, 1 another, 0 off the beat
    fresh: bool  # whether a rest, a breath or a section's beginning comes before it
    ties: int  # events after it that hold it


@dataclass(frozen=True, slots=True)
class Fit:
    """How well words sit on their notes, each a share 0–1."""

    stress: float  # of stressed syllables on a beat
    ease: float  # of weak syllables that are not on a bar's first beat
    tone: float  # of steps between tones that the melody follows or leaves level; 1 in English
    syllabic: float  # of syllables with one note
    lines: float  # of lines that begin a phrase or a bar

    @property
    def whole(self) -> float:
        """The mean of what applies."""
        return (self.stress + self.ease + self.tone + self.syllabic + self.lines) / 5


@dataclass(frozen=True, slots=True)
class Setting:
    """A score with words, how they fit, and what to know of it."""

    score: Score
    fit: Fit
    findings: tuple[Finding, ...]


def set_words(score: Score, lines: list[str], language: Language, part: int = 0, verse: int = 0) -> Setting:
    """Return the score with *lines* sung by the first voice of *part*; breath marks where lines end without a rest.

    BriefError where there are no words, or more syllables than notes.
    """
    sung = syllables(lines, language)
    places = notes(score, part)
    if not sung:
        raise BriefError("There are no words to set.", "Give at least one line.")
    if len(sung) > len(places):
        raise BriefError(
            f"The words have {len(sung)} syllables, the tune {len(places)} notes.",
            f"Take {len(sung) - len(places)} syllables out, or give a longer tune.",
        )
    starts = _aligned(sung, places)
    made = _written(score, part, verse, sung, places, starts)
    return Setting(made, _measured(sung, places, starts), tuple(_findings(score, sung, places, starts)))


def notes(score: Score, part: int = 0) -> list[Place]:
    """Return the notes of a part's first voice that can take a syllable, those that ties hold not."""
    found: list[Place] = []
    held = False
    fresh = True
    for bar, offset, event in score.parts[part].voice(0):
        index = _index(score, part, bar, offset)
        one = score.bars[bar]
        if event.rest:
            fresh, held = True, False
            continue
        if held and found:
            last = found[-1]
            found[-1] = replace(last, length=last.length + event.length, ties=last.ties + 1)
        else:
            section = bool(one.section) and offset == 0
            at = offset + lead(one, bar == 0 and bool(score.pickup))
            top = max(p.midi for p in event.pitches)
            found.append(Place(bar, index, offset, event.length, top, beat(one, at), fresh or section, 0))
            fresh = False
        held = event.tied
        fresh = fresh or "breath" in event.marks or "fermata" in event.marks
    return found


def _index(score: Score, part: int, bar: int, offset: Fraction) -> int:
    at = Fraction(0)
    for n, event in enumerate(score.parts[part].bars[bar][0]):
        if at == offset:
            return n
        at += event.length
    raise ValueError(f"no event begins at {offset}")


def beat(bar: Bar, at: Fraction) -> int:
    """Return how strong a place of the full bar is: 3 the first beat, 2 the middle of four, 1 another beat, 0
    off it.
    """
    if at == 0:
        return 3
    pulses = bar.metre.pulses
    edge = Fraction(0)
    for n, pulse in enumerate(pulses):
        if edge == at:
            return 2 if 2 * n == len(pulses) else 1
        edge += pulse
    return 0


def _aligned(sung: Sequence[Sung], places: Sequence[Place]) -> list[int]:
    """Return the note on which each syllable begins, by the least total cost."""
    count, most = len(sung), len(places)
    best = [[_FAR] * most for _ in sung]
    back = [[0] * most for _ in sung]
    for i in range(min(most - count + 1, 3)):  # an upbeat or two may be left to an instrument
        best[0][i] = _placed(sung[0], places[i]) + 4.0 * i
    for j in range(1, count):
        for i in range(j, most - (count - j) + 1):
            here = _placed(sung[j], places[i])
            for k in range(max(j - 1, i - LONGEST), i):
                if best[j - 1][k] >= _FAR:
                    continue
                cost = best[j - 1][k] + here + _carried(sung[j - 1], sung[j], places, k, i)
                if cost < best[j][i]:
                    best[j][i], back[j][i] = cost, k
    end = min(range(count - 1, most), key=lambda i: best[-1][i] + _after(places, i))
    starts = [end]
    for j in range(count - 1, 0, -1):
        starts.append(back[j][starts[-1]])
    return starts[::-1]


def _placed(one: Sung, place: Place) -> float:
    cost = 0.0
    if one.strength == 2:
        cost += (1.6, 0.6, 0.1, 0.0)[place.beat]
    elif one.strength == 0:
        cost += (0.0, 0.1, 0.5, 1.2)[place.beat] + (0.6 if place.length > QUARTER else 0.0)
    if one.opens and not place.fresh:
        cost += 0.4 if place.beat == 3 else 2.4
    if place.fresh and not one.opens:
        cost += 0.9
    return cost


def _carried(one: Sung, after: Sung, places: Sequence[Place], start: int, end: int) -> float:
    """Return the cost of holding a syllable over the notes *start* to *end*, and of the step to the next."""
    held = end - start - 1
    cost = held * (0.7 if one.strength else 1.1) + (0.5 * max(held - 3, 0))
    cost += sum(6.0 for p in places[start + 1 : end] if p.fresh)  # a syllable over a rest
    if after.opens and sum(p.length for p in places[start:end]) < QUARTER:
        cost += 1.2  # a line's last syllable wants to be heard out
    if one.joined and places[end].fresh:
        cost += 4.0
    if one.tone and after.tone and not after.opens:
        cost += 0.8 * _against(one, after, places[end].pitch - places[start].pitch)
    if one.tone and held:
        moved = places[end - 1].pitch - places[start].pitch
        cost += 0.4 * (_MOTION[one.tone] * moved < 0)
    return cost


def _against(one: Sung, after: Sung, step: int) -> bool:
    rise = _LEVEL[after.tone] - _LEVEL[one.tone]
    return abs(rise) >= 1 and rise * step < 0


def _after(places: Sequence[Place], end: int) -> float:
    """Return the cost of what is left after the last syllable begins: it is held to the next rest, the rest has
    no words.
    """
    left = places[end + 1 :]
    wordless = next((n for n, p in enumerate(left) if p.fresh), len(left))
    return 0.7 * wordless + 0.8 * (len(left) - wordless)


def _written(
    score: Score, part: int, verse: int, sung: Sequence[Sung], places: Sequence[Place], starts: Sequence[int]
) -> Score:
    words: dict[tuple[int, int], Syllable] = {}
    breaths: set[tuple[int, int]] = set()
    for j, (one, start) in enumerate(zip(sung, starts, strict=True)):
        end = starts[j + 1] if j + 1 < len(starts) else _tail(places, start)
        for n, place in enumerate(places[start:end]):
            words[place.bar, place.event] = Syllable() if n else Syllable(one.text, one.joined)
            words |= {held: Syllable() for held in _tied(score, part, place)}
        if j + 1 < len(sung) and sung[j + 1].opens and not places[end].fresh:
            breaths.add(([*_tied(score, part, places[end - 1])] or [(places[end - 1].bar, places[end - 1].event)])[-1])
    rows = []
    for i, voices in enumerate(score.parts[part].bars):
        line = []
        for n, event in enumerate(voices[0] if voices else ()):
            line.append(_sung(event, verse, words.get((i, n)), (i, n) in breaths))
        rows.append((tuple(line), *voices[1:]))
    parts = tuple(replace(p, bars=tuple(rows)) if n == part else p for n, p in enumerate(score.parts))
    return replace(score, parts=parts)


def _tail(places: Sequence[Place], start: int) -> int:
    return next((n for n in range(start + 1, len(places)) if places[n].fresh), len(places))


def _tied(score: Score, part: int, place: Place) -> list[tuple[int, int]]:
    """Return bar and index of the events that hold a note on."""
    found = []
    bar, event = place.bar, place.event
    for _ in range(place.ties):
        event += 1
        while event >= len(score.parts[part].bars[bar][0]):
            bar, event = bar + 1, 0
        found.append((bar, event))
    return found


def _sung(event: Event, verse: int, one: Syllable | None, breath: bool) -> Event:
    lyrics = [*event.lyrics[:verse], *[None] * (verse - len(event.lyrics)), one, *event.lyrics[verse + 1 :]]
    while lyrics and lyrics[-1] is None:
        lyrics.pop()
    marks = (*event.marks, "breath") if breath and "breath" not in event.marks else event.marks
    return replace(event, lyrics=tuple(lyrics), marks=marks)


def _measured(sung: Sequence[Sung], places: Sequence[Place], starts: Sequence[int]) -> Fit:
    pairs = [(one, places[s]) for one, s in zip(sung, starts, strict=True)]
    strong = [p.beat > 0 for one, p in pairs if one.strength == 2]
    weak = [p.beat < 3 for one, p in pairs if one.strength == 0]
    steps = [
        not _against(a, b, places[t].pitch - places[s].pitch)
        for a, b, s, t in zip(sung, sung[1:], starts, starts[1:], strict=False)
        if a.tone and b.tone and not b.opens
    ]
    ends = [*starts[1:], _tail(places, starts[-1])]
    single = [e - s == 1 for s, e in zip(starts, ends, strict=True)]
    heads = [p.fresh or p.beat == 3 for one, p in pairs if one.opens]
    return Fit(*(sum(row) / len(row) if row else 1.0 for row in (strong, weak, steps, single, heads)))


def fit(score: Score, lines: list[str], language: Language, part: int = 0) -> Fit:
    """Return how well *lines* would sit on a melody; BriefError as for ``set_words``."""
    return set_words(score, lines, language, part).fit


def _findings(score: Score, sung: Sequence[Sung], places: Sequence[Place], starts: Sequence[int]) -> list[Finding]:
    shift = 0 if score.pickup else 1
    found = []
    for one, start in zip(sung, starts, strict=True):
        bar = places[start].bar + shift
        if one.strength == 2 and places[start].beat == 0 and one.word != one.text:
            said = f"“{one.text.strip()}” of “{one.word}” is stressed and stands off the beat in bar {bar}."
            found.append(Finding(rule="stress-off-beat", message=said, severity="note"))
        elif one.strength == 0 and places[start].beat == 3 and one.tone == 0:
            said = f"“{one.text.strip()}” is weak and stands on the first beat of bar {bar}."
            found.append(Finding(rule="weak-on-beat", message=said, severity="note"))
    left = len(places) - _tail(places, starts[-1])
    if left:
        said = f"The words end {left} note{'' if left == 1 else 's'} before the tune."
        found.append(Finding(rule="words-short", message=said, severity="warning"))
    return found
