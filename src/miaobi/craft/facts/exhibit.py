"""Exhibit: the tables and charts of a report, as written figures and as values; each made from an analysis alone."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from miaobi.craft.chart import Chart, Series
from miaobi.craft.facts.analysis import Analysis, comparable, named
from miaobi.craft.facts.figures import Summary, per_cent
from miaobi.craft.plot.plan import data
from miaobi.craft.text.sentence import capital

PARTS = 7  # groups shown as parts of a whole; more are bars
POINTS = 60  # of a line; more are not told apart on a page
ROWS = 14  # of a table of groups or times


class Picture(BaseModel):
    """A chart as figures; ``svg`` draws it."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["bar", "line", "share"]
    caption: str
    alt: str
    unit: str
    categories: list[str]
    values: list[float]
    moments: list[float] = []  # years, where the categories are times


class Grid(BaseModel):
    """A table of written figures; the first column is words."""

    model_config = ConfigDict(extra="forbid")
    caption: str
    header: list[str]
    rows: list[list[str]]


def glance(a: Analysis) -> Grid:
    """Return the table of all measures."""
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


def group_grid(a: Analysis, s: Summary) -> Grid | None:
    """Return the table of a measure by group, or None where it would have no or too many rows."""
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


def time_grid(a: Analysis, s: Summary) -> Grid | None:
    """Return the table of a measure by time, or None where it would have no or too many rows."""
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


def over_time(a: Analysis, s: Summary) -> Picture | None:
    """Return the chart of a measure along the time, or None."""
    if not comparable(a, s) or len(s.series) > POINTS:
        return None
    kind: Literal["bar", "line"] = "line" if len(s.series) >= 4 else "bar"
    return _picture(a, s, kind, "series")


def by_group(a: Analysis, s: Summary) -> Picture | None:
    """Return the chart of a measure by group, or None."""
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
    moments = [_moment(a, x.name) for x in shown] if what == "series" else []
    return Picture(
        kind=kind,
        caption=caption,
        alt=template.replace("{caption}", caption).replace("{said}", "; ".join(told)),
        unit=s.unit,
        categories=[a.said(x.name) if what == "series" else x.name for x in shown],
        values=[x.value for x in shown],
        moments=moments,
    )


def _moment(a: Analysis, cell: str) -> float:
    """Return a time of the table in years; months of 30.4 and years of 365.25 days."""
    assert a.time is not None  # only called for a series
    key = a.time.keys[a.time.cells.index(cell)] or (0,)
    year, month, day = (*key, 1, 1)[:3]
    return year + (month - 1) / 12 + (max(day, 1) - 1) / 365.25


def chart_of(p: Picture) -> Chart:
    """Return the picture as a chart to be drawn."""
    return Chart(
        p.kind, p.caption, tuple(p.categories), (Series(p.caption, tuple(p.values)),), p.unit, places=tuple(p.moments)
    )
