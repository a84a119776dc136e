"""Shape: contour, climax, phrases and form of a melody, as measured from its notes.

Contours are Huron's nine types (The melodic arch in Western folksongs, Computing in Musicology 10, 1996): first
note, mean of the middle, last note. Phrases end at rests, long notes and breath marks; two are alike by the share
of their onsets and intervals that agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise

from miaobi.craft.music.performance import Tone, played, tones
from miaobi.craft.music.score import HALF, Score

ALIKE, KIN = 0.85, 0.6  # the same letter; the letter with a prime
_FORMS = {
    "AABA": "AABA", "AABB": "AABB", "ABAB": "ABAB", "AABC": "AABC", "ABAC": "ABAC", "AA'BA": "AABA", "AA'BA'":
    "AABA", "AABA'": "AABA",  "AA'BC": "起承转合", "AA'BA''": "起承转合", }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of a melody's notes."""

    onset: Fraction
    end: Fraction
    tones: tuple[Tone, ...]
    letter: str = ""


def contour(pitches: Sequence[int]) -> str:
    """Return the type of a contour: "convex", "ascending", "horizontal-descending" … "none" for fewer than two
    notes.
    """
    if len(pitches) < 2:
        return "none"
    first, last = pitches[0], pitches[-1]
    middle = sum(pitches[1:-1]) / len(pitches[1:-1]) if len(pitches) > 2 else (first + last) / 2

    def way(a: float, b: float) -> int:
        return 0 if abs(b - a) < 0.75 else 1 if b > a else -1  # within three quarters of a semitone: level

    return {
        (1, 1): "ascending", (-1, -1): "descending", (1, -1): "convex", (-1, 1): "concave", (0, 0): "horizontal",
        (0, 1): "horizontal-ascending", (0, -1): "horizontal-descending", (1, 0): "ascending-horizontal",
        (-1, 0): "descending-horizontal",
    }[way(first, middle), way(middle, last)]  # fmt: skip


def melody(score: Score, part: int = 0) -> list[Tone]:
    """Return the highest tones of a part's first voice, repeats not played."""
    mine = [t for t in tones(score, repeats=False) if t.part == part and t.voice == 0]
    top: dict[Fraction, Tone] = {t.onset: t for t in mine}  # sorted by pitch: the highest is last
    return [top[o] for o in sorted(top)]


def climax(line: Sequence[Tone]) -> tuple[Fraction, int] | None:
    """Return where the highest note comes as a share of the melody, 0–1, and how often it is reached."""
    if not line:
        return None
    top = max(t.pitch for t in line)
    end = line[-1].onset + line[-1].length
    first = next(t for t in line if t.pitch == top)
    return first.onset / end, sum(t.pitch == top for t in line)


def leaps(line: Sequence[Tone]) -> tuple[float, int]:
    """Return the share of intervals larger than a tone and the largest, in semitones."""
    sizes = [abs(b.pitch - a.pitch) for a, b in pairwise(line)]
    return (sum(s > 2 for s in sizes) / len(sizes), max(sizes)) if sizes else (0.0, 0)


def phrases(score: Score, part: int = 0) -> list[Phrase]:
    """Return the phrases of a melody with their letters: A, B, A' for a kin of A.

    A phrase ends before a section, at a breath or fermata, before a rest, and at a note of a half or more that is
    the longest around it, once it is a bar and a half long.
    """
    line = melody(score, part)
    if not line:
        return []
    least = score.bars[-1].metre.length * Fraction(3, 2)
    marks = _marked(score, part)
    groups: list[list[Tone]] = [[]]
    for tone, after in zip(line, [*line[1:], None], strict=True):
        groups[-1].append(tone)
        if after is None:
            break
        long = tone.length >= HALF and tone.length > after.length
        pause = after.onset > tone.onset + tone.length
        grown = after.onset - groups[-1][0].onset >= least
        if after.onset in marks or (grown and (long or pause)):
            groups.append([])
    return lettered([Phrase(g[0].onset, g[-1].onset + g[-1].length, tuple(g)) for g in _without_upbeats(groups, least)])


def _without_upbeats(groups: Sequence[list[Tone]], least: Fraction) -> list[list[Tone]]:
    """Return the groups with those under half a bar joined to what they lead into; a last one, the upbeat to a repeat,
    to what is before it.
    """

    def short(group: list[Tone]) -> bool:
        return group[-1].onset + group[-1].length - group[0].onset < least / 3

    done: list[list[Tone]] = []
    for group in groups:
        if done and short(done[-1]):
            done[-1] = done[-1] + group
        else:
            done.append(group)
    if len(done) > 1 and short(done[-1]):
        done[-2:] = [done[-2] + done[-1]]
    return done


def _marked(score: Score, part: int) -> set[Fraction]:
    """Return where a phrase certainly begins."""
    found = set()
    end = Fraction(0)
    for onset, bar, index, event in played(score, part, 0, repeats=False):
        if index == 0 and score.bars[bar].section:
            found.add(onset)
        end = onset + event.length
        if "breath" in event.marks or "fermata" in event.marks:
            found.add(end)
    return found


def lettered(found: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases with the letter of the first that each is like."""
    done: list[Phrase] = []
    heads: list[Phrase] = []
    for one in found:
        best = max(heads, key=lambda h: likeness(h, one), default=None)
        share = likeness(best, one) if best else 0.0
        if best is not None and share >= ALIKE:
            letter = best.letter
        elif best is not None and share >= KIN:
            letter = best.letter + "'"
        else:
            letter = chr(ord("A") + min(len(heads), 25))
        done.append(Phrase(one.onset, one.end, one.tones, letter))
        if "'" not in letter and letter not in {h.letter for h in heads}:
            heads.append(done[-1])
    return done


def likeness(one: Phrase, other: Phrase) -> float:
    """Return how alike two phrases are, 0–1, wherever they lie: of their intervals and their rhythm."""

    def signs(phrase: Phrase) -> list[tuple[int, Fraction]]:
        return [(b.pitch - a.pitch, b.onset - a.onset) for a, b in pairwise(phrase.tones)]

    a, b = signs(one), signs(other)
    if not a or not b:
        return float(len(one.tones) == len(other.tones))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def form(found: Sequence[Phrase]) -> tuple[str, str]:
    """Return the letters of the phrases and the name of that form; "" where it has none of its own."""
    letters = "".join(p.letter for p in found)
    if letters in _FORMS:
        return letters, _FORMS[letters]
    half = letters[: len(letters) // 2]
    return letters, _FORMS.get(half, "") if half and letters == half * 2 else ""
