"""The melodist: writes the phrases that a plan asks for, every bar held by ``decoding.melody``, the better of
several kept.

A phrase's candidates come from the melody net, which is told the tune so far, and, where bars behind it are given,
those first. They are ranked by how likely the net finds them and by what a listener hears: a line that moves, leaps
that are answered, a peak of its own. A beam of beginnings goes on (``decoding.search``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from miaobi.certificate import Certificate, Evidence, Unit, cost
from miaobi.craft.melody.harmoniser import harmonise
from miaobi.craft.melody.plan import SectionPlan, TunePlan, least_rest
from miaobi.craft.melody.tune import (
    Bar,
    Note,
    Section,
    Tune,
    bar_events,
    copied_from,
    full,
    header,
    opening,
    pitch_name,
    read_bar,
)
from miaobi.craft.music.chord import spell
from miaobi.craft.music.score import Key, Pitch
from miaobi.decoding.melody import BarPlan, MelodyBars
from miaobi.decoding.search import search
from miaobi.errors import DeadEndError, DraftError, UnsupportedError
from miaobi.form import Desk
from miaobi.types import Candidate, Constraint, Prompt, Removal, Sampling

CHECKPOINT = "miaobi-folk"  # ours, shipped with the package
CANDIDATES, WIDTH, ATTEMPTS = 4, 2, 2
SAMPLING = Sampling(temperature=0.97, min_p=0.01)
BOLDER = Sampling(temperature=1.5, min_p=0.01)  # where the net knows only bars that stand there already
LIKELY = 0.5  # nats a note, beside what is heard
TONES = 0.8  # of a melody that moves as the tones of its words do
AGAIN = 1.5  # lost by a phrase of nothing but bars that were there before
STALE = 4.0  # lost by one whose new bars all stand in the tune that they are written for, or were just written
_ENOUGH = 0.5  # share of such bars that is welcome
_DEGREES = 7  # of a scale that lets other notes in; a pentatonic mode is one by its five
PEAK = 0.4  # of a phrase that brings the highest note, where a tune has it: past the middle
_PEAKS = (0.45, 0.85)  # share of the way
_ROOM = 36  # events a bar at most
_FURTHEST = 27  # bars before the end of a section that the net has names for; those further off are told as this


@dataclass(frozen=True)
class Phrase:
    """Some bars of one section. ``first``: number of its first bar in the section; ``bars``: how many."""

    section: int
    first: int
    bars: int


@dataclass(frozen=True)
class Written:
    """A phrase as written: its events, and what each rule took from the net."""

    names: tuple[str, ...]
    removals: tuple[Removal, ...] = ()


def write_tune(desk: Desk, plan: TunePlan, key: str = "melody") -> tuple[Tune, list[list[Removal]]]:
    """Write the melody of *plan*; return it with what each rule removed, a list a bar, pick-ups among them."""
    if not desk.engine.steerable:
        raise UnsupportedError(
            f"Music is held to its rules event by event, and {desk.engine.checkpoint.name} doesn't show its logits.",
            "Leave out --engine to use miaobi's own melody net, or take a checkpoint that runs here.",
        )
    plain: list[dict[str, Any]] = desk.step(key, lambda: _Pen(desk, plan, key).write())
    units = [Written(tuple(u["names"]), tuple(Removal(**r) for r in u["removals"])) for u in plain]
    pen = _Pen(desk, plan, key)
    return pen.tune(units), pen.removals(units)


class _Pen:
    """One melody while it is written."""

    def __init__(self, desk: Desk, plan: TunePlan, key: str) -> None:
        self.desk, self.plan, self.key = desk, plan, key
        self.full = full(plan.metre)
        self.outline = plan.outline()
        self.phrases = [
            Phrase(s, first, min(section.phrase, section.bars - first))
            for s, section in enumerate(plan.sections)
            for first in range(0, section.bars, section.phrase)
        ]

    def write(self) -> list[dict[str, Any]]:
        """Return the best melody found, as plain values."""
        found = search(len(self.phrases), self.extend, width=WIDTH, attempts=ATTEMPTS, enough=-math.inf)
        if not found.complete:
            raise DraftError(
                f"No melody was found in {found.attempts} attempts that meets every demand.",
                "Ask for less: fewer given bars, a wider range, other numbers of notes; or another --seed.",
            )
        return [{"names": list(u.names), "removals": [asdict(r) for r in u.removals]} for u in found.units]

    def extend(self, units: tuple[Written, ...], attempt: int) -> list[tuple[Written, float]]:
        """Return candidates for the next phrase with their worth; none where the rules leave none."""
        phrase = self.phrases[len(units)]
        self.desk.say("melody", len(units) / len(self.phrases))
        so_far = self.tune(units)
        line = self.line(phrase, so_far)
        room = _ROOM * (phrase.bars + 1)
        prompt = Prompt(prefix=" ".join(self.told(phrase, units, room)) + " ")
        name = f"{self.key}:{attempt}:{len(units)}:{self.desk.seed(*(n for u in units for n in u.names))}"
        written = candidates(self.desk, name, prompt, line, room, CANDIDATES, SAMPLING)
        told = [bar.notes for s in so_far.sections for bar in s.bars]
        units_written = (Written(tuple(c.text.split())) for c in written if c.finish == "constraint")
        if self.plan.stale and all(self._stale(self.bars_of(phrase, unit), phrase, told) for unit in units_written):
            written += candidates(self.desk, f"{name}:anew", prompt, line, room, CANDIDATES, BOLDER)
        out: dict[tuple[str, ...], tuple[Written, float]] = {}
        for candidate in written:
            names = tuple(candidate.text.split())
            if candidate.finish == "constraint" and names not in out:
                unit = Written(names, candidate.removals)
                out[names] = unit, self.worth(candidate.logprobs, units, unit, phrase)
        return list(out.values())

    def worth(self, logprobs: Sequence[float], units: tuple[Written, ...], unit: Written, phrase: Phrase) -> float:
        """Return what a phrase is worth."""
        written, so_far = self.bars_of(phrase, unit), self.tune(units)
        notes = [n for bar in written for n in bar.notes]
        likelihood = sum(logprobs) / max(1, len(notes))
        before = [n.pitch.midi for s in so_far.sections[-1:] for b in s.bars for n in b.notes if n.pitch is not None]
        heights = self._heights(phrase)
        tones = TONES * contour(notes, heights) if any(heights) else 0.0
        told = [bar.notes for s in so_far.sections for bar in s.bars]
        again = sum(bar.notes in told for bar in written) / len(written) if len(told) >= len(written) else 0.0
        every = [n.pitch.midi for s in so_far.sections for b in s.every for n in b.notes if n.pitch is not None]
        peak = self._peak(notes, every, len(units) / len(self.phrases))
        worth = LIKELY * likelihood + heard(notes, before) + tones + peak - AGAIN * max(0.0, again - _ENOUGH)
        return worth - STALE * self._stale(written, phrase, told)

    def _stale(self, written: Sequence[Bar], phrase: Phrase, told: Sequence[tuple[Note, ...]]) -> float:
        """Return the share of the bars written anew for a person's tune that it has already, or that are here twice."""
        given, whole = self.plan.sections[phrase.section].given, written[-phrase.bars :]
        new = [k for k in range(phrase.bars) if phrase.first + k not in given]
        if not self.plan.stale or not new:
            return 0.0
        known = {_sound(notes) for notes in (*(bar.notes for bar in self.plan.stale), *told)}
        found = 0
        for k in new:
            found += _sound(whole[k].notes) in known
            known.add(_sound(whole[k].notes))
        return found / len(new)

    def _peak(self, notes: Sequence[Note], before: Sequence[int], way: float) -> float:
        """Return what a phrase is worth for the height that it reaches, *way* through the tune."""
        top = max((n.pitch.midi for n in notes if n.pitch is not None), default=0)
        if not before:
            return -PEAK / 4 * max(0, top - (self.plan.high - 5))
        rises = top > max(before)
        return PEAK * rises if _PEAKS[0] <= way <= _PEAKS[1] else -PEAK / 2 * rises

    def _heights(self, phrase: Phrase) -> list[float]:
        section = self.plan.sections[phrase.section]
        first = phrase.first + (bool(self.plan.pickup) if phrase.first else 0)
        end = phrase.first + phrase.bars + bool(self.plan.pickup)
        return [h for bar in section.heights[first:end] for h in bar]

    # --- what the net is told, and what it is held to -------------------------------------------------------

    def told(self, phrase: Phrase, units: Sequence[Written], room: int) -> list[str]:
        """Return the events before the phrase: the header, what is given behind it, the tune so far.

        Of what doesn't fit in the net's context beside *room* for the phrase the oldest bars are left out.
        """
        names = [n for n in header(self.outline) if self.desk.engine.count(n + " ") == 1]
        behind = self.behind(phrase)
        if behind:
            names += ["after", *behind, "go"]
        so_far = [n for u in units for n in u.names]
        left = (self.desk.engine.checkpoint.context or 512) - room - len(names) - 2
        return [*names, *(latest(so_far, left) if len(so_far) > left else so_far)]

    def behind(self, phrase: Phrase) -> list[str]:
        """Return the events of the given bars that follow the phrase without a gap."""
        names: list[str] = []
        for other in self.phrases[self.phrases.index(phrase) + 1 :]:
            section = self.plan.sections[other.section]
            for k in range(other.first, other.first + other.bars):
                if k not in section.given:
                    return names
                if k == 0 or not names:
                    names += opening(self.outline, other.section)
                if k == 0 and section.pickup:
                    names += bar_events(self.told_as(section.pickup), self.full, -1)
                names += bar_events(self.told_as(section.given[k]), self.full, min(section.bars - 1 - k, _FURTHEST))
        return names

    def line(self, phrase: Phrase, so_far: Tune) -> MelodyBars:
        """Return the constraint of a phrase."""
        plan = self.plan
        section = plan.sections[phrase.section]
        before = [self.told_as(bar) for s in so_far.sections for bar in s.bars]
        sung = [n.pitch.midi for s in so_far.sections for b in s.every for n in b.notes if n.pitch is not None]
        last = before[-1].notes[-1] if before else None
        plans: list[BarPlan] = []
        for k in range(phrase.first, phrase.first + phrase.bars):
            opens = tuple(opening(self.outline, phrase.section)) if k == 0 else ()
            if k == 0 and (plan.pickup or section.pickup):
                plans.append(self._upbeat(section, opens))
                opens = ()
            plans.append(self._bar(section, k, opens, before))
        following = phrase.first + phrase.bars
        copied = section.copies.get(following, len(before))
        given = section.given.get(following)
        behind = self.told_as(given) if given else (before[copied] if copied < len(before) else None)
        heard_behind = [n.pitch.midi for n in behind.notes if n.pitch is not None] if behind else []
        return MelodyBars(
            plan.metre,
            plan.mode,
            tuple(plans),
            before=tuple(before),
            last=sung[-1] if sung else None,
            tied=last.pitch if last is not None and last.tied else None,
            behind=heard_behind[0] if heard_behind else None,
            low=plan.low,
            high=plan.high,
            leap=plan.leap,
            scale=plan.scale,
            chromatic=plan.chromatic and len(plan.scale) == _DEGREES,
            sung=plan.sung,
        )

    def _upbeat(self, section: SectionPlan, opens: tuple[str, ...]) -> BarPlan:
        late = self.full - self.plan.pickup
        counts = section.counts[0] if section.counts else (1, 4)
        if section.pickup is not None:
            return BarPlan(-1, section.pickup.late, 0, opens, same=self.told_as(section.pickup))
        return BarPlan(-1, late, 0, opens, counts, shortest=self.plan.shortest_in(section, -1))

    def _bar(self, section: SectionPlan, k: int, opens: tuple[str, ...], before: Sequence[Bar]) -> BarPlan:
        left, last = min(section.bars - 1 - k, _FURTHEST), k == section.bars - 1
        counts = section.counts[k + bool(self.plan.pickup)] if section.counts else (1, 16)
        if k in section.given:
            bar = self.told_as(section.given[k])
            return BarPlan(left, 0, bar.early, opens, same=bar, chords=bar.chords or None)
        if k in section.copies and section.copies[k] < len(before):
            bar = before[section.copies[k]]
            return BarPlan(left, 0, bar.early, opens, same=bar, chords=bar.chords)
        ends, least = section.rests.get(k, (frozenset[int](), 0))
        early = self.plan.pickup if last else 0
        filling = self.plan.filling_in(section, k)
        return BarPlan(
            left,
            0,
            early,
            opens,
            counts,
            ends=ends,
            least=min(least, least_rest(self.plan.metre, early)),
            onsets=section.onsets.get(k, ()),
            chords=section.chords.get(k) or None,
            new=bool(self.plan.stale),
            shortest=filling.shortest,
            weak=filling.weak,
        )

    def told_as(self, bar: Bar) -> Bar:
        """Return a given bar as the net is told of it: a note that it has no event for as the nearest that it has,
        notes between places that it doesn't know as one with the note that follows.
        """
        notes: list[Note] = []
        left, waiting = self.full - bar.late, 0
        for note in bar.notes:
            left, waiting = left - note.ticks, waiting + note.ticks
            if left == bar.early or self._has(f"t{left}"):
                notes.append(Note(self._nearest(note.pitch), waiting, note.tied))
                waiting = 0
        if not self._has(f"n{len(notes)}"):
            notes = [Note(notes[-1].pitch, sum(n.ticks for n in notes), notes[-1].tied)]
        return Bar(tuple(notes), bar.late, bar.early, bar.chords)

    def _has(self, name: str) -> bool:
        return self.desk.engine.count(name + " ") == 1

    def _nearest(self, value: Pitch | None) -> Pitch | None:
        if value is None or self._has(pitch_name(value)):
            return value
        key = Key("C", self.plan.mode)
        return min(
            (found for midi in range(128) if self._has(pitch_name(found := spell(midi, key)))),
            key=lambda found: abs(found.midi - value.midi),
        )

    # --- from events to bars --------------------------------------------------------------------------------

    def bars_of(self, phrase: Phrase, unit: Written) -> list[Bar]:
        """Return the bars of a phrase, a pick-up first."""
        section = self.plan.sections[phrase.section]
        found = []
        for part in _bars(unit.names):
            late = self.full - self.plan.pickup if part[0] == "up" else 0
            if part[0] == "up" and section.pickup is not None:
                late = section.pickup.late
            found.append(read_bar([n for n in part[1:] if n[0] not in "=n"], self.full, late))
        return found

    def tune(self, units: Sequence[Written]) -> Tune:
        """Return the tune so far; given bars are those that were given, whatever the net was told in their place."""
        sections: list[Section] = []
        for phrase, unit in zip(self.phrases, units, strict=False):
            plan = self.plan.sections[phrase.section]
            bars = self.bars_of(phrase, unit)
            upbeat = bars.pop(0) if len(bars) > phrase.bars else None
            bars = [plan.given.get(phrase.first + i, bar) for i, bar in enumerate(bars)]
            if phrase.first:
                old = sections[-1]
                sections[-1] = Section((*old.bars, *bars), old.pickup, old.twice)
            else:
                sections.append(Section(tuple(bars), plan.pickup or upbeat, plan.twice))
        return Tune(self.plan.metre, self.plan.mode, tuple(sections), self.plan.kind, self.plan.pickup)

    def removals(self, units: Sequence[Written]) -> list[list[Removal]]:
        """Return what was removed in each bar, pick-ups among them, places counted from the bar's first event."""
        found: list[list[Removal]] = []
        for unit in units:
            starts = [i for i, name in enumerate(unit.names) if name == "up" or name.startswith("|")]
            ends = [*starts[1:], len(unit.names)]
            found += [[r for r in unit.removals if a <= r.at < b] for a, b in zip(starts, ends, strict=True)]
        return found


