"""Song 歌曲: a poem, yours or one of ours written for the idea, on a melody made for its lines, with an
accompaniment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

from pydantic import Field, field_validator

from miaobi.brief import Brief
from miaobi.certificate import Certificate
from miaobi.craft.melody import mood as moods
from miaobi.craft.melody.harmoniser import moving
from miaobi.craft.melody.metric import EIGHTH, SIXTEENTH
from miaobi.craft.melody.page import Setting, score_of, symbols, tune_of
from miaobi.craft.melody.plan import HALF, SectionPlan, TunePlan, beat, key_for, placed
from miaobi.craft.melody.singing import (
    LONGEST,
    METRES,
    StanzaPlan,
    english_line,
)
from miaobi.craft.melody.tune import WHOLE, full
from miaobi.craft.music.arrangement.accompaniment import PATTERNS, accompaniment
from miaobi.craft.music.instrument import instrument, shown
from miaobi.craft.music.score import Score, Tempo
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
from miaobi.forms.art.song_anew import LEAP, sung_anew
from miaobi.forms.art.text_setting import Verse, given_stanzas, sections_of, stresses, verses_of, with_words

LOWEST, HIGHEST = "A3", "E5"  # where anybody can sing
SLOW, QUICK = 90, 0.12  # beats a minute under which a syllable has an eighth; seconds that a sung sixteenth lasts
_STAGES = ("ballad_scene", "ballad_deed", "ballad_turn", "ballad_close")
_BALLAD = "iambic tetrameter/iambic trimeter"
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


def _metres(brief: Brief, mood: moods.Mood) -> tuple[str, ...]:
    """Return the metres of a mood in which songs are sung: in Chinese those of two and four beats."""
    sung = ("4/4", "2/4") if brief.language == "zh" else METRES
    return tuple(m for m in mood.metres if m in sung) or ("4/4",)


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
