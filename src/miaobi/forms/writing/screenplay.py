"""Screenplay 剧本: a short film in the trade's layout, valid Fountain and FDX because it is built of their elements."""

from __future__ import annotations

from typing import Any

from miaobi.brief import Brief
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.chinese_screen import plan_chinese_screenplay
from miaobi.craft.plot.continuity import check_continuity
from miaobi.craft.plot.narrative import Act, Beat, Line, Narrative, Scene
from miaobi.craft.plot.plan import Plan, data
from miaobi.craft.plot.planning import admit_idea, check_idea, plan_in
from miaobi.craft.plot.reading import read_screenplay
from miaobi.craft.plot.screen import PlannedLine, PlannedScene, plan_screenplay, to_script
from miaobi.craft.plot.telling import file_name
from miaobi.craft.plot.template import Fixed, parse
from miaobi.craft.screenplay import MEDIA_TYPES, fountain, write
from miaobi.craft.text.chinese_fault import check_chinese
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import length
from miaobi.findings import Finding
from miaobi.form import Desk, Form, Length
from miaobi.forms.writing.background import background_of
from miaobi.forms.writing.narrator import narrate, speak, voice_of
from miaobi.forms.writing.teller import Teller
from miaobi.work import Imprint, Rendering

_AGES = "0123456789 " + " ".join(map(str, range(10, 100)))  # figures that a Chinese script writes
_PLACES = ("hero", "ally")


def draft(desk: Desk) -> Narrative:
    """Plan as for a story, see it as scenes, write scene by scene; each scene is a step."""
    brief = desk.brief
    people = people_of(brief)
    plan = plan_in(brief.language, brief.idea, desk.seed("plan"), desk.length, brief.title, brief.tone, people)
    scenes = []
    teller = _teller(desk, plan)
    for i, planned in enumerate(_scenes(desk, plan)):
        desk.say(planned.heading, i / 9)
        scenes.append(_scene(teller, f"s{i + 1}", planned))
    return Narrative(
        title=plan.bible.title,
        language=brief.language,
        bible=plan.bible,
        acts=[Act(id="a1", scenes=scenes)],
        tense="present",
    )


def _scenes(desk: Desk, plan: Plan) -> tuple[PlannedScene, ...]:
    if desk.brief.language == "zh":
        return plan_chinese_screenplay(plan, desk.seed("scenes"), desk.length)
    return plan_screenplay(plan, read_idea(desk.brief.idea), desk.seed("scenes"), desk.length)


def _teller(desk: Desk, plan: Plan) -> Teller:
    language = desk.brief.language
    voice = voice_of(language, plan.bible.personas, tense="present")
    background = background_of(desk.brief)
    return Teller(
        desk,
        language,
        voice,
        plan.vocabulary,
        absent=frozenset(plan.slots.get("忌", "").split()),
        narration_head=background.style or data(language, "screen")["voice"]["narration"],
        speech_head=data(language, "exemplar").get("speech", ""),
        background=background,
    )


def _scene(teller: Teller, id: str, planned: PlannedScene) -> Scene:
    before = teller.state()
    plain: dict[str, Any] = teller.desk.step(id, lambda: _written(teller, id, planned))
    teller.restore(before)
    teller.used.update(plain["used"])
    lines = [Line(**line) for line in plain["lines"]]
    for line in lines:
        teller.hear(line.text)
    beats = [Beat(id=f"{id}.b1", name="scene", lines=lines)]
    passing = dict.fromkeys(line.speaker for line in lines if line.speaker and line.speaker not in _PLACES)
    return Scene(id=id, title=planned.heading, place=planned.heading, present=[*_PLACES, *passing], beats=beats)


def _written(teller: Teller, id: str, planned: PlannedScene) -> dict[str, Any]:
    lines = []
    for i, line in enumerate(planned.lines):
        text, author = _text(teller, f"{id}.l{i + 1}", line)
        if text:
            teller.hear(text)
            speech = line.kind == "speech"
            manner = line.manner if speech else "transition" if line.kind == "transition" else ""
            made = Line(
                id=f"{id}.l{i + 1}",
                text=text,
                kind="speech" if speech else "narration",
                speaker=line.speaker,
                manner=manner,
                author="engine" if author == "engine" else "craft",
                joined=False,
            )
            lines.append(made.model_dump())
    return {"lines": lines, "used": sorted(teller.used)}


def _text(teller: Teller, key: str, line: PlannedLine) -> tuple[str, str]:
    """Return the line's text, its openings written, and who wrote most of it."""
    out, author = "", "craft"
    for i, part in enumerate(parse(line.template)):
        if isinstance(part, Fixed):
            out += part.text
            teller.desk.credit("craft", length(part.text, teller.language))
            continue
        ask = f"{key}:{i}"
        written = speak(teller, ask, part.openers) if line.kind == "speech" else narrate(teller, ask, part.openers)
        if written:
            out += written.text
            author = written.author
            if author == "craft":
                teller.desk.credit("craft", length(written.text, "zh"))
    return " ".join(out.split()), author


def check(brief: Brief, story: Narrative) -> list[Finding]:
    """Check length, repeats, worn phrases, copies, continuity, and that the Fountain reads back as it was written."""
    spoken = " ".join(line.text for _, line in story.lines())
    parts = [(line.id, line.text) for _, line in story.lines()]
    exemplars = [data(brief.language, "screen")["voice"]["narration"], *data(brief.language, "exemplar").values()]
    findings = [
        *check_length(spoken, brief.length or FORM.length_in(brief.language).usual, brief.language),
        *check_repeats(spoken, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, exemplars, brief.language),
        *check_continuity(story),
        *check_idea(brief),
        *(check_chinese(parts, brief.idea + brief.title + _AGES) if brief.language == "zh" else ()),
    ]
    script = to_script(story, "")
    if [e.kind for e in fountain.parse(fountain.write(script)).elements] != [e.kind for e in script.elements]:
        findings.append(Finding(rule="fountain", message="The Fountain doesn't read back.", severity="error"))
    return findings


def render(story: Narrative, ending: str, imprint: Imprint) -> Rendering:
    """Write the screenplay as a file of this ending."""
    content = write(to_script(story, imprint.notice), ending, imprint)
    return Rendering(name=file_name(story.title, ending), media_type=MEDIA_TYPES[ending], content=content)


FORM = Form(
    name="screenplay",
    names={"en": "Screenplay", "zh": "剧本"},
    aliases=("script", "短片剧本"),
    summary={"en": "A short film in scenes, ready for Final Draft.", "zh": "分场的短片剧本。"},
    content=Narrative,
    length=Length(usual=670, least=560, most=800),
    lengths={"zh": Length(usual=900, least=850, most=960)},
    admit=admit_idea,
    references=("style", "lore", "persona"),
    heeds=("tone", "audience"),
    draft=draft,
    check=check,
    render=render,
    formats=("fountain", "fdx", "html", "pdf"),
    bible=lambda story: story.bible,
    read=read_screenplay,
    example=Brief(form="screenplay", idea="A lighthouse keeper finds a message in a bottle", seed=3),
    more_examples=(Brief(form="screenplay", idea="灯塔守护人在瓶子里发现一封信", language="zh", seed=3),),
)
