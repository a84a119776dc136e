"""A chart and its files: ``svg(chart)`` and ``png(chart)``, the same bytes for the same figures."""

from __future__ import annotations

from miaobi.craft.chart.chart import Chart, Series
from miaobi.craft.chart.svg import png, svg

__all__ = ["Chart", "Series", "png", "svg"]