def _sound(notes: Sequence[Note]) -> tuple[tuple[Pitch | None, int], ...]:
    return tuple((n.pitch, n.ticks) for n in notes)


def latest(names: Sequence[str], count: int) -> list[str]:
    """Return the last whole bars of *names*, *count* events at most."""
    starts = [i for i, name in enumerate(names) if name == "up" or name.startswith("|")]
    return list(names[next((i for i in starts if len(names) - i <= count), len(names)) :])


def candidates(
    desk: Desk, key: str, prompt: Prompt, constraint: Constraint, room: int, n: int, sampling: Sampling
) -> list[Candidate]:
    """Return up to *n* candidates; where one of them runs into a dead end, those that don't."""
    try:
        return desk.write(key, prompt, n=n, max_tokens=room, constraint=constraint, sampling=sampling)
    except DeadEndError:
        found: list[Candidate] = []
        for k in range(2 * n):
            with suppress(DeadEndError):
                found += desk.write(f"{key}:{k}", prompt, max_tokens=room, constraint=constraint, sampling=sampling)
            if len(found) == n:
                break
        return found


def _bars(names: Sequence[str]) -> list[list[str]]:
    starts = [i for i, name in enumerate(names) if name == "up" or name.startswith("|")]
    parts = [list(names[a:b]) for a, b in zip(starts, [*starts[1:], len(names)], strict=True)]
    return [[n for n in part if not n.startswith("part") and n not in ("twice", "once")] for part in parts]


