"""Chorale 众赞歌: four voices that keep the hard rules, for a new melody or a given one, any voice or bar locked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, Literal

from pydantic import Field, field_validator

from miaobi.brief import Brief
from miaobi.certificate import Certificate, Evidence, Unit, cost
from miaobi.craft.chorale.page import cells_of, score_of
from miaobi.craft.chorale.rule import RANGES, RULES, broken
from miaobi.craft.chorale.setting import VOICES, Beat, Cell, Setting, beat_opening, header, known, read_beats
from miaobi.craft.melody import mood as moods
from miaobi.craft.melody.page import net_mode
from miaobi.craft.melody.plan import key_for
from miaobi.craft.music import shape
from miaobi.craft.music.instrument import shown
from miaobi.craft.music.interval import Interval, from_root
from miaobi.craft.music.score import Key, Metre, Score, Tempo
from miaobi.decoding.chorale import BeatPlan, ChoraleBeats
from miaobi.decoding.search import search
from miaobi.errors import BriefError, DraftError, UnsupportedError, show
from miaobi.form import FILLED_IN, Desk, Form, Length, Part
from miaobi.forms.art.composition import (
    FORMATS,
    KEPT,
    MOVED,
    ON_REQUEST,
    MusicOptions,
    Piece,
    bible_of,
    check,
    given_score,
    held,
    numbers,
    refuse_idle,
    refuse_idle_tempo,
    render,
    stays,
    tell_source,
    title_of,
)
from miaobi.forms.art.melodist import candidates
from miaobi.types import Prompt, Removal, Sampling

CHECKPOINT = "miaobi-chorale"  # ours, shipped with the package
CANDIDATES, WIDTH, ATTEMPTS = 3, 2, 3
SAMPLING = Sampling(temperature=0.9, min_p=0.02)
_BEATS = 4  # of a whole note
_LONG = 24  # beats of a phrase: the net's context holds no more of one
_BACK, _AHEAD = 32, 24  # beats that the net is told of
_ROOM = 26  # events a beat at most


class ChoraleOptions(MusicOptions):
    """Options of a chorale."""

    metre: Literal["4/4", "3/4"] = Field("4/4", description="4/4 or 3/4")
    phrases: int = Field(4, ge=1, le=8, description="phrases, each of eight beats (six in 3/4) to a fermata")
    keep: str = Field("S", description="with --reference score=FILE: the voices that stand as given, as in S, SB, SATB")
    rewrite: str = Field("", description="bars to be written anew in the voices that are kept, counted from 1: 3-4")

    kept: dict[str, Any] = Field(default_factory=dict, description=KEPT, json_schema_extra=FILLED_IN)

    @field_validator("keep")
    @classmethod
    def _voices(cls, value: str) -> str:
        voices = value.strip().upper()
        if not voices or not set(voices) <= set("SATB"):
            raise ValueError("letters of S, A, T and B")
        return voices

    @field_validator("rewrite")
    @classmethod
    def _bars(cls, value: str) -> str:
        if value:
            numbers(value)
        return value


@dataclass(frozen=True)
class ChoralePlan:
    """A chorale to be: its frame as a setting whose beats hold what is given, and where it sounds. ``silent``: the
    places of the beats after the last note, on which all voices rest."""

    frame: Setting
    key: Key
    interval: Interval
    tempo: int
    silent: tuple[int, ...] = ()

    @property
    def ends(self) -> list[int]:
        """The beats that end phrases."""
        return [last for _, last in self.frame.phrases]


def plan_of(brief: Brief, options: ChoraleOptions, chance: Random) -> ChoralePlan:
    """Return the plan of a new chorale, or of one for what was given; BriefError for what can't be met."""
    mood = moods.moods()[options.mood] if options.mood else moods.mood_of(brief.idea, brief.tone, brief.language)
    reading = given_score(brief)
    tempo = options.tempo or chance.randrange(68, 85, 2)
    if options.kept:
        earlier = stays(options.kept)
        voices = earlier.voices + (options.keep if reading is not None else "")
        return _given_plan(earlier.score, lambda voice, bar: voice in voices or max(bar - 1, 0) in earlier.bars, tempo)
    if reading is not None:
        voices = "S" if len(reading.score.parts) == 1 else options.keep
        anew = set(numbers(options.rewrite)) if options.rewrite else set()
        _refuse_absent(reading.score, anew)
        return _given_plan(reading.score, lambda voice, bar: voice in voices and bar not in anew, tempo)
    key = key_for(options.key, options.mode, mood, chance, chinese=False)
    if net_mode(key.mode) != key.mode and key.mode != "phrygian":
        raise BriefError(
            f"A chorale in {key.mode} can't be written.", "Legal: major, minor, dorian, mixolydian, phrygian."
        )
    beats_a_bar = int(options.metre[0])
    length = 8 if beats_a_bar == 4 else 6
    beats = tuple(
        Beat((beats_a_bar - 1 + k) % beats_a_bar + 1, {}, k % length == length - 1)
        for k in range(length * options.phrases)
    )
    interval = from_root(key.tonic)
    return ChoralePlan(Setting(options.metre, key.mode, interval.semitones, beats), key, interval, tempo)


