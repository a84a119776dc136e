"""Analysis: what a table says, as statements to be worded; each holds its figures already written out.

A statement has a kind (the phrase book's key), slots, and a rank: 1 is said in any report, higher ones are left out
of a shorter one. Statements about one measure come in the order in which they are to be read.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from miaobi.craft.facts.figures import (
    Share,
    Summary,
    correlation,
    group_column,
    per_cent,
    row_labels,
    spoken_time,
    summarise,
)
from miaobi.craft.facts.table import Column, Table
from miaobi.craft.facts.wording import counted, listed
from miaobi.craft.plot.plan import data
from miaobi.craft.text.sentence import capital
from miaobi.errors import BriefError, show
from miaobi.types import Language

MEASURES = 4  # columns of numbers that one report treats when none are named
NAMED = 3  # rows named before the rest are counted


@dataclass(frozen=True)
class Statement:
    """Something computed, ready to be worded."""

    kind: str
    slots: dict[str, str]
    rank: int = 1


@dataclass(frozen=True)
class Analysis:
    """A table with the columns chosen, and the summary of each measure."""

    table: Table
    language: Language
    measures: tuple[Summary, ...]
    columns: tuple[Column, ...]  # of the measures
    time: Column | None
    group: Column | None

    @property
    def unit(self) -> dict[str, str]:
        """Return the words for rows, columns and steps."""
        found: dict[str, str] = data(self.language, "report")["unit"]
        return found

    def count(self, n: int, unit: str) -> str:
        """Return ``12 rows`` in the report's language."""
        return counted(n, self.unit[unit], self.language)

    def said(self, moment: str) -> str:
        """Return a time as it is read within a sentence: ``2026-03`` → ``March 2026``."""
        return spoken_time(moment, self.language)

    def shortly(self, said: str) -> str:
        """Return a time or a row's name without the year, where all times of the table are of one and it was told."""
        return said.replace(self._year, "") if self._year else said

    @cached_property
    def _year(self) -> str:
        """Return the one year of the table's times as it is read behind or before a month, "" where there are more."""
        years = {cell[:4] for cell in (self.time.cells if self.time else ()) if cell and self.said(cell) != cell}
        if len(years) != 1 or (self.time and any(cell and self.said(cell) == cell for cell in self.time.cells)):
            return ""
        return f"{years.pop()}年" if self.language == "zh" else f" {years.pop()}"


def analyse(table: Table, language: Language, measures: Sequence[str] = (), group: str = "") -> Analysis:
    """Choose the columns and summarise each measure; BriefError names columns that aren't there or hold no numbers."""
    numeric = [c for c in table.columns if c.kind == "number" and any(v is not None for v in c.values)]
    known = ", ".join(c.name for c in numeric) or "none"
    if not numeric:
        raise BriefError(
            "The table has no column of numbers, so there is nothing to report.",
            "Columns: " + ", ".join(f"{c.name} ({c.kind})" for c in table.columns) + ".",
        )
    chosen = numeric[:MEASURES]
    if measures:
        found = [table.column(m) for m in measures]
        wrong = [m for m, c in zip(measures, found, strict=True) if c is None or c not in numeric]
        if wrong:
            raise BriefError(f"{show(wrong[0])} is not a column of numbers.", f"Columns of numbers: {known}.")
        chosen = [c for c in found if c is not None]
    by = group_column(table, group)
    if group and (by is None or by.kind == "number"):
        words = ", ".join(c.name for c in table.columns if c.kind == "words") or "none"
        raise BriefError(f"{show(group)} is not a column to group by.", f"Columns of words: {words}.")
    time = next((c for c in table.columns if c.kind == "time"), None)
    labels = row_labels(table, time, by, language)
    summaries = tuple(summarise(c, labels, time, by, language) for c in chosen)
    return Analysis(table, language, summaries, tuple(chosen), time, by)


