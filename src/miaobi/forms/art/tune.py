"""Tune 曲调: a melody with chords, every bar exact; or a user's tune gone on with, varied, or filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

from pydantic import Field, field_validator

from miaobi.brief import Brief
from miaobi.craft.melody import mood as moods
from miaobi.craft.melody.page import Setting, score_of, tune_of
from miaobi.craft.melody.plan import SectionPlan, TunePlan, beat, key_for, phrase_of, pickup_for, placed, sections_of
from miaobi.craft.melody.tune import WHOLE, Bar, Tune, full, metre
from miaobi.craft.music import abc
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.reading import Reading
from miaobi.craft.music.score import Instrument, Score, Tempo
from miaobi.craft.music.voice_leading import named
from miaobi.errors import BriefError, show
from miaobi.form import FILLED_IN, Desk, Form, Length
from miaobi.forms.art.composition import (
    FORMATS,
    KEPT,
    MOVED,
    ON_REQUEST,
    Kind,
    MelodyOptions,
    Piece,
    bars_in,
    bars_named,
    bible_of,
    check,
    given_score,
    keep_bars,
    key_of,
    numbers,
    refuse_broken,
    refuse_idle,
    refuse_idle_tempo,
    render,
    stays,
    tell_source,
    title_of,
)
from miaobi.forms.art.melodist import CHECKPOINT, certificate, with_chords, write_tune
from miaobi.types import Language

WIDEST = 12  # semitones that a user's tune may leap at least


class TuneOptions(MelodyOptions):
    """Options of a tune."""

    kind: Kind = Field("", description="of dance: reel, jig, hornpipe, strathspey, slipjig, march, air, waltz, …")
    form: str = Field("AABB", description="sections in the order in which they are played: AABB, AABA, ABAC")
    bars: int = Field(8, ge=2, le=16, description="bars a section; of a tune gone on with, how many are added")
    pickup: Literal["", "none", "eighth", "quarter"] = Field("", description="what stands before the first bar line")
    given: dict[str, str] = Field({}, description='bars of yours in ABC by section and number: {"A1": "G2 AB c2 d2"}')
    task: Literal["new", "continue", "vary", "infill"] = Field(
        "new", description="with --reference score=FILE: go on with it, vary it, or write anew the bars of `rewrite`"
    )
    rewrite: str = Field("", description="bars to be written anew, counted from 1 without pick-ups: 5-8,13")

    kept: dict[str, Any] = Field(default_factory=dict, description=KEPT, json_schema_extra=FILLED_IN)

    @field_validator("rewrite")
    @classmethod
    def _bars(cls, value: str) -> str:
        if value:
            numbers(value)
        return value


# --- the plan -------------------------------------------------------------------------------------------------


def plan_of(brief: Brief, options: TuneOptions, chance: Random) -> TunePlan:
    """Return what the tune is to be; BriefError for what can't be met."""
    mood = moods.moods()[options.mood] if options.mood else moods.mood_of(brief.idea, brief.tone, brief.language)
    chinese = brief.language == "zh" and not options.kind
    key = key_for(options.key, options.mode, mood, chance, chinese)
    drawn = moods.chosen(mood.kinds, chance)
    kind = "" if chinese else options.kind or named_kind(brief.idea) or drawn
    name = options.metre or _METRES.get(kind, "") or moods.chosen(mood.metres, chance)
    player = instrument(options.instrument or ("flute" if not chinese else "dizi"))
    interval, low, high = placed(key, player, key_of(options.low), key_of(options.high))
    pickup = pickup_for(name, options.pickup, chance)
    sections, order = sections_of(options.form, options.bars, name)
    plan = TunePlan(
        name, key, interval, kind, pickup, sections, low, high,
        options.tempo or _tempo(kind, mood.tempo, chance), order, options.leap, options.chromatic,
    )  # fmt: skip
    return replace(plan, sections=_with_given(plan, options.given))


_METRES = {
    "reel": "4/4", "jig": "6/8", "hornpipe": "4/4", "strathspey": "4/4", "slipjig": "9/8", "waltz": "3/4",
    "clog": "4/4", "fling": "4/4", "minuet": "3/4",
}  # fmt: skip
_TEMPI = {"reel": (92, 104), "jig": (104, 118), "slipjig": (104, 116), "hornpipe": (76, 88), "strathspey": (60, 72)}


def named_kind(idea: str) -> str:
    """Return the dance that an idea asks for by name, *a jig for a wedding*, or ""; *air* and *March* may be others."""
    dances = r"\b(slip ?jig|jig|reel|hornpipe|strathspey|waltz|minuet|march(?= (?:for|of|to)\b))\b"
    said = re.search(dances, idea.lower())
    return said[1].replace(" ", "") if said else ""


