"""Novel 长篇小说: a journey in chapters, each with a place, a person and a price, under a short story's arc.

Resumable beat by beat. A chapter's prompts hold the summary of the chapter before and the lore that the text calls for,
within a token budget; what went in and what was dropped is kept in the receipt of each beat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.continuity import check_continuity
from miaobi.craft.plot.narrative import Act, Narrative, Scene
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.planning import admit_idea, check_idea, plan_novel_in
from miaobi.craft.plot.saga import LEAST_CHAPTERS, MOST_CHAPTERS, PlannedChapter, Saga
from miaobi.craft.plot.telling import render_story
from miaobi.craft.text.chinese_fault import check_chinese
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import length as count
from miaobi.errors import BriefError
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length, Options
from miaobi.forms.writing.narrator import tell_beats, teller_for, voice_of
from miaobi.forms.writing.teller import Teller
from miaobi.types import Language

ENDS = LEAST_CHAPTERS - 1  # the chapters at both ends of the journey, told from a short story's beats
# What a chapter can be told in: the least of any, the most of one at the ends and of one on the road.
WORDS: dict[Language, tuple[int, int, int]] = {"en": (640, 560, 1_200), "zh": (480, 720, 720)}
USUAL = 0.92  # of the most
_DIGITS = "零一二三四五六七八九"


class NovelOptions(Options):
    """How the novel is divided."""

    chapters: int = Field(
        default=0, ge=0, le=max(MOST_CHAPTERS.values()), description="number of chapters; 0: as the length asks"
    )


def lengths_for(chapters: int, language: Language) -> tuple[int, int]:
    """Return the least and the most words (字) that *chapters* chapters can be told in."""
    least, end, episode = WORDS[language]
    return least * chapters, end * ENDS + episode * (chapters - ENDS)


def chapters_for(length: int, wanted: int, language: Language = "en") -> int:
    """Return how many chapters a novel of *length* words (字) has."""
    least, end, episode = WORDS[language]
    told = ENDS + math.ceil((length / USUAL - end * ENDS) / episode)
    return wanted or max(LEAST_CHAPTERS, min(MOST_CHAPTERS[language], told, length // least))


def chapter_title(number: int, title: str, language: Language) -> str:
    """Return the heading of a chapter: “3. The Mill”, 「第三章　磨坊」."""
    if language == "en":
        return f"{number}. {title}"
    tens, ones = divmod(number, 10)
    numeral = ("" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")
    return f"第{numeral}章 {title}"


def admit(brief: Brief) -> None:
    """Refuse a length that doesn't fit the number of chapters."""
    admit_idea(brief)
    wanted = NovelOptions.model_validate(brief.options).chapters
    length = brief.length or FORM.length_in(brief.language).usual
    chapters = chapters_for(length, wanted, brief.language)
    least, most = lengths_for(chapters, brief.language)
    if wanted and not LEAST_CHAPTERS <= wanted <= MOST_CHAPTERS[brief.language]:
        legal = f"It has {LEAST_CHAPTERS} to {MOST_CHAPTERS[brief.language]}."
        raise BriefError(f"A novel of {wanted} chapters can't be told.", legal)
    unit = "字" if brief.language == "zh" else "words"
    if not least <= length <= most:
        raise BriefError(
            f"{length:,} {unit} don't fit {chapters} chapters.",
            f"{chapters} chapters take {least:,} to {most:,} {unit}: change --length or -o chapters=N.",
        )


