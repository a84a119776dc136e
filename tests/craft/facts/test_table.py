from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaobi.craft.facts.figures import summarise
from miaobi.craft.facts.table import decode, read_table
from miaobi.errors import InputFileError

CSV = 'month,visits,share\n2026-01,"1,200",10%\n2026-02,900,\n2026-03,"1,500",12.5%\nTotal,"3,600",\n'


def test_columns_get_their_kinds_and_total_rows_are_dropped_with_their_line() -> None:
    table = read_table(CSV)
    assert [(c.name, c.kind) for c in table.columns] == [("month", "time"), ("visits", "number"), ("share", "number")]
    assert table.columns[1].values == [1200.0, 900.0, 1500.0]
    assert table.dropped == [(5, "total")]


def test_figures_are_the_arithmetic_of_the_column() -> None:
    table = read_table(CSV)
    summary = summarise(table.columns[1], ["Jan", "Feb", "Mar"], table.columns[0], None)
    assert (summary.total, summary.mean, summary.median, summary.low, summary.high) == (3600, 1200, 1200, 900, 1500)
    assert summary.low_rows == ("Feb",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    table = read_table(decode("城市;人数\n广州;12\n成都;30\n".encode(encoding)), "zh")
    assert [c.name for c in table.columns] == ["城市", "人数"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    with contextlib.suppress(InputFileError):
        assert len(read_table(text).columns) > 0


@pytest.mark.parametrize(("name", "kind"), [("paid", "number"), ("month", "time")])
def test_number_that_could_be_a_month_is_one_only_in_a_column_called_so(name: str, kind: str) -> None:
    assert read_table(f"{name},x\n1000.12,1\n2026.03,2\n").columns[0].kind == kind