def heard(notes: Sequence[Note], before: Sequence[int] = ()) -> float:
    """Return what a listener finds in a phrase, in nats a note beside its likelihood.

    A line that stands still or hammers on one note loses, so does one without a peak of its own, a leap that isn't
    answered by a step back, and a peak at the pitch of the section's last peak.
    """
    sung = [n.pitch.midi for n in notes if n.pitch is not None]
    if len(sung) < 4:
        return 0.0
    steps = [b - a for a, b in pairwise(sung)]
    still = sum(step == 0 for step in steps) / len(steps)
    leaps = [i for i, step in enumerate(steps[:-1]) if abs(step) >= 7]
    unanswered = sum(not 0 < -steps[i + 1] * (1 if steps[i] > 0 else -1) <= 5 for i in leaps)
    compass = max(sung) - min(sung)
    worth = -1.2 * max(0.0, still - 0.2) - 0.15 * unanswered - 0.06 * max(0, 7 - compass)
    worth -= 0.10 if sung.count(max(sung)) > 2 else 0.0
    return worth - (0.05 if before and max(before) == max(sung) else 0.0)


def contour(notes: Sequence[Note], heights: Sequence[float]) -> float:
    """Return how far the melody moves as the tones of its syllables do, 0–1: the share of steps that don't go
    against them.

    After Wong and Diehl, How can the lyrics of a song in a tone language be understood? (Psychology of Music 30, 2002).
    """
    sung = [n.pitch.midi for n in notes if n.pitch is not None]
    told = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(zip(sung, heights, strict=False)) if a[1] and b[1] != a[1]]
    return sum(up * rise >= 0 for up, rise in told) / len(told) if told else 1.0


