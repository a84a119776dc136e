"""The report: every number comes out of the table, by an arithmetic that isn't ours."""

from __future__ import annotations

import csv
import io
import json
import re
import statistics
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.brief import Brief, Reference
from miaobi.compose import compose
from miaobi.errors import BriefError, InputFileError
from miaobi.findings import errors_of
from miaobi.forms import find
from miaobi.forms.writing.report import EXAMPLE, Report, check
from miaobi.types import Language
from miaobi.work import Work
from tests.parrot import Parrot


def brief(table: str, language: Language = "en", **more: object) -> Brief:
    values = {"form": "report", "idea": "The library", "language": language, "seed": 1} | more
    return Brief.parse(values | {"references": (Reference(kind="table", name="t.csv", text=table),)})


def report_of(work: Work) -> Report:
    return Report.model_validate(work.content)


def test_sums_means_and_shares_equal_those_of_the_standard_library() -> None:
    work = compose(brief(EXAMPLE, length=900), engine=Parrot(), formats=["md"])
    rows = list(csv.DictReader(io.StringIO(EXAMPLE)))
    visits = [int(r["visits"]) for r in rows if r["visits"]]
    by_branch: dict[str, int] = defaultdict(int)
    for r in rows:
        by_branch[r["branch"]] += int(r["visits"] or 0)
    text = report_of(work).text()
    assert f"{sum(visits):,}" in text
    assert f"{statistics.mean(visits):,.1f}" in text
    assert f"{statistics.median(visits):,.1f}" in text
    assert f"{100 * by_branch['Harbour'] / sum(visits):.1f}%" in text


def test_period_whose_sum_lacks_a_value_is_named_and_not_compared_step_by_step() -> None:
    text = report_of(compose(brief(EXAMPLE, length=900), engine=Parrot(), formats=["md"])).text()
    visits = next(s for s in text.split("\n\n") if "1,525" in s)
    assert "March" in visits  # the year stands where the period is told
    assert not re.search(r"step (?:up|down)|gained|lost|rises", visits)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_that_the_table_does_not_give_is_an_error(language: Language) -> None:
    asked = brief(EXAMPLE, language)
    report = report_of(compose(asked, engine=Parrot(), formats=["md"]))
    assert not errors_of(check(asked, report))
    report.sections[0].sentences[0] += " 31415"
    report.sections[2].pictures[0].values[0] += 1
    report.sections[2].grids[0].rows[0][1] = "777"
    rules = [f.rule for f in errors_of(check(asked, report))]
    assert rules == ["number-not-computed", "number-not-computed", "chart-not-computed"]


def test_longer_report_says_more_and_a_short_one_only_what_matters_most() -> None:
    short, long = (compose(brief(EXAMPLE, length=n), engine=Parrot(), formats=["md"]) for n in (150, 600))
    sentences = [sum(len(s.sentences) for s in report_of(w).sections) for w in (short, long)]
    assert sentences[0] < sentences[1] * 0.8
    assert "9,830" in report_of(short).text()


def test_measures_and_group_are_taken_as_asked() -> None:
    asked = brief(EXAMPLE, options={"measures": "Loans", "group": "branch"})
    report = report_of(compose(asked, engine=Parrot(), formats=["md"]))
    assert [s.heading for s in report.sections] == ["In brief", "The data", "Loans", "Method"]
    assert "Left out of the report: visits" in report.text() or "Not treated here: visits" in report.text()


@pytest.mark.parametrize(
    ("table", "options", "named"),
    [
        (None, {}, "one table; 0 were given"),
        ("name,town\nAda,York\nBo,Leeds\n", {}, "no column of numbers"),
        (EXAMPLE, {"measures": "vists"}, "“vists”|vists"),
        (EXAMPLE, {"group": "visits"}, "not a column to group by"),
        ("only a header\n", {}, "no rows"),
    ],
)
def test_refusal_says_what_is_wrong_with_the_table(table: str | None, options: dict[str, str], named: str) -> None:
    asked = brief(table or EXAMPLE, options=options)
    if table is None:
        asked = asked.model_copy(update={"references": ()})
    with pytest.raises((BriefError, InputFileError), match=named):
        compose(asked, engine=Parrot())


def test_docx_and_html_hold_the_charts_and_the_tables() -> None:
    from docx import Document

    work = compose(find("report").example, engine=Parrot())
    file = Document(io.BytesIO(work.rendering("docx").content))
    assert len(file.inline_shapes) == 4
    assert [c.text for c in file.tables[0].rows[1].cells][:3] == ["Visits", "11", "9,830"]
    html = work.rendering("html").content.decode()
    assert html.count("<img") == 4
    assert "Figure 4. Loans by branch" in html


_CELL = st.one_of(st.integers(-10_000, 10_000).map(str), st.floats(-1e6, 1e6).map(lambda x: f"{x:.2f}"), st.just(""))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), _CELL, _CELL), min_size=1, max_size=14),
    language=st.sampled_from(["en", "zh"]),
)
def test_report_of_any_table_holds_no_number_that_was_not_computed(
    rows: list[tuple[str, str, str]], language: Language
) -> None:
    table = json.dumps([{"kind": k, "x": x or None, "y": y or None} for k, x, y in rows])
    if not any(x for _, x, _ in rows) and not any(y for _, _, y in rows):
        return
    work = compose(brief(table, language, length=400), engine=Parrot(), formats=["md"])
    assert not errors_of(list(work.findings))


@pytest.mark.parametrize("idea", ["How did the shop do", "Which branch had most visits?"])
def test_question_is_a_title_and_stands_in_no_sentence(idea: str) -> None:
    made = compose(brief(EXAMPLE, idea=idea), engine=Parrot(), formats=["md"])
    text = made.rendering("md").content.decode().partition("##")[2].lower()
    assert idea.lower().rstrip("?") not in text
    assert made.title.lower().startswith(idea.lower()[:8])
