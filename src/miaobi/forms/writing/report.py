"""Report 报告: a table read, figured, charted and worded. Every number is computed; the engine chooses the wording.

The engine sees filled sentences and says which reads best; it never writes a number. ``check`` computes everything anew
from the brief's table and holds each number of the text against it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import Brief, Reference
from miaobi.craft.chart import svg
from miaobi.craft.document import MEDIA_TYPES, Document, Figure, Heading, Note, Table, paragraph, write
from miaobi.craft.document.document import Block
from miaobi.craft.facts.analysis import (
    Analysis,
    Statement,
    analyse,
    headline,
    named,
    opening,
    overview,
    statements,
    together,
)
from miaobi.craft.facts.exhibit import Grid, Picture, by_group, chart_of, glance, group_grid, over_time, time_grid
from miaobi.craft.facts.figures import Summary
from miaobi.craft.facts.numbers import Licence
from miaobi.craft.facts.phrasing import phrase
from miaobi.craft.facts.table import read_table
from miaobi.craft.facts.wording import Deck, listed
from miaobi.craft.plot.plan import data, title_case
from miaobi.craft.plot.telling import escaped, file_name
from miaobi.craft.plot.template import fill
from miaobi.craft.text.prose import check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import capital, length
from miaobi.craft.text.table import table
from miaobi.errors import BriefError
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

SENTENCE = {"en": 14, "zh": 22}  # words, 字 of a statement, on the average


class ReportOptions(Options):
    """Which columns the report treats."""

    measures: str = Field("", description="columns of numbers to report on, commas between; the first four otherwise")
    group: str = Field("", description="the column of words to group by; found when not given")


class Section(BaseModel):
    """A heading, what is said under it, and what is shown."""

    model_config = ConfigDict(extra="forbid")
    id: str
    heading: str
    sentences: list[str]
    pictures: list[Picture] = []
    grids: list[Grid] = []
    small: bool = False  # set as a note


class Report(Content):
    """A report: sections from the summary to the method."""

    language: Literal["en", "zh"]
    sections: list[Section]

    def text(self) -> str:
        """Return the words of the sections; headings, tables and captions aren't counted."""
        joint = "" if self.language == "zh" else " "
        return "\n\n".join(joint.join(s.sentences) for s in self.sections)


def analysis_of(brief: Brief) -> Analysis:
    """Return what the brief's table says; BriefError or InputFileError when there is none or it can't be read."""
    given = brief.references_of("table")
    if len(given) != 1:
        raise BriefError(
            f"A report is made from one table; {len(given)} were given.",
            "Give a CSV, TSV or JSON file: --reference table=FILE",
        )
    wanted = str(brief.options.get("measures", "")).replace("，", ",").split(",")
    table = read_table(given[0].text, brief.language)
    return analyse(
        table, brief.language, [m.strip() for m in wanted if m.strip()], str(brief.options.get("group", "")).strip()
    )


def admit(brief: Brief) -> None:
    """Raise when the table isn't there, can't be read, or holds no numbers."""
    analysis_of(brief)


def draft(desk: Desk) -> Report:
    """Compute, choose what to say for the wished length, word it section by section."""
    brief, language = desk.brief, desk.brief.language
    a = analysis_of(brief)
    chosen = _choose(a, desk.length, about_of(brief, a))
    if not _subject(brief, a):  # the opening would say the measures twice
        chosen = [
            (key, [replace(s, kind=f"{s.kind}_plain") if s.kind in ("open", "open_by") else s for s in told])
            for key, told in chosen
        ]
    headings = data(language, "report")["heading"]
    worded: dict[str, list[str]] = desk.step("text", lambda: _word(desk, chosen, about_of(brief, a)))
    sections = []
    for i, (id, sentences) in enumerate(worded.items()):
        measure = next((s for s in a.measures if f"m-{s.name}" == id), None)
        heading = capital(named(measure.name)) if measure else headings[id]
        section = Section(id=f"m{i}" if measure else id, heading=heading, sentences=sentences)
        sections.append(_shown(a, section, measure))
    notes = _method(a, {x.kind for _, said in chosen for x in said})
    method = [capital(fill(text, {"about": about_of(brief, a)})) for _, text in notes]
    sections.append(Section(id="method", heading=headings["method"], sentences=method, small=True))
    report = Report(title=_title(brief, a), language=language, sections=sections)
    desk.credit("craft", length(report.text(), language))
    return report


def _word(desk: Desk, chosen: Sequence[tuple[str, list[Statement]]], about: str) -> dict[str, list[str]]:
    """Return the sentences of each section: of the phrasings dealt, the engine takes the one that reads best."""
    language = desk.brief.language
    deck = Deck(data(language, "report")["phrase"], desk.seed("phrases"))
    joint = "" if language == "zh" else " "
    worded: dict[str, list[str]] = {}
    for i, (id, said) in enumerate(chosen):
        desk.say(id.removeprefix("m-"), i / len(chosen))
        told = worded.setdefault(id, [])
        for statement in said:
            slots = statement.slots | {"about": about}
            told.append(_begun(phrase(desk, deck, statement.kind, slots, joint.join(told))))
    return worded


