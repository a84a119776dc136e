"""Report 报告: a table read, figured, charted and worded. Every number is computed; the engine chooses the wording.

The engine sees filled sentences and says which reads best; it never writes a number. ``check`` computes everything anew
from the brief's table and holds each number of the text against it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from miaobi.brief import Brief, Reference
from miaobi.craft.chart import Chart, Series, svg
from miaobi.craft.document import MEDIA_TYPES, Document, Figure, Heading, Note, Table, paragraph, write
from miaobi.craft.document.document import Block
from miaobi.craft.facts.analysis import Analysis, Statement, analyse, headline, named, overview, statements, together
from miaobi.craft.facts.figures import Summary, per_cent
from miaobi.craft.facts.numbers import Licence
from miaobi.craft.facts.phrasing import phrase
from miaobi.craft.facts.table import read_table
from miaobi.craft.facts.wording import Deck
from miaobi.craft.plot.plan import data, title_case
from miaobi.craft.plot.telling import escaped, file_name
from miaobi.craft.plot.template import fill
from miaobi.craft.text.prose import check_length, check_repeats, check_slop
from miaobi.craft.text.sentence import capital, length
from miaobi.errors import BriefError
from miaobi.findings import Finding, Span
from miaobi.form import Content, Desk, Form, Length, Options
from miaobi.types import Language
from miaobi.work import Imprint, Rendering

SENTENCE = {"en": 14, "zh": 22}  # words, 字 of a statement, on the average
PARTS = 7  # groups shown as parts of a whole; more are bars
POINTS = 60  # of a line; more are not told apart on a page
ROWS = 14  # of a table of groups or times


class ReportOptions(Options):
    """Which columns the report treats."""

    measures: str = Field("", description="columns of numbers to report on, commas between; the first four otherwise")
    group: str = Field("", description="the column of words to group by; found when not given")


class Picture(BaseModel):
    """A chart as figures; ``svg`` draws it."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["bar", "line", "share"]
    caption: str
    alt: str
    unit: str
    categories: list[str]
    values: list[float]


class Grid(BaseModel):
    """A table of written figures; the first column is words."""

    model_config = ConfigDict(extra="forbid")
    caption: str
    header: list[str]
    rows: list[list[str]]


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
    chosen = _choose(a, desk.length)
    headings = data(language, "report")["heading"]
    worded: dict[str, list[str]] = desk.step("text", lambda: _word(desk, chosen))
    sections = []
    for i, (id, sentences) in enumerate(worded.items()):
        measure = next((s for s in a.measures if f"m-{s.name}" == id), None)
        heading = capital(named(measure.name)) if measure else headings[id]
        section = Section(id=f"m{i}" if measure else id, heading=heading, sentences=sentences)
        sections.append(_shown(a, section, measure))
    method = [text for _, text in _method(a)]
    sections.append(Section(id="method", heading=headings["method"], sentences=method, small=True))
    report = Report(title=_title(brief, a), language=language, sections=sections)
    desk.credit("craft", length(report.text(), language))
    return report


def _word(desk: Desk, chosen: Sequence[tuple[str, list[Statement]]]) -> dict[str, list[str]]:
    """Return the sentences of each section: of the phrasings dealt, the engine takes the one that reads best."""
    language = desk.brief.language
    deck = Deck(data(language, "report")["phrase"], desk.seed("phrases"))
    joint = "" if language == "zh" else " "
    worded: dict[str, list[str]] = {}
    for i, (id, said) in enumerate(chosen):
        desk.say(id.removeprefix("m-"), i / len(chosen))
        told = worded.setdefault(id, [])
        for statement in said:
            told.append(capital(phrase(desk, deck, statement.kind, statement.slots, joint.join(told))))
    return worded


def _choose(a: Analysis, wanted: int) -> list[tuple[str, list[Statement]]]:
    """Return the statements of each section: all of the first rank, further ones while there is room."""
    plan = [("brief", [x for s in a.measures for x in headline(a, s)]), ("rows", overview(a))]
    plan += [(f"m-{s.name}", statements(a, s)) for s in a.measures]
    plan.append(("together", list(together(a))))
    room = wanted - sum(length(text, a.language) for _, text in _method(a))
    ranked = sorted((x.rank, i, j) for i, (_, said) in enumerate(plan) for j, x in enumerate(said))
    kept: set[tuple[int, int]] = set()
    for rank, i, j in ranked:
        cost = _cost(plan[i][1][j], a.language)
        if rank == 1 or cost <= room + SENTENCE[a.language] // 2:
            kept.add((i, j))
            room -= cost
    return [
        (id, [x for j, x in enumerate(said) if (i, j) in kept])
        for i, (id, said) in enumerate(plan)
        if any((i, j) in kept for j in range(len(said)))
    ]


def _cost(statement: Statement, language: Language) -> int:
    phrasings = data(language, "report")["phrase"][statement.kind]
    return sum(length(fill(p, statement.slots), language) for p in phrasings) // len(phrasings)


def _title(brief: Brief, a: Analysis) -> str:
    if brief.title:
        return brief.title
    idea = brief.idea.rstrip(" .。!！")
    if length(idea, a.language) <= (9 if a.language == "en" else 22) and "\n" not in idea:
        return title_case(idea) if a.language == "en" else idea
    name = named(a.measures[0].name)
    return f"{name}情况报告" if a.language == "zh" else title_case(f"{name}: a report")


