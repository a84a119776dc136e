"""Short story 短篇小说: one hero, one deed, one thing that has to be seen through before time runs out."""

from __future__ import annotations

from dataclasses import replace

from miaobi.brief import Brief
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.continuity import check_continuity
from miaobi.craft.plot.narrative import Act, Narrative, Scene
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.planning import admit_idea, check_idea, plan_in
from miaobi.craft.plot.reading import read_prose
from miaobi.craft.plot.telling import render_story
from miaobi.craft.text.chinese_fault import check_chinese
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length
from miaobi.forms.writing.narrator import tell_beats, teller_for


def draft(desk: Desk) -> Narrative:
    """Plan by craft, tell beat by beat; each beat is a step."""
    brief = desk.brief
    people = people_of(brief)
    plan = plan_in(brief.language, brief.idea, desk.seed("plan"), desk.length, brief.title, brief.tone, people)
    teller = teller_for(desk, plan, plan.bible.personas)
    last = replace(plan.beats[-1], texture=()) if brief.language == "en" else plan.beats[-1]
    beats = tell_beats(teller, "s1", [*plan.beats[:-1], last], desk.length)  # it ends on its own last words
    scene = Scene(id="s1", place=plan.bible.places[0].name, present=[p.id for p in plan.bible.personas], beats=beats)
    acts = [Act(id="a1", scenes=[scene])]
    return Narrative(title=plan.bible.title, language=brief.language, bible=plan.bible, acts=acts)


def check(brief: Brief, story: Narrative) -> list[Finding]:
    """Check length, repeats, worn phrases, copied exemplars and continuity."""
    text = story.text()
    parts = [(line.id, line.text) for _, line in story.lines()]
    exemplars = list(data(brief.language, "exemplar").values())
    return [
        *check_length(text, brief.length or FORM.length_in(brief.language).usual, brief.language),
        *check_repeats(text, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, exemplars, brief.language),
        *check_continuity(story),
        *check_idea(brief),
        *(check_chinese(parts, brief.idea + brief.title) if brief.language == "zh" else ()),
    ]


FORM = Form(
    name="story",
    names={"en": "Short story", "zh": "短篇小说"},
    aliases=("short story", "小说", "故事"),
    summary={
        "en": "A short story with a hero, a want and a turn, told in scenes.",
        "zh": "有主角、有所求、有转折的短篇小说。",
    },
    content=Narrative,
    length=Length(usual=700, least=450, most=2_500),
    lengths={"zh": Length(usual=1_200, least=800, most=2_000)},
    admit=admit_idea,
    references=("style", "lore", "persona"),
    heeds=("tone", "audience"),
    draft=draft,
    check=check,
    render=render_story,
    formats=("md", "html", "txt", "docx", "epub", "pdf"),
    bible=lambda story: story.bible,
    read=read_prose,
    example=Brief(form="story", idea="A lighthouse keeper finds a message in a bottle", seed=7),
    more_examples=(Brief(form="story", idea="灯塔守护人在瓶子里发现一封信", language="zh", seed=7),),
)