def named(measure: str) -> str:
    """Return a column's name as it is read within a sentence: ``ticket_sales`` → ``ticket sales``."""
    return re.sub(r"(?<=\w)_(?=\w)", " ", measure).strip()


def overview(a: Analysis) -> list[Statement]:
    """Return what the table is: its size, period, groups, and what was left out."""
    slots = {"rows": a.count(len(a.table), "row"), "columns": a.count(len(a.table.columns), "column")}
    out = [Statement("rows", slots)]
    if a.time:
        dated = sorted((k, c) for k, c in zip(a.time.keys, a.time.cells, strict=True) if k is not None)
        if dated and dated[0][0] != dated[-1][0]:
            out.append(Statement("period", {"first": a.said(dated[0][1]), "last": a.said(dated[-1][1])}))
    if a.group:
        kinds = list(dict.fromkeys(c for c in a.group.cells if c))
        names = listed(kinds, a.language)
        out.append(
            Statement("groups", {"groups": a.count(len(kinds), "group"), "group": named(a.group.name), "names": names})
        )
    treated = {*(c.name for c in a.columns), a.time and a.time.name, a.group and a.group.name}
    if left := [named(c.name) for c in a.table.columns if c.name not in treated]:
        out.append(Statement("left", {"names": listed(left, a.language)}, 2))
    if a.table.dropped:
        out.append(Statement("dropped", {"lines": _lines(a, [line for line, _ in a.table.dropped])}))
    for column in a.columns:
        if column.refused:
            found = _lines(a, [line for line, _ in column.refused])
            out.append(Statement("refused", {"name": named(column.name), "lines": found}))
    return out


def _lines(a: Analysis, found: Sequence[int]) -> str:
    if a.language == "zh":
        return listed([f"第{n}行" for n in found], "zh")
    return f"{'line' if len(found) == 1 else 'lines'} {listed([str(n) for n in found])}"


def opening(a: Analysis) -> Statement:
    """Return what the report is about: the measures and what they are told by."""
    kinds = [x for x in (a.group and a.group.name, a.time and a.time.name) if x]
    names = listed([named(s.name) for s in a.measures], a.language)
    if not kinds:
        return Statement("open", {"names": names})
    return Statement("open_by", {"names": names, "kinds": listed([named(k) for k in kinds], a.language)})


def headline(a: Analysis, s: Summary) -> Iterator[Statement]:
    """Give what a reader in a hurry should know of a measure; a short report tells all of it for the first only."""
    name, rank = named(s.name), 1 if s is a.measures[0] else 2
    if s.total is not None:
        yield Statement("brief_total", {"name": name, "total": s.say(s.total), "rows": a.count(s.count, "row")})
    else:
        yield Statement("brief_mean", {"name": name, "mean": s.say(s.mean, 1), "rows": a.count(s.count, "row")})
    if comparable(a, s):
        first, last = s.series[0], s.series[-1]
        slots = {
            "name": name,
            "first": a.said(first.name),
            "last": a.said(last.name),
            "change": _change(s, first, last),
        }
        again = "" if s is a.measures[0] else "_again"  # the period was told
        yield Statement(f"brief_{_way(first.value, last.value)}{again}", slots, rank)
    if len(s.groups) > 1:
        top = s.groups[0].name
        if _shares(s):
            share = per_cent(s.groups[0].value, s.total or 1.0)
            yield Statement("brief_lead", {"name": name, "top": top, "share": share}, rank)
        else:
            yield Statement("brief_lead_mean", {"name": name, "top": top}, rank)


def statements(a: Analysis, s: Summary) -> list[Statement]:
    """Return everything worth saying of one measure, in reading order."""
    return [*_level(a, s), *_trend(a, s), *_parts(a, s), *_spread(a, s)]