def _tempo(kind: str, usual: tuple[int, int], chance: Random) -> int:
    """Return beats a minute, in halves of a 4/4 bar for reels and their kin: such tunes are counted in two."""
    low, high = _TEMPI.get(kind, usual)
    return chance.randrange(low, high + 1, 2)


def tempo_of(plan: TunePlan) -> Tempo:
    """Return the tempo with its unit: dotted quarters where beats come in threes, halves of a reel."""
    length = beat(plan.metre) * (2 if plan.kind in ("reel", "hornpipe", "strathspey") else 1)
    return Tempo(Fraction(plan.tempo), Fraction(length, WHOLE))


def _with_given(plan: TunePlan, given: dict[str, str]) -> tuple[SectionPlan, ...]:
    sections = list(plan.sections)
    for place, text in given.items():
        match = re.fullmatch(r"\s*([A-F])\s*(\d{1,2})\s*", place)
        index = "ABCDEF".index(match[1]) if match else 0
        number = int(match[2]) - 1 if match else -1
        if match is None or index >= len(sections) or not 0 <= number < sections[index].bars:
            legal = f"A1 to {'ABCDEF'[len(sections) - 1]}{sections[0].bars}"
            raise BriefError(f"There is no bar {show(place)} in this form.", f"Legal: {legal}.")
        bar = bar_of(text, plan, place, last=number == sections[index].bars - 1)
        sections[index] = replace(sections[index], given={**sections[index].given, number: bar})
    return tuple(sections)


def bar_of(text: str, plan: TunePlan, place: str, last: bool) -> Bar:
    """Return a bar that a user wrote in ABC, in the tune's key and metre, on C. BriefError where it doesn't fill
    one.
    """
    key = plan.key.tonic + {"major": "", "minor": "m"}.get(plan.mode, plan.mode[:3])
    score = abc.read(f"X:1\nT:x\nM:{plan.metre}\nL:1/8\nK:{key}\n{text.strip().strip('|')} |\n").score
    if len(score.bars) != 1:
        raise BriefError(f"Bar {place} is {len(score.bars)} bars: {show(text)}.", "Give one bar for each number.")
    voice = score.parts[0].bars[0][0]
    size, wanted = sum(e.length for e in voice), full(plan.metre) - (plan.pickup if last else 0)
    if size != Fraction(wanted, WHOLE):
        raise BriefError(
            f"Bar {place} lasts {size} of a whole note: {show(text)}.",
            f"In {plan.metre}{', before the pick-up of the repeat,' if last and plan.pickup else ''} it lasts "
            f"{Fraction(wanted, WHOLE)}.",
        )
    whole = replace(score, bars=(replace(score.bars[0], metre=metre(plan.metre), key=plan.key, length=None),))
    read, interval = tune_of(whole)
    notes = read.sections[0].bars[0].notes
    octaves = plan.interval.semitones - interval.semitones
    moved = tuple(replace(n, pitch=_lower(n.pitch, octaves)) if n.pitch else n for n in notes)
    return Bar(moved, early=plan.pickup if last else 0, chords=read.sections[0].bars[0].chords)


