"""Figures computed from a table: every number that a report may state, each with how it was computed.

Median and quartiles: linear interpolation between order statistics (Hyndman and Fan 1996, type 7). Outliers: Tukey's
fences, 1.5 interquartile ranges beyond the quartiles. Sums are exact (``math.fsum``). Per cents of a column are never
added up. Rounding: values as precise as the column, means one decimal more (two at most), shares and growth one.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from miaobi.craft.facts.table import Column, Table
from miaobi.craft.facts.wording import dated
from miaobi.craft.text.table import lines, table
from miaobi.types import Language


@dataclass(frozen=True)
class Share:
    """A group and what it has."""

    name: str
    value: float
    count: int
    missing: int = 0


@dataclass(frozen=True)
class Summary:
    """What one measure says. ``series`` runs along the time, ``groups`` from the largest down."""

    name: str
    unit: str
    decimals: int
    count: int
    missing: int
    total: float | None  # None where adding up means nothing
    mean: float
    median: float
    low: float
    high: float
    low_rows: tuple[str, ...]
    high_rows: tuple[str, ...]
    series: tuple[Share, ...] = ()
    groups: tuple[Share, ...] = ()
    outliers: tuple[tuple[str, float], ...] = ()
    zh: bool = False  # written for a Chinese text

    def say(self, value: float, more: int = 0) -> str:
        """Return *value* as this report writes it: thousands apart, the measure's unit with it."""
        return written(value, min(2, self.decimals + more), self.unit)


def written(value: float, decimals: int, unit: str = "") -> str:
    """Return a number in words' company: ``−1,250.5``, ``€12``, ``40.2%``."""
    text = f"{abs(value):,.{decimals}f}"
    sign = "−" if value < 0 and float(text.replace(",", "")) else ""
    return f"{sign}{text}%" if unit == "%" else f"{sign}{unit}{text}"


def per_cent(part: float, whole: float) -> str:
    """Return *part* of *whole* with one decimal."""
    return f"{100 * part / whole:.1f}%".replace("-", "−")


def spoken_time(cell: str, language: Language) -> str:
    """Return a date in words, ``2026-03`` → ``March 2026``, ``2026-03-09`` → ``9 March 2026``; others as they are."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell.strip()):
        try:
            return dated(datetime.date.fromisoformat(cell.strip()), language)
        except ValueError:
            return cell.strip()
    match = re.fullmatch(r"(\d{4})-(\d\d)", cell.strip())
    if not match or not 1 <= int(match[2]) <= 12:
        return cell.strip()
    year, month = match[1], int(match[2])
    return f"{year}年{month}月" if language == "zh" else f"{lines('months.en')[month - 1]} {year}"


def row_labels(table: Table, time: Column | None, group: Column | None, language: Language) -> list[str]:
    """Return a name for every row: its time, its words, or its line in the file."""
    words = [c for c in table.columns if c.kind == "words" and len(set(c.cells)) == len(table)]
    label = words[0] if words else None
    joint = "" if language == "zh" else ", "
    out = []
    for i, line in enumerate(table.lines):
        parts = [
            spoken_time(c.cells[i], language)
            for c in ((label,) if label else (time, group))
            if c is not None and c.cells[i]
        ]
        out.append(joint.join(parts) or (f"第{line}行" if language == "zh" else f"row {line}"))
    return out


def summarise(
    column: Column, labels: list[str], time: Column | None, group: Column | None, language: Language = "en"
) -> Summary:
    """Return the figures of one measure; it has at least one value."""
    rows = [(label, v, i) for i, (label, v) in enumerate(zip(labels, column.values, strict=True)) if v is not None]
    values = [v for _, v, _ in rows]
    additive = column.unit != "%" and not _is_level(column.name)
    low, high = min(values), max(values)
    return Summary(
        name=column.name,
        unit=column.unit,
        decimals=column.decimals,
        count=len(values),
        missing=len(column.values) - len(values),
        total=math.fsum(values) if additive else None,
        mean=fmean(values),
        median=median(values),
        low=low,
        high=high,
        low_rows=tuple(label for label, v, _ in rows if v == low),
        high_rows=tuple(label for label, v, _ in rows if v == high),
        series=_along(column, time, additive) if time else (),
        groups=_by(column, group, additive) if group else (),
        outliers=tuple((label, v) for label, v, _ in rows if v in _beyond(values)),
        zh=language == "zh",
    )


def _is_level(name: str) -> bool:
    """Tell whether a column's name says that adding up its values means nothing: a rate, a price, a stock."""
    low = re.sub(r"[_\W]+", " ", name.lower()).strip()
    words, chinese = set(low.split()), [m for m in table("levels") if not m.isascii()]
    if words & table("flows") or any(m in low for m in table("flows") if not m.isascii()):
        return False
    return bool(words & table("levels")) or any(m in low for m in chinese)


def _beyond(values: list[float]) -> set[float]:
    if len(values) < 8:
        return set()
    first, _, third = quantiles(values, n=4, method="inclusive")
    reach = 1.5 * (third - first)
    return {v for v in values if v < first - reach or v > third + reach} if reach else set()


def _along(column: Column, time: Column, additive: bool) -> tuple[Share, ...]:
    keyed: dict[tuple[int, ...], list[tuple[str, float | None]]] = {}
    for key, label, value in zip(time.keys, time.cells, column.values, strict=True):
        if key is not None:
            keyed.setdefault(key, []).append((label, value))
    return tuple(
        _share(rows[0][0], [v for _, v in rows], additive)
        for _, rows in sorted(keyed.items())
        if any(v is not None for _, v in rows)
    )


def _by(column: Column, group: Column, additive: bool) -> tuple[Share, ...]:
    named: dict[str, list[float | None]] = {}
    for name, value in zip(group.cells, column.values, strict=True):
        if name:
            named.setdefault(name, []).append(value)
    made = [_share(n, values, additive) for n, values in named.items() if any(v is not None for v in values)]
    return tuple(sorted(made, key=lambda s: (-s.value, s.name)))


def _share(name: str, values: list[float | None], additive: bool) -> Share:
    held = [v for v in values if v is not None]
    return Share(name, math.fsum(held) if additive else fmean(held), len(held), len(values) - len(held))


def correlation(a: Column, b: Column) -> tuple[float, int] | None:
    """Return Pearson's r of two columns and the number of pairs; None below three pairs or without spread."""
    pairs = [(x, y) for x, y in zip(a.values, b.values, strict=True) if x is not None and y is not None]
    if len(pairs) < 3:
        return None
    mx, my = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    sx = math.fsum((x - mx) ** 2 for x, _ in pairs)
    sy = math.fsum((y - my) ** 2 for _, y in pairs)
    if sx <= 0 or sy <= 0:
        return None
    return math.fsum((x - mx) * (y - my) for x, y in pairs) / math.sqrt(sx * sy), len(pairs)


def group_column(table: Table, wanted: str = "") -> Column | None:
    """Return the column to group by: the one wanted, else the first of words whose entries come again."""
    if wanted:
        return table.column(wanted)
    for c in table.columns:
        kinds = len(set(c.cells) - {""})
        if c.kind == "words" and 2 <= kinds <= 12 and kinds < len(table):
            return c
    return None