def _level(a: Analysis, s: Summary) -> Iterator[Statement]:
    slots = {"name": named(s.name), "Name": capital(named(s.name)), "mean": s.say(s.mean, 1)}
    if s.total is not None:
        yield Statement("total", slots | {"total": s.say(s.total)})
    else:
        yield Statement("mean", slots | {"rows": a.count(s.count, "row")})
    if s.missing:
        is_or_are = "value_is" if s.missing == 1 else "values_are"
        said = f"{s.missing:,} {a.unit[is_or_are]}" if a.language == "en" else f"{s.missing:,}{a.unit[is_or_are]}"
        yield Statement("missing", {"name": named(s.name), "count": said})
    if s.high == s.low:
        yield Statement("flat", {"high": s.say(s.high)})
        return
    at = {"high_at": _rows(a, s.high_rows), "low_at": _rows(a, s.low_rows)}
    yield Statement("extremes", {"high": s.say(s.high), "low": s.say(s.low)} | at, 1 if s is a.measures[0] else 2)


def _rows(a: Analysis, rows: Sequence[str]) -> str:
    shown = [a.shortly(row) for row in rows[:NAMED]]
    if len(rows) > NAMED:
        shown.append(a.unit["more"].replace("{n}", str(len(rows) - NAMED)))
    return listed(shown, a.language)


def comparable(a: Analysis, s: Summary) -> bool:
    """Tell whether the times can be set side by side: where rows are of groups, each time has the same groups."""
    if len(s.series) < 2 or a.time is None:
        return False
    if a.group is None:
        return True
    if s.total is None and any(x.missing for x in s.series):
        return False  # a mean over fewer groups than before moves without anything having moved
    present: dict[str, set[str]] = {}
    for moment, group in zip(a.time.cells, a.group.cells, strict=True):
        present.setdefault(moment, set()).add(group)
    return len({frozenset(groups) for groups in present.values()}) == 1


def _trend(a: Analysis, s: Summary) -> Iterator[Statement]:
    if not comparable(a, s):
        return
    first, last = s.series[0], s.series[-1]
    ends = {"first": a.shortly(a.said(first.name)), "last": a.shortly(a.said(last.name))}
    more = 0 if s.total is not None else 1
    values = {"from": s.say(first.value, more), "to": s.say(last.value, more), "change": _change(s, first, last)}
    yield Statement(_way(first.value, last.value), ends | values)
    if len(s.series) < s.count:  # several rows a period: the periods' own peaks
        top, low = max(s.series, key=lambda x: x.value), min(s.series, key=lambda x: x.value)
        yield Statement("peak", {"peak": a.shortly(a.said(top.name)), "value": s.say(top.value, more)}, 2)
        yield Statement("trough", {"trough": a.shortly(a.said(low.name)), "value": s.say(low.value, more)}, 3)
    if gaps := [x for x in s.series if x.missing and s.total is not None]:
        yield Statement("gap", {"times": listed([a.shortly(a.said(x.name)) for x in gaps], a.language)})
    elif len(s.series) >= 3:  # a sum that lacks a value can't be compared step by step
        yield from _steps(a, s)


def _steps(a: Analysis, s: Summary) -> Iterator[Statement]:
    steps = [(y.value - x.value, x, y) for x, y in itertools.pairwise(s.series)]
    for kind, step in (("step_up", max(steps, key=lambda t: t[0])), ("step_down", min(steps, key=lambda t: t[0]))):
        if step[0] and (step[0] > 0) == (kind == "step_up"):
            slots = {
                "a": a.shortly(a.said(step[1].name)),
                "b": a.shortly(a.said(step[2].name)),
                "change": _change(s, step[1], step[2]),
            }
            yield Statement(kind, slots, 2)
    rises, falls = sum(1 for d, _, _ in steps if d > 0), sum(1 for d, _, _ in steps if d < 0)
    counts = {"rises": str(rises), "falls": str(falls), "steps": a.count(len(steps), "step")}
    if len(steps) >= 3 and rises != 1 and falls != 1:
        yield Statement("direction", counts, 3)
    if s.total is not None and len(s.series) >= 4 and len(s.series) % 2 == 0:
        half = len(s.series) // 2
        early, late = (math.fsum(x.value for x in part) for part in (s.series[:half], s.series[half:]))
        yield Statement("halves", {"early": s.say(early), "late": s.say(late)}, 3)


