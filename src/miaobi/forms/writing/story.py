"""Short story 短篇小说: one hero, one deed, one thing that has to be seen through before time runs out."""

from __future__ import annotations

from functools import partial
from typing import Any

from miaobi.brief import Brief
from miaobi.craft.plot.continuity import check_continuity
from miaobi.craft.plot.narrative import Act, Beat, Line, Narrative, Scene
from miaobi.craft.plot.plan import PlannedBeat, data, plan_story
from miaobi.craft.plot.telling import render_story
from miaobi.craft.text.fault import Voice
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import length
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length
from miaobi.forms.writing.narrator import Segment, Teller, lines_of, tell


def draft(desk: Desk) -> Narrative:
    """Plan by craft, tell beat by beat; each beat is a step."""
    brief = desk.brief
    plan = plan_story(read_idea(brief.idea), brief.idea, desk.seed("plan"), desk.length, brief.title)
    exemplars = data(brief.language, "exemplar")
    teller = Teller(
        desk,
        brief.language,
        Voice(
            brief.language,
            names=frozenset(w for p in plan.bible.personas for w in p.name.split()),
            pronouns=frozenset(p.pronoun for p in plan.bible.personas),
            genders={p.name: p.pronoun for p in plan.bible.personas},
        ),
        plan.vocabulary,
        narration_head=f"{exemplars['narration']} {plan.manner}",
        speech_head=exemplars["speech"],
    )
    beats: list[Beat] = []
    done, planned = 0, sum(b.words for b in plan.beats)
    for i, beat in enumerate(plan.beats):
        desk.say(beat.name, i / len(plan.beats))
        budget = (desk.length - done) * beat.words // max(planned, 1)
        lines = tell_beat(teller, f"s1.b{i + 1}", beat, budget)
        done += length(" ".join(line.text for line in lines), brief.language)
        planned -= beat.words
        beats.append(Beat(id=f"s1.b{i + 1}", name=beat.name, lines=lines))
    scene = Scene(id="s1", present=[p.id for p in plan.bible.personas], beats=beats)
    acts = [Act(id="a1", scenes=[scene])]
    return Narrative(title=plan.bible.title, language=brief.language, bible=plan.bible, acts=acts)


def tell_beat(teller: Teller, id: str, beat: PlannedBeat, budget: int) -> list[Line]:
    """Tell one beat as a durable step and return its lines; a resumed teller learns what was told before."""
    before = teller.state()
    plain = teller.desk.step(id, partial(_told, teller, id, beat, budget))
    teller.restore(before)
    segments = [Segment(**s) for s in plain["segments"]]
    teller.take(segments)
    teller.used.update(plain["used"])
    return lines_of(id, segments)


def _told(teller: Teller, id: str, beat: PlannedBeat, budget: int) -> dict[str, Any]:
    segments = tell(teller, id, beat.template, beat.texture, budget)
    for s in segments:
        if s.author == "craft":
            teller.desk.credit("craft", length(s.text, teller.language))
    return {"segments": [vars(s) for s in segments], "used": sorted(teller.used)}


def check(brief: Brief, story: Narrative) -> list[Finding]:
    """Check length, repeats, worn phrases, copied exemplars and continuity."""
    text = story.text()
    parts = [(line.id, line.text) for _, line in story.lines()]
    exemplars = list(data(brief.language, "exemplar").values())
    return [
        *check_length(text, brief.length or FORM.length.usual, brief.language),
        *check_repeats(text, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, exemplars, brief.language),
        *check_continuity(story),
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
    languages=("en",),
    draft=draft,
    check=check,
    render=render_story,
    formats=("md", "html", "txt", "docx", "epub", "pdf"),
    bible=lambda story: story.bible,
    example=Brief(form="story", idea="A lighthouse keeper finds a message in a bottle", seed=7),
)
