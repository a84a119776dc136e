"""Prose 散文: a familiar essay by thesis and turn, in the first person, without lists."""

from __future__ import annotations

from typing import Literal

from miaobi.brief import Brief
from miaobi.craft.document import MEDIA_TYPES, Document, paragraph, write
from miaobi.craft.plot.chinese_essay import plan_chinese_essay
from miaobi.craft.plot.essay import plan_essay
from miaobi.craft.plot.narrative import Beat, Scene, paragraphs
from miaobi.craft.plot.plan import data
from miaobi.craft.plot.planning import admit_idea
from miaobi.craft.plot.telling import escaped, file_name
from miaobi.craft.text.chinese_fault import check_chinese
from miaobi.craft.text.fault import Voice
from miaobi.craft.text.prose import check_copied, check_length, check_repeats, check_slop
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length
from miaobi.forms.writing.background import background_of
from miaobi.forms.writing.narrator import tell_beats
from miaobi.forms.writing.teller import Teller
from miaobi.work import Imprint, Rendering


class Essay(Content):
    """An essay: its beats, from the occasion to the close."""

    language: Literal["en", "zh"]
    topic: str
    beats: list[Beat]

    def paragraphs(self) -> list[str]:
        """Return the paragraphs in order."""
        return paragraphs(Scene(id="e1", beats=self.beats), self.language)

    def text(self) -> str:
        """Return the whole essay."""
        return "\n\n".join(self.paragraphs())


def draft(desk: Desk) -> Essay:
    """Plan by thesis and turn, then tell in the voice of the brief's samples or of our own."""
    brief = desk.brief
    if brief.language == "zh":
        plan = plan_chinese_essay(brief.idea, desk.seed("plan"), desk.length, brief.title)
    else:
        plan = plan_essay(brief.idea, desk.seed("plan"), desk.length, brief.title, brief.tone)
    background = background_of(brief)
    head = background.style or data(brief.language, "essay")["voice"]["narration"]
    voice = Voice(brief.language, pronouns=frozenset({"he", "she", "they"}), tense="any", person="first")
    teller = Teller(desk, brief.language, voice, plan.vocabulary, narration_head=head, background=background)
    beats = tell_beats(teller, "e1", plan.beats, desk.length)
    return Essay(title=plan.title, language=brief.language, topic=plan.topic, beats=beats)


def check(brief: Brief, essay: Essay) -> list[Finding]:
    """Check length, repeats, worn phrases, copied exemplars, lists, and that the topic is named."""
    text = essay.text()
    parts = [(line.id, line.text) for beat in essay.beats for line in beat.lines]
    findings = [
        *check_length(text, brief.length or FORM.length_in(brief.language).usual, brief.language),
        *check_repeats(text, brief.language),
        *check_slop(parts, brief.language),
        *check_copied(parts, [data(brief.language, "essay")["voice"]["narration"]], brief.language),
    ]
    for part, words in parts:
        if words.lstrip().startswith(("- ", "* ", "• ", "1.")):
            span = Span(part=part, text=words[:80])
            findings.append(Finding(rule="list", message="Prose has no lists.", severity="error", span=span))
    if brief.language == "zh":
        findings += check_chinese(parts, brief.idea + brief.title)
    if essay.topic.lower() not in text.lower():
        findings.append(Finding(rule="topic", message=f"“{essay.topic}” isn't named.", severity="error"))
    return findings


def render(essay: Essay, ending: str, imprint: Imprint) -> Rendering:
    """Write the essay as a file of this ending."""
    blocks = tuple(paragraph(escaped(text), first=i == 0) for i, text in enumerate(essay.paragraphs()))
    content = write(Document(essay.title, "", essay.language, blocks, imprint), ending)
    return Rendering(name=file_name(essay.title, ending), media_type=MEDIA_TYPES[ending], content=content)


FORM = Form(
    name="prose",
    names={"en": "Essay", "zh": "散文"},
    aliases=("随笔",),
    summary={"en": "A familiar essay by thesis and turn.", "zh": "有起承转合的散文。"},
    content=Essay,
    length=Length(usual=500, least=340, most=800),
    lengths={"zh": Length(usual=600, least=520, most=720)},
    admit=admit_idea,
    references=("style", "lore"),
    heeds=("tone", "audience"),
    draft=draft,
    check=check,
    render=render,
    formats=("md", "html", "txt", "docx", "epub", "pdf"),
    example=Brief(form="prose", idea="On walking at night", seed=5),
    more_examples=(Brief(form="prose", idea="谈谈夜里走路", language="zh", seed=5),),
)