def _parts(a: Analysis, s: Summary) -> Iterator[Statement]:
    if len(s.groups) < 2 or a.group is None:
        return
    top, bottom = s.groups[0], s.groups[-1]
    slots = {"group": named(a.group.name), "name": named(s.name), "top": top.name, "Top": capital(top.name)}
    slots |= {"bottom": bottom.name, "Bottom": capital(bottom.name)}
    if _shares(s):
        whole = s.total or 1.0
        yield Statement("lead", slots | {"value": s.say(top.value), "share": per_cent(top.value, whole)})
        if len(s.groups) > 3:
            pair = per_cent(top.value + s.groups[1].value, whole)
            yield Statement("two", slots | {"second": s.groups[1].name, "share": pair}, 2)
    else:
        yield Statement("lead_mean", slots | {"value": s.say(top.value, 0 if s.total is not None else 1)})
    yield Statement("tail", slots | {"value": s.say(bottom.value, 0 if s.total is not None else 1)}, 2)
    if bottom.value > 0 and top.value / bottom.value >= 1.1:
        yield Statement("times", slots | {"ratio": f"{top.value / bottom.value:,.1f}"}, 3)


def _spread(a: Analysis, s: Summary) -> Iterator[Statement]:
    name = named(s.name)
    if s.high == s.low:
        return
    if s.count >= 5:
        yield Statement("middle", {"name": name, "median": s.say(s.median, 1)}, 2)
        gap = (s.mean - s.median) / (s.high - s.low)
        if abs(gap) >= 0.05:
            yield Statement("skew_up" if gap > 0 else "skew_down", {"mean": s.say(s.mean, 1)}, 3)
    if s.outliers:
        shown = [f"{s.say(v)}（{label}）" if a.language == "zh" else f"{s.say(v)} ({label})" for label, v in s.outliers]
        yield Statement("outlier", {"values": _rows(a, shown)}, 2)
    elif s.count >= 8:
        yield Statement("no_outlier", {"name": name}, 4)
    yield Statement("spread", {"name": name, "spread": s.say(s.high - s.low)}, 4)


def together(a: Analysis) -> Iterator[Statement]:
    """Give what pairs of measures have to do with each other, with the caution that belongs to it."""
    said = False
    for x, y in itertools.combinations(a.columns, 2):
        found = correlation(x, y)
        if found is None or found[1] < 8:
            continue
        r, pairs = found
        kind = "without" if abs(r) < 0.3 else "with_up" if r > 0 else "with_down"
        slots = {"a": named(x.name), "A": capital(named(x.name)), "b": named(y.name)}
        slots |= {"r": f"{r:.2f}".replace("-", "−"), "pairs": a.count(pairs, "pair")}
        yield Statement(kind, slots, 2)
        said = said or kind != "without"
    if said:
        yield Statement("caution", {}, 2)


def _shares(s: Summary) -> bool:
    return s.total is not None and s.total > 0 and all(g.value >= 0 for g in s.groups)


def _way(first: float, last: float) -> str:
    return "same" if first == last else "up" if last > first else "down"


def _change(s: Summary, first: Share, last: Share) -> str:
    """Return the size of a change, with its share of the first where that says something."""
    step = abs(last.value - first.value)
    more = 0 if s.total is not None else 1
    if s.unit == "%":
        return f"{step:,.{min(2, s.decimals + more)}f}{'个百分点' if s.zh else ' percentage points'}"
    text = s.say(step, more)
    if first.value <= 0:
        return text
    share = per_cent(step, first.value)
    return f"{text}（{share}）" if s.zh else f"{text} ({share})"
