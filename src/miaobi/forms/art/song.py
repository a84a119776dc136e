"""Song 歌曲: a poem, yours or one of ours written for the idea, on a melody made for its lines, with an
accompaniment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

from pydantic import Field, field_validator

from miaobi.brief import Brief
from miaobi.certificate import Certificate, Evidence, Unit
from miaobi.craft.melody import mood as moods
from miaobi.craft.melody.harmoniser import moving
from miaobi.craft.melody.metric import EIGHTH, SIXTEENTH
from miaobi.craft.melody.page import LETTERS, Setting, score_of, symbols, tune_of, voice_of
from miaobi.craft.melody.plan import HALF, SectionPlan, TunePlan, beat, key_for, phrase_of, placed
from miaobi.craft.melody.singing import (
    LONGEST,
    METRES,
    StanzaPlan,
    Sung,
    chinese_line,
    english_line,
    even,
    slot,
    stanza,
)
from miaobi.craft.melody.tune import WHOLE, Bar, Section, Tune, full
from miaobi.craft.music.arrangement.accompaniment import PATTERNS, accompaniment
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.score import Event, Part, Score, Syllable, Tempo, Voice
from miaobi.craft.verse.pattern import Pattern, pattern
from miaobi.errors import BriefError, show
from miaobi.findings import Finding
from miaobi.form import FILLED_IN, Desk, Form, Length
from miaobi.forms.art.chinese_verse import CHECKPOINT as VERSE
from miaobi.forms.art.chinese_verse import compose as compose_verse
from miaobi.forms.art.chinese_wish import demand_of
from miaobi.forms.art.composition import (
    FORMATS,
    KEPT,
    MOVED,
    ON_REQUEST,
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
from miaobi.forms.art.poem import Kind, VerseOptions, draft_poem
from miaobi.forms.art.regulated_verse import RegulatedOptions, schemes
from miaobi.forms.art.rhythm_section import bass_part, drum_part

LOWEST, HIGHEST = "A3", "E5"  # where anybody can sing
LEAP = 9  # semitones that are sung at most
SLOW, QUICK = 90, 0.12  # beats a minute under which a syllable has an eighth; seconds that a sung sixteenth lasts
_STAGES = ("ballad_scene", "ballad_deed", "ballad_turn", "ballad_close")
_BALLAD = "iambic tetrameter/iambic trimeter"
_MEASURES = ("iambic tetrameter", "iambic trimeter")
_REPEATED = 0.6  # of songs: the third line is sung as the first, if it can be


class SongOptions(MelodyOptions):
    """Options of a song."""

    lyrics: str = Field("", description="a poem of yours: a line a line, stanzas parted by blank lines")
    accompaniment: Literal["", "none", "block", "arpeggio", "alberti", "broken", "strum"] = Field(
        "", description="how the chords are played, broken is 分解和弦; by the mood when not given"
    )
    played_on: str = Field("", description="who plays the chords: piano, guitar, guzheng, or another `instrument`")
    bass: Literal["", "none", "root", "fifth", "walking"] = Field("", description="by the mood when not given")
    drums: Literal["", "none", "rock", "ballad", "waltz", "swing", "folk", "latin"] = Field(
        "", description="by the mood when not given"
    )

    rewrite: str = Field(
        "", description="with --reference score=FILE: bars whose melody is made anew under the same words: 5-8,13"
    )

    kept: dict[str, Any] = Field(default_factory=dict, description=KEPT, json_schema_extra=FILLED_IN)

    @field_validator("rewrite")
    @classmethod
    def _bars(cls, value: str) -> str:
        if value:
            numbers(value)
        return value

    def model_post_init(self, context: Any) -> None:
        """Refuse a metre that can't be sung here."""
        if self.metre and self.metre not in METRES:
            raise BriefError(f"A song in {self.metre} can't be set.", f"Legal: {', '.join(METRES)}.")


@dataclass(frozen=True)
class Verse:
    """A stanza: its lines, and how they fall on the beats."""

    lines: tuple[str, ...]
    plan: StanzaPlan