def _begun(sentence: str) -> str:
    """Return *sentence* with a capital where it begins with a letter: not with a number."""
    return capital(sentence) if sentence[:1].isalpha() else sentence


def _choose(a: Analysis, wanted: int, about: str) -> list[tuple[str, list[Statement]]]:
    """Return the statements of each section: all of the first rank, further ones while there is room."""
    plan = [("brief", [opening(a), *(x for s in a.measures for x in headline(a, s))]), ("rows", overview(a))]
    plan += [(f"m-{s.name}", statements(a, s)) for s in a.measures]
    plan.append(("together", list(together(a))))
    room = wanted - sum(length(text, a.language) for _, text in _method(a, {"outlier", "lead", "up"}))
    ranked = sorted((x.rank, i, j) for i, (_, said) in enumerate(plan) for j, x in enumerate(said))
    kept: set[tuple[int, int]] = set()
    for rank, i, j in ranked:
        cost = _cost(plan[i][1][j], a.language, about)
        if rank == 1 or cost <= room + SENTENCE[a.language] // 2:
            kept.add((i, j))
            room -= cost
    return [
        (id, [x for j, x in enumerate(said) if (i, j) in kept])
        for i, (id, said) in enumerate(plan)
        if any((i, j) in kept for j in range(len(said)))
    ]


def _cost(statement: Statement, language: Language, about: str) -> int:
    phrasings = data(language, "report")["phrase"][statement.kind]
    return sum(length(fill(p, statement.slots | {"about": about}), language) for p in phrasings) // len(phrasings)


_QUESTION = re.compile(
    r"(?:how|what|which|who|whose|when|where|why|did|does|do|is|are|was|were|has|have|can|should|will)\b"
    r"|.*[?？]$|.*(?:吗|呢|怎么样|如何)$|(?:为什么|怎么|哪|多少|什么)",
    re.I,
)


def _named_subject(brief: Brief, a: Analysis) -> str:
    """Return the idea where it names a subject, "" where it is a longer wish."""
    idea = brief.idea.rstrip(" .。!！")
    return idea if length(idea, a.language) <= (9 if a.language == "en" else 22) and "\n" not in idea else ""


def _subject(brief: Brief, a: Analysis) -> str:
    """Return the subject that can stand within a sentence; a question is a title, and can't."""
    subject = _named_subject(brief, a)
    return "" if _QUESTION.match(subject) else subject


def about_of(brief: Brief, a: Analysis) -> str:
    """Return what the report is about as it is read within a sentence: “the town library in spring”."""
    subject = _subject(brief, a)
    if not subject:
        return listed([named(s.name) for s in a.measures], a.language)
    names = table("names.en") | table("given_she.en") | table("given_he.en")
    if a.language == "zh" or subject.split()[0].lower() in names:
        return subject
    return subject if subject.split()[0].isupper() else subject[0].lower() + subject[1:]


def _title(brief: Brief, a: Analysis) -> str:
    if brief.title:
        return brief.title
    if idea := _named_subject(brief, a):
        return title_case(idea) if a.language == "en" else idea
    name = named(a.measures[0].name)
    return f"{name}情况报告" if a.language == "zh" else title_case(f"{name}: a report")


def _method(a: Analysis, said: set[str]) -> list[tuple[str, str]]:
    """Return the notes on method that what is *said* calls for."""
    table = data(a.language, "report")["method"]
    wanted = {
        "computed": True,
        "mean": any(s.missing for s in a.measures),
        "fences": bool(said & {"outlier", "no_outlier"}),
        "share": bool(said & {"lead", "two", "brief_lead"}),
        "growth": bool(said & {"up", "down", "brief_up", "brief_down", "brief_up_again", "brief_down_again"}),
        "r": bool(said & {"with_up", "with_down", "without"}),
    }
    return [(key, table[key]) for key, shown in wanted.items() if shown]


def _shown(a: Analysis, section: Section, measure: Summary | None) -> Section:
    """Return the section with its table and charts."""
    if section.id == "rows":
        return section.model_copy(update={"grids": [glance(a)]})
    if measure is None:
        return section
    pictures = [p for p in (over_time(a, measure), by_group(a, measure)) if p]
    grids = [g for g in (group_grid(a, measure), time_grid(a, measure)) if g]
    return section.model_copy(update={"pictures": pictures, "grids": grids[:1]})