def _method(a: Analysis) -> list[tuple[str, str]]:
    table = data(a.language, "report")["method"]
    wanted = {
        "computed": True,
        "mean": any(s.missing for s in a.measures),
        "fences": any(s.count >= 8 for s in a.measures),
        "share": any(len(s.groups) > 1 and s.total is not None for s in a.measures),
        "growth": any(len(s.series) > 1 for s in a.measures),
        "r": any(x.kind.startswith("with") for x in together(a)),
    }
    return [(key, table[key]) for key, shown in wanted.items() if shown]


def _shown(a: Analysis, section: Section, measure: Summary | None) -> Section:
    """Return the section with its table and charts."""
    if section.id == "rows":
        return section.model_copy(update={"grids": [_glance(a)]})
    if measure is None:
        return section
    pictures = [p for p in (_over_time(a, measure), _by_group(a, measure)) if p]
    grids = [g for g in (_group_grid(a, measure), _time_grid(a, measure)) if g]
    return section.model_copy(update={"pictures": pictures, "grids": grids[:1]})


def _glance(a: Analysis) -> Grid:
    words = data(a.language, "report")
    keys = ("measure", "rows", "total", "mean", "median", "low", "high")
    rows = [
        [
            capital(named(s.name)),
            f"{s.count:,}",
            s.say(s.total) if s.total is not None else "–",
            s.say(s.mean, 1),
            s.say(s.median, 1),
            s.say(s.low),
            s.say(s.high),
        ]
        for s in a.measures
    ]
    return Grid(caption=words["caption"]["overview"], header=[words["column"][k] for k in keys], rows=rows)


def _group_grid(a: Analysis, s: Summary) -> Grid | None:
    if a.group is None or not 2 <= len(s.groups) <= ROWS:
        return None
    words = data(a.language, "report")
    whole = s.total if s.total and all(g.value >= 0 for g in s.groups) else None
    more = 0 if s.total is not None else 1
    value = words["column"]["total" if s.total is not None else "mean"]
    header = [capital(named(a.group.name)), words["column"]["rows"], value]
    rows = [[g.name, f"{g.count:,}", s.say(g.value, more)] for g in s.groups]
    if whole:
        header.append(words["column"]["share"])
        rows = [[*row, per_cent(g.value, whole)] for row, g in zip(rows, s.groups, strict=True)]
    return Grid(caption=_caption(a, s, "group"), header=header, rows=rows)


def _time_grid(a: Analysis, s: Summary) -> Grid | None:
    if a.time is None or not 2 <= len(s.series) <= ROWS:
        return None
    header = [capital(named(a.time.name)), capital(named(s.name))]
    more = 0 if s.total is not None else 1
    return Grid(
        caption=_caption(a, s, "series"),
        header=header,
        rows=[[a.said(x.name), s.say(x.value, more)] for x in s.series],
    )


def _caption(a: Analysis, s: Summary, kind: str) -> str:
    text: str = data(a.language, "report")["caption"][kind]
    group = named(a.group.name) if a.group else ""
    return text.replace("{Name}", capital(named(s.name))).replace("{name}", named(s.name)).replace("{group}", group)


def _over_time(a: Analysis, s: Summary) -> Picture | None:
    if not 2 <= len(s.series) <= POINTS:
        return None
    kind: Literal["bar", "line"] = "line" if len(s.series) >= 4 else "bar"
    return _picture(a, s, kind, "series")


def _by_group(a: Analysis, s: Summary) -> Picture | None:
    if len(s.groups) < 2:
        return None
    whole = s.total is not None and s.total > 0 and all(g.value >= 0 for g in s.groups)
    return _picture(a, s, "share" if whole and len(s.groups) <= PARTS else "bar", "group")


def _picture(a: Analysis, s: Summary, kind: Literal["bar", "line", "share"], what: str) -> Picture:
    shown = s.series if what == "series" else s.groups
    caption = _caption(a, s, what)
    template: str = data(a.language, "report")["caption"]["alt"]
    more = 0 if s.total is not None else 1
    told = [f"{a.said(x.name)} {s.say(x.value, more)}" for x in shown]
    return Picture(
        kind=kind,
        caption=caption,
        alt=template.replace("{caption}", caption).replace("{said}", "; ".join(told)),
        unit=s.unit,
        categories=[a.said(x.name) if what == "series" else x.name for x in shown],
        values=[x.value for x in shown],
    )


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
    said = [*overview(a), *together(a)]
    said += [x for s in a.measures for x in (*headline(a, s), *statements(a, s))]
    given = [value for x in said for value in x.slots.values()]
    given += [p for x in said for p in data(a.language, "report")["phrase"][x.kind]]  # “the first two”: fixed words
    for s in a.measures:
        grids = [_glance(a), _group_grid(a, s), _time_grid(a, s)]
        given += [cell for g in grids if g for row in [g.header, *g.rows] for cell in row]
    return [*given, *(text for _, text in _method(a))]


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
            Figure(svg(_chart(p)), unit["figure"].replace("{n}", str(next(figures))) + p.caption, p.alt)
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


def _chart(p: Picture) -> Chart:
    return Chart(p.kind, p.caption, tuple(p.categories), (Series(p.caption, tuple(p.values)),), p.unit)


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
