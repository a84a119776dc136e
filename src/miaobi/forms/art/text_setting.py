"""Text setting: how the stanzas of a song stand under its notes, and the account of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from miaobi.certificate import Evidence, Unit
from miaobi.craft.melody.page import LETTERS
from miaobi.craft.melody.singing import StanzaPlan, Sung, chinese_line, english_line, even, stanza
from miaobi.craft.melody.tune import Tune
from miaobi.craft.music.score import Event, Part, Score, Syllable, Voice
from miaobi.errors import BriefError

_MEASURES = ("iambic tetrameter", "iambic trimeter")


@dataclass(frozen=True)
class Verse:
    """A stanza: its lines, and how they fall on the beats."""

    lines: tuple[str, ...]
    plan: StanzaPlan


def given_stanzas(text: str) -> list[list[str]]:
    """Return the stanzas of a user's lyrics, eight lines as two fours; BriefError for more than can be sung."""
    blocks = re.split(r"\n\s*\n", text.strip().replace("\\n", "\n"))
    found = [[line.strip() for line in block.splitlines() if line.strip()] for block in blocks]
    found = [block for block in found if block]
    if not found or len(found) > 12 or max(map(len, found)) > 8:
        raise BriefError(
            f"The lyrics have {len(found)} stanzas of up to {max(map(len, found), default=0)} lines.",
            "A song has 1 to 12 stanzas of 1 to 8 lines; part them by blank lines.",
        )
    return [half for block in found for half in ([block[:4], block[4:]] if len(block) == 8 else [block])]


def verses_of(stanzas: Sequence[Sequence[str]], metre: str, language: str, own: bool, chance: Random) -> list[Verse]:
    """Return the stanzas on the beats of *metre*. *own*: a ballad of ours, whose measures are known."""
    told = []
    for lines in stanzas:
        if language == "zh":
            told.append([chinese_line(line, chance) for line in lines])
        else:
            told.append(even([english_line(line, _MEASURES[k % 2] if own else "") for k, line in enumerate(lines)]))
    upbeat = bool(told[0][0].lead)
    return [Verse(tuple(lines), stanza(plans, metre, upbeat)) for lines, plans in zip(stanzas, told, strict=True)]


def sections_of(verses: Sequence[Verse]) -> list[list[Verse]]:
    """Return the stanzas by the melodies that they share: two of one shape side by side have one."""
    found: list[list[Verse]] = []
    for verse in verses:
        if found and len(found[-1]) < 2 and found[-1][0].plan.shape == verse.plan.shape:
            found[-1].append(verse)
        else:
            found.append([verse])
    if len(found) > len(LETTERS):
        raise BriefError(
            f"The lyrics need {len(found)} melodies, for their stanzas differ in shape.",
            f"At most {len(LETTERS)} are written: give stanzas of the same numbers of syllables.",
        )
    return found


def with_words(score: Score, tune: Tune, sections: Sequence[Sequence[Verse]]) -> Score:
    """Return the score with the stanzas under the notes; a section of two is played twice."""
    bars, voices = list(score.bars), list(score.parts[0].bars)
    at = 0
    for section, verses in zip(tune.sections, sections, strict=True):
        count = len(section.every)
        for k in range(count):
            words = [verse.plan.sung[k] for verse in verses]
            breath = verses[0].plan.breaths.get(k - bool(section.pickup))
            voices[at + k] = (_worded(voices[at + k][0], words, breath),)
        if len(verses) > 1:
            bars[at] = replace(bars[at], repeat_starts=True)
            bars[at + count - 1] = replace(bars[at + count - 1], repeat_ends=len(verses), double=False)
        at += count
    part = score.parts[0]
    return replace(score, bars=tuple(bars), parts=(Part(part.name, part.instrument, tuple(voices)),))


def stresses(score: Score, tune: Tune, sections: Sequence[Sequence[Verse]]) -> Unit:
    """Return the account of how the words fall: stressed syllables on beats, weak ones on notes longer than those of
    the stressed ones before them.
    """
    metre = score.bars[0].metre
    beats = {sum(metre.pulses[:k], Fraction(0)) for k in range(len(metre.pulses))}
    at, stressed, met, weak, long = 0, 0, 0, 0, 0
    for section, verses in zip(tune.sections, sections, strict=True):
        for k in range(len(section.every)):
            upbeat = k == 0 and section.pickup is not None
            for verse in verses:
                place, held = Fraction(0), Fraction(0)
                notes = [event for event in score.parts[0].bars[at + k][0] if not event.rest]
                for one, event in zip(verse.plan.sung[k], notes, strict=False):
                    stressed += one.stressed
                    met += one.stressed and place in beats
                    weak += bool(one.text) and not one.stressed and not upbeat
                    long += bool(one.text) and not one.stressed and not upbeat and event.length > held > 0
                    held = held if one.text and not one.stressed else event.length
                    place += event.length
        at += len(section.every)
    said = (
        f"stressed syllables on beats: {met} of {stressed}; weak syllables longer than the stressed one before: "
        f"{long} of {weak}"
    )
    # the first stress of a stanza that begins with a weak syllable, in a song without upbeats, has to come late
    late = sum(not tune.pickup and not verse.plan.sung[0][0].stressed for verses in sections for verse in verses)
    return Unit(name="words", text="", rules=(Evidence(rule="stress", holds=met >= stressed - late, evidence=said),))


def _worded(voice: Voice, words: Sequence[Sequence[Sung]], breath: int | None) -> Voice:
    """Return notes with their syllables; *breath*: the note after which one breathes."""
    notes = [k for k, event in enumerate(voice) if not event.rest]
    out: list[Event] = list(voice)
    for place, k in enumerate(notes):
        own = tuple(Syllable(sung[place].text, sung[place].joined) if place < len(sung) else None for sung in words)
        out[k] = replace(out[k], lyrics=own, marks=("breath",) if place == breath else out[k].marks)
    return tuple(out)
