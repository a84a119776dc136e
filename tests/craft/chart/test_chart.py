"""Charts: round ticks, text within the picture, a second renderer."""

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miaobi.craft.chart import Chart, Series, png, svg
from miaobi.craft.chart.chart import ticks
from miaobi.craft.chart.svg import WIDTH, measure
from miaobi.errors import BriefError

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(VALUES, st.sampled_from(["bar", "line"]), st.text(max_size=60))
@settings(deadline=None)
def test_every_text_stays_within_the_picture(values: list[float], kind: str, name: str) -> None:
    chart = Chart(kind, name, tuple(name for _ in values), (Series(name, tuple(values)),))
    for text in ET.fromstring(svg(chart)).iter("{http://www.w3.org/2000/svg}text"):
        width = measure(text.text or "", float(text.get("font-size", "13")))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")]
        left = float(text.get("x", "nan")) - share * width
        assert left >= -0.5
        assert left + width <= WIDTH + 0.5


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_ticks_span_the_values(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    slack = 1e-6 * max(1.0, abs(low), span)
    assert marks[0] <= low + slack
    assert marks[-1] >= low + span - slack


def test_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(BriefError, match="nan"):
        Chart("bar", "t", ("a",), (Series("s", (math.nan,)),))


def test_png_is_the_same_twice() -> None:
    chart = Chart("share", "t", ("a", "港"), (Series("s", (1, 2)),))
    assert png(chart) == png(chart)