# --- words ----------------------------------------------------------------------------------------------------


def lyrics_of(desk: Desk, options: SongOptions) -> tuple[str, list[list[str]]]:
    """Return a title and the stanzas: the user's, or a poem of ours."""
    if options.lyrics.strip():
        return title_of(desk.brief), given_stanzas(options.lyrics)
    if desk.brief.language == "zh":
        width = 7 if options.metre != "3/4" and desk.seed("width") % 3 else 5
        verse = RegulatedOptions.model_validate({"width": width, "appendix": "none"})
        found = compose_verse(
            desk.beside(VERSE),
            demand_of(desk.brief, verse, 8),
            schemes(desk.brief.model_copy(update={"length": 0}), verse, 8),
            verse,
        )
        lines = [found.shown(line) for line in found.lines]
        return found.title, [lines[:4], lines[4:]]
    mood = options.mood or moods.mood_of(desk.brief.idea, desk.brief.tone, "en").name
    poem = draft_poem(desk.beside(""), _KIND, VerseOptions.model_validate({"mood": mood}))
    return poem.title, [[line.text for line in one] for one in poem.stanzas]


def _ballad(options: dict[str, Any]) -> Pattern:
    return pattern(
        "song", [(f"x{chr(ord('A') + i)}x{chr(ord('A') + i)}", _BALLAD, stage) for i, stage in enumerate(_STAGES)]
    )


_KIND = Kind("song", _ballad, lambda lines: _ballad({}) if len(lines) == 16 else None, "16 lines")


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


# --- the plan -------------------------------------------------------------------------------------------------


def plan_of(
    brief: Brief, options: SongOptions, sections: Sequence[Sequence[Verse]], metre: str, chance: Random
) -> TunePlan:
    """Return what the melody is to be."""
    mood = mood_for(brief, options)
    key = key_for(options.key, options.mode, mood, chance, brief.language == "zh")
    low, high = key_of(options.low or LOWEST), key_of(options.high or HIGHEST)
    interval, low, high = placed(key, instrument(options.instrument or "voice"), low, high)
    kind = "waltz" if metre == "3/4" and brief.language == "en" else ""
    plans = tuple(_section(verses[0].plan, metre, chance) for verses in sections)
    tempo = options.tempo or chance.randrange(mood.song_tempo[0], mood.song_tempo[1] + 1, 2)
    return TunePlan(
        metre, key, interval, kind, sections[0][0].plan.pickup, plans, low, high, tempo,
        leap=min(options.leap, LEAP), chromatic=options.chromatic, sung=True, shortest=shortest_sung(metre, tempo),
    )  # fmt: skip


def shortest_sung(metre: str, tempo: int) -> int:
    """Return the ticks that a syllable has at least: an eighth where a sixteenth would be over in less than ``QUICK``
    seconds.
    """
    sixteenth = 60 / tempo * SIXTEENTH / beat(metre)
    return EIGHTH if sixteenth < QUICK or tempo < SLOW else SIXTEENTH


def mood_for(brief: Brief, options: SongOptions) -> moods.Mood:
    """Return the mood of the song."""
    return moods.moods()[options.mood] if options.mood else moods.mood_of(brief.idea, brief.tone, brief.language)


def _section(plan: StanzaPlan, metre: str, chance: Random) -> SectionPlan:
    size = plan.starts[1] - plan.starts[0] if len(plan.starts) > 1 else plan.bars
    rests: dict[int, tuple[frozenset[int], int]] = {plan.bars - 1: (frozenset({0}), _held(plan, metre))}
    if not plan.pickup and len(plan.starts) == 4:
        rests[plan.starts[2] - 1] = (HALF, 0)
    first = int(bool(plan.pickup))
    copies = {}
    if len(plan.starts) == 4 and chance.random() < _REPEATED:
        for k in range(plan.starts[1]):
            third = plan.starts[2] + k
            own, other = ((plan.counts[first + n], plan.places.get(n), plan.weak[n]) for n in (k, third))
            if own != other or k == plan.starts[1] - 1:  # it leads on in another way
                break
            copies[third] = k
    return SectionPlan(plan.bars, phrase=size, counts=plan.counts, rests=rests, copies=copies, onsets=plan.places,
                       weak=plan.weak, heights=tuple(tuple(s.height for s in bar) for bar in plan.sung))  # fmt: skip