def _refuse_absent(score: Score, wanted: set[int]) -> None:
    last = len(score.bars) - bool(score.pickup)
    if wanted and not wanted & set(range(not score.pickup, last + 1)):
        said = ",".join(map(str, sorted(wanted)))
        raise BriefError(f"There are no bars {show(said)} in the score.", f"It has {last}.")


def _given_plan(score: Score, stands: Callable[[str, int], bool], tempo: int) -> ChoralePlan:
    """Return the plan in which those voices of those bars (from 1, 0 the pick-up) are as the score has them."""
    first = score.bars[0]
    if first.metre.name not in ("4/4", "3/4") or any(b.metre != first.metre or b.key != first.key for b in score.bars):
        raise BriefError(f"The score is in {first.metre.name}, or changes.", "A chorale is in 4/4 or 3/4 and one key.")
    interval = from_root(first.key.tonic)
    if len(score.parts) not in (1, len(VOICES)):
        raise BriefError(f"The score has {len(score.parts)} parts.", "Give a melody, or soprano, alto, tenor and bass.")
    lines = {v: cells_of(score, k, interval) for k, v in enumerate("SATB"[: len(score.parts)])}
    cells, places, fermatas = lines["S"]
    count = 1 + max((i for own, _, _ in lines.values() for i in _sounding(own)), default=-1)
    if not count:
        raise BriefError("The score has no notes.", "Give a melody in the file's first part.")
    places, silent = places[:count], tuple(places[count:])
    ends = fermatas | {count - 1} or {count - 1}
    if len(ends) == 1:
        ends = _phrase_ends(score, count)
    heard = set(_sounding(cells))
    ends = {max((k for k in heard if k <= end), default=end) for end in ends}  # a phrase closes on its last note
    bar = int(places[0] == 1)
    bars: list[int] = []
    for place in places:
        bar += place == 1 and bool(bars)
        bars.append(bar)
    there = {v: [stands(v, bar) for bar in bars] for v in lines}
    for voice, (own, _, _) in lines.items():
        for i in range(count - 1, 0, -1):  # what is held into a beat that stands stands from where it began
            there[voice][i - 1] |= there[voice][i] and own[i].figure[0] == "-"
    beats = tuple(
        Beat(places[i], {v: own[0][i] for v, own in lines.items() if there[v][i]}, i in ends) for i in range(count)
    )
    shift = interval.semitones
    for i, beat in enumerate(beats):
        for voice, cell in beat.cells.items():
            low, high = RANGES[voice]
            wrong = next((p for p in cell.pitches if not low <= p.midi + shift <= high), None)
            if wrong is not None:
                raise BriefError(
                    f"{interval.moved(wrong).name} (beat {i + 1}) is out of the range of {_VOICE[voice]}.",
                    "Move the melody by an octave, or to another key.",
                )
    last = next((p for beat in reversed(beats) for p in reversed(beat.cells.get("S", Cell()).pitches)), None)
    if last is not None and beats[-1].cells.get("S") and last.midi % 12 not in (0, 3, 4, 7):
        raise BriefError("The melody doesn't end on a note of the tonic chord.", "End it on the first, third or fifth.")
    mode = first.key.mode if first.key.mode == "phrygian" else net_mode(first.key.mode)
    told = int(first.tempo.bpm) if first.tempo else tempo
    return ChoralePlan(Setting(first.metre.name, mode, shift, beats), first.key, interval, told, silent)


