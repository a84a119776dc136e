"""Bars of a song's melody written anew, under the same words and on the same chords."""

from __future__ import annotations

from dataclasses import replace

from miaobi.certificate import Certificate
from miaobi.craft.melody.page import tune_of, voice_of
from miaobi.craft.melody.plan import SectionPlan, TunePlan, beat, phrase_of
from miaobi.craft.melody.singing import slot
from miaobi.craft.melody.tune import Bar, Section, Tune, full
from miaobi.craft.music.score import Event, Score, Voice
from miaobi.errors import BriefError
from miaobi.form import Desk
from miaobi.forms.art.composition import MelodyOptions
from miaobi.forms.art.melodist import certificate, with_chords, write_tune

LEAP = 9  # semitones that are sung at most


def sung_anew(desk: Desk, given: Score, free: set[int], options: MelodyOptions) -> tuple[Score, Certificate, int]:
    """Return a song with another melody in the bars *free* (from 0, pick-ups aside), its account, and how many notes
    are new.

    Each of these bars has as many notes as it had, notes where a beat had one, and the same words on them.
    """
    tune, interval = tune_of(given)
    sections, at = [], 0
    for section in with_chords(tune).sections:
        new = {k for k in range(len(section.bars)) if at + k in free}
        silent = next((k for k in sorted(new) if not _sung(section.bars[k])), None)
        if silent is not None:
            raise BriefError(f"Bar {at + silent + 1} has no note that is sung.", "Leave it out of `rewrite`.")
        sections.append(_anew(section, new, tune.metre))
        at += len(section.bars)
    part, first = given.parts[0], given.bars[0]
    heights = [n.pitch.midi for s in tune.sections for b in s.every for n in b.notes if n.pitch is not None]
    least, most = part.instrument.low - interval.semitones, part.instrument.high - interval.semitones
    low, high = min(heights), max(heights)
    plan = TunePlan(
        tune.metre, first.key, interval, "", tune.pickup, tuple(sections),
        min(low, max(low - 2, least)), max(high, min(high + 2, most)),
        int(first.tempo.bpm) if first.tempo else 100, leap=min(options.leap, LEAP), chromatic=options.chromatic,
        sung=True, stale=tuple(b for s in tune.sections for b in s.bars),
    )  # fmt: skip
    made, removals = write_tune(desk, plan)
    made = with_chords(made)
    stands = [
        k in s.given for s, t in zip(plan.sections, made.sections, strict=True) for k in range(-bool(t.pickup), s.bars)
    ]
    every = [bar for s in made.sections for bar in s.every]
    rows = [
        row if there or k < 0 else (_same_words(voice_of(bar.notes, interval), row[0]),)
        for row, bar, there, k in zip(part.bars, every, stands, _places(made), strict=True)
    ]
    score = replace(given, parts=(replace(part, bars=tuple(rows)), *given.parts[1:]))
    count = sum(len(bar.notes) for bar, there in zip(every, stands, strict=True) if not there)
    return score, certificate(made, plan, removals, stands), count


def _places(tune: Tune) -> list[int]:
    """Return the number of each bar in its section, −1 for a pick-up."""
    return [k for s in tune.sections for k in range(-bool(s.pickup), len(s.bars))]


def _sung(bar: Bar) -> int:
    return sum(note.pitch is not None for note in bar.notes)


def _anew(section: Section, new: set[int], metre: str) -> SectionPlan:
    onsets = {}
    for k in new:
        bar, left, number, held = section.bars[k], full(metre), 0, []
        for note in bar.notes:
            if note.pitch is not None:
                held += [(number, left)] if number and left % slot(metre) == 0 else []
                number += 1
            left -= note.ticks
        onsets[k] = tuple(held)
    last = len(section.bars) - 1
    end = section.bars[last].notes[-1].ticks
    return SectionPlan(
        len(section.bars),
        section.twice,
        phrase_of(len(section.bars)),
        counts=tuple((_sung(bar), _sung(bar)) for bar in section.every),
        rests={last: (frozenset({0}), min(beat(metre), end))} if last in new else {},
        given={k: bar for k, bar in enumerate(section.bars) if k not in new},
        onsets=onsets,
        pickup=section.pickup,
        chords={k: section.bars[k].chords for k in new},
    )


def _same_words(voice: Voice, before: Voice) -> Voice:
    """Return new notes with the words of those that stood there; a syllable that was held is held."""
    old = iter([event for event in before if not event.rest])
    found: list[Event] = []
    for event in voice:
        one = event if event.rest else next(old)
        marks = ("breath",) if "breath" in one.marks else event.marks
        found.append(event if event.rest else replace(event, lyrics=one.lyrics, marks=marks))
    return tuple(found)
