"""A table from a person's file: CSV, TSV or JSON, read the way spreadsheets write them.

1. The delimiter is the one of ``, ; tab |`` that cuts the most lines into the same number of cells, more than one.
2. A column is numbers when nine in ten of its filled cells are; times when all are; else words. Thousands marks,
   per cent, currency signs and brackets for negatives are understood; ``1.234,5`` where no cell says otherwise.
3. Empty cells, ``-``, ``n/a`` and their like are missing. A total row and an empty row are dropped and reported.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from miaobi.errors import InputFileError, show

_MISSING = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "nan", "?", "无", "缺", "暂缺", "#n/a"})
_TOTAL = re.compile(r"^(?:grand )?(?:total|sum|subtotal)s?$|^(?:合计|总计|小计|总和)$", re.I)
_SIGN = re.compile(r"^(?P<neg>[-−(])?(?P<cur>[$€£¥￥])?(?P<neg2>[-−])?(?P<n>\d[\d.,  '’]*)(?P<unit>%|％)?\)?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LIMIT = 100_000  # rows


@dataclass
class Column:
    """One column; ``values`` (numbers) or ``keys`` (times, sortable) run along the rows, None where missing."""

    name: str
    kind: Literal["number", "time", "words"]
    cells: list[str]
    values: list[float | None] = field(default_factory=list)
    keys: list[tuple[int, ...] | None] = field(default_factory=list)
    unit: str = ""  # "%" or a currency sign
    decimals: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)  # (line in the file, cell) that is no number


@dataclass
class Table:
    """Columns of equal length, and what was left out."""

    columns: list[Column]
    lines: list[int]  # of each row in the file, the header's being 1
    dropped: list[tuple[int, str]] = field(default_factory=list)  # (line, "empty" | "total")

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> Column | None:
        """Return the column called *name*, whatever its case, or None."""
        return next((c for c in self.columns if c.name.lower() == name.strip().lower()), None)


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8 with or without mark, UTF-16 with one, else GB 18030; InputFileError if none fits."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputFileError("The table's encoding isn't known.", "Save it as UTF-8; UTF-16 and GB 18030 are read as well.")


def read_table(text: str, language: str = "en") -> Table:
    """Read CSV, TSV or JSON; InputFileError says what is wrong, in which row and column."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = _json(text) if text.lstrip()[:1] in "[{" and text.strip() else _separated(text)
    if len(rows) < 2:
        raise InputFileError("The table has no rows under its header.", "Give a header line and at least one row.")
    if len(rows) > LIMIT:
        raise InputFileError(f"The table has {len(rows):,} rows; at most {LIMIT:,} are read.", "Give a part of it.")
    header = _header(rows[0], language)
    table = Table([Column(name, "words", []) for name in header], [])
    for line, row in enumerate(rows[1:], 2):
        cells = [c.strip() for c in row]
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) > len(header):
            raise InputFileError(
                f"Row {line} has {len(cells)} cells and the header {len(header)}: {show(' | '.join(cells))}",
                "Quote cells that hold the delimiter, or add the missing column names.",
            )
        cells += [""] * (len(header) - len(cells))
        reason = "empty" if not any(cells) else "total" if any(_TOTAL.match(c) for c in cells[:2]) else ""
        if reason:
            table.dropped.append((line, reason))
            continue
        table.lines.append(line)
        for column, cell in zip(table.columns, cells, strict=True):
            column.cells.append(cell)
    if not table.lines:
        raise InputFileError("All rows of the table are empty or totals.", "Give at least one row with values.")
    for column in table.columns:
        _infer(column, table.lines)
    return table


def _separated(text: str) -> list[list[str]]:
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    if not lines:
        raise InputFileError("The table is empty.", "Give a CSV, TSV or JSON file with a header.")
    best, delimiter = (0, 0), ","
    for mark in (",", "\t", ";", "|"):
        widths = Counter(len(r) for r in csv.reader(lines, delimiter=mark) if len(r) > 1)
        if widths:
            width, times = widths.most_common(1)[0]
            if (times, width) > best:
                best, delimiter = (times, width), mark
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    while rows and not any(c.strip() for c in rows[0]):
        rows.pop(0)
    return rows


def _json(text: str) -> list[list[str]]:
    def refuse(value: str) -> Any:
        raise InputFileError(f"The JSON table holds {value}, which is no JSON number.", "Leave the cell out, or null.")

    try:
        found = json.loads(text, parse_constant=refuse)
    except ValueError as error:
        raise InputFileError(f"The table is not valid JSON: {error}.", "Give a list of objects, one a row.") from None
    if isinstance(found, dict):
        lists = [v for v in found.values() if isinstance(v, list)]
        if len(lists) == len(found) and all(not isinstance(x, dict | list) for v in lists for x in v):
            longest = max((len(v) for v in lists), default=0)
            found = [{k: v[i] if i < len(v) else None for k, v in found.items()} for i in range(longest)]
        else:
            found = next((v for v in lists if v and isinstance(v[0], dict)), found)
    if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
        raise InputFileError("The JSON is no table.", 'Give a list of objects: [{"month": "May", "sales": 12}].')
    header = list(dict.fromkeys(k for row in found for k in row))
    return [header, *([_cell(row.get(k), k, i) for k in header] for i, row in enumerate(found, 1))]


def _cell(value: Any, column: str, row: int) -> str:
    if isinstance(value, dict | list):
        raise InputFileError(f"Row {row}, column {show(column)} holds a list or object.", "Give one value a cell.")
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _header(row: list[str], language: str) -> list[str]:
    names: list[str] = []
    if row and all(_number(c) is not None for c in row if c.strip()) and len([c for c in row if c.strip()]) > 1:
        raise InputFileError(f"The first row holds only numbers: {show(' | '.join(row))}", "Add a row of column names.")
    for i, cell in enumerate(row, 1):
        name = " ".join(cell.split()) or (f"第{i}列" if language == "zh" else f"column {i}")
        taken, k = name, 2
        while taken.lower() in {n.lower() for n in names}:
            taken, k = f"{name} ({k})", k + 1
        names.append(taken)
    return names


def missing(cell: str) -> bool:
    """Tell whether a cell holds nothing."""
    return cell.strip().lower() in _MISSING


_NUMBER_TOO = re.compile(r"\d{4}(?:\.\d{1,2})?")  # 1900 and 1000.12 are times only in a column that is called so


def _infer(column: Column, lines: list[int]) -> None:
    filled = [c for c in column.cells if not missing(c)]
    keys = [_time(c) for c in filled]
    yearly = re.search(r"year|date|month|年|月|日期|quarter|week|季", column.name, re.I)
    dated = [k for k in keys if k is not None]
    if filled and len(dated) == len(filled) and (yearly or not all(map(_NUMBER_TOO.fullmatch, filled))):
        column.kind = "time"
        column.keys = [None if missing(c) else _time(c) for c in column.cells]
        return
    comma = _decimal_comma(filled)
    numbers = [_number(c, comma) for c in filled]
    good = [n for n in numbers if n is not None]
    if not good or len(good) < 0.9 * len(filled):
        return
    column.kind = "number"
    column.values = [None if missing(c) else _number(c, comma) for c in column.cells]
    column.refused = [
        (line, c) for line, c, v in zip(lines, column.cells, column.values, strict=True) if v is None and not missing(c)
    ]
    marks = Counter(m["unit"] or m["cur"] or "" for c in filled if (m := _SIGN.match(c)))
    column.unit = marks.most_common(1)[0][0].replace("％", "%").replace("￥", "¥")
    column.decimals = min(2, max(_decimals(c, comma) for c in filled))


def _decimal_comma(cells: list[str]) -> bool:
    """Tell whether commas mark decimals: some cell can't be read otherwise and none forbids it."""
    bare = [re.sub(r"[^\d.,]", "", c) for c in cells]
    needs = any(re.search(r",\d{1,2}$|,\d{4,}$|\.\d{3},", c) for c in bare)
    forbids = any(re.search(r",\d{3}(?:,|\.|$)", c) and not re.search(r"\.\d{3},", c) for c in bare)
    return needs and not forbids


def _plain(cell: str, comma: bool) -> str:
    text = re.sub(r"[  '’]", "", cell)
    return text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")


def _number(cell: str, comma: bool = False) -> float | None:
    """Return the number in a cell, or None: ``(1,250.5)`` → −1250.5, ``12 %`` → 12."""
    match = _SIGN.match(re.sub(r"\s+(?=[%％)]|$)", "", cell.strip()))
    if not match:
        return None
    digits = match["n"].strip()
    if (
        not comma
        and "," in digits
        and not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:,\d{4})+(?:\.\d+)?", digits)
    ):
        return None
    try:
        value = float(_plain(digits, comma))
    except ValueError:
        return None
    return -value if match["neg"] or match["neg2"] else value