# --- the account ----------------------------------------------------------------------------------------------


def with_chords(tune: Tune) -> Tune:
    """Return the tune with chords of ours in the bars that have none."""
    sections = []
    for section in tune.sections:
        found = harmonise(section.bars, tune.metre, tune.mode)
        bars = tuple(
            b if b.chords else Bar(b.notes, b.late, b.early, c) for b, c in zip(section.bars, found, strict=True)
        )
        sections.append(Section(bars, section.pickup, section.twice))
    return Tune(tune.metre, tune.mode, tuple(sections), tune.kind, tune.pickup)


def certificate(
    tune: Tune, plan: TunePlan, removals: Sequence[Sequence[Removal]], given: Sequence[bool]
) -> Certificate:
    """Return the account of a tune, a unit a bar."""
    units: list[Unit] = []
    at, told = 0, [bar for s in tune.sections for bar in s.bars]
    number = 0
    for s, section in enumerate(tune.sections):
        for k, bar in enumerate(section.every):
            upbeat = bar is section.pickup
            name = f"{'ABCDEF'[s]} pick-up" if upbeat else f"{'ABCDEF'[s]} bar {k + 1 - bool(section.pickup)}"
            lost = removals[at] if at < len(removals) else []
            paid = cost(lost, max(1, 2 * len(bar.notes)))
            back = 0 if upbeat else copied_from(told, number)
            rules = _evidence(bar, plan, bar is section.bars[-1], back, given[at] if at < len(given) else False)
            units.append(
                Unit(
                    name=name,
                    text=" ".join(plan.interval.moved(n.pitch).name if n.pitch else "rest" for n in bar.notes),
                    rules=tuple(_paid(e, paid) for e in rules),
                )
            )
            at += 1
            number += not upbeat
    return Certificate(units=tuple(units))