def _lower(value: Any, semitones: int) -> Any:
    return replace(value, octave=value.octave - semitones // 12)


# --- a user's tune --------------------------------------------------------------------------------------------


def plan_from(score: Score, options: TuneOptions, chance: Random) -> TunePlan:
    """Return the plan that goes on with, varies or fills in a user's tune."""
    tune, interval = tune_of(score)
    tune = with_chords(tune)
    harmonised = any(bar.chords for bar in score.bars)
    first = score.bars[0]
    every = [n.pitch.midi for s in tune.sections for b in s.every for n in b.notes if n.pitch is not None]
    if not every:
        raise BriefError("The tune has no notes.", "Give a melody in the file's first part.")
    bars = [bar for s in tune.sections for bar in s.bars]
    free = _free(tune, options, len(bars))
    sections, at = [], 0
    for s in tune.sections:
        given = {k: bar for k, bar in enumerate(s.bars) if at + k not in free}
        counts: tuple[tuple[int, int], ...] = ()
        if options.task == "vary":
            counts = tuple((max(1, len(b.notes) - 1), len(b.notes) + 1) for b in s.every)
        rests = {len(s.bars) - 1: (frozenset({0}), beat(tune.metre))} if at + len(s.bars) - 1 in free else {}
        own = {k: s.bars[k].chords for k in range(len(s.bars)) if k not in given} if harmonised else {}
        sections.append(
            SectionPlan(len(s.bars), s.twice, phrase_of(len(s.bars)), counts, rests, given, pickup=s.pickup, chords=own)
        )
        at += len(s.bars)
    if options.task == "continue":
        added, _ = sections_of("A", options.bars, tune.metre)
        sections.append(replace(added[0], twice=False))
    tempo = int(first.tempo.bpm) if first.tempo else options.tempo or 100
    return TunePlan(
        tune.metre, first.key, interval, "", tune.pickup, tuple(sections),
        min(min(every) - 2, 57), max(max(every) + 2, 79), tempo, "", max(options.leap, WIDEST), options.chromatic,
        stale=() if options.task == "continue" else tuple(bars),
    )  # fmt: skip


def _free(tune: Tune, options: TuneOptions, count: int) -> set[int]:
    if options.task == "continue":
        return set()
    if options.task == "infill":
        return bars_named(options.rewrite, count)
    free, at = set(), 0
    for s in tune.sections:  # the first two bars of each four stand, so that it is known again
        free |= {at + k for k in range(len(s.bars)) if k % 4 >= 2}
        at += len(s.bars)
    return free


# --- a tune made again ----------------------------------------------------------------------------------------


def keep(brief: Brief, content: Any, numbers: Sequence[int]) -> dict[str, Any]:
    """Return the options under which these bars, counted from 1 without pick-ups, stay note for note."""
    score: Score = content.score
    if brief.references_of("score") or brief.options.get("kept"):  # what is worked on is a page
        return keep_bars(brief, content, numbers)
    first = score.bars[0]
    given, letter, place = {}, "A", 0
    places: list[tuple[str, int]] = []
    for number, bar in enumerate(score.bars):
        letter, place = (bar.section, 0) if bar.section else (letter, place)
        if not (bar.section and bar.length is not None):  # no pick-up
            place += 1
            places.append((f"{letter}{place}", number))
    for wanted in numbers:
        if not 1 <= wanted <= len(places):
            raise BriefError(f"There is no bar {wanted}.", f"The tune has {len(places)} bars.")
        name, number = places[wanted - 1]
        given[name] = _told(score, number)
    pickup = {None: "none", Fraction(1, 8): "eighth", Fraction(1, 4): "quarter"}[first.length]
    return {
        "given": given,
        "key": first.key.tonic,
        "mode": first.key.mode,
        "metre": first.metre.name,
        "pickup": pickup,
    }


def _told(score: Score, number: int) -> str:
    """Return a bar's notes and chords in ABC, as the option ``given`` takes them."""
    part, own = score.parts[0], score.bars[number].chords
    if not own or own[0].offset:  # the chord before sounds on
        sounding = next((bar.chords[-1] for bar in reversed(score.bars[:number]) if bar.chords), None)
        own = (*([replace(sounding, offset=Fraction(0))] if sounding else []), *own)
    bare = replace(
        score.bars[number],
        repeat_starts=False,
        repeat_ends=0,
        double=False,
        section="",
        tempo=None,
        chords=own,
        length=None,
    )
    alone = Score("", (bare,), (replace(part, bars=(part.bars[number],)),))
    return abc.write(alone).rstrip().splitlines()[-1].strip("|]: ")


# --- the form -------------------------------------------------------------------------------------------------


def draft(desk: Desk) -> Piece:
    """Write the tune."""
    options = desk.options(TuneOptions)
    chance = Random(desk.seed("plan"))
    reading, options = _source(desk.brief, options)
    plan = plan_from(reading.score, options, chance) if reading else plan_of(desk.brief, options, chance)
    tune, removals = write_tune(desk, plan)
    tune = with_chords(tune)
    given = [
        k in p.given
        for p, s in zip(plan.sections, tune.sections, strict=True)
        for k in range(-bool(s.pickup), len(s.bars))
    ]
    player = instrument(options.instrument or ("dizi" if desk.brief.language == "zh" and not options.kind else "flute"))
    part = shown(player, desk.brief.language)
    if reading:
        if not options.instrument:
            player, part = reading.score.parts[0].instrument, _called(reading.score, desk.brief.language)
        tell_source(desk, reading.score)
    title = title_of(desk.brief, reading.score.title if reading else "")
    setting = Setting(title, plan.key, plan.interval, tempo_of(plan), player, part, plan.order)
    notes = [len(b.notes) for s in tune.sections for b in s.every]
    desk.credit("engine", sum(n for n, own in zip(notes, given, strict=True) if not own))
    desk.credit("user", sum(n for n, own in zip(notes, given, strict=True) if own))
    mood = options.mood or moods.mood_of(desk.brief.idea, desk.brief.tone, desk.brief.language).name
    score = score_of(tune, setting)
    if reading:
        score = replace(_with_own_marks(score, reading.score), composer=reading.score.composer)
    return Piece(
        title=title,
        score=score,
        mood=mood,
        certificate=certificate(tune, plan, removals, given),
        language=desk.brief.language,
        notation=options.notation,
    )


def _called(own: Score, language: Language) -> str:
    """Return what a person's part is called on the page: by its name, but for the one that a reader gives to what has
    no instrument.
    """
    name = own.parts[0].name
    return {"en": "Melody", "zh": "旋律"}[language] if name == Instrument().name.capitalize() else name


def _with_own_marks(score: Score, own: Score) -> Score:
    """Return the score with a person's section marks, tempo and, where it has any, chord symbols in all bars of their
    tune.
    """
    harmonised = any(bar.chords for bar in own.bars)
    bars = [
        replace(bar, section=old.section, tempo=old.tempo or bar.tempo, chords=old.chords if harmonised else bar.chords)
        for bar, old in zip(score.bars, own.bars, strict=False)
    ]
    return replace(score, bars=(*bars, *score.bars[len(own.bars) :]))


def _source(brief: Brief, options: TuneOptions) -> tuple[Reading | None, TuneOptions]:
    """Return the tune that is worked on, if any, and what is to be done with it."""
    if not options.kept:
        return given_score(brief), options
    earlier = stays(options.kept)
    free = ",".join(str(n + 1) for n in range(bars_in(earlier.score)) if n not in earlier.bars)
    return Reading(earlier.score), options.model_copy(update={"task": "infill", "rewrite": free})


def admit(brief: Brief) -> None:
    """Refuse what can't be met."""
    reading, options = _source(brief, TuneOptions.model_validate(brief.options))
    if reading is None and options.task != "new":
        raise BriefError(
            f"There is no tune to {options.task}.", "Give one: --reference score=FILE (ABC, MusicXML, MIDI)."
        )
    if reading is not None and options.task == "new":
        raise BriefError("A tune was given, but not what to do with it.", "Say -o task=continue, vary or infill.")
    if not options.kept:
        _refuse_idle(options, reading)
    chance = Random(0)
    if reading:
        refuse_broken(replace(reading.score, parts=reading.score.parts[:1]))
        plan_from(reading.score, options, chance)
    else:
        plan_of(brief, options, chance)


def _refuse_idle(options: TuneOptions, reading: Reading | None) -> None:
    """Refuse options that change nothing beside the others, and an instrument that hasn't the notes."""
    if options.task != "infill":
        refuse_idle(options, ["rewrite"], f"the task is {options.task}", "Say -o task=infill, or leave it out.")
    if reading is None:
        return
    refuse_idle(options, ["key", "mode", "low", "high"], "your tune stands in its own key and range", MOVED)
    refuse_idle(options, ["metre", "pickup", "kind", "form", "given"], "bars are written into your tune as it is")
    refuse_idle_tempo(options, reading.score)
    if options.task != "continue":
        why = f"the task is {options.task}, which adds no bars"
        refuse_idle(options, ["bars"], why, "Say -o task=continue, or leave it out.")
    if options.leap < WIDEST:
        why = f"in a tune of yours leaps of {WIDEST} semitones are let through"
        refuse_idle(options, ["leap"], why, f"Leave it out, or give {WIDEST} to 19.")
    if options.instrument:
        player = instrument(options.instrument)
        keys = [p.midi for _, _, e in reading.score.parts[0].voice() for p in e.pitches]
        if keys and not player.low <= min(keys) <= max(keys) <= player.high:
            raise BriefError(
                f"Your tune goes from {named(min(keys))} to {named(max(keys))}; {player.name} has {named(player.low)} "
                f"to {named(player.high)}.",
                MOVED,
            )


FORM = Form(
    name="tune",
    names={"en": "Tune", "zh": "曲调"},
    summary={
        "en": "A melody with chords: every bar exact, in its key and range, ending on its tonic.",
        "zh": "带和弦的旋律：每小节时值必足，调式、音域、终止皆合。",
    },
    aliases=("melody", "旋律"),
    content=Piece,
    options=TuneOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"en": CHECKPOINT, "zh": CHECKPOINT},
    draft=draft,
    check=check,
    admit=admit,
    keep=keep,
    render=render,
    bible=bible_of,
    heeds=("tone",),
    references=("score",),
    formats=FORMATS,
    on_request=ON_REQUEST,
    example=Brief(form="tune", idea="Rain on the harbour", seed=7),
    more_examples=(Brief(form="tune", idea="江上归帆", language="zh", seed=7),),
)