def _decimals(cell: str, comma: bool) -> int:
    match = _SIGN.match(re.sub(r"\s+(?=[%％)]|$)", "", cell.strip()))
    return len(_plain(match["n"].strip(), comma).partition(".")[2]) if match else 0


def _time(cell: str) -> tuple[int, ...] | None:
    """Return a sortable key: year, year-month, full date, quarter, or the name of a month; None for anything else."""
    text = cell.strip()
    if m := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[T ]\d\d:\d\d.*)?", text):
        year, month, day = int(m[1]), int(m[2]), int(m[3] or 0)
        return (year, month, day) if 1 <= month <= 12 and day <= 31 else None
    if m := re.fullmatch(r"(\d{4})[- ]?Q([1-4])|Q([1-4])[- ](\d{4})", text, re.I):
        return (int(m[1] or m[4]), int(m[2] or m[3]) * 3 - 2)
    if m := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text):
        return (int(m[3]), int(m[2]), int(m[1])) if int(m[2]) <= 12 and int(m[1]) <= 31 else None
    if re.fullmatch(r"(?:1[5-9]|20|21)\d\d年?", text):
        return (int(text[:4]),)
    if m := re.fullmatch(r"([A-Za-z]{3,9})\.?(?: (\d{4}))?", text):
        low = m[1].lower()
        full = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
        if low[:3] in _MONTHS and full[_MONTHS.index(low[:3])].startswith(low):
            return (int(m[2] or 0), _MONTHS.index(low[:3]) + 1)
    if m := re.fullmatch(r"(\d{1,2})月", text):
        return (0, int(m[1])) if 1 <= int(m[1]) <= 12 else None
    return None
