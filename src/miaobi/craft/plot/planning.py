"""One door to the plan of a story, whatever its language: each has its own grammar, tables and reading of the idea."""

from __future__ import annotations

from collections.abc import Sequence

from miaobi.bible import Persona
from miaobi.brief import Brief
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.chinese_plan import plan_chinese_story
from miaobi.craft.plot.chinese_saga import plan_chinese_novel
from miaobi.craft.plot.plan import Plan, plan_story
from miaobi.craft.plot.saga import Saga, plan_novel
from miaobi.craft.text.chinese_idea import read_chinese_idea
from miaobi.craft.text.idea import read_idea
from miaobi.craft.text.sentence import han
from miaobi.errors import BriefError, show
from miaobi.findings import Finding
from miaobi.types import Language


def admit_idea(brief: Brief) -> None:
    """Refuse an idea that holds no word of the language that it is to be told in, and people that can't be read."""
    people_of(brief)
    if brief.language == "zh" and not han(brief.idea):
        raise BriefError(
            f"The idea {show(brief.idea)} has no Chinese character, and the work is to be Chinese.",
            "Write the idea in Chinese, e.g. 「灯塔守护人在瓶子里发现一封信」, or leave --lang zh out.",
        )


def plan_novel_in(
    language: Language,
    text: str,
    seed: int,
    chapters: int,
    length: int,
    title: str = "",
    people: Sequence[Persona] = (),
) -> Saga:
    """Plan the novel of *text* in *chapters* chapters and about *length* words (字); equal seeds give equal plans."""
    if language == "zh":
        return plan_chinese_novel(read_chinese_idea(text), text, seed, chapters, title, people)
    return plan_novel(read_idea(text), text, seed, chapters, length, title, people)


def check_idea(brief: Brief) -> list[Finding]:
    """Return a warning where no deed could be read in an English idea, so that the plot can't turn on it."""
    if brief.language != "en" or read_idea(brief.idea).deed:
        return []
    message = f"No deed could be read in the idea {show(brief.idea)}: the plot only borrows its words."
    hint = "Say who does what: “A nurse paints the birds that come at night”."
    return [Finding(rule="idea-not-read", message=f"{message} {hint}")]


def plan_in(
    language: Language,
    text: str,
    seed: int,
    length: int,
    title: str = "",
    tone: str = "",
    people: Sequence[Persona] = (),
) -> Plan:
    """Plan the story of *text* in about *length* words (字); the same seed gives the same plan.

    *tone* is the brief's; an English plan chooses its wordings and its arc by it. *people* play hero and ally.
    """
    if language == "zh":
        return plan_chinese_story(read_chinese_idea(text), text, seed, length, title, people)
    return plan_story(read_idea(text), text, seed, length, title, tone, arc="", people=people)
