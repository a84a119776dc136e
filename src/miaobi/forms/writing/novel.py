"""Novel 长篇小说: a journey in chapters, each with a place, a person and a price, under a short story's arc.

Resumable beat by beat. A chapter's prompts hold the summary of the chapter before and the lore that the text calls for,
within a token budget; what went in and what was dropped is kept in the receipt of each beat.
"""

from __future__ import annotations

from pydantic import Field

from miaobi.brief import Brief
from miaobi.craft.plot.continuity import check_continuity
from miaobi.craft.plot.narrative import Act, Narrative, Scene
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.saga import LEAST_CHAPTERS, MOST_CHAPTERS, PlannedChapter, Saga, plan_novel
from miaobi.craft.plot.telling import render_story
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.errors import BriefError
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length, Options
from miaobi.forms.writing.narrator import tell_beats, teller_for, voice_of
from miaobi.forms.writing.teller import Teller

WORDS_A_CHAPTER = (400, 1_150)  # what a chapter can be told in


class NovelOptions(Options):
    """How the novel is divided."""

    chapters: int = Field(default=0, ge=0, le=MOST_CHAPTERS, description="number of chapters; 0: as the length asks")


def chapters_for(length: int, wanted: int) -> int:
    """Return how many chapters a novel of *length* words has."""
    return wanted or min(MOST_CHAPTERS, max(LEAST_CHAPTERS, round(length / 900)))


def admit(brief: Brief) -> None:
    """Refuse a length that doesn't fit the number of chapters."""
    wanted = NovelOptions.model_validate(brief.options).chapters
    length = brief.length or FORM.length.usual
    count = chapters_for(length, wanted)
    least, most = (count * words for words in WORDS_A_CHAPTER)
    if wanted and wanted < LEAST_CHAPTERS:
        raise BriefError(f"A novel of {wanted} chapters can't be told.", f"It has at least {LEAST_CHAPTERS}.")
    if not least <= length <= most:
        raise BriefError(
            f"{length:,} words don't fit {count} chapters.",
            f"{count} chapters take {least:,} to {most:,} words: change --length or -o chapters=N.",
        )


def draft(desk: Desk) -> Narrative:
    """Plan the journey, then tell chapter by chapter."""
    brief = desk.brief
    count = chapters_for(desk.length, desk.options(NovelOptions).chapters)
    saga = plan_novel(read_idea(brief.idea), brief.idea, desk.seed("plan"), count, brief.title)
    teller = teller_for(desk, saga.plan, saga.bible.personas[:2])
    acts: list[Act] = []
    told = 0
    for i, chapter in enumerate(saga.chapters):
        desk.say(f"chapter {i + 1} of {count}", i / count)
        teller.summary = saga.chapters[i - 1].summary if i else ""
        wanted = (desk.length - told) // (count - i)
        act = tell_chapter(teller, saga, chapter, i + 1, wanted)
        told += sum(len(line.text.split()) for scene in act.scenes for beat in scene.beats for line in beat.lines)
        acts.append(act)
    return Narrative(title=saga.bible.title, language=brief.language, bible=saga.bible, acts=acts)


def tell_chapter(teller: Teller, saga: Saga, chapter: PlannedChapter, number: int, wanted: int) -> Act:
    """Tell one chapter as an act of one scene."""
    personas = [saga.bible.persona(id) for id in chapter.present]
    teller.voice = voice_of(teller.language, personas)
    id = f"c{number}"
    beats = tell_beats(teller, id, chapter.beats, wanted)
    scene = Scene(id=f"{id}.s1", present=list(chapter.present), beats=beats)
    return Act(id=id, title=f"{number}. {chapter.title}", summary=chapter.summary, scenes=[scene])


def check(brief: Brief, story: Narrative) -> list[Finding]:
    """Check length, repeats, worn phrases, copied exemplars, continuity and the chapters' titles."""
    text = story.text()
    parts = [(line.id, line.text) for _, line in story.lines()]
    titles = [act.title.split(". ", 1)[1] for act in story.acts]
    twice = {t for t in titles if titles.count(t) > 1}
    return [
        *check_length(text, brief.length or FORM.length.usual, brief.language),
        *check_repeats(text, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, list(data(brief.language, "exemplar").values()), brief.language),
        *check_continuity(story),
        *(Finding(rule="chapter-title", message=f"Two chapters are called “{t}”.") for t in sorted(twice)),
    ]


FORM = Form(
    name="novel",
    names={"en": "Novel", "zh": "长篇小说"},
    aliases=("长篇", "book"),
    summary={
        "en": "A novel in chapters: a journey, its people and its price.",
        "zh": "分章的长篇小说：一段旅程、其人其价。",
    },
    content=Narrative,
    length=Length(usual=9_000, least=LEAST_CHAPTERS * WORDS_A_CHAPTER[0], most=MOST_CHAPTERS * WORDS_A_CHAPTER[1]),
    languages=("en",),
    options=NovelOptions,
    admit=admit,
    references=("style", "lore"),
    heeds=("tone", "audience"),
    draft=draft,
    check=check,
    render=render_story,
    formats=("md", "html", "txt", "docx", "epub", "pdf"),
    bible=lambda story: story.bible,
    example=Brief(
        form="novel", idea="A postman must deliver a letter to a village that was drowned under a lake", seed=11
    ),
)