def check(brief: Brief, report: Report) -> list[Finding]:
    """Compute the table anew; every number of text and tables must come out of it."""
    a = analysis_of(brief)
    licence = Licence.of([*_given(a), brief.title, brief.idea])
    parts = [(f"{s.id}.s{i + 1}", text) for s in report.sections for i, text in enumerate(s.sentences)]
    cells = [(f"{s.id}.table", cell) for s in report.sections for g in s.grids for row in g.rows for cell in row]
    findings = [
        Finding(
            rule="number-not-computed",
            message=f"The number {n} doesn't come out of the table.",
            severity="error",
            span=Span(part=part, text=text[:80]),
        )
        for part, text in [("title", report.title), *parts, *cells]
        for n in licence.unlicensed(text)
    ]
    findings += _charts(a, report)
    text, wanted = report.text(), brief.length or FORM.length_in(brief.language).usual
    findings += [
        f.model_copy(update={"severity": "note"}) if f.rule == "length" else f
        for f in check_length(text, wanted, brief.language)
    ]
    return [*findings, *check_repeats(text, brief.language), *check_slop(parts, brief.language)]


def _given(a: Analysis) -> list[str]:
    """Return every figure that may be written, computed from the table."""
    said = [opening(a), *overview(a), *together(a)]
    said += [x for s in a.measures for x in (*headline(a, s), *statements(a, s))]
    given = [value for x in said for value in x.slots.values()]
    given += [p for x in said for p in data(a.language, "report")["phrase"][x.kind]]  # “the first two”: fixed words
    for s in a.measures:
        grids = [glance(a), group_grid(a, s), time_grid(a, s)]
        given += [cell for g in grids if g for row in [g.header, *g.rows] for cell in row]
    return [*given, *data(a.language, "report")["method"].values()]


def _charts(a: Analysis, report: Report) -> list[Finding]:
    """Return an error for each chart whose values aren't those of the table."""
    legal = [[x.value for x in shown] for s in a.measures for shown in (s.series, s.groups)]
    return [
        Finding(rule="chart-not-computed", message=f"“{p.caption}” doesn't show the table's values.", severity="error")
        for s in report.sections
        for p in s.pictures
        if p.values not in legal
    ]


def to_document(report: Report, imprint: Imprint) -> Document:
    """Return the report as a document."""
    joint = "" if report.language == "zh" else " "
    unit = data(report.language, "report")["unit"]
    figures, tables = (itertools.count(1), itertools.count(1))
    blocks: list[Block] = []
    for section in report.sections:
        blocks.append(Heading(1, section.heading, section.id))
        text = escaped(joint.join(section.sentences))
        blocks.append(Note(joint.join(section.sentences)) if section.small else paragraph(text, first=True))
        blocks += [
            Figure(svg(chart_of(p)), unit["figure"].replace("{n}", str(next(figures))) + p.caption, p.alt)
            for p in section.pictures
        ]
        blocks += [
            Table(
                unit["table"].replace("{n}", str(next(tables))) + g.caption,
                tuple(g.header),
                tuple(map(tuple, g.rows)),
                "l" + "r" * (len(g.header) - 1),
            )
            for g in section.grids
        ]
    return Document(report.title, "", report.language, tuple(blocks), imprint, setting="report")


def render(report: Report, ending: str, imprint: Imprint) -> Rendering:
    """Write the report as a file of this ending."""
    content = write(to_document(report, imprint), ending)
    return Rendering(name=file_name(report.title, ending), media_type=MEDIA_TYPES[ending], content=content)


EXAMPLE = """month,branch,visits,loans
2026-01,Harbour,1240,860
2026-01,Hill,730,655
2026-01,Mill,410,198
2026-02,Harbour,1310,905
2026-02,Hill,690,610
2026-02,Mill,455,240
2026-03,Harbour,1525,1010
2026-03,Hill,702,640
2026-03,Mill,,251
2026-04,Harbour,1480,975
2026-04,Hill,768,702
2026-04,Mill,520,288
"""

FORM = Form(
    name="report",
    names={"en": "Report", "zh": "报告"},
    aliases=("data report", "数据报告"),
    summary={
        "en": "A report on a table: figures computed, charted and worded; no number that wasn't computed.",
        "zh": "就一张数据表写成的报告：数字由程序算出，配图配表，不写一个算不出的数。",
    },
    content=Report,
    length=Length(usual=340, least=100, most=3_000),
    lengths={"zh": Length(usual=560, least=150, most=5_000)},
    options=ReportOptions,
    references=("table",),
    draft=draft,
    check=check,
    render=render,
    formats=("md", "html", "docx", "pdf"),
    admit=admit,
    example=Brief(
        form="report",
        idea="The town library in spring",
        seed=4,
        references=(Reference(kind="table", name="library.csv", text=EXAMPLE),),
    ),
    more_examples=(
        Brief(
            form="report",
            idea="镇图书馆的春天",
            language="zh",
            seed=4,
            references=(Reference(kind="table", name="library.csv", text=EXAMPLE),),
        ),
    ),
)