def _paid(evidence: Evidence, paid: dict[str, tuple[float, str]]) -> Evidence:
    removed, instead = paid.get(evidence.rule, (0.0, ""))
    return evidence.model_copy(update={"removed": round(removed, 4), "instead": instead})


def _counted(count: int, unit: str, parts: int = 1) -> str:
    """Return "1 note", "3 notes", or "3/2 quarters" of 36 *parts* of 24."""
    share = Fraction(count, parts)
    return f"{share} {unit}{'' if share == 1 else 's'}"


def _evidence(bar: Bar, plan: TunePlan, ends: bool, back: int, given: bool) -> list[Evidence]:
    size, wanted = sum(n.ticks for n in bar.notes), full(plan.metre) - bar.late - bar.early
    sung = [n.pitch.midi for n in bar.notes if n.pitch is not None]
    notes = [n.pitch for n in bar.notes if n.pitch is not None]
    outside = [plan.interval.moved(pitch).name for pitch in notes if pitch.midi % 12 not in plan.scale]
    steps = [abs(b - a) for a, b in pairwise(sung)]
    inside = all(plan.low <= m <= plan.high for m in sung)
    found = [
        Evidence(
            rule="beats",
            holds=size == wanted,
            evidence=f"{_counted(len(bar.notes), 'note')}, {Fraction(size, 24)} of {_counted(wanted, 'quarter', 24)}",
        ),
        Evidence(rule="range", holds=inside or given, evidence="inside" if inside else "as given"),
        Evidence(
            rule="leap",
            holds=max(steps, default=0) <= plan.leap or given,
            evidence=f"{max(steps, default=0)} semitones",
        ),
        Evidence(rule="scale", holds=True, evidence=f"chromatic: {' '.join(outside)}" if outside else "in the scale"),
    ]
    if ends:
        last = bar.notes[-1]
        tonic = last.pitch is not None and last.pitch.midi % 12 == 0
        found.append(
            Evidence(
                rule="cadence",
                holds=tonic or given,
                evidence=f"{'tonic' if tonic else 'open'}, {_counted(last.ticks, 'quarter', 24)}",
            )
        )
    if back:
        found.append(Evidence(rule="form", holds=True, evidence=f"as {_counted(back, 'bar')} before"))
    if given:
        found.append(Evidence(rule="given", holds=True, evidence="stands as it was given"))
    return found