def _phrase_ends(score: Score, count: int) -> set[int]:
    """Return the beats on which the phrases of a melody without fermatas end, of *count* beats: where its own rests and
    long notes part them, those longer than ``_LONG`` beats in two; without any every two bars.
    """
    bar, closing = score.bars[0].metre.beats, count - 1
    at = [int(phrase.end * _BEATS) - 1 for phrase in shape.phrases(score)]
    ends = {min(end, closing) for end in at if bar <= end < closing - 1} | {closing}
    if len(ends) == 1:
        ends = set(range(2 * bar - 1, count - 4, 2 * bar)) | {closing}
    while wide := next(((a, b) for a, b in pairwise([-1, *sorted(ends)]) if b - a > _LONG), None):
        ends.add(wide[0] + (wide[1] - wide[0]) // 2 // bar * bar)
    return ends


def _sounding(cells: Sequence[Cell]) -> Iterator[int]:
    """Yield the beats on which a voice sounds."""
    now = False
    for i, cell in enumerate(cells):
        if cell.pitches or (now and cell.figure[0] == "-"):
            yield i
        now = (now or bool(cell.pitches)) and cell.figure.rfind("r") <= cell.figure.rfind("o")


_VOICE = {"S": "the soprano (C4–A5)", "A": "the alto (F3–D5)", "T": "the tenor (C3–G4)", "B": "the bass (E2–D4)"}


# --- writing --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A phrase as written."""

    names: tuple[str, ...]
    removals: tuple[Removal, ...] = ()


class _Choir:
    """One chorale while it is written."""

    def __init__(self, desk: Desk, plan: ChoralePlan) -> None:
        self.desk, self.plan = desk, plan
        told = (
            replace(beat, cells={v: self._told_as(v, c) for v, c in beat.cells.items()}) for beat in plan.frame.beats
        )
        self.frame = replace(plan.frame, beats=tuple(told))
        self.phrases = plan.frame.phrases

    def _told_as(self, voice: str, cell: Cell) -> Cell:
        """Return a given cell as the net is told of it: a figure that it has no event for without its rests, or as one
        note.
        """
        held = Cell(cell.figure[0] + cell.figure[1:].replace("r", "-"), cell.pitches)
        plain = Cell("o---" if cell.pitches else "----", cell.pitches[:1])
        known = (c for c in (cell, held) if self.desk.engine.count(f"{voice}:{c.figure} ") == 1)
        return next(known, plain)

    def write(self) -> list[dict[str, Any]]:
        """Return the best setting found, as plain values."""
        found = search(len(self.phrases), self.extend, width=WIDTH, attempts=ATTEMPTS, enough=-math.inf)
        if not found.complete:
            raise DraftError(
                f"No setting was found in {found.attempts} attempts that keeps every rule with what is given.",
                "Keep fewer voices or bars, or try another --seed.",
            )
        return [{"names": list(u.names), "removals": [asdict(r) for r in u.removals]} for u in found.units]

    def extend(self, units: tuple[Written, ...], attempt: int) -> list[tuple[Written, float]]:
        """Return candidates for the next phrase with their worth; none where the rules leave none."""
        first, last = self.phrases[len(units)]
        self.desk.say("chorale", len(units) / len(self.phrases))
        beats = self.beats(units)
        prompt = Prompt(prefix=" ".join(self.told(beats, first, last)) + " ")
        name = f"chorale:{attempt}:{len(units)}:{self.desk.seed(*(n for u in units for n in u.names))}"
        line, room = self.line(beats, first, last), _ROOM * (last - first + 1)
        written = candidates(self.desk, name, prompt, line, room, CANDIDATES, SAMPLING)
        out: dict[tuple[str, ...], tuple[Written, float]] = {}
        for candidate in written:
            names = tuple(candidate.text.split())
            if candidate.finish == "constraint" and names not in out:
                worth = sum(candidate.logprobs) / (last - first + 1) + outer(read_beats(names))
                out[names] = Written(names, candidate.removals), worth
        return list(out.values())

    def beats(self, units: Sequence[Written]) -> list[dict[str, Cell]]:
        """Return the beats so far; given cells are those that were given, whatever the net was told in their place."""
        written = [cells for unit in units for cells in read_beats(unit.names)]
        return [cells | beat.cells for cells, beat in zip(written, self.plan.frame.beats, strict=False)]

    def told(self, beats: Sequence[dict[str, Cell]], first: int, last: int) -> list[str]:
        """Return the events before the phrase: the header, what is known from here on, the last beats."""
        start = next((a for a, _ in self.phrases if a >= first - _BACK), 0)
        count = self.desk.engine.count
        names = [n for n in header(self.frame) if count(n + " ") == 1]
        ahead = range(first, min(len(self.frame.beats), last + 1 + _AHEAD))
        if any(self.frame.beats[i].cells for i in ahead):
            names += [n for n in known(self.frame, lambda i, voice: i in ahead) if count(n + " ") == 1]
        for i in range(start, first):
            names += beat_opening(self.frame, i)
            for voice in VOICES:
                names += [n for n in beats[i][voice].events(voice) if count(n + " ") == 1]
        room = (self.desk.engine.checkpoint.context or 1024) - _ROOM * (last - first + 1) - 2
        if len(names) > room:  # the oldest beats and the furthest of what is known are left out
            return self._told_less(names, room)
        return names

    def _told_less(self, names: list[str], room: int) -> list[str]:
        head = len(header(self.frame))
        if "go" in names:
            go = names.index("go")
            behind = names[go + 1 :]
            ahead = names[head:go][: max(0, room - head - min(len(behind), room // 2))]
            behind = behind[max(0, len(behind) - (room - head - len(ahead) - 1)) :]
            return [*names[:head], *ahead, "go", *behind]
        return [*names[:head], *names[len(names) - (room - head) :]]

    def line(self, beats: Sequence[dict[str, Cell]], first: int, last: int) -> ChoraleBeats:
        """Return the constraint of a phrase."""
        frame, firsts, ends = self.frame, [a for a, _ in self.phrases], self.plan.ends
        plans = tuple(
            BeatPlan(
                tuple(beat_opening(frame, i)),
                tuple(frame.beats[i].cells.items()),
                starts=i in firsts,
                ends=i in ends,
                final=i == len(frame.beats) - 1,
            )
            for i in range(first, last + 1)
        )
        behind = frame.beats[last + 1].cells if last + 1 < len(frame.beats) else {}
        return ChoraleBeats(frame.mode, frame.shift, plans, last_pitches(beats), tuple(behind.items()))


def last_pitches(beats: Sequence[dict[str, Cell]]) -> tuple[int | None, ...]:
    """Return what sounds in each voice at the end of *beats*, in the order of ``VOICES``."""
    now: dict[str, int | None] = dict.fromkeys(VOICES)
    for cells in beats:
        for voice in VOICES:
            figure, pitches = cells[voice].figure, cells[voice].pitches
            if pitches:
                now[voice] = pitches[-1].midi
            if figure.rfind("r") > figure.rfind("o"):
                now[voice] = None
    return tuple(now[voice] for voice in VOICES)


def outer(beats: Sequence[dict[str, Cell]]) -> float:
    """Return what the outer voices are worth, in nats a beat: they please where they move against each other, and where
    the bass doesn't stand still."""
    tops = [cells["S"].pitches[0].midi for cells in beats if cells["S"].pitches and cells["B"].pitches]
    lows = [cells["B"].pitches[0].midi for cells in beats if cells["S"].pitches and cells["B"].pitches]
    moves = [(b - a, d - c) for a, b, c, d in zip(tops, tops[1:], lows, lows[1:], strict=False)]
    if not moves:
        return 0.0
    against = sum(up * down < 0 for up, down in moves) / len(moves)
    still = sum(not down for _, down in moves) / len(moves)
    return 0.6 * against - 0.8 * still


# --- the form -------------------------------------------------------------------------------------------------


def draft(desk: Desk) -> Piece:
    """Write the chorale."""
    if not desk.engine.steerable:
        raise UnsupportedError(
            f"Voices are held to their rules note by note, and {desk.engine.checkpoint.name} doesn't show its logits.",
            "Leave out --engine to use miaobi's own chorale net, or take a checkpoint that runs here.",
        )
    options = desk.options(ChoraleOptions)
    plan = plan_of(desk.brief, options, Random(desk.seed("plan")))
    plain: list[dict[str, Any]] = desk.step("chorale", lambda: _Choir(desk, plan).write())
    units = [Written(tuple(u["names"]), tuple(Removal(**r) for r in u["removals"])) for u in plain]
    beats = _Choir(desk, plan).beats(units)
    frame = plan.frame
    notes = [(i, v, len(cells[v].pitches)) for i, cells in enumerate(beats) for v in VOICES]
    desk.credit("engine", sum(n for i, v, n in notes if v not in frame.beats[i].cells))
    desk.credit("user", sum(n for i, v, n in notes if v in frame.beats[i].cells))
    reading = given_score(desk.brief)
    title = title_of(desk.brief, reading.score.title if reading else "")
    if reading:
        tell_source(desk, reading.score)
    metre = Metre(int(frame.metre[0]), 4)
    places = [beat.place for beat in frame.beats] + list(plan.silent)
    rests = [dict.fromkeys(VOICES, Cell("----" if k else "r---")) for k in range(len(plan.silent))]
    score = score_of(
        [*beats, *rests],
        places,
        plan.ends,
        metre,
        plan.key,
        plan.interval,
        title,
        Tempo(Fraction(plan.tempo)),
        desk.brief.language,
    )
    mood = options.mood or moods.mood_of(desk.brief.idea, desk.brief.tone, desk.brief.language).name
    return Piece(
        title=title,
        score=score,
        mood=mood,
        certificate=certificate(plan, beats, units),
        language=desk.brief.language,
        notation=options.notation,
    )


def certificate(plan: ChoralePlan, beats: Sequence[dict[str, Cell]], units: Sequence[Written]) -> Certificate:
    """Return the account of a chorale, a unit a bar."""
    lost = [part for unit in units for part in _by_beat(unit)]
    wrong = broken(beats, plan.frame.shift, plan.ends)
    starts = [i for i, beat in enumerate(plan.frame.beats) if beat.place == 1 or i == 0]
    found = []
    for number, (a, b) in enumerate(zip(starts, [*starts[1:], len(beats)], strict=True)):
        events = sum(1 + len(beats[i][v].pitches) for i in range(a, b) for v in VOICES)
        paid = cost([r for part in lost[a:b] for r in part], max(1, events))
        rules = []
        for rule in RULES:
            here = [
                f"beat {plan.frame.beats[i].place} {voices}" for i, name, voices in wrong if name == rule and a <= i < b
            ]
            given = bool(here) and all(plan.frame.beats[i].cells for i, name, _ in wrong if name == rule and a <= i < b)
            removed, instead = paid.get(rule, (0.0, ""))
            evidence = ", ".join(here) + (", as given" if given else "")
            rules.append(
                Evidence(
                    rule=rule, holds=not here or given, evidence=evidence, removed=round(removed, 4), instead=instead
                )
            )
        top = " ".join(plan.interval.moved(p).name for i in range(a, b) for p in beats[i]["S"].pitches)
        found.append(Unit(name=f"bar {number + (plan.frame.beats[0].place == 1)}", text=top, rules=tuple(rules)))
    return Certificate(units=tuple(found))


def _by_beat(unit: Written) -> list[list[Removal]]:
    starts = [i for i, name in enumerate(unit.names) if name[0] == "b" and name[1:].isdigit()]
    return [[r for r in unit.removals if a <= r.at < b] for a, b in zip(starts, [*starts[1:], 1 << 30], strict=True)]


def parts(piece: Piece) -> list[Part]:
    """Return what can be kept while the rest is made anew: bars, then voices."""
    count = len(piece.score.bars) - bool(piece.score.pickup)
    bars = [Part(f"bar {n}", {"en": f"Bar {n}", "zh": f"第{n}小节"}) for n in range(1, count + 1)]
    players = [part.instrument for part in piece.score.parts]
    return bars + [Part(one.name, {"en": shown(one, "en"), "zh": shown(one, "zh")}) for one in players]


def keep(brief: Brief, piece: Piece, wanted: Sequence[int]) -> dict[str, Any]:
    """Return the options under which the parts of these numbers stay, note for note."""
    known = parts(piece)
    count = len(known) - len(VOICES)
    for number in wanted:
        if not 1 <= number <= len(known):
            raise BriefError(f"There is no part {number}.", f"The parts: {', '.join(part.name for part in known)}.")
    voices = "".join("SATB"[number - count - 1] for number in wanted if number > count)
    bars = [number for number in wanted if number <= count]
    return {"kept": held(piece, piece.score, bars, voices, brief.options.get("kept"))}


def admit(brief: Brief) -> None:
    """Refuse what can't be met."""
    options = ChoraleOptions.model_validate(brief.options)
    if not options.kept:
        _refuse_idle(brief, options)
    plan_of(brief, options, Random(0))


def _refuse_idle(brief: Brief, options: ChoraleOptions) -> None:
    """Refuse options that change nothing beside the others."""
    reading = given_score(brief)
    if reading is None:
        refuse_idle(
            options, ["keep", "rewrite"], "there is no score", "Give one, --reference score=FILE, or leave it out."
        )
        return
    refuse_idle(options, ["key", "mode"], "your score is set in its own key", MOVED)
    refuse_idle(options, ["metre", "phrases"], "your score is set as it is", "Leave it out; fermatas end phrases.")
    refuse_idle_tempo(options, reading.score)
    if len(reading.score.parts) == 1:
        refuse_idle(
            options, ["keep"], "the score has one voice, which stands", "Leave it out, or give a score of four."
        )


FORM = Form(
    name="chorale",
    names={"en": "Chorale", "zh": "四部合唱"},
    summary={
        "en": "Four voices by the rules of the chorale, for a new melody or yours; any voice or bar can be kept.",
        "zh": "四声部众赞歌：为新旋律或你的旋律配和声，无平行五八度，声部、小节皆可锁定。",
    },
    aliases=("hymn", "众赞歌"),
    content=Piece,
    options=ChoraleOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"en": CHECKPOINT, "zh": CHECKPOINT},
    draft=draft,
    check=check,
    admit=admit,
    render=render,
    bible=bible_of,
    parts=parts,
    keep=keep,
    heeds=("tone",),
    references=("score",),
    formats=FORMATS,
    on_request=ON_REQUEST,
    example=Brief(form="chorale", idea="Evening over the fields", seed=7),
    more_examples=(Brief(form="chorale", idea="暮色", language="zh", seed=7),),
)