def draft(desk: Desk) -> Narrative:
    """Plan the journey, then tell chapter by chapter."""
    brief = desk.brief
    chapters = chapters_for(desk.length, desk.options(NovelOptions).chapters, brief.language)
    people = people_of(brief)
    saga = plan_novel_in(brief.language, brief.idea, desk.seed("plan"), chapters, desk.length, brief.title, people)
    teller = teller_for(desk, saga.plan, saga.bible.personas[:2])
    acts: list[Act] = []
    told = 0
    for i, chapter in enumerate(saga.chapters):
        part = (i / chapters, (i + 1) / chapters)
        desk.say(f"chapter {i + 1} of {chapters}", part[0])
        teller.summary = saga.chapters[i - 1].summary if i else ""
        wanted = _share(desk.length - told, saga.chapters[i:])
        act = tell_chapter(teller, saga, chapter, i + 1, wanted, part)
        told += sum(_told(line.text, brief.language) for scene in act.scenes for b in scene.beats for line in b.lines)
        acts.append(act)
    return Narrative(title=saga.bible.title, language=brief.language, bible=saga.bible, acts=acts)


def _share(left: int, chapters: Sequence[PlannedChapter]) -> int:
    """Return how much of what is *left* the first of *chapters* gets by the sizes of their plans."""
    sizes = [sum(beat.words for beat in chapter.beats) for chapter in chapters]
    return left * sizes[0] // max(sum(sizes), 1)


def _told(text: str, language: Language) -> int:
    return count(text, "zh") if language == "zh" else len(text.split())


def tell_chapter(
    teller: Teller, saga: Saga, chapter: PlannedChapter, number: int, wanted: int, part: tuple[float, float]
) -> Act:
    """Tell one chapter as an act of one scene."""
    personas = [saga.bible.persona(id) for id in chapter.present]
    teller.voice = voice_of(teller.language, personas)
    teller.used = {word for word in teller.used if not word.endswith("。")}  # another chapter may use a frame again
    id = f"c{number}"
    beats = tell_beats(teller, id, chapter.beats, wanted, part)
    scene = Scene(id=f"{id}.s1", present=list(chapter.present), beats=beats)
    return Act(
        id=id, title=chapter_title(number, chapter.title, teller.language), summary=chapter.summary, scenes=[scene]
    )


def check(brief: Brief, story: Narrative) -> list[Finding]:
    """Check length, repeats, worn phrases, copied exemplars, continuity and the chapters' titles."""
    text = story.text()
    parts = [(line.id, line.text) for _, line in story.lines()]
    titles = [act.title.split(" ", 1)[1] for act in story.acts]
    twice = {t for t in titles if titles.count(t) > 1}
    return [
        *check_length(text, brief.length or FORM.length_in(brief.language).usual, brief.language),
        *check_repeats(text, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, list(data(brief.language, "exemplar").values()), brief.language),
        *check_continuity(story),
        *check_idea(brief),
        *(check_chinese(parts, brief.idea + brief.title) if brief.language == "zh" else ()),
        *(Finding(rule="chapter-title", message=f"Two chapters are called “{t}”.") for t in sorted(twice)),
    ]


def _length(language: Language, usual: int) -> Length:
    least, most = lengths_for(LEAST_CHAPTERS, language)[0], lengths_for(MOST_CHAPTERS[language], language)[1]
    return Length(usual=usual, least=least, most=most)


FORM = Form(
    name="novel",
    names={"en": "Novel", "zh": "长篇小说"},
    aliases=("长篇", "book"),
    summary={
        "en": "A novel in chapters: a journey, its people and its price.",
        "zh": "分章的长篇小说：一段旅程、其人其价。",
    },
    content=Narrative,
    length=_length("en", 9_000),
    lengths={"zh": _length("zh", 5_000)},
    options=NovelOptions,
    admit=admit,
    references=("style", "lore", "persona"),
    heeds=("tone", "audience"),
    draft=draft,
    check=check,
    render=render_story,
    formats=("md", "html", "txt", "docx", "epub", "pdf"),
    bible=lambda story: story.bible,
    example=Brief(
        form="novel", idea="A postman must deliver a letter to a village that was drowned under a lake", seed=11
    ),
    more_examples=(Brief(form="novel", idea="小镇邮差必须把最后一封信送到被水库淹没的村子", language="zh", seed=11),),
)