def _held(plan: StanzaPlan, metre: str) -> int:
    """Return how long, in ticks, the last note is at least: a beat, or what its word's stress and the next pick-up
    leave of one.
    """
    place, left = plan.onsets[plan.bars - 1][-1] if plan.onsets[plan.bars - 1] else (0, full(metre))
    notes = len(plan.sung[-1]) - place  # from the last stress on
    return min(beat(metre), (left - plan.pickup) // notes)


# --- the form -------------------------------------------------------------------------------------------------


def draft(desk: Desk) -> Piece:
    """Write the song."""
    options = desk.options(SongOptions)
    if options.kept:
        return made_again(desk, options)
    if reading := given_score(desk.brief):
        return accompanied(desk, reading.score, options)
    title, stanzas = lyrics_of(desk, options)
    chance = Random(desk.seed("plan"))
    mood = mood_for(desk.brief, options)
    metre = options.metre or moods.chosen(_metres(desk.brief, mood), chance)
    own = not options.lyrics.strip()
    sections, plan = _roomy(desk, options, stanzas, metre, chance)
    tune, removals = write_tune(desk, plan)
    tune = moving(with_chords(tune))
    player = instrument(options.instrument or "voice")
    tempo = Tempo(Fraction(plan.tempo), Fraction(beat(metre), WHOLE))
    setting = Setting(title, plan.key, plan.interval, tempo, player, shown(player, desk.brief.language))
    sung = with_words(score_of(tune, setting), tune, sections)
    account = certificate(tune, plan, removals, ())
    if desk.brief.language != "zh":
        account = Certificate(units=(*account.units, stresses(sung, tune, sections)))
    score, account = arranged(sung, options, mood, desk, account)
    desk.credit("engine", sum(len(b.notes) for s in tune.sections for b in s.every))
    if not own:
        desk.credit("user", sum(len(line.split()) for one in stanzas for line in one))
    return Piece(
        title=title,
        score=score,
        stanzas=tuple(map(tuple, stanzas)),
        mood=mood.name,
        certificate=account,
        language=desk.brief.language,
        notation=options.notation,
    )


def _roomy(
    desk: Desk, options: SongOptions, stanzas: Sequence[Sequence[str]], metre: str, chance: Random
) -> tuple[list[list[Verse]], TunePlan]:
    """Return the stanzas on the beats and the plan of their melody, in another metre than *metre* where that has no
    room for them and none was asked for.
    """
    own = not options.lyrics.strip()
    for name in dict.fromkeys([metre, *([] if options.metre else METRES)]):
        verses = verses_of(stanzas, name, desk.brief.language, own, Random(desk.seed("melisma")))
        sections = sections_of(verses)
        plan = plan_of(desk.brief, options, sections, name, chance)
        if not crowded(plan):
            return sections, plan
    _refuse_crowd(plan)
    raise AssertionError("a crowded plan is refused")


def crowded(plan: TunePlan) -> int:
    """Return the notes of the first bar that has too many for a sixteenth each; 0 where all have room."""
    for section in plan.sections:
        for number in range(-bool(plan.pickup), section.bars):
            if plan.shortest_in(section, number) < SIXTEENTH:
                return section.counts[number + bool(plan.pickup)][0]
    return 0


def _refuse_crowd(plan: TunePlan) -> None:
    if count := crowded(plan):
        raise BriefError(
            f"A line brings {count} syllables to one bar of {plan.metre}: they would be shorter than sixteenths.",
            "Take another metre, 4/4 or 3/4, or break the line in two.",
        )


def arranged(
    score: Score, options: SongOptions, mood: moods.Mood, desk: Desk, account: Certificate
) -> tuple[Score, Certificate]:
    """Return the score with accompaniment, bass and drums from its chords, and the account of how they were chosen."""
    language = desk.brief.language
    player = options.played_on or ("guzheng" if language == "zh" else mood.played_on)
    chords = options.accompaniment or mood.accompaniment
    low: str = options.bass or Random(desk.seed("bass grammar")).choice(mood.bass)
    styles = (options.drums,) if options.drums else ("none",) if language == "zh" else mood.drums
    parts, units = list(score.parts), list(account.units)
    if chords != "none":
        pattern = next(p for p in PATTERNS if p == chords)
        parts.append(accompaniment(score, pattern, instrument(player).name, language))
    if low != "none":
        part, unit = bass_part(desk, score, low)
        parts, units = [*parts, part], [*units, unit]
    if styles != ("none",):
        if not options.drums and len(score.bars[0].metre.pulses) == 3:
            styles = (*styles, "waltz")
        part, unit = drum_part(desk, score, styles)
        parts, units = [*parts, part], [*units, unit]
    return replace(score, parts=tuple(parts)), Certificate(units=tuple(units))


def accompanied(desk: Desk, given: Score, options: SongOptions) -> Piece:
    """Return a user's tune with chords, where it has none, and the parts that play them; its own parts stand, but for
    the bars of its melody that are written anew.
    """
    mood = mood_for(desk.brief, options)
    account, new = Certificate(), 0
    if options.rewrite:
        free = bars_named(options.rewrite, bars_in(given))
        given, account, new = sung_anew(desk, given, free, options)
    bars = given.bars
    if not any(bar.chords for bar in bars):
        tune, interval = tune_of(given)
        told = iter([bar for s in with_chords(tune).sections for bar in s.every])
        bars = tuple(replace(bar, chords=symbols(next(told), tune.full, interval)) for bar in bars)
    score = replace(given, bars=bars)
    if not (options.rewrite and len(given.parts) > 1):  # what accompanies them stands, for their chords do
        score, account = arranged(score, options, mood, desk, account)
    desk.credit("engine", new)
    desk.credit("user", sum(not e.rest for part in given.parts for _, _, e in part.voice()) - new)
    tell_source(desk, given)
    title = title_of(desk.brief, given.title)
    return Piece(
        title=title,
        score=replace(score, title=title),
        mood=mood.name,
        certificate=account,
        language=desk.brief.language,
        notation=options.notation,
    )


# --- bars of a song written anew ------------------------------------------------------------------------------


def made_again(desk: Desk, options: SongOptions) -> Piece:
    """Return an earlier song with some bars of its melody as they were and the others anew, on the chords that it has;
    what accompanies it stands.
    """
    earlier = stays(options.kept)
    free = set(range(bars_in(earlier.score))) - earlier.bars
    score, account, new = sung_anew(desk, earlier.score, free, options)
    mood = mood_for(desk.brief, options)
    old = sum(not e.rest for _, _, e in score.parts[0].voice()) - new
    desk.credit("engine", new)
    desk.credit("user" if desk.brief.references_of("score") else "engine", old)  # whose the earlier melody was
    return Piece(
        title=score.title,
        score=score,
        stanzas=earlier.stanzas,
        mood=mood.name,
        certificate=account,
        language=desk.brief.language,
        notation=options.notation,
    )


def sung_anew(desk: Desk, given: Score, free: set[int], options: SongOptions) -> tuple[Score, Certificate, int]:
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


def _metres(brief: Brief, mood: moods.Mood) -> tuple[str, ...]:
    """Return the metres of a mood in which songs are sung: in Chinese those of two and four beats."""
    sung = ("4/4", "2/4") if brief.language == "zh" else METRES
    return tuple(m for m in mood.metres if m in sung) or ("4/4",)


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
    return Unit(name="words", text="", rules=(Evidence(rule="stress", holds=met == stressed, evidence=said),))


def judged(brief: Brief, piece: Piece) -> list[Finding]:
    """Return what is wrong with a song: what is with any piece, and lines of its words that are longer than a
    phrase.
    """
    lines = [line for stanza in piece.stanzas for line in stanza] if piece.language != "zh" else []
    long = [(line, sum(s.stressed for s in english_line(line).syllables)) for line in lines]
    return [
        *check(brief, piece),
        *(
            Finding(
                rule="long-line",
                message=f"The line {show(line)} has {count} stressed syllables: more than a phrase of {LONGEST} holds. "
                "Break it in two.",
                severity="warning",
            )
            for line, count in long
            if count > LONGEST
        ),
    ]


def _worded(voice: Voice, words: Sequence[Sequence[Sung]], breath: int | None) -> Voice:
    """Return notes with their syllables; *breath*: the note after which one breathes."""
    notes = [k for k, event in enumerate(voice) if not event.rest]
    out: list[Event] = list(voice)
    for place, k in enumerate(notes):
        own = tuple(Syllable(sung[place].text, sung[place].joined) if place < len(sung) else None for sung in words)
        out[k] = replace(out[k], lyrics=own, marks=("breath",) if place == breath else out[k].marks)
    return tuple(out)


def admit(brief: Brief) -> None:
    """Refuse what can't be met."""
    options = SongOptions.model_validate(brief.options)
    if options.played_on:
        instrument(options.played_on)
    if options.kept:
        bars_in(stays(options.kept).score)
        return
    if options.leap > LEAP and options.leap != 12:
        raise BriefError(f"A leap of {options.leap} semitones isn't sung.", f"Legal: 5 to {LEAP}.")
    if options.accompaniment == "none":
        refuse_idle(options, ["played_on"], "nobody plays the chords, for accompaniment=none was said")
    if reading := given_score(brief):
        if options.lyrics:
            raise BriefError("A tune and lyrics were given.", "Write the words under the notes in the tune's file.")
        _refuse_idle(options, reading.score)
        refuse_broken(reading.score)
        if not any(bar.chords for bar in reading.score.bars):
            tune_of(reading.score)
        if options.rewrite:
            bars_named(options.rewrite, bars_in(reading.score))
        return
    if options.rewrite:
        raise BriefError("There is no song whose bars could be written anew.", "Give one: --reference score=FILE.")
    stanzas = given_stanzas(options.lyrics) if options.lyrics.strip() else [["One line"]]
    language = brief.language if options.lyrics.strip() else "en"
    metre = options.metre or METRES[0]
    sections = sections_of(verses_of(stanzas, metre, language, False, Random(0)))
    _refuse_crowd(plan_of(brief, options, sections, metre, Random(0)))


def _refuse_idle(options: SongOptions, own: Score) -> None:
    """Refuse options that change nothing beside a tune of the user's."""
    refuse_idle(options, ["key", "mode", "low", "high", "instrument"], "your tune is accompanied as it is", MOVED)
    refuse_idle(options, ["metre"], "your tune is accompanied as it is")
    refuse_idle_tempo(options, own)
    if not options.rewrite:
        why = "no bar of your tune is written anew"
        refuse_idle(options, ["leap", "chromatic"], why, "Leave it out, or say which: -o rewrite=5-8.")
    elif len(own.parts) > 1:
        why = "with rewrite what accompanies the melody stands"
        refuse_idle(options, ["accompaniment", "played_on", "bass", "drums"], why)


FORM = Form(
    name="song",
    names={"en": "Song", "zh": "歌曲"},
    summary={
        "en": "A poem set to music: a melody made for its lines, chords and accompaniment; your words or ours.",
        "zh": "为诗谱曲：旋律依字句而作，配和弦与伴奏；词可自备，亦可代作。",
    },
    content=Piece,
    options=SongOptions,
    length=Length(usual=1, least=1, most=1),
    checkpoints={"en": CHECKPOINT, "zh": CHECKPOINT},
    draft=draft,
    check=judged,
    admit=admit,
    render=render,
    bible=bible_of,
    keep=keep_bars,
    verse=lambda piece: piece.stanzas,
    heeds=("tone",),
    references=("score",),
    formats=FORMATS,
    on_request=ON_REQUEST,
    example=Brief(form="song", idea="A lighthouse keeper waits for spring", seed=7),
    more_examples=(Brief(form="song", idea="秋夜江上", language="zh", seed=7),),
)
