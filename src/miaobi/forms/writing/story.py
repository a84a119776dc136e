"""Short story 短篇小说: one hero, one deed, one thing that has to be seen through before time runs out."""

from __future__ import annotations

from typing import Any

from miaobi.bible import Bible
from miaobi.brief import Brief
from miaobi.craft.plot.narrative import Act, Beat, Line, Narrative, Scene
from miaobi.craft.plot.plan import data, plan_story
from miaobi.craft.text.fault import Voice
from miaobi.craft.text.idea import read_idea
from miaobi.form import Desk, Form, Length
from miaobi.forms.writing.narrator import Segment, Teller, tell


def draft(desk: Desk) -> Narrative:
    """Plan by craft, tell beat by beat."""
    brief = desk.brief
    plan = plan_story(read_idea(brief.idea), brief.idea, desk.seed("plan"), brief.title)
    exemplars = data(brief.language, "exemplar")
    teller = Teller(
        desk,
        brief.language,
        Voice(
            brief.language,
            names=frozenset(w for p in plan.bible.personas for w in p.name.split()),
            pronouns=frozenset(p.pronoun for p in plan.bible.personas),
        ),
        plan.vocabulary,
        narration_head=f"{exemplars['narration']} {plan.manner}",
        speech_head=exemplars["speech"],
    )
    beats: list[Beat] = []
    for i, beat in enumerate(plan.beats):
        desk.say(beat.name, i / len(plan.beats))
        key = f"beat-{i + 1}"
        budget = desk.length * beat.share // 101
        segments = [
            Segment(**s)
            for s in desk.step(key, lambda b=beat, k=key, w=budget: [vars(s) for s in tell(teller, k, b.template, b.texture, w)])
        ]
        beats.append(Beat(id=f"s1.b{i + 1}", name=beat.name, lines=_lines(f"s1.b{i + 1}", segments)))
    scene = Scene(id="s1", present=[p.id for p in plan.bible.personas], beats=beats)
    return Narrative(
        title=brief.title or "The Untitled", language=brief.language, bible=plan.bible, acts=[Act(id="a1", scenes=[scene])]
    )


def _lines(id: str, segments: list[Segment]) -> list[Line]:
    """Join segments to lines: what stands between quotation marks belongs to the words around it."""
    lines: list[Line] = []
    for s in segments:
        if lines and (lines[-1].text.endswith("“") or s.text[:1] in ",.?!”") and not s.paragraph:
            last = lines[-1]
            author = "engine" if "engine" in (last.author, s.author) else last.author
            lines[-1] = last.model_copy(update={"text": last.text + s.text, "author": author, "kind": "speech"})
        else:
            lines.append(Line(id=f"{id}.l{len(lines) + 1}", text=s.text, author=s.author, joined=not s.paragraph))
    return lines
